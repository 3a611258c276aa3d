# Gongkai 公开. `make run` shows it at work on a fresh machine; `make test` proves it; `make check` keeps the house in order.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
OCR_STAMP := $(VENV)/.installed-ocr
WORKERS ?= 2
PYTEST_ARGS ?=
LOCK := uv pip compile pyproject.toml --no-config --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: help setup setup-ocr run examples test check format docs bench lock clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: $(STAMP) ## prepare .venv with the locked dependencies, nothing else

# The stamp is newer than the lock and the project file exactly when .venv holds what they say.
$(STAMP): requirements/dev.txt pyproject.toml tools/make_venv.sh
	@tools/make_venv.sh "$(PYTHON)" "$(VENV)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src/gongkai  # where Python may not write bytecode itself, every start would compile anew
	@touch $@

setup-ocr: $(OCR_STAMP) ## add the extra [ocr], which reads scans (355 MB)

$(OCR_STAMP): $(STAMP) requirements/ocr.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/ocr.txt
	@touch $@

run: $(STAMP) ## serve the platform with the small demo county at http://127.0.0.1:8000
	@$(BIN)/gongkai serve --demo

examples: $(STAMP) ## check the bundled example reports and print the findings
	@$(BIN)/python -m tools.show_examples

test: $(STAMP) ## install what the tests need, then run them all
	@tools/test_needs.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

check: $(STAMP) ## format, lint, types, floors, documentation, law data, known vulnerabilities; no tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.lint_law
	$(BIN)/python -m tools.build_docs --check
	@tools/audit.sh "$(BIN)"

format: $(STAMP) ## put the code in the house's format and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(STAMP) ## write the generated pages again
	$(BIN)/python -m tools.build_docs

bench: $(STAMP) ## measure speed and memory
	$(BIN)/python bench/run.py
	$(BIN)/python bench/screening.py
	$(BIN)/python bench/office.py
	$(BIN)/python bench/search.py
	$(BIN)/python bench/open_data.py
	$(BIN)/python bench/portal.py
	$(BIN)/python bench/requests.py

lock: $(STAMP) ## compile the lock files again (takes the newest versions that pyproject.toml allows)
	$(BIN)/python -m pip install --quiet uv
	PATH="$(CURDIR)/$(BIN):$$PATH"; \
	$(LOCK) --upgrade --group dev --extra web --extra ocr --extra s3 -o requirements/.all.txt; \
	$(LOCK) -c requirements/.all.txt --no-annotate -o requirements/core.txt; \
	$(LOCK) -c requirements/.all.txt --no-annotate --extra web -o requirements/web.txt; \
	$(LOCK) -c requirements/.all.txt --no-annotate --extra web --extra s3 -o requirements/s3.txt; \
	$(LOCK) -c requirements/.all.txt --no-annotate --group dev --extra web --extra s3 -o requirements/dev.txt; \
	$(LOCK) -c requirements/.all.txt --no-annotate --extra ocr -o requirements/ocr.txt; \
	rm requirements/.all.txt

clean: ## remove everything that can be made again
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist build

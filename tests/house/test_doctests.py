"""Examples in docstrings, in the tour and in the how-to pages run, and say what they print."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import gongkai
from tests.house.source import ROOT, name

MODULES = sorted(module.name for module in pkgutil.walk_packages(gongkai.__path__, "gongkai.") if not module.name.endswith("__main__"))
PAGES = sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def examples(page: Path) -> str:
    """The Python sessions of a page, one after the other; other Python blocks are no sessions and are left out."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    return "\n".join(block for block in blocks if block.startswith(">>>"))


@pytest.mark.parametrize("module", MODULES)
def test_docstrings_hold(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module), optionflags=FLAGS)
    assert result.failed == 0


@pytest.mark.parametrize("page", [page for page in PAGES if examples(page)], ids=name)
def test_pages_hold(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    test = doctest.DocTestParser().get_doctest(examples(page), {}, name(page), str(page), 0)
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


def test_the_tour_has_examples() -> None:
    assert examples(ROOT / "docs" / "tour.md").count(">>>") >= 5

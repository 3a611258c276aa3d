"""`make setup` says in one sentence what is missing, and `.ci/run` calls what it must."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

OLD = "#!/bin/sh\ncase \"$*\" in *sys.exit*) exit 1;; *) echo 'Python 3.9.2';; esac\n"
WITHOUT_VENV = '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec {python} "$@"\n'


def _setup(folder: Path, script: str | None) -> subprocess.CompletedProcess[str]:
    """Run the script with a PATH on which every Python is that script, or none is there at all."""
    for name in ("python3", "python3.11", "python3.12", "python3.13") if script else ():
        (folder / name).write_text(script or "")
        (folder / name).chmod(0o755)
    return subprocess.run(
        [shutil.which("bash") or "bash", ROOT / "tools" / "make_venv.sh", "python3", folder / "venv"],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_is_named(tmp_path: Path) -> None:
    run = _setup(tmp_path, OLD)
    assert run.returncode == 1
    assert run.stderr.startswith("make setup: Gongkai needs Python 3.11 or newer; found Python 3.9.2.")


def test_no_python_is_said(tmp_path: Path) -> None:
    run = _setup(tmp_path, None)
    assert run.returncode == 1
    assert "found no working 'python3'" in run.stderr


def test_a_missing_venv_names_the_package(tmp_path: Path) -> None:
    run = _setup(tmp_path, WITHOUT_VENV.format(python=sys.executable))
    assert run.returncode == 1
    assert "apt install python3-venv" in run.stderr


def test_nothing_changed_means_nothing_done(tmp_path: Path) -> None:
    """A standing environment is left alone: the script asks it for its version and its pip, and makes nothing."""
    (tmp_path / "venv").symlink_to(sys.prefix)
    before = os.stat(sys.prefix).st_mtime_ns
    assert _setup(tmp_path, WITHOUT_VENV.format(python=sys.executable)).returncode == 0
    assert os.stat(sys.prefix).st_mtime_ns == before


@pytest.mark.parametrize("script", ["tools/make_venv.sh", "tools/test_needs.sh", "tools/audit.sh", ".ci/run"])
def test_scripts_can_be_run_and_parsed(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/usr/bin/env bash\n")
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0


def test_continuous_integration_checks_then_tests() -> None:
    text = (ROOT / ".ci" / "run").read_text()
    assert "set -euo pipefail" in text
    assert re.findall(r"^make (\w+)$", text, re.MULTILINE) == ["check", "test"]


def test_every_target_is_told_by_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    told = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert phony == told | {"help"}

"""What importing costs and needs: a command starts fast, and the core needs nothing but its own dependencies."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata

import pytest

HEAVY = (
    "lxml selectolax pypdfium2 python_calamine docx typst xlsxwriter rich opencc rapidfuzz yaml numpy onnxruntime rapidocr "
    "multiprocessing asyncio urllib.request http.client sqlite3 unittest pdb"
).split()

LIST_MODULES = "import sys, {module}; print(*sorted(sys.modules), sep='\\n')"

# Refuses every module of the named distributions, as a machine without them would.
IMPORT_ALL = """
import importlib, pkgutil, sys
absent = set(sys.argv[1:])
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
import gongkai
for module in pkgutil.walk_packages(gongkai.__path__, "gongkai.", onerror=lambda name: None):
    # The platform needs the extra [web]; everything else must do without.
    if not module.name.endswith("__main__") and not module.name.startswith("gongkai.web"):
        importlib.import_module(module.name)
        print(module.name)
"""


def _python(*arguments: str) -> list[str]:
    run = subprocess.run([sys.executable, "-W", "error", *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def _closure(name: str) -> set[str]:
    """The distribution, what it requires, and so on; extras left out. Names as in the metadata, normalised."""
    found: set[str] = set()
    wanted = [name]
    while wanted:
        current = re.sub(r"[-_.]+", "-", wanted.pop()).lower()
        if current in found:
            continue
        found.add(current)
        try:
            requirements = metadata.requires(current) or []
        except metadata.PackageNotFoundError:
            continue  # a requirement of another platform
        wanted += [re.split(r"[^\w.\-]", line)[0] for line in requirements if "extra ==" not in line]
    return found


def _foreign_modules() -> list[str]:
    """Top-level modules of installed distributions that Gongkai does not require."""
    own = _closure("gongkai")
    tops = metadata.packages_distributions()
    return sorted(top for top, owners in tops.items() if not any(re.sub(r"[-_.]+", "-", owner).lower() in own for owner in owners))


def test_the_command_starts_without_heavy_modules() -> None:
    loaded = set(_python("-c", LIST_MODULES.format(module="gongkai.cli")))
    assert "gongkai.cli" in loaded
    assert sorted(loaded & set(HEAVY)) == []


@pytest.mark.parametrize(
    "module",
    [
        "gongkai",
        "gongkai.errors",
        "gongkai.report",
        "gongkai.checks",
        "gongkai.reading",
        "gongkai.law",
        "gongkai.screening",
        "gongkai.letters",
    ],
)
def test_a_room_imports_without_heavy_modules(module: str) -> None:
    assert sorted(set(_python("-c", LIST_MODULES.format(module=module))) & set(HEAVY)) == []


def test_every_module_imports_without_development_tools() -> None:
    absent = _foreign_modules()
    assert {"pytest", "hypothesis", "mypy"} <= set(absent)
    assert "yaml" not in absent
    imported = _python("-c", IMPORT_ALL, *absent)
    assert {"gongkai.cli", "gongkai.law", "gongkai.report.annual"} <= set(imported)

"""Rooms import only downwards, and the core looks at no clock, environment, network, database or web framework."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT, core_files, name, tree

# A module, or one module of a package: urllib.parse only takes addresses apart, urllib.request opens them.
OUTSIDE = frozenset(
    "django sqlite3 socket ssl asyncio requests urllib3 httpx ftplib smtplib webbrowser getpass locale secrets uuid random "
    "http.client http.server urllib.request".split()
)
# Module → its functions that look at the clock or the environment. Measuring a span (monotonic, perf_counter) is allowed.
LOOKING = {
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "asctime"},
    "os": {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv", "getlogin"},
    "date": {"today"},
    "datetime": {"now", "utcnow", "today"},
}
ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]+条|国[办令务]\S{0,6}〔\d{4}〕|\d{4}〕\d+号")


def _imports(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _looks(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if node.attr in LOOKING.get(owner, ()):
                yield f"{owner}.{node.attr} in line {node.lineno}"
        elif isinstance(node, ast.ImportFrom) and node.module in LOOKING:
            yield from (f"{node.module}.{alias.name} in line {node.lineno}" for alias in node.names if alias.name in LOOKING[node.module])


def _plain_strings(module: ast.Module) -> Iterator[ast.Constant]:
    """String constants that are no docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [node.body[0] for node in ast.walk(module) if isinstance(node, documented) and node.body]
    told = {id(node.value) for node in first if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node


def _each(path: Path) -> str:
    return name(path)


def test_imports_go_downwards() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("path", core_files(), ids=_each)
def test_core_imports_nothing_from_outside(path: Path) -> None:
    assert [module for module in _imports(tree(path)) if module in OUTSIDE or module.partition(".")[0] in OUTSIDE] == []


@pytest.mark.parametrize("path", core_files(), ids=_each)
def test_core_looks_at_neither_clock_nor_environment(path: Path) -> None:
    assert list(_looks(tree(path))) == []


@pytest.mark.parametrize("path", core_files(), ids=_each)
def test_core_quotes_no_article(path: Path) -> None:
    """Articles and document numbers are law data; code asks ``law.cite`` for the words."""
    found = [f"line {node.lineno}: {node.value[:60]}" for node in _plain_strings(tree(path)) if ARTICLE.search(str(node.value))]
    assert found == []


def test_the_search_for_looks_finds_them() -> None:
    """The search above is of use only when it sees what it looks for."""
    module = ast.parse(
        "import datetime, os, time\nfrom os import getenv\n"
        "datetime.date.today(), datetime.datetime.now(), os.environ['A'], time.time(), time.monotonic()"
    )
    assert {found.partition(" ")[0] for found in _looks(module)} == {"date.today", "datetime.now", "os.environ", "os.getenv", "time.time"}

"""Functions stay short, modules stay short, rooms stay narrow. The lists of exceptions only ever shrink."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.source import HAND_WRITTEN, PACKAGE, functions, name, python_files, tree

MOST_FUNCTION_LINES = 50
MOST_MODULE_LINES = 600
MOST_PUBLIC_NAMES = 12
MOST_DEPTH = 4
MOST_FILES = 20

# "path::function" or "path" → why it may be longer. Remove the entry when it no longer is.
LONG_FUNCTIONS: dict[str, str] = {}
LONG_MODULES: dict[str, str] = {}
WIDE_ROOMS: dict[str, str] = {
    "law": "the types of forms, values and instruments stand beside the functions that hand them out",
}
FULL_FOLDERS: dict[str, str] = {}


def _long_functions() -> Iterator[str]:
    for path in python_files(*HAND_WRITTEN):
        for function, node in functions(path):
            if (node.end_lineno or node.lineno) - node.lineno + 1 > MOST_FUNCTION_LINES:
                yield f"{name(path)}::{function}"


def _long_modules() -> Iterator[str]:
    """Tables of cases (``*_cases.py`` of the tests) are data, and may be as long as there are cases."""
    for path in python_files(*HAND_WRITTEN):
        if not path.name.endswith("_cases.py") and path.read_text(encoding="utf-8").count("\n") > MOST_MODULE_LINES:
            yield name(path)


def _public_names(module: ast.Module) -> int:
    for node in module.body:
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
            names = ast.literal_eval(node.value)
            return len(names)
    return 0


def _wide_rooms() -> Iterator[str]:
    for path in PACKAGE.glob("*/__init__.py"):
        if _public_names(tree(path)) > MOST_PUBLIC_NAMES:
            yield path.parent.name


def test_functions_are_at_most_fifty_lines() -> None:
    assert sorted(_long_functions()) == sorted(LONG_FUNCTIONS)


def test_modules_are_at_most_six_hundred_lines() -> None:
    assert sorted(_long_modules()) == sorted(LONG_MODULES)


def test_rooms_have_at_most_twelve_public_names() -> None:
    assert sorted(_wide_rooms()) == sorted(WIDE_ROOMS)


def test_folders_are_shallow_and_hold_few_modules() -> None:
    deep = [name(path) for path in PACKAGE.rglob("*.py") if len(path.relative_to(PACKAGE).parts) > MOST_DEPTH]
    full = [
        name(folder)
        for folder in PACKAGE.rglob("*")
        if folder.is_dir() and folder.name != "checks" and len(list(folder.glob("*.py"))) > MOST_FILES
    ]
    assert deep == []
    assert sorted(full) == sorted(FULL_FOLDERS)


def test_every_exception_has_a_reason() -> None:
    assert all(len(reason) > 20 for reasons in (LONG_FUNCTIONS, LONG_MODULES, WIDE_ROOMS, FULL_FOLDERS) for reason in reasons.values())

"""Words that Django, Python or the law own are not used alone as names (STYLE: one term, one word)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.source import PACKAGE, name, python_files, tree

OWNED = frozenset("request response application form rule service review model manager helper helpers util utils common process".split())
OWNED_STARTS = ("handle_", "process_")
SHALLOW_MODULES = frozenset("utils util helpers helper common base misc process handlers".split())

# "path::word" → why it stands. Remove the entry when the word is gone.
STANDING = {
    "src/gongkai/law/formats.py::rule": "an entry of `identities` in the form's data, before it becomes Identity",
    "src/gongkai/report/annual.py::form": "the shape in which a claim is stated: count, percentage, change",
}


def _defined(node: ast.AST, *, inside_function: bool = False) -> Iterator[str]:
    """Every name that others can meet: modules' and classes' names, functions, arguments, attributes; not a function's own variables."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child.name
        elif isinstance(child, ast.arg):
            yield child.arg
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store) and not inside_function:
            yield child.id
        elif isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Store):
            yield child.attr
        elif isinstance(child, ast.alias) and child.asname:
            yield child.asname
        local = isinstance(
            child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp
        )
        yield from _defined(child, inside_function=inside_function or local)


def _owned(word: str) -> bool:
    return word.lower().strip("_") in OWNED or word.startswith(OWNED_STARTS)


def _is_djangos(path: str, word: str) -> bool:
    """Where Django itself owns the word: what a view and a middleware are given and asked for, what a server looks for, and what a form names as its model."""
    return path.startswith("src/gongkai/web/") and word in (
        "request",
        "get_response",
        "process_exception",
        "process_view",
        "application",
        "model",
    )


def test_no_owned_word_is_a_name() -> None:
    found = {
        f"{name(path)}::{word}"
        for path in python_files("src/gongkai")
        for word in _defined(tree(path))
        if _owned(word) and not _is_djangos(name(path), word)
    }
    assert sorted(found) == sorted(STANDING)


def test_no_module_is_a_drawer() -> None:
    files = [path for path in PACKAGE.rglob("*") if path.suffix == ".py" or path.is_dir()]
    assert [name(path) for path in files if path.stem.strip("_") in SHALLOW_MODULES] == []


def test_names_are_english() -> None:
    """Identifiers are plain ASCII: Chinese belongs in messages and data."""
    found = {f"{name(path)}::{word}" for path in python_files("src/gongkai") for word in _defined(tree(path)) if not word.isascii()}
    assert found == set()

"""Lint of the law data: every file tells where it comes from, every value has a basis that resolves.

Run as ``python -m tools.lint_law``; exit code 1 and one line a fault when something is missing. Faults are found in the text
of the files, without the code that loads them, so that a slip in that code cannot hide a slip in the data.
"""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parents[1] / "src/gongkai/law/data"
HEADER = ("References:", "Checked with:", "Limitations:")
MOST_LINES = 400


class _Strict(yaml.SafeLoader):
    """A loader that refuses a key written twice: YAML would keep the last and say nothing."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"key {key!r} is written twice", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def faults(folder: Path = DATA) -> list[str]:
    """Every fault of the data below ``folder``, one English line each, files in order; empty when all is well."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml"))}
    trees: dict[Path, Any] = {}
    found: list[str] = []
    for path, text in texts.items():
        name = path.relative_to(folder).as_posix()
        found += [f"{name}: {fault}" for fault in _text_faults(text)]
        try:
            # A subclass of SafeLoader: nothing but plain values comes out.
            trees[path] = yaml.load(text, Loader=_Strict)  # noqa: S506
        except yaml.YAMLError as error:
            found.append(f"{name}: {' '.join(str(error).split())}")
    known = _instrument_ids(trees.get(folder / "instruments.yaml"))
    for path, tree in trees.items():
        name = path.relative_to(folder).as_posix()
        found += [f"{name}: {fault}" for fault in _tree_faults(tree, known)]
    return [*found, *_holiday_faults(folder)]


def _text_faults(text: str) -> Iterator[str]:
    header = "".join(line for line in text.splitlines(keepends=True)[:40] if line.startswith("#"))
    for word in HEADER:
        if not re.search(rf"{word}[ \t]*\S", header):
            yield f"the heading comment has no '{word}'"
    if text.count("\n") > MOST_LINES:
        yield f"longer than {MOST_LINES} lines: split it"
    if not text.endswith("\n"):
        yield "does not end with a newline"


def _tree_faults(tree: Any, known: frozenset[str]) -> Iterator[str]:
    nodes = list(_walk(tree))
    if not any("confirmed_on" in node for node in nodes):
        yield "nobody is said to have confirmed it: no confirmed_on"
    for node in nodes:
        confirmed = node.get("confirmed_on")
        if confirmed is not None and not isinstance(confirmed, datetime.date):
            yield f"confirmed_on is no day: {confirmed!r}"
        basis = node.get("basis")
        if isinstance(basis, str) and not basis.startswith("{") and basis.partition(":")[0] not in known:
            yield f"the basis {basis} names an instrument that instruments.yaml does not list"
        if "periods" in node:
            yield from _period_faults(node)
    yield from _instrument_faults(tree)


def _walk(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of the tree."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value)


def _period_faults(matter: dict[str, Any]) -> Iterator[str]:
    name = matter.get("id", "?")
    for period in matter["periods"]:
        for key in ("from", "value", "basis", "confidence", "confirmed_on"):
            if key not in period:
                yield f"{name}: a period has no {key}"
    days = [period["from"] for period in matter["periods"] if "from" in period]
    if any(later <= earlier for earlier, later in pairwise(days)):
        yield f"{name}: its periods are not in order of time"
    if any("until" in period for period in matter["periods"][:-1]):
        yield f"{name}: only the last period may say when it ended"


def _instrument_ids(tree: Any) -> frozenset[str]:
    return frozenset(entry["id"] for entry in tree["instruments"]) if isinstance(tree, dict) else frozenset()


def _instrument_faults(tree: Any) -> Iterator[str]:
    if not isinstance(tree, dict) or "instruments" not in tree:
        return
    entries = tree["instruments"]
    ids = [entry["id"] for entry in entries]
    yield from (f"the instrument {name} is listed twice" for name in sorted({name for name in ids if ids.count(name) > 1}))
    for entry in entries:
        name = entry["id"]
        successor = entry.get("superseded_by")
        if successor and successor not in ids:
            yield f"{name}: superseded_by names {successor}, which is not listed"
        if successor and "in_force_until" not in entry:
            yield f"{name}: it is superseded and has no last day in force"
        if entry["issued_on"] > entry["in_force_from"]:
            yield f"{name}: in force before it was issued"
        if "in_force_until" in entry and entry["in_force_until"] < entry["in_force_from"]:
            yield f"{name}: its last day in force is before its first"


def _holiday_faults(folder: Path) -> Iterator[str]:
    years = sorted(int(path.stem) for path in (folder / "holidays").glob("*.yaml"))
    for earlier, later in pairwise(years):
        if later != earlier + 1:
            yield f"holidays: no file between {earlier} and {later}"


def main() -> int:
    """Print the faults; 1 when there are any."""
    found = faults()
    for line in found:
        print(line)
    print(f"law data: {len(found)} faults" if found else "law data: in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

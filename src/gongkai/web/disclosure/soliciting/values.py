"""The words and limits of :file:`soliciting.yaml`, and texts as they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

SITE = "site"


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    table: Mapping[str, Mapping[str, str]] = yaml.safe_load((Path(__file__).parent / "soliciting.yaml").read_text(encoding="utf-8"))
    return table


def choices(name: str) -> Mapping[str, str]:
    """Id → Chinese of the list ``name`` (``channels``, ``asides``, ``fates``, ``states``)."""
    return _table()[name]


def most(name: str) -> int:
    """How many of that there may be."""
    return int(_table()["most"][name])


def longest(name: str) -> int:
    """How many signs such a text may have."""
    return int(_table()["longest"][name])


def line(text: str, name: str) -> str:
    """A text on one line without control characters, cut to what its kind may have."""
    return " ".join(_printable(text).split())[: longest(name)]


def lines(text: str, name: str) -> str:
    """A text whose lines stay, without control characters and empty lines, cut to what its kind may have."""
    kept = (" ".join(row.split()) for row in _printable(text).splitlines())
    return "\n".join(row for row in kept if row)[: longest(name)]


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign.isspace())

"""The words and limits of :file:`suggesting.yaml`, and texts as they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "suggesting.yaml").read_text(encoding="utf-8"))
    return table


def outcomes() -> Mapping[str, str]:
    """What a suggestion may be answered with: id → Chinese."""
    words: Mapping[str, str] = _table()["outcomes"]
    return words


def most(name: str) -> int:
    """How many of that there may be."""
    return int(_table()["most"][name])


def longest(name: str) -> int:
    """How many signs such a text may have."""
    return int(_table()["longest"][name])


@cache
def mute() -> frozenset[str]:
    """The words by which nothing is looked for."""
    return frozenset(_table()["mute"])


def line(text: str, name: str) -> str:
    """A text on one line without control characters, cut to what its kind may have."""
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())[: longest(name)]

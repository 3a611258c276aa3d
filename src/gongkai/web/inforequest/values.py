"""The words and limits of :file:`choices.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PORTAL = "online"


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    table: Mapping[str, Mapping[str, Any]] = yaml.safe_load((Path(__file__).parent / "choices.yaml").read_text(encoding="utf-8"))
    return table


def choices(name: str) -> Mapping[str, str]:
    """Id → Chinese of the list ``name`` (``requesters``, ``id_kinds``, ``forms``, ``ways``, ``opinions``, ``events``)."""
    return _table()[name]


def most(name: str) -> int:
    """How many of that there may be."""
    return int(_table()["most"][name])


def tidy(text: str, name: str) -> str:
    """A text on one line without control characters, cut to what its kind may have."""
    seen = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return " ".join(seen.split())[: int(_table()["longest"][name])]


def tidy_lines(text: str, name: str) -> str:
    """A text whose lines stay, without control characters and empty lines, cut to what its kind may have."""
    seen = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    rows = (" ".join(row.split()) for row in seen.splitlines())
    return "\n".join(row for row in rows if row)[: int(_table()["longest"][name])]

"""The stages of review, from their table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its name, Chinese title, the action that passes it, and what the reviewer confirms."""

    name: str
    title: str
    action: str
    checklist: tuple[str, ...]


@cache
def _table() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "stages.yaml").read_text(encoding="utf-8"))
    return data


@cache
def stages() -> Mapping[str, Stage]:
    """Every stage by name."""
    return {name: Stage(name, row["title"], row["action"], tuple(row["checklist"])) for name, row in _table()["stages"].items()}


def default_stages() -> list[str]:
    """The stages of an organ that has set none of its own."""
    return list(_table()["default"])

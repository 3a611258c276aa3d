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
    """One stage: its name, Chinese title, the action that passes it, what the reviewer confirms, and its working days."""

    name: str
    title: str
    action: str
    checklist: tuple[str, ...]
    days: int


@cache
def _table() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "stages.yaml").read_text(encoding="utf-8"))
    return data


@cache
def stages() -> Mapping[str, Stage]:
    """Every stage by name, also those that only some organs have."""
    rows = _table()["stages"]
    return {name: Stage(name, row["title"], row["action"], tuple(row["checklist"]), row["days"]) for name, row in rows.items()}


def default_stages(lane: str = "normal") -> list[str]:
    """The stages of an organ that has set none of its own."""
    return list(_table()["default"][lane])


def always() -> tuple[str, ...]:
    """The stages that no review is without."""
    return tuple(_table()["always"])


def fewest() -> int:
    """How many stages a review has at least."""
    number: int = _table()["fewest"]
    return number


def approves() -> str:
    """The stage at which the named approver of an urgent publication decides."""
    name: str = _table()["approves"]
    return name


def whole_days() -> int:
    """Within how many working days the stages that an urgent publication left out are made up for."""
    number: int = _table()["whole"]
    return number

"""The values of :file:`channels.yaml`, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PHOTO, LINK, NUMBER = "photo", "link", "number"


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """One channel: which evidence it wants (one of them is enough), its longest texts, and whether a link is of use there."""

    evidence: tuple[str, ...]
    limits: Mapping[str, int]
    has_link: bool

    @property
    def wanted(self) -> str:
        """The evidence it wants, in Chinese."""
        return "或者".join(evidence_words()[kind][0] for kind in self.evidence)


@dataclass(frozen=True, slots=True)
class Retry:
    """How failed pushes are repeated: minutes before each, for how many minutes a push under way is left alone, and how many go at once."""

    minutes: tuple[int, ...]
    lease: int
    at_once: int

    @property
    def most(self) -> int:
        """After how many attempts the platform gives up."""
        return len(self.minutes) + 1


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "channels.yaml").read_text(encoding="utf-8"))
    return table


@cache
def channel_kinds() -> Mapping[str, ChannelKind]:
    """Every channel by its id."""
    return {name: ChannelKind(tuple(row["evidence"]), dict(row["limits"]), row["link"]) for name, row in _table()["channels"].items()}


@cache
def evidence_words() -> Mapping[str, tuple[str, str]]:
    """Kind of evidence → what it is called, and what helps to fill it in."""
    return {name: (row["words"], row["advice"]) for name, row in _table()["evidence"].items()}


@cache
def retry() -> Retry:
    """How failed pushes are repeated."""
    row = _table()["retry"]
    return Retry(tuple(row["minutes"]), row["lease"], row["at_once"])


@cache
def carriers() -> Mapping[str, str]:
    """In what form a hand-over list gives the information: id → words."""
    return dict(_table()["carriers"])

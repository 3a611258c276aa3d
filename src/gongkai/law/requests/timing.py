"""By what a request's time is counted: the channels it comes in by, whom an organ asks meanwhile, and what stops or restarts the count.

The days themselves are counted one floor up, in :mod:`gongkai.clock`.

>>> import datetime
>>> on = datetime.date(2024, 3, 1)
>>> channel("registered_mail", on=on).counts
'signed'
>>> consultation("co_organ", on=on).limit.n
15
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from gongkai.law.citation import cite
from gongkai.law.store import LawMissing, load
from gongkai.law.values import LawValue, at


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in which requests come in. ``counts`` says which of its days is the day of receipt; ``is_silent`` where the receipt shown at once confirms it."""

    id: str
    words: str
    counts: Literal["handed_in", "signed", "same_day", "confirmed"]
    basis: str
    confidence: str
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Consultation:
    """Somebody whom the organ asks. ``limit`` is the longest time not counted, ``None`` where only the time really needed is told."""

    id: str
    words: str
    limit: LawValue | None
    silence: Literal["organ_decides", "consents", "none"]
    basis: str


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision about the count: its words and its basis."""

    id: str
    words: str
    basis: str

    @property
    def told(self) -> str:
        """The provision with its source, as it stands in a derivation."""
        return f"{self.words}（{cite(self.basis)}）"


def channel(name: str, *, on: datetime.date) -> Channel:
    """The channel with that id as the law stands on a day; :class:`LawMissing` where there is none."""
    entry = _entry("channels", "channels", name, on, "提交渠道")
    return Channel(name, entry["words"], entry["counts"], entry["basis"], entry["confidence"], entry.get("silent", False))


def channels(*, on: datetime.date) -> tuple[Channel, ...]:
    """Every channel of that day, in the order of the data."""
    return tuple(channel(name, on=on) for name, entry in _entries("channels", "channels").items() if entry["from"] <= on)


def consultation(name: str, *, on: datetime.date) -> Consultation:
    """Who is asked, as the law stands on a day; :class:`LawMissing` where the law of the day knows no such question."""
    entry = _entry("consultations", "consultations", name, on, "征求意见的对象")
    limit = at(on).value(entry["limit"]) if entry["limit"] else None
    return Consultation(name, entry["words"], limit, entry["silence"], entry["basis"])


def consultations(*, on: datetime.date) -> tuple[Consultation, ...]:
    """Everybody who may be asked, in the order of the data."""
    known = _entries("consultations", "consultations")
    return tuple(consultation(name, on=on) for name, entry in known.items() if entry["from"] <= on)


def provision(name: str, *, on: datetime.date) -> Provision:
    """A provision about the count as the law stands on a day; :class:`LawMissing` where that day's law has none of that name."""
    entry = _entry("consultations", "provisions", name, on, "计算规则")
    return Provision(name, entry["words"], entry["basis"])


def _entry(file: str, part: str, name: str, on: datetime.date, what: str) -> Mapping[str, Any]:
    entry = _entries(file, part).get(name)
    if entry is None:
        raise LawMissing(f"没有代号为“{name}”的{what}。")
    if on < entry["from"]:
        raise LawMissing(f"没有{on.year}年{on.month}月{on.day}日有效的“{entry['words']}”数据。")
    return entry


@cache
def _entries(file: str, part: str) -> Mapping[str, Mapping[str, Any]]:
    return {entry["id"]: entry for entry in load(f"requests/{file}")[part]}

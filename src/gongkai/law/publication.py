"""Which time limit holds for publishing which matter (公开期限), from ``data/publication`` and ``data/values``.

The days themselves are counted one floor up, in :mod:`gongkai.timeliness`.

>>> import datetime
>>> limit = publication_limit(matter="land_announcement", on=datetime.date(2024, 3, 1))
>>> limit.words, limit.counted_from
('15个工作日', '收到批准文件之日')
>>> publication_limit(matter=None, on=datetime.date(2024, 3, 1)).basis
'reg:26'
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from gongkai.law.store import LawMissing, load
from gongkai.law.values import LawValue, at

Act = Literal["publish", "withdraw", "interpret", "keep_open"]
_UNITS: Mapping[str, Literal["working", "calendar"]] = {"workday": "working", "day": "calendar"}


@dataclass(frozen=True, slots=True)
class PublicationLimit:
    """The limit of one matter on one day.

    ``matter`` names it in Chinese; ``act`` is what must be done (publish, withdraw, interpret, keep_open); ``direction`` is
    ``within`` (at the latest after so long) or ``at_least`` (not shorter than so long); ``counted_from`` says from what, in
    Chinese. ``ordered_by`` is the article that orders the publication where the limit itself is the general one. ``duties``
    are ids of :mod:`gongkai.law.duties`, ``kinds`` kinds of item; both empty for all. ``value`` carries number, unit, basis,
    confidence and the day of confirmation. ``may_be_shorter`` where the text lets a period be shorter for a reason that is told.
    """

    id: str
    matter: str
    act: Act
    direction: Literal["within", "at_least"]
    counted_from: str
    value: LawValue
    ordered_by: str | None = None
    duties: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    may_be_shorter: bool = False

    @property
    def days(self) -> int:
        """The number of days."""
        return self.value.n

    @property
    def unit(self) -> Literal["working", "calendar"]:
        """Whether the days are working days (工作日) or calendar days."""
        return _UNITS[self.value.unit]

    @property
    def basis(self) -> str:
        """What the number of days rests on."""
        return self.value.basis

    @property
    def confidence(self) -> str:
        """``seen``, ``memory-high`` or ``setting``, as :class:`gongkai.law.LawValue` says."""
        return self.value.confidence

    @property
    def words(self) -> str:
        """The limit in Chinese: 20个工作日, 20日, 不少于30日."""
        return ("不少于" if self.direction == "at_least" else "") + self.value.words


def publication_limit(*, matter: str | None, on: datetime.date) -> PublicationLimit:
    """The limit of that matter (an id such as ``budget``; ``None``: the general one) as the law stands on a day.

    :class:`LawMissing` for a matter that nobody listed, or a day before its law was in force.
    """
    data = load("publication/limits")
    entry = _entries().get(data["general"] if matter is None else matter)
    if entry is None:
        raise LawMissing(f"没有代号为“{matter}”的公开期限。")
    return _limit(entry, on)


def publication_limits(*, on: datetime.date) -> tuple[PublicationLimit, ...]:
    """Every limit that the law knows on that day, the general one first."""
    known = []
    for entry in _entries().values():
        try:
            known.append(_limit(entry, on))
        except LawMissing:
            continue  # the statute of that matter came later
    return tuple(known)


@cache
def _entries() -> Mapping[str, Mapping[str, Any]]:
    return {entry["id"]: entry for entry in load("publication/limits")["limits"]}


def _limit(entry: Mapping[str, Any], on: datetime.date) -> PublicationLimit:
    return PublicationLimit(
        id=entry["id"],
        matter=entry["matter"],
        act=entry["act"],
        direction=entry["direction"],
        counted_from=entry["counted_from"],
        value=at(on).value(entry["value"]) if "value" in entry else _own(entry, on),
        ordered_by=entry.get("ordered_by"),
        duties=tuple(entry["duties"]),
        kinds=tuple(entry["kinds"]),
        may_be_shorter=entry.get("shortened") == "by_reason",
    )


def _own(entry: Mapping[str, Any], on: datetime.date) -> LawValue:
    """A limit that stands in the matter's own entry, because it rests on no article."""
    own = entry["own"]
    value = LawValue(
        id=f"{entry['id']}_limit",
        name=own["name"],
        value=own["value"],
        unit=own["unit"],
        basis=own["basis"],
        valid_from=own["from"],
        valid_until=None,
        confirmed_on=own["confirmed_on"],
        confidence=own["confidence"],
    )
    if not value.is_valid(day=on):
        raise LawMissing(f"没有{on.year}年{on.month}月{on.day}日有效的“{value.name}”数据。")
    return value

"""Days off and weekend days worked (放假调休), as the State Council's General Office announces them year by year.

Only the announcements live here, one file a year in ``data/holidays``; counting with them is :mod:`gongkai.clock`'s work.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

from gongkai.law.citation import instrument
from gongkai.law.store import LawMissing, load, names

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HolidayNotice:
    """One announcement of days off, national or local (少数民族节日).

    ``off`` are weekdays or weekend days that nobody works, ``work`` weekend days worked in exchange. ``official`` is the first
    and last day that a national announcement settles; a local one adds days and settles none, so it leaves it ``None``.
    ``names`` says which holiday a day off belongs to.
    """

    title: str
    documents: tuple[str, ...]
    off: frozenset[datetime.date]
    work: frozenset[datetime.date] = frozenset()
    official: tuple[datetime.date, datetime.date] | None = None
    confirmed_on: datetime.date | None = None
    names: Mapping[datetime.date, str] = field(default_factory=dict, hash=False)


@cache
def holiday_notices() -> tuple[HolidayNotice, ...]:
    """Every national announcement, oldest first; :class:`LawMissing` when a year between two others has no file."""
    notices = tuple(_notice(load(f"holidays/{name}")) for name in names("holidays"))
    spans = [notice.official for notice in notices if notice.official]
    for (_, last), (first, _) in pairwise(spans):
        if first > last + _DAY:
            raise LawMissing(f"缺少{last + _DAY:%Y-%m-%d}至{first - _DAY:%Y-%m-%d}的放假安排。")
    return notices


def _notice(data: Mapping[str, Any]) -> HolidayNotice:
    sources = [instrument(name) for name in data["notices"]]
    return HolidayNotice(
        title=sources[0].title,
        documents=tuple(source.document for source in sources),
        off=frozenset(day for block in data["days_off"] for day in _days(block["from"], block["until"])),
        work=frozenset(data["days_worked"]),
        official=(data["official"]["from"], data["official"]["until"]),
        confirmed_on=data["confirmed_on"],
        names={day: block["name"] for block in data["days_off"] for day in _days(block["from"], block["until"])},
    )


def _days(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    return [first + _DAY * n for n in range((last - first).days + 1)]

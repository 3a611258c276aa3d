"""Numbers and days that the law sets, as dated data, and the view of the law on one day.

>>> import datetime
>>> on = at(datetime.date(2024, 3, 1))
>>> on.value("reply_limit").words
'20个工作日'
>>> on.value("annual_report_due_department").value.in_year(2024)
datetime.date(2024, 1, 31)
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from gongkai.law.citation import Instrument, instrument, instruments
from gongkai.law.store import LawMissing, load, names

_DAY = datetime.timedelta(days=1)
_UNITS = {"workday": "个工作日", "day": "日", "month": "个月"}


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day of every year, such as 31 January."""

    month: int
    day: int

    def in_year(self, year: int) -> datetime.date:
        """That day in ``year``."""
        return datetime.date(year, self.month, self.day)

    def __str__(self) -> str:
        return f"{self.month}月{self.day}日"


@dataclass(frozen=True, slots=True)
class LawValue:
    """What the law says of one matter from ``valid_from`` to ``valid_until`` (``None``: still).

    ``unit`` is ``workday``, ``day`` (calendar), ``month`` or ``month_day``; ``value`` is a whole number, or a :class:`MonthDay`
    for the last unit. ``scopes`` are the kinds of organ it binds, empty for all. ``confidence`` is ``seen`` (checked with a
    published text), ``memory-high`` (still to be checked) or ``setting`` (practice that an organ may set otherwise).
    ``confirmed_on`` is the day a person last confirmed it, ``None`` when nobody has.
    """

    id: str
    name: str
    value: int | MonthDay
    unit: str
    basis: str
    valid_from: datetime.date
    valid_until: datetime.date | None
    confirmed_on: datetime.date | None
    confidence: str
    scopes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The value with its unit in Chinese: 20个工作日, 1月31日."""
        return f"{self.value}{_UNITS.get(self.unit, '')}"

    @property
    def n(self) -> int:
        """The value as a number of units, for limits; :class:`TypeError` for a day of the year."""
        if isinstance(self.value, int):
            return self.value
        raise TypeError(f"{self.id} is a day of the year, not a number of units")

    def is_valid(self, *, day: datetime.date) -> bool:
        """Whether this is what the law says on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class LawOn:
    """The law as it stands on one day."""

    day: datetime.date

    def value(self, name: str) -> LawValue:
        """What the law says of that matter on the day; :class:`LawMissing` where it says nothing or the matter is unknown."""
        known = _by_id().get(name)
        if known is None:
            raise LawMissing(f"没有代号为“{name}”的法定数值。")
        for value in known:
            if value.is_valid(day=self.day):
                return value
        raise LawMissing(f"没有{self.day.year}年{self.day.month}月{self.day.day}日有效的“{known[0].name}”数据。")

    def values(self) -> tuple[LawValue, ...]:
        """Every value of the day."""
        return tuple(value for value in all_values() if value.is_valid(day=self.day))

    def instruments(self) -> tuple[Instrument, ...]:
        """Every instrument in force on the day."""
        return tuple(entry for entry in instruments() if entry.is_in_force(day=self.day))


def at(day: datetime.date) -> LawOn:
    """The law as it stands on that day."""
    return LawOn(day)


def annual_report_due(*, year: int, scope: str) -> tuple[datetime.date, LawValue]:
    """The last day to publish the annual report of ``year``, and the value it rests on.

    ``scope`` is province, city, county, department, township or street. The law asked is that of the first day on which the
    report can be written, 1 January of the following year. :class:`LawMissing` for another scope or a day before the law.
    """
    on = at(datetime.date(year + 1, 1, 1))
    dues = [value for value in all_values() if isinstance(value.value, MonthDay) and scope in value.scopes]
    if not dues:
        raise LawMissing(f"没有“{scope}”类机关年度报告公布期限的数据。")
    found = on.value(dues[0].id)
    assert isinstance(found.value, MonthDay)
    return found.value.in_year(year + 1), found


@cache
def all_values() -> tuple[LawValue, ...]:
    """Every value of every period: files by name, matters in the order of their file, periods oldest first."""
    return tuple(value for name in names("values") for entry in load(f"values/{name}")["values"] for value in _periods(entry))


@cache
def _by_id() -> dict[str, tuple[LawValue, ...]]:
    known: dict[str, tuple[LawValue, ...]] = {}
    for value in all_values():
        known[value.id] = (*known.get(value.id, ()), value)
    return known


def _periods(entry: Mapping[str, Any]) -> list[LawValue]:
    """The periods of one matter: each ends on the day before the next begins, the last with its own ``until`` or never."""
    periods = entry["periods"]
    ends = [later["from"] - _DAY for _, later in pairwise(periods)] + [periods[-1].get("until")]
    return [_value(entry, period, end) for period, end in zip(periods, ends, strict=True)]


def _value(entry: Mapping[str, Any], period: Mapping[str, Any], valid_until: datetime.date | None) -> LawValue:
    value = period["value"]
    instrument(period["basis"].partition(":")[0])  # a value whose instrument nobody listed must not load
    return LawValue(
        id=entry["id"],
        name=entry["name"],
        value=MonthDay(**value) if entry["unit"] == "month_day" else value,
        unit=entry["unit"],
        basis=period["basis"],
        valid_from=period["from"],
        valid_until=valid_until,
        confirmed_on=period["confirmed_on"],
        confidence=period["confidence"],
        scopes=tuple(entry.get("scopes", ())),
    )

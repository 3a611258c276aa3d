"""Statutory time: counting working days (工作日) by the announced days off.

A table is built once from law data and passed to every question; nothing here reads today's date.

>>> import datetime
>>> table = Workdays()
>>> add_workdays(start=datetime.date(2024, 1, 22), n=20, table=table).day
datetime.date(2024, 2, 22)
>>> add_workdays(start=datetime.date(2026, 12, 4), n=20, table=table).provisional
True
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from gongkai.law import HolidayNotice, LawMissing, holiday_notices

_WEEK, _WORKED = 7, 5  # days of a week, and those of them that are worked when nobody announces otherwise


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a period (期限届满日).

    ``provisional`` (暂定) means that it lies past the last announced days off, where only weekends are known; ``reason`` says so
    in Chinese and is ``None`` otherwise.
    """

    day: datetime.date
    provisional: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class WorkdayCount:
    """How many working days lie between two days; ``provisional`` and ``reason`` as in :class:`Due`."""

    n_workdays: int
    provisional: bool
    reason: str | None


@dataclass(frozen=True)
class Workdays:
    """The table of working days: the national notices, and what a local government adds to them.

    ``local`` are extra notices such as a minority festival (少数民族节日); a later notice overrules an earlier one, a local one
    every national one. ``national`` ``None`` takes the notices of the law data, read at the first question.
    """

    local: tuple[HolidayNotice, ...] = ()
    national: tuple[HolidayNotice, ...] | None = None

    @cached_property
    def _notices(self) -> tuple[HolidayNotice, ...]:
        return holiday_notices() if self.national is None else self.national

    @cached_property
    def official_from(self) -> datetime.date:
        """The first day that a loaded notice settles; :class:`LawMissing` when there is no notice."""
        return min(self._official)[0]

    @cached_property
    def official_until(self) -> datetime.date:
        """The last day that a loaded notice settles; :class:`LawMissing` when there is no notice."""
        return max(last for _, last in self._official)

    @cached_property
    def _official(self) -> tuple[tuple[datetime.date, datetime.date], ...]:
        spans = tuple(notice.official for notice in self._notices if notice.official)
        if not spans:
            raise LawMissing("没有载入任何年度的放假安排，无法计算工作日。")
        return spans

    @cached_property
    def _exceptions(self) -> dict[int, bool]:
        """Ordinal → whether it is worked, in date order, for the days on which that differs from the plain week."""
        marked: dict[int, bool] = {}
        for notice in (*self._notices, *self.local):
            marked |= {day.toordinal(): False for day in notice.off}
            marked |= {day.toordinal(): True for day in notice.work}
        return {day: works for day, works in sorted(marked.items()) if works != _is_weekday(day)}

    @cached_property
    def _index(self) -> tuple[list[int], list[int], list[int]]:
        """Exceptional ordinals; the correction to the plain week's count before each and after the last; the count on each."""
        days = list(self._exceptions)
        corrections = [0, *accumulate(1 if works else -1 for works in self._exceptions.values())]
        counts = [_weekdays_until(day) + correction for day, correction in zip(days, corrections[1:], strict=True)]
        return days, corrections, counts

    def _is_workday(self, ordinal: int) -> bool:
        return self._exceptions.get(ordinal, _is_weekday(ordinal))

    def _count_until(self, ordinal: int) -> int:
        """Working days up to and including that ordinal, from a fixed start: only differences mean something."""
        days, corrections, _ = self._index
        return _weekdays_until(ordinal) + corrections[bisect_right(days, ordinal)]

    def _nth(self, count: int) -> int:
        """The first ordinal on which :meth:`_count_until` reaches ``count``."""
        days, corrections, counts = self._index
        after = bisect_left(counts, count)
        ordinal = _nth_weekday(count - corrections[after])
        return min(ordinal, days[after]) if after < len(days) else ordinal

    def name_of(self, day: datetime.date) -> str | None:
        """The holiday that a day off belongs to (春节), ``None`` for a plain weekend; a local notice goes by its title."""
        for notice in reversed((*self._notices, *self.local)):
            if day in notice.off:
                return notice.names.get(day) or notice.title
        return None

    def _require(self, day: datetime.date) -> None:
        if day < self.official_from:
            raise LawMissing(f"没有载入{_words(self.official_from)}以前的放假安排，无法计算工作日。")

    def caveat(self, *, day: datetime.date) -> str | None:
        """Why a count that reaches ``day`` is provisional, in Chinese; ``None`` when the days off are announced."""
        if day <= self.official_until:
            return None
        last = _words(self.official_until)
        return f"已载入的放假安排到{last}为止，其后只按周六、周日休息推算，结果为暂定；后续放假通知公布并载入后应当重新计算。"


def is_workday(*, day: datetime.date, table: Workdays) -> bool:
    """Whether that day is worked.

    Past the last announced day this is the plain week's answer: ask :meth:`Workdays.caveat` where that matters.
    :class:`LawMissing` for a day before the first announced one.
    """
    table._require(day)
    return table._is_workday(day.toordinal())


def add_workdays(*, start: datetime.date, n: int, table: Workdays) -> Due:
    """The ``n``-th working day after ``start``; ``start`` itself is not counted, whatever day it is.

    ``n`` zero gives ``start`` back. :class:`LawMissing` when a counted day lies before the first announced one; ``n`` below
    zero is a :class:`ValueError`.
    """
    if n < 0:
        raise ValueError(f"cannot count {n} working days forward")
    if n == 0:
        day = start
    else:
        table._require(start + datetime.timedelta(days=1))
        day = datetime.date.fromordinal(table._nth(table._count_until(start.toordinal()) + n))
    reason = table.caveat(day=day)
    return Due(day, reason is not None, reason)


def workdays_between(*, start: datetime.date, end: datetime.date, table: Workdays) -> WorkdayCount:
    """Working days after ``start`` up to and including ``end``; below zero when ``end`` is the earlier day.

    ``add_workdays`` undoes it: from ``start``, that many working days lead back to ``end`` when ``end`` is one.
    :class:`LawMissing` when a counted day lies before the first announced one.
    """
    if start != end:
        table._require(min(start, end) + datetime.timedelta(days=1))
    reason = table.caveat(day=max(start, end))
    n_workdays = table._count_until(end.toordinal()) - table._count_until(start.toordinal())
    return WorkdayCount(n_workdays, reason is not None, reason)


# Ordinal 1 is a Monday, so the plain week needs no calendar.
def _is_weekday(ordinal: int) -> bool:
    return 1 <= ordinal % _WEEK <= _WORKED


def _weekdays_until(ordinal: int) -> int:
    weeks, days = divmod(ordinal, _WEEK)
    return weeks * _WORKED + min(days, _WORKED)


def _nth_weekday(count: int) -> int:
    weeks, days = divmod(count - 1, _WORKED)
    return weeks * _WEEK + days + 1


def _words(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

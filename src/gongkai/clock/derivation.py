"""How a count reached its day, in Chinese, day by day: which days were counted, which were not and why.

>>> import datetime
>>> steps = derive(begins_on=datetime.date(2024, 2, 8), n=2, table=Workdays())
>>> [step.words for step in steps]
['2024年2月9日，第1个工作日', '2024年2月10日至2月17日，春节，不计', '2024年2月18日（星期日），调休上班，第2个工作日']
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from gongkai.clock.request import Count, Pause
from gongkai.clock.workdays import Workdays, is_workday
from gongkai.law.requests.timing import consultation

_DAY = datetime.timedelta(days=1)
_SATURDAY = 5
_NAMES = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day. ``number`` is which working day of the count it is, ``None`` where it is not counted; ``why`` says what it is."""

    day: datetime.date
    number: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """Days that stand together, from ``first`` to ``last``: ``n`` of them are counted, ``total`` up to there; ``words`` as an officer reads it."""

    first: datetime.date
    last: datetime.date
    n: int
    total: int
    words: str


def days_of(*, begins_on: datetime.date, n: int, table: Workdays, pauses: Sequence[Pause] = ()) -> Iterator[CountedDay]:
    """Every day after ``begins_on`` up to the ``n``-th that is counted; ``why`` is empty for a plain working day."""
    day, counted = begins_on, 0
    while counted < n:
        day += _DAY
        why = _why(day, table, pauses)
        is_counted = why in ("", "调休上班")
        counted += is_counted
        yield CountedDay(day, counted if is_counted else None, why)


def derive(*, begins_on: datetime.date, n: int, table: Workdays, pauses: Sequence[Pause] = ()) -> tuple[Step, ...]:
    """The same days, those that stand together told in one sentence without its full stop."""
    found, total = [], 0
    days = days_of(begins_on=begins_on, n=n, table=table, pauses=pauses)
    for (why, _), group in groupby(days, key=lambda day: (day.why, day.number is None)):
        run = list(group)
        counted = [day.number for day in run if day.number is not None]
        total += len(counted)
        found.append(Step(run[0].day, run[-1].day, len(counted), total, _told(run, why)))
    return tuple(found)


def derive_count(count: Count, table: Workdays) -> tuple[Step, ...]:
    """The steps of a request's count; none for a day that was set instead of counted."""
    if count.set_until is not None:
        return ()
    return derive(begins_on=count.begins_on, n=count.n, table=table, pauses=count.pauses)


def _why(day: datetime.date, table: Workdays, pauses: Sequence[Pause]) -> str:
    """Why a day is what it is: empty for a plain working day."""
    if not is_workday(day=day, table=table):
        return table.name_of(day) or "周末"
    asked = next((pause for pause in pauses if pause.first <= day <= pause.last), None)
    if asked is not None:
        return f"{consultation(asked.kind, on=asked.first).words}期间"
    return "调休上班" if day.weekday() >= _SATURDAY else ""


def _told(run: Sequence[CountedDay], why: str) -> str:
    first, last = run[0], run[-1]
    span = _words(first.day)
    if last is not first:
        span += f"至{_short(last.day, first.day)}"
    elif why == "调休上班":
        span += f"（星期{_NAMES[first.day.weekday()]}）"
    if first.number is None:
        return f"{span}，{why}，不计"
    number = f"第{first.number}个工作日" if last is first else f"第{first.number}至第{last.number}个工作日"
    return f"{span}，{why}，{number}" if why else f"{span}，{number}"


def _short(day: datetime.date, after: datetime.date) -> str:
    """The day without the year where that is said already."""
    return f"{day.month}月{day.day}日" if day.year == after.year else _words(day)


def _words(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

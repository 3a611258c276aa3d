"""By which day something must be published, withdrawn or interpreted (公开时效), and the count in words.

Law says how long, the clock counts, this module brings both together; no day of today is read.

>>> import datetime
>>> due = publish_by(formed_on=datetime.date(2024, 1, 22), table=Workdays())
>>> due.day
datetime.date(2024, 2, 22)
>>> due.derivation[0]
'政府信息形成或者变更之日为2024年1月22日，当日不计入，自次日起计算。'
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai import law
from gongkai.clock import Due, Workdays, add_workdays, is_workday
from gongkai.law.publication import Act, PublicationLimit, publication_limit

_DAY = datetime.timedelta(days=1)
_SATURDAY = 5
_WITHDRAWAL, _INTERPRETATION = "penalty_withdrawal", "interpretation"  # ids of the law data that have a question of their own


@dataclass(frozen=True, slots=True)
class DueDay:
    """The day that a limit leads to.

    ``day`` is the last day to act, for a limit of ``at_least`` the earliest day on which the time may end. ``provisional`` (暂定)
    and ``reason`` are as in :class:`gongkai.clock.Due`. ``derivation`` tells the count in Chinese sentences, each with its full stop.
    """

    day: datetime.date
    provisional: bool
    reason: str | None
    counted_on: datetime.date
    limit: PublicationLimit
    derivation: tuple[str, ...]

    @property
    def words(self) -> str:
        """The derivation as one paragraph."""
        return "".join(self.derivation)


def publish_by(*, formed_on: datetime.date, matter: str | None = None, table: Workdays) -> DueDay:
    """The last day to publish what was formed, changed, approved or decided on ``formed_on``.

    ``matter`` is an id of :func:`gongkai.law.publication.publication_limits`, ``None`` for what has no limit of its own. The law
    is that of ``formed_on``. :class:`LawMissing` for an unknown matter, a day before its law or before the first announced days
    off; :class:`ValueError` for a matter that is withdrawn, interpreted or kept open instead of published.
    """
    return _due(matter, "publish", formed_on, table)


def withdraw_by(*, changed_on: datetime.date, table: Workdays) -> DueDay:
    """The last day to withdraw a published penalty decision that was altered, revoked or found illegal or void on ``changed_on``."""
    return _due(_WITHDRAWAL, "withdraw", changed_on, table)


def interpret_by(*, published_on: datetime.date, table: Workdays) -> DueDay:
    """The last day to publish the interpretation (解读材料) of a policy document that was published on ``published_on``."""
    return _due(_INTERPRETATION, "interpret", published_on, table)


def open_until(*, published_on: datetime.date, matter: str, table: Workdays) -> DueDay:
    """The earliest day on which a notice or a call for opinions of that matter, published on ``published_on``, may end.

    Errors as :func:`publish_by`: :class:`ValueError` for a matter that is no such period.
    """
    return _due(matter, "keep_open", published_on, table)


def _due(matter: str | None, act: Act, start: datetime.date, table: Workdays) -> DueDay:
    limit = publication_limit(matter=matter, on=start)
    if limit.act != act:
        raise ValueError(f"{limit.id} is a limit to {limit.act}, not to {act}")
    counted = _count(limit, start, table)
    return DueDay(counted.day, counted.provisional, counted.reason, start, limit, tuple(_derivation(limit, start, counted, table)))


def _count(limit: PublicationLimit, start: datetime.date, table: Workdays) -> Due:
    if limit.unit == "working":
        return add_workdays(start=start, n=limit.days, table=table)
    return Due(start + _DAY * limit.days, provisional=False, reason=None)


def _derivation(limit: PublicationLimit, start: datetime.date, counted: Due, table: Workdays) -> Iterator[str]:
    yield f"{limit.counted_from}为{_words(start)}，当日不计入，自次日起计算。"
    yield f"期限为{limit.words}（{_source(limit)}）。"
    if limit.unit == "working":
        yield from _rearranged(start, counted.day, table)
    elif _is_day_off(counted.day, table):
        yield (
            f"{_words(counted.day)}为休息日，期限不因此顺延，应当提前安排。"
            if limit.direction == "within"
            else (f"{_words(counted.day)}为休息日，宜延续至其后的第一个工作日。")
        )
    yield f"最早可以在{_words(counted.day)}结束。" if limit.direction == "at_least" else f"期限届满日为{_words(counted.day)}。"
    if counted.reason:
        yield counted.reason


def _source(limit: PublicationLimit) -> str:
    """The citation, with the doubt that an officer should know of."""
    words = law.cite(limit.basis)
    return words if limit.confidence == "seen" else f"{words}，待与原文核对"


def _rearranged(start: datetime.date, end: datetime.date, table: Workdays) -> Iterator[str]:
    """Weekdays off and weekend days worked within the count: what a reader who counts by the plain week would miss."""
    days = [start + _DAY * n for n in range(1, (end - start).days + 1)]
    off = [day for day in days if day.weekday() < _SATURDAY and not is_workday(day=day, table=table)]
    worked = [day for day in days if day.weekday() >= _SATURDAY and is_workday(day=day, table=table)]
    if off:
        yield f"其间放假不计入的周一至周五：{_listed(off)}。"
    if worked:
        yield f"其间上班计入的周六、周日：{_listed(worked)}。"


def _listed(days: list[datetime.date]) -> str:
    return "、".join(f"{day.month}月{day.day}日" for day in days)


def _is_day_off(day: datetime.date, table: Workdays) -> bool:
    """Whether nobody works on that day; by the plain week where no days off are announced."""
    return day.weekday() >= _SATURDAY if day < table.official_from else not is_workday(day=day, table=table)


def _words(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

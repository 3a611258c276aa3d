"""How long a column (栏目) may go without news, and how it stands on a day: ``data/columns`` as values.

>>> import datetime
>>> state = staleness(last_on=datetime.date(2024, 3, 1), on=datetime.date(2024, 3, 12), kind="news")
>>> state.state, state.words
('warn', '动态、要闻类栏目已11天未更新，更新期限14天（2周），还剩3天。')
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from typing import Literal

from gongkai.law.citation import instrument
from gongkai.law.store import LawMissing, load

State = Literal["fresh", "warn", "stale", "empty"]


@dataclass(frozen=True, slots=True)
class ColumnLimit:
    """The longest time without news for one kind of column.

    ``days`` are calendar days; ``period`` is how the indicator says it (6个月); ``warn_percent`` the share of the limit after which
    the office is warned. ``confidence`` and ``confirmed_on`` as in :class:`gongkai.law.LawValue`.
    """

    kind: str
    name: str
    days: int
    period: str
    warn_percent: int
    basis: str
    confidence: str
    confirmed_on: datetime.date | None

    @property
    def warn_days(self) -> int:
        """The first number of days that reaches the warning share."""
        return -(-self.days * self.warn_percent // 100)


@dataclass(frozen=True, slots=True)
class Staleness:
    """How a column stands on a day: fresh, warn (the limit is near), stale (it is past) or empty (nothing was ever published).

    ``days`` since the last item, ``None`` when empty; ``stale_on`` is the first day on which it is or will be stale, ``None`` when
    empty; ``words`` says it in Chinese.
    """

    state: State
    days: int | None
    stale_on: datetime.date | None
    limit: ColumnLimit
    words: str


def column_limit(kind: str) -> ColumnLimit:
    """The limit of that kind of column (``news``, ``policy_docs``, ``wechat``…); :class:`LawMissing` when nobody listed it."""
    found = _by_kind().get(kind)
    if found is None:
        raise LawMissing(f"没有代号为“{kind}”的栏目更新期限。")
    return found


def column_limits() -> tuple[ColumnLimit, ...]:
    """Every limit, in the order of the data."""
    return tuple(_by_kind().values())


def staleness(*, last_on: datetime.date | None, on: datetime.date, kind: str) -> Staleness:
    """How a column of that kind stands on the day ``on`` when its last item was published on ``last_on`` (``None``: never).

    The limit's last day still counts as in time. :class:`LawMissing` for an unknown kind, :class:`ValueError` when ``last_on`` lies
    after ``on``.
    """
    limit = column_limit(kind)
    if last_on is None:
        return Staleness("empty", None, None, limit, f"{limit.name}没有任何信息，更新期限{limit.days}天（{limit.period}）。")
    days = (on - last_on).days
    if days < 0:
        raise ValueError(f"the last item of {last_on} lies after {on}")
    state = _state(days, limit)
    stale_on = last_on + datetime.timedelta(days=limit.days + 1)
    return Staleness(state, days, stale_on, limit, _words(state, days, limit))


def _state(days: int, limit: ColumnLimit) -> State:
    if days > limit.days:
        return "stale"
    return "warn" if days >= limit.warn_days else "fresh"


def _words(state: State, days: int, limit: ColumnLimit) -> str:
    since = f"{limit.name}已{days}天未更新" if days else f"{limit.name}当日有更新"
    left = limit.days - days
    if state == "stale":
        end = f"超过{-left}天"
    elif left:
        end = f"还剩{left}天"
    else:
        end = "期限当日届满"
    return f"{since}，更新期限{limit.days}天（{limit.period}），{end}。"


@cache
def _by_kind() -> dict[str, ColumnLimit]:
    data = load("columns/limits")
    limits = [ColumnLimit(warn_percent=data["warn_percent"], **entry) for entry in data["limits"]]
    for limit in limits:
        instrument(limit.basis.partition(":")[0])  # a limit whose instrument nobody listed must not load
    return {limit.kind: limit for limit in limits}

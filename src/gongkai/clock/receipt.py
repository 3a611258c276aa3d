"""The day of receipt (收到申请之日), by the channel that a request came in by.

>>> import datetime
>>> receipt_of("registered_mail", signed_on=datetime.date(2024, 3, 4)).day
datetime.date(2024, 3, 4)
>>> receipt_of("email", submitted_on=datetime.date(2024, 3, 4)).day is None
True
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from gongkai.law import cite
from gongkai.law.requests.timing import channel

# Which of the given days a rule of the law data takes, and what is missing where it is not there.
_DAYS = {
    "handed_in": ("submitted_on", "没有记下提交的日期"),
    "signed": ("signed_on", "没有记下签收的日期"),
    "same_day": ("confirmed_on", "还没有与申请人确认，应当在收到信函的当日确认"),
    "confirmed": ("confirmed_on", "双方还没有确认收到"),
}
_SAID = {
    "handed_in": "以提交之日为收到申请之日", "signed": "以签收之日为收到申请之日", "same_day": "以与申请人确认之日为收到申请之日",
    "confirmed": "以双方确认之日为收到申请之日",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Receipt:
    """``day`` is the day of receipt, ``None`` while it cannot be told; ``words`` say why it is that day or what is missing, in Chinese."""

    day: datetime.date | None
    words: str
    basis: str
    is_late: bool = False


def receipt_of(
    name: str, *, submitted_on: datetime.date | None = None, signed_on: datetime.date | None = None, confirmed_on: datetime.date | None = None,
) -> Receipt:  # fmt: skip
    """The day of receipt of what came in by that channel.

    ``submitted_on`` is the day it was handed in, sent or, for an ordinary letter, got by the office; ``signed_on`` the day it was
    signed for by any of the organ's offices; ``confirmed_on`` the day both sides confirmed it. ``is_late`` where an ordinary letter
    was confirmed later than on the day it came. :class:`gongkai.law.LawMissing` for a channel that the law of the day does not know;
    :class:`ValueError` for a day of receipt before the day it was sent. Source: 《政府信息公开条例》第三十一条.
    """
    given = {"submitted_on": submitted_on, "signed_on": signed_on, "confirmed_on": confirmed_on}
    known = [day for day in given.values() if day is not None]
    if not known:
        raise ValueError("a request that came in has at least one day")
    way = channel(name, on=max(known))
    field, missing = _DAYS[way.counts]
    day = given[field]
    if day is None:
        return Receipt(None, f"{missing}，不能确定收到申请之日（{cite(way.basis)}）。", way.basis)
    if submitted_on is not None and day < submitted_on:
        raise ValueError(f"received on {day}, sent on {submitted_on}")
    is_late = way.counts == "same_day" and submitted_on is not None and day > submitted_on
    return Receipt(day, f"{way.words}，{_SAID[way.counts]}（{cite(way.basis)}）。", way.basis, is_late)

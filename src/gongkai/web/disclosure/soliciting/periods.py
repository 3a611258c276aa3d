"""How long the public is asked for opinions: which matters there are, and the shortest time by the law of the day it begins."""

from __future__ import annotations

import datetime

from gongkai.clock import add_workdays
from gongkai.errors import Refused
from gongkai.law import LawMissing, at, cite
from gongkai.law.publication import PublicationLimit, publication_limit, publication_limits
from gongkai.timeliness import DueDay, open_until
from gongkai.web.disclosure.soliciting.values import most
from gongkai.web.disclosure.watch.timing import workdays

KEPT_OPEN = "keep_open"
SETTING = "setting"


def matters(on: datetime.date) -> tuple[PublicationLimit, ...]:
    """What opinions may be asked about as the law stands that day, each with how long at least."""
    return tuple(limit for limit in publication_limits(on=on) if limit.act == KEPT_OPEN)


def matter_of(name: str, on: datetime.date) -> PublicationLimit | None:
    """One of them; ``None`` where there is none of that name or its law is not in force."""
    try:
        limit = publication_limit(matter=name, on=on)
    except LawMissing:
        return None
    return limit if limit.act == KEPT_OPEN else None


def earliest_end(matter: str, from_on: datetime.date) -> DueDay:
    """The first day on which a call that begins that day may end, and how it was counted."""
    return open_until(published_on=from_on, matter=matter, table=workdays())


def demand_long_enough(matter: str, from_on: datetime.date, until_on: datetime.date, shortened: str) -> None:
    """:class:`Refused`, with its article, for a time that is shorter than the law has it without what the law then asks for."""
    due = earliest_end(matter, from_on)
    if until_on <= from_on or (until_on - from_on).days > most("days"):
        raise Refused(f"截止日期应当在起始日期之后，最长{most('days')}天。")
    if until_on >= due.day:
        if shortened:
            raise Refused("期限没有缩短，不用写缩短的理由。")
        return
    told = f"“{due.limit.matter}”的期限{due.limit.words}（{source_of(due.limit)}），最早在{due.day}截止。"
    if not due.limit.may_be_shorter:
        raise Refused(f"{told}这个期限不能缩短。", basis=due.limit.basis)
    if not shortened:
        raise Refused(f"{told}因情况紧急等原因需要缩短的，请写明理由，公众会看到。", basis=due.limit.basis)


def source_of(limit: PublicationLimit) -> str:
    """What the length rests on: the article, or that it is a setting and no statute's."""
    return "平台建议，没有法定天数" if limit.confidence == SETTING else cite(limit.basis)


def summary_due(until_on: datetime.date) -> datetime.date | None:
    """By which day the summary is to be public; ``None`` where nothing says it for that day."""
    try:
        limit = at(until_on).value("opinion_summary_limit")
        return add_workdays(start=until_on, n=limit.n, table=workdays()).day
    except LawMissing:
        return None

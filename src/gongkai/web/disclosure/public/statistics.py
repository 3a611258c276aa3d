"""What was published in a year: by organ, month, column and kind, and how soon. Counted from what is public when somebody asks."""

from __future__ import annotations

import datetime
import statistics
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Min
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import ExtractMonth

from gongkai.clock import workdays_between
from gongkai.law import LawMissing
from gongkai.web.disclosure.public.lists import Narrowing, public
from gongkai.web.disclosure.watch.timing import workdays


@dataclass(frozen=True, slots=True)
class Speed:
    """Working days from the day information was formed to the day it was published, over ``n`` items; ``None`` where none tells.

    Left out is what was published before the platform was used: when that was formed is mostly not known.
    """

    n: int
    median: float | None
    n_within: int
    days: int


@dataclass(frozen=True, slots=True)
class Year:
    """One year: how much was published in all, and by what."""

    year: int
    n_all: int
    by_month: list[int]
    by_organ: list[tuple[int, int]]
    by_column: list[tuple[str, int]]
    by_kind: list[tuple[str, int]]
    speed: Speed


def years(agencies: Collection[int] | None = None) -> list[int]:
    """The years in which something that is public now was published, the newest first."""
    span = public(Narrowing(agencies=agencies)).aggregate(first=Min("published_on"), last=Max("published_on"))
    if span["first"] is None:
        return []
    return list(range(span["last"].year, span["first"].year - 1, -1))


def of_year(year: int, *, days: int, agencies: Collection[int] | None = None) -> Year:
    """The figures of a year. ``days`` is the limit in working days against which the speed is held."""
    rows = public(Narrowing(agencies=agencies, year=year))
    months = dict(rows.annotate(month=ExtractMonth("published_on")).values_list("month").annotate(n=Count("pk")))
    kinds, columns, organs = (
        [(name, n) for name, n in rows.values_list(field).annotate(n=Count("pk")).order_by("-n", field)]
        for field in ("kind", "column", "agency_id")
    )
    by_month = [months.get(month, 0) for month in range(1, 13)]
    return Year(year, sum(by_month), by_month, organs, columns, kinds, _speed(rows, days))


def _speed(rows: Any, days: int) -> Speed:
    said = rows.filter(batch__isnull=True).annotate(formed=KeyTextTransform("formed_on", "revision__content"))
    found = Counter(said.values_list("formed", "published_on"))
    taken: list[int] = []
    for (formed, published_on), n in found.items():
        try:
            taken += [_workdays(datetime.date.fromisoformat(formed), published_on)] * n
        except (TypeError, ValueError, LawMissing):
            continue
    return Speed(len(taken), statistics.median(taken) if taken else None, sum(one <= days for one in taken), days)


@lru_cache(maxsize=20_000)
def _workdays(formed_on: datetime.date, published_on: datetime.date) -> int:
    if published_on <= formed_on:
        return 0
    return workdays_between(start=formed_on, end=published_on, table=workdays()).n_workdays

"""How the columns of organs stand against the inspections' limits, and which statutory columns are empty."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Count, Max, QuerySet

from gongkai.law import LawMissing
from gongkai.law.columns import Staleness, staleness
from gongkai.law.duties import Duty, duties
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Delivery, Publication

STATES = {"fresh": "正常", "warn": "快到期", "stale": "超期", "empty": "空白"}
HOME = "home"


@dataclass(frozen=True, slots=True)
class Fed:
    """One column, what feeds it, how many items stand in it and how it stands."""

    column: str
    last_on: datetime.date | None
    n_items: int
    standing: Staleness

    @property
    def state(self) -> str:
        """``fresh``, ``warn``, ``stale`` or ``empty``."""
        return self.standing.state

    @property
    def words(self) -> str:
        """The state in Chinese."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class DutyColumn:
    """One item of the statutory list and what the organ has published under it."""

    duty: Duty
    last_on: datetime.date | None
    n_items: int


@dataclass(frozen=True, slots=True)
class OrganColumns:
    """All columns of one organ. ``duties`` is empty for a kind of organ whose list the law does not give."""

    agency: Agency
    fed: list[Fed]
    duties: list[DutyColumn]

    @property
    def n_stale(self) -> int:
        """Columns past their limit."""
        return sum(row.state == "stale" for row in self.fed)

    @property
    def n_warn(self) -> int:
        """Columns near their limit."""
        return sum(row.state == "warn" for row in self.fed)

    @property
    def n_empty(self) -> int:
        """Columns in which nothing stands."""
        return sum(row.state == "empty" for row in self.fed)

    @property
    def empty_duties(self) -> list[DutyColumn]:
        """Items of the statutory list without anything published."""
        return [row for row in self.duties if not row.n_items]

    @property
    def rank(self) -> tuple[int, int, int]:
        """The worse, the greater."""
        return self.n_stale, self.n_empty, self.n_warn


@cache
def _feeds() -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = yaml.safe_load((Path(__file__).parent / "columns.yaml").read_text(encoding="utf-8"))
    return rows


Stand = dict[int, dict[str, tuple[datetime.date, int]]]


def columns_of(agencies: Sequence[Agency], on: datetime.date) -> list[OrganColumns]:
    """Every organ's columns on that day, in three questions however many organs there are."""
    inside = Agency.objects.filter(pk__in=[agency.pk for agency in agencies])
    public = Publication.objects.filter(item__agency__in=inside, withdrawn_on__isnull=True, published_on__lte=on)
    kinds, statutory = _grouped(public, "item__kind"), _grouped(public, "item__column")
    channels = _channels(inside, on)
    return [
        OrganColumns(
            agency, list(_fed(kinds[agency.pk], channels[agency.pk], on)), list(_duties(agency.kind, statutory[agency.pk]))
        )
        for agency in agencies
    ]  # fmt: skip


def _grouped(public: QuerySet[Publication], by: str) -> Stand:
    found: Stand = defaultdict(dict)
    rows = public.order_by().values("item__agency", by).annotate(last=Max("published_on"), n=Count("pk"))
    for row in rows:
        found[row["item__agency"]][row[by]] = (row["last"], row["n"])
    return found


def _channels(inside: QuerySet[Agency], on: datetime.date) -> Stand:
    """The last confirmed delivery of each channel that has a limit; what was taken down since still was an update."""
    wanted = [row["channel"] for row in _feeds() if "channel" in row]
    sent = Delivery.objects.filter(channel__in=wanted, is_withdrawal=False, confirmed_on__lte=on, publication__item__agency__in=inside)
    found: Stand = defaultdict(dict)
    for row in sent.order_by().values("publication__item__agency", "channel").annotate(last=Max("confirmed_on"), n=Count("pk")):
        found[row["publication__item__agency"]][row["channel"]] = (row["last"], row["n"])
    return found


def _fed(kinds: Mapping[str, Any], channels: Mapping[str, Any], on: datetime.date) -> Iterator[Fed]:
    for row in _feeds():
        if "channel" in row:
            if row["channel"] in channels:
                yield _one(row["column"], [channels[row["channel"]]], on)
        else:
            names = row["kinds"] or kinds
            yield _one(row["column"], [kinds[name] for name in names if name in kinds], on)


def _one(column: str, parts: Sequence[tuple[datetime.date, int]], on: datetime.date) -> Fed:
    last = max((day for day, _ in parts), default=None)
    return Fed(column, last, sum(n for _, n in parts), staleness(last_on=last, on=on, kind=column))


def _duties(kind: str, stands: Mapping[str, tuple[datetime.date, int]]) -> Iterator[DutyColumn]:
    try:
        listed = duties(kind=kind)
    except LawMissing:
        return
    for duty in listed:
        last, n_items = stands.get(duty.id, (None, 0))
        yield DutyColumn(duty, last, n_items)

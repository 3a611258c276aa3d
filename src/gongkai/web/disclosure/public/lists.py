"""Lists of what is public, the newest first, paged by day and key; and how much stands in each column."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.joint.models import JointOrgan
from gongkai.web.disclosure.models import Delivery, Publication

PAGE = 20
_PLACE = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What a list holds: of these organs (``None``: of all), of this column, kind, topic, year and month of
    publication. Empty means everything.

    A month is only asked for together with its year.
    """

    agencies: Collection[int] | None = None
    column: str = ""
    kind: str = ""
    year: int | None = None
    month: int | None = None
    topic: int | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) not in (None, "") for field in fields(self))


@dataclass(frozen=True, slots=True)
class Page:
    """One page: publications with their items and organs, and the place behind which the next begins (empty at the end)."""

    rows: list[Publication]
    after: str


def public(narrowing: Narrowing | None = None) -> QuerySet[Publication]:
    """The publications in force that the site carries, not ordered, without what their revisions say."""
    sent = Delivery.objects.filter(publication=OuterRef("pk"), channel="site", is_withdrawal=False)
    rows = Publication.objects.filter(Exists(sent), withdrawn_on__isnull=True).order_by()
    asked = narrowing or Narrowing()
    if asked.agencies is not None:
        rows = rows.filter(_of(asked.agencies))
    for name in ("column", "kind"):
        if value := getattr(asked, name):
            rows = rows.filter(**{name: value})
    if asked.topic is not None:
        rows = rows.filter(topic_places__topic=asked.topic)
    if asked.year is not None:
        first, last = asked.month or 1, asked.month or 12
        end = datetime.date(asked.year + last // 12, last % 12 + 1, 1)
        rows = rows.filter(published_on__gte=datetime.date(asked.year, first, 1), published_on__lt=end)
    return rows


def _of(agencies: Collection[int]) -> Q:
    """Published by those organs, or issued by them together with the one that leads."""
    own = Q(agency_id=next(iter(agencies))) if len(agencies) == 1 else Q(agency__in=list(agencies))
    shared = JointOrgan.objects.filter(agency__in=list(agencies), ended_by__isnull=True)
    # Hardly any organ issues documents with others, and the rest must not pay for those that do.
    joint = list(shared.values_list("item_id", flat=True)[:1000])
    return own | Q(item__in=joint) if joint else own


def page(narrowing: Narrowing, after: str = "", size: int | None = None) -> Page:
    """One page of a list; a place that is none begins at the newest."""
    size = size or PAGE
    rows = public(narrowing)
    if match := _PLACE.fullmatch(after):
        try:
            day, key = datetime.date.fromisoformat(match[1]), int(match[2])
        except ValueError:
            pass
        else:
            rows = rows.filter(published_on__lte=day).exclude(published_on=day, pk__gte=key)
    # Keys first: what a row says is read only for those that are shown.
    keys = list(rows.order_by("-published_on", "-pk").values_list("pk", flat=True)[: size + 1])
    found = with_words(keys[:size])
    last = found[-1] if len(keys) > size else None
    return Page(found, f"{last.published_on}.{last.pk}" if last else "")


def with_words(keys: Collection[int]) -> list[Publication]:
    """Those publications with items, organs and what they say, the newest first."""
    rows = Publication.objects.filter(pk__in=keys).select_related("item", "agency", "revision")
    return list(rows.order_by("-published_on", "-pk"))


@dataclass(frozen=True, slots=True)
class Stock:
    """How much stands in a column, and when the last of it came."""

    n_items: int
    last_on: datetime.date | None


def by_column(agencies: Collection[int]) -> Mapping[str, Stock]:
    """Column → how much those organs have public in it."""
    rows = public(Narrowing(agencies=agencies)).values("column").annotate(n=Count("pk"), last=Max("published_on"))
    return {row["column"]: Stock(row["n"], row["last"]) for row in rows}


def shown_through(agency: Agency) -> list[int]:
    """The organs whose information the pages of this one show: itself, and with a county those below that have no site of their own."""
    if agency.parent_id is not None:
        return [agency.pk]
    below = Agency.objects.filter(path__startswith=agency.path, has_site=False).values_list("pk", flat=True)
    return [agency.pk, *(pk for pk in below if pk != agency.pk)]


def by_slug(slug: str) -> Publication | None:
    """What the site carries or carried last under that address."""
    sent = Delivery.objects.filter(publication=OuterRef("pk"), channel="site", is_withdrawal=False)
    rows = Publication.objects.filter(Exists(sent), item__slug=slug).select_related("item", "agency", "revision", "withdrawal")
    # One in force at most; of those that were, the last.
    found: list[Any] = sorted(rows, key=lambda row: (row.withdrawn_on is None, row.pk))
    return found[-1] if found else None

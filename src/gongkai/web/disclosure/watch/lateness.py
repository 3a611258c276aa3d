"""What is late or soon will be, and what was published late: found by days in the database first, then counted exactly."""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, When
from django.db.models.functions import Cast

from gongkai.clock import add_workdays
from gongkai.law import LawMissing
from gongkai.law.matters import choices, with_own_start
from gongkai.law.publication import publication_limit
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.watch.timing import ASKED, Deadline, Timed, asked, deadline_of, due_day, of_facts, told, workdays

# How many working days before the last day an item is at risk.
RISK_DAYS = 5
SHOWN = 200
_DAY = datetime.timedelta(days=1)
_TOLD = tuple(f"told_{name}" for name in ASKED)
_FACTS = ("kind", "column", "formed_on", "agency__kind", *_TOLD)
_PUBLISHED_FACTS = ("kind", "column", "formed_on", "item__agency__kind", *_TOLD)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that is to be published and is not yet, with its deadline."""

    number: int
    title: str
    organ: str
    due: Deadline


@dataclass(frozen=True, slots=True)
class Published:
    """A publication that came after its last day: working days used, and calendar days late by."""

    number: int
    title: str
    organ: str
    published_on: datetime.date
    due: Deadline


@dataclass(frozen=True, slots=True)
class Late:
    """The most pressing items (at most ``SHOWN``) and how many there are in all, overdue and at risk."""

    rows: list[Waiting]
    n_overdue: int
    n_near: int


@dataclass(frozen=True, slots=True)
class PublishedLate:
    """The newest late publications of a year (at most ``SHOWN``), how many were late and how many there were."""

    rows: list[Published]
    n_late: int
    n_all: int


def horizon(on: datetime.date) -> datetime.date:
    """The last day that is near, seen from ``on``."""
    return add_workdays(start=on, n=RISK_DAYS, table=workdays()).day


def late(agencies: QuerySet[Agency], on: datetime.date, most: int = SHOWN) -> Late:
    """What is overdue or at risk in those organs, the earliest last day first. Memory holds ``most`` rows, however many there are."""
    until, counts = horizon(on), [0, 0]

    def pressing() -> Iterator[tuple[datetime.date, int, str, str, Timed]]:
        fields = ("pk", "title", "agency__short_name", "in_force_on", *_FACTS)
        for pk, title, organ, in_force_on, *facts in unpublished(agencies, on).values_list(*fields).iterator(chunk_size=2000):
            known = of_facts(*facts)
            due = due_day(known) if known and not (in_force_on and known.changed_on <= in_force_on) else None
            if known and due and due.day <= until:
                counts[due.day >= on] += 1
                yield due.day, pk, title, organ, known

    first = heapq.nsmallest(most, pressing(), key=lambda row: row[:2])
    rows = [Waiting(pk, title, organ, deadline) for _, pk, title, organ, known in first if (deadline := deadline_of(known, on))]
    return Late(rows, *counts)


def unpublished(agencies: QuerySet[Agency], on: datetime.date) -> QuerySet[Item]:
    """Every item of those organs that may be overdue or at risk, with what its limit follows from."""
    rows = unpublished_among(Item.objects.filter(agency__in=agencies), on)
    in_force = Publication.objects.filter(item=OuterRef("pk"), withdrawn_on__isnull=True)
    return rows.annotate(in_force_on=Subquery(in_force.values("published_on")[:1]), **asked("current__content", own_start())).order_by()


def not_public_as_they_are(items: QuerySet[Item], keys: range | None = None) -> QuerySet[Item]:
    """The items to be published whose newest revision is not public: few, and told cheaply. ``keys`` where the items are known to lie."""
    in_force = Publication.objects.filter(item=OuterRef("pk"), withdrawn_on__isnull=True, revision=OuterRef("current"))
    if keys is not None:
        # Told twice, for a database does not conclude from the item's key where its publication is to be looked for.
        in_force = in_force.filter(item__gte=keys.start, item__lt=keys.stop)
    return items.filter(~Exists(in_force), attribute="proactive", is_discarded=False)


def unpublished_among(items: QuerySet[Item], on: datetime.date) -> QuerySet[Item]:
    """Those of the items that may be overdue or at risk: more than are, never fewer.

    To be published, and never was, or was changed, approved or decided anew on a day after it was. No limit ends sooner than so many
    calendar days after the formation; an item whose limit may count from a day of its own is never left out by its day of formation.
    """
    in_force = Publication.objects.filter(item=OuterRef("pk"), withdrawn_on__isnull=True)
    # Asked from the few that were withdrawn: whether each item has a publication would have the database read every one of them.
    public_again = Publication.objects.filter(item=OuterRef("item"), withdrawn_on__isnull=True)
    withdrawn = Publication.objects.filter(~Exists(public_again), item=OuterRef("pk"), withdrawn_on__isnull=False)
    later = {f"own_{name}": day for name, day in asked("current__content", own_start()).items() if name != "told_matter"}
    # A day is compared as its text, which is how a revision's content holds it; where none is told, nothing is later than that.
    since = Q(published_on__gte=OuterRef("formed_on"))
    for name in later:
        since &= Q(day__gte=OuterRef(name))
    settled = in_force.alias(day=Cast("published_on", TextField())).filter(since)
    early_enough = Q(formed_on__lte=horizon(on) - _DAY * shortest(on)) | own_start()
    return not_public_as_they_are(items).alias(**later).filter(early_enough).filter(~Exists(settled)).filter(~Exists(withdrawn))


def published_late(agencies: QuerySet[Agency], on: datetime.date, most: int = SHOWN) -> PublishedLate:
    """What those organs published after its last day in the year of ``on``, the newest first, from the revision that was published."""
    first = datetime.date(on.year, 1, 1)
    of_year = Publication.objects.filter(item__agency__in=agencies, published_on__range=(first, on))
    n_late = 0

    def found() -> Iterator[tuple[datetime.date, int, int, str, str, Timed]]:
        nonlocal n_late
        fields = ("published_on", "pk", "item_id", "title", "item__agency__short_name", *_PUBLISHED_FACTS)
        for published_on, pk, item, title, organ, *facts in may_be_late(of_year, on).values_list(*fields).iterator(chunk_size=2000):
            known = of_facts(*facts)
            due = due_day(known) if known else None
            if known and due and due.day < published_on:
                n_late += 1
                yield published_on, pk, item, title, organ, known

    newest = heapq.nlargest(most, found(), key=lambda row: row[:2])
    rows = [
        Published(item, title, organ, published_on, deadline)
        for published_on, _, item, title, organ, known in newest
        if (deadline := deadline_of(known, published_on))
    ]
    return PublishedLate(rows, n_late, of_year.count())


def may_be_late(publications: QuerySet[Publication], on: datetime.date) -> QuerySet[Publication]:
    """Those publications that may have come after their last day: more than have, never fewer.

    While the item is as it was published, its own columns tell title and day; of what was changed since, only its revision does.
    """
    # A day more than the database's arithmetic needs: it may count a day as a moment.
    after = Q(published_on__gte=F("item__formed_on") + _DAY * (shortest(on) - 1))
    own, changed = own_start("item__"), ~Q(revision=F("item__current"))
    facts: dict[str, Any] = {
        name: Case(When(changed, then=told("revision__content", name)), default=Cast(F(f"item__{name}"), TextField()))
        for name in ("title", "formed_on")
    }
    return publications.filter(after | own | changed).annotate(**facts, **asked("revision__content", own | changed)).order_by()


def shortest(on: datetime.date) -> int:
    """The fewest calendar days that any limit leaves: so many working days are never fewer calendar days."""
    found = []
    for matter in {name for row in choices() for name in row.matters}:
        try:
            found.append(publication_limit(matter=matter, on=on).days)
        except LawMissing:
            continue
    return min(found)


def own_start(prefix: str = "") -> Q:
    """The condition under which an item's limit may count from a day of its own."""
    found = Q(pk__in=())
    for row in with_own_start():
        one = Q()
        for name, values in (("kind__in", row.kinds), ("column__in", row.columns)):
            if values:
                one &= Q(**{f"{prefix}{name}": values})
        found |= one
    return found

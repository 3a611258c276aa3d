"""Every read of the channels: what waits and since when, what was pushed, and counts by channel of a year."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractYear

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.channels.models import AGAIN, FAILED, Attempt, Endpoint, Evidence
from gongkai.web.disclosure.channels.values import retry
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Delivery, Publication
from gongkai.web.disclosure.queries import Page
from gongkai.web.settings import moment

PAGE = 50
FIRST, REPLACE, WITHDRAW = "first", "replace", "withdraw"
TASKS = {FIRST: "发布", REPLACE: "换成新内容", WITHDRAW: "撤下"}
COUNTED = ("primary", "also", "waiting", "withdrawn")


def with_push(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """The deliveries with the endpoint that serves them now (the nearest organ's) and the newest event of their pushes."""
    above = Endpoint.objects.filter(channel=OuterRef("channel"), ended_by__isnull=True).annotate(
        path=ExpressionWrapper(OuterRef("publication__item__agency__path"), output_field=CharField())
    )
    serving = above.filter(Q(path=F("agency__path")) | Q(covers_below=True, path__startswith=F("agency__path"))).order_by("-agency__path")
    newest = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    return deliveries.annotate(
        endpoint_id=Subquery(serving.values("pk")[:1]),
        last_attempt=Subquery(newest.values("pk")[:1]),
        last_outcome=Subquery(newest.values("outcome")[:1]),
        last_endpoint=Subquery(newest.values("endpoint_id")[:1]),
        last_number=Coalesce(Subquery(newest.values("number")[:1]), Value(0), output_field=IntegerField()),
    )


def given_up() -> Q:
    """The condition under which the platform pushes a delivery no more; for deliveries that came through :func:`with_push`."""
    return Q(last_outcome=FAILED, last_endpoint=F("endpoint_id"), last_number__gte=retry().most)


def waiting(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those that still wait: an older text that was never posted needs nobody any more."""
    return deliveries.filter(confirmed_on__isnull=True).filter(Q(is_withdrawal=True) | Q(publication__withdrawn_on__isnull=True))


@dataclass(frozen=True, slots=True)
class Reminder:
    """One channel that waits: what is to be done (:data:`TASKS`), since which day, for how many days.

    ``failed`` is the last attempt of a push that the platform gave up; ``is_pushed`` while it still tries by itself. ``is_sure`` says
    that somebody confirmed the older text there; without that it may hang there or not.
    """

    delivery: Delivery
    task: str
    since: datetime.date
    days: int
    failed: Attempt | None
    is_pushed: bool
    is_sure: bool

    @property
    def task_words(self) -> str:
        """What is to be done, in Chinese."""
        return TASKS[self.task]


def reminders(person: Person, *, channel: str = "", agency: Agency | None = None, most: int = 200) -> list[Reminder]:
    """What that person is to post or take down, oldest first; without what the platform still pushes by itself."""
    agencies = Agency.objects.seen_by(person, "disclosure.confirm_delivery")
    if agency is not None:
        agencies = agencies.filter(pk=agency.pk)
    found = with_push(waiting(Delivery.objects.filter(publication__item__agency__in=agencies)))
    found = found.filter(Q(endpoint_id__isnull=True) | given_up())
    return _reminders(found.filter(channel=channel) if channel else found, most)


def reminder_of(delivery: Delivery) -> Reminder:
    """One delivery as a reminder, whoever is to do it."""
    return _reminders(with_push(Delivery.objects.filter(pk=delivery.pk)), 1)[0]


def _reminders(deliveries: QuerySet[Delivery], most: int) -> list[Reminder]:
    older = Delivery.objects.filter(publication__item=OuterRef("publication__item"), channel=OuterRef("channel"))
    gone = older.filter(publication__gte=OuterRef("publication"), is_withdrawal=True, confirmed_on__isnull=False)
    sent = older.filter(~Exists(gone), publication__lt=OuterRef("publication"), is_withdrawal=False)
    # What a withdrawal is about is the delivery of the same publication.
    own = older.filter(publication=OuterRef("publication"), is_withdrawal=False, confirmed_on__isnull=False)
    posted = sent.filter(confirmed_on__isnull=False)
    rows: list[Any] = list(
        deliveries.annotate(
            since=Coalesce("asked_by__occurred_on", "publication__published_on"),
            replaces=Exists(sent),
            has_given_up=given_up_flag(),
            is_sure=Case(When(is_withdrawal=True, then=Exists(own)), default=Exists(posted)),
        )
        .select_related("publication__item__agency", "publication__revision", "publication__withdrawal")
        .order_by("since", "pk")[:most]
    )
    failed = Attempt.objects.in_bulk({row.last_attempt for row in rows if row.has_given_up})
    return [_reminder(row, failed) for row in rows]


def given_up_flag() -> Any:
    """:func:`given_up` as a column."""
    return Case(When(given_up(), then=Value(True)), default=Value(False))


def _reminder(row: Any, failed: Mapping[int, Attempt]) -> Reminder:
    task = WITHDRAW if row.is_withdrawal else REPLACE if row.replaces else FIRST
    is_pushed = row.endpoint_id is not None and not row.has_given_up and row.confirmed_on is None
    return Reminder(row, task, row.since, (moment.today() - row.since).days, failed.get(row.last_attempt), is_pushed, row.is_sure)


def deliveries_seen_by(person: Person) -> QuerySet[Delivery]:
    """The deliveries of the organs in which that person may look at disclosure."""
    agencies = Agency.objects.seen_by(person, "disclosure.view")
    return Delivery.objects.filter(publication__item__agency__in=agencies).select_related(
        "publication__item__agency", "publication__revision", "publication__withdrawal", "confirmation__person"
    )


def evidence_seen_by(person: Person) -> QuerySet[Evidence]:
    """The evidence of the organs in which that person may look at disclosure."""
    agencies = Agency.objects.seen_by(person, "disclosure.view")
    return Evidence.objects.filter(Q(delivery__publication__item__agency__in=agencies) | Q(transfer__agency__in=agencies))


def attempts_of(delivery: Delivery) -> list[Attempt]:
    """The events of a delivery's pushes, newest first; what began and ended is told once, by its end."""
    events = list(delivery.attempts.select_related("endpoint", "entry__person").order_by("-pk"))
    ended = {(event.endpoint_id, event.number, event.at) for event in events if event.outcome not in ("begun", AGAIN)}
    return [event for event in events if event.outcome != "begun" or (event.endpoint_id, event.number, event.at) not in ended]


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """One channel's figures of a year: items of which it is the primary channel, items that it carried beside another, postings
    that still wait, and how many of its primary items were withdrawn since.
    """

    channel: str
    primary: int
    also: int
    waiting: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class YearCounts:
    """The figures of an organ's year. Every item counts once, by its first publication, so ``total.primary`` is the items published."""

    year: int
    rows: tuple[ChannelCount, ...]
    total: ChannelCount

    @property
    def largest(self) -> int:
        """The greatest number of primary items of any channel."""
        return max((row.primary for row in self.rows), default=0)


def counts_by_channel(agency: Agency, year: int) -> YearCounts:
    """How many items an organ published in a year, by primary channel: the parts add up to the whole."""
    figures = {name: _by_channel(counted(agency, year, name)) for name in COUNTED}
    rows = tuple(
        ChannelCount(channel, *(figures[name].get(channel, 0) for name in COUNTED))
        for channel in words("channels")
        if any(channel in figures[name] for name in COUNTED)
    )
    sums = (sum(figures[name].values()) for name in COUNTED)
    return YearCounts(year, rows, ChannelCount("", *sums))


def _by_channel(rows: QuerySet[Any]) -> dict[str, int]:
    name = "primary_channel" if rows.model is Publication else "channel"
    return dict(rows.order_by().values_list(name).annotate(n=Count("pk")))


def counted(agency: Agency, year: int, name: str, channel: str = "") -> QuerySet[Any]:
    """The rows behind one figure (:data:`COUNTED`) of :func:`counts_by_channel`: publications, or deliveries for ``also`` and ``waiting``."""
    earlier = Publication.objects.filter(item=OuterRef("item"), pk__lt=OuterRef("pk"))
    first = Publication.objects.filter(~Exists(earlier), item__agency=agency, published_on__year=year)
    if name == "primary":
        return first.filter(primary_channel=channel) if channel else first
    if name == "withdrawn":
        in_force = Publication.objects.filter(item=OuterRef("item"), withdrawn_on__isnull=True)
        gone = first.filter(~Exists(in_force))
        return gone.filter(primary_channel=channel) if channel else gone
    rows = Delivery.objects.filter(publication__item__agency=agency, publication__published_on__year=year)
    if name == "also":
        # An item counts once for a channel, when it first carried it.
        before = Delivery.objects.filter(
            publication__item=OuterRef("publication__item"), channel=OuterRef("channel"), pk__lt=OuterRef("pk"),
            is_withdrawal=False, confirmed_on__isnull=False,
        )  # fmt: skip
        rows = rows.filter(~Exists(before), is_withdrawal=False, confirmed_on__isnull=False)
        rows = rows.exclude(channel=F("publication__primary_channel"))
    else:
        rows = waiting(rows)
    return rows.filter(channel=channel) if channel else rows


def counted_page(rows: QuerySet[Any], after: int | None) -> Page:
    """One page of the rows behind a figure, newest first."""
    path = "item__agency" if rows.model is Publication else "publication__item__agency"
    rows = rows.select_related(path).order_by("-pk")
    found = list((rows.filter(pk__lt=after) if after is not None else rows)[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def years_of(agency: Agency) -> list[int]:
    """The years in which an organ published something, newest first."""
    years = Publication.objects.filter(item__agency=agency).annotate(year=ExtractYear("published_on"))
    return list(years.order_by("-year").values_list("year", flat=True).distinct())


def endpoints_of(agencies: Sequence[Agency] | QuerySet[Agency]) -> QuerySet[Endpoint]:
    """The endpoints in force of those organs."""
    return Endpoint.objects.filter(agency__in=agencies, ended_by__isnull=True).select_related("agency", "entry__person")

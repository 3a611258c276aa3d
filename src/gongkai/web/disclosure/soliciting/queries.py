"""Every read about opinions of the public: how a call stands, the lists of the site, and what the office sees."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongkai.timeliness import DueDay
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import may_somewhere
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.lists import public
from gongkai.web.disclosure.soliciting.models import DRAFT, Aside, Opinion, OpinionSummary, Solicitation
from gongkai.web.disclosure.soliciting.periods import earliest_end, summary_due
from gongkai.web.disclosure.watch import callers as codes
from gongkai.web.settings.numbers import number_in

PAGE, SHOWN, FEW = 20, 100, 5


@dataclass(frozen=True, slots=True)
class Call:
    """How a call for opinions stands on a day.

    ``state`` is ``coming``, ``open``, ``ended`` or ``answered``, and ``gone`` where its draft is not public any more. ``draft``
    and ``summary`` are what the public reads now, ``None`` where that is nothing. ``left`` are the days until the last one.
    """

    row: Solicitation
    state: str
    draft: Publication | None
    summary: Publication | None
    left: int

    @property
    def counting(self) -> DueDay:
        """How long it must be open at least, and how that was counted."""
        return earliest_end(self.row.matter, self.row.from_on)

    @property
    def due(self) -> datetime.date | None:
        """By which day the summary is to be public."""
        return summary_due(self.row.until_on)


def standing_of(row: Solicitation, on: datetime.date) -> Call:
    """How one call stands."""
    return calls([row], on)[0]


def calls(rows: Iterable[Solicitation], on: datetime.date) -> list[Call]:
    """How each of them stands, two questions for all."""
    listed = list(rows)
    of_summary = dict(
        OpinionSummary.objects.filter(solicitation__in=listed, item__is_discarded=False).values_list("item_id", "solicitation_id")
    )
    wanted = [*(row.item_id for row in listed), *of_summary]
    shown = {one.item_id: one for one in public().filter(item__in=wanted).select_related("item", "agency", "revision")}
    summaries = {solicitation: shown[item] for item, solicitation in of_summary.items() if item in shown}
    return [_call(row, on, shown.get(row.item_id), summaries.get(row.pk)) for row in listed]


def _call(row: Solicitation, on: datetime.date, draft: Publication | None, summary: Publication | None) -> Call:
    if summary is not None:
        state = "answered"
    elif on > row.until_on:
        state = "ended"
    elif draft is None:
        state = "gone"
    else:
        state = "open" if on >= row.from_on else "coming"
    return Call(row, state, draft, summary, (row.until_on - on).days)


# What the site shows.


@dataclass(frozen=True, slots=True)
class Page:
    """One page of calls, and the key after which the next begins (empty at the end)."""

    rows: list[Call]
    after: str


def public_calls(on: datetime.date, *, state: str = "", after: str = "", size: int = PAGE) -> Page:
    """The calls whose draft is public; those open now or soon the first to end first, the others the last made first."""
    rows = _stated(_shown(), state, on)
    if (last := number_in(after)) is not None:
        rows = rows.filter(pk__lt=last)
    order = ("until_on", "pk") if state == "open" else ("-pk",)
    found = list(rows.select_related("item__agency").order_by(*order)[: size + 1])
    return Page(calls(found[:size], on), str(found[size - 1].pk) if len(found) > size and state != "open" else "")


def n_open(on: datetime.date) -> int:
    """How many calls are open to everybody that day."""
    return _stated(_shown(), "open", on).count()


def _shown() -> QuerySet[Solicitation]:
    return Solicitation.objects.filter(Exists(public().filter(item=OuterRef("item"))))


def _stated(rows: QuerySet[Solicitation], state: str, on: datetime.date) -> QuerySet[Solicitation]:
    answered = Exists(
        OpinionSummary.objects.filter(
            Exists(public().filter(item=OuterRef("item"))), solicitation=OuterRef("pk"), item__is_discarded=False
        )
    )  # fmt: skip
    match state:
        case "open":
            return rows.filter(~answered, from_on__lte=on, until_on__gte=on)
        case "coming":
            return rows.filter(from_on__gt=on)
        case "ended":
            return rows.filter(~answered, until_on__lt=on)
        case "answered":
            return rows.filter(answered)
    return rows


def call_of_slug(slug: str, on: datetime.date) -> Call | None:
    """The call on the draft under that address; ``None`` where there is none or its draft is not public any more."""
    row = Solicitation.objects.select_related("item__agency").filter(item__slug=slug).first()
    call = standing_of(row, on) if row is not None else None
    return call if call is not None and call.draft is not None else None


def call_of_item(item: int, on: datetime.date) -> Call | None:
    """The call on that item, or the one that it tells the outcome of."""
    rows = Solicitation.objects.select_related("item__agency")
    row = rows.filter(Q(item=item) | Q(summaries__item=item)).first()
    return standing_of(row, on) if row is not None else None


def opinion_of(number: str, code: str) -> Any:
    """The opinion with that number for whoever has its code; ``None`` for a wrong code as for a wrong number."""
    row = Opinion.objects.select_related("solicitation__item__agency").filter(number=number[:30]).exclude(code_digest="").first()
    # A number that nobody has costs the same comparison.
    fits = codes.opens(number, code, row.code_digest if row is not None else "0" * 64)
    return row if row is not None and fits else None


def aside_of(opinion: Opinion) -> Aside | None:
    """Why an opinion is not counted; ``None`` when it is."""
    return opinion.asides.filter(ended_by__isnull=True).first()


def counted(row: Solicitation) -> QuerySet[Opinion]:
    """The opinions that count."""
    return row.opinions.exclude(Exists(Aside.objects.filter(opinion=OuterRef("pk"), ended_by__isnull=True)))


# What the office sees.


def seen_by(person: Person) -> QuerySet[Solicitation]:
    """The calls of the organs in which that person may look at opinions."""
    agencies = Agency.objects.seen_by(person, "solicit.view")
    return Solicitation.objects.filter(item__agency__in=agencies).select_related("item__agency")


def opinions_seen_by(person: Person) -> QuerySet[Opinion]:
    """The opinions of those calls."""
    agencies = Agency.objects.seen_by(person, "solicit.view")
    return Opinion.objects.filter(solicitation__item__agency__in=agencies).select_related("solicitation__item__agency")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call past its end whose summary is not public: by which day it should be (``None``: nothing says), and the item in hand."""

    call: Call
    due: datetime.date | None
    item: int | None
    is_late: bool


def waiting(agencies: QuerySet[Agency], on: datetime.date, *, few: int = FEW) -> list[Waiting]:
    """What those organs still owe the public, the first to end first."""
    rows = _stated(Solicitation.objects.filter(item__agency__in=agencies), "ended", on)
    found = list(rows.select_related("item__agency").order_by("until_on", "pk")[:few])
    drafts = OpinionSummary.objects.filter(solicitation__in=found, item__is_discarded=False)
    in_hand = dict(drafts.values_list("solicitation_id", "item_id"))
    return [
        Waiting(call, call.due, in_hand.get(call.row.pk), call.due is not None and on > call.due) for call in calls(found, on)
    ]  # fmt: skip


def home_of(person: Person, on: datetime.date) -> list[Waiting]:
    """What waits for a summary that person may write; nothing, without asking the database, for who may nowhere."""
    if not may_somewhere(person, "solicit.summarize", on):
        return []
    return waiting(Agency.objects.seen_by(person, "solicit.summarize", on), on)


def uncalled(agencies: QuerySet[Agency]) -> list[Publication]:
    """The published drafts of those organs on which nobody has asked for opinions yet, the newest first."""
    called = Solicitation.objects.filter(item=OuterRef("item"))
    rows = public().filter(~Exists(called), kind=DRAFT, agency__in=agencies)
    return list(rows.select_related("item", "agency", "revision").order_by("-published_on", "-pk")[:SHOWN])


def with_asides(rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
    """The opinions with whether each is left out of the count."""
    return rows.annotate(is_aside=Exists(Aside.objects.filter(opinion=OuterRef("pk"), ended_by__isnull=True)))


def draft_of(row: Solicitation) -> OpinionSummary | None:
    """The summary in hand or published; ``None`` while nobody began it."""
    return row.summaries.filter(item__is_discarded=False).select_related("item").first()

"""How a request stands on a day: its day of receipt, its state and its due day, from the rows of what happened."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gongkai.clock import Receipt, Standing, follow, receipt_of
from gongkai.clock.events import (
    Consulted,
    Deferred,
    Event,
    ExplanationAsked,
    Extended,
    FeeAsked,
    FeePaid,
    Reopened,
    Replied,
    SupplementAsked,
    Supplemented,
)
from gongkai.web.disclosure.watch.timing import workdays
from gongkai.web.inforequest.models import HandlingEvent, Inforequest

UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Case:
    """A request as it stands. ``clock`` is ``None`` while its day of receipt cannot be told; ``state`` is one of the law's table of acts."""

    row: Inforequest
    receipt: Receipt
    clock: Standing | None
    events: tuple[HandlingEvent, ...]

    @property
    def state(self) -> str:
        """How it stands."""
        if self.clock is None:
            return UNCONFIRMED
        last = [event.kind for event in self.events if event.kind in ("replied", "archived", "reopened")][-1:]
        return "archived" if last == ["archived"] else self.clock.state

    @property
    def round(self) -> int:
        """Which reply is due or given: one more after every decision that has it handled again."""
        return 1 + sum(event.kind == "reopened" for event in self.events)


def case_of(row: Inforequest, on: datetime.date) -> Case:
    """How one request stands on that day."""
    events = tuple(row.events.all())
    receipt = receipt_day(row, events)
    clock = None
    if receipt.day is not None and receipt.day <= on:
        clock = follow(receipt.day, clock_events(events), as_of=on, table=workdays())
    return Case(row, receipt, clock, events)


def n_of_month(case: Case) -> int:
    """How many requests of the same requester the organ received before this one in the same calendar month.

    :class:`ValueError` while the day of receipt of this one cannot be told.
    """
    day = case.receipt.day
    if day is None:
        raise ValueError("a request without a day of receipt belongs to no month")
    row = case.row
    others = Inforequest.objects.filter(agency=row.agency_id, requester_mark=row.requester_mark, submitted_on__lte=day).exclude(pk=row.pk)
    days = [(receipt_day(other, other.events.all()).day, other.pk) for other in others.prefetch_related("events")]
    return sum(
        received is not None and (received.year, received.month) == (day.year, day.month) and (received, pk) < (day, row.pk)
        for received, pk in days
    )


def receipt_day(row: Inforequest, events: Iterable[HandlingEvent]) -> Receipt:
    """The day of receipt by the channel it came in by."""
    confirmed = next((event.on for event in events if event.kind == "confirmed"), None)
    return receipt_of(row.channel, submitted_on=row.submitted_on, signed_on=row.signed_on, confirmed_on=confirmed)


def clock_events(rows: Sequence[HandlingEvent]) -> list[Event]:
    """What bears on the time, as the clock knows it."""
    # An arrival is told when its proof comes, which is later than the arrival itself.
    later = {
        (row.about_id, row.kind): _day(row.facts["arrived"]) if "arrived" in row.facts else row.on
        for row in rows
        if row.about_id is not None
    }
    return [event for row in rows if (event := clock_event(row, later)) is not None]


Later = Mapping[tuple[int | None, str], datetime.date]


def clock_event(row: HandlingEvent, later: Later | None = None) -> Event | None:
    """One of them, ``None`` where it does not bear on the time; ``later`` are the days of what followed it."""
    make = _MADE.get(row.kind)
    return make(row, later or {}) if make else None


_MADE: Mapping[str, Callable[[HandlingEvent, Later], Event]] = {
    "supplement_asked": lambda row, _: SupplementAsked(on=row.on, until=_day(row.facts["until"])),
    "supplemented": lambda row, _: Supplemented(on=row.on, is_excused=row.facts.get("is_excused", False)),
    "consulted": lambda row, later: Consulted(
        on=row.on, kind=row.facts["kind"], received=later.get((row.pk, "arrived")), answered=later.get((row.pk, "opinion"))
    ),
    "extended": lambda row, _: Extended(on=row.on, n=row.facts["n"], approved=_day(row.facts["approved"])),
    "explanation_asked": lambda row, _: ExplanationAsked(on=row.on),
    "deferred": lambda row, _: Deferred(on=row.on, until=_day(row.facts["until"])),
    "fee_asked": lambda row, later: FeeAsked(on=row.on, received=later.get((row.pk, "fee_arrived"))),
    "fee_paid": lambda row, _: FeePaid(on=row.on),
    "replied": lambda row, _: Replied(on=row.on),
    "reopened": lambda row, _: Reopened(on=row.on, n=row.facts.get("n")),
}


def _day(said: str) -> datetime.date:
    return datetime.date.fromisoformat(said)

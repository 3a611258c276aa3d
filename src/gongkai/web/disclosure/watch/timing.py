"""By which day an item must be public, and how it stands: derived from its kind, column and days, never stored."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import Case, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, NullIf

from gongkai.clock import Workdays, workdays_between
from gongkai.law import LawMissing
from gongkai.law.matters import chosen, start_of
from gongkai.timeliness import DueDay, publish_by
from gongkai.web.settings import moment

# A due day this many days away or fewer is shown as near.
NEAR_DAYS = 7


@cache
def workdays() -> Workdays:
    """The table of working days, built once."""
    return Workdays()


@dataclass(frozen=True, slots=True)
class Timed:
    """What a limit follows from. ``named`` is the matter the drafter chose; the other two days are those some limits count from."""

    kind: str
    column: str
    organ: str
    formed_on: datetime.date
    named: str | None = None
    approved_on: datetime.date | None = None
    decided_on: datetime.date | None = None

    @property
    def matter(self) -> str:
        """The limit that holds."""
        return chosen(kind=self.kind, column=self.column, organ=self.organ, named=self.named)

    @property
    def start(self) -> tuple[datetime.date, bool]:
        """The day that the limit counts from, and whether the formation was taken because its own day is not told."""
        named = start_of(self.matter)
        told: datetime.date | None = getattr(self, named) if named else self.formed_on
        return told or self.formed_on, told is None

    @property
    def changed_on(self) -> datetime.date:
        """The day from which a publication is one of what the item says now: formed or changed, and approved or decided."""
        return max(self.formed_on, self.start[0])


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to publish, how many days are left (negative when past) and how the day was counted.

    ``urgency`` is ``past``, ``near`` or ``far``; ``is_provisional`` as in :class:`gongkai.timeliness.DueDay`. ``matter`` names the
    limit in Chinese; ``is_assumed`` when its own day is not known and the day of formation was taken. ``used`` are the working
    days from the first day counted to the day looked from, which is ``done_on`` when the matter is done.
    """

    day: datetime.date
    left: int
    urgency: str
    is_provisional: bool
    derivation: tuple[str, ...]
    matter: str
    is_general: bool
    is_assumed: bool
    used: int | None
    done_on: datetime.date | None

    @property
    def over(self) -> int:
        """By how many days the day is past."""
        return -self.left


# What a list asks of a revision's content beside the item's own columns: name of the annotation → places where it may stand.
ASKED = {
    "matter": ("matter", "details__matter"),
    "approved_on": ("approved_on", "details__approved_on"),
    "decided_on": ("details__decided_on",),
}


def told(content: str, place: str) -> Any:
    """What stands at that place of a revision's content, as text, empty where nothing does; ``content`` is its path in a query."""
    found: Any = content
    for key in place.split("__")[:-1]:
        found = KeyTransform(key, found)
    return Coalesce(KeyTextTransform(place.rpartition("__")[2], found), Value(""), output_field=TextField())


def asked(content: str, where: Q | None = None) -> dict[str, Any]:
    """The annotations that :func:`timed` reads, for the revision's content at that path of a query (``current__content``).

    With ``where`` only rows for which that holds are asked, and the others tell nothing.
    """
    nothing = Value("", output_field=TextField())
    found = {
        f"told_{name}": Coalesce(*(NullIf(told(content, place), nothing) for place in places), nothing) for name, places in ASKED.items()
    }
    return found if where is None else {name: Case(When(where, then=text), default=nothing) for name, text in found.items()}


def timed(thing: Any) -> Timed | None:
    """What the limit of an item or of a review run's revision follows from."""
    if hasattr(thing, "revision") and hasattr(thing, "stages"):
        return of_content(thing.revision.content, thing.agency.kind)
    if not hasattr(thing, "told_matter"):
        return of_content({**(thing.current.content if thing.current else {}), **_columns(thing)}, thing.agency.kind)
    return of_facts(*_columns(thing).values(), thing.agency.kind, *(getattr(thing, f"told_{name}") for name in ASKED))


def _columns(item: Any) -> dict[str, Any]:
    return {"kind": item.kind, "column": item.column, "formed_on": item.formed_on}


def of_content(content: Mapping[str, Any], organ: str) -> Timed | None:
    """What the limit of a revision's content follows from, published by that kind of organ; ``None`` where no day is told."""
    details = content.get("details") or {}
    told = (content.get(name) or details.get(name) for name in ASKED)
    return of_facts(content.get("kind"), content.get("column"), content.get("formed_on"), organ, *told)


def of_facts(*facts: Any) -> Timed | None:
    """The same from kind, column, day of formation, kind of organ, and what :data:`ASKED` names, as a database gives them."""
    kind, column, formed_on, organ, named, approved_on, decided_on = facts
    day = day_of(formed_on)
    return Timed(kind or "", column or "", organ, day, named or None, day_of(approved_on), day_of(decided_on)) if day else None


def day_of(text: Any) -> datetime.date | None:
    """A day, or its text as a revision's content holds it; ``None`` for anything else."""
    if isinstance(text, datetime.date):
        return text
    try:
        return datetime.date.fromisoformat(text) if text else None
    except (TypeError, ValueError):
        return None


def due_day(known: Timed) -> DueDay | None:
    """The last day to publish; ``None`` where no law is loaded for it."""
    return _due(known.matter, *known.start)


@lru_cache(maxsize=4096)
def _due(matter: str, start: datetime.date, is_assumed: bool) -> DueDay | None:
    for name in (matter, None):  # before its own law a matter falls under the general limit
        try:
            due = publish_by(formed_on=start, matter=name, table=workdays())
        except LawMissing:
            continue
        return _assumed(due) if is_assumed and due.limit.id == matter else due
    return None


def _assumed(due: DueDay) -> DueDay:
    """The same day, saying that the day it counts from was taken from the formation."""
    start, own = due.counted_on, due.limit.counted_from
    first = f"没有填写{own}，暂以形成或者变更之日{start.year}年{start.month}月{start.day}日起算，当日不计入；{own}不同的，以{own}为准。"
    return DueDay(due.day, due.provisional, due.reason, start, due.limit, (first, *due.derivation[1:]))


def deadline_of(known: Timed | None, done_on: datetime.date | None = None) -> Deadline | None:
    """How that stands seen from ``done_on`` or today."""
    due = due_day(known) if known else None
    if known is None or due is None:
        return None
    seen_on = done_on or moment.today()
    left = (due.day - seen_on).days
    urgency = "past" if left < 0 else "near" if left <= NEAR_DAYS else "far"
    is_general = due.limit.id == "general"
    return Deadline(
        due.day, left, urgency, due.provisional, due.derivation, due.limit.matter, is_general,
        is_assumed=not is_general and known.start[1], used=used(due.counted_on, seen_on), done_on=done_on,
    )  # fmt: skip


def used(start: datetime.date, end: datetime.date) -> int | None:
    """Working days after ``start`` up to ``end``; ``None`` before the first announced days off."""
    try:
        return max(0, workdays_between(start=start, end=end, table=workdays()).n_workdays)
    except LawMissing:
        return None


def due_of(item: Any) -> Deadline | None:
    """The deadline of an item that came through :func:`gongkai.web.disclosure.queries.with_state`.

    A publication in force ends the count, unless the item was changed, approved or decided anew on a later day: that has a limit
    of its own.
    """
    published_on, known = getattr(item, "published_on", None), timed(item)
    is_current = published_on is not None and item.published_revision == item.current_id
    done = published_on if is_current or (published_on and known and known.changed_on <= published_on) else None
    return deadline_of(known, done)

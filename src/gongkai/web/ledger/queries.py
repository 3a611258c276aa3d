"""Reading the ledger: filters, pages by key, and the neighbours of an entry."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.settings import moment

PAGE = 50
# An export reads so many entries at a time, so that nothing is held open while the other side is slow.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for. Every part narrows; empty parts do not.

    ``agency`` is the path of an organ (and of all below it), ``about`` objects as ``kind:id``, ``since`` and ``until`` days on
    which the act occurred, ``recorded_since`` and ``recorded_until`` days on which it was recorded (all included).
    """

    county: str = ""
    agency: str = ""
    person: str = ""
    action: str = ""
    about: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    recorded_since: datetime.date | None = None
    recorded_until: datetime.date | None = None
    words: str = ""
    number: int | None = None

    def plain(self) -> dict[str, Any]:
        """What was asked, as an entry of the ledger keeps it."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        said["about"] = "、".join(self.about)
        return {name: value if isinstance(value, int) else str(value) for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of entries, and the key of the next one."""

    rows: list[LedgerEntry]
    next_key: int | None


def organs_of(person: Person, action: str = "ledger.view") -> QuerySet[Agency]:
    """The organs whose entries that person may see."""
    return Agency.objects.seen_by(person, action)


def counties_of(organs: QuerySet[Agency]) -> list[str]:
    """The paths of the counties those organs belong to."""
    return sorted({path.split("/", 1)[0] + "/" for path in organs.values_list("path", flat=True)})


def entries(organs: QuerySet[Agency], asked: Asked) -> QuerySet[LedgerEntry]:
    """The entries of one county that are asked for, among those of ``organs``, newest first: by the day that is asked for, else by number."""
    found = LedgerEntry.objects.filter(_place(organs, asked), _what(asked), _days(asked))
    return found.order_by(*_order(asked))


def page(organs: QuerySet[Agency], asked: Asked, *, after: int | None = None) -> Page:
    """One page. The numbers are found first, from an index alone where there is one, and then the entries themselves."""
    found = entries(organs, asked)
    if after is not None:
        found = _beyond(found, asked, after)
    numbers = list(found.values_list("number", flat=True)[: PAGE + 1])
    rows = LedgerEntry.objects.filter(county=asked.county, number__in=numbers[:PAGE]).select_related("person", "agency")
    at = {number: place for place, number in enumerate(numbers)}
    return Page(sorted(rows, key=lambda entry: at[entry.number]), numbers[PAGE - 1] if len(numbers) > PAGE else None)


def all_of(organs: QuerySet[Agency], asked: Asked, *, upto: int) -> Iterator[LedgerEntry]:
    """Every entry asked for with a number up to ``upto``, oldest first, read in pieces."""
    found = entries(organs, asked).filter(number__lte=upto).select_related("person", "agency").order_by("number")
    last = 0
    while rows := list(found.filter(number__gt=last)[:CHUNK]):
        yield from rows
        last = rows[-1].number


def neighbours(entry: LedgerEntry) -> tuple[LedgerEntry | None, LedgerEntry | None]:
    """The entries before and after in the chain."""
    near = {row.number: row for row in LedgerEntry.objects.filter(county=entry.county, number__in=(entry.number - 1, entry.number + 1))}
    return near.get(entry.number - 1), near.get(entry.number + 1)


def _place(organs: QuerySet[Agency], asked: Asked) -> Q:
    """Which organs: none is named where the viewer sees the whole county, so that the chain's own order is used."""
    if not asked.agency and organs.filter(path=asked.county, parent__isnull=True).exists():
        whole = not Agency.objects.filter(path__startswith=asked.county).exclude(pk__in=organs.values("pk")).exists()
        if whole:
            return Q(county=asked.county)
    chosen = organs.filter(path__startswith=asked.agency or asked.county)
    return Q(county=asked.county, agency__in=list(chosen.values_list("pk", flat=True)))


def _what(asked: Asked) -> Q:
    found = Q()
    if asked.person:
        found &= Q(person__in=list(_people(asked.person)))
    if asked.action:
        found &= Q(action=asked.action)
    if asked.number is not None:
        found &= Q(number=asked.number)
    if asked.words:
        found &= ~Q(reason="") & Q(reason__contains=asked.words)
    if asked.about:
        found &= _about(asked.about)
    return found


def _about(objects: tuple[str, ...]) -> Q:
    found = Q(pk__in=())
    by_kind: dict[str, list[int]] = {}
    for thing in objects:
        kind, _, number = thing.partition(":")
        by_kind.setdefault(kind, []).append(int(number) if number.isdecimal() and len(number) < 18 else 0)
    for kind, numbers in by_kind.items():
        found |= Q(object_kind=kind, object_id__in=numbers)
    return found


def _people(name: str) -> QuerySet[Any]:
    """Who is meant: a user name, or a full name."""
    return Person.objects.filter(Q(username__iexact=name) | Q(full_name=name)).values_list("pk", flat=True)


def _days(asked: Asked) -> Q:
    found = Q()
    if asked.since:
        found &= Q(occurred_on__gte=asked.since)
    if asked.until:
        found &= Q(occurred_on__lte=asked.until)
    if asked.recorded_since:
        found &= Q(recorded_at__gte=_begin(asked.recorded_since))
    if asked.recorded_until:
        found &= Q(recorded_at__lt=_begin(asked.recorded_until + datetime.timedelta(days=1)))
    return found


def _begin(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=moment.ZONE)


def _column(asked: Asked) -> str:
    """By which column a page is ordered before the number: the one whose index gives the entries in this order already."""
    if asked.recorded_since or asked.recorded_until:
        return "recorded_at"
    return "occurred_on" if asked.since or asked.until or asked.action else ""


def _order(asked: Asked) -> tuple[str, ...]:
    column = _column(asked)
    return (f"-{column}", "-number") if column else ("-number",)


def _beyond(found: QuerySet[LedgerEntry], asked: Asked, after: int) -> QuerySet[LedgerEntry]:
    """What comes after the entry with that number, in the page's order."""
    column = _column(asked)
    if not column:
        return found.filter(number__lt=after)
    last = LedgerEntry.objects.filter(county=asked.county, number=after).values_list(column, flat=True).first()
    if last is None:
        return found.none()
    return found.filter(**{f"{column}__lte": last}).exclude(**{column: last, "number__gte": after})

"""What of the registers the public may know: enough to count table two of the annual report again, and nobody's name.

Every field, and why it is public:

- rules and normative documents: all that the register says. The document itself must be public, and so are its title, number and days.
- licences, penalties, coercion: that there is one, in which register and year; table two counts no more. Number and day only where the
  organ says that the decision is public, nobody withdrew that, and what carries it on this platform still stands: they lead to a page
  that names the party. Never the matter: officers write it freely, and names stand in it.
- fees: the charge, as the organ's list of charges names it, with the sum and the number of receipts of each month. Never a receipt
  alone, by its day or number: it belongs to somebody who paid.
- declared figures: the figure and that it was declared. Not the evidence and who declared it, which are the office's.

Only what counts is given: rows that were corrected or struck are the office's history.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.lists import public
from gongkai.web.disclosure.registers.models import Decision, Document, Fee, rows_of
from gongkai.web.disclosure.registers.queries import DAYS, Figure, table_two
from gongkai.web.disclosure.registers.values import registers

UNPUBLISHED, TAKEN_BACK = "这项决定没有公开，只计数", "这项决定的公开已经撤回，只计数"
# Source of a figure → what the public reads of it.
SOURCES = {"register": "由登记册计数", "nil_return": "机关申报“本年无”", "declared": "机关申报的数字", "silent": "机关没有登记，也没有申报"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRow:
    """One row as the public reads it. ``kind`` is its register.

    ``id`` and what identifies the row are ``None`` where only its existence is public, and ``why`` tells so. ``issued``, ``repealed``,
    ``in_force`` and ``decided`` are 1 where the row counts in that figure of the year, ``amount_wan`` is in 万元: their sums are the
    figures of table two.
    """

    kind: str
    organ: str
    organ_name: str
    year: int
    id: str | None = None
    number: str | None = None
    title: str | None = None
    issued_on: datetime.date | None = None
    in_force_from: datetime.date | None = None
    repealed_on: datetime.date | None = None
    lapsed_on: datetime.date | None = None
    successor: str | None = None
    decided_on: datetime.date | None = None
    is_published: bool | None = None
    item: str | None = None
    charge: str | None = None
    month: str | None = None
    n_receipts: int | None = None
    issued: int | None = None
    repealed: int | None = None
    in_force: int | None = None
    decided: int | None = None
    amount_wan: Decimal | None = None
    why: str | None = None


def rows_counted(register: str, year: int, agency: Agency | None = None) -> QuerySet[Any]:
    """The rows of a register that some figure of that year counts: documents also those of earlier years that still hold."""
    shape = registers()[register].shape
    rows = rows_of(register).filter(ended_by__isnull=True)
    rows = rows.filter(agency=agency) if agency else rows
    counted = Q(pk__in=())
    for name in DAYS[shape]:
        counted |= Q(**{f"{name}__year": year})
    if shape == "document":
        last = datetime.date(year, 12, 31)
        held = (Q(repealed_on__isnull=True) | Q(repealed_on__gt=last)) & (Q(lapsed_on__isnull=True) | Q(lapsed_on__gt=last))
        counted |= Q(in_force_from__lte=last) & held
    return rows.filter(counted)


def rows_page(register: str, year: int, agency: Agency | None, after: int, size: int) -> tuple[list[PublicRow], int | None]:
    """One page of a register of documents or decisions, the oldest first, and the key after which the next begins."""
    rows = _with_publicity(rows_counted(register, year, agency).filter(pk__gt=after)).select_related("agency").order_by("pk")
    found = list(rows[: size + 1])
    return [_told(row, year) for row in found[:size]], found[size - 1].pk if len(found) > size else None


def every_row(register: str, year: int, agency: Agency | None = None) -> Iterator[PublicRow]:
    """All of them, read piece by piece; fees by month."""
    if registers()[register].shape == "fee":
        yield from fees(year, agency)
        return
    after: int | None = 0
    while after is not None:
        rows, after = rows_page(register, year, agency, after, 1000)
        yield from rows


def one_row(register: str, agency: Agency, number: str) -> PublicRow | None:
    """The row with that number; ``None`` where there is none, or where its number is not public."""
    rows = _with_publicity(rows_of(register).filter(agency=agency, number=number, ended_by__isnull=True)) if number else ()
    for row in rows:
        told = _told(row, (row.issued_on if isinstance(row, Document) else row.decided_on).year)
        return told if told.id else None
    return None


def fees(year: int, agency: Agency | None = None) -> Iterator[PublicRow]:
    """What each charge brought each month, by month, organ and charge. Summed here: a database may add with floating point."""
    rows = Fee.objects.filter(ended_by__isnull=True, collected_on__year=year)
    rows = (rows.filter(agency=agency) if agency else rows).order_by("agency__path", "charge", "collected_on")
    values = rows.values_list("agency__code", "agency__name", "charge", "collected_on", "amount_wan", "register").iterator(chunk_size=2000)
    for (code, name, charge, month), group in groupby(values, key=lambda row: (*row[:3], f"{row[3]:%Y-%m}")):
        receipts = list(group)
        yield PublicRow(
            kind=receipts[0][5], organ=code, organ_name=name, year=year, charge=charge, month=month, n_receipts=len(receipts),
            amount_wan=sum((row[4] for row in receipts), Decimal(0)),
        )  # fmt: skip


def years() -> list[int]:
    """The years for which some register has a row, newest first."""
    found = set()
    for shape, model in (("document", Document), ("decision", Decision), ("fee", Fee)):
        rows = model.objects.filter(ended_by__isnull=True).order_by()
        for name in DAYS[shape]:
            found |= set(rows.filter(**{f"{name}__isnull": False}).values_list(ExtractYear(name), flat=True).distinct())
    return sorted(found, reverse=True)


def figures(agency: Agency, year: int) -> list[tuple[Figure, str]]:
    """Table two of an organ's year as its records give it now, with what the public reads of each figure's source."""
    return [(figure, SOURCES[figure.source]) for figure in table_two(agency, year).figures.values()]


def _with_publicity(rows: Any) -> Any:
    """With decisions also what carries them on the site, and whether anything carries what some item once carried."""
    if rows.model is not Decision:
        return rows
    in_force = Publication.objects.filter(item=OuterRef("item"), withdrawn_on__isnull=True)
    return rows.annotate(stands=Exists(in_force), on_site=Exists(public().filter(item=OuterRef("item"))), slug=F("item__slug"))


def _told(row: Any, year: int) -> PublicRow:
    named: dict[str, Any] = {"kind": row.register, "organ": row.agency.code, "organ_name": row.agency.name, "year": year}
    identity = f"{row.register}/{row.agency.code}/{row.number}"
    if isinstance(row, Document):
        ends = [day for day in (row.repealed_on, row.lapsed_on) if day is not None]
        last = datetime.date(year, 12, 31)
        return PublicRow(
            **named, id=identity, number=row.number, title=row.title, issued_on=row.issued_on, in_force_from=row.in_force_from,
            repealed_on=row.repealed_on, lapsed_on=row.lapsed_on, successor=row.successor or None, issued=int(row.issued_on.year == year),
            repealed=int(any(day.year == year for day in ends)),
            in_force=int(row.in_force_from <= last and not any(day <= last for day in ends)),
        )  # fmt: skip
    if not row.is_published:
        return PublicRow(**named, is_published=False, decided=1, why=UNPUBLISHED)
    if row.withdrawn_on is not None or (row.item_id is not None and not row.stands):
        return PublicRow(**named, is_published=False, decided=1, why=TAKEN_BACK)
    slug = row.slug if row.on_site else None
    return PublicRow(
        **named, id=identity, number=row.number, decided_on=row.decided_on, is_published=True, item=slug, decided=1
    )  # fmt: skip

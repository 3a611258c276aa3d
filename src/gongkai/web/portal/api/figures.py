"""What the API counts: how much stands, an organ's year, table two; and the form of the annual report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext

from gongkai.law import LawMissing, ReportFormat, report_format_for
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.channels.queries import counted, counts_by_channel
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.public.lists import Narrowing, public
from gongkai.web.disclosure.public.registers import PublicRow, figures, years
from gongkai.web.disclosure.registers.values import registers
from gongkai.web.disclosure.watch.timing import Timed, asked, due_day, of_facts, used

# What every row of a register says, and what those of each shape do.
ALWAYS = ("kind", "organ", "organ_name", "year")
FIELDS = {
    "document": ("id", "number", "title", "issued_on", "in_force_from", "repealed_on", "lapsed_on", "successor", "issued", "repealed", "in_force"),
    "decision": ("id", "number", "decided_on", "is_published", "item", "decided", "why"),
    "fee": ("charge", "month", "n_receipts", "amount_wan"),
}  # fmt: skip
ROW_NAMES = tuple(field.name for field in fields(PublicRow))


def told_row(row: PublicRow) -> dict[str, Any]:
    """A row of a register by name."""
    return asdict(row) | {"amount_wan": plain(row.amount_wan)}


def plain(value: Decimal | None) -> Decimal | None:
    """The same number without needless zeros."""
    return None if value is None else Decimal(f"{value.normalize():f}")


def told_registers() -> list[dict[str, Any]]:
    """Every register with what its rows say."""
    n_years = len(years())
    return [
        {"id": one.id, "title": one.words, "shape": one.shape, "fields": [*ALWAYS, *FIELDS[one.shape]], "n_years": n_years}
        for one in registers().values()
    ]


def counts(year: int, organ: Agency | None) -> list[dict[str, Any]]:
    """What is public now and was published in a year, by organ, month, column and kind."""
    rows = public(Narrowing(year=year)).annotate(month=ExtractMonth("published_on"))
    # What several organs issued together counts once, for the one that leads.
    grouped = (
        (rows.filter(agency=organ) if organ else rows)
        .values_list("agency__path", "agency__code", "month", "column", "kind")
        .annotate(n=Count("pk"))
    )
    return [
        {"organ": code, "year": year, "month": month, "column": column, "kind": kind, "n_items": n}
        for _, code, month, column, kind, n in sorted(grouped)
    ]


def organ_year(organ: Agency, year: int) -> dict[str, Any]:
    """The figures of an organ's year: every item counts once, by its first publication, withdrawn or not."""
    found = counts_by_channel(organ, year)
    channels = [
        {"channel": row.channel, "title": words("channels").get(row.channel, row.channel), "n_items": row.primary} for row in found.rows
    ]
    return {
        "organ": organ.code, "year": year, "n_first_published": found.total.primary,
        "channels": [row for row in channels if row["n_items"]], "timeliness": _timeliness(organ, year),
    }  # fmt: skip


def _timeliness(organ: Agency, year: int) -> dict[str, Any]:
    taken, n_late, n_rows = [], 0, 0
    for known, published_on in _timed(organ, year):
        n_rows += 1
        due = due_day(known) if known and not known.start[1] else None
        days = used(due.counted_on, published_on) if due else None
        if due is not None and days is not None:
            taken.append(days)
            n_late += published_on > due.day
    why = None if taken else gettext("本年没有能算出工作日数的信息") if n_rows else gettext("本年没有第一次发布的信息")
    return {
        "n_known": len(taken), "n_unknown": n_rows - len(taken), "median_workdays": float(median(taken)) if taken else None,
        "n_late": n_late if taken else None, "why": why,
    }  # fmt: skip


def _timed(organ: Agency, year: int) -> Iterator[tuple[Timed | None, Any]]:
    """For each first publication of the year what its limit follows from, and its day."""
    rows = counted(organ, year, "primary").order_by().annotate(**asked("revision__content"))
    names = ("kind", "column", "revision__content__formed_on", "published_on", "told_matter", "told_approved_on", "told_decided_on")
    for kind, column, formed_on, published_on, *told in rows.values_list(*names).iterator(chunk_size=2000):
        yield of_facts(kind, column, formed_on, organ.kind, *told), published_on


def table_two(organ: Agency, year: int) -> Iterator[dict[str, Any]]:
    """Table two of an organ's year; :class:`LawMissing` before every edition of the form."""
    edition = report_format_for(year).edition
    for figure, why in figures(organ, year):
        yield {
            "organ": organ.code, "year": year, "edition": edition, "address": figure.address, "title": figure.words,
            "value": plain(figure.value), "source": figure.source, "why": why,
        }  # fmt: skip


def format_cells(edition: ReportFormat) -> list[dict[str, Any]]:
    """Every cell of an edition of the annual report."""
    found = []
    for address in edition.cells:
        table = edition.place_of[address][0]
        said = {"table": table.words, "title": edition.words(address), "unit": edition.unit(address)}
        found.append({"edition": edition.edition, "address": address, **said})
    return found


def has_format(year: int) -> bool:
    """Whether an edition of the form serves that year."""
    try:
        report_format_for(year)
    except LawMissing:
        return False
    return True

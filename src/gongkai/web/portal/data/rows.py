"""What the files of a year hold: every row, read piece by piece."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.public.lists import Narrowing, public
from gongkai.web.disclosure.public.registers import every_row
from gongkai.web.disclosure.public.validity import validities
from gongkai.web.disclosure.registers.values import registers
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.filing.queries import cells, readings
from gongkai.web.portal.api.figures import ROW_NAMES, has_format, table_two, told_row
from gongkai.web.portal.api.items import attachments_of, details_of, row_of
from gongkai.web.portal.api.reports import told_cell

PIECE = 500
Row = Mapping[str, Any]

# Kind of file → its columns with their types, in order.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "items": {
        "id": "text", "index_number": "text", "title": "text", "organ": "text", "organ_name": "text", "kind": "text", "kind_title": "text",
        "column": "text", "document_number": "text", "formed_on": "day", "written_on": "day", "published_on": "day", "validity": "text",
        "validity_since_on": "day", "summary": "text", "keywords": "text", "topics": "list", "n_attachments": "number", "address": "text",
        "special_topics": "list", "details": "text", "attachments": "text", "text": "text", "html": "text",
    },
    "registers": dict.fromkeys(ROW_NAMES, "text")
    | dict.fromkeys(("issued_on", "in_force_from", "repealed_on", "lapsed_on", "decided_on"), "day")
    | dict.fromkeys(("year", "n_receipts", "issued", "repealed", "in_force", "decided"), "number")
    | {"is_published": "flag", "amount_wan": "amount"},
    "figures": {
        "organ": "text", "year": "number", "edition": "text", "address": "text", "title": "text", "value": "amount", "source": "text", "why": "text",
    },
    "annual-reports": {
        "organ": "text", "organ_name": "text", "year": "number", "edition": "text", "item": "text", "published_on": "day", "address": "text",
        "title": "text", "unit": "text", "kind": "text", "value": "exact", "raw": "text", "why": "text",
    },
}  # fmt: skip
# What only Parquet holds: no spreadsheet can show it, and the text stands beside it.
NOT_IN_CSV = ("html",)


def items(year: int, site: str, on: datetime.date) -> Iterator[Row]:
    """The items that are public now and were published in that year, each with its text."""
    after = 0
    while True:
        rows = public(Narrowing(year=year)).filter(pk__gt=after).order_by("pk").select_related("item", "agency", "revision")
        piece = list(rows[:PIECE])
        if not piece:
            return
        after, said = piece[-1].pk, validities([row.item_id for row in piece], on)
        for row in piece:
            content = row.revision.content
            yield row_of(row, said.get(row.item_id), site) | {
                "formed_on": _day(content.get("formed_on")),
                "written_on": _day(content.get("written_on")),
                "special_topics": list(content.get("special_topics") or ()),
                "details": _json(details_of(row)),
                "attachments": _json(attachments_of(row, site)),
                "text": text_of(content["body"]),
                "html": content["body"],
            }


def register_rows(year: int, site: str, on: datetime.date) -> Iterator[Row]:
    """What every register counts of that year."""
    for register in registers():
        for row in every_row(register, year):
            yield told_row(row)


def figure_rows(year: int, site: str, on: datetime.date) -> Iterator[Row]:
    """Table two of every organ."""
    if has_format(year):
        for organ in Agency.objects.order_by("path"):
            yield from table_two(organ, year)


def report_rows(year: int, site: str, on: datetime.date) -> Iterator[Row]:
    """Every cell of the annual reports for that year that are public now."""
    organs = Agency.objects.in_bulk()
    for report in readings(years=[year]):
        organ = organs[report.organ]
        for row in cells(report.reading or 0) if report.is_read else ():
            more = {"organ_name": organ.name, "published_on": report.published_on, "title": row.title, "raw": row.cell.raw}
            yield told_cell(organ, report, row) | more


def _day(said: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(said) if said else None


def _json(said: Any) -> str | None:
    return json.dumps(said, ensure_ascii=False) if said else None


ROWS: Mapping[str, Callable[[int, str, datetime.date], Iterator[Row]]] = {
    "items": items, "registers": register_rows, "figures": figure_rows, "annual-reports": report_rows,
}  # fmt: skip

"""Published annual reports as the API gives them: a page of cells, organ by organ, the newest year first."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from gongkai.web.agencies.models import Agency
from gongkai.web.filing.queries import CellRow, Published, cells, readings
from gongkai.web.portal.api.cursors import opened, sealed


def page(organ: Agency | None, year: int | None, cursor: str, size: int) -> tuple[list[dict[str, Any]], str]:
    """One page, and the cursor of the next one (empty at the end).

    A page begins behind a cell and not after a number of rows: a report that is published meanwhile moves nothing that was not read yet.
    """
    bound = f"annual-reports|{organ.path if organ else ''}|{year or ''}"
    behind = opened(cursor, bound) if cursor else ""
    found = list(islice(_behind(organ, year, behind), size + 1))
    rows = [row for _, row in found[:size]]
    return rows, sealed(found[size - 1][0], bound) if len(found) > size else ""


def _behind(organ: Agency | None, year: int | None, behind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every cell behind that place, with its own place: path of the organ, year, and number of the cell in its report."""
    organs = Agency.objects.in_bulk()
    path, last, n = behind.split("|") if behind else ("", "9999", "0")
    for report in readings([organ.pk] if organ else None, [year] if year else None):
        here = organs[report.organ]
        order = (here.path, -(report.year or 0))
        if not report.is_read or order < (path, -int(last)):
            continue
        first = int(n) if order == (path, -int(last)) else 0
        for number, row in enumerate(cells(report.reading or 0)[first:], start=first + 1):
            yield f"{here.path}|{report.year}|{number}", told_cell(here, report, row)


def told_cell(organ: Agency, report: Published, row: CellRow) -> dict[str, Any]:
    """A cell by name; the same names as in the files of a year."""
    return {
        "organ": organ.code, "year": report.year, "edition": report.edition, "item": report.slug, "address": row.address, "unit": row.unit,
        "kind": row.cell.kind, "value": None if row.cell.value is None else exact(row.cell.value), "why": row.why,
    }  # fmt: skip


def exact(value: Decimal) -> Decimal:
    """The same number without needless zeros, to its last digit however many there are."""
    said = f"{value:f}"
    return Decimal(said.rstrip("0").rstrip(".") if "." in said else said)

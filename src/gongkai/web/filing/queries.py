"""What published annual reports say: which report counts for an organ and year, its cells, and the flow of requests.

Everything begins with what is public now. A report that was withdrawn is not there, and of several for one organ and year the newest
counts: it corrects the others, also where nothing could be read of it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, QuerySet
from django.db.models.fields.json import KeyTextTransform

from gongkai.law import report_format
from gongkai.report import AnnualReport, Cell
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.lists import Narrowing, public
from gongkai.web.filing.models import ReportReading
from gongkai.web.filing.reading import BODY, KIND, year_of_title


@dataclass(frozen=True, slots=True)
class Published:
    """A public annual report: whose it is, for which year, where it stands, and what was read.

    ``organ`` is the organ that it names as its own where the platform knows it by that name, else the one that published it.
    ``reading`` is the key of what was read, ``None`` before the worker came to it; ``edition`` is empty where no tables were read.
    """

    organ: int
    publication: int
    slug: str
    published_on: datetime.date
    year: int | None
    is_year_of_title: bool
    reading: int | None
    edition: str
    source: str
    reason: str

    @property
    def is_read(self) -> bool:
        """Whether its tables were read and it is known for which year they are."""
        return bool(self.edition) and self.year is not None


def readings(agencies: Collection[int] | None = None, years: Collection[int] | None = None) -> list[Published]:
    """The report that counts of each organ and year, by organ as the organs stand, the newest year first.

    What names no year anywhere is no organ's report of a year and not among them.
    """
    order = dict(Agency.objects.values_list("pk", "path"))
    newest: dict[tuple[int, int], Published] = {}
    # The oldest first: what came later replaces it.
    for row in sorted(published(), key=lambda row: (row.published_on, row.publication)):
        if row.year is not None:
            newest[row.organ, row.year] = row
    rows = [
        row
        for (organ, year), row in newest.items()
        if (agencies is None or organ in agencies) and (years is None or year in years)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (order[row.organ], -(row.year or 0)))


def years_read() -> list[int]:
    """The years of which the tables of some report were read, the newest first."""
    return sorted({row.year for row in readings() if row.is_read and row.year}, reverse=True)


def published() -> list[Published]:
    """Every annual report that is public now, in no order, with those that a newer one replaced."""
    organs = {name: (pk, path.partition("/")[0]) for pk, name, path in Agency.objects.values_list("pk", "name", "path")}
    said = {name: F(f"revision__report_reading__{name}") for name in _READ}
    rows = list(public(Narrowing(kind=KIND)).annotate(reading=F("revision__report_reading__pk"), **said).values(*_SAID, "reading", *_READ))
    # What a revision says is looked at only where nothing was kept of it yet.
    new = Publication.objects.filter(pk__in=[row["pk"] for row in rows if row["reading"] is None])
    titles = dict(new.annotate(title=KeyTextTransform("title", "revision__content")).values_list("pk", "title"))
    return [_published(row, organs, titles.get(row["pk"], "")) for row in rows]


_SAID = ("pk", "agency_id", "agency__path", "item__slug", "published_on")
_READ = ("organ", "year", "is_year_of_title", "edition", "source", "reason")


def _published(row: Mapping[str, Any], organs: Mapping[str, tuple[int, str]], title: str) -> Published:
    named, county = organs.get(row["organ"] or "", (0, ""))
    is_of_county = county == row["agency__path"].partition("/")[0]
    was_read = row["reading"] is not None
    return Published(
        organ=named if is_of_county else row["agency_id"], publication=row["pk"], slug=row["item__slug"], published_on=row["published_on"],
        year=row["year"] if was_read else year_of_title(title), is_year_of_title=row["is_year_of_title"] if was_read else True,
        reading=row["reading"], edition=row["edition"] or "", source=row["source"] or "", reason=row["reason"] or "",
    )  # fmt: skip


def newest_reading() -> QuerySet[ReportReading]:
    """The last reading: another one as soon as anything was read."""
    return ReportReading.objects.order_by("-pk")


def last_read_at() -> datetime.datetime | None:
    """When something was read for the last time."""
    found: datetime.datetime | None = ReportReading.objects.aggregate(last=Max("read_at"))["last"]
    return found


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell of a report: its address, the form's words for it, its unit, and why it gives no figure where it gives none."""

    address: str
    title: str
    unit: str | None
    cell: Cell
    why: str | None


def cells(reading: int) -> list[CellRow]:
    """Every cell of a report that was read, in the order of its form; those of rows that stand for several behind them."""
    said = ReportReading.objects.values_list("report", flat=True).get(pk=reading)
    form = report_format(said["edition"])
    found = {address: cell_of(said, address) for address in (*form.cells, *form.merged_cells) if address in said["cells"]}
    return [CellRow(address, form.words(address), form.unit(address), cell, why(cell)) for address, cell in found.items()]


def cell_of(said: Mapping[str, Any], address: str) -> Cell:
    """A cell of a report as it is kept, its figure to the last digit."""
    data = said["cells"][address]
    return Cell.from_json({**data, "value": said["exact"].get(address, data["value"])})


# In Chinese whatever the reader's language, as the reasons of the reading are: it is said of a Chinese report, and kept beside its cells.
_WHY = {
    "blank": "报告里这一格是空的", "slash": "报告里这一格画了斜杠或者横线", "missing": "报告里没有这一格", "unclear": "这一格读不准",
}  # fmt: skip


def why(cell: Cell) -> str | None:
    """Why a cell gives no figure, in Chinese words; ``None`` where it gives one."""
    if cell.kind == "number":
        return None
    if cell.kind == "text":
        return f"报告里这一格写的是“{cell.raw[:40]}”，不是数字"
    return cell.reason or _WHY[cell.kind]


def report_of(reading: int) -> AnnualReport:
    """The tables of a report that was read, as the core knows them."""
    said = ReportReading.objects.values_list("report", flat=True).get(pk=reading)
    return AnnualReport(edition=said["edition"], cells={address: cell_of(said, address) for address in said["cells"]})


def from_file(publication: Publication) -> ReportReading | None:
    """The reading of a publication whose tables stand in one of its files and not on its page."""
    rows = ReportReading.objects.filter(revision=publication.revision_id, report__isnull=False).exclude(source=BODY)
    return rows.only("pk", "source").first()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the flow: its value, or ``None`` with the organs whose report gives none (``left_out``: organ → why)."""

    value: Decimal | None
    left_out: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Flow:
    """The requests of a year: ``figures`` by name (received, carried_in, handled, carried_out), from the reports in ``reports``.

    ``unread`` are the organs whose report of the year is public and could not be read, or not yet.
    """

    year: int
    reports: Sequence[Published]
    unread: Sequence[Published]
    figures: Mapping[str, Figure]


FLOW = ("received", "carried_in", "handled", "carried_out")


def request_flows(agencies: Collection[int] | None = None) -> list[Flow]:
    """The flow of requests by year, the newest first: of these organs, or of all. The one place that knows where these figures come from.

    They are the total column of table three of published reports; what is no figure there is left out and said, never counted as 0.
    """
    by_year: dict[int, list[Published]] = defaultdict(list)
    for row in readings(agencies):
        by_year[row.year or 0].append(row)
    said = _said([row.reading for rows in by_year.values() for row in rows if row.is_read and row.reading])
    return [_flow(year, by_year[year], said) for year in sorted(by_year, reverse=True) if _has_flow(by_year[year])]


def _has_flow(rows: Sequence[Published]) -> bool:
    """Whether any report of the year uses a form that counts the flow so; older forms count otherwise and stand apart."""
    return any(not row.is_read or report_format(row.edition).requests for row in rows)


def _said(keys: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    return dict(ReportReading.objects.filter(pk__in=keys).values_list("pk", "report"))


def _flow(year: int, rows: Sequence[Published], said: Mapping[int, Mapping[str, Any]]) -> Flow:
    read = [row for row in rows if row.is_read and report_format(row.edition).requests]
    figures = {name: _figure({row.organ: _cell(row, name, said) for row in read}) for name in FLOW}
    return Flow(year, read, [row for row in rows if row not in read], figures)


def _cell(row: Published, name: str, said: Mapping[int, Mapping[str, Any]]) -> Cell:
    return cell_of(said[row.reading or 0], report_format(row.edition).requests[name])


def _figure(found: Mapping[int, Cell]) -> Figure:
    values = [cell.value for cell in found.values() if cell.value is not None]
    left_out = {organ: why(cell) or "" for organ, cell in found.items() if cell.value is None}
    return Figure(sum(values, Decimal(0)) if values else None, left_out)

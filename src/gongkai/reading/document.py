"""One document from bytes to AnnualReport."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath

from gongkai.law import LawMissing, ReportFormat, report_format, report_format_for
from gongkai.reading import fields
from gongkai.reading.claims import read_claims
from gongkai.reading.grid import Grid, Unreadable
from gongkai.reading.plain import plain
from gongkai.reading.sections import Narrative, read_narrative, split_headings
from gongkai.reading.sheet import Sheet
from gongkai.reading.tables import TablesRead, choose_edition, read_tables
from gongkai.report import AnnualReport

# The largest annual report seen is 30 MB of scans; anything larger is refused before it is parsed.
MAX_BYTES = 64 * 1024 * 1024

Parts = tuple[ReportFormat | None, TablesRead, Narrative]

# The title and the day of publication stand in the first lines, a signature in the last.
HEAD_LINES = 120
TAIL_LINES = 40

_TEXT = {".txt", ".md", ".markdown", ".text", ".csv", ".tsv", ""}
_HTML = {".html", ".htm", ".xhtml", ".shtml", ".mht"}
_SHEETS = {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".et"}
_OFFICE = {".doc", ".wps", ".rtf", ".odt"}
_IMAGES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"}


def read_report(data: bytes, name: str, *, soffice: str | None = None) -> AnnualReport:
    """The annual report in ``data``.

    ``name`` is the file's name; its suffix chooses the format where the content does not tell. ``soffice`` is the
    path of LibreOffice for ``.doc`` and ``.wps``. Raises :class:`Unreadable`.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"文件有{len(data) // 1048576}MB，超过{MAX_BYTES // 1048576}MB的上限。")
    if not data.strip(b"\x00 \r\n\t"):
        raise Unreadable("文件是空的。")
    if _suffix(data, name) == ".json":
        return _read_json(data, name)
    return report_of(read_grid(data, name, soffice=soffice), name)


def _suffix(data: bytes, name: str) -> str:
    """The format: by content where it is certain, else by the file's name."""
    suffix = PurePath(name).suffix.lower()
    if data[:1024].lstrip()[:5] == b"%PDF-":
        return ".pdf"
    if data[:4] == b"PK\x03\x04" and suffix not in _SHEETS | {".docx", ".odt", ".docm"}:
        return ".docx" if b"word/" in data[:4096] else ".xlsx" if b"xl/" in data[:4096] else suffix
    if suffix in _TEXT and data[:512].lstrip(b"\xef\xbb\xbf \r\n\t")[:9].lower() in (b"<!doctype", b"<html>", b"<html lan"):
        return ".html"
    return suffix


def read_grid(data: bytes, name: str, *, soffice: str | None = None) -> Grid:
    """The document as a grid, before anyone asks what it means; raises :class:`Unreadable`."""
    suffix = _suffix(data, name)
    if suffix in _TEXT:
        from gongkai.reading.encoding import decode
        from gongkai.reading.html import read_html
        from gongkai.reading.text import TABLE_TAG, as_html, read_text

        text = decode(data)
        return read_html(as_html(text)) if TABLE_TAG(text) else read_text(text)
    if suffix in _HTML:
        from gongkai.reading.html import read_html

        return read_html(data)
    if suffix == ".pdf":
        return _read_pdf(data)
    if suffix in (".docx", ".docm"):
        from gongkai.reading.docx import read_docx

        return read_docx(data)
    if suffix in _SHEETS:
        from gongkai.reading.xlsx import read_xlsx

        return read_xlsx(data, suffix)
    if suffix in _OFFICE:
        from gongkai.reading.office import read_office

        return read_office(data, suffix, soffice=soffice)
    if suffix in _IMAGES:
        from gongkai.reading.scan import read_scan

        return read_scan(data, suffix)
    raise Unreadable(f"不认识的文件类型“{suffix}”。可以读取：txt、md、html、docx、xlsx、pdf、json，以及doc、wps和图片。")


def _read_pdf(data: bytes) -> Grid:
    from gongkai.reading.pdf import Scanned, read_pdf

    try:
        return read_pdf(data)
    except Scanned:
        from gongkai.reading.scan import read_scan

        return read_scan(data, ".pdf")


def _read_json(data: bytes, name: str) -> AnnualReport:
    from gongkai.report.render import from_json

    try:
        content = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise Unreadable(f"不是有效的JSON文件：第{error.lineno}行第{error.colno}列附近有误。") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("不是有效的JSON文件：编码不是UTF-8，或者嵌套太深。") from error
    if not isinstance(content, Mapping):
        raise Unreadable("JSON文件的内容不是一份报告（应为一个对象）。")
    try:
        return from_json(dict(content))
    except ValueError as error:
        raise Unreadable(f"JSON文件的内容不是一份报告：{error}") from error


def report_of(grid: Grid, name: str = "") -> AnnualReport:
    """What the grid of a report says."""
    sheet = Sheet(grid)
    lines = [sheet.row_plain(number) for number in range(min(len(grid.rows), HEAD_LINES))]
    hints = [plain(text) for text in (grid.title, grid.meta.get("ArticleTitle"), PurePath(name).stem) if text]
    head = fields.read_head(lines, hints)
    name_of_edition = choose_edition(sheet, head.year)
    sheet, edition = _prepare(sheet, name_of_edition, head.year)
    tables = read_tables(sheet, name_of_edition) if edition else TablesRead()
    narrative = (
        read_narrative(sheet, edition, tables.bounds, head.title)
        if edition
        else Narrative(preface="\n".join(row.text for row in grid.rows))
    )
    return _assemble(sheet, lines, head, (edition, tables, narrative), name)


def _prepare(sheet: Sheet, name: str | None, year: int | None) -> tuple[Sheet, ReportFormat | None]:
    """The comparable sheet and the edition; headings in the middle of a line get a row of their own first."""
    edition = report_format(name) if name else _edition_by_year(year)
    if edition is None:
        return sheet, None
    before = len(sheet.grid.rows)
    split_headings(sheet.grid, edition)
    return (Sheet(sheet.grid) if len(sheet.grid.rows) != before else sheet), edition


def _edition_by_year(year: int | None) -> ReportFormat | None:
    try:
        return report_format_for(year) if year else None
    except LawMissing:
        return None


def _assemble(sheet: Sheet, lines: list[str], head: fields.Head, parts: Parts, name: str) -> AnnualReport:
    grid = sheet.grid
    edition, tables, narrative = parts
    comparable = plain("\n".join((narrative.preface, *narrative.sections.values())))
    period = fields.read_period(comparable)
    year = head.year or fields.read_year(period, comparable)
    tail = [sheet.row_plain(number) for number in range(max(len(grid.rows) - TAIL_LINES, 0), len(grid.rows))]
    return AnnualReport(
        organ=fields.fuller_organ(head.organ, comparable),
        year=year,
        edition=tables.edition,
        period=period,
        published_on=fields.read_published_on(lines, tail, grid.meta.get("PubDate"), year),
        title=head.title,
        contact=fields.read_contact(comparable),
        complete=_is_complete(tables, narrative, edition),
        cells=tables.cells,
        preface=narrative.preface,
        sections=narrative.sections,
        headings=narrative.headings,
        labels=tables.labels,
        claims=read_claims(narrative.sections, year),
        notes=tuple(dict.fromkeys((*grid.notes, *tables.notes))),
        file=name,
    )


def _is_complete(tables: TablesRead, narrative: Narrative, edition: ReportFormat | None) -> bool:
    """All tables of the edition stand in the document, and it does not end before its last section."""
    if edition is None or tables.edition is None:
        return False
    if any(table.id not in tables.bounds for table in edition.tables):
        return False
    return len(edition.tables) == 1 or "s6" in narrative.sections or "s5" in narrative.sections

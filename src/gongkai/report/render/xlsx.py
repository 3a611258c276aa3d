"""The report as a workbook in the order of the report: text on sheets of its own, each statutory table on one too."""

from __future__ import annotations

import datetime
import io
import math
import re
from typing import TYPE_CHECKING, Any

from gongkai.report.render.layout import LayoutCell, TableLayout, Unwritable
from gongkai.report.render.outline import Outline, Paragraph, Part

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_NARRATIVE = "正文"
_LONGEST_TEXT = 32767  # characters in a cell of the format
_TALLEST_ROW = 409.0  # points, the format's limit
_LINE_WIDTH = 78  # of the narrative, in digits
_WIDTH_FACTOR = 0.72  # digits in a millimetre of the layout: wider than on paper, the sheet is fitted to the page
_A4 = 9
_ROWS_OF_A_PAGE = 32
# A figure that a spreadsheet keeps digit by digit. Anything else (+8, 007, 1,276) stays the text it is.
_EXACT_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.([0-9]+))?")
_EXACT_DIGITS = 15

_Line = tuple[str, str]  # text, look
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"},
    "date": {"font_name": "楷体", "font_size": 12, "align": "center", "valign": "vcenter"},
    "heading": {"font_name": "黑体", "font_size": 14, "valign": "vcenter"},
    "subheading": {"font_name": "楷体", "font_size": 12, "bold": True, "valign": "vcenter"},
    "body": {"font_name": "仿宋", "font_size": 12, "valign": "top"},
}


def write(page: Outline) -> bytes:
    """The workbook. :class:`Unwritable` when a paragraph is longer than a cell may be."""
    import xlsxwriter

    packed = io.BytesIO()
    # Text is text: nothing that begins with = + - @ or looks like an address becomes a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    lines = _opening(page)
    n_narratives = 0
    with xlsxwriter.Workbook(packed, options) as book:
        day = page.dated_on
        midnight = datetime.datetime(day.year, day.month, day.day)
        book.set_properties({"title": page.title[:255], "author": page.organ[:255], "created": midnight})
        for part in page.parts:
            if part.tables and lines:
                n_narratives += 1
                _write_narrative(book, n_narratives, lines)
                lines = []
            if part.tables:
                _write_part(book, part)
            else:
                lines += _lines(part)
        if lines:
            _write_narrative(book, n_narratives + 1, lines)
    return packed.getvalue()


def _opening(page: Outline) -> list[_Line]:
    dateline = [(page.dateline, "date")] if page.dateline else []
    return [(page.title, "title"), *dateline, *((line.text, _look(line)) for line in page.preface)]


def _lines(part: Part) -> list[_Line]:
    return [(part.heading, "heading"), *((line.text, _look(line)) for line in part.paragraphs)]


def _look(line: Paragraph) -> str:
    return "subheading" if line.subheading else "body"


def _write_narrative(book: Workbook, number: int, lines: list[_Line]) -> None:
    """A sheet of running text, one line of the report in a row; the second one is named 正文（续）."""
    sheet = book.add_worksheet(_NARRATIVE if number == 1 else f"{_NARRATIVE}（续{number - 1 if number > 2 else ''}）")
    sheet.set_column(0, 0, _LINE_WIDTH)
    sheet.hide_gridlines(2)
    _set_print(sheet, landscape=False, pages=0)
    for row, line in enumerate(lines):
        _write_line(book, sheet, row, line, _LINE_WIDTH)


def _write_line(book: Workbook, sheet: Worksheet, row: int, line: _Line, width: float) -> Format:
    text, look = line
    if len(text) > _LONGEST_TEXT:
        raise Unwritable(f"“{text[:10]}……”一段有{len(text)}字，超过 Excel 一个单元格能放的{_LONGEST_TEXT}字，请分段后再写。")
    size = _LOOKS[look]["font_size"]
    n_lines = math.ceil(_width(text) * size / 11 / (width - 4))
    sheet.set_row(row, min(n_lines * size * 1.5 + 6, _TALLEST_ROW))
    dressed = book.add_format({"text_wrap": True, **_LOOKS[look]})
    sheet.write_string(row, 0, text, dressed)
    return dressed


def _write_part(book: Workbook, part: Part) -> None:
    """A sheet of its own for each table; heading and text of the section stand over the first."""
    lines = _lines(part)
    for table in part.tables:
        sheet = book.add_worksheet(table.name.partition("（")[0])
        _set_print(sheet, landscape=True, pages=1 if table.n_rows <= _ROWS_OF_A_PAGE else 0)
        widths = [width * _WIDTH_FACTOR for width in table.widths]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for row, line in enumerate(lines):
            dressed = _write_line(book, sheet, row, line, sum(widths))
            sheet.merge_range(row, 0, row, len(widths) - 1, line[0], dressed)
        _write_table(book, sheet, table, len(lines))
        lines = []


def _write_table(book: Workbook, sheet: Worksheet, table: TableLayout, top: int) -> None:
    if table.repeat:
        sheet.repeat_rows(top, top + table.repeat - 1)
        sheet.freeze_panes(top + table.repeat, 0)
    formats: dict[str, Format] = {}
    for row, cells in enumerate(table.rows(), top):
        sheet.set_row(row, _height(table, cells))
        for cell in cells:
            _write_cell(sheet, cell, top, _format(book, formats, cell))


def _write_cell(sheet: Worksheet, cell: LayoutCell, top: int, look: Format) -> None:
    row, column = cell.spot.row + top, cell.spot.column
    if cell.rowspan > 1 or cell.colspan > 1:
        sheet.merge_range(row, column, row + cell.rowspan - 1, column + cell.colspan - 1, "", look)
    if _decimals(cell) is not None:
        sheet.write_number(row, column, float(cell.text), look)
    elif cell.text:
        sheet.write_string(row, column, cell.text, look)
    else:
        sheet.write_blank(row, column, None, look)
    if cell.cell is not None and cell.cell.kind == "unclear":
        sheet.write_comment(row, column, f"读取存疑：{cell.cell.reason}" if cell.cell.reason else "读取存疑")


def _decimals(cell: LayoutCell) -> int | None:
    """Decimal places of a figure that is written as a number; ``None`` for what stays text."""
    if cell.cell is None or cell.cell.kind != "number":
        return None
    match = _EXACT_NUMBER.fullmatch(cell.text)
    if match is None or sum(character.isdigit() for character in cell.text) > _EXACT_DIGITS:
        return None
    return len(match[1] or "")


def _format(book: Workbook, formats: dict[str, Format], cell: LayoutCell) -> Format:
    decimals = _decimals(cell)
    look: dict[str, Any] = {"font_name": "宋体", "font_size": 10.5, "border": 1, "text_wrap": True, "valign": "vcenter"}
    look["align"] = "left" if cell.scope.startswith("row") and not cell.vertical else "center"
    if cell.scope.startswith("col"):
        look |= {"bg_color": "#EEF2F7", "bold": True}
    if cell.indent:
        look["indent"] = cell.indent
    if decimals is not None:
        look["num_format"] = "0" + ("." + "0" * decimals if decimals else "")
    key = repr(look)
    if key not in formats:
        formats[key] = book.add_format(look)
    return formats[key]


def _height(table: TableLayout, cells: list[LayoutCell]) -> float:
    """Points that the tallest text of the row needs; the format sets no height by itself for merged cells."""
    lines = [1]
    for cell in cells:
        if cell.rowspan == 1:
            room = sum(table.widths[cell.spot.column : cell.spot.column + cell.colspan]) * _WIDTH_FACTOR - 1
            lines.append(math.ceil(_width(cell.text) / max(room, 1)))
    return min(max(lines) * 14.0 + 6, _TALLEST_ROW)


def _width(text: str) -> int:
    """Width in digits: a Chinese character is as wide as two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _set_print(sheet: Worksheet, *, landscape: bool, pages: int) -> None:
    """``pages`` limits the height of the print, 0 sets no limit."""
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, pages)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
    sheet.set_footer("&C— &P —")

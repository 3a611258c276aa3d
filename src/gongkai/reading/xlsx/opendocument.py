"""The sheets of an OpenDocument workbook (.ods), read from its ``content.xml``.

A cell or row may stand for a million equal ones; empty ones only move the position, filled ones are repeated up to the
bounds of a sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from gongkai.reading.archive import Archive
from gongkai.reading.xlsx.workbook import MAX_AREA, MAX_COLUMNS, MAX_ROWS, SheetContent

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _TEXT, _OFFICE, _STYLE = (_SPACE % name for name in ("table", "text", "office", "style"))
_HIDDEN = ("collapse", "filter")


def sheets_of(archive: Archive) -> Iterator[SheetContent]:
    """Every sheet in order, with merged areas, hidden sheets, rows and columns."""
    root = archive.xml("content.xml")
    if root is None:
        return
    unseen = {
        style.get(_STYLE + "name")
        for style in root.iter(_STYLE + "style")
        for look in style.iter(_STYLE + "table-properties")
        if look.get(_TABLE + "display") == "false"
    }
    for table in root.iter(_TABLE + "table"):
        sheet = SheetContent(table.get(_TABLE + "name", ""), [], is_hidden=table.get(_TABLE + "style-name") in unseen)
        _read_columns(table, sheet)
        _read_rows(table, sheet)
        yield sheet


def _read_columns(table: _Element, sheet: SheetContent) -> None:
    position = 0
    for column in table.iter(_TABLE + "table-column"):
        repeated = _count(column, "number-columns-repeated")
        if column.get(_TABLE + "visibility") in _HIDDEN:
            sheet.hidden_columns.append((position, position + repeated))
        position += repeated


def _read_rows(table: _Element, sheet: SheetContent) -> None:
    position = filled = 0
    for row in table.iter(_TABLE + "table-row"):
        repeated = _count(row, "number-rows-repeated")
        texts = _row_texts(row, position, sheet)
        if any(texts):
            allowed = max(min(repeated, MAX_ROWS - position, (MAX_AREA - filled) // len(texts)), 0)
            filled += allowed * len(texts)
            sheet.texts.extend([] for _ in range(min(position, MAX_ROWS) - len(sheet.texts)))
            sheet.texts.extend(list(texts) for _ in range(allowed))
            if row.get(_TABLE + "visibility") in _HIDDEN:
                sheet.hidden_rows.update(range(position, position + allowed))
            if allowed < repeated:
                sheet.is_cut = True
                return
        position += repeated


def _row_texts(row: _Element, position: int, sheet: SheetContent) -> list[str]:
    texts: list[str] = []
    column = 0
    for cell in row:
        repeated = _count(cell, "number-columns-repeated")
        text = _cell_text(cell) if cell.tag == _TABLE + "table-cell" else ""
        if text and column <= MAX_COLUMNS:
            texts.extend([""] * (column - len(texts)))
            texts.extend([text] * min(repeated, MAX_COLUMNS))
        width, height = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
        if width > 1 or height > 1:
            sheet.merged.append((position, column, position + height - 1, column + width - 1))
        column += repeated
    return texts


def _cell_text(cell: _Element) -> str:
    """The exact figure of a number, else the text as shown."""
    value = cell.get(_OFFICE + "value")
    if value is not None and cell.get(_OFFICE + "value-type") in ("float", "currency"):
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        return f"{number.normalize():f}" if number.is_finite() and abs(number) < 1e15 else value
    return "\n".join("".join(str(part) for part in line.itertext()) for line in cell.iterfind(_TEXT + "p")).strip()


def _count(element: _Element, name: str) -> int:
    value = element.get(_TABLE + name, "1")
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 8 else 1

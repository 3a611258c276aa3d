"""A workbook (.xlsx, .xls, .et, .ods) → Grid, one sheet after the other.

Each stretch of filled rows is a block with a width of its own, so that a narrow table above a wide one has no empty
cells on its right. Rows that hold one long text, and blocks of one column, are lines of the narrative.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gongkai.reading.archive import Archive, is_encrypted_office
from gongkai.reading.flow import DraftRow, Item, TableDraft, grid_rows
from gongkai.reading.grid import Grid, HiddenPart, Unreadable
from gongkai.reading.properties import read_properties
from gongkai.reading.xlsx.worksheet import SheetFacts, comments, sheet_facts

MAX_BYTES = 32_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 256
MAX_AREA = 200_000
"""Cells in the rectangle that a sheet takes, and in all sheets together: the reader makes room for each of them."""
_LONG_LINE = 40
_SENTENCE_ENDS = ("。", "；", "：", "！", "？")
_HEADING = re.compile(r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]")
_DAMAGED = "工作簿已损坏，或者不是可以识别的表格格式。"


@dataclass(slots=True)
class SheetContent:
    """One sheet: texts by row and column from 0, and merged areas as (top, left, bottom, right), the ends inside."""

    name: str
    texts: list[list[str]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_hidden: bool = False
    is_cut: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def read_xlsx(data: bytes, suffix: str = ".xlsx") -> Grid:
    """Read a workbook of at most 32 MB; Unreadable when it is larger, encrypted, damaged, endless or empty.

    ``suffix`` is the file's own (``.xls``), any case; what the bytes are decides, and a web page under a workbook's
    name is read as the page it is.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"工作簿过大（{len(data) / 1_000_000:.0f}MB），超过{MAX_BYTES // 1_000_000}MB的上限，未读取。")
    if is_encrypted_office(data):
        raise Unreadable("文件已加密，请先去掉密码再读取。")
    if data[:512].lstrip(b"\xef\xbb\xbf \r\n\t")[:5].lower() in (b"<html", b"<!doc", b"<meta", b"<tabl"):
        from gongkai.reading.html import read_html

        return read_html(data)
    grid = Grid()
    for number, sheet in enumerate(_visible(_sheets(data, grid), grid), 1):
        grid.rows.extend(grid_rows(_items(sheet, grid), number))
        if sum(len(row.slots) for row in grid.rows) > MAX_AREA:
            raise Unreadable(f"工作簿的内容过多（超过{MAX_AREA}个单元格），未读取。")
    if not grid.rows:
        raise Unreadable("工作簿里没有任何可见的内容。")
    return grid


def _sheets(data: bytes, grid: Grid) -> Iterator[SheetContent]:
    """The sheets in order; the workbook's properties and comments go to ``grid``."""
    if not data.startswith(b"PK"):
        yield from _calamine_sheets(data, {})
        return
    archive = Archive(data)
    grid.title = read_properties(archive, grid)
    if "xl/workbook.bin" in archive:
        raise Unreadable("暂不读取xlsb格式的工作簿，请另存为xlsx后再读取。")
    if "content.xml" in archive:
        from gongkai.reading.xlsx.opendocument import sheets_of

        yield from sheets_of(archive)
        return
    facts = sheet_facts(archive)
    for name, fact in facts.items():
        if fact.height * fact.width > MAX_AREA:
            raise Unreadable(f"工作表“{name}”一直到第{fact.height}行第{fact.width}列，范围过大，未读取。")
    grid.hidden.extend(HiddenPart("comment", text) for text in comments(archive))
    yield from _calamine_sheets(data, facts)


def _calamine_sheets(data: bytes, facts: dict[str, SheetFacts]) -> Iterator[SheetContent]:
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for index, about in enumerate(workbook.sheets_metadata):
            if about.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_index(index)
            if sheet.total_height * sheet.total_width > MAX_AREA:
                raise Unreadable(f"工作表“{about.name}”一直到第{sheet.total_height}行第{sheet.total_width}列，范围过大，未读取。")
            values: list[list[Any]] = sheet.to_python(skip_empty_area=False)
            fact = facts.get(about.name, SheetFacts())
            yield SheetContent(
                about.name,
                _texts(values, fact),
                [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()],
                is_hidden=about.visible is not python_calamine.SheetVisibleEnum.Visible,
                hidden_rows=fact.hidden_rows,
                hidden_columns=fact.hidden_columns,
            )
    except python_calamine.PasswordError as error:
        raise Unreadable("文件已加密，请先去掉密码再读取。") from error
    except (python_calamine.CalamineError, OSError, ValueError, MemoryError) as error:
        raise Unreadable(_DAMAGED) from error


def _texts(values: list[list[Any]], fact: SheetFacts) -> list[list[str]]:
    texts = [[value_text(value) for value in row] for row in values]
    for (row, column), text in fact.texts.items():
        if row >= len(texts):
            texts.extend([] for _ in range(row + 1 - len(texts)))
        if column >= len(texts[row]):
            texts[row].extend([""] * (column + 1 - len(texts[row])))
        texts[row][column] = text
    return texts


def value_text(value: Any) -> str:
    """A cell's value as a sheet shows it without a number format: 1.0 is ``1``, days are ISO, 15 digits at most."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return str(value)


def _visible(sheets: Iterator[SheetContent], grid: Grid) -> Iterator[SheetContent]:
    """Visible sheets with their hidden rows and columns emptied; what is hidden goes to ``grid.hidden``."""
    for sheet in sheets:
        if sheet.is_hidden:
            text = "\n".join("\t".join(filter(None, row)) for row in sheet.texts if any(row))
            grid.hidden.append(HiddenPart("hidden_sheet", text, sheet.name))
            continue
        for number in sorted(sheet.hidden_rows):
            if number < len(sheet.texts) and any(sheet.texts[number]):
                grid.hidden.append(HiddenPart("hidden_row", "\t".join(filter(None, sheet.texts[number])), f"{sheet.name}第{number + 1}行"))
                sheet.texts[number] = []
        for first, last in sheet.hidden_columns:
            _hide_columns(sheet, first, last, grid)
        yield sheet


def _hide_columns(sheet: SheetContent, first: int, last: int, grid: Grid) -> None:
    for number in range(first, min(last, max(map(len, sheet.texts), default=0))):
        texts = [row[number] for row in sheet.texts if number < len(row) and row[number]]
        if texts:
            grid.hidden.append(HiddenPart("hidden_column", "\n".join(texts), f"{sheet.name}第{number + 1}列"))
        for row in sheet.texts:
            if number < len(row):
                row[number] = ""


@dataclass(slots=True)
class _Frame:
    """The shape of a sheet: width by the first cell of each merged area, cells not to be listed, rows not to be read."""

    spans: dict[tuple[int, int], int]
    covered: set[tuple[int, int]]
    covered_rows: set[int]
    hidden_rows: set[int]


def _items(sheet: SheetContent, grid: Grid) -> list[Item]:
    if sheet.is_cut or len(sheet.texts) > MAX_ROWS or max(map(len, sheet.texts), default=0) > MAX_COLUMNS:
        grid.notes.append(f"工作表“{sheet.name}”过大，只读取前{MAX_ROWS}行、前{MAX_COLUMNS}列。")
        sheet.texts = [row[:MAX_COLUMNS] for row in sheet.texts[:MAX_ROWS]]
    frame = _frame(sheet)
    items: list[Item] = []
    first, height = 0, len(sheet.texts)
    while first < height:
        last = first
        while last < height and (any(sheet.texts[last]) or last in frame.covered_rows or last in frame.hidden_rows):
            last += 1
        items.extend(_block_items(sheet.texts, first, last, frame))
        first = last + 1
    return items


def _frame(sheet: SheetContent) -> _Frame:
    frame = _Frame({}, set(), set(), sheet.hidden_rows)
    height = len(sheet.texts)
    for top, left, reach_down, reach_right in sheet.merged:
        bottom, right = min(reach_down, height - 1), min(reach_right, MAX_COLUMNS - 1)
        if top > bottom or left > right or len(frame.covered) + (bottom - top + 1) * (right - left + 1) > MAX_AREA:
            continue
        frame.spans[top, left] = right - left + 1
        frame.covered.update((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
        frame.covered.discard((top, left))
        if sheet.texts[top] and any(sheet.texts[top]):
            frame.covered_rows.update(range(top + 1, bottom + 1))
    for begin, end in sheet.hidden_columns:
        frame.covered.update((row, column) for row in range(height) for column in range(begin, min(end, MAX_COLUMNS)))
    return frame


def _block_items(texts: list[list[str]], first: int, last: int, frame: _Frame) -> Iterator[Item]:
    """The rows ``first`` to before ``last``: lines of text, and tables between them."""
    filled = [[column for column, text in enumerate(texts[row]) if text] for row in range(first, last)]
    left = min((columns[0] for columns in filled if columns), default=0)
    right = max((columns[-1] + frame.spans.get((row, columns[-1]), 1) for row, columns in enumerate(filled, first) if columns), default=0)
    lone = all(columns in ([], [left]) for columns in filled)
    draft: TableDraft | None = None
    for row, columns in enumerate(filled, first):
        if len(columns) == 1:
            at, text = columns[0], texts[row][columns[0]]
            wide = frame.spans.get((row, at), 1) >= right - left
            if lone or _is_line(text, is_wide=wide, is_first=row == first):
                yield from draft.finish() if draft else ()
                draft = None
                yield from (DraftRow(TableDraft(), row + 1, [(line, at, right)], "text") for line in _lines(text) if line)
                continue
        draft = draft or TableDraft(row + 1)
        draft.start_row(left)
        if row not in frame.hidden_rows:
            _add_cells(draft, texts[row], row, (left, right), frame)
    yield from draft.finish() if draft else ()


def _add_cells(draft: TableDraft, texts: list[str], row: int, bounds: tuple[int, int], frame: _Frame) -> None:
    column, end = bounds
    while column < end:
        span = 1
        if (row, column) in frame.covered:
            draft.skip_columns(1)
        else:
            span = frame.spans.get((row, column), 1)
            draft.add_cell([*_lines(texts[column] if column < len(texts) else "")], span)
        column += span


def _is_line(text: str, *, is_wide: bool, is_first: bool) -> bool:
    """Whether the only text of a row is narrative or a heading rather than a cell of the table around it."""
    if len(text) > _LONG_LINE or text.endswith(_SENTENCE_ENDS):
        return True
    return (is_wide or is_first) and _HEADING.match(text) is not None


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n")] if text else []


def named_cells(data: bytes) -> Iterator[tuple[str, str]]:
    """Every cell that says something, of hidden sheets too, under the name that a person looks it up by: 表2!B4."""
    for sheet in _sheets(data, Grid()):
        for row, texts in enumerate(sheet.texts, 1):
            for column, text in enumerate(texts):
                if text:
                    yield f"{sheet.name}!{_letters(column)}{row}", text


def _letters(column: int) -> str:
    """A column's letters, counted from 0: A, B … Z, AA."""
    found = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        found, column = chr(ord("A") + rest) + found, column - 1
    return found

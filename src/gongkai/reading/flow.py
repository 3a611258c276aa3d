"""Lines and tables in reading order, while a marked-up document is being walked; shared by HTML and DOCX.

Both formats nest: a cell holds lines and tables, and a table may merely lay out the page. A walker keeps one list of
*items* for the page and one for each open cell; an item is a line of text (``str``; tabs in it part columns) or a
:class:`DraftRow`. When a
table closes, :class:`TableDraft` decides row by row whether it is a row of data or only layout, and what is layout
flows into the list around it. :func:`grid_rows` numbers what is left and makes it the rows of a grid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, cast

from gongkai.reading.grid import GridRow, Slot
from gongkai.report import Place

MAX_SPAN = 100
"""Columns that one cell may claim; the widest statutory table has ten."""
MAX_COLUMN = 256
"""Columns beyond this one are read in order, but no merged cell reaches down from them."""
_LONG = 200
"""Characters in a cell that make it a piece of the page; the longest statutory label has 36."""
_LONG_ALONE = 80
"""The same for a cell that is the only filled one of its row."""
_MANY = 64
"""Lines in a cell that make it a piece of the page; a whole column of the longest statutory table has 27."""
_FIGURE = re.compile(r"[+＋\-－]?[\d０-９][\d０-９.,，]*(?:[%％件条个万元]+)?|[-—－/／]+")
_WORDLIKE = re.compile(r"[0-9A-Za-z.,%+\-０-９]")


class DraftRow(NamedTuple):
    """A row before numbering. ``cells`` are (text, left, right) in grid columns from 0; ``row`` counts from 1."""

    table: TableDraft
    row: int
    cells: list[tuple[str, int, int]]
    kind: str = "table"


Item = str | DraftRow
_Cell = tuple[list[Item], int, int]
_Lines = tuple[list[str], int, int]


class TableDraft:
    """A table while it is being read: places each cell on the grid of columns, and decides what is layout."""

    __slots__ = ("_above", "_absurd", "_column", "_first", "_group_ended", "_rows")

    def __init__(self, first_row: int = 1) -> None:
        self._first = first_row
        self._rows: list[list[_Cell]] = []
        self._above: dict[int, int] = {}
        self._absurd = False
        self._group_ended = False
        self._column = 0

    def start_row(self, skip: int = 0) -> None:
        """Begin a row, ``skip`` columns from the left."""
        self._rows.append([])
        self._column = min(max(skip, 0), MAX_COLUMN)
        if self._above:
            reach = {} if self._group_ended else self._above
            self._above = {column: rows - 1 for column, rows in reach.items() if rows > 1}
        self._group_ended = False

    def end_group(self) -> None:
        """End a group of rows (``tbody``): no merged cell reaches over it."""
        self._group_ended = True

    def add_cell(self, items: list[Item], colspan: int = 1, rowspan: int = 1) -> None:
        """Put a cell into the first free columns of the current row. ``rowspan`` 0 reaches to the end of the group."""
        if not self._rows:
            self.start_row()
        above, left = self._above, self._column
        while left in above:
            left += 1
        if colspan != 1:
            self._absurd |= colspan > MAX_SPAN
            colspan = min(max(colspan, 1), MAX_SPAN)
        self._column = right = left + colspan
        if rowspan != 1 and right <= MAX_COLUMN:
            above.update(dict.fromkeys(range(left, right), rowspan or 65535))
        self._rows[-1].append((items, left, right))

    def skip_columns(self, width: int) -> None:
        """Leave columns of the current row to a cell merged from above."""
        self._column += min(max(width, 1), MAX_SPAN)

    def finish(self) -> list[Item]:
        """What the table contributes: rows of data, and the contents of layout rows in order."""
        if all(len(row) < 2 for row in self._rows):
            return _contents(cell for row in self._rows for cell in row)
        if self._absurd:
            self._narrow()
        items: list[Item] = []
        for number, row in enumerate(self._rows, self._first):
            if _is_layout(row):
                items.extend(_contents(row))
            elif row:
                items.extend(self._data_rows(number, cast("list[_Lines]", row)))
        return items

    def _data_rows(self, number: int, row: list[_Lines]) -> list[DraftRow]:
        """One row of data, or several when its cells hold whole columns of figures, a line each."""
        if not any(len(lines) > 1 and _is_stacked(lines) for lines, _, _ in row):
            return [
                DraftRow(self, number, [(lines[0] if len(lines) == 1 else join_lines(lines), left, right) for lines, left, right in row])
            ]
        for cells in (row, [(trimmed(lines), left, right) for lines, left, right in row]):
            heights = {len(lines) for lines, _, _ in cells if len(lines) > 1}
            if len(heights) == 1 and _has_storeys(cells, *heights):
                return [DraftRow(self, number, _storey(cells, index, *heights)) for index in range(*heights)]
        return [self._spread(number, row)]

    def _spread(self, number: int, row: list[_Lines]) -> DraftRow:
        """Figures that share one cell, a slot each: in their own columns when the cell spans just as many."""
        cells: list[tuple[str, int, int]] = []
        exact = True
        for lines, left, right in row:
            if len(lines) < 2 or not _is_stacked(lines):
                cells.append((join_lines(lines), left, right))
                continue
            figures = lines if right - left == len(lines) else [line for line in lines if line]
            exact &= right - left == len(figures)
            cells.extend((figure, left + index, left + index + 1) for index, figure in enumerate(figures))
        return DraftRow(self, number, cells, "table" if exact else "split")

    def _narrow(self) -> None:
        """Undo absurd spans: only columns in which some cell begins are columns."""
        starts = sorted({left for row in self._rows for _, left, _ in row})
        rank = {left: index for index, left in enumerate(starts)}
        for row in self._rows:
            for index, (items, left, right) in enumerate(row):
                end = next((rank[start] for start in starts[rank[left] + 1 :] if start >= right), len(starts))
                row[index] = (items, rank[left], end)


def join_lines(lines: list[str]) -> str:
    """The lines of a cell as one text: a wrapped label is whole again, two figures stay apart."""
    if len(lines) < 2:
        return lines[0] if lines else ""
    text = ""
    for line in lines:
        if text and line and _WORDLIKE.match(text[-1]) and _WORDLIKE.match(line):
            text += " "
        text += line
    return text


def trimmed(lines: list[str]) -> list[str]:
    """``lines`` without the blank ones at either end."""
    first, last = 0, len(lines)
    while first < last and not lines[first]:
        first += 1
    while first < last and not lines[last - 1]:
        last -= 1
    return lines[first:last]


def grid_rows(items: list[Item], table: int | None = None) -> list[GridRow]:
    """The rows of the grid, without blank lines. Rows and tables are numbered from 1 in reading order.

    With ``table``, all tables carry that one number: a sheet of a workbook is one, however many tables stand on it.
    """
    rows: list[GridRow] = []
    numbers: dict[int, int] = {}
    for item in items:
        if isinstance(item, str):
            if item:
                rows.append(_line_row(item, _line_place(len(rows) + 1)))
            continue
        draft, row, cells, kind = item
        number = table or numbers.setdefault(id(draft), len(numbers) + 1)
        exact = kind == "table"
        slots = [
            Slot(text, left if exact else None, right if exact else None, _cell_place(number, row, left + 1)) for text, left, right in cells
        ]
        rows.append(GridRow(kind, slots, 0 if kind == "text" else number))
    return rows


def _line_row(line: str, place: Place) -> GridRow:
    parts = line.split("\t")
    if len(parts) == 1:
        return GridRow("text", [Slot(line, None, None, place)])
    return GridRow("split", [Slot(part, index, index + 1, place) for index, part in enumerate(parts)])


def _contents(cells: Iterable[_Cell]) -> list[Item]:
    """All that stands in these cells, one after the other."""
    filled = [items for items, _, _ in cells if items]
    return filled[0] if len(filled) == 1 else [item for items in filled for item in items]


def _is_layout(row: list[_Cell]) -> bool:
    """Whether the cells of a row are pieces of the page rather than data."""
    filled = longest = 0
    stacked = False
    for items, _, _ in row:
        if len(items) == 1 and isinstance(items[0], str):
            size = len(items[0])
        elif len(items) > _MANY or not all(isinstance(item, str) for item in items):
            return True
        else:
            size = sum(map(len, items))
            stacked = stacked or any(_FIGURE.fullmatch(cast("str", item)) for item in items)
        if size:
            filled += 1
            longest = max(longest, size)
    if filled == 1:
        return longest > _LONG_ALONE or stacked
    return longest > _LONG and not stacked


def _is_stacked(lines: list[str]) -> bool:
    """Whether the lines of a cell are a column of figures: at least two, and nothing else but blank lines."""
    figures = 0
    for line in lines:
        if line and not _FIGURE.fullmatch(line):
            return False
        figures += bool(line)
    return figures > 1


def _has_storeys(row: list[_Lines], height: int) -> bool:
    """Whether every line of figures has a label line beside it, and no single figure leaves its line open."""
    labelled = any(len(lines) == height and not _is_stacked(lines) and all(lines) for lines, _, _ in row)
    return labelled and not any(len(lines) == 1 and _FIGURE.fullmatch(lines[0]) for lines, _, _ in row)


def _storey(row: list[_Lines], index: int, height: int) -> list[tuple[str, int, int]]:
    """Line ``index`` of a row whose cells hold ``height`` lines; a cell with one line stands in the first."""
    tall = [(lines[index], left, right) for lines, left, right in row if len(lines) == height]
    return tall if index else sorted([(join_lines(c[0]), c[1], c[2]) for c in row if len(c[0]) < height] + tall, key=lambda cell: cell[1])


@lru_cache(maxsize=4096)
def _line_place(line: int) -> Place:
    return Place(line=line)


@lru_cache(maxsize=4096)
def _cell_place(table: int, row: int, column: int) -> Place:
    return Place(table=table, row=row, column=column)

"""The statutory tables as drawn: which text stands where and what it spans, for every output format alike.

A layout is computed once from the edition's data (:mod:`gongkai.law`) and the report's cells; a writer only draws it.
Widths are millimetres of the 156 mm type area of GB/T 9704 and are the one thing here that is design and not law.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from gongkai.errors import GongkaiError
from gongkai.law import Block, Column, ReportFormat, Row, Table
from gongkai.report.annual import MISSING, AnnualReport, Cell

# What stands in a cell whose figure could not be told for certain. A figure there would be read as certain.
DOUBT = "？"

# Characters that no XML document may hold, and halves of surrogate pairs: a damaged source is full of them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_TYPE_AREA = 156.0
_LABEL_WIDTHS = {1: (83.0,), 2: (25.0, 58.0), 3: (9.0, 25.0, 49.0)}
_FIELD_WIDTHS = (51.0, 35.0)
_ONE_VALUE_WIDTHS = (108.0, 20.0, 28.0)


class Unwritable(GongkaiError):
    """A report cannot be written; the message says which part is missing and what to do."""


class Spot(NamedTuple):
    """A place in a layout, counted from 0."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class LayoutCell:
    """One drawn cell. ``scope`` is ``col``, ``colgroup``, ``row`` or ``rowgroup`` for a heading, empty otherwise.

    ``address`` and ``cell`` are set where a figure of the report stands; ``headers`` are the headings that apply to it.
    ``indent`` counts steps to the right; ``vertical`` marks a narrow heading beside many rows.
    """

    text: str
    spot: Spot
    rowspan: int = 1
    colspan: int = 1
    scope: str = ""
    address: str | None = None
    cell: Cell | None = None
    headers: tuple[Spot, ...] = ()
    indent: int = 0
    vertical: bool = False

    @property
    def header(self) -> bool:
        """Whether it is a heading of rows or columns."""
        return bool(self.scope)

    def covers_column(self, column: int) -> bool:
        """Whether it stands over that column."""
        return self.spot.column <= column < self.spot.column + self.colspan

    def covers_row(self, row: int) -> bool:
        """Whether it stands beside that row."""
        return self.spot.row <= row < self.spot.row + self.rowspan


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A table ready to draw. ``heading_rows`` hold only headings; the first ``repeat`` of them return on a new page.

    ``compact`` asks for small type: many narrow columns.
    """

    id: str
    name: str
    widths: tuple[float, ...]
    cells: tuple[LayoutCell, ...]
    heading_rows: frozenset[int] = frozenset()
    repeat: int = 0
    compact: bool = False
    n_rows: int = field(default=0)

    def rows(self) -> list[list[LayoutCell]]:
        """The cells that begin in each row, left to right."""
        rows: list[list[LayoutCell]] = [[] for _ in range(self.n_rows)]
        for cell in sorted(self.cells, key=lambda cell: cell.spot):
            rows[cell.spot.row].append(cell)
        return rows


def lay_out(table: Table, report: AnnualReport) -> TableLayout:
    """The drawn form of one statutory table with the report's figures in it."""
    if table.layout == "one_value":
        return _one_value(table, report)
    if table.layout == "one_row":
        return _one_row(table, report)
    if len(table.blocks) == 1:
        return _matrix(table, report)
    return _stacked(table, report)


def is_printed(table: Table, report: AnnualReport, edition: ReportFormat) -> bool:
    """Whether the report shows any cell of the table; a table it does not show is not made up."""
    place_of = edition.place_of
    return any(cell.kind != "missing" for address, cell in report.cells.items() if address in place_of and place_of[address][0] is table)


def shown(cell: Cell, unit: str | None, *, signed: bool = False) -> str:
    """What is printed for a cell: its own text where there is one, nothing for a cell that the document lacks.

    A figure that the document gave in another unit is printed converted, because the heading it gets names ``unit``.
    """
    if cell.kind in ("missing", "blank"):
        return ""
    if cell.kind == "unclear":
        return DOUBT
    raw = one_line(cell.raw)
    if cell.kind != "number" or cell.value is None:
        return raw or ("/" if cell.kind == "slash" else "")
    if raw and (cell.unit is None or cell.unit in raw):
        return raw
    text = plain(cell.value, signed=signed)
    return text + cell.unit if cell.unit and unit is None else text


def one_line(text: str) -> str:
    """The text on one line without what no document may hold; blanks at its ends and runs of them go."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def plain(value: Decimal, *, signed: bool = False) -> str:
    """A figure in plain digits, never with an exponent; a plus sign before a positive ``signed`` one."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"+{text}" if signed and value > 0 else text


def _data(table: Table, report: AnnualReport, row: Row, column: Column, spot: Spot, colspan: int = 1) -> LayoutCell:
    address = table.cell(row.id, column.id)
    cell = report.cells.get(address, MISSING)
    return LayoutCell(shown(cell, row.unit or column.unit, signed=column.signed), spot, 1, colspan, address=address, cell=cell)


def _linked(cells: Sequence[LayoutCell], *, top: int = 0) -> Iterator[LayoutCell]:
    """The same cells; every figure now names the headings above (from row ``top`` down) and beside it."""
    heads = [cell for cell in cells if cell.header and cell.spot.row >= top]
    for cell in cells:
        if cell.address is None:
            yield cell
            continue
        row, column = cell.spot
        above = [head.spot for head in heads if head.scope.startswith("col") and head.spot.row < row and head.covers_column(column)]
        beside = [head.spot for head in heads if head.scope.startswith("row") and head.covers_row(row)]
        yield replace(cell, headers=cell.headers + tuple(above + beside))


# Table two: blocks under one another, each with its own heading and its own columns.


def _stacked(table: Table, report: AnnualReport) -> TableLayout:
    width = max(len(block.columns) for block in table.blocks)
    corner = _corner_words(table)[0]
    cells: list[LayoutCell] = []
    headings: set[int] = set()
    top = 0
    for block in table.blocks:
        cells += _linked([*_block_head(block, corner, top, width), *_block_body(table, block, report, top + 2, width)], top=top)
        headings |= {top, top + 1}
        top += 2 + len(block.rows)
    widths = (_FIELD_WIDTHS[0],) + (_FIELD_WIDTHS[1],) * width
    return TableLayout(table.id, table.name, widths, tuple(cells), frozenset(headings), n_rows=top)


def _block_head(block: Block, corner: str, top: int, width: int) -> Iterator[LayoutCell]:
    yield LayoutCell(block.header, Spot(top, 0), colspan=1 + width, scope="colgroup")
    yield LayoutCell(corner, Spot(top + 1, 0), scope="col")
    for column, start, span in _spread(block, width):
        yield LayoutCell(column.label, Spot(top + 1, start), colspan=span, scope="col")


def _block_body(table: Table, block: Block, report: AnnualReport, top: int, width: int) -> Iterator[LayoutCell]:
    for number, row in enumerate(block.rows, top):
        yield LayoutCell(row.label, Spot(number, 0), scope="row")
        for column, start, span in _spread(block, width):
            yield _data(table, report, row, column, Spot(number, start), span)


def _spread(block: Block, width: int) -> Iterator[tuple[Column, int, int]]:
    """Each column with its first grid column and span: the last one takes what narrower blocks leave over."""
    for number, column in enumerate(block.columns, 1):
        last = number == len(block.columns)
        yield column, number, width - number + 1 if last else 1


def _corner_words(table: Table) -> list[str]:
    """Words of the table's heading that name neither the table nor a block nor a column: those over the row labels."""
    named = {table.name} | {block.header for block in table.blocks}
    named |= {label for block in table.blocks for column in block.columns for label in (column.label, column.group or "")}
    bare = {_bare(name) for name in named}
    return [word for word in table.head if _bare(word) not in bare]


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


# Table three: one block, groups of rows to the left, column groups above.


def _matrix(table: Table, report: AnnualReport) -> TableLayout:
    block = table.blocks[0]
    rows = printed_rows(table, block, report)
    depth = 1 + max(len(row.group) for row in rows)
    head = list(_matrix_head(table, block, depth))
    top = 3
    body = [*_groups(rows, top), *_matrix_body(table, block, report, rows, depth, top)]
    value_width = (_TYPE_AREA - sum(_LABEL_WIDTHS[depth])) / len(block.columns)
    return TableLayout(
        table.id,
        table.name,
        _LABEL_WIDTHS[depth] + (value_width,) * len(block.columns),
        tuple(_linked([*head, *body])),
        frozenset(range(top)),
        repeat=top,
        compact=True,
        n_rows=top + len(rows),
    )


def printed_rows(table: Table, block: Block, report: AnnualReport) -> list[Row]:
    """The rows to print: a merged row stands before the rows it replaces, and these go unless they show something too."""
    rows = list(block.rows)
    for merged in block.merged_rows:
        if not _shows(table, block, merged, report):
            continue
        parts = [row for row in rows if row.id in merged.replaces]
        rows.insert(rows.index(parts[0]), merged)
        rows = [row for row in rows if row not in parts or _shows(table, block, row, report)]
    return rows


def _shows(table: Table, block: Block, row: Row, report: AnnualReport) -> bool:
    return any(report.cells.get(table.cell(row.id, column.id), MISSING).kind != "missing" for column in block.columns)


def _matrix_head(table: Table, block: Block, depth: int) -> Iterator[LayoutCell]:
    yield LayoutCell(table.crossfoot or "", Spot(0, 0), rowspan=3, colspan=depth)
    yield LayoutCell(block.header, Spot(0, depth), colspan=len(block.columns), scope="colgroup")
    previous = None
    for number, column in enumerate(block.columns, depth):
        if column.group is None:
            yield LayoutCell(column.label, Spot(1, number), rowspan=2, scope="col")
        else:
            if column.group != previous:
                span = sum(1 for other in block.columns if other.group == column.group)
                yield LayoutCell(column.group, Spot(1, number), colspan=span, scope="colgroup")
            yield LayoutCell(column.label, Spot(2, number), scope="col")
        previous = column.group


def _groups(rows: Sequence[Row], top: int) -> Iterator[LayoutCell]:
    """The merged cells left of the rows: one for each run of rows under the same group."""
    for level in range(max(len(row.group) for row in rows)):
        start = 0
        while start < len(rows):
            path = rows[start].group[: level + 1]
            stop = start + 1
            while stop < len(rows) and rows[stop].group[: level + 1] == path:
                stop += 1
            if len(path) > level:
                yield LayoutCell(path[level], Spot(top + start, level), rowspan=stop - start, scope="rowgroup", vertical=level == 0)
            start = stop


def _matrix_body(table: Table, block: Block, report: AnnualReport, rows: Sequence[Row], depth: int, top: int) -> Iterator[LayoutCell]:
    for number, row in enumerate(rows, top):
        yield LayoutCell(row.label, Spot(number, len(row.group)), colspan=depth - len(row.group), scope="row")
        for place, column in enumerate(block.columns, depth):
            yield _data(table, report, row, column, Spot(number, place))


# Table four: blocks beside one another over a single row of figures.


def _one_row(table: Table, report: AnnualReport) -> TableLayout:
    cells: list[LayoutCell] = []
    start = 0
    for block in table.blocks:
        width = sum(len(block.columns) for _ in block.rows)
        alone = [row.label for row in block.rows] == [block.header]
        cells.append(LayoutCell(block.header, Spot(0, start), rowspan=2 if alone else 1, colspan=width, scope="colgroup"))
        for row in block.rows:
            if not alone:
                cells.append(LayoutCell(row.label, Spot(1, start), colspan=len(block.columns), scope="colgroup"))
            for number, column in enumerate(block.columns, start):
                cells.append(LayoutCell(column.label, Spot(2, number), scope="col"))
                cells.append(_data(table, report, row, column, Spot(3, number)))
            start += len(block.columns)
    widths = (_TYPE_AREA / start,) * start
    return TableLayout(table.id, table.name, widths, tuple(_linked(cells)), frozenset(range(3)), repeat=3, compact=True, n_rows=4)


# The form before 2019: one value a row, with its unit; groups stand on rows of their own.


def _one_value(table: Table, report: AnnualReport) -> TableLayout:
    block = table.blocks[0]
    cells = [LayoutCell(word, Spot(0, number), scope="col") for number, word in enumerate([*_corner_words(table), block.columns[0].label])]
    headings = {0}
    open_groups: tuple[str, ...] = ()
    number = 1
    for row in block.rows:
        for level, label in enumerate(row.group):
            if open_groups[: level + 1] != row.group[: level + 1]:
                cells.append(LayoutCell(label, Spot(number, 0), colspan=3, scope="rowgroup", indent=level))
                headings.add(number)
                open_groups = row.group[: level + 1]
                number += 1
        above = _group_spots(cells, row.group)
        cells.append(LayoutCell(row.label, Spot(number, 0), scope="row", indent=len(row.group)))
        cells.append(LayoutCell(row.unit or "", Spot(number, 1)))
        cells.append(replace(_data(table, report, row, block.columns[0], Spot(number, 2)), headers=above))
        open_groups = (*row.group, row.label)
        number += 1
    return TableLayout(table.id, table.name, _ONE_VALUE_WIDTHS, tuple(_linked(cells)), frozenset(headings), repeat=1, n_rows=number)


def _group_spots(cells: Sequence[LayoutCell], group: tuple[str, ...]) -> tuple[Spot, ...]:
    """Where the headings of those groups stand; the nearest above counts, because some labels return."""
    spots = {(cell.text, cell.indent): cell.spot for cell in cells if cell.scope.startswith("row")}
    return tuple(spots[label, level] for level, label in enumerate(group) if (label, level) in spots)

"""Table four: one row of fifteen figures under a heading of two levels."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from gongkai.law import Table
from gongkai.reading.align.columns import place_in_columns
from gongkai.reading.align.fill import WRAPPED, left_to_right, wrapped_tails
from gongkai.reading.align.targets import Reading, core
from gongkai.reading.sheet import FIGURE, TEXT, Piece, Sheet
from gongkai.reading.values import parse_value
from gongkai.report import Cell

# Narrative may follow without a title between; a text this long ends the table.
LONGEST_HEADING = 12


@cache
def _head_characters(table: Table) -> frozenset[str]:
    words = [core(column.label) for block in table.blocks for column in block.columns]
    words += [core(label) for row in table.rows for label in (row.label, *row.group)]
    return frozenset("".join(words))


# Digits in a text where the figures should stand: the row is there and cannot be read, what follows is another table's.
_TORN = re.compile(r"\d{5}")


def read_one_row(sheet: Sheet, table: Table, bounds: tuple[int, int]) -> Reading:
    """The figures under the heading; fewer or more than the row has cells, without columns to tell, stay unread."""
    reading = Reading(found=1)
    pieces = sheet.pieces(sheet.slot_at(bounds[0]), sheet.slot_at(max(bounds[1] - 1, bounds[0])) + 1)
    run = _run(table, pieces)
    count = sum(len(block.columns) * len(block.rows) for block in table.blocks)
    placed = _with_tails(run, _placed(sheet, run, count))
    figures = [piece for piece in run if piece.kind == FIGURE]
    if placed is None and not figures:
        return reading
    for index, address in enumerate(table.cells):
        reading.cells[address] = _unread(figures, count) if placed is None else _cell(table, address, placed[index], run)
    return reading


def _run(table: Table, pieces: list[Piece]) -> list[Piece]:
    """Values from the first one after the heading up to text that is no heading."""
    known = _head_characters(table)
    run: list[Piece] = []
    for piece in pieces:
        if piece.kind != TEXT:
            run.append(piece)
        elif _TORN.search(piece.bare) or (
            any(item.kind == FIGURE for item in run) and (len(piece.bare) > LONGEST_HEADING or not known.issuperset(piece.bare))
        ):
            break
    return run


def _placed(sheet: Sheet, run: list[Piece], count: int) -> list[Piece | None] | None:
    figures = [piece for piece in run if piece.kind == FIGURE]
    if len(figures) == 1 and figures[0].text.isdigit() and len(figures[0].text) == count:
        return [Piece(FIGURE, digit, "", figures[0].slot, figures[0].row, True) for digit in figures[0].text]
    if len(figures) == count:
        ordered = left_to_right(figures)
        return list(ordered) if ordered else None
    by_row: dict[int, list[Piece]] = {}
    for piece in run:
        by_row.setdefault(piece.row, []).append(piece)
    ways = []
    for number, row in by_row.items():
        shown = sum(piece.kind == FIGURE for piece in row)
        if shown == count:
            ways.append(list[Piece | None]([piece for piece in row if piece.kind == FIGURE]))
        elif shown and sheet.row(number).kind != "text":
            placed = place_in_columns("table", row, True, count, None)
            if placed is not None:
                ways.append(placed)
    return ways[0] if len(ways) == 1 else None


def _with_tails(run: list[Piece], placed: list[Piece | None] | None) -> list[Piece | None] | None:
    """The row with doubts on figures that may go on in the next line."""
    if placed is None:
        return None
    shown = [piece for piece in placed if piece is not None]
    last = max((at for at, piece in enumerate(run) if any(piece is other for other in shown)), default=len(run))
    tails = wrapped_tails(run[last + 1 :], shown)
    doubtful = {id(shown[at]) for at in tails}
    return [replace(piece, doubt=WRAPPED) if piece is not None and id(piece) in doubtful else piece for piece in placed]


def _cell(table: Table, address: str, piece: Piece | None, run: list[Piece]) -> Cell:
    if piece is None:
        return Cell("blank", where=run[0].slot.place)
    doubt = piece.doubt or getattr(piece.slot, "doubt", None)
    if doubt:
        return Cell("unclear", raw=piece.text, where=piece.slot.place, reason=doubt)
    block = table.blocks[0]
    raw = piece.slot.text if not piece.glued and len(piece.slot.text) <= len(piece.text) + 4 else piece.text
    return parse_value(raw, piece.text, block.rows[0], block.columns[0], piece.slot.place)


def _unread(figures: list[Piece], count: int) -> Cell:
    relation = "少于" if len(figures) < count else "多于"
    reason = f"本表应有{count}格，只认出{len(figures)}个数，{relation}格数，无法确定各数属于哪一格"
    raw = " ".join(piece.text for piece in figures)[:80]
    return Cell("unclear", raw=raw, where=figures[0].slot.place, reason=reason)

"""Figures into cells: by count where the count fits, by column where the document fixes columns, else unread."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise

from gongkai.law import Column
from gongkai.reading.align.columns import Frame, place_in_columns
from gongkai.reading.align.targets import Board, Reading, Span, Target
from gongkai.reading.grid import Slot
from gongkai.reading.sheet import EMPTY, FIGURE, TEXT, Piece, Sheet
from gongkai.reading.values import is_unit, parse_value
from gongkai.report import Cell, Place

WRAPPED = "下一行有数字紧接在本格下面，可能是同一个数折成了两行"

# Label fragments that may stand left of a row's figures.
MOST_LABELS = 4

Frames = dict[tuple[str, int, int], Frame]  # by kind of row, table and number of columns


def fill(board: Board, spans: list[Span], reading: Reading) -> None:
    """Cells for every span: by count where the count fits, by column where the document fixes columns."""
    pieces = board.pieces
    short: list[tuple[Span, list[Piece]]] = []
    _doubt_glued(pieces, spans)
    firsts, lasts = sorted(span.first for span in spans if span.sure), sorted(span.last for span in spans if span.sure)
    for span in spans:
        span.mixed = _is_mixed(pieces, span)
        values = [pieces[index] for index in range(span.first, span.last) if pieces[index].kind != TEXT]
        figures = _row_figures(values, span, _is_parted(pieces, span))
        if _goes_on_from_above(pieces, span, lasts) or _holds_torn_ordinal(pieces, span):
            span.sure = False
        if figures is not None and (tails := wrapped_tails(_after(pieces, span, figures, _next_first(firsts, span, board.limit)), figures)):
            figures = [replace(piece, doubt=WRAPPED) if index in tails else piece for index, piece in enumerate(figures)]
        if span.sure and figures is not None:
            _put_row(span.target, figures, reading)
        elif span.sure and _is_empty_row(board.sheet, values):
            _put_blank(span.target, values, reading)
        else:
            short.append((span, values))
    frames = _frames(board, spans) if short else {}
    for span, values in short:
        _put_by_column(board, span, values, frames, reading)


def _next_first(firsts: list[int], span: Span, limit: int) -> int:
    at = bisect_right(firsts, span.first)
    return firsts[at] if at < len(firsts) else limit


def _after(pieces: list[Piece], span: Span, figures: list[Piece], end: int) -> list[Piece]:
    """What stands behind the figures of a row, in its own span and up to the next."""
    last = max((at for at in range(span.first, span.last) if any(pieces[at] is figure for figure in figures)), default=span.last - 1)
    return pieces[last + 1 : end]


def _is_mixed(pieces: list[Piece], span: Span) -> bool:
    """Whether words stand behind the first value of a line that shows a figure, such as the letter O for a nought."""
    shown, begun, mixed = set[int](), set[int](), set[int]()
    for at in range(span.first, span.last):
        piece = pieces[at]
        if piece.kind == TEXT:
            if piece.row in begun:
                mixed.add(piece.row)
            continue
        begun.add(piece.row)
        if piece.kind == FIGURE:
            shown.add(piece.row)
    return not shown.isdisjoint(mixed)


def _is_parted(pieces: list[Piece], span: Span) -> bool:
    """Whether words that are no unit stand between the figures: some may be another row's, or out of order."""
    at = [index for index in range(span.first, span.last) if pieces[index].kind == FIGURE]
    return len(at) > 1 and any(not is_unit(piece.text) for piece in pieces[at[0] : at[-1]] if piece.kind == TEXT)


def _doubt_glued(pieces: list[Piece], spans: list[Span]) -> None:
    """Figures that touch are cut only in a table where every such row can be cut: a shorter one shows that cells are missing."""
    glued, apart = [], 0
    n_wide = sum(len(span.target.columns) > 1 for span in spans)
    for span in spans:
        figures = [pieces[at] for at in range(span.first, span.last) if pieces[at].kind == FIGURE]
        apart += len(figures) == len(span.target.columns) > 1
        # A figure among visible empty places is one figure.
        places = any(pieces[at].kind == EMPTY for at in range(span.first, span.last))
        if len(figures) == 1 and len(span.target.columns) > 1 and (figures[0].glued or not places):
            glued.append((span, figures))
        elif len(span.target.columns) == 1 and figures and _may_hold_ordinal(figures[-1], pieces[span.last : span.last + 1]):
            span.sure = False
        if any(piece.glued for piece in figures) and _is_frayed(pieces, span):
            span.sure = False
    if any(len(figures[0].text) < len(span.target.columns) for span, figures in glued):
        for span, _ in glued:
            span.sure = False
    for span, figures in glued:
        # More figures right behind: those that touch the label are only the first of the row.
        if any(piece.kind == FIGURE for piece in pieces[span.last : span.last + 1]) or (apart > len(glued) and not figures[0].glued):
            span.sure = False
        # One row alone is glued where no other is: its figure may be the first of several that were torn away.
        if len(glued) == 1 and n_wide > 2:
            span.sure = False


def _is_frayed(pieces: list[Piece], span: Span) -> bool:
    """Whether digits are left at the end of the label before glued figures or at the start of the text after them."""
    first = next(at for at in range(span.first, span.last) if pieces[at].kind == FIGURE)
    after = pieces[span.last].text if span.last < len(pieces) and pieces[span.last].kind == TEXT else ""
    before = pieces[first - 1].text if first and pieces[first - 1].kind == TEXT else ""
    return _DIGITS_AFTER.match("".join(after.split())) is not None or _DIGITS_BEFORE.search(before) is not None


def _may_hold_ordinal(figure: Piece, following: list[Piece]) -> bool:
    """Whether the last digit of a glued figure may be the ordinal of the label it touches, whose point was lost: `02延期办结数`."""
    if not figure.glued or figure.closed or len(figure.text) < 2 or not following:
        return False
    return figure.text.startswith("0") or not _ORDINAL.match(following[0].text)


def wrapped_tails(following: list[Piece], figures: list[Piece]) -> set[int]:
    """Numbers of the figures under which, on one of the next two lines of the page, more digits stand: the figure may go on there."""
    tails: set[int] = set()
    last = max(piece.row for piece in figures)
    for piece in following[: 4 * len(figures) + 8]:
        if piece.row > last + 2:
            break
        if piece.kind == FIGURE and piece.row > last:
            tails.update(index for index, figure in enumerate(figures) if _overlap(figure.slot, piece.slot))
    return tails


def _goes_on_from_above(pieces: list[Piece], span: Span, lasts: list[int]) -> bool:
    """Whether figures nobody claims stand right above those of a row: these may be their last digits, wrapped."""
    at = bisect_right(lasts, span.first)
    above = [piece for piece in pieces[lasts[at - 1] if at else 0 : span.first] if piece.kind == FIGURE]
    own = [piece for piece in pieces[span.first : span.last] if piece.kind == FIGURE]
    if not above or not own or own[0].row > above[-1].row + 2:
        return False
    return any(_overlap(piece.slot, other.slot) for piece in above if piece.row + 2 >= own[0].row for other in own)


def _holds_torn_ordinal(pieces: list[Piece], span: Span) -> bool:
    """Whether the text behind the figures begins with the point of an ordinal: its digit stands among the figures."""
    last = max((at for at in range(span.first, span.last) if pieces[at].kind == FIGURE), default=-1)
    return 0 <= last < len(pieces) - 1 and pieces[last + 1].kind == TEXT and pieces[last + 1].text[:1] in _POINTS


def _overlap(one: Slot, other: Slot) -> bool:
    """Whether two slots of a page without ruling lines stand above each other."""
    if one.place is None or other.place is None or one.place.box is None or other.place.box is None or one.place.table:
        return False
    return one.place.box[0] < other.place.box[2] and other.place.box[0] < one.place.box[2]


def _row_figures(values: list[Piece], span: Span, parted: bool) -> list[Piece] | None:
    """Exactly as many figures as the row has cells, or ``None``; ``parted`` as in :func:`_is_parted`."""
    need = len(span.target.columns)
    figures = [piece for piece in values if piece.kind == FIGURE]
    if len(figures) == need and not parted:
        return left_to_right(figures)
    if (digits := _unglued(figures, need)) is not None:
        return digits
    by_row: dict[int, list[Piece]] = {}
    for piece in figures:
        by_row.setdefault(piece.row, []).append(piece)
    whole = [row for row in by_row.values() if len(row) == need]
    if need > 1 and len(by_row) > 1 and len(whole) == 1 and whole[0][0].row == figures[0].row:
        return whole[0]
    return None


def left_to_right(figures: list[Piece]) -> list[Piece] | None:
    """Figures of one row that a page sets on several lines, in the order of their columns; ``None`` when two overlap.

    Where only the order of the text is known, that order stands.
    """
    boxes = [piece.slot.place.box if piece.slot.place else None for piece in figures]
    if len({piece.row for piece in figures}) == 1 or any(box is None for box in boxes) or figures[0].slot.place.table:  # type: ignore[union-attr]
        return figures
    ordered = sorted(figures, key=lambda piece: piece.slot.place.box[0])  # type: ignore[union-attr, index]
    if any(_overlap(one.slot, other.slot) for one, other in pairwise(ordered)):
        return None
    return ordered


def _unglued(figures: list[Piece], need: int) -> list[Piece] | None:
    """Digits that touch, when there is only one way to cut them into a figure for every cell.

    They must touch their label too, or start with a nought: a lone `1000001` in a row of blanks is one figure.
    """
    if len(figures) != 1 or need < 2 or not (figures[0].glued or _NOUGHT.match(figures[0].text)):
        return None
    if _ORDINAL_FIRST.match(figures[0].text):
        return None
    ways = list(islice(_cuts(figures[0].text, need), 2))
    if len(ways) != 1 or (not figures[0].closed and not _is_row(ways[0])):
        return None
    return [Piece(FIGURE, text, "", figures[0].slot, figures[0].row, True) for text in ways[0]]


def _is_row(texts: tuple[str, ...]) -> bool:
    """Figures that add up to the last of them; asked where other text follows and might have lent a digit."""
    return all(text.isdigit() for text in texts) and sum(map(int, texts[:-1])) == int(texts[-1])


_ORDINAL = re.compile(r"[(（]?[一二三四五六七八九十\d]{1,3}[)）.、．]")
_DIGITS_AFTER = re.compile(r"\d\d|\d[^\d.、．]")
_DIGITS_BEFORE = re.compile(r"\d[+\-增加减少件条项个次人篇万元]*$")
# `1.0000000`: the ordinal of a label that is lost, or a decimal.
_ORDINAL_FIRST = re.compile(r"[1-9]\.")
_POINTS = frozenset(".．、")
_NOUGHT = re.compile(r"0\d")
_PLAIN_NUMBER = re.compile(r"(?:0|[+\-]?[1-9]\d*)(?:\.\d+)?")


def _cuts(text: str, need: int) -> Iterator[tuple[str, ...]]:
    """The ways to cut ``text`` into ``need`` figures; no figure starts with a needless nought."""
    if need == 0 or len(text) < need:
        if need == 0 and not text:
            yield ()
        return
    for end in range(1, min(len(text) - need + 1, 15) + 1):
        if _PLAIN_NUMBER.fullmatch(text[:end]):
            for rest in _cuts(text[end:], need - 1):
                yield (text[:end], *rest)


def is_full(pieces: list[Piece], run: tuple[int, int], target: Target) -> bool:
    """Whether a run shows exactly the figures of that row; digits glued together count as what they can only be."""
    figures = [pieces[index] for index in range(*run) if pieces[index].kind == FIGURE]
    return len(figures) == len(target.columns) or _unglued(figures, len(target.columns)) is not None


def _is_empty_row(sheet: Sheet, values: list[Piece]) -> bool:
    return bool(values) and all(piece.kind == EMPTY and sheet.row(piece.row).kind != "text" for piece in values)


def _frames(board: Board, spans: list[Span]) -> Frames:
    """Where the columns stand, learnt from the rows that show all their figures."""
    pieces = board.pieces
    full: dict[tuple[str, int, int], list[list[Piece]]] = {}
    for span in spans:
        figures = [pieces[index] for index in range(span.first, span.last) if pieces[index].kind == FIGURE]
        if span.sure and len(figures) == len(span.target.columns) and len({piece.row for piece in figures}) == 1:
            row = board.sheet.row(figures[0].row)
            whole = [piece for piece in pieces[span.first : span.last] if piece.kind != TEXT and piece.row == figures[0].row]
            full.setdefault((row.kind, row.table, len(figures)), []).append(whole)
    return {key: Frame.learn(rows) for key, rows in full.items()}


def _put_row(target: Target, figures: list[Piece], reading: Reading) -> None:
    for address, column, piece in zip(target.addresses, target.columns, figures, strict=True):
        reading.cells[address] = _cell(piece, target, column)


def _cell(piece: Piece, target: Target, column: Column) -> Cell:
    doubt = piece.doubt or getattr(piece.slot, "doubt", None)
    if doubt:
        return Cell("unclear", raw=piece.text, where=piece.slot.place, reason=doubt)
    raw = piece.slot.text if not piece.glued and len(piece.slot.text) <= len(piece.text) + 4 else piece.text
    return parse_value(raw, piece.text, target.row, column, piece.slot.place)


def _put_blank(target: Target, values: list[Piece], reading: Reading) -> None:
    for address in target.addresses:
        reading.cells[address] = Cell("blank", where=values[-1].slot.place)


def _put_by_column(board: Board, span: Span, values: list[Piece], frames: Frames, reading: Reading) -> None:
    """A row that shows fewer figures than cells: placed where full rows of the table fix the columns.

    A block of one or two rows may have no full row; there a row with as many places as cells is enough.
    """
    target = span.target
    rows = {piece.row for piece in values if piece.kind == FIGURE}
    placed = None
    if span.sure and len(rows) == 1 and not span.mixed:
        row = board.sheet.row(next(iter(rows)))
        own = [piece for piece in values if piece.row in rows]
        count = len(target.columns)
        frame = frames.get((row.kind, row.table, count))
        lone = sum(len(other.columns) == count for other in board.wanted) <= 2
        indexed = [slot.left for slot in row.slots] == list(range(len(row.slots)))
        if row.kind == "split" and not indexed and len(row.slots) > count + MOST_LABELS:
            frame = None  # a whole table on one line: places on the line are no columns
        placed = place_in_columns(row.kind, own, indexed, count, frame) if frame or lone else None
    if placed is None:
        _put_unclear(target, values, reading, sure=span.sure)
        return
    for address, column, piece in zip(target.addresses, target.columns, placed, strict=True):
        reading.cells[address] = Cell("blank", where=values[0].slot.place) if piece is None else _cell(piece, target, column)


def _put_unclear(target: Target, values: list[Piece], reading: Reading, *, sure: bool) -> None:
    figures = [piece for piece in values if piece.kind == FIGURE]
    where: Place | None = values[0].slot.place if values else None
    raw = " ".join(piece.text for piece in figures)[:80]
    if not figures:
        if sure or not values:
            reason = "行名后面没有认出数字"
            for address in target.addresses:
                reading.cells[address] = Cell("unclear", where=where, reason=reason)
        return
    if not sure:
        reason = "行名没有认出，无法确定数字属于哪一行"
    elif not (reason := next((piece.doubt for piece in figures if piece.doubt), "")):
        relation = "少于" if len(figures) < len(target.columns) else "多于"
        reason = f"本行应有{len(target.columns)}格，只认出{len(figures)}个数，{relation}格数，无法确定各数属于哪一列"
    for address in target.addresses:
        reading.cells[address] = Cell("unclear", raw=raw, where=where, reason=reason)

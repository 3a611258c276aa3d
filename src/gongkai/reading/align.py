"""Sheet → cells: the known sequence of a form's labels and cells is laid over what the document shows.

Labels are looked for in order; what stands between one label and the next belongs to the first. Figures are accepted
where they can only fit one way: a row that shows as many figures as it has cells, or figures whose column the document
itself fixes. Everything else stays unread, with the reason. Sums are never used to choose.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice

from gongkai.law import Column, Row, Table
from gongkai.reading.columns import Frame, place_in_columns
from gongkai.reading.grid import Slot
from gongkai.reading.plain import bare, plain
from gongkai.reading.sheet import EMPTY, FIGURE, TEXT, Piece, Sheet
from gongkai.reading.values import parse_value
from gongkai.report import Cell, Place

# A label this short stands inside others (总计, 其他); it counts only right before figures.
SHORT = 3
# A damaged label must share this much with the printed form (0..100) before its text is taken as a slip of it.
ALIKE = 55.0
# Words that are taken for a damaged label outright: this much alike, and this much more than to any other row.
LIKELY = 70.0
CLEARLY = 8.0


@dataclass(frozen=True, slots=True)
class Target:
    """A printed row: what to look for and which cells its figures fill."""

    table: Table
    row: Row
    columns: tuple[Column, ...]
    cores: tuple[str, ...]
    addresses: tuple[str, ...]

    @classmethod
    def of(cls, table: Table, row: Row, columns: tuple[Column, ...]) -> Target:
        """The target for a row of a table."""
        cores = tuple(core(label) for label in (row.label, *row.aliases))
        return cls(table, row, columns, cores, tuple(table.cell(row.id, column.id) for column in columns))


@dataclass(slots=True)
class Span:
    """The pieces that belong to one target: from its label to the next label."""

    target: Target
    first: int
    last: int
    label: str = ""
    sure: bool = True
    mixed: bool = False  # words stand among the figures of its line


Frames = dict[tuple[str, int, int], Frame]  # by kind of row, table and number of columns


@dataclass(slots=True)
class Reading:
    """What the alignment of one table gave."""

    cells: dict[str, Cell] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    found: int = 0


_ORDINAL = re.compile(r"[(]?[一二三四五六七八九十][、)]|[(]?\d[.、)]|其中:?")


@cache
def core(label: str) -> str:
    """A label as it is compared: bare, without its ordinal."""
    text = "".join(plain(label).split())
    match = _ORDINAL.match(text)
    return bare(text[match.end() :] if match else text)


@cache
def targets(table: Table, merged: bool) -> tuple[Target, ...]:
    """The rows of a table in order; ``merged`` takes the rows that stand in for several."""
    found = []
    for block in table.blocks:
        standing = block.merged_rows if merged else ()
        gone = {name for row in standing for name in row.replaces}
        rows = [row for row in block.rows if row.id not in gone]
        for row in standing:
            position = [item.id for item in block.rows].index(row.replaces[0])
            rows.insert(position, row)
        found += [Target.of(table, row, block.columns) for row in rows]
    return tuple(found)


def label_text(pieces: list[Piece]) -> str:
    """The bare words among the pieces."""
    return _flatten(pieces)[0]


def in_printed_order(sheet: Sheet, wanted: tuple[Target, ...], low: int, high: int) -> tuple[Target, ...]:
    """The targets with their columns in the order in which the document's own heading (that stretch of the flat text) names them.

    Only columns under one group heading change places. A heading that does not name all of them, or scatters them,
    leaves the form's order.
    """
    columns = wanted[0].columns
    by_column = _spots_by_column(sheet, columns, sheet.slot_at(low), sheet.slot_at(high))
    spots = by_column if by_column else _spots_in_line(columns, sheet.flat[low:high])
    if spots is None or (by_column and len(by_column) < sum(column.group is not None for column in columns)):
        return wanted
    ordered = _ordered(columns, spots)
    return wanted if ordered == columns else tuple(Target.of(target.table, target.row, ordered) for target in wanted)


def _ordered(columns: tuple[Column, ...], spots: dict[str, float]) -> tuple[Column, ...]:
    ordered = iter(sorted((column for column in columns if column.group), key=lambda column: spots[column.id]))
    return tuple(next(ordered) if column.group else column for column in columns)


def _spots_by_column(sheet: Sheet, columns: tuple[Column, ...], first: int, last: int) -> dict[str, float]:
    """The left edges of grouped columns' headings that are one cell of a row with columns; fewer than all prove nothing."""
    found: dict[str, float] = {}
    names = {core(column.label): column.id for column in columns if column.group}
    for index in range(first, last):
        left = sheet.slots[index].left
        name = names.get(sheet.bare[index])
        if name is not None and left is not None and sheet.row(sheet.row_of[index]).kind != "text":
            found.setdefault(name, left)
    return found


def _spots_in_line(columns: tuple[Column, ...], head: str) -> dict[str, float] | None:
    """Where each grouped column is named, when they are named one right after the other."""
    spots = _spots(columns, head, None)
    if spots is None:
        return None
    labels = {column.id: core(column.label) for column in columns if column.group}
    ordered = sorted(spots, key=lambda name: spots[name])
    ends = [spots[name] + len(labels[name]) for name in ordered]
    if any(end != spots[name] for end, name in zip(ends, ordered[1:], strict=False)):
        return None
    return {name: float(at) for name, at in spots.items()}


def _spots(columns: tuple[Column, ...], head: str, length: int | None) -> dict[str, int] | None:
    """Where the heading names each grouped column, by its first ``length`` characters; ``None`` unless each stands there once."""
    grouped = [column for column in columns if column.group]
    for group in {column.group for column in grouped}:
        head = head.replace(core(group or ""), "\x00")
    names = {column.id: core(column.label)[:length] for column in grouped}
    if not names or any(head.count(text) != 1 for text in names.values()):
        return None
    return {name: head.find(text) for name, text in names.items()}


def heading_is_torn(target: Target, head: str) -> bool:
    """Whether a wrapped or torn heading begins its columns in another order than the form: then nothing tells which is which."""
    if _spots(target.columns, head, None) is not None:
        return False
    spots = _spots(target.columns, head, 2)
    return spots is not None and list(spots.values()) != sorted(spots.values())


def doubt_columns(reading: Reading, wanted: tuple[Target, ...]) -> None:
    """Leave the grouped columns unread; the columns beside them are not in doubt."""
    for target in wanted:
        for address, column in zip(target.addresses, target.columns, strict=True):
            cell = reading.cells.get(address)
            if column.group and cell is not None and cell.kind == "number" and cell.value:
                reason = "表头各列的先后与格式不同，无法确定本数属于哪一列"
                reading.cells[address] = Cell("unclear", raw=cell.raw, where=cell.where, reason=reason)


def read_rows(sheet: Sheet, pieces: list[Piece], wanted: tuple[Target, ...], stops: tuple[str, ...] = ()) -> Reading:
    """Align the pieces of a table with the rows ``wanted``; text that starts with one of ``stops`` ends the table."""
    flat, offsets, owners = _flatten(pieces)
    end = min((at for stop in stops if (at := flat.find(stop)) >= 0), default=len(flat))
    chain = _chain(flat[:end], offsets, owners, pieces, wanted)
    reading = Reading(found=sum(1 for at in chain if at is not None))
    if not reading.found:
        return reading
    limit = _piece_at(end, offsets, owners, len(pieces)) if end < len(flat) else len(pieces)
    heads = _heads(chain, offsets, owners)
    _add_likely(pieces, heads, wanted, limit)
    anchored = _anchored(sheet, pieces, heads, wanted, limit)
    spans = list(anchored.values())
    for segment in _segments(pieces, anchored, len(wanted), limit):
        spans += _settle(sheet, pieces, heads, wanted, segment, _misplaced(flat[:end], heads, wanted))
    _doubt_merged(sheet, pieces, spans, limit)
    _fill(sheet, pieces, spans, reading)
    _slips(spans, chain, wanted, reading)
    return reading


def _flatten(pieces: list[Piece]) -> tuple[str, list[int], list[int]]:
    """The bare text of all label pieces, the offset of each and the piece it is."""
    offsets, owners, position = [], [], 0
    for index, piece in enumerate(pieces):
        if piece.kind == TEXT and piece.bare:
            offsets.append(position)
            owners.append(index)
            position += len(piece.bare)
    return "".join(pieces[index].bare for index in owners), offsets, owners


def _piece_at(position: int, offsets: list[int], owners: list[int], default: int) -> int:
    return owners[bisect_right(offsets, position) - 1] if offsets else default


Heads = list[tuple[int, int] | None]  # first and last piece of each target's label
Found = tuple[int, int, int]  # start in the flat text, end, target number


def _chain(flat: str, offsets: list[int], owners: list[int], pieces: list[Piece], wanted: tuple[Target, ...]) -> list[Found | None]:
    """For every target where its label stands, so that the order of the form is kept and most of it is explained."""
    candidates: list[Found] = []
    for number, target in enumerate(wanted):
        spots: dict[int, int] = {}
        for text in target.cores:
            at = flat.find(text)
            while at >= 0:
                if len(text) > SHORT or _before_figures(at + len(text), offsets, owners, pieces):
                    spots[at] = max(spots.get(at, 0), len(text))
                at = flat.find(text, at + 1)
        candidates += [(at, at + length, number) for at, length in spots.items()]
    return _heaviest(candidates, len(wanted))


def _heaviest(candidates: list[Found], count: int) -> list[Found | None]:
    """The ordered, non-overlapping choice of candidates that explains most characters."""
    candidates.sort()
    best: list[tuple[int, int]] = []
    for index, (start, stop, number) in enumerate(candidates):
        weight, before = 0, -1
        for other in range(index):
            if candidates[other][1] <= start and candidates[other][2] < number and best[other][0] > weight:
                weight, before = best[other][0], other
        best.append((weight + stop - start, before))
    chain: list[Found | None] = [None] * count
    at = max(range(len(best)), key=lambda index: best[index][0], default=-1)
    while at >= 0:
        chain[candidates[at][2]] = candidates[at]
        at = best[at][1]
    return chain


def _before_figures(end: int, offsets: list[int], owners: list[int], pieces: list[Piece]) -> bool:
    """Whether the label text that ends at ``end`` is directly followed by a value or an empty place."""
    at = bisect_right(offsets, end - 1) - 1
    owner = owners[at]
    if offsets[at] + len(pieces[owner].bare) != end:
        return False
    return owner + 1 < len(pieces) and pieces[owner + 1].kind != TEXT


def _heads(chain: list[Found | None], offsets: list[int], owners: list[int]) -> Heads:
    """For every target the first and the last piece of its label, ``None`` where the label was not found."""
    return [None if at is None else (_piece_at(at[0], offsets, owners, 0), _piece_at(at[1] - 1, offsets, owners, 0)) for at in chain]


@cache
def _other_words(table: Table) -> frozenset[str]:
    """Words that a table prints beside its row labels: groups, headings, columns."""
    words = [*table.head, table.crossfoot or ""]
    for block in table.blocks:
        words += [block.header, *(column.label for column in block.columns), *(column.group or "" for column in block.columns)]
        words += [label for row in (*block.rows, *block.merged_rows) for label in row.group]
    return frozenset(core(word) for word in words if word)


def _add_likely(pieces: list[Piece], heads: Heads, wanted: tuple[Target, ...], limit: int) -> None:
    """Damaged labels: words that resemble a row which order allows there, and no other row nearly as much."""
    position = 0
    number = 0
    while number < len(wanted):
        head = heads[number]
        if head is not None:
            position, number = head[1] + 1, number + 1
            continue
        stop = next((at for at in range(number, len(wanted)) if heads[at] is not None), len(wanted))
        end = heads[stop][0] if stop < len(wanted) else limit  # type: ignore[index]
        for found, bounds in _likely(pieces, range(position, end), wanted, range(number, stop)):
            heads[found] = bounds
        number = stop


def _likely(pieces: list[Piece], stretch: range, wanted: tuple[Target, ...], lost: range) -> Iterator[tuple[int, tuple[int, int]]]:
    """Lost rows whose label some words of the stretch resemble, in order, with the pieces that show it."""
    from rapidfuzz import fuzz

    others = _other_words(wanted[0].table)
    floor = lost.start
    for first, last in _word_groups(pieces, stretch):
        text = core("".join(piece.text for piece in pieces[first : last + 1]))
        if len(text) < 2 or text in others:
            continue
        scores = sorted(((max(fuzz.ratio(text, label) for label in wanted[at].cores), at) for at in range(len(wanted))), reverse=True)
        score, at = scores[0]
        if score >= LIKELY and score - scores[1][0] >= CLEARLY and floor <= at < lost.stop:
            yield at, (first, last)
            floor = at + 1


def _word_groups(pieces: list[Piece], stretch: range) -> Iterator[tuple[int, int]]:
    """Neighbouring label fragments: each alone, and each with the one or two fragments before it."""
    for index in stretch:
        if pieces[index].kind != TEXT:
            continue
        for back in range(3):
            first = index - back
            if first < stretch.start or any(pieces[at].kind != TEXT for at in range(first, index + 1)):
                break
            yield first, index


def _anchored(sheet: Sheet, pieces: list[Piece], heads: Heads, wanted: tuple[Target, ...], limit: int) -> dict[int, Span]:
    """Rows whose figures stand on the same line as their label: nothing about them is open but the columns."""
    found = [number for number, head in enumerate(heads) if head is not None]
    anchored: dict[int, Span] = {}
    for index, number in enumerate(found):
        first, tail = heads[number] or (0, 0)
        following = heads[found[index + 1]] if index + 1 < len(found) else None
        end = following[0] if following else limit
        lines = {pieces[at].row for at in range(first, tail + 1) if pieces[at].kind == TEXT}
        own = [at for at in range(first, end) if pieces[at].kind != TEXT and pieces[at].row in lines]
        figures = sum(pieces[at].kind == FIGURE for at in own)
        alone = sheet.row(pieces[tail].row).kind != "text"
        if (figures and (alone or figures <= len(wanted[number].columns))) or (alone and own):
            anchored[number] = Span(wanted[number], first, max(own[-1], tail) + 1, pieces[tail].text)
    return anchored


def _segments(pieces: list[Piece], anchored: dict[int, Span], count: int, limit: int) -> list[tuple[range, int, int]]:
    """The stretches between anchored rows: target numbers, first piece, last piece (exclusive)."""
    found, number, position = [], 0, 0
    for anchor in [*sorted(anchored), count]:
        end = anchored[anchor].first if anchor < count else limit
        if anchor < count:
            while end > position and pieces[end - 1].row == pieces[end].row and pieces[end - 1].kind != TEXT:
                end -= 1
        if anchor > number:
            found.append((range(number, anchor), position, max(end, position)))
        if anchor < count:
            number, position = anchor + 1, anchored[anchor].last
    return found


def _settle(sheet: Sheet, pieces: list[Piece], heads: Heads, wanted: tuple[Target, ...], segment: tuple[range, int, int], misplaced: frozenset[int]) -> list[Span]:
    """The rows of one segment and their figures.

    When the segment shows exactly one full run a row, order decides. Otherwise a row keeps the full run right after
    its own label, unless figures also stand before the first label: then labels may follow their figures, and nothing
    is certain.
    """
    numbers, first, last = segment
    runs = [run for run in _runs(sheet, pieces, first, last) if not _is_group(pieces, run, wanted[0].table)]
    rows = [wanted[number] for number in numbers]
    labels = [heads[number] for number in numbers]
    if not runs:
        return [Span(row, *_label_bounds(label), sure=False) for row, label in zip(rows, labels, strict=True) if label]
    runs = _without_tail(rows, labels, runs, first)
    in_order = None if misplaced.intersection(numbers) else _in_order(pieces, rows, labels, runs)
    if in_order is not None:
        return in_order
    starts = [label[0] for label in labels if label]
    if not starts or runs[0][0] < starts[0]:
        return [Span(row, first, last, sure=False) for row in rows]
    return _after_labels(pieces, rows, labels, runs, last)


def _misplaced(flat: str, heads: Heads, wanted: tuple[Target, ...]) -> frozenset[int]:
    """Rows that are printed, but not where the form has them: order says nothing about the rows around."""
    return frozenset(
        number
        for number, head in enumerate(heads)
        if head is None and any(len(text) > SHORT and flat.count(text) > _inside(text, wanted) for text in wanted[number].cores[:1])
    )


def _inside(text: str, wanted: tuple[Target, ...]) -> int:
    """How often the form itself prints those characters inside longer labels."""
    return sum(text in target.cores[0] for target in wanted if target.cores[0] != text)


def _is_group(pieces: list[Piece], run: tuple[int, int], table: Table) -> bool:
    """Strokes printed behind the heading of a group of rows."""
    strokes = all(not any(char.isdigit() for char in pieces[at].text) for at in range(*run))
    return strokes and core(_words_before(pieces, run[0])) in _other_words(table)


def _label_bounds(label: tuple[int, int]) -> tuple[int, int]:
    return label[0], label[1] + 1


def _without_tail(rows: list[Target], labels: Heads, runs: list[tuple[int, int]], first: int) -> list[tuple[int, int]]:
    """Runs after the table's last label beyond those its last rows need belong to what follows the table."""
    last = max((index for index, label in enumerate(labels) if label), default=-1)
    if sum(label is not None for label in labels) < 2:
        return runs
    head = labels[last] or (first, first)
    before = [run for run in runs if run[0] < head[0]]
    if not all(_has_run(labels, runs, index, head[0]) for index in range(last) if labels[index]) or 2 * len(before) < last:
        return runs
    if 2 * sum(run[1] - run[0] >= len(rows[0].columns) for run in before) < len(before):
        return runs
    return before + [run for run in runs if run[0] >= head[0]][: len(labels) - last]


def _in_order(pieces: list[Piece], rows: list[Target], labels: Heads, runs: list[tuple[int, int]]) -> list[Span] | None:
    """One full run a row, in the form's order; every run must stand beside its label, or all runs after all labels."""
    if len(runs) != len(rows):
        runs = _recut(pieces, rows, runs)
    if len(runs) != len(rows) or any(not _full(pieces, run, row) for run, row in zip(runs, rows, strict=True)):
        return None
    known = [label for label in labels if label]
    torn = len(known) > 1 and runs[0][0] > known[-1][1]
    if torn and (any(not label and len(row.cores[0]) > SHORT for label, row in zip(labels, rows, strict=True)) or not _add_up(pieces, rows, runs)):
        return None
    for index, run in enumerate(runs):
        before = [label for label in labels[: max(index, 0)] if label]
        after = [label for label in labels[index + 1 :] if label]
        if not torn and ((before and run[0] < before[-1][0]) or (after and run[1] > after[0][1] + 1)):
            return None
    words = [pieces[label[1]].text if label else _words_before(pieces, run[0]) for label, run in zip(labels, runs, strict=True)]
    if not torn and any(_names_another(text, rows, index) for index, text in enumerate(words) if not labels[index]):
        return None
    return [Span(row, run[0], run[1], text) for row, run, text in zip(rows, runs, words, strict=True)]


def _add_up(pieces: list[Piece], rows: list[Target], runs: list[tuple[int, int]]) -> bool:
    """Whether most rows that show a figure above nought add up to their total.

    Where labels and figures were torn apart, order alone does not prove a reading: one figure lost and one too many
    would shift every row, and then hardly a row would add up.
    """
    right = wrong = 0
    for row, run in zip(rows, runs, strict=True):
        if row.columns[-1].id != "total":
            return False
        texts = [pieces[at].text.replace(",", "") for at in range(*run) if pieces[at].kind == FIGURE]
        figures = [int(text) for text in texts if text.isdigit()]
        if len(figures) == len(texts) and any(figures):
            right += sum(figures[:-1]) == figures[-1]
            wrong += sum(figures[:-1]) != figures[-1]
    return right >= 3 * wrong


def _names_another(words: str, rows: list[Target], index: int) -> bool:
    """Whether the words before a run resemble another row of the segment clearly more than the row that order gives."""
    from rapidfuzz import fuzz

    text = core(words)
    if not text:
        return False
    own = max(fuzz.ratio(text, label) for label in rows[index].cores)
    other = max((fuzz.ratio(text, label) for at, row in enumerate(rows) if at != index for label in row.cores), default=0.0)
    return other >= ALIKE and other > own + 10


def _words_before(pieces: list[Piece], at: int) -> str:
    """The label fragments right before a run."""
    words: list[str] = []
    while at > 0 and pieces[at - 1].kind == TEXT and len(words) < 3:
        at -= 1
        words.insert(0, pieces[at].text)
    return words[-1] if words else ""


def _recut(pieces: list[Piece], rows: list[Target], runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs that hold several rows cut into rows, where that comes out even; no row may reach over words."""
    cut: list[tuple[int, int]] = []
    for run in runs:
        at = run[0]
        while at < run[1] and len(cut) < len(rows):
            need, end = len(rows[len(cut)].columns), at
            while need and end < run[1]:
                need -= pieces[end].kind == FIGURE
                end += 1
            while end < run[1] and pieces[end].kind == EMPTY:
                end += 1
            if need:
                return []
            cut.append((at, end))
            at = end
        if at < run[1]:
            return []
    return cut


def _after_labels(pieces: list[Piece], rows: list[Target], labels: Heads, runs: list[tuple[int, int]], last: int) -> list[Span]:
    """Each row keeps the first run after its label; a run behind words that name a lost row goes to that row."""
    spans: list[Span] = []
    found = [index for index, label in enumerate(labels) if label]
    for position, index in enumerate(found):
        head = labels[index] or (0, 0)
        following = found[position + 1] if position + 1 < len(found) else len(rows)
        next_head = labels[following] if following < len(rows) else None
        end = next_head[0] if next_head else last
        own = [run for run in runs if head[0] <= run[0] < end]
        lost = list(range(index + 1, following))
        surplus = len(own) - 1 - len(lost)
        if surplus > 1 or (surplus and any(not _has_run(labels, runs, other, last) for other in found[:position])):
            # Labels without figures, then more figures than rows: labels and figures were torn apart.
            spans += [Span(rows[number], head[0], end, sure=False) for number in (*found[:position], index)]
            continue
        spans += _hand_out(pieces, rows, index, lost, own, head, end)
    return spans


def _has_run(labels: Heads, runs: list[tuple[int, int]], index: int, last: int) -> bool:
    """Whether a run stands between that label and the next one that was found."""
    head = labels[index] or (0, 0)
    end = next((label[0] for label in labels[index + 1 :] if label), last)
    return any(head[0] <= run[0] < end for run in runs)


def _hand_out(
    pieces: list[Piece], rows: list[Target], index: int, lost: list[int], runs: list[tuple[int, int]], head: tuple[int, int], end: int
) -> list[Span]:
    """Runs between one label that was found and the next: the first is the label's own unless words name a lost row."""
    from rapidfuzz import fuzz

    owner: dict[int, tuple[int, int]] = {}
    floor = index
    for place, run in enumerate(runs):
        text = core(_words_before(pieces, run[0])) if place or run[0] > head[1] + 1 else ""
        scores = [(max(fuzz.ratio(text, label) for label in rows[number].cores), number) for number in lost if number >= floor and text]
        score, number = max(scores, default=(0.0, -1))
        if score >= ALIKE:
            owner[number] = run
            floor = number + 1
        elif place == 0 and (not lost or _full(pieces, run, rows[index])):
            owner[index] = run
    spans = []
    for number in (index, *lost):
        if number in owner:
            spans.append(Span(rows[number], *owner[number], label=_words_before(pieces, owner[number][0])))
        elif number == index and not owner:
            spans.append(Span(rows[number], head[0], end, sure=False))
        elif number == index or runs:
            spans.append(Span(rows[number], head[0], end, sure=False))
    return spans


def _runs(sheet: Sheet, pieces: list[Piece], first: int, last: int) -> list[tuple[int, int]]:
    """Stretches of values without words between them. In rows of a table a new row starts a new run, and so does a new
    line where lines hold several values."""
    width: dict[int, int] = {}
    for index in range(first, last):
        if pieces[index].kind == FIGURE:
            width[pieces[index].row] = width.get(pieces[index].row, 0) + 1
    runs: list[tuple[int, int]] = []
    start = -1
    for index in range(first, last + 1):
        inside = index < last and pieces[index].kind != TEXT
        if start >= 0 and (not inside or _breaks(sheet, pieces, index, width)):
            if any(pieces[at].kind == FIGURE for at in range(start, index)):
                runs.append((start, index))
            start = -1
        if inside and start < 0:
            start = index
    return runs


def _breaks(sheet: Sheet, pieces: list[Piece], index: int, width: dict[int, int]) -> bool:
    row, before = pieces[index].row, pieces[index - 1].row
    if row == before:
        return False
    return sheet.row(row).kind != "text" or (width.get(row, 0) > 1 and width.get(before, 0) > 1)


def _full(pieces: list[Piece], run: tuple[int, int], target: Target) -> bool:
    """Whether a run shows exactly the figures of that row; digits glued together count as what they can only be."""
    figures = [pieces[index] for index in range(*run) if pieces[index].kind == FIGURE]
    return len(figures) == len(target.columns) or _unglued(figures, len(target.columns)) is not None


def _fill(sheet: Sheet, pieces: list[Piece], spans: list[Span], reading: Reading) -> None:
    """Cells for every span: by count where the count fits, by column where the document fixes columns."""
    frames = _frames(sheet, pieces, spans)
    _doubt_glued(pieces, spans)
    for span in spans:
        span.mixed = _is_mixed(pieces, span)
        values = [pieces[index] for index in range(span.first, span.last) if pieces[index].kind != TEXT]
        figures = _row_figures(sheet, values, span)
        if figures is not None and (tails := wrapped_tails(pieces, span.last, figures)):
            figures = [replace(piece, doubt=WRAPPED) if index in tails else piece for index, piece in enumerate(figures)]
        if span.sure and figures is not None:
            _put_row(span.target, figures, reading)
        elif span.sure and _is_empty_row(sheet, values):
            _put_blank(span.target, values, reading)
        else:
            _put_by_column(sheet, span, values, frames, [other.target for other in spans], reading)


def _is_mixed(pieces: list[Piece], span: Span) -> bool:
    """Whether words stand between the figures of one line, such as the letter O for a nought."""
    marks = [(pieces[at].row, pieces[at].kind) for at in range(span.first, span.last)]
    rows = {row for row, kind in marks if kind == FIGURE}
    for row in rows:
        kinds = [kind for other, kind in marks if other == row]
        after = kinds[next(at for at, kind in enumerate(kinds) if kind != TEXT) :]
        if TEXT in after:
            return True
    return False


def _doubt_glued(pieces: list[Piece], spans: list[Span]) -> None:
    """Figures that touch are cut only in a table where every such row can be cut: a shorter one shows that cells are missing."""
    glued = []
    for span in spans:
        figures = [pieces[at] for at in range(span.first, span.last) if pieces[at].kind == FIGURE]
        if len(figures) == 1 and len(span.target.columns) > 1:
            glued.append((span, figures))
    if any(len(figures[0].text) < len(span.target.columns) for span, figures in glued):
        for span, _ in glued:
            span.sure = False


WRAPPED = "下一行有数字紧接在本格下面，可能是同一个数折成了两行"


def wrapped_tails(pieces: list[Piece], after: int, figures: list[Piece]) -> set[int]:
    """Numbers of the figures under which, on the next line of the page, more digits stand: the figure may go on there."""
    tails: set[int] = set()
    rows = {piece.row for piece in figures}
    for piece in pieces[after : after + 2 * len(figures)]:
        if piece.kind != FIGURE or piece.row - 1 not in rows:
            break
        tails.update(index for index, figure in enumerate(figures) if _overlap(figure.slot, piece.slot))
    return tails


def _overlap(one: Slot, other: Slot) -> bool:
    """Whether two slots of a page without ruling lines stand above each other."""
    if one.place is None or other.place is None or one.place.box is None or other.place.box is None or one.place.table:
        return False
    return one.place.box[0] < other.place.box[2] and other.place.box[0] < one.place.box[2]


def _doubt_merged(sheet: Sheet, pieces: list[Piece], spans: list[Span], limit: int) -> None:
    """A row that stands in for several is doubtful when full rows without a label follow it: they may be its parts."""
    for span in spans:
        if not span.target.row.replaces:
            continue
        end = min((other.first for other in spans if other.first > span.first), default=limit)
        if any(_full(pieces, run, span.target) for run in _runs(sheet, pieces, span.last, end)):
            span.sure = False


def _row_figures(sheet: Sheet, values: list[Piece], span: Span) -> list[Piece] | None:
    """Exactly as many figures as the row has cells, or ``None``."""
    need = len(span.target.columns)
    figures = [piece for piece in values if piece.kind == FIGURE]
    if len(figures) == need:
        return left_to_right(figures)
    if (digits := _unglued(figures, need)) is not None:
        return digits
    by_row: dict[int, list[Piece]] = {}
    for piece in figures:
        by_row.setdefault(piece.row, []).append(piece)
    whole = [row for row in by_row.values() if len(row) == need]
    if need > 1 and len(whole) == 1 and whole[0][0].row == figures[0].row:
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
    if any(_overlap(one.slot, other.slot) for one, other in zip(ordered, ordered[1:], strict=False)):
        return None
    return ordered


def _unglued(figures: list[Piece], need: int) -> list[Piece] | None:
    """Digits that touch, when there is only one way to cut them into a figure for every cell.

    They must touch their label too, or start with a nought: a lone `1000001` in a row of blanks is one figure.
    """
    if len(figures) != 1 or need < 2 or not (figures[0].glued or _NOUGHT.match(figures[0].text)):
        return None
    ways = list(islice(_cuts(figures[0].text, need), 2))
    if len(ways) != 1 or (not figures[0].closed and not _is_row(ways[0])):
        return None
    return [Piece(FIGURE, text, "", figures[0].slot, figures[0].row, True) for text in ways[0]]


def _is_row(texts: tuple[str, ...]) -> bool:
    """Figures that add up to the last of them; asked where other text follows and might have lent a digit."""
    return all(text.isdigit() for text in texts) and sum(map(int, texts[:-1])) == int(texts[-1])


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


def _is_empty_row(sheet: Sheet, values: list[Piece]) -> bool:
    return bool(values) and all(piece.kind == EMPTY and sheet.row(piece.row).kind != "text" for piece in values)


def _frames(sheet: Sheet, pieces: list[Piece], spans: list[Span]) -> Frames:
    """Where the columns stand, learnt from the rows that show all their figures."""
    full: dict[tuple[str, int, int], list[list[Piece]]] = {}
    for span in spans:
        figures = [pieces[index] for index in range(span.first, span.last) if pieces[index].kind == FIGURE]
        if span.sure and len(figures) == len(span.target.columns) and len({piece.row for piece in figures}) == 1:
            row = sheet.row(figures[0].row)
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


def _put_by_column(sheet: Sheet, span: Span, values: list[Piece], frames: Frames, siblings: list[Target], reading: Reading) -> None:
    """A row that shows fewer figures than cells: placed where full rows of the table fix the columns.

    A block of one or two rows may have no full row; there a row with as many places as cells is enough.
    """
    target = span.target
    rows = {piece.row for piece in values if piece.kind == FIGURE}
    placed = None
    if span.sure and len(rows) == 1 and not span.mixed:
        row = sheet.row(next(iter(rows)))
        own = [piece for piece in values if piece.row in rows]
        count = len(target.columns)
        frame = frames.get((row.kind, row.table, count))
        lone = sum(len(other.columns) == count for other in siblings) <= 2
        indexed = [slot.left for slot in row.slots] == list(range(len(row.slots)))
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
    else:
        relation = "少于" if len(figures) < len(target.columns) else "多于"
        reason = f"本行应有{len(target.columns)}格，只认出{len(figures)}个数，{relation}格数，无法确定各数属于哪一列"
    for address in target.addresses:
        reading.cells[address] = Cell("unclear", raw=raw, where=where, reason=reason)


def _slips(spans: list[Span], chain: list[Found | None], wanted: tuple[Target, ...], reading: Reading) -> None:
    """Labels printed with a slip: rows that were found by likeness or order, with words that are not the form's."""
    from rapidfuzz import fuzz

    verbatim = {wanted[number].row.id for number, at in enumerate(chain) if at is not None}
    for span in spans:
        if span.target.row.id in verbatim or not span.label:
            continue
        text = core(span.label)
        if all(text not in label for label in span.target.cores) and fuzz.ratio(text, span.target.cores[0]) >= ALIKE:
            reading.labels[f"{span.target.table.id}.{span.target.row.id}"] = span.label

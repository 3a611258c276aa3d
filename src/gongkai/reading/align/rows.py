"""Which figures belong to which row."""

from __future__ import annotations

from dataclasses import replace

from gongkai.law import Table
from gongkai.reading.align.fill import fill, is_full
from gongkai.reading.align.labels import (
    ALIKE,
    CLEARLY,
    Found,
    Words,
    add_likely,
    find_labels,
    group_words,
    label_heads,
    misplaced,
    other_words,
    slips,
    words_before,
)
from gongkai.reading.align.targets import SHORT, Board, Heads, Reading, Run, Span, Target, core
from gongkai.reading.sheet import EMPTY, FIGURE, TEXT, Piece, Sheet
from gongkai.reading.values import is_unit

# A unit, a group's heading or the rest of a wrapped label may stand between a label and its figures; a sentence may not.
NEARBY = 24
# Words less alike than this (0..100) are no damaged label.
STRANGE = 40.0


def read_rows(sheet: Sheet, pieces: list[Piece], wanted: tuple[Target, ...], stops: tuple[str, ...] = ()) -> Reading:
    """Align the pieces of a table with the rows ``wanted``; text that starts with one of ``stops`` ends the table."""
    words = Words.of(pieces)
    end = min((at for stop in stops if (at := words.flat.find(stop)) >= 0), default=len(words.flat))
    chain = find_labels(words, end, wanted)
    reading = Reading(found=sum(at is not None for at in chain))
    if not reading.found:
        return reading
    limit = words.piece_at(end) if end < len(words.flat) else len(pieces)
    board = Board(sheet, pieces, wanted, label_heads(words, chain), limit)
    add_likely(board)
    board.misplaced = misplaced(words.flat[:end], board)
    anchored = _anchored(board)
    spans = list(anchored.values())
    for segment in _segments(board, anchored):
        spans += _settle(board, segment)
    _doubt_merged(board, spans)
    _doubt_crossed(words, chain, wanted, spans)
    fill(board, spans, reading)
    slips(spans, chain, wanted, reading)
    return reading


def _anchored(board: Board) -> dict[int, Span]:
    """Rows whose figures stand on the same line as their label: nothing about them is open but the columns."""
    pieces, heads, wanted = board.pieces, board.heads, board.wanted
    found = [number for number, head in enumerate(heads) if head is not None]
    anchored: dict[int, Span] = {}
    for index, number in enumerate(found):
        first, tail = heads[number] or (0, 0)
        following = heads[found[index + 1]] if index + 1 < len(found) else None
        end = following[0] if following else board.limit
        lines = {pieces[at].row for at in range(first, tail + 1) if pieces[at].kind == TEXT}
        own = [at for at in range(first, end) if pieces[at].kind != TEXT and pieces[at].row in lines]
        figures = sum(pieces[at].kind == FIGURE for at in own)
        alone = board.sheet.row(pieces[tail].row).kind != "text"
        if (figures and (alone or figures <= len(wanted[number].columns))) or (alone and own):
            anchored[number] = Span(wanted[number], first, max(own[-1], tail) + 1, pieces[tail].text)
    return anchored


def _segments(board: Board, anchored: dict[int, Span]) -> list[tuple[range, int, int]]:
    """The stretches between anchored rows: target numbers, first piece, last piece (exclusive)."""
    pieces, count = board.pieces, len(board.wanted)
    found, number, position = [], 0, 0
    for anchor in [*sorted(anchored), count]:
        end = anchored[anchor].first if anchor < count else board.limit
        if anchor < count:
            while end > position and pieces[end - 1].row == pieces[end].row and pieces[end - 1].kind != TEXT:
                end -= 1
        if anchor > number:
            found.append((range(number, anchor), position, max(end, position)))
        if anchor < count:
            number, position = anchor + 1, anchored[anchor].last
    return found


def _settle(board: Board, segment: tuple[range, int, int]) -> list[Span]:
    """The rows of one segment and their figures.

    When the segment shows exactly one full run a row, order decides. Otherwise a row keeps the full run right after
    its own label, unless figures also stand before the first label: then labels may follow their figures, and nothing
    is certain.
    """
    numbers, first, last = segment
    pieces = board.pieces
    runs = [run for run in _runs(board, first, last) if not _is_group(pieces, run, board.wanted[0].table)]
    rows = [board.wanted[number] for number in numbers]
    labels = [board.heads[number] for number in numbers]
    if not runs:
        return [Span(row, *_label_bounds(label), sure=False) for row, label in zip(rows, labels, strict=True) if label]
    runs = _without_tail(rows, labels, runs, first)
    in_order = None if board.misplaced.intersection(numbers) else _in_order(pieces, rows, labels, runs)
    if in_order is not None:
        return in_order
    starts = [label[0] for label in labels if label]
    if not starts or runs[0][0] < starts[0]:
        return [Span(row, first, last, sure=False) for row in rows]
    return _after_labels(pieces, rows, labels, runs, last)


def _is_group(pieces: list[Piece], run: tuple[int, int], table: Table) -> bool:
    """Strokes printed behind the heading of a group of rows."""
    strokes = all(not any(char.isdigit() for char in pieces[at].text) for at in range(*run))
    if not strokes:
        return False
    known, words = other_words(table), ""
    for piece in reversed(pieces[max(run[0] - 3, 0) : run[0]]):
        if piece.kind != TEXT:
            return False
        words = piece.text + words
        if core(words) in known:
            return True
    return False


def _label_bounds(label: tuple[int, int]) -> tuple[int, int]:
    return label[0], label[1] + 1


def _without_tail(rows: list[Target], labels: Heads, runs: list[Run], first: int) -> list[Run]:
    """Runs after the table's last label beyond those its last rows need belong to what follows the table."""
    last = max((index for index, label in enumerate(labels) if label), default=-1)
    if sum(label is not None for label in labels) < 2:
        return runs
    head = labels[last] or (first, first)
    before = [run for run in runs if run[0] < head[0]]
    shown = [_has_run(labels, runs, index, head[0]) for index in range(last) if labels[index]]
    if 4 * sum(shown) < 3 * len(shown) or 2 * len(before) < last:
        return runs
    if 2 * sum(run[1] - run[0] >= len(rows[0].columns) for run in before) < len(before):
        return runs
    return before + [run for run in runs if run[0] >= head[0]][: len(labels) - last]


def _in_order(pieces: list[Piece], rows: list[Target], labels: Heads, runs: list[Run]) -> list[Span] | None:
    """One full run a row, in the form's order; every run must stand beside its label, or all runs after all labels."""
    if len(runs) != len(rows):
        runs = _recut(pieces, rows, runs)
    if len(runs) != len(rows) or any(not is_full(pieces, run, row) for run, row in zip(runs, rows, strict=True)):
        return None
    known = [label for label in labels if label]
    torn = len(known) > 1 and runs[0][0] > known[-1][1]
    if torn and not (_all_printed(pieces, rows, labels, runs[0][0]) and _add_up(pieces, rows, runs)):
        return None
    for index, run in enumerate(runs):
        before = [label for label in labels[: max(index, 0)] if label]
        after = [label for label in labels[index + 1 :] if label]
        if not torn and ((before and run[0] < before[-1][0]) or (after and run[1] > after[0][1] + 1)):
            return None
    sides = {run[0] > label[1] for run, label in zip(runs, labels, strict=True) if label and (run[0] > label[1] or run[1] <= label[0])}
    if not torn and len(sides) > 1:
        return None
    words = [pieces[label[1]].text if label else words_before(pieces, run[0]) for label, run in zip(labels, runs, strict=True)]
    if not torn and any(
        label and _is_apart(pieces, label, run, row) for label, run, row in zip(labels[-1:], runs[-1:], rows[-1:], strict=True)
    ):
        return None
    if not torn and any(_is_strange(text, row) for text, row, label in zip(words, rows, labels, strict=True) if not label):
        return None
    if not torn and any(_names_another(text, rows, index) for index, text in enumerate(words) if not labels[index]):
        return None
    return [Span(row, run[0], run[1], text) for row, run, text in zip(rows, runs, words, strict=True)]


def _all_printed(pieces: list[Piece], rows: list[Target], labels: Heads, end: int) -> bool:
    """Whether every label stands before ``end``, in the form's order: short ones, never found alone, between their neighbours."""
    low = 0
    for index, (row, label) in enumerate(zip(rows, labels, strict=True)):
        if label is None:
            high = next((other[0] for other in labels[index + 1 :] if other), end)
            spot = next((at for at in range(low, high) if pieces[at].kind == TEXT and core(pieces[at].text) in row.cores), -1)
            if spot < 0 or len(row.cores[0]) > SHORT:
                return False
            low = spot + 1
        else:
            low = label[1] + 1
    return True


def _is_apart(pieces: list[Piece], head: Run, run: Run, row: Target) -> bool:
    """Whether a sentence, or words the form does not print, stand between a label and the figures after it: then they are not its own."""
    between = [piece for piece in pieces[head[1] + 1 : run[0]] if piece.kind == TEXT]
    if sum(len(piece.bare) for piece in between) > NEARBY:
        return True
    parts = {core(part.label) for block in row.table.blocks for part in block.rows if part.id in row.row.replaces}
    return any(not is_unit(piece.text) and (core(piece.text) in parts or not _belongs(core(piece.text), row)) for piece in between)


def _belongs(words: str, row: Target) -> bool:
    """Whether the form prints those words in or beside the label of that row; another group's heading it does not."""
    others = group_words(row.table) - {core(label) for label in row.row.group}
    return (words in other_words(row.table) and words not in others) or any(words in label for label in row.cores)


def _add_up(pieces: list[Piece], rows: list[Target], runs: list[Run]) -> bool:
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


def _is_strange(words: str, row: Target) -> bool:
    """Whether words before a run have nothing of the row that order gives it."""
    from rapidfuzz import fuzz

    text = core(words)
    return text != "" and not is_unit(words) and not _belongs(text, row) and all(fuzz.ratio(text, label) < STRANGE for label in row.cores)


def _names_another(words: str, rows: list[Target], index: int) -> bool:
    """Whether the words before a run resemble another row of the segment clearly more than the row that order gives."""
    from rapidfuzz import fuzz

    text = core(words)
    if not text:
        return False
    own = max(fuzz.ratio(text, label) for label in rows[index].cores)
    other = max((fuzz.ratio(text, label) for at, row in enumerate(rows) if at != index for label in row.cores), default=0.0)
    return other >= ALIKE and other > own + 10


def _recut(pieces: list[Piece], rows: list[Target], runs: list[Run]) -> list[Run]:
    """Runs that hold several rows cut into rows, where that comes out even; no row may reach over words."""
    cut: list[Run] = []
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


def _after_labels(pieces: list[Piece], rows: list[Target], labels: Heads, runs: list[Run], last: int) -> list[Span]:
    """Each row keeps the first run after its label; a run behind words that name a lost row goes to that row."""
    spans: list[Span] = []
    orphan: Run | None = None
    found = [index for index, label in enumerate(labels) if label]
    for position, index in enumerate(found):
        head = labels[index] or (0, 0)
        following = found[position + 1] if position + 1 < len(found) else len(rows)
        next_head = labels[following] if following < len(rows) else None
        end = next_head[0] if next_head else last
        own = [run for run in runs if head[0] <= run[0] < end]
        lost = list(range(index + 1, following))
        surplus = len(own) - 1 - len(lost)
        bare = [other for other in found[:position] if not _has_run(labels, runs, other, last)]
        if surplus > 1 or (surplus == 1 and bare) or (own and len(bare) == position > 1):
            # Labels without figures, then more figures than rows: labels and figures were torn apart.
            spans += [Span(rows[number], head[0], end, sure=False) for number in (*bare, index)]
            orphan = None
            continue
        handed = _hand_out(pieces, rows, [index, *lost], own, head, end)
        if orphan and not is_full(pieces, orphan, rows[index]):
            orphan = None
        spans += [replace(span, sure=False) for span in handed] if orphan else handed
        taken = {span.first for span in handed if span.sure}
        # A full run right before a label that nobody claims may be that label's own.
        orphan = next((run for run in own[-1:] if run[1] == end and run[0] not in taken), None)
    return spans


def _has_run(labels: Heads, runs: list[Run], index: int, last: int) -> bool:
    """Whether a run stands between that label and the next one that was found."""
    head = labels[index] or (0, 0)
    end = next((label[0] for label in labels[index + 1 :] if label), last)
    return any(head[0] <= run[0] < end for run in runs)


def _hand_out(pieces: list[Piece], rows: list[Target], numbers: list[int], runs: list[Run], head: Run, end: int) -> list[Span]:
    """Runs between one label that was found and the next: the first is the label's own unless words name a lost row."""
    from rapidfuzz import fuzz

    index, *lost = numbers
    owner: dict[int, Run] = {}
    floor = index
    for place, run in enumerate(runs):
        text = core(words_before(pieces, run[0])) if place or run[0] > head[1] + 1 else ""
        if text in group_words(rows[index].table):
            text = ""  # a heading names no row, however much it looks like one
        scores = [(max(fuzz.ratio(text, label) for label in rows[number].cores), number) for number in lost if number >= floor and text]
        (second, _), (score, number) = sorted([*scores, (0.0, -1), (0.0, -1)])[-2:]
        if score >= ALIKE and score - second >= CLEARLY:
            owner[number] = run
            floor = number + 1
        elif place == 0 and (not lost or is_full(pieces, run, rows[index])) and not _is_apart(pieces, head, run, rows[index]):
            owner[index] = run
    spans = []
    for number in (index, *lost):
        if number in owner:
            spans.append(Span(rows[number], *owner[number], label=words_before(pieces, owner[number][0])))
        elif number == index and not owner:
            spans.append(Span(rows[number], head[0], end, sure=False))
        elif number == index or runs:
            spans.append(Span(rows[number], head[0], end, sure=False))
    return spans


def _runs(board: Board, first: int, last: int) -> list[Run]:
    """Stretches of values without words between them. In rows of a table a new row starts a new run, and so does a new
    line where lines hold several values."""
    pieces = board.pieces
    width: dict[int, int] = {}
    for index in range(first, last):
        if pieces[index].kind == FIGURE:
            width[pieces[index].row] = width.get(pieces[index].row, 0) + 1
    runs: list[Run] = []
    start = -1
    for index in range(first, last + 1):
        inside = index < last and pieces[index].kind != TEXT
        if start >= 0 and (not inside or _breaks(board, index, width)):
            if any(pieces[at].kind == FIGURE for at in range(start, index)):
                runs.append((start, index))
            start = -1
        if inside and start < 0:
            start = index
    return runs


def _breaks(board: Board, index: int, width: dict[int, int]) -> bool:
    row, before = board.pieces[index].row, board.pieces[index - 1].row
    if row == before:
        return False
    return board.sheet.row(row).kind != "text" or (width.get(row, 0) > 1 and width.get(before, 0) > 1)


def _doubt_crossed(words: Words, chain: list[Found | None], wanted: tuple[Target, ...], spans: list[Span]) -> None:
    """A row is doubtful when digits follow its label in the same piece of text: the figures behind may be another row's."""
    for span in spans:
        found = next((at for at, target in zip(chain, wanted, strict=True) if target is span.target), None)
        if found and any(char.isdigit() for char in words.rest_of_piece(found[1])):
            span.sure = False


def _doubt_merged(board: Board, spans: list[Span]) -> None:
    """A row that stands in for several and the rows it stands in for are easily taken for each other.

    The merged row is doubtful when more full rows follow it than the form has there: they may be its parts. A part is
    doubtful when none of the long labels of its group was found and not all of its rows were.
    """
    order = {target.row.id: number for number, target in enumerate(board.wanted)}
    known = {span.target.row.id: span for span in spans if span.sure}
    for span in known.values():
        if span.target.row.replaces:
            after = min((other for other in known.values() if other.first > span.first), key=lambda other: other.first, default=None)
            end, following = (after.first, order[after.target.row.id]) if after else (board.limit, len(board.wanted))
            full = [run for run in _runs(board, span.last, end) if is_full(board.pieces, run, span.target)]
            span.sure = len(full) < following - order[span.target.row.id]
    for block in board.wanted[0].table.blocks:
        for merged in block.merged_rows:
            parts = [order[name] for name in merged.replaces if name in order]
            long = [number for number in parts if len(board.wanted[number].cores[0]) > SHORT]
            whole = all(board.wanted[number].row.id in known for number in parts)
            if parts and not whole and all(board.heads[number] is None for number in long):
                for number in parts:
                    if span_of := known.get(board.wanted[number].row.id):
                        span_of.sure = False

"""Sheet → cells: the known sequence of a form's labels and cells is laid over what the document shows.

Labels are looked for in order; what stands between one label and the next belongs to the first. Figures are accepted
where they can only fit one way: a row that shows as many figures as it has cells, or figures whose column the document
itself fixes. Everything else stays unread, with the reason. Sums are never used to choose.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache

from gongkai.law import Column, ReportFormat, Row, Table
from gongkai.reading.columns import Frame, place_in_columns
from gongkai.reading.plain import bare, plain
from gongkai.reading.sheet import EMPTY, FIGURE, TEXT, Piece, Sheet
from gongkai.reading.values import parse_value
from gongkai.report import Cell, Place

# A label this short stands inside others (总计, 其他); it counts only right before figures.
SHORT = 4
# A damaged label must share this much with the printed form (0..100) before its text is taken as a slip of it.
ALIKE = 55.0


@dataclass(frozen=True, slots=True)
class Target:
    """A printed row: what to look for and which cells its figures fill."""

    table: Table
    row: Row
    columns: tuple[Column, ...]
    cores: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(self.table.cell(self.row.id, column.id) for column in self.columns)


@dataclass(slots=True)
class Span:
    """The pieces that belong to one target: from its label to the next label."""

    target: Target
    first: int
    last: int
    label: str = ""
    sure: bool = True


Frames = dict[tuple[str, int, int], Frame]  # by kind of row, table and number of columns


@dataclass(slots=True)
class Reading:
    """What the alignment of one table gave."""

    cells: dict[str, Cell] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    found: int = 0


@cache
def core(label: str) -> str:
    """A label as it is compared: bare, without its ordinal."""
    text = bare(plain(label))
    start = 0
    for mark in ("其中",):
        if text.startswith(mark):
            start = len(mark)
    head = label.strip().lstrip("（(")
    if head[:1] in "一二三四五六七八九十" and head[1:2] in ("、", "）", ")"):
        start = 1
    elif head[:1].isdigit() and head[1:2] in (".", "．", "、"):
        start = 1
    return text[start:]


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
        found += [Target(table, row, block.columns, tuple(core(label) for label in (row.label, *row.aliases))) for row in rows]
    return tuple(found)


def read_rows(sheet: Sheet, first: int, last: int, wanted: tuple[Target, ...], stops: tuple[str, ...] = ()) -> Reading:
    """Align the slots ``first`` to ``last`` with the rows ``wanted``; text that starts with one of ``stops`` ends the table."""
    pieces = sheet.pieces(first, last)
    flat, offsets, owners = _flatten(pieces)
    end = min((at for stop in stops if (at := flat.find(stop)) >= 0), default=len(flat))
    chain = _chain(flat[:end], offsets, owners, pieces, wanted)
    reading = Reading(found=sum(1 for at in chain if at is not None))
    if not reading.found:
        return reading
    limit = _piece_at(end, offsets, owners, len(pieces)) if end < len(flat) else len(pieces)
    spans = _spans(sheet, pieces, chain, offsets, owners, wanted, limit)
    spans = _settle_missing(sheet, pieces, spans, wanted)
    _share_torn(pieces, spans)
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


def _spans(
    sheet: Sheet, pieces: list[Piece], chain: list[Found | None], offsets: list[int], owners: list[int], wanted: tuple[Target, ...], limit: int
) -> list[Span]:
    """One span a found label; it ends where the next one, or the next one's row, begins."""
    found = [(at, wanted[number]) for number, at in enumerate(chain) if at is not None]
    heads = [(_piece_at(at[0], offsets, owners, 0), _piece_at(at[1] - 1, offsets, owners, 0)) for at, _ in found]
    spans = []
    for index, (_, target) in enumerate(found):
        first, tail = heads[index]
        last = limit
        if index + 1 < len(found):
            last = heads[index + 1][0]
            if sheet.row(pieces[last].row).kind != "text" and pieces[last].row > pieces[tail].row:
                while last > tail + 1 and pieces[last - 1].row == pieces[last].row:
                    last -= 1
        spans.append(Span(target, first, max(last, first), label=pieces[tail].text))
    return spans


def _settle_missing(sheet: Sheet, pieces: list[Piece], spans: list[Span], wanted: tuple[Target, ...]) -> list[Span]:
    """Rows whose label was not found verbatim share the span of the row before them, run by run."""
    order = {target.row.id: number for number, target in enumerate(wanted)}
    settled: list[Span] = []
    for index, span in enumerate(spans):
        following = order[spans[index + 1].target.row.id] if index + 1 < len(spans) else len(wanted)
        lost = wanted[order[span.target.row.id] + 1 : following]
        if index == 0 and order[span.target.row.id] > 0:
            settled += _before_first(sheet, pieces, span, wanted[: order[span.target.row.id]])
        settled += _divide(sheet, pieces, span, lost) if lost else [span]
    return settled


def _before_first(sheet: Sheet, pieces: list[Piece], span: Span, lost: tuple[Target, ...]) -> list[Span]:
    """Rows above the first label that was found: taken only when every one of them shows a full run."""
    runs = [run for run in _runs(sheet, pieces, 0, span.first) if _full(pieces, run, lost[0])]
    if len(runs) != len(lost):
        return []
    return _label_runs(pieces, lost, runs, 0, span.first)


def _divide(sheet: Sheet, pieces: list[Piece], span: Span, lost: tuple[Target, ...]) -> list[Span]:
    """Give the runs of figures in a span to its own row and the ``lost`` rows after it, if that can be done one way only."""
    rows = (span.target, *lost)
    runs = _runs(sheet, pieces, span.first, span.last)
    if len(runs) == len(rows):
        return _label_runs(pieces, rows, runs, span.first, span.last)
    matched = _match_by_words(pieces, span, lost, runs)
    if matched is not None:
        return matched
    total = sum(1 for index in range(span.first, span.last) if pieces[index].kind == FIGURE)
    if len(runs) == 1 and total == sum(len(target.columns) for target in rows) and runs[0][0] > span.first:
        return _cut_run(pieces, rows, runs[0], span)
    if runs and _full(pieces, runs[0], span.target):
        end = runs[1][0] if len(runs) > 1 else span.last
        kept = Span(span.target, span.first, end, span.label)
        rest = [Span(target, end, span.last, sure=False) for target in lost] if len(runs) > 1 else []
        return [kept, *rest]
    return [Span(target, span.first, span.last, sure=False) for target in rows] if runs else [span]


def _cut_run(pieces: list[Piece], rows: tuple[Target, ...], run: tuple[int, int], span: Span) -> list[Span]:
    """One unbroken run that holds exactly the figures of all rows: labels were lost, no figure was."""
    spans, at = [], run[0]
    for target in rows:
        end, need = at, len(target.columns)
        while need and end < run[1]:
            need -= pieces[end].kind == FIGURE
            end += 1
        spans.append(Span(target, at, end))
        at = end
    spans[0].label = span.label
    return spans


def _match_by_words(pieces: list[Piece], span: Span, lost: tuple[Target, ...], runs: list[tuple[int, int]]) -> list[Span] | None:
    """Runs whose words resemble one lost row each; ``None`` when the words decide nothing."""
    from rapidfuzz import fuzz

    chosen: list[tuple[Target, tuple[int, int], str]] = []
    next_row = 0
    position = span.first
    for index, run in enumerate(runs):
        words = "".join(piece.bare for piece in pieces[position : run[0]] if piece.kind == TEXT)
        position = run[1]
        if index == 0:
            chosen.append((span.target, run, span.label))
            continue
        scores = [(fuzz.ratio(words, target.cores[0]), number) for number, target in enumerate(lost) if number >= next_row]
        score, number = max(scores, default=(0.0, -1))
        if score < ALIKE:
            continue
        chosen.append((lost[number], run, words))
        next_row = number + 1
    if len(chosen) < 2:
        return None
    ends = [run[0] for _, run, _ in chosen[1:]] + [span.last]
    return [Span(target, run[0], end, label) for (target, run, label), end in zip(chosen, ends, strict=True)]


def _runs(sheet: Sheet, pieces: list[Piece], first: int, last: int) -> list[tuple[int, int]]:
    """Stretches of values without words between them; in rows of a table a new row starts a new run."""
    runs: list[tuple[int, int]] = []
    start = -1
    for index in range(first, last + 1):
        inside = index < last and pieces[index].kind != TEXT
        breaks = inside and start >= 0 and pieces[index].row != pieces[index - 1].row and sheet.row(pieces[index].row).kind != "text"
        if start >= 0 and (not inside or breaks):
            if any(pieces[at].kind == FIGURE for at in range(start, index)):
                runs.append((start, index))
            start = -1
        if inside and start < 0:
            start = index
    return runs


def _full(pieces: list[Piece], run: tuple[int, int], target: Target) -> bool:
    return sum(1 for index in range(*run) if pieces[index].kind == FIGURE) == len(target.columns)


def _label_runs(pieces: list[Piece], rows: tuple[Target, ...], runs: list[tuple[int, int]], first: int, last: int) -> list[Span]:
    spans, position = [], first
    for number, (target, run) in enumerate(zip(rows, runs, strict=True)):
        words = [piece.text for piece in pieces[position : run[0]] if piece.kind == TEXT]
        end = runs[number + 1][0] if number + 1 < len(runs) else last
        spans.append(Span(target, run[0], end, words[-1] if words else ""))
        position = run[1]
    return spans


def _share_torn(pieces: list[Piece], spans: list[Span]) -> None:
    """Labels listed first, their figures after: the last of such labels holds the figures of all of them."""
    group: list[Span] = []
    for span in spans:
        figures = sum(1 for index in range(span.first, span.last) if pieces[index].kind == FIGURE)
        group.append(span)
        if not figures:
            continue
        if len(group) > 1 and figures == sum(len(item.target.columns) for item in group):
            at = next(index for index in range(span.first, span.last) if pieces[index].kind == FIGURE)
            whole = _cut_run(pieces, tuple(item.target for item in group), (at, span.last), span)
            for item, part in zip(group, whole, strict=True):
                item.first, item.last = part.first, part.last
        elif len(group) > 1 and figures > len(span.target.columns):
            for item in group:
                item.sure = False
        group = []


def _fill(sheet: Sheet, pieces: list[Piece], spans: list[Span], reading: Reading) -> None:
    """Cells for every span: by count where the count fits, by column where the document fixes columns."""
    frames = _frames(sheet, pieces, spans)
    for span in spans:
        values = [pieces[index] for index in range(span.first, span.last) if pieces[index].kind != TEXT]
        figures = _row_figures(sheet, values, span)
        if span.sure and figures is not None:
            _put_row(span.target, figures, reading)
        elif span.sure and _is_empty_row(sheet, values):
            _put_blank(span.target, values, reading)
        else:
            _put_by_column(sheet, span, values, frames, reading)


def _row_figures(sheet: Sheet, values: list[Piece], span: Span) -> list[Piece] | None:
    """Exactly as many figures as the row has cells, or ``None``."""
    need = len(span.target.columns)
    figures = [piece for piece in values if piece.kind == FIGURE]
    if len(figures) == 1 and need > 1 and figures[0].glued and len(figures[0].text) == need and figures[0].text.isdigit():
        return [Piece(FIGURE, digit, "", figures[0].slot, figures[0].row, True) for digit in figures[0].text]
    if len(figures) == need:
        return figures
    by_row: dict[int, list[Piece]] = {}
    for piece in figures:
        by_row.setdefault(piece.row, []).append(piece)
    whole = [row for row in by_row.values() if len(row) == need]
    if need > 1 and len(whole) == 1 and whole[0][0].row == figures[0].row:
        return whole[0]
    return None


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
    doubt = getattr(piece.slot, "doubt", None)
    if doubt:
        return Cell("unclear", raw=piece.text, where=piece.slot.place, reason=doubt)
    raw = piece.slot.text if not piece.glued and len(piece.slot.text) <= len(piece.text) + 4 else piece.text
    return parse_value(raw, piece.text, target.row, column, piece.slot.place)


def _put_blank(target: Target, values: list[Piece], reading: Reading) -> None:
    for address in target.addresses:
        reading.cells[address] = Cell("blank", where=values[-1].slot.place)


def _put_by_column(sheet: Sheet, span: Span, values: list[Piece], frames: Frames, reading: Reading) -> None:
    target = span.target
    rows = {piece.row for piece in values if piece.kind == FIGURE}
    placed = None
    if span.sure and len(rows) == 1:
        row = sheet.row(next(iter(rows)))
        own = [piece for piece in values if piece.row in rows]
        count = len(target.columns)
        indexed = [slot.left for slot in row.slots] == list(range(len(row.slots)))
        placed = place_in_columns(row.kind, own, indexed, count, frames.get((row.kind, row.table, count)))
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

"""Where the labels of a form stand in the document, whole or damaged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from gongkai.law import Table
from gongkai.reading.align.targets import SHORT, Board, Heads, Reading, Span, Target, core
from gongkai.reading.sheet import TEXT, Piece

# A damaged label must share this much with the printed form (0..100) before its text is taken as a slip of it.
ALIKE = 55.0
# Words that are taken for a damaged label outright: this much alike, and this much more than to any other row.
LIKELY = 70.0
CLEARLY = 8.0

# Labels of a form found again and again: a hostile file, of which so many are enough.
MOST_CANDIDATES = 2000

Found = tuple[int, int, int]  # start in the flat text, end, target number


@dataclass(slots=True)
class Words:
    """The bare text of all label pieces, the offset of each and the piece it is."""

    flat: str
    offsets: list[int]
    owners: list[int]
    pieces: list[Piece]

    @classmethod
    def of(cls, pieces: list[Piece]) -> Words:
        """The words among the pieces."""
        offsets, owners, position = [], [], 0
        for index, piece in enumerate(pieces):
            if piece.kind == TEXT and piece.bare:
                offsets.append(position)
                owners.append(index)
                position += len(piece.bare)
        return cls("".join(pieces[index].bare for index in owners), offsets, owners, pieces)

    def piece_at(self, position: int, default: int = 0) -> int:
        """The number of the piece that holds that character."""
        return self.owners[bisect_right(self.offsets, position) - 1] if self.offsets else default

    def rest_of_piece(self, end: int) -> str:
        """What follows the character before ``end`` in the same piece."""
        at = bisect_right(self.offsets, end - 1) - 1
        return self.flat[end : self.offsets[at + 1] if at + 1 < len(self.offsets) else len(self.flat)]

    def is_before_figures(self, end: int) -> bool:
        """Whether the label text that ends at ``end`` is directly followed by a value or an empty place."""
        at = bisect_right(self.offsets, end - 1) - 1
        owner = self.owners[at]
        if self.offsets[at] + len(self.pieces[owner].bare) != end:
            return False
        return owner + 1 < len(self.pieces) and self.pieces[owner + 1].kind != TEXT


def find_labels(words: Words, end: int, wanted: tuple[Target, ...]) -> list[Found | None]:
    """For every target where its label stands before ``end``, so that the order of the form is kept and most is explained."""
    flat = words.flat[:end]
    candidates: list[Found] = []
    for number, target in enumerate(wanted):
        spots: dict[int, int] = {}
        for text in target.cores:
            at = flat.find(text)
            while at >= 0:
                if len(text) > SHORT or words.is_before_figures(at + len(text)):
                    spots[at] = max(spots.get(at, 0), len(text))
                at = flat.find(text, at + 1)
        candidates += [(at, at + length, number) for at, length in spots.items()]
    return _heaviest(candidates[:MOST_CANDIDATES], len(wanted))


def label_heads(words: Words, chain: list[Found | None]) -> Heads:
    """For every target the first and the last piece of its label, ``None`` where the label was not found."""
    return [None if at is None else (words.piece_at(at[0]), words.piece_at(at[1] - 1)) for at in chain]


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


@cache
def other_words(table: Table) -> frozenset[str]:
    """Words that a table prints beside its row labels: groups, headings, columns."""
    words = [*table.head, table.crossfoot or ""]
    for block in table.blocks:
        words += [block.header, *(column.label for column in block.columns), *(column.group or "" for column in block.columns)]
        words += [label for row in (*block.rows, *block.merged_rows) for label in row.group]
    return frozenset(core(word) for word in words if word)


@cache
def group_words(table: Table) -> frozenset[str]:
    """The headings of a table's groups of rows."""
    return frozenset(core(label) for block in table.blocks for row in (*block.rows, *block.merged_rows) for label in row.group)


def label_text(pieces: list[Piece]) -> str:
    """The bare words among the pieces."""
    return Words.of(pieces).flat


def add_likely(board: Board) -> None:
    """Damaged labels: words that resemble a row which order allows there, and no other row nearly as much."""
    pieces, heads, wanted = board.pieces, board.heads, board.wanted
    position = 0
    number = 0
    while number < len(wanted):
        head = heads[number]
        if head is not None:
            position, number = head[1] + 1, number + 1
            continue
        stop = next((at for at in range(number, len(wanted)) if heads[at] is not None), len(wanted))
        end = heads[stop][0] if stop < len(wanted) else board.limit  # type: ignore[index]
        for found, bounds in _likely(pieces, range(position, end), wanted, range(number, stop)):
            heads[found] = bounds
        number = stop


def _likely(pieces: list[Piece], stretch: range, wanted: tuple[Target, ...], lost: range) -> Iterator[tuple[int, tuple[int, int]]]:
    """Lost rows whose label some words of the stretch resemble, in order, with the pieces that show it."""
    from rapidfuzz import fuzz

    others = other_words(wanted[0].table)
    floor = lost.start
    for first, last in _word_groups(pieces, stretch):
        text = core("".join(piece.text for piece in pieces[first : last + 1]))
        if len(text) < 2 or text in others:
            continue
        scores = sorted(((max(fuzz.ratio(text, label) for label in wanted[at].cores), at) for at in range(len(wanted))), reverse=True)
        score, at = scores[0]
        # Two characters resemble half the form; such a label is only taken whole.
        if len(wanted[at].cores[0]) <= SHORT and text not in wanted[at].cores:
            continue
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


def misplaced(flat: str, board: Board) -> frozenset[int]:
    """Rows that are printed, but not where the form has them: order says nothing about the rows around."""
    return frozenset(
        number
        for number, head in enumerate(board.heads)
        if head is None
        and any(len(text) > SHORT and flat.count(text) > _inside(text, board.wanted) for text in board.wanted[number].cores[:1])
    )


def _inside(text: str, wanted: tuple[Target, ...]) -> int:
    """How often the form itself prints those characters inside longer labels."""
    return sum(text in target.cores[0] for target in wanted if target.cores[0] != text)


def words_before(pieces: list[Piece], at: int) -> str:
    """The label fragments right before a run."""
    words: list[str] = []
    while at > 0 and pieces[at - 1].kind == TEXT and len(words) < 3:
        at -= 1
        words.insert(0, pieces[at].text)
    return words[-1] if words else ""


def slips(spans: list[Span], chain: list[Found | None], wanted: tuple[Target, ...], reading: Reading) -> None:
    """Labels printed with a slip: rows that were found by likeness or order, with words that are not the form's."""
    from rapidfuzz import fuzz

    verbatim = {wanted[number].row.id for number, at in enumerate(chain) if at is not None}
    for span in spans:
        if span.target.row.id in verbatim or not span.label:
            continue
        text = core(span.label)
        if all(text not in label for label in span.target.cores) and fuzz.ratio(text, span.target.cores[0]) >= ALIKE:
            reading.labels[f"{span.target.table.id}.{span.target.row.id}"] = span.label

"""What differs between two texts, readable for Chinese: by paragraph, then sentence, then word.

Plain functions over text. Lines that stand once on both sides anchor the comparison (as in patience sorting), what lies between
two anchors is matched by :mod:`difflib` while a budget lasts, and shown as replaced after that: no text, however made, takes long.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby, zip_longest

SAME, REMOVED, ADDED = "same", "removed", "added"
# More than this is not compared: beyond it nobody reads a comparison.
MOST_CHARACTERS = 200_000
MOST_PARAGRAPHS = 4_000
# What all matching of one comparison may cost together, in steps of the worst case.
BUDGET = 12_000_000
# As many unchanged paragraphs stand around a change; the others are folded.
AROUND = 1
# Blocks of more pairs of paragraphs than this are not searched for those that are alike; of each its beginning is looked at.
MOST_PAIRS, BEGINNING = 900, 60
ALIKE = 0.4
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")
# A shared stretch this short between two changes is read more easily as part of them.
_SHORT = 2

Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stands on both sides (``same``), only on the older (``removed``) or only on the newer (``added``)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph in pieces, or a run of unchanged ones that is folded."""

    pieces: tuple[Piece, ...] = ()
    folded: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether anything in it differs."""
        return any(piece.kind != SAME for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The paragraphs of two texts side by side. ``is_cut`` when they were longer than what is compared."""

    paragraphs: tuple[Paragraph, ...]
    is_cut: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether the texts differ in what was compared."""
        return any(paragraph.is_changed for paragraph in self.paragraphs)


@dataclass(slots=True)
class _Budget:
    left: int = field(default=BUDGET)

    def allows(self, n: int, m: int) -> bool:
        """Whether a block of that size may still be matched; its worst case is taken off at once."""
        cost = n * m * min(n, m)
        if cost > self.left:
            return False
        self.left -= cost
        return True


def compare(before: str, after: str) -> Comparison:
    """What became of ``before``, paragraph by paragraph (a line is one), with long unchanged runs folded."""
    cut_before, cut_after = before[:MOST_CHARACTERS], after[:MOST_CHARACTERS]
    old, new = _lines(cut_before), _lines(cut_after)
    is_cut = (cut_before, cut_after) != (before, after) or max(len(old), len(new)) > MOST_PARAGRAPHS
    budget = _Budget()
    paragraphs = _paragraphs(old[:MOST_PARAGRAPHS], new[:MOST_PARAGRAPHS], budget)
    return Comparison(tuple(_folded(list(paragraphs))), is_cut)


def compare_line(before: str, after: str) -> tuple[Piece, ...]:
    """What became of one short line of text, in pieces."""
    return _pieces(before[:MOST_CHARACTERS], after[:MOST_CHARACTERS], _Budget())


def _lines(text: str) -> list[str]:
    return [line for line in (line.strip() for line in text.split("\n", MOST_PARAGRAPHS * 2)) if line]


def _paragraphs(old: list[str], new: list[str], budget: _Budget) -> Iterator[Paragraph]:
    for kind, a, b, c, d in _matched(old, new, budget):
        if kind == "equal":
            yield from (Paragraph((Piece(SAME, line),)) for line in old[a:b])
            continue
        for one, other in _paired(old[a:b], new[c:d], budget):
            if one is None or other is None:
                yield Paragraph((Piece(ADDED, other or "") if one is None else Piece(REMOVED, one),))
            else:
                yield Paragraph(_pieces(one, other, budget))


def _paired(old: list[str], new: list[str], budget: _Budget) -> Iterator[tuple[str | None, str | None]]:
    """Paragraphs that took each other's place, in order: those that are most alike, so that an inserted one shifts nothing.

    Where there are too many to look at, just as they stand against each other.
    """
    if len(old) * len(new) > MOST_PAIRS or not budget.allows(len(old), len(new)):
        yield from zip_longest(old, new)
        return
    seen = [_bigrams(text) for text in new]
    likes = [[_alike(one, other) for other in seen] for one in map(_bigrams, old)]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], likes[i][j] + best[i + 1][j + 1] if likes[i][j] else 0.0)
    i = j = 0
    while i < len(old) and j < len(new):
        if likes[i][j] and best[i][j] == likes[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1
    yield from ((one, None) for one in old[i:])
    yield from ((None, other) for other in new[j:])


def _bigrams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(min(len(text), BEGINNING)))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two paragraphs have in common, 0 when it is too little to call one the other's wording."""
    shared = 2 * len(one & other) / (len(one) + len(other))
    return shared if shared >= ALIKE else 0.0


def _pieces(before: str, after: str, budget: _Budget) -> tuple[Piece, ...]:
    """Sentence by sentence, and word by word where sentences differ."""
    found: list[Piece] = []
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    for kind, a, b, c, d in _matched(old, new, budget):
        one, other = "".join(old[a:b]), "".join(new[c:d])
        found += [Piece(SAME, one)] if kind == "equal" else _words(one, other, budget)
    return tuple(_joined(found))


def _words(before: str, after: str, budget: _Budget) -> list[Piece]:
    if not before or not after:
        return [Piece(REMOVED, before), Piece(ADDED, after)]
    old, new = _tokens(before), _tokens(after)
    found: list[Piece] = []
    for kind, a, b, c, d in _matched(old, new, budget):
        one, other = "".join(old[a:b]), "".join(new[c:d])
        found += [Piece(SAME, one)] if kind == "equal" else _replaced(one, other)
    found = _readable(found)
    shared = sum(len(piece.text) for piece in found if piece.kind == SAME)
    # Two sentences that have next to nothing in common are not each other's wording.
    return found if shared * 4 >= min(len(before), len(after)) else [Piece(REMOVED, before), Piece(ADDED, after)]


def _replaced(one: str, other: str) -> list[Piece]:
    """A word that took another's place; where one only grew at an end, just what was put on or left off."""
    short, long = sorted((one, other), key=len)
    kind = ADDED if short == one else REMOVED
    if short and long.startswith(short):
        return [Piece(SAME, short), Piece(kind, long[len(short) :])]
    if short and long.endswith(short):
        return [Piece(kind, long[: -len(short)]), Piece(SAME, short)]
    return [Piece(REMOVED, one), Piece(ADDED, other)]


def _tokens(text: str) -> list[str]:
    import rjieba

    return list(rjieba.cut(text))


def _matched(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Opcode]:
    """Where both sides are equal and where not, in order: like ``SequenceMatcher.get_opcodes``, but never slow."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start:
        yield "equal", 0, start, 0, start
    yield from _between(old, new, (start, len(old) - end, start, len(new) - end), budget)
    if end:
        yield "equal", len(old) - end, len(old), len(new) - end, len(new)


def _between(old: Sequence[str], new: Sequence[str], block: tuple[int, int, int, int], budget: _Budget) -> Iterator[Opcode]:
    a, b, c, d = block
    at, to = a, c
    for i, j in [*_anchors(old, new, block), (b, d)]:
        if at < i or to < j:
            yield from _gap(old, new, (at, i, to, j), budget)
        if i < b:
            yield "equal", i, i + 1, j, j + 1
        at, to = i + 1, j + 1


def _gap(old: Sequence[str], new: Sequence[str], block: tuple[int, int, int, int], budget: _Budget) -> Iterator[Opcode]:
    a, b, c, d = block
    if a == b or c == d or not budget.allows(b - a, d - c):
        yield "replace", a, b, c, d
        return
    for kind, i, j, k, m in SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_opcodes():
        yield kind, a + i, a + j, c + k, c + m


def _anchors(old: Sequence[str], new: Sequence[str], block: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Pairs of places whose text stands exactly once on each side, as many as keep their order."""
    a, b, c, d = block
    once_old, once_new = Counter(old[a:b]), Counter(new[c:d])
    places = {text: j for j, text in enumerate(new[c:d], start=c) if once_new[text] == 1}
    pairs = [(i, places[text]) for i, text in enumerate(old[a:b], start=a) if once_old[text] == 1 and text in places]
    return _ascending(pairs)


def _ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs whose second places ascend too."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        before.append(last[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(j)
            last.append(at)
        else:
            tops[pile], last[pile] = j, at
    chosen: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]


def _readable(pieces: list[Piece]) -> list[Piece]:
    """Shared stretches of a sign or two between two changes become part of them."""
    found: list[Piece] = []
    for at, piece in enumerate(pieces):
        inside = 0 < at < len(pieces) - 1 and pieces[at + 1].kind != SAME
        if piece.kind == SAME and inside and len(piece.text) < _SHORT:
            found += [Piece(REMOVED, piece.text), Piece(ADDED, piece.text)]
        else:
            found.append(piece)
    return found


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Between two shared stretches, all that was removed in one piece and all that was added in one after it."""
    for is_same, run in groupby((piece for piece in pieces if piece.text), key=lambda piece: piece.kind == SAME):
        stretch = list(run)
        for kind in (SAME,) if is_same else (REMOVED, ADDED):
            text = "".join(piece.text for piece in stretch if piece.kind == kind)
            if text:
                yield Piece(kind, text)


def _folded(paragraphs: list[Paragraph]) -> Iterator[Paragraph]:
    """Unchanged paragraphs away from any change, folded together; a run of one is left as it is."""
    changed = [at for at, paragraph in enumerate(paragraphs) if paragraph.is_changed]
    near = {at + step for at in changed for step in range(-AROUND, AROUND + 1)}
    held: list[Paragraph] = []
    for at, paragraph in enumerate(paragraphs):
        if at not in near:
            held.append(paragraph)
            continue
        yield from _held(held)
        held = []
        yield paragraph
    yield from _held(held)


def _held(held: list[Paragraph]) -> Iterator[Paragraph]:
    if len(held) == 1:
        yield held[0]
    elif held:
        yield Paragraph(folded=tuple(paragraph.pieces[0].text for paragraph in held))

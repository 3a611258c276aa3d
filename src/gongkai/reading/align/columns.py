"""Columns that the document itself fixes: where the figures of full rows stand, a short row's figures stand too."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass

from gongkai.reading.sheet import EMPTY, FIGURE, Piece

# Figures are set left, right or centred in their column: a figure belongs to the column whose middle is this near,
# as a share of the distance between two columns.
NEAR = 0.42

# Labels stand in up to three columns, so rows of one table have up to three patterns; more show that tails are ragged.
DEPTHS = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """The columns that full rows of one table share.

    ``edges`` are the left edges of exact columns, ``centres`` the middles of positions on the page, ``patterns`` the
    (empty places before the figures, places in all) of rows cut at separators.
    """

    edges: tuple[float, ...] | None
    centres: tuple[float, ...] | None
    patterns: frozenset[tuple[int, int]]
    votes: int
    steady: bool = True  # all full rows stand in the same columns

    @classmethod
    def learn(cls, rows: list[list[Piece]]) -> Frame:
        """The frame of full rows; each is all the values and empty places of one row."""
        figures = [[piece for piece in row if piece.kind == FIGURE] for row in rows]
        known = [row for row in figures if all(piece.slot.left is not None for piece in row)]
        edges = Counter(tuple(float(piece.slot.left or 0) for piece in row) for row in known)
        if not edges:
            return cls(None, None, frozenset(), 0)
        common, votes = edges.most_common(1)[0]
        middles = zip(*([_middle(piece) for piece in row] for row in known), strict=True)
        centres = tuple(sorted(column)[len(column) // 2] for column in middles)
        patterns = frozenset((_lead(row), len(row)) for row in rows)
        return cls(common, centres, patterns, len(known) if votes == 1 else votes, len(edges) == 1)


def _middle(piece: Piece) -> float:
    return ((piece.slot.left or 0) + (piece.slot.right or 0)) / 2


def _lead(row: list[Piece]) -> int:
    return next(index for index, piece in enumerate(row) if piece.kind == FIGURE)


def place_in_columns(kind: str, row: list[Piece], indexed: bool, count: int, frame: Frame | None) -> list[Piece | None] | None:
    """The figures of a ``row`` in ``count`` columns, ``None`` for an empty one.

    The whole answer is ``None`` when more than one way is open. ``indexed`` tells that left edges count separators.
    """
    if kind != "table" and any(piece.kind == FIGURE and len(piece.slot.text.strip()) > len(piece.text) + 2 for piece in row):
        return None  # several figures share a slot: the slot's place is not theirs
    if kind == "text" or frame is None or frame.edges is None or len(frame.edges) != count:
        return _exact(row, count) if kind == "table" else None
    if kind == "table":
        return _by_edges(row, frame.edges)
    if not indexed:
        return _by_position(row, frame)
    by_edges = _by_edges(row, frame.edges) if frame.steady else None
    ways = [way for way in (_by_pattern(row, count, frame), by_edges) if way is not None]
    if len(ways) == 2 and ways[0] != ways[1]:
        return None
    return ways[0] if ways else None


def _exact(row: list[Piece], count: int) -> list[Piece | None] | None:
    """A table row that has exactly as many places as cells needs no frame."""
    if len(row) != count:
        return None
    return [piece if piece.kind == FIGURE else None for piece in row]


def _by_edges(row: list[Piece], edges: tuple[float, ...]) -> list[Piece | None] | None:
    placed: list[Piece | None] = []

    for edge in edges:
        here = [piece for piece in row if (piece.slot.left or 0) <= edge < (piece.slot.right or 0)]
        if len(here) != 1:
            return None
        placed.append(here[0] if here[0].kind == FIGURE else None)
    figures = [piece for piece in row if piece.kind == FIGURE]
    used = len({id(piece) for piece in placed if piece is not None})
    return placed if used == len(figures) == sum(piece is not None for piece in placed) else None


def _by_pattern(row: list[Piece], count: int, frame: Frame) -> list[Piece | None] | None:
    leads = {lead for lead, length in frame.patterns if length == len(row)}
    if len(leads) != 1:
        return None
    lead = leads.pop()
    inside = row[lead : lead + count]
    outside = row[:lead] + row[lead + count :]
    if any(piece.kind == FIGURE for piece in outside):
        return None
    # Where tails are ragged, an empty place at an end may belong to the labels or to the tail.
    is_ragged = len(frame.patterns) > len({before for before, _ in frame.patterns}) > 1
    if is_ragged and EMPTY in (inside[0].kind, inside[-1].kind):
        return None
    # Empty places on both sides leave the figures room to shift, unless all rows of the table agree on their places.
    may_shift = (inside[0].kind == EMPTY and len(row) > lead + count) or (inside[-1].kind == EMPTY and lead > 0)
    if may_shift and len(frame.patterns) > DEPTHS:
        return None
    return [piece if piece.kind == FIGURE else None for piece in inside]


def _by_position(row: list[Piece], frame: Frame) -> list[Piece | None] | None:
    centres = frame.centres or ()
    if len(centres) < 2 or frame.votes < 2:
        return None
    step = min(right - left for left, right in itertools.pairwise(centres))
    placed: list[Piece | None] = [None] * len(centres)
    for piece in row:
        if piece.kind == EMPTY:
            continue
        distance, column = min((abs(_middle(piece) - centre), column) for column, centre in enumerate(centres))
        if distance > NEAR * step or placed[column] is not None:
            return None
        placed[column] = piece
    return placed

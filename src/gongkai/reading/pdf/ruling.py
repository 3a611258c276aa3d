"""Ruling lines of a PDF page and the tables they draw.

A ruling is a stroke or a thin filled rectangle that runs along an axis. Rulings that touch form a :class:`Lattice`:
their positions cut the plane into units, units with no ruling between them are one cell. Nothing here knows text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

# All lengths in points. A rectangle up to this thick is a line; office programs draw borders of 0.25 to 3 points.
THICK = 3.2
# Lines this near are one (double borders, sloppy joints); no row or column that holds text is narrower.
NEAR = 4.0
# Two strokes of one double border.
DOUBLE = 2.5
# Ends this near to a line touch it, pieces this near along a line continue it (dashes, cells drawn one by one).
TOUCH = 3.0
# A line that runs this far past the outermost crossing line opens a row or column without an outer border.
OPEN = 8.0
# More lines than this on one page are a drawing or a map, not a table; crossing them all would take seconds.
MAX_RULINGS = 3000
# A form's largest table has some 30 rows and 10 columns; more units than this are hatching.
MAX_UNITS = 50_000


class Ruling(NamedTuple):
    """A line along one axis: ``at`` across it, ``start`` to ``end`` along it."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Rulings:
    """The lines of a page."""

    across: list[Ruling] = field(default_factory=list)
    down: list[Ruling] = field(default_factory=list)

    def add_rectangle(self, left: float, bottom: float, right: float, top: float) -> None:
        """A filled rectangle: a line when it is thin, both a short line across and down when it is a dot."""
        if top - bottom <= THICK:
            self.across.append(Ruling((bottom + top) / 2, left, right))
        if right - left <= THICK:
            self.down.append(Ruling((left + right) / 2, bottom, top))

    def add_stroke(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A stroked straight line; slanted ones (the stroke through a table's corner) bound no cell."""
        if abs(y1 - y0) <= 1:
            self.across.append(Ruling((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= 1:
            self.down.append(Ruling((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


class LatticeCell(NamedTuple):
    """A cell: rows from the top, columns from the left, ends exclusive."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(slots=True)
class Lattice:
    """A drawn table. ``xs`` ascend, ``ys`` descend (reading order); ``units[row][column]`` is an index into ``cells``,
    ``-1`` where the rulings enclose nothing."""

    xs: list[float]
    ys: list[float]
    cells: list[LatticeCell]
    units: list[list[int]]
    depths: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.depths = [-y for y in self.ys]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return self.xs[0], self.ys[-1], self.xs[-1], self.ys[0]

    @property
    def is_table(self) -> bool:
        """Whether it is more than a frame or a column of frames around running text."""
        return len({(cell.left, cell.right) for cell in self.cells}) > 1

    def cell_at(self, x: float, y: float) -> int:
        """Index of the cell around a point, ``-1`` outside all cells."""
        column = bisect_right(self.xs, x) - 1
        row = bisect_right(self.depths, -y) - 1
        if 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1:
            return self.units[row][column]
        return -1

    def cell_box(self, index: int) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of a cell, in points to one decimal."""
        cell = self.cells[index]
        return (
            round(self.xs[cell.left], 1),
            round(self.ys[cell.bottom], 1),
            round(self.xs[cell.right], 1),
            round(self.ys[cell.top], 1),
        )


def find_lattices(rulings: Rulings) -> list[Lattice]:
    """The tables that a page's lines draw, from the top down; empty when the lines are too many for tables."""
    across, down = _joined(rulings.across), _joined(rulings.down)
    if len(across) + len(down) > MAX_RULINGS:
        return []
    found = (_lattice(rows, columns) for rows, columns in _groups(across, down))
    return sorted((lattice for lattice in found if lattice), key=lambda lattice: (-lattice.ys[0], lattice.xs[0]))


def _joined(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Pieces along one line as one, double lines as one."""
    joined: list[Ruling] = []
    for pieces in _clustered(sorted(rulings), near=DOUBLE):
        at = sum(piece.at for piece in pieces) / len(pieces)
        start, end = None, 0.0
        for piece in sorted(pieces, key=lambda piece: piece.start):
            if start is None or piece.start > end + TOUCH:
                if start is not None:
                    joined.append(Ruling(at, start, end))
                start, end = piece.start, piece.end
            end = max(end, piece.end)
        if start is not None:
            joined.append(Ruling(at, start, end))
    return [ruling for ruling in joined if ruling.end - ruling.start > TOUCH]


def _clustered(items: Iterable[Ruling], *, near: float) -> Iterator[list[Ruling]]:
    """Neighbours no further than ``near`` from the first of their cluster; ``items`` come sorted."""
    cluster: list[Ruling] = []
    for item in items:
        if cluster and item.at - cluster[0].at > near:
            yield cluster
            cluster = []
        cluster.append(item)
    if cluster:
        yield cluster


class _Sets:
    """Union-find over numbers."""

    def __init__(self, number: int) -> None:
        self.parents = list(range(number))

    def find(self, item: int) -> int:
        while self.parents[item] != item:
            self.parents[item] = self.parents[self.parents[item]]
            item = self.parents[item]
        return item

    def unite(self, one: int, other: int) -> None:
        self.parents[self.find(one)] = self.find(other)


def _groups(across: Sequence[Ruling], down: Sequence[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Lines that touch, directly or through others, group by group."""
    down = sorted(down)
    positions = [ruling.at for ruling in down]
    sets = _Sets(len(across) + len(down))
    for n, row in enumerate(across):
        for m in range(bisect_left(positions, row.start - TOUCH), bisect_right(positions, row.end + TOUCH)):
            if down[m].start - TOUCH <= row.at <= down[m].end + TOUCH:
                sets.unite(n, len(across) + m)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = defaultdict(lambda: ([], []))
    for n, row in enumerate(across):
        groups[sets.find(n)][0].append(row)
    for m, column in enumerate(down):
        groups[sets.find(len(across) + m)][1].append(column)
    return list(groups.values())


def _edges(lines: Sequence[Ruling], crossing: Sequence[Ruling]) -> tuple[list[float], bool, bool]:
    """Positions that bound columns (or rows), ascending, and whether the first and the last stand for a missing
    outer border: where two crossing lines run well past the outermost line."""
    edges = [sum(r.at for r in near) / len(near) for near in _clustered(sorted(lines), near=NEAR)]
    starts, ends = sorted(line.start for line in crossing), sorted((line.end for line in crossing), reverse=True)
    second = min(1, len(crossing) - 1)
    opens, closes = starts[second] < edges[0] - OPEN, ends[second] > edges[-1] + OPEN
    return [*([starts[0]] if opens else []), *edges, *([ends[0]] if closes else [])], opens, closes


def _lattice(across: list[Ruling], down: list[Ruling]) -> Lattice | None:
    """The table of one group of lines; ``None`` when they bound no cells."""
    if len(across) < 2 or not down:
        return None
    xs, left_open, right_open = _edges(down, across)
    ys, low_open, high_open = _edges(across, down)
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows > MAX_UNITS:
        return None
    ys.reverse()
    # walls[c][r]: a line stands on edge c beside row r; floors[r][c]: a line lies on edge r under or over column c.
    walls = _covered(down, xs, [-y for y in ys], flip=True)
    floors = _covered(across, [-y for y in ys], xs, flip=False)
    if left_open:
        walls[0] = [True] * rows
    if right_open:
        walls[-1] = [True] * rows
    if high_open:
        floors[0] = [True] * columns
    if low_open:
        floors[-1] = [True] * columns
    return _enclosed(xs, ys, walls, floors)


def _covered(lines: Iterable[Ruling], edges: list[float], units: list[float], *, flip: bool) -> list[list[bool]]:
    """For each edge, which of the units along it a line covers. ``flip``: units are negated heights; else edges are."""
    covered = [[False] * (len(units) - 1) for _ in edges]
    middles = [(one + other) / 2 for one, other in pairwise(units)]
    for line in lines:
        at, start, end = (line.at, -line.end, -line.start) if flip else (-line.at, line.start, line.end)
        row = covered[min(range(len(edges)), key=lambda n: abs(edges[n] - at))]
        for n in range(bisect_left(middles, start - 1), bisect_right(middles, end + 1)):
            row[n] = True
    return covered


def _enclosed(xs: list[float], ys: list[float], walls: list[list[bool]], floors: list[list[bool]]) -> Lattice | None:
    """Units without a line between them united to cells; regions that are open to the outside left out."""
    columns, rows = len(xs) - 1, len(ys) - 1
    sets = _Sets(rows * columns)
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and not walls[column + 1][row]:
                sets.unite(here, here + 1)
            if row + 1 < rows and not floors[row + 1][column]:
                sets.unite(here, here + columns)
    members: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for unit in range(rows * columns):
        members[sets.find(unit)].append(divmod(unit, columns))
    cells: list[LatticeCell] = []
    units = [[-1] * columns for _ in range(rows)]
    for group in members.values():
        if _is_open(group, xs, ys, walls, floors):
            continue
        for row, column in group:
            units[row][column] = len(cells)
        lines, places = [row for row, _ in group], [column for _, column in group]
        cells.append(LatticeCell(min(lines), max(lines) + 1, min(places), max(places) + 1))
    return Lattice(xs, ys, cells, units) if cells else None


def _is_open(group: list[tuple[int, int]], xs: list[float], ys: list[float], walls: list[list[bool]], floors: list[list[bool]]) -> bool:
    """Whether half of the region's rim is table edge without a line: space beside a narrower part of the table, not a
    cell. A cell cut by a page break lacks one side, which is always less than half."""
    columns, rows = len(xs) - 1, len(ys) - 1
    bare = 0.0
    for row, column in group:
        bare += (ys[row] - ys[row + 1]) * ((column == 0 and not walls[0][row]) + (column == columns - 1 and not walls[-1][row]))
        bare += (xs[column + 1] - xs[column]) * ((row == 0 and not floors[0][column]) + (row == rows - 1 and not floors[-1][column]))
    if not bare:
        return False
    inside = set(group)
    rim = sum(
        (ys[row] - ys[row + 1]) * (((row, column - 1) not in inside) + ((row, column + 1) not in inside))
        + (xs[column + 1] - xs[column]) * (((row - 1, column) not in inside) + ((row + 1, column) not in inside))
        for row, column in group
    )
    return bare > 0.495 * rim

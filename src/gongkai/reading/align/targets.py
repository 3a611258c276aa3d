"""What is looked for and what is found: rows of a form, the pieces that belong to them, the cells they give."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from gongkai.law import Column, Row, Table
from gongkai.reading.plain import bare, plain
from gongkai.reading.sheet import Piece, Sheet
from gongkai.report import Cell

# A label this short stands inside others (总计, 其他); it counts only right before figures.
SHORT = 3

Heads = list[tuple[int, int] | None]  # first and last piece of each target's label
Run = tuple[int, int]  # first piece, last piece (exclusive)


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


@dataclass(slots=True)
class Reading:
    """What the alignment of one table gave."""

    cells: dict[str, Cell] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    found: int = 0


@dataclass(slots=True)
class Board:
    """One table on the table: its pieces, the rows wanted, where their labels stand, and where the table ends."""

    sheet: Sheet
    pieces: list[Piece]
    wanted: tuple[Target, ...]
    heads: Heads
    limit: int
    misplaced: frozenset[int] = frozenset()


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

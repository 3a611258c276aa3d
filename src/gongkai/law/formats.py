"""The statutory forms of the annual report (统一格式), one edition a file in ``data/formats``.

A form is a handful of tables; a table is blocks, a block is rows under common columns; every row × column is one cell
with a permanent address such as ``t3.denied_third_party.total``. Adding an edition is adding a file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from gongkai.law.store import LawMissing, load, names


@dataclass(frozen=True, slots=True)
class Column:
    """A printed column: ``unit`` is what the form counts in, ``group`` the heading above it."""

    id: str
    label: str
    unit: str | None = None
    group: str | None = None
    decimal: bool = False
    signed: bool = False

    @property
    def words(self) -> str:
        """The label as a message quotes it, without the explanation in brackets behind it."""
        return _quotable(self.label)


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row. ``group`` holds the labels of the merged cells to its left, outermost first.

    ``leaf`` marks the outcomes that (七)总计 adds up; ``replaces`` names the rows that a merged row stands for.
    """

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    leaf: bool = False
    replaces: tuple[str, ...] = ()
    unit: str | None = None
    decimal: bool = False

    @property
    def words(self) -> str:
        """The label as a message quotes it, after the label of the group it belongs to: (三)不予公开·1.属于国家秘密."""
        return "·".join(_quotable(label) for label in (*self.group[1:], self.label))


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that share a heading and columns; ``merged_rows`` are rows of another edition that may stand in for several."""

    header: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    merged_rows: tuple[Row, ...] = ()


@dataclass(frozen=True, eq=False)
class Table:
    """A statutory table. ``head`` lists the words of its heading, normalised; ``address`` is the pattern of its cells."""

    id: str
    section: str | None
    name: str
    head: tuple[str, ...]
    blocks: tuple[Block, ...]
    layout: str = "rows"
    address: str = ""
    crossfoot: str | None = None

    @property
    def words(self) -> str:
        """The name as a message gives it: 表三."""
        return self.name.partition("（")[0]

    def cell(self, row: str, column: str) -> str:
        """The address of a cell of this table."""
        return self.address.format(row=row, column=column)

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """Every address of the table in reading order, without merged rows."""
        return tuple(self.cell(row.id, column.id) for block in self.blocks for row in block.rows for column in block.columns)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every row in reading order, without merged rows."""
        return tuple(row for block in self.blocks for row in block.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """A fixed section: ``title`` as printed, ``aliases`` other titles seen, ``parts`` its statutory sub-parts."""

    id: str
    title: str
    aliases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """One equation that a report must satisfy: the sum of ``left`` equals the sum of ``right`` (addresses)."""

    code: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """The sum of ``left`` may not exceed the sum of ``right``."""

    code: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    severity: str


@dataclass(frozen=True, eq=False)
class ReportFormat:
    """One edition of the form, with its citation and the years it serves.

    ``like`` names earlier editions whose checks hold for this one too, because it prints the same cells. ``requests`` are the addresses
    of the flow of requests (``received carried_in handled carried_out``); none where an edition counts it otherwise.
    """

    edition: str
    name: str
    document: str
    basis: str
    issued_on: datetime.date
    first_year: int
    last_year: int | None
    confirmed_on: datetime.date | None
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    bounds: tuple[Bound, ...]
    rules: tuple[Mapping[str, Any], ...] = field(repr=False, default=())
    like: tuple[str, ...] = ()
    requests: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """Every cell address in reading order, without merged rows."""
        return tuple(address for table in self.tables for address in table.cells)

    @cached_property
    def merged_cells(self) -> tuple[str, ...]:
        """Addresses of rows that stand in for several, such as the one-row (六)其他处理."""
        return tuple(
            table.cell(row.id, column.id)
            for table in self.tables
            for block in table.blocks
            for row in block.merged_rows
            for column in block.columns
        )

    @cached_property
    def place_of(self) -> Mapping[str, tuple[Table, Row, Column]]:
        """Address → the table, row and column that print it, merged rows included."""
        return {
            table.cell(row.id, column.id): (table, row, column)
            for table in self.tables
            for block in table.blocks
            for row in (*block.rows, *block.merged_rows)
            for column in block.columns
        }

    def table(self, name: str) -> Table:
        """The table with that id; :class:`LawMissing` when the edition has none."""
        for table in self.tables:
            if table.id == name:
                return table
        raise LawMissing(f"{self.name}没有表“{name}”。", basis=self.basis)

    def words(self, address: str) -> str:
        """A cell in the form's own words: table, row and column; :class:`LawMissing` for an address the edition does not have."""
        if address not in self.place_of:
            raise LawMissing(f"{self.name}没有单元格“{address}”。", basis=self.basis)
        table, row, column = self.place_of[address]
        if table.layout == "one_value":
            return f"{table.words}“{row.words}”"
        if table.layout == "one_row":
            return f"{table.words}“{row.words}”的“{column.words}”"
        return f"{table.words}“{row.words}”行“{column.words}”列"

    def unit(self, address: str) -> str | None:
        """What a cell counts in, ``None`` where the form prints no unit."""
        _, row, column = self.place_of[address]
        return row.unit or column.unit

    def identities(self, merged: frozenset[str] = frozenset()) -> Iterator[Identity]:
        """The equations of the edition; ``merged`` names the merged rows that the report prints instead of their parts."""
        for rule in self.rules:
            yield from _expand(self, rule, merged)


_EXPLANATION = re.compile(r"(?<=[^（])（[^（）]{3,}）$")


def _quotable(label: str) -> str:
    return _EXPLANATION.sub("", label).translate({0x201C: "‘", 0x201D: "’"})


def _rows(table: Table, merged: frozenset[str]) -> list[Row]:
    standing = [row for block in table.blocks for row in block.merged_rows if row.id in merged]
    gone = {part for row in standing for part in row.replaces}
    return [row for row in table.rows if row.id not in gone] + standing


def _expand(edition: ReportFormat, rule: Mapping[str, Any], merged: frozenset[str]) -> Iterator[Identity]:
    each = rule.get("each")
    if each is None:
        yield Identity(rule["code"], tuple(rule["left"]), tuple(rule["right"]))
        return
    table = edition.table(each["table"])
    rows = _rows(table, merged)
    over = [row.id for row in rows] if each["over"] == "row" else [column.id for column in table.blocks[0].columns]
    leaves = [row.id for row in rows if row.leaf]
    for name in over:
        sides = [
            tuple(
                expanded
                for pattern in rule[side]
                for expanded in _addresses(pattern.replace("{row}", name).replace("{column}", name), leaves)
            )
            for side in ("left", "right")
        ]
        yield Identity(rule["code"], sides[0], sides[1])


def _addresses(address: str, leaves: list[str]) -> list[str]:
    if ".leaves." not in address:
        return [address]
    return [address.replace(".leaves.", f".{leaf}.") for leaf in leaves]


def _row(data: Mapping[str, Any]) -> Row:
    return Row(
        id=data["id"],
        label=data["label"],
        aliases=tuple(data.get("aliases", ())),
        group=tuple(data.get("group", ())),
        leaf=data.get("leaf", False),
        replaces=tuple(data.get("replaces", ())),
        unit=data.get("unit"),
        decimal=data.get("decimal", False),
    )


def _block(data: Mapping[str, Any]) -> Block:
    return Block(
        header=data["header"],
        columns=tuple(Column(**column) for column in data["columns"]),
        rows=tuple(_row(row) for row in data["rows"]),
        merged_rows=tuple(_row(row) for row in data.get("merged_rows", ())),
    )


def _table(data: Mapping[str, Any]) -> Table:
    return Table(
        id=data["id"],
        section=data["section"],
        name=data["name"],
        head=tuple(data["head"]),
        blocks=tuple(_block(block) for block in data["blocks"]),
        layout=data.get("layout", "rows"),
        address=data.get("address", data["id"] + ".{row}.{column}"),
        crossfoot=data.get("crossfoot"),
    )


@cache
def report_format(edition: str) -> ReportFormat:
    """The form of that edition (``2021``, ``2019``, ``pre2019``); :class:`LawMissing` for another name."""
    data = load(f"formats/{edition}")
    return ReportFormat(
        **{key: data[key] for key in ("edition", "name", "document", "basis", "issued_on", "first_year", "last_year", "confirmed_on")},
        sections=tuple(
            Section(item["id"], item["title"], tuple(item.get("aliases", ())), tuple(item.get("parts", ()))) for item in data["sections"]
        ),
        tables=tuple(_table(table) for table in data["tables"]),
        bounds=tuple(Bound(item["code"], tuple(item["left"]), tuple(item["right"]), item["severity"]) for item in data.get("bounds", ())),
        rules=tuple(data["identities"]),
        like=tuple(data.get("like", ())),
        requests=data.get("requests", {}),
    )


@cache
def editions() -> tuple[str, ...]:
    """Names of the known editions, newest first."""
    return tuple(sorted(names("formats"), key=lambda name: -report_format(name).first_year))


def report_format_for(year: int) -> ReportFormat:
    """The form that reports of that year use; :class:`LawMissing` for a year before every edition."""
    for name in editions():
        edition = report_format(name)
        if edition.first_year <= year and (edition.last_year is None or year <= edition.last_year):
            return edition
    raise LawMissing(f"没有{year}年年度报告的格式数据。")

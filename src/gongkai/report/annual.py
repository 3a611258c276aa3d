"""AnnualReport and what it is made of. Reading and tallying both end here.

A cell is one of six kinds, and they are never confused:

``number``   a figure stands there
``blank``    the place is there and empty
``slash``    a stroke stands there (``/``, ``-``, ``—``)
``text``     words stand there (``无``)
``missing``  the document does not print that cell
``unclear``  something may stand there and cannot be told for certain; ``reason`` says why
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

KINDS = ("number", "blank", "slash", "text", "missing", "unclear")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the document something stands. Numbers start at 1; ``box`` is left, bottom, right, top in points."""

    line: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Only what is known."""
        return {item.name: getattr(self, item.name) for item in fields(self) if getattr(self, item.name) is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Place:
        """The inverse of :meth:`to_json`."""
        box = data.get("box")
        return cls(**{**data, "box": tuple(box) if box else None})

    def __str__(self) -> str:
        parts = [("第{}页", self.page), ("第{}行", self.line), ("第{}个表格", self.table), ("第{}行", self.row), ("第{}列", self.column)]
        return "".join(pattern.format(value) for pattern, value in parts if value is not None)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``value`` is a figure only for kind ``number``; ``raw`` is the text as it stands in the document."""

    kind: str
    value: Decimal | None = None
    raw: str = ""
    where: Place | None = None
    unit: str | None = None
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        """``value kind raw where``, and ``unit`` and ``reason`` where there is one."""
        data: dict[str, Any] = {
            "value": None if self.value is None else plain_number(self.value),
            "kind": self.kind,
            "raw": self.raw,
            "where": self.where.to_json() if self.where else None,
        }
        if self.unit:
            data["unit"] = self.unit
        if self.reason:
            data["reason"] = self.reason
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Cell:
        """The inverse of :meth:`to_json`; KeyError or ValueError when ``data`` is no such object."""
        if data["kind"] not in KINDS:
            raise ValueError(f"unknown kind of cell: {data['kind']}")
        value = data.get("value")
        where = data.get("where")
        return cls(
            kind=data["kind"],
            value=None if value is None else Decimal(str(value)),
            raw=data.get("raw", ""),
            where=Place.from_json(where) if where else None,
            unit=data.get("unit"),
            reason=data.get("reason"),
        )


def plain_number(value: Decimal) -> int | float:
    """A figure as JSON writes it: integers as integers."""
    return int(value) if value == value.to_integral_value() else float(value)


MISSING = Cell("missing")


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the organ, as the preface gives it."""

    address: str | None = None
    phone: str | None = None
    postcode: str | None = None
    email: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that the narrative states.

    ``topic`` says what it counts (``published``, ``received`` …, or ``None``; joined by ``+`` where one figure counts
    two things), ``quote`` is the sentence it stands in, ``section`` the section id; ``parts`` are the figures that the
    sentence says make it up. ``subject`` holds the words that limit it (``网站``, ``自然人``).

    ``form``      ``count`` (a figure) · ``zero`` (said in words) · ``all`` (said of all, no figure) · ``split`` (another
                  division of a figure already given) · ``share`` (percent of; ``parts`` are part and whole) · ``shares``
                  (percents that make up 100) · ``growth`` (percent, signed) · ``difference`` (signed); for the last two
                  ``parts`` are now and before, as far as said
    ``relation``  how ``parts`` belong: ``among`` (some of it) · ``whole`` (all of it) · ``list`` (enumerated, perhaps not
                  all) · ``sum`` (a sum is likely meant) · ``channels`` (by channel, more than the whole) · ``overlap``
                  (parts may count the same thing twice)
    ``exact``     false for 约、近、余 and the like, and for figures torn apart
    ``decimals``  printed decimal places; negative where the last printed place stands for tens or more (1.2万 → -3)
    ``period``    ``year`` · ``previous`` · ``other`` (another year) · ``partial`` · ``cumulative``
    ``reach``     whose figure the sentence says it is: ``own`` · ``units`` · ``whole`` · empty when unsaid
    ``part``      true when the figure is itself given as part of another
    """

    section: str
    quote: str
    value: Decimal
    unit: str | None = None
    topic: str | None = None
    subject: str | None = None
    parts: tuple[Decimal, ...] = ()
    form: str = "count"
    relation: str = ""
    exact: bool = True
    decimals: int = 0
    period: str = "year"
    reach: str = ""
    part: bool = False

    def to_json(self) -> dict[str, Any]:
        """Field by field; figures as JSON numbers."""
        data = {item.name: getattr(self, item.name) for item in fields(self)}
        data["value"] = plain_number(self.value)
        data["parts"] = [plain_number(part) for part in self.parts]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Claim:
        """The inverse of :meth:`to_json`."""
        return cls(**{**data, "value": Decimal(str(data["value"])), "parts": tuple(Decimal(str(part)) for part in data.get("parts", ()))})


@dataclass(frozen=True)
class AnnualReport:
    """One organ's report for one year.

    ``cells`` holds every address of the edition (and of merged rows that the document prints). ``sections`` maps
    ``s1``…``s6`` to their text, ``headings`` lists the section headings in the order found. ``labels`` maps
    ``row`` or ``column`` labels that were printed with a slip to the printed text. ``complete`` is true when
    the document shows all statutory tables and does not end before section six.
    """

    organ: str | None = None
    year: int | None = None
    edition: str | None = None
    period: tuple[datetime.date, datetime.date] | None = None
    published_on: datetime.date | None = None
    title: str | None = None
    contact: Contact = Contact()
    scope: str | None = None
    complete: bool = False
    cells: Mapping[str, Cell] = field(default_factory=dict)
    preface: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""

    def value(self, address: str) -> Decimal | None:
        """The figure in that cell, ``None`` when the cell shows none or was not read."""
        cell = self.cells.get(address)
        return cell.value if cell else None

    @property
    def merged_rows(self) -> frozenset[str]:
        """Ids of rows printed in place of several, such as ``other_handling``."""
        if self.edition is None:
            return frozenset()
        from gongkai.law import report_format

        merged = report_format(self.edition).merged_cells
        return frozenset(address.split(".")[1] for address in merged if address in self.cells)

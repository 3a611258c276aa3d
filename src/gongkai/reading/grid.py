"""Grid: what every document becomes before anyone asks what it means.

A grid is rows in reading order. A row is either a line of running text or a row of a table; a row holds slots. A slot
is a piece of text with its place on the page. Formats differ in what they know, and the grid keeps the difference:

``text``   one slot, a paragraph or line; nothing is known about columns
``split``  a line cut at separators (tabs, bars, wide gaps); empty slots are weak evidence, columns count slots
``table``  a row of a real table; columns are exact, empty slots are real empty cells, merged cells carry their span
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.errors import GongkaiError
from gongkai.report import Place


class Unreadable(GongkaiError):
    """A document cannot be read; the message says where and why."""


@dataclass(slots=True)
class Slot:
    """A piece of text. ``left`` and ``right`` bound it on the row's axis: grid columns (a cell in the third column
    that spans two is 2..4), display columns, or points. Both are ``None`` when only the order is known. ``doubt`` says in
    Chinese why the text is uncertain, such as a scan that is hard to read; a figure from such a slot is not to be trusted."""

    text: str
    left: float | None = None
    right: float | None = None
    place: Place | None = None
    doubt: str | None = None


@dataclass(slots=True)
class GridRow:
    """One row. ``table`` numbers the table it belongs to (from 1), ``page`` the page; 0 means unknown or none."""

    kind: str
    slots: list[Slot]
    table: int = 0
    page: int = 0

    @property
    def text(self) -> str:
        """The row as plain text, slots joined by a blank."""
        return " ".join(slot.text for slot in self.slots if slot.text)


@dataclass(frozen=True, slots=True)
class HiddenPart:
    """Something that a reader of the page does not see: metadata, tracked changes, comments, hidden sheets or rows."""

    kind: str
    text: str
    where: str = ""


@dataclass(slots=True)
class Grid:
    """A whole document. ``title`` is what the format itself names as title, ``meta`` its machine-readable fields."""

    rows: list[GridRow] = field(default_factory=list)
    title: str | None = None
    meta: dict[str, str] = field(default_factory=dict)
    hidden: list[HiddenPart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

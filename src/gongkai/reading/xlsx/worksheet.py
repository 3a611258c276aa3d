"""What the XML of an .xlsx says that calamine does not hand on: hidden rows and columns, errors, formulas never computed.

It also tells how far a sheet reaches before anyone makes room for it.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gongkai.reading.archive import Archive

if TYPE_CHECKING:
    from lxml.etree import _Element

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TRUE = ("1", "true")


@dataclass(slots=True)
class SheetFacts:
    """Of one sheet; rows and columns count from 0. ``texts`` are cells whose value calamine would lose."""

    height: int = 0
    width: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)


def sheet_facts(archive: Archive) -> dict[str, SheetFacts]:
    """Sheet name → facts, for every worksheet of an .xlsx."""
    workbook = archive.xml("xl/workbook.xml")
    relations = archive.xml("xl/_rels/workbook.xml.rels")
    if workbook is None or relations is None:
        return {}
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
    facts = {}
    for sheet in workbook.iter("{*}sheet"):
        identity = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), "")
        target = targets.get(str(identity), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        root = archive.xml(part)
        if root is not None:
            facts[sheet.get("name", "")] = _facts(root)
    return facts


def comments(archive: Archive) -> list[str]:
    """The comments on all sheets."""
    found = []
    for name in archive.names:
        if re.fullmatch(r"xl/(?:comments\d*|comments/\w+|threadedComments/\w+)\.xml", name) and (root := archive.xml(name)) is not None:
            for comment in root.iter("{*}comment", "{*}threadedComment"):
                text = " ".join("".join(str(node.text or "") for node in comment.iter("{*}t", "{*}text")).split())
                if text:
                    found.append(text)
    return found


def _facts(root: _Element) -> SheetFacts:
    facts = SheetFacts()
    for column in root.iter("{*}col"):
        if column.get("hidden") in _TRUE:
            facts.hidden_columns.append((_integer(column.get("min"), 1) - 1, _integer(column.get("max"), 1)))
    row = -1
    for element in root.iter("{*}row"):
        row = _integer(element.get("r"), row + 2) - 1
        if element.get("hidden") in _TRUE:
            facts.hidden_rows.add(row)
        column_index = -1
        for cell in element:
            column_index = _column(cell.get("r"), column_index + 1)
            _note_cell(facts, row, column_index, cell)
    return facts


def _note_cell(facts: SheetFacts, row: int, column: int, cell: _Element) -> None:
    if len(cell) == 0:
        return
    facts.height, facts.width = max(facts.height, row + 1), max(facts.width, column + 1)
    value = next((child.text for child in cell if str(child.tag).endswith("}v")), None)
    if cell.get("t") == "e":
        facts.texts[row, column] = value or "#"
    elif not value and str(cell[0].tag).endswith("}f"):
        facts.texts[row, column] = "（公式未计算）"


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else default


def _column(address: str | None, default: int) -> int:
    found = _ADDRESS.fullmatch(address or "")
    if found is None:
        return default
    number = 0
    for letter in found.group(1):
        number = number * 26 + ord(letter) - 64
    return number - 1

"""The order of columns that the document's own heading prints."""

from __future__ import annotations

from gongkai.law import Column
from gongkai.reading.align.targets import Reading, Target, core
from gongkai.reading.sheet import Sheet
from gongkai.report import Cell


def in_printed_order(sheet: Sheet, wanted: tuple[Target, ...], low: int, high: int) -> tuple[Target, ...]:
    """The targets with their columns in the order in which the document's own heading (that stretch of the flat text) names them.

    Only columns under one group heading change places. A heading that does not name all of them, or scatters them,
    leaves the form's order.
    """
    columns = wanted[0].columns
    by_column = _spots_by_column(sheet, columns, sheet.slot_at(low), sheet.slot_at(high))
    spots = by_column if by_column else _spots_in_line(columns, sheet.flat[low:high])
    if spots is None or (by_column and len(by_column) < sum(column.group is not None for column in columns)):
        return wanted
    ordered = _ordered(columns, spots)
    return wanted if ordered == columns else tuple(Target.of(target.table, target.row, ordered) for target in wanted)


def _ordered(columns: tuple[Column, ...], spots: dict[str, float]) -> tuple[Column, ...]:
    ordered = iter(sorted((column for column in columns if column.group), key=lambda column: spots[column.id]))
    return tuple(next(ordered) if column.group else column for column in columns)


def _spots_by_column(sheet: Sheet, columns: tuple[Column, ...], first: int, last: int) -> dict[str, float]:
    """The left edges of grouped columns' headings that are one cell of a row with columns; fewer than all prove nothing."""
    found: dict[str, float] = {}
    names = {core(column.label): column.id for column in columns if column.group}
    for index in range(first, last):
        left = sheet.slots[index].left
        name = names.get(sheet.bare[index])
        if name is not None and left is not None and sheet.row(sheet.row_of[index]).kind != "text":
            found.setdefault(name, left)
    return found


def _spots_in_line(columns: tuple[Column, ...], head: str) -> dict[str, float] | None:
    """Where each grouped column is named, when they are named one right after the other."""
    spots = _spots(columns, head, None)
    if spots is None:
        return None
    labels = {column.id: core(column.label) for column in columns if column.group}
    ordered = sorted(spots, key=lambda name: spots[name])
    ends = [spots[name] + len(labels[name]) for name in ordered]
    if any(end != spots[name] for end, name in zip(ends, ordered[1:], strict=False)):
        return None
    return {name: float(at) for name, at in spots.items()}


def _spots(columns: tuple[Column, ...], head: str, length: int | None) -> dict[str, int] | None:
    """Where the heading names each grouped column, by its first ``length`` characters; ``None`` unless each stands there once."""
    grouped = [column for column in columns if column.group]
    for group in {column.group for column in grouped}:
        head = head.replace(core(group or ""), "\x00")
    names = {column.id: core(column.label)[:length] for column in grouped}
    if not names or any(head.count(text) != 1 for text in names.values()):
        return None
    return {name: head.find(text) for name, text in names.items()}


def heading_is_torn(target: Target, head: str) -> bool:
    """Whether a wrapped or torn heading begins its columns in another order than the form: then nothing tells which is which."""
    if _spots(target.columns, head, None) is not None:
        return False
    spots = _spots(target.columns, head, 2)
    return spots is not None and list(spots.values()) != sorted(spots.values())


def doubt_columns(reading: Reading, wanted: tuple[Target, ...]) -> None:
    """Leave the grouped columns unread; the columns beside them are not in doubt."""
    for target in wanted:
        for address, column in zip(target.addresses, target.columns, strict=True):
            cell = reading.cells.get(address)
            if column.group and cell is not None and cell.kind == "number" and cell.value:
                reason = "表头各列的先后与格式不同，无法确定本数属于哪一列"
                reading.cells[address] = Cell("unclear", raw=cell.raw, where=cell.where, reason=reason)

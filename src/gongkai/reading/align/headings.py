"""The order of columns that the document's own heading prints."""

from __future__ import annotations

from gongkai.law import Column
from gongkai.reading.align.targets import Reading, Target, core
from gongkai.reading.sheet import Sheet
from gongkai.reading.values import VALUE
from gongkai.report import Cell

# So many first characters of a column's heading tell it from the others.
BEGIN = 2


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
    spots = _spots(columns, head)
    if spots is None:
        return None
    labels = {column.id: core(column.label) for column in columns if column.group}
    ordered = sorted(spots, key=lambda name: spots[name])
    ends = [spots[name] + len(labels[name]) for name in ordered]
    if any(end != spots[name] for end, name in zip(ends, ordered[1:], strict=False)):
        return None
    return {name: float(at) for name, at in spots.items()}


def _spots(columns: tuple[Column, ...], head: str) -> dict[str, int] | None:
    """Where the heading names each grouped column; ``None`` unless each stands there once."""
    grouped = [column for column in columns if column.group]
    for group in {column.group for column in grouped}:
        head = head.replace(core(group or ""), "\x00")
    names = {column.id: core(column.label) for column in grouped}
    if not names or any(head.count(text) != 1 for text in names.values()):
        return None
    return {name: head.find(text) for name, text in names.items()}


def contradicts_form(sheet: Sheet, target: Target, head: range, body: range) -> bool:
    """Whether the document's heading names its columns in another order than ``target`` has them: then nothing tells which is which.

    ``head`` and ``body`` are the slots of the heading and of the rows. Where columns have places, a heading above
    another column's figures says so, whole or torn; of the others, the order in which they begin does.
    """
    if _in_one_row(sheet, target.columns, head):
        return False
    placed = _placed(sheet, target.columns, head, body)
    if placed is None:
        return True
    text = "".join(sheet.bare[head.start : head.stop])
    for group in {column.group for column in target.columns if column.group}:
        text = text.replace(core(group), "\x00")
    begins = [core(column.label)[:BEGIN] for column in target.columns if column.group and column.id not in placed]
    spots = [text.find(begin) for begin in begins if text.count(begin) == 1]
    return spots != sorted(spots)


def _in_one_row(sheet: Sheet, columns: tuple[Column, ...], head: range) -> bool:
    """Whether one row of the document names all grouped columns in that order, each in a cell of its own."""
    names = [core(column.label) for column in columns if column.group]
    rows: dict[int, list[str]] = {}
    for index in head:
        if sheet.bare[index] in names:
            rows.setdefault(sheet.row_of[index], []).append(sheet.bare[index])
    return names in rows.values()


def _placed(sheet: Sheet, columns: tuple[Column, ...], head: range, body: range) -> set[str] | None:
    """The columns whose heading, or a part of it, stands over their own figures; ``None`` when one stands over another's.

    Where places only count separators, merged cells shift a heading as a whole; then its order is what counts.
    """
    middles = _middles(sheet, body, len(columns))
    names = {column.id: core(column.label) for column in columns if column.group}
    order = [column.id for column in columns]
    shifts: list[tuple[int, str]] = []
    counted = False
    for index in head if middles else ():
        slot, text = sheet.slots[index], sheet.bare[index]
        owners = [name for name, label in names.items() if text in label] if len(text) >= BEGIN else []
        if len(owners) != 1 or slot.left is None or slot.right is None:
            continue
        own = order.index(owners[0])
        if sheet.row(sheet.row_of[index]).kind == "split" and slot.right == slot.left + 1:
            counted = True
            shifts.append((round(slot.left + 0.5 - middles[own]), owners[0]))
        else:
            over = [at for at, middle in enumerate(middles) if slot.left <= middle <= slot.right]
            shifts += [(at - own, owners[0]) for at in over] if len(over) == 1 else []
    found = {shift for shift, _ in shifts}
    if found <= {0} or (counted and len(found) == 1):
        return {name for shift, name in shifts if shift == 0 or len(shifts) > 1}
    return None


def _middles(sheet: Sheet, body: range, count: int) -> list[float]:
    """The middle of every column of figures, from the rows that show all of them; empty when the document has no places."""
    rows: dict[int, list[float]] = {}
    for index in body:
        slot = sheet.slots[index]
        if slot.left is not None and slot.right is not None and VALUE.fullmatch(sheet.plain[index].strip()):
            rows.setdefault(sheet.row_of[index], []).append((slot.left + slot.right) / 2)
    full = sorted((tuple(row) for row in rows.values() if len(row) == count), key=lambda row: row[0])
    return [sorted(column)[len(column) // 2] for column in zip(*full, strict=True)]


def doubt_columns(reading: Reading, wanted: tuple[Target, ...]) -> None:
    """Leave the grouped columns unread; the columns beside them, and rows with the same figure in all of them, are not in doubt."""
    reason = "表头各列的先后与格式不同，无法确定本数属于哪一列"
    for target in wanted:
        grouped = [address for address, column in zip(target.addresses, target.columns, strict=True) if column.group]
        cells = {address: reading.cells[address] for address in grouped if address in reading.cells}
        if len({(cell.kind, cell.value) for cell in cells.values()}) < 2:
            continue
        for address, cell in cells.items():
            reading.cells[address] = Cell("unclear", raw=cell.raw, where=cell.where, reason=cell.reason or reason)

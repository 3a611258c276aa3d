"""Files of what stands per organ → typed lines, or every fault by line and column; and back. Pure: no database, no clock."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gongkai.errors import GongkaiError
from gongkai.law.catalog import catalog_columns, read_catalog
from gongkai.screening.negative import names_something
from gongkai.web.disclosure.registers.importing import Fault, Limits, neutral, parse, table_of
from gongkai.web.disclosure.registers.values import Column, Register

# A negative list as a file. It passes through the registers' reading, so that it is refused with the same words; the days bear
# the names that reading lets lie in the future.
NEGATIVE_LIST = Register(
    "negative_list",
    "不得公开清单",
    "term",
    (
        Column("term", "词语", "text", required=True, length=60, aliases=("内容", "关键词")),
        Column("reason", "理由", "text", required=True, length=200, aliases=("不得公开的理由",)),
        Column("basis", "依据", "text", length=200),
        Column("in_force_from", "起", "day", aliases=("起始日期", "生效日期")),
        Column("lapsed_on", "失效日期", "day", aliases=("止",)),
    ),
)
CATALOG_LIMITS = Limits(n_rows=20_000)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file holds: ``rows`` and the line of each are of use only when there is no fault."""

    rows: tuple[Any, ...]
    lines: tuple[int, ...]
    faults: tuple[Fault, ...]
    left_out: tuple[str, ...] = ()


def read_terms(data: bytes, *, on: datetime.date) -> Taken:
    """The lines of a negative list."""
    parsed = parse(data, register=NEGATIVE_LIST, on=on)
    faults = list(parsed.faults)
    seen: dict[str, int] = {}
    for line in parsed.lines:
        term = line.values["term"]
        if term and not names_something(term):
            faults.append(Fault(line.number, "词语", f"“{term}”除通配符外不到两个字，会命中太多", "请写得更具体。"))
        elif term in seen:
            faults.append(Fault(line.number, "词语", f"“{term}”与第{seen[term]}行相同", "请删去重复的一行。"))
        seen.setdefault(term, line.number)
        first, last = line.values.get("in_force_from"), line.values.get("lapsed_on")
        if last is not None and last <= (first or on):
            faults.append(Fault(line.number, "失效日期", f"失效日期{last}不晚于起始日期", "请核对两个日期。"))
    return Taken(
        tuple(line.values for line in parsed.lines),
        tuple(line.number for line in parsed.lines),
        tuple(sorted(faults, key=lambda fault: fault.line)),
    )


def read_catalog_file(data: bytes) -> Taken:
    """The rows of a standard catalogue from CSV or XLSX; lines are those that a spreadsheet shows."""
    if not data:
        return Taken((), (), (Fault(0, "", "文件是空的", "请选择要导入的文件。"),))
    try:
        rows = table_of(data, CATALOG_LIMITS)
    except GongkaiError as error:
        fault = Fault(0, "", error.message.rstrip("。"), "请打开文件核对，另存为CSV（UTF-8）或者XLSX后再导入。")
        return Taken((), (), (fault,))
    text, places = _as_csv(rows)
    table = read_catalog(text)
    faults = tuple(
        Fault(places.get(fault.line, fault.line), fault.column or "", fault.what, f"{fault.to_do}。") for fault in table.problems
    )
    found = tuple(replace(row, line=places.get(row.line, row.line)) for row in table.rows)
    return Taken(found, tuple(row.line for row in found), faults, table.left_out)


def _as_csv(rows: Iterable[list[str]]) -> tuple[str, Mapping[int, int]]:
    """The rows as CSV text, and for each line on which a row begins the number of the row: cells may hold several lines."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    places: dict[int, int] = {}
    line = 1
    for number, row in enumerate(rows, start=1):
        cells = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row]
        places[line] = number
        writer.writerow(cells)
        line += 1 + sum(cell.count("\n") for cell in cells)
    return out.getvalue(), places


def catalog_as_csv(rows: Iterable[Any]) -> bytes:
    """Rows of a catalogue as a file that a spreadsheet opens and :func:`read_catalog_file` reads back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.label for column in catalog_columns()])
    for row in rows:
        writer.writerow([neutral(told(row, column.id)) for column in catalog_columns()])
    return out.getvalue().encode("utf-8-sig")


def terms_as_csv(rows: Iterable[Any]) -> bytes:
    """A negative list as a file that :func:`read_terms` reads back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.title for column in NEGATIVE_LIST.columns])
    for row in rows:
        writer.writerow([neutral(str(getattr(row, column.name) or "")) for column in NEGATIVE_LIST.columns])
    return out.getvalue().encode("utf-8-sig")


def told(row: Any, column: str) -> str:
    """One column of a catalogue's row as files and screens show it."""
    if column == "channels":
        return "、".join(row.channels)
    value = str(getattr(row, column))
    choices = next(each.choices for each in catalog_columns() if each.id == column)
    if not choices:
        return value
    note = f"（{row.audience_note}）" if column == "audience" and row.audience_note else ""
    return f"{choices[value][0]}{note}"

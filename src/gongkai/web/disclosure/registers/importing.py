"""A file of rows (CSV, XLSX) → typed values for a register, or every fault by line and column; and back to CSV.

Pure: no database, no clock. Nothing is passed over in silence: a column nobody knows, a second filled sheet or a line of the
wrong length is a fault like any other.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gongkai.errors import GongkaiError
from gongkai.reading.archive import Archive
from gongkai.reading.xlsx.worksheet import sheet_facts
from gongkai.web.disclosure.registers.values import Column, Register, problems, tidy

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_FAULTS = 200
IGNORED = ("序号",)
FLAGS = {"是": True, "否": False, "已公开": True, "未公开": False, "公开": True, "不公开": False}
_SIGNS = "[=+\\-@\t\r\n]"
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_AMOUNT = re.compile(r"-?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,15})?")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: the line of the file (1 is the headings, 0 the whole file), the column's title, what, and what to do."""

    line: int
    column: str
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: bytes, lines, columns."""

    n_bytes: int = MOST_BYTES
    n_rows: int = MOST_ROWS
    n_columns: int = MOST_COLUMNS


@dataclass(frozen=True, slots=True)
class Line:
    """One line that can be registered: its number in the file and its tidied values."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds. ``lines`` are of use only when ``faults`` is empty."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


def parse(data: bytes, *, register: Register, on: datetime.date, limits: Limits = Limits()) -> Parsed:
    """The lines of a file for that register, judged on that day. Never raises for what a file holds."""
    if not data:
        return _only("文件是空的", "请选择要导入的文件。")
    if len(data) > limits.n_bytes:
        return _only(f"文件有{len(data) / 1_000_000:.1f}MB，超过{limits.n_bytes // 1_000_000}MB", "请分成几个文件导入。")
    try:
        sheet = _sheet(data, limits)
    except GongkaiError as error:
        return _only(error.message.rstrip("。"), "请打开文件核对，另存为CSV（UTF-8）或者XLSX后再导入。")
    filled = [(number, row) for number, row in enumerate(sheet, start=1) if any(_text(value) for value in row)]
    if len(filled) > limits.n_rows + 1:
        return _only(f"文件有{len(filled) - 1}行，超过{limits.n_rows}行", "请分成几个文件导入。")
    if len(filled) < 2:
        return _only("文件里没有可以导入的行", "第一行写各列的名称，从第二行起每行一条。")
    return _lines(filled, register, on)


def _only(what: str, advice: str) -> Parsed:
    return Parsed((), (Fault(0, "", what, advice),))


class NotTabular(GongkaiError):
    """The file is no table that can be taken in; whoever reads a file tells it as a :class:`Fault`."""


def _sheet(data: bytes, limits: Limits) -> list[list[Any]]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotTabular("文件是旧的xls格式，或者带有密码")
    if data.startswith(b"PK"):
        return _workbook(data, limits)
    return _csv(data)


def _csv(data: bytes) -> list[list[Any]]:
    for codec in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise NotTabular("文件的文字编码不能识别")
    if "\0" in text:
        raise NotTabular("文件不是文本，也不是可以识别的表格")
    heading = text.split("\n", 1)[0]
    try:
        return list(
            csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in heading and "," not in heading else ",", strict=True)
        )
    except csv.Error as error:
        raise NotTabular("文件里的引号不成对，或者有一格过长") from error


def _workbook(data: bytes, limits: Limits) -> list[list[Any]]:
    import python_calamine

    _demand_small(Archive(data), limits)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for index, about in enumerate(book.sheets_metadata):
            if about.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(index)
            rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
            if any(_text(value) for row in rows for value in row):
                sheets.append((about.name, rows))
    except (python_calamine.CalamineError, OSError, ValueError, MemoryError) as error:
        raise NotTabular("工作簿已损坏、已加密，或者不是可以识别的格式") from error
    if len(sheets) > 1:
        names = "、".join(f"“{name}”" for name, _ in sheets)
        raise NotTabular(f"工作簿里有{len(sheets)}张工作表有内容（{names}），一次只能导入一张")
    return sheets[0][1] if sheets else []


def _demand_small(archive: Archive, limits: Limits) -> None:
    """Refuse a workbook whose cells lie far apart before anything makes room for all that is between them."""
    if "xl/workbook.xml" not in archive:
        raise NotTabular("文件不是XLSX工作簿")
    for name, fact in sheet_facts(archive).items():
        if fact.width > limits.n_columns or fact.height > 4 * limits.n_rows:
            raise NotTabular(f"工作表“{name}”一直到第{fact.height}行第{fact.width}列，范围过大")


def table_of(data: bytes, limits: Limits = Limits()) -> list[list[str]]:
    """Every row of a file (CSV, XLSX) as texts, blank rows too; :class:`NotTabular` with what is wrong when it is no table."""
    if len(data) > limits.n_bytes:
        raise NotTabular(f"文件有{len(data) / 1_000_000:.1f}MB，超过{limits.n_bytes // 1_000_000}MB")
    return [[_text(value) for value in row] for row in _sheet(data, limits)]


def _lines(filled: Sequence[tuple[int, list[Any]]], register: Register, on: datetime.date) -> Parsed:
    first, headings = filled[0]
    places, faults = _places(headings, register, first)
    if faults:
        return Parsed((), tuple(faults))
    lines: list[Line] = []
    for number, row in filled[1:]:
        values, wrong = _values(row, places, register, len(headings))
        unread = {fault.column for fault in wrong}
        said = [(_title(register, problem.name), problem) for problem in problems(register, values, on)]
        wrong += [Fault(0, title, problem.what, problem.advice) for title, problem in said if title not in unread]
        faults += [Fault(number, fault.column, fault.what, fault.advice) for fault in wrong]
        lines.append(Line(number, values))
    faults += _repeated(lines, _title(register, "number"))
    return Parsed(tuple(lines), tuple(sorted(faults, key=lambda fault: fault.line)))


def _title(register: Register, name: str) -> str:
    return next((column.title for column in register.columns if column.name == name), "")


def _places(headings: list[Any], register: Register, line: int) -> tuple[dict[int, Column], list[Fault]]:
    """Which column stands where."""
    known = {_heading(title): column for column in register.columns for title in (column.title, *column.aliases)}
    places: dict[int, Column] = {}
    faults: list[Fault] = []
    for index, heading in enumerate(headings):
        title = _heading(_text(heading))
        column = known.get(title)
        if column is None:
            if title and title not in IGNORED:
                faults.append(Fault(line, title[:40], f"不认识“{title[:40]}”这一列", "请改成模板里的列名，或者删去这一列。"))
        elif column in places.values():
            faults.append(Fault(line, column.title, f"“{column.title}”出现了两列", "请只留一列。"))
        else:
            places[index] = column
    missing = [column for column in register.columns if column.required and column not in places.values()]
    faults += [Fault(line, column.title, f"缺少“{column.title}”这一列", "请补上这一列，第一行写列名。") for column in missing]
    return places, faults


def _heading(title: str) -> str:
    return "".join(unicodedata.normalize("NFKC", title).split()).lstrip("*")


def _values(row: list[Any], places: Mapping[int, Column], register: Register, width: int) -> tuple[dict[str, Any], list[Fault]]:
    """One line's values, and what of it cannot be read. What stands outside of the known columns is a fault, not lost."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    if any(_text(value) for value in row[width:]):
        faults.append(Fault(0, "", f"这一行比列名多，第{width + 1}列以后还有内容", "请核对是不是多了逗号，含逗号的内容要加引号。"))
    for index, column in places.items():
        value = row[index] if index < len(row) else ""
        try:
            values.update(_cell(column, value))
        except NotTabular as error:
            faults.append(Fault(0, column.title, error.message, _ADVICE[column.kind]))
    return tidy(register, values), faults


_ADVICE = {
    "text": "请删去后重新填写。",
    "prose": "请删去后重新填写。",
    "number": "请删去后重新填写。",
    "index_number": "请删去后重新填写。",
    "day": "请写成2026-03-02的样子。",
    "month": "请写成2026-03-02（某一天）或者2026-03（整个月）的样子。",
    "amount": "请只写数字，单位是万元，例如1.25。",
    "flag": "请填“是”或者“否”。",
}


def _cell(column: Column, value: Any) -> dict[str, Any]:
    """One cell as typed values by name; NotTabular when it cannot be read as what the column holds."""
    text = _text(value)
    if column.kind in ("text", "prose", "number", "index_number"):
        return {column.name: text}
    if not text:
        return {column.name: None}
    if column.kind == "flag":
        if text not in FLAGS:
            raise NotTabular(f"“{text[:40]}”不是“是”或者“否”")
        return {column.name: FLAGS[text]}
    if column.kind == "amount":
        if not _AMOUNT.fullmatch(text):
            raise NotTabular(f"“{text[:40]}”不是金额")
        return {column.name: Decimal(text.replace(",", ""))}
    month = _MONTH.fullmatch(text)
    if column.kind == "month" and month:
        return {column.name: _day(text, *month.groups(), "1"), "is_monthly": True}
    parts = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text)
    if parts is None:
        raise NotTabular(f"“{text[:40]}”不是日期")
    return {column.name: _day(text, *parts.groups())}


def _day(text: str, *parts: str) -> datetime.date:
    try:
        return datetime.date(*(int(part) for part in parts))
    except ValueError as error:
        raise NotTabular(f"“{text[:40]}”不是存在的日期") from error


def _text(value: Any) -> str:
    """A cell as text: days in ISO form, numbers as a sheet shows them, without the mark that :func:`neutral` puts in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    text = str(value).strip()
    return text[1:] if re.match("'" + _SIGNS, text) else text


def _repeated(lines: Iterable[Line], title: str) -> Iterator[Fault]:
    """The same 文号 twice in one file."""
    seen: dict[str, int] = {}
    for line in lines:
        number = line.values.get("number")
        if number and number in seen:
            yield Fault(line.number, title, f"{title}“{number}”与第{seen[number]}行相同", "同一件只登记一次，请删去重复的一行。")
        elif number:
            seen[number] = line.number


def to_csv(register: Register, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as CSV that a spreadsheet opens (UTF-8 with mark) and :func:`parse` reads back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.title for column in register.columns])
    for values in rows:
        writer.writerow([neutral(told(column, values)) for column in register.columns])
    return out.getvalue().encode("utf-8-sig")


def told(column: Column, values: Mapping[str, Any]) -> str:
    """One column of a row as files and screens show it; ``is_monthly`` among the values makes a day a month."""
    value = values[column.name]
    if value is None:
        return ""
    if column.kind == "flag":
        return "是" if value else "否"
    if column.kind == "month" and values.get("is_monthly"):
        return f"{value:%Y-%m}"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def neutral(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: a quote stands before = + - @ and the like."""
    return f"'{text}" if re.match(_SIGNS, text) else text

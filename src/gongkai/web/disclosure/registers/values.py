"""What a row of a register (登记册) may say: the columns of :file:`registers.yaml`, typed, and what is wrong with given values.

A screen and a file pass through the same function, so that both are refused with the same words.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FIRST_DAY = datetime.date(1949, 10, 1)
MOST_WAN = Decimal(100_000_000)
"""Amounts stay below this many 万元: with six decimals that is what both databases keep exactly."""
_YEAR_IN_NUMBER = re.compile(r"[\[【(〔〈<](\d{4})[\]】)〕〉>]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``kind`` as :file:`registers.yaml` tells, ``length`` the most characters, ``aliases`` other headings seen."""

    name: str
    title: str
    kind: str
    required: bool = False
    length: int = 200
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """One register: ``shape`` is what its rows look like (``document``, ``decision``, ``fee``)."""

    id: str
    words: str
    shape: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one column of a row, and what to do, in Chinese. ``name`` is the column's, empty for the whole row."""

    name: str
    what: str
    advice: str


@cache
def _table() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "registers.yaml").read_text(encoding="utf-8"))
    return data


@cache
def registers() -> Mapping[str, Register]:
    """Every register by id, in the order of the form."""
    shapes = {
        shape: tuple(Column(**{**column, "aliases": tuple(column.get("aliases", ()))}) for column in columns)
        for shape, columns in _table()["shapes"].items()
    }
    return {name: Register(name, value["words"], value["shape"], shapes[value["shape"]]) for name, value in _table()["registers"].items()}


def registers_of(shape: str) -> list[str]:
    """The ids of the registers whose rows have that shape."""
    return [register.id for register in registers().values() if register.shape == shape]


@cache
def cells(edition: str) -> Mapping[str, tuple[str, str]]:
    """Address of table two → (register, measure) for what registers give in that edition; empty for an edition none feeds."""
    return {address: (register, measure) for address, (register, measure) in _table()["cells"].get(edition, {}).items()}


def tidy(register: Register, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with single blanks, 文号 in one spelling (〔2026〕), empty texts and days where nothing was given."""
    found: dict[str, Any] = {}
    for column in register.columns:
        value = values.get(column.name)
        if column.kind in ("text", "index_number"):
            value = " ".join(str(value or "").split())
        elif column.kind == "prose":
            value = str(value or "").strip()
        elif column.kind == "number":
            value = tidy_number(str(value or ""))
        found[column.name] = value
    if register.shape == "fee":
        found["is_monthly"] = bool(values.get("is_monthly"))
        if found["is_monthly"] and found["collected_on"] is not None:
            found["collected_on"] = found["collected_on"].replace(day=1)
    return found


def tidy_number(text: str) -> str:
    """A 文号 as it is compared: no blanks, half-width signs, the year in 〔〕.

    >>> tidy_number("云川罚决 [２０２６] 3号")
    '云川罚决〔2026〕3号'
    """
    return _YEAR_IN_NUMBER.sub(r"〔\1〕", "".join(unicodedata.normalize("NFKC", text).split()))


def problems(register: Register, values: Mapping[str, Any], on: datetime.date) -> list[Problem]:
    """What is wrong with tidied values on that day; nothing when they may be registered."""
    found = [problem for column in register.columns for problem in _of_column(column, values.get(column.name), on)]
    if found:
        return found
    across = {"document": _of_document, "decision": _of_decision}.get(register.shape)
    return across(register, values) if across else []


def _of_column(column: Column, value: Any, on: datetime.date) -> list[Problem]:
    if value is None or value == "":
        what = f"没有填写“{column.title}”"
        return [Problem(column.name, what, "请补上。")] if column.required else []
    if isinstance(value, str):
        return _of_text(column, value)
    if isinstance(value, Decimal):
        return _of_amount(column, value)
    if isinstance(value, datetime.date):
        return _of_day(column, value, on)
    return []


def _of_text(column: Column, value: str) -> list[Problem]:
    if len(value) > column.length:
        return [Problem(column.name, f"“{column.title}”有{len(value)}个字，超过{column.length}个字", "请缩短。")]
    lines = value.replace("\r", "").replace("\n", "").replace("\t", "") if column.kind == "prose" else value
    # Nearly every text is printable throughout, and then holds none of these.
    if not lines.isprintable() and any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") for sign in lines):
        return [Problem(column.name, f"“{column.title}”里有看不见的控制字符", "请删去后重新填写。")]
    return []


def _of_amount(column: Column, value: Decimal) -> list[Problem]:
    if not value.is_finite() or value < 0:
        return [Problem(column.name, f"“{column.title}”是{value}", "金额不能是负数，请核对。")]
    if value >= MOST_WAN:
        return [Problem(column.name, f"“{column.title}”是{value}", "金额的单位是万元，请核对是不是误填了元。")]
    if value != round(value, 6):
        return [Problem(column.name, f"“{column.title}”是{value}，小数超过6位", "1分是0.000001万元，请核对。")]
    return []


def _of_day(column: Column, value: datetime.date, on: datetime.date) -> list[Problem]:
    if value < FIRST_DAY:
        return [Problem(column.name, f"“{column.title}”是{value}，年份太早", "请核对年份。")]
    # A document may be made public before it applies, and its end may be known beforehand.
    if value > on and column.name not in ("in_force_from", "repealed_on", "lapsed_on"):
        return [Problem(column.name, f"“{column.title}”是{value}，晚于{on}", "还没有发生的事不能登记，请核对日期。")]
    return []


def _of_document(register: Register, values: Mapping[str, Any]) -> list[Problem]:
    found = []
    if values["repealed_on"] and values["lapsed_on"]:
        found.append(Problem("lapsed_on", "同时填写了“废止日期”和“失效日期”", "一件文件只能废止或者失效，请只留一个。"))
    for name, title in (("repealed_on", "废止日期"), ("lapsed_on", "失效日期")):
        if values[name] and values[name] < values["issued_on"]:
            found.append(Problem(name, f"“{title}”早于“印发日期”", "请核对两个日期。"))
    if values["successor"] and not (values["repealed_on"] or values["lapsed_on"]):
        found.append(Problem("successor", "填写了“代替它的文件”，但是没有废止或者失效日期", "请补上日期，或者删去代替它的文件。"))
    return found


def _of_decision(register: Register, values: Mapping[str, Any]) -> list[Problem]:
    found = []
    if values["withdrawn_on"] and register.id != "penalty":
        found.append(Problem("withdrawn_on", "填写了“撤回公开日期”", "只有行政处罚决定登记撤回，请删去。"))
    if values["withdrawn_on"] and values["withdrawn_on"] < values["decided_on"]:
        found.append(Problem("withdrawn_on", "“撤回公开日期”早于“决定日期”", "请核对两个日期。"))
    if values["index_number"] and not values["is_published"]:
        found.append(Problem("index_number", "填写了“公开信息索引号”，但是“是否公开”填的是“否”", "请核对后改其中一个。"))
    return found

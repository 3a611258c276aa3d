"""How numbers are written: the patterns of document numbers (文号), index numbers (索引号) and numbers of requests.

A pattern is text with fields in braces. ``{代字}``, ``{类}`` and ``{code}`` are values that the organ gives, ``{YYYY}``, ``{YYYYMM}``
and ``{YYYYMMDD}`` come from the day, ``{n}`` is the serial number, ``{n:05}`` the same padded with zeros to five digits. A pattern
needs one ``{n}``, names a field once, and keeps a character between two fields whose length is not fixed.

>>> import datetime
>>> render_number("{代字}发〔{YYYY}〕{n}号", values={"代字": "青政"}, serial=7, on=datetime.date(2024, 3, 1))
'青政发〔2024〕7号'
>>> parse_number("{code}/{YYYY}-{n:05}", "035210000/2025-00016").serial
16
>>> matches("{代字}发〔{YYYY}〕{n}号", "青政发[2024]07号")
False
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from gongkai.errors import Refused
from gongkai.law.citation import cite
from gongkai.law.store import LawMissing, load

_FIELD = re.compile(r"\{([^{}:]+)(?::0([2-9]))?\}")
_MOST_PATTERN, _MOST_TEXT = 100, 200  # characters; longer ones are no number of anything
_MOST_SERIAL = 999_999_999


@dataclass(frozen=True, slots=True)
class NumberKind:
    """A kind of number (``document``, ``index``, ``inforequest``): its name in Chinese, default patterns and what they rest on."""

    id: str
    label: str
    basis: str
    confidence: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberParts:
    """A number taken apart: the text of every field but the serial, and the serial."""

    values: Mapping[str, str]
    serial: int

    @property
    def year(self) -> int | None:
        """The year that the number names; ``None`` when its pattern has none."""
        days = [text for name, text in self.values.items() if _fields()[name].source == "day"]
        return int(days[0][:4]) if days else None


@dataclass(frozen=True, slots=True)
class _Field:
    id: str
    source: Literal["organ", "day", "serial"]
    words: str
    accepts: str
    day: str | None


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern compiled: literal texts and (field, width) in order, and the expression that reads a number back."""

    parts: tuple[str | tuple[_Field, int], ...]
    expression: re.Pattern[str]


def render_number(pattern: str, *, values: Mapping[str, str], serial: int, on: datetime.date) -> str:
    """The number that a pattern gives for a serial number on a day, such as 青政发〔2024〕7号.

    ``values`` are the organ's own fields. :class:`gongkai.errors.Refused` for a pattern that is none, an unknown, missing or
    superfluous field, or a value that does not fit; :class:`ValueError` for a serial below 1.
    """
    if not 1 <= serial <= _MOST_SERIAL:
        raise ValueError(f"{serial} is no serial number")
    return "".join(_texts(_compiled(pattern), values, on, serial))


def serial_key(pattern: str, *, values: Mapping[str, str], on: datetime.date) -> str:
    """What numbers of one series share: count from 1 for each key, and no number is given twice.

    It is the number with a # in place of the serial, so a series begins anew with each year, month or day that the pattern
    names. Errors as :func:`render_number`.
    """
    return "".join(_texts(_compiled(pattern), values, on, None))


def parse_number(pattern: str, text: str) -> NumberParts | None:
    """A number taken apart by its pattern, ``None`` when it does not keep it. Where two readings are possible, the first field is the longest."""
    match = _compiled(pattern).expression.fullmatch(text) if len(text) <= _MOST_TEXT else None
    if match is None:
        return None
    names = [part[0] for part in _compiled(pattern).parts if not isinstance(part, str)]
    found = dict(zip((field.id for field in names), match.groups(), strict=True))
    serial = next(int(found.pop(field.id)) for field in names if field.source == "serial")
    return NumberParts(found, serial) if serial else None


def matches(pattern: str, text: str) -> bool:
    """Whether a number keeps the pattern, brackets, zeros and all."""
    return parse_number(pattern, text) is not None


def pattern_faults(pattern: str, *, kind: str) -> tuple[str, ...]:
    """What is wrong with a pattern for that kind of number, one Chinese sentence each; empty when it may be used."""
    entry = _kind_entry(kind)
    try:
        _compiled(pattern)
    except Refused as refused:
        return (refused.message,)
    source = cite(entry["basis"])
    return tuple(
        f"{entry['label']}的{condition['words']}（{source}）。" for condition in entry["conditions"] if not _keeps(pattern, condition)
    )


def explained(pattern: str) -> tuple[tuple[str, str], ...]:
    """The parts of a pattern in order, each as it is written and in words; empty words for text that stands as it is.

    >>> explained("{code}/{YYYY}-{n:05}")
    (('{code}', '机构代码'), ('/', ''), ('{YYYY}', '四位年份'), ('-', ''), ('{n:05}', '顺序号，不足5位的前面补0'))
    """
    return tuple(_explained(part) for part in _compiled(pattern).parts)


def _explained(part: str | tuple[_Field, int]) -> tuple[str, str]:
    if isinstance(part, str):
        return part, ""
    field, width = part
    return (f"{{{field.id}:0{width}}}", f"{field.words}，不足{width}位的前面补0") if width else (f"{{{field.id}}}", field.words)


def number_kinds() -> tuple[NumberKind, ...]:
    """Every kind of number, in the order of the data."""
    return tuple(number_kind(entry["id"]) for entry in load("numbering")["kinds"])


def number_kind(name: str) -> NumberKind:
    """The kind with that id; :class:`LawMissing` when there is none."""
    entry = _kind_entry(name)
    return NumberKind(entry["id"], entry["label"], entry["basis"], entry["confidence"], tuple(entry["patterns"]))


def _kind_entry(name: str) -> Mapping[str, Any]:
    for entry in load("numbering")["kinds"]:
        if entry["id"] == name:
            found: Mapping[str, Any] = entry
            return found
    raise LawMissing(f"没有代号为“{name}”的编号种类。")


def _keeps(pattern: str, condition: Mapping[str, str]) -> bool:
    if "has" in condition:
        return re.search(condition["has"], pattern) is not None
    return re.search(condition["lacks"], pattern) is None


def _texts(compiled: _Pattern, values: Mapping[str, str], on: datetime.date, serial: int | None) -> list[str]:
    """The text of each part; ``serial`` ``None`` leaves a # in its place."""
    fields = [part[0] for part in compiled.parts if not isinstance(part, str)]
    superfluous = sorted(set(values) - {field.id for field in fields if field.source == "organ"})
    if superfluous:
        raise Refused(f"编号格式中没有字段{_named(superfluous)}。")
    return [part if isinstance(part, str) else _text(*part, values, on, serial) for part in compiled.parts]


def _text(field: _Field, width: int, values: Mapping[str, str], on: datetime.date, serial: int | None) -> str:
    if field.source == "serial":
        return "#" if serial is None else f"{serial:0{width}}" if width else str(serial)
    if field.day:
        return on.strftime(field.day)
    value = values.get(field.id)
    if value is None:
        raise Refused(f"没有给出编号格式中的“{field.id}”（{field.words}）。")
    if not re.fullmatch(field.accepts, value):
        raise Refused(f"“{value}”不能用作编号中的“{field.id}”（{field.words}）。")
    return value


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> _Pattern:
    if len(pattern) > _MOST_PATTERN:
        raise Refused(f"编号格式超过{_MOST_PATTERN}个字符。")
    parts = _parts(pattern)
    named = [part[0] for part in parts if not isinstance(part, str)]
    if sum(field.source == "serial" for field in named) != 1:
        raise Refused("编号格式应当有且只有一个顺序号“{n}”。")
    twice = sorted({field.id for field in named if named.count(field) > 1})
    if twice:
        raise Refused(f"编号格式中字段{_named(twice)}出现了两次。")
    _require_separators(parts)
    return _Pattern(parts, re.compile("".join(_expression(part) for part in parts)))


def _require_separators(parts: tuple[str | tuple[_Field, int], ...]) -> None:
    """Two fields without a fixed length need a character between them, else nobody could tell where the first ends."""
    before: _Field | None = None
    for part in parts:
        if isinstance(part, str):
            before = None
        elif part[0].source != "day":
            if before:
                raise Refused(f"编号格式中“{before.id}”和“{part[0].id}”之间应当有分隔的字符。")
            before = part[0]


def _parts(pattern: str) -> tuple[str | tuple[_Field, int], ...]:
    parts: list[str | tuple[_Field, int]] = []
    end = 0
    for match in _FIELD.finditer(pattern):
        parts.append(pattern[end : match.start()])
        field = _fields().get(match[1])
        if field is None:
            raise Refused(f"编号格式中的字段{_named([match[1]])}不认识，可以使用{_named(_fields())}。")
        if match[2] and field.source != "serial":
            raise Refused(f"编号格式中只有顺序号可以补零，“{match[0]}”不行。")
        parts.append((field, int(match[2] or 0)))
        end = match.end()
    parts.append(pattern[end:])
    if any(brace in part for part in parts if isinstance(part, str) for brace in "{}"):
        raise Refused(f"编号格式“{pattern}”中的花括号不成对，或者写法不认识。")
    return tuple(part for part in parts if part)


def _expression(part: str | tuple[_Field, int]) -> str:
    if isinstance(part, str):
        return re.escape(part)
    field, width = part
    return f"([0-9]{{{width}}}|[1-9][0-9]{{{width},8}})" if width else f"({field.accepts})"


@cache
def _fields() -> Mapping[str, _Field]:
    listed = load("numbering")["fields"]
    return {entry["id"]: _Field(entry["id"], entry["from"], entry["words"], entry["accepts"], entry.get("day")) for entry in listed}


def _named(names: Any) -> str:
    return "、".join(f"“{{{name}}}”" for name in names)

"""The JSON object of a report: what ``read --json`` prints, ``convert`` writes and a ``.json`` input holds."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from gongkai.errors import GongkaiError
from gongkai.law import editions, report_format
from gongkai.report.annual import KINDS, AnnualReport, Cell, Claim, Contact, Place


class Malformed(GongkaiError, ValueError):
    """A JSON object is no report; the message names the key and what should stand there."""


def to_json(report: AnnualReport) -> dict[str, Any]:
    """The report as a JSON object in a fixed order; :func:`from_json` gives the same report back.

    Figures with more digits than a float holds (about 15) lose the rest. ``findings`` is empty: a report has none of
    its own.
    """
    return {
        "file": report.file,
        "organ": report.organ,
        "year": report.year,
        "edition": report.edition,
        "complete": report.complete,
        "cells": {address: report.cells[address].to_json() for address in _in_order(report)},
        "sections": {name: report.sections[name] for name in sorted(report.sections)},
        "claims": [claim.to_json() for claim in report.claims],
        "findings": [],
        "title": report.title,
        "period": [day.isoformat() for day in report.period] if report.period else None,
        "published_on": report.published_on.isoformat() if report.published_on else None,
        "contact": asdict(report.contact),
        "scope": report.scope,
        "preface": report.preface,
        "headings": list(report.headings),
        "labels": {label: report.labels[label] for label in sorted(report.labels)},
        "notes": list(report.notes),
    }


def write(report: AnnualReport) -> bytes:
    """The JSON object as UTF-8 text with a line for every value."""
    text = json.dumps(to_json(report), ensure_ascii=False, indent=2, allow_nan=False)
    # Half a surrogate pair has no UTF-8; as an escape it is still JSON and comes back the same.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def from_json(data: object) -> AnnualReport:
    """The report in a JSON object as :func:`to_json` gives it; only ``cells`` must be there.

    :class:`Malformed` when a key holds something else than it should, an address is not in the edition, or the object
    tells of a document that could not be read.
    """
    if not isinstance(data, Mapping):
        raise Malformed("JSON 的最外层应为一个对象（{…}）。")
    if isinstance(data.get("error"), str):
        raise Malformed(f"这个 JSON 记录的是一次没有读成的文件，没有数据：{data['error']}")
    if data.get("cells") is None:
        raise Malformed("JSON 缺少“cells”：其中应为各单元格的数据。")
    given = {key: _read(data, key, convert) for key, (convert, _) in _KEYS.items() if data.get(key) is not None}
    report = AnnualReport(**given)
    _reject_unknown_addresses(report)
    return report


def _in_order(report: AnnualReport) -> list[str]:
    known = report_format(report.edition).cells if report.edition in editions() else ()
    order = {address: number for number, address in enumerate(known)}
    return sorted(report.cells, key=lambda address: (order.get(address, len(order)), address))


def _reject_unknown_addresses(report: AnnualReport) -> None:
    if report.edition is None:
        return
    place_of = report_format(report.edition).place_of
    for address in report.cells:
        if address not in place_of:
            raise Malformed(f"JSON 中“cells”的“{address}”不是{report_format(report.edition).name}的单元格。")


def _read(data: Mapping[str, Any], key: str, convert: Callable[[Any], Any]) -> Any:
    try:
        return convert(data[key])
    except Malformed:
        raise
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        raise Malformed(f"JSON 中“{key}”的内容不对：{_KEYS[key][1]}。") from None


def _exactly(kind: type) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        # ``bool`` is an ``int`` in Python, but no year.
        if type(value) is not kind:
            raise TypeError
        return value

    return convert


_text, _whole = _exactly(str), _exactly(int)


def _finite(value: Any) -> Decimal:
    if type(value) not in (int, float):
        raise TypeError
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return number


def _edition(value: Any) -> str:
    if value not in editions():
        raise ValueError
    return str(value)


def _day(value: Any) -> datetime.date:
    return datetime.date.fromisoformat(_text(value))


def _period(value: Any) -> tuple[datetime.date, datetime.date]:
    first, last = value
    return _day(first), _day(last)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in _exactly(list)(value))


def _text_by_name(value: Any) -> dict[str, str]:
    return {name: _text(text) for name, text in value.items()}


def _contact(value: Any) -> Contact:
    return Contact(**{name: None if text is None else _text(text) for name, text in value.items()})


def _cells(value: Any) -> dict[str, Cell]:
    cells = {}
    for address, data in value.items():
        try:
            cells[address] = _cell(data)
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            kinds = "、".join(KINDS)
            raise Malformed(
                f"JSON 中“cells”的“{address}”的内容不对：应有“kind”（{kinds} 之一）和“value”（kind 为 number 时是数，否则是 null）。"
            ) from None
    return cells


def _cell(data: Any) -> Cell:
    if (data["kind"] == "number") != (data.get("value") is not None):
        raise ValueError
    if data["kind"] == "number":
        _finite(data["value"])
    for name in ("raw", "unit", "reason"):
        if data.get(name) is not None:
            _text(data[name])
    if data.get("where"):
        _place(data["where"])
    return Cell.from_json(data)


def _place(data: Mapping[str, Any]) -> None:
    for item in fields(Place):
        value = data.get(item.name)
        if value is not None and item.name == "box":
            if len([_finite(edge) for edge in value]) != 4:
                raise ValueError
        elif value is not None:
            _whole(value)


def _claims(value: Any) -> tuple[Claim, ...]:
    for data in value:
        for number in (data["value"], *data.get("parts", ())):
            _finite(number)
    return tuple(Claim.from_json(data) for data in value)


# Key → how it is read, and what a person is told should stand there.
_KEYS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "file": (_text, "应为文字"),
    "organ": (_text, "应为文字"),
    "year": (_whole, "应为整数年份"),
    "edition": (_edition, "应为一个已知的格式版本"),
    "complete": (_exactly(bool), "应为 true 或 false"),
    "cells": (_cells, "应为对象，键是单元格地址"),
    "sections": (_text_by_name, "应为对象，键是 s1 至 s6，值是文字"),
    "claims": (_claims, "应为数组，每项有 section、quote 和 value"),
    "title": (_text, "应为文字"),
    "period": (_period, '应为两个日期，如 ["2024-01-01", "2024-12-31"]'),
    "published_on": (_day, '应为日期，如 "2025-01-20"'),
    "contact": (_contact, "应为对象，值是文字"),
    "scope": (_text, "应为文字"),
    "preface": (_text, "应为文字"),
    "headings": (_texts, "应为文字数组"),
    "labels": (_text_by_name, "应为对象，值是文字"),
    "notes": (_texts, "应为文字数组"),
}

"""A file of past publications → contents and days, or every fault by line and column."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from gongkai.law.duties import duties
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.registers.importing import Fault, Limits, Line, parse
from gongkai.web.disclosure.registers.values import Column, Register

LIMITS = Limits(n_bytes=60_000_000, n_rows=20_000, n_columns=30)


@dataclass(frozen=True, slots=True)
class Past:
    """One past publication as the file tells it; ``index_number`` is empty where the platform is to give one."""

    line: int
    content: Mapping[str, Any]
    published_on: datetime.date
    index_number: str


@cache
def _table() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "columns.yaml").read_text(encoding="utf-8"))
    return data


@cache
def columns() -> Register:
    """The columns of such a file, in the shape the reader of registers takes."""
    rows = tuple(Column(**{**row, "aliases": tuple(row.get("aliases", ()))}) for row in _table()["columns"])
    return Register("past", "以前发布的信息", "past", rows)


@lru_cache(maxsize=2)
def read(data: bytes, on: datetime.date) -> tuple[tuple[Past, ...], tuple[Fault, ...]]:
    """What the file holds, judged on that day; the publications are of use only when there is no fault."""
    parsed = parse(data, register=columns(), on=on, limits=LIMITS)
    faults, found = list(parsed.faults), []
    for line in parsed.lines if not faults else ():
        past, wrong = _past(line)
        faults += wrong
        found.append(past)
    faults += _repeated(found)
    return tuple(found), tuple(sorted(faults, key=lambda fault: fault.line))


@cache
def _ids(table: str) -> Mapping[str, str]:
    """Id by id and by words."""
    known = {duty.id: duty.title for duty in duties()} if table == "columns" else dict(words(table))
    return {**{title: name for name, title in known.items()}, **{name: name for name in known}}


def _past(line: Line) -> tuple[Past, list[Fault]]:
    from gongkai.web.disclosure.richtext import clean

    values, faults = dict(line.values), []
    for name, table, title in (("kind", "kinds", "类别"), ("column", "columns", "栏目"), ("channel", "channels", "渠道")):
        said = values[name] or _table()["defaults"].get(name, "")
        if said and said not in _ids(table):
            faults.append(Fault(line.number, title, f"没有“{said}”这个{title}", f"请改成平台上的{title}名称。"))
        values[name] = _ids(table).get(said, "")
    formed_on = values["formed_on"] or values["published_on"]
    body = clean(values["body"])
    if not body:
        faults.append(Fault(line.number, "正文", "正文没有文字", "请补上正文，或者删去这一行。"))
    if formed_on and values["published_on"] and formed_on > values["published_on"]:
        faults.append(Fault(line.number, "形成日期", f"形成日期{formed_on}晚于发布日期{values['published_on']}", "请核对两个日期。"))
    content = {
        "title": values["title"], "body": body, "kind": values["kind"], "column": values["column"], "formed_on": str(formed_on),
        "primary_channel": values["channel"], "channels": [], "attribute": "proactive", "document_number": values["document_number"],
        "summary": values["summary"], "keywords": values["keywords"],
    }  # fmt: skip
    return Past(
        line.number, {name: value for name, value in content.items() if value != ""}, values["published_on"], values["index_number"]
    ), faults


def _repeated(found: Sequence[Past]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for past in found:
        if past.index_number and past.index_number in seen:
            what = f"索引号“{past.index_number}”与第{seen[past.index_number]}行相同"
            yield Fault(past.line, "索引号", what, "一个索引号只能用一次，请核对。")
        elif past.index_number:
            seen[past.index_number] = past.line

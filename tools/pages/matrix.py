"""docs/law/matrix.md: for every instrument, which article stands in which data file and which checks rest on it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from gongkai import law
from gongkai.checks import CHECKS
from gongkai.law.store import DATA, load, names
from tools.pages import checks

HEAD = """# Article → data → checks

This page is made from the law data and the registry of checks by `make docs`. Under each instrument: the place, what is taken from
it, the file that says so, and the day on which a person last confirmed it.

Confidence: `seen` was checked with a published copy; `memory-high` still waits for such a check; `setting` is practice that an organ may
set otherwise.

"""
CONFIDENCE = {"seen": "已核对", "memory-high": "待核对", "setting": "惯例，可设定"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the matrix. ``place`` is what follows the colon of a basis, empty for the instrument as a whole."""

    place: str
    what: str
    where: str
    confirmed: str


def page() -> str:
    """The whole page."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    for name, entry in (*_values(), *_formats(), *_holidays(), *_checks()):
        entries[name].append(entry)
    parts = [HEAD, _overview(entries)]
    for instrument in law.instruments():
        if entries[instrument.id]:
            parts.append(_section(instrument, entries[instrument.id]))
    return "".join(parts)


def _overview(entries: dict[str, list[Entry]]) -> str:
    lines = ["| id | 文件 | 文号 | 施行 | 失效 | 核对 | 条目 |\n| --- | --- | --- | --- | --- | --- | --- |\n"]
    for item in law.instruments():
        name = f"[`{item.id}`](#{item.id})" if entries[item.id] else f"`{item.id}`"
        until = str(item.in_force_until) if item.in_force_until else ""
        state = CONFIDENCE[item.confidence]
        lines.append(f"| {name} | {item.title} | {item.document} | {item.in_force_from} | {until} | {state} | {len(entries[item.id])} |\n")
    return "".join(lines)


def _section(item: law.Instrument, entries: list[Entry]) -> str:
    lines = [f"\n## {item.id}\n\n{item.title}（{item.document}）\n\n| 条款 | 内容 | 文件或检查项 | 核对日期 |\n| --- | --- | --- | --- |\n"]
    for entry in sorted(entries, key=lambda entry: (_order(entry.place), entry.where, entry.what)):
        place = law.cite(f"{item.id}:{entry.place}").partition("》")[2] if entry.place[:1].isdigit() else entry.place
        lines.append(f"| {place} | {entry.what} | {entry.where} | {entry.confirmed} |\n")
    return "".join(lines)


def _order(place: str) -> list[tuple[int, str]]:
    """Articles in the order of their numbers."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", place)]


def _file(path: Path) -> str:
    name = path.relative_to(DATA).as_posix()
    return f"[{name}](../../src/gongkai/law/data/{name})"


def _values() -> list[tuple[str, Entry]]:
    rows = []
    for file in names("values"):
        ids = {matter["id"] for matter in load(f"values/{file}")["values"]}
        for value in law.all_values():
            if value.id in ids:
                name, _, place = value.basis.partition(":")
                until = f"至{value.valid_until}" if value.valid_until else "起"
                what = f"{value.name}：{value.words}（{value.valid_from}{until}）"
                confirmed = f"{value.confirmed_on}" if value.confirmed_on else CONFIDENCE[value.confidence]
                rows.append((name, Entry(place, what, f"`{value.id}` {_file(DATA / 'values' / f'{file}.yaml')}", confirmed)))
    return rows


def _formats() -> list[tuple[str, Entry]]:
    rows = []
    for edition in map(law.report_format, law.editions()):
        what = f"{edition.first_year}年{f'至{edition.last_year}年' if edition.last_year else '起'}的年度报告格式，{len(edition.cells)}格"
        where = _file(DATA / "formats" / f"{edition.edition}.yaml")
        rows.append((edition.basis, Entry("", what, where, str(edition.confirmed_on or CONFIDENCE["memory-high"]))))
    return rows


def _holidays() -> list[tuple[str, Entry]]:
    rows = []
    for year in names("holidays"):
        data = load(f"holidays/{year}")
        for notice in data["notices"]:
            entry = Entry("", f"{year}年的放假和调休", _file(DATA / "holidays" / f"{year}.yaml"), str(data["confirmed_on"] or "待核对"))
            rows.append((notice, entry))
    return rows


def _checks() -> list[tuple[str, Entry]]:
    rows = []
    for check in CHECKS.values():
        for basis in checks.bases(check):
            name, _, place = basis.partition(":")
            link = f"[`{check.code}`](../checks/index.md#{checks.anchor(check.code)})"
            rows.append((name, Entry(place, check.title, link, "")))
    return rows

"""What a person sees on the screen: tables that are easy to read, in Chinese. Nothing is decided here.

No table has lines down its right side: what a terminal makes of the width of “ and · differs, and a ragged edge bears it.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gongkai import law
from gongkai.cli.lines import fitted, pad, plain, printable, side_by_side, width, wrap
from gongkai.report import AnnualReport, Cell

if TYPE_CHECKING:
    from gongkai.checks import Finding

SEVERITY = {"error": ("错误", "1;31"), "warning": ("疑似", "33"), "notice": ("提示", "36")}
KIND = {"number": "数字", "blank": "空白", "slash": "划线", "text": "文字", "missing": "没有这一格", "unclear": "读取存疑"}
BOLD, DIM = "1", "2"

# A pipe has no width: this is the width of a printed page. No line is longer on a wide screen either.
PAGE = 118
# Below this a table has no room for sentences: a list it is.
NARROW = 80
NARROWEST = 24
BAR = 24


def columns() -> int:
    """How many columns there are to write on."""
    return max(min(_screen(), PAGE), NARROWEST) if _is_terminal(sys.stdout) else PAGE


def _screen() -> int:
    # What shutil brings along takes longer to load than a small report takes to read; a pipe never asks.
    import shutil

    return shutil.get_terminal_size((PAGE, 24)).columns or PAGE


def _is_terminal(stream: Any) -> bool:
    return stream is not None and not stream.closed and bool(stream.isatty())


def _has_colour() -> bool:
    """Whether the screen shows colour; the old console of Windows prints the codes instead."""
    known = os.name != "nt" or "WT_SESSION" in os.environ
    return known and _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def styled(text: str, style: str) -> str:
    """The text in that style, where the screen shows styles."""
    return f"\x1b[{style}m{text}\x1b[0m" if text and _has_colour() else text


def say(text: str, style: str | None = None) -> None:
    """Print a sentence, folded to the screen."""
    for line in wrap(text, columns()):
        print(styled(line, style) if style else line)


@contextmanager
def progress_bar(total: int, done: int, name: str) -> Iterator[None]:
    """A bar on the error output while one of ``total`` files is read; it is gone when the result is to be printed."""
    filled = BAR * done // total
    text = f"读取 {'█' * filled}{'░' * (BAR - filled)} {done}/{total} "
    room = _screen() - width(text) - 1
    text += wrap(printable(name), room)[0] if room > NARROWEST else ""
    print(text, end="", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        print("\r" + " " * width(text) + "\r", end="", file=sys.stderr, flush=True)


def _head(name: str, report: AnnualReport) -> None:
    organ = plain(report.organ or "") or "（没有写明机关名称）"
    year = f"{report.year}年" if report.year else "（年份不明）"
    edition = f"{report.edition}版格式" if report.edition else "格式不明"
    say(printable(name), BOLD)
    say(f"{organ} · {year} · {edition}" + ("" if report.complete else " · 报告不完整"), BOLD)


def _counts(report: AnnualReport) -> str:
    kinds = Counter(cell.kind for cell in report.cells.values())
    return "、".join(f"{KIND[kind]}{kinds[kind]}格" for kind in KIND if kinds[kind]) or "没有找到法定表格"


def show_findings(name: str, report: AnnualReport, found: Sequence[Finding]) -> None:
    """The findings on one report, gravest first, with what was read."""
    _head(name, report)
    say(f"读到：{_counts(report)}")
    _findings(found)
    print()


def show_comparison(first: str, second: str, found: Sequence[Finding]) -> None:
    """What two reports, held side by side, show."""
    say(printable(first), BOLD)
    say(printable(second), BOLD)
    _findings(found)


def show_total(clean: int, faulty: int, unread: int) -> None:
    """How many files were checked, and with what result."""
    parts = ((clean, "没有错误"), (faulty, "有错误"), (unread, "读不了"))
    say(f"共{clean + faulty + unread}份：" + "，".join(f"{words}{count}份" for count, words in parts if count) + "。", BOLD)


def _findings(found: Sequence[Finding]) -> None:
    if not found:
        print("没有发现问题。")
        return
    ordered = [finding for severity in SEVERITY for finding in found if finding.severity == severity]
    lines = _list_of(ordered) if columns() < NARROW else _table_of(ordered)
    print("\n".join(["", *lines]))
    counts = Counter(finding.severity for finding in found)
    say("共" + "、".join(f"{SEVERITY[key][0]}{counts[key]}处" for key in SEVERITY if counts[key]) + "。")


def _table_of(found: Sequence[Finding]) -> Iterator[str]:
    """Three columns: how grave, which check, what is wrong with the basis below it."""
    code = max(6, *(len(finding.code) for finding in found))
    widths = [4, code, columns() - code - 8]
    yield from side_by_side(["级别", "检查项", "问题和依据"], widths)
    yield from side_by_side(["─" * part for part in widths], widths)
    for finding in found:
        words, style = SEVERITY[finding.severity]
        first, *rest = side_by_side([words, finding.code, plain(finding.message)], widths)
        yield styled(words, style) + first.removeprefix(words)
        yield from rest
        for line in side_by_side(["", "", _basis(finding)], widths):
            yield styled(line, DIM)
        yield ""


def _list_of(found: Sequence[Finding]) -> Iterator[str]:
    """The same one below the other, for a narrow screen."""
    for finding in found:
        words, style = SEVERITY[finding.severity]
        yield f"{styled(words, style)} {finding.code}"
        for line in wrap(plain(finding.message), columns() - 2):
            yield "  " + line
        for line in wrap(_basis(finding), columns() - 2):
            yield styled("  " + line, DIM)
        yield ""


def _basis(finding: Finding) -> str:
    try:
        return f"依据：{law.cite(finding.basis)}"
    except law.LawMissing:
        return f"依据：{finding.basis}"


def show_report(name: str, report: AnnualReport) -> None:
    """What was read from one report: its data about itself, then its tables."""
    _head(name, report)
    for label, value in (
        ("标题", plain(report.title or "")),
        ("统计期限", f"{report.period[0]} 至 {report.period[1]}" if report.period else None),
        ("发布日期", str(report.published_on) if report.published_on else None),
        ("正文", "、".join(f"{key} {len(text)}字" for key, text in report.sections.items())),
        ("读到", _counts(report)),
    ):
        say(f"{label}：{value or '没有'}")
    if report.edition:
        for table in law.report_format(report.edition).tables:
            _statutory(table, report)
    for note in report.notes:
        say(f"说明：{plain(note)}")
    print()


def _statutory(table: law.Table, report: AnnualReport) -> None:
    """One statutory table, its blocks one below the other."""
    print()
    say(plain(table.name), BOLD)
    for block in table.blocks:
        rows = list(_figures(table, block, report))
        if rows:
            _block([plain(block.header) or "项目", *(plain(column.words) for column in block.columns)], rows)


def _figures(table: law.Table, block: law.Block, report: AnnualReport) -> Iterator[list[str]]:
    for row in (*block.rows, *block.merged_rows):
        cells = [report.cells.get(table.cell(row.id, column.id)) for column in block.columns]
        if any(cell is not None for cell in cells):
            yield [plain(row.words), *(_words(cell) for cell in cells)]


def _words(cell: Cell | None) -> str:
    if cell is None or cell.kind == "missing":
        return ""
    if cell.kind == "number":
        return f"{cell.value:f}"
    return "？" if cell.kind == "unclear" else plain(cell.raw) or "（空）"


def _block(heading: list[str], rows: list[list[str]]) -> None:
    """The rows under their heading. On a narrow screen a row's label has a line of its own above its figures."""
    room = columns()
    needed = [max(min(width(heading[place]), 8), *(width(row[place]) for row in rows)) for place in range(1, len(heading))]
    label = room - sum(needed) - 2 * len(needed)
    apart = label < min(28, max(width(row[0]) for row in rows))
    if apart:
        needed = fitted([["0" * part for part in needed]], room - 2 - 2, least=4)
    widths = [2 if apart else min(label, max(width(row[0]) for row in [heading, *rows])), *needed]
    for line in side_by_side(["" if apart else heading[0], *heading[1:]], widths, figures=True):
        print(styled(line, DIM))
    for row in rows:
        if apart:
            say(row[0])
        print("\n".join(side_by_side(["" if apart else row[0], *row[1:]], widths, figures=True)))


HEADINGS = {
    "code": "检查项",
    "severity": "级别",
    "title": "名称",
    "basis": "依据",
    "edition": "版本",
    "name": "名称",
    "document": "文号",
    "years": "适用年度",
    "cells": "格数",
    "id": "代号",
    "value": "数值",
    "from": "自",
    "confidence": "核对",
    "in_force_from": "施行",
    "address": "地址",
    "words": "表格上的字",
}


def show_rows(title: str, rows: Sequence[dict[str, Any]]) -> None:
    """A list of like things as a table, or on a narrow screen one below the other."""
    say(title, BOLD)
    heading = [HEADINGS[key] for key in rows[0]]
    texts = [[_text(key, value) for key, value in row.items()] for row in rows]
    if columns() < NARROW:
        label = max(width(word) for word in heading) + 2
        for text in texts:
            print(
                "\n"
                + "\n".join(line for pair in zip(heading, text, strict=True) for line in side_by_side(pair, [label, columns() - label - 2]))
            )
        return
    widths = fitted([heading, *texts], columns())
    for line in (*side_by_side(heading, widths), *side_by_side([pad("", part).replace(" ", "─") for part in widths], widths)):
        print(line)
    for text in texts:
        print("\n".join(side_by_side(text, widths)))


def _text(key: str, value: Any) -> str:
    if key == "severity":
        return SEVERITY[value][0]
    # The edition of the form follows from the report.
    return "" if value is None else plain(str(value)).replace("{format}", "统一格式")


def law_rows(name: str, edition: str | None) -> tuple[str, list[dict[str, Any]]]:
    """Title and rows of one list of ``gongkai law``."""
    lists = {"checks": _checks, "editions": _editions, "values": _values, "instruments": _instruments}
    if name == "cells":
        chosen = law.report_format(edition or law.editions()[0])
        return f"{chosen.name}（{chosen.document}）的单元格", [{"address": cell, "words": chosen.words(cell)} for cell in chosen.cells]
    return lists[name]()


def _checks() -> tuple[str, list[dict[str, Any]]]:
    from gongkai.checks import CHECKS

    rows = [{"code": check.code, "severity": check.severity, "title": check.title, "basis": check.basis} for check in CHECKS.values()]
    return "检查项", rows


def _editions() -> tuple[str, list[dict[str, Any]]]:
    rows = []
    for name in law.editions():
        edition = law.report_format(name)
        years = f"{edition.first_year}–{edition.last_year or ''}"
        rows.append({"edition": name, "name": edition.name, "document": edition.document, "years": years, "cells": len(edition.cells)})
    return "年度报告格式", rows


def _values() -> tuple[str, list[dict[str, Any]]]:
    rows = [
        {
            "id": value.id,
            "name": value.name,
            "value": value.words,
            "from": str(value.valid_from),
            "basis": value.basis,
            "confidence": value.confidence,
        }
        for value in law.all_values()
    ]
    return "期限与数值", rows


def _instruments() -> tuple[str, list[dict[str, Any]]]:
    rows = [
        {"id": item.id, "title": item.title, "document": item.document, "in_force_from": str(item.in_force_from)}
        for item in law.instruments()
    ]
    return "法律法规和文件", rows

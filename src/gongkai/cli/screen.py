"""What a person sees on the screen: tables that are easy to read, in Chinese. Nothing is decided here."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gongkai import law
from gongkai.checks import CHECKS, Finding
from gongkai.report import AnnualReport, Cell

SEVERITY = {"error": ("错误", "bold red"), "warning": ("疑似", "yellow"), "notice": ("提示", "cyan")}
KIND = {"number": "数字", "blank": "空白", "slash": "划线", "text": "文字", "missing": "没有这一格", "unclear": "读取存疑"}

# A pipe has no width; this is the width of a printed page.
PLAIN_WIDTH = 118


def console() -> Console:
    """The screen, or a plain stream of a page's width; Chinese is never cut to fit a narrow pipe."""
    screen = Console(highlight=False, emoji=False, markup=False)
    return screen if screen.is_terminal else Console(highlight=False, emoji=False, markup=False, width=PLAIN_WIDTH)


def _heading(name: str, report: AnnualReport) -> str:
    organ = report.organ or "（没有写明机关名称）"
    year = f"{report.year}年" if report.year else "（年份不明）"
    edition = f"{report.edition}版格式" if report.edition else "格式不明"
    return f"{name}\n{organ} · {year} · {edition}" + ("" if report.complete else " · 报告不完整")


def _counts(report: AnnualReport) -> str:
    kinds = Counter(cell.kind for cell in report.cells.values())
    shown = [f"{KIND[kind]}{kinds[kind]}格" for kind in KIND if kinds[kind]]
    return "、".join(shown) if shown else "没有找到法定表格"


def show_findings(name: str, report: AnnualReport, found: list[Finding]) -> None:
    """The findings on one report, gravest first, with what was read."""
    screen = console()
    screen.print(_heading(name, report), style="bold")
    screen.print(f"读到：{_counts(report)}")
    if found:
        screen.print(_findings_table(found))
    screen.print(f"{_summary(found)}\n")


def _summary(found: list[Finding]) -> str:
    if not found:
        return "没有发现问题。"
    counts = Counter(finding.severity for finding in found)
    return "共" + "、".join(f"{SEVERITY[key][0]}{counts[key]}处" for key in SEVERITY if counts[key]) + "。"


def _findings_table(found: list[Finding]) -> Table:
    table = Table(show_lines=True, expand=False)
    table.add_column("级别", no_wrap=True)
    table.add_column("问题", overflow="fold", ratio=1)
    table.add_column("检查项", no_wrap=True)
    for severity in SEVERITY:
        words, style = SEVERITY[severity]
        for finding in found:
            if finding.severity == severity:
                table.add_row(Text(words, style=style), Text(finding.message), Text(finding.code, style="dim"))
    return table


def show_report(name: str, report: AnnualReport) -> None:
    """What was read from one report: its data about itself, then its tables."""
    screen = console()
    screen.print(_heading(name, report), style="bold")
    for label, value in (
        ("标题", report.title),
        ("统计期限", f"{report.period[0]} 至 {report.period[1]}" if report.period else None),
        ("发布日期", str(report.published_on) if report.published_on else None),
        ("正文", "、".join(f"{key} {len(text)}字" for key, text in report.sections.items()) or None),
        ("读到", _counts(report)),
    ):
        screen.print(f"{label}：{value or '没有'}")
    if report.edition:
        for table in law.report_format(report.edition).tables:
            screen.print(_statutory(table, report))
    for note in report.notes:
        screen.print(f"说明：{note}")
    screen.print()


def _statutory(table: law.Table, report: AnnualReport) -> Table:
    """One statutory table: a line a row, the columns of its widest block."""
    shown = Table(title=table.name, title_justify="left", show_lines=False)
    shown.add_column("项目", overflow="fold")
    widest = max(table.blocks, key=lambda block: len(block.columns))
    uniform = all(block.columns == widest.columns for block in table.blocks)
    for column in widest.columns:
        shown.add_column(column.label if uniform else "", justify="right", overflow="fold")
    for block in table.blocks:
        if not uniform:
            shown.add_row(block.header, *(column.label for column in block.columns), style="dim")
        for row in (*block.rows, *block.merged_rows):
            cells = [report.cells.get(table.cell(row.id, column.id)) for column in block.columns]
            if any(cell is not None for cell in cells):
                shown.add_row(row.label, *(_words(cell) for cell in cells))
    return shown


def _words(cell: Cell | None) -> str:
    if cell is None or cell.kind == "missing":
        return ""
    if cell.kind == "number":
        return f"{cell.value:f}"
    return "？" if cell.kind == "unclear" else cell.raw or "（空）"


def show_comparison(first: str, second: str, found: list[Finding]) -> None:
    """What two reports, held side by side, show."""
    screen = console()
    screen.print(f"{first}\n{second}", style="bold")
    if found:
        screen.print(_findings_table(found))
    screen.print(_summary(found))


def show_rows(title: str, rows: list[dict[str, Any]]) -> None:
    """A list of like things as a table; the keys are the headings."""
    screen = console()
    table = Table(title=title, title_justify="left")
    for key in rows[0] if rows else ():
        table.add_column(key, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    screen.print(table)


def law_rows(name: str, edition: str | None) -> tuple[str, list[dict[str, Any]]]:
    """Title and rows of one list of ``gongkai law``."""
    lists = {"checks": _checks, "editions": _editions, "values": _values, "instruments": _instruments}
    if name == "cells":
        chosen = law.report_format(edition or law.editions()[0])
        return f"{chosen.name}（{chosen.document}）的单元格", [{"address": cell, "words": chosen.words(cell)} for cell in chosen.cells]
    return lists[name]()


def _checks() -> tuple[str, list[dict[str, Any]]]:
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

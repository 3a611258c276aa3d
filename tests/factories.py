"""Builders of reports with plain defaults. Every organ here is invented."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from gongkai import law
from gongkai.report import AnnualReport, Cell, Contact

PREFACE = (
    "本报告依据《中华人民共和国政府信息公开条例》和国办公开办函〔2021〕30号文件的要求编制。"
    "统计期限自2023年1月1日起至2023年12月31日止。报告电子版可在云川县人民政府网站（http://www.yunchuan.example）查阅。"
    "如有疑问，请与青禾镇人民政府联系（地址：云川县青禾镇禾丰路1号，电话：0000-1234567，邮编：000000）。"
)

SECTIONS = {
    "s1": (
        "（一）主动公开情况。2023年，我镇主动公开政府信息20条，内容涵盖惠农补贴、农田水利和社会救助。\n"
        "（二）依申请公开情况。2023年，我镇没有收到政府信息公开申请。\n"
        "（三）政府信息管理情况。专人负责信息的登记、更新和归档，发布前逐条审查。\n"
        "（四）政府信息公开平台建设情况。依托县政府网站公开专栏发布信息，并在便民服务大厅设置查阅点。\n"
        "（五）监督保障情况。县政府年度考核结果为良好，社会评议满意，全年没有责任追究的情形。"
    ),
    "s2": "",
    "s3": "",
    "s4": "",
    "s5": (
        "存在的主要问题：一是政策解读的形式单一，二是个别栏目更新不及时。\n"
        "下一步改进措施：一是用图解和短视频解读惠农政策，二是明确专人按月检查栏目更新。"
    ),
    "s6": "本年度没有收取政府信息公开信息处理费。",
}


def a_report(edition: str = "2021", **changes: Any) -> AnnualReport:
    """A balanced report of 青禾镇 for 2023 that no check has anything to say about; ``changes`` are fields of AnnualReport.

    The year may be given alone: then the texts speak of that year.
    """
    year = changes.get("year") or 2023
    form = law.report_format(edition)
    defaults: dict[str, Any] = {
        "organ": "云川县青禾镇人民政府",
        "year": year,
        "edition": edition,
        "period": (datetime.date(year, 1, 1), datetime.date(year, 12, 31)),
        "published_on": datetime.date(year + 1, 1, 20),
        "title": f"云川县青禾镇人民政府{year}年政府信息公开工作年度报告",
        "contact": Contact(address="云川县青禾镇禾丰路1号", phone="0000-1234567", postcode="000000"),
        "complete": True,
        "cells": dict.fromkeys(form.cells, number(0)),
        "preface": PREFACE.replace("2023", str(year)),
        "sections": {name: text.replace("2023", str(year)) for name, text in SECTIONS.items()},
        "headings": tuple(section.title for section in form.sections),
        "file": "qinghe.docx",
    }
    return AnnualReport(**{**defaults, **changes})


def number(value: str | int) -> Cell:
    """A cell that shows that figure."""
    return Cell("number", Decimal(str(value)), str(value))


def with_cells(report: AnnualReport, **values: str | int | Cell | None) -> AnnualReport:
    """The report with other cells; dots of addresses are written ``__``: ``t4__reconsideration__total=1``.

    A value is a figure, a whole cell, or ``None`` for a cell that is left out.
    """
    return with_addresses(report, {name.replace("__", "."): value for name, value in values.items()})


def with_addresses(report: AnnualReport, values: dict[str, Any]) -> AnnualReport:
    """The same with addresses as they are."""
    cells = dict(report.cells)
    for address, value in values.items():
        if value is None:
            cells.pop(address, None)
        else:
            cells[address] = value if isinstance(value, Cell) else number(value)
    return dataclasses.replace(report, cells=cells)


def without_table(report: AnnualReport, table: str) -> AnnualReport:
    """The report without any cell of that table."""
    return dataclasses.replace(report, cells={name: cell for name, cell in report.cells.items() if not name.startswith(table + ".")})


def with_section(report: AnnualReport, section: str, text: str | None) -> AnnualReport:
    """The report with that text as a section; ``None`` takes the section and its heading out."""
    sections, headings = dict(report.sections), report.headings
    if text is None:
        sections.pop(section, None)
        headings = headings[: int(section[1]) - 1] + headings[int(section[1]) :]
    else:
        sections[section] = text
    return dataclasses.replace(report, sections=sections, headings=headings)


def with_text(report: AnnualReport, section: str, sentence: str) -> AnnualReport:
    """The report with a sentence added to a section, as a paragraph of its own."""
    return with_section(report, section, report.sections[section] + "\n" + sentence)


def requests(report: AnnualReport, outcomes: dict[str, int], *, column: str = "natural_person", carried_out: int = 0) -> AnnualReport:
    """The report with balanced requests of one kind of requester: outcome row → number, and how many are carried out."""
    handled = sum(outcomes.values())
    rows = {"received_new": handled + carried_out, "handled_total": handled, "carried_out": carried_out, **outcomes}
    return with_addresses(report, {f"t3.{row}.{place}": count for row, count in rows.items() for place in (column, "total")})


def merged_other(report: AnnualReport) -> AnnualReport:
    """The report with the one row （六）其他处理 of the trial form in place of its three rows."""
    gone = ("other_no_supplement", "other_fee_unpaid", "other_misc")
    cells = {name: cell for name, cell in report.cells.items() if name.split(".")[1] not in gone}
    columns: Iterable[str] = (column.id for column in law.report_format("2021").table("t3").blocks[0].columns)
    return dataclasses.replace(report, cells=cells | {f"t3.other_handling.{column}": number(0) for column in columns})

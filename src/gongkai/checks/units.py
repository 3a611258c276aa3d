"""A government's aggregate report against the reports of the units that it sums up (汇总)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks.crossfoot import figure
from gongkai.checks.finding import Fault
from gongkai.checks.registry import STATUTORY, check
from gongkai.checks.subject import Subject
from gongkai.law import LawMissing, annual_report_due

_BASIS = "{format}"
_SHOWN = 3


@check("units.sum", severity="error", basis=_BASIS, title="汇总数不少于下级单位之和", editions=STATUTORY, needs=("units",))
def total(subject: Subject) -> Iterator[Fault]:
    """No additive cell of the aggregate is below the sum of the units' cells; documents in force are told apart.

    The aggregate also holds the organ's own figures, so more is right. Units not read make the sum a lower bound, so less
    than it is wrong all the same. One finding a table.
    """
    for table, cells in subject.printed.items():
        short = []
        for address in cells:
            stated = subject.value(address)
            summed = _sum(subject, address)
            if stated is not None and stated < summed and not address.endswith((".in_force", ".public_total", ".delta")):
                short.append((address, stated, summed))
        if short:
            told = "；".join(
                f"{subject.words(address)}：各单位合计{figure(summed)}，汇总报告填的是{figure(stated)}"
                for address, stated, summed in short[:_SHOWN]
            )
            more = f"；等共{len(short)}格" if len(short) > _SHOWN else ""
            name = subject.edition.table(table).words if subject.edition else table
            yield Fault(
                f"{name}的汇总数少于{len(subject.units)}个单位之和：{told}{more}。请核对是否漏汇；申请由收到它的每个机关各计一次，转办的不能合并。"
                "如果本报告只统计本级，不应当与下级单位比较。",
                tuple(address for address, _, _ in short),
            )


@check(
    "units.in_force",
    severity="warning",
    basis="{format}:t2",
    title="现行有效文件的汇总数不少于下级单位之和",
    editions=("2021",),
    needs=("units",),
)
def in_force(subject: Subject) -> Iterator[Fault]:
    """Documents in force of the aggregate against the units'. A joint document may be counted by each maker: a warning."""
    address = "t2.normative_docs.in_force"
    stated, summed = subject.value(address), _sum(subject, address)
    if stated is not None and stated < summed:
        yield Fault(
            f"{subject.words(address)}填的是{figure(stated)}，少于{len(subject.units)}个单位合计的{figure(summed)}。"
            "如果是联合发文由几个单位重复计算，请只由牵头单位计；否则请核对是否漏汇。",
            (address,),
        )


@check("units.incomplete", severity="notice", basis=_BASIS, title="没有读全或者迟报的单位，列出名单", editions=STATUTORY, needs=("units",))
def incomplete(subject: Subject) -> Iterator[Fault]:
    """Units of another year, with figures not read, or published late: their sum is a lower bound."""
    notes = [(unit.organ or unit.file or "未知单位", why) for unit in subject.units if (why := _shortcoming(subject, Subject(unit)))]
    if notes:
        told = "；".join(f"“{name}”{why}" for name, why in notes)
        yield Fault(f"下列单位的报告不全或者不符，各单位合计只能作为下限：{told}。")


def _shortcoming(subject: Subject, unit: Subject) -> str:
    if unit.year and subject.year and unit.year != subject.year:
        return f"是{unit.year}年的报告"
    gaps = sum(unit.cell(address).kind != "number" for cells in unit.printed.values() for address in cells)
    if not unit.printed or gaps:
        return f"有{gaps}格没有数字" if unit.printed else "没有表格"
    return _lateness(unit)


def _lateness(unit: Subject) -> str:
    published = unit.report.published_on
    if published is None or unit.year is None or unit.scope is None:
        return ""
    try:
        due, _ = annual_report_due(year=unit.year, scope=unit.scope)
    except LawMissing:
        return ""
    return f"迟至{published.year}年{published.month}月{published.day}日发布" if published > due else ""


@check("units.remedies", severity="notice", basis="{format}:t4", title="作为复议机关的案件不计入本级", editions=STATUTORY, needs=("units",))
def remedies(subject: Subject) -> Iterator[Fault]:
    """The aggregate shows more suits after reconsideration than the units.

    A government that was sued only as the reconsideration organ does not count the case: the organ that acted first does.
    """
    address = "t4.litigation_after_reconsideration.total"
    stated, summed = subject.value(address), _sum(subject, address)
    if stated is not None and stated > summed:
        yield Fault(
            f"{subject.words(address)}填的是{figure(stated)}，比{len(subject.units)}个单位合计的{figure(summed)}多{figure(stated - summed)}件。"
            "请核对其中有没有本机关只作为复议机关、共同被告的案件；这类案件只由原行为机关计算。",
            (address,),
        )


def _sum(subject: Subject, address: str) -> Decimal:
    """The sum of the units' figures in that cell; a unit that shows none adds nothing. A merged row's parts are its leaves."""
    return sum((unit.value(address) or Decimal(0) for unit in subject.units), Decimal(0))

"""Table four: reconsideration and litigation (行政复议、行政诉讼), and its agreement with table three."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks import cells
from gongkai.checks.arithmetic import Imbalance
from gongkai.checks.crossfoot import broken, figure, gap, sum_of
from gongkai.checks.finding import Fault
from gongkai.checks.registry import STATUTORY, check
from gongkai.checks.subject import Subject
from gongkai.law.store import load
from gongkai.report import AnnualReport

_BASIS = "{format}:t4"
_TOTALS = ("t4.reconsideration.total", "t4.litigation_direct.total", "t4.litigation_after_reconsideration.total")
_MENTIONED = re.compile(r"复议|诉讼|起诉|应诉|败诉")


@check("t4.missing", severity="warning", basis=_BASIS, title="表四应当齐全", editions=STATUTORY)
def table_missing(subject: Subject) -> Iterator[Fault]:
    """The table, or cells of it, do not stand in the document. A table given as a picture cannot be seen, so it is a warning."""
    yield from cells.not_found(subject, "t4")


@check("t4.blank", severity="error", basis=_BASIS, title="表四各格都要填数字，没有的填0", editions=STATUTORY)
def blank(subject: Subject) -> Iterator[Fault]:
    """A cell is there and shows no figure: empty, a stroke, or a word such as 无."""
    yield from cells.unfilled(subject, "t4")


@check("t4.count", severity="error", basis=_BASIS, title="表四件数应当是0或者正整数", editions=STATUTORY)
def count(subject: Subject) -> Iterator[Fault]:
    """Counts are whole and not negative."""
    yield from cells.impossible(subject, "t4")


@check("t4.labels", severity="warning", basis=_BASIS, title="表四的列名称应当与统一格式一致", editions=STATUTORY)
def labels(subject: Subject) -> Iterator[Fault]:
    """A column is named otherwise than in the form; a known other name is a notice."""
    yield from cells.relabelled(subject, "t4")


@check("t4.total", severity="error", basis=_BASIS, title="表四各组：四种结果之和等于总计", editions=STATUTORY)
def total(subject: Subject) -> Iterator[Fault]:
    """Upheld, corrected, other and pending add up to the total of each of the three groups."""
    yield from broken(subject, "t4.total", _tell_group)


def _tell_group(subject: Subject, imbalance: Imbalance) -> str:
    address, parts = imbalance.identity.left[0], imbalance.identity.right
    place = subject.place(address)
    name = f"表四“{place[1].words}”" if place else address
    twin = _mirrored(subject, imbalance)
    moved = f"它与{twin}的差数正好相抵，可能是“总计”填错了栏。" if twin else "" if imbalance.left else "像是漏填了“总计”。"
    if not imbalance.right and all(not subject.amount(part) for part in parts):
        return f"{name}：四种结果填的都是0，“总计”却填了{figure(imbalance.left)}。{moved}"
    return f"{name}：{sum_of(subject, parts, by='column')}＝{figure(imbalance.right)}，但“总计”填的是{figure(imbalance.left)}，{gap(imbalance)}{moved}"


def _mirrored(subject: Subject, imbalance: Imbalance) -> str:
    """The other group whose total is wrong by the same amount the other way."""
    for other in subject.crossfoot.broken:
        if other.identity.code == imbalance.identity.code and other.difference == -imbalance.difference:
            place = subject.place(other.identity.left[0])
            return f"“{place[1].words}”" if place else ""
    return ""


@check("t4.without_requests", severity="warning", basis=_BASIS, title="没有申请却有复议、诉讼的，应当说明原因", editions=STATUTORY)
def without_requests(subject: Subject) -> Iterator[Fault]:
    """Cases in table four although no request was received or carried in, nor in the year before where that report is at hand.

    Without last year's report it is only a notice: the case may stem from it, or from proactive disclosure.
    """
    cases = sum((subject.amount(address) for address in _TOTALS), Decimal(0))
    if not cases or subject.value("t3.received_new.total") is None or _received(subject.report):
        return
    before = subject.predecessor
    if before is not None and _received(before):
        return
    years = "本年和上一年" if before is not None else "本年"
    message = (
        f"表四共有复议、诉讼{figure(cases)}件，但表三{years}都没有收到政府信息公开申请。请核对；"
        "如果案件是因主动公开或者以前年度的申请引起的，请在文字中说明。"
    )
    yield Fault(message, (*_TOTALS, "t3.received_new.total", "t3.carried_in.total"), severity=None if before else "notice")


def _received(report: AnnualReport) -> Decimal:
    return (report.value("t3.received_new.total") or Decimal(0)) + (report.value("t3.carried_in.total") or Decimal(0))


@check("t4.excess", severity="warning", basis=_BASIS, title="复议、诉讼明显多于办理的申请，应当核对", editions=STATUTORY)
def excess(subject: Subject) -> Iterator[Fault]:
    """Far more cases than requests handled in two years; with one year at hand it is only a notice."""
    limits = load("checks/thresholds")["remedies"]
    cases = sum((subject.amount(address) for address in _TOTALS), Decimal(0))
    handled = subject.value("t3.handled_total.total")
    if cases < limits["from_count"] or not handled:
        return
    before = subject.predecessor
    earlier = (before.value("t3.handled_total.total") if before else None) or Decimal(0)
    if cases <= limits["per_handled"] * (handled + earlier):
        return
    years = f"本年和上一年共办理{figure(handled + earlier)}件" if before else f"本年办理{figure(handled)}件"
    message = (
        f"表四共有复议、诉讼{figure(cases)}件，而政府信息公开申请{years}，案件明显偏多。请核对表四是否计入了与政府信息公开无关的案件。"
    )
    yield Fault(message, (*_TOTALS, "t3.handled_total.total"), severity=None if before else "notice")


@check("t4.direct_suit", severity="notice", basis="recon:23", title="不予公开的决定应当先复议、再诉讼", editions=STATUTORY, needs=("year",))
def direct_suit(subject: Subject) -> Iterator[Fault]:
    """Since 2024 a refusal under articles 14 to 16 goes to reconsideration first.

    Direct suits are told only when such refusals are the only outcomes that a requester could sue over.
    """
    law = load("checks/thresholds")["reconsideration_first"]
    suits = subject.amount("t4.litigation_direct.total")
    if not suits or (subject.year or 0) < law["from_year"]:
        return
    refusals = [f"t3.{row}.total" for row in law["refusals"]]
    others = [
        address
        for address in subject.printed.get("t3", ())
        if address.endswith(".total") and address not in refusals and (place := subject.place(address)) and place[1].leaf
        if place[1].id != "granted"
    ]
    if any(subject.amount(address) for address in refusals) and not any(subject.amount(address) for address in others):
        message = (
            f"表四“未经复议直接起诉”有{figure(suits)}件，而本年只有不予公开一类决定可能引起争议。2024年起，对不予公开的决定应当先申请行政复议，"
            "不能直接起诉。请核对案件是否填错了栏，以及告知书写的救济途径是否正确。"
        )
        yield Fault(message, ("t4.litigation_direct.total", *(address for address in refusals if subject.amount(address))))


@check("t4.silent", severity="notice", basis=_BASIS, title="表四有案件的，文字部分应当提到", editions=STATUTORY)
def silent(subject: Subject) -> Iterator[Fault]:
    """Table four shows cases and no narrative part speaks of them. Numbers that contradict are claim.table's."""
    cases = [address for address in subject.printed.get("t4", ()) if subject.amount(address)]
    if cases and subject.prose and not _MENTIONED.search(subject.prose + subject.report.sections.get("s4", "")):
        message = "表四填有行政复议或者行政诉讼案件，但文字部分只字未提。请在第一部分补写案件情况；如果没有发生，请更正表四。"
        yield Fault(message, tuple(cases))

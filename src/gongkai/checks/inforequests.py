"""Table three: requests received and handled (收到和处理政府信息公开申请情况)."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.checks import cells
from gongkai.checks.arithmetic import Imbalance
from gongkai.checks.crossfoot import broken, figure, gap, judged, sum_of
from gongkai.checks.finding import Fault
from gongkai.checks.registry import STATUTORY, check
from gongkai.checks.subject import Subject

_BASIS = "{format}:t3"


@check("t3.missing", severity="warning", basis=_BASIS, title="表三应当齐全", editions=STATUTORY)
def table_missing(subject: Subject) -> Iterator[Fault]:
    """The table, or cells of it, do not stand in the document. A table given as a picture cannot be seen, so it is a warning."""
    yield from cells.not_found(subject, "t3")


@check("t3.blank", severity="error", basis=_BASIS, title="表三各格都要填数字，没有的填0", editions=STATUTORY)
def blank(subject: Subject) -> Iterator[Fault]:
    """A cell is there and shows no figure: empty, a stroke, or a word such as 无."""
    yield from cells.unfilled(subject, "t3")


@check("t3.count", severity="error", basis=_BASIS, title="表三件数应当是0或者正整数", editions=STATUTORY)
def count(subject: Subject) -> Iterator[Fault]:
    """Counts are whole and not negative."""
    yield from cells.impossible(subject, "t3")


@check("t3.labels", severity="warning", basis=_BASIS, title="表三的行和列名称应当与统一格式一致", editions=STATUTORY)
def labels(subject: Subject) -> Iterator[Fault]:
    """A row or column is named otherwise than in the form; a known other name is a notice."""
    yield from cells.relabelled(subject, "t3")


@check("t3.merged_row", severity="warning", basis=_BASIS, title="“（六）其他处理”应当分三行", editions=("2021",))
def merged_row(subject: Subject) -> Iterator[Fault]:
    """The one row of the trial form under the form of 2021: the three outcomes cannot be told apart, the figures stay good."""
    standing = tuple(address for address in subject.printed.get("t3", ()) if address.split(".")[1] in subject.merged)
    if standing and (place := subject.place(standing[0])):
        names = "、".join(f"“{row.label}”" for row in place[0].rows if row.id in place[1].replaces)
        yield Fault(f"表三的“{place[1].words}”只有一行，是2019年试行格式的写法。现行格式分三行：{names}。请拆开填写。", standing)


@check("t3.row_total", severity="error", basis=_BASIS, title="表三各行：各类申请人之和等于总计", editions=STATUTORY)
def row_total(subject: Subject) -> Iterator[Fault]:
    """Natural persons and the five kinds of organisation add up to the row's total.

    A total with all kinds 0 is told as such: somebody filled the total alone.
    """
    yield from broken(subject, "t3.row_total", _tell_row)


def _tell_row(subject: Subject, imbalance: Imbalance) -> str:
    total, parts = imbalance.identity.left[0], imbalance.identity.right
    place = subject.place(total)
    name = f"表三“{place[1].words}”行" if place else total
    if not imbalance.right and all(not subject.amount(part) for part in parts):
        return f"{name}：各类申请人都填的是0，“总计”却填了{figure(imbalance.left)}，像是只填了总计。请把这些申请按申请人类别填到各列。"
    return f"{name}：{sum_of(subject, parts, by='column')}＝{figure(imbalance.right)}，但“总计”填的是{figure(imbalance.left)}，{gap(imbalance)}"


@check("t3.outcome_total", severity="error", basis=_BASIS, title="表三各列：办理结果各项之和等于（七）总计", editions=STATUTORY)
def outcome_total(subject: Subject) -> Iterator[Fault]:
    """The outcomes (一) to (六), leaf by leaf, add up to (七)总计 in every column. A merged (六) counts as one."""
    yield from broken(subject, "t3.outcome_total", _tell_outcomes)


def _tell_outcomes(subject: Subject, imbalance: Imbalance) -> str:
    total = imbalance.identity.left[0]
    place = subject.place(total)
    column = place[2].words if place else total
    counted = tuple(address for address in imbalance.identity.right if subject.amount(address))
    rest = "，其余各项都是0" if len(counted) < len(imbalance.identity.right) else ""
    parts = f"{sum_of(subject, counted, by='row')}{rest}" if counted else "各项都是0"
    return (
        f"表三“{column}”列：“本年度办理结果”各项相加（{parts}）＝{figure(imbalance.right)}，"
        f"但“（七）总计”填的是{figure(imbalance.left)}，{gap(imbalance)}"
    )


@check("t3.balance", severity="error", basis=_BASIS, title="表三各列：新收加上年结转等于办结加结转下年", editions=STATUTORY)
def balance(subject: Subject) -> Iterator[Fault]:
    """The identity that the form itself prints: item one plus item two equals item three plus item four, in every column."""
    yield from broken(subject, "t3.balance", _tell_balance)


def _tell_balance(subject: Subject, imbalance: Imbalance) -> str:
    out, handled = imbalance.identity.left
    new, carried = imbalance.identity.right
    place = subject.place(out)
    column = place[2].words if place else out
    return (
        f"表三“{column}”列：本年新收{figure(subject.value(new))}＋上年结转{figure(subject.value(carried))}＝{figure(imbalance.right)}，"
        f"办理结果总计{figure(subject.value(handled))}＋结转下年度{figure(subject.value(out))}＝{figure(imbalance.left)}，"
        f"两边应当相等，{gap(imbalance)}"
    )


@check("t3.carried_out", severity="error", basis=_BASIS, title="结转下年度不多于新收加上年结转", editions=STATUTORY)
def carried_out(subject: Subject) -> Iterator[Fault]:
    """More carried out than there was: follows from t3.balance, and says at once which figure is impossible."""
    for address in subject.printed.get("t3", ()):
        if not address.startswith("t3.carried_out."):
            continue
        column = address.rsplit(".", 1)[1]
        out, new, carried = (subject.value(f"t3.{row}.{column}") for row in ("carried_out", "received_new", "carried_in"))
        if out is None or new is None or carried is None or out <= new + carried:
            continue
        message = (
            f"{subject.words(address)}填的是{figure(out)}，比本年新收{figure(new)}＋上年结转{figure(carried)}＝{figure(new + carried)}还多，"
            "结转下年度的只能是其中没有办完的。"
        )
        yield judged(subject, message, (address, f"t3.received_new.{column}", f"t3.carried_in.{column}"))


@check("t3.silent", severity="notice", basis=_BASIS, title="表三有申请的，第一部分应当提到", editions=STATUTORY)
def silent(subject: Subject) -> Iterator[Fault]:
    """Requests were received and section one never speaks of them. Numbers that contradict are claim.table's."""
    received = subject.amount("t3.received_new.total")
    told = subject.text("s1") + subject.report.sections.get("s3", "")
    if received and subject.text("s1") and "申请" not in told:
        message = f"表三“总计”列本年新收{figure(received)}件，但“一、总体情况”没有提到依申请公开。请补写收到和办理申请的情况。"
        yield Fault(message, ("t3.received_new.total",))

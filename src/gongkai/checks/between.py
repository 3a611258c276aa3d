"""Two reports: last year's and this year's of one organ (跨年勾稽), or texts of different organs (雷同)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from gongkai.checks import organs
from gongkai.checks.crossfoot import CORRECT, figure
from gongkai.checks.finding import Fault, Finding
from gongkai.checks.passages import paragraphs
from gongkai.checks.registry import STATUTORY, Check, check
from gongkai.checks.subject import MAX_TEXT, PROSE, Subject
from gongkai.errors import GongkaiError
from gongkai.law.store import load
from gongkai.report import AnnualReport

_BASIS = "{format}"
_COLUMN_ROWS = ("t3.received_new.total", "t3.handled_total.total", "t3.carried_out.total")
# Sections that everybody writes anew; section six is a formula.
_WRITTEN = ("s1", "s5")
_CASES = ("t4.reconsideration", "t4.litigation_direct", "t4.litigation_after_reconsideration")


# --- figures of two years ---


@check("tie.predecessor", severity="warning", basis=_BASIS, title="跨年核对要用同一机关上一年度的报告", needs=("previous",))
def predecessor(subject: Subject) -> Iterator[Fault]:
    """Says why the report given as last year's cannot be it; the checks between years are then not made."""
    assert subject.previous is not None
    why = subject.mismatch(subject.previous)
    if why:
        yield Fault(f"{why}，结转等跨年数据没有核对。请提供同一机关上一年度的报告。")


@check("tie.edition", severity="notice", basis=_BASIS, title="两年格式不同的，只比较可比的数据", needs=("predecessor", "edition"))
def edition(subject: Subject) -> Iterator[Fault]:
    """Another edition than last year's: only carry-over and numbers of decisions compare."""
    before = subject.predecessor
    assert before is not None and subject.edition is not None
    if before.edition and before.edition != subject.edition.edition:
        yield Fault("两年的表格格式不同，表二的件数口径也不同，只核对了申请的结转和处理决定数量，其余数据没有比较。")


@check(
    "tie.carried_over",
    severity="error",
    basis="{format}:t3",
    title="上年结转等于上一年的结转下年度",
    editions=STATUTORY,
    needs=("predecessor",),
)
def carried_over(subject: Subject) -> Iterator[Fault]:
    """What last year carried out is what this year carries in, in each of the seven columns."""
    for address in subject.printed.get("t3", ()):
        if not address.startswith("t3.carried_in."):
            continue
        column = address.rsplit(".", 1)[1]
        now, before, doubt = _pair(subject, address, f"t3.carried_out.{column}")
        if now is None or before is None or now == before:
            continue
        place = subject.place(address)
        name = place[2].words if place else column
        yield _told(
            f"表三“{name}”列：上一年度报告“四、结转下年度继续办理”是{figure(before)}，本年度“二、上年结转政府信息公开申请数量”是{figure(now)}，"
            f"两数应当相等，相差{figure(abs(now - before))}。",
            doubt,
            (address,),
        )


@check(
    "tie.in_force",
    severity="warning",
    basis="{format}:t2",
    title="现行有效件数应当与上一年衔接",
    editions=("2021",),
    needs=("predecessor",),
)
def in_force(subject: Subject) -> Iterator[Fault]:
    """in_force = last year's in_force + issued − repealed. Lapse, re-designation or a merger may explain a difference."""
    for row in ("rules", "normative_docs"):
        address = f"t2.{row}.in_force"
        now, before, doubt = _pair(subject, address, address)
        issued, repealed = subject.value(f"t2.{row}.issued"), subject.value(f"t2.{row}.repealed")
        if now is None or before is None or issued is None or repealed is None or now == before + issued - repealed:
            continue
        place = subject.place(address)
        yield Fault(
            f"表二“{place[1].words if place else row}”行：上一年现行有效{figure(before)}＋本年制发{figure(issued)}－本年废止{figure(repealed)}"
            f"＝{figure(before + issued - repealed)}，本年“现行有效件数”填的是{figure(now)}，相差{figure(abs(before + issued - repealed - now))}。"
            f"{_doubted(doubt)}请核对；如因文件失效、重新认定或者机构合并，请在文字中说明。",
            (address, f"t2.{row}.issued", f"t2.{row}.repealed"),
        )


@check(
    "tie.items",
    severity="warning",
    basis="{format}:t2",
    title="上一年项目数量应当与上一年报告衔接",
    editions=("2019",),
    needs=("predecessor",),
)
def items(subject: Subject) -> Iterator[Fault]:
    """Edition 2019: 上一年项目数量 is last year's number plus last year's 增/减. Lists of items are revised, so a warning."""
    before = subject.predecessor
    assert before is not None
    for address in subject.printed.get("t2", ()):
        if not address.endswith(".prev_items"):
            continue
        now, start, change = subject.value(address), before.value(address), before.value(address.removesuffix("prev_items") + "delta")
        if now is not None and start is not None and change is not None and now != start + change:
            expected = f"项目数量{figure(start)}加上增减{figure(change)}是{figure(start + change)}"
            yield Fault(
                f"{subject.words(address)}填的是{figure(now)}，而上一年度报告的{expected}。请核对。",
                (address,),
            )


@check(
    "tie.pending",
    severity="notice",
    basis="{format}:t4",
    title="上一年尚未审结的案件应当计入本年",
    editions=STATUTORY,
    needs=("predecessor",),
)
def pending(subject: Subject) -> Iterator[Fault]:
    """More cases pending last year than there are in all this year. Some organs count by the year of filing: a notice."""
    for group in _CASES:
        total, before, doubt = _pair(subject, f"{group}.total", f"{group}.pending")
        if total is not None and before is not None and before > total:
            yield Fault(
                f"上一年度报告{subject.words(f'{group}.pending')}是{figure(before)}件，本年度的“总计”只有{figure(total)}件。"
                f"{_doubted(doubt)}上一年没有审结的案件本年应当有结果或者继续待审，请核对。",
                (f"{group}.total",),
            )


@check("tie.jump", severity="notice", basis=_BASIS, title="比上一年大起大落的数据应当核对", needs=("predecessor", "edition"))
def jump(subject: Subject) -> Iterator[Fault]:
    """A count more than five times last year's or less than a fifth of it, from 20 on."""
    limits = load("checks/thresholds")["jump"]
    for address in _comparable(subject):
        now, before, doubt = _pair(subject, address, address)
        if now is None or before is None or max(now, before) < limits["from_count"]:
            continue
        if now <= limits["more_than"] * before and now >= before * Decimal(str(limits["less_than"])):
            continue
        times = f"，是上一年的{figure(round(now / before, 1))}倍" if before and now > before else ""
        yield Fault(
            f"{subject.words(address)}由上一年的{figure(before)}变为{figure(now)}{times}。{_doubted(doubt)}请核对统计口径；如果属实，建议在文字中说明原因。",
            (address,),
        )


def _comparable(subject: Subject) -> Iterator[str]:
    """Counts that mean the same in both reports; amounts and signed changes are left out."""
    assert subject.predecessor is not None and subject.edition is not None
    same = subject.predecessor.edition == subject.edition.edition
    for table in subject.edition.tables:
        for address in table.cells:
            if table.id == "t3":
                fits = address in _COLUMN_ROWS
            elif table.id == "t4":
                fits = address.endswith(".total")
            else:
                fits = (same and not address.endswith(".delta")) or address.endswith(".decisions")
            if fits:
                yield address


def _pair(subject: Subject, now: str, before: str) -> tuple[Decimal | None, Decimal | None, str]:
    """This year's figure, last year's, and why either may be misread."""
    previous = subject.predecessor
    if previous is None:
        return None, None, ""
    first, second = subject.value(now), previous.value(before)
    if first is None or second is None or first == second:
        return first, second, ""
    return first, second, subject.doubt((now,)) or Subject(previous).doubt((before,))


def _told(message: str, doubt: str, cells: tuple[str, ...]) -> Fault:
    if doubt:
        return Fault(f"{message}{_doubted(doubt)}", cells, severity="warning")
    return Fault(message + CORRECT, cells)


def _doubted(doubt: str) -> str:
    return f"读取存疑：{doubt}。请先对照原文，确认不是识别错误。" if doubt else ""


# --- texts that are too much alike ---


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How alike a section of two reports is, and which of its paragraphs (number, text) are nearly the same."""

    section: str
    share: float
    paragraphs: tuple[tuple[int, str], ...]


@cache
def _limits() -> dict[str, Any]:
    limits: dict[str, Any] = load("checks/thresholds")["similarity"]
    return limits


def _comparable_text(text: str, report: AnnualReport) -> str:
    """Without blanks, and with figures and the organ's own name made alike: a copy changes those first."""
    plain = re.sub(r"\d+(?:\.\d+)?", "0", "".join(text.split()))
    return plain.replace(organs.core_name(report.organ), "本机关") if report.organ else plain


def _written(report: AnnualReport, section: str) -> str:
    return report.sections.get(section, "")[:MAX_TEXT]


def _likeness(one: AnnualReport, other: AnnualReport) -> Iterator[_Likeness]:
    from rapidfuzz import fuzz, process

    limits = _limits()
    pool = [
        plain
        for section in _WRITTEN
        for paragraph in paragraphs(_written(other, section))
        if len(plain := _comparable_text(paragraph, other)) >= limits["paragraph_length"]
    ]
    for section in _WRITTEN:
        mine, theirs = (_comparable_text(_written(report, section), report) for report in (one, other))
        long_enough = min(len(mine), len(theirs)) >= limits["section_length"]
        share = fuzz.ratio(mine, theirs) / 100 if long_enough else 0.0
        cutoff = 100 * limits["paragraph"]
        copied = tuple(
            (number, paragraph)
            for number, paragraph in enumerate(paragraphs(_written(one, section)), 1)
            if len(plain := _comparable_text(paragraph, one)) >= limits["paragraph_length"]
            if process.extractOne(plain, pool, scorer=fuzz.ratio, score_cutoff=cutoff)
        )
        if share > limits["section"] or copied:
            yield _Likeness(section, share, copied)


@check("tie.reused", severity="warning", basis="{format}", title="文字部分不应当照抄上一年", needs=("previous",))
def reused(subject: Subject) -> Iterator[Fault]:
    """Narrative sections more than 80 % like last year's, figures aside; single paragraphs taken over are a notice."""
    previous = subject.previous
    if previous is None or (subject.report.organ and previous.organ and not organs.is_same_organ(subject.report.organ, previous.organ)):
        return
    whose = f"{previous.year}年的报告" if previous.year else "上一年度的报告"
    yield from _alike(subject, previous, whose, "请写本年度的实际情况，不要沿用旧稿。")


@check("text.copied", severity="warning", basis="{format}", title="文字部分不应当与其他机关雷同", needs=("siblings",))
def copied(subject: Subject) -> Iterator[Fault]:
    """Narrative sections more than 80 % like another organ's; single paragraphs alike are a notice."""
    for sibling in subject.siblings:
        whose = f"“{sibling.organ or sibling.file or '另一机关'}”的报告"
        yield from _alike(subject, sibling, whose, "请核对是谁照搬了谁，或者都照搬了同一份范文，并改写为本机关的实际情况。")


def _alike(subject: Subject, other: AnnualReport, whose: str, advice: str) -> Iterator[Fault]:
    titles = {section.id: section.title for section in subject.edition.sections} if subject.edition else {}
    for likeness in _likeness(subject.report, other):
        name = f"“{titles[likeness.section]}”" if likeness.section in titles else "文字部分"
        numbers = "、".join(str(number) for number, _ in likeness.paragraphs)
        which = f"第{numbers}段几乎一样" if numbers else "逐段都有改动"
        quote = likeness.paragraphs[0][1][:80] if likeness.paragraphs else None
        if likeness.share > _limits()["section"]:
            yield Fault(f"{name}与{whose}相似度{likeness.share:.0%}（不计数字），{which}，属于内容雷同。{advice}", quote=quote)
        else:
            yield Fault(f"{name}{which}，与{whose}中的段落相同（不计数字）。{advice}", quote=quote, severity="notice")


# --- the two-report command ---

_TIES = (predecessor, edition, carried_over, in_force, items, pending, jump, reused)


def compare_reports(one: AnnualReport, other: AnnualReport) -> list[Finding]:
    """What two reports show only together.

    Two years of one organ, in whatever order given: carry-over in the seven columns, documents in force, jumps, paragraphs
    used again. Reports of different organs: paragraphs alike. :class:`~gongkai.errors.GongkaiError` says why two reports
    cannot be compared: nothing to compare was read, or both are the same organ's for the same year.
    """
    if one.organ and other.organ and not organs.is_same_organ(one.organ, other.organ):
        return _compare_texts(one, other)
    if one.year is None or other.year is None:
        unknown = one if one.year is None else other
        raise GongkaiError(f"{_name(unknown)}没有读到报告年度，不能与另一份比较。请换用带标题和年度的完整文件。")
    if not one.organ or not other.organ:
        unknown = one if not one.organ else other
        raise GongkaiError(f"{_name(unknown)}没有读到机关名称，不能确定两份报告是不是同一机关的。请换用带标题的完整文件。")
    if one.year == other.year:
        raise GongkaiError(f"两份都是“{one.organ}”{one.year}年的报告，不能作跨年比较。请提供同一机关相邻两年的报告，或者两个机关的报告。")
    older, newer = sorted((one, other), key=lambda report: report.year or 0)
    return _run(_TIES, Subject(newer, previous=older))


def _compare_texts(one: AnnualReport, other: AnnualReport) -> list[Finding]:
    for report in (one, other):
        if not any(report.sections.get(section, "").strip() for section in PROSE):
            raise GongkaiError(f"{_name(report)}没有读到文字部分，两个机关的报告只能比较文字是否雷同，因此不能比较。")
    return _run((copied,), Subject(one, siblings=(other,)))


def _run(checks: tuple[Check, ...], subject: Subject) -> list[Finding]:
    return [finding for entry in checks for finding in entry.findings(subject)]


def _name(report: AnnualReport) -> str:
    return f"“{report.organ or report.file or report.title or '未知机关'}”的报告"

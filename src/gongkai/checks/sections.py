"""The report as a document: edition, sections, headings, day of publication, and what could not be checked at all."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from gongkai.checks import cells
from gongkai.checks.finding import Fault
from gongkai.checks.passages import NUMERALS
from gongkai.checks.registry import STATUTORY, check
from gongkai.checks.subject import MAX_TEXT, Subject
from gongkai.law import LawMissing, ReportFormat, Section, annual_report_due, cite, report_format, report_format_for

_BASIS = "{format}"
_NUMBER = re.compile(r"^[#\s]*[（(]?([一二三四五六七八九十]{1,2})[）)]?\s*[、.．]")
_SIGNS = re.compile(r"[#\s（）()、.．，,：:；;。]+")


@check("read.not_checked", severity="notice", basis=_BASIS, title="有些核对没有做，说明缺什么")
def not_checked(subject: Subject) -> Iterator[Fault]:
    """Says in one finding what could not be checked because the document does not show it: year, organ or day of publication, or is too long."""
    report = subject.report
    gaps = []
    if subject.year is None:
        gaps.append("没有读到报告年度，与年度有关的核对没有做")
    if subject.scope is None:
        lost = f"从名称“{report.organ}”看不出层级" if report.organ else "没有读到机关名称"
        gaps.append(f"{lost}，也没有指定层级，与层级有关的核对没有做")
    if report.published_on is None:
        gaps.append("没有读到发布日期，是否按期公布没有核对")
    if subject.is_too_long:
        gaps.append(f"文字部分长得不像年度报告，每一部分只核对了前{MAX_TEXT}字")
    if gaps:
        yield Fault("；".join(gaps) + "。")


@check("read.unclear", severity="notice", basis=_BASIS, title="没有读准的格，说明在哪里、为什么")
def unclear(subject: Subject) -> Iterator[Fault]:
    """Cells that could not be read for certain, one finding a table: it is no fault of the organ and no figure is guessed."""
    for table in subject.printed:
        yield from cells.unread(subject, table)


@check("report.tables", severity="warning", basis=_BASIS, title="报告应当有统一格式的表格")
def tables(subject: Subject) -> Iterator[Fault]:
    """No statutory table was recognised at all; they may stand in a picture or an attachment."""
    if subject.edition is None:
        yield Fault(
            "没有认出统一格式的表格，表内数据都没有核对。如果表格是图片或者附件，请换用带表格文字的版本；如果确实没有，请按统一格式补上。"
        )


@check("report.edition", severity="error", basis=_BASIS, title="报告应当使用当年的统一格式", needs=("edition", "year"))
def edition(subject: Subject) -> Iterator[Fault]:
    """The tables are those of another edition than the year's. A warning where the tables were not read for certain."""
    assert subject.edition is not None and subject.year is not None
    try:
        right = report_format_for(subject.year)
    except LawMissing:
        return
    if right.edition == subject.edition.edition:
        return
    message = (
        f"本报告是{subject.year}年的，表格却是{subject.edition.document}的格式（用于{_years(subject.edition)}的报告）。"
        f"{subject.year}年的报告应当使用{right.document}的格式，请换用正确的表格重新填报。"
    )
    doubtful = any(kind in ("missing", "unclear") for _, kind in subject.odd)
    yield Fault(message, severity="warning" if doubtful else None, basis=right.basis)


def _years(edition: ReportFormat) -> str:
    if edition.last_year is None:
        return f"{edition.first_year}年起"
    return f"{edition.first_year}至{edition.last_year}年"


@check("report.sections", severity="warning", basis=_BASIS, title="统一格式的六个部分应当齐全", editions=STATUTORY)
def sections(subject: Subject) -> Iterator[Fault]:
    """Sections of the form that the report lacks. A heading with a slip looks like a missing section, so it is a warning."""
    assert subject.edition is not None
    if not subject.report.sections and not subject.report.headings:
        return
    found = {section.id for heading in subject.report.headings if (section := section_of(subject, heading))}
    missing = [
        section.title for section in subject.edition.sections if section.id not in subject.report.sections and section.id not in found
    ]
    if missing:
        names = "、".join(f"“{title}”" for title in missing)
        yield Fault(f"没有找到{names}。统一格式的各部分都要有，没有内容的也要保留标题并写明“无”或者没有发生；标题请照统一格式写。")


@check("report.section_order", severity="warning", basis=_BASIS, title="六个部分的顺序应当与统一格式一致", editions=STATUTORY)
def section_order(subject: Subject) -> Iterator[Fault]:
    """Two sections stand in another order than in the form."""
    assert subject.edition is not None
    order = [section.id for section in subject.edition.sections]
    found = [section for heading in subject.report.headings if (section := section_of(subject, heading))]
    for before, after in pairwise(found):
        if order.index(after.id) < order.index(before.id):
            yield Fault(f"“{after.title}”排在了“{before.title}”的后面。请按统一格式的顺序排列。", quote=after.title)


@check("report.headings", severity="warning", basis=_BASIS, title="标题不应当重复")
def headings(subject: Subject) -> Iterator[Fault]:
    """A section heading that stands twice."""
    seen: dict[str, int] = {}
    for heading in subject.report.headings:
        section = section_of(subject, heading)
        name = section.title if section else heading.strip()
        seen[name] = seen.get(name, 0) + 1
    for name, count in seen.items():
        if count > 1:
            yield Fault(f"标题“{name}”出现了{count}次。请删去重复的标题，并检查内容有没有放错位置。", quote=name)


@check("report.heading_numbers", severity="warning", basis=_BASIS, title="各部分的序号应当与统一格式一致", editions=STATUTORY)
def heading_numbers(subject: Subject) -> Iterator[Fault]:
    """A section printed under another number than the form's."""
    for heading in subject.report.headings:
        section = section_of(subject, heading)
        printed, right = _NUMBER.match(heading), _NUMBER.match(section.title) if section else None
        if printed and right and NUMERALS.get(printed[1]) != NUMERALS.get(right[1]) and section:
            yield Fault(f"标题“{heading.strip()}”的序号应当是“{right[1]}、”。请照统一格式改为“{section.title}”。", quote=heading.strip())


def section_of(subject: Subject, heading: str) -> Section | None:
    """The section of the form that a heading names, ``None`` when it is none of them."""
    return _titles(subject.edition.edition).get(_plain(heading)) if subject.edition else None


@cache
def _titles(edition: str) -> dict[str, Section]:
    return {_plain(title): section for section in report_format(edition).sections for title in (section.title, *section.aliases)}


def _plain(heading: str) -> str:
    return _SIGNS.sub("", _NUMBER.sub("", heading))


@check("report.late", severity="warning", basis="reg:49", title="年度报告应当按期公布", needs=("year", "scope"))
def late(subject: Subject) -> Iterator[Fault]:
    """Published after the day that the law sets for the kind of organ.

    The page's date may be that of a new website, so it is a warning; for townships and streets, which article 49 does not
    name, the day is practice and the finding a notice.
    """
    published = subject.report.published_on
    if published is None or subject.year is None or subject.scope is None:
        return
    try:
        due, value = annual_report_due(year=subject.year, scope=subject.scope)
    except LawMissing:
        return
    if published <= due:
        return
    told = f"本报告{_day(published)}发布，比期限{_day(due)}晚了{(published - due).days}天。"
    if value.confidence == "setting":
        yield Fault(
            f"{told}{subject.scope_words}的期限《条例》没有直接规定，这里按通行做法（次年{value.words}）核对；当地另有规定的，以当地规定为准。",
            severity="notice",
            basis=value.basis,
        )
    else:
        yield Fault(
            f"{told}本机关是{subject.scope_words}，依据{cite(value.basis)}，应当在次年{value.words}前公布。"
            "如果页面日期是网站迁移或者修改的日期，请注明首次公布的日期。",
            basis=value.basis,
        )


@check("report.early", severity="warning", basis="reg:49", title="年度报告不应当在年度结束前发布", needs=("year",))
def early(subject: Subject) -> Iterator[Fault]:
    """Published before the year was over: the figures cannot be complete, or the date is wrong."""
    published = subject.report.published_on
    if published is not None and subject.year is not None and published <= datetime.date(subject.year, 12, 31):
        yield Fault(f"发布日期是{_day(published)}，{subject.year}年还没有结束，统计数据不可能完整。请核对发布日期和报告年度。")


def _day(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

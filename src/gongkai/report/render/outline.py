"""What a written report prints, from title to last line, before any format draws it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gongkai.law import ReportFormat, report_format
from gongkai.report.annual import AnnualReport
from gongkai.report.render.layout import TableLayout, Unwritable, is_printed, lay_out, one_line

# A line such as （二）依申请公开 stands alone as a heading; with a sentence behind it, it is a paragraph.
_SUBHEADING = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)][^。；！？，]{1,28}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the narrative; ``subheading`` where it is the title of a part of a section."""

    text: str
    subheading: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the form with its heading, its lines and its statutory tables."""

    id: str
    heading: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[TableLayout, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole report in print order."""

    title: str
    organ: str
    year: int | None
    published_on: datetime.date | None
    preface: tuple[Paragraph, ...]
    parts: tuple[Part, ...]

    @property
    def title_lines(self) -> tuple[str, ...]:
        """The title where it may be broken: after the organ's name, so that no word is torn apart."""
        rest = self.title.removeprefix(self.organ)
        return (self.organ, rest) if self.organ and rest and rest != self.title else (self.title,)

    @property
    def dateline(self) -> str:
        """The line under the title: Arabic numerals without leading zeros, as GB/T 9704 writes a date."""
        day = self.published_on
        return f"发布日期：{day.year}年{day.month}月{day.day}日" if day else ""

    @property
    def dated_on(self) -> datetime.date:
        """The day that file metadata carries: publication, else the last day that the figures cover.

        A writer may not ask the clock, so that the same report always gives the same bytes.
        """
        return self.published_on or datetime.date(self.year or 1970, 12, 31)


def outline(report: AnnualReport) -> Outline:
    """The report in print order; :class:`Unwritable` when its edition, and so the shape of its tables, is not known.

    A section is printed when the report has it or shows a figure of its table. Section titles and labels are the
    edition's own words.
    """
    if report.edition is None:
        raise Unwritable("没有认出这份报告用的是哪一年的统一格式，无法写出其中的表格。可以改写成 .json。")
    edition = report_format(report.edition)
    bare = Outline(
        title=one_line(report.title or "") or _title(report),
        organ=one_line(report.organ or ""),
        year=report.year,
        published_on=report.published_on,
        preface=(),
        parts=tuple(_parts(report, edition)),
    )
    return replace(bare, preface=_preface(report, bare))


def _title(report: AnnualReport) -> str:
    year = f"{report.year}年" if report.year else ""
    return f"{one_line(report.organ or '')}{year}政府信息公开工作年度报告"


def _preface(report: AnnualReport, bare: Outline) -> tuple[Paragraph, ...]:
    """The preface without the title and date line, which many a document's text before section one begins with."""
    return _without(_paragraphs(report.preface), bare.title, bare.dateline, *bare.title_lines)


def _without(paragraphs: tuple[Paragraph, ...], *texts: str) -> tuple[Paragraph, ...]:
    """The lines that do not repeat one of the texts, which are printed at their own place."""
    bare = {"".join(text.split()) for text in texts}
    return tuple(paragraph for paragraph in paragraphs if "".join(paragraph.text.split()) not in bare)


def _parts(report: AnnualReport, edition: ReportFormat) -> list[Part]:
    tables: Mapping[str | None, list[TableLayout]] = {section.id: [] for section in edition.sections} | {None: []}
    for table in edition.tables:
        if is_printed(table, report, edition):
            tables[table.section].append(lay_out(table, report))
    captions = [table.name for table in edition.tables]
    parts = [
        Part(
            section.id,
            section.title,
            _without(_paragraphs(report.sections.get(section.id, "")), *captions),
            tuple(tables[section.id]),
        )
        for section in edition.sections
        if section.id in report.sections or tables[section.id]
    ]
    return parts + [Part(table.id, table.name, (), (table,)) for table in tables[None]]


def _paragraphs(text: str) -> tuple[Paragraph, ...]:
    lines = (one_line(line) for line in text.splitlines())
    return tuple(Paragraph(line, bool(_SUBHEADING.fullmatch(line))) for line in lines if line)

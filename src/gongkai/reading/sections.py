"""The narrative: preface and sections one to six, without the tables and without the site around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from gongkai.law import ReportFormat, Table
from gongkai.reading.align import core
from gongkai.reading.fields import MAX_NARRATIVE
from gongkai.reading.grid import Grid, GridRow, Slot
from gongkai.reading.plain import bare, plain
from gongkai.reading.sheet import Sheet

_ORDINAL = r"(?:第?[一二三四五六七八九]\s*[、.．,，:：]|第[一二三四五六七八九]部分\s*[、.．]?|[(（][一二三四五六七八九][)）])"


# A title is a line of its own; a longer line holds the title and the text behind it.
LONG_TITLE = 60
# A heading carries no such mark at its end: `没有其他需要报告的事项。` may wrap before its last words.
_SENTENCE_ENDS = ("。", "；", "，", ";", ",")


@dataclass(slots=True)
class Narrative:
    """Texts by section id, what stands before section one, and the headings in the order printed."""

    preface: str = ""
    sections: dict[str, str] = field(default_factory=dict)
    headings: tuple[str, ...] = ()


@cache
def _titles(edition: ReportFormat) -> dict[str, str]:
    """Bare title without ordinal → section id."""
    found: dict[str, str] = {}
    for section in edition.sections:
        for title in (section.title, *section.aliases):
            found.setdefault(core(title), section.id)
    return found


@cache
def _inline(edition: ReportFormat) -> re.Pattern[str]:
    words = sorted(
        {title for section in edition.sections for title in (core(section.title), section.title.partition("、")[2])}, key=len, reverse=True
    )
    return re.compile(rf"(?<=\S)\s*(?={_ORDINAL}\s*(?:{'|'.join(map(re.escape, words))}))")


def split_headings(grid: Grid, edition: ReportFormat) -> None:
    """Give a section heading that stands in the middle of a line a row of its own (documents set on one line)."""
    pattern = _inline(edition)
    rows: list[GridRow] = []
    for row in grid.rows:
        if row.kind != "text" or len(row.slots[0].text) < 16:
            rows.append(row)
            continue
        text, place = row.slots[0].text, row.slots[0].place
        parts = [part for part in pattern.split(text) if part]
        if len(parts) < 2:
            rows.append(row)
            continue
        rows += [GridRow("text", [Slot(part, place=place)], page=row.page) for part in parts]
    grid.rows = rows


def heading_of(text: str, edition: ReportFormat) -> str | None:
    """The section whose title a bare line is, with or without its ordinal; a title of two or three characters needs it (一、概述)."""
    if not 3 <= len(text) <= 40:
        return None
    titles = _titles(edition)
    if len(text) > 3 and text in titles:
        return titles[text]
    if text[0] in "一二三四五六七八九" and text[1:] in titles:
        return titles[text[1:]]
    if text[0] == "第" and text[2:4] == "部分" and text[4:] in titles:
        return titles[text[4:]]
    return None


def read_narrative(sheet: Sheet, edition: ReportFormat, bounds: dict[str, tuple[int, int]], title: str | None = None) -> Narrative:
    """Cut the rows at the section headings; rows inside tables and the site's own lines around the report are left out."""
    heads = _choose(sheet, edition, bounds)
    inside = _table_rows(sheet, edition, bounds)
    starts = {row: name for row, name, chosen in heads if chosen}
    repeated = {row for row, _, chosen in heads if not chosen}
    texts: dict[str, list[int]] = {"": []}
    current = ""
    for number in range(len(sheet.grid.rows)):
        if number in starts:
            current = starts[number]
            texts.setdefault(current, [])
        elif number not in inside and not (current == "" and number in repeated):
            texts[current].append(number)
    last = next(reversed(texts))
    if last:
        texts[last] = _without_site(sheet, texts[last])
    if len(texts) > 1:
        texts[""] = _from_title(sheet, texts[""], title)
    narrative = Narrative(headings=tuple(sheet.row_plain(row).strip() for row, _, _ in heads))
    for name, rows in texts.items():
        text = "\n".join(paragraphs(sheet, rows))
        if name:
            narrative.sections[name] = text
        else:
            narrative.preface = text
    length = len(narrative.preface) + sum(map(len, narrative.sections.values()))
    if length > MAX_NARRATIVE:
        sheet.grid.notes.append(f"文字部分有{length}字，长得不像年度报告；机关名称、联系方式和叙述中的数字只在前{MAX_NARRATIVE}字里查找。")
    return narrative


# What sites print under an article: the report ends before the first such line.
_SITE = re.compile(
    r"^(?:附件下载|附件[:：]?$|扫一扫|分享到|相关(?:解读|链接|文章|附件|信息|文件|阅读)|文字解读|图片解读|上一篇|下一篇|打印|关闭|【|字体|主办单位|主办[:：]|承办|版权所有|网站地图|网站标识码|"
    r"\S{0,6}ICP备|\S{0,4}公网安备|责任编辑|编辑[:：]|来源[:：]|浏览次数|访问量|联系我们|关于我们|网站声明|友情链接|技术支持|返回顶部|[\u4e00-\u9fff()（）]{2,12}网站$)"
)


_REPORT_TITLE = re.compile(r"(?:政府|政务)信息公开(?:工作)?(?:年度)?(?:工作)?(?:年度)?(?:报告|年报)$").search


def _from_title(sheet: Sheet, rows: list[int], title: str | None) -> list[int]:
    """The rows after the report's title, which is the last one before section one; where none stands, from the first sentence on."""
    wanted = core(title) if title else ""
    for index in range(len(rows) - 1, -1, -1):
        text = sheet.row_bare(rows[index])
        if (wanted and wanted in text) or _REPORT_TITLE(text):
            return rows[index + 1 :] if len(text) < LONG_TITLE else rows[index:]
    first = next((index for index, number in enumerate(rows) if "。" in sheet.row_plain(number)), 0)
    return rows[first:]


def _without_site(sheet: Sheet, rows: list[int]) -> list[int]:
    for index, number in enumerate(rows):
        if index and _SITE.match(sheet.row_plain(number).strip()):
            return rows[:index]
    return rows


def _choose(sheet: Sheet, edition: ReportFormat, bounds: dict[str, tuple[int, int]]) -> list[tuple[int, str, bool]]:
    """All rows that are section headings, in order; the last of equal ones that keep the order of the form is chosen."""
    found = _without_contents(sheet, edition, _headings(sheet, edition, _statistics_rows(sheet, edition, bounds)))
    chosen: set[int] = set()
    limit = len(sheet.grid.rows)
    anchors = _anchors(sheet, edition, bounds)
    for section in reversed(edition.sections):
        ceiling = min(limit, anchors.get(section.id, limit))
        spots = [number for number, name in found if name == section.id and number < ceiling]
        floor = anchors.get(section.id + ">", -1)
        spots = [number for number in spots if number >= floor]
        if spots:
            limit = spots[-1] if section.id in anchors or section.id in ("s1", "s2", "s3", "s4") else spots[0]
            chosen.add(limit)
    return [(number, name, number in chosen) for number, name in found]


def _headings(sheet: Sheet, edition: ReportFormat, table: range) -> list[tuple[int, str]]:
    """Row and section of every line that is a section's title; lines of the ``table`` are none."""
    found = []
    for number, row in enumerate(sheet.grid.rows):
        if len(row.slots) > 4 or number in table:
            continue
        name = heading_of(sheet.row_bare(number), edition)
        if name is not None and not _SUBPART(text := sheet.row_plain(number)) and not text.rstrip().endswith(_SENTENCE_ENDS):
            found.append((number, name))
    return found


def _without_contents(sheet: Sheet, edition: ReportFormat, found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The headings without a table of contents; headings that stand bare below each other and nowhere else are empty sections."""
    runs: list[list[tuple[int, str]]] = []
    standing: set[str] = set()
    kept = []
    for number, name in found:
        if not _is_listed(sheet, edition, number):
            kept.append((number, name))
            standing.add(name)
        elif runs and runs[-1][-1][0] == number - 1:
            runs[-1].append((number, name))
        else:
            runs.append([(number, name)])
    kept += [entry for run in runs if standing.isdisjoint(name for _, name in run) for entry in run]
    return sorted(kept)


def _anchors(sheet: Sheet, edition: ReportFormat, bounds: dict[str, tuple[int, int]]) -> dict[str, int]:
    """Row before which the heading of a table's section must stand; ``s5>`` the row after which section five follows."""
    anchors: dict[str, int] = {}
    for table in edition.tables:
        if table.section and table.id in bounds:
            anchors[table.section] = sheet.row_of[sheet.slot_at(bounds[table.id][0])] + 1
    if "t4" in bounds:
        last = sheet.row_of[sheet.slot_at(bounds["t4"][0])]
        anchors["s5>"] = anchors["s6>"] = last
    return anchors


_SUBPART = re.compile(r"\s*(?:[(（][一二三四五六七八九十]|\d|[①-⑩])").match


def _is_listed(sheet: Sheet, edition: ReportFormat, number: int) -> bool:
    """A heading followed at once by the next section's heading belongs to a table of contents."""
    if number + 1 >= len(sheet.grid.rows):
        return False
    following = heading_of(sheet.row_bare(number + 1), edition)
    own = heading_of(sheet.row_bare(number), edition)
    if following is None or own is None or following == own:
        return False
    third = heading_of(sheet.row_bare(number + 2), edition) if number + 2 < len(sheet.grid.rows) else None
    before = heading_of(sheet.row_bare(number - 1), edition) if number else None
    return third is not None or (before is not None and before != own)


def _table_rows(sheet: Sheet, edition: ReportFormat, bounds: dict[str, tuple[int, int]]) -> set[int]:
    """Numbers of the rows that belong to statutory tables, their headings included."""
    inside = {number for number, row in enumerate(sheet.grid.rows) if row.kind == "table"}
    inside.update(_statistics_rows(sheet, edition, bounds))
    for table in edition.tables:
        if table.id not in bounds or table.layout == "one_value":
            continue
        low, high = bounds[table.id]
        first = sheet.row_of[sheet.slot_at(low)]
        last = sheet.row_of[sheet.slot_at(max(high - 1, low))]
        first = _with_head(sheet, edition, table, first)
        inside.update(_trim(sheet, edition, first, last))
    return inside


def _with_head(sheet: Sheet, edition: ReportFormat, table: Table, first: int) -> int:
    """The first row of the headings that stand right above a table's first row."""
    words = _characters(table)
    while first > 0 and _is_head(sheet, first - 1, words, edition):
        first -= 1
    return first


def _statistics_rows(sheet: Sheet, edition: ReportFormat, bounds: dict[str, tuple[int, int]]) -> range:
    """The rows of the form's only table, whose groups are named like sections (三、依申请公开情况): up to its last label.

    What follows in its bounds is narrative again. Empty where the edition has several tables.
    """
    table = edition.tables[0]
    if table.layout != "one_value" or table.id not in bounds:
        return range(0)
    low, high = bounds[table.id]
    start = sheet.row_of[sheet.slot_at(low)]
    last = sheet.row_of[sheet.slot_at(max(high - 1, low))]
    labels, words = _labels(table), _characters(table)
    while last > start and not _shows_label(sheet, last, labels):
        last -= 1
    for number in range(last + 1, min(last + 1 + _ONE_VALUE, len(sheet.grid.rows))):
        text = sheet.row_bare(number)
        if text and not text.isdigit() and (not words.issuperset(text) or heading_of(text, edition)):
            break
        last = number
    return range(_with_head(sheet, edition, table, start), last + 1)


# Where each cell is a line, a unit and a figure follow the last label.
_ONE_VALUE = 2
# No label of the form is longer than this, its unit and figure included.
_LONGEST_LABEL = 80


def _shows_label(sheet: Sheet, number: int, labels: tuple[str, ...]) -> bool:
    """Whether a cell of the row begins with one of those labels."""
    texts = sheet.bare[sheet.first_slot[number] : sheet.first_slot[number + 1]]
    return any(text.startswith(labels) for text in texts if 4 < len(text) <= _LONGEST_LABEL)


@cache
def _labels(table: Table) -> tuple[str, ...]:
    """The labels of a table as rows begin with them, with and without ordinal."""
    texts = {form for row in table.rows for label in (row.label, *row.aliases) for form in (bare(plain(label)), core(label))}
    return tuple(sorted(text for text in texts if len(text) > 4))


@cache
def _characters(table: Table) -> frozenset[str]:
    """Every character that the table's headings and labels print."""
    words = [*table.head, table.crossfoot or "", "单位万元件"]
    for block in table.blocks:
        words += [block.header, *(column.label + (column.group or "") for column in block.columns)]
        words += [label for row in block.rows for label in (row.label, *row.group)]
    return frozenset(bare(plain("".join(words))))


def _is_head(sheet: Sheet, number: int, words: frozenset[str], edition: ReportFormat) -> bool:
    text = sheet.row_bare(number)
    return words.issuperset(text) and heading_of(text, edition) is None


def _trim(sheet: Sheet, edition: ReportFormat, first: int, last: int) -> range:
    """A table's rows without the section heading or the sentences that follow its last figure."""
    for number in range(first + 1, last + 1):
        text = sheet.row_bare(number)
        if heading_of(text, edition) or (len(text) > 60 and "。" in sheet.row_plain(number)):
            return range(first, number)
    return range(first, last + 1)


def paragraphs(sheet: Sheet, rows: list[int]) -> list[str]:
    """Rows as paragraphs; visual lines of a page are joined where the sentence runs on."""
    found: list[list[str]] = []
    open_line = False
    for number in rows:
        row = sheet.row(number)
        text = " ".join(slot.text for slot in row.slots if slot.text).strip()
        if not text:
            continue
        box = row.slots[0].place.box if row.slots[0].place else None
        if open_line and found and box is not None:
            found[-1].append(text)
        else:
            found.append([text])
        open_line = box is not None and len(text) > 20 and text[-1] not in "。；：！？"
    return ["".join(parts) for parts in found]

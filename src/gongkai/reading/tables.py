"""Which edition a document follows, where its tables lie, and what they show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from gongkai.law import ReportFormat, Table, editions, report_format
from gongkai.reading.align import (
    Reading,
    Target,
    contradicts_form,
    core,
    doubt_columns,
    in_printed_order,
    label_text,
    read_one_row,
    read_rows,
    targets,
)
from gongkai.reading.plain import bare, plain
from gongkai.reading.sheet import Piece, Sheet, without_serials
from gongkai.report import Cell

# A statistics form is recognised by this many of its labels; fewer may stand in any narrative.
FEW_LABELS = 8

# A stretch with this share (one in so many) of a table's labels is part of a table, no mention in passing.
PARTIAL = 5

# A heading, with all its columns, is not longer than this.
HEAD = 160

# Characters of a long label that tell it from any other.
PART = 6

# Why nothing is read where tables stand more than once and none of them first and whole.
TWICE = "报告里不止一份统计表，分不清哪一份是本年度的"


@dataclass(slots=True)
class TablesRead:
    """All tables of a document: the edition, the cells, printed slips, and where the first slot of each table lies."""

    edition: str | None = None
    cells: dict[str, Cell] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    bounds: dict[str, tuple[int, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def _columns(name: str) -> tuple[str, ...]:
    labels = (core(column.label) for table in report_format(name).tables for block in table.blocks for column in block.columns)
    return tuple(dict.fromkeys(label for label in labels if len(label) > 3))


@cache
def column_words() -> dict[str, tuple[str, ...]]:
    """Edition → the column headings that do not stand in every edition of its kind."""
    words = {name: _columns(name) for name in editions()}
    common = set[str].intersection(*(set(own) for own in words.values() if own))
    return {name: tuple(word for word in own if word not in common) for name, own in words.items()}


@cache
def _longer(word: str) -> tuple[str, ...]:
    """Headings of any edition that hold this one inside."""
    return tuple({other for own in column_words().values() for other in own if word in other and word != other})


def _stands(flat: str, word: str) -> bool:
    """Whether a heading stands there in its own right, not only inside a longer one."""
    return flat.count(word) > sum(flat.count(other) for other in _longer(word))


def choose_edition(sheet: Sheet, year: int | None) -> str | None:
    """The edition whose own headings the document shows best; the year decides only where headings do not."""
    flat = sheet.flat
    found = {name: sum(_stands(flat, word) for word in words) for name, words in column_words().items()}
    best = max(found, key=lambda name: (2 * found[name] - len(column_words()[name]) if found[name] else -99, name == _by_year(year)))
    if found[best]:
        own = _by_year(year) if year else None
        return own if own and found[own] >= found[best] else best
    for name in editions():
        table = report_format(name).tables[0]
        if table.layout == "one_value":
            labels = sum(text in flat for target in targets(table, False) for text in target.cores[:1] if len(text) > 4)
            if labels >= FEW_LABELS:
                return name
    if any(first_label(name) in flat for name in editions()):
        return _by_year(year)
    return None


def _by_year(year: int | None) -> str | None:
    for name in editions():
        edition = report_format(name)
        if year is not None and edition.first_year <= year and (edition.last_year is None or year <= edition.last_year):
            return name
    return editions()[0]


@cache
def first_label(edition: str) -> str:
    """The first row label of the requests table, or of the only table."""
    tables = report_format(edition).tables
    table = tables[1] if len(tables) > 1 else tables[0]
    return core(table.rows[0].label)


def read_tables(sheet: Sheet, name: str | None) -> TablesRead:
    """Every statutory table of the document in the edition ``name``; a table that is not there leaves its cells ``missing``."""
    read = TablesRead(edition=name)
    if read.edition is None:
        return read
    edition = report_format(read.edition)
    if len(edition.tables) == 1:
        bounds = _statistics_region(sheet, edition.tables[0])
        whole = bounds is not None
        if bounds:
            reading = read_rows(sheet, _pieces(sheet, bounds), targets(edition.tables[0], False))
            _take(read, edition.tables[0], bounds, reading)
    else:
        whole = _read_three(sheet, edition, read)
    if not whole:
        read.notes.append(f"表格没有读取：{TWICE}，不能确定。")
        read.cells = {address: Cell("unclear", reason=TWICE) for address in edition.cells}
    for address in edition.cells:
        read.cells.setdefault(address, Cell("missing"))
    return read


def _read_three(sheet: Sheet, edition: ReportFormat, read: TablesRead) -> bool:
    """Tables two, three and four: the requests table, with its long labels, is found first and bounds the others.

    False when tables stand more than once and nothing tells which are the report's own: then none is read.
    """
    disclosure, inforequests, remedies = edition.tables
    found = _main_region(sheet, edition)
    if found is None:
        return False
    low, high, limit = found
    if low < high:
        pieces = _pieces(sheet, (low, high))
        wanted = targets(inforequests, merged=_prints_merged(label_text(pieces), inforequests))
        start = _head_before(sheet, inforequests, low)
        wanted = in_printed_order(sheet, wanted, start, low)
        reading = read_rows(sheet, pieces, wanted)
        head, body = sheet.slot_at(start), sheet.slot_at(low)
        if contradicts_form(sheet, wanted[0], range(head, body), range(body, sheet.slot_at(high - 1) + 1)):
            doubt_columns(reading, wanted)
        _take(read, inforequests, (low, high), reading)
    elif _stands_again(sheet.flat, disclosure):
        return False
    before = _disclosure_region(sheet, disclosure, low)
    if before:
        stops = (core(inforequests.crossfoot or ""), core(inforequests.rows[0].label))
        reading = read_rows(sheet, _pieces(sheet, before), targets(disclosure, False), stops)
        _head_slips(sheet, disclosure, before, reading)
        _take(read, disclosure, before, reading)
    after = _remedies_region(sheet, edition, high, limit)
    if after:
        if after[0] < low:  # the sections changed places
            after = after[0], min(after[1], low)
        _take(read, remedies, after, read_one_row(sheet, remedies, after))
    return True


def _statistics_region(sheet: Sheet, table: Table) -> tuple[int, int] | None:
    """The only table of its edition: from its heading, or from the first of its labels, to the end; ``None`` as in
    :func:`_first_table`."""
    flat = sheet.flat
    labels = [text for target in targets(table, False) for text in target.cores if len(text) > 4]
    starts = _starts(flat, labels)
    if not starts:
        return 0, len(flat)
    whole = _first_table(sheet, starts, labels)
    if whole is None:
        return None
    start, end = whole
    head = max((flat.rfind(word, 0, start) for word in table.head), default=-1)
    return (head if start - head < HEAD and head >= 0 else start), end


def _starts(flat: str, labels: Sequence[str], mark: str = "") -> list[int]:
    """Where each table of that kind begins.

    Its labels run through in order; where they start over, the next table begins. Of the labels found, the first two
    open a table, or the ``mark`` in its heading where they are damaged.
    """
    spots = sorted((at, number) for number, label in enumerate(labels) for at in _all(flat, label))
    begins = [0] + [at for (_, before), (at, number) in pairwise(spots) if number < before - len(labels) // 3]
    starts = []
    for low, high in zip(begins, [*begins[1:], len(flat)], strict=True):
        inside = [at for at, _ in spots if low <= at < high]
        if inside:
            opening = [at for at, number in spots if low <= at < high and number < 2]
            marked = [at for at in _all(flat, mark, max(low - HEAD, 0), high)] if mark else []
            starts.append((opening or marked or inside)[0])
    return starts


def _first_table(sheet: Sheet, starts: list[int], labels: Sequence[str]) -> tuple[int, int] | None:
    """The first stretch that shows most labels. A second table is last year's, set beside the report's own for comparison.

    ``None`` when an earlier stretch shows part of a table, so that nothing tells whether the whole one is the report's
    own, and when the next begins in the same paragraph, where they cannot be kept apart.
    """
    flat = sheet.flat
    ends = [*starts[1:], len(flat)]
    counts = [sum(flat.find(text, start, end) >= 0 for text in labels) for start, end in zip(starts, ends, strict=True)]
    chosen = next(index for index, count in enumerate(counts) if 2 * count >= max(counts))
    if any(PARTIAL * count >= max(counts) for count in counts[:chosen]):
        return None
    end = ends[chosen]
    last = max(flat.find(text, starts[chosen], end) for text in labels)
    if end < len(flat) and sheet.slot_at(end) == sheet.slot_at(last):
        return None
    return starts[chosen], end


def _stands_again(flat: str, disclosure: Table) -> bool:
    """Whether table two stands more than once in that text: then a table three behind it is not the first."""
    headers = [core(block.header) for block in disclosure.blocks if block.header]
    # A merged cell may be printed once in every column it covers.
    twice = [header for header in headers if flat.count(header) > 1]
    return sum(len(re.findall(f"(?:{re.escape(header)})+", flat)) > 1 for header in twice) > 1


def _pieces(sheet: Sheet, bounds: tuple[int, int]) -> list[Piece]:
    last = sheet.slot_at(max(bounds[1] - 1, bounds[0])) + 1
    # Empty places at the end of a row have no text of their own, but they tell which columns its figures stand in.
    while last < len(sheet.bare) and not sheet.bare[last] and sheet.row_of[last] == sheet.row_of[last - 1]:
        last += 1
    return without_serials(sheet.pieces(sheet.slot_at(bounds[0]), last))


def _head_before(sheet: Sheet, table: Table, low: int) -> int:
    """Where a table's heading begins: at its cross-footing sentence, or a little before its first row."""
    start = sheet.flat.rfind(core(table.crossfoot or ""), max(low - HEAD, 0), low)
    return start if start >= 0 else max(low - HEAD, 0)


def _take(read: TablesRead, table: Table, bounds: tuple[int, int], reading: Reading) -> None:
    read.cells.update(reading.cells)
    read.labels.update(reading.labels)
    read.notes += reading.notes
    read.bounds[table.id] = bounds


def _all(flat: str, text: str, low: int = 0, high: int | None = None) -> list[int]:
    spots, at = [], flat.find(text, low)
    while at >= 0 and (high is None or at < high):
        spots.append(at)
        at = flat.find(text, at + 1)
    return spots


def _main_region(sheet: Sheet, edition: ReportFormat) -> tuple[int, int, int] | None:
    """Where table three begins and ends, and where the next of its kind begins; ``None`` as in :func:`_first_table`.

    Begin at the end of the text, end at 0: it does not stand there.
    """
    flat = sheet.flat
    wanted = targets(edition.tables[1], False)
    long = [target.cores[0] for target in wanted if len(target.cores[0]) > 4]
    crossfoot = core(edition.tables[1].crossfoot or "")
    starts = _starts(flat, long, crossfoot)
    if not starts:
        return len(flat), 0, len(flat)
    whole = _first_table(sheet, starts, long)
    if whole is None or _stands_again(flat[: whole[0]], edition.tables[0]):
        return None
    start, end = whole
    # Where table two stands (again) behind the start, table three has ended.
    again = sorted(at for block in edition.tables[0].blocks if (at := flat.find(core(block.header), start, end)) >= 0)
    end = again[0] if len(again) > 1 else end
    if sum(flat.find(text, start, end) >= 0 for text in long) < 3:
        return len(flat), 0, len(flat)
    return start, _main_end(flat, edition, start, end), end


def _main_end(flat: str, edition: ReportFormat, start: int, end: int) -> int:
    """Table three ends where section four, its table's heading or section five begins."""
    last = targets(edition.tables[1], False)[-1].cores[0]
    after = flat.find(last, start, end)
    low = after + len(last) if after >= 0 else start + 1
    titles = [core(title) for section in edition.sections[3:] for title in (section.title, *section.aliases)]
    heads = [core(row.label) for row in edition.tables[2].rows[1:]] + [core(edition.tables[2].blocks[0].columns[0].label)]
    return min((at for text in (*titles, *heads) if (at := flat.find(text, low, end)) >= 0), default=end)


def _prints_merged(text: str, table: Table) -> bool:
    """Whether a merged row stands there instead of its parts: its own words are there, the long words of its parts are not."""
    for block in table.blocks:
        for row in block.merged_rows:
            parts = [core(part.label) for part in block.rows if part.id in row.replaces]
            # A wrapped label may be cut by figures, so the first words of a part are enough to show that it is printed.
            if core(row.label) in text and not any(part[:PART] in text for part in parts if len(part) > PART):
                return True
    return False


def _disclosure_region(sheet: Sheet, table: Table, low: int) -> tuple[int, int] | None:
    """Table two: from its last heading before table three; after it where the sections changed places."""
    flat = sheet.flat
    names = [table.blocks[0].header, table.blocks[0].columns[0].label, table.blocks[0].columns[1].label]
    words = [core(name) if not name.startswith("第") else bare(plain(name)) for name in names]
    for word in words:
        spots = [at for at in _all(flat, word) if at < low]
        if spots:
            return spots[-1], min(low, len(flat))
    for word in words:
        spots = _all(flat, word)
        if spots:
            return spots[-1], len(flat)
    first = table.rows[0].label
    slots = [index for index, text in enumerate(sheet.bare) if text == first and sheet.offsets[index] < low]
    return (sheet.offsets[slots[-1]], low) if slots else None


def _remedies_region(sheet: Sheet, edition: ReportFormat, low: int, limit: int) -> tuple[int, int] | None:
    """Table four: from its heading to section five, or to ``limit``, where another report's tables begin."""
    flat = sheet.flat
    table = edition.tables[2]
    words = [core(row.label) for row in table.rows[1:]] + [core(column.label) for column in table.blocks[0].columns[:2]]
    titles = [core(title) for section in edition.sections[4:] for title in (section.title, *section.aliases)]
    spots = [at for word in words for at in _all(flat, word, low, limit)] or [at for word in words for at in _all(flat, word, 0, low)]
    if not spots:
        return None
    start = min(spots)
    end = min((at for text in titles if (at := flat.find(text, start)) >= 0), default=len(flat))
    return start, min(end, limit) if start < limit else end


def _head_slips(sheet: Sheet, table: Table, bounds: tuple[int, int], reading: Reading) -> None:
    """Column headings printed with a slip, such as a lost or changed character."""
    flat = sheet.flat[bounds[0] : bounds[1]]
    lost = [(column, core(column.label)) for block in table.blocks for column in block.columns if core(column.label) not in flat]
    if not lost:
        return
    from rapidfuzz import fuzz

    known = {core(column.label) for block in table.blocks for column in block.columns}
    texts = [
        text
        for text in sheet.bare[sheet.slot_at(bounds[0]) : sheet.slot_at(bounds[1] - 1) + 1]
        if 3 <= len(text) <= 14 and text not in known
    ]
    for column, label in lost:
        text = max(texts, key=lambda item: fuzz.ratio(item, label), default="")
        if text and fuzz.ratio(text, label) >= 70 and text not in label:
            reading.labels[f"{table.id}.column.{column.id}"] = text


__all__ = ["TablesRead", "Target", "choose_edition", "read_tables"]

r"""The standard catalogues of counties and townships (基层政务公开标准目录): their fields, and a local catalogue read from CSV.

>>> fields()[0].title, len(fields())
('重大建设项目', 26)
>>> read_catalog("一级事项,公开方式\n").problems[0].words
'第1行：表头缺少“序号”“公开内容（要素）”“公开依据”“公开时限”“公开主体”“公开渠道和载体”“公开对象”；请补上这些列，表头分成两行的要合并成一行。'
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gongkai.law.store import LawMissing, load

MOST_CHARACTERS = 4_000_000
MOST_ROWS = 20_000
MOST_PROBLEMS = 200
_HEADING_WITHIN = 10  # a sheet may begin with its title and the day it was made
_BLANKS = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[、，,；;/\n\r]+")


@dataclass(frozen=True, slots=True)
class CatalogField:
    """A field of work with a standard catalogue of its own, such as ``g17`` 食品药品监管; ``aliases`` are other names in use."""

    id: str
    title: str
    basis: str
    confidence: str
    confirmed_on: datetime.date | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogColumn:
    """A column of a catalogue: ``label`` as printed, ``longest`` in characters, ``choices`` id → words, empty for free text."""

    id: str
    label: str
    longest: int
    required: bool
    aliases: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """One entry of a catalogue as its own words; ``line`` is where it begins in the file, from 1.

    ``channels`` are those chosen. ``audience`` is ``everyone`` or ``particular`` with whatever stands behind it in
    ``audience_note``; ``mode`` is ``proactive`` or ``on_request``.
    """

    line: int
    number: str
    matter: str
    sub_matter: str
    content: str
    grounds: str
    limit: str
    organ: str
    channels: tuple[str, ...]
    audience: str
    audience_note: str
    mode: str


@dataclass(frozen=True, slots=True)
class CatalogProblem:
    """Something that keeps a catalogue from being imported: where, what, and what to do. ``column`` is ``None`` for a whole line."""

    line: int
    column: str | None
    what: str
    to_do: str

    @property
    def words(self) -> str:
        """The problem as one Chinese sentence."""
        place = f"第{self.line}行" + (f"“{self.column}”" if self.column else "")
        return f"{place}：{self.what}；{self.to_do}。"


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A catalogue that was read. ``rows`` is empty as soon as there is any problem: nothing is imported by half.

    ``left_out`` names columns of the file that a catalogue does not have; they are not imported, and whoever imports says so.
    """

    rows: tuple[CatalogRow, ...]
    problems: tuple[CatalogProblem, ...]
    left_out: tuple[str, ...] = ()


class _Stop(Exception):
    """The file cannot be read any further."""

    def __init__(self, problem: CatalogProblem) -> None:
        super().__init__(problem.what)
        self.problem = problem


_Record = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class _Heading:
    """The cells of the heading, where each column stands, and the cells that name no column."""

    cells: tuple[str, ...]
    places: Mapping[str, int]
    left_out: tuple[str, ...]

    def label(self, place: int) -> str:
        return self.cells[place] if place < len(self.cells) else ""


@cache
def fields() -> tuple[CatalogField, ...]:
    """The fields of work, in the order of the data."""
    data = load("duties/grassroots")
    return tuple(
        CatalogField(
            entry["id"], entry["title"], data["basis"], entry["confidence"], data["confirmed_on"], aliases=tuple(entry.get("aliases", ()))
        )
        for entry in data["fields"]
    )


def catalog_field(name: str) -> CatalogField:
    """The field with that id; :class:`LawMissing` when there is none."""
    for entry in fields():
        if entry.id == name:
            return entry
    raise LawMissing(f"没有代号为“{name}”的标准目录领域。")


@cache
def catalog_columns() -> tuple[CatalogColumn, ...]:
    """The columns of a catalogue, in the order in which they are printed; their labels make an empty table to fill in."""
    return tuple(
        CatalogColumn(
            id=entry["id"],
            label=entry["label"],
            longest=entry["longest"],
            required=entry.get("required", True),
            aliases=tuple(entry.get("aliases", ())),
            choices={name: tuple(words) for name, words in entry.get("choices", {}).items()},
        )
        for entry in load("duties/grassroots")["columns"]
    )


def read_catalog(text: str) -> CatalogTable:
    """A local catalogue from the text of a CSV file, or every problem that keeps it from being imported, line by line.

    Columns may stand in any order, lines may stand before the heading, a byte order mark and tabs instead of commas are accepted.
    Bounded: ``MOST_CHARACTERS`` of text, ``MOST_ROWS`` entries, ``MOST_PROBLEMS`` problems. Raises nothing.
    """
    try:
        records = _records(text)
        heading = _heading(records)
        found = list(_entries(records, heading))
    except _Stop as stop:
        return CatalogTable((), (stop.problem,))
    problems = tuple(item for item in found if isinstance(item, CatalogProblem))
    rows = tuple(item for item in found if isinstance(item, CatalogRow))
    return CatalogTable(() if problems else rows, problems, heading.left_out)


def _records(text: str) -> Iterator[_Record]:
    """Lines with something in them, each with the number of the line it begins on."""
    text = text.removeprefix("\ufeff")
    if len(text) > MOST_CHARACTERS:
        raise _Stop(CatalogProblem(1, None, f"文件超过{MOST_CHARACTERS}个字符", "请分成几个文件导入"))
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter="\t" if "\t" in first and "," not in first else ",")
    return _numbered(reader)


def _numbered(reader: Any) -> Iterator[_Record]:
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            raise _Stop(
                CatalogProblem(line, None, "这一行不符合CSV格式（引号不成对，或者单元格过长）", "请改正引号，或者从表格软件重新导出")
            ) from None
        if any(cells):
            yield line, cells


def _heading(records: Iterator[_Record]) -> _Heading:
    """The heading of the table; the records are left behind it."""
    line = 1
    for n_lines, (line, cells) in enumerate(records, start=1):
        known = [_column_of(cell) for cell in cells]
        if sum(column is not None for column in known) > 1:
            return _Heading(tuple(cells), _places(line, known), tuple(cell for cell in cells if cell and not _column_of(cell)))
        if n_lines == _HEADING_WITHIN:
            break
    labels = "、".join(column.label for column in catalog_columns())
    raise _Stop(CatalogProblem(line, None, "没有找到表头", f"请在前{_HEADING_WITHIN}行内写上表头：{labels}"))


def _places(line: int, known: list[CatalogColumn | None]) -> dict[str, int]:
    ids = [column.id if column else None for column in known]
    for column in catalog_columns():
        if ids.count(column.id) > 1:
            raise _Stop(CatalogProblem(line, column.label, "表头中出现了两次", "请只保留一列"))
    missing = [f"“{column.label}”" for column in catalog_columns() if column.id not in ids and column.required]
    if missing:
        raise _Stop(CatalogProblem(line, None, "表头缺少" + "".join(missing), "请补上这些列，表头分成两行的要合并成一行"))
    return {name: place for place, name in enumerate(ids) if name}


def _entries(records: Iterator[_Record], heading: _Heading) -> Iterator[CatalogRow | CatalogProblem]:
    n_rows = n_problems = 0
    seen: dict[tuple[str, str, str], int] = {}
    for line, cells in records:
        n_rows += 1
        if n_rows > MOST_ROWS:
            raise _Stop(CatalogProblem(line, None, f"条目超过{MOST_ROWS}条", "请分成几个文件导入"))
        for item in _entry(line, cells, heading, seen):
            n_problems += isinstance(item, CatalogProblem)
            if n_problems > MOST_PROBLEMS:
                yield CatalogProblem(line, None, f"问题超过{MOST_PROBLEMS}个，这一行起没有再查", "请先改正以上问题，再重新导入")
                return
            yield item
    if not n_rows:
        yield CatalogProblem(1, None, "表头下面没有任何条目", "请填写目录后再导入")


def _entry(line: int, cells: list[str], heading: _Heading, seen: dict[tuple[str, str, str], int]) -> Iterator[CatalogRow | CatalogProblem]:
    """One line as an entry, or the problems of its cells."""
    stray = [number for number, cell in enumerate(cells) if cell and not heading.label(number)]
    if stray:
        to_do = "请补上表头；单元格里有逗号的，要用英文双引号括起来"
        yield CatalogProblem(line, None, f"第{stray[0] + 1}格有内容，但是没有对应的表头", to_do)
        return
    places = {column.id: heading.places.get(column.id, len(cells)) for column in catalog_columns()}
    texts = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
    problems = [problem for column in catalog_columns() if (problem := _cell_problem(line, column, texts[column.id]))]
    key = (texts["matter"], texts["sub_matter"], texts["content"])
    if not problems and key in seen:
        problems.append(CatalogProblem(line, None, f"与第{seen[key]}行的事项和公开内容相同", "请合并，或者删去其中一行"))
    seen.setdefault(key, line)
    if problems:
        yield from problems
    else:
        yield _row(line, texts)


def _cell_problem(line: int, column: CatalogColumn, text: str) -> CatalogProblem | None:
    if not text:
        to_do = "请填写；表格中合并的单元格，要先取消合并并逐行填上"
        return CatalogProblem(line, column.label, "没有内容", to_do) if column.required else None
    if len(text) > column.longest:
        return CatalogProblem(line, column.label, f"有{len(text)}个字符，最多{column.longest}个", "请缩短")
    if column.id == "channels" and not _chosen(text):
        return CatalogProblem(line, column.label, "没有勾选任何渠道", "请至少勾选一个")
    if column.choices and (len(found := _choices(column, text)) != 1 or not found[0][0]):
        allowed = "”或者“".join(words[0] for words in column.choices.values())
        return CatalogProblem(line, column.label, f"“{text[:20]}”不认识，或者不止一种", f"请只写“{allowed}”")
    return None


def _row(line: int, texts: Mapping[str, str]) -> CatalogRow:
    columns = {column.id: column for column in catalog_columns()}
    plain = {name: texts[name] for name in ("number", "matter", "sub_matter", "content", "grounds", "limit", "organ")}
    (audience, note), *_ = _choices(columns["audience"], texts["audience"])
    (mode, _), *_ = _choices(columns["mode"], texts["mode"])
    return CatalogRow(line=line, **plain, channels=tuple(_chosen(texts["channels"])), audience=audience, audience_note=note, mode=mode)


def _choices(column: CatalogColumn, text: str) -> list[tuple[str, str]]:
    """The choices that a cell names, each with what stands behind it; the id is empty for a word that is no choice."""
    return [_choice(column, part) for part in _marked(text) or [text]]


def _choice(column: CatalogColumn, text: str) -> tuple[str, str]:
    words = sorted(((word, name) for name, listed in column.choices.items() for word in listed), key=lambda pair: -len(pair[0]))
    for word, name in words:
        rest = text.removeprefix(word)
        if rest != text and (not rest or rest[0] in "（(：:"):
            return name, rest.strip("（()）：: ")
    return "", text


def _chosen(text: str) -> list[str]:
    """What a cell lists: the parts behind a filled box when there are boxes, else the parts between separators."""
    marked = _marked(text)
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()] if marked is None else marked


def _marked(text: str) -> list[str] | None:
    """The parts behind a filled box, ``None`` when there is no box at all."""
    ticks = load("duties/grassroots")["ticks"]
    parts = re.split(f"([{ticks['chosen']}{ticks['unchosen']}])", text)
    if len(parts) == 1:
        return None
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return [words for mark, part in pairs if mark in ticks["chosen"] and (words := part.strip("、，,；;/_＿ \n\r\t"))]


def _column_of(heading: str) -> CatalogColumn | None:
    return _headings().get(_plain(heading))


@cache
def _headings() -> Mapping[str, CatalogColumn]:
    return {_plain(word): column for column in catalog_columns() for word in (column.label, *column.aliases)}


def _plain(heading: str) -> str:
    """A heading without blanks, asterisks and the difference between wide and narrow brackets."""
    return _BLANKS.sub("", heading).strip("*").translate({ord("("): "（", ord(")"): "）"})

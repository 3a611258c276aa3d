"""A Word document (.docx) → Grid.

One walk over ``word/document.xml`` with lxml. A reader of the page sees inserted text, the numbers that Word counts by
itself, content controls and text boxes; tracked deletions, hidden and struck text, comments, headers, footnotes and the
author's data are kept apart in ``Grid.hidden``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gongkai.reading.archive import Archive
from gongkai.reading.docx.numbering import Numbering, W
from gongkai.reading.flow import Item, TableDraft, grid_rows, join_lines
from gongkai.reading.grid import Grid, HiddenPart, Unreadable
from gongkai.reading.properties import read_properties

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BYTES = 64_000_000
_VAL = W + "val"
_OFF = frozenset(("0", "false", "off", "none"))
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|TOC)\b", re.IGNORECASE)
_FIGURE_END = re.compile(r"[0-9０-９.]\s*\Z")
_PARTS_BESIDE = re.compile(r"word/(header|footer|footnotes|endnotes|comments)\d*\.xml")
_KINDS_BESIDE = {"header": "header", "footer": "footer", "footnotes": "footnote", "endnotes": "footnote", "comments": "comment"}


def read_docx(data: bytes) -> Grid:
    """Read a .docx (or .docm) of at most 64 MB; Unreadable when it is larger, encrypted, damaged or holds no text."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"文件过大（{len(data) / 1_000_000:.0f}MB），超过{MAX_BYTES // 1_000_000}MB的上限，未读取。")
    archive = Archive(data)
    root = archive.xml(_main_part(archive))
    if root is None:
        raise Unreadable("文件不是有效的Word文档：缺少正文部分（word/document.xml）。")
    reader = _Reader(_numbering(archive, root))
    reader.read(root)
    grid = Grid(grid_rows(reader.items), hidden=reader.hidden, notes=reader.notes)
    _read_beside(archive, grid)
    grid.title = read_properties(archive, grid)
    if not grid.rows:
        pictures = any(name.startswith("word/media/") for name in archive.names)
        raise Unreadable("文档里只有图片，没有文字；请转成PDF后按扫描件读取。" if pictures else "文档里没有任何文字。")
    return grid


def _main_part(archive: Archive) -> str:
    """The name of the main part, as the container's relations give it."""
    relations = archive.xml("_rels/.rels")
    for relation in () if relations is None else relations:
        if relation.get("Type", "").endswith("/officeDocument"):
            return relation.get("Target", "").lstrip("/")
    return "word/document.xml"


def _numbering(archive: Archive, root: _Element) -> Numbering:
    """The automatic numbers; the (large) styles are looked at only when a paragraph may be numbered through its style."""
    numbering = archive.xml("word/numbering.xml")
    styled = numbering is not None and next(root.iter(W + "pStyle"), None) is not None
    return Numbering(numbering, archive.read("word/styles.xml") if styled else None)


def _read_beside(archive: Archive, grid: Grid) -> None:
    """Comments, notes, headers and footers, a part for each paragraph."""
    for name in archive.names:
        if (found := _PARTS_BESIDE.fullmatch(name)) and (root := archive.xml(name)) is not None:
            for paragraph in root.iter(W + "p"):
                text = " ".join("".join(str(node.text or "") for node in paragraph.iter(W + "t")).split())
                if text:
                    comment = next(paragraph.iterancestors(W + "comment"), None)
                    where = "" if comment is None else comment.get(W + "author", "")
                    grid.hidden.append(HiddenPart(_KINDS_BESIDE[found.group(1)], text, where))


@dataclass(slots=True)
class _Paragraph:
    """The paragraph being read. ``boxes`` is what its text boxes hold; they are read after it."""

    pieces: list[str] = field(default_factory=list)
    style: str | None = None
    number: str | None = None
    level: str | None = None
    boxes: list[Item] = field(default_factory=list)
    labelled: bool = False


@dataclass(slots=True)
class _Cell:
    """The cell being read; ``outer`` is the list that its table stands in."""

    outer: list[Item]
    span: int = 1
    merged: bool = False


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    muted: bool = False


class _Reader:
    """The walk: a table of what to do where an element begins and ends; all others are looked through.

    A method for the beginning of an element returns true when its contents are done with.
    """

    def __init__(self, numbering: Numbering) -> None:
        self.items: list[Item] = []
        self.hidden: list[HiddenPart] = []
        self.notes: list[str] = []
        self.numbering = numbering
        self.paragraph = _Paragraph()
        self.paragraphs: list[_Paragraph] = []
        self.tables: list[TableDraft] = []
        self.rows: list[str | None] = []
        self.cells: list[_Cell] = []
        self.boxes: list[list[Item]] = []
        self.fields: list[_Field] = []
        self.balanced = True
        self.muted = 0
        self.run_hidden: str | None = None
        self.run_raised = False

    def read(self, root: _Element) -> None:
        """Walk over the whole part."""
        from lxml import etree

        types = [node.get(W + "fldCharType") for node in root.iter(W + "fldChar")]
        self.balanced = types.count("begin") == types.count("end")
        walker = etree.iterwalk(root, events=("start", "end"), tag=_TAGS)
        for event, element in walker:
            if event == "start":
                enter = _ENTER.get(element.tag)
                if enter is not None and enter(self, element):
                    walker.skip_subtree()
            elif (leave := _LEAVE.get(element.tag)) is not None:
                leave(self)

    # Paragraphs and runs

    def start_paragraph(self, element: _Element) -> None:
        self.paragraphs.append(self.paragraph)
        self.paragraph = _Paragraph()

    def end_paragraph(self) -> None:
        self.end_line()
        self.items.extend(self.paragraph.boxes)
        self.paragraph = self.paragraphs.pop()

    def end_line(self) -> None:
        """The text since the last line break, behind the paragraph's number; a line of nothing counts in a cell."""
        paragraph = self.paragraph
        text = _tidy("".join(paragraph.pieces), keep_tabs=not self.cells)
        paragraph.pieces.clear()
        if not paragraph.labelled and (paragraph.number or paragraph.style):
            paragraph.labelled = True
            label = self.numbering.label(paragraph.style, paragraph.number, paragraph.level)
            if text and label:
                text = f"{label} {text}" if _FIGURE_END.search(label) and text[0].isdigit() else label + text
        if text or self.cells:
            self.items.append(text)

    def style(self, element: _Element) -> None:
        self.paragraph.style = element.get(_VAL)

    def number(self, element: _Element) -> None:
        self.paragraph.number = element.get(_VAL)

    def level(self, element: _Element) -> None:
        self.paragraph.level = element.get(_VAL)

    def start_run(self, element: _Element) -> None:
        self.end_run()

    def end_run(self) -> None:
        self.run_hidden, self.run_raised = None, False

    def vanish(self, element: _Element) -> None:
        if _is_on(element) and _is_of_run(element):
            self.run_hidden = "hidden_text"

    def strike(self, element: _Element) -> None:
        if _is_on(element) and _is_of_run(element):
            self.run_hidden = self.run_hidden or "struck_text"

    def raised(self, element: _Element) -> None:
        self.run_raised = element.get(_VAL) in ("superscript", "subscript") and _is_of_run(element)

    def text(self, element: _Element) -> None:
        text = element.text
        if not text or self.muted:
            return
        pieces = self.paragraph.pieces
        if self.run_hidden:
            self.hidden.append(HiddenPart(self.run_hidden, text))
        elif self.run_raised and text[0].isdigit() and pieces and _FIGURE_END.search(pieces[-1]):
            pieces.append(f"[{text}]")
        else:
            pieces.append(text)

    def tab(self, element: _Element) -> None:
        if element.getparent().tag == W + "r" and not self.muted:  # type: ignore[union-attr]
            self.paragraph.pieces.append("\t")

    def hyphen(self, element: _Element) -> None:
        self.paragraph.pieces.append("-")

    def line_break(self, element: _Element) -> None:
        if not self.muted and not self.run_hidden:
            self.end_line()

    # Fields: page numbers and the table of contents are not the author's text

    def field(self, element: _Element) -> None:
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self.fields.append(_Field())
        elif self.fields and kind == "separate":
            self.fields[-1].muted = self._mutes(self.fields[-1].instruction)
            self.muted += self.fields[-1].muted
        elif self.fields and kind == "end":
            self.muted -= self.fields.pop().muted

    def instruction(self, element: _Element) -> None:
        if self.fields:
            self.fields[-1].instruction += element.text or ""

    def simple_field(self, element: _Element) -> bool:
        return self._mutes(element.get(W + "instr", ""))

    def _mutes(self, instruction: str) -> bool:
        found = _PAGE_FIELD.match(instruction) if self.balanced else None
        if found and "TOC" in found.group().upper():
            self.notes.append("文档中自动生成的目录未作正文读取。")
        return found is not None

    # Changes and what is not there

    def deleted(self, element: _Element) -> bool:
        parent = element.getparent()
        if parent is not None and parent.tag == W + "trPr" and self.rows:
            self.rows[-1] = "tracked_deletion"
        elif text := "".join(node.text or "" for node in element.iter(W + "delText", W + "t")):
            self.hidden.append(HiddenPart("tracked_deletion", text, element.get(W + "author", "")))
        return True

    def fallback(self, element: _Element) -> bool:
        previous = element.getprevious()
        return previous is not None and previous.tag == _COMPATIBLE + "Choice"

    def control(self, element: _Element) -> bool:
        """A content control that still shows its prompt has no content."""
        prompt = element.find(f"{W}sdtPr/{W}showingPlcHdr")
        return prompt is not None and _is_on(prompt) and next(element.iter(W + "tc"), None) is None

    def skip(self, element: _Element) -> bool:
        return True

    def foreign(self, element: _Element) -> None:
        self.notes.append("文档里嵌有另一份文档或对象，其内容未读取。")

    # Text boxes and tables

    def start_box(self, element: _Element) -> None:
        self.boxes.append(self.items)
        self.items = []

    def end_box(self) -> None:
        inner = self.items
        self.items = self.boxes.pop()
        (self.paragraph.boxes if self.paragraphs else self.items).extend(item for item in inner if item)

    def start_table(self, element: _Element) -> None:
        self.tables.append(TableDraft())

    def end_table(self) -> None:
        self.items.extend(self.tables.pop().finish())

    def start_row(self, element: _Element) -> None:
        self.tables[-1].start_row()
        self.rows.append(None)

    def end_row(self) -> None:
        self.rows.pop()

    def hidden_row(self, element: _Element) -> None:
        if _is_on(element) and element.getparent().tag == W + "trPr" and self.rows:  # type: ignore[union-attr]
            self.rows[-1] = "hidden_row"

    def columns_before(self, element: _Element) -> None:
        if self.tables:
            self.tables[-1].skip_columns(_number(element))

    def start_cell(self, element: _Element) -> None:
        self.cells.append(_Cell(self.items))
        self.items = []

    def end_cell(self) -> None:
        cell, items = self.cells.pop(), self.items
        self.items = cell.outer
        gone = self.rows[-1] if self.rows else None
        if gone is None and not cell.merged:
            self.tables[-1].add_cell(items, cell.span)
            return
        self.tables[-1].skip_columns(cell.span)
        text = join_lines([item if isinstance(item, str) else " ".join(text for text, _, _ in item.cells) for item in items])
        if text:
            self.hidden.append(HiddenPart(gone or "merged_cell", text))

    def span(self, element: _Element) -> None:
        if self.cells:
            self.cells[-1].span = max(_number(element), 1)

    def merge(self, element: _Element) -> None:
        if self.cells:
            self.cells[-1].merged = element.get(_VAL, "continue") == "continue"


def _tidy(raw: str, *, keep_tabs: bool) -> str:
    """``raw`` with single blanks; a line with two tabs or more inside keeps them, because they are columns."""
    if keep_tabs and raw.strip().count("\t") > 1:
        return "\t".join(" ".join(part.split()) for part in raw.split("\t"))
    return " ".join(raw.split())


def _is_on(element: _Element) -> bool:
    return element.get(_VAL, "1") not in _OFF


def _is_of_run(element: _Element) -> bool:
    """Whether a property belongs to a run of text, not to a paragraph's mark or a style."""
    holder = element.getparent()
    return holder is not None and (owner := holder.getparent()) is not None and owner.tag == W + "r"


def _number(element: _Element) -> int:
    value = element.get(_VAL, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


_ENTER: dict[Any, Callable[[_Reader, _Element], bool | None]] = {
    W + "p": _Reader.start_paragraph,
    W + "r": _Reader.start_run,
    W + "t": _Reader.text,
    _MATH + "t": _Reader.text,
    W + "tab": _Reader.tab,
    W + "ptab": _Reader.tab,
    W + "noBreakHyphen": _Reader.hyphen,
    W + "br": _Reader.line_break,
    W + "cr": _Reader.line_break,
    W + "pStyle": _Reader.style,
    W + "numId": _Reader.number,
    W + "ilvl": _Reader.level,
    W + "vanish": _Reader.vanish,
    W + "strike": _Reader.strike,
    W + "dstrike": _Reader.strike,
    W + "vertAlign": _Reader.raised,
    W + "fldChar": _Reader.field,
    W + "instrText": _Reader.instruction,
    W + "fldSimple": _Reader.simple_field,
    W + "del": _Reader.deleted,
    W + "moveFrom": _Reader.deleted,
    W + "rt": _Reader.skip,
    **{
        W + name: _Reader.skip
        for name in ("pPrChange", "rPrChange", "tcPrChange", "trPrChange", "tblPrChange", "sectPrChange", "numberingChange")
    },
    _COMPATIBLE + "Fallback": _Reader.fallback,
    W + "sdt": _Reader.control,
    W + "altChunk": _Reader.foreign,
    W + "object": _Reader.foreign,
    W + "txbxContent": _Reader.start_box,
    W + "tbl": _Reader.start_table,
    W + "tr": _Reader.start_row,
    W + "hidden": _Reader.hidden_row,
    W + "gridBefore": _Reader.columns_before,
    W + "tc": _Reader.start_cell,
    W + "gridSpan": _Reader.span,
    W + "vMerge": _Reader.merge,
    W + "hMerge": _Reader.merge,
}
_LEAVE: dict[Any, Callable[[_Reader], None]] = {
    W + "p": _Reader.end_paragraph,
    W + "r": _Reader.end_run,
    W + "txbxContent": _Reader.end_box,
    W + "tbl": _Reader.end_table,
    W + "tr": _Reader.end_row,
    W + "tc": _Reader.end_cell,
}
_TAGS = tuple({*_ENTER, *_LEAVE})

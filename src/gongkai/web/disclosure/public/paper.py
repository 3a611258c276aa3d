"""A published item as a document: what its page says, on the page of GB/T 9704, as DOCX or PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from lxml import html

from gongkai.report.render import write_page
from gongkai.report.render.layout import LayoutCell, Spot, TableLayout
from gongkai.report.render.outline import Outline, Paragraph, Part
from gongkai.web.disclosure.models import Publication

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_WIDTH, _LABEL = 156.0, 28.0
# From so many columns on a table is set in small type; from so many on there is nothing a page could show.
_NARROW, _MOST_COLUMNS = 8, 40
_HEADINGS = {"h2", "h3", "h4"}


def write(publication: Publication, kind: str, facts: Sequence[tuple[str, str]], notes: Iterable[str] = ()) -> bytes:
    """The document: title, ``notes`` (that it is no longer in force, and why), the ``facts`` as a table, the text, the names of its files."""
    content = publication.revision.content
    files = [Paragraph(f"附件{number}：{row['name']}") for number, row in enumerate(content.get("attachments", []), start=1)]
    page = Outline(
        title=content["title"],
        organ=publication.agency.name,
        year=None,
        published_on=publication.published_on,
        preface=tuple(Paragraph(note) for note in notes),
        parts=(_part(0, (), (_facts(facts),)), *_parts(content["body"]), _part(9999, files, ())),
    )
    return write_page(page, kind)


def _part(number: int, paragraphs: Sequence[Paragraph], tables: Sequence[TableLayout]) -> Part:
    return Part(f"part{number}", "", tuple(paragraphs), tuple(tables))


def _facts(facts: Sequence[tuple[str, str]]) -> TableLayout:
    cells = []
    for row, (label, value) in enumerate(facts):
        cells += [LayoutCell(label, Spot(row, 0), scope="row"), LayoutCell(value, Spot(row, 1), scope="row")]
    return TableLayout("facts", "基本情况", (_LABEL, _WIDTH - _LABEL), tuple(cells), n_rows=len(facts))


def _parts(body: str) -> Iterator[Part]:
    """The text in pieces: paragraphs, then the table that follows them."""
    numbers, lines = count(1), list[Paragraph]()
    for block in _blocks(html.fragment_fromstring(body, create_parent="div")):
        if isinstance(block, Paragraph):
            lines.append(block)
        else:
            yield _part(next(numbers), lines, (block,))
            lines = []
    if lines:
        yield _part(next(numbers), lines, ())


def _blocks(parent: html.HtmlElement) -> Iterator[Paragraph | TableLayout]:
    for element in parent:
        if element.tag == "table":
            caption = element.find("caption")
            if caption is not None:
                yield Paragraph(_text(caption))
            table = _table(element)
            if table is not None:
                yield table
        elif element.tag in ("ul", "ol"):
            yield from _items(element)
        elif element.tag == "blockquote":
            yield from _blocks(element) if len(element) else iter((Paragraph(_text(element)),))
        else:
            yield from (Paragraph(line, element.tag in _HEADINGS) for line in _lines(element))


def _items(element: html.HtmlElement) -> Iterator[Paragraph | TableLayout]:
    for number, item in enumerate(element.iterchildren("li"), start=1):
        mark = f"{number}. " if element.tag == "ol" else "· "
        inner = [child for child in item if child.tag in ("ul", "ol", "table", "p", "blockquote")]
        own = _text(item, leave=inner)
        if own:
            yield Paragraph(mark + own)
            mark = ""
        for child in inner:
            if child.tag == "p":
                yield Paragraph(mark + _text(child))
                mark = ""
            else:
                holder = html.Element("div")
                holder.append(child)
                yield from _blocks(holder)


def _lines(element: html.HtmlElement) -> list[str]:
    """The lines of a paragraph, which a break may part."""
    for broken in element.iter("br"):
        broken.tail = "\n" + (broken.tail or "")
    return [line for line in (" ".join(part.split()) for part in element.text_content().split("\n")) if line]


def _text(element: html.HtmlElement, leave: Sequence[html.HtmlElement] = ()) -> str:
    left_out = {id(inner) for one in leave for inner in one.iter()}
    words = [element.text or ""]
    for inner in element.iterdescendants():
        if id(inner) not in left_out:
            words.append(inner.text or "")
        if id(inner) not in left_out or inner in leave:
            words.append(inner.tail or "")
    return " ".join("".join(words).split())


@dataclass(slots=True)
class _Grid:
    """Where cells of a table come to stand when some of them span."""

    taken: set[tuple[int, int]] = field(default_factory=set)
    cells: list[LayoutCell] = field(default_factory=list)

    def put(self, row: int, text: str, rowspan: int, colspan: int, scope: str) -> None:
        column = next(place for place in count() if (row, place) not in self.taken)
        self.taken |= {(row + down, column + right) for down in range(rowspan) for right in range(colspan)}
        self.cells.append(LayoutCell(text, Spot(row, column), rowspan, colspan, scope))


def _table(element: html.HtmlElement) -> TableLayout | None:
    grid, rows = _Grid(), list(element.iter("tr"))
    heads = set()
    for number, row in enumerate(rows):
        cells = [cell for cell in row if cell.tag in ("th", "td")]
        if cells and all(cell.tag == "th" for cell in cells):
            heads.add(number)
        for cell in cells:
            down = min(_span(cell, "rowspan"), len(rows) - number)
            scope = "" if cell.tag == "td" else "col" if number in heads else "row"
            grid.put(number, _text(cell), down, _span(cell, "colspan"), scope)
    width = max((place[1] + 1 for place in grid.taken), default=0)
    if not 0 < width <= _MOST_COLUMNS:
        return None
    for number in range(len(rows)):
        while any((number, place) not in grid.taken for place in range(width)):
            grid.put(number, "", 1, 1, "")
    leading = next((number for number in range(len(rows)) if number not in heads), len(rows))
    return TableLayout(
        "table", "表格", (_WIDTH / width,) * width, tuple(grid.cells), frozenset(heads),
        repeat=leading if leading < len(rows) else 0, compact=width > _NARROW, n_rows=len(rows),
    )  # fmt: skip


def _span(cell: html.HtmlElement, name: str) -> int:
    said = cell.get(name, "1")
    return max(1, min(int(said), _MOST_COLUMNS)) if said.isdecimal() else 1

"""The report as one accessible web page: no script, no reference to anything outside, styles inside.

Every figure names its headings (``headers``), wide tables scroll in a region that the keyboard reaches, and the page
prints on A4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

from gongkai.report.render.layout import DOUBT, LayoutCell, Spot, TableLayout
from gongkai.report.render.outline import Outline, Paragraph, Part

# What is no figure because nobody could tell what stands there.
_UNREAD = ("missing", "unclear")
_STYLE = Path(__file__).with_name("page.css")


def write(page: Outline) -> bytes:
    """The whole page as UTF-8."""
    return "\n".join(_page(page)).encode() + b"\n"


def tables(page: Outline) -> str:
    """The tables alone, each under the heading of its section, without any style. A cell that was not read is marked as doubtful."""
    return "\n".join(line for part in page.parts if part.tables for line in _bare(part))


def _bare(part: Part) -> Iterator[str]:
    yield f'<section aria-labelledby="{part.id}">\n<h3 id="{part.id}">{escape(part.heading)}</h3>'
    for table in part.tables:
        cells = tuple(replace(cell, text=DOUBT) if cell.cell and cell.cell.kind in _UNREAD else cell for cell in table.cells)
        yield from _table(replace(table, cells=cells), part, has_style=False)
    yield "</section>"


def _page(page: Outline) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(page.title)}</title>"
    # Names of 网页标签规范 (国办发〔2017〕47号), so that a portal may publish the page as it is.
    yield f'<meta name="ArticleTitle" content="{escape(page.title)}">'
    if page.published_on:
        yield f'<meta name="PubDate" content="{page.published_on.isoformat()}">'
    if page.organ:
        yield f'<meta name="ContentSource" content="{escape(page.organ)}">'
    yield f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<main>"
    yield f"<header>\n<h1>{'<wbr>'.join(escape(line) for line in page.title_lines)}</h1>"
    if page.published_on:
        yield f'<p class="date"><time datetime="{page.published_on.isoformat()}">{page.dateline}</time></p>'
    yield "</header>"
    yield from _paragraphs(page.preface)
    for part in page.parts:
        yield from _part(part)
    yield "</main>\n</body>\n</html>"


def _part(part: Part) -> Iterator[str]:
    yield f'<section aria-labelledby="{part.id}">\n<h2 id="{part.id}">{escape(part.heading)}</h2>'
    yield from _paragraphs(part.paragraphs)
    for table in part.tables:
        yield from _table(table, part)
    yield "</section>"


def _paragraphs(paragraphs: Iterable[Paragraph]) -> Iterator[str]:
    for paragraph in paragraphs:
        tag = "h3" if paragraph.subheading else "p"
        yield f"<{tag}>{escape(paragraph.text)}</{tag}>"


def _table(table: TableLayout, part: Part, *, has_style: bool = True) -> Iterator[str]:
    kind = " ".join(_kinds(table))
    # A table that is its own section is named by the heading; a caption would say the same again.
    alone = part.heading == table.name
    yield f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{part.id if alone else f"{table.id}-caption"}">'
    yield f'<table class="{kind}">' if not alone else f'<table class="{kind}" aria-labelledby="{part.id}">'
    if not alone:
        yield f'<caption id="{table.id}-caption">{escape(table.name)}</caption>'
    if has_style:
        yield (
            "<colgroup>" + "".join(f'<col style="width:{100 * width / sum(table.widths):.2f}%">' for width in table.widths) + "</colgroup>"
        )
    rows = ["<tr>" + "".join(_cell(table, cell) for cell in row) + "</tr>" for row in table.rows()]
    if table.repeat:
        yield "<thead>\n" + "\n".join(rows[: table.repeat]) + "\n</thead>"
    yield "<tbody>\n" + "\n".join(rows[table.repeat :]) + "\n</tbody>\n</table>\n</div>"


def _kinds(table: TableLayout) -> Iterator[str]:
    yield "wide" if table.compact else "plain"
    if any(cell.vertical for cell in table.cells):
        yield "matrix"


def _cell(table: TableLayout, cell: LayoutCell) -> str:
    tag = "th" if cell.header else "td"
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in _attributes(table, cell) if value)
    return f"<{tag}{attributes}>{escape(cell.text)}</{tag}>"


def _attributes(table: TableLayout, cell: LayoutCell) -> Iterator[tuple[str, str]]:
    if cell.header:
        yield "id", _id(table, cell.spot)
        yield "scope", cell.scope
    yield "headers", " ".join(_id(table, spot) for spot in cell.headers)
    yield "rowspan", str(cell.rowspan) if cell.rowspan > 1 else ""
    yield "colspan", str(cell.colspan) if cell.colspan > 1 else ""
    yield "class", " ".join(_classes(cell))
    if cell.cell is not None and cell.cell.kind == "unclear":
        yield "title", f"读取存疑：{cell.cell.reason}" if cell.cell.reason else "读取存疑"
    elif cell.cell is not None and cell.text == DOUBT:
        yield "title", "没有读出"


def _classes(cell: LayoutCell) -> Iterator[str]:
    if cell.vertical:
        yield "vertical"
    if cell.indent:
        yield f"indent{cell.indent}"
    if cell.scope.startswith("col"):
        yield "heading"
    if cell.cell is not None and cell.text == DOUBT:
        yield "doubt"


def _id(table: TableLayout, spot: Spot) -> str:
    return f"{table.id}-{spot.row}-{spot.column}"

"""Reports as office documents: DOCX, XLSX, PDF and the JSON of the command line. Each function returns the file's bytes."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from gongkai.report.annual import plain_number
from tests.shapes.layout import Box, Draft, Sheet, Words, grid

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

# --- DOCX ----------------------------------------------------------------------------------------------------------

Runs = Callable[[str], str]


def _run(text: str) -> str:
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(line) for line in text.split("\n"))
    return f'<w:r><w:t xml:space="preserve">{lines}</w:t></w:r>'


def _tc(box: Box, span: int, merge: str, runs: Runs) -> str:
    grid_span = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{span * 800}" w:type="dxa"/>{grid_span}{merge}</w:tcPr><w:p>{runs(box.text)}</w:p></w:tc>'


def _tbl(sheet: Sheet, runs: Runs, span: Callable[[Box], int], repeat_heads: bool = True) -> str:
    rows = []
    open_boxes: dict[int, tuple[Box, int]] = {}
    for y, row in enumerate(grid(sheet)):
        cells, x = [], 0
        while x < len(row):
            box, merge = row[x], ""
            if box is None:
                box, until = open_boxes.get(x, (Box(""), 0))
                if until <= y:
                    x += 1
                    continue
                merge, shown = "<w:vMerge/>", Box("", box.cols)
            else:
                until, shown = y + box.rows, box
                merge = '<w:vMerge w:val="restart"/>' if box.rows > 1 else ""
            open_boxes[x] = (box, until)
            cells.append(_tc(shown, span(shown), merge, runs))
            x += box.cols
        header = "<w:trPr><w:tblHeader/></w:trPr>" if y < sheet.n_heads and repeat_heads else ""
        rows.append(f"<w:tr>{header}{''.join(cells)}</w:tr>")
    columns = '<w:gridCol w:w="800"/>' * len(grid(sheet)[0])
    return f'<w:tbl {W}><w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(rows)}</w:tbl>'


@cache
def _empty_docx() -> bytes:
    import docx

    stream = io.BytesIO()
    docx.Document().save(stream)
    return stream.getvalue()


def _docx(draft: Draft, runs: Runs = _run, span: Callable[[Box], int] = lambda box: box.cols) -> bytes:
    import docx
    from docx.oxml import parse_xml

    document = docx.Document(io.BytesIO(_empty_docx()))
    body = document.element.body
    end = body[-1]
    for part in draft.parts:
        if isinstance(part, Sheet):
            end.addprevious(parse_xml(_tbl(part, runs, span)))
            end.addprevious(parse_xml(f"<w:p {W}/>"))
        else:
            style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' if part.role == "heading" else ""
            end.addprevious(parse_xml(f"<w:p {W}>{style}{runs(part.text)}</w:p>"))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def docx_merged(draft: Draft, _random: Random) -> bytes:
    """As Word writes it: gridSpan and vMerge in place."""
    return _docx(draft)


def docx_runs(draft: Draft, random: Random) -> bytes:
    """Text cut into runs anywhere, with proofing marks, bookmarks, fields and soft hyphens of an edited document."""

    def runs(text: str) -> str:
        pieces = []
        while text:
            at = random.randint(1, 3)
            pieces.append(_run(text[:at]))
            text = text[at:]
            if random.random() < 0.2:
                pieces.append('<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="7" w:name="_GoBack"/><w:bookmarkEnd w:id="7"/>')
        return "".join(pieces)

    return _docx(draft, runs)


def docx_revised(draft: Draft, random: Random) -> bytes:
    """Tracked changes in the figures: another number deleted, the right one inserted."""

    def runs(text: str) -> str:
        if not text.isdigit() or random.random() < 0.7:
            return _run(text)
        old = f'<w:del w:id="1" w:author="a"><w:r><w:delText>{random.randint(1, 99)}</w:delText></w:r></w:del>'
        return f'{old}<w:ins w:id="2" w:author="a">{_run(text)}</w:ins>'

    return _docx(draft, runs)


def docx_loose(draft: Draft, random: Random) -> bytes:
    """gridSpan partly lost or wrong, so that rows no longer agree on their columns."""

    def span(box: Box) -> int:
        return random.choice((1, 1, box.cols, box.cols + 1)) if box.kind != "value" and random.random() < 0.3 else box.cols

    return _docx(draft, _run, span)


def docx_lines(draft: Draft, _random: Random) -> bytes:
    """No tables: tabs between cells, a paragraph a row."""
    parts: list[Words | Sheet] = []
    for part in draft.parts:
        if isinstance(part, Words):
            parts.append(part)
        else:
            parts.extend(Words("\t".join(box.text.replace("\n", "") if box else "" for box in row)) for row in grid(part))
    return _docx(replace(draft, parts=tuple(parts)), lambda text: _run(text).replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">'))


# --- XLSX ----------------------------------------------------------------------------------------------------------


def _workbook(draft: Draft, random: Random, *, sheets: bool, numbers: bool) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    style = book.add_format({"text_wrap": True, "border": 1})
    page, y = book.add_worksheet(), 0 if sheets else random.randint(0, 3)
    left = 0 if sheets else random.randint(0, 2)
    for part in draft.parts:
        if sheets and isinstance(part, Words) and part.role == "heading":
            page, y = book.add_worksheet(f"{len(book.worksheets())}{part.text}"[:20]), 0
        if isinstance(part, Words):
            page.write_string(y, left, part.text)
            y += 1 + random.randint(0, 1)
            continue
        for dy, row in enumerate(grid(part)):
            for x, box in enumerate(row):
                if box:
                    _write(page, (y + dy, left + x), box, style, numbers)
        y += len(part.rows) + random.randint(0, 2)
    book.close()
    return stream.getvalue()


def _write(page: Any, at: tuple[int, int], box: Box, style: Any, numbers: bool) -> None:
    y, x = at
    if box.cols > 1 or box.rows > 1:
        page.merge_range(y, x, y + box.rows - 1, x + box.cols - 1, "", style)
    if numbers and re.fullmatch(r"-?\d+(\.\d+)?", box.text) and box.kind == "value":
        page.write_number(y, x, float(box.text), style)
    elif box.text:
        page.write_string(y, x, box.text, style)
    else:
        page.write_blank(y, x, None, style)


def xlsx_page(draft: Draft, random: Random) -> bytes:
    """Everything on one sheet, offset by some rows and columns, numbers as numbers."""
    return _workbook(draft, random, sheets=False, numbers=True)


def xlsx_sheets(draft: Draft, random: Random) -> bytes:
    """A sheet a section, numbers stored as text."""
    return _workbook(draft, random, sheets=True, numbers=False)


# --- PDF -----------------------------------------------------------------------------------------------------------


def _typst(text: str) -> str:
    return " \\ ".join(f"#{json.dumps(line, ensure_ascii=False)}" for line in text.split("\n")) if text else ""


def _typst_table(sheet: Sheet, stroke: str, align: str, repeat_heads: bool) -> str:
    cells = grid(sheet)

    def row(y: int) -> str:
        return ", ".join(
            f"table.cell(x: {x}, y: {y}, colspan: {box.cols}, rowspan: {box.rows})[{_typst(box.text)}]"
            for x, box in enumerate(cells[y])
            if box
        )

    widths = {4: "(3fr, 2fr, 2fr, 2fr)", 10: "(0.9fr, 1.6fr, 5fr" + ", 1.2fr" * 7 + ")", 3: "(6fr, 1fr, 1.4fr)"}
    columns = widths.get(len(cells[0]), f"(1fr,) * {len(cells[0])}")
    n_heads = min(sheet.n_heads, len(cells))
    heads, body = ([row(y) for y in span] for span in (range(n_heads), range(n_heads, len(cells))))
    head = f"table.header(repeat: {str(repeat_heads).lower()}, {', '.join(filter(None, heads))}), " if heads else ""
    return (
        f"#text(size: 8pt, table(columns: {columns}, stroke: {stroke}, align: {align}, inset: 4pt, {head}{', '.join(filter(None, body))}))"
    )


def _pdf(draft: Draft, random: Random, stroke: str) -> bytes:
    import typst

    repeat, align = random.random() < 0.4, random.choice(("left", "center + horizon", "center + horizon", "right"))
    pieces = [
        f'#set page(paper: "a4", margin: (x: 2.2cm, y: {random.choice((2, 2.6, 3.5))}cm), numbering: "- 1 -")',
        '#set text(font: ("Noto Serif CJK SC", "FandolSong"), size: 12pt, lang: "zh")',
    ]
    for part in draft.parts:
        if isinstance(part, Sheet):
            pieces.append(_typst_table(part, stroke, align, repeat))
        else:
            pieces.append(f"#strong[{_typst(part.text)}]" if part.role in ("title", "heading") else _typst(part.text))
    compiled: bytes = typst.compile("\n\n".join(pieces).encode(), format="pdf")
    return compiled


def pdf_bordered(draft: Draft, random: Random) -> bytes:
    """Tables with lines, broken over pages where they fall."""
    return _pdf(draft, random, "0.5pt")


def pdf_borderless(draft: Draft, random: Random) -> bytes:
    """Tables without a single line."""
    return _pdf(draft, random, "none")


# --- JSON ----------------------------------------------------------------------------------------------------------


def json_object(draft: Draft, _random: Random) -> bytes:
    """The object that `gongkai read --json` prints."""
    cells = {}
    for address, raw in draft.figures.printed.items():
        value = draft.figures.truth[address]
        kind = "number" if value is not None else "slash" if raw in ("/", "-", "—") else "text" if raw else "blank"
        cells[address] = {"value": None if value is None else plain_number(value), "kind": kind, "raw": raw, "where": None}
    return json.dumps(
        {
            "file": "report.html",
            "organ": draft.organ,
            "year": draft.figures.year,
            "edition": draft.figures.edition,
            "complete": True,
            "cells": cells,
            "sections": {"s1": "总体情况"},
            "claims": [],
            "findings": [],
        },
        ensure_ascii=False,
    ).encode()

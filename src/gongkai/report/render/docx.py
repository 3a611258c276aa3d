"""The report as a Word document on the page of GB/T 9704-2012, with real merged cells in the statutory tables.

python-docx gives the package, the styles and the page; body and tables are written as markup in one go, because
200 cells through its cell objects take longer than all the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from gongkai.report.render.layout import LayoutCell, TableLayout
from gongkai.report.render.outline import Outline, Paragraph
from gongkai.report.render.word import W, dress, packed

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

_TWIPS = 1440 / 25.4  # twentieths of a point in a millimetre
_PITCH = 560  # 28 pt, 22 lines to the page
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
_ROWS_OF_A_PAGE = 32
_FANGSONG, _XIAOBIAOSONG, _HEITI, _KAITI, _SONGTI = "仿宋", "方正小标宋简体", "黑体", "楷体", "宋体"

# Style → font, size in half points, paragraph markup. First lines are indented by two characters of the line's own size.
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_EXACT = f'<w:spacing w:before="0" w:after="0" w:line="{_PITCH}" w:lineRule="exact"/>'
_CENTRED = '<w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/>'
_STYLES = {
    "Normal": (_FANGSONG, 32, f'{_EXACT}{_INDENT}<w:jc w:val="both"/>'),
    "Title": (_XIAOBIAOSONG, 44, f'<w:spacing w:before="0" w:after="280" w:line="640" w:lineRule="exact"/>{_CENTRED}'),
    "Subtitle": (_KAITI, 32, f'<w:spacing w:before="0" w:after="{_PITCH}" w:line="{_PITCH}" w:lineRule="exact"/>{_CENTRED}'),
    "Heading 1": (_HEITI, 32, f'<w:keepNext/>{_EXACT}{_INDENT}<w:outlineLvl w:val="0"/>'),
    "Heading 2": (_KAITI, 32, f'<w:keepNext/>{_EXACT}{_INDENT}<w:outlineLvl w:val="1"/>'),
    "Footer": (_SONGTI, 28, '<w:spacing w:before="0" w:after="0"/><w:ind w:firstLineChars="0" w:firstLine="0"/>'),
    # The style of table text; the built-in name keeps it out of the way of an officer's own styles.
    "No Spacing": (
        _FANGSONG,
        21,
        '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:ind w:firstLineChars="0" w:firstLine="0"/>',
    ),
}


def write(page: Outline) -> bytes:
    """The document as bytes; the same page always gives the same bytes."""
    import docx

    document = docx.Document()
    dress(document, _STYLES)
    _set_page(document.sections[0])
    _number_pages(document)
    _fill(document, page)
    return packed(document, title=page.title, author=page.organ, day=page.dated_on)


def _set_page(section: Section) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    # The page number stands 7 mm below the type area; its own line is about 5 mm high.
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)


def _number_pages(document: Document) -> None:
    """— 1 — outside: right on odd pages, left on even ones, one character from the edge."""
    from docx.oxml import parse_xml

    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        for child in list(paragraph):
            paragraph.remove(child)
        number = f'<w:fldSimple {W} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        dash = f'<w:r {W}><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{{}}</w:t></w:r>'
        paragraph.append(
            parse_xml(f'<w:pPr {W}><w:pStyle w:val="Footer"/><w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>')
        )
        for markup in (dash.format("— "), number, dash.format(" —")):
            paragraph.append(parse_xml(markup))


def _fill(document: Document, page: Outline) -> None:
    from docx.oxml import parse_xml

    body = document.element.body
    for child in parse_xml(f"<w:body {W}>{''.join(_body(page))}</w:body>"):
        body.insert(len(body) - 1, child)


def _body(page: Outline) -> Iterator[str]:
    title = "<w:r><w:br/></w:r>".join(_run(line) for line in page.title_lines)
    yield f'<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>{title}</w:p>'
    yield _paragraph(page.dateline, "Subtitle") if page.dateline else ""
    yield from _narrative(page.preface)
    for part in page.parts:
        # Against a table the exact line pitch leaves a heading no air.
        if part.heading:
            yield _paragraph(part.heading, "Heading1", "" if part.paragraphs or not part.tables else '<w:spacing w:after="120"/>')
        yield from _narrative(part.paragraphs)
        for table in part.tables:
            yield from _table(table)


def _narrative(paragraphs: Iterable[Paragraph]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield _paragraph(paragraph.text, "Heading2" if paragraph.subheading else None)


def _paragraph(text: str, style: str | None, extra: str = "") -> str:
    dressed = f'<w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>' if style else ""
    return f"<w:p>{dressed}{_run(text)}</w:p>"


def _run(text: str, size: int | None = None) -> str:
    # The hint sets quotation marks and dashes full-width, in the Chinese font.
    half_points = f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else ""
    return f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/>{half_points}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _table(table: TableLayout) -> Iterator[str]:
    widths = [round(width * _TWIPS) for width in table.widths]
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in _EDGES)
    yield (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{lines}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
        '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"<w:tblCaption w:val={quoteattr(table.name)}/></w:tblPr><w:tblGrid>"
    )
    yield "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"
    rows = table.rows()
    for number in range(table.n_rows):
        head = "<w:tblHeader/>" if number < table.repeat else ""
        height = '<w:trHeight w:val="320"/>' if table.compact else '<w:trHeight w:val="454"/>'
        yield f"<w:tr><w:trPr><w:cantSplit/>{height}{head}</w:trPr>"
        hanging = [cell for cell in table.cells if cell.rowspan > 1 and cell.spot.row < number and cell.covers_row(number)]
        for cell in sorted([*rows[number], *hanging], key=lambda cell: cell.spot.column):
            yield _cell(table, cell, widths, number)
        yield "</w:tr>"
    # Word joins tables that touch, and a document may not end with one.
    yield '</w:tbl><w:p><w:pPr><w:spacing w:line="160" w:lineRule="exact"/></w:pPr></w:p>'


def _cell(table: TableLayout, cell: LayoutCell, widths: list[int], row: int) -> str:
    first = cell.spot.column
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    merge = ""
    if cell.rowspan > 1:
        merge = '<w:vMerge w:val="restart"/>' if cell.spot.row == row else "<w:vMerge/>"
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if cell.scope.startswith("col") else ""
    text = _run(cell.text, 18 if table.compact else None) if cell.spot.row == row and cell.text else ""
    left = cell.scope.startswith("row") and not cell.vertical
    # Rows kept with the next keep a table on one page where it fits on one, else its first rows with the heading.
    keep = "<w:keepNext/>" if row < (table.n_rows if table.n_rows <= _ROWS_OF_A_PAGE else 4) - 1 else ""
    indent = f'<w:ind w:leftChars="{100 * cell.indent}" w:left="{210 * cell.indent}"/>' if cell.indent else ""
    width = sum(widths[first : first + cell.colspan])
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="NoSpacing"/>{keep}{indent}<w:jc w:val="{"left" if left else "center"}"/></w:pPr>{text}</w:p></w:tc>'
    )

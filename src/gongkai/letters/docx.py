"""The letter as a Word document in the letter form of GB/T 9704-2012; an officer's own changes and the seal come after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from gongkai.letters.composing import LetterText, attachment_lines
from gongkai.report.render.word import W, dress, packed

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section, _Footer, _Header

_TWIPS = 1440 / 25.4  # twentieths of a point in a millimetre
_PITCH = 560  # 28 pt, 22 lines to the page
_FANGSONG, _XIAOBIAOSONG, _SONGTI = "仿宋", "方正小标宋简体", "宋体"
_RED = "E60012"
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
_COLUMNS = (56, 100)  # millimetres of a form

_EXACT = f'<w:spacing w:before="0" w:after="0" w:line="{_PITCH}" w:lineRule="exact"/>'
_FLUSH = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_STYLES = {
    "Normal": (_FANGSONG, 32, f'{_EXACT}<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/>'),
    "Title": (_XIAOBIAOSONG, 44, f'<w:spacing w:before="0" w:after="0" w:line="680" w:lineRule="exact"/>{_FLUSH}<w:jc w:val="center"/>'),
    "Header": (_XIAOBIAOSONG, 72, f'<w:spacing w:before="0" w:after="0"/>{_FLUSH}<w:jc w:val="center"/>'),
    "Footer": (_SONGTI, 28, f'<w:spacing w:before="0" w:after="0"/>{_FLUSH}'),
    "No Spacing": (_FANGSONG, 24, f'<w:spacing w:before="80" w:after="80"/>{_FLUSH}'),
}


def write(text: LetterText) -> bytes:
    """The document as bytes; the same letter always gives the same bytes."""
    import docx
    from docx.oxml import parse_xml

    document = docx.Document()
    dress(document, _STYLES)
    section = document.sections[0]
    _set_page(section)
    if text.rows:
        parts = _sheet(text)
    else:
        parts = _letter(text)
        _head_and_foot(document, section, text)
    body = document.element.body
    for child in parse_xml(f"<w:body {W}>{''.join(parts)}</w:body>"):
        body.insert(len(body) - 1, child)
    return packed(document, title=text.title, author=text.organ, day=text.dated_on)


def _set_page(section: Section) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    # The organ's name begins 30 mm from the upper edge, the lower rule stands 20 mm from the lower one.
    section.header_distance, section.footer_distance = Mm(30), Mm(20)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)


def _head_and_foot(document: Document, section: Section, text: LetterText) -> None:
    """First page: name and rules, no number. Others: — 2 — outside, 7 mm below the type area."""
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    size = text.name_size
    exact = f'<w:spacing w:before="0" w:after="0" w:line="{size * 20}" w:lineRule="exact"/>'
    name = f'<w:r><w:rPr><w:color w:val="{_RED}"/><w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/></w:rPr><w:t>{escape(text.organ)}</w:t></w:r>'
    # The rule's distance from the name is the border's own, 4 mm; the second rule is the border of an empty line, 2 pt high.
    _replace(section.first_page_header, [_ruled(18, name, space=11, spacing=exact), _ruled(6), _number(text.number)])
    _replace(section.first_page_footer, [_ruled(6), _ruled(18)])
    # Without a header of their own, later pages would begin where an empty one ends.
    for header in (section.header, section.even_page_header):
        _replace(header, [_ruled(0)])
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        _replace(footer, [_page_number(side)])


def _replace(part: _Header | _Footer, paragraphs: list[str]) -> None:
    from docx.oxml import parse_xml

    part.is_linked_to_previous = False
    element = part._element
    for child in list(element):
        element.remove(child)
    for paragraph in paragraphs:
        element.append(parse_xml(paragraph.replace("<w:p>", f"<w:p {W}>", 1)))


def _ruled(eighths: int, content: str = "", *, space: int = 0, spacing: str = "") -> str:
    """A line with a red rule of 170 mm below it, as thick as ``eighths`` of a point; an empty one is 2 pt high."""
    out = round(-8 * _TWIPS), round(-6 * _TWIPS)
    border = f'<w:pBdr><w:bottom w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{_RED}"/></w:pBdr>' if eighths else ""
    height = spacing or '<w:spacing w:before="0" w:after="0" w:line="40" w:lineRule="exact"/>'
    # Word sets nothing smaller than the mark of an empty paragraph; one point fits.
    mark = "" if content else '<w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr>'
    return (
        f'<w:p><w:pPr><w:pStyle w:val="Header"/>{border}{height}'
        f'<w:ind w:left="{out[0]}" w:right="{out[1]}" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/>{mark}</w:pPr>{content}</w:p>'
    )


def _number(number: str) -> str:
    """The number, flush right below the rule by seven eighths of a character."""
    size = '<w:sz w:val="32"/><w:szCs w:val="32"/>'
    font = f'<w:rFonts w:eastAsia="{_FANGSONG}" w:hint="eastAsia"/>'
    return (
        '<w:p><w:pPr><w:pStyle w:val="Header"/><w:spacing w:before="280" w:after="0" w:line="320" w:lineRule="exact"/>'
        f'<w:jc w:val="right"/><w:rPr>{size}</w:rPr></w:pPr>'
        f'<w:r><w:rPr>{font}{size}</w:rPr><w:t xml:space="preserve">{escape(number)}</w:t></w:r></w:p>'
    )


def _page_number(side: str) -> str:
    dash = '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
    # Three millimetres below it: the foot itself stands 20 mm from the edge.
    return (
        '<w:p><w:pPr><w:pStyle w:val="Footer"/><w:spacing w:before="0" w:after="170"/>'
        f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/></w:pPr>'
        f'{dash.format("— ")}<w:fldSimple w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>{dash.format(" —")}</w:p>'
    )


def _letter(text: LetterText) -> Iterator[str]:
    """Two lines of air, the title, one line, the addressee, then the text."""
    yield _paragraph("", _FLUSH) * 2
    yield _title(text)
    yield _paragraph("", _FLUSH)
    yield _paragraph(f"{text.addressee}：", _FLUSH)
    lines = attachment_lines(text.attachments)
    # What is signed never stands on a page without text: the last line above it goes with it.
    for place, line in enumerate(text.paragraphs, 1):
        yield _paragraph(line, before="<w:keepNext/>" if place == len(text.paragraphs) else "")
    for place, line in enumerate(lines):
        yield _paragraph("", before="<w:keepNext/>") if place == 0 else ""
        yield _paragraph(line, before="<w:keepNext/>")
    yield _paragraph("", before="<w:keepNext/>")
    yield from _signed(text)
    for place, line in enumerate(text.remarks, 1):
        yield _paragraph(line, before="<w:keepNext/>" if place < len(text.remarks) else "")


def _signed(text: LetterText) -> Iterator[str]:
    """The name centred over a day that ends four characters from the edge."""
    # A digit is half as wide as a Chinese character.
    day_width = sum(0.5 if sign.isascii() else 1 for sign in text.date)
    over = (len(text.signature) - day_width) / 2
    right = max(4 - over, 0)
    for line, indent, keep in (
        (text.signature, right, "<w:keepNext/>"),
        (text.date, right + over, "<w:keepNext/>" if text.remarks else ""),
    ):
        yield _paragraph(
            line, f'<w:ind w:right="{round(indent * 320)}" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="right"/>', before=keep
        )


def _sheet(text: LetterText) -> Iterator[str]:
    yield _paragraph(text.organ, f'{_FLUSH}<w:jc w:val="center"/>')
    yield _title(text)
    widths = [round(width * _TWIPS) for width in _COLUMNS]
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in _EDGES)
    yield (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{lines}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>' + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"
    )
    for number, row in enumerate((("项目", "内容"), *text.rows)):
        head = "<w:tblHeader/>" if number == 0 else ""
        yield f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="640"/>{head}</w:trPr>'
        for place, (content, width) in enumerate(zip(row, widths, strict=True)):
            side = "center" if place == 0 or number == 0 else "left"
            yield (
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
                f'<w:p><w:pPr><w:pStyle w:val="NoSpacing"/><w:jc w:val="{side}"/></w:pPr>{_run(content)}</w:p></w:tc>'
            )
        yield "</w:tr>"
    yield "</w:tbl>" + _paragraph("", _FLUSH)


def _title(text: LetterText) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>{_run(text.title)}</w:p>'


def _paragraph(text: str, extra: str = "", *, before: str = "") -> str:
    return f"<w:p><w:pPr>{before}{extra}</w:pPr>{_run(text) if text else ''}</w:p>"


def _run(text: str) -> str:
    # The hint sets quotation marks and dashes full-width, in the Chinese font.
    return f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'

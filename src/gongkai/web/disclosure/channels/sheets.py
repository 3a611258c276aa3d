"""A hand-over list as a Word document and as a workbook. What people wrote goes in as text and never as a formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from gongkai.web.disclosure.channels.models import TransferLine
from gongkai.web.disclosure.channels.transfers import Sheet
from gongkai.web.disclosure.channels.values import carriers

if TYPE_CHECKING:
    from docx.document import Document

TITLE = "主动公开政府信息移送明细表"
NEW_HEAD = ("序号", "信息名称", "索引号", "文号", "形成日期", "公开日期", "形式", "份数")
GONE_HEAD = ("序号", "信息名称", "索引号", "文号", "公开日期", "撤回日期", "理由")
GONE_TITLE = "已撤回，请停止提供"
NEW_WIDTHS = (1.2, 7.4, 6.2, 2.9, 2.3, 2.3, 1.9, 1.3)  # centimetres
GONE_WIDTHS = (1.2, 6.8, 6.2, 2.7, 2.3, 2.3, 3.8)
SIGNATURES = ("移送人（签名）：", "移送单位（盖章）：", "接收人（签名）：", "接收单位（盖章）：", "移送日期：", "接收日期：")


def heads(sheet: Sheet) -> list[tuple[str, str]]:
    """What stands above the table: label and value."""
    made = sheet.transfer
    return [
        ("编号", made.label),
        ("移送单位", made.agency.name),
        ("接收单位", made.receivers),
        ("公开时间", f"{made.since_on}至{made.until_on}"),
        ("合计", f"移送{len(sheet.new)}条" + (f"，停止提供{len(sheet.withdrawn)}条" if sheet.withdrawn else "")),
    ]


def new_rows(sheet: Sheet) -> list[tuple[str, ...]]:
    """The rows of what is handed over, in the order of :data:`NEW_HEAD`."""
    made = sheet.transfer
    return [
        (*_named(at, line), line.publication.revision.content["formed_on"], f"{line.publication.published_on}", carriers()[made.carrier],
         str(made.copies)) for at, line in enumerate(sheet.new, start=1)
    ]  # fmt: skip


def gone_rows(sheet: Sheet) -> list[tuple[str, ...]]:
    """The rows of what is to be provided no longer, in the order of :data:`GONE_HEAD`."""
    return [
        (*_named(at, line), f"{line.publication.published_on}", f"{line.publication.withdrawn_on}", line.publication.withdrawal.reason)
        for at, line in enumerate(sheet.withdrawn, start=1)
    ]


def _named(at: int, line: TransferLine) -> tuple[str, str, str, str]:
    content = line.publication.revision.content
    return str(at), content["title"], line.publication.item.index_number, content.get("document_number") or "无"


def as_docx(sheet: Sheet) -> bytes:
    """The list on A4, across."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    document = docx.Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    document.core_properties.author = sheet.transfer.agency.name
    document.core_properties.title = f"{TITLE} {sheet.transfer.label}"
    _line(document, TITLE, size=18, is_bold=True, is_centred=True)
    for label, value in heads(sheet):
        _line(document, f"{label}：{value}")
    if sheet.new:
        _table(document, NEW_HEAD, new_rows(sheet), NEW_WIDTHS)
    if sheet.withdrawn:
        _line(document, GONE_TITLE, size=14, is_bold=True)
        _table(document, GONE_HEAD, gone_rows(sheet), GONE_WIDTHS)
    _line(document, "")
    for left, right in zip(SIGNATURES[::2], SIGNATURES[1::2], strict=True):
        _line(document, f"{left}{'　' * 16}{right}")
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def _line(document: Document, text: str, *, size: float = 11, is_bold: bool = False, is_centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.add_paragraph()
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, is_bold)


def _run(paragraph: Any, text: str, size: float, is_bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = "Times New Roman", Pt(size), is_bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    paragraph.paragraph_format.space_after = Pt(2)


def _table(document: Document, head: tuple[str, ...], rows: list[tuple[str, ...]], widths: tuple[float, ...]) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    table = document.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for at, (values, row) in enumerate(zip([head, *rows], table.rows, strict=True)):
        # The head is repeated on every page, and no row is torn apart.
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit" if at else "w:tblHeader"))
        for value, cell, width in zip(values, row.cells, widths, strict=True):
            cell.width = Cm(width)
            _run(cell.paragraphs[0], value, 10, is_bold=at == 0)


def as_xlsx(sheet: Sheet) -> bytes:
    """The list as a workbook: one sheet for what is handed over, one for what is to be provided no longer."""
    import xlsxwriter

    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{TITLE} {sheet.transfer.label}", "author": sheet.transfer.agency.name})
        _worksheet(book, "移送", sheet, NEW_HEAD, new_rows(sheet), NEW_WIDTHS)
        if sheet.withdrawn:
            _worksheet(book, GONE_TITLE, sheet, GONE_HEAD, gone_rows(sheet), GONE_WIDTHS)
    return packed.getvalue()


def _worksheet(book: Any, name: str, sheet: Sheet, head: tuple[str, ...], rows: list[tuple[str, ...]], widths: tuple[float, ...]) -> None:
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "border": 1, "valign": "top", "text_wrap": True})
    plain = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
    page.write_string(0, 0, TITLE, book.add_format({"bold": True, "font_size": 16}))
    for at, (label, value) in enumerate(heads(sheet), start=1):
        page.write_string(at, 0, f"{label}：{value}")
    top = 2 + len(heads(sheet))
    for at, row in enumerate([head, *rows]):
        for column, value in enumerate(row):
            is_count = at > 0 and head[column] in ("序号", "份数")
            if is_count:
                page.write_number(top + at, column, int(value), plain)
            else:
                page.write_string(top + at, column, value, plain if at else bold)
    for column, width in enumerate(widths):
        page.set_column(column, column, width * 5)
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(top)
    page.fit_to_pages(1, 0)

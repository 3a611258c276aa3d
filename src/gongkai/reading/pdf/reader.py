"""Opens a PDF and reads it page by page."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gongkai.reading.grid import Grid, HiddenPart, Unreadable
from gongkai.reading.pdf.drawing import Allowance, Drawing, read_drawing
from gongkai.reading.pdf.glyphs import PageText, read_glyphs
from gongkai.reading.pdf.paging import PageLayout, grid_rows, join_tables, lay_out, without_furniture
from gongkai.reading.pdf.ruling import find_lattices

if TYPE_CHECKING:
    import pypdfium2

# The longest annual reports run to some 60 pages, a county's roll-up to 300.
MAX_PAGES = 600
# A page holds some 1,500 characters.
MAX_CHARACTERS = 2_000_000
# A page with fewer characters under a picture that fills half of it is a scan: a stamp or page number is no text.
SCAN_CHARACTERS = 50
SCAN_SHARE = 0.5
# Letters turned into outlines leave hundreds of shapes and no characters.
OUTLINED_SHAPES = 200
# Share of characters without a meaning from which a page counts as not readable.
GARBLED_SHARE = 0.3
# Pixels of one rendered page; A3 at 300 dpi has 17 million.
MAX_PIXELS = 40_000_000

_KEPT_META = ("Title", "Author", "CreationDate", "ModDate")
_JUNK_TITLE = re.compile(
    r"[\x00-\x7f]*|.*\.(docx?|wps|pdf|xlsx?|pptx?|html?|txt|ofd|et)|(无标题|未命名|文档|新建|工作簿|幻灯片|演示文稿|Microsoft Word).{0,24}",
    re.IGNORECASE | re.DOTALL,
)
# PDFium keeps global state: one call at a time in the whole program.
_PDFIUM = threading.RLock()


class Scanned(Unreadable):
    """No page has text to read; ``pages`` are the ones that show something, for whoever can recognise characters."""

    def __init__(self, message: str, *, pages: tuple[int, ...]) -> None:
        super().__init__(message)
        self.pages = pages


@dataclass(slots=True)
class _Page:
    """One page read. ``flaw`` is ``None``, ``scan`` (a picture), ``outlines`` or ``garbled``."""

    layout: PageLayout
    text: PageText
    flaw: str | None


def read_pdf(data: bytes, *, password: str | None = None) -> Grid:
    """The document as a grid; :class:`Unreadable` when it is no PDF, broken, locked, empty, or too large to be a report,
    :class:`Scanned` when its pages are pictures."""
    with _PDFIUM, closing(_opened(data, password)) as document:
        pages = _read_pages(document)
        meta = {key: value for key, value in document.get_metadata_dict(skip_empty=True).items() if key in _KEPT_META}
    if not any(page.text.glyphs for page in pages) or all(page.flaw for page in pages if page.flaw or page.layout.items):
        raise _nothing_to_read(pages)
    items = without_furniture([page.layout for page in pages])
    join_tables(items)
    return Grid(grid_rows(items), title=_title(meta), meta=meta, hidden=_hidden(pages), notes=_notes(pages))


def page_images(data: bytes, dpi: int = 200, *, password: str | None = None) -> Iterator[tuple[int, pypdfium2.PdfBitmap, float]]:
    """Each page as a picture: its number from 1, the bitmap (grey, valid until the next is asked for), and the pixels a
    point takes. Very large pages come at a lower resolution. Raises :class:`Unreadable` as :func:`read_pdf` does."""
    with _PDFIUM:
        document = _opened(data, password)
    try:
        for index in range(len(document)):
            with _PDFIUM:
                page = document[index]
                width, height = page.get_size()
                scale = min(dpi / 72, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
                bitmap = page.render(scale=scale, grayscale=True)
                page.close()
            yield index + 1, bitmap, scale
            with _PDFIUM:
                bitmap.close()
    finally:
        with _PDFIUM:
            document.close()


def _opened(data: bytes, password: str | None) -> pypdfium2.PdfDocument:
    """The document, checked for what it would cost to read; the caller closes it."""
    import pypdfium2

    if not data.strip(b"\x00\r\n\t "):
        raise Unreadable("文件是空的。")
    if b"%PDF-" not in data[:1024]:
        raise Unreadable("这不是 PDF 文件（开头没有 PDF 标记）。")
    _check_whole(data)
    try:
        document = pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        # PDFium keeps the code of an earlier failure when a document opens but has no page.
        pageless = _opens(data, password)
        raise Unreadable("PDF 文件已损坏，无法打开。" if pageless else _refusal(error, password)) from error
    try:
        _check_size(document)
    except BaseException:
        document.close()
        raise
    return document


def _opens(data: bytes, password: str | None) -> bool:
    """Whether PDFium opens the document at all, with pages or without."""
    import pypdfium2.raw as pdfium

    document = pdfium.FPDF_LoadMemDocument64(data, len(data), password.encode() if password else None)
    if document:
        pdfium.FPDF_CloseDocument(document)
    return bool(document)


def _check_whole(data: bytes) -> None:
    """A file cut off in transit: PDFium would repair it and silently lose pages."""
    found = re.search(rb"/Linearized\b[^>]{0,200}?/L\s+(\d{1,12})\b", data[:2048])
    if (found and int(found[1]) > len(data)) or (b"startxref" not in data and b"%%EOF" not in data):
        raise Unreadable("PDF 文件不完整（可能下载或传输中断），请重新获取后再读取。")


def _refusal(error: Any, password: str | None) -> str:
    import pypdfium2.raw as pdfium

    if error.err_code == pdfium.FPDF_ERR_PASSWORD:
        return "PDF 已加密，给出的密码不对。" if password else "PDF 已加密，需要密码才能打开。"
    if error.err_code == pdfium.FPDF_ERR_SECURITY:
        return "PDF 使用了不支持的加密方式，无法读取。"
    return "PDF 文件已损坏，无法打开。"


def _check_size(document: pypdfium2.PdfDocument) -> None:
    import pypdfium2
    import pypdfium2.raw as pdfium

    from gongkai.reading.pdf.weight import check_weight

    number = len(document)
    if number < 1:
        raise Unreadable("PDF 中没有页面，或页面目录已损坏。")
    if number > MAX_PAGES:
        raise Unreadable(f"PDF 有{number}页，超过{MAX_PAGES}页的上限，不像年度报告，未读取。")
    plain = io.BytesIO()
    try:
        document.save(plain, flags=pdfium.FPDF_REMOVE_SECURITY)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("PDF 的内部结构损坏，无法读取。") from error
    check_weight(plain.getvalue())


def _read_pages(document: pypdfium2.PdfDocument) -> list[_Page]:
    import pypdfium2.raw as pdfium

    allowance, characters, pages = Allowance(), 0, []
    for index in range(len(document)):
        page = _loaded(document, index)
        textpage = pdfium.FPDFText_LoadPage(page)
        try:
            characters += max(pdfium.FPDFText_CountChars(textpage), 0)
            if characters > MAX_CHARACTERS:
                raise Unreadable(f"PDF 的文字超过{MAX_CHARACTERS // 10_000}万字，不像年度报告，未读取。")
            pages.append(_read_page(page, textpage, index + 1, allowance))
        finally:
            pdfium.FPDFText_ClosePage(textpage)
            pdfium.FPDF_ClosePage(page)
    return pages


def _loaded(document: pypdfium2.PdfDocument, index: int) -> Any:
    """A page; filled-in fields and typed-on notes become part of it, as on the screen."""
    import pypdfium2.raw as pdfium

    page = pdfium.FPDF_LoadPage(document.raw, index)
    if not page:
        raise Unreadable(f"PDF 第{index + 1}页已损坏，无法读取。")
    kinds = {_annotation_kind(page, number) for number in range(pdfium.FPDFPage_GetAnnotCount(page))}
    if not kinds & {pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_STAMP}:
        return page
    if pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
        return page
    pdfium.FPDF_ClosePage(page)
    return pdfium.FPDF_LoadPage(document.raw, index)


def _annotation_kind(page: Any, number: int) -> int:
    import pypdfium2.raw as pdfium

    annotation = pdfium.FPDFPage_GetAnnot(page, number)
    kind: int = pdfium.FPDFAnnot_GetSubtype(annotation)
    pdfium.FPDFPage_CloseAnnot(annotation)
    return kind


def _read_page(page: Any, textpage: Any, number: int, allowance: Allowance) -> _Page:
    import pypdfium2.raw as pdfium

    bounds = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, bounds)
    box = (bounds.left, bounds.bottom, bounds.right, bounds.top)
    text = read_glyphs(textpage, box=box, rotation=pdfium.FPDFPage_GetRotation(page))
    drawing = read_drawing(page, turn=text.turn, allowance=allowance, colours=bool(text.white))
    _sort_white(text, drawing)
    layout = lay_out(text.glyphs, find_lattices(drawing.rulings), page=number, height=text.turn.size[1])
    return _Page(layout, text, _flaw(text, drawing))


def _sort_white(text: PageText, drawing: Drawing) -> None:
    """White text on a painted ground (head rows) is read, white on white is hidden."""
    for glyph in text.white:
        if drawing.is_painted(glyph.centre, glyph.middle):
            text.glyphs.append(glyph)
        else:
            text.hidden += glyph.char


def _flaw(text: PageText, drawing: Drawing) -> str | None:
    shown = sum(glyph.char != " " for glyph in text.glyphs)
    width, height = text.turn.size
    pictured = max(((right - left) * (top - bottom) for left, bottom, right, top in drawing.images), default=0.0)
    if shown and text.unmapped > GARBLED_SHARE * shown:
        return "garbled"
    if shown < SCAN_CHARACTERS and (pictured > SCAN_SHARE * width * height or (not shown and drawing.images)):
        return "scan"
    if shown < SCAN_CHARACTERS and drawing.shapes > OUTLINED_SHAPES:
        return "outlines"
    return None


_FLAWS = {
    "scan": "是扫描或拍照的图片",
    "outlines": "的文字已转为图形轮廓",
    "garbled": "的文字没有可用的编码",
}


def _nothing_to_read(pages: Sequence[_Page]) -> Unreadable:
    flawed = tuple(number for number, page in enumerate(pages, start=1) if page.flaw)
    if not flawed:
        return Unreadable("PDF 的页面都是空白，没有可读的内容。")
    causes = "；".join(_flaw_sentences(pages))
    return Scanned(f"PDF 没有可读的文字：{causes}。请用文字识别（OCR）功能读取，或改用原始电子文档。", pages=flawed)


def _flaw_sentences(pages: Sequence[_Page]) -> list[str]:
    sentences = []
    for flaw, words in _FLAWS.items():
        numbers = [number for number, page in enumerate(pages, start=1) if page.flaw == flaw]
        if numbers:
            sentences.append(f"第{_spans(numbers)}页{words}")
    return sentences


def _spans(numbers: Sequence[int]) -> str:
    """``[1, 2, 3, 7]`` as ``1至3、7``."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return "、".join("至".join(map(str, span)) for span in spans)


def _notes(pages: Sequence[_Page]) -> list[str]:
    notes = [f"{sentence}，其中的内容未读取。" for sentence in _flaw_sentences(pages)]
    slanted = [number for number, page in enumerate(pages, start=1) if page.text.slanted]
    if slanted:
        notes.append(f"第{_spans(slanted)}页有斜排文字（水印），未作为正文读取。")
    wide = [number for number, page in enumerate(pages, start=1) if page.layout.overflowed]
    if wide:
        notes.append(f"第{_spans(wide)}页的表格中有文字超出单元格边框，按文字中心所在的单元格读取。")
    return notes


def _hidden(pages: Sequence[_Page]) -> list[HiddenPart]:
    return [
        HiddenPart("invisible_text", page.text.hidden.strip(), f"第{number}页")
        for number, page in enumerate(pages, start=1)
        if page.text.hidden.strip()
    ]


def _title(meta: dict[str, str]) -> str | None:
    """The title of the metadata, unless a program wrote it: file names, 无标题, no Chinese at all, mojibake."""
    title = meta.get("Title", "").strip()
    if _JUNK_TITLE.fullmatch(title) or not re.search(r"[一-鿿]{2}", title) or "\N{REPLACEMENT CHARACTER}" in title:
        return None
    return title

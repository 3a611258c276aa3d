"""How the pages are made: size, margins, fonts, tags, headings that repeat, access without sight or mouse."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import lxml.html
import openpyxl
import pdfplumber
import pytest
import typst
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gongkai.report.render import Unwritable, write_report
from gongkai.report.render.typesetting import require_chinese
from tests.unit.report.written import distinct


@pytest.fixture(scope="module")
def word() -> Any:
    return docx.Document(io.BytesIO(write_report(distinct(), "docx")))


@pytest.fixture(scope="module")
def web() -> Any:
    return lxml.html.fromstring(write_report(distinct(), "html").decode())


@pytest.fixture(scope="module")
def paper() -> bytes:
    return write_report(distinct(), "pdf")


def near(length: int, millimetres: float) -> bool:
    return abs(length - Mm(millimetres)) < Mm(0.1)


def test_docx_has_the_page_of_gbt_9704(word: Any) -> None:
    section = word.sections[0]
    assert near(section.page_width, 210)
    assert near(section.page_height, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert all(near(margin, wanted) for margin, wanted in zip(margins, (37, 35, 28, 26), strict=True))


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [("Normal", "仿宋", 16), ("Title", "方正小标宋简体", 22), ("Heading 1", "黑体", 16), ("Heading 2", "楷体", 16)],
)
def test_docx_names_chinese_fonts(word: Any, style: str, font: str, size: int) -> None:
    element = word.styles[style].element
    assert element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert word.styles[style].font.size == Pt(size)
    assert not [name for name in element.rPr.rFonts.attrib if "Theme" in name]


def test_docx_sets_body_text_at_28_points(word: Any) -> None:
    assert word.styles["Normal"].paragraph_format.line_spacing == Pt(28)
    assert word.styles["Normal"].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


@pytest.mark.parametrize("style", ["Title", "Subtitle", "Footer", "No Spacing"])
def test_docx_indents_body_text_only(word: Any, style: str) -> None:
    assert word.styles[style].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "0"


def test_docx_numbers_pages_outside(word: Any) -> None:
    assert word.settings.odd_and_even_pages_header_footer
    section = word.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]._p
        assert "".join(item.text for item in paragraph.iter(qn("w:t"))) == "— 1 —"
        assert paragraph.find(qn("w:fldSimple")).get(qn("w:instr")).strip() == "PAGE"
        assert paragraph.pPr.find(qn("w:jc")).get(qn("w:val")) == side


def test_docx_repeats_the_heading_of_table_three(word: Any) -> None:
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in word.tables[1].rows]
    assert repeated == [True] * 3 + [False] * 25


@pytest.mark.parametrize("number", [0, 1, 2])
def test_docx_tables_fit_the_type_area(word: Any, number: int) -> None:
    grid = word.tables[number]._tbl.tblGrid
    widths = [int(column.get(qn("w:w"))) for column in grid]
    assert sum(widths) == pytest.approx(156 / 25.4 * 1440, abs=20)


def test_docx_is_about_the_report(word: Any) -> None:
    about = word.core_properties
    assert (about.title, about.author) == ("澜汀县栖云镇人民政府2024年政府信息公开工作年度报告", "澜汀县栖云镇人民政府")
    assert (about.created.year, about.created.month, about.created.day) == (2025, 1, 5)
    assert about.comments == ""


def test_html_stands_alone(web: Any) -> None:
    assert web.get("lang") == "zh-CN"
    assert not list(web.iter("script", "link", "img", "iframe"))
    assert not [value for item in web.iter() for name, value in item.items() if name in ("src", "href", "onclick")]
    assert "url(" not in web.findtext(".//style")


def test_html_is_an_outline(web: Any) -> None:
    levels = [item.tag for item in web.iter("h1", "h2", "h3")]
    assert levels == ["h1", "h2", "h3", "h2", "h2", "h2", "h2", "h2"]


def test_html_tables_are_accessible(web: Any) -> None:
    identifiers = [item.get("id") for item in web.iter() if item.get("id")]
    assert len(identifiers) == len(set(identifiers))
    headings = {item.get("id") for item in web.iter("th")}
    for table in web.iter("table"):
        region = table.getparent()
        assert (region.get("tabindex"), region.get("role")) == ("0", "region")
        assert region.get("aria-labelledby") == table.find("caption").get("id")
        figures = [cell for cell in table.iter("td") if cell.text_content().isdigit()]
        assert figures
        assert all(set(cell.get("headers").split()) <= headings for cell in figures)
        assert all(cell.get("scope") in ("row", "col", "rowgroup", "colgroup") for cell in table.iter("th"))


def test_html_gives_the_page_tags_of_a_portal(web: Any) -> None:
    tags = {item.get("name"): item.get("content") for item in web.iter("meta") if item.get("name")}
    assert tags["ArticleTitle"] == "澜汀县栖云镇人民政府2024年政府信息公开工作年度报告"
    assert (tags["PubDate"], tags["ContentSource"]) == ("2025-01-05", "澜汀县栖云镇人民政府")


def test_xlsx_is_set_up_for_print() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_report(distinct(), "xlsx")))
    assert book.sheetnames == ["正文", "表二", "表三", "表四", "正文（续）"]
    for sheet in book.worksheets[1:4]:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.page_setup.fitToWidth in (None, 1)
    assert book["表三"].print_title_rows in ("3:5", "$3:$5")


def test_pdf_is_a_tagged_archive_file(paper: bytes) -> None:
    with pdfplumber.open(io.BytesIO(paper)) as document:
        catalog = document.doc.catalog
        metadata = catalog["Metadata"].resolve().get_data().decode()
        pages = [(round(page.width), round(page.height)) for page in document.pages]
    assert set(pages) == {(595, 842)}
    assert "StructTreeRoot" in catalog
    assert b"zh" in catalog["Lang"]
    assert re.search(r"pdfaid:part>2<.*pdfaid:conformance>A<", metadata, re.DOTALL)
    assert "pdfuaid:part>1<" in metadata


def test_pdf_body_keeps_to_the_type_area(paper: bytes) -> None:
    millimetre = 72 / 25.4
    with pdfplumber.open(io.BytesIO(paper)) as document:
        for page in document.pages:
            body = [character for character in page.chars if character["bottom"] < (297 - 35 + 1) * millimetre]
            assert min(character["x0"] for character in body) > 27 * millimetre
            assert max(character["x1"] for character in body) < (210 - 25) * millimetre
            assert min(character["top"] for character in body) > 35 * millimetre


def test_pdf_numbers_pages_outside(paper: bytes) -> None:
    with pdfplumber.open(io.BytesIO(paper)) as document:
        for number, page in enumerate(document.pages, 1):
            foot = page.crop((0, page.height - 35 * 72 / 25.4, page.width, page.height))
            assert "".join((foot.extract_text() or "").split()) == f"—{number}—"
            left = min(character["x0"] for character in foot.chars)
            assert (left > page.width / 2) == (number % 2 == 1)


def test_pdf_does_not_tear_table_three(paper: bytes) -> None:
    with pdfplumber.open(io.BytesIO(paper)) as document:
        sizes = [len(table) for page in document.pages for table in page.extract_tables()]
    assert sizes == [14, 28, 4]


def test_pdf_with_a_character_that_no_font_has_is_written_all_the_same() -> None:
    data = write_report(replace(distinct(), preface="\uf0b7项目符号"), "pdf")
    with pdfplumber.open(io.BytesIO(data)) as document:
        assert "项目符号" in (document.pages[0].extract_text() or "")


def test_pdf_without_chinese_fonts_says_what_to_install() -> None:
    fonts = typst.Fonts(include_system_fonts=False)
    families = {use: {"own": None, "fallback": fonts.families()[:1]} for use in ("body", "hei", "kai", "title")}
    with pytest.raises(Unwritable, match="apt install fonts-noto-cjk"):
        require_chinese(fonts, families)


def test_pdf_takes_fonts_from_a_folder(tmp_path: Path) -> None:
    assert write_report(distinct(), "pdf", fonts=tmp_path).startswith(b"%PDF")


def test_pdf_says_when_the_folder_of_fonts_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="没有这个字体文件夹"):
        write_report(distinct(), "pdf", fonts=tmp_path / "none")

"""Letters on paper: the letter form of GB/T 9704-2012 read back from Word and PDF."""

from __future__ import annotations

import datetime
import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pdfplumber
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gongkai.letters import Addressee, Decision, LetterText, compose, write_letter
from gongkai.report.render import Unwritable
from tests.unit.letters.written import ON, SENDER, TO

MILLIMETRE = 72 / 25.4


@cache
def extension() -> LetterText:
    """A letter of one page."""
    fields: dict[str, Any] = {
        "number": "青政信公开延期〔2026〕1号",
        "applicant": "李某",
        "received_on": datetime.date(2026, 3, 2),
        "due_on": datetime.date(2026, 3, 30),
        "extension_reason": "卷宗分散在十二个村",
        "new_due_on": datetime.date(2026, 4, 28),
        "extension_approved_by": "王某",
    }
    return compose("extension", on=ON, sender=SENDER, to=TO, fields=fields)


@cache
def long() -> LetterText:
    """A letter of several pages."""
    fields = {
        "applicant": "青禾生态农业专业合作社",
        "received_on": datetime.date(2026, 3, 2),
        "content": "讨论记录",
        "reason": "记录中有尚未成熟的意见。" * 30,
        "attachments": ["会议通知", "议程"],
    }
    to = Addressee("青禾生态农业专业合作社", "organization")
    return compose("deny", on=ON, sender=SENDER, to=to, fields=fields, decision=Decision("deny_process", ("16-2a",)))


def word(text: LetterText) -> Any:
    return docx.Document(io.BytesIO(write_letter(text, "docx")))


def near(length: int, millimetres: float) -> bool:
    return abs(length - Mm(millimetres)) < Mm(0.1)


def test_word_has_the_page_and_the_text() -> None:
    document = word(extension())
    section = document.sections[0]
    lengths = (
        "page_width",
        "page_height",
        "top_margin",
        "bottom_margin",
        "left_margin",
        "right_margin",
        "header_distance",
        "footer_distance",
    )
    assert all(near(getattr(section, name), wanted) for name, wanted in zip(lengths, (210, 297, 37, 35, 28, 26, 30, 20), strict=True))
    head, _, number = section.first_page_header.paragraphs
    body = [line.text for line in document.paragraphs if line.text]
    shown = [head.text, number.text, *body]
    assert "".join(f"{line}\n" for line in shown) == extension().plain


@pytest.mark.parametrize(("style", "font", "size"), [("Normal", "仿宋", 16), ("Title", "方正小标宋简体", 22)])
def test_word_names_fonts_and_sizes(style: str, font: str, size: int) -> None:
    found = word(extension()).styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert found.font.size == Pt(size)


def test_word_sets_body_text_at_28_points_and_two_characters_in() -> None:
    document = word(extension())
    assert document.styles["Normal"].paragraph_format.line_spacing == Pt(28)
    assert document.styles["Normal"].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    addressee = next(line for line in document.paragraphs if line.text == "李某：")
    assert addressee._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "0"


def test_word_draws_rules_thick_above_then_thin_above_and_numbers_no_first_page() -> None:
    section = word(extension()).sections[0]
    assert section.different_first_page_header_footer
    rules = [
        [int(border.get(qn("w:sz"))) for border in part._element.iter(qn("w:bottom"))]
        for part in (section.first_page_header, section.first_page_footer)
    ]
    assert rules == [[18, 6], [6, 18]]
    # 170 mm: eight more than the type area on the left, six on the right.
    indents = section.first_page_header.paragraphs[0].paragraph_format
    assert near(indents.left_indent, -8) and near(indents.right_indent, -6)
    fields = [list(part._element.iter(qn("w:fldSimple"))) for part in (section.first_page_footer, section.footer, section.even_page_footer)]
    assert [len(found) for found in fields] == [0, 1, 1]


def test_word_tells_title_language_and_day_and_no_machine() -> None:
    about = word(extension()).core_properties
    assert (about.title, about.author, about.language) == ("政府信息公开申请延期答复告知书", "云川县青禾镇人民政府", "zh-CN")
    assert about.created.date() == ON and not about.last_modified_by and not about.comments


def test_word_prints_a_form_as_a_table() -> None:
    document = word(compose("service_proof", on=ON, sender=SENDER, to=None, fields={"addressee": "李某"}))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells[:3] == [["项目", "内容"], ["送达文书的名称和文号", ""], ["主送对象", "李某"]] and len(cells) == 8


def characters(data: bytes, page: int) -> list[dict[str, Any]]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return document.pages[page].chars


def top(found: list[dict[str, Any]], text: str) -> float:
    """Where the first character of the text stands, in millimetres from the upper edge."""
    start = "".join(character["text"] for character in found).index(text)
    return float(found[start]["top"]) / MILLIMETRE


def test_pdf_of_a_short_letter_is_one_page_of_a4_with_all_the_text() -> None:
    document = pypdfium2.PdfDocument(write_letter(extension(), "pdf"))
    assert len(document) == 1
    assert [round(length / MILLIMETRE) for length in document[0].get_size()] == [210, 297]
    read = "".join(document[0].get_textpage().get_text_range().split())
    assert read == "".join(extension().plain.split())


def test_pdf_stands_as_the_letter_form_says() -> None:
    data = write_letter(extension(), "pdf")
    found = characters(data, 0)
    # The name's box begins 30 mm from the edge: what a reader measures as its top differs by the font's own head.
    assert 26 < top(found, "云川县青禾镇人民政府") < 34
    # A mark at the end of a line may hang over the edge with its blank half.
    written = [one for one in found if one["text"].isalnum()]
    assert min(float(one["x0"]) for one in written) > 27 * MILLIMETRE and max(float(one["x1"]) for one in written) < 185 * MILLIMETRE
    number = [one for one in found if one["size"] == pytest.approx(16)][: len("青政信公开延期〔2026〕1号")]
    assert float(number[-1]["x1"]) / MILLIMETRE == pytest.approx(184, abs=1)
    assert {round(float(one["size"])) for one in found} == {36, 22, 16}
    with pdfplumber.open(io.BytesIO(data)) as document:
        rules = sorted((float(line["top"]), float(line["linewidth"])) for line in document.pages[0].lines)
        assert [thick > 1 for _, thick in rules] == [True, False, False, True]
        assert {round(float(line["x1"] - line["x0"]) / MILLIMETRE) for line in document.pages[0].lines} == {170}
        assert rules[-1][0] / MILLIMETRE == pytest.approx(277, abs=1)
        assert all(line["stroking_color"] != (0,) for line in document.pages[0].lines)


def test_pdf_lines_stand_28_points_apart() -> None:
    found = characters(write_letter(extension(), "pdf"), 0)
    assert (top(found, "本机关不能") - top(found, "本机关于")) * MILLIMETRE == pytest.approx(56, abs=0.5)
    assert (top(found, "2026年3月9日") - top(found, "云川县青禾镇人民政府2026")) * MILLIMETRE == pytest.approx(28, abs=0.5)


def test_pdf_of_a_long_letter_numbers_all_but_the_first_page_and_signs_below_text() -> None:
    data = write_letter(long(), "pdf")
    pages = ["".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(data)]
    assert len(pages) == 2
    assert not pages[0].endswith("—1—") and pages[1].endswith("—2—")
    assert "附件：1.会议通知2.议程云川县青禾镇人民政府2026年3月9日（联系方式：党政办公室，0500-1234567）" in pages[-1]


@pytest.mark.parametrize("n_lines", range(16))
def test_pdf_never_signs_a_page_without_text(n_lines: int) -> None:
    first = extension()
    text = replace(first, paragraphs=(*first.paragraphs[:-1], "查" * 26 * n_lines + "完", "特此告知。"))
    last = "".join(list(pypdfium2.PdfDocument(write_letter(text, "pdf")))[-1].get_textpage().get_text_range().split())
    assert "特此告知。云川县青禾镇人民政府2026年3月9日（联系方式：党政办公室，0500-1234567）" in last


def test_pdf_is_tagged_for_the_archive_and_tells_title_language_and_day() -> None:
    data = write_letter(extension(), "pdf")
    document = pypdfium2.PdfDocument(data)
    told = document.get_metadata_dict()
    assert (told["Title"], told["Author"]) == ("政府信息公开申请延期答复告知书", "云川县青禾镇人民政府")
    assert told["CreationDate"].startswith("D:20260309")
    assert document.is_tagged()
    assert re.search(rb"/Lang\s*\(zh-CN\)", data)


def test_pdf_prints_a_form_of_one_page() -> None:
    data = write_letter(compose("register", on=ON, sender=SENDER, to=None, fields={"applicant": "李某"}), "pdf")
    with pdfplumber.open(io.BytesIO(data)) as document:
        assert len(document.pages) == 1
        (table,) = document.pages[0].extract_tables()
    assert len(table) == 17 and table[4] == ["申请人姓名或者名称", "李某"]


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_same_letter_gives_the_same_bytes(kind: str) -> None:
    assert write_letter(extension(), kind) == write_letter(extension(), kind)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_what_an_officer_writes_is_never_markup(kind: str) -> None:
    text = replace(extension(), paragraphs=('#panic("x") *粗* <w:p> &amp; \\ $x$',))
    data = write_letter(text, kind)
    if kind == "docx":
        assert '#panic("x") *粗* <w:p> &amp; \\ $x$' in [line.text for line in docx.Document(io.BytesIO(data)).paragraphs]
    else:
        read = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
        assert "".join('#panic("x") *粗* <w:p> &amp; \\ $x$'.split()) in "".join(read.split()).replace("“", '"').replace("”", '"')


def test_another_kind_and_a_folder_that_is_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="不能写成“txt”格式"):
        write_letter(extension(), "txt")
    with pytest.raises(Unwritable, match="没有这个字体文件夹"):
        write_letter(extension(), "pdf", fonts=tmp_path / "none")


@pytest.mark.parametrize(("n_characters", "size"), [(4, 36), (13, 36), (14, 33), (26, 18), (39, 12)])
def test_a_long_name_is_set_smaller_and_keeps_to_one_line_above_the_rule(n_characters: int, size: int) -> None:
    text = replace(extension(), organ="云" * n_characters)
    assert text.name_size == size
    with pdfplumber.open(io.BytesIO(write_letter(text, "pdf"))) as document:
        page = document.pages[0]
        name = [one for one in page.chars if one["text"] == "云" and one["size"] == pytest.approx(size)][:n_characters]
        rule = min(float(line["top"]) for line in page.lines)
    assert len({round(float(one["top"])) for one in name}) == 1 and len(name) == n_characters
    assert max(float(one["bottom"]) for one in name) < rule
    middle = (float(name[0]["x0"]) + float(name[-1]["x1"])) / 2 / MILLIMETRE
    assert middle == pytest.approx(105, abs=0.5)
    head = word(text).sections[0].first_page_header.paragraphs[0]
    assert head.runs[0].font.size == Pt(size)

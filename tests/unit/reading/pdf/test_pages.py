"""Pages put together: page furniture, tables over page breaks, metadata, notes, pages that are pictures."""

from __future__ import annotations

import pytest

from gongkai.reading.grid import Grid, Unreadable
from gongkai.reading.pdf import Scanned, page_images, read_pdf
from tests.unit.reading.pdf.pages import Pdf, bar, grid, joined, line, stream, text

BODY = text(90, 600, "正文一行")


def read(*pages: bytes, **options: object) -> Grid:
    return read_pdf(Pdf(pages, **options).build())  # type: ignore[arg-type]


def rows(found: Grid) -> list[tuple[str, int, int, str]]:
    return [(row.kind, row.page, row.table, row.text) for row in found.rows]


class TestFurniture:
    @pytest.mark.parametrize(
        "number", ["- 3 -", "— 3 —", "－3－", "第3页", "第 3 页 共 8 页", "第3页/共8页", "3/8", "·3·", "~3~", "第三页"]
    )
    def test_a_page_number_is_no_text(self, number: str) -> None:
        assert rows(read(BODY + text(280, 40, number))) == [("text", 1, 0, "正文一行")]

    def test_bare_numbers_that_count_with_the_pages_are_page_numbers(self) -> None:
        assert [row.text for row in read(*(BODY + text(290, 40, str(n)) for n in (5, 6, 7))).rows] == ["正文一行"] * 3

    def test_bare_numbers_that_do_not_count_are_figures(self) -> None:
        found = read(*(BODY + text(290, 40, figure) for figure in ("36", "0", "36")))
        assert [row.text for row in found.rows] == ["正文一行", "36", "正文一行", "0", "正文一行", "36"]

    def test_a_decorated_number_in_the_middle_of_the_page_is_text(self) -> None:
        assert [row.text for row in read(BODY + text(90, 400, "- 3 -")).rows] == ["正文一行", "- 3 -"]

    def test_running_heads_go_when_they_repeat(self) -> None:
        pages = [text(90, 800, "云川县政府信息公开年度报告") + BODY for _ in range(3)]
        assert [row.text for row in read(*pages).rows] == ["正文一行"] * 3
        assert [row.text for row in read(pages[0]).rows] == ["云川县政府信息公开年度报告", "正文一行"]

    def test_a_repeated_row_of_figures_at_the_foot_is_no_furniture(self) -> None:
        row = joined(text(90 + 60 * n, 60, word) for n, word in enumerate(("其他", "0", "0", "0")))
        assert [found.kind for found in read(BODY + row, BODY + row).rows] == ["text", "split", "text", "split"]


def table(xs: tuple[float, ...], top: float, words: list[str], *, rules: bool = True) -> bytes:
    """A one-row table with a figure in each column."""
    drawn = grid(xs, (top, top - 30)) if rules else b""
    return drawn + joined(text(x + 10, top - 20, word) for x, word in zip(xs, words, strict=False))


XS = (100, 250, 350, 450)


class TestTablesOverPageBreaks:
    def test_a_table_goes_on_over_the_page_number(self) -> None:
        first = BODY + table(XS, 120, ["甲", "1", "2"]) + text(280, 40, "- 1 -")
        second = table(XS, 780, ["乙", "3", "4"]) + text(280, 40, "- 2 -") + text(90, 700, "完")
        found = read(first, second)
        assert rows(found) == [("text", 1, 0, "正文一行"), ("table", 1, 1, "甲 1 2"), ("table", 2, 1, "乙 3 4"), ("text", 2, 0, "完")]
        places = [slot.place for slot in found.rows[2].slots]
        assert [(place.page, place.row, place.column) for place in places if place] == [(2, 2, 1), (2, 2, 2), (2, 2, 3)]

    def test_a_part_with_fewer_columns_counts_columns_like_the_other(self) -> None:
        first = table((100, 450), 150, ["第二十条第（五）项"]) + table((100, 250, 450), 120, ["行政许可", "36"])
        second = table(XS, 780, ["规章", "0", "1"])
        bounds = [[(slot.text, slot.left, slot.right) for slot in row.slots] for row in read(first, second).rows]
        assert bounds == [
            [("第二十条第（五）项", 0, 3)],
            [("行政许可", 0, 1), ("36", 1, 3)],
            [("规章", 0, 1), ("0", 1, 2), ("1", 2, 3)],
        ]

    def test_mirrored_margins_shift_a_part(self) -> None:
        found = read(table(XS, 120, ["甲", "1", "2"]), table(tuple(x + 25 for x in XS), 780, ["乙", "3", "4"]))
        assert [row.table for row in found.rows] == [1, 1]
        assert [slot.left for slot in found.rows[1].slots] == [0, 1, 2]

    @pytest.mark.parametrize("xs", [(100, 250, 350, 480), (100, 220, 320, 450)], ids=["other width", "other columns"])
    def test_other_columns_are_another_table(self, xs: tuple[float, ...]) -> None:
        assert [row.table for row in read(table(XS, 120, ["甲", "1", "2"]), table(xs, 780, ["乙", "3", "4"])).rows] == [1, 2]

    def test_text_between_parts_two_tables(self) -> None:
        second = text(90, 700, "四、复议和诉讼情况") + table(XS, 600, ["乙", "3", "4"])
        assert [row.table for row in read(table(XS, 120, ["甲", "1", "2"]), second).rows] == [1, 0, 2]

    def test_a_row_without_its_upper_line_at_the_top_of_a_page_is_a_row(self) -> None:
        second = joined(line(x, 750, x, 780) for x in XS) + line(100, 750, 450, 750) + grid(XS, (750, 720))
        found = read(table(XS, 120, ["甲", "1", "2"]), second + table(XS, 780, ["乙", "3", "4"], rules=False) + text(260, 730, "5"))
        assert rows(found) == [("table", 1, 1, "甲 1 2"), ("table", 2, 1, "乙 3 4"), ("table", 2, 1, "5")]


class TestMetadata:
    def test_title_author_and_days_as_found(self) -> None:
        info = b"/Title<feff4e915ddd53bf5e74 62a5>/Author(Clerk)/CreationDate(D:20250120103000+08'00')/Producer(X)"
        found = read(BODY, info=info)
        assert found.title == "云川县年报"
        assert found.meta == {"Title": "云川县年报", "Author": "Clerk", "CreationDate": "D:20250120103000+08'00'"}

    @pytest.mark.parametrize("title", ["Microsoft Word - 文档1", "年度报告.doc", "无标题", "untitled", "文档 3", "2024", "幻灯片 1"])
    def test_a_title_that_a_program_made_up_is_none(self, title: str) -> None:
        found = read(BODY, info=b"/Title<feff%s>" % title.encode("utf-16-be").hex().encode())
        assert found.title is None
        assert found.meta["Title"] == title


PICTURE = stream(b"\x80", b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8")
SCAN = b"q 595 0 0 842 0 0 cm /I Do Q\n"
WITH_PICTURE = {"extra": {10: PICTURE}, "resources": b"/XObject<</I 10 0 R>>"}
PARAGRAPH = joined(text(90, 700 - 20 * n, "云川县人民政府办公室依法公开政府信息并按时答复申请") for n in range(4))


class TestPagesWithoutText:
    def test_a_scanned_document_is_refused_with_its_pages(self) -> None:
        with pytest.raises(Scanned) as caught:
            read(SCAN, SCAN + text(280, 40, "- 2 -"), SCAN, **WITH_PICTURE)
        assert caught.value.pages == (1, 2, 3)
        assert caught.value.message == "PDF 没有可读的文字：第1至3页是扫描或拍照的图片。请用文字识别（OCR）功能读取，或改用原始电子文档。"

    def test_the_invisible_layer_of_a_scan_is_not_its_text(self) -> None:
        layer = joined(text(90, 700 - 20 * n, "识别出的文字不一定可靠，不能当作正文", before="3 Tr") for n in range(5))
        with pytest.raises(Scanned):
            read(SCAN + layer, **WITH_PICTURE)

    def test_pages_with_text_are_read_and_the_others_named(self) -> None:
        found = read(PARAGRAPH, SCAN, PARAGRAPH, SCAN, SCAN, **WITH_PICTURE)
        assert {row.page for row in found.rows} == {1, 3}
        assert found.notes == ["第2、4至5页是扫描或拍照的图片，其中的内容未读取。"]

    def test_a_picture_behind_text_is_a_background(self) -> None:
        assert read(SCAN + PARAGRAPH, **WITH_PICTURE).notes == []

    def test_letters_turned_into_outlines_are_told(self) -> None:
        curve = b"500 m" + b" %d 510 %d 510 %d 500 c" * 3 + b" h"
        letters = joined(b"%d " % x + curve % ((x, x + 9, x + 9) * 3) + b" f\n" for x in range(50, 550, 2))
        with pytest.raises(Scanned, match="第1页的文字已转为图形轮廓"):
            read(letters)

    def test_characters_without_meaning_are_told(self) -> None:
        with pytest.raises(Scanned, match="第1页的文字没有可用的编码"):
            read(text(90, 700, "".join(chr(0xE000 + n) for n in range(60))))

    def test_blank_pages_are_not_scans(self) -> None:
        with pytest.raises(Unreadable, match="PDF 的页面都是空白"):
            read(b"", b"")
        assert read(b"", PARAGRAPH, b"").notes == []


class TestNotesOnThePage:
    def test_text_typed_onto_a_page_is_read(self) -> None:
        look = stream(text(2, 5, "补填36"), b"/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F 3 0 R>>>>")
        typed = {11: b"<</Type/Annot/Subtype/FreeText/Rect[200 590 300 610]/Contents(x)/F 4/AP<</N 12 0 R>>>>", 12: look}
        found = read(BODY, extra=typed, page_entries=b"/Annots[11 0 R]")
        assert [slot.text for row in found.rows for slot in row.slots] == ["正文一行", "补填36"]


def test_pages_as_pictures() -> None:
    data = Pdf([BODY, bar(0, 0, 595, 842)]).build()
    found = [
        (number, bitmap.width, bitmap.height, scale, bitmap.to_pil().getpixel((10, 10))) for number, bitmap, scale in page_images(data, 144)
    ]
    assert found == [(1, 1190, 1684, 2.0, 255), (2, 1190, 1684, 2.0, 0)]


def test_huge_pages_come_at_a_lower_resolution() -> None:
    ((_, bitmap, scale),) = ((number, image, at) for number, image, at in page_images(Pdf([BODY], box=(0, 0, 14000, 14000)).build()))
    assert scale < 0.5
    assert bitmap is not None

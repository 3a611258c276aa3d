"""Lines of text: what is one line, what a reader sees, which way up the page is."""

from __future__ import annotations

import pytest

from gongkai.reading.grid import Grid, HiddenPart
from gongkai.reading.pdf import read_pdf
from tests.unit.reading.pdf.pages import VERTICAL, Pdf, bar, joined, text


def read(content: bytes, **options: object) -> Grid:
    return read_pdf(Pdf([content], **options).build())  # type: ignore[arg-type]


def texts(grid: Grid) -> list[list[str]]:
    return [[slot.text for slot in row.slots] for row in grid.rows]


class TestLines:
    def test_lines_come_from_the_top_down_whatever_the_order_in_the_file(self) -> None:
        grid = read(text(90, 600, "第三行") + text(90, 700, "第一行") + text(90, 650, "第二行"))
        assert texts(grid) == [["第一行"], ["第二行"], ["第三行"]]
        assert [(row.kind, row.page, row.table) for row in grid.rows] == [("text", 1, 0)] * 3

    def test_the_place_is_page_and_box(self) -> None:
        place = read(text(90, 700, "云川县", size=20)).rows[0].slots[0].place
        assert place is not None
        assert place.page == 1
        assert place.box == pytest.approx((90, 697.6, 150, 717.6), abs=0.2)

    def test_pieces_of_a_line_drawn_one_by_one_are_whole(self) -> None:
        grid = read(joined(text(90 + 12 * n, 700, char) for n, char in enumerate("公开36件")))
        assert texts(grid) == [["公开36件"]]

    def test_typesetting_space_between_chinese_and_figures_is_no_blank(self) -> None:
        grid = read(text(90, 700, "共") + text(105, 700, "36") + text(132, 700, "件"))
        assert texts(grid) == [["共36件"]]

    def test_blanks_between_figures_stay(self) -> None:
        assert texts(read(text(90, 700, "12 36"))) == [["12 36"]]
        assert texts(read(text(90, 700, "12") + text(120, 700, "36"))) == [["12 36"]]

    def test_superscripts_and_shifted_figures_stand_on_their_line(self) -> None:
        grid = read(text(90, 700, "面积") + text(114, 700, "36") + text(138, 705, "2", size=6) + text(150, 698, "亩"))
        assert texts(grid) == [["面积362亩"]]

    def test_the_next_line_is_another_even_when_set_solid(self) -> None:
        assert texts(read(text(90, 700, "甲乙") + text(90, 687, "丙丁"))) == [["甲乙"], ["丙丁"]]

    def test_text_drawn_twice_for_bold_is_read_once(self) -> None:
        bold = [text(90 + shift, 700 + lift, "收到100件") for shift, lift in ((0, 0), (0.4, 0), (0, 0.3), (0.4, 0.3))]
        assert texts(read(joined(bold))) == [["收到100件"]]

    def test_hyphen_at_the_end_of_a_line_stays(self) -> None:
        grid = read(text(90, 700, "电话0517-") + text(90, 680, "a8722"))
        assert texts(grid) == [["电话0517-"], ["a8722"]]

    def test_radicals_become_characters(self) -> None:
        assert texts(read(text(90, 700, "⼈⺠政府⻓⾏"))) == [["人民政府长行"]]

    def test_full_width_figures_stay_as_they_are(self) -> None:
        assert texts(read(text(90, 700, "２０２４年①②"))) == [["２０２４年①②"]]


class TestSplitLines:
    def test_wide_gaps_cut_a_line_and_keep_the_places(self) -> None:
        grid = read(text(90, 700, "重复申请") + text(300, 700, "3") + text(350, 700, "0") + text(400, 701.5, "12"))
        row = grid.rows[0]
        assert (row.kind, [slot.text for slot in row.slots]) == ("split", ["重复申请", "3", "0", "12"])
        bounds = [edge for slot in row.slots for edge in (slot.left, slot.right)]
        assert bounds == pytest.approx([90, 138, 300, 312, 350, 362, 400, 424], abs=0.2)

    def test_typed_blanks_cut_as_gaps_do(self) -> None:
        assert texts(read(text(90, 700, "规章     0     0"))) == [["规章", "0", "0"]]

    def test_a_letterspaced_heading_is_one_piece(self) -> None:
        grid = read(text(90, 700, "目") + text(130, 700, "录"))
        assert [(row.kind, row.text) for row in grid.rows] == [("text", "目录")]

    def test_a_row_of_equal_words_is_no_heading(self) -> None:
        assert texts(read(text(90, 700, "无") + text(130, 700, "无") + text(170, 700, "无"))) == [["无", "无", "无"]]


class TestHiddenText:
    @pytest.mark.parametrize(
        "unseen",
        [
            text(90, 650, "藏36", before="3 Tr"),
            text(90, 650, "藏36", size=0.4),
            text(700, 650, "藏36"),
            text(90, 650, "藏36", before="1 1 1 rg"),
        ],
        ids=["invisible", "tiny", "off the page", "white on white"],
    )
    def test_what_nobody_sees_is_no_text_of_the_page(self, unseen: bytes) -> None:
        grid = read(text(90, 700, "正文") + unseen)
        assert texts(grid) == [["正文"]]
        assert grid.hidden == [HiddenPart("invisible_text", "藏36", "第1页")]

    def test_white_text_on_a_painted_ground_is_read(self) -> None:
        grid = read(b"0 0 0.6 rg " + bar(80, 640, 200, 670) + text(90, 650, "表头36", before="1 1 1 rg"))
        assert texts(grid) == [["表头36"]]
        assert grid.hidden == []

    def test_outlined_text_is_seen(self) -> None:
        assert texts(read(text(90, 700, "描边", before="1 1 1 rg 1 Tr"))) == [["描边"]]

    def test_a_slanted_watermark_is_left_out_and_told(self) -> None:
        grid = read(text(90, 700, "正文") + text(200, 300, "样本", size=60, turn="0.7 0.7 -0.7 0.7"))
        assert texts(grid) == [["正文"]]
        assert grid.notes == ["第1页有斜排文字（水印），未作为正文读取。"]

    def test_text_outside_the_crop_box_is_hidden(self) -> None:
        grid = read(text(90, 700, "正文") + text(90, 100, "裁去"), page_entries=b"/CropBox[50 200 500 800]")
        assert texts(grid) == [["正文"]]
        assert [part.text for part in grid.hidden] == ["裁去"]


# Content of an upright A4 page, and how to draw it so that the page, turned as it says, shows it upright again.
UPRIGHT = text(90, 700, "云川县") + text(90, 650, "共36件") + text(300, 650, "完")
TURNS = {
    90: (b"0 1 -1 0 842 0 cm ", (0, 0, 842, 595)),
    180: (b"-1 0 0 -1 595 842 cm ", (0, 0, 595, 842)),
    270: (b"0 -1 1 0 0 595 cm ", (0, 0, 842, 595)),
}


class TestTurnedPages:
    @pytest.mark.parametrize("degrees", TURNS)
    def test_a_turned_page_reads_as_the_upright_one(self, degrees: int) -> None:
        matrix, box = TURNS[degrees]
        turned = read(matrix + UPRIGHT, box=box, page_entries=b"/Rotate %d" % degrees)
        assert turned == read(UPRIGHT)

    @pytest.mark.parametrize("degrees", TURNS)
    def test_a_page_lying_on_its_side_is_put_upright(self, degrees: int) -> None:
        matrix, box = TURNS[degrees]
        assert texts(read(matrix + UPRIGHT, box=box)) == [["云川县"], ["共36件", "完"]]

    def test_boxes_count_from_the_corner_of_the_visible_page(self) -> None:
        shifted = read(text(190, 900, "云川县"), box=(100, 200, 695, 1042))
        assert shifted == read(text(90, 700, "云川县"))


class TestDownwards:
    def test_columns_of_a_vertical_font_are_read_right_to_left(self) -> None:
        cell = joined([bar(90, 500, 200, 700, paint="S"), bar(200, 500, 300, 700, paint="S")])
        grid = read(cell + text(150, 690, "本年度办理") + text(130, 690, "结果"), writing=VERTICAL)
        assert texts(grid) == [["本年度办理结果", ""]]

    def test_one_character_a_line_is_one_word(self) -> None:
        cell = joined([bar(90, 500, 110, 700, paint="S"), bar(110, 500, 300, 700, paint="S")])
        grid = read(cell + joined(text(94, 680 - 14 * n, char) for n, char in enumerate("三、本年度办理结果")))
        assert texts(grid) == [["三、本年度办理结果", ""]]

    def test_a_label_turned_by_a_quarter_is_read_along_its_own_line(self) -> None:
        cell = joined([bar(90, 500, 110, 700, paint="S"), bar(110, 500, 300, 700, paint="S")])
        body = joined(text(120, 680 - 20 * n, "右格文字若干") for n in range(5))
        grid = read(cell + body + text(104, 520, "办理结果", turn="0 1 -1 0"))
        assert texts(grid) == [["办理结果", "右格文字若干" * 5]]

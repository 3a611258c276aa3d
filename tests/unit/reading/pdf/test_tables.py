"""Tables that lines draw: every way of drawing them, merged cells, what goes into which cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.reading.grid import Grid
from gongkai.reading.pdf import read_pdf
from gongkai.report import Place
from tests.unit.reading.pdf.pages import Pdf, bar, centred, form, grid, joined, line, text

XS, YS = (100, 200, 300, 400), (700, 670, 640, 610)
FIGURES = joined(text(x + 40, y - 20, str(n)) for n, (y, x) in enumerate(((y, x) for y in YS[:-1] for x in XS[:-1]), start=1))
NINE = [[("1", 0, 1), ("2", 1, 2), ("3", 2, 3)], [("4", 0, 1), ("5", 1, 2), ("6", 2, 3)], [("7", 0, 1), ("8", 1, 2), ("9", 2, 3)]]


def read(*content: bytes, **options: object) -> Grid:
    return read_pdf(Pdf([b"".join(content)], **options).build())  # type: ignore[arg-type]


def tables(found: Grid) -> list[list[tuple[str, float | None, float | None]]]:
    return [[(slot.text, slot.left, slot.right) for slot in row.slots] for row in found.rows if row.kind == "table"]


def strokes() -> bytes:
    return grid(XS, YS)


def thin_bars() -> bytes:
    across = [bar(XS[0], y - 0.3, XS[-1], y + 0.3) for y in YS]
    return joined([*across, *(bar(x - 0.3, YS[-1], x + 0.3, YS[0]) for x in XS)])


def bars_cell_by_cell() -> bytes:
    """As word processors do it: a bar for each side of each cell and a dot at each joint."""
    across = [bar(x + 0.5, y - 0.25, x + 99.5, y + 0.25) for x in XS[:-1] for y in YS]
    down = [bar(x - 0.25, y - 29.5, x + 0.25, y - 0.5) for x in XS for y in YS[:-1]]
    return joined([*across, *down, *(bar(x - 0.25, y - 0.25, x + 0.25, y + 0.25) for x in XS for y in YS)])


def boxes() -> bytes:
    return joined(bar(x, y - 30, x + 100, y, paint="S") for x in XS[:-1] for y in YS[:-1])


def spaced_boxes() -> bytes:
    return joined(bar(x + 1, y - 29, x + 99, y - 1, paint="S") for x in XS[:-1] for y in YS[:-1])


def double_lines() -> bytes:
    return strokes() + joined(line(XS[0] - 2, y + 2, XS[-1] + 2, y + 2) for y in YS) + joined(line(x + 2, YS[0], x + 2, YS[-1]) for x in XS)


def dashes() -> bytes:
    across = [bar(x, y - 0.3, x + 4, y + 0.3) for y in YS for x in range(XS[0], XS[-1], 6)]
    return joined([*across, *(bar(x - 0.3, y, x + 0.3, y + 4) for x in XS for y in range(YS[-1], YS[0], 6))])


def one_path() -> bytes:
    across = [f"{XS[0]} {y - 0.3} {XS[-1] - XS[0]} 0.6 re " for y in YS]
    down = [f"{x - 0.3} {YS[-1]} 0.6 {YS[0] - YS[-1]} re " for x in XS]
    return "".join([*across, *down, "f\n"]).encode()


def one_stroked_path() -> bytes:
    across = [f"{XS[0]} {y} m {XS[-1]} {y} l " for y in YS]
    return "".join([*across, *(f"{x} {YS[0]} m {x} {YS[-1]} l " for x in XS), "S\n"]).encode()


def scaled() -> bytes:
    return b"q 0.1 0 0 0.1 0 0 cm 5 w " + grid([x * 10 for x in XS], [y * 10 for y in YS]).replace(b"0.5 w ", b"") + b"Q\n"


def no_outer_sides() -> bytes:
    return joined([*(line(XS[0], y, XS[-1], y) for y in YS), *(line(x, YS[0], x, YS[-1]) for x in XS[1:-1])])


def no_top_and_bottom() -> bytes:
    return joined([*(line(XS[0], y, XS[-1], y) for y in YS[1:-1]), *(line(x, YS[0], x, YS[-1]) for x in XS)])


def shaded() -> bytes:
    return b"q 0.8 0.8 1 rg " + bar(XS[0], YS[1], XS[-1], YS[0]) + bar(150, 615, 250, 640) + b"Q\n" + strokes()


WAYS = (
    strokes,
    thin_bars,
    bars_cell_by_cell,
    boxes,
    spaced_boxes,
    double_lines,
    dashes,
    one_path,
    one_stroked_path,
    scaled,
    no_outer_sides,
    no_top_and_bottom,
    shaded,
)


class TestWaysToDrawATable:
    @pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
    def test_every_way_gives_the_same_cells(self, way: Callable[[], bytes]) -> None:
        assert tables(read(way(), FIGURES)) == NINE

    @pytest.mark.parametrize("depth", [1, 3])
    def test_a_table_inside_forms(self, depth: int) -> None:
        resources = b"/Resources<</Font<</F 3 0 R>>/XObject<</X %d 0 R>>>>"
        inner = {10: form(strokes() + FIGURES, entries=b"/Matrix[1 0 0 1 -10 -20]" + resources % 9)}
        for level in range(1, depth):
            inner[10 + level] = form(b"q 2 0 0 2 0 0 cm /X Do Q", entries=b"/Matrix[0.5 0 0 0.5 0 0]" + resources % (9 + level))
        outer = b"q 1 0 0 1 10 20 cm /X Do Q"
        assert tables(read(outer, extra=inner, resources=b"/XObject<</X %d 0 R>>" % (9 + depth))) == NINE

    def test_a_table_on_a_turned_page(self) -> None:
        turned = read(b"0 1 -1 0 842 0 cm ", strokes(), FIGURES, box=(0, 0, 842, 595), page_entries=b"/Rotate 90")
        assert tables(turned) == NINE

    def test_places(self) -> None:
        rows = read(strokes(), FIGURES).rows
        assert rows[1].slots[2].place == Place(page=1, box=(300.0, 640.0, 400.0, 670.0), table=1, row=2, column=3)
        assert [(row.kind, row.table, row.page) for row in rows] == [("table", 1, 1)] * 3


class TestMergedCells:
    def test_a_cell_is_listed_once_with_its_span(self) -> None:
        # The head spans three columns, the first column below it two rows.
        drawn = [line(100, 700, 400, 700), line(100, 670, 400, 670), line(200, 640, 400, 640), line(100, 610, 400, 610)]
        drawn += [line(100, 610, 100, 700), line(400, 610, 400, 700), line(200, 610, 200, 670), line(300, 610, 300, 670)]
        words = [centred(100, 400, 680, "申请人情况"), centred(100, 200, 635, "结果"), text(240, 650, "1"), text(340, 650, "2")]
        found = tables(read(*drawn, *words, text(240, 620, "3"), text(340, 620, "4")))
        assert found == [[("申请人情况", 0, 3)], [("结果", 0, 1), ("1", 1, 2), ("2", 2, 3)], [("3", 1, 2), ("4", 2, 3)]]

    def test_empty_cells_are_cells(self) -> None:
        assert tables(read(strokes(), text(240, 650, "5"))) == [
            [("", 0, 1), ("", 1, 2), ("", 2, 3)],
            [("", 0, 1), ("5", 1, 2), ("", 2, 3)],
            [("", 0, 1), ("", 1, 2), ("", 2, 3)],
        ]

    def test_space_beside_a_narrower_part_is_no_cell(self) -> None:
        drawn = grid((100, 200, 300, 400), (700, 670)) + grid((100, 200), (670, 640))
        found = read(drawn, text(140, 680, "1"), text(240, 680, "2"), text(340, 680, "3"), text(140, 650, "4"), text(340, 650, "外"))
        assert tables(found) == [[("1", 0, 1), ("2", 1, 2), ("3", 2, 3)], [("4", 0, 1)]]
        assert [row.text for row in found.rows if row.kind == "text"] == ["外"]

    def test_columns_shifted_by_a_hair_are_one_column(self) -> None:
        drawn = grid((100, 200, 300), (700, 670)) + grid((100, 202.5, 300), (670, 640))
        found = tables(read(drawn, text(140, 680, "1"), text(240, 680, "2"), text(140, 650, "3"), text(240, 650, "4")))
        assert found == [[("1", 0, 1), ("2", 1, 2)], [("3", 0, 1), ("4", 1, 2)]]


class TestTextInCells:
    def cell(self, *content: bytes) -> str:
        found = read(grid((100, 220, 300), (700, 600)), text(240, 640, "右"), *content)
        return found.rows[0].slots[0].text

    def test_a_wrapped_label_is_whole(self) -> None:
        assert self.cell(text(104, 680, "一、本年新收政府信息"), text(104, 662, "公开申请数量")) == "一、本年新收政府信息公开申请数量"

    def test_numbering_before_a_wrapped_label(self) -> None:
        assert self.cell(text(104, 680, "3."), text(104, 662, "补正后申请内容")) == "3.补正后申请内容"

    def test_figures_on_two_lines_stay_two_figures(self) -> None:
        assert self.cell(text(104, 680, "36"), text(104, 662, "12")) == "36 12"

    def test_figures_with_a_wide_gap_stay_two_figures(self) -> None:
        assert self.cell(text(104, 680, "36"), text(180, 680, "12")) == "36 12"

    def test_a_column_of_figures_is_not_one_figure(self) -> None:
        assert self.cell(joined(text(104, 680 - 14 * n, char) for n, char in enumerate("12345"))) == "1 2 3 4 5"

    def test_a_figure_over_the_border_stays_whole_in_its_cell(self) -> None:
        found = read(grid((100, 150, 200, 250), (700, 670)), text(120, 680, "7"), centred(150, 200, 680, "3985758"), text(232, 680, "8"))
        assert tables(found) == [[("7", 0, 1), ("3985758", 1, 2), ("8", 2, 3)]]
        assert found.notes == ["第1页的表格中有文字超出单元格边框，按文字中心所在的单元格读取。"]

    def test_figures_that_touch_the_border_from_both_sides_stay_apart(self) -> None:
        found = read(grid((100, 150, 200), (700, 670)), text(126, 680, "36"), text(150, 680, "12"))
        assert tables(found) == [[("36", 0, 1), ("12", 1, 2)]]

    def test_a_table_in_a_cell_takes_its_own_text(self) -> None:
        drawn = grid((50, 450, 500), (750, 500)) + strokes()
        found = [row for row in read(drawn, FIGURES, text(60, 520, "外框")).rows if row.table]
        assert [(row.table, row.text) for row in found] == [(1, "外框"), (2, "1 2 3"), (2, "4 5 6"), (2, "7 8 9")]


class TestNoTables:
    @pytest.mark.parametrize(
        "drawn",
        [
            bar(50, 50, 545, 800, paint="S"),
            line(90, 690, 500, 690),
            line(90, 690, 500, 690) + line(90, 660, 500, 660),
            bar(80, 640, 500, 720, paint="S") + line(80, 680, 500, 680),
            b"0.9 g " + bar(80, 640, 500, 720) + b"0 g ",
            line(80, 640, 500, 720) + line(80, 720, 500, 640),
        ],
        ids=["page frame", "underline", "two rules", "boxes under each other", "background", "cross"],
    )
    def test_lines_that_bound_no_columns_leave_text_alone(self, drawn: bytes) -> None:
        found = read(drawn, text(90, 700, "甲"), text(90, 650, "乙"))
        assert [(row.kind, row.text) for row in found.rows] == [("text", "甲"), ("text", "乙")]

    def test_a_clipping_path_draws_nothing(self) -> None:
        clip = joined(b"%d 600 100 50 re W n " % x for x in (100, 200, 300))
        assert [row.kind for row in read(b"q ", clip, b"Q ", text(90, 700, "甲"), text(120, 620, "乙")).rows] == ["text", "text"]

    def test_a_drawing_of_thousands_of_lines_is_no_table(self) -> None:
        hatching = joined(line(100 + n / 5, 100, 100 + n / 5, 500) for n in range(2000)) + joined(
            line(100, 100 + n / 5, 500, 100 + n / 5) for n in range(2000)
        )
        assert [row.text for row in read(hatching, text(90, 700, "甲")).rows if row.text] == ["甲"]


# --- any table at all ----------------------------------------------------------------------------------------------


@st.composite
def tilings(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, int, int, int]]]:
    """A table of some rows and columns, cut into merged cells: (top, bottom, left, right), ends exclusive. Every grid
    line bounds some cell, as in any real table: the last row and column are never merged across."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(2, 7))
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            inner = row < rows - 1 and column < columns - 1
            height = draw(st.integers(1, rows - 1 - row)) if inner else 1
            width = draw(st.integers(1, columns - 1 - column)) if inner else 1
            while any((row, place) in taken for place in range(column, column + width)):
                width -= 1
            cells.append((row, row + height, column, column + width))
            taken |= {(line, place) for line in range(row, row + height) for place in range(column, column + width)}
    return rows, columns, cells


def drawn_cells(cells: Sequence[tuple[int, int, int, int]], *, bars: bool, words: Sequence[str]) -> bytes:
    content = []
    for (top, bottom, left, right), word in zip(cells, words, strict=True):
        x0, x1, y0, y1 = 60 + 60 * left, 60 + 60 * right, 780 - 40 * bottom, 780 - 40 * top
        sides = ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
        content += [bar(a - 0.2, b - 0.2, c + 0.2, d + 0.2) if bars else line(a, b, c, d) for a, b, c, d in sides]
        content.append(centred(x0, x1, (y0 + y1) / 2 - 4, word, size=10))
    return joined(content)


@given(tilings(), st.booleans(), st.data())
def test_any_table_comes_back_as_it_was_drawn(
    tiling: tuple[int, int, list[tuple[int, int, int, int]]], bars: bool, data: st.DataObject
) -> None:
    _, _, cells = tiling
    words = data.draw(st.lists(st.sampled_from(["", "0", "36", "12345", "无", "/", "其他结果"]), min_size=len(cells), max_size=len(cells)))
    words[0] = "甲"
    expected: dict[int, list[tuple[str, float, float]]] = {}
    for (top, _, left, right), word in zip(cells, words, strict=True):
        expected.setdefault(top, []).append((word, left, right))
    found = tables(read(drawn_cells(cells, bars=bars, words=words)))
    assert found == [sorted(row, key=lambda slot: slot[1]) for _, row in sorted(expected.items())]

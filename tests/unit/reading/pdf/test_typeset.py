"""Documents typeset as organs' own programs would, read back; pdfplumber as a second reader."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
import typst

from gongkai.reading.grid import Grid, GridRow
from gongkai.reading.pdf import read_pdf
from gongkai.report import Place

HEAD = """
#set page(paper: "a4", margin: (x: 28mm, y: 35mm), numbering: "— 1 —")
#set text(font: ("Noto Serif CJK SC", "FandolSong"), lang: "zh", region: "cn", size: 12pt)
#set table(stroke: 0.5pt)
"""


@cache
def typeset(body: str) -> bytes:
    return bytes(typst.compile((HEAD + body).encode()))


def cells(rows: Sequence[GridRow]) -> list[list[tuple[str, float | None, float | None]]]:
    return [[(slot.text, slot.left, slot.right) for slot in row.slots] for row in rows if row.kind == "table"]


def oracle(data: bytes) -> list[list[str]]:
    """All rows of all tables by pdfplumber: texts without line breaks, merged-away places left out."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        found = [table for page in document.pages for table in page.extract_tables()]
    return [[cell.replace("\n", "") for cell in row if cell is not None] for table in found for row in table]


REPORT = """
= 青禾镇2024年政府信息公开工作年度报告
本报告由青禾镇人民政府编制，统计期限自2024年1月1日起至12月31日止，共公开政府信息36条。
#table(columns: (1fr, 1fr, 1fr, 1fr), align: center,
  table.cell(colspan: 4)[第二十条第（一）项],
  [信息内容], [本年制发件数], [本年废止件数], [现行有效件数],
  [规章], [0], [0], [0],
  [行政规范性文件], [3], [], [12],
  table.cell(colspan: 4)[第二十条第（八）项],
  [信息内容], table.cell(colspan: 3)[本年收费金额（单位：万元）],
  [行政事业性收费], table.cell(colspan: 3)[1276.5534],
)
二、其他
"""


def test_a_bordered_table_with_merged_cells() -> None:
    found = read_pdf(typeset(REPORT))
    assert cells(found.rows) == [
        [("第二十条第（一）项", 0, 4)],
        [("信息内容", 0, 1), ("本年制发件数", 1, 2), ("本年废止件数", 2, 3), ("现行有效件数", 3, 4)],
        [("规章", 0, 1), ("0", 1, 2), ("0", 2, 3), ("0", 3, 4)],
        [("行政规范性文件", 0, 1), ("3", 1, 2), ("", 2, 3), ("12", 3, 4)],
        [("第二十条第（八）项", 0, 4)],
        [("信息内容", 0, 1), ("本年收费金额（单位：万元）", 1, 4)],
        [("行政事业性收费", 0, 1), ("1276.5534", 1, 4)],
    ]
    text = "".join(row.text for row in found.rows if row.kind == "text")
    assert text == (
        "青禾镇2024年政府信息公开工作年度报告本报告由青禾镇人民政府编制，统计期限自2024年1月1日起至12月31日止，共公开政府信息36条。二、其他"
    )
    assert [[slot.text for slot in row.slots] for row in found.rows if row.table] == oracle(typeset(REPORT))


LONG = """
三、收到和处理政府信息公开申请情况
#table(columns: (2em, 1fr, 3em, 3em), align: center + horizon,
  table.header(table.cell(colspan: 2)[（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）], [自然人], [总计]),
  table.cell(rowspan: 90)[三、本年度办理结果],
  ..range(90).map(n => ([（#(n + 1)）属于第#(n + 1)类情形的政府信息公开申请], [#n], [#(n * 7)])).flatten(),
  table.cell(colspan: 2)[四、结转下年度继续办理], [36], [37],
)
"""


class TestATableOfManyPages:
    @pytest.fixture
    def found(self) -> Grid:
        return read_pdf(typeset(LONG))

    def test_is_one_table_without_page_numbers(self, found: Grid) -> None:
        assert [(row.kind, row.table) for row in found.rows] == [("text", 0)] + [("table", 1)] * (len(found.rows) - 1)
        assert sorted({row.page for row in found.rows}) == list(range(1, max(row.page for row in found.rows) + 1))
        assert max(row.page for row in found.rows) >= 3

    def test_every_row_is_there_once_in_its_columns(self, found: Grid) -> None:
        rows = [row for row in cells(found.rows) if row[-1][0].isdigit()]
        expected = [[(f"（{n + 1}）属于第{n + 1}类情形的政府信息公开申请", 1, 2), (str(n), 2, 3), (str(n * 7), 3, 4)] for n in range(90)]
        assert [row[-3:] for row in rows[:-1]] == expected
        assert rows[-1] == [("四、结转下年度继续办理", 0, 2), ("36", 2, 3), ("37", 3, 4)]

    def test_heads_repeat_on_every_page(self, found: Grid) -> None:
        head = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
        assert sum(row.slots[0].text == head for row in found.rows) == max(row.page for row in found.rows)

    def test_a_label_one_character_a_line_is_whole(self, found: Grid) -> None:
        labels = [slot.text for row in found.rows for slot in row.slots if (slot.left, slot.right) == (0, 1)]
        assert "".join(labels) == "三、本年度办理结果"

    def test_rows_count_on(self, found: Grid) -> None:
        places = [row.slots[0].place for row in found.rows if row.kind == "table"]
        assert [place.row for place in places if place] == list(range(1, len(places) + 1))


BORDERLESS = """
#set table(stroke: none)
#table(columns: (40%, 15%, 15%, 15%, 15%), align: (left, right, right, right, right),
  [项目], [自然人], [商业企业], [其他], [总计],
  [重复申请], [3], [0], [12], [15],
  [信访举报投诉类申请], [108], [36], [0], [144],
)
"""


def test_a_table_without_lines_keeps_its_columns_apart() -> None:
    rows = read_pdf(typeset(BORDERLESS)).rows
    assert {row.kind for row in rows} == {"split"}
    assert [[slot.text for slot in row.slots] for row in rows] == [
        ["项目", "自然人", "商业企业", "其他", "总计"],
        ["重复申请", "3", "0", "12", "15"],
        ["信访举报投诉类申请", "108", "36", "0", "144"],
    ]
    for column in range(1, 5):  # set flush right
        assert len({round(row.slots[column].right or 0) for row in rows}) == 1


THREE_LINES = """
#table(columns: (1fr, 1fr, 1fr), stroke: none, table.hline(), [甲], [乙], [丙], table.hline(), [1], [2], [3], [4], [5], [6], table.hline())
"""


def test_a_table_of_three_rules() -> None:
    assert [[slot.text for slot in row.slots] for row in read_pdf(typeset(THREE_LINES)).rows] == [
        ["甲", "乙", "丙"],
        ["1", "2", "3"],
        ["4", "5", "6"],
    ]


def test_a_landscape_page() -> None:
    body = REPORT.replace("= 青禾镇", "#set page(flipped: true)\n= 青禾镇")
    assert cells(read_pdf(typeset(body)).rows) == cells(read_pdf(typeset(REPORT)).rows)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_a_viewer_turned_reads_the_same(degrees: int) -> None:
    document = pypdfium2.PdfDocument(typeset(REPORT))
    for page in document:
        page.set_rotation(degrees)
    turned = io.BytesIO()
    document.save(turned)
    document.close()
    assert read_pdf(turned.getvalue()).rows == read_pdf(typeset(REPORT)).rows


def test_text_turned_in_a_cell() -> None:
    body = """#table(columns: (3em, 1fr, 4em), align: horizon,
      table.cell(rowspan: 3, rotate(-90deg, reflow: true)[办理结果36]), [予以公开的政府信息公开申请], [1],
      [部分公开的政府信息公开申请], [2], [不予公开的政府信息公开申请], [3])"""
    assert cells(read_pdf(typeset(body)).rows) == [
        [("办理结果36", 0, 1), ("予以公开的政府信息公开申请", 1, 2), ("1", 2, 3)],
        [("部分公开的政府信息公开申请", 1, 2), ("2", 2, 3)],
        [("不予公开的政府信息公开申请", 1, 2), ("3", 2, 3)],
    ]


# --- real reports --------------------------------------------------------------------------------------------------

COLUMNS = "natural_person commercial_enterprise research_institution public_welfare_org legal_service_org other_org total".split()


@pytest.mark.samples
@pytest.mark.parametrize("name", ["hongze_2023", "hongze_2024", "huaian_2024"])
class TestRealReports:
    @pytest.fixture
    def grid(self, samples: Path, name: str) -> Grid:
        return read_pdf((samples / f"{name}.pdf").read_bytes())

    @pytest.fixture
    def truth(self, samples: Path, name: str) -> dict[str, int | float | None]:
        import json

        cells: dict[str, int | float | None] = json.loads((samples / f"{name}.json").read_text(encoding="utf-8"))["cells"]
        return cells

    def figures(self, grid: Grid, table: int) -> list[list[str]]:
        rows = [[slot.text for slot in row.slots if slot.text] for row in grid.rows if row.table == table]
        return [row for row in rows if row[-1].replace(".", "").isdigit()]

    def test_three_tables(self, grid: Grid) -> None:
        assert {row.table for row in grid.rows} == {0, 1, 2, 3}

    def test_every_figure_of_table_two(self, grid: Grid, truth: dict[str, int | float | None]) -> None:
        expected = [str(value) for address, value in truth.items() if address.startswith("t2.")]
        assert [figure for row in self.figures(grid, 1) for figure in row[1:]] == expected

    def test_every_row_of_table_three(self, grid: Grid, truth: dict[str, int | float | None]) -> None:
        rows = list(dict.fromkeys(address.split(".")[1] for address in truth if address.startswith("t3.")))
        shown = [[truth[f"t3.{row}.{column}"] for column in COLUMNS] for row in rows]
        expected = [[str(value) for value in row] for row in shown if None not in row]
        assert [row[-7:] for row in self.figures(grid, 2)] == expected

    def test_table_four(self, grid: Grid, truth: dict[str, int | float | None]) -> None:
        assert self.figures(grid, 3) == [[str(value) for address, value in truth.items() if address.startswith("t4.")]]

    def test_columns_of_table_three_are_the_same_in_every_row(self, grid: Grid) -> None:
        rows = [row for row in grid.rows if row.table == 2 and row.slots[-1].text.isdigit()]
        assert {tuple((slot.left, slot.right) for slot in row.slots[-7:]) for row in rows} == {tuple((n, n + 1) for n in range(3, 10))}
        assert all(isinstance(slot.place, Place) and slot.place.table == 2 for row in rows for slot in row.slots)

    def test_no_page_number_is_left(self, grid: Grid) -> None:
        assert not [row.text for row in grid.rows if row.kind != "table" and row.text.strip(" -").isdigit()]

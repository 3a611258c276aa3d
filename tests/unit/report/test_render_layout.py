"""The drawn form: what stands where, what spans what, and which headings a figure has."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.law import report_format
from gongkai.report import AnnualReport, Cell
from gongkai.report.render.layout import TableLayout, lay_out, shown
from tests.unit.report.written import COLUMNS_3, HEAD_4, MERGED_3, REMEDIES_4, RESULTS_4, ROWS_3, distinct, expected_2


def layout(report: AnnualReport, table: str) -> TableLayout:
    return lay_out(report_format(str(report.edition)).table(table), report)


def texts(table: TableLayout) -> dict[tuple[int, int], str]:
    return {(cell.spot.row, cell.spot.column): cell.text for cell in table.cells}


def covered(table: TableLayout) -> list[tuple[int, int]]:
    return [
        (row, column)
        for cell in table.cells
        for row in range(cell.spot.row, cell.spot.row + cell.rowspan)
        for column in range(cell.spot.column, cell.spot.column + cell.colspan)
    ]


@pytest.mark.parametrize(
    ("edition", "table"), [("2021", "t2"), ("2021", "t3"), ("2021", "t4"), ("2019", "t2"), ("2019", "t3"), ("pre2019", "p")]
)
def test_every_place_is_covered_exactly_once(edition: str, table: str) -> None:
    drawn = layout(distinct(edition, 2024), table)
    places = covered(drawn)
    assert len(places) == len(set(places)) == drawn.n_rows * len(drawn.widths)
    assert sum(drawn.widths) == pytest.approx(156)


@pytest.mark.parametrize("edition", ["2021", "2019", "pre2019"])
def test_every_address_is_drawn_exactly_once(edition: str) -> None:
    report = distinct(edition)
    drawn = [cell.address for table in report_format(edition).tables for cell in lay_out(table, report).cells if cell.address]
    assert sorted(drawn) == sorted(report_format(edition).cells)


def test_table_two_of_2021() -> None:
    report = distinct()
    drawn = texts(layout(report, "t2"))
    expected = {(row, column): word for row, line in enumerate(expected_2(report)) for column, word in enumerate(line) if word is not None}
    assert drawn == expected


def test_table_two_of_2019_gives_narrow_blocks_a_wide_last_column() -> None:
    report = distinct("2019", 2020)
    drawn = layout(report, "t2")
    rows = [[(cell.text, cell.colspan) for cell in row] for row in drawn.rows()]
    assert rows[5] == [("信息内容", 1), ("上一年项目数量", 1), ("本年增/减", 1), ("处理决定数量", 1)]
    assert rows[12] == [("第二十条第（八）项", 4)]
    assert rows[13] == [("信息内容", 1), ("上一年项目数量", 1), ("本年增/减", 2)]
    assert rows[16] == [("信息内容", 1), ("采购项目数量", 1), ("采购总金额", 2)]
    assert rows[17][0] == ("政府集中采购", 1)
    assert drawn.n_rows == 18


def test_table_three_of_2021() -> None:
    report = distinct()
    drawn = layout(report, "t3")
    merged = {
        (cell.spot.row, cell.spot.column, cell.spot.row + cell.rowspan - 1, cell.spot.column + cell.colspan - 1, cell.text)
        for cell in drawn.cells
        if cell.rowspan > 1 or cell.colspan > 1
    }
    assert merged == set(MERGED_3)
    placed = texts(drawn)
    for number, (row, label) in enumerate(ROWS_3, 3):
        assert label in (placed.get((number, column)) for column in range(3))
        for column, name in enumerate(COLUMNS_3, 3):
            assert placed[number, column] == report.cells[f"t3.{row}.{name}"].raw


def test_table_three_of_2019_has_one_row_of_other_handling() -> None:
    drawn = layout(distinct("2019", 2020), "t3")
    other = next(cell for cell in drawn.cells if cell.text == "（六）其他处理")
    assert (other.spot, other.rowspan, other.colspan, other.scope) == ((23, 1), 1, 2, "row")
    assert drawn.n_rows == 26


def with_one_row(report: AnnualReport) -> AnnualReport:
    parts = ("other_no_supplement", "other_fee_unpaid", "other_misc")
    cells = {address: cell for address, cell in report.cells.items() if address.split(".")[1] not in parts}
    cells |= {f"t3.other_handling.{column}": Cell("number", Decimal(7), "7") for column in COLUMNS_3}
    return replace(report, cells=cells)


def test_one_row_of_other_handling_stands_for_its_three_parts() -> None:
    rows = [[cell.text for cell in row] for row in layout(with_one_row(distinct()), "t3").rows()]
    assert rows[23] == ["（六）其他处理", "7", "7", "7", "7", "7", "7", "7"]
    assert rows[24][0] == "（七）总计"
    assert len(rows) == 26


def test_a_part_that_shows_something_is_not_lost_beside_the_one_row() -> None:
    report = with_one_row(distinct())
    report = replace(report, cells={**report.cells, "t3.other_misc.total": Cell("number", Decimal(3), "3")})
    rows = [[cell.text for cell in row] for row in layout(report, "t3").rows()]
    assert rows[23][0] == "（六）其他处理"
    assert rows[24] == ["（六）其他处理", "3.其他", "", "", "", "", "", "", "3"]


def test_table_four() -> None:
    report = distinct()
    rows = [[(cell.text, cell.rowspan, cell.colspan) for cell in row] for row in layout(report, "t4").rows()]
    assert rows[0] == [("行政复议", 2, 5), ("行政诉讼", 1, 10)]
    assert rows[1] == [("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)]
    assert [text for text, _, _ in rows[2]] == HEAD_4
    assert [text for text, _, _ in rows[3]] == [report.cells[f"t4.{name}.{result}"].raw for name in REMEDIES_4 for result in RESULTS_4]


def test_the_form_before_2019_prints_groups_once_and_indents() -> None:
    drawn = layout(distinct("pre2019", 2017), "p")
    rows = [[(cell.text, cell.indent) for cell in row][:2] for row in drawn.rows()]
    assert rows[0] == [("统计指标", 0), ("单位", 0)]
    assert rows[1] == [("一、主动公开情况", 0)]
    assert rows[2] == [("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", 1), ("条", 0)]
    assert rows[5] == [("（二）通过不同渠道和方式公开政府信息的情况", 1)]
    assert rows[6] == [("1.政府公报公开政府信息数", 2), ("条", 0)]
    groups = [row[0][0] for row in rows if len(row) == 1]
    assert groups == [
        "一、主动公开情况",
        "（二）通过不同渠道和方式公开政府信息的情况",
        "二、回应解读情况",
        "（二）通过不同渠道和方式回应解读的情况",
        "三、依申请公开情况",
        "八、机构建设和保障经费情况",
        "九、政府信息公开会议和培训情况",
    ]


HEADINGS = [
    ("2021", "t2.licensing.decisions", ["第二十条第（五）项", "本年处理决定数量", "行政许可"]),
    ("2021", "t2.admin_fees.amount_wan", ["第二十条第（八）项", "本年收费金额（单位：万元）", "行政事业性收费"]),
    (
        "2021",
        "t3.denied_third_party.research_institution",
        ["申请人情况", "法人或其他组织", "科研机构", "三、本年度办理结果", "（三）不予公开", "4.保护第三方合法权益"],
    ),
    ("2021", "t3.carried_out.total", ["申请人情况", "总计", "四、结转下年度继续办理"]),
    ("2021", "t4.reconsideration.pending", ["行政复议", "尚未审结"]),
    ("2021", "t4.litigation_direct.total", ["行政诉讼", "未经复议直接起诉", "总计"]),
    ("pre2019", "p.recon_upheld", ["四、行政复议数量", "统计数", "（一）维持具体行政行为数"]),
    ("pre2019", "p.lit_upheld", ["五、行政诉讼数量", "统计数", "（一）维持具体行政行为或者驳回原告诉讼请求数"]),
    ("pre2019", "p.ch_weibo", ["一、主动公开情况", "（二）通过不同渠道和方式公开政府信息的情况", "统计数", "3.政务微博公开政府信息数"]),
]


@pytest.mark.parametrize(("edition", "address", "headings"), HEADINGS)
def test_a_figure_names_its_headings(edition: str, address: str, headings: list[str]) -> None:
    table = report_format(edition).place_of[address][0]
    drawn = lay_out(table, distinct(edition))
    by_spot = {cell.spot: cell for cell in drawn.cells}
    (figure,) = [cell for cell in drawn.cells if cell.address == address]
    assert sorted(by_spot[spot].text for spot in figure.headers) == sorted(headings)
    assert all(by_spot[spot].header for spot in figure.headers)


SHOWN = [
    (Cell("number", Decimal(8), "+8"), "项", True, "+8"),
    (Cell("number", Decimal(8)), "项", True, "+8"),
    (Cell("number", Decimal(-8)), "项", True, "-8"),
    (Cell("number", Decimal(0)), "项", True, "0"),
    (Cell("number", Decimal("7730.280")), "万元", False, "7730.28"),
    (Cell("number", Decimal("1E+3")), "件", False, "1000"),
    (Cell("number", Decimal("0.00001")), "万元", False, "0.00001"),
    (Cell("number", Decimal("25.1"), "251000元", unit="元"), "万元", False, "251000元"),
    # The document said 元 over the column; under our heading 万元 its digits would be another amount.
    (Cell("number", Decimal("25.1"), "251000", unit="元"), "万元", False, "25.1"),
    (Cell("number", Decimal("87.35"), "87.35", unit="万元"), None, False, "87.35万元"),
    (Cell("number", Decimal(3), " 3\n"), "件", False, "3"),
    (Cell("slash", raw="/"), "件", False, "/"),
    (Cell("slash", raw="—"), "件", False, "—"),
    (Cell("slash"), "件", False, "/"),
    (Cell("text", raw="无"), "件", False, "无"),
    (Cell("blank", raw="\xa0"), "件", False, ""),
    (Cell("missing"), "件", False, ""),
    # A figure that is not certain must not come back as a certain one.
    (Cell("unclear", raw="12", reason="两列都放得下"), "件", False, "？"),
]


@pytest.mark.parametrize(("cell", "unit", "signed", "text"), SHOWN)
def test_a_cell_shows_its_own_text(cell: Cell, unit: str | None, signed: bool, text: str) -> None:
    assert shown(cell, unit, signed=signed) == text

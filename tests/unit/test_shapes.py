"""The generator of test documents: its truth is what a careful person would say, and the same seed gives the same bytes."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from random import Random

import pytest

from gongkai.report import AnnualReport, Cell
from tests.shapes import DAMAGES, SHAPES, Recipe, Sample, draw_recipe, judge, make, may_damage, ways_to_cut
from tests.shapes.damage import delete_value, extra_number, glue_cells, lost_column, truncate
from tests.shapes.figures import EDITIONS, SIZES, Figures, draw_figures
from tests.shapes.layout import Draft, Sheet, grid, lay_out, tables
from tests.shapes.markup import split
from tests.shapes.textual import bar_rows, cell_lines, display_width, glued_rows, label_numbers


def figures(edition: str = "2021", **changes: str) -> Figures:
    """All zeros, with the cells named in ``changes`` printed as given (dots written as two underscores)."""
    drawn = draw_figures(Random(1), edition=edition, size="zeros")
    printed = dict.fromkeys(drawn.printed, "0") | {name.replace("__", "."): shown for name, shown in changes.items()}
    truth = {name: Decimal(shown) if re.fullmatch(r"-?\d+(\.\d+)?", shown) else None for name, shown in printed.items()}
    return Figures(drawn.edition, drawn.merged, drawn.year, printed, truth)


def draft(edition: str = "2021", **changes: str) -> Draft:
    return lay_out(figures(edition, **changes), Random(1))


# --- figures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("size", SIZES)
def test_balanced_figures_satisfy_every_identity(edition: str, size: str) -> None:
    for seed in range(20):
        drawn = draw_figures(Random(seed), edition=edition, size=size)
        merged = frozenset({"other_handling"}) if drawn.merged else frozenset()
        for identity in drawn.form.identities(merged):
            sides = [sum(drawn.truth[name] or 0 for name in side) for side in (identity.left, identity.right)]
            assert sides[0] == sides[1], (identity.code, seed)


def test_unbalanced_figures_break_identities() -> None:
    drawn = [draw_figures(Random(seed), edition="2021", size="few", balanced=False) for seed in range(20)]

    def is_broken(item: Figures) -> bool:
        return any(
            sum(item.truth[name] or 0 for name in identity.left) != sum(item.truth[name] or 0 for name in identity.right)
            for identity in item.form.identities()
        )

    assert sum(map(is_broken, drawn)) >= 15


@pytest.mark.parametrize(
    ("edition", "n"),
    [("2021", 10 + 25 * 7 + 15), ("2021-merged", 10 + 23 * 7 + 15), ("2019", 22 + 23 * 7 + 15), ("pre2019", 58)],
)
def test_a_report_prints_every_cell_of_its_form(edition: str, n: int) -> None:
    assert len(draw_figures(Random(3), edition=edition, size="few").printed) == n


def test_holes_show_no_number() -> None:
    drawn = draw_figures(Random(5), edition="2021", size="county", holes=9)
    assert sum(value is None for value in drawn.truth.values()) == 9


def test_yuan_in_a_cell_of_ten_thousand_yuan() -> None:
    seen = set()
    for seed in range(200):
        drawn = draw_figures(Random(seed), edition="2021", size="few", manner="with_unit")
        seen.add((drawn.printed["t2.admin_fees.amount_wan"], drawn.truth["t2.admin_fees.amount_wan"]))
    assert ("12765534元", Decimal("1276.5534")) in seen
    assert ("1276.5534万元", Decimal("1276.5534")) in seen
    assert ("5000元", Decimal("0.5")) in seen


@pytest.mark.parametrize(
    ("manner", "shown", "value"),
    [("thousands", "7,730.28", "7730.28"), ("full_width", "９６１７１．６", "96171.6"), ("point_zero", "12.0", "12")],
)
def test_manners_of_printing(manner: str, shown: str, value: str) -> None:
    drawn = [draw_figures(Random(seed), edition="2021", size="few", manner=manner) for seed in range(100)]
    pairs = {(item.printed["t2.admin_fees.amount_wan"], item.truth["t2.admin_fees.amount_wan"]) for item in drawn}
    assert (shown, Decimal(value)) in pairs


# --- layout --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_tables_are_full_rectangles(edition: str) -> None:
    for sheet in tables(figures(edition)):
        assert {len(row) for row in grid(sheet)} == {sheet.width}
        covered = sum(box.rows * box.cols for row in sheet.rows for box in row)
        assert covered == sheet.width * len(sheet.rows)


def test_a_table_cut_in_two_stays_a_rectangle() -> None:
    sheet = tables(figures())[1]
    for at in range(4, len(sheet.rows)):
        for part in split(sheet, at, repeat_heads=True):
            assert sum(box.rows * box.cols for row in part.rows for box in row) == sheet.width * len(part.rows)


# --- text ----------------------------------------------------------------------------------------------------------


def test_ragged_bars_as_real_pages_leave_them() -> None:
    lines = bar_rows(draft(t2__licensing__decisions="170"), Random(1)).splitlines()
    assert "第二十条第（一）项 | |||" in lines
    assert "规章 | 0 | 0 | 0 |" in lines
    assert "行政许可 | 170 | ||" in lines
    assert "三、本年度办理结果 | （一）予以公开 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | |" in lines
    assert "（三）不予公开 | 1.属于国家秘密 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | |" in lines
    assert "行政复议 | 行政诉讼 | |||||||||||||" in lines


def test_a_blank_leaves_no_trace_in_cell_lines() -> None:
    lines = cell_lines(draft(t2__rules__repealed=""), Random(1)).splitlines()
    at = lines.index("规章")
    assert lines[at : at + 4] == ["规章", "0", "0", "行政规范性文件"]


def test_label_and_seven_numbers_on_a_line() -> None:
    assert "四、结转下年度继续办理 0 0 5 0 0 0 5" in label_numbers(
        draft(t3__carried_out__research_institution="5", t3__carried_out__total="5"), Random(1)
    )


def test_glued_cells() -> None:
    text = glued_rows(draft(t3__received_new__natural_person="1", t3__received_new__total="1"), Random(1))
    assert "规章000\n" in text
    assert "一、本年新收政府信息公开申请数量1000001\n" in text


@pytest.mark.parametrize(
    ("text", "n", "ways"),
    [("000", 3, 1), ("1100002", 7, 1), ("00100", 4, 1), ("120000012", 7, 4), ("-50", 2, 2), ("0-60", 3, 2), ("12", 3, 0)],
)
def test_ways_to_cut_glued_digits(text: str, n: int, ways: int) -> None:
    assert ways_to_cut(text, n) == ways


def test_display_width() -> None:
    assert display_width("规章 0（一）") == 12


# --- truth of a shape ----------------------------------------------------------------------------------------------


def _with_hole(shape: str) -> Sample:
    seed = next(seed for seed in range(500) if "" in make(Recipe("bar_columns", seed, holes=3)).figures.printed.values())
    return make(Recipe(shape, seed, holes=3))


def test_where_blanks_leave_no_trace_the_whole_row_is_unknown() -> None:
    sample = _with_hole("html_blocks")
    for name, shown in sample.figures.printed.items():
        if not shown:
            assert all(sample.figures.truth[other] is None for other in sample.figures.scope(name))


def test_in_a_real_table_only_the_blank_is_unknown() -> None:
    sample = _with_hole("html_spans")
    assert sum(value is None for value in sample.figures.truth.values()) == 3


def test_a_blank_in_table_4_costs_all_of_table_4() -> None:
    lost = figures().unplaced({"t4.litigation_direct.total"})
    assert sum(value is None for value in lost.truth.values()) == 15
    assert all(name.startswith("t4.") for name, value in lost.truth.items() if value is None)


def test_glued_figures_that_can_be_cut_in_two_ways_are_unknown() -> None:
    sample = make(Recipe("glued_rows", 3, size="city"))
    text = sample.data.decode()
    for line, row in (("一、本年新收政府信息公开申请数量", "t3.received_new"), ("四、结转下年度继续办理", "t3.carried_out")):
        digits = re.search(rf"^{line}(\d+)$", text, re.MULTILINE)
        assert digits
        is_known = sample.figures.truth[f"{row}.total"] is not None
        assert is_known == (ways_to_cut(digits[1], 7) == 1)


# --- damage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_never_changes_a_figure_of_the_truth(damage: str) -> None:
    for seed in range(12):
        for edition in EDITIONS:
            whole = lay_out(draw_figures(Random(seed), edition=edition, size="county"), Random(seed))
            damaged = DAMAGES[damage](whole, Random(seed))
            for name, value in damaged.figures.truth.items():
                assert value in (None, whole.figures.truth[name])


def test_an_extra_number_makes_its_row_unknown() -> None:
    damaged = extra_number(draft(), Random(2))
    long_rows = [row for sheet in damaged.sheets if sheet.id == "t3" for row in sheet.rows if sum(box.kind == "value" for box in row) == 8]
    assert long_rows
    for row in long_rows:
        assert all(damaged.figures.truth[box.address] is None for box in row if box.address)


def test_a_deleted_value_is_unknown_and_empty() -> None:
    damaged = delete_value(draft(), Random(2))
    assert damaged.empty_cells() == {name for name, value in damaged.figures.truth.items() if value is None}
    assert len(damaged.empty_cells()) == 3


def test_zeros_glued_to_zeros_stay_certain_and_other_figures_do_not() -> None:
    assert None not in glue_cells(draft(), Random(1)).figures.truth.values()
    ones = figures()
    ones = Figures(ones.edition, ones.merged, ones.year, dict.fromkeys(ones.printed, "1"), dict.fromkeys(ones.truth, Decimal(1)))
    damaged = glue_cells(lay_out(ones, Random(1)), Random(1))
    assert "11" in cell_lines(damaged, Random(1)).splitlines()
    assert None in damaged.figures.truth.values()


def test_a_truncated_document_shows_only_its_beginning() -> None:
    damaged = truncate(draft(), Random(8))
    shown = {box.address for part in damaged.parts if isinstance(part, Sheet) for row in part.rows for box in row if box.address}
    assert {name for name, value in damaged.figures.truth.items() if value is not None} == shown


def test_a_lost_column_is_unknown_in_every_row() -> None:
    damaged = lost_column(draft(), Random(1))
    assert sum(value is None for value in damaged.figures.truth.values()) == 25
    assert {len(row) for row in grid(damaged.sheets[1])} == {9}


# --- whole samples -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_recipe_makes_the_same_truth_and_the_same_text(shape: str) -> None:
    recipe = draw_recipe(shape, 11)
    assert recipe == draw_recipe(shape, 11)
    one, two = make(recipe), make(recipe)
    assert one.figures == two.figures
    if SHAPES[shape].suffix in (".txt", ".md", ".html", ".json"):
        assert one.data == two.data


@pytest.mark.parametrize("shape", [name for name in SHAPES if SHAPES[name].suffix != ".pdf"])
def test_every_shape_takes_every_damage(shape: str) -> None:
    for seed, damage in enumerate(DAMAGES):
        if may_damage(shape, damage):
            assert make(draw_recipe(shape, seed, damage=damage)).data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(encoding: str) -> None:
    assert "政府信息公开工作年度报告" in make(Recipe("cell_lines", 1, encoding=encoding)).data.decode(encoding)


def test_big5() -> None:
    assert "政府信息公開工作年度報告" in make(Recipe("cell_lines", 1, dress="traditional", encoding="big5")).data.decode("big5")


def test_docx_opens_and_holds_the_tables() -> None:
    import docx

    document = docx.Document(io.BytesIO(make(Recipe("docx_merged", 1)).data))
    rows = document.tables[1].rows
    assert [len(table.rows) for table in document.tables] == [14, 28, 4]
    assert rows[3].cells[0].text == rows[3].cells[2].text == "一、本年新收政府信息公开申请数量"


def test_xlsx_opens_and_holds_the_figures() -> None:
    import openpyxl

    sample = make(Recipe("xlsx_page", 1, size="city"))
    page = openpyxl.load_workbook(io.BytesIO(sample.data)).worksheets[0]
    row = next(row for row in page.iter_rows(values_only=True) if "四、结转下年度继续办理" in row)
    values = [value for value in row if isinstance(value, int | float)]
    assert values == [float(sample.figures.truth[f"t3.carried_out.{name}"] or 0) for name in _columns()]


def test_pdf_holds_the_figures() -> None:
    import pdfplumber

    sample = make(Recipe("pdf_bordered", 1, size="city"))
    with pdfplumber.open(io.BytesIO(sample.data)) as document:
        rows = [row for page in document.pages for table in page.extract_tables() for row in table]
    row = next(row for row in rows if row[0] == "四、结转下年度继续办理")
    values = [Decimal(cell) for cell in row if cell and cell.isdigit()]
    assert values == [sample.figures.truth[f"t3.carried_out.{name}"] for name in _columns()]


def test_json_states_the_truth() -> None:
    sample = make(Recipe("json_object", 1, holes=5))
    cells = json.loads(sample.data)["cells"]
    assert {name: cell["value"] for name, cell in cells.items()} == {
        name: None if value is None else float(value) for name, value in sample.figures.truth.items()
    }


def _columns() -> list[str]:
    return [
        "natural_person",
        "commercial_enterprise",
        "research_institution",
        "public_welfare_org",
        "legal_service_org",
        "other_org",
        "total",
    ]


# --- verdict -------------------------------------------------------------------------------------------------------


def test_verdict_tells_wrong_invented_and_missed_apart() -> None:
    known = figures(t2__rules__issued="3", t2__rules__repealed="")
    sample = Sample(Recipe("cell_lines", 1), "a.txt", b"", known, strict=True)
    cells = {name: Cell("number", value) for name, value in known.truth.items() if value is not None}
    cells |= {"t2.rules.issued": Cell("number", Decimal(4)), "t2.rules.repealed": Cell("number", Decimal(0))}
    del cells["t2.rules.in_force"]
    verdict = judge(sample, AnnualReport(year=known.year, edition="2021", cells=cells))
    assert verdict.wrong == ("t2.rules.issued: read 4, is 3",)
    assert verdict.invented == ("t2.rules.repealed: read 0",)
    assert verdict.missed == ("t2.rules.in_force",)
    assert verdict.n_right == 197
    assert not verdict.is_honest


def test_verdict_faults_a_figure_of_a_cell_that_the_report_does_not_print() -> None:
    known = figures("2021-merged")
    sample = Sample(Recipe("cell_lines", 1), "a.txt", b"", known, strict=False)
    report = AnnualReport(cells={"t3.other_misc.total": Cell("number", Decimal(0))})
    assert judge(sample, report).invented == ("t3.other_misc.total: read 0",)

"""Documents from which a wrong figure, or a wrong year, was once read. The recipe makes the same document each time.

Whoever finds another adds its line here before mending the reader.
"""

from __future__ import annotations

import pytest

from gongkai.reading import read_report
from tests.shapes import Recipe
from tests.shapes.trial import brief, read_one

MISLED = (
    Recipe(
        shape="pdf_borderless", seed=1, size="city", manner="signs", dress="wrapped", balanced=False, furniture=True, damage="two_tables"
    ),
    Recipe(shape="labels_then_numbers", seed=1, size="county", manner="signs", encoding="utf-8-sig", damage="swapped_rows"),
    Recipe(shape="glued_table", seed=26, size="county", dress="slips", encoding="utf-8-sig", damage="letter_o"),
    Recipe(shape="cell_lines", seed=20079, edition="2019", dress="pinyin", damage="glue_cells"),
    Recipe(shape="cell_lines_bar", seed=20077, edition="2019", furniture=True, damage="glue_label"),
    Recipe(shape="cell_lines_bar", seed=20215, edition="2021-merged", balanced=False, furniture=True, damage="misspell"),
    Recipe(shape="bar_line_cells", seed=20200, edition="2019", size="zeros", damage="glue_label"),
    Recipe(shape="one_paragraph", seed=20099, dress="pinyin", damage="two_reports"),
    Recipe(shape="glued_table", seed=20108, edition="pre2019", damage="misspell"),
    Recipe(shape="glued_table", seed=20144, edition="2019", dress="wrapped", damage="local_rows"),
    Recipe(shape="torn_markdown", seed=20027, edition="2019", size="county", damage="swapped_columns"),
    Recipe(shape="torn_markdown", seed=20146, edition="pre2019", damage="serial_numbers"),
    Recipe(shape="torn_markdown", seed=20234, size="zeros", balanced=False, damage="truncate"),
    Recipe(shape="labels_then_numbers", seed=20000, damage="local_rows"),
    Recipe(shape="labels_then_numbers", seed=20030, damage="local_rows"),
    Recipe(shape="labels_then_numbers", seed=20060, damage="local_rows"),
    Recipe(shape="labels_then_numbers", seed=20090, damage="local_rows"),
    Recipe(shape="labels_then_numbers", seed=20120, damage="local_rows"),
    Recipe(shape="labels_then_numbers", seed=20150, damage="local_rows"),
    Recipe(shape="wrapped_rows", seed=20110, manner="with_unit", dress="slips", furniture=True, damage="glue_label"),
    Recipe(shape="wrapped_rows", seed=20131, size="county", damage="drop_any_words"),
    Recipe(shape="docx_runs", seed=20053, edition="pre2019", balanced=False, furniture=True, damage="lost_rows"),
    Recipe(shape="docx_loose", seed=20069, size="city", damage="drop_any_words"),
    Recipe(shape="docx_lines", seed=20219, edition="2019", manner="signs", furniture=True, damage="delete_value"),
    Recipe(shape="pdf_bordered", seed=20056, size="county", dress="spaced", damage="swapped_columns"),
    Recipe(
        shape="pdf_bordered",
        seed=20234,
        edition="2021-merged",
        size="city",
        balanced=False,
        manner="with_unit",
        dress="vertical",
        furniture=True,
        damage="truncate",
    ),
    Recipe(shape="pdf_borderless", seed=20001, edition="pre2019", damage="serial_numbers"),
    Recipe(shape="pdf_borderless", seed=20052, size="city", manner="full_width", dress="wrapped"),
    Recipe(shape="pdf_borderless", seed=20056, damage="swapped_columns"),
    Recipe(shape="pdf_borderless", seed=20085, size="city", damage="swapped_columns"),
    Recipe(shape="pdf_borderless", seed=20114, balanced=False, damage="swapped_columns"),
    Recipe(shape="pdf_borderless", seed=20133, edition="2019", size="zeros", dress="wrapped", furniture=True),
    Recipe(shape="one_paragraph", seed=40198, dress="slips", furniture=True, damage="two_tables"),
    Recipe(shape="one_paragraph", seed=40289, dress="slips", furniture=True, damage="two_reports"),
    Recipe(shape="wrapped_rows", seed=40089, edition="2019", size="zeros", manner="signs", furniture=True, damage="glue_cells"),
    Recipe(shape="pdf_bordered", seed=40086, size="county", manner="with_unit", furniture=True, damage="join_cells"),
    Recipe(shape="pdf_borderless", seed=40018, dress="wrapped", damage="two_tables"),
    Recipe(shape="tabs", seed=100114, edition="2019", size="city", balanced=False, furniture=True, damage="delete_value"),
    Recipe(shape="glued_table", seed=100188, edition="pre2019", size="city", damage="misspell"),
    Recipe(shape="wrapped_rows", seed=100245, dress="pinyin", furniture=True, damage="lost_rows"),
    Recipe(shape="one_line", seed=200257, size="city", dress="spaced", furniture=True, damage="extra_number"),
    Recipe(shape="html_word", seed=200114, size="zeros", manner="with_unit", furniture=True, damage="lost_rows"),
    Recipe(shape="bar_columns", seed=276, edition="2019", size="zeros", holes=10),
    Recipe(shape="tabs", seed=398621, edition="2019", balanced=False, holes=6),
    Recipe(shape="pdf_borderless", seed=12042, size="city", holes=10, manner="full_width", dress="wrapped", furniture=True),
    Recipe(shape="cell_lines", seed=160886, size="county", furniture=True, damage="drop_any_words"),
    Recipe(shape="glued_rows", seed=397, edition="2019", size="city", damage="cut_label"),
    Recipe(shape="labels_then_numbers", seed=11423, edition="2019", damage="glue_label"),
    Recipe(shape="labels_then_numbers", seed=2639, size="zeros", furniture=True, damage="truncate"),
    Recipe(shape="glued_rows", seed=2453, size="city", damage="section_order"),
    Recipe(shape="pdf_borderless", seed=29096, size="city", balanced=False, manner="full_width", dress="wrapped"),
    Recipe(shape="wrapped_rows", seed=500239, edition="2021-merged", size="city", dress="pinyin", furniture=True, damage="lost_column"),
    Recipe(
        shape="pdf_borderless",
        seed=900040,
        edition="2019",
        size="city",
        manner="full_width",
        dress="wrapped",
        furniture=True,
        damage="contents",
    ),
)


@pytest.mark.parametrize("recipe", MISLED, ids=lambda recipe: f"{recipe.shape}-{recipe.damage}-{recipe.seed}")
def test_it_misleads_no_more(recipe: Recipe) -> None:
    _, verdict = read_one(read_report, recipe)
    assert verdict.is_honest, brief(recipe)

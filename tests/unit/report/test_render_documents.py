"""DOCX, PDF, HTML and XLSX, each opened with somebody else's reader and compared cell by cell."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import Any

import docx
import lxml.html
import openpyxl
import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.law import report_format
from gongkai.report import AnnualReport, Cell
from gongkai.report.render import Unwritable, write_report
from tests.unit.report.written import (
    HEAD_3_LAST,
    HEAD_4,
    MERGED_3,
    ROWS_3,
    SECTIONS,
    distinct,
    expected_2,
    expected_3,
    expected_4,
)

TITLES = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
NARRATIVE = [
    "澜汀县栖云镇人民政府2024年政府信息公开工作年度报告",
    "发布日期：2025年1月5日",
    "本报告依据条例编制。",
    "联系电话：0000-8800126。",
    TITLES[0],
    *SECTIONS["s1"].split("\n"),
    TITLES[1],
    TITLES[2],
    SECTIONS["s3"],
    TITLES[3],
    TITLES[4],
    *SECTIONS["s5"].split("\n"),
    TITLES[5],
    SECTIONS["s6"],
]
DRAWN = ["docx", "pdf", "html", "xlsx"]

Grid = list[list[str]]


def grids(data: bytes, kind: str) -> list[Grid]:
    """The tables as full rectangles; a merged cell repeats its text (DOCX, HTML) or stands once (PDF, XLSX)."""
    return {"docx": docx_grids, "html": html_grids, "xlsx": xlsx_grids, "pdf": pdf_grids}[kind](data)


def docx_grids(data: bytes) -> list[Grid]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(io.BytesIO(data)).tables]


def html_grids(data: bytes) -> list[Grid]:
    return [html_grid(table) for table in lxml.html.fromstring(data.decode()).iter("table")]


def html_grid(table: Any) -> Grid:
    filled: dict[tuple[int, int], str] = {}
    rows = list(table.iter("tr"))
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in filled:
                column += 1
            for down in range(int(cell.get("rowspan", 1))):
                for right in range(int(cell.get("colspan", 1))):
                    assert (number + down, column + right) not in filled
                    filled[number + down, column + right] = cell.text_content()
            column += int(cell.get("colspan", 1))
    width = max(column for _, column in filled) + 1
    return [[filled[row, column] for column in range(width)] for row in range(len(rows))]


def xlsx_grids(data: bytes) -> list[Grid]:
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        # Only the table has lines around its cells; over it stand heading and text.
        rows = [row for row in sheet.iter_rows() if any(cell.border.top.style for cell in row)]
        found += [[["" if cell.value is None else str(cell.value) for cell in row] for row in rows]] if rows else []
    return found


def pdf_grids(data: bytes) -> list[Grid]:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        tables = [table for page in pdf.pages for table in page.extract_tables()]
    return [[[(cell or "").replace("\n", "") for cell in row] for row in table] for table in tables]


@pytest.fixture(scope="module")
def report() -> AnnualReport:
    return distinct()


@pytest.fixture(scope="module")
def written(report: AnnualReport) -> dict[str, bytes]:
    return {kind: write_report(report, kind) for kind in DRAWN}


@pytest.mark.parametrize("kind", DRAWN)
def test_table_two(kind: str, report: AnnualReport, written: dict[str, bytes]) -> None:
    table = grids(written[kind], kind)[0]
    expected = expected_2(report)
    assert len(table) == len(expected)
    for row, line in zip(table, expected, strict=True):
        for found, word in zip(row, line, strict=True):
            assert word is None or found == word


@pytest.mark.parametrize("kind", DRAWN)
def test_table_three(kind: str, report: AnnualReport, written: dict[str, bytes]) -> None:
    table = grids(written[kind], kind)[1]
    assert len(table) == 28
    assert table[0][3] == "申请人情况"
    assert [table[1][3], table[1][4], table[1][9]] == ["自然人", "法人或其他组织", "总计"]
    assert table[2][4:9] == HEAD_3_LAST
    assert [row[3:] for row in table[3:]] == expected_3(report)
    for (_, label), row in zip(ROWS_3, table[3:], strict=True):
        assert label in row[:3]
    for top, left, _, _, text in MERGED_3:
        assert table[top][left] == text


@pytest.mark.parametrize("kind", DRAWN)
def test_table_four(kind: str, report: AnnualReport, written: dict[str, bytes]) -> None:
    table = grids(written[kind], kind)[2]
    assert [table[0][0], table[0][5], table[1][5], table[1][10]] == ["行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"]
    assert table[2:] == [HEAD_4, expected_4(report)]


def test_docx_merges_cells(written: dict[str, bytes]) -> None:
    table = docx.Document(io.BytesIO(written["docx"])).tables[1]
    cells = [row.cells for row in table.rows]
    for top, left, bottom, right, _ in MERGED_3:
        assert cells[top][left]._tc is cells[bottom][right]._tc
    assert cells[7][2]._tc is not cells[8][2]._tc


def test_xlsx_merges_cells(written: dict[str, bytes]) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written["xlsx"]))["表三"]
    above = 2  # the heading and one line of text
    areas = [(area.min_row - 1 - above, area.min_col - 1, area.max_row - 1 - above, area.max_col - 1) for area in sheet.merged_cells.ranges]
    assert sorted(areas) == sorted([(-2, 0, -2, 9), (-1, 0, -1, 9), *(place[:4] for place in MERGED_3)])


def lines(data: bytes, kind: str) -> list[str]:
    if kind == "docx":
        # The title is broken after the organ's name.
        return [paragraph.text.replace("\n", "") for paragraph in docx.Document(io.BytesIO(data)).paragraphs if paragraph.text]
    if kind == "html":
        page = lxml.html.fromstring(data.decode())
        return [item.text_content() for item in page.iter("h1", "h2", "h3", "p")]
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    return [str(row[0].value) for sheet in sheets for row in sheet.iter_rows() if row[0].value and not row[0].border.top.style]


@pytest.mark.parametrize("kind", ["docx", "html", "xlsx"])
def test_the_narrative_stands_line_by_line(kind: str, written: dict[str, bytes]) -> None:
    assert lines(written[kind], kind) == NARRATIVE


def test_the_narrative_of_the_pdf_stands_in_order(written: dict[str, bytes]) -> None:
    with pdfplumber.open(io.BytesIO(written["pdf"])) as pdf:
        text = "".join("".join((page.extract_text() or "").split()) for page in pdf.pages)
    assert text.startswith("".join(NARRATIVE[:5]))
    places = [text.find(line) for line in NARRATIVE]
    assert places == sorted(places)
    assert -1 not in places


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize(("edition", "year", "n_tables"), [("2019", 2020, 3), ("pre2019", 2017, 1)])
def test_other_editions_show_every_figure(kind: str, edition: str, year: int, n_tables: int) -> None:
    report = distinct(edition, year)
    tables = grids(write_report(report, kind), kind)
    assert len(tables) >= n_tables
    found = [text for table in tables for row in table for text in row]
    assert {cell.raw for cell in report.cells.values()} <= set(found)


PRINTED = [
    (Cell("number", Decimal(8), "+8"), "+8"),
    (Cell("number", Decimal(1276), "1,276"), "1,276"),
    (Cell("number", Decimal(7), "007"), "007"),
    (Cell("slash", raw="/"), "/"),
    (Cell("text", raw="无"), "无"),
    (Cell("blank"), ""),
    (Cell("missing"), ""),
    (Cell("unclear", raw="5", reason="两列都放得下"), "？"),
]


@pytest.mark.parametrize("kind", DRAWN)
def test_a_cell_keeps_its_own_text(kind: str) -> None:
    rows = [row for row, _ in ROWS_3[: len(PRINTED)]]
    odd = {f"t3__{row}__total": cell for row, (cell, _) in zip(rows, PRINTED, strict=True)}
    table = grids(write_report(distinct(**odd), kind), kind)[1]
    assert [row[-1] for row in table[3 : 3 + len(PRINTED)]] == [text for _, text in PRINTED]


def test_xlsx_writes_figures_as_numbers_and_the_rest_as_text() -> None:
    report = distinct(
        t3__granted__natural_person=Cell("number", Decimal("12.50"), "12.50"),
        t3__granted__total=Cell("number", Decimal(8), "+8"),
        t3__partial__total=Cell("text", raw="=1+1"),
        t3__carried_out__total=Cell("number", Decimal("1234567890123456789"), "1234567890123456789"),
    )
    sheet = openpyxl.load_workbook(io.BytesIO(write_report(report, "xlsx")))["表三"]
    half, signed, formula, long = sheet.cell(8, 4), sheet.cell(8, 10), sheet.cell(9, 10), sheet.cell(30, 10)
    assert (half.value, half.data_type, half.number_format) == (12.5, "n", "0.00")
    assert (signed.value, signed.data_type) == ("+8", "s")
    assert (formula.value, formula.data_type) == ("=1+1", "s")
    assert (long.value, long.data_type) == ("1234567890123456789", "s")


HOSTILE = [
    "=1+1",
    "@cmd",
    "+7",
    "-7",
    '#panic("x")',
    "$x^2$ *b* _i_ `r` <l> @ref [c] \\u{41} // c",
    "<script>alert(1)</script>",
    "]]>&amp;&#65;",
    "{{ 7 }}",
    "http://a.example/",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_markup(text: str) -> None:
    report = replace(distinct(), title=text, organ=text, preface=f"一{text}", sections={**SECTIONS, "s1": text})
    report = replace(report, cells={**report.cells, "t2.rules.issued": Cell("text", raw=text)})
    documents = {kind: write_report(report, kind) for kind in DRAWN}
    for kind in ("docx", "html", "xlsx"):
        found = lines(documents[kind], kind)
        assert found.count(text) == 2
        assert f"一{text}" in found
        assert grids(documents[kind], kind)[0][2][1] == text
    with pdfplumber.open(io.BytesIO(documents["pdf"])) as pdf:
        assert "".join("".join((page.extract_text() or "") for page in pdf.pages).split()).count("".join(text.split())) >= 3
    page = lxml.html.fromstring(documents["html"].decode())
    assert not list(page.iter("script"))
    book = openpyxl.load_workbook(io.BytesIO(documents["xlsx"]))
    assert all(cell.data_type != "f" and cell.hyperlink is None for sheet in book for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("kind", DRAWN)
def test_damaged_text_does_not_stop_a_writer(kind: str) -> None:
    damaged = "前\x00\x0b\x1f\ufffe\ud800后"
    report = replace(distinct(), title=damaged, sections={"s1": damaged}, organ=damaged)
    report = replace(report, cells={**report.cells, "t2.rules.issued": Cell("text", raw=damaged)})
    data = write_report(report, kind)
    assert grids(data, kind)[0][2][1] == "前后"


def test_the_same_report_gives_the_same_bytes(report: AnnualReport, written: dict[str, bytes]) -> None:
    time.sleep(1.1)  # a clock asked in secret shows in the seconds
    for kind in DRAWN:
        assert write_report(report, kind) == written[kind]


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_an_archive_carries_no_time_of_writing(kind: str, written: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(written[kind])) as archive:
        assert {item.date_time[0] for item in archive.infolist()} == {1980}


def test_what_the_document_does_not_show_is_not_made_up() -> None:
    cells = {address: cell for address, cell in distinct().cells.items() if address.startswith("t2")}
    report = replace(distinct(), cells=cells, sections={"s1": "只有这些。"})
    data = write_report(report, "html")
    assert len(grids(data, "html")) == 1
    assert lines(data, "html")[-2:] == ["只有这些。", TITLES[1]]


def test_a_report_without_title_gets_the_usual_one() -> None:
    report = replace(distinct(), title=None)
    assert lines(write_report(report, "docx"), "docx")[0] == NARRATIVE[0]


@pytest.mark.parametrize("kind", DRAWN)
def test_without_an_edition_there_are_no_tables_to_write(kind: str) -> None:
    with pytest.raises(Unwritable) as caught:
        write_report(AnnualReport(organ="栖云镇"), kind)
    assert caught.value.message == "没有认出这份报告用的是哪一年的统一格式，无法写出其中的表格。可以改写成 .json。"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Unwritable) as caught:
        write_report(distinct(), "odt")
    assert caught.value.message == "不能写成“odt”格式，可以写成：docx、pdf、html、xlsx、json。"


def test_a_paragraph_too_long_for_a_spreadsheet_is_told() -> None:
    report = replace(distinct(), preface="长" * 32768)
    with pytest.raises(Unwritable) as caught:
        write_report(report, "xlsx")
    assert caught.value.message == "“长长长长长长长长长长……”一段有32768字，超过 Excel 一个单元格能放的32767字，请分段后再写。"


@pytest.mark.parametrize("kind", ["docx", "html", "xlsx"])
def test_title_and_date_that_stand_in_the_preface_too_are_printed_once(kind: str) -> None:
    report = replace(
        distinct(), preface="澜汀县栖云镇人民政府\n2024年政府信息公开工作年度报告\n发布日期：2025年1月5日\n" + distinct().preface
    )
    assert lines(write_report(report, kind), kind) == NARRATIVE


def test_the_caption_of_a_table_is_no_narrative() -> None:
    report = replace(distinct(), sections={**SECTIONS, "s3": "表三（收到和处理政府信息公开申请情况）\n" + SECTIONS["s3"]})
    assert lines(write_report(report, "html"), "html") == NARRATIVE


anything = st.text(max_size=60)
any_cell = st.builds(Cell, st.sampled_from(["blank", "slash", "text", "missing", "unclear"]), st.none(), anything) | st.builds(
    Cell, st.just("number"), st.decimals(allow_nan=False, allow_infinity=False), anything
)
any_report = st.builds(
    AnnualReport,
    organ=st.none() | anything,
    year=st.none() | st.integers(1, 9999),
    edition=st.just("2021"),
    published_on=st.none() | st.dates(),
    title=st.none() | anything,
    cells=st.dictionaries(st.sampled_from(report_format("2021").cells), any_cell, max_size=5),
    preface=anything,
    sections=st.dictionaries(st.sampled_from(["s1", "s4", "s6"]), anything),
)


@settings(max_examples=60, deadline=None)
@given(any_report, st.sampled_from(DRAWN))
def test_no_content_breaks_a_writer(report: AnnualReport, kind: str) -> None:
    data = write_report(report, kind)
    assert data[:2] == {"docx": b"PK", "xlsx": b"PK", "html": b"<!", "pdf": b"%P"}[kind]

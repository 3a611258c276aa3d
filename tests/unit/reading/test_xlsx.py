"""Workbooks, written with xlsxwriter and openpyxl or as literal XML; expected rows are written by hand."""

from __future__ import annotations

import datetime
import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from gongkai.reading.grid import Grid, HiddenPart, Unreadable
from gongkai.reading.office import find_soffice
from gongkai.reading.xlsx import read_xlsx
from gongkai.report import Place


def book(*sheets: list[list[Any]], change: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets, 1):
        sheet = workbook.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    if change:
        change(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def rows(grid: Grid) -> list[tuple[str, list[str]]]:
    return [(row.kind, [slot.text for slot in row.slots]) for row in grid.rows]


def refusal(data: bytes, suffix: str = ".xlsx") -> str:
    with pytest.raises(Unreadable) as caught:
        read_xlsx(data, suffix)
    return caught.value.message


class TestCells:
    def test_values_as_the_sheet_shows_them(self) -> None:
        moments = [datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3, 4), datetime.time(8, 30)]
        grid = read_xlsx(book([["甲", 1, 1.0, 1276.5534, 0.1 + 0.2, -3, True, " 0012 ", *moments], ["乙", 2, None, "/"]]))
        assert rows(grid) == [
            ("table", ["甲", "1", "1", "1276.5534", "0.3", "-3", "TRUE", "0012", "2024-01-02", "2024-01-02 03:04:00", "08:30:00"]),
            ("table", ["乙", "2", "", "/", "", "", "", "", "", "", ""]),
        ]

    @given(st.decimals(-1_000_000, 1_000_000, places=6, allow_nan=False))
    def test_amounts_keep_their_digits(self, amount: Any) -> None:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
            workbook.add_worksheet().write_row(0, 0, ["收费", float(amount)])
        text = read_xlsx(buffer.getvalue()).rows[0].slots[1].text
        assert "E" not in text.upper()
        assert float(text) == float(amount)

    def test_errors_and_formulas_never_computed_are_not_empty(self) -> None:
        grid = read_xlsx(book([["甲", "=1/0", "=SUM(B1:C1)", "#DIV/0!", 4]]))
        assert rows(grid) == [("table", ["甲", "（公式未计算）", "（公式未计算）", "#DIV/0!", "4"])]

    def test_a_computed_formula_is_its_value(self) -> None:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write(0, 0, "总计")
            sheet.write_formula(0, 1, "=1+2", None, 3)
        assert rows(read_xlsx(buffer.getvalue())) == [("table", ["总计", "3"])]

    def test_merged_cells_and_places(self) -> None:
        def merge(workbook: openpyxl.Workbook) -> None:
            sheet = workbook["表1"]
            sheet.merge_cells("A1:B2")
            sheet.merge_cells("C1:D1")
            sheet.merge_cells("A3:A4")

        grid = read_xlsx(
            book(
                [["信息内容", None, "申请人情况", None], [None, None, "自然人", "总计"], ["三、结果", "公开", 1, 2], [None, "部分", 3, 4]],
                change=merge,
            )
        )
        assert [[(slot.text, slot.left, slot.right) for slot in row.slots] for row in grid.rows] == [
            [("信息内容", 0, 2), ("申请人情况", 2, 4)],
            [("自然人", 2, 3), ("总计", 3, 4)],
            [("三、结果", 0, 1), ("公开", 1, 2), ("1", 2, 3), ("2", 3, 4)],
            [("部分", 1, 2), ("3", 2, 3), ("4", 3, 4)],
        ]
        assert grid.rows[3].slots[0].place == Place(table=1, row=4, column=2)

    def test_a_wrapped_label_is_whole(self) -> None:
        assert rows(read_xlsx(book([["商业\n企业", "1"], ["其他", "0\n"]]))) == [("table", ["商业企业", "1"]), ("table", ["其他", "0"])]

    def test_a_margin_is_no_column(self) -> None:
        grid = read_xlsx(book([[], [None, None, "规章", 0], [None, None, "文件", 2]]))
        assert [[(slot.text, slot.left) for slot in row.slots] for row in grid.rows] == [[("规章", 2), ("0", 3)], [("文件", 2), ("2", 3)]]
        assert grid.rows[0].slots[0].place == Place(table=1, row=2, column=3)


class TestSheets:
    def test_each_block_has_its_own_width(self) -> None:
        grid = read_xlsx(book([["规章", 0, None], ["文件", 2], [], ["自然人", 1, 2, 3, 4]]))
        assert rows(grid) == [("table", ["规章", "0"]), ("table", ["文件", "2"]), ("table", ["自然人", "1", "2", "3", "4"])]

    def test_narrative_is_lines(self) -> None:
        prose = "我镇认真贯彻落实条例，全年主动公开政府信息12条，其中网站5条、公众号7条，未收到申请，也没有复议"
        grid = read_xlsx(
            book([["云川县青禾镇年报"], [], ["一、总体情况\n全年公开12条"], ["（一）主动公开"], [prose], ["规章", 0]], [["完"], ["终"]])
        )
        assert rows(grid) == [
            ("text", ["云川县青禾镇年报"]),
            ("text", ["一、总体情况"]),
            ("text", ["全年公开12条"]),
            ("table", ["（一）主动公开", ""]),
            ("text", [prose]),
            ("table", ["规章", "0"]),
            ("text", ["完"]),
            ("text", ["终"]),
        ]
        assert [row.table for row in grid.rows] == [0, 0, 0, 1, 0, 1, 0, 0]
        assert [row.slots[0].place for row in grid.rows][-2:] == [Place(table=2, row=1, column=1), Place(table=2, row=2, column=1)]

    def test_a_heading_over_the_whole_table_is_a_line(self) -> None:
        def merge(workbook: openpyxl.Workbook) -> None:
            workbook["表1"].merge_cells("A2:C2")

        grid = read_xlsx(book([["甲", 1, 2], ["三、收到申请情况"], ["一、本年新收"], ["乙", 3, 4]], change=merge))
        assert rows(grid)[1:3] == [("text", ["三、收到申请情况"]), ("table", ["一、本年新收", "", ""])]

    def test_what_is_hidden_is_kept_apart(self) -> None:
        def hide(workbook: openpyxl.Workbook) -> None:
            workbook["表2"].sheet_state = "hidden"
            workbook["表1"].row_dimensions[2].hidden = True
            workbook["表1"].column_dimensions["B"].hidden = True
            workbook["表1"]["A1"].comment = openpyxl.comments.Comment("请核对", "王某")

        grid = read_xlsx(book([["规章", 9, 0], ["旧行", 8, 7], ["文件", 6, 2]], [["底稿", 5]], [["后", 1]], change=hide))
        assert [[(slot.text, slot.left) for slot in row.slots] for row in grid.rows] == [
            [("规章", 0), ("0", 2)],
            [("文件", 0), ("2", 2)],
            [("后", 0), ("1", 1)],
        ]
        assert [row.table for row in grid.rows] == [1, 1, 2]
        assert [part for part in grid.hidden if part.kind != "metadata"] == [
            HiddenPart("comment", "请核对"),
            HiddenPart("hidden_row", "旧行\t8\t7", "表1第2行"),
            HiddenPart("hidden_column", "9\n6", "表1第2列"),
            HiddenPart("hidden_sheet", "底稿\t5", "表2"),
        ]

    def test_properties(self) -> None:
        def name(workbook: openpyxl.Workbook) -> None:
            workbook.properties.title = "青禾镇年报"
            workbook.properties.creator = "张某"

        grid = read_xlsx(book([["甲", 1]], change=name))
        assert grid.title == "青禾镇年报"
        assert HiddenPart("metadata", "张某", "author") in grid.hidden


class TestOtherFormats:
    def ods(self, table: str) -> bytes:
        spaces = " ".join(
            f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
        )
        content = f"<office:document-content {spaces}>{table}</office:document-content>"
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", content)
        return buffer.getvalue()

    @staticmethod
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    def test_ods(self) -> None:
        number = '<table:table-cell office:value-type="float" office:value="12.50"><text:p>13</text:p></table:table-cell>'
        style = '<office:automatic-styles><style:style style:name="h"><style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        empty = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        rows_ = (
            "<table:table-row>"
            + self.cell("信息", 'table:number-columns-spanned="2" table:number-rows-spanned="2"')
            + "<table:covered-table-cell/>"
            + self.cell("总计")
            + '</table:table-row><table:table-row><table:covered-table-cell table:number-columns-repeated="2"/>'
            + number
            + "</table:table-row><table:table-row>"
            + self.cell("乙")
            + self.cell("0", 'table:number-columns-repeated="2"')
            + "</table:table-row>"
        )
        hidden = f'<table:table table:name="底" table:style-name="h"><table:table-row>{self.cell("秘")}</table:table-row></table:table>'
        grid = read_xlsx(self.ods(f'{style}<table:table table:name="一">{rows_}{empty}</table:table>{hidden}'), ".ods")
        assert [[(slot.text, slot.left, slot.right) for slot in row.slots] for row in grid.rows] == [
            [("信息", 0, 2), ("总计", 2, 3)],
            [("12.5", 2, 3)],
            [("乙", 0, 1), ("0", 1, 2), ("0", 2, 3)],
        ]
        assert grid.hidden == [HiddenPart("hidden_sheet", "秘", "底")]

    def test_an_endless_ods(self) -> None:
        row = (
            '<table:table-row table:number-rows-repeated="1048576">'
            + self.cell("9", 'table:number-columns-repeated="16384"')
            + "</table:table-row>"
        )
        grid = read_xlsx(self.ods(f'<table:table table:name="一">{row * 3}</table:table>'), ".ods")
        assert len(grid.rows) == 200_000 // 256
        assert grid.notes == ["工作表“一”过大，只读取前20000行、前256列。"]

    def test_a_web_page_under_a_workbooks_name(self) -> None:
        page = "<html><body><table><tr><td>规章</td><td>0</td></tr></table></body></html>".encode()
        assert rows(read_xlsx(page, ".xls")) == [("table", ["规章", "0"])]

    def test_xls(self, tmp_path: Path) -> None:
        soffice = find_soffice()
        if soffice is None:
            pytest.skip("LibreOffice, which writes the .xls of this test, is not installed")
        source = tmp_path / "a.xlsx"
        source.write_bytes(book([["信息内容", None], ["规章", 12.5]], change=lambda workbook: workbook["表1"].merge_cells("A1:B1")))
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        made = subprocess.run(
            [soffice, profile, "--headless", "--convert-to", "xls", "--outdir", str(tmp_path), str(source)],
            check=False,
            capture_output=True,
            timeout=120,
        )
        if not (tmp_path / "a.xls").exists():
            pytest.skip(f"this LibreOffice has no Calc and writes no .xls: {made.stderr.decode(errors='replace')[:80]}")
        grid = read_xlsx((tmp_path / "a.xls").read_bytes(), ".xls")
        assert [[(slot.text, slot.left, slot.right) for slot in row.slots] for row in grid.rows] == [
            [("信息内容", 0, 2)],
            [("规章", 0, 1), ("12.5", 1, 2)],
        ]


class TestRefusals:
    def test_reasons(self) -> None:
        assert refusal(b"garbage") == "工作簿已损坏，或者不是可以识别的表格格式。"
        assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), ".xls") == "工作簿已损坏，或者不是可以识别的表格格式。"
        assert refusal(book([[]])) == "工作簿里没有任何可见的内容。"
        assert refusal(b"x" * 32_000_001) == "工作簿过大（32MB），超过32MB的上限，未读取。"
        container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
        assert refusal(container) == "文件已加密，请先去掉密码再读取。"

    def test_a_cell_at_the_far_corner(self) -> None:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet("表1")
            sheet.write(0, 0, "甲")
            sheet.write(1_048_575, 16_383, "乙")
        assert refusal(buffer.getvalue()) == "工作表“表1”一直到第1048576行第16384列，范围过大，未读取。"

    def test_a_claimed_million_of_rows_is_not_believed(self) -> None:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet("表1")
            sheet.write_row(0, 0, ["甲", 1])
            sheet.write_blank(1_048_575, 16_383, None, workbook.add_format({"bold": True}))
        assert rows(read_xlsx(buffer.getvalue())) == [("table", ["甲", "1"])]

    def test_too_many_rows_are_cut_and_said(self) -> None:
        grid = read_xlsx(book([["甲", 1]] * 20_010))
        assert len(grid.rows) == 20_000
        assert grid.notes == ["工作表“表1”过大，只读取前20000行、前256列。"]

    def test_damaged_bytes_anywhere_are_read_or_refused(self) -> None:
        data = book([["规章", 0], ["文件", 2]])
        for position in range(0, len(data), max(len(data) // 300, 1)):
            damaged = bytearray(data)
            damaged[position] ^= 0xFF
            try:
                read_xlsx(bytes(damaged))
            except Unreadable as refused:
                assert refused.message

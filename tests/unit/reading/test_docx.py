"""Word documents. Expected rows are written by hand; python-docx, which writes most of them, is the other oracle."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.document import Document
from hypothesis import given
from hypothesis import strategies as st

from gongkai.reading.docx import read_docx
from gongkai.reading.docx.numbering import number_text
from gongkai.reading.grid import Grid, HiddenPart, Unreadable
from gongkai.report import Place

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def packed(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def body(inner: str, **parts: str) -> Grid:
    """The grid of a document with this body and these parts under ``word/``."""
    named = {f"word/{name}.xml": f"<w:{name} {SPACES}>{content}</w:{name}>" for name, content in parts.items()}
    document = f"<w:document {SPACES}><w:body>{inner}</w:body></w:document>"
    return read_docx(packed({"_rels/.rels": RELATIONS, "word/document.xml": document, **named}))


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


RAISED = "<w:vertAlign w:val='superscript'/>"
STRUCK_TWICE = "<w:dstrike w:val='true'/>"
NOT_STRUCK = "<w:strike w:val='0'/>"
FIRST_OF_MERGED = "<w:vMerge w:val='restart'/>"


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def texts(grid: Grid) -> list[list[str]]:
    return [[slot.text for slot in row.slots] for row in grid.rows]


def placed(grid: Grid) -> list[list[tuple[str, float | None, float | None]]]:
    return [[(slot.text, slot.left, slot.right) for slot in row.slots] for row in grid.rows]


class TestText:
    def test_runs_tabs_and_breaks(self) -> None:
        grid = body(
            "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='9'/></w:tabs></w:pPr>"
            + run("公开1")
            + run("2 ")
            + run("件")
            + "<w:r><w:tab/><w:t>后</w:t><w:br/><w:t>次行</w:t><w:noBreakHyphen/><w:t>1</w:t></w:r></w:p>"
        )
        assert texts(grid) == [["公开12 件 后"], ["次行-1"]]
        assert [row.slots[0].place for row in grid.rows] == [Place(line=1), Place(line=2)]

    def test_columns_made_of_tabs_are_split(self) -> None:
        grid = body("<w:p><w:r><w:t>规章</w:t><w:tab/><w:t>0</w:t><w:tab/><w:tab/><w:t>2</w:t></w:r></w:p>")
        assert [row.kind for row in grid.rows] == ["split"]
        assert placed(grid) == [[("规章", 0, 1), ("0", 1, 2), ("", 2, 3), ("2", 3, 4)]]

    def test_a_first_line_indent_of_tabs_is_no_column(self) -> None:
        assert texts(body("<w:p><w:r><w:tab/><w:tab/><w:t>我镇公开信息。</w:t></w:r></w:p>")) == [["我镇公开信息。"]]

    def test_hyperlinks_controls_insertions_and_formulas_are_read(self) -> None:
        grid = body(
            f"<w:p><w:hyperlink>{run('甲')}</w:hyperlink><w:sdt><w:sdtContent>{run('乙')}</w:sdtContent></w:sdt>"
            f"<w:ins w:author='x'>{run('丙')}</w:ins><w:smartTag>{run('丁')}</w:smartTag><m:oMath><m:r><m:t>10</m:t></m:r></m:oMath></w:p>"
            f"<w:sdt><w:sdtContent>{paragraph('戊')}</w:sdtContent></w:sdt>"
        )
        assert texts(grid) == [["甲乙丙丁10"], ["戊"]]

    def test_the_prompt_of_an_empty_control_is_no_text(self) -> None:
        prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处输入文字')}</w:sdtContent></w:sdt>"
        assert texts(body(f"<w:p>{run('单位：')}{prompt}</w:p>")) == [["单位："]]

    def test_page_numbers_are_dropped_and_other_fields_kept(self) -> None:
        def complex_field(code: str, shown: str) -> str:
            return (
                f"<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> {code} </w:instrText></w:r>"
                f"<w:r><w:fldChar w:fldCharType='separate'/></w:r>{run(shown)}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
            )

        grid = body(
            f"<w:p>{run('共')}{complex_field('=SUM(ABOVE)', '12')}{run('条')}{complex_field('PAGE', '3')}"
            f"<w:fldSimple w:instr=' NUMPAGES '>{run('9')}</w:fldSimple><w:fldSimple w:instr='REF a'>{run('表')}</w:fldSimple></w:p>"
        )
        assert texts(grid) == [["共12条表"]]

    def test_the_generated_table_of_contents_is_left_out_and_said_so(self) -> None:
        begin = "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>"
        end = "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
        grid = body(f"<w:p>{begin}{run('一、总体情况 1')}</w:p>{paragraph('二、主动公开 2')}<w:p>{end}</w:p>{paragraph('一、总体情况')}")
        assert texts(grid) == [["一、总体情况"]]
        assert grid.notes == ["文档中自动生成的目录未作正文读取。"]

    def test_a_field_that_never_ends_hides_nothing(self) -> None:
        begin = "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>TOC</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>"
        assert texts(body(f"<w:p>{begin}{run('甲')}</w:p>{paragraph('乙')}")) == [["甲"], ["乙"]]

    def test_a_raised_note_mark_never_becomes_a_digit(self) -> None:
        grid = body(f"<w:p>{run('12')}{run('1', RAISED)}{run('件')}</w:p>")
        assert texts(grid) == [["12[1]件"]]

    def test_text_boxes_are_read_once_after_their_paragraph(self) -> None:
        box = f"<w:txbxContent>{paragraph('框内')}</w:txbxContent>"
        grid = body(
            f"<w:p>{run('前')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{box}</wps:txbx></mc:Choice>"
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>{run('后')}</w:p>"
            f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{paragraph('旧框')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
        )
        assert texts(grid) == [["前后"], ["框内"], ["旧框"]]

    def test_strict_documents(self) -> None:
        document = f"<w:document {SPACES}><w:body>{paragraph('甲')}</w:body></w:document>".replace(
            W, "http://purl.oclc.org/ooxml/wordprocessingml/main"
        )
        assert texts(read_docx(packed({"word/document.xml": document}))) == [["甲"]]


class TestTables:
    def test_merged_cells_agree_with_python_docx(self) -> None:
        document = docx.Document()
        table = document.add_table(4, 5)
        for y, row in enumerate(table.rows):
            for x, item in enumerate(row.cells):
                item.text = f"{y}-{x}"
        table.cell(0, 0).merge(table.cell(1, 1)).text = "信息内容"
        table.cell(0, 2).merge(table.cell(0, 4)).text = "申请人情况"
        table.cell(2, 0).merge(table.cell(3, 0)).text = "三、结果"
        table.cell(3, 4).text = ""
        grid = read_docx(saved(document))
        assert placed(grid) == [
            [("信息内容", 0, 2), ("申请人情况", 2, 5)],
            [("1-2", 2, 3), ("1-3", 3, 4), ("1-4", 4, 5)],
            [("三、结果", 0, 1), ("2-1", 1, 2), ("2-2", 2, 3), ("2-3", 3, 4), ("2-4", 4, 5)],
            [("3-1", 1, 2), ("3-2", 2, 3), ("3-3", 3, 4), ("", 4, 5)],
        ]
        again = docx.Document(io.BytesIO(saved(document))).tables[0]
        for y, row in enumerate(grid.rows):
            for slot in row.slots:
                assert slot.left is not None
                assert again.cell(y, int(slot.left)).text == slot.text
                assert slot.place == Place(table=1, row=y + 1, column=int(slot.left) + 1)

    @given(
        st.integers(2, 5).flatmap(
            lambda width: st.tuples(
                st.just(width), st.lists(st.lists(st.integers(0, 99), min_size=width, max_size=width), min_size=1, max_size=5)
            )
        ),
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), max_size=2),
    )
    def test_any_merges_agree_with_python_docx(self, sized: tuple[int, list[list[int]]], merges: list[tuple[int, int, int, int]]) -> None:
        width, rows = sized
        document = docx.Document()
        table = document.add_table(len(rows), width)
        for y, values in enumerate(rows):
            for x, value in enumerate(values):
                table.cell(y, x).text = str(value)
        for y1, x1, y2, x2 in merges:
            corners = table.cell(min(y1, len(rows) - 1), min(x1, width - 1)), table.cell(min(y2, len(rows) - 1), min(x2, width - 1))
            try:
                corners[0].merge(corners[1]).text = "合"
            except docx.exceptions.InvalidSpanError:
                continue
        data = saved(document)
        again = docx.Document(io.BytesIO(data)).tables[0]
        path = again._tbl.getroottree().getpath
        seen: set[str] = set()
        for row in read_docx(data).rows:
            if row.kind != "table":
                return  # the table has one column left: layout
            for slot in row.slots:
                assert slot.place is not None and slot.place.row is not None
                assert slot.left is not None and slot.right is not None
                whole = {path(again.cell(slot.place.row - 1, x)._tc) for x in range(int(slot.left), int(slot.right))}
                assert again.cell(slot.place.row - 1, int(slot.left)).text == slot.text
                assert not whole & seen
                seen |= whole
        assert seen == {path(again.cell(y, x)._tc) for y in range(len(rows)) for x in range(width)}

    def test_rows_that_begin_later(self) -> None:
        grid = body(
            f"<w:tbl><w:tr>{cell('甲')}{cell('乙')}{cell('丙')}</w:tr>"
            f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{cell('1')}{cell('2')}</w:tr></w:tbl>"
        )
        assert placed(grid)[1] == [("1", 1, 2), ("2", 2, 3)]

    def test_a_wrapped_label_is_whole_and_nested_tables_are_their_own(self) -> None:
        wrapped = f"<w:tc>{paragraph('商业')}{paragraph('企业')}</w:tc>"
        inner = f"<w:tbl><w:tr>{cell('规章')}{cell('0')}</w:tr></w:tbl>"
        grid = body(f"<w:tbl><w:tr>{wrapped}{cell('3')}</w:tr><w:tr><w:tc>{paragraph('前')}{inner}<w:p/></w:tc>{cell('后')}</w:tr></w:tbl>")
        assert texts(grid) == [["商业企业", "3"], ["前"], ["规章", "0"], ["后"]]
        assert [row.table for row in grid.rows] == [1, 0, 2, 0]

    def test_columns_kept_as_paragraphs_become_rows(self) -> None:
        def tall(*lines: str) -> str:
            return "<w:tc>" + "".join(paragraph(line) for line in lines) + "</w:tc>"

        grid = body(f"<w:tbl><w:tr>{tall('行政处罚', '行政强制')}{tall('4', '')}{tall('1', '2')}</w:tr></w:tbl>")
        assert texts(grid) == [["行政处罚", "4", "1"], ["行政强制", "", "2"]]

    def test_a_control_around_a_cell_or_row_changes_nothing(self) -> None:
        grid = body(
            f"<w:tbl><w:tr><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{cell('甲')}</w:sdtContent></w:sdt>{cell('1')}</w:tr>"
            f"<w:sdt><w:sdtContent><w:tr>{cell('乙')}{cell('2')}</w:tr></w:sdtContent></w:sdt></w:tbl>"
        )
        assert texts(grid) == [["甲", "1"], ["乙", "2"]]

    def test_widths_of_an_earlier_version_do_not_count(self) -> None:
        change = "<w:gridSpan w:val='1'/><w:tcPrChange><w:tcPr><w:gridSpan w:val='3'/></w:tcPr></w:tcPrChange>"
        assert placed(body(f"<w:tbl><w:tr>{cell('甲', change)}{cell('1')}</w:tr></w:tbl>")) == [[("甲", 0, 1), ("1", 1, 2)]]


class TestHidden:
    def test_tracked_changes(self) -> None:
        deleted = "<w:del w:author='李某'><w:r><w:delText>3</w:delText></w:r></w:del>"
        moved = f"<w:moveFrom w:author='李某'>{run('旧处')}</w:moveFrom>"
        grid = body(f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('共')}{deleted}<w:ins>{run('4')}</w:ins>{moved}{run('件')}</w:p>")
        assert texts(grid) == [["共4件"]]
        assert grid.hidden == [HiddenPart("tracked_deletion", "3", "李某"), HiddenPart("tracked_deletion", "旧处", "李某")]

    def test_deleted_and_hidden_rows(self) -> None:
        grid = body(
            f"<w:tbl><w:tr>{cell('甲')}{cell('1')}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{cell('乙')}{cell('2')}</w:tr>"
            f"<w:tr><w:trPr><w:hidden/></w:trPr>{cell('丙')}{cell('3')}</w:tr></w:tbl>"
        )
        assert texts(grid) == [["甲", "1"]]
        assert [(part.kind, part.text) for part in grid.hidden] == [
            ("tracked_deletion", "乙"),
            ("tracked_deletion", "2"),
            ("hidden_row", "丙"),
            ("hidden_row", "3"),
        ]

    def test_hidden_and_struck_runs(self) -> None:
        grid = body(
            f"<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{run('共')}{run('秘', '<w:vanish/>')}{run('3', '<w:strike/>')}"
            f"{run('5', STRUCK_TWICE)}{run('4', NOT_STRUCK)}{run('件')}</w:p>"
        )
        assert texts(grid) == [["共4件"]]
        assert grid.hidden == [HiddenPart("hidden_text", "秘"), HiddenPart("struck_text", "3"), HiddenPart("struck_text", "5")]

    def test_text_under_a_merged_cell(self) -> None:
        grid = body(
            f"<w:tbl><w:tr>{cell('甲', FIRST_OF_MERGED)}{cell('1')}</w:tr><w:tr>{cell('9', '<w:vMerge/>')}{cell('2')}</w:tr></w:tbl>"
        )
        assert placed(grid) == [[("甲", 0, 1), ("1", 1, 2)], [("2", 1, 2)]]
        assert grid.hidden == [HiddenPart("merged_cell", "9")]

    def test_comments_headers_and_notes(self) -> None:
        grid = body(
            f"<w:p>{run('甲')}<w:r><w:footnoteReference w:id='1'/></w:r></w:p>",
            comments=f"<w:comment w:author='王某'>{paragraph('请核对')}</w:comment>",
            header1=paragraph("内部资料"),
            footer2=paragraph("第1页"),
            footnotes=f"<w:footnote>{paragraph('脚注')}</w:footnote>",
        )
        assert texts(grid) == [["甲"]]
        assert grid.hidden == [
            HiddenPart("comment", "请核对", "王某"),
            HiddenPart("header", "内部资料"),
            HiddenPart("footer", "第1页"),
            HiddenPart("footnote", "脚注"),
        ]

    def test_properties(self) -> None:
        document = docx.Document()
        document.add_paragraph("甲")
        document.core_properties.title = "青禾镇年报"
        document.core_properties.author = "张某"
        document.core_properties.last_modified_by = "李某"
        document.core_properties.comments = ""
        grid = read_docx(saved(document))
        assert grid.title == "青禾镇年报"
        assert grid.meta["title"] == "青禾镇年报"
        assert [part for part in grid.hidden if part.kind == "metadata"] == [
            HiddenPart("metadata", "张某", "author"),
            HiddenPart("metadata", "李某", "last_modified_by"),
        ]

    def test_embedded_documents_are_said(self) -> None:
        assert body(f"{paragraph('甲')}<w:altChunk/>").notes == ["文档里嵌有另一份文档或对象，其内容未读取。"]


def numbering(*levels: str, more: str = "", overrides: str = "") -> str:
    inner = "".join(f"<w:lvl w:ilvl='{depth}'>{level}</w:lvl>" for depth, level in enumerate(levels))
    return f"<w:abstractNum w:abstractNumId='0'>{inner}</w:abstractNum>{more}<w:num w:numId='1'><w:abstractNumId w:val='0'/>{overrides}</w:num>"


def level(kind: str, text: str, more: str = "") -> str:
    return f"<w:start w:val='1'/><w:numFmt w:val='{kind}'/>{more}<w:lvlText w:val='{text}'/>"


def numbered(text: str, depth: int = 0, number: int = 1) -> str:
    return paragraph(text, f"<w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='{number}'/></w:numPr>")


class TestNumbering:
    def test_chinese_headings(self) -> None:
        lists = numbering(level("chineseCountingThousand", "%1、"), level("japaneseCounting", "（%2）"), level("decimal", "%3."))
        grid = body(
            numbered("总体情况")
            + numbered("主动公开", 1)
            + numbered("依申请公开", 1)
            + numbered("第一", 2)
            + numbered("第二", 2)
            + numbered("主动公开政府信息情况")
            + numbered("又", 1),
            numbering=lists,
        )
        assert [row.text for row in grid.rows] == [
            "一、总体情况",
            "（一）主动公开",
            "（二）依申请公开",
            "1.第一",
            "2.第二",
            "二、主动公开政府信息情况",
            "（一）又",
        ]

    def test_legal_numbering_and_a_kept_blank(self) -> None:
        lists = numbering(level("chineseCounting", "第%1章", "<w:suff w:val='space'/>"), level("decimal", "%1.%2", "<w:isLgl/>"))
        grid = body(numbered("总则") + numbered("甲", 1) + numbered("2件", 1), numbering=lists)
        assert [row.text for row in grid.rows] == ["第一章 总则", "1.1甲", "1.2 2件"]

    def test_a_list_with_its_own_start_and_a_list_that_goes_on(self) -> None:
        more = (
            "<w:num w:numId='2'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='3'>"
            "<w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num>"
        )
        lists = numbering(level("decimal", "%1、")) + more
        grid = body("".join(numbered("x", 0, number) for number in (1, 2, 3, 3, 9)), numbering=lists)
        assert [row.text for row in grid.rows] == ["1、x", "2、x", "5、x", "6、x", "x"]

    def test_numbers_that_come_with_the_style(self) -> None:
        styles = (
            "<w:style w:type='paragraph' w:styleId='H1'><w:name w:val='heading 1'/><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
            "<w:style w:type='paragraph' w:styleId='H1a'><w:basedOn w:val='H1'/></w:style>"
        ).replace("'", '"')
        grid = body(
            paragraph("甲", "<w:pStyle w:val='H1'/>")
            + paragraph("乙", "<w:pStyle w:val='H1a'/>")
            + paragraph("丙", "<w:pStyle w:val='H1'/><w:numPr><w:numId w:val='0'/></w:numPr>"),
            numbering=numbering(level("chineseCounting", "%1、")),
            styles=styles,
        )
        assert [row.text for row in grid.rows] == ["一、甲", "二、乙", "丙"]

    def test_bullets_and_empty_paragraphs_show_no_number(self) -> None:
        lists = numbering(level("bullet", "\uf0b7"))
        assert texts(body(numbered("甲"), numbering=lists)) == [["甲"]]
        row = f"<w:tbl><w:tr>{cell('规章')}<w:tc>{numbered('')}</w:tc><w:tc>{numbered('3')}</w:tc></w:tr></w:tbl>"
        assert texts(body(row, numbering=numbering(level("decimal", "%1.")))) == [["规章", "", "2. 3"]]

    @pytest.mark.parametrize(
        ("value", "kind", "text"),
        [
            (1, "chineseCounting", "一"),
            (10, "chineseCounting", "十"),
            (12, "japaneseCounting", "十二"),
            (20, "chineseCountingThousand", "二十"),
            (105, "chineseCountingThousand", "一百零五"),
            (110, "chineseCountingThousand", "一百一十"),
            (1005, "chineseCountingThousand", "一千零五"),
            (12, "chineseLegalSimplified", "壹拾贰"),
            (20, "ideographDigital", "二〇"),
            (3, "decimalEnclosedCircleChinese", "③"),
            (21, "decimalEnclosedCircle", "21"),
            (3, "ideographTraditional", "丙"),
            (4, "lowerRoman", "iv"),
            (1994, "upperRoman", "MCMXCIV"),
            (2, "upperLetter", "B"),
            (12, "decimalFullWidth", "１２"),
            (3, "decimalZero", "03"),
            (7, "none", ""),
            (7, "somethingElse", "7"),
        ],
    )
    def test_number_formats(self, value: int, kind: str, text: str) -> None:
        assert number_text(value, kind) == text


class TestRefusals:
    def refusal(self, data: bytes) -> str:
        with pytest.raises(Unreadable) as caught:
            read_docx(data)
        return caught.value.message

    def test_what_is_no_word_document(self) -> None:
        assert self.refusal(b"") == "文件不是有效的Office文档（不是压缩包），可能已损坏或扩展名不符。"
        assert self.refusal(b"PK\x03\x04rest") == "文件已损坏或不完整：压缩包无法打开。"
        assert self.refusal(packed({"xl/workbook.xml": "<a/>"})) == "文件不是有效的Word文档：缺少正文部分（word/document.xml）。"
        assert (
            self.refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
            == "文件内容是旧版Office格式（doc、xls、wps），与扩展名不符，请改正扩展名后再读取。"
        )

    def test_encrypted(self) -> None:
        container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
        assert self.refusal(container) == "文件已加密，请先去掉密码再读取。"

    def test_truncated(self) -> None:
        document = docx.Document()
        document.add_paragraph("甲")
        data = saved(document)
        assert self.refusal(data[: len(data) // 2]) == "文件已损坏或不完整：压缩包无法打开。"

    def test_empty_and_pictures_only(self) -> None:
        empty = f"<w:document {SPACES}><w:body><w:p/></w:body></w:document>"
        assert self.refusal(packed({"word/document.xml": empty})) == "文档里没有任何文字。"
        pictures = packed({"word/document.xml": empty, "word/media/image1.png": b"x"})
        assert self.refusal(pictures) == "文档里只有图片，没有文字；请转成PDF后按扫描件读取。"

    def test_broken_and_hostile_xml(self) -> None:
        assert "不是有效的XML" in self.refusal(packed({"word/document.xml": "<w:document>"}))
        assert "嵌套过深" in self.refusal(packed({"word/document.xml": "<a>" * 300 + "</a>" * 300}))
        bomb = "<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><a>&d;</a>"
        assert self.refusal(packed({"word/document.xml": bomb})) == "文件不正常：其中的word/document.xml带有文档类型声明，未读取。"
        assert "文件内容过多" in self.refusal(packed({"word/document.xml": "<a>" + "<b/>" * 1_500_001 + "</a>"}))

    def test_zip_bombs(self) -> None:
        assert "可能是压缩炸弹" in self.refusal(packed({"word/document.xml": b"<a>" + b" " * 30_000_000}))
        assert "超过5000个的上限" in self.refusal(packed({f"a{n}": b"" for n in range(5_001)}))

    def test_paths_that_lead_out(self) -> None:
        for name in ("../a.xml", "/etc/a.xml", "word/../../a.xml", "c:/a.xml"):
            assert self.refusal(packed({name: "<a/>"})) == "文件的压缩包里有指向外部的路径，未读取。"

    def test_damaged_bytes_anywhere_are_read_or_refused(self) -> None:
        document = docx.Document()
        table = document.add_table(2, 2)
        table.cell(0, 0).text = "规章"
        data = saved(document)
        for position in range(0, len(data), max(len(data) // 300, 1)):
            damaged = bytearray(data)
            damaged[position] ^= 0xFF
            try:
                read_docx(bytes(damaged))
            except Unreadable as refusal:
                assert refusal.message

"""Web pages. Expected rows are written by hand; lxml.html and a matrix of cells are the independent oracles."""

from __future__ import annotations

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.reading.grid import Grid, HiddenPart, Unreadable
from gongkai.reading.html import read_html
from gongkai.report import Place


def page(body: str, head: str = "") -> Grid:
    return read_html(f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode())


def lines(grid: Grid) -> list[str]:
    return [row.slots[0].text for row in grid.rows if row.kind == "text"]


def tables(grid: Grid) -> list[list[tuple[str, float | None, float | None]]]:
    return [[(slot.text, slot.left, slot.right) for slot in row.slots] for row in grid.rows if row.kind == "table"]


def texts(grid: Grid) -> list[list[str]]:
    return [[slot.text for slot in row.slots] for row in grid.rows]


class TestLines:
    def test_each_block_is_a_line(self) -> None:
        grid = page("<h1>青禾镇年报</h1><div>甲<p>乙</p>丙</div><ul><li>一<li>二</ul><p>丁<br>戊<br/>己</p>")
        assert lines(grid) == ["青禾镇年报", "甲", "乙", "丙", "一", "二", "丁", "戊", "己"]
        assert {row.kind for row in grid.rows} == {"text"}
        assert [row.slots[0].place for row in grid.rows][:2] == [Place(line=1), Place(line=2)]

    def test_words_and_digits_cut_between_tags_are_whole(self) -> None:
        grid = page('<p><span lang="EN-US">1</span><span>2</span>件，政府<b>信</b><i>息</i><o:p></o:p>公开</p>')
        assert lines(grid) == ["12件，政府信息公开"]

    def test_blanks_collapse_and_hard_blanks_are_blanks(self) -> None:
        assert lines(page("<p>  规章&nbsp;&nbsp;0\u3000 <b> 1</b>\t2 </p><p>&nbsp;</p>")) == ["规章 0 1 2"]

    def test_source_line_breaks_inside_chinese_text_vanish(self) -> None:
        assert lines(page("<p>本年新收政府\n    信息公开，\r\n申请 3\n4 件</p>")) == ["本年新收政府信息公开，申请 3 4 件"]

    def test_preformatted_lines_stay_lines(self) -> None:
        assert lines(page("<pre>一、总体情况\n  规章 0\n\n完</pre>")) == ["一、总体情况", "规章 0", "完"]

    def test_a_page_without_any_tag_keeps_its_lines(self) -> None:
        assert lines(read_html("一、总体情况\n\n共12件。\n".encode())) == ["一、总体情况", "共12件。"]

    def test_furniture_is_kept(self) -> None:
        grid = page("<nav><a href='/'>首页</a></nav><p>正文</p><footer>主办：云川县</footer>")
        assert lines(grid) == ["首页", "正文", "主办：云川县"]

    def test_ruby_keeps_the_characters_only(self) -> None:
        assert lines(page("<p><ruby>青<rp>(</rp><rt>qīng</rt><rp>)</rp>禾<rt>hé</rt></ruby>鎮</p>")) == ["青禾鎮"]

    def test_a_raised_note_mark_never_becomes_a_digit(self) -> None:
        assert lines(page("<p>12<sup>1</sup>件</p><p>1<sup>st</sup></p><p>面积3m<sup>2</sup></p>")) == ["12[1]件", "1st", "面积3m2"]

    def test_nested_raised_text_is_one_mark(self) -> None:
        assert lines(page("<p>4<sup><b>2<sup>3</sup></b></sup></p>")) == ["4[23]"]

    def test_all_visible_letters_are_there_in_order(self) -> None:
        body = "<div>一<table><tr><td>甲<p>乙</p></td><td>1</td></tr><tr><td>丙</td><td></td></tr></table>二<form><label>三<input></label></form></div>"
        oracle = lxml.html.fromstring(body).text_content()
        assert "".join("".join(row) for row in texts(page(body))) == oracle


class TestTables:
    def test_spans_place_every_later_cell(self) -> None:
        grid = page(
            "<table><thead><tr><th rowspan=2 colspan=2>信息内容</th><th colspan='3'>申请人情况</th></tr>"
            "<tr><th>自然人</th><th>其他</th><th>总计</th></tr></thead>"
            "<tbody><tr><td rowspan=2>三、结果</td><td>（一）予以公开</td><td>1</td><td></td><td>1</td></tr>"
            "<tr><td>（二）部分公开</td><td>0</td><td>2</td><td>2</td></tr></tbody></table>"
        )
        assert tables(grid) == [
            [("信息内容", 0, 2), ("申请人情况", 2, 5)],
            [("自然人", 2, 3), ("其他", 3, 4), ("总计", 4, 5)],
            [("三、结果", 0, 1), ("（一）予以公开", 1, 2), ("1", 2, 3), ("", 3, 4), ("1", 4, 5)],
            [("（二）部分公开", 1, 2), ("0", 2, 3), ("2", 3, 4), ("2", 4, 5)],
        ]
        assert [row.table for row in grid.rows] == [1, 1, 1, 1]
        assert [slot.place for slot in grid.rows[3].slots][:2] == [Place(table=1, row=4, column=2), Place(table=1, row=4, column=3)]

    def test_rowspan_zero_reaches_the_end_of_its_group_only(self) -> None:
        grid = page(
            "<table><tbody><tr><td rowspan=0>甲</td><td>1</td></tr><tr><td>2</td></tr></tbody>"
            "<tbody><tr><td>乙</td><td>3</td></tr></tbody></table>"
        )
        assert tables(grid) == [[("甲", 0, 1), ("1", 1, 2)], [("2", 1, 2)], [("乙", 0, 1), ("3", 1, 2)]]

    def test_a_group_ended_before_the_span_began_does_not_cut_it(self) -> None:
        grid = page(
            "<table><thead><tr><th>行</th><th>值</th></tr></thead><tbody><tr><td rowspan=3>甲</td><td>1</td></tr>"
            "<tr><td>2</td></tr><tr><td>3</td></tr></tbody></table>"
        )
        assert tables(grid)[2:] == [[("2", 1, 2)], [("3", 1, 2)]]

    @pytest.mark.parametrize("span", ["10000", "1000", "999999999999"])
    def test_an_absurd_span_ends_with_the_table(self, span: str) -> None:
        grid = page(
            f"<table><tr><td colspan={span}>说明</td></tr><tr><td rowspan={span}>规章</td><td>0</td></tr><tr><td>1</td></tr></table>"
        )
        assert tables(grid) == [[("说明", 0, 2)], [("规章", 0, 1), ("0", 1, 2)], [("1", 1, 2)]]

    @pytest.mark.parametrize("span", ["", "x", "-3", "1.9", "0"])
    def test_a_senseless_colspan_is_one(self, span: str) -> None:
        assert tables(page(f"<table><tr><td colspan='{span}'>甲</td><td>1</td></tr></table>")) == [[("甲", 0, 1), ("1", 1, 2)]]

    def test_a_wrapped_label_is_whole_and_figures_stay_apart(self) -> None:
        grid = page(
            "<table><tr><td><p>商业</p><p>企业</p></td><td>（三）不予<br>公开</td><td><div>12</div></td><td>A<br>5 件</td></tr></table>"
        )
        assert texts(grid) == [["商业企业", "（三）不予公开", "12", "A 5 件"]]

    def test_a_caption_comes_before_its_table(self) -> None:
        grid = page("<table><caption>表二</caption><tr><td>规章</td><td>0</td></tr></table>")
        assert texts(grid) == [["表二"], ["规章", "0"]]

    def test_missing_end_tags(self) -> None:
        assert texts(page("<table><tr><td>规章<td>0<td>&nbsp;<tr><td>文件<td>2<td>/</table>")) == [["规章", "0", ""], ["文件", "2", "/"]]

    def test_tables_are_numbered_in_reading_order(self) -> None:
        grid = page("<table><tr><td>a</td><td>1</td></tr></table><p>中</p><table><tr><td>b</td><td>2</td></tr></table>")
        assert [(row.kind, row.table) for row in grid.rows] == [("table", 1), ("text", 0), ("table", 2)]

    @given(st.lists(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=2, max_size=5), min_size=1, max_size=6))
    def test_placement_agrees_with_a_filled_matrix(self, rows: list[list[tuple[int, int]]]) -> None:
        source = "".join("<tr>" + "".join(f"<td colspan={c} rowspan={r}>x</td>" for c, r in row) + "</tr>" for row in rows)
        taken: set[tuple[int, int]] = set()
        expected = []
        for y, row in enumerate(rows):
            x, placed = 0, []
            for colspan, rowspan in row:
                while (y, x) in taken:
                    x += 1
                taken |= {(y + dy, x + dx) for dy in range(rowspan) for dx in range(colspan)}
                placed.append(("x", x, x + colspan))
                x += colspan
            expected.append(placed)
        assert tables(page(f"<table>{source}</table>")) == expected


class TestLayout:
    def test_a_layout_table_flows_and_its_data_tables_are_read_alone(self) -> None:
        grid = page(
            "<table><tr><td>栏目</td><td><p>一、总体情况</p><table><tr><td>规章</td><td>0</td></tr></table><p>完</p></td></tr>"
            "<tr><td colspan=2>版权</td></tr></table>"
        )
        assert texts(grid) == [["栏目"], ["一、总体情况"], ["规章", "0"], ["完"], ["版权"]]
        assert [row.table for row in grid.rows] == [0, 0, 1, 0, 2]

    def test_a_table_of_one_column_is_layout(self) -> None:
        grid = page("<table><tr><td><h2>一、总体情况</h2><p>公开5条。</p></td></tr><tr><td>完</td></tr></table>")
        assert texts(grid) == [["一、总体情况"], ["公开5条。"], ["完"]]
        assert {row.kind for row in grid.rows} == {"text"}

    def test_a_value_wrapped_in_its_own_table_is_still_a_value(self) -> None:
        inner = "<table><tr><td>{}</td></tr></table>"
        grid = page(f"<table><tr><td>规章</td><td>{inner.format(3)}</td><td>{inner.format('')}</td></tr></table>")
        assert tables(grid) == [[("规章", 0, 1), ("3", 1, 2), ("", 2, 3)]]

    def test_long_prose_beside_a_menu_flows(self) -> None:
        prose = "我镇认真落实条例，主动公开信息。" * 15
        assert texts(page(f"<table><tr><td>目录</td><td><p>{prose}</p><p>完</p></td></tr></table>")) == [["目录"], [prose], ["完"]]

    def test_long_prose_in_a_row_of_its_own_leaves_the_other_rows_data(self) -> None:
        prose = "本机关全年主动公开政府信息，内容真实。" * 5
        grid = page(f"<table><tr><td colspan=2>{prose}</td></tr><tr><td>规章</td><td>0</td></tr></table>")
        assert [(row.kind, [slot.text for slot in row.slots]) for row in grid.rows] == [("text", [prose]), ("table", ["规章", "0"])]

    def test_ten_thousand_nested_divs(self) -> None:
        assert lines(page("<div>" * 10_000 + "底" + "</div>" * 10_000)) == ["底"]

    def test_two_thousand_nested_tables(self) -> None:
        source = "<table><tr><td>外</td><td>" * 2_000 + "底" + "</td></tr></table>" * 2_000
        rows = texts(page(source))
        assert rows[0] == ["外"]
        assert rows[-1] == ["外", "底"]
        assert len(rows) == 2_000


class TestStackedFigures:
    def test_columns_kept_as_lines_become_rows(self) -> None:
        grid = page("<table><tr><td><p>规章</p><p>行政规范性文件</p></td><td>0<br>2</td><td>1<br/>&nbsp;</td></tr></table>")
        assert tables(grid) == [[("规章", 0, 1), ("0", 1, 2), ("1", 2, 3)], [("行政规范性文件", 0, 1), ("2", 1, 2), ("", 2, 3)]]

    def test_a_group_label_beside_them_stands_in_the_first_row(self) -> None:
        grid = page("<table><tr><td>第（六）项</td><td>行政处罚<br>行政强制</td><td>4<br>0</td></tr></table>")
        assert tables(grid) == [[("第（六）项", 0, 1), ("行政处罚", 1, 2), ("4", 2, 3)], [("行政强制", 1, 2), ("0", 2, 3)]]

    @pytest.mark.parametrize("lone", ["7", "<p>7</p><p>&nbsp;</p><p>&nbsp;</p>"])
    def test_a_lone_figure_beside_them_is_not_given_a_line(self, lone: str) -> None:
        grid = page(f"<table><tr><td>行政处罚<br>行政强制</td><td>4<br>0</td><td>{lone}</td></tr></table>")
        assert [(row.kind, [slot.text for slot in row.slots]) for row in grid.rows] == [("split", ["行政处罚行政强制", "4", "0", "7"])]

    def test_an_empty_first_line_keeps_its_place(self) -> None:
        grid = page("<table><tr><td>行政处罚<br>行政强制</td><td><p>&nbsp;</p><p>3</p></td><td>4<br>0</td></tr></table>")
        assert texts(grid) == [["行政处罚", "", "4"], ["行政强制", "3", "0"]]

    def test_as_many_figures_as_columns(self) -> None:
        grid = page(
            "<table><tr><td>规章</td><td colspan=3>1<br>0<br>2</td></tr><tr><td>文件</td><td>1</td><td>2</td><td>3</td></tr></table>"
        )
        assert tables(grid)[0] == [("规章", 0, 1), ("1", 1, 2), ("0", 2, 3), ("2", 3, 4)]

    def test_otherwise_only_their_order_is_known(self) -> None:
        grid = page("<table><tr><td>规章</td><td>1<br>0<br>2</td></tr></table>")
        assert [(row.kind, [(slot.text, slot.left) for slot in row.slots]) for row in grid.rows] == [
            ("split", [("规章", None), ("1", None), ("0", None), ("2", None)])
        ]

    def test_a_whole_table_in_one_cell_is_lines(self) -> None:
        grid = page("<table><tr><td>表</td><td>二</td></tr><tr><td colspan=2>规章<br>0<br>1<br>文件<br>2<br>3</td></tr></table>")
        assert texts(grid) == [["表", "二"], ["规章"], ["0"], ["1"], ["文件"], ["2"], ["3"]]
        assert [row.kind for row in grid.rows] == ["table"] + ["text"] * 6

    def test_a_cell_with_one_figure_and_empty_lines_is_one_figure(self) -> None:
        assert texts(page("<table><tr><td>规章</td><td><br>7<p>&nbsp;</p></td></tr></table>")) == [["规章", "7"]]


class TestHidden:
    def test_what_is_not_shown_is_kept_apart(self) -> None:
        grid = page(
            "<p>甲</p><script>var a=1;</script><style>p{}</style><p style='Display : none'>乙</p><div hidden><p>丙</p></div>"
            "<p>丁<span style='mso-hide:all'>戊</span></p><!-- 己 --><noscript>庚</noscript>"
        )
        assert lines(grid) == ["甲", "丁"]
        assert grid.hidden == [
            HiddenPart("script", "var a=1;"),
            HiddenPart("style", "p{}"),
            HiddenPart("hidden_element", "乙"),
            HiddenPart("hidden_element", "丙"),
            HiddenPart("hidden_element", "戊"),
            HiddenPart("noscript", "庚"),
        ]

    def test_struck_figures_are_not_read_into_the_new_one(self) -> None:
        grid = page("<p><s>3</s>4件，<del>5</del>6件，<span style='text-decoration:line-through'>7</span>8件</p>")
        assert lines(grid) == ["4件，6件，8件"]
        assert [part.text for part in grid.hidden if part.kind == "struck_text"] == ["3", "5", "7"]

    def test_other_uses_of_none_hide_nothing(self) -> None:
        assert lines(page("<p style='border-top:none;text-decoration:none;display:block'>乙 hidden</p>")) == ["乙 hidden"]


class TestScripts:
    ROWS = (["规章", "0", "12"],)

    @pytest.mark.parametrize(
        "script",
        [
            "document.write('<table><tr><td>规章</td><td>0</td><td>12</td></tr></table>');",
            r'var content = "<table border=\"1\">\n<tr><td>规章<\/td><td>0<\/td><td>1<span>2<\/span><\/td><\/tr><\/table>";',
            r'{"title":"年报","content":"\u003ctable\u003e\u003ctr\u003e\u003ctd\u003e规章\u003c/td\u003e\u003ctd\u003e0\u003c/td\u003e\u003ctd\u003e12"}',
            "document.write('<table><tr>');\n// don't stop\ndocument.write('<td>规章</td>' +\n '<td>' + '0' + '</td><td>12</td>');"
            "document.write('</tr></table>');",
            "var t = `<table><tr><td>规章</td>\n<td>0</td><td>12</td></tr></table>`;",
            "var t=unescape('%3Ctable%3E%3Ctr%3E%3Ctd%3E规章%3C/td%3E%3Ctd%3E0%3C/td%3E%3Ctd%3E12%3C/td%3E%3C/tr%3E%3C/table%3E')",
            "var t='&lt;table&gt;&lt;tr&gt;&lt;td&gt;规章&lt;/td&gt;&lt;td&gt;0&lt;/td&gt;&lt;td&gt;12&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;';",
        ],
    )
    def test_a_table_in_a_string_is_read_at_its_place(self, script: str) -> None:
        grid = page(f"<p>前</p><script>{script}</script><p>后</p>")
        assert texts(grid) == [["前"], *self.ROWS, ["后"]]
        assert grid.notes == ["网页正文没有表格，表格取自网页的脚本或隐藏部分。"]

    def test_a_template_is_read_as_it_stands(self) -> None:
        grid = page('<script type="text/template"><table class="a"><tr><td>规章</td><td>0</td><td>12</td></tr></table></script>')
        assert texts(grid) == [*self.ROWS]

    def test_a_value_the_script_computes_is_unknown_not_empty(self) -> None:
        grid = page("<p>前</p><script>w('<table><tr><td>规章</td><td>' + n + '</td></tr></table>');</script>")
        assert texts(grid) == [["前"], ["规章", "？"]]

    def test_a_hidden_container_is_read_when_nothing_else_has_the_tables(self) -> None:
        grid = page("<p>前</p><div style='display:none'><p>乙</p><table><tr><td>规章</td><td>1</td></tr></table></div>")
        assert texts(grid) == [["前"], ["乙"], ["规章", "1"]]

    def test_a_visible_table_with_figures_wins(self) -> None:
        grid = page("<table><tr><td>规章</td><td>1</td></tr></table><script>w('<table><tr><td>规章</td><td>9</td></tr></table>')</script>")
        assert texts(grid) == [["规章", "1"]]
        assert grid.notes == []


class TestAboutThePage:
    def test_title_and_fields(self) -> None:
        head = (
            "<title> 青禾镇\n年报 </title><meta name='ArticleTitle' content='青禾镇2023年年报'><meta name=PubDate content='2024-01-20 09:00'>"
            "<meta name='ContentSource' content=''><meta name='SiteName' content='云川县人民政府'><meta name='SiteName' content='另一个'>"
        )
        grid = page("<p>甲</p><svg><title>图标</title></svg>", head)
        assert grid.title == "青禾镇 年报"
        assert grid.meta == {"ArticleTitle": "青禾镇2023年年报", "PubDate": "2024-01-20 09:00", "SiteName": "云川县人民政府"}

    @pytest.mark.parametrize("charset", ["utf-8", "gb2312", "GBK", "gb18030", "big5"])
    def test_charsets(self, charset: str) -> None:
        text = "云川縣青禾鎮政府信息" if charset == "big5" else "云川县青禾镇政府信息"
        source = f"<meta charset={charset}><table><tr><td>{text}</td><td>12</td></tr></table>".encode(charset)
        assert texts(read_html(source)) == [[text, "12"]]

    def test_a_web_archive(self) -> None:
        source = (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=gb2312\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\nPHA+vNc8L3A+\r\n--x--\r\n"
        )
        assert lines(read_html(source)) == ["甲"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "文件是空的，没有任何内容。"),
            (b" \n\t ", "文件是空的，没有任何内容。"),
            (b"<html><body><img src=a.png></body></html>", "网页里没有任何可见的文字。"),
            (b"x" * 20_000_001, "网页过大（20MB），超过20MB的上限，未读取。"),
            (b"<b>" * 400_001, "网页的标签过多（400001个），超过400000个的上限，未读取。"),
            (b"<div>" * 60_000, "网页的标签嵌套过深，未读取。"),
            (
                b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 40 + bytes(400),
                "文件不是文字，或者文字编码无法识别（只认UTF-8、UTF-16、GB18030和Big5）。",
            ),
            (b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\n", "网页存档（mht）里没有网页正文。"),
        ],
    )
    def test_refused_with_the_reason(self, data: bytes, message: str) -> None:
        with pytest.raises(Unreadable) as caught:
            read_html(data)
        assert caught.value.message == message

    @pytest.mark.parametrize(
        "source",
        [
            "<div " + " ".join(f"a{n}" for n in range(100_000)) + ">底",
            "<div " + " ".join(f'a{n}=">"' for n in range(60_000)) + ">底",
            "".join(f"<p><b id={n}>x" for n in range(20_000)) + "底",
            "<table><tr>" + "<td colspan=1000 rowspan=65534>x" * 300 + "<tr><td>底",
            "1<sup>2" * 20_000 + "底",
            "<script>table<" + '\\"' * 200_000 + "</script>底",
            "<script>table<" + "/*" * 200_000 + "</script>底",
            "&lt" * 500_000 + "底",
        ],
        ids=["attributes", "quoted", "formatting", "spans", "raised", "escapes", "comments", "entities"],
    )
    def test_hostile_pages_are_read_in_bounded_time(self, source: str) -> None:
        assert page(source).rows[-1].slots[-1].text.endswith(("底", "底]"))

    @given(st.binary(max_size=400))
    def test_any_bytes_are_read_or_refused(self, data: bytes) -> None:
        try:
            grid = read_html(b"<table><tr><td>" + data)
        except Unreadable:
            return
        assert grid.rows

    @given(st.text(alphabet="<>/=\"' \n&;!-tabledivrpscspan01甲", max_size=200))
    def test_any_markup_is_read_or_refused(self, source: str) -> None:
        try:
            page(source)
        except Unreadable as refusal:
            assert refusal.message == "网页里没有任何可见的文字。"

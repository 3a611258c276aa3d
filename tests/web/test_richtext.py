"""What comes from Word, WPS, a plain text box or the editor, and what a page shows of it. Samples are written by hand."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.web.disclosure.richtext import clean, has_image, text_of

WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta charset=utf-8><title>通知</title>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- /* Font Definitions */ @font-face {font-family:仿宋;} p.MsoNormal {margin:0cm;} --></style></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->
<p class=MsoTitle align=center style='text-align:center'><b><span lang=EN-US style='font-size:22.0pt;font-family:方正小标宋简体'>
<o:p></o:p></span></b></p>
<h1 style='mso-line-height-rule:exactly'><span style='font-family:黑体'>一、植树地点</span><span lang=EN-US><o:p></o:p></span></h1>
<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt'><span style='font-size:16.0pt;
font-family:仿宋;mso-bidi-font-family:"Times New Roman"'>全镇在东山、西坡两处植树，各村按照分
工负责，<b>三月底前</b>完成</span><span lang=EN-US style='font-size:16.0pt'>1200<o:p></o:p></span><span style='font-size:16.0pt'>亩。</span></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraph style='margin-left:18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>领取树苗</p>
<!--EndFragment--></body></html>"""

WPS = (
    '<!--StartFragment--><p class="MsoNormal" align="justify" style="text-indent:32.0000pt;mso-char-indent-count:2.0000;" >'
    '<span style="mso-spacerun:\'yes\';font-family:仿宋;font-size:16.0000pt;" ><font face="仿宋" >低保对象</font></span>'
    "<span style=\"mso-spacerun:'yes';font-size:16.0000pt;\" ><o:p></o:p></span></p>"
    '<p class="MsoNormal" ><b><span style="font-weight:bold;" ><font face="宋体" >公示</font></span></b>'
    '<b><span style="font-weight:bold;" >期</span></b></p><!--EndFragment-->'
)

TABLE = (
    "<table class=MsoTableGrid border=1 style='border-collapse:collapse;mso-yfti-tbllook:1184'><colgroup><col width=100></colgroup>"
    "<tr style='mso-yfti-irow:0'><td width=277 colspan=2 valign=top style='border:solid windowtext 1.0pt'>"
    "<p class=MsoNormal align=center><span style='font-family:仿宋'>受助<o:p></o:p></span></p></td></tr>"
    "<tr><td rowspan=2><p class=MsoNormal>村<o:p></o:p></p></td><td><p>户<br>数</p></td></tr>"
    "<tr><td><p class=MsoNormal><o:p>&nbsp;</o:p></p></td></tr></table>"
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            WORD,
            "<h2>一、植树地点</h2><p>　　全镇在东山、西坡两处植树，各村按照分工负责，<strong>三月底前</strong>完成1200亩。</p><p>1. 领取树苗</p>",
        ),
        (WPS, "<p>　　低保对象</p><p><strong>公示期</strong></p>"),
        (
            TABLE,
            '<table><tbody><tr><td colspan="2">受助</td></tr><tr><td rowspan="2">村</td><td>户<br>数</td></tr><tr><td></td></tr></tbody></table>',
        ),
        # Paragraphs set in by blanks of any kind look alike; salutations stay at the margin.
        ("<p>各村：</p><p>　　甲</p><p>&nbsp;&nbsp;&nbsp;&nbsp;乙</p><p>  丙</p>", "<p>各村：</p><p>　　甲</p><p>　　乙</p><p>丙</p>"),
        ("<p style='text-indent:0cm'>甲</p><p style='text-indent:-2em'>乙</p>", "<p>甲</p><p>乙</p>"),
        # The editor's own output.
        (
            '<h2>一</h2><ul><li><p>甲</p></li><li><p>乙</p><ul><li><p>丙</p></li></ul></li></ul><p></p>',
            "<h2>一</h2><ul><li>甲</li><li><p>乙</p><ul><li>丙</li></ul></li></ul>",
        ),
        (
            '<table style="min-width: 50px"><colgroup><col style="min-width: 25px"></colgroup><tbody><tr><th colspan="1" rowspan="1"><p>村</p></th>'
            '<td colspan="1" rowspan="1"><p></p></td></tr></tbody></table>',
            "<table><tbody><tr><th>村</th><td></td></tr></tbody></table>",
        ),
        (
            '<p><a target="_blank" rel="noopener noreferrer nofollow" href="https://www.gov.cn/x?a=1&amp;b=2">见此</a></p>',
            '<p><a href="https://www.gov.cn/x?a=1&amp;b=2" rel="noopener">见此</a></p>',
        ),
        ("<p><a href=\"javascript:alert(1)\">点</a><script>alert(1)</script></p>", '<p><a rel="noopener">点</a></p>'),
        ("<blockquote><p>第二条</p></blockquote><p><u>注</u><sub>2</sub></p>", "<blockquote><p>第二条</p></blockquote><p><u>注</u><sub>2</sub></p>"),
        ("<div>甲<div>乙</div></div>", "<p>甲</p><p>乙</p>"),
    ],
    ids=["word", "wps", "table", "blanks", "no-indent", "lists", "editor-table", "link", "script", "quote", "div"],
)  # fmt: skip
def test_what_is_pasted_arrives_clean(given: str, kept: str) -> None:
    assert clean(given) == kept
    assert clean(kept) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("第一段\n\n第二段\r\n第三段", "<p>第一段</p><p>第二段</p><p>第三段</p>"),
        ("　　第一段", "<p>　　第一段</p>"),
        ("气温 < 5℃ 且 > 0℃，A&B/C=1", "<p>气温 &lt; 5℃ 且 &gt; 0℃，A&amp;B/C=1</p>"),
        ("", ""),
        (" \n　", ""),
    ],
)
def test_plain_text_becomes_paragraphs(given: str, kept: str) -> None:
    assert clean(given) == kept
    assert clean(kept) == kept


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('<p><img src="file:///C:/1.png"></p>', True),
        ("<p>甲</p><IMG SRC=data:image/png;base64,AA>", True),
        # What Word keeps for old programs is no picture of the text.
        ('<!--[if gte vml 1]><v:shape><v:imagedata src="1.png"/></v:shape><![endif]--><p>甲</p>', False),
        ("<p>图片另附</p>", False),
    ],
)
def test_pictures_are_seen(given: str, expected: bool) -> None:
    assert has_image(given) is expected


def test_words_of_a_table_stand_in_their_rows() -> None:
    assert text_of("<table><tr><td><p>村</p></td><td>户数</td></tr><tr><td>东村</td><td>12</td></tr></table>") == "村\t户数\n东村\t12"


WORDS = st.lists(
    st.sampled_from(["&nbsp;", "　", " ", "\n", "甲", "乙。", "a", "&lt;b&gt;", "<br>", "<!--x-->", "<o:p></o:p>", "<b>丙</b>", "<b> </b>", "<u>丁</u>"]),
    max_size=6,
).map("".join)  # fmt: skip
PARAGRAPH = st.builds(
    "<{0}{1}>{2}</{0}>".format, st.sampled_from(["p", "div", "h1"]), st.sampled_from(["", " style='text-indent:2em'", " class=x"]), WORDS
)
INSIDE = st.one_of(WORDS, PARAGRAPH, st.lists(PARAGRAPH, min_size=2, max_size=2).map("".join))
LIST = st.builds("<ul>\n<li>{}</li><li>{}</li></ul>".format, INSIDE, INSIDE)
GRID = st.builds("<table><tr><td colspan=1>{}</td>\n<th rowspan=2>{}</th></tr></table>".format, st.one_of(INSIDE, LIST), INSIDE)
DOCUMENT = st.lists(st.one_of(PARAGRAPH, LIST, GRID, INSIDE.map("<blockquote>{}</blockquote>".format), st.just("\n")), max_size=6).map(
    "".join
)


@settings(max_examples=200, deadline=None)
@given(DOCUMENT)
def test_cleaning_twice_changes_nothing_more(document: str) -> None:
    once = clean(document)
    assert clean(once) == once
    assert "style" not in once and "class" not in once and "<p></p>" not in once


@pytest.mark.parametrize(
    "bomb",
    [
        "<p>" * 60_000,
        "<" * 200_000,
        "&nbsp;" * 60_000,
        "<p style='" * 30_000,
        "<li><p>" * 30_000,
        "<p>" + "　\n" * 100_000,
        "<ul><li>" * 40_000,
        "<b>" * 60_000,
        "\u00a0" * 200_000 + "<p>",
    ],
)
def test_hostile_text_is_cleaned_all_the_same(bomb: str) -> None:
    """The suite's time limit ends what does not come back."""
    assert not re.search(r"<\w+\s|<script", clean(bomb))

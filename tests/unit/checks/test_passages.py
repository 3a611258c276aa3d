"""Paragraphs, sentences and numbered items."""

from __future__ import annotations

import pytest

from gongkai.checks.passages import numbered, paragraphs, sentence_at


def test_a_line_that_stops_in_mid_sentence_goes_on() -> None:
    assert paragraphs("针对存在问题，下一步，将切实抓好以下各项重点工作，主要做法：一\n是扎实推进。\n\n　二是加强培训。") == [
        "针对存在问题，下一步，将切实抓好以下各项重点工作，主要做法：一是扎实推进。",
        "二是加强培训。",
    ]


def test_short_lines_and_items_stand_alone() -> None:
    assert paragraphs("（一）存在问题\n更新不及时\n（二）改进措施") == ["（一）存在问题", "更新不及时", "（二）改进措施"]
    long = "主动公开惠农补贴、农田水利、社会救助、乡村振兴、征地拆迁等重点领域信息"
    assert paragraphs(f"{long}\n（二）依申请公开") == [long, "（二）依申请公开"]


def test_the_sentence_around_a_place() -> None:
    text = "第一句。第二句有 数字\n17条；第三句。"
    assert sentence_at(text, text.index("有")) == "第二句有数字"
    assert sentence_at(text, text.index("17")) == "17条；"
    assert sentence_at("没有句号", 2) == "没有句号"


def test_a_long_sentence_is_cut_around_the_place() -> None:
    text = "长" * 100 + "这里" + "长" * 100
    quote = sentence_at(text, 100, 102)
    assert len(quote) == 80
    assert "这里" in quote


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("（一）甲\n(二)乙。（十二）丙", "bracket", [1, 2, 12]),
        ("见第（一）项", "bracket", []),
        ("1.甲\n2、乙\n2.5万元\n见3.丙", "digit", [1, 2]),
        ("一是甲；二是乙，三是丙。统一是前提", "ordinal", [1, 2, 3]),
        ("没有序号", "ordinal", []),
        ("", "bracket", []),
    ],
)
def test_numbered_items(text: str, kind: str, numbers: list[int]) -> None:
    assert [item.number for item in numbered(text, kind)] == numbers


def test_an_item_ends_where_the_next_begins() -> None:
    text = "（一）甲\n（二）乙"
    assert [text[item.start : item.end] for item in numbered(text, "bracket")] == ["甲\n", "乙"]

"""Encodings. The oracle is Python's own encoder: text → bytes → ``decode`` must give the text back."""

from __future__ import annotations

import codecs

import pytest

from gongkai.reading.encoding import declared_charset, decode
from gongkai.reading.grid import Unreadable

SIMPLIFIED = "云川县青禾镇2023年政府信息公开工作年度报告\n一、总体情况\n全年共公开信息12条，收到申请3件。\n"
TRADITIONAL = "雲川縣青禾鎮2023年政府信息公開工作年度報告\n一、總體情況\n全年共公開信息12條，收到申請3件。\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_simplified_text_comes_back(codec: str) -> None:
    assert decode(SIMPLIFIED.encode(codec)) == SIMPLIFIED


@pytest.mark.parametrize("codec", ["utf-8", "big5", "gb18030", "utf-16-le"])
def test_traditional_text_comes_back_without_a_declaration(codec: str) -> None:
    assert decode(TRADITIONAL.encode(codec)) == TRADITIONAL


@pytest.mark.parametrize(("codec", "declared"), [("gb18030", "utf-8"), ("big5", "gb2312"), ("utf-8", "gb2312"), ("gb18030", "BIG5")])
def test_a_false_declaration_does_not_win(codec: str, declared: str) -> None:
    text = TRADITIONAL if codec == "big5" else SIMPLIFIED
    assert decode(text.encode(codec), declared) == text


def test_rare_characters_need_four_bytes_in_gb18030() -> None:
    assert decode("青禾镇㐂𠮷村政府信息公开".encode("gb18030")) == "青禾镇㐂𠮷村政府信息公开"


@pytest.mark.parametrize("cut", [1, 2])
def test_utf8_cut_inside_its_last_character(cut: int) -> None:
    assert decode(("政府信息公开" * 20 + "镇").encode()[:-cut]) == "政府信息公开" * 20


def test_utf8_with_a_broken_byte_stays_utf8() -> None:
    data = bytearray((SIMPLIFIED * 3).encode())
    data[120] = 0xFF
    text = decode(bytes(data))
    assert text.startswith("云川县青禾镇2023年政府信息公开")
    assert text.endswith("收到申请3件。\n")


def test_the_mark_is_dropped_and_wins_over_the_declaration() -> None:
    assert decode(codecs.BOM_UTF8 + b"a", "gbk") == "a"


@pytest.mark.parametrize("data", [bytes(500), bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 40 + bytes(400)])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="文字编码无法识别"):
        decode(data)


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b'<meta charset="GB2312">', "gb2312"),
        (b"<META http-equiv=Content-Type content='text/html; charset=big5'>", "big5"),
        (b'<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
        (b"<p>charset</p>", None),
        (b" " * 3000 + b"<meta charset=gbk>", None),
    ],
)
def test_declared_charset(head: bytes, charset: str | None) -> None:
    assert declared_charset(head) == charset

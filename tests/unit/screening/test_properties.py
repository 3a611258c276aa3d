"""Planted identity numbers are found wherever they stand, wrong ones are not called so, and hostile texts take little time."""

from __future__ import annotations

import datetime
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.screening import Publisher, apply_masks, screen
from tests.unit.screening import numbers

ON = datetime.date(2026, 11, 22)
IDENTITY = {"person.id_number", "person.minor"}
NUMBERS = {*IDENTITY, "person.mobile", "person.bank_card"}
# The soft hyphen, marks of no width and of direction, a selector of shape, a tag, a control.
UNSEEN = ("\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u202e", "\u2060", "\ufeff", "\ufe0f", "\U000e0041", "\x02")
# Anything that may stand around a number; letters and digits glue to it.
AROUND = st.text(alphabet="0123456789ABXxyz青禾镇王庄村户主电话：，。（） \n\t-", max_size=30)
SEEDS = st.integers(min_value=0, max_value=10**9)
MILLION = 1_000_000
# Ten times what the slowest of these takes where they were measured: what grows with the square takes hours.
MOST_SECONDS = 60


def _found(text: str) -> set[str]:
    return {hit.quote for hit in screen(text=text, on=ON) if hit.code in IDENTITY}


@settings(max_examples=300, deadline=None)
@given(before=AROUND, after=AROUND, seed=SEEDS)
def test_a_planted_number_is_found_and_masked(before: str, after: str, seed: int) -> None:
    number = numbers.id_number(Random(seed))
    text = before + number + after
    hits = screen(text=text, on=ON)
    assert any(hit.code in IDENTITY and hit.start <= len(before) and hit.end >= len(before) + 18 for hit in hits)
    masked = apply_masks(text, hits)
    assert len(masked) == len(text)
    assert masked[len(before) + 4 : len(before) + 14] == "*" * 10


@settings(max_examples=200, deadline=None)
@given(
    seed=SEEDS,
    groups=st.sampled_from(["6-8-4", "3-3-4-4-4", "4-4-4-6", "1"]),
    blank=st.sampled_from([" ", "\u3000", "-", "\u200b", "\u00a0", "\n"]),
)
def test_a_number_with_blanks_is_found(seed: int, groups: str, blank: str) -> None:
    number = numbers.id_number(Random(seed))
    lengths = [1] * 18 if groups == "1" else [int(length) for length in groups.split("-")]
    pieces, at = [], 0
    for length in lengths:
        pieces.append(number[at : at + length])
        at += length
    spread = blank.join(pieces)
    assert spread in _found(f"户主赵某，号码：{spread}。")


@settings(max_examples=300, deadline=None)
@given(before=st.text(max_size=20), seed=SEEDS, data=st.data())
def test_what_nobody_sees_hides_nothing_and_moves_nothing(before: str, seed: int, data: st.DataObject) -> None:
    """Marks of no width anywhere in and around a number: the same number is found, its place is that of the text as given."""
    random = Random(seed)
    number = data.draw(st.sampled_from([numbers.id_number(random), numbers.mobile(random), numbers.bank_card(random)]))
    strewn = number
    for place in sorted(data.draw(st.lists(st.integers(1, len(number) - 1), min_size=1, max_size=6)), reverse=True):
        strewn = strewn[:place] + data.draw(st.sampled_from(UNSEEN)) + strewn[place:]
    text = f"{before}，{strewn}。"
    start = len(before) + 1
    (hit,) = [hit for hit in screen(text=text, on=ON) if hit.code in NUMBERS and hit.start >= start]
    assert (hit.start, hit.end, hit.quote) == (start, start + len(strewn), strewn)
    assert hit.mask is not None
    assert _seen(hit.mask) == _seen_mask(number)
    assert [hit.code for hit in screen(text=apply_masks(text, [hit]), on=ON) if hit.code in NUMBERS and hit.start >= start] == []


def _seen(text: str) -> str:
    return "".join(sign for sign in text if sign not in UNSEEN)


def _seen_mask(number: str) -> str:
    """What a mask leaves: four and four of an identity number, three and four of a mobile, the last four of a card."""
    first = {18: 4, 11: 3, 19: 0}[len(number)]
    return number[:first] + "*" * (len(number) - first - 4) + number[-4:]


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS)
def test_full_width_and_lower_case_are_the_same_number(seed: int) -> None:
    number = numbers.id_number(Random(seed))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number.lower())
    assert _found(f"号码{wide}。") == {wide}
    assert _found(f"号码{number.lower()}。") == {number.lower()}


@settings(max_examples=300, deadline=None)
@given(seed=SEEDS, shift=st.integers(min_value=1, max_value=10))
def test_a_wrong_check_digit_is_no_identity_number(seed: int, shift: int) -> None:
    number = numbers.id_number(Random(seed))
    checks = numbers.ID_CHECKS
    wrong = number[:17] + checks[(checks.index(number[17]) + shift) % 11]
    assert _found(f"号码：{wrong}。") == set()
    assert [hit.code for hit in screen(text=f"身份证号码：{wrong}。", on=ON)] == ["person.id_suspected"]


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_is_screened(text: str) -> None:
    for hit in screen(text=text, on=ON, publisher=Publisher(name="云川县青禾镇人民政府"), negative_list=["甲*乙", "?丙"]):
        assert text[hit.start : hit.end] == hit.quote
        assert hit.mask is None or len(hit.mask) == len(hit.quote)
        assert hit.message.endswith("。")


def test_every_kind_of_number_is_found_alone() -> None:
    random = Random(7)
    for _ in range(200):
        for number, code in (
            (numbers.mobile(random), "person.mobile"),
            (numbers.bank_card(random), "person.bank_card"),
            (numbers.bank_card(random, 16), "person.bank_card"),
            (numbers.credit_code(random, "92"), "person.sole_trader"),
            (numbers.credit_code(random, "91"), "company.credit_code"),
            (numbers.old_id_number(random), "person.id_number"),
        ):
            assert [(hit.code, hit.quote) for hit in screen(text=f"赵某：{number}。", on=ON)] == [(code, number)]


def test_public_bodies_have_no_private_code() -> None:
    random = Random(8)
    assert [hit for _ in range(100) for hit in screen(text=numbers.credit_code(random, "12"), on=ON)] == []


HOSTILE = {
    "digits": "1" * MILLION,
    "digits like identity numbers": "32012319900101123" * (MILLION // 17),
    "single digits": "1 " * (MILLION // 2),
    "provinces": "省" * MILLION,
    "opening brackets": "（" * MILLION,
    "brackets of all kinds": "（[【〔" * (MILLION // 4),
    "villages": "村" * MILLION,
    "villages and numbers": "村一组" * (MILLION // 3),
    "marks": "内部资料" * (MILLION // 4),
    "levels": "密级：秘密 " * (MILLION // 6),
    "blanks": " " * MILLION,
    "line breaks": "\n" * MILLION,
    "cells": "姓名\t住址\n" + "甲\t" * (MILLION // 2),
    "one sentence of outdated words": "20日内答复申请政府信息" * (MILLION // 11),
    "remedies": "申请行政复议或者" * (MILLION // 8),
    "dates": "2月30日" * (MILLION // 10),
    "ages": "8岁" * (MILLION // 2),
    "illness": "村民王患" * (MILLION // 4),
    "illness of named persons": "王某患肺癌" * (MILLION // 5),
    "illness alone": "肺癌" * (MILLION // 2),
    "names and clauses": "王某，男，45岁，" * (MILLION // 9) + "患肺癌",
    "names and clauses before illness": "王某，男，45岁，住肺癌" * (MILLION // 12),
    "names and days": "王某 1990.03.07，" * (MILLION // 14),
    "cells of illness": "姓名\t病种\n" + "王某\t肺癌\n" * (MILLION // 6),
    "cards in groups": "卡号62 2 33 " * (MILLION // 10),
    "single digits behind a word for a card": "卡号" + "1 " * (MILLION // 2),
    "unseen": "\u200b" * MILLION,
    "unseen between digits": "1\u200b" * (MILLION // 2),
    "letters around digits": "AB320123900101123C" * (MILLION // 18),
    "copy numbers": "编号：001 " * (MILLION // 7),
    "urgency": "特急 " * (MILLION // 3),
    "work secrets": "本文件为工作秘密" * (MILLION // 8),
    "wildcards": "甲乙" * (MILLION // 2),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_million_hostile_characters_take_bounded_time(kind: str) -> None:
    start = time.process_time()
    screen(text=HOSTILE[kind], on=ON, publisher=Publisher(name="云川县青禾镇人民政府"), negative_list=["甲*丙", "甲*甲*甲*丁"])
    assert time.process_time() - start < MOST_SECONDS

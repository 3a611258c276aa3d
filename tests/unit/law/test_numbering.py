"""Numbering: numbers of one series differ and read back, whatever the organ, the day and the serial."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.errors import Refused
from gongkai.law import LawMissing
from gongkai.law.numbering import matches, number_kind, parse_number, pattern_faults, render_number, serial_key

ON = datetime.date(2024, 3, 1)
DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31))
SERIALS = st.integers(1, 999_999_999)
CODES = st.text("0123456789ABCXYZ", min_size=1, max_size=18)
SHORT_NAMES = st.text("云川县青禾镇政办", min_size=1, max_size=20)


@given(CODES, SERIALS, DAYS)
def test_an_index_number_reads_back(code, serial, day):
    text = render_number("{code}/{YYYYMM}-{n:05}", values={"code": code}, serial=serial, on=day)
    assert text == f"{code}/{day.year}{day.month:02}-{str(serial).rjust(5, '0')}"
    found = parse_number("{code}/{YYYYMM}-{n:05}", text)
    assert (found.values["code"], found.year, found.serial) == (code, day.year, serial)


@given(SHORT_NAMES, SERIALS, DAYS)
def test_a_document_number_reads_back_without_zeros(name, serial, day):
    text = render_number("{代字}发〔{YYYY}〕{n}号", values={"代字": name}, serial=serial, on=day)
    assert text == f"{name}发〔{day.year}〕{serial}号"
    found = parse_number("{代字}发〔{YYYY}〕{n}号", text)
    assert (found.values["代字"], found.year, found.serial) == (name, day.year, serial)


@given(
    DAYS,
    DAYS,
    st.integers(1, 99),
    st.integers(1, 99),
    st.sampled_from(["{code}/{YYYY}-{n:05}", "{code}/{YYYYMM}-{n}", "{code}/{YYYYMMDD}{n}"]),
)
def test_two_numbers_are_alike_only_with_the_same_key_and_serial(first, second, one, other, pattern):
    values = {"code": "AB12"}
    texts = [render_number(pattern, values=values, serial=serial, on=day) for serial, day in ((one, first), (other, second))]
    keys = [serial_key(pattern, values=values, on=day) for day in (first, second)]
    assert (texts[0] == texts[1]) == (keys[0] == keys[1] and one == other)


@pytest.mark.parametrize(
    ("pattern", "day", "key"),
    [
        ("{code}/{YYYY}-{n:05}", "2024-12-31", "QH/2024-#"),
        ("{code}/{YYYY}-{n:05}", "2025-01-01", "QH/2025-#"),
        ("{code}/{YYYYMM}-{n:05}", "2024-12-31", "QH/202412-#"),
        ("{code}-{YYYYMMDD}-{n:03}", "2024-12-31", "QH-20241231-#"),
        ("{code}-{n}", "2024-12-31", "QH-#"),
    ],
)
def test_a_series_begins_anew_with_what_the_pattern_names(pattern, day, key):
    assert serial_key(pattern, values={"code": "QH"}, on=datetime.date.fromisoformat(day)) == key


@pytest.mark.parametrize("serial", [0, -1, 1_000_000_000])
def test_a_serial_counts_from_one(serial):
    with pytest.raises(ValueError, match="no serial number"):
        render_number("{code}-{n}", values={"code": "A"}, serial=serial, on=ON)


def test_a_pattern_is_bounded():
    with pytest.raises(Refused) as refused:
        matches("发" * 101, "发")
    assert refused.value.message == "编号格式超过100个字符。"


def test_a_text_of_any_length_is_only_no_number():
    assert not matches("{code}-{n}", "A-1" * 1_000_000)


@given(st.text("{}:0159n代字codeY〔〕-号 .*+?()[]\\", max_size=30))
def test_any_pattern_is_used_or_refused(pattern):
    """What stands between fields is taken by the letter, so no pattern breaks the expression that is made of it."""
    try:
        text = render_number(
            pattern,
            values={name: "甲" for name in ("代字",) if "{代字}" in pattern} | ({"code": "A"} if "{code}" in pattern else {}),
            serial=5,
            on=ON,
        )
    except Refused:
        return
    assert matches(pattern, text)


@pytest.mark.parametrize("ask", [number_kind, lambda name: pattern_faults("{n}", kind=name)])
def test_an_unknown_kind_is_said(ask):
    with pytest.raises(LawMissing) as missing:
        ask("receipt")
    assert missing.value.message == "没有代号为“receipt”的编号种类。"

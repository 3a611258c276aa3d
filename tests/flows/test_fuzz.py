"""Bytes that make no sense or mean harm: a report or ``Unreadable``, in bounded time, and nothing else."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from types import FrameType

import pytest

from gongkai.checks import check_report
from gongkai.reading import Unreadable, read_report
from gongkai.report import AnnualReport
from tests.shapes.hostile import MUTATIONS, hostile, mutated_member, seeds_of_fuzz

N = 400 if os.environ.get("GONGKAI_TESTS") == "deep" else 8
SECONDS = 5.0
PACKAGES = (".docx", ".xlsx")


class TookTooLong(Exception):
    """The reader did not come back in time."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TookTooLong(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _read(data: bytes, name: str) -> AnnualReport | None:
    """The report, checked too, or ``None`` when it is refused; anything else fails the test."""
    try:
        with _at_most(SECONDS):
            report = read_report(data, name)
            check_report(report)
    except Unreadable as error:
        assert error.message
        return None
    assert isinstance(report, AnnualReport)
    return report


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("name", list(seeds_of_fuzz()))
def test_mutated_bytes(name: str, mutation: str) -> None:
    data = seeds_of_fuzz()[name]
    for seed in range(N):
        _read(MUTATIONS[mutation](data, Random(f"{name}{mutation}{seed}")), name)


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("name", [name for name in seeds_of_fuzz() if name.endswith(PACKAGES)])
def test_mutated_parts_of_a_whole_package(name: str, mutation: str) -> None:
    data = seeds_of_fuzz()[name]
    for seed in range(N):
        random = Random(f"{name}{mutation}{seed}")
        _read(mutated_member(data, MUTATIONS[mutation], random), name)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".docx", ".xlsx", ".pdf", ".json"])
def test_a_document_under_the_suffix_of_another(suffix: str) -> None:
    for name, data in seeds_of_fuzz().items():
        _read(data, name.rsplit(".", 1)[0] + suffix)


@pytest.mark.parametrize(("what", "name", "maker"), [pytest.param(*case, id=case[0]) for case in hostile()])
def test_hostile_documents(what: str, name: str, maker: Callable[[], bytes]) -> None:
    _read(maker(), name)


# Pieces that made some step of reading or checking try every place with every other one, again and again.
AGAIN = (
    "0\n", "0 ", "3件", "规章0", "行政许可 0\n", "总计\n", "1条、", "合计3条，", "其中1条，", "共计一千零件", "占12.3%",
    "收到政府信息公开申请3件，", "均已办结，", "因政府信息公开被申请行政复议1件。", "一是，二是，", "（一）公开情况\n",
    "三、收到和处理政府信息公开申请情况", "省", "云川县",
    "青禾镇人民政府，", "2022年，我", "1,", "—", " / ", "a  ", "：\n",
)  # fmt: skip
# One beginning and then one sign for as long as it goes.
RUNS = (
    ("发布日期", " "),
    ("地址：", " "),
    ("2021年1月1日", " "),
    ("规章0", " "),
    ("信息处理费收费通知", "1"),
    ("（", "0 "),
    ("", "—"),
    ("492", "\u2003"),
)
PLACES = {"section one": "（一）主动公开。", "table three": "（五）不予处理\n", "section six": "2021年度未收取"}
LONG = 80_000


def _report_with(text: str, place: str) -> bytes:
    """A good report of one cell a line, with ``text`` before that place."""
    good = seeds_of_fuzz()["cell_lines.txt"].decode()
    before, mark, after = good.partition(PLACES[place])
    assert mark
    return f"{before}{text}\n{mark}{after}".encode()


@pytest.mark.parametrize("place", ["section one", "table three"])
@pytest.mark.parametrize("text", AGAIN)
def test_the_same_again_inside_a_report(text: str, place: str) -> None:
    _read(_report_with(text * (LONG // len(text)), place), "again.txt")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("head", "sign"), RUNS)
def test_a_long_run_inside_a_report(head: str, sign: str, place: str) -> None:
    _read(_report_with(f"公开{head}{sign * (LONG // len(sign))}。", place), "run.txt")


def test_a_narrative_beyond_measure_is_read_in_part_and_the_report_says_so() -> None:
    report = _read(_report_with("全年公开信息12条。" * 20_000, "section one"), "long.txt")
    assert report is not None
    assert any("文字部分" in note for note in report.notes)
    assert any("只核对了前" in finding.message for finding in check_report(report) if finding.code == "read.not_checked")


def test_a_table_beyond_measure_is_read_in_part_and_the_report_says_so() -> None:
    report = _read(_report_with("0\n" * 20_000, "table three"), "tall.txt")
    assert report is not None
    assert any("表格所在的部分" in note for note in report.notes)


def test_a_document_beyond_measure_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="不像一份年度报告"):
        read_report(_report_with("规章\n" * 160_000, "section one"), "lines.txt")


@pytest.mark.parametrize(
    "odd",
    [
        {"year": 9999},
        {"year": -5},
        {"year": 10**9},
        {"claims": [{"section": "s1", "quote": "公开5条", "value": 5, "parts": [2, 2], "relation": "whole", "decimals": 10**9}]},
        {"claims": [{"section": "s1", "quote": "收到5件", "value": 1e308, "topic": "received"}] * 9000},
        {"claims": [{"section": "s1", "quote": "收到5件", "value": 5, "topic": "received", "reach": "own"}] * 9000},
        {"headings": ["一、总体情况"] * 20_000},
        {"organ": "县" * 200_000},
        {"preface": "省" * 500_000, "sections": {"s1": "一是，二是，" * 100_000, "s6": "1" * 500_000}},
    ],
    ids=lambda odd: f"{'+'.join(odd)} {len(str(odd))}",
)
def test_odd_json_is_checked_or_refused(odd: dict[str, object]) -> None:
    good = {"file": "a", "organ": "云川县青禾镇人民政府", "year": 2023, "edition": "2021", "complete": True, "cells": {}, "sections": {}}
    _read(json.dumps({**good, **odd}).encode(), "odd.json")


def test_an_encrypted_pdf_says_so() -> None:
    maker = next(maker for what, _, maker in hostile() if what == "PDF behind a password")
    with pytest.raises(Unreadable):
        read_report(maker(), "secret.pdf")


@pytest.mark.parametrize("suffix", [".txt", ".html", ".docx", ".xlsx", ".pdf", ".json"])
def test_an_empty_file_is_unreadable(suffix: str) -> None:
    with pytest.raises(Unreadable):
        read_report(b"", f"empty{suffix}")

"""Reports that several chapters' cases start from."""

from __future__ import annotations

import datetime

from gongkai.report import Cell, Contact
from tests.factories import PREFACE, SECTIONS, a_report, with_cells, with_section, with_text
from tests.unit.checks.case import Given

GOOD = a_report()
GOOD_2019 = a_report("2019", year=2020)
BLANK = Cell("blank")
UNCLEAR = Cell("unclear", reason="数字粘连，分不清是几格")


def labelled(key: str, printed: str) -> Given:
    return Given(a_report(labels={key: printed}))


def two(**cells: object) -> Given:
    return Given(with_cells(GOOD, **cells))  # type: ignore[arg-type]


def trial(**cells: object) -> Given:
    return Given(with_cells(GOOD_2019, **cells))  # type: ignore[arg-type]


TITLES = GOOD.headings
COUNTY = a_report(organ="云川县人民政府", published_on=datetime.date(2024, 3, 20))
BUREAU = a_report(organ="云川县教育局")
# The narrative without 我镇, for organs that are none.
PLAIN = {name: text.replace("我镇", "本机关") for name, text in SECTIONS.items()}
PLAIN_PREFACE = PREFACE.replace("与青禾镇人民政府", "与云川县人民政府办公室")


def s1(text: str) -> Given:
    return Given(with_text(GOOD, "s1", text))


def s5(text: str) -> Given:
    return Given(with_section(GOOD, "s5", text))


def s6(text: str) -> Given:
    return Given(with_text(GOOD, "s6", text))


def prefaced(text: str, **changes: object) -> Given:
    bare = {"contact": Contact(), "period": None}
    return Given(a_report(**{**bare, "preface": text, **changes}))


def headed(*headings: str) -> Given:
    return Given(a_report(headings=headings))


def published(year: int, month: int, day: int, organ: str = "云川县青禾镇人民政府") -> Given:
    return Given(a_report(organ=organ, published_on=datetime.date(year, month, day)))


def plain(organ: str, sentence: str = "", preface: str = PLAIN_PREFACE) -> Given:
    sections = {**PLAIN, "s1": PLAIN["s1"] + "\n" + sentence}
    return Given(a_report(organ=organ, sections=sections, preface=preface))

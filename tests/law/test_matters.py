"""Runs ``matters.yaml``: under which limit an item falls, and by which day it must be public."""

import datetime
from pathlib import Path

import pytest
import yaml

from gongkai.clock import Workdays
from gongkai.law.duties import duties
from gongkai.law.matters import asked_days, choices, chosen, matters, start_of, with_own_start
from gongkai.law.publication import publication_limit
from gongkai.timeliness import publish_by

CASES = yaml.safe_load(Path(__file__).with_name("matters.yaml").read_text("utf-8"))["cases"]
ON = datetime.date(2026, 3, 2)
TABLE = Workdays()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_matter_and_day(case):
    given, then = case["given"], case["then"]
    matter = chosen(kind=given["kind"], column=given["column"], organ=given["organ"], named=given.get("named"))
    due = publish_by(formed_on=given["start"], matter=matter, table=TABLE)
    assert (matter, due.day, due.limit.basis, start_of(matter)) == (then["matter"], then["day"], case["basis"], then["start"])


def test_every_matter_is_a_limit_to_publish_by():
    named = {matter for row in choices() for matter in row.matters}
    assert {publication_limit(matter=matter, on=ON).act for matter in named} == {"publish"}
    assert {column for row in choices() for column in row.columns} <= {duty.id for duty in duties()}


def test_the_last_row_fits_whatever_comes():
    assert matters(kind="unheard", column="of", organ="anywhere") == ("general",)


def test_a_draft_is_asked_for_the_days_that_no_kind_tells():
    assert asked_days() == {"approved_on": "批准、批复或者收到批准文件之日"}


def test_what_counts_from_a_day_of_its_own():
    assert {(row.kinds, row.columns) for row in with_own_start()} == {
        ((), ("a20_07",)), (("budget",), ()), (("penalty",), ()), (("licence",), ()), (("notice",), ("a21_c4", "a21_t5")),
    }  # fmt: skip

"""Runs ``workdays.yaml``: due days that people wrote down, against the table."""

import datetime
from pathlib import Path

import pytest
import yaml

from gongkai import law
from gongkai.clock import Workdays, add_workdays, workdays_between

CASES = yaml.safe_load(Path(__file__).with_name("workdays.yaml").read_text("utf-8"))


def table(days_off):
    notice = law.HolidayNotice(title="本县民族节日放假通知", documents=(), off=frozenset(days_off))
    return Workdays(local=(notice,)) if days_off else Workdays()


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_due_day(case):
    given = case["given"]
    due = add_workdays(start=given["start"], n=given["n"], table=table(given.get("local", [])))
    assert (due.day, due.provisional) == (case["then"]["day"], case["then"]["provisional"])


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_basis_can_be_cited(case):
    assert law.cite(case["basis"]).startswith("《")


@pytest.mark.parametrize(("year", "n_workdays"), CASES["workdays_of_year"].items())
def test_workdays_of_year(year, n_workdays):
    counted = workdays_between(start=datetime.date(year - 1, 12, 31), end=datetime.date(year, 12, 31), table=Workdays())
    assert (counted.n_workdays, counted.provisional) == (n_workdays, False)


def test_every_announced_year_is_counted():
    assert set(CASES["workdays_of_year"]) == {notice.official[1].year for notice in law.holiday_notices()}


def test_names_of_cases_are_unique():
    listed = [case["name"] for case in CASES["cases"]]
    assert len(listed) == len(set(listed))

"""Runs ``publication.yaml``: limits and days that people wrote down, against the law data and the clock."""

import datetime
from pathlib import Path

import pytest
import yaml

from gongkai import law
from gongkai.clock import Workdays
from gongkai.law.publication import publication_limit, publication_limits
from gongkai.timeliness import interpret_by, open_until, publish_by, withdraw_by

CASES = yaml.safe_load(Path(__file__).with_name("publication.yaml").read_text("utf-8"))
ON = datetime.date(2024, 3, 1)
TABLE = Workdays()
ASK = {
    "publish": lambda start, matter: publish_by(formed_on=start, matter=matter, table=TABLE),
    "withdraw": lambda start, matter: withdraw_by(changed_on=start, table=TABLE),
    "interpret": lambda start, matter: interpret_by(published_on=start, table=TABLE),
    "open": lambda start, matter: open_until(published_on=start, matter=matter, table=TABLE),
}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_due_day(case):
    given, then = case["given"], case["then"]
    due = ASK[case["when"]](given["start"], given.get("matter"))
    assert (due.day, due.provisional, due.reason is not None) == (then["day"], then["provisional"], then["provisional"])
    assert (due.counted_on, due.limit.basis) == (given["start"], case["basis"])
    assert then.get("words", due.words) == due.words


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_basis_can_be_cited(case):
    assert law.cite(case["basis"]).startswith("《")


@pytest.mark.parametrize(("matter", "then"), CASES["limits"].items())
def test_limit(matter, then):
    limit = publication_limit(matter=matter, on=ON)
    assert [limit.days, limit.unit, limit.direction, limit.basis] == then


def test_every_limit_is_in_the_table():
    assert [limit.id for limit in publication_limits(on=ON)] == list(CASES["limits"])


def test_names_of_cases_are_unique():
    listed = [case["name"] for case in CASES["cases"]]
    assert len(listed) == len(set(listed))

"""Runs ``outcomes.yaml``: what each outcome rests on, and what follows from it."""

import datetime
from pathlib import Path

import pytest
import yaml

from gongkai import law
from gongkai.law.attributes import exemptions
from gongkai.law.requests import letter, outcome, outcomes

CASES = yaml.safe_load(Path(__file__).with_name("outcomes.yaml").read_text("utf-8"))
ON = CASES["day"]


@pytest.mark.parametrize("case", CASES["outcomes"], ids=lambda case: case["code"])
def test_outcome(case):
    found = outcome(case["code"], on=ON)
    assert list(found.bases) == case["rests_on"]
    assert [found.row("2021"), found.row("2019")] == case["rows"]
    assert (letter(found.letter, on=ON).number, found.remedy) == (case["letter"], case["remedy"])
    assert set(case["given"]) <= set(found.given)


def test_every_outcome_is_in_the_table_in_its_order():
    assert [found.code for found in outcomes(on=ON)] == [case["code"] for case in CASES["outcomes"]]


@pytest.mark.parametrize(("code", "grounds"), CASES["grounds"].items())
def test_grounds_to_choose_from(code, grounds):
    assert list(outcome(code, on=ON).grounds) == grounds


def test_only_a_refusal_has_grounds_and_every_ground_is_open_to_one():
    assert {found.code for found in outcomes(on=ON) if found.grounds} == set(CASES["grounds"])
    denied = [ground for code, grounds in CASES["grounds"].items() if code != "partial" for ground in grounds]
    assert denied == [entry.id for entry in exemptions()]


@pytest.mark.parametrize(("code", "lifted"), CASES["overrides"].items())
def test_what_lifts_a_ground(code, lifted):
    assert {ground: list(words) for ground, words in outcome(code, on=ON).overrides.items()} == lifted


@pytest.mark.parametrize("case", CASES["days"], ids=lambda case: f"{case['code']} {case['day']}")
def test_days_of_an_outcome(case):
    assert (case["code"] in {found.code for found in outcomes(on=case["day"])}) == case["known"]
    if not case["known"]:
        with pytest.raises(law.LawMissing):
            outcome(case["code"], on=case["day"])


@pytest.mark.parametrize("edition", ["2021", "2019"])
def test_every_leaf_of_table_three_is_an_outcome_and_no_other_row(edition):
    """Both ways: nothing that the form counts is left without an outcome, and no outcome falls into a row that the form lacks."""
    leaves = {row.id for row in law.report_format(edition).table("t3").rows if row.leaf}
    assert {found.row(edition) for found in outcomes(on=datetime.date(2026, 1, 5))} == leaves


def test_names_are_unique():
    words = [found.words for found in outcomes(on=ON)]
    assert len(words) == len(set(words)) == 23

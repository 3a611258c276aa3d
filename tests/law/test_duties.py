"""Runs ``duties.yaml``: what an organ must publish by itself."""

from pathlib import Path

import pytest
import yaml

from gongkai import law
from gongkai.law.duties import duties, duty

CASES = yaml.safe_load(Path(__file__).with_name("duties.yaml").read_text("utf-8"))


@pytest.mark.parametrize(("kind", "n_duties"), CASES["kinds"].items())
def test_duties_of_a_kind_of_organ(kind, n_duties):
    found = duties(kind=kind)
    assert len(found) == n_duties
    assert all(kind in entry.kinds for entry in found)


@pytest.mark.parametrize("case", CASES["duties"], ids=lambda case: case["id"])
def test_duty(case):
    found = duty(case["id"])
    assert (found.title, list(found.kinds)) == (case["title"], case["kinds"])
    assert law.cite(found.basis) == "《中华人民共和国政府信息公开条例》" + case["cited"]


def test_every_duty_is_listed_once_in_order():
    assert [entry.id for entry in duties()] == CASES["ids"]


def test_titles_and_items_are_told_once_a_kind():
    for kind in CASES["kinds"]:
        titles = [entry.title for entry in duties(kind=kind)]
        assert len(titles) == len(set(titles))
    items = [entry.basis for entry in duties(kind="street")]
    assert items == [f"reg:20({number})" for number in range(1, 16)]

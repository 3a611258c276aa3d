"""Runs ``numbering.yaml``: numbers written, read back and refused."""

import datetime
from pathlib import Path

import pytest
import yaml

from gongkai.errors import Refused
from gongkai.law.numbering import matches, number_kinds, parse_number, pattern_faults, render_number

CASES = yaml.safe_load(Path(__file__).with_name("numbering.yaml").read_text("utf-8"))
ON = datetime.date(2024, 3, 1)


@pytest.mark.parametrize("case", CASES["render"], ids=lambda case: case["name"])
def test_a_number_is_written(case):
    assert render_number(case["pattern"], values=case["values"], serial=case["serial"], on=case["day"]) == case["then"]
    assert matches(case["pattern"], case["then"])


@pytest.mark.parametrize("case", CASES["refuse"], ids=lambda case: case["name"])
def test_a_number_is_refused(case):
    with pytest.raises(Refused) as refused:
        render_number(case["pattern"], values=case["values"], serial=1, on=ON)
    assert refused.value.message == case["then"]


@pytest.mark.parametrize("case", CASES["match"], ids=lambda case: case["text"])
def test_a_number_is_read_back(case):
    found = parse_number(case["pattern"], case["text"])
    assert matches(case["pattern"], case["text"]) == (case["then"] is not None)
    assert (found and {"serial": found.serial, "year": found.year, "values": dict(found.values)}) == case["then"]


@pytest.mark.parametrize("case", CASES["faults"], ids=lambda case: f"{case['kind']} {case['pattern']}")
def test_faults_of_a_pattern(case):
    assert list(pattern_faults(case["pattern"], kind=case["kind"])) == case["then"]


@pytest.mark.parametrize("kind", number_kinds(), ids=lambda kind: kind.id)
def test_default_patterns_may_be_used(kind):
    assert kind.patterns
    assert [pattern_faults(pattern, kind=kind.id) for pattern in kind.patterns] == [()] * len(kind.patterns)

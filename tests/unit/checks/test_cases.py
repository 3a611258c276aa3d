"""Every check against its cases: what it lets pass, what it tells, word for word; and no check without either."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import yaml

import gongkai.checks as room
from gongkai.checks import CHECKS
from gongkai.checks.registry import Check
from gongkai.checks.subject import Subject
from tests.unit.checks import (
    disclosure_cases,
    document_cases,
    inforequest_cases,
    narrative_cases,
    pair_cases,
    remedy_cases,
    statistics_cases,
    wording_cases,
)
from tests.unit.checks.case import Case, Given, Told, told
from tests.unit.checks.givens import GOOD, GOOD_2019

CHAPTERS = (
    document_cases,
    narrative_cases,
    disclosure_cases,
    inforequest_cases,
    remedy_cases,
    statistics_cases,
    wording_cases,
    pair_cases,
)
CASES: list[Case] = [case for chapter in CHAPTERS for case in chapter.CASES]
# Claims have their cases in words, where a legal officer may add one.
SENTENCES = yaml.safe_load((Path(__file__).parents[2] / "law" / "claims.yaml").read_text("utf-8"))["cases"]


def _passing() -> Iterator[object]:
    for case in CASES:
        for number, given in enumerate(case.passes, 1):
            yield pytest.param(case.code, given, id=f"{case.code}-{number}")


def _failing() -> Iterator[object]:
    for case in CASES:
        for number, (given, expected) in enumerate(case.fails, 1):
            yield pytest.param(case.code, given, expected, id=f"{case.code}-{number}")


@pytest.mark.parametrize(("code", "given"), list(_passing()))
def test_passes(code: str, given: Given) -> None:
    assert given.findings(code) == []


@pytest.mark.parametrize(("code", "given", "expected"), list(_failing()))
def test_fails(code: str, given: Given, expected: tuple[Told, ...]) -> None:
    found = given.findings(code)
    assert [told(finding, like) for finding, like in zip(found, expected, strict=False)] == list(expected)
    assert len(found) == len(expected)


def test_every_check_has_both_kinds_of_case() -> None:
    failing = {case.code for case in CASES if case.fails}
    passing = {case.code for case in CASES if case.passes}
    for sentence in SENTENCES:
        codes = [finding[0] for finding in sentence.get("findings", ())]
        failing.update(codes)
        if not codes:
            passing.update(code for code in CHECKS if code.startswith("claim."))
    assert sorted(set(CHECKS) - failing) == []
    assert sorted(set(CHECKS) - passing) == []
    assert {case.code for case in CASES} <= set(CHECKS)


def test_no_check_lacks_its_decorator() -> None:
    """A function that takes a subject and yields faults, with nothing else to say, is a check."""
    loose = []
    for module in pkgutil.iter_modules(room.__path__):
        for name, value in vars(import_module(f"gongkai.checks.{module.name}")).items():
            if inspect.isgeneratorfunction(value) and value.__annotations__.get("return") == "Iterator[Fault]":
                parameters = list(inspect.signature(value).parameters.values())
                if len(parameters) == 1 and parameters[0].annotation == "Subject" and not name.startswith("_"):
                    loose.append(f"{module.name}.{name}")
    assert loose == []


@pytest.mark.parametrize("entry", list(CHECKS.values()), ids=list(CHECKS))
def test_every_check_says_what_it_does(entry: Check) -> None:
    assert entry.description.strip().endswith(".")
    assert entry.title
    assert entry.function.__annotations__ == {"subject": "Subject", "return": "Iterator[Fault]"}


def test_the_builder_makes_a_report_that_no_check_faults() -> None:
    for given in (GOOD, GOOD_2019):
        assert [finding for entry in CHECKS.values() for finding in entry.findings(Subject(given))] == []

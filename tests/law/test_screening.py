"""Runs ``screening.yaml``: texts before publication, with what must be found in them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai import law
from gongkai.law.screening import screening_codes
from gongkai.screening import Hit, Publisher, apply_masks, screen

CASES = yaml.safe_load(Path(__file__).with_name("screening.yaml").read_text("utf-8"))["cases"]
ON = datetime.date(2026, 11, 22)


def screened(case: Mapping[str, Any]) -> list[Hit]:
    publisher = Publisher(name=case.get("organ", ""), phones=tuple(case.get("phones", ())), credit_code=case.get("credit_code", ""))
    return screen(text=case["text"], on=case.get("day", ON), publisher=publisher, negative_list=case.get("negative_list", ()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_stands_in_the_text(case: Mapping[str, Any]) -> None:
    assert [[hit.code, hit.quote] for hit in screened(case)] == case["hits"]


@pytest.mark.parametrize("case", [case for case in CASES if case["hits"]], ids=lambda case: case["name"])
def test_a_masked_text_has_no_more_to_mask(case: Mapping[str, Any]) -> None:
    hits = screened(case)
    masked = apply_masks(case["text"], hits)
    assert len(masked) == len(case["text"])
    left = screened({**case, "text": masked})
    assert [hit.code for hit in left if hit.mask is not None and hit.code.startswith(("person.id", "person.mobile", "person.bank"))] == []


def test_there_are_enough_cases_of_both_kinds() -> None:
    assert len(CASES) >= 120
    assert sum(1 for case in CASES if not case["hits"]) >= 60


def test_every_case_has_its_own_name() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))


def test_every_code_of_a_text_is_found_somewhere() -> None:
    found = {code for case in CASES for code, _ in case["hits"]}
    assert found == {code for code in screening_codes() if not code.startswith("hidden.")}


def test_every_basis_can_be_cited() -> None:
    assert all(law.cite(hit.basis).startswith("《") for case in CASES for hit in screened(case))

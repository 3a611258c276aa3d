"""Runs ``claims.yaml``: sentences of a narrative, with what they claim and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai import law
from gongkai.checks import claims
from gongkai.checks.subject import Subject
from gongkai.reading.claims import read_claims
from gongkai.report import AnnualReport, Cell, Claim

DATA = yaml.safe_load(Path(__file__).with_name("claims.yaml").read_text("utf-8"))
CASES = DATA["cases"]
CHECKS = (claims.sums, claims.tables, claims.contradictions)


def cells(edition: str, figures: Mapping[str, Any]) -> dict[str, Cell]:
    """Every cell of the edition: 0, or the figure given; a figure of ``null`` is a cell that the document does not show."""
    shown = {address: Cell("number", Decimal(0)) for address in law.report_format(edition).cells}
    for address, value in figures.items():
        shown[address] = Cell("missing") if value is None else Cell("number", Decimal(str(value)))
    return shown


def report(given: Mapping[str, Any], default: str) -> AnnualReport:
    """The report of a case: one section of text, and the table it names with the cells it changes."""
    year, edition = given.get("year", 2023), given.get("edition", "2021")
    text = given.get("text", "")
    sections = text if isinstance(text, dict) else {"s1": text}
    figures = {**DATA["tables"][given.get("table", default)], **given.get("cells", {})}
    return AnnualReport(
        organ=given.get("organ", "云川县青禾镇人民政府"),
        year=year,
        edition=edition,
        sections=sections,
        cells=cells(edition, figures),
        claims=read_claims(sections, year),
    )


def told(claim: Claim) -> dict[str, Any]:
    """A claim as the data writes it: what differs from the ordinary."""
    data = claim.to_json()
    plain = Claim("", "", Decimal(0)).to_json()
    return {key: value for key, value in data.items() if key == "value" or (value != plain[key] and key not in ("section", "quote"))}


def subject(case: Mapping[str, Any]) -> Subject:
    previous = case.get("previous")
    return Subject(
        report(case["given"], "none"),
        previous=report({"organ": case["given"].get("organ", "云川县青禾镇人民政府"), "year": 2022, **previous}, "none")
        if previous
        else None,
    )


@pytest.mark.parametrize("case", [case for case in CASES if "claims" in case], ids=lambda case: case["name"])
def test_what_the_sentence_claims(case: Mapping[str, Any]) -> None:
    assert [told(claim) for claim in subject(case).report.claims] == case["claims"]


@pytest.mark.parametrize("case", [case for case in CASES if "findings" in case], ids=lambda case: case["name"])
def test_what_is_wrong_with_it(case: Mapping[str, Any]) -> None:
    found = [finding for check in CHECKS for finding in check.findings(subject(case))]
    assert [(finding.code, finding.severity) for finding in found] == [tuple(item[:2]) for item in case["findings"]]
    for finding, expected in zip(found, case["findings"], strict=True):
        assert all(words in finding.message for words in expected[2:]), finding.message


def test_every_check_passes_and_fails_somewhere() -> None:
    failing = {item[0] for case in CASES for item in case.get("findings", ())}
    assert failing == {check.code for check in CHECKS}
    assert sum(1 for case in CASES if case.get("findings") == []) >= 40


def test_every_case_has_its_own_name() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))


def test_every_basis_can_be_cited() -> None:
    found = [finding for case in CASES if case.get("findings") for check in CHECKS for finding in check.findings(subject(case))]
    assert all(law.cite(finding.basis).startswith("《") for finding in found)

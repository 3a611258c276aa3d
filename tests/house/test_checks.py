"""Every check has a permanent code, a basis that resolves, a title, a docstring and its place in the documentation."""

from __future__ import annotations

import inspect
import pkgutil
import re

import pytest

import gongkai.checks as room
from gongkai import law
from gongkai.checks import CHECKS, check_report
from gongkai.checks.finding import SEVERITIES
from gongkai.checks.registry import Check, checks_in
from gongkai.report import AnnualReport
from tests.house.source import ROOT
from tools.pages.checks import bases

# Codes that LAW names for good: whatever else changes, these stay.
PERMANENT = {
    "t3.row_total",
    "t3.outcome_total",
    "t3.balance",
    "t4.total",
    "tie.carried_over",
    "tie.in_force",
    "claim.sum",
    "claim.table",
    "claim.self",
}
ALL = [pytest.param(check, id=code) for code, check in CHECKS.items()]


def test_permanent_codes_stand() -> None:
    assert sorted(PERMANENT - set(CHECKS)) == []


def test_every_declared_check_runs() -> None:
    """A check in a module that nobody runs would be silent for ever."""
    modules = [inspect.importlib.import_module(f"gongkai.checks.{module.name}") for module in pkgutil.iter_modules(room.__path__)]  # type: ignore[attr-defined]
    declared = [check for module in modules for check in checks_in(module)]
    codes = [check.code for check in {id(check): check for check in declared}.values()]
    assert sorted(codes) == sorted(CHECKS)


@pytest.mark.parametrize("check", ALL)
def test_a_check_is_told_in_full(check: Check) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(\.[a-z][a-z0-9_]*)+", check.code)
    assert check.severity in SEVERITIES
    assert re.search(r"[\u4e00-\u9fff]", check.title)
    assert not check.title.endswith("。"), "a title is no sentence"
    assert len(check.description.split()) >= 5, "the docstring says what is looked at and what passes"
    assert check.editions is None or set(check.editions) <= set(law.editions())


@pytest.mark.parametrize("check", ALL)
def test_a_basis_resolves(check: Check) -> None:
    for basis in bases(check):
        assert law.cite(basis).startswith("《")


@pytest.mark.parametrize("check", ALL)
def test_a_check_has_its_section(check: Check) -> None:
    page = (ROOT / "docs" / "checks" / "index.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {check.code}\n")[2].partition("\n## ")[0]
    assert check.title in section
    assert f"`{check.severity}`" in section


def test_an_empty_report_stops_no_check() -> None:
    """A check that needs what is not there keeps silent or says so; it never falls."""
    for edition in (None, *law.editions()):
        for finding in check_report(AnnualReport(edition=edition, year=2023)):
            assert finding.severity in SEVERITIES
            assert finding.message.endswith("。")
            assert law.cite(finding.basis)

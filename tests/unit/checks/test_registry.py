"""How a check is declared and run, and what a finding is as JSON."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gongkai.checks import CHECKS, Finding, check_report
from gongkai.checks.finding import Fault
from gongkai.checks.registry import check
from gongkai.checks.subject import Subject
from gongkai.report import AnnualReport
from tests.factories import a_report, with_cells, with_section, with_text


def test_a_finding_as_json_has_its_six_fields() -> None:
    finding = Finding("t4.total", "error", "相差1。", "format-2021:t4", ("t4.reconsideration.total",))
    assert finding.to_json() == {
        "code": "t4.total",
        "severity": "error",
        "cells": ["t4.reconsideration.total"],
        "quote": None,
        "message": "相差1。",
        "basis": "format-2021:t4",
    }


def test_a_check_stamps_its_faults() -> None:
    @check("x.sample", severity="warning", basis="{format}:t3", title="样例")
    def sample(subject: Subject) -> Iterator[Fault]:
        """A sample."""
        yield Fault("一。")
        yield Fault("二。", ("t3.granted.total",), "原文", "notice", "reg:49")

    assert list(sample.findings(Subject(AnnualReport(edition="2019")))) == [
        Finding("x.sample", "warning", "一。", "format-2019:t3"),
        Finding("x.sample", "notice", "二。", "reg:49", ("t3.granted.total",), "原文"),
    ]
    assert sample.description == "A sample."


def test_a_check_is_made_only_where_it_applies() -> None:
    @check("x.sample", severity="error", basis="reg", title="样例", editions=("2019",), needs=("year", "previous"))
    def sample(subject: Subject) -> Iterator[Fault]:
        """A sample."""
        yield Fault("有。")

    report = AnnualReport(edition="2019", year=2020)
    assert len(list(sample.findings(Subject(report, previous=report)))) == 1
    assert list(sample.findings(Subject(report))) == []
    assert list(sample.findings(Subject(AnnualReport(edition="2019"), previous=report))) == []
    assert list(sample.findings(Subject(AnnualReport(edition="2021", year=2020), previous=report))) == []
    assert list(sample.findings(Subject(AnnualReport(year=2020), previous=report))) == []


@pytest.mark.parametrize("wrong", [{"severity": "fatal"}, {"needs": ("luck",)}])
def test_a_misspelt_declaration_does_not_load(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"unknown"):
        check("x.sample", **{"severity": "error", "basis": "reg", "title": "样例", **wrong})  # type: ignore[arg-type]


def test_findings_come_in_the_forms_order() -> None:
    report = with_section(
        with_cells(with_text(a_report(), "s1", "我县公开信息。"), t4__reconsideration__upheld=1, t3__granted__total=1), "s5", "无"
    )
    codes = [finding.code for finding in check_report(report)]
    order = list(CHECKS)
    assert codes == sorted(codes, key=order.index)
    assert codes == ["s5.empty", "t3.row_total", "t3.outcome_total", "t4.total", "t4.silent", "text.self_name"]


def test_checking_changes_nothing_and_gives_the_same_again() -> None:
    report = with_cells(a_report(), t4__reconsideration__upheld=1)
    assert check_report(report) == check_report(report)


def test_the_registry_cannot_be_written_to() -> None:
    with pytest.raises(TypeError):
        CHECKS["x"] = CHECKS["t4.total"]  # type: ignore[index]

"""AnnualReports → Findings: one function a check, in the form's order.

>>> from gongkai.report import AnnualReport
>>> [finding.code for finding in check_report(AnnualReport(year=2023))]
['read.not_checked', 'report.tables']

A chapter is a module; a check is a decorated function in it (:mod:`gongkai.checks.registry` says how to write one).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gongkai.checks import (
    between,
    claims,
    disclosure,
    fees,
    inforequests,
    narrative,
    preface,
    remedies,
    sections,
    statistics,
    units,
    wording,
)
from gongkai.checks.between import compare_reports
from gongkai.checks.finding import Finding
from gongkai.checks.registry import Check, checks_in
from gongkai.checks.subject import Subject
from gongkai.report import AnnualReport

# The order in which a report is read, and in which findings come.
CHAPTERS = (sections, preface, narrative, disclosure, inforequests, remedies, statistics, fees, claims, wording, between, units)

CHECKS: Mapping[str, Check] = MappingProxyType({entry.code: entry for chapter in CHAPTERS for entry in checks_in(chapter)})


def check_report(
    report: AnnualReport,
    *,
    previous: AnnualReport | None = None,
    siblings: tuple[AnnualReport, ...] = (),
    units: tuple[AnnualReport, ...] = (),
    scope: str | None = None,
) -> list[Finding]:
    """Every finding on a report, in the form's order.

    ``previous`` is the organ's report of the year before, ``siblings`` are reports of other organs (for copied texts),
    ``units`` those that this report sums up. ``scope`` is province, city, county, department, township or street; without
    it the organ's name decides where it can.
    """
    subject = Subject(report, previous, siblings, units, scope)
    return [finding for entry in CHECKS.values() for finding in entry.findings(subject)]


__all__ = ["CHAPTERS", "CHECKS", "Check", "Finding", "check_report", "compare_reports"]

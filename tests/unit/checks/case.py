"""A case of a check: what is given, and what the check must say, word for word."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.checks import Finding, check_report
from gongkai.report import AnnualReport


@dataclass(frozen=True)
class Given:
    """What :func:`check_report` is called with."""

    report: AnnualReport
    previous: AnnualReport | None = None
    siblings: tuple[AnnualReport, ...] = ()
    units: tuple[AnnualReport, ...] = ()
    scope: str | None = None

    def findings(self, code: str) -> list[Finding]:
        found = check_report(self.report, previous=self.previous, siblings=self.siblings, units=self.units, scope=self.scope)
        return [finding for finding in found if finding.code == code]


@dataclass(frozen=True)
class Told:
    """One finding as it must come: message whole, severity, and the first cell where the finding names cells."""

    message: str
    severity: str
    cell: str | None = None
    basis: str | None = None
    quote: str | None = None


@dataclass(frozen=True)
class Case:
    """One check with what it lets pass and what it tells."""

    code: str
    passes: tuple[Given, ...]
    fails: tuple[tuple[Given, tuple[Told, ...]], ...] = field(default=())


def told(finding: Finding, like: Told) -> Told:
    """The finding in the words of an expectation; fields that the expectation leaves open stay open."""
    return Told(
        finding.message,
        finding.severity,
        finding.cells[0] if finding.cells else None,
        finding.basis if like.basis else None,
        finding.quote if like.quote else None,
    )

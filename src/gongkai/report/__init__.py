"""The annual report (年度报告) as one value, whoever wrote it."""

from gongkai.report.annual import AnnualReport, Cell, Claim, Contact, Place

__all__ = ["AnnualReport", "Cell", "Claim", "Contact", "Place"]

"""Statutes and norms as dated data, and the one way to ask them.

>>> from gongkai import law
>>> law.report_format("2021").document
'国办公开办函〔2021〕30号'
>>> law.report_format_for(2020).edition
'2019'
"""

from gongkai.law.formats import (
    Block,
    Bound,
    Column,
    Identity,
    ReportFormat,
    Row,
    Section,
    Table,
    editions,
    report_format,
    report_format_for,
)
from gongkai.law.store import LawMissing

__all__ = [
    "Block",
    "Bound",
    "Column",
    "Identity",
    "LawMissing",
    "ReportFormat",
    "Row",
    "Section",
    "Table",
    "editions",
    "report_format",
    "report_format_for",
]

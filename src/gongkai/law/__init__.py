"""Statutes and norms as dated data, and the one way to ask them.

>>> from gongkai import law
>>> law.report_format("2021").document
'国办公开办函〔2021〕30号'
>>> law.report_format_for(2020).edition
'2019'
>>> import datetime
>>> law.at(datetime.date(2024, 3, 1)).value("reply_limit").words
'20个工作日'
>>> law.cite("reg:33.2")
'《中华人民共和国政府信息公开条例》第三十三条第二款'
"""

from gongkai.law.calendar import HolidayNotice, holiday_notices
from gongkai.law.citation import Instrument, cite, instrument, instruments
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
from gongkai.law.values import LawOn, LawValue, MonthDay, all_values, annual_report_due, at

__all__ = [
    "Block",
    "Bound",
    "Column",
    "HolidayNotice",
    "Identity",
    "Instrument",
    "LawMissing",
    "LawOn",
    "LawValue",
    "MonthDay",
    "ReportFormat",
    "Row",
    "Section",
    "Table",
    "all_values",
    "annual_report_due",
    "at",
    "cite",
    "editions",
    "holiday_notices",
    "instrument",
    "instruments",
    "report_format",
    "report_format_for",
]

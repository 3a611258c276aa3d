"""Statutory time: working days, the day of receipt, and the clock of a request. Nothing here reads today's date.

>>> import datetime
>>> table = Workdays()
>>> add_workdays(start=datetime.date(2024, 1, 22), n=20, table=table).day
datetime.date(2024, 2, 22)
"""

from gongkai.clock.derivation import derive
from gongkai.clock.receipt import Receipt, receipt_of
from gongkai.clock.request import Standing, demand, follow
from gongkai.clock.workdays import Due, WorkdayCount, Workdays, add_workdays, is_workday, workdays_between

__all__ = [
    "Due",
    "Receipt",
    "Standing",
    "WorkdayCount",
    "Workdays",
    "add_workdays",
    "demand",
    "derive",
    "follow",
    "is_workday",
    "receipt_of",
    "workdays_between",
]

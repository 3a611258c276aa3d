"""Tables three and four counted from the cases of a year: each request once, each challenge once, and every sum by the form's own rule.

>>> import datetime
>>> day = datetime.date(2023, 3, 1)
>>> cells = tally_requests([Inforequest("natural_person", day, "not_exist", day)], year=2023)
>>> cells["t3.unable_not_held.total"], cells["t3.carried_out.total"]
(1, 0)
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.law import ReportFormat, report_format, report_format_for
from gongkai.law.requests.outcomes import outcome

# Ids of the form's rows and columns that are counted otherwise than by an outcome.
NEW, CARRIED_IN, HANDLED, CARRIED_OUT, TOTAL, PENDING = "received_new", "carried_in", "handled_total", "carried_out", "total", "pending"


@dataclass(frozen=True, slots=True)
class Inforequest:
    """What the form asks of a request: whose it is (a column of table three), when it was received, how and when it was first decided.

    A decision taken again after a reconsideration or a judgment is not the first and does not count.
    """

    requester: str
    received_on: datetime.date
    outcome: str | None = None
    decided_on: datetime.date | None = None

    def __post_init__(self) -> None:
        """Both or neither of outcome and day, and the day not before the receipt: a :class:`ValueError` otherwise."""
        if (self.outcome is None) != (self.decided_on is None):
            raise ValueError("a request that is decided has an outcome and a day")
        if self.decided_on is not None and self.decided_on < self.received_on:
            raise ValueError(f"decided on {self.decided_on}, received on {self.received_on}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A reconsideration or lawsuit: its group and result by the ids of table four, when it began, and when it was decided (``None``: not yet)."""

    group: str
    filed_on: datetime.date
    result: str | None = None
    decided_on: datetime.date | None = None

    def __post_init__(self) -> None:
        """As for :class:`Inforequest`."""
        if (self.result is None) != (self.decided_on is None):
            raise ValueError("a challenge that is decided has a result and a day")
        if self.decided_on is not None and self.decided_on < self.filed_on:
            raise ValueError(f"decided on {self.decided_on}, filed on {self.filed_on}")


def tally_requests(cases: Iterable[Inforequest], *, year: int, edition: str | None = None) -> dict[str, int]:
    """Table three of ``year``: address → figure, every cell of the table.

    ``edition`` is that of the year's reports where it is not given. A case that has nothing to do with the year counts nowhere.
    :class:`gongkai.law.LawMissing` for an outcome without a row in that edition, :class:`ValueError` for an requester without a column.
    Source: 国办公开办函〔2021〕30号, table three.
    """
    table = _edition(year, edition).table("t3")
    columns = {column.id for column in table.blocks[0].columns}
    found: Counter[tuple[str, str]] = Counter()
    for case in cases:
        if case.requester not in columns - {TOTAL}:
            raise ValueError(f"table three has no column {case.requester}")
        for place in _rows_of(case, year, _edition(year, edition).edition):
            found[place, case.requester] += 1
            found[place, TOTAL] += 1
    for row in table.rows:
        if row.leaf:
            for column in columns:
                found[HANDLED, column] += found[row.id, column]
    return {table.cell(row.id, column): found[row.id, column] for row in table.rows for column in sorted(columns)}


def _rows_of(case: Inforequest, year: int, edition: str) -> list[str]:
    """The rows in which a case counts: where it came from, and where it went."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    if case.received_on > last or (case.decided_on is not None and case.decided_on < first):
        return []
    rows = [NEW if case.received_on >= first else CARRIED_IN]
    if case.outcome is None or case.decided_on is None or case.decided_on > last:
        return [*rows, CARRIED_OUT]
    return [*rows, outcome(case.outcome, on=case.decided_on).row(edition)]


def tally_challenges(cases: Iterable[Challenge], *, year: int, edition: str | None = None) -> dict[str, int]:
    """Table four of ``year``: address → figure, every cell. What was filed and is undecided on the last day of the year is pending.

    :class:`ValueError` for a group or result that the table does not have. Source: 国办公开办函〔2021〕30号, table four.
    """
    edition_of_year = _edition(year, edition)
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    found = dict.fromkeys(edition_of_year.table("t4").cells, 0)
    for case in cases:
        if case.filed_on > last or (case.decided_on is not None and case.decided_on < first):
            continue
        is_open = case.decided_on is None or case.decided_on > last
        address = f"t4.{case.group}.{PENDING if is_open else case.result}"
        if address not in found:
            raise ValueError(f"table four has no cell {address}")
        found[address] += 1
        found[f"t4.{case.group}.{TOTAL}"] += 1
    return found


def _edition(year: int, edition: str | None) -> ReportFormat:
    return report_format_for(year) if edition is None else report_format(edition)

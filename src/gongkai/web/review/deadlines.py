"""By which day a stage should be passed: counted from the day it began to wait, never stored."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache

from gongkai.clock import Workdays, add_workdays
from gongkai.law import LawMissing
from gongkai.web.review.models import OPEN, WHOLE, Run


@dataclass(frozen=True, slots=True)
class StageDue:
    """The last day for what waits since ``since``; ``left`` days remain (negative when past). Provisional as the clock says."""

    since: datetime.date
    day: datetime.date
    left: int
    is_provisional: bool

    @property
    def is_overdue(self) -> bool:
        """Whether the day is past."""
        return self.left < 0

    @property
    def over(self) -> int:
        """By how many days it is past."""
        return -self.left


@cache
def _workdays() -> Workdays:
    return Workdays()


def waits_since(run: Run) -> datetime.date:
    """The day on which the stage that a run waits for began to wait: the last decision, or the opening."""
    last = max(run.steps.all(), key=lambda step: step.pk, default=None)
    return last.entry.occurred_on if last is not None else run.opened_on


def stage_due(run: Run, on: datetime.date) -> StageDue | None:
    """The due day of the stage that waits, seen from ``on``; ``None`` when nothing waits or no days are set."""
    stage = run.waits_for()
    return _due(waits_since(run), run.days.get(stage), on) if stage else None


def whole_due(run: Run, on: datetime.date) -> StageDue | None:
    """The due day of an open run as a whole; only a review after the fact has one."""
    return _due(run.opened_on, run.days.get(WHOLE), on) if run.state == OPEN else None


def _due(since: datetime.date, n_days: int | None, on: datetime.date) -> StageDue | None:
    if n_days is None:
        return None
    try:
        due = add_workdays(start=since, n=n_days, table=_workdays())
    except LawMissing:
        return None
    return StageDue(since, due.day, (due.day - on).days, due.provisional)

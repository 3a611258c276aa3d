"""``gongkai deadline``: the last day of a limit in working days, and how it is counted day by day."""

from __future__ import annotations

import argparse
from typing import Any

from gongkai.cli.lines import printable
from gongkai.clock import Due, Workdays, add_workdays, derive
from gongkai.clock.derivation import Step
from gongkai.law import at, cite


def run(arguments: argparse.Namespace) -> dict[str, Any] | list[str]:
    """The answer as an object for ``--json``, else as lines. Without ``--days`` the limit is the statutory one of that day for a reply."""
    start, table = arguments.day, Workdays()
    limit = None if arguments.days is not None else at(start).value("reply_limit")
    n = limit.n if limit else arguments.days
    due = add_workdays(start=start, n=n, table=table)
    steps = derive(begins_on=start, n=n, table=table)
    if arguments.json:
        return _object(due, steps)
    source = f"（{cite(limit.basis)}）" if limit else ""
    lines = [f"{start:%Y-%m-%d}当日不计，期限{n}个工作日{source}"]
    lines += [f"  {printable(step.words)}" for step in steps]
    lines.append(f"期限届满日：{due.day:%Y-%m-%d}" + ("（暂定）" if due.provisional else ""))
    return [*lines, due.reason] if due.reason else lines


def _object(due: Due, steps: tuple[Step, ...]) -> dict[str, Any]:
    return {
        "due": due.day.isoformat(), "provisional": due.provisional, "reason": due.reason,
        "steps": [
            {"from": step.first.isoformat(), "until": step.last.isoformat(), "counted": step.n, "total": step.total, "words": step.words}
            for step in steps
        ],
    }  # fmt: skip

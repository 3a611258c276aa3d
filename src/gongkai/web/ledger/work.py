"""What the worker does between the acts of people: jobs, as data.

An app adds its jobs to :data:`WORK` when it is loaded. A job is called again and again, in one process at a time, and must bear
being stopped at any point and begun anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do again and again: its name, what it is called on screens, how many seconds lie between two rounds.

    ``run`` does what is due and gives how much that was; it says nothing when nothing is due.
    """

    name: str
    title: str
    every: float
    run: Callable[[], int]


WORK: list[Job] = []


def add_job(job: Job) -> None:
    """Let the worker do that job too; a name that is there already stays as it is."""
    if all(known.name != job.name for known in WORK):
        WORK.append(job)

"""Under which publication limit an item falls (公开时限适用事项), by its kind, its column and its organ: ``data/publication/matters.yaml``.

>>> matters(kind="budget", column="a20_07", organ="township")
('budget', 'department_budget', 'general')
>>> chosen(kind="notice", column="a20_13", organ="township", named="budget")
'general'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from gongkai.law.store import load


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: which items it fits (an empty tuple fits all) and the matters they may be, the default first."""

    kinds: tuple[str, ...]
    columns: tuple[str, ...]
    organs: tuple[str, ...]
    matters: tuple[str, ...]

    def fits(self, kind: str, column: str, organ: str) -> bool:
        """Whether an item of that kind in that column of that kind of organ falls under this row."""
        asked = ((self.kinds, kind), (self.columns, column), (self.organs, organ))
        return all(not known or value in known for known, value in asked)


@lru_cache(maxsize=1024)
def matters(*, kind: str, column: str, organ: str) -> tuple[str, ...]:
    """The ids of the limits that may hold for such an item, the one that holds by default first."""
    return next(row.matters for row in choices() if row.fits(kind, column, organ))


def chosen(*, kind: str, column: str, organ: str, named: str | None) -> str:
    """The limit that holds: what the item names where that is open to it, the default otherwise."""
    fitting = matters(kind=kind, column=column, organ=organ)
    return named if named in fitting and named is not None else fitting[0]


def start_of(matter: str) -> str | None:
    """Which day a limit counts from (``approved_on``, ``decided_on``), ``None`` for the day of formation."""
    return _starts().get(matter)


def asked_days() -> Mapping[str, str]:
    """The days that a draft is asked for because a limit counts from them (``approved_on``), with what screens call them."""
    days: Mapping[str, str] = load("publication/matters")["asked"]
    return days


def with_own_start() -> tuple[Choice, ...]:
    """The rows under which a limit that counts from a day of its own is open to an item."""
    return tuple(row for row in choices() if any(start_of(matter) for matter in row.matters))


@cache
def choices() -> tuple[Choice, ...]:
    """Every row, in the order in which they are asked."""
    return tuple(
        Choice(tuple(row["kinds"]), tuple(row["columns"]), tuple(row["organs"]), (row["default"], *row["others"]))
        for row in load("publication/matters")["choices"]
    )


@cache
def _starts() -> Mapping[str, str]:
    starts: Mapping[str, str] = load("publication/matters")["start"]
    return starts

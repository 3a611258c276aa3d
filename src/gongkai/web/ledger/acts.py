"""The one door for writes.

An action is a function marked with :func:`action`. Calling it checks the permission table, opens a transaction, lets the
function lock, ask the core and save, and demands at least one ledger entry before it commits: no act without an entry.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.agencies.permissions import actions as permitted
from gongkai.web.agencies.permissions import demand
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import GENESIS, LedgerEntry
from gongkai.web.ledger.seals import digest_of_seal, note, sealing
from gongkai.web.settings import moment

# Name of the action → its function; a test walks them all.
ACTIONS: dict[str, Callable[..., Any]] = {}


@dataclass(slots=True)
class Act:
    """One act while it is being done: who, by which post, in which organ, on which day."""

    name: str
    person: Person
    post: Post
    agency: Agency
    on: datetime.date
    entries: list[LedgerEntry] = field(default_factory=list)

    def record(
        self,
        thing: models.Model,
        *,
        revision: str = "",
        change: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None] = (None, None),
        reason: str = "",
        facts: Mapping[str, Any] | None = None,
    ) -> LedgerEntry:
        """Append the entry that proves this act on ``thing``.

        ``revision`` is the digest of the revision it is about, ``change`` the content before and after (kept as
        digests), ``facts`` what the entry tells as it is.
        """
        before, after = (digest_of(state) if state is not None else "" for state in change)
        marks = {"revision": revision, "before": before, "after": after, "reason": reason, "facts": dict(facts or {})}
        entry = append(
            agency=self.agency,
            person=self.person,
            thing=thing,
            occurred_on=self.on,
            marks={"action": self.name, "duty": self.post.duty, **marks},
        )
        self.entries.append(entry)
        return entry


def action(name: str, *, agency: Callable[..., Agency]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function as the action ``name`` of the permission table.

    ``agency`` finds the organ it happens in from the keyword arguments. The function gets an :class:`Act` first; callers
    give ``person``, ``on`` (the day it occurred, today when left out) and the function's own keyword arguments.
    """
    if name not in permitted():
        raise KeyError(f"no line in permissions.yaml for {name}")

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def door(*, person: Person, on: datetime.date | None = None, **arguments: Any) -> Any:
            day = on or moment.today()
            place = agency(**arguments)
            with transaction.atomic(), sealing():
                act = Act(name, person, demand(person, name, place, day), place, day)
                result = function(act, **arguments)
                if not act.entries:
                    raise AssertionError(f"{name} left no ledger entry")
            return result

        ACTIONS[name] = door
        return door

    return mark


def append(
    *, agency: Agency, person: Person | None, thing: models.Model, occurred_on: datetime.date, marks: Mapping[str, Any]
) -> LedgerEntry:
    """Append one entry to the county's chain, inside the caller's transaction; ``marks`` are the entry's other columns.

    The county's row is locked first, so that two acts at once get two numbers. Who is not inside an action wraps all that the act
    writes in :func:`~gongkai.web.ledger.seals.sealing`.
    """
    county = Agency.objects.select_for_update(no_key=True).get(path=agency.county_path)
    last = LedgerEntry.objects.filter(county=county.path).order_by("-number").values_list("number", "digest", "seal__rows").first()
    number, previous, rows = last or (0, GENESIS, None)
    entry = LedgerEntry(
        county=county.path,
        number=number + 1,
        previous=previous,
        sealed=digest_of_seal(rows),
        person=person,
        agency=agency,
        object_kind=thing._meta.label_lower,
        object_id=thing.pk,
        occurred_on=occurred_on,
        recorded_at=moment.now(),
        **marks,
    )
    entry.digest = entry.computed_digest()
    entry.save(force_insert=True)
    note(entry)
    return entry

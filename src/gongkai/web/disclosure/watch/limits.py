"""What a draft says so that its publication limit can be counted: which matter it is, and the day that the limit counts from.

Which kinds, columns and organs these are asked for is law data; here is only what is missing or does not fit.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from gongkai.law import LawMissing
from gongkai.law.matters import asked_days, choices, chosen, matters, start_of
from gongkai.law.publication import PublicationLimit, publication_limit

MATTER, APPROVED = "matter", "approved_on"


def named(matter: str, on: datetime.date) -> PublicationLimit | None:
    """The limit of a matter; ``None`` where its law is not in force that day."""
    try:
        return publication_limit(matter=matter, on=on)
    except LawMissing:
        return None


def offered(on: datetime.date) -> list[tuple[str, str]]:
    """Every matter that some draft may name: id and name."""
    ids = dict.fromkeys(matter for row in choices() for matter in row.matters)
    return [(matter, limit.matter) for matter in ids if (limit := named(matter, on))]


def kept(said: Mapping[str, Any], *, kind: str, column: str, organ: str) -> dict[str, Any]:
    """Of what somebody said, what has a meaning for such an item: a matter where there is a choice, a day where a limit counts from it."""
    fitting = matters(kind=kind, column=column, organ=organ)
    days = {start_of(matter) for matter in fitting}
    matter = said.get(MATTER) or ""
    return {MATTER: "" if matter == fitting[0] else matter, **{name: said.get(name) if name in days else None for name in asked_days()}}


def faults(said: Mapping[str, Any], *, kind: str, column: str, organ: str, on: datetime.date) -> Iterator[tuple[str, str]]:
    """What is missing or wrong: the field's name and a Chinese phrase."""
    matter = said.get(MATTER) or None
    if matter and matter not in matters(kind=kind, column=column, organ=organ):
        yield MATTER, "所选的公开期限不适用于这个类别和栏目，请重新选择"
        return
    start = start_of(chosen(kind=kind, column=column, organ=organ, named=matter))
    for name, words in asked_days().items():
        day = said.get(name)
        if day and day > on:
            yield name, f"{words}不能晚于今天"
        elif name == start and not day:
            yield name, _missing(chosen(kind=kind, column=column, organ=organ, named=matter), words, on)


def _missing(matter: str, words: str, on: datetime.date) -> str:
    """Which day is missing, and why it is asked."""
    limit = named(matter, on)
    return f"请填写{words}" if limit is None else f"请填写{limit.counted_from}，“{limit.matter}”的公开期限从这一天起算"


def told(content: Mapping[str, Any], organ: str) -> list[tuple[str, Any]]:
    """(label, value) of what a revision tells, the day under the name that its limit gives it."""
    matter = chosen(kind=content.get("kind") or "", column=content.get("column") or "", organ=organ, named=content.get(MATTER) or None)
    return [(asked_days()[name], content[name]) for name in asked_days() if content.get(name) and start_of(matter) == name]

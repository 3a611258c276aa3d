"""Which entries of a list of law data hold on a day: each from ``from`` to ``until``, for good where it names none."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from gongkai.law.store import LawMissing

Entry = Mapping[str, Any]


def holds(entry: Entry, on: datetime.date) -> bool:
    """Whether the entry is what the law says on that day."""
    until = entry.get("until")
    return bool(entry["from"] <= on and (until is None or on <= until))


def holding(entries: Iterable[Entry], *, key: str, name: str, on: datetime.date, what: str) -> Entry:
    """The entry whose ``key`` is ``name`` on that day; :class:`LawMissing`, with ``what`` in Chinese, for an unknown name or another day."""
    known = [entry for entry in entries if entry[key] == name]
    if not known:
        raise LawMissing(f"没有代号为“{name}”的{what}。")
    for entry in known:
        if holds(entry, on):
            return entry
    raise LawMissing(f"没有{on.year}年{on.month}月{on.day}日有效的{what}“{known[0].get('words') or known[0].get('name') or name}”。")

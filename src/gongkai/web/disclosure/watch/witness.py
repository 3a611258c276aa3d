"""What the watch adds to ``gongkai verify``: every row says what its entry proves, and every entry has its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai.web.disclosure.watch.models import ErrorAnswer, ErrorReport, OverturnedPenalty, Reassessment, Settlement
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken

# Rows → the action of their entries, and the path to the organ in which it was done.
PROVEN: dict[Any, tuple[str, tuple[str, ...]]] = {
    OverturnedPenalty: ("watch.mark_overturned", ("publication", "item")),
    Reassessment: ("watch.reassess", ("item",)),
    Settlement: ("watch.settle", ()),
    ErrorReport: ("watch.error_reported", ("publication", "item")),
    ErrorAnswer: ("watch.answer_error", ("report", "publication", "item")),
}


def watch_holds() -> Iterator[Broken]:
    """Rows against their entries, then entries against rows."""
    for model, (action, path) in PROVEN.items():
        proven = set[int]()
        related = ["entry", *(["revision"] if model is Reassessment else []), *(["__".join(path)] if path else [])]
        for row in model.objects.select_related(*related).order_by("pk").iterator(chunk_size=2000):
            proven.add(row.entry_id)
            entry = row.entry
            if (entry.action, entry.agency_id, entry.after) != (action, _organ(row, path), digest_of(row.content())):
                yield Broken(entry.county, entry.number, f"“{row}”（编号{row.pk}）的内容与台账第{entry.number}条不符。")
        for entry in LedgerEntry.objects.filter(action=action).iterator(chunk_size=2000):
            if entry.pk not in proven:
                yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有办理，但是找不到办理的内容。")


def _organ(row: Any, path: tuple[str, ...]) -> int:
    for name in path:
        row = getattr(row, name)
    number: int = row.agency_id
    return number

"""What suggestions add to ``gongkai verify``: every row says what its entry proves, and every entry has its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai.web.disclosure.suggesting.models import Suggestion, SuggestionAnswer, SuggestionKept
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken

# Rows → the action of their entries, and the path to the suggestion they are about.
PROVEN: dict[Any, tuple[str, tuple[str, ...]]] = {
    Suggestion: ("suggest.received", ()),
    SuggestionAnswer: ("suggest.answer", ("suggestion",)),
    SuggestionKept: ("suggest.keep", ("answer", "suggestion")),
}


def suggestions_hold() -> Iterator[Broken]:
    """Rows against their entries, then entries against rows."""
    for model, (action, path) in PROVEN.items():
        proven = set[int]()
        for row in model.objects.select_related("entry", *(["__".join(path)] if path else [])).order_by("pk").iterator(chunk_size=2000):
            proven.add(row.entry_id)
            yield from _unlike(row, action, path)
        for entry in LedgerEntry.objects.filter(action=action).iterator(chunk_size=2000):
            if entry.pk not in proven:
                yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有办理，但是找不到办理的内容。")


def _unlike(row: Any, action: str, path: tuple[str, ...]) -> Iterator[Broken]:
    entry, suggestion = row.entry, row
    for name in path:
        suggestion = getattr(suggestion, name)
    # What comes in is an entry about the organ: the row is made after its entry.
    about = suggestion.pk if path else suggestion.agency_id
    proven = (action, suggestion.agency_id, about, digest_of(row.content()))
    if (entry.action, entry.agency_id, entry.object_id, entry.after) != proven:
        yield Broken(entry.county, entry.number, f"“{row}”（编号{row.pk}）的内容与台账第{entry.number}条不符。")

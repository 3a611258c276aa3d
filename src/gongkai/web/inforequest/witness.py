"""What requests add to ``gongkai verify``: every row says what its entry proves, and every entry has its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai.web.inforequest.models import HandlingEvent, Inforequest, Reply
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken

# Kind of an event → the acts that make it, without the name of the app.
MADE_BY = {
    "confirmed": ("confirm", "receipt_shown"), "supplement_asked": ("ask_supplement",), "supplemented": ("record_supplement",),
    "consulted": ("consult",), "arrived": ("record_arrival",), "opinion": ("record_opinion",), "extended": ("extend",),
    "explanation_asked": ("ask_explanation",), "deferred": ("defer",), "fee_asked": ("charge",), "fee_arrived": ("record_arrival",),
    "fee_paid": ("record_payment",), "replied": ("give_reply",), "archived": ("archive",), "reopened": ("reopen",),
    "withdrawn": ("withdraw",),
}  # fmt: skip
DRAFTED = ("inforequest.draft_reply",)
TAKEN_IN = ("inforequest.file_online", "inforequest.enter")


def requests_hold() -> Iterator[Broken]:
    """Rows against their entries, then entries against rows."""
    proven = set[int]()
    for row in Inforequest.objects.select_related("entry").order_by("pk").iterator(chunk_size=2000):
        proven.add(row.entry_id)
        acts = TAKEN_IN[:1] if row.channel == "online" else TAKEN_IN[1:]
        yield from _unlike(row, acts, row.agency_id)
    for event in HandlingEvent.objects.select_related("entry", "inforequest").order_by("pk").iterator(chunk_size=2000):
        proven.add(event.entry_id)
        yield from _unlike(event, _acts(event.kind), event.inforequest_id)
    for reply in Reply.objects.select_related("entry").order_by("pk").iterator(chunk_size=2000):
        proven.add(reply.entry_id)
        yield from _unlike(reply, DRAFTED, reply.inforequest_id)
    every = [*TAKEN_IN, *DRAFTED, *(act for kind in MADE_BY for act in _acts(kind))]
    for entry in LedgerEntry.objects.filter(action__in=every).iterator(chunk_size=2000):
        if entry.pk not in proven:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有办理，但是找不到它的内容。")


def _acts(kind: str) -> tuple[str, ...]:
    return tuple(f"inforequest.{name}" for name in MADE_BY.get(kind, ()))


def _unlike(row: Any, acts: tuple[str, ...], about: int) -> Iterator[Broken]:
    entry = row.entry
    if entry.action not in acts or (entry.object_id, entry.after) != (about, digest_of(row.content())):
        yield Broken(entry.county, entry.number, f"“{row}”（编号{row.pk}）的内容与台账第{entry.number}条不符。")

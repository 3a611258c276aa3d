"""What requests add to ``gongkai verify``: every row says what its entry proves, and every entry has its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai.web.inforequest.models import HandlingEvent, Inforequest, Reply
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken

# Kind of an event → the acts that make it.
MADE_BY = {
    "confirmed": ("inforequest.confirm", "inforequest.receipt_shown"), "supplement_asked": ("inforequest.ask_supplement",),
    "supplemented": ("inforequest.record_supplement",), "consulted": ("inforequest.consult",), "opinion": ("inforequest.record_opinion",),
    "extended": ("inforequest.extend",), "explanation_asked": ("inforequest.ask_explanation",), "deferred": ("inforequest.defer",),
    "replied": ("inforequest.give_reply",), "archived": ("inforequest.archive",), "reopened": ("inforequest.reopen",),
    "fee_asked": ("inforequest.charge",), "fee_paid": ("inforequest.record_payment",), "withdrawn": ("inforequest.withdraw",),
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
        yield from _unlike(event, MADE_BY.get(event.kind, ()), event.inforequest_id)
    for reply in Reply.objects.select_related("entry").order_by("pk").iterator(chunk_size=2000):
        proven.add(reply.entry_id)
        yield from _unlike(reply, DRAFTED, reply.inforequest_id)
    every = [*TAKEN_IN, *DRAFTED, *(act for acts in MADE_BY.values() for act in acts)]
    for entry in LedgerEntry.objects.filter(action__in=every).iterator(chunk_size=2000):
        if entry.pk not in proven:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有办理，但是找不到它的内容。")


def _unlike(row: Any, acts: tuple[str, ...], about: int) -> Iterator[Broken]:
    entry = row.entry
    if entry.action not in acts or (entry.object_id, entry.after) != (about, digest_of(row.content())):
        yield Broken(entry.county, entry.number, f"“{row}”（编号{row.pk}）的内容与台账第{entry.number}条不符。")

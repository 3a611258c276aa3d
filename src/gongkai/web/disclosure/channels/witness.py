"""What the channels add to ``gongkai verify``: what is confirmed, kept, pushed and handed over says what its entry proves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai.web.disclosure.channels.models import AGAIN, DELIVERED, Attempt, Endpoint, Evidence, TransferLine, TransferList
from gongkai.web.disclosure.channels.reminders import OWN
from gongkai.web.disclosure.channels.transfers import content_of
from gongkai.web.disclosure.models import Delivery
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken
from gongkai.web.review import kept

# By which acts a delivery is confirmed one by one; its entry then names it.
SINGLE = ("disclosure.confirm_delivery", "channels.confirm", "channels.delivered", "channels.never_carried")


def deliveries_hold() -> Iterator[Broken]:
    """Every confirmed delivery is named by the entry it names, and every such entry has its delivery."""
    rows = Delivery.objects.filter(confirmed_on__isnull=False, publication__batch__isnull=True).select_related(
        "confirmation", "publication"
    )
    seen = set[tuple[int, int]]()
    for row in rows.iterator(chunk_size=2000):
        entry = row.confirmation
        seen.add((row.pk, entry.pk))
        if not _is_proven(row, entry) or row.confirmed_on != entry.occurred_on:
            yield Broken(entry.county, entry.number, f"渠道记录（编号{row.pk}，{row.channel}）与台账第{entry.number}条不符。")
    for entry in LedgerEntry.objects.filter(action__in=SINGLE).iterator(chunk_size=2000):
        if (entry.facts.get("delivery"), entry.pk) not in seen:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有渠道登记，但是找不到登记的渠道。")


def _is_proven(row: Delivery, entry: LedgerEntry) -> bool:
    if entry.action in SINGLE:
        return entry.facts.get("delivery") == row.pk and entry.facts.get("evidence") == row.evidence
    if entry.action == "channels.hand_over":
        return row.pk in entry.facts.get("deliveries", ())
    # Our own site has it by the act itself, which is about the same item.
    return row.channel == OWN and entry.object_kind == "disclosure.item" and entry.object_id == row.publication.item_id


def evidence_holds() -> Iterator[Broken]:
    """Every piece of evidence is named by its entry, and every photograph is there; what kept files hold is proven with all files."""
    told, lying = dict[int, list[list[str]]](), frozenset(kept.walk())
    for row in Evidence.objects.select_related("entry").order_by("pk").iterator(chunk_size=2000):
        entry = row.entry
        told.setdefault(row.entry_id, [list(piece) for piece in entry.facts.get("pieces", ())])
        if row.told() not in told[row.entry_id]:
            yield Broken(entry.county, entry.number, f"渠道凭证“{row}”（编号{row.pk}）与台账第{entry.number}条不符。")
        elif row.digest and row.digest not in lying:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条的照片“{row.text}”不见了。")


def pushes_hold() -> Iterator[Broken]:
    """Endpoints are as they were set, ended by the entry they name; attempts that count name theirs."""
    for endpoint in Endpoint.objects.select_related("entry", "ended_by").iterator(chunk_size=500):
        entry, end = endpoint.entry, endpoint.ended_by
        if entry.action != "channels.set_endpoint" or entry.after != digest_of(endpoint.content()):
            yield Broken(entry.county, entry.number, f"推送接口“{endpoint}”与台账第{entry.number}条不符。")
        if end is not None and end.facts.get("ends") != endpoint.pk:
            yield Broken(end.county, end.number, f"推送接口“{endpoint}”已停用，但是台账第{end.number}条说的不是它。")
    counting = Attempt.objects.filter(outcome__in=(DELIVERED, AGAIN)).select_related("entry")
    for attempt in counting.iterator(chunk_size=2000):
        entry = attempt.entry
        wanted = "channels.delivered" if attempt.outcome == DELIVERED else "channels.retry"
        if entry.action != wanted or entry.facts.get("delivery") != attempt.delivery_id:
            yield Broken(entry.county, entry.number, f"推送记录（编号{attempt.pk}）与台账第{entry.number}条不符。")


def lists_hold() -> Iterator[Broken]:
    """Every hand-over list has the lines it was made with, and was handed over or voided by the entries it names."""
    kept = set[int]()
    for made in TransferList.objects.select_related("entry", "handover", "voided_by").iterator(chunk_size=500):
        entry = made.entry
        kept.add(entry.pk)
        lines = list(TransferLine.objects.filter(transfer=made).select_related("publication__revision").order_by("position"))
        if entry.action != "channels.make_list" or entry.after != digest_of(content_of(made, lines)):
            yield Broken(entry.county, entry.number, f"移送明细表{made}与台账第{entry.number}条不符。")
        yield from _ended(made)
    for entry in LedgerEntry.objects.filter(action="channels.make_list").iterator(chunk_size=500):
        if entry.pk not in kept:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有移送明细表，但是找不到它。")


def _ended(made: Any) -> Iterator[Broken]:
    for name, entry in (("channels.hand_over", made.handover), ("channels.void_list", made.voided_by)):
        if entry is not None and (entry.action, entry.object_id) != (name, made.pk):
            yield Broken(entry.county, entry.number, f"移送明细表{made}的办理结果与台账第{entry.number}条不符。")

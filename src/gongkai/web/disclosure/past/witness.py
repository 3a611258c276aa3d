"""What past publications add to ``gongkai verify``: every batch holds what its entry says, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.past.models import PastBatch, PastRun
from gongkai.web.ledger.digest import sm3
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken


def past_holds() -> Iterator[Broken]:
    """Every batch of an approved file has its publications as they were written, and every entry of a batch its batch."""
    kept = set[int]()
    for batch in PastBatch.objects.select_related("entry", "run").iterator(chunk_size=200):
        entry = batch.entry
        kept.add(entry.pk)
        rows = list(Publication.objects.filter(batch=batch).select_related("revision", "item").order_by("pk"))
        digest = sm3("".join(row.revision.digest for row in rows).encode())
        facts = {"batch": batch.number, "items": batch.n_items, "digest": batch.digest}
        same = entry.action == "past.take_in" and entry.object_id == batch.run_id and all(entry.facts.get(n) == v for n, v in facts.items())
        if not same or digest != batch.digest or len(rows) != batch.n_items or not batch.run.is_approved:
            yield Broken(entry.county, entry.number, f"{batch}的内容与台账第{entry.number}条不符。")
        for row in rows:
            if row.entry_id != entry.pk or row.item.agency_id != batch.run.agency_id or row.revision.subject_id != row.item_id:
                yield Broken(entry.county, entry.number, f"“{row.item}”与它的导入批次不符。")
    for entry in LedgerEntry.objects.filter(action="past.take_in").iterator(chunk_size=2000):
        if entry.pk not in kept:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有导入，但是找不到导入的信息。")
    yield from _runs_hold()


def _runs_hold() -> Iterator[Broken]:
    for run in PastRun.objects.select_related("entry", "decision").iterator(chunk_size=200):
        entry, decision = run.entry, run.decision
        if entry.action != "past.hand_in" or (entry.facts.get("sm3"), entry.facts.get("items")) != (run.file_digest, run.n_items):
            yield Broken(entry.county, entry.number, f"交来的文件“{run}”与台账第{entry.number}条不符。")
        if decision is not None and (decision.action, decision.facts.get("approved"), decision.person_id) != (
            "past.decide", run.is_approved, run.decided_by_id,
        ):  # fmt: skip
            yield Broken(decision.county, decision.number, f"文件“{run}”的批准与台账第{decision.number}条不符。")

"""What past publications add to ``gongkai verify``: every batch holds what its entry says, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.past.models import Beginning, PastBatch, PastRun
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
        if not same or digest != batch.digest or len(rows) != batch.n_items or not (batch.run.is_approved and batch.run.is_cleared):
            yield Broken(entry.county, entry.number, f"{batch}的内容与台账第{entry.number}条不符。")
        for row in rows:
            if row.published_on >= batch.run.begins_on:
                yield Broken(
                    entry.county, entry.number, f"“{row.item}”的发布日期{row.published_on}不早于开始使用平台的日期{batch.run.begins_on}。"
                )
            if row.entry_id != entry.pk or row.item.agency_id != batch.run.agency_id or row.revision.subject_id != row.item_id:
                yield Broken(entry.county, entry.number, f"“{row.item}”与它的导入批次不符。")
    for entry in LedgerEntry.objects.filter(action="past.take_in").iterator(chunk_size=2000):
        if entry.pk not in kept:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有导入，但是找不到导入的信息。")
    yield from _runs_hold()


def beginnings_hold() -> Iterator[Broken]:
    """Every day of beginning that the county said is the one that its entry says, and every such entry has its row."""
    kept = set[int]()
    for row in Beginning.objects.select_related("entry", "agency"):
        entry = row.entry
        kept.add(entry.pk)
        told = (entry.action, entry.object_id, entry.facts.get("begins_on"))
        if told != ("past.set_beginning", row.agency_id, row.begins_on.isoformat()):
            yield Broken(entry.county, entry.number, f"“{row}”与台账第{entry.number}条不符。")
    for entry in LedgerEntry.objects.filter(action="past.set_beginning").exclude(pk__in=kept):
        yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有开始使用平台的日期，但是找不到它。")


def _runs_hold() -> Iterator[Broken]:
    for run in PastRun.objects.select_related("entry", "decision", "clearance").iterator(chunk_size=200):
        entry, decision, clearance = run.entry, run.decision, run.clearance
        told = tuple(entry.facts.get(name) for name in ("sm3", "items", "begins_on"))
        if entry.action != "past.hand_in" or told != (run.file_digest, run.n_items, run.begins_on.isoformat()):
            yield Broken(entry.county, entry.number, f"交来的文件“{run}”与台账第{entry.number}条不符。")
        if decision is not None and (decision.action, decision.facts.get("approved"), decision.person_id) != (
            "past.decide", run.is_approved, run.decided_by_id,
        ):  # fmt: skip
            yield Broken(decision.county, decision.number, f"文件“{run}”的批准与台账第{decision.number}条不符。")
        if clearance is not None and (clearance.action, clearance.facts.get("cleared"), clearance.person_id) != (
            "past.clear", run.is_cleared, run.cleared_by_id,
        ):  # fmt: skip
            yield Broken(clearance.county, clearance.number, f"文件“{run}”的保密审查与台账第{clearance.number}条不符。")
        if len({run.handed_in_by_id, run.cleared_by_id, run.decided_by_id}) < 3 and run.is_approved:
            yield Broken(entry.county, entry.number, f"文件“{run}”的交来、保密审查和批准不是三个人。")

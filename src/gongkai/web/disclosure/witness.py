"""What disclosure adds to ``gongkai verify``: rows and entries say the same."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken
from gongkai.web.review.models import COMPLETED, Revision


def revisions_hold() -> Iterator[Broken]:
    """Every revision is what its digest says, and an entry names it."""
    named = set(LedgerEntry.objects.exclude(revision="").values_list("revision", flat=True).iterator(chunk_size=5000))
    for revision in Revision.objects.iterator(chunk_size=1000):
        if revision.computed_digest() != revision.digest:
            yield Broken("", 0, f"{revision}（编号{revision.pk}）的内容与它的摘要不符，内容被改动。")
        elif revision.digest not in named:
            yield Broken("", 0, f"{revision}（编号{revision.pk}）没有台账记录。")


def publications_hold() -> Iterator[Broken]:
    """Every publication has a completed run of its revision and its entry, and every entry of a publication its row."""
    rows = Publication.objects.select_related("entry", "revision", "run", "item")
    proven = set[int]()
    for row in rows.iterator(chunk_size=1000):
        proven.add(row.entry_id)
        entry = row.entry
        passed = {step.stage for step in row.run.steps.all() if step.is_passed}
        if row.run.state != COMPLETED or row.run.revision_id != row.revision_id or passed != set(row.run.stages):
            yield Broken(entry.county, entry.number, f"“{row.item}”已发布，但是没有这一稿的完整审查记录。")
        if entry.action != "disclosure.publish" or entry.revision != row.revision.digest or entry.object_id != row.item_id:
            yield Broken(entry.county, entry.number, f"“{row.item}”的发布记录与台账第{entry.number}条不符。")
        elif row.published_on != entry.occurred_on:
            yield Broken(entry.county, entry.number, f"“{row.item}”的发布日期是{row.published_on}，台账记的是{entry.occurred_on}。")
    acts = LedgerEntry.objects.filter(action="disclosure.publish").exclude(facts__has_key="replaces")
    for entry in acts.iterator(chunk_size=2000):
        if entry.pk not in proven:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有发布，但是找不到发布的信息。")


def items_hold() -> Iterator[Broken]:
    """Every item was begun by an entry."""
    begun = set(
        LedgerEntry.objects.filter(action="disclosure.draft", object_kind=Item._meta.label_lower)
        .values_list("object_id", flat=True)
        .iterator()
    )
    for item in Item.objects.iterator(chunk_size=2000):
        if item.pk not in begun:
            yield Broken("", 0, f"信息“{item}”（{item.index_number}）没有台账记录。")

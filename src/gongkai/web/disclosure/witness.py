"""What disclosure adds to ``gongkai verify``: rows and entries say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from django.db.models import Exists, OuterRef

from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken
from gongkai.web.review.authors import authors_of
from gongkai.web.review.models import URGENT, Revision, Run
from gongkai.web.review.witness import is_whole


def revisions_hold() -> Iterator[Broken]:
    """Every revision is what its digest says, and an entry names it."""
    named = set(LedgerEntry.objects.exclude(revision="").values_list("revision", flat=True).iterator(chunk_size=5000))
    past = Publication.objects.filter(revision=OuterRef("pk"), batch__isnull=False)
    for revision in Revision.objects.annotate(is_past=Exists(past)).iterator(chunk_size=1000):
        if revision.computed_digest() != revision.digest:
            yield Broken(*entry_of(revision), f"{revision}（编号{revision.pk}）的内容与它的摘要不符，内容被改动。")
        elif not revision.is_past and revision.digest not in named:
            yield Broken(*entry_of(revision), f"{revision}（编号{revision.pk}）没有台账记录。")


def entry_of(revision: Revision) -> tuple[str, int]:
    """County and number of the entry that made the revision; of the last one about its subject where none names it any more."""
    about = LedgerEntry.objects.filter(object_kind=revision.subject_kind, object_id=revision.subject_id)
    made = about.filter(revision=revision.digest).order_by("pk").first()
    past = Publication.objects.filter(revision=revision.pk).select_related("entry").first()
    entry = made or (past.entry if past else None) or about.order_by("-pk").first()
    return (entry.county, entry.number) if entry else ("", 0)


def publications_hold() -> Iterator[Broken]:
    """Every publication has a completed run of its revision and its entry, and every entry of a publication its row."""
    rows = (
        Publication.objects.filter(batch__isnull=True)
        .select_related("entry", "revision", "run__revision", "run__entry", "item")
        .prefetch_related(
            "run__steps__entry", "run__assignments__person", "run__made_up_by", "run__joined__agency",
            "run__joined__revision", "run__joined__steps__entry", "run__joined__assignments__person", "run__joined__made_up_by",
        )
    )  # fmt: skip
    proven = set[int]()
    # A hundred at a time: what is fetched with a thousand of them makes a condition deeper than SQLite takes.
    for row, authors in _with_authors(rows.iterator(chunk_size=100)):
        proven.add(row.entry_id)
        entry = row.entry
        if row.run is None or row.run.revision_id != row.revision_id or not _is_reviewed(row.run, authors):
            yield Broken(entry.county, entry.number, f"“{row.item}”已发布，但是没有这一稿的完整审查记录。")
        if entry.action != "disclosure.publish" or entry.revision != row.revision.digest or entry.object_id != row.item_id:
            yield Broken(entry.county, entry.number, f"“{row.item}”的发布记录与台账第{entry.number}条不符。")
        elif row.published_on != entry.occurred_on:
            yield Broken(entry.county, entry.number, f"“{row.item}”的发布日期是{row.published_on}，台账记的是{entry.occurred_on}。")
    acts = LedgerEntry.objects.filter(action="disclosure.publish").exclude(facts__has_key="replaces")
    for entry in acts.iterator(chunk_size=2000):
        if entry.pk not in proven:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有发布，但是找不到发布的信息。")


def _with_authors(rows: Iterable[Publication]) -> Iterator[tuple[Publication, Mapping[int, frozenset[int]]]]:
    """Each publication with who wrote what its runs review, asked for a hundred at a time."""
    left = iter(rows)
    while some := list(islice(left, 100)):
        runs = [run for row in some if row.run is not None for run in (row.run, *row.run.joined.all())]
        authors = authors_of(runs)
        yield from ((row, authors) for row in some)


def _is_reviewed(run: Run, authors: Mapping[int, frozenset[int]]) -> bool:
    """Whether the run is whole, and so is that of every organ the submission named; an urgent one has what it left out made up for."""
    joined = list(run.joined.all())
    named = run.entry.facts.get("organs", []) if run.entry else []
    return (
        run.lead_id is None
        and run.makes_up_id is None
        and sorted(one.agency.path for one in joined) == sorted(named)
        and all(one.revision_id == run.revision_id and one.lane == run.lane and is_whole(one, authors) for one in (run, *joined))
        and all(_is_made_up(one) for one in (run, *joined))
    )


def _is_made_up(run: Run) -> bool:
    """Whether what an urgent run left out is being reviewed after the fact."""
    made_up = getattr(run, "made_up_by", None)
    return run.lane != URGENT or not run.later or (made_up is not None and made_up.stages == run.later)


def items_hold() -> Iterator[Broken]:
    """Every item was begun by an entry."""
    begun = set(
        LedgerEntry.objects.filter(action="disclosure.draft", object_kind=Item._meta.label_lower)
        .values_list("object_id", flat=True)
        .iterator()
    )
    past = Publication.objects.filter(item=OuterRef("pk"), batch__isnull=False)
    for item in Item.objects.filter(~Exists(past)).iterator(chunk_size=2000):
        if item.pk not in begun:
            yield Broken("", 0, f"信息“{item}”（{item.index_number}）没有台账记录。")

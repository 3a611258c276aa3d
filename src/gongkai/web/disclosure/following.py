"""The search index follows the ledger: what an entry touched is written anew, under the position it reaches.

The position stands in the index, in the commit that holds the changes. Whenever the follower is stopped, it goes on from there,
and writing an item twice leaves it there once. An entry only tells which items to look at: what is written is what the database
says now.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery

from gongkai.web import search
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.indexed.crew import PART, every_document
from gongkai.web.disclosure.indexed.documents import documents_for, turned
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.queries import KIND
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.search.folder import drop, is_wanted, prove, served
from gongkai.web.settings import moment

logger = logging.getLogger(__name__)
# Entries followed at a time.
MOST = 500
# An index that is behind by more seconds than this is not asked.
STALE = 10.0

# County → number and digest of the last entry followed; under TODAY the day on which validities were looked up.
Position = Mapping[str, Sequence[Any]]
TODAY = "#day"


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the index is behind the ledger: entries not yet followed, and for how many seconds the first of them has waited."""

    n_entries: int
    seconds: float

    @property
    def is_stale(self) -> bool:
        """Whether the index is too old to be asked."""
        return self.seconds > STALE


def folder() -> Path:
    """Where the index lies."""
    return Path(settings.INDEX_ROOT)


def follow(limit: int = MOST) -> int:
    """Bring the index up to the ledger, at most ``limit`` entries of each county; gives how many were followed.

    An index that is lost, or that belongs to another ledger, is built anew.
    """
    try:
        if is_wanted(folder()):
            return reindex()
        if not _after(known := search.position_of(folder()), limit) and _day(known) == moment.today():
            return 0
        with search.locked(folder()):
            known = search.position_of(folder())
            entries = _after(known, limit)
            change = _change(entries, known)
            search.write(change.documents, gone=change.gone, folder=folder(), position=change.position)
        return len(entries)
    except search.IndexLost:
        return reindex()


def reindex() -> int:
    """Build the index anew from the database while the old one is served; gives how many documents it holds."""
    begun: Position = {**ends(), TODAY: (moment.today().isoformat(),)}

    def rest() -> search.Change:
        return _change(_after(begun, None), begun)

    return search.rebuild(every_document(), folder=folder(), position=begun, rest=rest)


def prove_index() -> int:
    """Read the index against its checksums; one that is broken is asked by nobody from then on, and the follower builds it anew.

    Gives how many were broken.
    """
    try:
        served(folder())
    except search.IndexLost:
        return 0
    try:
        prove(folder())
    except search.IndexLost as lost:
        logger.error("%s", lost.message)
        drop(folder())
        return 1
    return 0


def lag() -> Lag:
    """How far the index is behind; :class:`~gongkai.web.search.IndexLost` when there is none that belongs to this ledger."""
    known, last = search.position_of(folder()), ends()
    behind = {county: end for county, end in last.items() if list(end) != list(known.get(county, (0, "")))}
    if not behind:
        return Lag(0, 0.0)
    firsts = _after(known, 1)
    waited = max((moment.now() - entry.recorded_at).total_seconds() for entry in firsts) if firsts else 0.0
    return Lag(sum(end[0] - known.get(county, (0,))[0] for county, end in behind.items()), max(0.0, waited))


def ends() -> Position:
    """The last entry of each county's chain: its number and its digest."""
    last = LedgerEntry.objects.filter(county=OuterRef("path")).order_by("-number")
    counties = Agency.objects.filter(parent__isnull=True).annotate(
        end=Subquery(last.values("number")[:1]), mark=Subquery(last.values("digest")[:1])
    )
    return {path: (end, mark) for path, end, mark in counties.values_list("path", "end", "mark") if end is not None}


def _after(known: Position, limit: int | None) -> list[LedgerEntry]:
    """The entries behind ``known``, in the order of each chain; IndexLost where the chain does not go on from there."""
    entries: list[LedgerEntry] = []
    last = ends()
    followed = {county: place for county, place in known.items() if county != TODAY}
    for county, (number, digest) in {**{county: (0, "") for county in last}, **followed}.items():
        end = last.get(county, (0, ""))
        if end[0] < number or (end[0] == number and end[1] != digest):
            raise search.IndexLost("检索索引属于另一份台账，要重新建立。")
        if end[0] == number:
            continue
        found = list(LedgerEntry.objects.filter(county=county, number__gt=number).order_by("number")[:limit])
        if number and found and found[0].previous != digest:
            raise search.IndexLost("检索索引属于另一份台账，要重新建立。")
        entries += found
    return entries


def _change(entries: Sequence[LedgerEntry], known: Position) -> search.Change:
    """What the entries changed, and what became another by the day alone, as the database says it now."""
    today = moment.today()
    documents: list[search.Document] = []
    gone: list[str] = []
    for part in _parts(sorted(touched(entries) | turned(_day(known), today))):
        made, dropped = documents_for(part)
        documents += made
        gone += dropped
    reached = {entry.county: (entry.number, entry.digest) for entry in entries}
    return search.Change(documents, gone, {**known, **reached, TODAY: (today.isoformat(),)})


def _day(known: Position) -> datetime.date:
    """The day for which the index holds what is in force; before all days where it does not say."""
    return datetime.date.fromisoformat(known[TODAY][0]) if TODAY in known else datetime.date.min


def touched(entries: Collection[LedgerEntry]) -> set[int]:
    """The items that entries are about: themselves, through what they name, or through what was published or withdrawn by them."""
    items = {entry.object_id for entry in entries if entry.object_kind == KIND}
    for entry in entries:
        items |= {number for number in (entry.facts.get("item"), *_several(entry.facts.get("items"))) if isinstance(number, int)}
    others = [entry.pk for entry in entries if entry.object_kind != KIND]
    for part in _parts(others):
        # One question each: asked together, neither database would use its indexes.
        for proof in ("entry__in", "withdrawal__in", "deliveries__confirmation__in"):
            items |= set(Publication.objects.filter(**{proof: part}).values_list("item_id", flat=True))
    return items


def _several(named: object) -> Sequence[object]:
    return named if isinstance(named, list) else ()


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), PART):
        yield numbers[first : first + PART]

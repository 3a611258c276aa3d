"""``gongkai verify``: the chain holds, and what the rows say is what the entries prove."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from gongkai.web.ledger.models import GENESIS, LedgerEntry
from gongkai.web.ledger.seals import CHUNK, digest_of_seal

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that does not hold: which entry (``county`` and ``number``, 0 where there is none), and what, in Chinese."""

    county: str
    number: int
    words: str


Witness = Callable[[], Iterator[Broken]]

# What other apps add: each compares its own rows with their entries.
WITNESSES: list[Witness] = []
# Asked at the end, of all rows alike: what they say of an entry that is named already is not said twice.
LAST: list[Witness] = []


def verify() -> Iterator[Broken]:
    """Every broken entry, chain first, in order; nothing when all holds."""
    named = set[tuple[str, int]]()
    for witness in (_chain, *WITNESSES):
        for found in _told(witness):
            named.add((found.county, found.number))
            yield found
    for witness in LAST:
        yield from (found for found in _told(witness) if not found.number or (found.county, found.number) not in named)


def _told(witness: Witness) -> Iterator[Broken]:
    """What the witness finds. Where it stumbles over what somebody wrote into a cell, that is a finding, and the next one is asked."""
    try:
        yield from witness()
    except Exception as error:
        logger.info("%s stumbled", witness.__name__, exc_info=True)
        yield Broken("", 0, f"核对“{witness.__name__}”时遇到读不懂的数据（{type(error).__name__}），这一项没有核对完。")


def stretch(county: str, first: int, last: int) -> Iterator[Broken]:
    """What does not hold from one entry of a county to another, both included."""
    rows = LedgerEntry.objects.filter(county=county)
    before = rows.filter(number=first - 1).values_list("digest", "seal__rows").first() or (GENESIS, None)
    link = _Link(county, first - 1, before[0], digest_of_seal(before[1]))
    yield from _follow(link, rows.filter(number__gte=first, number__lte=last))


def _chain() -> Iterator[Broken]:
    for county in LedgerEntry.objects.order_by("county").values_list("county", flat=True).distinct():
        yield from _follow(_Link(county, 0, GENESIS), LedgerEntry.objects.filter(county=county))


def _follow(link: _Link, rows: QuerySet[LedgerEntry]) -> Iterator[Broken]:
    """Along the entries, which are read in pieces; one that cannot be read is told, and the chain goes on behind it."""
    part: list[tuple[int, str]] = []
    for place in rows.order_by("number").values_list("number", "digest").iterator(chunk_size=CHUNK * 10):
        part.append(place)
        if len(part) == CHUNK:
            yield from _part(link, rows, part)
            part = []
    yield from _part(link, rows, part)


def _part(link: _Link, rows: QuerySet[LedgerEntry], part: list[tuple[int, str]]) -> Iterator[Broken]:
    found = {entry.number: entry for entry in _readable(rows, [number for number, _ in part])}
    for number, digest in part:
        if number in found:
            yield from link.follow(found[number])
        else:
            yield Broken(link.county, number, f"第{number}条读不出来，记录被改动。")
            link.number, link.digest, link.sealed = number, digest, None


def _readable(rows: QuerySet[LedgerEntry], numbers: list[int]) -> list[LedgerEntry]:
    """The entries of those numbers without the ones that have a cell which is not what its column is."""
    try:
        return list(rows.filter(number__in=numbers).select_related("seal"))
    except Exception:
        middle = len(numbers) // 2
        return _readable(rows, numbers[:middle]) + _readable(rows, numbers[middle:]) if middle else []


@dataclass(slots=True)
class _Link:
    """Where one stands in a chain: number and digest of the entry before, and of the seal beside it (``None``: nobody knows)."""

    county: str
    number: int
    digest: str
    sealed: str | None = ""

    def follow(self, entry: LedgerEntry) -> Iterator[Broken]:
        """Step to the next entry; what does not hold there."""
        number = self.number + 1
        if entry.number != number:
            missing = f"第{number}条" if entry.number == number + 1 else f"第{number}条到第{entry.number - 1}条"
            yield Broken(self.county, number, f"{missing}缺失，下一条是第{entry.number}条。")
        elif entry.previous != self.digest:
            yield Broken(self.county, number, f"第{number}条与上一条接不上，中间有记录被改动或者删除。")
        elif self.sealed not in (None, entry.sealed):
            yield Broken(self.county, self.number, f"第{self.number}条的封存（这一条办理后各行的摘要）被改动或者删除。")
        if entry.computed_digest() != entry.digest:
            told = f"第{entry.number}条（{entry.action}，{entry.occurred_on}）的内容与它的摘要不符，记录被改动。"
            yield Broken(self.county, entry.number, told)
        self.number, self.digest = entry.number, entry.digest
        seal = getattr(entry, "seal", None)
        self.sealed = digest_of_seal(seal.rows if seal else None)

"""``gongkai verify``: the chain holds, and what the rows say is what the entries prove."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gongkai.web.ledger.models import GENESIS, LedgerEntry


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that does not hold: which entry (``county`` and ``number``, 0 where there is none), and what, in Chinese."""

    county: str
    number: int
    words: str


Witness = Callable[[], Iterator[Broken]]

# What other apps add: each compares its own rows with their entries.
WITNESSES: list[Witness] = []


def verify() -> Iterator[Broken]:
    """Every broken entry, chain first, in order; nothing when all holds."""
    yield from _chain()
    for witness in WITNESSES:
        yield from witness()


def stretch(county: str, first: int, last: int) -> Iterator[Broken]:
    """What does not hold from one entry of a county to another, both included."""
    before = LedgerEntry.objects.filter(county=county, number=first - 1).values_list("digest", flat=True).first()
    link = _Link(county, first - 1, before or GENESIS)
    for entry in LedgerEntry.objects.filter(county=county, number__gte=first, number__lte=last).order_by("number"):
        yield from link.follow(entry)


def _chain() -> Iterator[Broken]:
    link = _Link("", 0, GENESIS)
    for entry in LedgerEntry.objects.order_by("county", "number").iterator(chunk_size=2000):
        if entry.county != link.county:
            link = _Link(entry.county, 0, GENESIS)
        yield from link.follow(entry)


@dataclass(slots=True)
class _Link:
    """Where one stands in a chain: the number and digest of the entry before."""

    county: str
    number: int
    digest: str

    def follow(self, entry: LedgerEntry) -> Iterator[Broken]:
        """Step to the next entry; what does not hold there."""
        number = self.number + 1
        if entry.number != number:
            missing = f"第{number}条" if entry.number == number + 1 else f"第{number}条到第{entry.number - 1}条"
            yield Broken(self.county, number, f"{missing}缺失，下一条是第{entry.number}条。")
        elif entry.previous != self.digest:
            yield Broken(self.county, number, f"第{number}条与上一条接不上，中间有记录被改动或者删除。")
        if entry.computed_digest() != entry.digest:
            told = f"第{entry.number}条（{entry.action}，{entry.occurred_on}）的内容与它的摘要不符，记录被改动。"
            yield Broken(self.county, entry.number, told)
        self.number, self.digest = entry.number, entry.digest

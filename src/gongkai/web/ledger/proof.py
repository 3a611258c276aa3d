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


def _chain() -> Iterator[Broken]:
    county, number, digest = "", 0, GENESIS
    for entry in LedgerEntry.objects.order_by("county", "number").iterator(chunk_size=2000):
        if entry.county != county:
            county, number, digest = entry.county, 0, GENESIS
        number += 1
        if entry.number != number:
            yield Broken(county, number, f"第{number}条缺失，下一条是第{entry.number}条。")
            number = entry.number
        elif entry.previous != digest:
            yield Broken(county, number, f"第{number}条与上一条接不上，中间有记录被改动或者删除。")
        if entry.computed_digest() != entry.digest:
            yield Broken(county, number, f"第{number}条（{entry.action}，{entry.occurred_on}）的内容与它的摘要不符，记录被改动。")
        digest = entry.digest

"""What calls for opinions add to ``gongkai verify``: every row says what its entry proves, and every entry has its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai.web.disclosure.soliciting.models import Aside, Opinion, OpinionSummary, Solicitation
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken

# Rows → the actions of their entries, and the path to the item they are about.
PROVEN: dict[Any, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Solicitation: (("solicit.open",), ("item",)),
    Opinion: (("solicit.received", "solicit.enter_opinion"), ("solicitation", "item")),
    Aside: (("solicit.set_aside",), ("opinion", "solicitation", "item")),
    OpinionSummary: (("solicit.summarize",), ("solicitation", "item")),
}
AGAIN = "solicit.count_again"


def soliciting_holds() -> Iterator[Broken]:
    """Rows against their entries, then entries against rows."""
    for model, (acts, path) in PROVEN.items():
        proven = set[int]()
        for row in model.objects.select_related("entry", "__".join(path)).order_by("pk").iterator(chunk_size=2000):
            proven.add(row.entry_id)
            yield from _unlike(row, acts, path)
        yield from _without_row(acts, proven)
    ended = Aside.objects.filter(ended_by__isnull=False).select_related("ended_by", "opinion__solicitation__item")
    ends = set[int]()
    for aside in ended.iterator(chunk_size=2000):
        assert aside.ended_by is not None
        ends.add(aside.ended_by.pk)
        if aside.ended_by.action != AGAIN or aside.ended_by.before != digest_of(aside.content()):
            yield Broken(aside.ended_by.county, aside.ended_by.number, f"“{aside}”重新计入的记录与台账第{aside.ended_by.number}条不符。")
    yield from _without_row((AGAIN,), ends)


def _unlike(row: Any, acts: tuple[str, ...], path: tuple[str, ...]) -> Iterator[Broken]:
    entry, item = row.entry, row
    for name in path:
        item = getattr(item, name)
    is_by_site = entry.action == "solicit.received"
    wrong_way = isinstance(row, Opinion) and is_by_site != (row.channel == "site")
    if entry.action not in acts or wrong_way or (entry.object_id, entry.after) != (item.pk, digest_of(row.content())):
        yield Broken(entry.county, entry.number, f"“{row}”（编号{row.pk}）的内容与台账第{entry.number}条不符。")


def _without_row(acts: tuple[str, ...], proven: set[int]) -> Iterator[Broken]:
    for entry in LedgerEntry.objects.filter(action__in=acts).iterator(chunk_size=2000):
        if entry.pk not in proven:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有办理，但是找不到它的内容。")

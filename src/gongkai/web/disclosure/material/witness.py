"""What material adds to ``gongkai verify``: every row says what its entry proves, and every entry has its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gongkai.web.disclosure.material.models import Assignment, Decline, ItemSource, Material, Member, Merge, Unit
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken

Says = Callable[[Any, LedgerEntry], bool]

# Row → the acts that make it, and whether its entry says what the row does.
BEGINS: Mapping[Any, tuple[tuple[str, ...], Says]] = {
    Material: (("material.hand_in",), lambda row, entry: entry.after == digest_of(row.content()) and entry.agency_id == row.sender_id),
    Assignment: (("material.take", "material.assign"), lambda row, entry: _about(entry, row.material) and entry.facts["drafter"] == row.drafter_id),
    Merge: (("material.merge",), lambda row, entry: _about(entry, row.material) and entry.facts["into"] == row.into_id),
    Decline: (("material.decline",), lambda row, entry: _about(entry, row.material) and entry.reason == row.reason),
    ItemSource: (
        ("material.draft", "material.add_to_draft"),
        lambda row, entry: _about(entry, row.material) and entry.facts.get("item") == row.item_id,
    ),
    Unit: (("material.open_unit",), lambda row, entry: (entry.facts["unit"], entry.facts["kind"]) == (row.name, row.kind)),
    Member: (("material.join_unit",), lambda row, entry: _about(entry, row.unit) and entry.facts["joins"] == row.person_id),
}  # fmt: skip
ENDS = {Unit: "material.close_unit", Member: "material.leave_unit"}
NAMES = {
    Material: "材料",
    Assignment: "材料的分派",
    Merge: "材料的合并",
    Decline: "材料的不采用",
    ItemSource: "素材来源",
    Unit: "供稿单位",
    Member: "供稿人所在单位",
}
# Entries of these acts that are about an item's text stand beside those that give the credit.
ABOUT = {ItemSource: Material._meta.label_lower}


def _about(entry: LedgerEntry, row: Any) -> bool:
    return (entry.object_kind, entry.object_id) == (row._meta.label_lower, row.pk)


def material_holds() -> Iterator[Broken]:
    """Materials, assignments, merges, refusals and credits against their entries."""
    for model in (Material, Assignment, Merge, Decline, ItemSource):
        yield from _begun(model)


def units_hold() -> Iterator[Broken]:
    """Units and who belongs to them against their entries, those that end them too."""
    for model in (Unit, Member):
        yield from _begun(model)
        proven = set[int]()
        for row in model.objects.filter(ended_by__isnull=False).select_related("ended_by"):
            proven.add(row.ended_by_id)
            if row.ended_by.action != ENDS[model] or row.ended_by.occurred_on != row.until_on:
                yield _broken(row.ended_by, f"{NAMES[model]}“{row}”的终止与台账第{row.ended_by.number}条不符。")
        for entry in LedgerEntry.objects.filter(action=ENDS[model]).exclude(pk__in=proven):
            yield _broken(entry, f"台账第{entry.number}条终止的{NAMES[model]}仍在使用。")


def _begun(model: Any) -> Iterator[Broken]:
    acts, says = BEGINS[model]
    proven = set[int]()
    parents = [field.name for field in model._meta.fields if field.many_to_one and field.name in ("material", "unit")]
    related = ["entry", *parents, *(["material"] if model in (Merge, Decline) else [])]
    for row in model.objects.select_related(*related).order_by("pk").iterator(chunk_size=1000):
        proven.add(row.entry_id)
        if row.entry.action not in acts or not says(row, row.entry):
            yield _broken(row.entry, f"{NAMES[model]}“{row}”（编号{row.pk}）的内容与台账第{row.entry.number}条不符。")
    entries = LedgerEntry.objects.filter(action__in=acts)
    if model in ABOUT:
        entries = entries.filter(object_kind=ABOUT[model])
    for entry in entries.iterator(chunk_size=2000):
        if entry.pk not in proven:
            yield _broken(entry, f"台账第{entry.number}条记有{NAMES[model]}，但是找不到它。")


def _broken(entry: LedgerEntry, words: str) -> Broken:
    return Broken(entry.county, entry.number, words)

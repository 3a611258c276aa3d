"""What this room adds to ``gongkai verify``: rows say what their entries prove, and what ended was ended by an entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from gongkai.web.disclosure.standing.models import CatalogRow, CatalogRun, ItemCatalogRow, NegativeTerm, Standing
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken


def negative_lists_hold() -> Iterator[Broken]:
    """Every act of forbidding has all its terms as they were, and every end names its term."""
    kept: dict[int, list[NegativeTerm]] = defaultdict(list)
    for row in NegativeTerm.objects.select_related("ended_by").order_by("pk").iterator(chunk_size=2000):
        kept[row.entry_id].append(row)
        end = row.ended_by
        if end is not None and (end.action != "standing.allow_again" or end.object_id != row.pk):
            yield Broken(end.county, end.number, f"不得公开清单上的“{row}”已移出，但是台账第{end.number}条说的不是它。")
    yield from _wholes(
        LedgerEntry.objects.filter(action="standing.forbid"),
        kept,
        lambda entry, rows: {"terms": [row.content() for row in rows]},
        "不得公开清单",
    )
    ended = set(NegativeTerm.objects.filter(ended_by__isnull=False).values_list("ended_by", flat=True))
    for entry in LedgerEntry.objects.filter(action="standing.allow_again").iterator(chunk_size=2000):
        if entry.pk not in ended:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条移出清单的词语仍在清单上。")


def catalogs_hold() -> Iterator[Broken]:
    """Every approved catalogue has all the rows it began, as they were, and was approved by somebody else than handed it in."""
    kept: dict[int, list[CatalogRow]] = defaultdict(list)
    ended: dict[int, int] = defaultdict(int)
    for row in CatalogRow.objects.order_by("pk").iterator(chunk_size=2000):
        kept[row.entry_id].append(row)
        if row.ended_by_id is not None:
            ended[row.ended_by_id] += 1

    def content(entry: LedgerEntry, rows: list[CatalogRow]) -> dict[str, Any]:
        field = entry.facts.get("catalog_field")
        return {"field": field, "rows": [row.said() for row in rows if row.field == field]}

    approved = LedgerEntry.objects.filter(action="standing.decide_catalog", facts__approved=True)
    yield from _wholes(approved, kept, content, "公开事项目录")
    for entry in approved.iterator(chunk_size=2000):
        if ended[entry.pk] != entry.facts.get("ended"):
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条导入目录时停用的行数与现在不符。")
    yield from _runs_hold()


def _runs_hold() -> Iterator[Broken]:
    decided = set(CatalogRun.objects.filter(decision__isnull=False).values_list("decision", flat=True))
    for run in CatalogRun.objects.select_related("entry", "decision").order_by("pk").iterator(chunk_size=200):
        entry, decision = run.entry, run.decision
        said = (entry.action, entry.facts.get("sm3"), entry.facts.get("catalog_field"), entry.facts.get("rows"), entry.person_id)
        if said != ("standing.hand_in_catalog", run.file_digest, run.field, run.n_rows, run.handed_in_by_id):
            yield Broken(entry.county, entry.number, f"交来的目录“{run}”与台账第{entry.number}条不符。")
        if decision is not None and (decision.action, decision.facts.get("run"), decision.facts.get("approved"), decision.person_id) != (
            "standing.decide_catalog", run.pk, run.is_approved, run.decided_by_id,
        ):  # fmt: skip
            yield Broken(decision.county, decision.number, f"目录“{run}”的批准与台账第{decision.number}条不符。")
    for entry in LedgerEntry.objects.filter(action="standing.decide_catalog").exclude(pk__in=decided).iterator(chunk_size=2000):
        yield Broken(entry.county, entry.number, f"台账第{entry.number}条决定的目录文件找不到。")


def _wholes(entries: Any, kept: dict[int, Any], content: Any, what: str) -> Iterator[Broken]:
    """Every one of the entries against the rows that name it; rows that name another entry are told too."""
    for entry in entries.iterator(chunk_size=2000):
        rows = kept.pop(entry.pk, [])
        if entry.after != digest_of(content(entry, rows)) or any(row.agency_id != entry.agency_id for row in rows):
            yield Broken(entry.county, entry.number, f"{what}的内容与台账第{entry.number}条不符。")
    for rows in kept.values():
        yield Broken("", 0, f"{what}的“{rows[0]}”（编号{rows[0].pk}）没有台账记录。")


def standings_hold() -> Iterator[Broken]:
    """Every filing and every standing document has the entry that began it and, when it ended, the one that ended it."""
    for link in ItemCatalogRow.objects.select_related("entry", "ended_by").order_by("pk").iterator(chunk_size=2000):
        yield from _begun(link, "standing.file_under", link.entry.facts.get("catalog_row") == link.row_id)
        if link.ended_by and link.ended_by.facts.get("before") != link.row_id:
            yield Broken(link.ended_by.county, link.ended_by.number, f"台账第{link.ended_by.number}条移动的不是这条信息的目录事项。")
    for row in Standing.objects.select_related("entry", "ended_by").order_by("pk").iterator(chunk_size=2000):
        yield from _begun(row, "standing.stand", row.entry.facts.get("what") == row.what)
        if row.ended_by and row.ended_by.facts.get("ends") != row.pk:
            yield Broken(row.ended_by.county, row.ended_by.number, f"台账第{row.ended_by.number}条停用的不是“{row}”。")
    yield from _unkept(ItemCatalogRow, "standing.file_under", "catalog_row")
    yield from _unkept(Standing, "standing.stand", "what")


def _begun(row: Any, name: str, says_so: bool) -> Iterator[Broken]:
    entry = row.entry
    if entry.action != name or entry.object_id != row.item_id or not says_so:
        yield Broken(entry.county, entry.number, f"“{row}”与台账第{entry.number}条不符。")


def _unkept(model: Any, name: str, fact: str) -> Iterator[Broken]:
    kept = set(model.objects.values_list("entry", flat=True))
    for entry in LedgerEntry.objects.filter(action=name).iterator(chunk_size=2000):
        if entry.facts.get(fact) is not None and entry.pk not in kept:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记的事找不到内容。")

"""What the registers add to ``gongkai verify``: every row says what its entry proves, and every entry has its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai.web.disclosure.registers.models import MODELS, Decision, DeclaredFigure, ImportBatch, NilReturn
from gongkai.web.disclosure.registers.queries import all_models
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken

BEGINS: dict[Any, tuple[str, ...]] = {
    **dict.fromkeys(MODELS.values(), ("disclosure.register", "disclosure.correct_register")),
    NilReturn: ("disclosure.nil_return",),
    DeclaredFigure: ("disclosure.declare",),
}
ENDS = ("disclosure.correct_register", "disclosure.strike", "disclosure.nil_return", "disclosure.declare")


def registers_hold() -> Iterator[Broken]:
    """Rows of registers, nil returns and declared figures against their entries."""
    proven = set[int]()
    for model in all_models():
        related = ["entry", "ended_by", *(["item"] if model is Decision else [])]
        for row in model.objects.select_related(*related).order_by("pk").iterator(chunk_size=2000):
            proven.add(row.entry_id)
            if getattr(row, "batch_id", None) is None:
                yield from _begun(row, BEGINS[model])
            elif row.batch_id is not None and row.supersedes_id is not None:
                yield Broken(row.entry.county, row.entry.number, f"“{row}”是导入的，却写着更正了另一条。")
            yield from _ended(row)
    acts = LedgerEntry.objects.filter(action__in={name for names in BEGINS.values() for name in names})
    for entry in acts.iterator(chunk_size=2000):
        if entry.pk not in proven:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有登记，但是找不到登记的内容。")


def _begun(row: Any, acts: tuple[str, ...]) -> Iterator[Broken]:
    entry = row.entry
    if entry.action not in acts or entry.agency_id != row.agency_id or entry.after != digest_of(row.content()):
        yield Broken(entry.county, entry.number, f"“{row}”（编号{row.pk}）的内容与台账第{entry.number}条不符。")


def _ended(row: Any) -> Iterator[Broken]:
    entry = row.ended_by
    if entry is None:
        return
    if entry.action not in ENDS or entry.facts.get("ends") != f"{row._meta.label_lower}:{row.pk}":
        yield Broken(entry.county, entry.number, f"“{row}”（编号{row.pk}）已不计数，但是台账第{entry.number}条说的不是它。")


def ends_hold() -> Iterator[Broken]:
    """Every entry that ended a row ended it."""
    ended = {
        f"{model._meta.label_lower}:{pk}": entry
        for model in all_models()
        for pk, entry in model.objects.filter(ended_by__isnull=False).values_list("pk", "ended_by_id").iterator(chunk_size=5000)
    }
    for entry in LedgerEntry.objects.filter(action__in=ENDS).iterator(chunk_size=2000):
        name = entry.facts.get("ends")
        if name is not None and ended.get(name) != entry.pk:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条更正或者删去的登记仍在计数。")


def batches_hold() -> Iterator[Broken]:
    """Every imported file has all its rows, as they were."""
    kept = set[int]()
    for batch in ImportBatch.objects.select_related("entry").order_by("pk").iterator(chunk_size=200):
        entry = batch.entry
        kept.add(entry.pk)
        rows = [row for model in MODELS.values() for row in _rows(model, batch)]
        content = {"register": batch.register, "file": batch.file_digest, "rows": [row.content() for row in rows]}
        facts = {"register": batch.register, "sm3": batch.file_digest, "rows": batch.n_rows}
        same = all(entry.facts.get(name) == value for name, value in facts.items()) and entry.agency_id == batch.agency_id
        if entry.action != "disclosure.import" or not same or len(rows) != batch.n_rows or entry.after != digest_of(content):
            yield Broken(entry.county, entry.number, f"导入的文件“{batch}”的内容与台账第{entry.number}条不符。")
    for entry in LedgerEntry.objects.filter(action="disclosure.import").iterator(chunk_size=2000):
        if entry.pk not in kept:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有导入，但是找不到导入的内容。")


def _rows(kind: Any, batch: ImportBatch) -> Any:
    rows = kind.objects.filter(batch=batch).order_by("pk")
    return rows.select_related("item") if kind is Decision else rows

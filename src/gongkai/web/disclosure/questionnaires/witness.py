"""What questionnaires add to ``gongkai verify``: every row says what its entry proves, and every entry has its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai.web.disclosure.questionnaires.models import AnswerSheet, Questionnaire
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken


def questionnaires_hold() -> Iterator[Broken]:
    """Questionnaires, sheets and published figures against their entries, then entries against rows."""
    opened, received, published = set[int](), set[int](), set[int]()
    for row in Questionnaire.objects.select_related("entry", "figures_by").order_by("pk"):
        opened.add(row.entry_id)
        yield from _unlike(row, row.entry, "survey.open", row.agency_id)
        if row.figures_by is not None:
            published.add(row.figures_by.pk)
            if (row.figures_by.action, row.figures_by.object_id) != ("survey.publish_figures", row.pk):
                yield Broken(row.figures_by.county, row.figures_by.number, f"“{row}”公布结果的记录与台账第{row.figures_by.number}条不符。")
    for sheet in AnswerSheet.objects.select_related("entry", "questionnaire").order_by("pk").iterator(chunk_size=2000):
        received.add(sheet.entry_id)
        yield from _unlike(sheet, sheet.entry, "survey.received", sheet.questionnaire_id)
    for action, proven in (("survey.open", opened), ("survey.received", received), ("survey.publish_figures", published)):
        for entry in LedgerEntry.objects.filter(action=action).iterator(chunk_size=2000):
            if entry.pk not in proven:
                yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有办理，但是找不到它的内容。")


def _unlike(row: Any, entry: LedgerEntry, action: str, about: int) -> Iterator[Broken]:
    if (entry.action, entry.object_id, entry.after) != (action, about, digest_of(row.content())):
        yield Broken(entry.county, entry.number, f"“{row}”（编号{row.pk}）的内容与台账第{entry.number}条不符。")

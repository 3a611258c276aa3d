"""What is said about items against the entries that prove it: used by ``gongkai verify``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai.web.disclosure.about.models import Consultation, IndexPattern, Link, SpecialTopic, Validity
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken


def _unlike(row: Any, entry: LedgerEntry, action: str, about: int, facts: dict[str, Any]) -> Iterator[Broken]:
    """Broken when the entry is of another act, about another thing, or says something else."""
    told = {name: entry.facts.get(name) for name in facts}
    if entry.action != action or entry.object_id != about or told != facts:
        yield Broken(entry.county, entry.number, f"“{row}”（编号{row.pk}）与台账第{entry.number}条不符。")


def _without_row(action: str, proven: set[int]) -> Iterator[Broken]:
    """Broken for every entry of that act that has no row."""
    for entry in LedgerEntry.objects.filter(action=action).iterator(chunk_size=2000):
        if entry.pk not in proven:
            yield Broken(entry.county, entry.number, f"台账第{entry.number}条记有办理，但是找不到它的内容。")


def validities_hold() -> Iterator[Broken]:
    """Every word on an item's validity names its entry."""
    proven = set[int]()
    for row in Validity.objects.select_related("entry", "item").iterator(chunk_size=1000):
        proven.add(row.entry_id)
        facts = {"state": row.state, "since_on": row.since_on.isoformat(), "successor": row.successor_id}
        yield from _unlike(row, row.entry, "disclosure.set_validity", row.item_id, facts)
        if row.entry.reason != row.reason:
            yield Broken(row.entry.county, row.entry.number, f"“{row}”的依据与台账第{row.entry.number}条不符。")
    yield from _without_row("disclosure.set_validity", proven)


def links_hold() -> Iterator[Broken]:
    """Every tie names the entry that made it, and the one that undid it."""
    made, ended = set[int](), set[int]()
    for row in Link.objects.select_related("entry", "ended_by", "document").iterator(chunk_size=1000):
        made.add(row.entry_id)
        facts = {"form_of": row.form_of, "interpretation": row.interpretation_id, "url": row.url, "title": row.title}
        yield from _unlike(row, row.entry, "disclosure.link", row.document_id, facts)
        if row.ended_by is not None:
            ended.add(row.ended_by.pk)
            yield from _unlike(row, row.ended_by, "disclosure.unlink", row.document_id, {"ends": row.pk})
    yield from _without_row("disclosure.link", made)
    yield from _without_row("disclosure.unlink", ended)


_ANSWERS = ("disclosure.answer_consultation", "disclosure.record_consultation")


def consultations_hold() -> Iterator[Broken]:
    """Every question, answer and going on without one names its entry."""
    proven: dict[str, set[int]] = {name: set() for name in ("disclosure.consult", *_ANSWERS, "disclosure.set_aside_consultation")}
    rows = Consultation.objects.select_related("item", "sent", "answered", "set_aside")
    for row in rows.iterator(chunk_size=1000):
        proven["disclosure.consult"].add(row.sent_id)
        facts = {"asked_organ": row.organ_id, "name": row.organ_name, "approval": row.is_approval, "question": row.question}
        yield from _unlike(row, row.sent, "disclosure.consult", row.item_id, facts)
        if row.answered is not None:
            action = _ANSWERS[0] if row.organ_id else _ANSWERS[1]
            proven[action].add(row.answered.pk)
            day = row.answered_on.isoformat() if row.answered_on else None
            facts = {"consultation": row.pk, "verdict": row.verdict, "answered_on": day, "evidence": row.evidence}
            yield from _unlike(row, row.answered, action, row.item_id, facts)
        if row.set_aside is not None:
            proven["disclosure.set_aside_consultation"].add(row.set_aside.pk)
            yield from _unlike(row, row.set_aside, "disclosure.set_aside_consultation", row.item_id, {"consultation": row.pk})
    for action, known in proven.items():
        yield from _without_row(action, known)


def topics_hold() -> Iterator[Broken]:
    """Every special topic and every index pattern names its entry."""
    for row in SpecialTopic.objects.select_related("entry", "ended_by"):
        yield from _unlike(row, row.entry, "disclosure.open_topic", row.county_id, {"topic": row.name})
        if row.ended_by is not None:
            yield from _unlike(row, row.ended_by, "disclosure.close_topic", row.county_id, {"ends": row.pk})
    for pattern in IndexPattern.objects.select_related("entry", "agency"):
        facts = {"pattern": pattern.pattern, "organ_code": pattern.code, "from_on": pattern.from_on.isoformat()}
        yield from _unlike(pattern, pattern.entry, "disclosure.set_index_pattern", pattern.agency_id, facts)

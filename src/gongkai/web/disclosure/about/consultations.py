"""Other organs asked before an item is published (Art. 11): asking, answering, and the gate that their answers keep.

An answer is about the words that the organ was asked about. It holds for a later revision only while those are the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.about.actions import LONGEST, locked, of_item
from gongkai.web.disclosure.about.models import Consultation
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.digest import digest_of
from gongkai.web.review.models import Revision

AGREES = "agrees"
# Of a revision's content, beside its attachments, what the asked organ reads.
ASKED = ("title", "summary", "body")
LONGEST_ANSWER = 1000


@action("disclosure.consult", agency=of_item)
def consult(
    act: Act, *, item: Item, question: str, is_approval: bool = False, organ: Agency | None = None, organ_name: str = ""
) -> Consultation:  # fmt: skip
    """Ask another organ about the item as it is now: one of the platform, or one asked on paper by its name."""
    item, question = locked(item), question.strip()
    name = organ.name if organ else " ".join(organ_name.split())
    if item.is_discarded or item.current is None:
        raise Refused("这条信息已经作废，不能征求意见。")
    if not name or len(name) > 100:
        raise Refused("请选择机关，或者填写平台以外机关的全称。")
    if organ is not None and (organ.pk == item.agency_id or organ.county_path != item.agency.county_path):
        raise Refused("请选择本县的另一个机关；平台以外的机关请填写全称。")
    if not question:
        raise Refused("请写明要对方确认什么，例如哪一段涉及对方职责。")
    if any(not is_outdated(row, item) for row in _open(item).filter(organ_name=name, is_approval=is_approval)):
        raise Refused(f"已经征求{name}的意见，还没有答复，不用重复征求。")
    facts = {"asked_organ": organ.pk if organ else None, "name": name, "approval": is_approval, "question": question[:LONGEST]}
    entry = act.record(item, revision=item.current.digest, facts=facts)
    return Consultation.objects.create(
        item=item, revision=item.current, organ=organ, organ_name=name, question=question[:LONGEST],
        is_approval=is_approval, sent_on=act.on, sent=entry,
    )  # fmt: skip


def _open(item: Item) -> Any:
    return Consultation.objects.filter(item=item, answered__isnull=True, set_aside__isnull=True).select_related("revision", "set_aside")


def _of_asked(consultation: Consultation, **_: Any) -> Agency:
    if consultation.organ is None:
        raise Refused("这个机关不在平台上，请由公开工作机构负责人登记它的答复。")
    return consultation.organ


def _of_asking(consultation: Consultation, **_: Any) -> Agency:
    return consultation.item.agency


@action("disclosure.answer_consultation", agency=_of_asked)
def answer_consultation(act: Act, *, consultation: Consultation, verdict: str, answer: str = "") -> Consultation:
    """The asked organ agrees or objects."""
    return _answer(act, consultation, verdict=verdict, answer=answer, answered_on=act.on, evidence="")


@action("disclosure.record_consultation", agency=_of_asking)
def record_consultation(
    act: Act, *, consultation: Consultation, verdict: str, answered_on: datetime.date, evidence: str, answer: str = ""
) -> Consultation:  # fmt: skip
    """Record the letter of an organ that is not on the platform, and by what one can see it."""
    if consultation.organ_id is not None:
        raise Refused("这个机关在平台上，请由它自己答复。")
    if not evidence.strip():
        raise Refused("请填写凭证，例如复函的文号和存放的地方。")
    if not consultation.sent_on <= answered_on <= act.on:
        raise Refused(f"答复日期应当在{consultation.sent_on}（发出）和今天之间。")
    return _answer(act, consultation, verdict=verdict, answer=answer, answered_on=answered_on, evidence=evidence.strip()[:300])


def _answer(act: Act, consultation: Consultation, *, verdict: str, answer: str, answered_on: datetime.date, evidence: str) -> Consultation:
    row = _row(consultation)
    if row.answered_id is not None:
        raise Refused("已经答复过了。意见有变化的，请对方重新征求。")
    if row.set_aside_id is not None:
        raise Refused("对方已经不再等待这次答复。")
    if _later(row).exists():
        raise Refused("征求意见以后内容有改动，已经重新征求。请答复新的一次。")
    if verdict not in words("verdicts"):
        raise Refused("请选择同意公开或者不同意公开。")
    if verdict != AGREES and not answer.strip():
        raise Refused("不同意公开的，请写明理由和依据。")
    row.verdict, row.answer, row.answered_on, row.evidence = verdict, answer.strip()[:LONGEST_ANSWER], answered_on, evidence
    facts = {"consultation": row.pk, "verdict": verdict, "answered_on": answered_on.isoformat(), "evidence": evidence}
    row.answered = act.record(row.item, revision=row.revision.digest, reason=answer.strip()[:LONGEST], facts=facts)
    row.save()
    return row


@action("disclosure.set_aside_consultation", agency=_of_asking)
def set_aside_consultation(act: Act, *, consultation: Consultation, reason: str) -> Consultation:
    """Go on without an organ's answer, or against its objection, for a reason that is kept. No approval is got round like that."""
    row = _row(consultation)
    is_old = is_outdated(row, row.item)
    if row.set_aside_id is not None or (row.verdict == AGREES and not is_old):
        raise Refused("内容后来有改动，请重新征求意见。" if is_old else "这次征求意见已经办完，不用再说明理由。")
    if row.is_approval and row.verdict == AGREES:
        raise Refused(f"批准的是第{row.revision.number}稿，内容后来有改动，请重新报请批准，不能用理由代替。")
    if row.is_approval and row.answered_id is not None:
        raise Refused("报请批准没有同意的，不能公开，也不能用理由代替批准。")
    if not reason.strip():
        raise Refused("请写明为什么不等答复或者不采纳意见。")
    facts = {"consultation": row.pk, "name": row.organ_name, "approval": row.is_approval}
    # What is gone on with is what the item says now, whatever the organ was asked about.
    row.set_aside = act.record(row.item, revision=row.item.current.digest, reason=reason.strip()[:LONGEST], facts=facts)
    row.save(update_fields=["set_aside"])
    return row


def _row(consultation: Consultation) -> Consultation:
    rows = Consultation.objects.select_for_update(of=("self",))
    return rows.select_related("item__agency", "item__current", "revision", "organ", "set_aside").get(pk=consultation.pk)


def _later(row: Consultation) -> QuerySet[Consultation]:
    """The later questions about the item to the same organ, of the same sort."""
    same = Consultation.objects.filter(item=row.item_id, organ_name=row.organ_name, is_approval=row.is_approval)
    return same.filter(pk__gt=row.pk)


def asked_about(content: Mapping[str, Any]) -> str:
    """The digest of what an organ reads that is asked: title, summary, body and attachments, nothing else of the revision."""
    said = {name: content.get(name) or "" for name in ASKED}
    return digest_of({**said, "attachments": [file["digest"] for file in content.get("attachments", [])]})


def is_outdated(row: Consultation, item: Item) -> bool:
    """Whether neither the answer nor the reason to go on without it is about what the item says now."""
    return not (_is_about(row.revision, item) or _went_on(row, item))


def _is_about(revision: Revision, item: Item) -> bool:
    now = item.current
    return now is not None and (revision.pk == now.pk or asked_about(revision.content) == asked_about(now.content))


def _went_on(row: Consultation, item: Item) -> bool:
    """Whether the head went on without the answer, or against it, with these very words."""
    if row.set_aside is None or item.current is None:
        return False
    if row.set_aside.revision == item.current.digest:
        return True
    own = Revision.objects.filter(subject_kind=Item._meta.label_lower, subject_id=item.pk, digest=row.set_aside.revision)
    return any(_is_about(revision, item) for revision in own)


def _agreed(row: Consultation, item: Item) -> bool:
    return row.verdict == AGREES and _is_about(row.revision, item)


def demand_coordinated(item: Item, on: datetime.date) -> None:
    """:class:`Refused` while another organ has to be asked, has not answered, or objects."""
    still = list(hindrances(item))
    if still:
        raise Refused("涉及其他机关，还不能发布：" + "；".join(still) + "。")


def hindrances(item: Item, known: Sequence[Consultation] | None = None) -> Iterator[str]:
    """What keeps an item from being published on account of other organs, one Chinese phrase each.

    A later answer of the same organ that agrees overcomes an earlier one. An approval once asked for must come. An answer about
    other words than the item has now is none, whatever it said.
    """
    asked = Consultation.objects.filter(item=item).select_related("revision", "set_aside").order_by("pk")
    rows = list(asked) if known is None else list(known)
    yield from wanting(item, rows)
    agreed = [row for row in rows if _agreed(row, item)]
    for row in rows:
        later = [other for other in rows if other.pk > row.pk and _is_same_question(row, other)]
        is_old = is_outdated(row, item)
        # Where the organ was asked anew about the changed words, the new question speaks for it.
        if row in agreed or _went_on(row, item) or any(other in agreed for other in later) or (is_old and later):
            continue
        yield _hindrance(row, is_old=is_old)


def _hindrance(row: Consultation, *, is_old: bool) -> str:
    if is_old:
        return f"{row.organ_name}{_said(row)}的是第{row.revision.number}稿，内容后来有改动，要重新征求意见"
    return f"{row.organ_name}{'不同意公开' if row.answered_id else '还没有答复'}"


def _said(row: Consultation) -> str:
    """What an outdated answer was, before the words that it was about."""
    if row.answered_id is None:
        return "没有答复，征求"
    return "同意" if row.verdict == AGREES else "不同意"


def wanting(item: Item, rows: Sequence[Consultation]) -> Iterator[str]:
    """The sorts of answers that the item still needs, whoever gives them."""
    content = item.current.content if item.current else {}
    approvals = [row for row in rows if row.is_approval]
    if (content.get("approval_required") or approvals) and not any(_agreed(row, item) for row in approvals):
        yield "需要批准，还没有机关批准"
    if content.get("coordination_required") and not _is_coordinated(item, rows):
        yield "需要与其他机关协商、确认，还没有机关答复同意"


def _is_coordinated(item: Item, rows: Sequence[Consultation]) -> bool:
    """Whether some organ agreed, or the office's head went on for a reason that is kept."""
    return any(not row.is_approval and (_agreed(row, item) or _went_on(row, item)) for row in rows)


def _is_same_question(row: Consultation, other: Consultation) -> bool:
    """Whether both ask the same organ for the same sort of answer."""
    return (row.is_approval, row.organ_id, row.organ_name) == (other.is_approval, other.organ_id, other.organ_name)


def asked_of(person: Any) -> Any:
    """The consultations of the organs in whose name that person may answer, newest first."""
    agencies = Agency.objects.seen_by(person, "disclosure.answer_consultation")
    later = Consultation.objects.filter(
        item=OuterRef("item"), organ_name=OuterRef("organ_name"), is_approval=OuterRef("is_approval"), pk__gt=OuterRef("pk")
    )
    rows = Consultation.objects.filter(organ__in=agencies).annotate(is_asked_anew=Exists(later))
    return rows.select_related("item__agency", "revision", "organ", "answered").order_by("-pk")


def open_for(person: Any) -> Any:
    """Those of them that still wait for an answer, oldest first."""
    return asked_of(person).filter(answered__isnull=True, set_aside__isnull=True, is_asked_anew=False).order_by("pk")

"""Every write about replies: drafted, reviewed by the same people as what is published, given, filed away, and done again when a court has it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.errors import Refused
from gongkai.law import LawMissing
from gongkai.law.requests import Outcome, abolished, letter, missing, outcome
from gongkai.law.requests.acts import demand_outcome
from gongkai.law.requests.letters import field_words
from gongkai.web.agencies.models import Agency
from gongkai.web.inforequest.actions import locked, note
from gongkai.web.inforequest.models import HandlingEvent, Inforequest, Reply
from gongkai.web.inforequest.standing import Case
from gongkai.web.inforequest.values import choices, tidy, tidy_lines
from gongkai.web.ledger.acts import Act, action
from gongkai.web.review.actions import add_revision, open_run, recall_run
from gongkai.web.review.models import COMPLETED, OPEN, Revision, Run

# What the request and its organ give to the letter.
KNOWN = ("organ", "addressee", "applicant", "received_on", "content")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyContent:
    """What a reply says: the outcome, the grounds chosen, and the letter's fields in the officer's words (id of the law data → text)."""

    outcome: str
    grounds: Sequence[str] = ()
    fields: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As a revision keeps it, without fields that say nothing."""
        said = {name: tidy_lines(text, "field") for name, text in self.fields.items()}
        return {"outcome": self.outcome, "grounds": list(self.grounds), "fields": {name: text for name, text in said.items() if text}}


def _of_row(inforequest: Inforequest, **_: Any) -> Agency:
    return inforequest.agency


def _of_reply(reply: Reply, **_: Any) -> Agency:
    return reply.inforequest.agency


def revision_of(reply: Reply) -> Revision:
    """What the reply says now."""
    return _revisions(reply).latest("number")


def _revisions(reply: Reply) -> Any:
    return Revision.objects.filter(subject_kind=Reply._meta.label_lower, subject_id=reply.pk)


def run_of(reply: Reply) -> Run | None:
    """Its last review; ``None`` before the first."""
    found: Run | None = (
        Run.objects.filter(subject_kind=Reply._meta.label_lower, subject_id=reply.pk).select_related("revision").order_by("-pk").first()
    )
    return found


@action("inforequest.draft_reply", agency=_of_row)
def draft_reply(act: Act, *, inforequest: Inforequest, content: ReplyContent) -> Reply:
    """Begin the reply. What is missing may still be missing; what the state does not let it be is refused at once."""
    case = locked(inforequest, act, "reply")
    if Reply.objects.filter(inforequest=case.row, round=case.round).exists():
        raise Refused("这件申请已经起草过答复，请在那一份上修改。", basis="reg:36")
    _outcome(case, content, act)
    row = Reply(inforequest=case.row, round=case.round)
    row.entry = act.record(case.row, change=(None, row.content()), facts={"inforequest": case.row.number, "outcome": content.outcome})
    row.save(force_insert=True)
    add_revision(act, subject=row, content=content.to_json())
    return row


@action("inforequest.revise_reply", agency=_of_reply)
def revise_reply(act: Act, *, reply: Reply, content: ReplyContent, void_open_run: bool = False) -> Revision:
    """Change what the reply says; an open review is void then."""
    case = locked(reply.inforequest, act, "reply")
    _demand_current(case, reply)
    _outcome(case, content, act)
    said, before = content.to_json(), revision_of(reply)
    if said == before.content:
        raise Refused("内容没有变化，没有保存。")
    revision = add_revision(act, subject=reply, content=said, void_open_run=void_open_run)
    act.record(
        reply, revision=revision.digest, change=(before.content, said), facts={"inforequest": case.row.number, "outcome": content.outcome}
    )  # fmt: skip
    return revision


def _demand_current(case: Case, reply: Reply) -> None:
    if reply.round != case.round:
        raise Refused("这是以前的答复，不能再改动。", basis="reg:36")


def _outcome(case: Case, content: ReplyContent, act: Act, *, is_final: bool = False) -> Outcome:
    """The outcome as the law of the day has it; :class:`Refused` where the state, the grounds or a field do not fit.

    A draft may still be without the ground that its outcome asks for.
    """
    try:
        found = outcome(content.outcome, on=act.on)
    except LawMissing as error:
        raise Refused("请选择办理结果。", basis="reg:36") from error
    demand_outcome(found.code, state=case.state)
    if is_final or content.grounds:
        found.chosen(content.grounds)
    strange = [
        name for name in content.fields if name not in {*found.given, *found.given_if_known, *letter(found.letter, on=act.on).fields}
    ]
    if strange:
        raise Refused(f"“{found.words}”的答复不写“{'、'.join(field_words().get(name, name) for name in strange)}”。", basis="reg:36")
    if found.code == "still_unclear" and not any(event.kind == "supplemented" for event in case.events):
        raise Refused("申请人还没有补正过，不能以补正后仍不明确答复。", basis="reg:30")
    return found


@action("inforequest.submit_reply", agency=_of_reply)
def submit_reply(act: Act, *, reply: Reply) -> Run:
    """Send it into review; :class:`Refused` with all that the letter lacks, or where it names an abolished rule."""
    case = locked(reply.inforequest, act, "reply")
    _demand_current(case, reply)
    revision = revision_of(reply)
    content = ReplyContent(**revision.content)
    found = _outcome(case, content, act, is_final=True)
    told = letter(found.letter, on=act.on)
    known = {*KNOWN, *(["contact"] if case.row.agency.phone or case.row.agency.address else [])}
    lacks = missing(told, given={*known, *content.fields}, outcome=found)
    if lacks:
        raise Refused(f"《{told.name}》还缺：{'、'.join(lacks)}。", basis=(found.bases or ("reg:36",))[0])
    for text in content.fields.values():
        for place in abolished(text, act.on):
            raise Refused(f"“{place.quote}”{place.says}，{place.instead}", basis=place.basis)
    entry = act.record(reply, revision=revision.digest, facts={"inforequest": case.row.number, "outcome": found.code})
    return open_run(act, revision=revision, entry=entry)


@action("inforequest.recall_reply", agency=_of_reply)
def recall_reply(act: Act, *, reply: Reply, reason: str) -> Run:
    """Take the open review back."""
    case = locked(reply.inforequest, act, "reply")
    run = run_of(reply)
    if run is None or run.state != OPEN:
        raise Refused("没有正在进行的审查。")
    if not reason.strip():
        raise Refused("请写明撤回的理由。")
    act.record(reply, revision=run.revision.digest, reason=reason.strip()[:500], facts={"inforequest": case.row.number, "run": run.pk})
    recall_run(run)
    return run


@action("inforequest.give_reply", agency=_of_reply)
def give_reply(act: Act, *, reply: Reply, way: str) -> HandlingEvent:
    """Give exactly the reply whose review is complete: today it is handed over or posted, which is the day of the reply."""
    case = locked(reply.inforequest, act, "reply")
    _demand_current(case, reply)
    run, revision = run_of(reply), revision_of(reply)
    if run is None or run.state != COMPLETED:
        raise Refused("审查还没有全部通过，不能发出答复。", basis="reg:45")
    if run.revision_id != revision.pk:
        raise Refused("审查通过后内容又有修改，请重新提交审查。", basis="reg:45")
    if way not in choices("ways"):
        raise Refused("请选择怎样送达。", basis="reg:40")
    content = ReplyContent(**revision.content)
    _outcome(case, content, act, is_final=True)  # the case may stand otherwise than on the day it was drafted
    facts = {"reply": reply.pk, "outcome": content.outcome, "grounds": list(content.grounds), "revision": revision.digest, "way": way}
    return note(act, case, "replied", facts)


@action("inforequest.archive", agency=_of_row)
def archive(act: Act, *, inforequest: Inforequest) -> HandlingEvent:
    """File the case away."""
    return note(act, locked(inforequest, act, "archive"), "archived")


@action("inforequest.reopen", agency=_of_row)
def reopen(act: Act, *, inforequest: Inforequest, document: str, n: int | None = None) -> HandlingEvent:
    """A decision on reconsideration or a judgment that came today has it handled again, within ``n`` working days where it says so."""
    said = tidy(document, "document")
    if not said:
        raise Refused("请填写复议决定书或者判决书的文号。", basis="reg:51")
    if n is not None and not 1 <= n <= 60:
        raise Refused("决定书、判决书载明的期限应当是1至60个工作日；没有载明的不填。", basis="reg:51")
    case = locked(inforequest, act, "reopen")
    return note(act, case, "reopened", {"document": said, **({"n": n} if n else {})})

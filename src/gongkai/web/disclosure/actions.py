"""Every write of proactive disclosure: draft, revise, submit, recall, publish, confirm, withdraw."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.about.consultations import demand_coordinated
from gongkai.web.disclosure.about.numbering import next_index
from gongkai.web.disclosure.about.topics import demand_open
from gongkai.web.disclosure.channels.actions import confirm_delivery  # noqa: F401 - one door for what happens to an item
from gongkai.web.disclosure.channels.reminders import remind, send
from gongkai.web.disclosure.content import Content
from gongkai.web.disclosure.joint.actions import demand_complete, demand_joint_review
from gongkai.web.disclosure.joint.queries import joint_organs
from gongkai.web.disclosure.models import HitAnswer, Item, Publication
from gongkai.web.disclosure.public.topics import gather
from gongkai.web.disclosure.screening import (
    JUSTIFIED,
    MISTAKEN,
    REJECTED,
    ItemHit,
    demand_presentable,
    demand_screened,
    hits_of,
    masked,
    renamed,
)
from gongkai.web.ledger.acts import Act, action
from gongkai.web.review import kept
from gongkai.web.review.actions import add_revision, make_up, open_run, recall_run
from gongkai.web.review.files import MOST, checked_name
from gongkai.web.review.models import COMPLETED, OPEN, RETURNED, Run
from gongkai.web.settings import moment


def _of_item(item: Item, **_: Any) -> Agency:
    return item.agency


def _of_publication(publication: Publication, **_: Any) -> Agency:
    return publication.item.agency


def _locked(item: Item) -> Item:
    return Item.objects.select_for_update(of=("self",)).select_related("agency", "current").get(pk=item.pk)


def _mirror(item: Item, content: Content) -> None:
    """Let the row repeat what lists need of the current revision."""
    for name in ("title", "kind", "column", "attribute", "formed_on", "primary_channel"):
        setattr(item, name, getattr(content, name))


@action("disclosure.draft", agency=lambda agency, **_: agency)
def draft(act: Act, *, agency: Agency, content: Content) -> Item:
    """Begin an item: gapless index number, first revision."""
    content = content.checked(on=act.on, organ=agency.kind)
    demand_open(agency, content.special_topics, act.on)
    item = Item(agency=agency, created_by=act.person, index_number=next_index(agency, act.on))
    _mirror(item, content)
    item.save()
    item.current = add_revision(act, subject=item, content=content.to_json())
    item.save(update_fields=["current"])
    act.record(item, revision=item.current.digest, change=(None, item.current.content), facts={"index": item.index_number})
    return item


@action("disclosure.revise", agency=_of_item)
def revise(act: Act, *, item: Item, content: Content, void_open_run: bool = False) -> Item:
    """A new revision; what is published stays until the new one is.

    While a review is open the content is locked, unless ``void_open_run`` says that the review shall be void.
    """
    item = _locked(item)
    content = content.checked(on=act.on, organ=item.agency.kind)
    _demand_kept(item)
    before = item.current.content if item.current else None
    demand_open(item.agency, content.special_topics, act.on, kept=(before or {}).get("special_topics", ()))
    after = {**content.to_json(), **({"attachments": before["attachments"]} if before and "attachments" in before else {})}
    if before == after:
        raise Refused("内容没有变化，不用保存新的一稿。")
    _mirror(item, content)
    item.current = add_revision(act, subject=item, content=after, void_open_run=void_open_run)
    item.save()
    act.record(item, revision=item.current.digest, change=(before, item.current.content))
    return item


def _hit(item: Item, field: str, code: str, mark: str, on: datetime.date) -> ItemHit:
    """The hit as it is found now in the current revision."""
    content = item.current.content if item.current else {}
    for found in hits_of(item, content, on):
        if (found.field, found.hit.code, found.mark) == (field, code, mark):
            return found
    raise Refused("内容已经修改，这一处不再命中，请刷新页面。")


@action("disclosure.answer_hit", agency=_of_item)
def answer_hit(act: Act, *, item: Item, field: str, code: str, mark: str, reason: str) -> HitAnswer:
    """Say why what screening found may be published; kept with the item. What blocks cannot be answered away."""
    item = _locked(item)
    found = _answerable(_hit(item, field, code, mark, act.on))
    if not reason.strip():
        raise Refused("请写明可以公开的理由。")
    return _answer(act, item, found, JUSTIFIED, reason, {})


@action("disclosure.call_mistaken", agency=_of_item)
def call_mistaken(act: Act, *, item: Item, field: str, code: str, mark: str, reason: str) -> HitAnswer:
    """Say that what screening found is not what it seems, and why; kept with the item."""
    item = _locked(item)
    found = _answerable(_hit(item, field, code, mark, act.on))
    if not reason.strip():
        raise Refused("请写明为什么是误报。")
    return _answer(act, item, found, MISTAKEN, reason, {})


def _answerable(found: ItemHit) -> ItemHit:
    if found.hit.severity == "block":
        raise Refused("带有密级标志或者内部标志的内容不能说明理由后发布，必须删除或者依法解除后再起草。")
    if found.is_rejected:
        raise Refused("这一处已经认定不得公开，不能再说明理由。请修改内容，或者作废这条信息。")
    return found


def _answer(act: Act, item: Item, found: ItemHit, verdict: str, reason: str, facts: Mapping[str, Any]) -> HitAnswer:
    own = {"field": found.field, "code": found.hit.code, "at": [found.hit.start, found.hit.end], "verdict": verdict, **facts}
    said = reason.strip()[:500]
    entry = act.record(item, revision=item.current.digest, reason=said, facts=own)
    return HitAnswer.objects.create(
        item=item, field=found.field, code=found.hit.code, mark=found.mark, verdict=verdict, reason=said, entry=entry
    )


@action("disclosure.reject_hit", agency=_of_item)
def reject_hit(act: Act, *, item: Item, field: str, code: str, mark: str, reason: str) -> HitAnswer:
    """Say that what screening found must not be published.

    A draft under review goes back to its drafter, one that never was is discarded, and in no case are these words published in
    this item: the hit stays open until they are gone.
    """
    item = _locked(item)
    _demand_kept(item)
    found = _hit(item, field, code, mark, act.on)
    if found.is_rejected:
        raise Refused("这一处已经认定不得公开。")
    if not reason.strip():
        raise Refused("请写明为什么不得公开。")
    under_way = all_runs_of(item).filter(state=OPEN, makes_up__isnull=True).select_related("lead").first()
    is_new = under_way is None and not item.publications.exists() and not runs_of(item).filter(state=COMPLETED).exists()
    # The entry first: the database lets a review end and a draft go only by an act that is written down.
    answer = _answer(act, item, found, REJECTED, reason, {"fate": "returned" if under_way else "discarded" if is_new else "kept"})
    if under_way is not None:
        recall_run(under_way.lead or under_way, state=RETURNED)
    if is_new:
        item.is_discarded = True
        item.save(update_fields=["is_discarded"])
    return answer


@action("disclosure.mask", agency=_of_item)
def mask_hit(act: Act, *, item: Item, field: str, code: str, mark: str, void_open_run: bool = False) -> Item:
    """Mask what screening found, in a new revision."""
    item = _locked(item)
    _demand_kept(item)
    before = item.current.content
    content = masked(before, field, _hit(item, field, code, mark, act.on).hit)
    if field == "title":
        item.title = content["title"]
    item.current = add_revision(act, subject=item, content=content, void_open_run=void_open_run)
    item.save()
    act.record(item, revision=item.current.digest, change=(before, content), facts={"field": field, "code": code})
    return item


@action("disclosure.attach", agency=_of_item)
def attach(act: Act, *, item: Item, name: str, data: bytes, void_open_run: bool = False) -> Item:
    """Add a file, in a new revision. It is kept under its digest, and what it hides is screened with the rest."""
    item = _locked(item)
    _demand_kept(item)
    name = checked_name(name, data)
    before = item.current.content
    attached = before.get("attachments", [])
    if len(attached) >= MOST:
        raise Refused(f"一条信息最多{MOST}个附件。")
    if any(row["name"] == name for row in attached):
        raise Refused(f"已经有名为“{name}”的附件，请换一个文件名，或者先移除旧的。")
    digest = kept.put(data)
    after = [*attached, {"name": name, "digest": digest, "size": len(data)}]
    _revise_attachments(act, item, after, {"attached": digest, "size": len(data)}, void_open_run=void_open_run)
    return item


@action("disclosure.detach", agency=_of_item)
def detach(act: Act, *, item: Item, digest: str, void_open_run: bool = False) -> Item:
    """Leave a file out, in a new revision; earlier revisions keep it."""
    item = _locked(item)
    _demand_kept(item)
    attached = item.current.content.get("attachments", [])
    left = [row for row in attached if row["digest"] != digest]
    if len(left) == len(attached):
        raise Refused("没有这个附件，页面可能已经过期，请刷新。")
    _revise_attachments(act, item, left, {"detached": digest}, void_open_run=void_open_run)
    return item


@action("disclosure.rename", agency=_of_item)
def rename(act: Act, *, item: Item, digest: str, name: str, void_open_run: bool = False) -> Item:
    """Give a file another name, in a new revision; its kind and its content stay."""
    item = _locked(item)
    _demand_kept(item)
    after = renamed(item.current.content.get("attachments", []), digest, name)
    _revise_attachments(act, item, after, {"renamed": digest}, void_open_run=void_open_run)
    return item


def _revise_attachments(act: Act, item: Item, attached: list[dict[str, Any]], facts: Mapping[str, Any], *, void_open_run: bool) -> None:
    before = item.current.content
    item.current = add_revision(act, subject=item, content={**before, "attachments": attached}, void_open_run=void_open_run)
    item.save(update_fields=["current"])
    act.record(item, revision=item.current.digest, change=(before, item.current.content), facts=facts)


@action("disclosure.submit", agency=_of_item)
def submit(
    act: Act, *, item: Item, approver: Person | None = None, approvers: Mapping[int, Person] | None = None, reason: str = ""
) -> Run:  # fmt: skip
    """Send the current revision into review by every organ that issues it.

    With ``approver`` it takes the urgent lane: fewer stages now, the others after the publication, and a reason. ``approvers`` are
    those of the organs that issue it too, by the organ's key: in the urgent lane each has its own.
    """
    item = _locked(item)
    _demand_kept(item)
    if item.current is None:
        raise Refused("还没有内容，不能提交审查。")
    if item.attribute != "proactive":
        raise Refused("公开属性不是“主动公开”，不能提交发布审查。")
    demand_screened(item, item.current.content, act.on)
    joined = joint_organs(item)
    demand_complete(item, joined)
    if approver is not None and not reason.strip():
        raise Refused("走应急通道要写明是什么突发事件、为什么来不及按一般程序审查。")
    named = {organ: (approvers or {}).get(organ.pk) if approver else None for organ in joined}
    facts = {"organs": [organ.path for organ in joined], **(_urgent(approver, named) if approver else {})}
    entry = act.record(item, revision=item.current.digest, reason=reason.strip()[:500], facts=facts)
    return open_run(act, revision=item.current, entry=entry, approver=approver, joined=named)


def _urgent(approver: Person, named: Mapping[Agency, Person | None]) -> dict[str, Any]:
    """What the ledger keeps of an urgent submission: who was named, for every organ."""
    others = {organ.path: one.pk for organ, one in named.items() if one}
    return {"lane": "urgent", "approver": approver.pk, **({"approvers": others} if others else {})}


@action("disclosure.recall", agency=_of_item)
def recall(act: Act, *, item: Item, reason: str) -> Run:
    """Take the open review back."""
    item = _locked(item)
    under_way = all_runs_of(item).filter(state=OPEN, makes_up__isnull=True).select_related("lead").first()
    if under_way is None:
        raise Refused("没有正在进行的审查。")
    run = under_way.lead or under_way
    if not reason.strip():
        raise Refused("请写明撤回的理由。")
    act.record(item, revision=run.revision.digest, reason=reason.strip(), facts={"run": run.pk})
    recall_run(run)
    return run


@action("disclosure.discard", agency=_of_item)
def discard(act: Act, *, item: Item, reason: str) -> Item:
    """Give up a draft that was never published. Its number stays used and its history stays."""
    item = _locked(item)
    _demand_kept(item)
    if item.publications.exists() or runs_of(item).filter(state__in=(OPEN, COMPLETED)).exists():
        raise Refused("已经提交审查或者发布过的信息不能作废；已发布的请用“撤回”。")
    if not reason.strip():
        raise Refused("请写明作废的理由。")
    act.record(item, reason=reason.strip())
    item.is_discarded = True
    item.save(update_fields=["is_discarded"])
    return item


@action("disclosure.publish", agency=_of_item)
def publish(act: Act, *, item: Item) -> Publication:
    """Make public exactly the revision whose review is complete; other channels are told to carry it."""
    item = _locked(item)
    run = publishable(item, act.on)
    _replace(act, item)
    entry = act.record(item, revision=run.revision.digest, facts={"run": run.pk, "channel": item.primary_channel})
    publication = Publication.objects.create(
        item=item, revision=run.revision, run=run, primary_channel=item.primary_channel,
        published_on=act.on, published_at=moment.now(), entry=entry,
    )  # fmt: skip
    gather([publication])
    for one in (run, *run.joined.order_by("pk")):
        make_up(act, run=one, entry=entry)
    send(publication, [item.primary_channel, *run.revision.content.get("channels", [])], entry)
    remind(item, entry)
    return publication


def publishable(item: Item, on: datetime.date) -> Run:
    """The review by which the newest revision may go out that day; :class:`Refused` with what still stands against it."""
    run: Run | None = runs_of(item).select_related("revision").first()
    if run is None or run.state != COMPLETED:
        raise Refused("审查还没有全部通过，不能发布。")
    demand_joint_review(item, run)
    if run.revision_id != item.current_id:
        raise Refused("审查通过后内容又有修改，请重新提交审查。")
    if Publication.objects.filter(run=run).exists():
        raise Refused("这一稿已经发布过了。")
    demand_screened(item, run.revision.content, on)
    demand_coordinated(item, on)
    return run


def _replace(act: Act, item: Item) -> None:
    """A changed item goes out anew: the publication in force, if there is one, ends the same day."""
    old = item.publications.filter(withdrawn_on__isnull=True).first()
    if old is not None:
        old.withdrawal = act.record(item, revision=old.revision.digest, reason="内容更新，由新的一稿代替", facts={"replaces": old.pk})
        old.withdrawn_on = act.on
        old.save(update_fields=["withdrawal", "withdrawn_on"])


@action("disclosure.withdraw", agency=_of_publication)
def withdraw(act: Act, *, publication: Publication, reason: str) -> Publication:
    """Take a publication back. The page says so from then on, and every channel is reminded until it confirms."""
    _locked(publication.item)
    publication = Publication.objects.select_for_update(of=("self",)).select_related("item", "revision").get(pk=publication.pk)
    if publication.withdrawn_on is not None:
        raise Refused("这条信息已经撤回。")
    if not reason.strip():
        raise Refused("请写明撤回的理由，公众会看到。")
    demand_presentable(publication.item.agency, act.on, {"撤回理由": reason})
    entry = act.record(publication.item, revision=publication.revision.digest, reason=reason.strip(), facts={"publication": publication.pk})
    publication.withdrawn_on, publication.withdrawal = act.on, entry
    publication.save(update_fields=["withdrawn_on", "withdrawal"])
    # Only what a channel really carried is to be taken down there.
    remind(publication.item, entry)
    return publication


def all_runs_of(item: Item) -> Any:
    """Every review run of an item, newest first: also those of other organs, and those after the fact."""
    return Run.objects.filter(subject_kind=item._meta.label_lower, subject_id=item.pk).order_by("-pk")


def runs_of(item: Item) -> Any:
    """The review runs of an item that lead to its publication, one a submission, newest first."""
    return all_runs_of(item).filter(lead__isnull=True, makes_up__isnull=True)


def _demand_kept(item: Item) -> None:
    if item.is_discarded:
        raise Refused("这条信息已经作废。")


def changes(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The names of what differs between two revisions' contents."""
    return [name for name in one if one.get(name) != other.get(name)]

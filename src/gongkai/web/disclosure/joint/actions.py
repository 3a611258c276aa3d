"""Writes about the organs behind a joint document, and remarks on any item by whoever may see it."""

from __future__ import annotations

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.joint.models import JointOrgan
from gongkai.web.disclosure.joint.queries import joint_organs, organs_of
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.acts import Act, action
from gongkai.web.review.actions import LONGEST_COMMENT
from gongkai.web.review.models import COMPLETED, OPEN, Comment, Run

JOINT = "joint"


def _of_item(item: Item, **_: object) -> Agency:
    return item.agency


def _locked(item: Item) -> Item:
    item = Item.objects.select_for_update(of=("self",)).select_related("agency", "current").get(pk=item.pk)
    if item.is_discarded:
        raise Refused("这条信息已经作废。")
    runs = Run.objects.filter(subject_kind=item._meta.label_lower, subject_id=item.pk, makes_up__isnull=True)
    if runs.filter(state=OPEN).exists():
        raise Refused("正在审查，不能增加或者移出联合发文机关，请先撤回审查。")
    return item


@action("disclosure.add_joint_organ", agency=_of_item)
def add_joint_organ(act: Act, *, item: Item, organ: Agency) -> JointOrgan:
    """Name an organ that issues the document together with the leading one. It will review it with its own stages."""
    item = _locked(item)
    if item.kind != JOINT:
        raise Refused("只有类别是“联合发文”的信息才有联合发文机关，请先修改类别。")
    if organ.county_path != item.agency.county_path:
        raise Refused("只能选择同一个县（市、区）的机关。")
    if organ in organs_of(item):
        raise Refused(f"{organ.short_name}已经在联合发文机关里。")
    entry = act.record(item, revision=item.current.digest if item.current else "", facts={"organ": organ.path})
    return JointOrgan.objects.create(item=item, agency=organ, entry=entry)


@action("disclosure.remove_joint_organ", agency=_of_item)
def remove_joint_organ(act: Act, *, item: Item, organ: Agency, reason: str) -> JointOrgan:
    """Take an organ out again; what it reviewed so far stays."""
    item = _locked(item)
    row = JointOrgan.objects.filter(item=item, agency=organ, ended_by__isnull=True).first()
    if row is None:
        raise Refused(f"{organ.short_name}不在联合发文机关里。")
    if not reason.strip():
        raise Refused("请写明移出的理由。")
    facts = {"organ": organ.path, "ends": row.pk}
    row.ended_by = act.record(item, revision=item.current.digest if item.current else "", reason=reason.strip()[:500], facts=facts)
    row.save(update_fields=["ended_by"])
    return row


@action("review.comment", agency=lambda agency, **_: agency)
def comment(act: Act, *, item: Item, agency: Agency, words: str) -> Comment:
    """Remark on the current revision, by anyone who may see the item through that organ."""
    item = Item.objects.select_related("agency", "current").get(pk=item.pk)
    if agency not in organs_of(item):
        raise Refused("这个机关与这条信息无关，不能留言。")
    if item.current is None:
        raise Refused("还没有内容，不能留言。")
    if not words.strip():
        raise Refused("请写下要说的话。")
    if len(words.strip()) > LONGEST_COMMENT:
        raise Refused(f"留言有{len(words.strip())}个字，请缩短到{LONGEST_COMMENT}个字以内。")
    entry = act.record(item, revision=item.current.digest, reason=words.strip(), facts={"comment": True})
    return Comment.objects.create(
        revision=item.current, subject_kind=item._meta.label_lower, subject_id=item.pk, person=act.person, agency=agency,
        words=words.strip(), entry=entry,
    )  # fmt: skip


def demand_complete(item: Item, organs: list[Agency]) -> None:
    """:class:`Refused` unless kind and organs fit: a joint document has others beside the leading organ, no other item has."""
    if item.kind == JOINT and not organs:
        raise Refused("联合发文要先写明联合发文的其他机关，再提交审查。")
    if item.kind != JOINT and organs:
        raise Refused("类别不是“联合发文”，但是还列着联合发文机关。请改正类别，或者移出这些机关。")


def demand_joint_review(item: Item, run: Run) -> None:
    """:class:`Refused` unless every organ that issues the document has passed exactly the revision of ``run``."""
    joined = {one.agency_id: one for one in run.joined.select_related("agency")}
    if {organ.pk for organ in joint_organs(item)} != set(joined):
        raise Refused("提交审查以后联合发文机关有变化，请重新提交审查。")
    waiting = [one.agency.short_name for one in joined.values() if one.state != COMPLETED or one.revision_id != run.revision_id]
    if waiting:
        raise Refused(f"{'、'.join(waiting)}还没有审查通过，不能发布。")

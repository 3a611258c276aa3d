"""Set a time for a publication, take it back, and publish what is due."""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.db import OperationalError, transaction

from gongkai.errors import GongkaiError, Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.actions import publish, publishable
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.schedule.models import WAITING, Scheduled
from gongkai.web.ledger.acts import Act, action, append
from gongkai.web.ledger.seals import sealing
from gongkai.web.review.actions import ON_REVISION
from gongkai.web.review.models import Revision
from gongkai.web.settings import moment

logger = logging.getLogger(__name__)
LONGEST = datetime.timedelta(days=366)


def _of_item(item: Item, **_: Any) -> Agency:
    return item.agency


def _locked(item: Item) -> Item:
    """The item's lock comes before that of its schedule, here and wherever a revision cancels one."""
    return Item.objects.select_for_update(of=("self",)).select_related("agency", "current").get(pk=item.pk)


def said(at: datetime.datetime) -> str:
    """A set time in words."""
    at = at.astimezone(moment.ZONE)
    return f"{at.year}年{at.month}月{at.day}日{at:%H:%M}"


@action("disclosure.schedule", agency=_of_item)
def schedule(act: Act, *, item: Item, publish_at: datetime.datetime) -> Scheduled:
    """Let the reviewed revision go out at that time. Everything that publishing asks for is asked again then."""
    item = _locked(item)
    run = publishable(item, act.on)
    if item.scheduled.filter(**WAITING).exists():
        raise Refused("已经定了发布时间。要改时间，请先取消原来的。")
    if not moment.now() < publish_at <= moment.now() + LONGEST:
        raise Refused("发布时间要晚于现在，并且在一年以内。要马上发布，请用“发布”。")
    facts = {"run": run.pk, "at": publish_at.astimezone(moment.ZONE).isoformat(timespec="minutes")}
    entry = act.record(item, revision=run.revision.digest, facts=facts)
    return Scheduled.objects.create(
        item=item, revision=run.revision, publish_at=publish_at, set_by=act.person, post=act.post, entry=entry
    )  # fmt: skip


@action("disclosure.unschedule", agency=_of_item)
def unschedule(act: Act, *, item: Item, reason: str = "") -> Scheduled:
    """Take a set time back; the revision stays ready to be published."""
    item = _locked(item)
    row = Scheduled.objects.select_for_update(of=("self",)).filter(item=item, **WAITING).first()
    if row is None:
        raise Refused("这条信息没有等待发布的时间，可能已经发布或者取消，请刷新页面。")
    row.cancelled = act.record(item, revision=item.current.digest, reason=reason.strip()[:500], facts={"scheduled": row.pk})
    row.save(update_fields=["cancelled"])
    return row


def cancel_for(act: Act, revision: Revision) -> None:
    """A new revision takes the place of the one that was to go out: its set time is cancelled in the same act."""
    if revision.subject_kind != Item._meta.label_lower:
        return
    for row in Scheduled.objects.select_for_update(of=("self",)).filter(item=revision.subject_id, **WAITING).select_related("item"):
        words = f"内容有新的修改，原定{said(row.publish_at)}的发布取消"
        row.cancelled = act.record(row.item, revision=revision.digest, reason=words, facts={"scheduled": row.pk, "cancelled": True})
        row.save(update_fields=["cancelled"])


if cancel_for not in ON_REVISION:
    ON_REVISION.append(cancel_for)


# --- what the worker does ------------------------------------------------------------------------------------------


def publish_due(now: datetime.datetime | None = None) -> int:
    """Publish whatever is due, each in a transaction of its own; gives how many went out.

    It happens in the name of who set the time, so his post must still hold. What may not go out fails with the reason, and
    nobody tries it again until a person does. Killed in between, it goes out at the next round, and never twice.
    """
    due = Scheduled.objects.filter(publish_at__lte=now or moment.now(), **WAITING).values_list("pk", "item_id")
    return sum(_publish_one(row, item) for row, item in list(due))


def _publish_one(number: int, item_id: int) -> bool:
    try:
        with transaction.atomic(), sealing():
            item = _locked(Item(pk=item_id))
            row = Scheduled.objects.select_for_update(of=("self",)).filter(pk=number, **WAITING).select_related("set_by").first()
            return row is not None and _publish_locked(row, item)
    except OperationalError:
        raise  # the database is away or busy: no fault of this publication, it is tried at the next round
    except Exception:
        logger.exception("scheduled publication %s failed", number)
        with transaction.atomic(), sealing():
            item = _locked(Item(pk=item_id))
            row = Scheduled.objects.select_for_update(of=("self",)).get(pk=number)
            _fail(row, item, "发布时程序出错，已记入运行日志。请联系系统管理员。")
        return False


def _publish_locked(row: Scheduled, item: Item) -> bool:
    """Publish, or keep why not. Publication and end of the waiting are one transaction."""
    already = Publication.objects.filter(item=item, revision=row.revision_id).first()
    try:
        if already is None:
            _demand_unchanged(row, item)
            already = publish(person=row.set_by, item=item)
    except GongkaiError as refusal:
        _fail(row, item, refusal.message)
        return False
    row.done = already
    row.save(update_fields=["done"])
    return True


def _demand_unchanged(row: Scheduled, item: Item) -> None:
    if not may(row.set_by, "disclosure.publish", item.agency, moment.today()):
        raise Refused(f"设定时间的{row.set_by.full_name}到时已经没有发布的岗位，请由有岗位的人重新定时，或者直接发布。")
    if item.current_id != row.revision_id:
        raise Refused("定时以后内容有新的修改，请重新提交审查。")
    if item.publications.filter(withdrawal__gt=row.entry_id).exists():
        raise Refused("定时以后，原来发布的一稿被撤回，请核对后重新办理。")


def _fail(row: Scheduled, item: Item, words: str) -> None:
    marks = {
        "action": "disclosure.schedule", "duty": "", "revision": item.current.digest if item.current else "", "reason": words[:500],
        "facts": {"scheduled": row.pk, "failed": True},
    }  # fmt: skip
    row.failure = words[:500]
    row.failed = append(agency=item.agency, person=None, thing=item, occurred_on=moment.today(), marks=marks)
    row.save(update_fields=["failure", "failed"])

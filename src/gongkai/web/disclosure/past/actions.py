"""Take in past publications: a file is handed in, cleared by the secrecy reviewer, approved by a third person, written batch by batch.

Only what is from before the organ's day of beginning comes in like this: everything else goes through its reviews.
The approval is one act; every batch is one more, in a transaction of its own, so that a stop in the middle loses nothing and
the next call goes on where the last one ended.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Subquery

from gongkai.errors import Refused
from gongkai.screening import Hit, screen
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.about.numbering import INDEX_SERIES, index_number, next_index, pattern_of
from gongkai.web.disclosure.models import Delivery, Item, Publication
from gongkai.web.disclosure.past.beginnings import beginning_of
from gongkai.web.disclosure.past.lines import Past, read
from gongkai.web.disclosure.past.models import PastBatch, PastRun
from gongkai.web.disclosure.registers.importing import Fault
from gongkai.web.disclosure.screening import FIELDS, listed_of, publisher_of, words_of
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.digest import digest_of, sm3
from gongkai.web.review import kept
from gongkai.web.review.actions import next_number
from gongkai.web.review.files import checked_name
from gongkai.web.review.models import Revision
from gongkai.web.settings import moment

BATCH = 1000
TOLD = 20


class NotTaken(Refused):
    """The file cannot be taken in; ``faults`` says where and why, line by line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"文件有{len(faults)}处要改，一条也没有导入。请逐处修改后重新上传。")
        self.faults = tuple(faults)


def _of_run(run: PastRun, **_: Any) -> Agency:
    return run.agency


@action("past.hand_in", agency=lambda agency, **_: agency)
def hand_in(act: Act, *, agency: Agency, file_name: str, data: bytes, source: str) -> PastRun:
    """Hand in a file (CSV, XLSX) of past publications. Nothing is public yet; ``source`` says where the file comes from."""
    if not source.strip():
        raise Refused("请写明这些信息来自哪里，例如原来的网站名称和导出日期。")
    name, digest = checked_name(file_name, data), sm3(data)
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if PastRun.objects.filter(agency=agency, file_digest=digest).standing().exists():
        raise Refused("这个文件已经交过，不用再交。")
    begins_on = beginning_of(agency, act.on).day
    found, faults = read(data, act.on)
    faults = (*faults, *_too_late(found, begins_on), *_taken(found))
    hits = [] if faults else _screened(agency, found, act.on)
    faults = (*faults, *_forbidden(hits))
    if faults:
        raise NotTaken(sorted(faults, key=lambda fault: fault.line))
    run = PastRun(
        agency=agency, file_name=name, file_digest=kept.put(data), n_items=len(found), source=source.strip()[:300], handed_in_by=act.person,
        outline=_outline(found, hits), begins_on=begins_on,
    )  # fmt: skip
    facts = {"file": name, "sm3": digest, "items": len(found), "source": run.source, "begins_on": begins_on.isoformat()}
    run.entry = act.record(agency, facts=facts)
    run.save()
    return run


def _too_late(found: Sequence[Past], begins_on: datetime.date) -> list[Fault]:
    """The lines that are not from before the organ's day of beginning: they are the platform's own business."""
    what = f"不早于本机关开始使用平台的日期{begins_on}"
    return [
        Fault(past.line, "发布日期", f"{past.published_on}{what}", "从那天起的信息要在平台上起草、审查、发布，请删去这一行。")
        for past in found
        if past.published_on >= begins_on
    ]


def _taken(found: Sequence[Past]) -> list[Fault]:
    """The lines whose index number stands already."""
    numbers = [past.index_number for past in found if past.index_number]
    taken = set()
    for first in range(0, len(numbers), 500):
        taken |= set(Item.objects.filter(index_number__in=numbers[first : first + 500]).values_list("index_number", flat=True))
    return [
        Fault(past.line, "索引号", f"索引号“{past.index_number}”已经有了", "同一条信息不要导入两次，请删去这一行。")
        for past in found
        if past.index_number in taken
    ]


# What the public reads of one, the longest parts first, as people look for the line that is told.
_SCREENED = sorted(FIELDS, key=("title", "body", "summary", *FIELDS).index)


def _screened(agency: Agency, found: Sequence[Past], on: datetime.date) -> list[tuple[Past, Hit]]:
    """Everything that screening finds in what the public would read."""
    publisher, listed = publisher_of(agency), listed_of(agency, on)
    hits = []
    for past in found:
        text = "\n".join([*(said for name in _SCREENED if (said := words_of(past.content.get(name) or "", name))), past.index_number])
        hits += [(past, hit) for hit in screen(text=text, on=on, publisher=publisher, negative_list=listed, place=f"第{past.line}行")]
    return hits


def _forbidden(hits: Sequence[tuple[Past, Hit]]) -> list[Fault]:
    """The lines that bear a secrecy mark: they may not come in at all."""
    return [
        Fault(past.line, "正文", hit.message.rstrip("。"), "请删去这一行，由保密审查员核对原件。")
        for past, hit in hits
        if hit.severity == "block"
    ]


def _outline(found: Sequence[Past], hits: Sequence[tuple[Past, Hit]]) -> dict[str, Any]:
    """What the approver has to know: the days, the kinds, and what screening found, with the first places of each."""
    by_code: dict[str, list[tuple[Past, Hit]]] = {}
    for past, hit in hits:
        by_code.setdefault(hit.code, []).append((past, hit))
    days = [past.published_on for past in found]
    return {
        "first": str(min(days)),
        "last": str(max(days)),
        "kinds": dict(Counter(str(past.content["kind"]) for past in found)),
        "channels": dict(Counter(str(past.content["primary_channel"]) for past in found)),
        "hits": [
            {"code": code, "n": len(rows), "lines": [past.line for past, _ in rows[:TOLD]], "example": rows[0][1].message}
            for code, rows in sorted(by_code.items(), key=lambda pair: -len(pair[1]))
        ],
    }


def _undecided(run: PastRun, reason: str) -> PastRun:
    """The file as it is now; refused when it was decided already, or when nothing is said of what was looked at."""
    run = PastRun.objects.select_for_update(of=("self",)).select_related("agency").get(pk=run.pk)
    if run.is_approved is not None or run.is_refused:
        raise Refused("这个文件已经有了决定。")
    if not reason.strip():
        raise Refused("请写明核对了什么，或者为什么不同意导入。")
    return run


@action("past.clear", agency=_of_run)
def clear(act: Act, *, run: PastRun, is_cleared: bool, reason: str) -> PastRun:
    """The secrecy review of a file, before it may be approved: it may be public, or it is sent back. Never by who handed it in."""
    run = _undecided(run, reason)
    if run.is_cleared is not None:
        raise Refused("这个文件已经通过保密审查。")
    if act.person.pk == run.handed_in_by_id:
        raise Refused("交文件的人不能自己做保密审查，请由其他保密审查员办理。")
    facts = {"run": run.pk, "sm3": run.file_digest, "items": run.n_items, "cleared": is_cleared}
    run.cleared_by, run.is_cleared = act.person, is_cleared
    run.clearance = act.record(run, reason=reason.strip()[:500], facts=facts)
    run.save(update_fields=["cleared_by", "is_cleared", "clearance"])
    return run


@action("past.decide", agency=_of_run)
def decide(act: Act, *, run: PastRun, is_approved: bool, reason: str) -> PastRun:
    """Approve a file that passed its secrecy review, or refuse it; neither who handed it in nor who cleared it."""
    run = _undecided(run, reason)
    if act.person.pk == run.handed_in_by_id:
        raise Refused("交文件的人不能自己批准，请由其他人核对后批准。")
    if is_approved and not run.is_cleared:
        raise Refused("还没有通过保密审查，不能批准。请先由保密审查员办理。")
    if act.person.pk == run.cleared_by_id:
        raise Refused("做保密审查的人不能再批准，请由其他人核对后批准。")
    facts = {"run": run.pk, "sm3": run.file_digest, "items": run.n_items, "approved": is_approved}
    run.decided_by, run.is_approved = act.person, is_approved
    run.decision = act.record(run, reason=reason.strip()[:500], facts=facts)
    run.save(update_fields=["decided_by", "is_approved", "decision"])
    return run


@action("past.take_in", agency=_of_run)
def take_in(act: Act, *, run: PastRun) -> PastBatch:
    """Write the next batch of an approved file: items, revisions, publications and what their channel carried."""
    run = PastRun.objects.select_for_update(of=("self",)).select_related("agency", "entry").get(pk=run.pk)
    if not run.is_approved:
        raise Refused("这个文件还没有批准，不能导入。")
    number = run.batches.count()
    found, faults = read(kept.content(run.file_digest), run.entry.occurred_on)
    part = found[number * BATCH : (number + 1) * BATCH]
    if not part:
        raise Refused("这个文件已经全部导入。")
    if faults or (clash := _taken(part)):
        raise NotTaken(faults or clash)
    return _write(act, run, number, part)


def _write(act: Act, run: PastRun, number: int, part: Sequence[Past]) -> PastBatch:
    items = Item.objects.bulk_create(_item(run, past, index) for past, index in zip(part, _indexes(run.agency, part), strict=True))
    revisions = Revision.objects.bulk_create(_revision(run, past, item) for past, item in zip(part, items, strict=True))
    first = Revision.objects.filter(subject_kind=Item._meta.label_lower, subject_id=OuterRef("pk"), number=1)
    new = Item.objects.filter(agency=run.agency, current__isnull=True, pk__gte=items[0].pk, pk__lte=items[-1].pk)
    new.update(current=Subquery(first.values("pk")[:1]))
    digest = sm3("".join(revision.digest for revision in revisions).encode())
    entry = act.record(run, facts={"batch": number + 1, "items": len(part), "digest": digest})
    batch = PastBatch.objects.create(run=run, number=number + 1, n_items=len(part), digest=digest, entry=entry)
    publications = Publication.objects.bulk_create(
        Publication(
            item=item, revision=revision, batch=batch, primary_channel=item.primary_channel, published_on=past.published_on,
            published_at=datetime.datetime.combine(past.published_on, datetime.time(), tzinfo=moment.ZONE), entry=entry,
        ).repeat()
        for past, item, revision in zip(part, items, revisions, strict=True)
    )  # fmt: skip
    Delivery.objects.bulk_create(
        Delivery(publication=row, channel=row.primary_channel, confirmed_on=row.published_on, confirmation=entry) for row in publications
    )
    return batch


def _indexes(agency: Agency, part: Sequence[Past]) -> list[str]:
    """The index numbers of a batch: the file's own; else by the pattern of the day, else the next of the year's series."""
    days = {past.published_on for past in part if not past.index_number}
    patterned = {day for day in days if pattern_of(agency, day) is not None}
    plain = Counter(past.published_on.year for past in part if not past.index_number and past.published_on not in patterned)
    at = {year: next_number(agency=agency, series=INDEX_SERIES, year=year, count=count) - count for year, count in plain.items()}
    found = []
    for past in part:
        if past.index_number:
            found.append(past.index_number)
        elif past.published_on in patterned:
            found.append(next_index(agency, past.published_on))
        else:
            at[past.published_on.year] += 1
            found.append(index_number(agency, past.published_on.year, at[past.published_on.year]))
    return found


def _item(run: PastRun, past: Past, index: str) -> Item:
    content = past.content
    return Item(
        agency=run.agency, index_number=index, title=content["title"], kind=content["kind"], column=content.get("column", ""),
        attribute="proactive", formed_on=content["formed_on"], primary_channel=content["primary_channel"], created_by_id=run.handed_in_by_id,
    )  # fmt: skip


def _revision(run: PastRun, past: Past, item: Item) -> Revision:
    return Revision(
        agency=run.agency, subject_kind=Item._meta.label_lower, subject_id=item.pk, number=1, content=dict(past.content),
        digest=digest_of(past.content), made_by_id=run.handed_in_by_id, made_at=moment.now(),
    )  # fmt: skip


def take_all(run: PastRun) -> int:
    """Write what is left of an approved file, batch by batch, as its approver; gives how many items came in."""
    taken = 0
    while taken_of(run) < run.n_items:
        taken += take_in(person=run.decided_by, run=run, on=run.decision.occurred_on if run.decision else None).n_items
    return taken


def taken_of(run: PastRun) -> int:
    """How many items of the file have come in."""
    return sum(run.batches.values_list("n_items", flat=True))


def take_due() -> int:
    """One batch of the oldest approved file that can be taken in; gives how many items came in. For the worker.

    A file that fails keeps no later one waiting. What it fails with rises when nothing else is left to do.
    """
    failed: Exception | None = None
    for run in PastRun.objects.filter(is_approved=True).order_by("pk"):
        if taken_of(run) < run.n_items:
            try:
                batch: PastBatch = take_in(person=run.decided_by, run=run)
            except (Refused, OSError) as error:
                failed = failed or error
            else:
                return batch.n_items
    if failed is not None:
        raise failed
    return 0

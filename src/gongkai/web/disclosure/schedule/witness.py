"""What publication at a set time adds to ``gongkai verify``."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.web.disclosure.schedule.models import Scheduled
from gongkai.web.ledger.proof import Broken
from gongkai.web.settings import moment


def schedules_hold() -> Iterator[Broken]:
    """Every set time is the one its entry tells, and what it published is the revision it was set for."""
    rows = Scheduled.objects.select_related("entry", "revision", "done", "item", "failed", "cancelled")
    for row in rows.iterator(chunk_size=1000):
        entry = row.entry
        told = (entry.action, entry.object_id, entry.revision, entry.person_id, entry.facts.get("at"))
        at = row.publish_at.astimezone(moment.ZONE).isoformat(timespec="minutes")
        if told != ("disclosure.schedule", row.item_id, row.revision.digest, row.set_by_id, at):
            yield Broken(entry.county, entry.number, f"“{row.item}”的定时发布与台账第{entry.number}条不符。")
        if row.done is not None and row.done.revision_id != row.revision_id:
            yield Broken(entry.county, entry.number, f"“{row.item}”到时发布的不是定时的那一稿。")
        if row.failed is not None and row.failed.reason != row.failure:
            yield Broken(row.failed.county, row.failed.number, f"“{row.item}”没有按时发布的原因与台账第{row.failed.number}条不符。")
        for end in (row.cancelled, row.failed):
            if end is not None and end.facts.get("scheduled") != row.pk:
                yield Broken(end.county, end.number, f"“{row.item}”的定时发布不是由台账第{end.number}条结束的。")

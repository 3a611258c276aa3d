"""What waits for its time, and what did not go out."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.schedule.models import WAITING, Scheduled

MOST = 20


def scheduled_for(person: Person) -> QuerySet[Scheduled]:
    """What waits for its time in the organs where that person may publish, the next first."""
    agencies = Agency.objects.seen_by(person, "disclosure.schedule")
    out = Publication.objects.filter(revision=OuterRef("revision"))
    rows = Scheduled.objects.filter(~Exists(out), item__agency__in=agencies, **WAITING)
    return rows.select_related("item__agency", "set_by").order_by("publish_at", "pk")


def failed_for(person: Person) -> QuerySet[Scheduled]:
    """What did not go out at its time and is still to be published, in the organs where that person may do so."""
    agencies = Agency.objects.seen_by(person, "disclosure.schedule")
    again = Scheduled.objects.filter(item=OuterRef("item"), pk__gt=OuterRef("pk"))
    out = Publication.objects.filter(item=OuterRef("item"), entry__gt=OuterRef("failed"))
    rows = Scheduled.objects.filter(~Exists(again), ~Exists(out), failed__isnull=False, item__agency__in=agencies, item__is_discarded=False)
    return rows.select_related("item__agency", "item__current", "set_by").order_by("-publish_at", "-pk")


def schedule_of(item: Item) -> Scheduled | None:
    """The last time that was set for an item, if it still matters: it waits, it failed, or a change cancelled it."""
    row = item.scheduled.select_related("set_by", "cancelled", "revision").order_by("-pk").first()
    if row is None or row.done_id is not None:
        return None
    if item.publications.filter(entry__gt=row.failed_id or row.cancelled_id or row.entry_id).exists():
        return None
    return row

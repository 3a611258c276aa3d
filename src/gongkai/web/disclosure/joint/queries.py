"""Which organs stand behind an item, and through which of them somebody sees it."""

from __future__ import annotations

from django.db.models import QuerySet

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.joint.models import JointOrgan
from gongkai.web.disclosure.models import Item
from gongkai.web.settings import moment


def joint_organs(item: Item) -> list[Agency]:
    """The organs beside the leading one, in the order they were named."""
    rows = JointOrgan.objects.filter(item=item, ended_by__isnull=True).select_related("agency").order_by("pk")
    return [row.agency for row in rows]


def organs_of(item: Item) -> list[Agency]:
    """Every organ behind an item, the leading one first."""
    return [item.agency, *joint_organs(item)]


def shared_with(agencies: QuerySet[Agency]) -> QuerySet[JointOrgan]:
    """The items that other organs lead and these issue with them."""
    return JointOrgan.objects.filter(agency__in=agencies, ended_by__isnull=True)


def organ_for(person: Person, action: str, organs: list[Agency]) -> Agency | None:
    """The first of the organs behind an item in which that person may do that action today."""
    today = moment.today()
    return next((organ for organ in organs if may(person, action, organ, today)), None)


def could_join(item: Item) -> QuerySet[Agency]:
    """The organs of the same county that may still be named."""
    known = [organ.pk for organ in organs_of(item)]
    return Agency.objects.filter(path__startswith=item.agency.county_path).exclude(pk__in=known)

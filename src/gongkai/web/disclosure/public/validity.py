"""The validity of many published items at once, as their pages show it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When

from gongkai.web.disclosure.about.models import Validity
from gongkai.web.disclosure.about.queries import POLICY
from gongkai.web.disclosure.models import Publication

IN_FORCE = "in_force"


def validities(items: Collection[int], on: datetime.date) -> Mapping[int, Validity]:
    """Item → what was said last of it that holds on that day; nothing for those of which nothing was said."""
    rows = Validity.objects.filter(item__in=items, since_on__lte=on).select_related("successor").order_by("since_on", "pk")
    return {row.item_id: row for row in rows}


def state_of(publication: Publication, said: Validity | None) -> str | None:
    """In force, lapsed or repealed; a policy document of which nothing was said is in force, of anything else nothing is known."""
    if said is not None:
        return said.state
    return IN_FORCE if publication.kind == POLICY else None


def with_state(rows: QuerySet[Publication], state: str, on: datetime.date) -> QuerySet[Publication]:
    """Only the publications whose item is in that state on the day."""
    last = Validity.objects.filter(item=OuterRef("item"), since_on__lte=on).order_by("-since_on", "-pk").values("state")[:1]
    unsaid: Any = Case(When(kind=POLICY, then=Value(IN_FORCE)), default=Value(""), output_field=CharField())
    found = rows.annotate(said=Subquery(last)).annotate(state=Case(When(said__isnull=True, then=unsaid), default=F("said")))
    return found.filter(state=state)

"""What templates ask of the watch about one item."""

from __future__ import annotations

from typing import Any

from django import template

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.watch.queries import Overturned, overturned
from gongkai.web.settings import moment

register = template.Library()


@register.simple_tag
def overturned_of(item: Any) -> Overturned | None:
    """That an item's published penalty decision was overturned and is still to be withdrawn; asked only where it may be one."""
    if item.kind != "penalty":
        return None
    rows = overturned(Agency.objects.filter(pk=item.agency_id), moment.today(), waiting=True)
    return next((row for row in rows if row.row.publication.item_id == item.pk), None)

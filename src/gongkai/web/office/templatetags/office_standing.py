"""What templates ask of what stands per organ."""

from __future__ import annotations

from typing import Any

from django import template

from gongkai.law.catalog import catalog_field
from gongkai.law.store import LawMissing
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.beside import Beside
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.standing import files, queries
from gongkai.web.disclosure.standing.models import CatalogRow, Standing
from gongkai.web.settings import moment

register = template.Library()


@register.inclusion_tag("office/standing/part_contact.html", takes_context=True)
def contact_progress(context: dict[str, Any], organ: Agency) -> dict[str, Any]:
    """How much of the contact data of Art 12 the organ has filled in, as a list."""
    missing = queries.contact_missing(organ)
    labels = [(organ._meta.get_field(name).verbose_name, name not in missing) for name in queries.CONTACT.values()]
    person = context["user"]
    return {
        "organ": organ,
        "labels": labels,
        "n_told": len(labels) - len(missing),
        "sees_standing": may(person, "disclosure.view", organ, moment.today()),
    }


@register.inclusion_tag("office/standing/part_item.html", takes_context=True)
def catalog_place(context: dict[str, Any], item: Item) -> dict[str, Any]:
    """Where an item stands in the organ's catalogue, and whether it could stand as its guide."""
    person, today = context["user"], moment.today()
    can_stand = item.kind in words("standing")
    beside: Beside = context["beside"]
    return {
        "item": item,
        "row": queries.row_of(item) if "catalog_rows" in beside.names else None,
        "has_catalog": "catalog" in beside.names,
        "may_file": may(person, "standing.file_under", item.agency, today),
        "can_stand": can_stand,
        "stands": can_stand and Standing.objects.filter(item=item, ended_by__isnull=True).exists(),
    }


@register.filter
def told(row: CatalogRow, column: str) -> str:
    """One column of a catalogue's row in words."""
    return files.told(row, column)


@register.filter
def field_title(name: str) -> str:
    """The title of a field of work; an unknown one as it is."""
    try:
        return catalog_field(name).title
    except LawMissing:
        return name

"""What the comparison of two revisions calls their fields and values."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django import template
from django.utils.translation import gettext

from gongkai.law.duties import duties
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.watch import limits
from gongkai.web.settings import moment

register = template.Library()

# Fields whose values are codes, with the list that has their words.
_LISTS = {
    "kind": "kinds", "primary_channel": "channels", "channels": "channels", "attribute": "attributes", "topics": "topics", "origin": "origins",
}  # fmt: skip


@cache
def _fields() -> dict[str, str]:
    table: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent.parent / "words.yaml").read_text(encoding="utf-8"))
    return table["fields"]


@register.filter
def field_words(name: str) -> str:
    """The name of a field of a revision; an unknown one as it is."""
    return gettext(_fields().get(name, name))


@register.filter
def value_words(value: Any, name: str) -> str:
    """One value of that field in words; lists are joined, mappings told by their values."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list | tuple):
        return "、".join(value_words(one, name) for one in value)
    if isinstance(value, dict):
        return " ".join(value_words(one, "") for one in value.values() if one not in (None, ""))
    if name == "column":
        return next((duty.title for duty in duties() if duty.id == value), str(value))
    if name == "matter":
        return dict(limits.offered(moment.today())).get(value, str(value))
    known = dict(words(_LISTS[name])) if name in _LISTS else {}
    return gettext(known[value]) if value in known else str(value)

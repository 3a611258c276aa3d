"""What templates say of an item outside its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure import kinds
from gongkai.web.disclosure.about import queries
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.watch import limits
from gongkai.web.settings import moment

register = template.Library()


@register.simple_tag
def public_about(publication: Publication) -> queries.PublicAbout:
    """The part of it that is public."""
    return queries.public_about(publication, moment.today())


@register.filter
def limit_days(content: Mapping[str, Any], organ: Agency) -> list[tuple[str, str]]:
    """The days that a content tells because its publication limit counts from them: label and value."""
    return limits.told(content, organ.kind)


@register.filter
def details(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a content's kind says beside the text: label and value."""
    return kinds.told(str(content.get("kind", "")), content.get("details") or {})

"""What the public pages say in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from gongkai.web.disclosure.choices import words

register = template.Library()
# What would end the script, or begin a comment in it.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def _word(name: str, code: str) -> str:
    known = words(name).get(code)
    return gettext(known) if known else code


@register.filter
def kind_words(code: str) -> str:
    """The kind of an item."""
    return _word("kinds", code)


@register.filter
def validity_words(code: str) -> str:
    """Whether a document is in force."""
    return _word("validities", code)


@register.filter
def form_words(code: str) -> str:
    """The form of an interpretation."""
    return _word("interpretation_forms", code)


@register.filter
def topic_words(codes: Iterable[str]) -> str:
    """The subjects of an item."""
    return "、".join(_word("topics", code) for code in codes)


@register.filter
def file_kind(name: str) -> str:
    """The type of a file by its name, in capitals; empty when the name tells none."""
    return PurePath(name).suffix.lstrip(".").upper()[:8]


@register.filter
def json_ld(about: Mapping[str, Any]) -> SafeString:
    """A block of data for programs. Nothing in it can end the block."""
    said = json.dumps({name: value for name, value in about.items() if value}, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{said}</script>')  # noqa: S308 - every character that HTML minds is escaped above


@register.filter
def unlocalize_number(value: float) -> str:
    """A number as a drawing needs it: a point, whatever the language writes."""
    return f"{value:g}"


@register.filter
def marked(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """A text in pieces, with those marked that were looked for."""
    return mark_safe("".join(f"<mark>{escape(text)}</mark>" if is_marked else escape(text) for text, is_marked in pieces))  # noqa: S308 - every piece is escaped

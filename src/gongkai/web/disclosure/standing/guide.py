"""What a guide (公开指南) must tell by Art 12, held against what the organ says of itself. Pure: texts in, values out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gongkai.law.attributes import RequiredField, guide_fields

Verdict = Literal["told", "missing", "differs", "blank"]
# How much of what a guide says instead is shown.
QUOTED = 60
_DIGITS_APART = re.compile(r"(?<=\d)[\s\-()（）]+(?=\d)|(?<=\d)\)(?=\d)|\((?=\d)")


@dataclass(frozen=True, slots=True)
class Point:
    """One required field of a guide.

    ``verdict`` is ``told``, ``missing`` (the guide does not tell it), ``differs`` (it tells ``quote``, the organ says
    ``value``) or ``blank`` (the organ's own data have nothing to compare with).
    """

    field: RequiredField
    verdict: Verdict
    value: str = ""
    quote: str = ""


def points(text: str, contact: Mapping[str, str]) -> tuple[Point, ...]:
    """The nine fields in the order of the article; ``contact`` is field → what the organ says, without those that are prose."""
    return tuple(_point(field, text, contact.get(field.id)) for field in guide_fields())


def _point(field: RequiredField, text: str, value: str | None) -> Point:
    if value is None:
        return Point(field, "told" if any(word in text for word in field.words) else "missing")
    said = value.strip()
    if not said:
        return Point(field, "blank")
    if _bare(_plain(said)) in _bare(_plain(text)):
        return Point(field, "told", said)
    quote = _after(field, text)
    return Point(field, "differs", said, quote) if quote else Point(field, "missing", said)


def _plain(text: str) -> str:
    """Half-width letters and one kind of dash, a sign for a sign, so that places stay the same."""
    narrow = "".join(one if len(one := unicodedata.normalize("NFKC", sign)) == 1 else sign for sign in text)
    return re.sub(r"[—–－―‐‑~～至]", "-", narrow)


def _bare(text: str) -> str:
    """Without blanks and without what people put between digits, so that 0871-66001234 and (0871) 66001234 are one number."""
    return re.sub(r"\s+", "", _DIGITS_APART.sub("", text)).lower()


def _after(field: RequiredField, text: str) -> str:
    """What stands behind the first of the field's words that has something behind it."""
    plain = _plain(text)
    for word in field.words:
        match = re.search(rf"{re.escape(word)}\s*[:为是]\s*([^。;\n]{{2,{QUOTED}}})", plain)
        if match:
            return text[match.start(1) : match.end(1)].strip()
    return ""

"""Hit: one place in a text that may not be published as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# A masked character; one stands for one, so that a masked text keeps every other place.
STAR = "*"


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit (筛查结果) is data, never an exception.

    ``code`` is permanent (``person.id_number``). ``severity`` is ``block`` (the text may not be published while it stands) or
    ``answer`` (somebody masks it, gives a reason, or rejects the hit). ``start`` and ``end`` are offsets in the screened text,
    ``quote`` is what stands there. ``message`` says in Chinese what, where and what to do, and repeats no personal data.
    ``mask`` is what may stand instead, exactly as long as ``quote``, or ``None`` where hiding characters does not help.
    ``basis`` is the norm. ``place`` names the part of the document, ``""`` for its text.
    """

    code: str
    severity: str
    start: int
    end: int
    quote: str
    message: str
    mask: str | None
    basis: str
    place: str = ""

    def to_json(self) -> dict[str, Any]:
        """The nine fields as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def apply_masks(text: str, hits: Iterable[Hit]) -> str:
    """The text with every hit that has a mask masked; overlapping hits hide what any of them hides.

    The result has the length of ``text``, so that offsets of other hits stay right. :class:`ValueError` when a hit was found
    in another text: masking somewhere else would publish what was to be hidden.
    """
    characters = list(text)
    for hit in hits:
        if hit.mask is None:
            continue
        if text[hit.start : hit.end] != hit.quote or len(hit.mask) != len(hit.quote):
            raise ValueError(f"the hit {hit.code} at {hit.start} was not found in this text")
        for offset, (shown, kept) in enumerate(zip(hit.mask, hit.quote, strict=True), hit.start):
            if shown != kept:
                characters[offset] = shown
    return "".join(characters)


def starred(quote: str, first: int, last: int) -> str:
    """The quote with stars for letters and digits, all but the ``first`` and the ``last``; blanks and signs stay."""
    places = [place for place, character in enumerate(quote) if character.isalnum()]
    hidden = set(places[first : max(len(places) - last, first)])
    return "".join(STAR if place in hidden else character for place, character in enumerate(quote))

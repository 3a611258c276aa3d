"""What screening looks for, as values: codes, marks, numbers, words, wrong terms and hidden parts (``data/screening``).

Screening and checks share two tables: kinds of organ and their self-names (``checks/organs``) and phrases that the law has
left behind (``checks/wording``); both are handed out here for screening, which may not ask the checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gongkai.law.citation import instrument
from gongkai.law.store import load

_SENTENCE_ENDS = re.compile(r"[。；;！!？?\n]")
# How far a sentence is followed: a text without full stops must not be searched anew for every hit.
_REACH = 200


@dataclass(frozen=True, slots=True)
class ScreeningCode:
    """One kind of hit: permanent ``code``, ``severity`` (``block`` or ``answer``), Chinese ``title``, ``basis``."""

    code: str
    severity: str
    title: str
    basis: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A passage that may not stand: told where ``pattern`` fits, ``needs`` fits in its sentence and ``unless`` does not.

    ``word`` stands in every fitting text and is looked for first. ``document`` must fit somewhere in the whole text,
    ``document_not`` nowhere. ``from_year`` is the first year to which it applies.
    """

    id: str
    from_year: int
    pattern: re.Pattern[str]
    says: str
    instead: str
    basis: str
    word: str = ""
    unless: re.Pattern[str] | None = None
    needs: re.Pattern[str] | None = None
    document: re.Pattern[str] | None = None
    document_not: re.Pattern[str] | None = None

    def places(self, text: str) -> Iterator[re.Match[str]]:
        """Every place of the text where the passage stands, with ordinary digits and letters for full-width ones."""
        if self.word not in text or (self.document and not self.document.search(text)):
            return
        if self.document_not and self.document_not.search(text):
            return
        for match in self.pattern.finditer(text):
            sentence = sentence_around(text, match.start(), match.end())
            if not (self.unless and self.unless.search(sentence)) and not (self.needs and not self.needs.search(sentence)):
                yield match


@dataclass(frozen=True, slots=True)
class HiddenKind:
    """A kind of hidden part: the code of its hit, its name and what to do, in Chinese."""

    code: str
    words: str
    advice: str


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence around the place, at most two hundred characters to either side."""
    head, tail = text[max(start - _REACH, 0) : start], text[end : end + _REACH]
    begins = max((match.end() for match in _SENTENCE_ENDS.finditer(head)), default=0)
    stops = _SENTENCE_ENDS.search(tail)
    return head[begins:] + text[start:end] + (tail[: stops.start()] if stops else tail)


@cache
def screening_codes() -> Mapping[str, ScreeningCode]:
    """Code → what it is, in the order of the data; LawMissing when a basis names an unlisted instrument."""
    entries = [ScreeningCode(**entry) for entry in load("screening/codes")["codes"]]
    for entry in entries:
        instrument(entry.basis.partition(":")[0])
    return {entry.code: entry for entry in entries}


def secrecy_words() -> Mapping[str, Any]:
    """Levels, stars, terms and marks of ``marks.yaml``."""
    return load("screening/marks")


def number_words() -> Mapping[str, Any]:
    """Prefixes, lengths, labels and masks of ``numbers.yaml``."""
    return load("screening/numbers")


def person_words() -> Mapping[str, Any]:
    """Words for births, homes, ages and illness of ``persons.yaml``."""
    return load("screening/persons")


def wording_words() -> Mapping[str, Any]:
    """The word lists of ``wording.yaml`` on dates."""
    return load("screening/wording")


def organ_words() -> Mapping[str, Any]:
    """Kinds of organ and their self-names, the table that the checks use too."""
    return load("checks/organs")


@cache
def misspellings() -> Mapping[str, str]:
    """Wrong term → right term."""
    groups = load("screening/misspellings")
    return {wrong: right for group in groups.values() if isinstance(group, dict) for wrong, right in group.items()}


@cache
def outdated_phrases() -> tuple[Phrase, ...]:
    """Phrases that the law has left behind, with the words that must stand beside them outside an annual report."""
    data = load("screening/wording")
    needs = data["outdated_needs"]
    entries = [entry for entry in load("checks/wording")["outdated"] if entry["id"] not in data["outdated_not"]]
    return tuple(_phrase({**entry, "needs": needs.get(entry["id"])}) for entry in entries)


@cache
def wrong_remedies() -> tuple[Phrase, ...]:
    """Remedies that are told wrongly."""
    return tuple(_phrase(entry) for entry in load("screening/wording")["remedies"])


@cache
def hidden_kinds() -> Mapping[str, HiddenKind]:
    """Kind of a hidden part, as the readers name it → how it is told."""
    return {name: HiddenKind(**entry) for name, entry in load("screening/hidden")["kinds"].items()}


def hidden_words() -> Mapping[str, Any]:
    """Kinds that are seen or ignored, names that are nobody's, and places of people's names (``hidden.yaml``)."""
    return load("screening/hidden")


def _phrase(entry: Mapping[str, Any]) -> Phrase:
    def pattern(key: str) -> re.Pattern[str] | None:
        return re.compile(entry[key]) if entry.get(key) else None

    return Phrase(
        id=entry["id"],
        from_year=entry["from_year"],
        pattern=re.compile(entry["pattern"]),
        says=entry["says"],
        instead=entry["instead"],
        basis=entry["basis"],
        word=entry.get("word", ""),
        unless=pattern("unless"),
        needs=pattern("needs"),
        document=pattern("document"),
        document_not=pattern("document_not"),
    )

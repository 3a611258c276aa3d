"""The letters and forms of disclosure on request (文书): what each must hold, name and state: ``data/requests/letters.yaml``.

>>> import datetime
>>> on = datetime.date(2024, 3, 1)
>>> asked = letter("supplement", on=on)
>>> asked.name, asked.series
('政府信息公开申请补正告知书', '补')
>>> missing(asked, given=["organ", "addressee", "contact", "applicant", "received_on", "unclear_part", "guidance"])
('需要补正的事项（一次写全）', '合理的补正期限')
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from gongkai.law.citation import cite
from gongkai.law.requests.outcomes import Outcome
from gongkai.law.requests.periods import Entry, holding, holds
from gongkai.law.screening import Phrase, outdated_phrases, wrong_remedies
from gongkai.law.store import LawMissing, load
from gongkai.law.values import at

_SERIES_FIELD = "类"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_VALUE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter or form (文书) on one day.

    ``direction`` is outgoing, incoming, internal or register; ``addressee`` applicant, third_party, co_organ, unit, keeper or ``None``.
    ``series`` is the word of its kind in its number, ``None`` where it has no number of its own. ``fields`` must be given before it is
    signed, ``on_signing`` comes with the signature, and those of ``never`` must not be given. ``articles`` are what it must name,
    ``None`` where the outcome decides; ``remedy`` is ``none``, ``R2`` or ``by_outcome``. ``states`` are sentences to print, with
    ``{organ}`` for the organ.
    """

    id: str
    number: str
    name: str
    basis: str
    direction: Literal["outgoing", "incoming", "internal", "register"]
    addressee: str | None
    series: str | None
    fields: tuple[str, ...]
    on_signing: tuple[str, ...]
    never: tuple[str, ...]
    articles: tuple[str, ...] | None
    remedy: Literal["none", "R2", "by_outcome"]
    states: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Abolished:
    """A place that names an abolished rule or tells a remedy wrongly: ``quote`` at ``start``, what is wrong and what to write instead."""

    id: str
    start: int
    quote: str
    says: str
    instead: str
    basis: str


def letter(name: str, *, on: datetime.date) -> Letter:
    """The letter with that id as the law stands on a day; :class:`LawMissing` for an unknown id or a day before it."""
    return _letter(holding(load("requests/letters")["letters"], key="id", name=name, on=on, what="文书"), on)


def letters(*, on: datetime.date) -> tuple[Letter, ...]:
    """Every letter of the day, in the order of their numbers."""
    return tuple(_letter(entry, on) for entry in load("requests/letters")["letters"] if holds(entry, on))


@cache
def field_words() -> Mapping[str, str]:
    """The fields of letters: id → Chinese."""
    words: Mapping[str, str] = load("requests/fields")["fields"]
    return words


def required(told: Letter, outcome: Outcome | None = None) -> tuple[str, ...]:
    """The fields that must be given before the letter is signed: its own, then what the outcome that it tells asks for.

    :class:`ValueError` for an outcome that another letter tells, and for a reply without one.
    """
    if (told.remedy == "by_outcome") != (outcome is not None) or (outcome and outcome.letter != told.id):
        raise ValueError(f"the letter {told.id} does not tell {outcome and outcome.code}")
    return tuple(dict.fromkeys((*told.fields, *(outcome.given if outcome else ()))))


def missing(told: Letter, *, given: Collection[str], outcome: Outcome | None = None) -> tuple[str, ...]:
    """What the letter lacks, in Chinese; it may be signed when nothing. Errors as :func:`required`.

    ``given`` are the ids of the fields that hold something: a blank is not given.
    """
    return tuple(field_words()[name] for name in required(told, outcome) if name not in given)


def unwanted(told: Letter, *, given: Collection[str]) -> tuple[str, ...]:
    """What was given and must not stand in the letter, in Chinese, such as the requester's name in a letter to a third party."""
    return tuple(field_words()[name] for name in told.never if name in given)


def articles(told: Letter, *, on: datetime.date, outcome: Outcome | None = None, grounds: Sequence[str] = ()) -> tuple[str, ...]:
    """What the letter must name: its own articles, or those of the outcome and the grounds chosen. Errors as :meth:`Outcome.rests_on`."""
    if told.articles is not None:
        return told.articles
    if outcome is None:
        raise ValueError(f"the letter {told.id} names what its outcome rests on")
    return outcome.rests_on(grounds, on=on)


def unnamed(text: str, bases: Sequence[str]) -> tuple[str, ...]:
    """Those of the bases whose article, or item of an article, the text does not name, in Chinese. The title may be shortened."""
    flat = "".join(text.split()).replace("(", "（").replace(")", "）")
    return tuple(cite(basis) for basis in bases if not all(part in flat for part in _parts(basis)))


def states(told: Letter, *, organ: str, on: datetime.date) -> tuple[str, ...]:
    """The sentences that the letter prints, with the organ's word for itself and the periods of the day."""
    limits = {name: at(on).value(name).words for one in told.states for name in _VALUE.findall(one) if name != "organ"}
    return tuple(one.format(organ=organ, **limits) for one in told.states)


def number_values(told: Letter, *, pattern: str, mark: str) -> Mapping[str, str]:
    """The organ's fields of the letter's number for :func:`gongkai.law.numbering.render_number` and ``serial_key``.

    ``mark`` is the organ's word (机关代字); the word of the series is given where the pattern asks for it. Each series counts for itself
    only in a pattern that names it. :class:`LawMissing` for a letter without a number.
    """
    if told.series is None:
        raise LawMissing(f"“{told.name}”没有自己的文号。")
    return {"代字": mark} | ({_SERIES_FIELD: told.series} if f"{{{_SERIES_FIELD}}}" in pattern else {})


def abolished(text: str, on: datetime.date) -> tuple[Abolished, ...]:
    """Every place of a letter that names an abolished rule or tells a remedy wrongly, in the order of the text; empty when it may go out.

    Of places that overlap and rest on the same article, the first and longest is told.
    """
    found = [hit for phrase in _phrases() if on.year >= phrase.from_year for hit in _found(phrase, text)]
    told: list[Abolished] = []
    for hit in sorted(found, key=lambda hit: (hit.start, -len(hit.quote), hit.id)):
        if not any(hit.basis == before.basis and hit.start < before.start + len(before.quote) for before in told):
            told.append(hit)
    return tuple(told)


def _letter(entry: Entry, on: datetime.date) -> Letter:
    data = load("requests/letters")
    outgoing, series = entry["direction"] == "outgoing", entry.get("series")
    head, end = (data["head"], data["on_signing"]) if outgoing else ([], [])
    named = entry["articles"]
    return Letter(
        **{key: entry[key] for key in ("id", "number", "name", "basis", "direction", "remedy", "confidence")},
        addressee=entry.get("addressee"),
        series=series,
        fields=(*head, *entry["fields"]),
        on_signing=(*(["number"] if series else []), *end),
        never=tuple(entry.get("never", ())),
        articles=None if named == "by_outcome" else tuple(named),
        states=tuple(entry.get("states", ())),
    )


@cache
def _phrases() -> tuple[Phrase, ...]:
    """The phrases of screening, asked for in a text that is known to be about a request."""
    own = load("requests/letters")["abolished"]
    needs = {name: re.compile(pattern) for name, pattern in own["needs"].items()}
    outdated = (replace(phrase, needs=needs.get(phrase.id)) for phrase in outdated_phrases() if phrase.id not in own["not"])
    return (*outdated, *wrong_remedies())


def _found(phrase: Phrase, text: str) -> Iterator[Abolished]:
    for match in phrase.places(text.translate(_FULL_WIDTH)):
        yield Abolished(phrase.id, match.start(), text[match.start() : match.end()], phrase.says, phrase.instead, phrase.basis)


def _parts(basis: str) -> Iterator[str]:
    """The article and the item of a basis as statutes write them; the document number where it names no article."""
    words = cite(basis).partition("》")[2]
    found = re.match(r"(?P<article>第[^第]+条)(?:第[^第]+款)?(?P<item>第（.+）项)?", words)
    return (part for part in (found.groups() if found else (words.strip("（）"),)) if part)

"""How a request may end (办理结果): ``data/requests/outcomes.yaml`` as values.

>>> import datetime
>>> denied = outcome("deny_process", on=datetime.date(2024, 3, 1))
>>> denied.row("2021"), denied.letter, denied.remedy
('denied_process_info', 'deny', 'R1')
>>> denied.grounds
('16-2a', '16-2b', '16-2c', '16-2d')
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from gongkai.errors import Refused
from gongkai.law.attributes import exemption
from gongkai.law.citation import instrument
from gongkai.law.requests.periods import Entry, holding, holds
from gongkai.law.store import LawMissing, load


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome (办理结果) on one day.

    ``words`` is what a screen calls it, ``bases`` what the reply must name (empty where no article speaks of it), ``rows`` the row of
    table three by edition of the form, ``letter`` the id of the letter that tells it. ``remedy`` is the class ``R1`` or ``R2``, or
    ``by_ground``; ``remedy_others`` may be signed for instead. ``grounds`` are the ids of :func:`gongkai.law.attributes.exemptions` to
    choose from, ``parts`` the outcomes that may stand beside them. ``given`` and ``given_if_known`` are fields of the reply.
    ``unsure`` names what is less certain than ``confidence`` says: ``row``, ``letter`` or ``remedy`` → confidence.
    """

    code: str
    words: str
    bases: tuple[str, ...]
    rows: Mapping[str, str]
    letter: str
    remedy: Literal["R1", "R2", "by_ground"]
    remedy_others: tuple[Literal["R1", "R2"], ...]
    grounds: tuple[str, ...]
    parts: tuple[str, ...]
    given: tuple[str, ...]
    given_if_known: tuple[str, ...]
    confidence: str
    unsure: Mapping[str, str] = field(default_factory=dict)

    def row(self, edition: str) -> str:
        """The row of table three in which that edition of the form counts it; :class:`LawMissing` where it has none."""
        if edition not in self.rows:
            raise LawMissing(f"{edition}版年度报告格式中没有“{self.words}”对应的行。")
        return self.rows[edition]

    @property
    def overrides(self) -> Mapping[str, tuple[str, ...]]:
        """What lifts a ground (consent, public_interest, statute), for the grounds that something lifts."""
        known = {ground: exemption(ground).overrides for ground in self.grounds}
        return {ground: lifted for ground, lifted in known.items() if lifted}

    def chosen(self, grounds: Sequence[str]) -> tuple[str, ...]:
        """The grounds that an officer chose, in the order of the law; the only one where there is one.

        :class:`gongkai.errors.Refused` for a ground that is not open to the outcome, and for none where one must be chosen.
        """
        open_to = (*self.grounds, *self.parts)
        strange = [ground for ground in grounds if ground not in open_to]
        if strange:
            raise Refused(f"“{self.words}”不能选择理由“{'、'.join(strange)}”，请从本结果可以适用的理由中选择。")
        picked = tuple(ground for ground in open_to if ground in grounds)
        if picked or not open_to:
            return picked
        if len(open_to) == 1:
            return open_to
        raise Refused(f"“{self.words}”应当写明适用的具体理由，请至少选择一项。")

    def rests_on(self, grounds: Sequence[str] = (), *, on: datetime.date) -> tuple[str, ...]:
        """What a reply must name: the outcome's own bases, then those of the grounds chosen. Errors as :meth:`chosen`."""
        of_grounds = (
            outcome(ground, on=on).bases if ground in self.parts else (exemption(ground).basis,) for ground in self.chosen(grounds)
        )
        return tuple(dict.fromkeys((*self.bases, *(basis for bases in of_grounds for basis in bases))))


def outcome(code: str, *, on: datetime.date) -> Outcome:
    """The outcome with that code as the law stands on a day; :class:`LawMissing` for an unknown code, or a day on which it is not one."""
    return _outcome(_number(holding(_entries(), key="code", name=code, on=on, what="办理结果")))


def outcomes(*, on: datetime.date) -> tuple[Outcome, ...]:
    """Every outcome of the day, in the order in which an officer is offered them."""
    return tuple(_outcome(number) for number, entry in enumerate(_entries()) if holds(entry, on))


def _entries() -> list[Entry]:
    entries: list[Entry] = load("requests/outcomes")["outcomes"]
    return entries


def _number(entry: Entry) -> int:
    return next(number for number, known in enumerate(_entries()) if known is entry)


@cache
def _outcome(number: int) -> Outcome:
    entry = _entries()[number]
    for basis in entry["bases"]:
        instrument(basis.partition(":")[0])  # an outcome whose instrument nobody listed must not load
    lists = ("bases", "remedy_others", "grounds", "parts", "given", "given_if_known")
    told: dict[str, Any] = {name: tuple(entry.get(name, ())) for name in lists}
    told |= {name: entry[name] for name in ("code", "words", "rows", "letter", "remedy", "confidence")}
    return Outcome(**told, unsure=entry.get("unsure", {}))

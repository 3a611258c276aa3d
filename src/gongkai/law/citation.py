"""The legal instruments that a ``basis`` points to, and a basis in the words an officer reads.

A basis is ``instrument:place``: ``reg:33.2`` is article 33, paragraph 2; ``reg:36(4)`` item 4 of article 36; a place that is
no article, such as ``format-2021:t3``, names a part of a form.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from gongkai.law.store import LawMissing, load

_ARTICLE = re.compile(r"(?P<article>\d+)(?:\.(?P<paragraph>\d+))?(?:\((?P<item>\d+)\))?")
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A statute, rule or notice with its dates.

    ``in_force_until`` is the last day in force, ``None`` while nothing replaces it. ``confidence`` is ``seen`` (checked with a
    published copy) or ``memory-high`` (still to be checked).
    """

    id: str
    title: str
    document: str
    issued_on: datetime.date
    in_force_from: datetime.date
    confidence: str
    in_force_until: datetime.date | None = None
    superseded_by: str | None = None

    def is_in_force(self, *, day: datetime.date) -> bool:
        """Whether the instrument binds on that day."""
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)


@cache
def instruments() -> tuple[Instrument, ...]:
    """Every instrument, in the order of the data file."""
    return tuple(Instrument(**entry) for entry in load("instruments")["instruments"])


@cache
def _by_id() -> dict[str, Instrument]:
    return {entry.id: entry for entry in instruments()}


def instrument(name: str) -> Instrument:
    """The instrument with that id; :class:`LawMissing` when there is none."""
    found = _by_id().get(name)
    if found is None:
        raise LawMissing(f"没有代号为“{name}”的法律文件。")
    return found


def cite(basis: str) -> str:
    """A basis in Chinese: ``reg:33.2`` → 《中华人民共和国政府信息公开条例》第三十三条第二款.

    Where the place is no article, the instrument's title and document number stand for it. :class:`LawMissing` when the
    instrument is unknown.
    """
    name, _, place = basis.partition(":")
    source = instrument(name)
    match = _ARTICLE.fullmatch(place)
    if match is None:
        return f"《{source.title}》（{source.document}）"
    article, paragraph, item = match.group("article", "paragraph", "item")
    words = f"第{_chinese(int(article))}条"
    if paragraph:
        words += f"第{_chinese(int(paragraph))}款"
    if item:
        words += f"第（{_chinese(int(item))}）项"
    return f"《{source.title}》{words}"


def cite_all(bases: Iterable[str]) -> str:
    """Several bases in Chinese, an instrument's title once and its articles in order: 《…条例》第十五条、第三十二条和《…法》第二十条.

    Instruments stand in the order in which they come; one basis at least. Errors as :func:`cite`.
    """
    listed = list(bases)
    places: dict[str, list[str]] = {basis.partition(":")[0]: [] for basis in listed}
    for basis in sorted(listed, key=lambda basis: [int(number) for number in re.findall(r"\d+", basis.partition(":")[2])]):
        places[basis.partition(":")[0]].append(cite(basis).partition("》")[2])
    *told, last = [f"《{instrument(name).title}》" + "、".join(dict.fromkeys(found)) for name, found in places.items()]
    return f"{'、'.join(told)}和{last}" if told else last


def _chinese(number: int) -> str:
    """A number from 1 to 199 as statutes write it: 10 十, 23 二十三, 108 一百零八, 115 一百一十五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if hundreds and ones and not tens:
        words += "零"
    if tens:
        words += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    return words + (_DIGITS[ones] if ones else "")

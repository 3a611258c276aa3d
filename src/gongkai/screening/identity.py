"""Identity numbers (居民身份证号码) of 18 and 15 digits, wherever they stand: between letters, inside longer numbers, with blanks.

A number of 18 digits is known by province, day of birth and check digit. One of 15 has no check digit: it must stand by
itself, at most with a few letters glued to it, and words beside it that name another kind of number let it pass.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from gongkai.law.screening import number_words
from gongkai.screening.checksums import age, birth_day, id_holds
from gongkai.screening.hit import Hit, starred
from gongkai.screening.passage import Passage

LABEL_REACH = 14
ADVICE = "请遮盖；确需公开的，写明理由。"

# What may stand inside one number: blanks of any width, marks of no width, hyphens, one line break.
_BLANKS = r" \t\u3000\u00a0\u2000-\u200d\u2060\ufeff"
_GAP = re.compile(rf"[{_BLANKS}\-－–—]{{1,3}}|[ \t\u3000]{{0,2}}\r?\n[ \t\u3000]{{0,2}}")
# Digits with an X at their end; an X by itself where the number is written with blanks.
_TOKEN = re.compile(rf"[0-9]+[XxⅩ×]?|(?<=[0-9][{_BLANKS}\n\-－–—])[Xx](?![A-Za-z0-9])")
_GAP_MOST = 6
# A few letters may be glued to a number (ID110101…); more of them, or digits and signs beyond, make it part of a code.
_GLUED_BEFORE = re.compile(r"(?<![0-9A-Za-z\-_./+])[A-Za-z]{0,3}\Z")
_GLUED_AFTER = re.compile(r"[A-Za-zⅩ×]{0,3}(?![0-9A-Za-z\-_/+]|\.[0-9A-Za-z])")
_SHORTEST = 15


@dataclass(frozen=True, slots=True)
class _Chain:
    """Digits that may be one number. ``at`` are their offsets; ``starts`` and ``ends``: where groups of them begin and end."""

    digits: str
    at: Sequence[int]
    starts: frozenset[int]
    ends: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Patterns:
    long: re.Pattern[str]
    short: re.Pattern[str]
    suspected: re.Pattern[str]
    labels: re.Pattern[str]
    others: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    data = number_words()
    provinces, labels = "|".join(data["provinces"]), "|".join(map(re.escape, data["id_labels"]))
    month_day = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    return _Patterns(
        long=re.compile(
            rf"(?=((?:(?:{provinces})[0-9]{{4}}|{data['foreigner']}(?:{provinces})[0-9]{{3}})(?:19|20)[0-9]{{2}}{month_day}[0-9]{{3}}[0-9X]))"
        ),
        short=re.compile(rf"(?=((?:{provinces})[0-9]{{4}}[0-9]{{2}}{month_day}[0-9]{{3}}))"),
        suspected=re.compile(
            rf"(?:{labels})(?:件?号码?|号)?[ \u3000:：为是（(]{{0,4}}(?<![0-9])([0-9](?:[ \-]?[0-9]){{13,17}}[ \-]?[0-9Xx])(?![0-9Xx])"
        ),
        labels=re.compile(labels),
        others=re.compile("|".join(map(re.escape, data["other_labels"]))),
    )


def find_identity_numbers(passage: Passage) -> Iterator[Hit]:
    """Identity numbers, those of children as such, and numbers that the text calls so although they do not hold."""
    spans: list[tuple[int, int]] = []
    for chain in _chains(passage.flat):
        for start, end, birth in (*_long(chain, passage), *_short(chain, passage)):
            spans.append((start, end))
            yield _hit(passage, start, end, birth)
    yield from _suspected(passage, spans)


def _hit(passage: Passage, start: int, end: int, birth: str) -> Hit:
    data = number_words()
    mask = starred(passage.text[start:end], *data["masks"]["id_number"])
    day = birth_day(birth)
    if day and age(day, passage.on) < data["child_under"]:
        told = f"有不满{years_in_words(data['child_under'])}周岁儿童的身份证号码（{mask}）。请遮盖，同处的姓名也请隐去；确需公开的，写明监护人同意等理由。"
        return passage.hit("person.minor", (start, end), told, mask=mask)
    return passage.hit("person.id_number", (start, end), f"有居民身份证号码（{mask}）。{ADVICE}", mask=mask)


def years_in_words(number: int) -> str:
    """A number below twenty as statutes write an age: 十四."""
    return f"{'十' if number > 9 else ''}{'〇一二三四五六七八九'[number % 10]}"


def digit_groups(flat: str, first: int = 0, last: int = sys.maxsize) -> Iterator[list[tuple[int, int]]]:
    """Where runs of digits stand, those together between which there is only what may stand inside one number."""
    group: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(flat, first, last):
        if group and not _joined(flat, group[-1][1], match.start()):
            yield group
            group = []
        group.append(match.span())
    yield group


def _chains(flat: str) -> Iterator[_Chain]:
    """Runs of digits, joined where only what may stand inside a number is between them."""
    for group in digit_groups(flat):
        yield from _chain(flat, group)


def _joined(flat: str, end: int, start: int) -> bool:
    return 0 < start - end <= _GAP_MOST and _GAP.fullmatch(flat, end, start) is not None


def _chain(flat: str, group: list[tuple[int, int]]) -> Iterator[_Chain]:
    """The group as a chain; none when it is too short for any number that is looked for."""
    if sum(end - start for start, end in group) < _SHORTEST:
        return
    digits = "".join(flat[start:end] for start, end in group).upper().replace("Ⅹ", "X").replace("×", "X")
    at: Sequence[int] = range(*group[0]) if len(group) == 1 else [place for span in group for place in range(*span)]
    yield _Chain(digits, at, frozenset(start for start, _ in group), frozenset(end for _, end in group))


def _place(chain: _Chain, first: int, length: int) -> tuple[int, int] | None:
    """Where the digits stand, when they are one run, or whole groups."""
    start, end = chain.at[first], chain.at[first + length - 1] + 1
    whole = start in chain.starts and end in chain.ends
    return (start, end) if whole or end - start == length else None


def _long(chain: _Chain, passage: Passage) -> Iterator[tuple[int, int, str]]:
    first_year = number_words()["first_birth_year"]
    for match in _patterns().long.finditer(chain.digits) if len(chain.digits) >= 18 else ():
        number = match[1]
        day = birth_day(number[6:14])
        if day is None or not first_year <= day.year or day > passage.on or not id_holds(number):
            continue
        place = _place(chain, match.start(), 18)
        if place:
            yield *place, number[6:14]


def _short(chain: _Chain, passage: Passage) -> Iterator[tuple[int, int, str]]:
    for match in _patterns().short.finditer(chain.digits) if len(chain.digits) >= 15 else ():
        place = _place(chain, match.start(), 15)
        if place is None or place[0] not in chain.starts or birth_day(match[1][6:12]) is None:
            continue
        # A letter X behind it was taken for the check digit of a longer number.
        if place[1] not in chain.ends and not (place[1] + 1 in chain.ends and chain.digits[match.start() + 15] == "X"):
            continue
        if _stands_alone(passage, *place) and _may_be_short(passage, *place):
            yield *place, match[1][6:12]


def _stands_alone(passage: Passage, start: int, end: int) -> bool:
    """Not part of a code: no sign of a code, decimal or more than a few letters beside it."""
    before, after = passage.flat[max(start - 4, 0) : start], passage.flat[end : end + 5]
    return _GLUED_BEFORE.search(before) is not None and _GLUED_AFTER.match(after) is not None


def _may_be_short(passage: Passage, start: int, end: int) -> bool:
    """One run, or groups as people write them (6-6-3); and no word beside it that names another number, unless one names it so."""
    quote = passage.flat[start:end]
    if end - start != 15 and [len(part) for part in re.split(r"[^0-9]+", quote)] != [6, 6, 3]:
        return False
    beside = passage.before(start, LABEL_REACH) + passage.heading(start)
    return bool(_patterns().labels.search(beside)) or not _patterns().others.search(beside)


def _suspected(passage: Passage, found: Sequence[tuple[int, int]]) -> Iterator[Hit]:
    """Numbers behind the words 身份证号码, or in such a column, that are no valid identity numbers."""
    known = {place for start, end in found for place in (start, end - 1)}
    spans = {match.span(1) for match in _patterns().suspected.finditer(passage.flat)}
    for cell in passage.cells:
        named = _patterns().labels.search(cell.heading)
        number = re.search(r"(?<![0-9])[0-9](?:[ \-]?[0-9]){13,17}[ \-]?[0-9Xx]", passage.flat[cell.start : cell.end]) if named else None
        if number:
            spans.add((cell.start + number.start(), cell.start + number.end()))
    for start, end in sorted(spans):
        if known.isdisjoint(range(start, end)):
            mask = starred(passage.text[start:end], *number_words()["masks"]["id_number"])
            told = f"写明是身份证号码（{mask}），但位数或者校验位不对，可能写错了。请遮盖；不是身份证号码的，请改正说法。"
            yield passage.hit("person.id_suspected", (start, end), told, mask=mask)

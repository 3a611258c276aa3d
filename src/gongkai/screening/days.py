"""Days as texts write them: 2024年2月30日, 2024-02-30, 二〇二四年二月三十日, 2月30日.

>>> [written.day for written in find_days("自2024年3月1日起，原定2月30日的会议改期")]
[datetime.date(2024, 3, 1), None]
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TENS = "一二三四五六七八九十"
_YEAR_SIGNS = "〇○零0Oo一二三四五六七八九"
_PATTERN = re.compile(
    r"(?<![0-9])(?P<y>(?:1[89]|20)[0-9]{2})[ ]?年[ ]?(?P<m>[0-9]{1,2})[ ]?月(?:[ ]?(?P<d>[0-9]{1,2})[ ]?[日号])?"
    r"|(?<![0-9A-Za-z\-./〕\]])(?P<y2>(?:19|20)[0-9]{2})(?P<sign>[-/.])(?P<m2>[0-9]{1,2})(?P=sign)(?P<d2>[0-9]{1,2})(?![0-9A-Za-z\-/]|\.[0-9])"
    rf"|(?P<y3>[一二][{_YEAR_SIGNS}]{{3}})年(?P<m3>[{_TENS}]{{1,3}})月(?P<d3>[{_TENS}]{{1,3}})日"
    r"|(?<![0-9])(?P<m4>[0-9]{1,2})[ ]?月[ ]?(?P<d4>[0-9]{1,2})[ ]?[日号]"
)
# No leap year is named where only month and day are: 2月29日 is a day then.
_ANY_YEAR = 2000


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day in a text. ``day`` is ``None`` when there is no such day; ``has_year`` and ``has_day`` tell what is written."""

    start: int
    end: int
    day: datetime.date | None
    has_year: bool = True
    has_day: bool = True


def find_days(flat: str) -> Iterator[WrittenDay]:
    """Every day that the text names, in order; digits are ordinary ones."""
    for match in _PATTERN.finditer(flat):
        part = match.groupdict()
        month = part["m"] or part["m2"] or part["m3"] or part["m4"]
        written = part["d"] or part["d2"] or part["d3"] or part["d4"]
        year = part["y"] or part["y2"] or part["y3"]
        day = _day(_year(year), _number(month), _number(written) if written else 1)
        yield WrittenDay(match.start(), match.end(), day, year is not None, written is not None)


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _year(written: str | None) -> int:
    if written is None:
        return _ANY_YEAR
    return int(written) if written.isdigit() and written.isascii() else int("".join(_year_digit(sign) for sign in written))


def _year_digit(sign: str) -> str:
    return "0" if sign in "〇○零0Oo" else str(_TENS.index(sign) + 1)


def _number(written: str) -> int:
    """12, or 十二, 三十一; 0 for what is no number, so that it is no day either."""
    if written.isascii():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if any(len(part) > 1 for part in (tens, ones)) or "十" in tens:
        return 0
    units = _TENS.index(ones) + 1 if ones else 0
    return ((_TENS.index(tens) + 1 if tens else 1) * 10 if ten else 0) + units

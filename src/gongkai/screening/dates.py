"""Days that cannot be: days that no calendar has, and days to come that are told as past."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gongkai.law.screening import wording_words
from gongkai.screening.days import WrittenDay
from gongkai.screening.hit import Hit
from gongkai.screening.passage import Passage

_SAID_BEFORE = re.compile(r"(?:已|业已|已经)[^，。；\n]{0,4}\Z|于\Z")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = wording_words()
    happened = "|".join(data["happened"])
    return {
        "happened": re.compile(rf"[^，。；;\n]{{0,10}}?(?:{happened})"),
        "planned_before": re.compile("|".join(data["planned_before"])),
        "planned_after": re.compile(data["planned_after"]),
        "lunar": re.compile("|".join(data["lunar"])),
    }


def find_wrong_days(passage: Passage) -> Iterator[Hit]:
    """Every impossible day, and every day after ``passage.on`` on which something is said to have happened."""
    for written in passage.days:
        span = (written.start, written.end)
        if written.day is None:
            # 2024.13.5 may be a version or a chapter.
            if "." not in passage.flat[slice(*span)] and not _patterns()["lunar"].search(passage.before(written.start, 8)):
                yield passage.hit("date.impossible", span, f"写有“{passage.text[slice(*span)]}”，历法上没有这一天。请核对后改正。")
        elif written.has_year and written.has_day and written.day > passage.on and _is_told_as_past(passage, written):
            on = f"{passage.on.year}年{passage.on.month}月{passage.on.day}日"
            yield passage.hit("date.future", span, f"写有“{passage.text[slice(*span)]}”，晚于今天（{on}），却写成已经发生。请核对日期。")


def _is_told_as_past(passage: Passage, written: WrittenDay) -> bool:
    patterns = _patterns()
    before, after = passage.before(written.start, 10), passage.after(written.end, 20)
    clause = re.split(r"[，。；;、]", before)[-1]
    if patterns["planned_before"].search(clause) or patterns["planned_after"].match(after):
        return False
    start, end = passage.bounds(passage.line(written.start))
    if not passage.flat[start : written.start].strip() and not passage.flat[written.end : end].strip():
        return True  # a date that is a line by itself is a signature's
    return bool(_SAID_BEFORE.search(before) and patterns["happened"].match(after))

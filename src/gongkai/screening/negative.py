"""The organ's own list of what may not be published (不得公开清单): plain terms, and terms with wildcards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gongkai.errors import GongkaiError
from gongkai.screening.hit import Hit, starred
from gongkai.screening.passage import Passage, plain

# What a star stands for at most: a term should name one thing, not a paragraph.
WIDEST = 20


def find_listed(passage: Passage, entries: Sequence[str]) -> Iterator[Hit]:
    """Every place that an entry of the list fits.

    An entry is a term; ``?`` in it is any one character, ``*`` up to twenty characters of one line. Case and full-width letters
    do not matter. :class:`GongkaiError` for an entry that would fit everywhere.
    """
    if not entries:
        return
    searched = _lowered(passage.flat)
    for number, entry in enumerate(entries, start=1):
        for start, end in _fits(searched, _pieces(entry, number)):
            mask = starred(passage.text[start:end], 0, 0)
            told = f"有本机关不得公开清单上的内容（第{number}项“{entry.strip()}”）。请删除或者遮盖；确需公开的，写明理由。"
            yield passage.hit("list.negative", (start, end), told, mask=mask)


def _lowered(text: str) -> str:
    """In small letters and as long as before: a few letters have small forms of two characters, which would shift every place."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)


def names_something(entry: str) -> bool:
    """Whether an entry has at least two characters of its own between its wildcards: one alone would fit nearly everywhere.

    >>> names_something("镇*"), names_something("低保*名单")
    (False, True)
    """
    return len(re.sub(r"[*?＊？\s]", "", entry)) > 1


def _pieces(entry: str, number: int) -> list[re.Pattern[str]]:
    """The parts between stars; the stars are bridged by hand, so that no text takes long."""
    parts = [part for part in _lowered(plain(entry).strip().translate(str.maketrans("＊？", "*?"))).split("*") if part]
    if not any(part.strip("? \t\u3000") for part in parts):
        raise GongkaiError(f"不得公开清单第{number}项“{entry.strip()}”没有写明内容，会命中全部文字。请改写或者删去。")
    return [re.compile("".join(r"[^\n]" if sign == "?" else re.escape(sign) for sign in part)) for part in parts]


def _fits(text: str, pieces: list[re.Pattern[str]]) -> Iterator[tuple[int, int]]:
    done = 0
    for first in pieces[0].finditer(text):
        end: int | None = first.end()
        for piece in pieces[1:]:
            end = _next(text, piece, end) if end is not None else None
        if end is not None and first.start() >= done:
            done = end
            yield first.start(), end


def _next(text: str, piece: re.Pattern[str], after: int) -> int | None:
    """Where the piece ends that begins at most ``WIDEST`` characters on, in the same line."""
    longest = after + WIDEST + len(piece.pattern)
    match = piece.search(text, after, longest)
    if match is None or match.start() - after > WIDEST or "\n" in text[after : match.start()]:
        return None
    return match.end()

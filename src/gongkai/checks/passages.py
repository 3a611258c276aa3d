"""Cutting a narrative into what a check looks at: paragraphs, sentences, numbered items."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENDS = tuple("。！？；：:;!?」”）)")
_STARTS = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[）)、．.]|[（(]?\d{1,2}[）)、．.](?!\d)|[一二三四五六七八九十]{1,2}是)")
_SENTENCE_ENDS = "。；！？\n"
_QUOTE = 80
_WIDE = re.compile(r"\s{2,}")

NUMERALS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {
    f"十{word}": 10 + number for number, word in enumerate("一二三四五六七八九", 1)
}


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text; a long line that stops in mid-sentence goes on in the next, as pages print it.

    Wide blanks become one, so that no pattern that allows for blanks has to try many of them.
    """
    found: list[list[str]] = []
    length = 0
    for line in text.split("\n"):
        stripped = _WIDE.sub(" ", line.strip())
        if not stripped:
            continue
        if length >= 25 and not found[-1][-1].endswith(_ENDS) and not _STARTS.match(stripped):
            found[-1].append(stripped)
            length += len(stripped)
        else:
            found.append([stripped])
            length = len(stripped)
    return ["".join(parts) for parts in found]


def sentence_at(text: str, start: int, end: int | None = None) -> str:
    """The sentence around ``text[start:end]``, at most 80 characters of it, without line breaks."""
    stop = start if end is None else end
    # Beyond the length of a quote it makes no difference where the sentence really ends.
    first, last = max(start - _QUOTE - 1, 0), min(stop + _QUOTE + 1, len(text))
    left = max(max(text.rfind(sign, first, start) for sign in _SENTENCE_ENDS) + 1, first)
    rights = [place for place in (text.find(sign, stop, last) for sign in _SENTENCE_ENDS) if place >= 0]
    right = min(rights) + 1 if rights else last
    if right - left > _QUOTE:
        left = max(left, start - _QUOTE // 2)
        right = min(right, left + _QUOTE)
    return "".join(text[left:right].split())


@dataclass(frozen=True, slots=True)
class Numbered:
    """A numbered item: its number, how it is printed, and where its text begins and ends."""

    number: int
    printed: str
    start: int
    end: int


# What a number looks like, and what may stand before it where it begins an item.
_KINDS = {
    "bracket": (re.compile(r"[（(]([一二三四五六七八九十]{1,2})[）)]"), "\n。；;：: \t\u3000"),
    "digit": (re.compile(r"(\d{1,2})[.．、](?!\d)"), "\n"),
    "ordinal": (re.compile(r"([一二三四五六七八九十]{1,2})是"), "\n。；;：:，, \t\u3000）)"),
}


def numbered(text: str, kind: str) -> list[Numbered]:
    """The items of one kind in a text: ``bracket`` （一）, ``digit`` 1., ``ordinal`` 一是; ``start`` is after the number."""
    pattern, before = _KINDS[kind]
    marks = [
        (number, mark)
        for mark in pattern.finditer(text)
        if mark.start() == 0 or text[mark.start() - 1] in before
        if (number := NUMERALS.get(mark[1]) or (int(mark[1]) if mark[1].isdigit() else 0))
    ]
    stops = [mark.start() for _, mark in marks[1:]] + [len(text)]
    return [Numbered(number, mark[0], mark.end(), stop) for (number, mark), stop in zip(marks, stops, strict=False)]

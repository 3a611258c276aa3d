"""What somebody may have meant who found little: other words of public titles that sound the same or are written nearly the same.

Everything here only proposes. Who asks looks each proposal up as a search of its own, and shows only what finds something public.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tantivy
from rapidfuzz.distance import Levenshtein

from gongkai.web.search.engine import looked_up
from gongkai.web.search.folder import breaking
from gongkai.web.search.sounds import HAN, LONGEST, SHORTEST, alike, sound
from gongkai.web.search.words import folded, tokens

# How much is looked at: characters of a question, terms of one sound, proposals for one word, proposals in all;
# and the most words of which one is left out.
MOST, _MOST_TERMS, _MOST_WORDS, _MOST_GUESSES, _MOST_SHORTER = 30, 60, 4, 8, 6
_LETTERS = re.compile(r"[a-z][a-z' ]*[a-z]")
# From this length on one wrong character leaves enough to tell the word by.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class _Heard:
    """The words of the titles, by how they sound and how they are written."""

    searcher: tantivy.Searcher

    def alike(self, key: str) -> list[str]:
        """The words of that sound, the most frequent first."""
        found = self.searcher.terms_with_prefix("heard", f"{alike(key)}:", None, _MOST_TERMS)
        return [term.partition(":")[2] for term, _ in sorted(found, key=lambda row: (sound(row[0].partition(":")[2]) != key, -row[1]))]

    def written(self, word: str) -> list[str]:
        """The words that differ from this one in one character, and begin or end as it does."""
        ways = ((">", word), ("<", word[::-1]))
        rows = [
            (term[1:], n, mark) for mark, text in ways for term, n in self.searcher.terms_with_prefix("heard", mark + text[0], None, 2000)
        ]
        near = {(found if mark == ">" else found[::-1]): n for found, n, mark in rows}
        return sorted((one for one in near if Levenshtein.distance(one, word, score_cutoff=1) == 1), key=lambda one: -near[one])

    def holds(self, word: str) -> bool:
        """Whether a title has the word."""
        return self.searcher.doc_freq("heard", f"{alike(sound(word))}:{word}") > 0


def guesses(typed: str, *, folder: Path) -> list[str]:
    """What may have been meant, the likeliest first: Latin letters as the words that sound so, and words with one character mended."""
    text = " ".join(folded(typed).split())[:MOST]
    heard = _Heard(looked_up(folder))
    with breaking():
        found = dict.fromkeys(guess for guess in (*_spelt_out(heard, text), *_mended(heard, text)) if guess != text)
    return list(found)[:_MOST_GUESSES]


def shorter(typed: str) -> list[str]:
    """The question with one of its words left out, each in turn."""
    said = tokens(typed)
    return [" ".join(said[:n] + said[n + 1 :]) for n in range(len(said))] if 1 < len(said) <= _MOST_SHORTER else []


def _spelt_out(heard: _Heard, text: str) -> Iterator[str]:
    """The question with its Latin letters read as sounds."""
    matches = list(_LETTERS.finditer(text))
    if not matches:
        return
    readings = [_readings(heard, re.sub(r"[' ]", "", match[0])) for match in matches]
    if not all(readings):
        return
    for number in range(max(len(found) for found in readings)):
        made, start = "", 0
        for match, found in zip(matches, readings, strict=True):
            made += text[start : match.start()] + found[min(number, len(found) - 1)]
            start = match.end()
        yield made + text[start:]


def _readings(heard: _Heard, letters: str) -> list[str]:
    """The words that these letters spell: as one word, or in the fewest words that follow each other."""
    whole = heard.alike(letters)[:_MOST_WORDS]
    if whole:
        return whole
    best: list[list[str] | None] = [[]] + [None] * len(letters)
    for end in range(2, len(letters) + 1):
        for start in range(end - 1):
            before = best[start]
            now = best[end]
            if before is None or (now is not None and len(now) <= len(before) + 1):
                continue
            if found := heard.alike(letters[start:end]):
                best[end] = [*before, found[0]]
    last = best[-1]
    return ["".join(last)] if last else []


def _mended(heard: _Heard, text: str) -> Iterator[str]:
    """The question with one of its Chinese words put right, and with as many as go beside each other."""
    spots = sorted(_spots(heard, text), key=lambda spot: (spot[0] - spot[1], spot[0]))
    chosen: list[tuple[int, int, str]] = []
    for start, end, word in spots:
        if all(end <= first or start >= last for first, last, _ in chosen):
            chosen.append((start, end, word))
    if len(chosen) > 1:
        made = text
        for start, end, word in sorted(chosen, reverse=True):
            made = made[:start] + word + made[end:]
        yield made
    for start, end, word in spots:
        yield text[:start] + word + text[end:]


def _spots(heard: _Heard, text: str) -> Iterator[tuple[int, int, str]]:
    """Where a word stands that no title has, and a word of the titles that it may be."""
    for match in HAN.finditer(text):
        for size in range(SHORTEST, min(LONGEST, len(match[0])) + 1):
            for start in range(match.start(), match.end() - size + 1):
                word = text[start : start + size]
                if heard.holds(word):
                    continue
                found = heard.alike(sound(word)) or (heard.written(word) if size >= _NEAR else [])
                yield from ((start, start + size, one) for one in found[:_MOST_WORDS] if one != word)

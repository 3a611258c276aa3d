"""What is looked for in a text: Chinese words, numbers of documents, and the marks that a result shows.

The same functions cut what is written into the index and what a person types. Everything is folded first: traditional
characters to simplified ones, full-width letters and digits to plain ones, capitals to small letters. Folding keeps every
character's place, so that what was found can be marked in the text as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import filterfalse
from operator import add

import rjieba

# The tail of a document number (文号): the year in whatever brackets, and the number. 〔2024〕3号, [2024] 第03号, （2024）3号.
_MARK = re.compile(
    r"[〔\[［【(（﹝〈《「{]\s*((?:19|20)\d\d)\s*年?\s*[〕\]］】)）﹞〉》」}]\s*第?\s*0*(\d{1,6})\s*号"
)  # fmt: skip
_BLANK = re.compile(r"\s+")
_QUOTED = re.compile(r"[“\"「『]([^“”\"「」『』]+)[”\"」』]")
# Where opencc's characters lie; it is asked once for each.
_HAN = range(0x3400, 0xA000)
LONGEST = 100
MOST_WORDS = 16
# So many places are weighed against each other for an excerpt.
MOST_SPOTS = 200


@cache
def _folds() -> Mapping[int, str]:
    """Character → what it is looked for as, one for one."""
    import opencc

    to_simplified = opencc.OpenCC("t2s").convert
    table = {code: plain for code in _HAN if len(plain := to_simplified(chr(code))) == 1 and plain != chr(code)}
    wide = (char for code in range(0xFF01, 0xFF5F) if (char := chr(code - 0xFEE0)).isalnum())
    table |= {ord(char) + 0xFEE0: char.lower() for char in wide}
    return table | {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)} | {0x3000: " "}


@cache
def _folding() -> re.Pattern[str]:
    return re.compile("[" + re.escape("".join(map(chr, sorted(_folds())))) + "]")


def folded(text: str) -> str:
    """The text as it is looked for, of the same length."""
    # Nearly every text of today is written as it is looked for, and looking is a third of translating.
    return text.translate(_folds()) if _folding().search(text) else text


def words(text: str) -> list[str]:
    """The words of a text in order, longer ones after the shorter ones they are made of; a document number's tail is one word."""
    mute, found = _mute().__contains__, list[str]()
    for piece, mark in _pieces(folded(text)):
        found += filterfalse(mute, rjieba.cut_for_search(piece))
        if mark:
            found.append(mark)
    return found


@cache
def _mute() -> frozenset[str]:
    """Blanks, punctuation and signs. Asking a set is several times faster than asking each word what it is made of."""
    return frozenset(char for code in range(0x10000) if not (char := chr(code)).isalnum()) | {"\r\n"}


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What stands before each document number, and the number's tail in its one spelling; ``""`` behind the last."""
    start = 0
    for match in _MARK.finditer(text):
        yield text[start : match.start()], _spelt(match)
        start = match.end()
    yield text[start:], ""


def _spelt(match: re.Match[str]) -> str:
    return f"〔{match[1]}〕{match[2]}号"


def grams(title: str) -> list[str]:
    """Every two neighbours of a title, then every character alone: by these any part of a title is found."""
    plain = "".join(char for char in folded(title) if char.isalnum())
    return [*map(add, plain, plain[1:]), "|", *dict.fromkeys(plain)]


def neighbours(part: str) -> list[str]:
    """The grams that must follow each other where ``part`` stands in a title."""
    plain = "".join(char for char in folded(part) if char.isalnum())
    return list(map(add, plain, plain[1:])) or list(plain)


def number(text: str) -> str:
    """A document number or index number in its one spelling: no blanks, one kind of brackets, no noughts in front."""
    return _BLANK.sub("", _MARK.sub(_spelt, folded(text)))


def numbers(*, index_number: str, document_number: str) -> list[str]:
    """By which numbers a document is found exactly: each whole, and its tail."""
    index, document = number(index_number), number(document_number)
    tails = [index.rpartition("/")[2], document[document.find("〔") :] if "〔" in document else ""]
    return [found for found in dict.fromkeys((index, document, *tails)) if found]


def typed_words(typed: str) -> tuple[list[str], list[str]]:
    """The phrases in quotation marks and the other words of what a person typed, in order."""
    typed = typed[:LONGEST]
    phrases = [phrase.strip() for phrase in _QUOTED.findall(typed) if any(char.isalnum() for char in phrase)]
    return phrases, [word for word in words(_QUOTED.sub(" ", typed)) if any(char.isalnum() for char in word)]


def tokens(typed: str) -> list[str]:
    """A question in pieces: phrases with their quotation marks, and what stands between blanks, or the words where there are none."""
    typed = typed[:LONGEST]
    phrases, rest = [match[0] for match in _QUOTED.finditer(typed)], _QUOTED.sub(" ", typed).split()
    if len(phrases) + len(rest) < 2 and rest:
        rest = [word for word in rjieba.cut(rest[0]) if any(char.isalnum() for char in word)]
    return [*phrases, *rest]


def quoted(typed: str, part: str) -> str:
    """The question with that part of it in quotation marks: looked for as it stands, and nothing that means the same."""
    at = folded(typed).find(part)
    return f"{typed[:at]}“{typed[at : at + len(part)]}”{typed[at + len(part) :]}" if at >= 0 else f"“{typed}”"


def excerpt(text: str, terms: Iterable[str], *, length: int = 120) -> list[tuple[str, bool]]:
    """The part of ``text`` that says most about the terms, cut into pieces; ``True`` marks what was looked for."""
    plain = folded(text)
    spots = _spots(plain, [folded(term) for term in terms])
    start = _best(spots, len(text), length)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    at, end = start, min(start + length, len(text))
    for first, last in spots:
        if first < at or last > end:
            continue
        pieces += [(text[at:first], False), (text[first:last], True)]
        at = last
    pieces += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return [piece for piece in pieces if piece[0]]


def _spots(plain: str, terms: list[str]) -> list[tuple[int, int]]:
    """Where terms stand, the longer before the shorter at the same place."""
    found = {(match.start(), match.end()) for term in terms if term for match in re.finditer(re.escape(term), plain)}
    found |= {match.span() for match in _MARK.finditer(plain) if _spelt(match) in terms}
    return sorted(found, key=lambda spot: (spot[0], -spot[1]))


def _best(spots: list[tuple[int, int]], size: int, length: int) -> int:
    """Where the window with most spots begins, a little before the first of them."""
    if size <= length or not spots:
        return 0
    firsts = [first for first, _ in spots[:MOST_SPOTS]]
    best = max(firsts, key=lambda first: sum(first <= other < first + length for other in firsts))
    return max(0, min(best - length // 6, size - length))

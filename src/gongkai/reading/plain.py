"""One spelling for comparison: full-width and compatibility characters, traditional characters, pinyin, blanks.

``plain`` keeps the text readable (digits, dots and signs stay); ``bare`` keeps only letters, digits and Chinese
characters, which is what labels are compared by.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u3000"), " ")
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# Radicals and compatibility ideographs that PDF fonts hand out instead of the character itself.
_RADICALS = {
    code: normal
    for first, last in ((0x2E80, 0x2FE0), (0xF900, 0xFB00))
    for code in range(first, last)
    if (normal := unicodedata.normalize("NFKC", chr(code))) != chr(code) and len(normal) == 1
}
_PLAIN = {**_ZERO_WIDTH, **_BLANKS, **_FULL_WIDTH, **_RADICALS}

# Characters of the form's own words whose traditional shape differs: one of them is enough to suspect the whole text.
_TRADITIONAL = re.compile("[規開報處訴訟請許費廢複審結總計續據屬國業機構會務單數項內廣種製發無項對]")
_TONES = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")
_PINYIN = re.compile(r"(?<=[\u3400-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹ']{1,7}\)")
_NOT_BARE = re.compile(r"[^\w\x1f]+|_+")


@cache
def _converter() -> object:
    import opencc

    return opencc.OpenCC("t2s")


def plain(text: str) -> str:
    r"""``text`` with half-width signs and digits, simplified characters, single-meaning blanks and no pinyin in brackets.

    Line breaks and the unit separator ``\x1f`` are kept, so many texts can be converted at once.
    """
    text = text.translate(_PLAIN)
    if _TONES.search(text):
        text = _PINYIN.sub("", text)
    if _TRADITIONAL.search(text):
        text = _converter().convert(text)  # type: ignore[attr-defined]
    return text


def bare(text: str) -> str:
    r"""The letters, digits and characters of a text already ``plain``; the separator ``\x1f`` stays."""
    return _NOT_BARE.sub("", text)


def plain_all(texts: list[str]) -> list[str]:
    """:func:`plain` over a list, in one pass."""
    joined = "\x1f".join(text.replace("\x1f", " ") if "\x1f" in text else text for text in texts)
    return plain(joined).split("\x1f")


def bare_all(texts: list[str]) -> list[str]:
    """:func:`bare` over a list of plain texts, in one pass."""
    return bare("\x1f".join(texts)).split("\x1f")

"""How words sound (拼音): by this a word typed in Latin letters, or with the wrong character of the same sound, finds the right one.

Sounds that many speakers do not tell apart are one here: zh and z, ch and c, sh and s, final ng and n.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

HAN = re.compile(r"[\u3400-\u9fff]+")
# Words of so many characters are suggested.
SHORTEST, LONGEST = 2, 8
_INITIAL, _FINAL = re.compile(r"([zcs])h"), re.compile(r"([aei]n)g")


def alike(letters: str) -> str:
    """The letters of a word's sound, without what is easily confused."""
    return _FINAL.sub(r"\1", _INITIAL.sub(r"\1", letters))


@lru_cache(200_000)
def sound(word: str) -> str:
    """The sound of a word, its syllables in a row, without tones."""
    # Its tables take a tenth of a second to load: only whoever writes titles or looks for a suggestion pays for that.
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(word, v_to_u=False)).lower()


@lru_cache(200_000)
def _terms(word: str) -> tuple[str, ...]:
    """Under which terms a Chinese word is looked up: by its sound, by its beginning, by its end."""
    if not (SHORTEST <= len(word) <= LONGEST and HAN.fullmatch(word)):
        return ()
    return (f"{alike(sound(word))}:{word}", f">{word}", f"<{word[::-1]}") if len(word) > SHORTEST else (f"{alike(sound(word))}:{word}",)


def heard(said: Iterable[str]) -> list[str]:
    """The terms of every Chinese word of a title, each once."""
    return [term for word in dict.fromkeys(said) for term in _terms(word)]

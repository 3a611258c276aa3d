"""Hidden parts (隐藏内容) of a document: metadata, tracked changes, comments, hidden sheets and text, embedded files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from gongkai.law.screening import HiddenKind, hidden_kinds, hidden_words, screening_codes
from gongkai.screening.hit import Hit

_SHOWN = 30


class Part(Protocol):
    """A hidden part as the readers hand it on: its kind (``comment``), its text, and where it was (a sheet, an author)."""

    @property
    def kind(self) -> str:
        """What sort of part."""

    @property
    def text(self) -> str:
        """What stands in it."""

    @property
    def where(self) -> str:
        """Sheet, page, author or field; may be empty."""


def place_of(part: Part) -> str:
    """The part in words, as messages begin: 批注, 隐藏的工作表“底稿”."""
    words = hidden_words()
    named = words["visible"].get(part.kind) or _kind(part.kind).words
    where = words["where"].get(part.where, part.where)
    return f"{named}“{where}”" if where else named


def is_screened(part: Part) -> bool:
    """Whether the text of the part is screened: not the machinery of web pages, and not what is empty."""
    return part.kind not in hidden_words()["ignored"] and bool(part.text.strip())


def find_hidden(parts: Sequence[Part]) -> Iterator[Hit]:
    """One hit for every kind of hidden part, with the first as its quote and how many there are."""
    groups: dict[str, list[Part]] = {}
    for part in parts:
        if part.kind not in hidden_words()["visible"] and is_screened(part) and not _is_nobodys(part):
            groups.setdefault(part.kind, []).append(part)
    for kind, found in groups.items():
        known, first = _kind(kind), found[0]
        code = screening_codes()[known.code]
        shown = " ".join(first.text.split())
        shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
        count = f"{len(found)}处" if len(found) > 1 else ""
        told = f"{place_of(first)}：文件里有{count}{known.words}，如“{shown}”。公众下载后可以看到。{known.advice}。"
        yield Hit(code.code, code.severity, 0, len(first.text), first.text, told, None, code.basis, place_of(first))


def _kind(name: str) -> HiddenKind:
    kinds = hidden_kinds()
    return kinds.get(name, kinds["hidden_text"])


def _is_nobodys(part: Part) -> bool:
    """A name in the metadata that a program wrote of itself."""
    return _kind(part.kind).code == "hidden.author" and part.text.strip() in hidden_words()["nobody"]

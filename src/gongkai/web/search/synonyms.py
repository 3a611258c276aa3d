"""Words that mean the same (:file:`synonyms.yaml`): who asks for one finds the others too, and is told so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from gongkai.web.search.words import words


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a question that belong together, as they were typed, and what means the same as them."""

    words: tuple[str, ...]
    typed: str
    others: tuple[str, ...] = ()


@cache
def groups() -> tuple[tuple[str, ...], ...]:
    """The groups of words that mean the same."""
    said = yaml.safe_load((Path(__file__).parent / "synonyms.yaml").read_text(encoding="utf-8"))
    return tuple(tuple(group) for group in said["groups"])


@cache
def _known() -> Mapping[str, tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]]:
    """First word of an expression → the expressions that begin with it, the longest first: as words, as text, what means the same."""
    found: dict[str, list[tuple[tuple[str, ...], str, tuple[str, ...]]]] = {}
    for group in groups():
        for text in group:
            cut = tuple(words(text))
            found.setdefault(cut[0], []).append((cut, text, tuple(other for other in group if other != text)))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()}


def parts(found: Sequence[str]) -> list[Part]:
    """The words of a question in order, those that are one expression together; each part once."""
    at, made = 0, dict[tuple[str, ...], Part]()
    while at < len(found):
        rows = _known().get(found[at], ())
        row = next((row for row in rows if tuple(found[at : at + len(row[0])]) == row[0]), ((found[at],), found[at], ()))
        made.setdefault(row[0], Part(*row))
        at += len(row[0])
    return list(made.values())

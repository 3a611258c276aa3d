"""Words that a text of this organ may not keep: other organs' self-names, repealed phrases, wrong remedies, mistyped terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gongkai.law import screening as law
from gongkai.screening.hit import Hit
from gongkai.screening.passage import Passage, Publisher


def find_wording(passage: Passage) -> Iterator[Hit]:
    """Every place."""
    yield from _self_names(passage)
    yield from _phrases(passage, law.outdated_phrases(), "wording.outdated")
    yield from _phrases(passage, law.wrong_remedies(), "wording.remedy")
    yield from _misspellings(passage)


# --- whose text it is ---


@cache
def _selves() -> re.Pattern[str]:
    parts = [word["word"] + (f"(?![{word['guard']}])" if word["guard"] else "") for word in law.organ_words()["self_names"]]
    return re.compile(rf"(?<![自帮替])我({'|'.join(parts)})")


def infer_scope(publisher: Publisher) -> str | None:
    """The publisher's scope as given, or as its name shows; ``None`` when it shows none."""
    if publisher.scope or not publisher.name:
        return publisher.scope
    name = "".join(publisher.name.split())
    for suffix in ("办公室", "办公厅"):
        if name.endswith("政府" + suffix):
            name = name.removesuffix(suffix)
    kinds = law.organ_words()["scopes"]
    return next((kind["scope"] for kind in kinds if name.endswith(tuple(kind["endings"]))), None)


def _self_names(passage: Passage) -> Iterator[Hit]:
    scope, names = infer_scope(passage.publisher), (passage.publisher.name, *passage.publisher.short_names)
    if scope is None or not any(names):
        return
    data = law.organ_words()
    for match in _selves().finditer(passage.flat):
        word = match[1]
        own = word in data["own_names"].get(scope, ()) and (word == "办" or any(word in name for name in names))
        if own or word in data["innocent"].get(scope, ()):
            continue
        told = f"自称“我{word}”，与本机关（{passage.publisher.name or names[1]}）不符。请改为本机关的称呼；说的是上级或者所属地区的，请写全称。"
        yield passage.hit("wording.self_name", match.span(), told)


# --- phrases ---


def _phrases(passage: Passage, phrases: tuple[law.Phrase, ...], code: str) -> Iterator[Hit]:
    year = (passage.published_on or passage.on).year
    for phrase in phrases:
        if year < phrase.from_year:
            continue
        for match in phrase.places(passage.flat):
            shown = "".join(match[0].split())
            told = f"写有“{shown}”：{phrase.says}。{phrase.instead}。"
            yield passage.hit(code, match.span(), told, basis=phrase.basis)


# --- mistyped terms ---


@cache
def _any_misspelling() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, law.misspellings())))


def _misspellings(passage: Passage) -> Iterator[Hit]:
    if not _any_misspelling().search(passage.text):
        return
    found: list[tuple[int, int, str]] = []
    for wrong, right in law.misspellings().items():
        start = passage.text.find(wrong)
        while start >= 0:
            found.append((start, start + len(wrong), right))
            start = passage.text.find(wrong, start + len(wrong))
    done = 0
    # Where one wrong term lies in another, the one that begins first and is longest is told.
    for start, end, right in sorted(found, key=lambda item: (item[0], -item[1])):
        if start >= done:
            done = end
            told = f"写有“{passage.text[start:end]}”，应为“{right}”。请改正。"
            yield passage.hit("wording.misspelling", (start, end), told)

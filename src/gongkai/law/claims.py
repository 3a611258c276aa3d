"""What the narrative's figures may count, and which cells each must agree with: ``data/claims`` as values.

Reading asks for the words, checks ask for the cells; both see the same topics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gongkai.law.store import load


@dataclass(frozen=True, slots=True)
class Term:
    """A cell in a sum; ``sign`` is -1 for a cell that is taken off."""

    address: str
    sign: int


Sum = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a figure must equal: any one of ``equal``; a sum of ``lenient`` explains a difference in the words beside it."""

    equal: tuple[Sum, ...]
    lenient: tuple[tuple[Sum, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """What a figure counts. ``aspects``, ``bare`` and ``barred`` are classes of words; ``cells`` maps editions to agreements."""

    id: str
    name: str
    basis: str
    severity: str
    subject: str
    aspects: tuple[str, ...]
    bare: frozenset[str]
    barred: frozenset[str]
    zero_bare: bool
    money: bool
    adds: tuple[str, ...]
    cells: Mapping[str, Agreement]


@dataclass(frozen=True, slots=True)
class Cause:
    """An innocent explanation of a difference: how severe the difference then still is, and how a message says it."""

    severity: str
    words: str


@cache
def claim_topics() -> Mapping[str, Topic]:
    """Topic id → topic, in the order of the data."""
    return {topic.id: topic for line in load("claims/topics")["topics"] for topic in _topics(line)}


@cache
def claim_causes() -> Mapping[str, Cause]:
    """Cause id → cause."""
    return {name: Cause(**cause) for name, cause in load("claims/topics")["causes"].items()}


def claim_words() -> Mapping[str, Any]:
    """The classes of words, units and marks of ``words.yaml``."""
    return load("claims/words")


def _topics(line: Mapping[str, Any]) -> Iterator[Topic]:
    for result, label in line.get("results", {"": ""}).items():
        yield Topic(
            id=line["id"].replace("{result}", result),
            name=line["name"].replace("{label}", label),
            basis=line["basis"],
            severity=line["severity"],
            subject=line["subject"],
            aspects=tuple(aspect.replace("{result}", result) for aspect in line["aspects"]),
            bare=frozenset(line.get("bare", ())),
            barred=frozenset(line.get("not", ())),
            zero_bare=line.get("zero_bare", False),
            money=line.get("money", False),
            adds=tuple(line.get("adds", ())),
            cells={edition: _agreement(cells, result) for edition, cells in line["cells"].items()},
        )


def _agreement(data: Mapping[str, Any], result: str) -> Agreement:
    return Agreement(
        equal=tuple(_sum(cells, result) for cells in data["equal"]),
        lenient=tuple((_sum(item["cells"], result), item["cause"]) for item in data.get("lenient", ())),
    )


def _sum(cells: list[str], result: str) -> Sum:
    return tuple(Term(cell.lstrip("-").replace("{result}", result), -1 if cell.startswith("-") else 1) for cell in cells)

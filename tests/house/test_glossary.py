"""The glossary and the code use the same words."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.house.source import PACKAGE
from tools.pages.glossary import Term, groups

TERMS = [term for _, terms in groups() for term in terms]


def _text(room: str) -> str:
    files = [*PACKAGE.glob(f"{room}.py"), *PACKAGE.glob(f"{room}/**/*.py"), *PACKAGE.glob(f"{room}/**/*.yaml")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def _words(room: str) -> frozenset[str]:
    return frozenset(re.findall(r"[A-Za-z_][A-Za-z_0-9]*(?:\.[a-z_]+)?|[a-z_]+", _text(room)))


ROOMS = {room: _words(room) | frozenset(re.findall(r"\w+", _text(room))) for room in {term.room for term in TERMS if term.room}}


def _stands(identifier: str, room: str) -> bool:
    if identifier.endswith("*"):
        return any(word.startswith(identifier[:-1]) and word != identifier[:-1] for word in ROOMS[room])
    return identifier in ROOMS[room]


@pytest.mark.parametrize("term", [term for term in TERMS if term.room], ids=lambda term: term.en)
def test_an_identifier_said_to_stand_stands_in_its_room(term: Term) -> None:
    assert term.room
    assert any(_stands(identifier, term.room) for identifier in term.ids), f"none of {term.ids} is in {term.room}"


def test_terms_and_identifiers_are_told_once() -> None:
    for values in ([term.zh for term in TERMS], [term.en for term in TERMS], [name for term in TERMS for name in term.ids]):
        assert [value for value, times in Counter(values).items() if times > 1] == []


def test_every_term_is_told_in_full() -> None:
    for term in TERMS:
        assert term.zh and term.en and term.ids and term.source
        assert term.means.endswith("."), term.zh


def test_every_row_and_column_of_the_form_in_force_is_in_the_glossary() -> None:
    """A row that nobody explained must not slip into the form's data."""
    from gongkai import law

    known = {name for term in TERMS for name in term.ids}
    families = tuple(name[:-1] for name in known if name.endswith("_*"))
    names = {row.id for table in law.report_format("2021").tables for row in table.rows}
    names |= {column.id for table in law.report_format("2021").tables for block in table.blocks for column in block.columns}
    assert sorted(name for name in names if name not in known and not name.startswith(families)) == []

"""Files inside files (文件里的文件): what they hold is screened like the file itself, and each hit names the way that leads to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from gongkai.law.screening import hidden_words, screening_codes
from gongkai.screening.hidden import Part
from gongkai.screening.hit import Hit

# Between the names on the way from the outermost file to what was found.
ARROW = " › "
UNSEEN = "hidden.unseen"
_LINE = re.compile(r"\A第\d+行")


class Inside(Protocol):
    """A file inside another, as the readers hand it on."""

    @property
    def path(self) -> tuple[str, ...]:
        """The names that lead to it."""

    @property
    def text(self) -> str:
        """What stands in it."""

    @property
    def hidden(self) -> Sequence[Part]:
        """Its own hidden parts."""

    @property
    def cells(self) -> Sequence[tuple[str, str]]:
        """The cells of a workbook, by name."""

    @property
    def reason(self) -> str:
        """Why it could not be looked into, empty when it was."""


def way_to(place: str, file: Inside) -> str:
    """The names from the outermost file to that one: 附件1.docx › 表格.xlsx."""
    return ARROW.join(filter(None, (place, *file.path)))


def unseen(place: str, file: Inside) -> Hit:
    """What could not be looked into: a person has to, and says so."""
    code, way = screening_codes()[UNSEEN], way_to(place, file)
    told = f"{way}：{hidden_words()['unseen']['words']}（{file.reason}）。{hidden_words()['unseen']['advice']}。"
    return Hit(code.code, code.severity, 0, 0, "", told, None, code.basis, way)


def found_inside(file: Inside, place: str, in_text: Callable[[str], list[Hit]], in_parts: Callable[[], list[Hit]]) -> Iterator[Hit]:
    """The hits in one file, each with the way to it; in a workbook down to the cell."""
    way = way_to(place, file)
    for hit in in_text(way):
        cell = next((name for name, text in file.cells if hit.quote in text), "")
        if cell:
            place_in = f"{way}{ARROW}{cell}"
            yield replace(hit, message=place_in + _LINE.sub("", hit.message.removeprefix(way)), place=place_in)
        else:
            yield hit
    for hit in in_parts():
        yield replace(hit, message=f"{way}{ARROW}{hit.message}", place=f"{way}{ARROW}{hit.place}")

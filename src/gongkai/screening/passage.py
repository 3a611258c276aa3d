"""Passage: a text as the searches see it, with its lines, sentences and table columns."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from gongkai.law import screening as law
from gongkai.screening.days import WrittenDay, find_days
from gongkai.screening.hit import Hit

_FULL_WIDTH = {ord(full): half for half in range(0x21, 0x7F) if chr(half).isalnum() for full in (chr(half + 0xFEE0),)}
_ANY_FULL_WIDTH = re.compile(f"[{''.join(map(chr, _FULL_WIDTH))}]")
# What no reader sees: controls, the soft hyphen, marks of width zero and of direction, selectors of shape, tags. Typed or pasted
# between the characters of a mark or of a number they would hide it from the searches, and from nobody else.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CLOSED = re.compile(r"[。；;\n]")
_CELL = re.compile(r"[^\t|]+")


def plain(text: str) -> str:
    """The text without what no reader sees, with ordinary digits and letters for full-width ones.

    >>> plain("１３８\u200b１２３４")
    '1381234'
    """
    seen = _UNSEEN.sub("", text)
    return seen.translate(_FULL_WIDTH) if _ANY_FULL_WIDTH.search(seen) else seen


@dataclass(frozen=True, slots=True)
class Publisher:
    """The organ (机关) in whose name a text appears: what is its own is no hit.

    ``scope`` is province, city, county, department, township or street, inferred from the name when ``None``. ``phones`` are
    its own contact numbers, ``credit_code`` its own code.
    """

    name: str = ""
    short_names: tuple[str, ...] = ()
    scope: str | None = None
    phones: tuple[str, ...] = ()
    credit_code: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table with column heads, by its offsets in the text."""

    start: int
    end: int
    heading: str


class Passage:
    """A text to be screened.

    ``text`` is what a reader sees of it: what is unseen is left out, and :meth:`hit` gives every place as it is in what was given.
    ``flat`` is that with ordinary digits and letters for full-width ones, of the same length.
    """

    def __init__(
        self,
        text: str,
        *,
        on: datetime.date,
        publisher: Publisher | None = None,
        place: str = "",
        published_on: datetime.date | None = None,
    ) -> None:
        self._given = text
        # Where each character stood; few texts have anything unseen, and those that have not are searched as they are.
        self._at = [place for place, sign in enumerate(text) if not _UNSEEN.match(sign)] if _UNSEEN.search(text) else None
        self.text = text if self._at is None else "".join([text[place] for place in self._at])
        # Few texts have any, and looking for them costs a twentieth of replacing every character.
        self.flat = self.text.translate(_FULL_WIDTH) if _ANY_FULL_WIDTH.search(self.text) else self.text
        self.on = on
        self.published_on = published_on
        self.publisher = publisher or Publisher()
        self.place = place
        self._breaks = [match.start() for match in re.finditer("\n", self.text)]

    @property
    def n_lines(self) -> int:
        """How many lines there are."""
        return len(self._breaks) + 1

    def line(self, offset: int) -> int:
        """The number of the line, from 1."""
        return bisect_right(self._breaks, offset - 1) + 1

    def bounds(self, line: int) -> tuple[int, int]:
        """Where a line begins and ends."""
        start = self._breaks[line - 2] + 1 if line > 1 else 0
        return start, self._breaks[line - 1] if line <= len(self._breaks) else len(self.text)

    def lines(self) -> Iterator[tuple[int, int]]:
        """Where each line begins and ends."""
        return map(self.bounds, range(1, self.n_lines + 1))

    def before(self, offset: int, most: int) -> str:
        """At most so many characters before the place, of the same sentence and line: the last sentence speaks of another thing."""
        return _CLOSED.split(self.flat[max(offset - most, 0) : offset])[-1]

    def after(self, offset: int, most: int) -> str:
        """At most so many characters from the place on, of the same line."""
        return self.flat[offset : offset + most].partition("\n")[0]

    def sentence(self, start: int, end: int) -> str:
        """The sentence around the place, at most two hundred characters to either side."""
        return law.sentence_around(self.flat, start, end)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Cells below the heads of tables of persons. Cells are separated by tabs or bars, rows by line breaks."""
        return tuple(self._below_headings())

    def _below_headings(self) -> Iterator[Cell]:
        names = tuple(law.person_words()["headings"]["name"])
        headings: list[str] = []
        for start, end in self.lines():
            parts = [match.span() for match in _CELL.finditer(self.flat, start, end)] if self._has_cells(start, end) else []
            texts = [self.flat[a:b].strip() for a, b in parts]
            if len(parts) < 2:
                headings = []
            elif any(text.startswith(names) for text in texts) and not any(any(map(str.isdigit, text)) for text in texts):
                headings = texts
            elif len(texts) == len(headings):
                yield from (Cell(a, b, heading) for (a, b), heading in zip(parts, headings, strict=True))

    def _has_cells(self, start: int, end: int) -> bool:
        return self.flat.find("\t", start, end) >= 0 or self.flat.find("|", start, end) >= 0

    @cached_property
    def _cell_starts(self) -> Sequence[int]:
        return [cell.start for cell in self.cells]

    def heading(self, offset: int) -> str:
        """The head of the column in which the place stands, ``""`` outside tables."""
        at = bisect_right(self._cell_starts, offset) - 1
        return self.cells[at].heading if at >= 0 and offset < self.cells[at].end else ""

    @cached_property
    def days(self) -> tuple[WrittenDay, ...]:
        """Every day that the text names."""
        return tuple(find_days(self.flat))

    def where(self, offset: int) -> str:
        """The place in words: 附件1第3行."""
        return f"{self.place}第{self.line(offset)}行"

    def hit(self, code: str, span: tuple[int, int], told: str, *, mask: str | None = None, basis: str | None = None) -> Hit:
        """A hit at those offsets of ``text``, told by where it stands in what was given; ``told`` goes on after the place."""
        known, (start, end) = law.screening_codes()[code], span
        message = f"{self.where(start)}{told}"
        if self._at is not None and end > start:
            start, end = self._at[start], self._at[end - 1] + 1
            mask = mask and self._spread(mask, start, span[0])
        return Hit(code, known.severity, start, end, self._given[start:end], message, mask, basis or known.basis, self.place)

    def _spread(self, mask: str, start: int, first: int) -> str:
        """The mask as long as the quote is, with what is unseen where it was."""
        assert self._at is not None
        pieces, done = [], start
        for number, sign in enumerate(mask):
            place = self._at[first + number]
            pieces += [self._given[done:place], sign]
            done = place + 1
        return "".join(pieces)

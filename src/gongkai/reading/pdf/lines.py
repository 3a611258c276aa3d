"""Characters to lines, lines to text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from gongkai.reading.pdf.glyphs import Glyph

# A blank wider than this, in ems, cuts a line into pieces: ordinary word gaps and justified text stay below.
SPLIT_GAP = 1.2
# The same character within this distance, in ems, is one drawn twice (bold by double strike), not two.
TWICE = 0.15


@dataclass(slots=True)
class Line:
    """Characters that stand on one line, from left to right."""

    glyphs: list[Glyph]
    bottom: float
    top: float
    em: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return box_of(self.glyphs)

    def take(self, glyph: Glyph) -> None:
        """Add a character; the largest one says how high the line is."""
        self.glyphs.append(glyph)
        if glyph.em > self.em:
            self.bottom, self.top, self.em = glyph.bottom, glyph.top, glyph.em

    def holds(self, glyph: Glyph) -> bool:
        """Whether the character stands on this line: at least half of the lower of the two overlaps, so that
        superscripts and slightly shifted figures belong, and the next line does not."""
        overlap = min(self.top, glyph.top) - max(self.bottom, glyph.bottom)
        return overlap >= 0.5 * min(self.top - self.bottom, glyph.top - glyph.bottom)


class Piece(NamedTuple):
    """Part of a line between wide gaps."""

    text: str
    box: tuple[float, float, float, float]


def box_of(glyphs: Sequence[Glyph]) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of the characters together, in points to one decimal."""
    return (
        round(min(glyph.left for glyph in glyphs), 1),
        round(min(glyph.bottom for glyph in glyphs), 1),
        round(max(glyph.right for glyph in glyphs), 1),
        round(max(glyph.top for glyph in glyphs), 1),
    )


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Characters as lines from top to bottom; lines of blanks only are left out."""
    lines: list[Line] = []
    for glyph in sorted(glyphs, key=attrgetter("middle"), reverse=True):
        for line in reversed(lines[-3:]):
            if line.holds(glyph):
                line.take(glyph)
                break
        else:
            if glyph.char != " ":
                lines.append(Line([glyph], glyph.bottom, glyph.top, glyph.em))
    for line in lines:
        line.glyphs.sort(key=attrgetter("left"))
    return lines


def pieces_of(line: Line, *, gap: float = SPLIT_GAP) -> list[Piece]:
    """The line's text, cut where the gap between two characters is wider than ``gap`` ems."""
    parts: list[tuple[list[str], list[Glyph]]] = []
    blank = False
    for glyph in line.glyphs:
        if glyph.char == " ":
            blank = True
            continue
        last = parts[-1][1][-1] if parts else None
        if last and _is_twice(last, glyph):
            continue
        if last is None or glyph.left - last.right > gap * max(last.em, glyph.em):
            parts.append(([glyph.char], [glyph]))
        else:
            parts[-1][0].append(_between(last, glyph, blank) + glyph.char)
            parts[-1][1].append(glyph)
        blank = False
    return [Piece("".join(texts), box_of(glyphs)) for texts, glyphs in parts]


def _is_twice(last: Glyph, glyph: Glyph) -> bool:
    return last.char == glyph.char and abs(glyph.left - last.left) < TWICE * glyph.em and abs(glyph.bottom - last.bottom) < 0.3 * glyph.em


def _between(last: Glyph, glyph: Glyph, blank: bool) -> str:
    """A blank or nothing. Typesetters put a quarter em between Chinese and figures that nobody typed."""
    gap = (glyph.left - last.right) / max(last.em, glyph.em)
    if is_narrow(last.char) and is_narrow(glyph.char):
        return " " if gap > 0.25 or (blank and gap > 0.12) else ""
    return " " if gap > 0.6 else ""


def is_narrow(char: str) -> bool:
    """Whether the character belongs to scripts that part words by blanks, figures above all."""
    return char < "\u2e80" or "０" <= char <= "９"


def flowing_text(glyphs: list[Glyph]) -> str:
    """The text of a cell, its lines joined: wrapped Chinese without a blank, figures and Latin words with one.

    ``glyphs`` come in the order of the file, which shows whether text is written downwards or turned by a quarter.
    """
    shown = [glyph for glyph in glyphs if glyph.char != " "]
    way = _way(shown)
    if way:
        return _in_columns(shown, way)
    text = ""
    for line in lines_of(glyphs):
        more = " ".join(piece.text for piece in pieces_of(line))
        text += (" " if text and _parts_words(text[-1], more[0]) else "") + more
    return text


def _parts_words(last: str, following: str) -> bool:
    return is_narrow(last) and last.isalnum() and is_narrow(following) and following.isalnum()


def _way(glyphs: Sequence[Glyph]) -> int:
    """-1 for text that runs down the page, 1 for text that runs up, 0 for the usual. Upright characters run down when
    most steps in the order of the file lead straight down and some lead up again to the next column; a single column
    reads the same as lines. Figures under each other are a column of figures."""
    steps = [((after.middle - glyph.middle) / glyph.em, abs(after.centre - glyph.centre) / glyph.em) for glyph, after in pairwise(glyphs)]
    if sum(not glyph.upright for glyph in glyphs) > len(glyphs) / 2:
        straight = [up for up, aside in steps if aside < 0.3]
        return 1 if sum(up > 0 for up in straight) > len(straight) / 2 else -1
    if sum(is_narrow(glyph.char) for glyph in glyphs) > len(glyphs) / 2 or not any(up > 0.5 for up, _ in steps):
        return 0
    return -1 if sum(-2.5 < up < -0.5 and aside < 0.3 for up, aside in steps) > 0.6 * (len(glyphs) - 1) else 0


def _in_columns(glyphs: Sequence[Glyph], way: int) -> str:
    """Text in columns, down and from the right to the left, or up and from the left to the right."""
    columns: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: way * glyph.centre):
        if columns and abs(glyph.centre - columns[-1][0].centre) < 0.5 * glyph.em:
            columns[-1].append(glyph)
        else:
            columns.append([glyph])
    ordered = [glyph for column in columns for glyph in sorted(column, key=lambda glyph: way * glyph.middle)]
    return "".join(glyph.char for n, glyph in enumerate(ordered) if not n or not _is_stacked(ordered[n - 1], glyph))


def _is_stacked(last: Glyph, glyph: Glyph) -> bool:
    return last.char == glyph.char and max(abs(glyph.middle - last.middle), abs(glyph.centre - last.centre)) < TWICE * glyph.em

"""Chinese and Latin text on a screen of fixed columns: how wide it is, where it may be folded, how columns stand side by side.

A Chinese character takes two columns. A figure or a word is never cut, and no line begins with a closing mark or ends
with an opening one.

>>> wrap("各分项210＋150＋30＝390，超过总数。", 12)
['各分项210＋', '150＋30＝', '390，超过总', '数。']
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

_OPENING = "“‘「『（《〈【〔［｛([{"
_CLOSING = "，。、；：！？…—”’」』）》〉】〕］｝％＋－＝,.;:!?)]}%"
# What stays together: opening marks, one character or a whole figure or word, closing marks.
_ATOM = re.compile(
    rf"\s+|[{re.escape(_OPENING)}]*(?:[+\-−]?[A-Za-z0-9][A-Za-z0-9.,%_/@:~+\-]*(?<![,:])|\S)[{re.escape(_CLOSING)}]*",
)
_SPACES = re.compile(r"\s+")
# Characters that say something to the terminal and nothing to a person; the ideographic space is none of them.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

GAP = "  "
NARROWEST = 8


def width(text: str) -> int:
    """How many columns the text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf") else 1


def printable(text: str) -> str:
    r"""A name as it can be shown: control characters are written out (``\x1b``, ``\n``), so that none reaches the terminal."""
    if text.isprintable():
        return text
    return "".join(_escaped(char) if unicodedata.category(char) in _UNSEEN else char for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "backslashreplace").decode("ascii")


def plain(text: str) -> str:
    """A sentence as it can be shown: every run of blanks and line breaks is one blank, control characters are left out."""
    line = _SPACES.sub(" ", text).strip()
    return line if line.isprintable() else "".join(char for char in line if unicodedata.category(char) not in _UNSEEN)


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most ``columns`` columns; only what has no place to fold is cut. At least one line."""
    lines, line, used = [], "", 0
    for atom in _atoms(text, max(columns, 2)):
        taken = width(atom)
        if used + taken > columns and line:
            lines.append(line.rstrip())
            line, used = "", 0
        if line or not atom.isspace():
            line, used = line + atom, used + taken
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _atoms(text: str, columns: int) -> Iterator[str]:
    for atom in _ATOM.findall(text):
        yield from (atom,) if width(atom) <= columns else _cut(atom, columns)


def _cut(atom: str, columns: int) -> Iterator[str]:
    """Pieces that fit of something without a place to fold."""
    piece, used = "", 0
    for char in atom:
        taken = _columns(char)
        if used + taken > columns:
            yield piece
            piece, used = "", 0
        piece, used = piece + char, used + taken
    yield piece


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """The text with blanks up to ``columns`` columns, on its right, or on its left when it is to stand ``right``."""
    blanks = " " * max(columns - width(text), 0)
    return blanks + text if right else text + blanks


def side_by_side(cells: Sequence[str], widths: Sequence[int], *, figures: bool = False) -> list[str]:
    """One row of a table as lines; with ``figures`` every column but the first is set to the right."""
    folded = [wrap(cell, columns) for cell, columns in zip(cells, widths, strict=True)]
    rows = zip_longest(*folded, fillvalue="")
    return [
        GAP.join(
            pad(part, columns, right=figures and place > 0) for place, (part, columns) in enumerate(zip(parts, widths, strict=True))
        ).rstrip()
        for parts in rows
    ]


def fitted(rows: Sequence[Sequence[str]], columns: int, *, least: int = NARROWEST) -> list[int]:
    """Widths for the columns of these rows: as wide as they need, the widest narrowed until all fit, none below ``least``."""
    widths = [max((width(cell) for cell in column), default=0) for column in zip(*rows, strict=True)]
    room = columns - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > least:
        widths[widths.index(max(widths))] -= 1
    return widths

"""Sheet: a grid made comparable, the ground on which tables are located and aligned.

Every slot gets its plain and its bare spelling, and all bare spellings together make one long string in which labels
are looked for wherever the document happened to cut them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice

from gongkai.law import editions, report_format
from gongkai.reading.grid import Grid, GridRow, Slot, Unreadable
from gongkai.reading.plain import bare_all, plain_all
from gongkai.reading.values import PAGE_MARK, STANDING, VALUE

TEXT, FIGURE, EMPTY = "text", "figure", "empty"

# A report has some hundred cells and ten to thirty thousand characters, a hundred reports in one file a hundred times as
# many. Beyond that a document is no report, and laying a form over it would take minutes.
MAX_SLOTS = 150_000
MAX_CHARACTERS = 1_000_000
# The largest table shows about three hundred labels and values; of what stands in its place only so many are looked at.
MAX_PIECES = 3_000
# Rows numbered one after the other are a column of serial numbers from so many on.
SERIALS = 8


@dataclass(slots=True)
class Piece:
    """A label fragment, a value or an empty place, in reading order. ``glued`` marks digits that touched a label,
    ``closed`` that nothing touches them from behind; ``doubt`` says why the figure may not be the whole one."""

    kind: str
    text: str
    bare: str
    slot: Slot
    row: int
    glued: bool = False
    closed: bool = True
    doubt: str | None = None


class Sheet:
    """The slots of a grid in one line, with the flat string of their bare texts.

    Raises :class:`Unreadable` when the document is beyond all measure.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.slots: list[Slot] = []
        self.row_of: list[int] = []
        for number, row in enumerate(grid.rows):
            for slot in row.slots:
                self.slots.append(slot)
                self.row_of.append(number)
        length = sum(len(slot.text) for slot in self.slots)
        if len(self.slots) > MAX_SLOTS or length > MAX_CHARACTERS:
            raise Unreadable(f"文件有{len(self.slots)}格（行）、{length}字，不像一份年度报告。")
        self.plain = plain_all([slot.text for slot in self.slots])
        self.bare = bare_all([STANDING.sub(" ", text) if _HAS_VALUE(text) and " " in text else text for text in self.plain])
        self.offsets: list[int] = []
        position = 0
        for text in self.bare:
            self.offsets.append(position)
            position += len(text)
        self.flat = "".join(self.bare)

    def slot_at(self, position: int) -> int:
        """Index of the slot that holds that character of ``flat``."""
        index = bisect_right(self.offsets, position) - 1
        return max(index, 0)

    def row(self, number: int) -> GridRow:
        """The grid row of that number."""
        return self.grid.rows[number]

    @cached_property
    def first_slot(self) -> list[int]:
        """For every row the index of its first slot; one more entry closes the list."""
        starts = []
        position = 0
        for row in self.grid.rows:
            starts.append(position)
            position += len(row.slots)
        starts.append(position)
        return starts

    def row_bare(self, number: int) -> str:
        """The bare text of a whole row."""
        first, last = self.first_slot[number], self.first_slot[number + 1]
        return self.bare[first] if last - first == 1 else "".join(self.bare[first:last])

    def row_plain(self, number: int) -> str:
        """The plain text of a whole row, slots joined by a blank."""
        first, last = self.first_slot[number], self.first_slot[number + 1]
        return self.plain[first] if last - first == 1 else " ".join(text for text in self.plain[first:last] if text)

    def _spelled(self, index: int) -> bool:
        """Whether a character stands in a word printed one character a line, such as 无 in 无法提供."""
        if self.grid.rows[self.row_of[index]].kind != "text":
            return False
        around = self.bare[max(index - 1, 0) : index] + self.bare[index + 1 : index + 2]
        return any(len(text) == 1 and not text.isdigit() and text not in _WORDS for text in around)

    def _among_figures(self, index: int) -> bool:
        """Whether the slot is one cell of a table's row in which other cells hold a figure of their own."""
        number = self.row_of[index]
        if self.grid.rows[number].kind != "table":
            return False
        if number not in self._figures_in:
            around = range(self.first_slot[number], self.first_slot[number + 1])
            self._figures_in[number] = sum(bool(VALUE.fullmatch(self.plain[at].strip())) for at in around)
        return self._figures_in[number] - bool(VALUE.fullmatch(self.plain[index].strip())) > 1

    @cached_property
    def _figures_in(self) -> dict[int, int]:
        """Number of a row → how many of its slots hold a figure and nothing else."""
        return {}

    def pieces(self, first: int, last: int) -> list[Piece]:
        """Slots ``first`` to ``last`` (exclusive) cut into labels, values and empty places, the first ``MAX_PIECES`` of them."""
        found: list[Piece] = []
        slots, row_of, plain, bare = self.slots, self.row_of, self.plain, self.bare
        is_value = VALUE.fullmatch
        for index in range(first, last):
            if len(found) > MAX_PIECES:
                break
            text = plain[index].strip()
            slot = slots[index]
            if not text:
                found.append(Piece(EMPTY, "", "", slot, row_of[index]))
            elif len(text) <= 24 and is_value(text) and not (text in _WORDS and self._spelled(index)):
                found.append(Piece(FIGURE, text, "", slot, row_of[index]))
            elif _HAS_VALUE(text):
                if len(text) < 24 and PAGE_MARK.match(text):
                    continue
                if self._among_figures(index) and _FIGURES_ONLY(text):
                    found.append(Piece(FIGURE, text, "", slot, row_of[index]))
                else:
                    found.extend(_cut(text, slot, row_of[index]))
            else:
                found.append(Piece(TEXT, text, bare[index], slot, row_of[index]))
        if len(found) > MAX_PIECES:
            self.grid.notes.append(f"表格所在的部分超过{MAX_PIECES}格，不像年度报告的表格，只读取了前面的部分。")
        return found[:MAX_PIECES]


_WORDS = frozenset("无零〇")
_SERIAL = re.compile(r"[1-9]\d{0,2}").fullmatch

_HAS_VALUE = re.compile(r"\d|(?:^|\s)[-/—](?:\s|$)").search
_LETTER = re.compile(r"[Oo〇]").search
_FIGURES_ONLY = re.compile(r"[\d.,\s]+").fullmatch
# Digits that touch a label: `规章000`, `申请数量10000012.其他`; the ordinal of the next label stays with the label.
_GLUED = re.compile(
    r"(?<=[\u4e00-\u9fff)”\"》])[+\-]?\d+?(?:\.\d+)?(?:万?元|件|条|项|个|次|人|篇)?(?=\s|$|[\u4e00-\u9fff(（]|\d\s*[.、．]\s*[\u4e00-\u9fff])(?!\s*[)年月日])"
)
# The same with the letter O or the numeral 〇 among the digits: `申请数量001o102二、`. What they say is open, where they end is not.
_LETTERED = re.compile(
    r"(?<=[\u4e00-\u9fff)”\"》])(?=\d*[Oo〇])(?=[Oo〇]*\d)[\dOo〇]+?(?=\s|$|[\u4e00-\u9fff(（]|\d\s*[.、．]\s*[\u4e00-\u9fff])(?!\s*[)年月日])"
)
LETTER = "数字里夹着字母O或者“〇”，无法确定是不是0"
_BRACKET = re.compile(r"[()]")
# No heading is set with more blanks than this around its stroke.
_NEAR = 10
_BARE = re.compile(r"[^\w]+|_+")


@cache
def _strokes_in_headings() -> frozenset[tuple[str, str]]:
    """The characters around a stroke that a form's own column heading prints."""
    columns = (column for name in editions() for table in report_format(name).tables for block in table.blocks for column in block.columns)
    found = (column.label.partition("/") for column in columns if "/" in column.label)
    return frozenset((before[-1], after[0]) for before, _, after in found)


def _in_heading(text: str, start: int, end: int) -> bool:
    """Whether a stroke is part of a column heading set with blanks."""
    if text[start:end] != "/":
        return False
    before, after = text[max(start - _NEAR, 0) : start].rstrip()[-1:], text[end : end + _NEAR].lstrip()[:1]
    return (before, after) in _strokes_in_headings()


def _cut(text: str, slot: Slot, row: int) -> list[Piece]:
    """A slot in which labels and values share the text."""
    inside = _brackets(text)
    standing, glued, lettered = (islice(pattern.finditer(text), MAX_PIECES) for pattern in (STANDING, _GLUED, _LETTERED))
    spans = [(match.start(), match.end(), False) for match in standing if not _in_heading(text, match.start(), match.end())]
    spans += [(match.start(), match.end(), True) for match in glued if not inside(match.start())]
    doubtful = {match.start(): match.end() for match in lettered if not inside(match.start())} if _LETTER(text) else {}
    spans += [(start, end, True) for start, end in doubtful.items()]
    found: list[Piece] = []
    position = 0
    for start, end, touches in sorted(spans):
        if start < position:
            continue
        _append_text(found, text[position:start], slot, row)
        closed = end == len(text) or text[end].isspace()
        found.append(Piece(FIGURE, text[start:end], "", slot, row, touches, closed, LETTER if doubtful.get(start) == end else None))
        position = end
    _append_text(found, text[position:], slot, row)
    return found


def _brackets(text: str) -> Callable[[int], bool]:
    """Tells whether a place stands inside brackets, also where one of the pair is on another line."""
    marks = [(match.start(), match[0]) for match in _BRACKET.finditer(text)]
    places = [place for place, _ in marks]

    def inside(at: int) -> bool:
        index = bisect_left(places, at)
        closes = index < len(marks) and marks[index][1] == ")"
        return closes or (index > 0 and marks[index - 1][1] == "(")

    return inside


def _append_text(found: list[Piece], text: str, slot: Slot, row: int) -> None:
    bare = _BARE.sub("", text)
    if bare:
        found.append(Piece(TEXT, text.strip(), bare, slot, row))


def without_serials(pieces: list[Piece]) -> list[Piece]:
    """The pieces without a column of running numbers (序号) in front of the rows, when there is one.

    It counts as one only where most rows that begin with a figure go on from each other, one by one.
    """
    firsts = [at for at, piece in enumerate(pieces) if piece.kind == FIGURE and _opens_row(pieces, at)]
    numbers = [int(pieces[at].text) if _SERIAL(pieces[at].text) else 0 for at in firsts]
    running = [at for at in range(1, len(firsts)) if numbers[at - 1] and numbers[at] == numbers[at - 1] + 1]
    if len(running) < SERIALS or 5 * len(running) < 4 * len(firsts):
        return pieces
    gone = {firsts[at] for at in running} | {firsts[at - 1] for at in running}
    return [piece for at, piece in enumerate(pieces) if at not in gone]


def _opens_row(pieces: list[Piece], at: int) -> bool:
    """Whether a piece is the first of a row that goes on behind it."""
    row = pieces[at].row
    return (at == 0 or pieces[at - 1].row != row) and at + 1 < len(pieces) and pieces[at + 1].row == row

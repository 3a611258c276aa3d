"""Plain text and markdown → Grid.

A line with separators (bars, tabs, wide gaps) becomes a row of slots; any other line is text. Dumps of web pages put
one cell on a line, so nothing here decides what is a table: that is the aligner's work.
"""

from __future__ import annotations

import re
from html import unescape

from gongkai.reading.grid import Grid, GridRow, Slot, Unreadable
from gongkai.reading.values import PAGE_MARK
from gongkai.report import Place

# A report is 10 to 100 KB of text; a file a hundred times longer is something else.
MAX_CHARACTERS = 10_000_000
MAX_LINES = 400_000

_BARS = re.compile(r"[|｜│┃]")
_RULE_SIGNS = frozenset(" \t|｜:+-─━┄┌┐└┘├┤┬┴┼│┃")
_GAP = re.compile(r"(?<=\S)[ \u3000\u00a0]{2,}(?=\S)")
_COLUMN = re.compile(r"\S+(?:[ \u3000\u00a0]\S+)*")
_HEADING = re.compile(r"^#{1,6}\s+")
_LONGEST_PAGE_MARK = 40
# Tables written as HTML inside a text.
TABLE_TAG = re.compile(r"<t[dr][\s>]", re.IGNORECASE).search
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_EMPHASIS = re.compile(r"\*\*|__")


def read_text(text: str) -> Grid:
    """The rows of a text; raises :class:`Unreadable` when it is empty or beyond all measure."""
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"文本过长（{len(text)}字），不像一份年度报告。")
    if not text.strip():
        raise Unreadable("文件里没有文字。")
    if "\x00" in text[:4096]:
        raise Unreadable("文件不是文本：含有不可显示的字节。")
    grid = Grid()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MAX_LINES:
        raise Unreadable(f"文本有{len(lines)}行，不像一份年度报告。")
    page, breaks = 1, list[int]()
    for number, line in enumerate(lines, 1):
        pieces = line.split("\f") if "\f" in line else (line,)
        for index, piece in enumerate(pieces):
            if index:
                breaks.append(len(grid.rows))
                page += 1
            row = _row(piece, number, page)
            if row is not None:
                grid.rows.append(row)
    _drop_page_numbers(grid, breaks)
    return grid


def as_html(text: str) -> bytes:
    """Markdown or text with tables written as HTML: outside the tags every line stays a line."""
    lines = [line if line.lstrip().startswith("<") else f"{_HEADING.sub('', line)}<br>" for line in text.splitlines()]
    return "\n".join(lines).encode()


def _drop_page_numbers(grid: Grid, breaks: list[int]) -> None:
    """Bare numbers right before a form feed are page numbers when every page ends with its own; otherwise they are figures."""
    last = [at - 1 for at in breaks]
    if not last or any(at < 0 or grid.rows[at].text != str(page) for page, at in enumerate(last, 1)):
        return
    grid.rows = [row for at, row in enumerate(grid.rows) if at not in set(last)]


def _row(line: str, number: int, page: int) -> GridRow | None:
    stripped = line.strip(" \u3000\u00a0\r\n")
    if not stripped:
        return None
    place = Place(line=number)
    if len(stripped) < 16 and stripped.isalnum():
        return GridRow("text", [Slot(stripped, place=place)], page=page)
    if _is_rule(stripped):
        return None
    if _BARS.search(stripped):
        return _barred(stripped, place, page)
    if "\t" in stripped:
        return _split(stripped.split("\t"), place, page)
    if len(stripped) < _LONGEST_PAGE_MARK and PAGE_MARK.match(stripped):
        return None
    gaps = _gapped(line, place, page)
    if gaps is not None:
        return gaps
    return GridRow("text", [Slot(_markup(stripped), place=place)], page=page)


def _is_rule(line: str) -> bool:
    """Only drawing: the line under a markdown heading, a border, a lone bar. Single strokes are values."""
    if not _RULE_SIGNS.issuperset(line):
        return False
    return "--" in line or not any(sign in line for sign in "-")


def _markup(text: str) -> str:
    if text.startswith("#"):
        text = _HEADING.sub("", text)
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = unescape(text)
    return _EMPHASIS.sub("", text) if "**" in text or "__" in text else text


def _barred(line: str, place: Place, page: int) -> GridRow | None:
    pieces = _BARS.split(line)
    if not pieces[0].strip():
        pieces = pieces[1:]
    if pieces and not pieces[-1].strip():
        pieces = pieces[:-1]
    if not any(piece.strip() for piece in pieces):
        return None
    if pieces[0].strip() and not any(piece.strip() for piece in pieces[1:]):
        # One cell a line: the bars behind it are what merged cells left.
        return GridRow("text", [Slot(_markup(pieces[0].strip()), place=place)], page=page)
    return _split(pieces, place, page)


def _split(pieces: list[str], place: Place, page: int) -> GridRow:
    slots = [Slot(_markup(piece.strip()), index, index + 1, place) for index, piece in enumerate(pieces)]
    return GridRow("split", slots, page=page)


def _gapped(line: str, place: Place, page: int) -> GridRow | None:
    """Columns kept apart by two blanks or more; a sentence with a wide gap in it stays text."""
    if not _GAP.search(line) or "。" in line:
        return None
    slots = []
    column = position = 0
    for match in _COLUMN.finditer(line):
        start = column + _width(line[position : match.start()])
        column, position = start + _width(match.group()), match.end()
        slots.append(Slot(_markup(match.group()), start, column, place))
    return GridRow("split", slots, page=page) if len(slots) > 1 else None


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters and full-width signs take two."""
    return sum(2 if "\u1100" <= char and (char <= "\u115f" or "\u2e80" <= char <= "\uffe6") else 1 for char in text)

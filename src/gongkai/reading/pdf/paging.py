"""Pages to one stream: lines and drawn tables in reading order, page furniture taken out, tables rejoined over breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gongkai.reading.grid import GridRow, Slot
from gongkai.reading.pdf.glyphs import Glyph
from gongkai.reading.pdf.lines import Line, Piece, flowing_text, lines_of, pieces_of
from gongkai.reading.pdf.ruling import Lattice
from gongkai.report import Place

# Share of the page's height at top and bottom where page numbers and running heads stand; the margin that
# GB/T 9704 prescribes at the bottom is 35 mm of 297, and page numbers stand inside it.
MARGIN = 0.12
# Column edges of two parts of one table agree within this many points.
SAME_EDGE = 3.0

_DASH = r"\s*[-—–－―~～·•]+\s*"
_DECORATED = re.compile(_DASH + r"\d{1,4}" + _DASH + r"|第\s*[\d一二三四五六七八九十]+\s*页.{0,12}|\d{1,4}\s*[/／]\s*\d{1,4}")
_BARE = re.compile(r"\d{1,4}")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class TextLine:
    """A line of text outside tables."""

    page: int
    pieces: list[Piece]
    box: tuple[float, float, float, float]
    in_margin: bool

    @property
    def text(self) -> str:
        """Pieces joined by a blank."""
        return " ".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class TablePart:
    """A drawn table on one page, its cells' texts beside its geometry. ``number`` and ``edges`` (column edges of the
    whole table, in this part's points) are settled when all pages are known."""

    page: int
    lattice: Lattice
    texts: list[str]
    number: int = 0
    edges: list[float] = field(default_factory=list)


@dataclass(slots=True)
class PageLayout:
    """One page, its items from the top down."""

    items: list[TextLine | TablePart]
    overflowed: int = 0


def lay_out(glyphs: Sequence[Glyph], lattices: Sequence[Lattice], *, page: int, height: float) -> PageLayout:
    """Give each character to its cell or line. ``page`` counts from 1, ``height`` is the page's, in points."""
    tables = sorted((lattice for lattice in lattices if lattice.is_table), key=_area)
    homes = [_home(glyph, tables) for glyph in glyphs]
    overflowed = _keep_words_whole(glyphs, homes, tables)
    inside: dict[tuple[int, int], list[Glyph]] = {}
    outside: list[Glyph] = []
    for glyph, home in zip(glyphs, homes, strict=True):
        if home is None:
            outside.append(glyph)
        else:
            inside.setdefault(home, []).append(glyph)
    parts = [
        TablePart(page, table, [flowing_text(inside.get((number, cell), [])) for cell in range(len(table.cells))])
        for number, table in enumerate(tables)
    ]
    placed: list[tuple[float, TextLine | TablePart]] = [(part.lattice.ys[0], part) for part in parts if any(part.texts)]
    placed += [(line.box[3], line) for line in _text_lines(outside, page, height)]
    return PageLayout([item for _, item in sorted(placed, key=lambda pair: -pair[0])], overflowed)


def _area(lattice: Lattice) -> float:
    left, bottom, right, top = lattice.box
    return (right - left) * (top - bottom)


def _home(glyph: Glyph, tables: Sequence[Lattice]) -> tuple[int, int] | None:
    """The table (the smallest, where one lies in a cell of another) and cell that hold the character's centre."""
    for number, table in enumerate(tables):
        cell = table.cell_at(glyph.centre, glyph.middle)
        if cell >= 0:
            return number, cell
    return None


def _keep_words_whole(glyphs: Sequence[Glyph], homes: list[tuple[int, int] | None], tables: Sequence[Lattice]) -> int:
    """A figure too wide for its cell runs over the border: its first digit must not land in the neighbour's cell.

    Where a border cuts through a character of a word, the whole word goes to the cell that holds the word's centre.
    Returns how many words did.
    """
    moved, start = 0, 0
    for index in range(1, len(glyphs) + 1):
        if index < len(glyphs) and _continues(glyphs[index - 1], glyphs[index]):
            continue
        if index - start > 1 and len(set(homes[start:index])) > 1 and _is_cut(glyphs[start:index], homes[start:index], tables):
            first, last = glyphs[start], glyphs[index - 1]
            whole = Glyph("", first.left, first.bottom, last.right, first.top, first.em)
            homes[start:index] = [_home(whole, tables)] * (index - start)
            moved += 1
        start = index
    return moved


def _continues(last: Glyph, glyph: Glyph) -> bool:
    if not (last.upright and glyph.upright) or " " in (last.char, glyph.char):
        return False
    return abs(glyph.bottom - last.bottom) < 0.1 * glyph.em and -0.2 * glyph.em < glyph.left - last.right < 0.06 * glyph.em


def _is_cut(word: Sequence[Glyph], homes: Sequence[tuple[int, int] | None], tables: Sequence[Lattice]) -> bool:
    slack = 0.1 * word[0].em
    edges = [edge for number, cell in filter(None, homes) for edge in tables[number].cell_box(cell)[::2]]
    return any(glyph.left + slack < edge < glyph.right - slack for glyph in word for edge in edges)


def _text_lines(glyphs: Iterable[Glyph], page: int, height: float) -> list[TextLine]:
    """Lines outside tables; sideways text (margin notes) as one line each, after the order of the file."""
    upright = [glyph for glyph in glyphs if glyph.upright]
    lines = [_text_line(line, page, height) for line in lines_of(upright)]
    sideways = [glyph for glyph in glyphs if not glyph.upright]
    if sideways:
        turned = Line(sideways, sideways[0].bottom, sideways[0].top, sideways[0].em)
        lines.append(TextLine(page, [Piece(flowing_text(sideways), turned.box)], turned.box, in_margin=False))
    return [line for line in lines if line.pieces]


def _text_line(line: Line, page: int, height: float) -> TextLine:
    pieces = pieces_of(line)
    if _is_letterspaced(pieces):
        pieces = [Piece("".join(piece.text for piece in pieces), line.box)]
    in_margin = line.bottom > height * (1 - MARGIN) or line.top < height * MARGIN
    return TextLine(page, pieces, line.box, in_margin)


def _is_letterspaced(pieces: Sequence[Piece]) -> bool:
    """Whether a line is a spread-out heading (目　录) and not a row: single, differing Chinese characters, evenly set."""
    texts = [piece.text for piece in pieces]
    if len(texts) < 2 or len(set(texts)) == 1 or any(len(text) > 1 or not "一" <= text <= "鿿" for text in texts):
        return False
    gaps = [after.box[0] - piece.box[2] for piece, after in pairwise(pieces)]
    return max(gaps) < 1.3 * min(gaps) and max(gaps) < 4 * (pieces[0].box[2] - pieces[0].box[0])


def without_furniture(pages: Sequence[PageLayout]) -> list[TextLine | TablePart]:
    """All items but page numbers and running heads, which would part the halves of a table."""
    margins = [item for page in pages for item in page.items if isinstance(item, TextLine) and item.in_margin]
    offsets = Counter(int(line.text) - line.page for line in margins if _BARE.fullmatch(line.text))
    repeated = Counter(text for text, _ in {(line.text, line.page) for line in margins})
    often = max(2, round(0.4 * len(pages)))

    def is_furniture(item: TextLine | TablePart) -> bool:
        if not isinstance(item, TextLine) or not item.in_margin or len(item.pieces) > 2:
            return False
        text = item.text.strip()
        if _DECORATED.fullmatch(text):
            return True
        if _BARE.fullmatch(text):
            # A figure alone may belong to a table without lines; a page number counts with the pages.
            return offsets[int(text) - item.page] > 1 or (len(pages) == 1 and int(text) == 1)
        return repeated[item.text] >= often and len(_LETTERS.findall(text)) > 1

    return [item for page in pages for item in page.items if not is_furniture(item)]


def join_tables(items: Sequence[TextLine | TablePart]) -> None:
    """Number the tables from 1. A table at the top of a page that stands on the same column edges as the one at the
    foot of the page before carries that one on, and both count columns alike."""
    number, family = 0, list[TablePart]()
    for before, item in zip([None, *items], items, strict=False):
        if not isinstance(item, TablePart):
            continue
        edges = None
        if isinstance(before, TablePart) and item.page == before.page + 1:
            edges = _common_edges(before.edges, item.lattice.xs)
        if edges is None:
            number, family, edges = number + 1, [], item.lattice.xs
        family.append(item)
        item.number = number
        for part in family:
            shift = part.lattice.xs[0] - edges[0]
            part.edges = [edge + shift for edge in edges]


def _common_edges(known: Sequence[float], new: Sequence[float]) -> list[float] | None:
    """The finer of two rows of column edges, when each edge of the coarser one is an edge of it; else ``None``.
    Mirrored margins may shift a page as a whole."""
    shift = new[0] - known[0]
    moved = [edge - shift for edge in new]
    coarse, fine = sorted((list(known), moved), key=len)
    if abs(coarse[-1] - fine[-1]) > SAME_EDGE:
        return None
    same = all(min(abs(edge - other) for other in fine) <= SAME_EDGE for edge in coarse)
    return fine if same else None


def grid_rows(items: Sequence[TextLine | TablePart]) -> list[GridRow]:
    """The stream as rows of a grid. Rows of a table count on over a page break."""
    rows: list[GridRow] = []
    counted: Counter[int] = Counter()
    for item in items:
        if isinstance(item, TablePart):
            found = _table_rows(item, counted[item.number])
            counted[item.number] += len(found)
            rows += found
        else:
            rows.append(_line_row(item))
    return rows


def _line_row(line: TextLine) -> GridRow:
    if len(line.pieces) == 1:
        return GridRow("text", [Slot(line.pieces[0].text, place=Place(page=line.page, box=line.box))], page=line.page)
    slots = [Slot(piece.text, piece.box[0], piece.box[2], Place(page=line.page, box=piece.box)) for piece in line.pieces]
    return GridRow("split", slots, page=line.page)


def _table_rows(part: TablePart, before: int) -> list[GridRow]:
    """The rows of one part; ``before`` rows of the table stand on earlier pages. A cell is listed in its first row."""
    lattice = part.lattice
    columns = [_nearest(part.edges, x) for x in lattice.xs]
    starting: dict[int, list[int]] = {}
    for index, cell in enumerate(lattice.cells):
        starting.setdefault(cell.top, []).append(index)
    rows = []
    for number, (_, members) in enumerate(sorted(starting.items()), start=before + 1):
        slots = []
        for index in sorted(members, key=lambda index: lattice.cells[index].left):
            cell = lattice.cells[index]
            left, right = columns[cell.left], columns[cell.right]
            place = Place(page=part.page, box=lattice.cell_box(index), table=part.number, row=number, column=left + 1)
            slots.append(Slot(part.texts[index], left, right, place))
        rows.append(GridRow("table", slots, table=part.number, page=part.page))
    return rows


def _nearest(edges: Sequence[float], x: float) -> int:
    return min(range(len(edges)), key=lambda n: abs(edges[n] - x))

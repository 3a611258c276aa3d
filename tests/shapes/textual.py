"""Reports as text: dumps of web pages, office documents and PDFs, as people and programs leave them.

Each function takes a draft and returns the text of the whole file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random

from tests.shapes.layout import Box, Draft, Sheet, Words, grid

SheetLines = Callable[[Sheet], list[str]]


def _text(draft: Draft, sheet_lines: SheetLines, *, between: str = "\n", indent: str = "") -> str:
    """The whole report; ``between`` joins the lines, ``indent`` stands before running text."""
    lines: list[str] = []
    for part in draft.parts:
        if isinstance(part, Words):
            lines.append(part.text if part.role in ("title", "heading") else indent + part.text)
        else:
            lines.extend(sheet_lines(part))
    return between.join(lines) + "\n"


def _flat(text: str, gap: str = " ") -> str:
    return text.replace("\n", gap)


def _shown(row: tuple[Box, ...]) -> list[str]:
    """The cells of a row that leave a trace when empty cells leave none."""
    return [box.text for box in row if box.text.strip("\xa0 \u3000")]


# --- one cell a line -----------------------------------------------------------------------------------------------


def cell_lines(draft: Draft, _random: Random) -> str:
    """One cell a line, nothing between."""
    return _text(draft, lambda sheet: [text for row in sheet.rows for text in _shown(row)])


def cell_lines_spaced(draft: Draft, _random: Random) -> str:
    """One cell a line, a blank line between every two."""
    return _text(draft, lambda sheet: [text for row in sheet.rows for text in _shown(row)], between="\n\n", indent="  ")


def _ragged(sheet: Sheet, bar: str) -> list[str]:
    """`a | b ||`: bars after the cells, the bars of merged cells gathered at the end of the row."""
    rows = []
    for row in sheet.rows:
        cells = [_flat(box.text) for box in row]
        rows.append(bar.join(cells) + bar.rstrip(" ") + " " + "|" * max(0, sheet.width - len(row)))
    return [row.rstrip(" ") for row in rows]


def bar_rows(draft: Draft, _random: Random) -> str:
    """A row a line, bars between cells, the bars of merged cells as a ragged tail."""
    return _text(draft, lambda sheet: _ragged(sheet, " | "))


def cell_lines_bar(draft: Draft, _random: Random) -> str:
    """One cell a line with a bar after each; merged cells leave runs of bars after the last cell of a row."""
    return _text(draft, lambda sheet: _ragged(sheet, " |\n"))


def bar_line_rows(draft: Draft, _random: Random) -> str:
    """A line with nothing but a bar before each row of cells on one line."""
    return _text(draft, lambda sheet: [line for row in _ragged(sheet, " | ") for line in ("|", row)])


def bar_line_cells(draft: Draft, _random: Random) -> str:
    """A line with nothing but a bar before each row, then one cell a line."""
    return _text(draft, lambda sheet: [text for row in sheet.rows for text in ("|", *_shown(row))])


# --- full rows -----------------------------------------------------------------------------------------------------


def _full(sheet: Sheet, gap: str = " ") -> list[list[str]]:
    return [[_flat(box.text, gap) if box else "" for box in row] for row in grid(sheet)]


def bar_columns(draft: Draft, _random: Random) -> str:
    """Every column between bars; what merged cells cover is empty, the label columns above all."""
    return _text(draft, lambda sheet: [" | ".join(row) + " |" for row in _full(sheet)])


def markdown(draft: Draft, random: Random) -> str:
    """Pipe tables; the first row is the header, merged cells are empty or repeat their text."""
    repeat = random.random() < 0.3

    def sheet_lines(sheet: Sheet) -> list[str]:
        rows = _repeated(sheet) if repeat else _full(sheet, "<br>")
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        return ["", lines[0], "|" + " --- |" * len(rows[0]), *lines[1:], ""]

    return _text(_with_marks(draft), sheet_lines, between="\n")


def _with_marks(draft: Draft) -> Draft:
    """Headings as markdown writes them."""
    marks = {"title": "# ", "heading": "## "}
    parts = tuple(
        Words(marks.get(part.role, "") + part.text + "\n", part.role) if isinstance(part, Words) else part for part in draft.parts
    )
    return Draft(draft.figures, draft.organ, parts)


def _repeated(sheet: Sheet) -> list[list[str]]:
    """As some converters unroll merged cells: the text again in each covered position, in label columns only."""
    boxes = grid(sheet)
    cells: list[list[str]] = [[""] * len(boxes[0]) for _ in boxes]
    for y, row in enumerate(boxes):
        for x, box in enumerate(row):
            if box is None:
                continue
            for dy in range(box.rows):
                for dx in range(box.cols):
                    if dx == dy == 0 or box.kind != "value":
                        cells[y + dy][x + dx] = _flat(box.text, "<br>")
    return cells


def tabs(draft: Draft, random: Random) -> str:
    """Tabs between cells; how many stand before and after a row varies, as after a PDF conversion."""

    def sheet_lines(sheet: Sheet) -> list[str]:
        lines = []
        for row, cells in zip(sheet.rows, _full(sheet), strict=True):
            if row and row[-1].kind == "value" and row[0].rows == 1 and random.random() < 0.3:
                cells = [_flat(box.text) for box in row]
                lines.append("\t" * random.randint(0, 3) + "\t".join(cells) + "\t" * random.randint(0, 3))
            else:
                lines.append("\t".join(cells).rstrip("\t") + "\t" * random.randint(0, 2))
        return lines

    return _text(_with_marks(draft), sheet_lines)


def tabs_exact(draft: Draft, _random: Random) -> str:
    """Tabs between all columns, as copied from a spreadsheet."""
    return _text(draft, lambda sheet: ["\t".join(row) for row in _full(sheet)])


def display_width(text: str) -> int:
    """Columns that the text takes on a terminal: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def aligned(draft: Draft, _random: Random) -> str:
    """Columns aligned with blanks, as a terminal or `pdftotext -layout` shows them; merged cells reach over columns."""

    def sheet_lines(sheet: Sheet) -> list[str]:
        cells = grid(sheet)
        widths = [
            max([4, *(display_width(_flat(row[x].text, "")) for row in cells if row[x] and row[x].cols == 1)]) for x in range(len(cells[0]))
        ]
        starts = [sum(widths[:x]) + 3 * x for x in range(len(widths))]
        return [_aligned_row(row, starts) for row in cells]

    return _text(draft, sheet_lines)


def _aligned_row(row: list[Box | None], starts: list[int]) -> str:
    line = ""
    for start, box in zip(starts, row, strict=True):
        if box and box.text.strip():
            line += " " * max(2 if line.strip() else 0, start - display_width(line)) + _flat(box.text, "")
    return line


# --- a row, a table on one line ------------------------------------------------------------------------------------


def label_numbers(draft: Draft, _random: Random) -> str:
    """A row a line, single blanks between: the label, then its numbers."""
    return _text(draft, lambda sheet: [" ".join(_flat(text, "") for text in _shown(row)) for row in sheet.rows])


def one_line(draft: Draft, _random: Random) -> str:
    """Each table on one line, blanks between."""
    return _text(draft, lambda sheet: [" ".join(_flat(text, "") for row in sheet.rows for text in _shown(row))])


def one_paragraph(draft: Draft, _random: Random) -> str:
    """The whole report on one line, headings and tables and all."""
    return _text(draft, lambda sheet: [" ".join(_flat(text, "") for row in sheet.rows for text in _shown(row))], between=" ")


def glued_rows(draft: Draft, _random: Random) -> str:
    """A row a line, nothing at all between its cells: 规章000."""
    return _text(draft, lambda sheet: ["".join(_flat(text, "") for text in _shown(row)) for row in sheet.rows])


def glued_table(draft: Draft, _random: Random) -> str:
    """A table a line, nothing at all between cells: …00000001.属于国家秘密0000000…"""
    return _text(draft, lambda sheet: ["".join(_flat(text, "") for row in sheet.rows for text in _shown(row))])


# --- through a PDF -------------------------------------------------------------------------------------------------


def paged(draft: Draft, random: Random) -> str:
    """One cell a line with page ends inside the tables: page number, form feed, sometimes the head rows again."""
    page = random.choice(("- {} -", "第 {} 页", "— {} —", "第{}页 共9页"))
    number = 1

    def sheet_lines(sheet: Sheet) -> list[str]:
        nonlocal number
        lines: list[str] = []
        ends = set(random.sample(range(1, len(sheet.rows)), min(2, len(sheet.rows) - 1)))
        for y, row in enumerate(sheet.rows):
            if y in ends:
                number += 1
                lines += [page.format(number), "\f"]
                if y > sheet.n_heads and random.random() < 0.5:
                    lines += [text for head in sheet.rows[: sheet.n_heads] for text in _shown(head)]
            lines += _shown(row)
        return lines

    return _text(draft, sheet_lines)


def torn_markdown(draft: Draft, random: Random) -> str:
    """Markdown made from a PDF: many small tables, each first row taken for a header, labels torn from their numbers."""

    def sheet_lines(sheet: Sheet) -> list[str]:
        lines: list[str] = []
        left = 0
        for boxes, cells in zip(grid(sheet), _full(sheet), strict=True):
            torn = [box is not None and box.kind != "value" and len(box.text) > 4 for box in boxes]
            if left == 0:
                left = random.randint(2, 9)
                lines += ["", _pipes(cells), "|" + "---|" * len(cells)]
            elif random.random() < 0.15 and any(torn):
                lines += ["", *(cell for cell, is_torn in zip(cells, torn, strict=True) if is_torn), ""]
                lines.append(_pipes(["" if is_torn else cell for cell, is_torn in zip(cells, torn, strict=True)]))
                lines.append("|" + "---|" * len(cells))
            else:
                lines.append(_pipes(cells))
            left -= 1
        return [*lines, ""]

    return _text(_with_marks(draft), sheet_lines)


def _pipes(cells: list[str]) -> str:
    return "|" + "|".join(cells) + "|"


def labels_then_numbers(draft: Draft, _random: Random) -> str:
    """As some PDF readers give a page: all labels of a table first, then its numbers row by row."""

    def sheet_lines(sheet: Sheet) -> list[str]:
        labels = [_flat(box.text, "") for row in sheet.rows for box in row if box.kind != "value" and box.text.strip()]
        rows = [" ".join(box.text for box in row if box.kind == "value" and box.text.strip()) for row in sheet.rows]
        return labels + [row for row in rows if row]

    return _text(draft, sheet_lines)


def wrapped_rows(draft: Draft, random: Random) -> str:
    """`pdftotext`: long labels over two lines with the numbers on the first, the second or a line between."""

    def sheet_lines(sheet: Sheet) -> list[str]:
        lines: list[str] = []
        for row in sheet.rows:
            labels = "".join(_flat(box.text, "") for box in row if box.kind != "value")
            numbers = " ".join(box.text for box in row if box.kind == "value" and box.text.strip())
            if not numbers or len(labels) < 14:
                lines.append(f"{labels} {numbers}".strip() if numbers else " ".join(_flat(text, "") for text in _shown(row)))
                continue
            middle = len(labels) // 2
            lines += random.choice(
                (
                    [f"{labels[:middle]} {numbers}", labels[middle:]],
                    [labels[:middle], f"{labels[middle:]} {numbers}"],
                    [labels[:middle], numbers, labels[middle:]],
                )
            )
        return lines

    return _text(draft, sheet_lines)

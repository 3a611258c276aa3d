"""The report as a tagged PDF/A on the page of GB/T 9704, set by typst from ``report.typ``."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from gongkai.report.render.layout import LayoutCell, TableLayout
from gongkai.report.render.outline import Outline
from gongkai.report.render.typesetting import day_parts, typeset

_TEMPLATE = Path(__file__).with_name("report.typ")


def write(page: Outline, folder: Path | None) -> bytes:
    """The PDF; errors as :func:`gongkai.report.render.typesetting.typeset`."""
    return typeset(_TEMPLATE, _content(page), day=page.dated_on, folder=folder)


def _content(page: Outline) -> dict[str, Any]:
    return {
        "title": page.title,
        "lines": page.title_lines,
        "author": page.organ,
        "date": day_parts(page.dated_on),
        "dateline": page.dateline,
        "preface": [{"text": line.text, "subheading": line.subheading} for line in page.preface],
        "parts": [
            {
                "heading": part.heading,
                "paragraphs": [{"text": line.text, "subheading": line.subheading} for line in part.paragraphs],
                "tables": [_table(table) for table in part.tables],
            }
            for part in page.parts
        ],
    }


def _table(table: TableLayout) -> dict[str, Any]:
    rows = table.rows()
    groups = []
    # Runs of rows of one level: 0 for figures, else the depth of the heading; typst tags them and repeats the first.
    for (level, repeat), run in groupby(range(table.n_rows), key=lambda number: (_level(table, rows, number), number < table.repeat)):
        groups.append({"level": level, "repeat": repeat, "rows": [[_cell(cell) for cell in rows[number]] for number in run]})
    return {
        "widths": table.widths,
        "size": 9 if table.compact else 10.5,
        "inset": 3.8 if table.compact else 5.5,
        "groups": groups,
    }


def _level(table: TableLayout, rows: list[list[LayoutCell]], number: int) -> int:
    if number not in table.heading_rows:
        return 0
    inner = rows[number][0].scope == "rowgroup"
    return 2 + rows[number][0].indent if inner else 1


def _cell(cell: LayoutCell) -> dict[str, Any]:
    return {
        "text": cell.text,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
        "left": cell.scope.startswith("row") and not cell.vertical,
        "shaded": cell.scope.startswith("col"),
        "vertical": cell.vertical,
        "indent": cell.indent,
    }

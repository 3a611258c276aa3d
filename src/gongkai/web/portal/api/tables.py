"""Answers as CSV: the same rows and names as in JSON.

UTF-8 with a mark at its beginning: Excel and WPS in Chinese take a file without it for GBK, and every tool that reads CSV knows it. What
a spreadsheet would take for a formula has a quote in front, as in every file that leaves the platform; JSON and Parquet hold it as it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from django.http import HttpResponse, HttpResponseBase

from gongkai.web.disclosure.registers.importing import neutral

Kind = Literal["json", "csv"]
MARK = "\ufeff"


def cell(value: Any) -> str:
    """A value as a cell: nothing for null, 1 and 0 for yes and no, a list joined by 、, what has parts as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list | tuple):
        plain = all(isinstance(part, str) for part in value)
        value = "、".join(value) if plain else json.dumps(value, ensure_ascii=False)
    return neutral(str(value))


def as_csv(rows: Iterable[Mapping[str, Any]], names: Sequence[str], file_name: str) -> HttpResponseBase:
    """Those columns of the rows, as a file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([cell(row.get(name)) for name in names] for row in rows)
    answer = HttpResponse((MARK + out.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name}.csv"'
    return answer

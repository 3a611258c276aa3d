"""Whole documents and what should be read and found in them.

A case is a folder: ``document.*`` (made up by us), ``report.json`` and ``findings.json`` (written by a person who read the
document; no program writes them). In ``report.json`` a table's row is its figures along the form's columns; a word in place
of a figure is the kind of the cell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gongkai.cli import main
from gongkai.law import report_format

CASES = sorted(path for path in Path(__file__).parent.iterdir() if path.is_dir() and path.name != "__pycache__")
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)


def expected(case: Path, name: str) -> Any:
    """What a person wrote; a case without it fails."""
    return json.loads((case / name).read_text(encoding="utf-8"))


def checked(case: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the program says of the document, and whether its exit status agrees."""
    (document,) = case.glob("document.*")
    status = main(["check", "--json", str(document)])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert status == int(any(finding["severity"] == "error" for finding in found["findings"]))
    return found


def cells(rows: Mapping[str, list[float | str]], edition: str) -> dict[str, float | str]:
    """Address → figure or kind, from the rows as they are written down; every column of the row must be there."""
    columns = {
        table.cell(row.id, ""): [column.id for column in block.columns]
        for table in report_format(edition).tables
        for block in table.blocks
        for row in (*block.rows, *block.merged_rows)
    }
    return {f"{name}.{column}": value for name, values in rows.items() for column, value in zip(columns[name + "."], values, strict=True)}


def test_there_are_cases() -> None:
    assert len(CASES) >= 3


@EVERY_CASE
def test_the_report_is_read(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted, found = expected(case, "report.json"), checked(case, capsys)
    for key in wanted.keys() - {"cells"}:
        assert found[key] == wanted[key], key
    read = {address: cell["value"] if cell["kind"] == "number" else cell["kind"] for address, cell in found["cells"].items()}
    shown = {address: value for address, value in read.items() if value != "missing"}
    assert shown == cells(wanted["cells"], wanted["edition"])


@EVERY_CASE
def test_the_findings_are_these(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(case, capsys)["findings"] == expected(case, "findings.json")

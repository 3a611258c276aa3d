"""The benchmark reads what it measures without errors and leaves the file it promises. No time is asserted here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import documents, run
from gongkai.checks import check_report
from gongkai.reading import read_report

SEED = 3


def test_the_page_is_of_the_size_that_the_limit_speaks_of() -> None:
    assert 40_000 <= len(documents.site_page(SEED)) <= 60_000


@pytest.mark.parametrize("seed", range(len(documents.MIXED)))
def test_every_figure_of_every_document_is_read(seed: int) -> None:
    suffix, make = documents.MIXED[seed]
    report = read_report(make(seed), f"report.{suffix}")
    shown = documents.figures_of(seed).truth
    assert {address: report.value(address) for address in shown} == dict(shown)
    assert (report.organ, report.complete) == (documents.organ_of(seed), True)
    assert [finding.code for finding in check_report(report) if finding.severity == "error"] == []


def test_mixed_documents_differ() -> None:
    made = dict(documents.mixed(2 * len(documents.MIXED)))
    assert len(made) == len(set(made.values())) == 2 * len(documents.MIXED)


def test_the_file_for_machines_has_the_promised_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "results" / "latest.json"
    assert run.main(["--on", "2026-03-04", "--rounds", "1", "--documents", "9", "--output", str(file)]) == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found.keys() == {"on", "python", "platform", "processors", "versions", "rounds", "figures"}
    assert (found["on"], found["rounds"]) == ("2026-03-04", 1)
    assert [row["id"] for row in found["figures"]] == list(run.LIMITS)
    for row in found["figures"]:
        assert row.keys() == {"id", "what", "unit", "figure", "limit", "within", "n", "quartiles", "extra"}
        assert row["figure"] > 0
    printed = capsys.readouterr().out
    assert all(f"| {limit.what}" in printed for limit in run.LIMITS.values())


def test_a_row_over_its_limit_is_marked() -> None:
    rows = [run.figure("text.time", [9.9, 10.0, 10.1]), run.figure("docx.time", [30.1])]
    assert [row.within for row in rows] == [True, False]
    assert [line.split("|")[-2].strip() for line in run.table(rows).splitlines()[2:]] == ["ok", "OVER"]

"""The law data's lint finds nothing in our data, and finds each fault in data that has it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.house.source import ROOT
from tools.lint_law import DATA, faults

HEADER = "# What this is.\n# References:   a notice\n# Checked with: a copy\n# Limitations:  none known\n"
INSTRUMENTS = HEADER + (
    "confirmed_on: 2024-01-01\n"
    "instruments:\n"
    "  - {id: reg, title: 条例, document: 1号, issued_on: 2019-04-03, in_force_from: 2019-05-15, confidence: seen}\n"
)
VALUES = HEADER + (
    "values:\n"
    "  - id: limit\n"
    "    periods:\n"
    "      - {from: 2008-05-01, value: 15, basis: 'reg:24', confidence: seen, confirmed_on: null}\n"
    "      - {from: 2019-05-15, value: 20, basis: 'reg:33.2', confidence: seen, confirmed_on: 2024-01-01}\n"
)


def _lint(folder: Path, **files: str) -> list[str]:
    for name, text in {"instruments": INSTRUMENTS, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return faults(folder)


def test_our_data_is_in_order() -> None:
    assert faults() == []
    assert len(list(DATA.rglob("*.yaml"))) > 5


def test_sound_data_has_no_fault(tmp_path: Path) -> None:
    assert _lint(tmp_path, values=VALUES) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("# References:   a notice\n", "", "the heading comment has no 'References:'"),
        ("# Checked with: a copy\n", "# Checked with:\n", "the heading comment has no 'Checked with:'"),
        ("# Limitations:  none known\n", "", "the heading comment has no 'Limitations:'"),
        ("value: 20", "value: 20, value: 15", "key 'value' is written twice"),
        ("  - id: limit\n", "  - id: limit\n    id: other\n", "key 'id' is written twice"),
        ("reg:33.2", "rag:33.2", "the basis rag:33.2 names an instrument that instruments.yaml does not list"),
        (", basis: 'reg:33.2'", "", "limit: a period has no basis"),
        (", confirmed_on: 2024-01-01", "", "limit: a period has no confirmed_on"),
        ("confirmed_on: 2024-01-01", "confirmed_on: 去年", "confirmed_on is no day: '去年'"),
        ("from: 2019-05-15", "from: 2008-05-01", "limit: its periods are not in order of time"),
        ("{from: 2008-05-01,", "{from: 2008-05-01, until: 2010-01-01,", "limit: only the last period may say when it ended"),
    ],
)
def test_a_fault_is_found(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in VALUES
    found = _lint(tmp_path, values=VALUES.replace(old, new, 1))
    assert any(fault in line for line in found), found


def test_an_instrument_must_be_listed_once_with_its_successor(tmp_path: Path) -> None:
    dates = "issued_on: 2020-01-01, in_force_from: 2019-01-01"
    extra = f"  - {{id: reg, title: 条例, document: 1号, {dates}, superseded_by: none, confidence: seen}}\n"
    assert _lint(tmp_path, instruments=INSTRUMENTS + extra) == [
        "instruments.yaml: the instrument reg is listed twice",
        "instruments.yaml: reg: superseded_by names none, which is not listed",
        "instruments.yaml: reg: it is superseded and has no last day in force",
        "instruments.yaml: reg: in force before it was issued",
    ]


def test_no_year_of_holidays_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "holidays").mkdir()
    for year in (2019, 2021):
        (tmp_path / "holidays" / f"{year}.yaml").write_text(HEADER + f"year: {year}\nconfirmed_on: null\n", encoding="utf-8")
    assert _lint(tmp_path) == ["holidays: no file between 2019 and 2021"]


def test_lists_that_rest_on_no_statute_say_what_they_rest_on():
    web = ROOT / "src" / "gongkai" / "web" / "disclosure"
    choices, channels = (yaml.safe_load((web / name).read_text(encoding="utf-8")) for name in ("choices.yaml", "channels/channels.yaml"))
    assert set(choices["sources"]) == {"topics"}
    assert set(channels["sources"]) == {name for name, row in channels["channels"].items() if row["limits"]}
    page = (ROOT / "docs" / "law" / "index.md").read_text(encoding="utf-8")
    for name, told in {**choices["sources"], **channels["sources"]}.items():
        assert set(told) == {"source", "confidence", "confirmed_on"} and told["source"], name
        assert told["confidence"] in ("seen", "memory-high", "setting"), name
        assert f"`{told['confidence']}`" in page, name
        assert ("not yet" if told["confirmed_on"] is None else str(told["confirmed_on"])) in page, name

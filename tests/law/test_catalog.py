"""Runs ``catalog.yaml``: local catalogues read from CSV, and what is told of those that cannot be imported."""

from pathlib import Path

import pytest
import yaml

from gongkai.law.catalog import fields, read_catalog

CASES = yaml.safe_load(Path(__file__).with_name("catalog.yaml").read_text("utf-8"))


def _plain(value):
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_catalog(case, ends, mark):
    table = read_catalog(mark + case["given"].replace("\n", ends))
    then = case["then"]
    assert [problem.words for problem in table.problems] == then["problems"]
    assert len(table.rows) == len(then["rows"])
    for row, expected in zip(table.rows, then["rows"], strict=True):
        assert {name: _plain(getattr(row, name)) for name in expected} == expected
    assert list(table.left_out) == then["left_out"]


def test_fields_are_listed_in_order():
    assert [entry.title for entry in fields()] == CASES["fields"]
    assert [entry.id for entry in fields()] == [f"g{number:02}" for number in range(1, 27)]


def test_names_of_cases_are_unique():
    listed = [case["name"] for case in CASES["cases"]]
    assert len(listed) == len(set(listed))

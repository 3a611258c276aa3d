"""Runs ``columns.yaml``: how columns stand on a day."""

from pathlib import Path

import pytest
import yaml

from gongkai import law
from gongkai.law.columns import column_limit, column_limits, staleness

CASES = yaml.safe_load(Path(__file__).with_name("columns.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_staleness(case):
    given = case["given"]
    state = staleness(last_on=given["last_on"], on=given["day"], kind=given["kind"])
    assert {name: getattr(state, name) for name in ("state", "days", "stale_on", "words")} == case["then"]


def test_every_limit():
    assert {limit.kind: limit.days for limit in column_limits()} == CASES["limits"]


@pytest.mark.parametrize("kind", CASES["limits"])
def test_a_limit_says_what_it_rests_on(kind):
    limit = column_limit(kind)
    assert law.cite(limit.basis) == "《政府网站与政务新媒体检查指标》（国办秘函〔2019〕19号）"
    assert (limit.confirmed_on is not None) == (limit.confidence == "seen")
    assert limit.warn_percent == 70

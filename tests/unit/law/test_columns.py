"""Columns: errors, and the warning share against a count of every day."""

import datetime

import pytest

from gongkai.law import LawMissing
from gongkai.law.columns import column_limit, column_limits, staleness

DAY = datetime.timedelta(days=1)
LAST = datetime.date(2023, 12, 31)


def test_an_unknown_kind_is_said():
    with pytest.raises(LawMissing) as missing:
        column_limit("diary")
    assert missing.value.message == "没有代号为“diary”的栏目更新期限。"


def test_an_item_of_tomorrow_is_refused():
    with pytest.raises(ValueError, match="lies after"):
        staleness(last_on=LAST + DAY, on=LAST, kind="news")


@pytest.mark.parametrize("limit", column_limits(), ids=lambda limit: limit.kind)
def test_states_follow_each_other_once(limit):
    """Counted day by day: fresh below the share, warn up to the limit, stale from the day named on."""
    states = [staleness(last_on=LAST, on=LAST + DAY * n, kind=limit.kind) for n in range(limit.days + 5)]
    for n, state in enumerate(states):
        expected = "stale" if n > limit.days else "warn" if n / limit.days >= limit.warn_percent / 100 else "fresh"
        assert (state.days, state.state) == (n, expected)
        assert (LAST + DAY * n >= state.stale_on) == (expected == "stale")

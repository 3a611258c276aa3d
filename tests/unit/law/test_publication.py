"""Publication limits: errors, and that the data point to what exists."""

import datetime

import pytest

from gongkai import law
from gongkai.law.duties import duties
from gongkai.law.publication import publication_limit, publication_limits

ON = datetime.date(2024, 3, 1)
LIMITS = publication_limits(on=ON)


def test_an_unknown_matter_is_said():
    with pytest.raises(law.LawMissing) as missing:
        publication_limit(matter="village_affairs", on=ON)
    assert missing.value.message == "没有代号为“village_affairs”的公开期限。"


@pytest.mark.parametrize(
    ("matter", "day", "message"),
    [
        (None, datetime.date(2008, 4, 30), "没有2008年4月30日有效的“主动公开期限”数据。"),
        ("penalty_withdrawal", datetime.date(2021, 7, 14), "没有2021年7月14日有效的“撤回行政处罚决定信息期限”数据。"),
        ("interpretation", datetime.date(2016, 11, 9), "没有2016年11月9日有效的“政策解读材料发布期限”数据。"),
    ],
)
def test_before_its_law_a_matter_has_no_limit(matter, day, message):
    with pytest.raises(law.LawMissing) as missing:
        publication_limit(matter=matter, on=day)
    assert missing.value.message == message


def test_limits_of_a_day_leave_out_what_came_later():
    listed = [limit.id for limit in publication_limits(on=datetime.date(2021, 7, 14))]
    assert "penalty" in listed
    assert "penalty_withdrawal" not in listed
    assert "land_announcement" not in listed


def test_without_a_matter_the_general_limit_holds():
    assert publication_limit(matter=None, on=ON) == publication_limit(matter="general", on=ON)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.id)
def test_a_limit_points_to_what_exists(limit):
    assert set(limit.duties) <= {entry.id for entry in duties()}
    assert law.cite(limit.basis).startswith("《")
    assert limit.ordered_by is None or law.cite(limit.ordered_by).startswith("《")
    assert limit.act in {"publish", "withdraw", "interpret", "keep_open"}
    assert limit.direction == ("at_least" if limit.act == "keep_open" else "within")
    assert limit.words == ("不少于" if limit.act == "keep_open" else "") + limit.value.words


def test_a_limit_that_awaits_a_check_says_so():
    limit = publication_limit(matter="interpretation", on=ON)
    assert (limit.confidence, limit.value.confirmed_on) == ("memory-high", None)
    assert publication_limit(matter="budget", on=ON).confidence == "seen"

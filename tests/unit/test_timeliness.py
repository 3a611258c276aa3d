"""By which day: errors, local days off, and due days against a count of every day."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai import law
from gongkai.clock import Workdays
from gongkai.timeliness import interpret_by, open_until, publish_by, withdraw_by

DAY = datetime.timedelta(days=1)
TABLE = Workdays()
NOTICES = law.holiday_notices()
OFF = frozenset().union(*(notice.off for notice in NOTICES))
WORKED = frozenset().union(*(notice.work for notice in NOTICES)) - frozenset().union(*(notice.off for notice in NOTICES))


def _walked(start, n_days):
    """The n-th working day after start, found by walking."""
    day = start
    while n_days:
        day += DAY
        n_days -= day in WORKED or (day.weekday() < 5 and day not in OFF)
    return day


@given(st.dates(datetime.date(2021, 9, 1), datetime.date(2026, 11, 1)))
def test_due_days_are_those_found_by_walking(start):
    assert publish_by(formed_on=start, table=TABLE).day == _walked(start, 20)
    assert publish_by(formed_on=start, matter="land_announcement", table=TABLE).day == _walked(start, 15)
    assert withdraw_by(changed_on=start, table=TABLE).day == interpret_by(published_on=start, table=TABLE).day == _walked(start, 3)


@given(st.dates(datetime.date(2021, 9, 1), datetime.date(2030, 1, 1)))
def test_the_derivation_names_the_day_and_ends_every_sentence(start):
    due = publish_by(formed_on=start, table=TABLE)
    assert f"期限届满日为{due.day.year}年{due.day.month}月{due.day.day}日。" in due.derivation
    assert all(sentence.endswith("。") and sentence.count("。") == 1 for sentence in due.derivation)
    assert due.provisional == (due.day.year > 2026)
    assert (due.derivation[-1] == due.reason) == due.provisional


def test_local_days_off_move_the_day_and_are_told():
    festival = law.HolidayNotice("云川县民族节日放假通知", (), frozenset({datetime.date(2026, 4, 20), datetime.date(2026, 4, 21)}))
    due = withdraw_by(changed_on=datetime.date(2026, 4, 16), table=Workdays(local=(festival,)))
    assert due.day == datetime.date(2026, 4, 23)
    assert "其间放假不计入的周一至周五：4月20日、4月21日。" in due.derivation


def test_words_are_the_whole_derivation():
    due = publish_by(formed_on=datetime.date(2024, 1, 22), table=TABLE)
    assert due.words == "".join(due.derivation)


@pytest.mark.parametrize("matter", ["penalty_withdrawal", "interpretation", "land_plan"])
def test_what_is_not_published_has_no_day_to_publish(matter):
    with pytest.raises(ValueError, match=f"{matter} is a limit to"):
        publish_by(formed_on=datetime.date(2024, 1, 22), matter=matter, table=TABLE)


def test_what_is_published_at_once_does_not_stay_open():
    with pytest.raises(ValueError, match="budget is a limit to publish"):
        open_until(published_on=datetime.date(2024, 1, 22), matter="budget", table=TABLE)


def test_an_unknown_matter_is_said():
    with pytest.raises(law.LawMissing) as missing:
        publish_by(formed_on=datetime.date(2024, 1, 22), matter="village_affairs", table=TABLE)
    assert missing.value.message == "没有代号为“village_affairs”的公开期限。"


def test_working_days_before_the_first_announcement_cannot_be_counted():
    from_2019 = Workdays(national=tuple(notice for notice in NOTICES if notice.official[1].year >= 2019))
    with pytest.raises(law.LawMissing) as missing:
        publish_by(formed_on=datetime.date(2018, 6, 1), table=from_2019)
    assert missing.value.message == "没有载入2018年12月29日以前的放假安排，无法计算工作日。"

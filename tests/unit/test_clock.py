"""Counting working days: the table against two public calendars, and the laws that counting obeys."""

import datetime
import time
from itertools import pairwise

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai import law
from gongkai.clock import Workdays, add_workdays, is_workday, workdays_between

TABLE = Workdays()
FIRST, LAST = datetime.date(2006, 12, 30), datetime.date(2026, 12, 31)
DAY = datetime.timedelta(days=1)
ANNOUNCED = [FIRST + DAY * n for n in range((LAST - FIRST).days + 1)]

days = st.dates(min_value=FIRST, max_value=LAST + DAY * 800)
announced_days = st.dates(min_value=FIRST, max_value=LAST)
limits = st.integers(min_value=0, max_value=300)


def date(text):
    return datetime.date.fromisoformat(text)


def local(*days_off, worked=()):
    return law.HolidayNotice(
        title="本州民族节日放假通知",
        documents=("云州政办发〔2026〕9号",),
        off=frozenset(map(date, days_off)),
        work=frozenset(map(date, worked)),
    )


# The table against calendars that others keep.
def test_every_announced_day_agrees_with_chinese_calendar():
    differing = [day for day in ANNOUNCED if is_workday(day=day, table=TABLE) != chinese_calendar.is_workday(day)]
    assert differing == []


def test_every_announced_day_agrees_with_holidays():
    calendar = holidays.country_holidays("CN", years=range(2006, 2027))
    differing = [day for day in ANNOUNCED if is_workday(day=day, table=TABLE) != calendar.is_working_day(day)]
    assert differing == []


def test_the_table_says_what_it_covers():
    assert (TABLE.official_from, TABLE.official_until) == (FIRST, LAST)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2006-12-31", True),  # Sunday, by the notice for 2007
        ("2007-12-29", True),  # Saturday, by the notice for 2008
        ("2007-12-31", False),
        ("2008-02-06", False),  # 除夕 of 2008: a day off by the measures of 2007
        ("2011-12-31", True),  # Saturday, by the notice for 2012
        ("2014-01-30", True),  # 除夕 of 2014: no longer a day off by the measures of 2013
        ("2015-09-04", False),  # by the State Council's own notice
        ("2015-09-06", True),  # Sunday, by the same
        ("2024-02-09", True),  # 除夕 of 2024: leave is only encouraged
        ("2025-01-28", False),  # 除夕 of 2025: a day off since the measures of 2024
        ("2020-02-01", False),  # worked by the first notice, off by the second
        ("2020-01-31", False),
        ("2020-02-03", True),
        ("2019-05-05", True),  # Sunday, by the second notice
        ("2018-12-29", True),  # Saturday, by the notice for 2019
        ("2018-12-31", False),
        ("2022-12-31", False),
        ("2026-02-28", True),
    ],
)
def test_hard_days(day, worked):
    assert is_workday(day=date(day), table=TABLE) is worked


# The laws of counting.
@given(start=days, n=limits, more=limits)
def test_adding_is_additive_whether_announced_or_assumed(start, n, more):
    once = add_workdays(start=start, n=n + more, table=TABLE)
    twice = add_workdays(start=add_workdays(start=start, n=n, table=TABLE).day, n=more, table=TABLE)
    assert once == twice


@given(start=days, n=st.integers(min_value=1, max_value=300))
def test_a_limit_ends_on_a_working_day(start, n):
    assert is_workday(day=add_workdays(start=start, n=n, table=TABLE).day, table=TABLE)


@given(start=days, later=days, n=limits)
def test_a_later_start_never_ends_earlier(start, later, n):
    start, later = sorted((start, later))
    assert add_workdays(start=start, n=n, table=TABLE).day <= add_workdays(start=later, n=n, table=TABLE).day


@given(start=days, n=limits)
def test_a_longer_limit_ends_later(start, n):
    assert add_workdays(start=start, n=n, table=TABLE).day < add_workdays(start=start, n=n + 1, table=TABLE).day


@given(start=days, n=limits)
def test_counting_back_gives_the_limit(start, n):
    due = add_workdays(start=start, n=n, table=TABLE)
    assert workdays_between(start=start, end=due.day, table=TABLE).n_workdays == n


@given(start=days, end=days)
def test_the_count_leads_back_to_the_last_working_day(start, end):
    start, end = sorted((start, end))
    n = workdays_between(start=start, end=end, table=TABLE).n_workdays
    due = add_workdays(start=start, n=n, table=TABLE).day
    assert due <= end
    assert not any(is_workday(day=due + DAY * gap, table=TABLE) for gap in range(1, (end - due).days + 1))


@given(one=days, two=days, three=days)
def test_counts_add_up(one, two, three):
    def between(start, end):
        return workdays_between(start=start, end=end, table=TABLE).n_workdays

    assert between(one, two) + between(two, three) == between(one, three)
    assert between(one, two) == -between(two, one)


@given(start=announced_days, n=st.integers(min_value=1, max_value=60))
def test_walking_day_by_day_arrives_at_the_same_day(start, n):
    """An independent construction: look at one day after the other."""
    day, left = start, n
    while left:
        day += DAY
        left -= is_workday(day=day, table=TABLE)
    assert add_workdays(start=start, n=n, table=TABLE).day == day


@given(start=days, n=limits)
def test_provisional_exactly_past_the_last_announced_day(start, n):
    due = add_workdays(start=start, n=n, table=TABLE)
    assert due.provisional == (due.day > LAST) == (due.reason is not None)


@given(start=announced_days, n=limits, days_off=st.sets(announced_days, max_size=12))
def test_local_days_off_never_bring_the_due_day_forward(start, n, days_off):
    notice = law.HolidayNotice(title="地方放假通知", documents=(), off=frozenset(days_off))
    assert add_workdays(start=start, n=n, table=Workdays(local=(notice,))).day >= add_workdays(start=start, n=n, table=TABLE).day


# What is said past the announcements and before them.
def test_a_provisional_day_says_why():
    due = add_workdays(start=date("2026-12-04"), n=20, table=TABLE)
    assert due.reason == (
        "已载入的放假安排到2026年12月31日为止，其后只按周六、周日休息推算，结果为暂定；后续放假通知公布并载入后应当重新计算。"
    )


def test_a_count_past_the_announcements_is_provisional_too():
    counted = workdays_between(start=date("2026-12-30"), end=date("2027-01-04"), table=TABLE)
    assert (counted.n_workdays, counted.provisional) == (3, True)
    assert counted.reason == TABLE.caveat(day=date("2027-01-04"))


def test_an_announced_count_has_no_reason():
    counted = workdays_between(start=date("2024-02-08"), end=date("2024-02-19"), table=TABLE)
    assert (counted.n_workdays, counted.provisional, counted.reason) == (3, False, None)  # 9, 18 and 19 February


@pytest.mark.parametrize(
    "question",
    [
        lambda: is_workday(day=date("2006-12-29"), table=TABLE),
        lambda: add_workdays(start=date("2006-12-28"), n=1, table=TABLE),
        lambda: workdays_between(start=date("2006-12-28"), end=date("2007-01-10"), table=TABLE),
        lambda: workdays_between(start=date("2007-01-10"), end=date("2006-12-28"), table=TABLE),
    ],
)
def test_before_the_first_announcement_nothing_is_guessed(question):
    with pytest.raises(law.LawMissing) as missing:
        question()
    assert missing.value.message == "没有载入2006年12月30日以前的放假安排，无法计算工作日。"


def test_a_table_without_notices_counts_nothing():
    with pytest.raises(law.LawMissing, match="没有载入任何年度的放假安排"):
        is_workday(day=date("2024-01-02"), table=Workdays(national=()))


def test_a_limit_of_no_days_ends_where_it_starts():
    assert add_workdays(start=date("2024-03-02"), n=0, table=TABLE).day == date("2024-03-02")


def test_counting_backward_is_not_adding():
    with pytest.raises(ValueError, match="-1"):
        add_workdays(start=date("2024-03-01"), n=-1, table=TABLE)


# Local notices.
def test_a_local_notice_may_swap_a_festival_for_a_weekend():
    table = Workdays(local=(local("2026-04-20", "2026-04-21", worked=["2026-04-25"]),))
    assert not is_workday(day=date("2026-04-20"), table=table)
    assert is_workday(day=date("2026-04-25"), table=table)
    assert add_workdays(start=date("2026-04-17"), n=4, table=table).day == date("2026-04-25")


def test_a_local_notice_overrules_a_worked_saturday():
    assert not is_workday(day=date("2026-05-09"), table=Workdays(local=(local("2026-05-09"),)))


def test_a_local_notice_for_the_coming_year_counts_but_announces_nothing():
    due = add_workdays(start=date("2026-12-31"), n=1, table=Workdays(local=(local("2027-01-01"),)))
    assert (due.day, due.provisional) == (date("2027-01-04"), True)


def test_tables_are_values():
    assert Workdays() == Workdays()
    assert Workdays(local=(local("2026-04-20"),)) != Workdays()
    with pytest.raises(AttributeError):
        TABLE.local = ()


# The announcements themselves.
def test_announced_spans_follow_each_other():
    spans = [notice.official for notice in law.holiday_notices()]
    assert all(later[0] == earlier[1] + DAY for earlier, later in pairwise(spans))


def test_every_notice_names_its_documents():
    documents = [document for notice in law.holiday_notices() for document in notice.documents]
    assert [document for document in documents if "国办发明电" not in document] == ["国发明电〔2015〕1号"]  # 3 September 2015


def test_every_notice_but_two_was_read_line_by_line():
    unread = [notice.official[1].year for notice in law.holiday_notices() if notice.confirmed_on is None]
    assert unread == [2008, 2009]  # their files say what they were compared with instead


def test_days_worked_are_weekend_days_and_never_also_off():
    for notice in law.holiday_notices():
        assert all(day.weekday() >= 5 for day in notice.work)
        assert not notice.work & notice.off


def test_counting_takes_microseconds():
    starts = ANNOUNCED[:2000]
    add_workdays(start=starts[0], n=20, table=TABLE)
    begun = time.perf_counter()
    for start in starts:
        add_workdays(start=start, n=20, table=TABLE)
    assert (time.perf_counter() - begun) / len(starts) < 50e-6  # measured about 3 µs; the bound leaves room for a busy machine

"""Dated values and instruments: what the law says on a day, and that its data hang together."""

import datetime
import re
from itertools import groupby, pairwise

import pytest
import yaml

from gongkai import law
from gongkai.law import store

DAY = datetime.timedelta(days=1)
BASIS = re.compile(r"[a-z][a-z0-9-]*:\d+(\.\d+)?(\(\d+\))?")
VALUES = law.all_values()
INSTRUMENTS = law.instruments()


def date(text):
    return datetime.date.fromisoformat(text)


def periods():
    return [(name, list(group)) for name, group in groupby(VALUES, key=lambda value: value.id)]


# What the law says.
@pytest.mark.parametrize(
    ("name", "day", "words"),
    [
        ("reply_limit", "2019-05-15", "20个工作日"),
        ("reply_limit", "2019-05-14", "15个工作日"),
        ("extension_limit", "2026-11-22", "20个工作日"),
        ("supplement_notice_limit", "2024-03-01", "7个工作日"),
        ("third_party_opinion_limit", "2024-03-01", "15个工作日"),
        ("agency_opinion_limit", "2024-03-01", "15个工作日"),
        ("publication_limit", "2024-03-01", "20个工作日"),
        ("fee_payment_limit", "2021-01-01", "20个工作日"),
        ("penalty_withdrawal_limit", "2024-03-01", "3个工作日"),
        ("land_announcement_limit", "2024-03-01", "15个工作日"),
        ("budget_publication_limit", "2024-03-01", "20日"),
        ("reconsideration_limit", "2024-01-01", "60日"),
        ("litigation_direct_limit", "2024-01-01", "6个月"),
        ("litigation_after_reconsideration_limit", "2024-01-01", "15日"),
        ("annual_report_due_department", "2024-01-01", "1月31日"),
        ("annual_report_due_government", "2024-01-01", "3月31日"),
        ("annual_report_due_township", "2024-01-01", "1月31日"),
    ],
)
def test_value(name, day, words):
    assert law.at(date(day)).value(name).words == words


def test_a_value_says_where_it_comes_from():
    value = law.at(date("2024-03-01")).value("reply_limit")
    assert (value.value, value.n, value.unit, value.basis) == (20, 20, "workday", "reg:33.2")
    assert (value.valid_from, value.valid_until, value.confidence) == (date("2019-05-15"), None, "seen")
    assert law.cite(value.basis) == "《中华人民共和国政府信息公开条例》第三十三条第二款"


def test_what_is_only_practice_says_so():
    value = law.at(date("2024-03-01")).value("annual_report_due_township")
    assert (value.confidence, value.confirmed_on) == ("setting", None)


def test_a_day_of_the_year_is_no_number_of_days():
    with pytest.raises(TypeError, match="annual_report_due_township"):
        _ = law.at(date("2024-03-01")).value("annual_report_due_township").n


def test_before_the_law_there_is_no_value():
    with pytest.raises(law.LawMissing) as missing:
        law.at(date("2008-04-30")).value("reply_limit")
    assert missing.value.message == "没有2008年4月30日有效的“答复期限”数据。"


def test_an_unknown_matter_is_said():
    with pytest.raises(law.LawMissing) as missing:
        law.at(date("2024-03-01")).value("reply_limits")
    assert missing.value.message == "没有代号为“reply_limits”的法定数值。"


@pytest.mark.parametrize(
    ("year", "scope", "due"),
    [
        (2023, "department", "2024-01-31"),
        (2023, "county", "2024-03-31"),
        (2023, "city", "2024-03-31"),
        (2023, "province", "2024-03-31"),
        (2023, "township", "2024-01-31"),
        (2023, "street", "2024-01-31"),
        (2019, "department", "2020-01-31"),
        (2018, "department", "2019-03-31"),  # written before the text of 2019 came into force
        (2018, "township", "2019-03-31"),
    ],
)
def test_annual_report_due(year, scope, due):
    day, value = law.annual_report_due(year=year, scope=scope)
    assert day == date(due)
    assert scope in value.scopes


def test_annual_report_due_of_an_unknown_scope():
    with pytest.raises(law.LawMissing) as missing:
        law.annual_report_due(year=2023, scope="village")
    assert missing.value.message == "没有“village”类机关年度报告公布期限的数据。"


def test_the_values_of_a_day_are_one_a_matter():
    on = law.at(date("2024-03-01"))
    listed = [value.id for value in on.values()]
    assert len(listed) == len(set(listed))
    assert all(on.value(name) in on.values() for name in listed)


# The data hang together.
def test_every_matter_is_listed_once():
    listed = [name for name, _ in periods()]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(("name", "values"), periods(), ids=lambda part: part if isinstance(part, str) else "")
def test_periods_neither_gap_nor_overlap(name, values):
    assert all(earlier.valid_until == later.valid_from - DAY for earlier, later in pairwise(values))
    assert all(value.valid_until is None or value.valid_from <= value.valid_until for value in values)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{value.id}-{value.valid_from}")
def test_a_value_rests_on_an_instrument_in_force(value):
    assert BASIS.fullmatch(value.basis)
    source = law.instrument(value.basis.partition(":")[0])
    assert source.is_in_force(day=value.valid_from)
    assert source.in_force_until == value.valid_until


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{value.id}-{value.valid_from}")
def test_a_value_is_well_formed(value):
    assert value.unit in {"workday", "day", "month", "month_day"}
    assert isinstance(value.value, law.MonthDay) == (value.unit == "month_day")
    assert value.confidence in {"seen", "memory-high", "setting"}
    assert (value.confirmed_on is not None) == (value.confidence == "seen")


@pytest.mark.parametrize("source", INSTRUMENTS, ids=lambda source: source.id)
def test_an_instrument_is_well_formed(source):
    assert source.issued_on <= source.in_force_from
    assert source.confidence in {"seen", "memory-high"}
    if source.superseded_by is None:
        assert source.in_force_until is None
    else:
        assert law.instrument(source.superseded_by).in_force_from == source.in_force_until + DAY


def test_instruments_are_listed_once():
    listed = [source.id for source in INSTRUMENTS]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("edition", law.editions())
def test_a_report_format_is_the_listed_instrument(edition):
    form = law.report_format(edition)
    source = law.instrument(form.basis)
    assert (source.document, source.issued_on) == (form.document, form.issued_on)


def test_the_two_texts_of_the_regulation_take_turns():
    old, new = law.instrument("reg-2007"), law.instrument("reg")
    assert (old.is_in_force(day=date("2019-05-14")), new.is_in_force(day=date("2019-05-14"))) == (True, False)
    assert (old.is_in_force(day=date("2019-05-15")), new.is_in_force(day=date("2019-05-15"))) == (False, True)
    assert new in law.at(date("2019-05-15")).instruments()
    assert old not in law.at(date("2019-05-15")).instruments()


# Citations.
@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("reg:5", "《中华人民共和国政府信息公开条例》第五条"),
        ("reg:10", "《中华人民共和国政府信息公开条例》第十条"),
        ("reg:12", "《中华人民共和国政府信息公开条例》第十二条"),
        ("reg:20(15)", "《中华人民共和国政府信息公开条例》第二十条第（十五）项"),
        ("reg:50.1(4)", "《中华人民共和国政府信息公开条例》第五十条第一款第（四）项"),
        ("recon:100", "《中华人民共和国行政复议法》第一百条"),
        ("litig:101", "《中华人民共和国行政诉讼法》第一百零一条"),
        ("litig:110", "《中华人民共和国行政诉讼法》第一百一十条"),
        ("format-2021:t3", "《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）"),
        ("format-2021", "《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）"),
    ],
)
def test_cite(basis, words):
    assert law.cite(basis) == words


def test_an_unknown_instrument_cannot_be_cited():
    with pytest.raises(law.LawMissing) as missing:
        law.cite("decree:1")
    assert missing.value.message == "没有代号为“decree”的法律文件。"


# The files themselves.
class StrictLoader(yaml.SafeLoader):
    """Refuses a key written twice, which YAML would pass over in silence."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(map(str, keys))), f"key written twice: {node.start_mark}"
        assert all(isinstance(key, str) for key in keys), f"key is no word (an unquoted yes, no, on or off?): {node.start_mark}"
        return super().construct_mapping(node, deep)


FILES = sorted([store.DATA / "instruments.yaml", *(store.DATA / "values").glob("*.yaml"), *(store.DATA / "holidays").glob("*.yaml")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(store.DATA).as_posix())
def test_a_data_file_says_what_it_rests_on(path):
    text = path.read_text("utf-8")
    for heading in ("# References:", "# Checked with:", "# Limitations:"):
        assert heading in text
    assert "confirmed_on:" in text
    assert yaml.load(text, Loader=StrictLoader)

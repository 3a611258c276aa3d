"""What an organ's name tells, and what a subject gathers."""

from __future__ import annotations

import pytest

from gongkai.checks.organs import core_name, infer_scope, is_same_organ, local_name, may_be_its_area
from gongkai.checks.subject import Subject
from gongkai.report import AnnualReport
from tests.factories import a_report, merged_other


@pytest.mark.parametrize(
    ("organ", "scope"),
    [
        ("云川县青禾镇人民政府", "township"),
        ("青禾乡人民政府", "township"),
        ("云川县石门回族乡人民政府", "township"),
        ("青禾镇", "township"),
        ("和平街道办事处", "street"),
        ("云川区和平街道", "street"),
        ("云川县人民政府", "county"),
        ("云川县人民政府办公室", "county"),
        ("云川市青河区人民政府", "county"),
        ("云川市人民政府", "city"),
        ("云川自治州人民政府", "city"),
        ("云川省人民政府", "province"),
        ("云川自治区人民政府", "province"),
        ("北京市人民政府", "province"),
        ("云川县教育局", "department"),
        ("云川县卫生健康委员会", "department"),
        ("云川省司法厅", "department"),
        ("云川县机关事务管理局", "department"),
        ("云川县融媒体中心", "department"),
        ("云川开发区管理委员会", None),
        ("云川", None),
    ],
)
def test_scope_is_inferred_from_the_name(organ: str, scope: str | None) -> None:
    assert infer_scope(organ) == scope


@pytest.mark.parametrize(
    ("organ", "core", "local"),
    [
        ("云川县青禾镇人民政府", "云川县青禾镇", "青禾镇"),
        ("云川县人民政府办公室", "云川县", "云川县"),
        ("云川区和平街道办事处", "云川区和平街道", "和平街道"),
        ("云川县教育局", "云川县教育局", "教育局"),
        ("青 禾 镇 人民政府", "青禾镇", "青禾镇"),
    ],
)
def test_core_and_local_name(organ: str, core: str, local: str) -> None:
    assert core_name(organ) == core
    assert local_name(organ) == local


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("青禾镇人民政府", "云川县青禾镇人民政府", True),
        ("云川县人民政府", "云川县人民政府办公室", True),
        ("教育局", "云川县教育局", True),
        ("青禾镇人民政府", "白水镇人民政府", False),
        ("云川县人民政府", "云川县教育局", False),
        ("云川县人民政府", "云川县青禾镇人民政府", False),
    ],
)
def test_same_organ(one: str, other: str, same: bool) -> None:
    assert is_same_organ(one, other) is same
    assert is_same_organ(other, one) is same


def test_a_given_scope_goes_before_the_name() -> None:
    subject = Subject(a_report(), given_scope="street")
    assert (subject.scope, subject.scope_source, subject.scope_words) == ("street", "given", "街道")


def test_the_reports_own_scope_counts_as_given() -> None:
    subject = Subject(a_report(scope="department"))
    assert (subject.scope, subject.scope_source, subject.scope_words) == ("department", "given", "部门")


def test_an_inferred_scope_says_so() -> None:
    subject = Subject(a_report())
    assert subject.scope_source == "inferred"
    assert subject.scope_words == "乡镇（按名称“云川县青禾镇人民政府”推断）"


def test_nothing_tells_no_scope() -> None:
    subject = Subject(AnnualReport())
    assert (subject.scope, subject.scope_source) == (None, None)


def test_printed_cells_follow_a_merged_row() -> None:
    printed = Subject(merged_other(a_report())).printed["t3"]
    assert len(printed) == 161
    assert "t3.other_handling.total" in printed
    assert not any(address.startswith("t3.other_misc.") for address in printed)
    assert len(Subject(a_report()).printed["t3"]) == 175


def test_unwrapped_prose() -> None:
    report = AnnualReport(sections={"s1": "2023年，我镇坚持以人民为中心的发展思想，不断推进政府信息公\n开工作。\n\n第二段。", "s2": "表"})
    subject = Subject(report)
    assert subject.text("s1") == "2023年，我镇坚持以人民为中心的发展思想，不断推进政府信息公开工作。\n第二段。"
    assert subject.prose == subject.text("s1")


@pytest.mark.parametrize(
    ("report", "basis"),
    [
        (AnnualReport(edition="2019", year=2023), "format-2019"),
        (AnnualReport(year=2020), "format-2019"),
        (AnnualReport(year=2017), "format-pre2019"),
        (AnnualReport(year=1999), "format-2021"),
        (AnnualReport(), "format-2021"),
    ],
)
def test_the_form_that_binds(report: AnnualReport, basis: str) -> None:
    assert Subject(report).format_basis == basis


@pytest.mark.parametrize(
    ("organ", "word", "may_be"),
    [
        ("云川县青禾镇人民政府", "县", True),
        ("云川市湖东区青禾镇人民政府", "区", True),
        ("云川市湖东区青禾镇人民政府", "县", False),
        ("云川市湖东区青禾镇人民政府", "市", True),
        ("青禾镇人民政府", "县", True),
        (None, "区", True),
        ("云川县青禾镇人民政府", "局", False),
    ],
)
def test_the_area_that_a_township_belongs_to(organ: str | None, word: str, may_be: bool) -> None:
    assert may_be_its_area(organ, word) is may_be

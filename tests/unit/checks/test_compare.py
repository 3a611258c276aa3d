"""compare_reports: two years of one organ, two organs, and what cannot be compared."""

from __future__ import annotations

import dataclasses

import pytest

from gongkai.checks import compare_reports
from gongkai.errors import GongkaiError
from gongkai.report import AnnualReport
from tests.factories import a_report, requests, with_cells
from tests.unit.checks.pair_cases import BAISHUI, GOOD, LAST, OTHER_TEXTS

THIS = with_cells(GOOD, t2__normative_docs__in_force=4)


def codes(one: AnnualReport, other: AnnualReport) -> list[str]:
    return [finding.code for finding in compare_reports(one, other)]


def test_two_years_that_tie_say_nothing() -> None:
    assert compare_reports(GOOD, LAST) == []


def test_the_older_report_comes_first_whatever_the_order() -> None:
    before = requests(LAST, {"granted": 1}, carried_out=2)
    assert compare_reports(THIS, before) == compare_reports(before, THIS)
    assert codes(THIS, before) == ["tie.carried_over", "tie.carried_over", "tie.in_force"]


def test_a_report_is_not_checked_alone() -> None:
    """Only what two reports show together: faults inside one are check_report's."""
    assert compare_reports(with_cells(GOOD, t4__reconsideration__upheld=2), LAST) == []


def test_years_that_are_not_neighbours_compare_texts_alone() -> None:
    before = a_report(year=2020, edition="2019")
    found = compare_reports(GOOD, before)
    assert [finding.code for finding in found] == ["tie.predecessor", "tie.reused"]
    assert found[0].message == (
        "本报告是2023年的，所给的上一年度报告是2020年的，不是相邻的两年，结转等跨年数据没有核对。请提供同一机关上一年度的报告。"
    )


def test_an_organ_may_be_named_with_and_without_its_county() -> None:
    assert compare_reports(GOOD, dataclasses.replace(LAST, organ="青禾镇人民政府")) == []


def test_two_organs_compare_their_texts() -> None:
    copy = a_report(organ="云川县双桥镇人民政府", year=2022)
    found = compare_reports(GOOD, copy)
    assert [finding.code for finding in found] == ["text.copied"]
    assert found[0].message == (
        "“一、总体情况”与“云川县双桥镇人民政府”的报告相似度100%（不计数字），第1、4、5段几乎一样，属于内容雷同。"
        "请核对是谁照搬了谁，或者都照搬了同一份范文，并改写为本机关的实际情况。"
    )
    assert found[0].quote == "（一）主动公开情况。2023年，我镇主动公开政府信息20条，内容涵盖惠农补贴、农田水利和社会救助。"
    assert compare_reports(GOOD, BAISHUI) == []


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        (GOOD, GOOD, "两份都是“云川县青禾镇人民政府”2023年的报告，不能作跨年比较。请提供同一机关相邻两年的报告，或者两个机关的报告。"),
        (
            GOOD,
            dataclasses.replace(LAST, year=None),
            "“云川县青禾镇人民政府”的报告没有读到报告年度，不能与另一份比较。请换用带标题和年度的完整文件。",
        ),
        (
            dataclasses.replace(GOOD, organ=None),
            LAST,
            "“qinghe.docx”的报告没有读到机关名称，不能确定两份报告是不是同一机关的。请换用带标题的完整文件。",
        ),
        (
            AnnualReport(year=2023),
            LAST,
            "“未知机关”的报告没有读到机关名称，不能确定两份报告是不是同一机关的。请换用带标题的完整文件。",
        ),
        (
            GOOD,
            dataclasses.replace(BAISHUI, sections=dict.fromkeys(OTHER_TEXTS, " ")),
            "“云川县白水镇人民政府”的报告没有读到文字部分，两个机关的报告只能比较文字是否雷同，因此不能比较。",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(one: AnnualReport, other: AnnualReport, message: str) -> None:
    with pytest.raises(GongkaiError) as refused:
        compare_reports(one, other)
    assert refused.value.message == message

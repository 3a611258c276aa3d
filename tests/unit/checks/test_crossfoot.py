"""Broken identities: which are found, which are not tried, whom the message blames, and what it points to."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from gongkai import law
from gongkai.checks import Finding, check_report
from gongkai.report import AnnualReport, Cell
from tests.factories import a_report, merged_other, number, requests, with_addresses, with_cells

COLUMNS = ("natural_person", "commercial_enterprise", "research_institution", "public_welfare_org", "legal_service_org", "other_org")
LEAVES = tuple(row.id for row in law.report_format("2021").table("t3").rows if row.leaf)
IDENTITIES = ("t3.row_total", "t3.outcome_total", "t3.balance", "t4.total")


def broken(report: AnnualReport) -> list[Finding]:
    return [finding for finding in check_report(report) if finding.code in IDENTITIES]


def first_cells(report: AnnualReport) -> set[tuple[str, str]]:
    return {(finding.code, finding.cells[0]) for finding in broken(report)}


@st.composite
def balanced(draw: st.DrawFn) -> AnnualReport:
    """A report whose figures are made from its leaves, so that every identity holds by construction."""
    counts = st.integers(0, 40)
    cells: dict[str, int] = {}
    for column in COLUMNS:
        outcomes = {leaf: draw(counts) if draw(st.booleans()) else 0 for leaf in draw(st.sets(st.sampled_from(LEAVES), max_size=4))}
        handled, carried_in, out = sum(outcomes.values()), draw(counts), draw(counts)
        carried_in = min(carried_in, handled + out)
        rows = {
            **outcomes,
            "handled_total": handled,
            "carried_in": carried_in,
            "carried_out": out,
            "received_new": handled + out - carried_in,
        }
        for row, count in rows.items():
            cells[f"t3.{row}.{column}"] = count
            cells[f"t3.{row}.total"] = cells.get(f"t3.{row}.total", 0) + count
    for group in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        results = {name: draw(st.integers(0, 9)) for name in ("upheld", "corrected", "other", "pending")}
        cells |= {f"t4.{group}.{name}": count for name, count in results.items()}
        cells[f"t4.{group}.total"] = sum(results.values())
    return with_addresses(a_report(), dict(cells))


@given(balanced())
def test_balanced_figures_break_nothing(report: AnnualReport) -> None:
    assert broken(report) == []


@given(balanced(), st.sampled_from(LEAVES), st.sampled_from(COLUMNS), st.integers(1, 50))
def test_one_wrong_leaf_breaks_its_row_and_its_column_and_is_named(report: AnnualReport, leaf: str, column: str, more: int) -> None:
    address = f"t3.{leaf}.{column}"
    right = report.value(address)
    assert right is not None
    wrong = with_addresses(report, {address: int(right) + more})
    assert first_cells(wrong) == {("t3.row_total", f"t3.{leaf}.total"), ("t3.outcome_total", f"t3.handled_total.{column}")}
    words = law.report_format("2021").words(address)
    hint = f"如果把{words}的{int(right) + more}改为{int(right)}，这2处不平就同时消除，请先核对这一格。"
    assert all(hint in finding.message for finding in broken(wrong))


@given(balanced(), st.sampled_from(("reconsideration", "litigation_direct", "litigation_after_reconsideration")), st.integers(1, 9))
def test_a_wrong_total_of_table_four_is_found_once(report: AnnualReport, group: str, more: int) -> None:
    address = f"t4.{group}.total"
    wrong = with_addresses(report, {address: int(report.value(address) or 0) + more})
    assert first_cells(wrong) == {("t4.total", address)}


@given(balanced(), st.sampled_from(("blank", "slash", "text", "missing", "unclear")), st.sampled_from(COLUMNS))
def test_an_identity_without_all_its_figures_is_not_tried(report: AnnualReport, kind: str, column: str) -> None:
    """The wrong total stays unseen as long as one of its parts shows no figure: nobody is blamed for what was not read."""
    total = "t3.granted.total"
    wrong = with_addresses(report, {total: int(report.value(total) or 0) + 1, f"t3.granted.{column}": Cell(kind)})
    assert ("t3.row_total", total) not in first_cells(wrong)


def test_a_wrong_total_in_three_identities_is_named() -> None:
    report = with_cells(requests(a_report(), {"granted": 3}), t3__handled_total__total=4)
    hint = "如果把表三“（七）总计”行“总计”列的4改为3，这3处不平就同时消除，请先核对这一格。"
    assert [(finding.code, hint in finding.message) for finding in broken(report)] == [
        ("t3.row_total", True),
        ("t3.outcome_total", True),
        ("t3.balance", True),
    ]


def test_no_cell_is_named_when_none_settles_everything_it_stands_in() -> None:
    """Three wrong cells of one row: no single change explains two identities."""
    report = with_cells(a_report(), t3__granted__natural_person=1, t3__granted__other_org=2, t3__granted__total=9)
    assert broken(report)
    assert not any("如果把" in finding.message for finding in broken(report))


def test_no_cell_is_named_when_it_would_become_negative() -> None:
    """Row and column are both one short on the other side, but the crossing cell is 0 already."""
    report = with_cells(
        requests(a_report(), {"granted": 2}),
        t3__partial__total=-1,
        t3__handled_total__natural_person=1,
        t3__received_new__natural_person=1,
        t3__granted__total=1,
    )
    assert not any("“（二）部分公开”行“自然人”列的0改为" in finding.message for finding in broken(report))


def test_two_possible_culprits_are_not_guessed_between() -> None:
    """A total of one row and the column below: both the row's total and nothing else; with two equal slips nobody is named."""
    report = with_cells(a_report(), t3__granted__natural_person=1, t3__partial__natural_person=1)
    assert {finding.code for finding in broken(report)} == {"t3.row_total", "t3.outcome_total"}
    assert not any("如果把" in finding.message for finding in broken(report))


def test_a_merged_row_counts_as_one() -> None:
    report = with_cells(requests(merged_other(a_report()), {"other_handling": 2, "granted": 1}), t3__handled_total__total=2)
    assert ("t3.outcome_total", "t3.handled_total.total") in first_cells(report)
    assert broken(requests(merged_other(a_report()), {"other_handling": 2, "granted": 1})) == []


def test_the_trial_form_has_its_own_leaves() -> None:
    report = requests(a_report("2019", year=2020), {"other_handling": 1, "granted": 1})
    assert broken(report) == []
    assert first_cells(with_cells(report, t3__other_handling__natural_person=0)) == {
        ("t3.row_total", "t3.other_handling.total"),
        ("t3.outcome_total", "t3.handled_total.natural_person"),
    }


def test_a_doubtful_figure_lowers_the_finding() -> None:
    report = with_cells(a_report(), t4__reconsideration__upheld=dataclasses.replace(number(2), reason="字迹粘连，可能是7"))
    (finding,) = broken(report)
    assert finding.severity == "warning"
    assert finding.message == (
        "表四“行政复议”：结果维持2＋结果纠正0＋其他结果0＋尚未审结0＝2，但“总计”填的是0，相差2。像是漏填了“总计”。"
        "读取存疑：表四“行政复议”的“结果维持”：字迹粘连，可能是7。请先对照原文，确认不是识别错误。"
    )


def test_cells_not_read_in_the_same_table_lower_the_finding() -> None:
    report = with_cells(a_report(), t4__reconsideration__upheld=2, t4__litigation_direct__total=Cell("unclear", reason="少一格"))
    (finding,) = broken(report)
    assert finding.severity == "warning"
    assert finding.message.endswith("读取存疑：同一张表里有1格没有读准。请先对照原文，确认不是识别错误。")


def test_cells_not_read_in_another_table_do_not() -> None:
    report = with_cells(a_report(), t4__reconsideration__upheld=2, t3__granted__total=Cell("unclear", reason="少一格"))
    assert [finding.severity for finding in broken(report)] == ["error"]


def test_a_note_of_doubt_lowers_every_finding() -> None:
    report = with_cells(a_report(notes=("扫描件文字识别，读取存疑",)), t4__reconsideration__upheld=2)
    (finding,) = broken(report)
    assert finding.severity == "warning"
    assert "读取存疑：扫描件文字识别，读取存疑。" in finding.message


def test_a_note_without_doubt_changes_nothing() -> None:
    report = with_cells(a_report(notes=("表三跨页，已接续",)), t4__reconsideration__upheld=2)
    assert [finding.severity for finding in broken(report)] == ["error"]


def test_a_finding_names_every_cell_of_its_identity_total_first() -> None:
    (finding,) = broken(with_cells(a_report(), t4__reconsideration__upheld=2))
    assert finding.cells == tuple(f"t4.reconsideration.{name}" for name in ("total", "upheld", "corrected", "other", "pending"))


def test_balance_names_what_is_carried_out_first() -> None:
    report = with_cells(a_report(), t3__carried_in__natural_person=1, t3__carried_in__total=1)
    assert [finding.cells for finding in broken(report)] == [
        tuple(f"t3.{row}.{column}" for row in ("carried_out", "handled_total", "received_new", "carried_in"))
        for column in ("natural_person", "total")
    ]

"""The three checks on claims, with claims written by hand: severity, cells, whole messages, silence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.checks import claims
from gongkai.checks.subject import Subject
from gongkai.law import report_format
from gongkai.report import AnnualReport, Cell, Claim

ORGAN = "云川县青禾镇人民政府"


def claim(value, topic=None, **more):
    more.setdefault("unit", "件")
    return Claim(section="s1", quote=more.pop("quote", "全年有若干件。"), value=Decimal(str(value)), topic=topic, **more)


def subject(*stated, cells=None, organ=ORGAN, previous=None, edition="2021", **more):
    return Subject(report(stated, cells, organ, 2023, edition, **more), previous=previous)


def report(stated, cells, organ=ORGAN, year=2023, edition="2021", **more):
    shown = {address: Cell("number", Decimal(0)) for address in report_format(edition).cells}
    shown |= {
        address: value if isinstance(value, Cell) else Cell("number", Decimal(str(value))) for address, value in (cells or {}).items()
    }
    return AnnualReport(organ=organ, year=year, edition=edition, cells=shown, claims=tuple(stated), **more)


def parts(*values):
    return tuple(Decimal(str(value)) for value in values)


def found(check, *arguments, **more):
    return list(check.findings(subject(*arguments, **more)))


# --- claim.sum


@pytest.mark.parametrize(
    ("relation", "value", "given", "severity"),
    [
        ("among", 10, (4, 5), None),
        ("among", 10, (4, 6), None),
        ("among", 10, (4, 7), "error"),
        ("among", 10, (11,), "warning"),
        ("whole", 10, (4, 6), None),
        ("whole", 10, (4, 5), "error"),
        ("whole", 10, (4, 7), "error"),
        ("sum", 10, (4, 5), "warning"),
        ("list", 10, (4, 5), None),
        ("list", 10, (4, 7), "warning"),
        ("channels", 10, (4, 7), "warning"),
        ("overlap", 10, (9, 8), None),
        ("overlap", 10, (9, 12), "warning"),
        ("", 10, (9, 12), None),
    ],
)
def test_sum(relation, value, given, severity):
    findings = found(claims.sums, claim(value, parts=parts(*given), relation=relation))
    assert [finding.severity for finding in findings] == ([severity] if severity else [])


def test_sum_is_told_whole():
    (finding,) = found(claims.sums, claim(17, parts=parts(12, 6), relation="among", quote="收到17件，其中甲12件、乙6件。"))
    assert finding.message == "“收到17件，其中甲12件、乙6件。”：各分项12＋6＝18，超过总数17件。请核对。"
    assert (finding.code, finding.basis, finding.quote) == ("claim.sum", "reg:50", "收到17件，其中甲12件、乙6件。")


def test_what_is_not_exact_is_not_summed():
    assert found(claims.sums, claim(10, parts=parts(9, 9), relation="among", exact=False)) == []


@pytest.mark.parametrize(("given", "n"), [((33.3, 33.3, 33.3), 0), ((33.4, 33.3, 33.4), 0), ((33.3, 33.3, 33.8), 1), ((30, 30.1, 30), 1)])
def test_shares_make_up_a_hundred(given, n):
    stated = claim(100, unit="%", form="shares", relation="whole", parts=parts(*given), decimals=1)
    assert len(found(claims.sums, stated)) == n


@pytest.mark.parametrize(("share", "decimals", "n"), [(42.3, 1, 0), (42.4, 1, 0), (42, 0, 0), (42.5, 1, 1), (52.3, 1, 1)])
def test_share_of_the_whole(share, decimals, n):
    assert len(found(claims.sums, claim(share, unit="%", form="share", parts=parts(110, 260), decimals=decimals))) == n


# --- claim.table


def test_table_is_told_whole():
    (finding,) = found(claims.tables, claim(27, "received", quote="收到申请27件。"), cells={"t3.received_new.total": 17})
    assert finding.message == (
        "“收到申请27件。”：叙述说收到的政府信息公开申请27件，而表三“一、本年新收政府信息公开申请数量”行“总计”列为17，两者不一致。请核对原始台账后更正。"
    )
    assert (finding.severity, finding.cells, finding.basis) == ("error", ("t3.received_new.total",), "reg:50(2)")


@pytest.mark.parametrize("kind", ["blank", "slash", "text", "missing", "unclear"])
def test_a_cell_that_shows_no_figure_is_never_judged(kind):
    assert found(claims.tables, claim(27, "received"), cells={"t3.received_new.total": Cell(kind)}) == []


def test_doubtful_reading_is_said_and_not_blamed():
    cells = {"t3.received_new.total": Cell("number", Decimal(17), reason="数字模糊")}
    (finding,) = found(claims.tables, claim(27, "received"), cells=cells)
    assert (finding.severity, "读取存疑：" in finding.message, "数字模糊" in finding.message) == ("warning", True, True)


def test_an_unusual_unit_is_never_provable():
    assert [f.severity for f in found(claims.tables, claim(27, "received", unit="份"), cells={"t3.received_new.total": 17})] == ["warning"]


def test_no_edition_no_judgement():
    bare = AnnualReport(organ=ORGAN, year=2023, claims=(claim(27, "received"),))
    assert list(claims.tables.findings(Subject(bare))) == []


@pytest.mark.parametrize(
    ("organ", "reach", "severity"),
    [
        ("云川县人民政府", "own", "notice"),
        ("云川县人民政府", "units", "notice"),
        ("云川县人民政府", "whole", "error"),
        (ORGAN, "whole", "notice"),
        ("云川县财政局", "whole", "notice"),
    ],
)
def test_reach(organ, reach, severity):
    findings = found(claims.tables, claim(5, "received", reach=reach), cells={"t3.received_new.total": 17}, organ=organ)
    assert [finding.severity for finding in findings] == [severity]


def test_last_years_figure_is_compared_with_last_years_report():
    earlier = report((), {"t3.received_new.total": 12}, year=2022)
    stated = claim(20, "received", period="previous")
    (finding,) = found(claims.tables, stated, previous=earlier)
    assert (finding.severity, "上一年度报告中" in finding.message) == ("warning", True)
    assert found(claims.tables, stated) == []
    assert found(claims.tables, claim(12, "received", period="previous"), previous=earlier) == []


@pytest.mark.parametrize("edition", ["2021", "2019", "pre2019"])
@pytest.mark.parametrize("topic", ["received", "handled", "normative_issued"])
def test_every_edition_has_its_cells(edition, topic):
    address = {"2021": "t2.rules.issued", "2019": "t2.rules.made_new", "pre2019": "p.proactive_total"}[edition]
    assert found(claims.tables, claim(3, topic), edition=edition, cells={address: 3})
    assert found(claims.tables, claim(0, topic), edition=edition) == []


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "n"),
    [(77302800, "元", 0, 0), (7730.3, "万元", 1, 0), (0.77, "亿元", 2, 0), (7731, "万元", 0, 0), (7732, "万元", 0, 1)],
)
def test_money_is_compared_in_the_units_of_the_form(value, unit, decimals, n):
    cells = {"t2.admin_fees.amount_wan": "7730.28"}
    assert len(found(claims.tables, claim(value, "fee_admin", unit=unit, decimals=decimals), cells=cells)) == n


def test_two_topics_in_one_figure_agree_with_either():
    cells = {"t3.received_new.total": 17, "t3.carried_in.total": 3, "t3.handled_total.total": 18, "t3.carried_out.total": 2}
    assert found(claims.tables, claim(18, "received+handled"), cells=cells) == []
    assert found(claims.tables, claim(28, "received+handled"), cells=cells)


# --- claim.self


def test_contradiction_is_told_whole():
    first = claim(629, "published", unit="条", quote="共公开629条。")
    second = claim(692, "published", unit="条", quote="共公开692条。")
    (finding,) = found(claims.contradictions, first, second)
    assert finding.message == "“共公开629条。”：前文说主动公开的政府信息为629条，后文“共公开692条。”又说为692条，前后矛盾。请核对。"
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    "other",
    [
        {"quote": "甲。", "subject": "网站"},
        {"quote": "甲。", "period": "previous"},
        {"quote": "甲。", "reach": "own"},
        {"quote": "甲。", "part": True},
        {"quote": "甲。", "exact": False},
        {"quote": "甲。", "unit": "篇"},
        {},
    ],
)
def test_what_does_not_contradict(other):
    first = claim(629, "published", unit="条")
    assert found(claims.contradictions, first, claim(692, "published", **{"unit": "条", **other})) == []


@pytest.mark.parametrize(
    ("form", "value", "given", "n"),
    [
        ("growth", 20, (120, 100), 0),
        ("growth", -20, (80, 100), 0),
        ("growth", 25, (120, 100), 1),
        ("growth", 33, (4, 3), 0),
        ("growth", 100, (5, 0), 0),
        ("difference", 20, (120, 100), 0),
        ("difference", 5, (5, 0), 0),
        ("difference", 10, (120, 100), 1),
        ("growth", 25, (), 0),
    ],
)
def test_changes(form, value, given, n):
    findings = found(claims.contradictions, claim(value, unit="%", form=form, parts=parts(*given)))
    assert [finding.severity for finding in findings] == ["error"] * n


def test_long_sentences_are_quoted_in_part():
    quote = "甲" * 200 + "，收到申请27件，" + "乙" * 200
    assert claims.quoted(claim(27, quote=quote)).startswith("…收到申请27件，乙")
    assert len(claims.quoted(claim(27, quote=quote))) <= 102


def test_the_real_reports_have_no_error_in_what_a_person_found_right(samples):
    from gongkai.reading.document import read_report

    severities = {}
    for path in sorted(samples.iterdir()):
        if path.suffix in (".txt", ".pdf"):
            read = Subject(read_report(path.read_bytes(), path.name))
            checks = (claims.sums, claims.tables, claims.contradictions)
            severities[path.stem] = [(f.code, f.severity) for check in checks for f in check.findings(read)]
    assert severities.pop("hongze_2024") == [("claim.table", "notice")]
    assert all(not findings for findings in severities.values())

"""Flow A backwards: what the writers write, the reader reads back as it was."""

from __future__ import annotations

import datetime
import random
from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.law import report_format
from gongkai.reading import read_report
from gongkai.report import AnnualReport, Cell
from gongkai.report.render import write_report

KINDS = ["docx", "pdf", "html", "xlsx", "json"]
YEARS = {"2021": 2024, "2019": 2020, "pre2019": 2017}

NARRATIVE = {
    "2021": {
        "s1": "（一）主动公开\n全年主动公开政府信息412条。\n（二）依申请公开\n全年没有超期答复的情形。",
        "s2": "",
        "s3": "",
        "s4": "",
        "s5": "一是部分栏目更新不及时。\n二是解读形式单一。下一步将按月巡查。",
        "s6": "本年度没有收取信息处理费。",
    },
}
NARRATIVE["2019"] = NARRATIVE["2021"]
NARRATIVE["pre2019"] = NARRATIVE["2021"]


def report(edition: str, figures: dict[str, Cell]) -> AnnualReport:
    year = YEARS[edition]
    organ = "澜汀县栖云镇人民政府"
    return AnnualReport(
        organ=organ,
        year=year,
        edition=edition,
        published_on=datetime.date(year + 1, 1, 22),
        title=f"{organ}{year}年政府信息公开工作年度报告",
        complete=True,
        cells=figures,
        preface=f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
        sections=NARRATIVE[edition],
        headings=tuple(section.title for section in report_format(edition).sections),
    )


def small_figures(edition: str) -> dict[str, Cell]:
    """Mostly zeros and small numbers, as in real reports: the hardest to place, because they look alike."""
    chance = random.Random(edition)
    numbers = {address: chance.choice([0, 0, 0, 0, 1, 2, 7, 15, 260]) for address in report_format(edition).cells}
    return {address: Cell("number", Decimal(number), str(number)) for address, number in numbers.items()}


def values(found: AnnualReport, wanted: AnnualReport) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """Cells whose figure differs: address → found, wanted."""
    addresses = {*wanted.cells, *found.cells}
    pairs = {address: (found.value(address), wanted.value(address)) for address in addresses}
    return {address: pair for address, pair in pairs.items() if pair[0] != pair[1]}


@pytest.fixture(params=list(YEARS))
def wanted(request: pytest.FixtureRequest) -> AnnualReport:
    return report(request.param, small_figures(request.param))


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_comes_back(kind: str, wanted: AnnualReport) -> None:
    found = read_report(write_report(wanted, kind), f"report.{kind}")
    assert values(found, wanted) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_organ_year_edition_and_day_come_back(kind: str, wanted: AnnualReport) -> None:
    found = read_report(write_report(wanted, kind), f"report.{kind}")
    assert (found.organ, found.year, found.edition, found.published_on) == (wanted.organ, wanted.year, wanted.edition, wanted.published_on)
    assert found.complete


@pytest.mark.parametrize("kind", KINDS)
def test_the_narrative_comes_back(kind: str, wanted: AnnualReport) -> None:
    found = read_report(write_report(wanted, kind), f"report.{kind}")
    for section in ("s1", "s5", "s6"):
        # A page tells nothing of where a line of text was broken in the source.
        assert "".join(found.sections[section].split()) == "".join(wanted.sections[section].split())


# What is printed → the kind it is read as, and the figure.
ODD_CELLS = [
    (Cell("slash", raw="/"), "slash", None),
    (Cell("text", raw="无"), "text", None),
    (Cell("blank"), "blank", None),
    (Cell("missing"), "blank", None),
    (Cell("number", Decimal("7730.28"), "7730.28"), "number", Decimal("7730.28")),
]


@pytest.mark.parametrize("kind", ["docx", "pdf", "html", "xlsx"])
@pytest.mark.parametrize(("cell", "read_as", "figure"), ODD_CELLS)
def test_what_is_no_plain_number_comes_back_as_what_it_is(kind: str, cell: Cell, read_as: str, figure: Decimal | None) -> None:
    wanted = report("2021", {**small_figures("2021"), "t2.admin_fees.amount_wan": cell})
    found = read_report(write_report(wanted, kind), f"report.{kind}")
    assert (found.cells["t2.admin_fees.amount_wan"].kind, found.value("t2.admin_fees.amount_wan")) == (read_as, figure)


@pytest.mark.parametrize("kind", KINDS)
def test_a_signed_figure_comes_back(kind: str) -> None:
    figures = {
        **small_figures("2019"),
        "t2.licensing.delta": Cell("number", Decimal(8), "+8"),
        "t2.coercion.delta": Cell("number", Decimal(-3), "-3"),
    }
    wanted = report("2019", figures)
    assert values(read_report(write_report(wanted, kind), f"report.{kind}"), wanted) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_the_one_row_of_other_handling_comes_back(kind: str) -> None:
    parts = ("other_no_supplement", "other_fee_unpaid", "other_misc")
    figures = {address: cell for address, cell in small_figures("2021").items() if address.split(".")[1] not in parts}
    columns = (
        "natural_person",
        "commercial_enterprise",
        "research_institution",
        "public_welfare_org",
        "legal_service_org",
        "other_org",
        "total",
    )
    figures |= {f"t3.other_handling.{column}": Cell("number", Decimal(number), str(number)) for number, column in enumerate(columns, 2)}
    wanted = report("2021", figures)
    found = read_report(write_report(wanted, kind), f"report.{kind}")
    assert values(found, wanted) == {}
    assert found.merged_rows == {"other_handling"}


@pytest.mark.parametrize("kind", ["docx", "pdf", "html", "xlsx"])
def test_a_doubtful_figure_never_comes_back_as_a_certain_one(kind: str) -> None:
    doubtful = Cell("unclear", raw="15", reason="两列都放得下")
    wanted = report("2021", {**small_figures("2021"), "t3.granted.total": doubtful})
    assert read_report(write_report(wanted, kind), f"report.{kind}").value("t3.granted.total") is None


@pytest.mark.parametrize("kind", ["docx", "pdf", "html", "xlsx"])
def test_a_table_that_was_not_shown_stays_away(kind: str) -> None:
    wanted = report("2021", {address: cell for address, cell in small_figures("2021").items() if not address.startswith("t4")})
    found = read_report(write_report(replace(wanted, complete=False), kind), f"report.{kind}")
    assert values(found, wanted) == {}
    assert {cell.kind for address, cell in found.cells.items() if address.startswith("t4")} == {"missing"}


@pytest.mark.parametrize("edition", ["2021", "2019"])
@pytest.mark.parametrize("kind", KINDS)
def test_writing_what_was_read_gives_the_same_document(kind: str, edition: str) -> None:
    once = write_report(report(edition, small_figures(edition)), kind)
    again = write_report(read_report(once, f"report.{kind}"), "html")
    assert again == write_report(report(edition, small_figures(edition)), "html")

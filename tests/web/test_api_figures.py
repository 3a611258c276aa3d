"""Registers, statistics and table two in the API: what can be counted again, nothing that belongs to a person, silence that is no zero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.test import Client

from gongkai.web.disclosure import actions
from gongkai.web.disclosure.registers import actions as register_actions
from tests.web.conftest import DAY, County
from tests.web.open_county import Open, as_rows, asked, fresh_process, opened_county
from tests.web.register_rows import NEXT, SAID, D, add, declare

__all__ = ["fresh_process", "opened_county"]  # the fixtures


def rows(kind: str, year: int = 2026, organ: str = "qinghe") -> list[dict[str, Any]]:
    return asked(f"/api/registers/{kind}?year={year}&organ={organ}")["rows"]


def said(row: dict[str, Any]) -> dict[str, Any]:
    """What a row says beside its place."""
    return {name: value for name, value in row.items() if value is not None and name not in ("kind", "organ", "organ_name", "year")}


class TestRegisters:
    """Enough to count again, and nobody's name."""

    def test_documents_whole_with_what_they_count_as(self, opened_county: Open) -> None:
        new, old = "青政规〔2026〕1号", "青政规〔2024〕2号"
        assert [said(row) for row in rows("normative_document")] == [
            {
                "id": f"normative_document/qinghe/{new}", "number": new, "title": "青禾镇河道保洁办法", "issued_on": "2026-01-09",
                "in_force_from": "2026-02-01", "issued": 1, "repealed": 0, "in_force": 1,
            },
            {
                "id": f"normative_document/qinghe/{old}", "number": old, "title": "青禾镇集市办法", "issued_on": "2024-05-06",
                "in_force_from": "2024-06-01", "issued": 0, "repealed": 0, "in_force": 1,
            },
        ]  # fmt: skip
        assert [(row["number"], row["issued"]) for row in rows("normative_document", 2024)] == [(old, 1)]
        assert rows("normative_document", 2023) == []

    def test_decisions_only_as_far_as_they_are_public(self, opened_county: Open) -> None:
        """One public, one not, one whose publication was withdrawn; the struck one does not count."""
        open_, closed, gone = rows("penalty")
        number = "青禾罚决〔2026〕1号"
        assert said(open_) == {
            "id": f"penalty/qinghe/{number}",
            "number": number,
            "decided_on": "2026-02-03",
            "is_published": True,
            "decided": 1,
        }
        assert said(closed) == {"is_published": False, "decided": 1, "why": "这项决定没有公开，只计数"}
        assert said(gone) == {"is_published": False, "decided": 1, "why": "这项决定的公开已经撤回，只计数"}

    def test_a_decision_leads_to_its_page_while_that_stands(self, opened_county: Open) -> None:
        number, slug = "青禾许〔2026〕1号", opened_county.licence.item.slug
        expected = {
            "id": f"licence/qinghe/{number}",
            "number": number,
            "decided_on": "2026-02-24",
            "is_published": True,
            "item": slug,
            "decided": 1,
        }
        assert [said(row) for row in rows("licence")] == [expected]
        assert asked(f"/api/registers/licence/qinghe/{number}")["item"] == slug
        head = opened_county.county.person("qinghe", "office_head")
        actions.withdraw(person=head, on=DAY, publication=opened_county.licence, reason="有误")
        assert [said(row) for row in rows("licence")] == [{"is_published": False, "decided": 1, "why": "这项决定的公开已经撤回，只计数"}]
        asked(f"/api/registers/licence/qinghe/{number}", 404)

    def test_fees_by_month_and_never_a_receipt(self, opened_county: Open) -> None:
        charge = "农村集体聚餐场地清洁费"
        assert [said(row) for row in rows("fee")] == [
            {"charge": charge, "month": "2026-01", "n_receipts": 2, "amount_wan": "1.550001"},
            {"charge": charge, "month": "2026-02", "n_receipts": 1, "amount_wan": "0.1"},
        ]

    def test_a_row_by_its_number_and_no_other(self, opened_county: Open) -> None:
        found = asked("/api/registers/normative_document/qinghe/青政规〔2026〕1号")
        assert (found["title"], found["year"]) == ("青禾镇河道保洁办法", 2026)
        for number in ("青禾罚决〔2026〕8号", "青禾罚决〔2026〕9号", "青禾罚决〔2026〕10号", "没有这一号"):
            asked(f"/api/registers/penalty/qinghe/{number}", 404)
        asked("/api/registers/fee/qinghe/票据20260001", 404)
        asked("/api/registers/penalty/baishu/青禾罚决〔2026〕1号", 404)

    def test_a_number_with_a_stroke_is_found(self, opened_county: Open) -> None:
        add(
            opened_county.officer,
            opened_county.county.organs["qinghe"],
            "licence",
            number="青禾许/2026/7号",
            decided_on=D(2026, 2, 5),
            matter="占道",
        )
        assert asked("/api/registers/licence/qinghe/青禾许/2026/7号")["number"] == "青禾许/2026/7号"

    def test_each_organ_by_itself(self, opened_county: Open) -> None:
        assert rows("penalty", organ="baishu") == []
        assert len(asked("/api/registers/penalty?year=2026")["rows"]) == 3

    def test_what_a_register_says_is_told(self, opened_county: Open) -> None:
        for register in asked("/api/registers")["rows"]:
            given = {name for row in rows(register["id"]) for name, value in row.items() if value is not None}
            assert given <= set(register["fields"])


class TestTableTwo:
    """The figures with their sources."""

    def figure(self, address: str, year: int = 2026) -> tuple[Any, str, str]:
        found = {row["address"]: row for row in asked(f"/api/statistics/qinghe/{year}/table-two")["rows"]}
        row = found[address]
        return row["value"], row["source"], row["why"]

    def test_what_registers_count(self, opened_county: Open) -> None:
        source = ("register", "由登记册计数")
        assert self.figure("t2.normative_docs.issued") == ("1", *source)
        assert self.figure("t2.normative_docs.in_force") == ("2", *source)
        assert self.figure("t2.penalties.decisions") == ("3", *source)
        assert self.figure("t2.admin_fees.amount_wan") == ("1.650001", *source)

    def test_silence_is_no_zero(self, opened_county: Open) -> None:
        assert self.figure("t2.coercion.decisions") == (None, "silent", "机关没有登记，也没有申报")
        found = {row["address"]: row["value"] for row in as_rows(Client().get("/api/statistics/qinghe/2026/table-two?format=csv"))}
        assert found["t2.coercion.decisions"] == ""

    def test_nil_returns_and_declared_figures_without_who_and_why(self, opened_county: Open) -> None:
        organ, officer = opened_county.county.organs["qinghe"], opened_county.officer
        register_actions.nil_return(person=officer, on=D(2026, 3, 2), agency=organ, register="coercion", year=2025)
        assert self.figure("t2.coercion.decisions", 2025) == ("0", "nil_return", "机关申报“本年无”")
        register_actions.declare(
            person=officer, on=DAY, agency=organ, year=2025, address="t2.licensing.decisions", value=Decimal(7), said=SAID
        )
        assert self.figure("t2.licensing.decisions", 2025) == ("7", "declared", "机关申报的数字")
        text = Client().get("/api/statistics/qinghe/2025/table-two").content.decode()
        assert [word for word in (*SAID.values(), officer.full_name) if word in text] == []

    def test_the_form_names_every_address(self, opened_county: Open) -> None:
        form = asked("/api/annual-reports/formats/2021")
        addresses = {row["address"] for row in form["rows"]}
        assert {row["address"] for row in asked("/api/statistics/qinghe/2026/table-two")["rows"]} < addresses
        assert (form["document"], form["first_year"], len(addresses)) == ("国办公开办函〔2021〕30号", 2021, len(form["rows"]))
        # Table three has 24 rows of seven applicants, table four three courses of five outcomes each.
        assert len([address for address in addresses if address.startswith("t4.")]) == 15


class TestStatistics:
    """How much, through which channel, how soon."""

    def test_what_is_public_by_organ_month_column_and_kind(self, opened_county: Open) -> None:
        first, second, third = asked("/api/statistics?year=2026")["rows"]
        assert first == {"organ": "baishu", "year": 2026, "month": 3, "column": "a20_13", "kind": "notice", "n_items": 1}
        assert [(row["organ"], row["column"], row["kind"]) for row in (second, third)] == [
            ("qinghe", "a20_01", "policy"), ("qinghe", "a20_05", "licence"),
        ]  # fmt: skip
        assert asked("/api/statistics?year=2025")["rows"] == []

    def test_an_organs_year_counts_each_item_once(self, opened_county: Open) -> None:
        """Three were published, one of them was withdrawn; a draft of one changes nothing."""
        opened_county.draft_again()
        found = asked("/api/statistics/qinghe/2026")
        assert found["n_first_published"] == 3
        assert found["channels"] == [{"channel": "site", "title": "政府网站", "n_items": 3}]

    def test_working_days_as_the_state_council_set_them(self, opened_county: Open) -> None:
        """Formed on Friday 27 February; Saturday the 28th is worked for the Spring Festival of 2026 (国办发明电〔2025〕7号); out on Monday."""
        found = asked("/api/statistics/baishu/2026")["timeliness"]
        assert found == {"n_known": 1, "n_unknown": 0, "median_workdays": 2.0, "n_late": 0, "why": None}

    def test_nothing_is_known_of_a_year_without_publications(self, opened_county: Open) -> None:
        found = asked("/api/statistics/jiaotong/2026")["timeliness"]
        assert found == {"n_known": 0, "n_unknown": 0, "median_workdays": None, "n_late": None, "why": "本年没有第一次发布的信息"}

    def test_what_is_late_is_counted(self, county: County) -> None:
        county.published("baishu", title="去年的安排", formed_on=D(2025, 6, 3))
        assert asked("/api/statistics/baishu/2026")["timeliness"]["n_late"] == 1


def test_annual_reports_are_none_yet_and_not_made_up(opened_county: Open) -> None:
    declare(opened_county.officer, opened_county.county.organs["qinghe"], "t2.licensing.decisions", "7", year=NEXT.year - 2)
    assert asked("/api/annual-reports?year=2025&organ=qinghe") == {"rows": [], "next": None}
    asked("/api/annual-reports?organ=nowhere", 404)

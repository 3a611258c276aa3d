"""Registers, nil returns, declared figures and imported files: what counts in table two, and what is refused with which words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.registers import actions as acts
from gongkai.web.disclosure.registers import queries
from gongkai.web.disclosure.registers.models import Decision, DeclaredFigure, Document, Fee, NilReturn
from gongkai.web.disclosure.registers.values import registers, tidy_number
from gongkai.web.ledger.models import LedgerEntry
from tests.web.conftest import DAY, County
from tests.web.register_rows import DOCUMENT, FEE, GOOD, NEXT, PENALTY, SAID, D, add, broken, declare, figure, refusal, take, told


class TestTableTwo:
    """Every figure says where it comes from; silence is never zero."""

    def test_silence_is_not_zero(self, organ: Agency) -> None:
        table = queries.table_two(organ, 2026)
        assert table.edition == "2021"
        assert len(table.figures) == 10
        assert {(found.value, found.why) for found in table.silent} == {(None, "没有登记，也没有申报“本年无”")}
        assert len(table.silent) == 10

    def test_decisions_count_by_the_day_they_were_made_published_or_not(self, officer: Any, organ: Agency) -> None:
        first = add(officer, organ, "penalty")
        second = add(officer, organ, "penalty", number="青禾罚决〔2026〕2号", is_published=False)
        add(officer, organ, "penalty", number="青禾罚决〔2025〕9号", decided_on=D(2025, 12, 31))
        found = figure(organ, "t2.penalties.decisions")
        assert (found.value, found.rows, found.entries) == (2, (first.pk, second.pk), (first.entry_id, second.entry_id))
        assert found.why == "行政处罚决定登记册，计入2条"
        assert figure(organ, "t2.penalties.decisions", 2025).value == 1
        assert figure(organ, "t2.licensing.decisions").value is None

    def test_rows_are_counted_by_year(self, officer: Any, organ: Agency) -> None:
        for number, day in {"1": D(2025, 12, 31), "2": D(2026, 1, 1), "3": D(2026, 2, 1)}.items():
            add(officer, organ, "penalty", number=number, decided_on=day)
        add(officer, organ, "rule", issued_on=D(2023, 1, 1), in_force_from=D(2023, 1, 1), repealed_on=D(2026, 1, 1))
        assert queries.counts(organ, "penalty") == [(2026, 2), (2025, 1)]
        assert queries.counts(organ, "rule") == [(2026, 1), (2023, 1)]
        assert queries.counts(organ, "fee") == []

    def test_a_penalty_withdrawn_from_the_page_was_decided_all_the_same(self, officer: Any, organ: Agency) -> None:
        row = add(officer, organ, "penalty")
        acts.correct_row(person=officer, on=DAY, row=row, values={**PENALTY, "withdrawn_on": DAY}, reason="处罚决定被依法撤销")
        assert figure(organ, "t2.penalties.decisions").value == 1

    @pytest.mark.parametrize(
        ("year", "issued", "repealed", "in_force"),
        # 甲 issued 2023; 乙 issued 2023, repealed on 1 July 2025; 丙 issued 20 December 2025, applies from 1 January 2026;
        # 丁 issued 2025, lapses on 31 December 2025 (the first day on which it no longer holds).
        # In 2024 and 2026 nothing was issued or ended, and nobody said so: what stands is known from the years before (甲, 乙; 甲, 丙).
        [(2022, None, None, None), (2023, 2, 0, 2), (2024, None, None, 2), (2025, 2, 2, 1), (2026, None, None, 2)],
    )
    def test_documents_of_a_year(
        self, officer: Any, organ: Agency, year: int, issued: int | None, repealed: int | None, in_force: int | None
    ) -> None:
        for number, days in {
            "甲": {"issued_on": D(2023, 3, 1), "in_force_from": D(2023, 3, 1)},
            "乙": {"issued_on": D(2023, 5, 1), "in_force_from": D(2023, 6, 1), "repealed_on": D(2025, 7, 1)},
            "丙": {"issued_on": D(2025, 12, 20), "in_force_from": D(2026, 1, 1)},
            "丁": {"issued_on": D(2025, 2, 1), "in_force_from": D(2025, 2, 1), "lapsed_on": D(2025, 12, 31)},
        }.items():
            add(officer, organ, "normative_document", number=number, **days)
        row = "t2.normative_docs"
        assert [figure(organ, f"{row}.{name}", year).value for name in ("issued", "repealed", "in_force")] == [issued, repealed, in_force]

    def test_documents_of_earlier_years_are_told_as_such(self, officer: Any, organ: Agency) -> None:
        row = add(officer, organ, "normative_document", issued_on=D(2023, 3, 1), in_force_from=D(2023, 3, 1))
        found = figure(organ, "t2.normative_docs.in_force")
        assert (found.value, found.source, found.rows, found.entries) == (1, "register", (row.pk,), (row.entry_id,))
        assert found.why == "行政规范性文件登记册，计入1条，都是往年登记、到2026年底仍有效的；本年没有登记，也没有申报“本年无”"
        assert {found.address for found in queries.table_two(organ, 2026).silent} >= {
            "t2.normative_docs.issued",
            "t2.normative_docs.repealed",
        }

    def test_nothing_that_stands_any_more_is_silence_and_no_zero(self, officer: Any, organ: Agency) -> None:
        add(officer, organ, "normative_document", issued_on=D(2023, 3, 1), in_force_from=D(2023, 3, 1), repealed_on=D(2024, 5, 1))
        assert told(organ, "t2.normative_docs.in_force", 2024)[:2] == (0, "register")
        assert told(organ, "t2.normative_docs.in_force") == (None, "silent", "没有登记，也没有申报“本年无”")
        acts.nil_return(person=officer, on=NEXT, agency=organ, register="normative_document", year=2026)
        assert told(organ, "t2.normative_docs.in_force")[:2] == (0, "nil_return")

    def test_what_applies_only_later_or_was_struck_does_not_stand(self, officer: Any, organ: Agency) -> None:
        add(officer, organ, "normative_document", number="甲", issued_on=D(2025, 12, 20), in_force_from=D(2027, 1, 1))
        struck = add(officer, organ, "normative_document", number="乙", issued_on=D(2024, 3, 1), in_force_from=D(2024, 3, 1))
        acts.strike(person=officer, on=DAY, row=struck, reason="登记错了机关")
        assert figure(organ, "t2.normative_docs.in_force").value is None
        assert figure(organ, "t2.normative_docs.in_force", 2027).value == 1

    def test_a_figure_declared_for_a_silent_year_goes_before_what_earlier_years_tell(self, officer: Any, organ: Agency) -> None:
        add(officer, organ, "normative_document", issued_on=D(2023, 3, 1), in_force_from=D(2023, 3, 1))
        declare(officer, organ, "t2.normative_docs.in_force", "5")
        value, source, why = told(organ, "t2.normative_docs.in_force")
        assert (value, source) == (5, "declared")
        assert why.endswith("；登记册里往年登记、到年底仍有效的有1条，不采用")

    def test_two_documents_in_force_and_none_issued(self, officer: Any, organ: Agency) -> None:
        """What a township with two older documents reports: 0 issued, 0 repealed, 2 in force, once somebody said so."""
        rows = [
            add(officer, organ, "normative_document", number=number, issued_on=D(2023, 3, 1), in_force_from=D(2023, 3, 1))
            for number in "甲乙"
        ]
        nil = acts.nil_return(person=officer, on=NEXT, agency=organ, register="normative_document", year=2026)
        assert told(organ, "t2.normative_docs.issued") == (0, "nil_return", "qinghe-report_officer于2027-01-08申报“本年无”")
        assert figure(organ, "t2.normative_docs.repealed").value == 0
        found = figure(organ, "t2.normative_docs.in_force")
        assert (found.value, found.source, found.rows) == (2, "register", tuple(row.pk for row in rows))
        assert found.entries == (*(row.entry_id for row in rows), nil.entry_id)

    def test_fees_add_up_to_the_cent(self, officer: Any, organ: Agency) -> None:
        # 91.231061万元 in all: 12501元 0.1角 and so on, by hand: 1.250001 + 89.98106 = 91.231061.
        add(officer, organ, "fee")
        month = add(officer, organ, "fee", amount_wan=Decimal("89.98106"), collected_on=D(2026, 2, 17), is_monthly=True)
        assert month.collected_on == D(2026, 2, 1)
        assert figure(organ, "t2.admin_fees.amount_wan").value == Decimal("91.231061")
        assert broken() == []

    def test_the_edition_of_2019_takes_most_figures_as_declared(self, officer: Any, organ: Agency) -> None:
        table = queries.table_two(organ, 2020)
        assert table.edition == "2019"
        assert {found.why for found in table.silent} == {"没有登记，也没有申报“本年无”", "没有申报这个数字"}
        said = {"source": "政务服务管理系统", "evidence": "导出表第3页"}
        for address, value in {"t2.other_services.decisions": 189, "t2.licensing.delta": -3}.items():
            acts.declare(person=officer, on=DAY, agency=organ, year=2020, address=address, value=Decimal(value), said=said)
        assert told(organ, "t2.licensing.delta", 2020) == (-3, "declared", "申报，来源：政务服务管理系统；依据：导出表第3页")
        assert figure(organ, "t2.other_services.decisions", 2020).value == 189


class TestRows:
    """A row is never changed: a correction takes its place."""

    def test_a_correction_keeps_the_old_row(self, officer: Any, organ: Agency) -> None:
        old = add(officer, organ, "normative_document")
        new = acts.correct_row(
            person=officer,
            on=DAY,
            row=old,
            values={**DOCUMENT, "repealed_on": D(2026, 3, 1), "successor": "青政规〔2026〕2号"},
            reason="废止",
        )
        old.refresh_from_db()
        assert (new.supersedes_id, old.ended_by, new.entry.reason) == (old.pk, new.entry, "废止")
        assert (Document.objects.count(), figure(organ, "t2.normative_docs.repealed").value) == (2, 1)
        assert refusal(acts.correct_row, person=officer, row=old, values=DOCUMENT, reason="再改") == "这一条已经更正或者删去，请刷新页面。"
        assert broken() == []

    def test_a_correction_needs_a_reason_and_a_change(self, officer: Any, organ: Agency) -> None:
        row = add(officer, organ, "penalty")
        assert (
            refusal(acts.correct_row, person=officer, row=row, values={**PENALTY, "matter": "x"}, reason=" ")
            == "请写明理由，台账会记下来。"
        )
        assert refusal(acts.correct_row, person=officer, row=row, values=PENALTY, reason="核对") == "内容没有变化，不用更正。"

    def test_a_struck_row_counts_no_longer_and_its_number_is_free(self, officer: Any, organ: Agency) -> None:
        row = add(officer, organ, "penalty")
        acts.strike(person=officer, on=DAY, row=row, reason="登记错了机关")
        assert figure(organ, "t2.penalties.decisions").value is None
        add(officer, organ, "penalty")
        assert (Decision.objects.count(), figure(organ, "t2.penalties.decisions").value) == (2, 1)
        assert broken() == []

    @pytest.mark.parametrize("spelling", ["青禾罚决〔2026〕1号", "青禾罚决[2026]1号", "青禾罚决（２０２６） 1号"])
    def test_the_same_number_is_registered_once_however_it_is_written(
        self, officer: Any, organ: Agency, county: County, spelling: str
    ) -> None:
        add(officer, organ, "penalty")
        words = refusal(acts.register_row, person=officer, agency=organ, register="penalty", values={**PENALTY, "number": spelling})
        assert words == "行政处罚决定“青禾罚决〔2026〕1号”已经登记过，不能再登记一次。如果原来登记有误，请更正那一条。"
        add(county.person("baishu", "drafter"), county.organs["baishu"], "penalty")

    @pytest.mark.parametrize(
        ("register", "changes", "words"),
        [
            ("penalty", {"number": ""}, "没有填写“文号”，请补上。"),
            ("penalty", {"decided_on": None, "matter": " "}, "没有填写“决定日期”，请补上。没有填写“事项”，请补上。"),
            ("penalty", {"decided_on": D(2026, 3, 3)}, "“决定日期”是2026-03-03，晚于2026-03-02，还没有发生的事不能登记，请核对日期。"),
            ("penalty", {"decided_on": D(206, 3, 3)}, "“决定日期”是0206-03-03，年份太早，请核对年份。"),
            ("penalty", {"withdrawn_on": D(2026, 1, 1)}, "“撤回公开日期”早于“决定日期”，请核对两个日期。"),
            ("licence", {"withdrawn_on": DAY}, "填写了“撤回公开日期”，只有行政处罚决定登记撤回，请删去。"),
            ("penalty", {"index_number": "x/1"}, "本机关没有索引号为“x/1”的信息，请核对索引号。"),
            ("penalty", {"index_number": "x", "is_published": False}, "填写了“公开信息索引号”，但是“是否公开”填的是“否”，请核对后改其中一个。"),
            ("penalty", {"matter": "砂" * 301}, "“事项”有301个字，超过300个字，请缩短。"),
            ("penalty", {"matter": "砂\x00石"}, "“事项”里有看不见的控制字符，请删去后重新填写。"),
            ("normative_document", {"repealed_on": DAY, "lapsed_on": DAY}, "同时填写了“废止日期”和“失效日期”，一件文件只能废止或者失效，请只留一个。"),
            ("normative_document", {"repealed_on": D(2026, 1, 8)}, "“废止日期”早于“印发日期”，请核对两个日期。"),
            ("normative_document", {"successor": "甲"}, "填写了“代替它的文件”，但是没有废止或者失效日期，请补上日期，或者删去代替它的文件。"),
            ("fee", {"amount_wan": Decimal(-1)}, "“金额（万元）”是-1，金额不能是负数，请核对。"),
            ("fee", {"amount_wan": Decimal("0.0000001")}, "“金额（万元）”是1E-7，小数超过6位，1分是0.000001万元，请核对。"),
            ("fee", {"amount_wan": Decimal("NaN")}, "“金额（万元）”是NaN，金额不能是负数，请核对。"),
            ("fee", {"amount_wan": Decimal(100_000_000)}, "“金额（万元）”是100000000，金额的单位是万元，请核对是不是误填了元。"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, officer: Any, organ: Agency, register: str, changes: dict[str, Any], words: str) -> None:
        plain: dict[str, Any] = {"document": DOCUMENT, "decision": PENALTY, "fee": FEE}[registers()[register].shape]
        said = refusal(acts.register_row, person=officer, agency=organ, register=register, values={**plain, **changes})
        assert said == words
        assert not LedgerEntry.objects.exists()

    def test_a_decision_names_the_information_that_carries_it(self, officer: Any, organ: Agency, county: County) -> None:
        item, foreign = county.draft(), county.draft("baishu")
        assert add(officer, organ, "penalty", index_number=item.index_number).item == item
        words = refusal(
            acts.register_row,
            person=officer,
            agency=organ,
            register="penalty",
            values={**PENALTY, "number": "2", "index_number": foreign.index_number},
        )
        assert words == "本机关没有索引号为“baishu/2026-00001”的信息，请核对索引号。"
        assert broken() == []

    def test_only_a_post_of_the_organ_registers(self, organ: Agency, county: County) -> None:
        for organ_code, duty in (("baishu", "report_officer"), ("yunchuan", "authority"), ("qinghe", "final_reviewer")):
            words = refusal(acts.register_row, person=county.person(organ_code, duty), agency=organ, register="penalty", values=PENALTY)
            assert words == "您在这个机关没有办理这件事的岗位。如果工作需要，请联系安全管理员安排岗位。"
        assert not Decision.objects.exists()


class TestNilReturns:
    """“本年无” is somebody's word, and a row that comes later voids it."""

    def test_zero_has_somebody_behind_it(self, officer: Any, organ: Agency) -> None:
        nil = acts.nil_return(person=officer, on=NEXT, agency=organ, register="coercion", year=2026)
        found = figure(organ, "t2.coercion.decisions")
        assert (found.value, found.source, found.rows, found.entries) == (0, "nil_return", (nil.pk,), (nil.entry_id,))
        assert figure(organ, "t2.penalties.decisions").value is None

    def test_not_while_the_register_has_a_row(self, officer: Any, organ: Agency) -> None:
        add(officer, organ, "penalty")
        words = refusal(acts.nil_return, on=NEXT, person=officer, agency=organ, register="penalty", year=2026)
        assert words == "行政处罚决定2026年已经有登记，不能申报“本年无”。"

    def test_not_before_the_year_is_over(self, officer: Any, organ: Agency) -> None:
        words = refusal(acts.nil_return, on=D(2026, 12, 30), person=officer, agency=organ, register="penalty", year=2026)
        assert words == "2026年还没有过完，到12月31日才能申报“本年无”。"
        acts.nil_return(person=officer, on=D(2026, 12, 31), agency=organ, register="penalty", year=2026)

    def test_a_later_row_voids_it_visibly_and_for_good(self, officer: Any, organ: Agency) -> None:
        acts.nil_return(person=officer, on=NEXT, agency=organ, register="penalty", year=2026)
        row = add(officer, organ, "penalty", on=NEXT)
        assert told(organ, "t2.penalties.decisions") == (1, "register", "行政处罚决定登记册，计入1条；原来申报的“本年无”已被后来的登记推翻")
        acts.strike(person=officer, on=NEXT, row=row, reason="登记错了机关")
        assert told(organ, "t2.penalties.decisions") == (
            None,
            "silent",
            "没有登记，也没有申报“本年无”；原来申报的“本年无”已被后来的登记推翻",
        )
        acts.nil_return(person=officer, on=NEXT, agency=organ, register="penalty", year=2026)
        assert figure(organ, "t2.penalties.decisions").value == 0
        assert (NilReturn.objects.count(), broken()) == (2, [])

    def test_once_and_taken_back_with_a_reason(self, officer: Any, organ: Agency) -> None:
        nil = acts.nil_return(person=officer, on=NEXT, agency=organ, register="penalty", year=2026)
        words = refusal(acts.nil_return, on=NEXT, person=officer, agency=organ, register="penalty", year=2026)
        assert words == "行政处罚决定2026年已经申报过“本年无”。"
        acts.strike(person=officer, on=NEXT, row=nil, reason="还有一件没有登记")
        assert figure(organ, "t2.penalties.decisions").value is None
        assert broken() == []


class TestDeclaredFigures:
    """What no register holds is declared with its source, and a later declaration takes the place of the earlier."""

    def test_a_later_one_takes_its_place(self, officer: Any, organ: Agency) -> None:
        first = declare(officer, organ, "t2.licensing.decisions", "170")
        second = declare(officer, organ, "t2.licensing.decisions", "171")
        first.refresh_from_db()
        assert (second.supersedes, first.ended_by) == (first, second.entry)
        found = figure(organ, "t2.licensing.decisions")
        assert (found.value, found.source, found.rows, found.entries) == (171, "declared", (second.pk,), (second.entry_id,))
        assert broken() == []

    def test_a_register_with_rows_comes_first(self, officer: Any, organ: Agency) -> None:
        declare(officer, organ, "t2.penalties.decisions", "7")
        add(officer, organ, "penalty", on=NEXT)
        assert told(organ, "t2.penalties.decisions") == (1, "register", "行政处罚决定登记册，计入1条；另有申报数7，不采用")

    @pytest.mark.parametrize(
        ("address", "value", "year", "words"),
        [
            ("t2.penalties.amount", "1", 2026, "这一年的年度报告表二没有这一格，请重新选择。"),
            ("t3.granted.total", "1", 2026, "这一年的年度报告表二没有这一格，请重新选择。"),
            ("t2.penalties.decisions", "1.5", 2026, "表二“行政处罚”行“本年处理决定数量”列要填整数。"),
            ("t2.penalties.decisions", "-1", 2026, "表二“行政处罚”行“本年处理决定数量”列不能是负数。"),
            ("t2.admin_fees.amount_wan", "1.0000001", 2026, "表二“行政事业性收费”行“本年收费金额”列的数值过大，或者小数超过6位。"),
            ("t2.penalties.decisions", "1", 2028, "2028年还没有到，不能申报。"),
            ("t2.penalties.decisions", "1", 1990, "没有1990年年度报告的格式，请核对年度。"),
        ],
    )
    def test_what_is_refused(self, officer: Any, organ: Agency, address: str, value: str, year: int, words: str) -> None:
        arguments = {"address": address, "value": Decimal(value), "year": year, "said": SAID}
        assert refusal(acts.declare, on=NEXT, person=officer, agency=organ, **arguments) == words

    def test_not_against_rows_or_a_nil_return(self, officer: Any, organ: Agency) -> None:
        add(officer, organ, "penalty")
        acts.nil_return(person=officer, on=NEXT, agency=organ, register="licence", year=2026)
        arguments = {"person": officer, "on": NEXT, "agency": organ, "year": 2026, "value": Decimal(3), "said": SAID}
        assert refusal(acts.declare, address="t2.penalties.decisions", **arguments) == (
            "行政处罚决定2026年已经有登记，这个数字由登记得出，不能另行申报。"
        )
        assert refusal(acts.declare, address="t2.licensing.decisions", **arguments) == (
            "行政许可决定2026年已经申报“本年无”，与申报的数字矛盾。请先删去“本年无”。"
        )
        declare(officer, organ, "t2.coercion.decisions", "2")
        assert refusal(acts.nil_return, on=NEXT, person=officer, agency=organ, register="coercion", year=2026) == (
            "2026年已经申报了这一项的数字，与“本年无”矛盾。请先删去申报的数字。"
        )

    def test_without_a_source_it_is_no_figure(self, officer: Any, organ: Agency) -> None:
        arguments = {"address": "t2.penalties.decisions", "value": Decimal(1), "year": 2026, "said": {"source": "系统", "evidence": " "}}
        assert refusal(acts.declare, person=officer, agency=organ, **arguments) == (
            "请写明数据来源（不超过200个字）和依据（不超过500个字）。"
        )


class TestTheDatabaseItself:
    """What holds even when somebody goes around the actions."""

    @pytest.mark.parametrize("sql", ["UPDATE {} SET agency_id = agency_id + 1", "DELETE FROM {}", "UPDATE {} SET entry_id = entry_id + 1"])
    @pytest.mark.parametrize("table", ["document", "decision", "fee", "nilreturn", "declaredfigure", "importbatch"])
    def test_rows_stay_as_they_are(self, officer: Any, organ: Agency, table: str, sql: str) -> None:
        for register in ("normative_document", "penalty", "fee"):
            add(officer, organ, register)
        take(officer, organ, GOOD, "licence")
        acts.nil_return(person=officer, on=NEXT, agency=organ, register="coercion", year=2026)
        declare(officer, organ, "t2.rules.issued", "0")
        with pytest.raises(IntegrityError, match="不能改动或者删除"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(f"disclosure_{table}"))

    def test_what_ended_never_comes_back(self, officer: Any, organ: Agency) -> None:
        row = add(officer, organ, "penalty")
        acts.strike(person=officer, on=DAY, row=row, reason="重复")
        with pytest.raises(IntegrityError, match="已经更正或者删去的登记不能再改"), transaction.atomic():
            Decision.objects.filter(pk=row.pk).update(ended_by=None)

    def test_one_number_counts_once(self, officer: Any, organ: Agency) -> None:
        row = add(officer, organ, "penalty")
        entry = LedgerEntry.objects.exclude(pk=row.entry_id).last() or county_entry(officer, organ)
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(agency=organ, register="penalty", entry=entry, **PENALTY)

    def test_a_row_shares_its_entry_only_in_a_batch(self, officer: Any, organ: Agency) -> None:
        row = add(officer, organ, "penalty")
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(agency=organ, register="penalty", entry=row.entry, **{**PENALTY, "number": "2"})

    def test_a_correction_stays_in_its_register_and_organ(self, officer: Any, organ: Agency, county: County) -> None:
        row = add(officer, organ, "penalty")
        entry = county_entry(officer, organ)
        for agency, register in ((organ, "penalty"), (county.organs["baishu"], "penalty"), (organ, "licence")):
            with pytest.raises(IntegrityError, match="更正必须代替同一机关"), transaction.atomic():
                Decision.objects.create(agency=agency, register=register, entry=entry, supersedes=row, **{**PENALTY, "number": "2"})

    def test_no_nil_return_beside_rows_and_no_second_one(self, officer: Any, organ: Agency) -> None:
        entry = county_entry(officer, organ)
        for register in ("normative_document", "penalty", "fee"):
            add(officer, organ, register)
            with pytest.raises(IntegrityError, match="不能申报本年无"), transaction.atomic():
                NilReturn.objects.create(agency=organ, register=register, year=2026, entry=entry)
        acts.nil_return(person=officer, on=NEXT, agency=organ, register="coercion", year=2026)
        with pytest.raises(IntegrityError), transaction.atomic():
            NilReturn.objects.create(agency=organ, register="coercion", year=2026, entry=entry)

    def test_one_declared_figure_is_in_force(self, officer: Any, organ: Agency) -> None:
        first = declare(officer, organ, "t2.rules.issued", "0")
        with pytest.raises(IntegrityError), transaction.atomic():
            DeclaredFigure.objects.create(
                agency=organ,
                edition="2021",
                year=2026,
                address=first.address,
                value=1,
                source="x",
                evidence="y",
                entry=county_entry(officer, organ),
            )

    @pytest.mark.parametrize(
        ("model", "values"),
        [
            (Decision, {**PENALTY, "register": "fee"}),
            (Decision, {**PENALTY, "register": "licence", "withdrawn_on": DAY}),
            (Decision, {**PENALTY, "register": "penalty", "withdrawn_on": D(2025, 1, 1)}),
            (Decision, {**PENALTY, "register": "penalty", "number": ""}),
            (Document, {**DOCUMENT, "register": "penalty"}),
            (Document, {**DOCUMENT, "register": "rule", "repealed_on": DAY, "lapsed_on": DAY}),
            (Document, {**DOCUMENT, "register": "rule", "repealed_on": D(2025, 1, 1)}),
            (Fee, {**FEE, "register": "fee", "amount_wan": Decimal(-1)}),
        ],
    )
    def test_what_cannot_be(self, officer: Any, organ: Agency, model: Any, values: dict[str, Any]) -> None:
        entry = county_entry(officer, organ)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(agency=organ, entry=entry, **values)


def county_entry(officer: Any, organ: Agency) -> LedgerEntry:
    """Some entry of that organ that proves nothing of a register."""
    row = add(officer, organ, "coercion", number="别的")
    return acts.strike(person=officer, on=DAY, row=row, reason="只要一条台账")


def without_triggers(sql: str) -> None:
    """Do what only somebody who owns the database could do."""
    from tests.web.test_ledger import without_triggers as do

    do(sql)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE disclosure_decision SET matter = '改过' WHERE batch_id IS NULL", ["的内容与台账第1条不符。"]),
        ("UPDATE disclosure_decision SET matter = '改过' WHERE batch_id IS NOT NULL", ["的内容与台账第2条不符。"]),
        ("UPDATE disclosure_fee SET amount_wan = 0.1 WHERE ended_by_id IS NULL", ["的内容与台账第4条不符。"]),
        ("UPDATE disclosure_fee SET ended_by_id = NULL", ["台账第4条更正或者删去的登记仍在计数。"]),
        ("UPDATE disclosure_nilreturn SET year = 2025", ["的内容与台账第5条不符。"]),
        ("UPDATE disclosure_declaredfigure SET value = 9", ["的内容与台账第6条不符。"]),
        ("DELETE FROM disclosure_declaredfigure", ["台账第6条记有登记，但是找不到登记的内容。"]),
    ],
)
def test_verify_names_what_was_changed(officer: Any, organ: Agency, sql: str, words: list[str]) -> None:
    add(officer, organ, "penalty", number="单独一件")
    take(officer, organ, GOOD)
    fee = add(officer, organ, "fee")
    acts.correct_row(person=officer, on=DAY, row=fee, values={**FEE, "charge": "清洁费"}, reason="名称写错")
    acts.nil_return(person=officer, on=NEXT, agency=organ, register="coercion", year=2026)
    declare(officer, organ, "t2.rules.issued", "0")
    assert broken() == []
    without_triggers(sql)
    found = broken()
    assert len(found) == len(words) and all(one.endswith(word) for one, word in zip(found, words, strict=True)), found


def test_every_action_of_the_registers_leaves_entries(officer: Any, organ: Agency) -> None:
    row = add(officer, organ, "penalty")
    acts.correct_row(person=officer, on=DAY, row=row, values={**PENALTY, "matter": "占用机耕道"}, reason="写错")
    acts.strike(person=officer, on=DAY, row=Decision.objects.get(ended_by=None), reason="重复")
    take(officer, organ, GOOD)
    acts.nil_return(person=officer, on=NEXT, agency=organ, register="coercion", year=2026)
    declare(officer, organ, "t2.rules.issued", "0")
    assert list(LedgerEntry.objects.order_by("number").values_list("action", flat=True)) == [
        f"disclosure.{name}" for name in ("register", "correct_register", "strike", "import", "nil_return", "declare")
    ]
    assert broken() == []


def test_a_number_has_one_spelling() -> None:
    assert tidy_number(" 青政办规 [ 2026 ]　３号 ") == tidy_number("青政办规〔2026〕3号") == "青政办规〔2026〕3号"

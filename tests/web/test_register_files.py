"""A file is taken into a register whole or not at all; what goes out is no formula and comes back."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.registers import actions as acts
from gongkai.web.disclosure.registers import queries
from gongkai.web.disclosure.registers.importing import parse, to_csv
from gongkai.web.disclosure.registers.models import Decision, Fee, ImportBatch
from gongkai.web.disclosure.registers.values import registers
from gongkai.web.ledger.digest import sm3
from gongkai.web.ledger.models import LedgerEntry
from tests.web.conftest import DAY, County
from tests.web.register_rows import GOOD, HEAD, PENALTY, D, add, broken, figure, take


def workbook(rows: list[list[Any]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, D):
                sheet.write_datetime(row, column, datetime.datetime(value.year, value.month, value.day), day)
            else:
                sheet.write(row, column, value)
    book.close()
    return out.getvalue()


class TestImport:
    """A file is taken in whole or not at all, and every fault is told by line and column."""

    def faults(self, officer: Any, organ: Agency, data: bytes | str, register: str = "penalty") -> list[tuple[int, str, str, str]]:
        with pytest.raises(acts.NotImported) as caught:
            take(officer, organ, data, register)
        assert not ImportBatch.objects.exists() and not LedgerEntry.objects.filter(action="disclosure.import").exists()
        return [(fault.line, fault.column, fault.what, fault.advice) for fault in caught.value.faults]

    def test_one_entry_for_all_rows(self, officer: Any, organ: Agency) -> None:
        batch = take(officer, organ, GOOD)
        rows = Decision.objects.order_by("pk")
        assert [(row.number, row.decided_on, row.is_published) for row in rows] == [
            ("青禾罚决〔2026〕1号", D(2026, 2, 3), True),
            ("青禾罚决〔2026〕2号", D(2026, 2, 5), False),
        ]
        assert {row.entry for row in rows} == {batch.entry} == set(LedgerEntry.objects.all())
        assert (batch.entry.facts["rows"], batch.entry.facts["sm3"]) == (2, sm3(GOOD.encode()))
        found = figure(organ, "t2.penalties.decisions")
        assert (found.value, found.entries) == (2, (batch.entry_id,))
        assert broken() == []

    def test_a_workbook_is_read_like_text(self, officer: Any, organ: Agency) -> None:
        data = workbook(
            [["序号", "收费项目", "金额(万元)", "收取月份"], [1, "清洁费", 0.1 + 0.2, D(2026, 1, 5)], [2, "清洁费", 12, "2026年2月"]]
        )
        take(officer, organ, data, "fee")
        assert [(row.amount_wan, row.collected_on, row.is_monthly) for row in Fee.objects.order_by("pk")] == [
            (Decimal("0.3"), D(2026, 1, 5), False),
            (Decimal("12"), D(2026, 2, 1), True),
        ]
        assert broken() == []

    def test_text_of_an_older_machine_is_read(self, officer: Any, organ: Agency) -> None:
        assert take(officer, organ, GOOD.encode("gb18030")).n_rows == 2

    def test_every_fault_is_told_by_line(self, officer: Any, organ: Agency) -> None:
        add(officer, organ, "penalty")
        data = HEAD + (
            "青禾罚决〔2026〕1号,2026-02-03,占用田间道路,是\n"
            "青禾罚决〔2026〕2号,2026-02-30,,也许\n"
            "\n"
            "青禾罚决〔2026〕3号,2026-02-03,焚烧秸秆,是\n"
            "青禾罚决(2026)3号,2026-03-09,焚烧秸秆,是,多出来\n"
        )
        assert self.faults(officer, organ, data) == [
            (2, "文号", "文号“青禾罚决〔2026〕1号”已经登记过", "同一件只登记一次，请删去这一行；要改内容请更正原来那一条。"),
            (3, "决定日期", "“2026-02-30”不是存在的日期", "请写成2026-03-02的样子。"),
            (3, "是否公开", "“也许”不是“是”或者“否”", "请填“是”或者“否”。"),
            (3, "事项", "没有填写“事项”", "请补上。"),
            (6, "", "这一行比列名多，第5列以后还有内容", "请核对是不是多了逗号，含逗号的内容要加引号。"),
            (6, "决定日期", "“决定日期”是2026-03-09，晚于2026-03-02", "还没有发生的事不能登记，请核对日期。"),
            (6, "文号", "文号“青禾罚决〔2026〕3号”与第5行相同", "同一件只登记一次，请删去重复的一行。"),
        ]
        assert Decision.objects.count() == 1

    @pytest.mark.parametrize(
        ("data", "what"),
        [
            ("", "文件是空的"),
            (HEAD, "文件里没有可以导入的行"),
            ("甲,乙\n1,2\n", "不认识“甲”这一列"),
            ("文号,文号\n1,2\n", "“文号”出现了两列"),
            ("文号,决定日期\n1,2026-01-01\n", "缺少“事项”这一列"),
            (b"\xff\xfe\x00\x01\x80", "文件的文字编码不能识别"),
            ("文号\0\n1", "文件不是文本，也不是可以识别的表格"),
            (HEAD + '1,"2\n', "文件里的引号不成对，或者有一格过长"),
            (b"PK\x03\x04 broken", None),
            (b"\xd0\xcf\x11\xe0 broken", "文件是旧的xls格式，或者带有密码"),
            (b"x" * 5_000_001, "文件有5.0MB，超过5MB"),
            (HEAD + "1,2026-01-01,x,是\n" * 5001, "文件有5001行，超过5000行"),
        ],
    )
    def test_files_that_are_no_table(self, officer: Any, organ: Agency, data: bytes | str, what: str | None) -> None:
        found = [fault[2] for fault in self.faults(officer, organ, data)]
        assert what in found if what else len(found) == 1

    def test_two_filled_sheets_are_not_chosen_between(self) -> None:
        import xlsxwriter

        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        for name in ("一月", "二月"):
            book.add_worksheet(name).write(0, 0, "文号")
        book.close()
        (fault,) = parse(out.getvalue(), register=registers()["penalty"], on=DAY).faults
        assert fault.what == "工作簿里有2张工作表有内容（“一月”、“二月”），一次只能导入一张"

    def test_two_cells_far_apart_make_no_room_for_what_is_between(self) -> None:
        import xlsxwriter

        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        sheet = book.add_worksheet("一月")
        sheet.write(0, 0, "文号")
        sheet.write(1_048_575, 16_383, "1")
        book.close()
        (fault,) = parse(out.getvalue(), register=registers()["penalty"], on=DAY).faults
        assert fault.what == "工作表“一月”一直到第1048576行第16384列，范围过大"

    def test_the_same_file_is_taken_once(self, officer: Any, organ: Agency, county: County) -> None:
        take(officer, organ, GOOD)
        with pytest.raises(Refused) as caught:
            take(officer, organ, GOOD)
        assert caught.value.message == "这个文件已经在2026-03-02导入过（2条），不再导入。如果那次有误，请逐条更正或者删去。"
        assert Decision.objects.count() == 2
        take(county.person("baishu", "report_officer"), county.organs["baishu"], GOOD)

    def test_an_imported_row_is_corrected_like_any_other(self, officer: Any, organ: Agency) -> None:
        take(officer, organ, GOOD)
        row = Decision.objects.order_by("pk").first()
        acts.correct_row(person=officer, on=DAY, row=row, values={**row.values(), "matter": "占用机耕道"}, reason="事项写错")
        assert (figure(organ, "t2.penalties.decisions").value, broken()) == (2, [])

    def test_what_goes_out_comes_back_and_no_cell_is_a_formula(self, officer: Any, organ: Agency, county: County) -> None:
        add(officer, organ, "penalty", matter='=HYPERLINK("http://x","y")')
        add(officer, organ, "penalty", number="-2", matter="@甲,乙", is_published=False)
        data = queries.export(organ, "penalty", 2026)
        assert data.decode("utf-8-sig").splitlines() == [
            "文号,决定日期,事项,是否公开,撤回公开日期,公开信息索引号",
            '青禾罚决〔2026〕1号,2026-02-03,"\'=HYPERLINK(""http://x"",""y"")",是,,',
            "'-2,2026-02-03,\"'@甲,乙\",否,,",
        ]
        take(county.person("baishu", "report_officer"), county.organs["baishu"], data)
        assert [row.matter for row in Decision.objects.filter(agency=county.organs["baishu"]).order_by("pk")] == [
            '=HYPERLINK("http://x","y")',
            "@甲,乙",
        ]

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(
        lines=st.lists(
            st.tuples(
                st.one_of(st.sampled_from(["甲1", "甲2", "甲〔2026〕3号", "甲[2026]3号"]), st.text(max_size=12)),
                st.one_of(st.sampled_from(["2026-01-05", "2026.1.5", "20260105", "2026年1月5日"]), st.text(max_size=10)),
                st.one_of(st.just("占用道路"), st.text(max_size=12)),
                st.one_of(st.sampled_from(["是", "否"]), st.text(max_size=3)),
            ),
            max_size=4,
        ),
        junk=st.one_of(st.just(b""), st.binary(max_size=20)),
    )
    def test_arbitrary_text_never_half_imports(self, officer: Any, organ: Agency, lines: list[tuple[str, ...]], junk: bytes) -> None:
        """Whatever stands in a file: either every filled line is a row and one entry proves them, or nothing changed at all."""
        import csv

        out = io.StringIO(newline="")
        csv.writer(out).writerows([HEAD.strip().split(","), *lines])
        data = out.getvalue().encode("utf-8", "surrogatepass") + junk
        with transaction.atomic():
            before = (Decision.objects.count(), LedgerEntry.objects.count(), ImportBatch.objects.count())
            try:
                batch = take(officer, organ, data)
            except Refused as refused:
                assert refused.message.endswith("。")
                assert (Decision.objects.count(), LedgerEntry.objects.count(), ImportBatch.objects.count()) == before
            else:
                assert (Decision.objects.count(), LedgerEntry.objects.count(), ImportBatch.objects.count()) == (
                    before[0] + batch.n_rows, before[1] + 1, before[2] + 1,
                )  # fmt: skip
                assert Decision.objects.filter(batch=batch).count() == batch.n_rows > 0
                assert broken() == []
            transaction.set_rollback(True)

    @settings(max_examples=150, deadline=None)
    @given(data=st.one_of(st.binary(max_size=200), st.binary(max_size=80).map(lambda junk: b"PK\x03\x04" + junk)))
    def test_arbitrary_bytes_are_faults_and_not_errors(self, data: bytes) -> None:
        assert parse(data, register=registers()["fee"], on=DAY).faults

    @settings(max_examples=150, deadline=None)
    @given(
        matter=st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30).filter(
            lambda text: not text.startswith("'")
        )
    )
    def test_any_text_survives_going_out_and_in(self, matter: str) -> None:
        kind = registers()["penalty"]
        data = to_csv(kind, [{**PENALTY, "matter": matter, "withdrawn_on": None, "index_number": ""}])
        (line,) = parse(data, register=kind, on=DAY).lines
        assert line.values["matter"] == matter

"""A published annual report is read by its cells: what the API, the files, the figures and the pages make of it, and of what is none."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.test import Client
from django.urls import reverse

from gongkai.law import report_format
from gongkai.report import AnnualReport, Cell
from gongkai.report.render import write_report
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.filing import apart, reading
from gongkai.web.filing.models import ReportReading
from gongkai.web.filing.queries import Figure, readings, request_flows
from gongkai.web.filing.reading import find, read_due
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.ledger.work import WORK
from gongkai.web.portal.api.examples import examples
from gongkai.web.portal.data import dumps
from gongkai.web.review import kept
from gongkai.web.settings import moment
from tests import factories
from tests.factories import a_report, with_cells, without_table
from tests.web.conftest import DAY, REVIEWERS, County, content
from tests.web.open_county import NOON, as_rows, asked, body_of, fresh_process

__all__ = ["fresh_process"]  # the fixture

TITLE = "云川县{}人民政府{}年政府信息公开工作年度报告"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with moment.at(NOON):
        yield


@pytest.fixture(autouse=True)
def new_maker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "MAKER", dumps.Maker())


def a_year(year: int = 2025, *, received: int = 4, **changes: Any) -> AnnualReport:
    """青禾镇's report: of ``received`` requests of natural persons one is carried on, one denied, and the others granted."""
    report = factories.requests(a_report(year=year), {"granted": received - 2, "denied_third_party": 1}, carried_out=1)
    return with_cells(report, **changes)


def body(report: AnnualReport) -> str:
    # Screening asks who it is that calls himself 我镇.
    return write_report(report, "html").decode().partition("</header>")[2].replace("我镇", "本机关")


def publish(county: County, report: AnnualReport, organ: str = "qinghe", **changes: Any) -> Publication:
    """The report as an organ publishes it: its text and tables on the page."""
    said = {"title": TITLE.format({"qinghe": "青禾镇", "baishu": "柏树乡"}[organ], report.year), "body": body(report)}
    return county.published(organ, kind="annual_report", column="a20_02", **{**said, **changes})


def publish_files(county: County, *files: tuple[str, bytes], title: str = TITLE.format("青禾镇", 2025)) -> Publication:
    """A page that says nothing but where the files are."""
    drafter = county.person("qinghe", "drafter")
    item = county.draft(kind="annual_report", column="a20_02", title=title, body="<p>年度报告见附件。</p>")
    for name, data in files:
        item = actions.attach(person=drafter, on=DAY, item=item, name=name, data=data)
    county.reviewed(item)
    return actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)


def as_file(report: AnnualReport, kind: str) -> bytes:
    """The report as a file that names no author, which screening asks about."""
    return write_report(replace(report, organ=None), kind)


def cells(**filters: Any) -> dict[str, dict[str, Any]]:
    """Address → cell, as the API gives the one report that the filters leave."""
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    found = asked(f"/api/annual-reports?{query}")
    assert found["next"] is None
    return {row["address"]: row for row in found["rows"]}


def page(name: str, *arguments: Any, **query: Any) -> str:
    answer = Client().get(reverse(name, args=arguments), query)
    assert answer.status_code == 200
    return answer.content.decode()


def words(html: str) -> str:
    """What a page says, blanks aside."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def section(html: str) -> str:
    """The part of the page of figures that is about requests."""
    return html.partition('id="requests"')[2].partition("</section>")[0]


class TestOnThePage:
    """A report whose tables stand in the body."""

    def test_from_the_head_to_the_api(self, county: County) -> None:
        item = publish(county, a_year()).item
        n_entries = LedgerEntry.objects.count()
        assert [job.run for job in WORK if job.name == "reports"] == [read_due]
        assert (read_due(), read_due()) == (1, 0)
        found = cells()
        assert len(found) == 200  # the form of 2021: 10 cells of table two, 175 of table three, 15 of table four
        assert found["t3.received_new.total"] == {
            "organ": "qinghe", "year": 2025, "edition": "2021", "item": item.slug, "address": "t3.received_new.total", "unit": "件",
            "kind": "number", "value": "4", "why": None,
        }  # fmt: skip
        assert [found[f"t3.{row}.total"]["value"] for row in ("granted", "denied_third_party", "handled_total", "carried_out")] == [
            "2",
            "1",
            "3",
            "1",
        ]
        assert found["t2.admin_fees.amount_wan"]["unit"] == "万元"
        assert list(found)[:3] == ["t2.rules.issued", "t2.rules.repealed", "t2.rules.in_force"]
        assert LedgerEntry.objects.count() == n_entries, "reading is no act"
        assert list(verify()) == []

    def test_what_is_no_figure_is_told_apart(self, county: County) -> None:
        odd = {
            "t2__penalties__decisions": Cell("blank"),
            "t2__licensing__decisions": Cell("slash", raw="/"),
            "t2__coercion__decisions": Cell("text", raw="无"),
        }
        publish(county, without_table(a_year(**odd), "t4"))
        read_due()
        found = cells()
        told = {address: (found[address]["kind"], found[address]["value"], found[address]["why"]) for address in (
            "t2.penalties.decisions", "t2.licensing.decisions", "t2.coercion.decisions", "t4.reconsideration.total", "t2.rules.issued")}  # fmt: skip
        assert told == {
            "t2.penalties.decisions": ("blank", None, "报告里这一格是空的"),
            "t2.licensing.decisions": ("slash", None, "报告里这一格画了斜杠或者横线"),
            "t2.coercion.decisions": ("text", None, "报告里这一格写的是“无”，不是数字"),
            "t4.reconsideration.total": ("missing", None, "报告里没有这一格"),
            "t2.rules.issued": ("number", "0", None),
        }

    def test_what_was_not_read_for_certain_has_its_reason(self, county: County) -> None:
        publication = publish(county, a_year())
        cell = {"kind": "unclear", "value": None, "raw": "1?", "where": None, "reason": "两个数字叠在一起"}
        ReportReading.objects.create(
            revision=publication.revision, source="body", edition="2021", year=2025, read_at=NOON, reader=reading.READER,
            report={"edition": "2021", "cells": {"t2.rules.issued": cell}, "exact": {}},
        )  # fmt: skip
        row = cells()["t2.rules.issued"]
        assert (row["kind"], row["value"], row["why"]) == ("unclear", None, "两个数字叠在一起")

    @pytest.mark.parametrize("figure", ["91.231061", "0.00000001", "123456789012345.12345678"])
    def test_a_figure_keeps_its_last_digit(self, county: County, figure: str, tmp_path: Path) -> None:
        """The last one has more digits than a number in JSON keeps."""
        publish(county, a_year(t2__admin_fees__amount_wan=figure))
        read_due()
        assert Decimal(cells()["t2.admin_fees.amount_wan"]["value"]) == Decimal(figure)
        dumps.MAKER.run()
        said = "SELECT value, raw FROM here WHERE address = 't2.admin_fees.amount_wan'"
        assert from_dump(said, tmp_path) == [(Decimal(figure), figure)]

    def test_the_trial_form_of_2019(self, county: County) -> None:
        report = factories.requests(a_report("2019", year=2020), {"granted": 3}, carried_out=0)
        publish(county, report)
        read_due()
        found = cells(year=2020)
        assert (found["t3.other_handling.total"]["value"], found["t3.received_new.total"]["value"]) == ("0", "3")
        assert {row["edition"] for row in found.values()} == {"2019"}
        assert [(flow.year, flow.figures["handled"].value) for flow in request_flows()] == [(2020, 3)]


def from_dump(statement: str, folder: Path, form: str = "parquet", year: int = 2025) -> list[Any]:
    """What DuckDB finds in the file of a year, which stands as ``here`` in the statement."""
    answer = Client().get(f"/data/annual-reports-{year}.{form}")
    assert answer.status_code == 200
    (folder / f"reports.{form}").write_bytes(body_of(answer))
    reader = f"read_{form}('{folder}/reports.{form}'{', header = true' if form == 'csv' else ''})"
    return duckdb.sql(statement.replace("here", reader)).fetchall()


def status_of(address: str) -> int:
    answer = Client().get(address)
    body_of(answer)
    return answer.status_code


class TestInAFile:
    """A report whose tables stand in an attachment alone."""

    @pytest.mark.parametrize("kind", ["docx", "xlsx", "pdf"])
    def test_word_excel_and_pdf(self, county: County, kind: str) -> None:
        report = a_year(received=5)
        publication = publish_files(county, (f"青禾镇2025年年报.{kind}", as_file(report, kind)))
        read_due()
        row = ReportReading.objects.get()
        assert row.source == publication.revision.content["attachments"][0]["digest"]
        assert (row.year, row.edition, row.reason) == (2025, "2021", "")
        assert (cells()["t3.received_new.natural_person"]["value"], cells()["t3.handled_total.total"]["value"]) == ("5", "4")

    def test_the_page_shows_them_and_marks_what_was_not_read(self, county: County) -> None:
        publication = publish_files(county, ("青禾镇2025年年报.docx", as_file(a_year(t2__rules__issued=Cell("slash", raw="/")), "docx")))
        address = reverse("portal:item", args=[publication.item.slug])
        assert "附件中的表格" not in Client().get(address).content.decode()
        read_due()
        shown = Client().get(address).content.decode()
        assert "附件中的表格（由程序读出，以附件为准）" in shown
        assert shown.count('<table class="') == 3
        assert "<td" in shown and ">/</td>" in shown
        assert "标“？”" not in shown
        row = ReportReading.objects.get()
        row.report["cells"]["t3.granted.total"] = {"kind": "unclear", "value": None, "raw": "<b>2</b>", "where": None, "reason": "盖了章"}
        row.delete()
        ReportReading.objects.create(
            revision=row.revision, source=row.source, edition=row.edition, year=row.year, report=row.report, read_at=NOON, reader=row.reader
        )
        shown = Client().get(address).content.decode()
        assert "标“？”的格没有读出或者读不准" in shown
        assert 'class="doubt" title="读取存疑：盖了章">？</td>' in shown
        assert "<b>2</b>" not in shown

    def test_a_page_with_its_own_tables_shows_them_once(self, county: County) -> None:
        slug = publish(county, a_year()).item.slug
        read_due()
        assert "附件中的表格" not in page("portal:item", slug)

    def test_the_first_part_that_has_all_tables(self, county: County) -> None:
        """The body shows one table of three, the first file none, the second file all."""
        part = body(without_table(without_table(a_year(received=9), "t3"), "t4"))
        files = [("说明.txt", "本年年度报告的说明。".encode()), ("年报.xlsx", as_file(a_year(received=7), "xlsx"))]
        item = county.draft(kind="annual_report", column="a20_02", title=TITLE.format("青禾镇", 2025), body=part)
        for name, data in files:
            item = actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name=name, data=data)
        found = find(Item.objects.get(pk=item.pk).current.content)
        assert found.source == item.current.content["attachments"][1]["digest"]
        # Without the second file the one table is what there is.
        told = {**item.current.content, "attachments": item.current.content["attachments"][:1]}
        assert find(told).source == "body"

    def test_the_titles_year_where_the_file_names_none(self, county: County) -> None:
        nameless = replace(a_year(), year=None, title="政府信息公开工作年度报告", preface="", published_on=None, sections={}, period=None)
        publish_files(county, ("表格.xlsx", as_file(nameless, "xlsx")))
        read_due()
        row = ReportReading.objects.get()
        assert (row.year, row.is_year_of_title) == (2025, True)
        assert "青禾镇人民政府的报告里没有读出年份，2025年取自标题" in words(section(page("portal:statistics")))

    def test_a_title_of_two_years_names_none(self) -> None:
        assert reading.year_of_title("2024年关于更正2023年年度报告的说明") is None
        assert reading.year_of_title("青禾镇20240年报告") is None
        assert reading.year_of_title("青禾镇2024年度报告") == 2024


class TestWhatIsNoReport:
    """What cannot be read is said, is no figure, and keeps nobody waiting."""

    def test_a_page_without_tables(self, county: County) -> None:
        publish_files(county, ("说明.txt", "本年没有收到申请。".encode()))
        assert (read_due(), read_due()) == (1, 0)
        row = ReportReading.objects.get()
        assert (row.reason, row.report, row.edition) == ("正文里没有统一格式的表格；附件“说明.txt”：没有统一格式的表格", None, "")
        assert cells() == {}
        assert "表格没有读出：正文里没有统一格式的表格；附件“说明.txt”：没有统一格式的表格" in words(page("portal:reports", "qinghe"))
        said = words(section(page("portal:statistics")))
        assert "2025年没有计入青禾镇人民政府的年度报告：正文里没有统一格式的表格" in said

    def test_a_reader_that_breaks_is_told_and_asked_again_only_by_a_new_one(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        publish(county, a_year())
        monkeypatch.setattr(apart, "_PROGRAM", "raise SystemExit('broken')")
        assert (read_due(), read_due()) == (1, 0)
        assert ReportReading.objects.get().reason == "正文里读取时出错"
        monkeypatch.undo()
        with moment.at(NOON):
            assert read_due() == 0
            monkeypatch.setattr(reading, "READER", reading.READER + 1)
            assert read_due() == 1
        assert ReportReading.objects.get().edition == "2021"

    def test_one_that_breaks_keeps_no_other_waiting(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        publish(county, a_year(2023))
        publish(county, a_year(2024), title="坏的报告2024年")
        publish(county, a_year(2025))
        whole = find

        def breaks(said: Any) -> Any:
            if said["title"].startswith("坏"):
                raise ValueError("broken")
            return whole(said)

        monkeypatch.setattr(reading, "find", breaks)
        assert read_due() == 3
        assert {row.year: row.reason for row in ReportReading.objects.all()} == {2023: "", 2024: "读取时出错", 2025: ""}

    def test_a_round_is_bounded_and_begins_with_the_newest(self, county: County) -> None:
        for year in (2023, 2024, 2025):
            publish(county, a_year(year))
        assert read_due(limit=2) == 2
        assert set(ReportReading.objects.values_list("year", flat=True)) == {2025, 2024}
        assert read_due(limit=2) == 1

    def test_a_store_that_does_not_answer_is_asked_again(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        publish_files(county, ("年报.docx", as_file(a_year(), "docx")))

        def silent(digest: str) -> bytes:
            raise kept.Unreachable("对象存储没有回答。")

        monkeypatch.setattr(kept, "content", silent)
        assert (read_due(), ReportReading.objects.count()) == (0, 0)
        monkeypatch.undo()
        with moment.at(NOON):
            assert read_due() == 1

    @pytest.mark.parametrize(
        ("program", "reason"),
        [
            ("import gongkai.web.filing.apart as a; a.told = lambda *_: bytearray(8 << 30); a.answer()", apart.FAILED),
            ("import time; time.sleep(60)", apart.TOO_LONG),
            ("import gongkai.web.filing.apart as a; a.SECONDS = 1; a.told = lambda *_: sum(iter(int, 1)); a.answer()", apart.TOO_LONG),
            ("import gongkai.web.filing.apart as a; a.told = lambda *_: print('x') or {'reason': '空的'}; a.answer()", "空的"),
            ("print('x' * 9_000_000)", apart.FAILED),
        ],
    )
    def test_a_file_that_wants_too_much_is_stopped(self, monkeypatch: pytest.MonkeyPatch, program: str, reason: str) -> None:
        monkeypatch.setattr(apart, "_PROGRAM", program)
        monkeypatch.setattr(apart, "LONGEST", 8)
        assert apart.read(b"%PDF-", "a.pdf").reason == reason

    def test_a_worker_that_is_stopped_meanwhile_reads_it_the_next_time(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        publish(county, a_year())
        monkeypatch.setattr(apart, "_PROGRAM", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
        assert (read_due(), ReportReading.objects.count()) == (0, 0)
        monkeypatch.undo()
        with moment.at(NOON):
            assert read_due() == 1

    def test_no_key_is_where_files_are_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GONGKAI_DATA_KEYS", "secret")
        monkeypatch.setattr(apart, "_PROGRAM", "import json, os; print(json.dumps({'reason': ' '.join(os.environ)}))")
        told = apart.read(b"", "a.txt").reason.split()
        assert "PYTHONPATH" in told
        assert [name for name in told if name.startswith(("GONGKAI", "DATABASE", "DJANGO"))] == []

    def test_what_no_database_takes_is_left_out(self) -> None:
        assert apart._storable({"a\0": ["b\0\ud800", 1, None]}) == {"a": ["b?", 1, None]}


class TestWhatIsPublicNow:
    """A report counts while it is public, and the newest of an organ and year alone."""

    def test_a_withdrawn_one_is_gone_everywhere(self, county: County) -> None:
        publication = publish(county, a_year())
        read_due()
        dumps.MAKER.run()
        assert status_of("/data/annual-reports-2025.csv") == 200
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="数字有误")
        assert cells() == {}
        assert (readings(), request_flows()) == ([], [])
        assert status_of("/data/annual-reports-2025.csv") == 503
        dumps.MAKER.run()
        assert status_of("/data/annual-reports-2025.csv") == 404
        assert "还没有发布年度报告" in page("portal:reports", "qinghe")

    def test_a_corrected_one_counts_from_the_moment_it_is_public(self, county: County) -> None:
        item = publish(county, a_year(received=4)).item
        read_due()
        changed = content(kind="annual_report", column="a20_02", title=TITLE.format("青禾镇", 2025), body=body(a_year(received=6)))
        item = actions.revise(person=county.person("qinghe", "drafter"), on=DAY, item=item, content=changed)
        assert cells()["t3.received_new.total"]["value"] == "4", "a draft changes nothing"
        county.reviewed(item)
        actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
        assert cells() == {}, "what was corrected is not served while the correction waits to be read"
        assert "2025年没有计入青禾镇人民政府的年度报告：公布不久，还没有读" in words(section(page("portal:statistics")))
        assert read_due() == 1
        assert cells()["t3.received_new.total"]["value"] == "6"

    def test_a_later_item_replaces_the_older_of_its_year(self, county: County) -> None:
        publish(county, a_year(received=4))
        newer = publish(county, a_year(received=8), title=f"{TITLE.format('青禾镇', 2025)}（更正）")
        publish(county, a_year(2024, received=5))
        read_due()
        assert {(row["year"], row["item"]) for row in asked("/api/annual-reports?organ=qinghe&limit=1000")["rows"]} == {
            (2025, newer.item.slug), (2024, Publication.objects.get(revision__content__title=TITLE.format("青禾镇", 2024)).item.slug),
        }  # fmt: skip
        assert [(flow.year, flow.figures["received"].value) for flow in request_flows()] == [(2025, 8), (2024, 5)]
        listed = words(page("portal:reports", "qinghe"))
        assert listed.index("（更正）") < listed.index("后来公布的代替了这一份") < listed.index(TITLE.format("青禾镇", 2024))

    def test_pages_and_answers_made_before_the_reading_are_made_anew(self, county: County) -> None:
        publish(county, a_year())
        client, address = Client(), "/api/annual-reports"
        before, first = client.get(address), page("portal:statistics")
        assert client.get(address, headers={"If-None-Match": before["ETag"]}).status_code == 304
        with moment.at(NOON + datetime.timedelta(minutes=5)):
            read_due()
        after = client.get(address, headers={"If-None-Match": before["ETag"]})
        assert (after.status_code, len(after.json()["rows"])) == (200, 200)
        assert page("portal:statistics") != first
        with moment.at(NOON + datetime.timedelta(minutes=10)):
            last = client.get(address)["Last-Modified"]
        # 12:05 in China.
        assert last == "Mon, 02 Mar 2026 04:05:00 GMT"


class TestApi:
    """Filters, order, pages, CSV."""

    @pytest.fixture(autouse=True)
    def three(self, county: County) -> None:
        publish(county, a_year(2025, received=4))
        publish(county, a_year(2024, received=5))
        publish(county, replace(a_year(2025, received=3), organ="云川县柏树乡人民政府"), "baishu")
        assert read_due() == 3

    def test_by_organ_and_the_newest_year_first(self) -> None:
        rows = asked("/api/annual-reports?limit=1000")["rows"]
        assert [(row["organ"], row["year"]) for row in rows[::200]] == [("baishu", 2025), ("qinghe", 2025), ("qinghe", 2024)]
        assert len(rows) == 600
        assert len(cells(organ="qinghe", year=2024)) == 200
        assert cells(organ="jiaotong") == {}
        assert cells(year=2019) == {}
        asked("/api/annual-reports?organ=nowhere", 404)
        asked("/api/annual-reports?limit=1001", 422)

    def test_pages_give_every_cell_once(self) -> None:
        found, following, n_pages = [], "/api/annual-reports?limit=90&year=2025", 0
        while following:
            answer = asked(following)
            found, following, n_pages = found + answer["rows"], answer["next"], n_pages + 1
        assert (n_pages, found) == (5, asked("/api/annual-reports?limit=1000&year=2025")["rows"])
        cursor = asked("/api/annual-reports?limit=90&year=2025")["next"].rpartition("cursor=")[2]
        asked(f"/api/annual-reports?year=2024&cursor={cursor}", 400)

    def test_csv_is_the_same(self) -> None:
        answer = Client().get("/api/annual-reports?organ=baishu&year=2025&format=csv")
        rows, same = as_rows(answer), asked("/api/annual-reports?organ=baishu&year=2025")["rows"]
        assert rows == [{name: "" if value is None else str(value) for name, value in row.items()} for row in same]
        assert "Link" not in answer

    def test_the_files_of_a_year(self, tmp_path: Path) -> None:
        dumps.MAKER.run()
        figures = "CAST(sum(CAST(value AS DECIMAL(38, 12))) AS INT), count(*)"
        said = f"SELECT organ, organ_name, {figures} FROM here WHERE address LIKE 't3.%.total' GROUP BY ALL ORDER BY ALL"
        # 柏树乡: 3 received, 1 granted, 1 denied, 2 dealt with, 1 carried on; 青禾镇: 4, 2, 1, 3, 1. Table three has 25 rows.
        expected = [("baishu", "云川县柏树乡人民政府", 8, 25), ("qinghe", "云川县青禾镇人民政府", 11, 25)]
        assert from_dump(said, tmp_path) == expected
        assert from_dump(said, tmp_path, "csv") == expected
        names = {"item", "published_on", "title", "unit", "kind", "raw", "why"}
        assert names <= {row[0] for row in from_dump("DESCRIBE SELECT * FROM here", tmp_path)}
        assert "年度报告的单元格" in page("portal:data")
        assert any(row["dct:identifier"] == "annual-reports-2024" for row in Client().get("/data/catalog.jsonld").json()["dcat:dataset"])

    def test_the_question_of_the_how_to_is_answered(self, root: Path, tmp_path: Path) -> None:
        dumps.MAKER.run()
        page = (root / "docs" / "how-to" / "use-open-data.md").read_text(encoding="utf-8").partition("## Count from annual reports")[2]
        said = page.partition('duckdb.sql("""')[2].partition('""")')[0]
        found = from_dump(said.replace("'annual-reports-2023.parquet'", "here"), tmp_path)
        # 青禾镇 and 柏树乡 of 2025: 4 and 3 received, 3 and 2 dealt with, 1 and 1 carried on.
        assert found == [("t3.carried_out.total", 2, 2, 0), ("t3.handled_total.total", 5, 2, 0), ("t3.received_new.total", 7, 2, 0)]

    def test_the_example_gives_what_it_promises(self) -> None:
        example = next(example for example in examples() if example.name == "reports")
        rows = asked(example.at({"organ": "qinghe", "year": "2025", "slug": "", "number": ""}))["rows"]
        assert all(set(example.gives) <= set(row) for row in rows) and len(rows) == 250

    def test_the_form_tells_the_same_units(self) -> None:
        form = {row["address"]: row["unit"] for row in asked("/api/annual-reports/formats/2021")["rows"]}
        assert {address: row["unit"] for address, row in cells(organ="qinghe", year=2024).items()} == form
        assert (form["t2.penalties.decisions"], form["t2.admin_fees.amount_wan"], form["t4.reconsideration.upheld"]) == ("件", "万元", "件")


class TestFigures:
    """The flow of requests, of one organ and of the county."""

    def test_the_cells_are_those_of_the_form(self) -> None:
        for edition in ("2019", "2021"):
            form = report_format(edition)
            told = [form.words(form.requests[name]) for name in ("received", "carried_in", "handled", "carried_out")]
            assert told == [
                "表三“一、本年新收政府信息公开申请数量”行“总计”列", "表三“二、上年结转政府信息公开申请数量”行“总计”列",
                "表三“（七）总计”行“总计”列", "表三“四、结转下年度继续办理”行“总计”列",
            ]  # fmt: skip
        assert report_format("pre2019").requests == {}

    def test_two_organs_and_what_is_left_out(self, county: County) -> None:
        """柏树乡 left the total of what it dealt with empty: it is not counted as 0, and its name stands there."""
        publish(county, a_year(received=4))
        other = with_cells(a_year(received=3), t3__handled_total__total=Cell("blank"))
        publish(county, replace(other, organ="云川县柏树乡人民政府"), "baishu")
        read_due()
        (flow,) = request_flows()
        baishu = county.organs["baishu"].pk
        assert (flow.year, len(flow.reports), flow.unread) == (2025, 2, [])
        assert flow.figures["received"] == Figure(Decimal(7), {})
        assert flow.figures["handled"] == Figure(Decimal(3), {baishu: "报告里这一格是空的"})
        assert flow.figures["carried_out"] == Figure(Decimal(2), {})
        html = section(page("portal:statistics"))
        assert "2025年“本年办理”没有计入柏树乡人民政府：报告里这一格是空的" in words(html)
        # 云川县, 交通运输局 published none.
        assert "2个机关2个没有公布" in words(html)
        assert f'href="{reverse("portal:kind", args=["annual_report"])}"' in html
        assert re.findall(r'class="bar-n">(\d+)<', html) == ["7", "3"]

    def test_of_one_organ_each_figure_leads_to_its_report(self, county: County) -> None:
        slugs = {year: publish(county, a_year(year, received=n)).item.slug for year, n in ((2024, 5), (2025, 4))}
        read_due()
        html = section(page("portal:statistics", organ="qinghe"))
        rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)[1:]
        assert [re.findall(r">(\d+)<", row) for row in rows] == [["2025", "4", "0", "3", "1"], ["2024", "5", "0", "4", "1"]]
        assert [set(re.findall(r'href="([^"]+)"', row)) for row in rows] == [{f"/d/{slugs[year]}/"} for year in (2025, 2024)]
        assert "没有公布" not in words(html)

    def test_a_figure_that_nobody_gave_is_none(self, county: County) -> None:
        publish(county, a_year(t3__carried_in__total=Cell("slash", raw="/")))
        read_due()
        assert request_flows()[0].figures["carried_in"].value is None
        assert "没有数字" in words(section(page("portal:statistics", organ="qinghe")))

    def test_without_reports_the_page_says_so(self, county: County) -> None:
        county.published()
        assert "还没有能读出办理数字的年度报告" in words(section(page("portal:statistics")))

    def test_what_the_county_publishes_for_a_township_counts_for_the_township(self, county: County) -> None:
        agency, drafter = county.root, county.person("yunchuan", "drafter")
        said = content(kind="annual_report", column="a20_02", title=TITLE.format("青禾镇", 2025), body=body(a_year()))
        item = actions.draft(person=drafter, on=DAY, agency=agency, content=said)
        _passed(county, item)
        read_due()
        assert [(Agency.objects.get(pk=row.organ).code, row.year) for row in readings()] == [("qinghe", 2025)]
        assert len(cells(organ="qinghe")) == 200
        assert cells(organ="yunchuan") == {}
        assert 'organ=qinghe&amp;year=2025&amp;format=csv"' in page("portal:reports", "yunchuan")

    def test_the_list_of_reports_leads_to_the_cells(self, county: County) -> None:
        publish(county, a_year())
        assert "公布不久，表格还没有读" in page("portal:reports", "qinghe")
        read_due()
        html = page("portal:reports", "qinghe")
        (address,) = re.findall(r'href="(/api/[^"]+)"', html)
        assert len(as_rows(Client().get(address.replace("&amp;", "&")))) == 200


def _passed(county: County, item: Item) -> None:
    from gongkai.web.review.actions import decide
    from gongkai.web.review.stages import stages

    run = actions.submit(person=county.person("yunchuan", "drafter"), on=DAY, item=item)
    for name in run.stages:
        decide(run=run, person=county.person("yunchuan", REVIEWERS[name]), on=DAY, is_passed=True, checked=stages()[name].checklist)
    actions.publish(person=county.person("yunchuan", "office_head"), on=DAY, item=item)

"""The demo county: what its organs count is what their reports say, its acts stand in the order of time, and loading twice adds nothing."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.checks import check_report
from gongkai.report.render import from_json
from gongkai.web.agencies.models import Agency
from gongkai.web.demo.load import load
from gongkai.web.demo.texts import table, texts
from gongkai.web.disclosure.about.models import Consultation, Link
from gongkai.web.disclosure.joint.models import JointOrgan
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.questionnaires.models import Questionnaire
from gongkai.web.disclosure.registers.models import rows_of
from gongkai.web.disclosure.registers.queries import table_two
from gongkai.web.disclosure.soliciting.queries import counted, public_calls
from gongkai.web.disclosure.standing import queries
from gongkai.web.disclosure.standing.models import CatalogRun
from gongkai.web.disclosure.watch.models import ErrorReport
from gongkai.web.filing.models import ReportReading
from gongkai.web.filing.queries import FLOW, request_flows
from gongkai.web.filing.reading import read_due
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review.models import COMPLETED, Run
from gongkai.web.settings import moment


def test_the_whole_demo_publishes_what_the_reports_count() -> None:
    by_channel = Counter((text.organ, text.published_on.year, text.channel) for text in texts(small=False))
    assert {channel: n for (organ, year, channel), n in by_channel.items() if (organ, year) == ("mingshan", 2023)} == {
        "site": 179, "wechat": 450,
    }  # fmt: skip
    assert {channel: n for (organ, year, channel), n in by_channel.items() if (organ, year) == ("changnan", 2024)} == {
        "site": 110, "wechat": 72, "weibo": 78,
    }  # fmt: skip
    assert by_channel["hupan", 2020, "site"] == 17


def test_the_bureau_counts_its_items_by_affairs_and_its_awards() -> None:
    bureau = [text for text in texts(small=False) if text.organ == "jiguan"]
    assert Counter(text.section for text in bureau) == {"党务公开": 6, "政务公开": 13, "财务公开": 2}
    bought = [text for text in bureau if text.kind == "procurement"]
    assert len([text for text in bought if not text.awarded]) == 2
    assert sum((Decimal(text.awarded) for text in bought if text.awarded), Decimal()) == Decimal("102.97")


def test_organs_and_posts_are_acts_and_the_rest_says_what_it_is(small: None) -> None:
    made = Counter(LedgerEntry.objects.values_list("action", "reason"))
    assert (made["agencies.add", ""], made["people.appoint", ""]) == (5, 36)
    assert made["agencies.install", "演示数据：账号共用一个公开的密码，没有逐个办理"] == 39
    assert made["agencies.install", "演示数据"] == 4  # the county and three administrators' posts
    nobodys = LedgerEntry.objects.filter(person__isnull=True).values_list("action", flat=True)
    public = {"watch.error_reported", "solicit.received", "survey.received", "suggest.received"}  # it has no account
    assert set(nobodys) == {"agencies.install"} | public


def test_titles_differ_and_nobody_publishes_before_the_day_it_was_formed() -> None:
    told = texts(small=False)
    assert len({(text.organ, text.title) for text in told}) == len(told)
    assert all(text.formed_on <= text.published_on for text in told)
    assert all(text.formed_on.year == text.published_on.year for text in told)


def test_published_reports_are_read_and_fault_nobody(small: None) -> None:
    """The sums are those of the texts: of 明山镇 and 曹河乡 in 2023, of 明山镇 and 昌南镇 in 2024."""
    assert read_due() == 4
    flows = {flow.year: [flow.figures[name].value for name in FLOW] for flow in request_flows()}
    assert flows == {2024: [4 + 3, 1, 5 + 3, 0], 2023: [6 + 2, 0, 5 + 2, 1]}
    sources = Counter(row.source == "body" for row in ReportReading.objects.all())
    assert sources == {True: 3, False: 1}
    found = []
    for row in Publication.objects.filter(kind="annual_report").select_related("revision__report_reading"):
        # The day of publication stands on the page of an item, not in its text.
        report = replace(from_json(row.revision.report_reading.report), published_on=row.published_on)
        found += [(report.organ, report.year, finding.code) for finding in check_report(report)]
    assert found == []


@pytest.fixture
def small(db: None) -> None:
    load(small=True)


@pytest.mark.accounts_proven
def test_the_small_demo_has_every_organ_and_register_and_verifies(small: None) -> None:
    published = Publication.objects.values_list("item__agency__code", flat=True)
    assert set(published) == {"mingshan", "hupan", "caohe", "changnan", "jiguan"}
    assert 55 <= len(published) <= 85
    assert rows_of("licence").filter(agency__code="changnan").count() == 170
    assert rows_of("penalty").filter(agency__code="mingshan").count() == 1
    assert list(verify()) == []


def test_a_year_of_work_has_more_than_items(small: None) -> None:
    organ = Agency.objects.get(code="mingshan")
    guide = queries.guide_of(organ)
    assert guide is not None and [point.verdict for point in guide.points].count("told") == 7
    assert len(queries.documents_of(organ, "institution")) == 2
    assert len(queries.terms_of(organ, datetime.date(2023, 1, 9))) == 3
    [filed] = [row for row in queries.catalog_rows(organ) if row.n_published]
    assert (filed.matter, len(queries.catalog_rows(organ))) == ("最低生活保障", 3)
    run = CatalogRun.objects.get()
    assert (run.handed_in_by.username, run.decided_by.username) == ("mingshan-drafter", "mingshan-office-head")  # type: ignore[union-attr]
    assert set(Link.objects.values_list("form_of", flat=True)) == {"text", "media"}
    assert set(Consultation.objects.values_list("verdict", flat=True)) == {"agrees", ""}
    assert [row.agency.code for row in JointOrgan.objects.all()] == ["jiguan"]
    urgent = Run.objects.get(lane="urgent", makes_up__isnull=True)
    assert (urgent.stages, Run.objects.get(makes_up=urgent).stages) == (["final", "secrecy"], ["first", "second"])
    assert Run.objects.get(makes_up=urgent).state == COMPLETED
    assert {report.publication.item.agency.code: hasattr(report, "answer") for report in ErrorReport.objects.all()} == {
        "hupan": True, "changnan": False,
    }  # fmt: skip
    assert Publication.objects.filter(item__current__content__special_topics=["防汛抗旱"]).exists()


def test_what_was_added_stands_in_no_year_that_a_report_counts(small: None) -> None:
    """629 and 260 are the reports' own figures: what the demo shows beside the plain items is of other years."""
    reported = {(organ, said["year"]) for organ, said in table("years")["registers"].items()} | {("jiguan", 2023)}
    told = {(text.organ, text.title) for text in texts(small=True)}
    beside = [row for row in Publication.objects.select_related("item__agency") if (row.item.agency.code, row.item.title) not in told]
    past = Counter(row.kind == "annual_report" for row in beside if row.published_on.year < 2026)
    assert past == {False: 9, True: 4}
    assert not {(row.item.agency.code, row.published_on.year) for row in beside} & reported


def test_the_township_of_2024_has_two_older_documents_in_force_and_says_that_it_issued_none(small: None) -> None:
    figures = table_two(Agency.objects.get(code="changnan"), 2024).figures
    told = {name: figures[f"t2.normative_docs.{name}"].value for name in ("issued", "repealed", "in_force")}
    assert told == {"issued": 0, "repealed": 0, "in_force": 2}
    assert [found.address for found in figures.values() if found.value is None] == []


def test_the_acts_stand_in_the_order_of_time(small: None) -> None:
    moments = list(LedgerEntry.objects.filter(county="shifan/").order_by("number").values_list("recorded_at", flat=True))
    assert moments == sorted(moments)


def test_the_public_was_asked_and_answered(small: None) -> None:
    today = moment.today()
    calls = {call.row.item.agency.code: call for call in public_calls(today).rows}
    assert {code: call.state for code, call in calls.items()} == {"caohe": "answered", "mingshan": "open"}
    assert (calls["caohe"].row.opinions.count(), counted(calls["caohe"].row).count()) == (5, 4)
    assert calls["mingshan"].left >= 27  # the loading may pass midnight
    asked = {row.about.code: row for row in Questionnaire.objects.all()}
    assert {code: (row.sheets.count(), row.figures_by_id is not None) for code, row in asked.items()} == {
        "caohe": (9, True), "mingshan": (2, False),
    }  # fmt: skip


def test_loading_it_again_adds_nothing(small: None) -> None:
    before = (Item.objects.count(), Publication.objects.count(), LedgerEntry.objects.count())
    load(small=True)
    assert (Item.objects.count(), Publication.objects.count(), LedgerEntry.objects.count()) == before

"""Limits, columns, overturned penalties and withheld items: what is late, what is due, and what nobody may lose or change."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure import actions, lists, queries
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.watch import actions as watch
from gongkai.web.disclosure.watch import lateness
from gongkai.web.disclosure.watch import queries as watched_queries
from gongkai.web.disclosure.watch.columns import columns_of
from gongkai.web.disclosure.watch.timing import deadline_of, due_day, due_of, of_content
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review.models import Revision, Run
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County, content
from tests.web.test_ledger import without_triggers
from tests.web.test_walk import client_of
from tests.web.watched import penalty_publication, withheld_item

date = datetime.date


def at(day: datetime.date) -> Any:
    return moment.at(datetime.datetime.combine(day, datetime.time(9), tzinfo=moment.ZONE))


def refusal(act: Any, **arguments: Any) -> str:
    with pytest.raises((Refused, NotPermitted)) as caught:
        act(on=arguments.pop("on", DAY), **arguments)
    return caught.value.message


def told(item: Item) -> Any:
    return queries.with_state(Item.objects.filter(pk=item.pk)).get()


# By which day.


def test_the_limit_follows_kind_and_column(county: County) -> None:
    past = county.draft(kind="budget", column="a20_07", formed_on=DAY, approved_on=date(2026, 2, 9))
    due = deadline_of(of_content({**past.current.content, "approved_on": None}, "township"), DAY)
    assert due is not None
    assert (due.day, due.matter, due.is_assumed) == (date(2026, 3, 22), "政府预算、预算调整、决算", True)
    assert due.derivation[0] == "没有填写批准之日，暂以形成或者变更之日2026年3月2日起算，当日不计入；批准之日不同的，以批准之日为准。"


def test_an_approval_before_or_after_the_formation_is_what_counts(county: County) -> None:
    before = county.draft(kind="budget", column="a20_07", formed_on=DAY, approved_on=date(2026, 2, 9))
    after = county.draft("jiaotong", kind="budget", column="a20_07", formed_on=date(2026, 2, 2), approved_on=date(2026, 2, 27))
    land = county.draft(kind="notice", column="a21_t5", formed_on=DAY, approved_on=date(2026, 2, 9))
    found = {item.pk: due_of(told(item)) for item in (before, after, land)}
    assert [(due.day, due.is_assumed) for due in found.values() if due] == [
        (date(2026, 3, 1), False), (date(2026, 3, 19), False), (date(2026, 3, 6), False),
    ]  # fmt: skip
    assert found[after.pk].derivation[0] == "财政部门批复之日为2026年2月27日，当日不计入，自次日起计算。"  # type: ignore[union-attr]
    with at(date(2026, 3, 9)):
        # By formation the first and the third would have until 22 and 23 March.
        rows = lateness.late(Agency.objects.all(), date(2026, 3, 9)).rows
        assert [(row.number, row.due.left < 0) for row in rows] == [(before.pk, True), (land.pk, True)]
        page = client_of(county.person("qinghe", "drafter")).get(reverse("office:items"), {"late": "1"}).content.decode()
        assert page.count("已超过期限") == 2


def test_what_was_approved_anew_after_its_publication_is_to_be_published_anew(county: County) -> None:
    said = {"kind": "budget", "column": "a20_07", "formed_on": date(2026, 2, 20)}
    with at(DAY):
        item = county.published(**said, approved_on=date(2026, 2, 25)).item
    adjusted = date(2026, 3, 10)
    actions.revise(person=county.person("qinghe", "drafter"), on=adjusted, item=item, content=content(**said, approved_on=adjusted))
    later = date(2026, 4, 1)
    with at(later):
        due = due_of(told(item))
        assert due is not None and (due.day, due.done_on) == (date(2026, 3, 30), None)
        assert [row.number for row in lateness.late(Agency.objects.all(), later).rows] == [item.pk]
        assert [row.pk for row in lists.page(county.person("qinghe", "drafter"), lists.Narrowing(late=True)).rows] == [item.pk]


def test_a_publication_after_the_day_counted_from_the_approval_was_late(county: County) -> None:
    with at(DAY):
        item = county.published(kind="budget", column="a20_07", formed_on=date(2026, 2, 27), approved_on=date(2026, 2, 9)).item
    (row,) = lateness.published_late(Agency.objects.all(), DAY).rows
    assert (row.number, row.due.day, row.due.over) == (item.pk, date(2026, 3, 1), 1)


def test_a_limit_counts_from_the_day_that_the_content_tells() -> None:
    known = {"kind": "budget", "column": "a20_07", "formed_on": "2026-02-20", "details": {"approved_on": "2026-03-02"}}
    due = deadline_of(of_content(known, "township"), date(2026, 3, 2))
    assert due is not None
    assert (due.day, due.is_assumed, due.derivation[0]) == (date(2026, 3, 22), False, "批准之日为2026年3月2日，当日不计入，自次日起计算。")


def test_a_matter_that_the_item_names_holds_where_it_is_open(county: County) -> None:
    base = {"kind": "budget", "column": "a20_07", "formed_on": "2026-03-02"}
    assert due_day(of_content({**base, "matter": "general"}, "township")).day == date(2026, 3, 30)  # type: ignore[union-attr, arg-type]
    assert due_day(of_content({**base, "matter": "penalty"}, "township")).day == date(2026, 3, 22)  # type: ignore[union-attr, arg-type]


def test_a_publication_ends_the_count_and_a_later_change_begins_another(county: County) -> None:
    with at(date(2026, 3, 2)):
        item = county.published(formed_on=date(2026, 2, 27)).item
    due = due_of(told(item))
    # 27 February was a Friday, 28 February a worked Saturday, 2 March a Monday.
    assert due is not None
    assert (due.done_on, due.used, due.left >= 0) == (DAY, 2, True)
    later = date(2026, 4, 1)
    actions.revise(person=county.person("qinghe", "drafter"), on=later, item=item, content=content(title="变更", formed_on=later))
    changed = due_of(told(item))
    assert changed is not None and changed.done_on is None and changed.day == date(2026, 4, 30)


def test_home_list_and_item_page_show_the_same_day(county: County) -> None:
    with at(date(2026, 3, 20)):
        item = county.draft(kind="budget", column="a20_07", formed_on=date(2026, 2, 12), approved_on=DAY, title="2026年预算")
        county.reviewed(item)
        client = client_of(county.person("qinghe", "drafter"))
        for address in (reverse("office:home"), reverse("office:items"), reverse("office:item", args=[item.pk]), reverse("office:watch")):
            page = client.get(address).content.decode()
            assert "2026-03-22" in page, address
            # By formation it would be 4 March, by the general limit 18 March.
            assert "2026-03-04" not in page and "2026-03-18" not in page, address
        home = client_of(county.person("qinghe", "office_head")).get(reverse("office:home")).content.decode()
        assert "批准之日为2026年3月2日，当日不计入，自次日起计算。" in home
        page = client.get(reverse("office:item", args=[item.pk])).content.decode()
        assert "<dt>批准、批复或者收到批准文件之日</dt><dd>2026-03-02</dd>" in page


# What is late: no item may be lost by the search.

KINDS = ("notice", "news", "budget", "penalty", "licence")
COLUMNS = ("a20_13", "a20_07", "a21_t5", "a20_06")
ON = date(2026, 3, 20)
DAYS = st.integers(0, 60).map(lambda back: ON - datetime.timedelta(days=back))
OWN_DAYS = st.none() | st.integers(-5, 80).map(lambda back: ON - datetime.timedelta(days=back))


@st.composite
def described(draw: Any) -> dict[str, Any]:
    """An item with what its limit follows from, and how it was published, if it was."""
    return {
        "kind": draw(st.sampled_from(KINDS)),
        "column": draw(st.sampled_from(COLUMNS)),
        "formed_on": draw(DAYS),
        "matter": draw(st.sampled_from(("", "general", "budget", "department_budget", "land_announcement"))),
        "own": draw(OWN_DAYS),
        "organ": draw(st.sampled_from(("qinghe", "jiaotong"))),
        "attribute": draw(st.sampled_from(("proactive", "proactive", "withheld"))),
        "is_discarded": draw(st.sampled_from((False, False, False, True))),
        # How long after the formation it was published, whether it was withdrawn, and how long after that it was changed.
        "published": draw(st.none() | st.integers(0, 50)),
        "is_withdrawn": draw(st.booleans()),
        "changed": draw(st.none() | st.integers(-3, 10)),
    }


def put(county: County, number: int, said: dict[str, Any]) -> None:
    """The item below the actions, which would refuse most of these days."""
    person, agency = county.person("qinghe", "drafter"), county.organs[said["organ"]]
    item = Item.objects.create(
        agency=agency, index_number=f"x/{number}", title=f"第{number}号", kind=said["kind"], column=said["column"], attribute=said["attribute"],
        formed_on=said["formed_on"], primary_channel="site", created_by=person, is_discarded=said["is_discarded"],
    )  # fmt: skip
    item.current = revision(item, 1, said, said["formed_on"])
    if said["published"] is not None:
        published_on = said["formed_on"] + datetime.timedelta(days=said["published"])
        publish(item, published_on, said["is_withdrawn"])
        if said["changed"] is not None:
            item.formed_on = published_on + datetime.timedelta(days=said["changed"])
            item.current = revision(item, 2, said, item.formed_on)
    item.save()


def revision(item: Item, number: int, said: dict[str, Any], formed_on: datetime.date) -> Revision:
    own = said["own"].isoformat() if said["own"] else None
    values = {
        "title": item.title, "kind": said["kind"], "column": said["column"], "formed_on": formed_on.isoformat(), "matter": said["matter"],
        "details": {"approved_on": own, "decided_on": own} if own else {},
    }  # fmt: skip
    return Revision.objects.create(
        agency=item.agency, subject_kind="disclosure.item", subject_id=item.pk, number=number, content=values, digest=digest_of(values),
        made_by=item.created_by, made_at=moment.now(),
    )  # fmt: skip


ENTRIES = itertools.count(1)


def publish(item: Item, on: datetime.date, is_withdrawn: bool) -> None:
    run = Run.objects.create(
        agency=item.agency, subject_kind="disclosure.item", subject_id=item.pk, revision=item.current, drafter=item.created_by, stages=[],
        state="completed", opened_on=on,
    )  # fmt: skip
    one, other = (entry(item, on) for _ in range(2))
    ended = {"withdrawn_on": on, "withdrawal": other} if is_withdrawn else {}
    Publication.objects.create(
        item=item, revision=item.current, run=run, primary_channel="site", published_on=on, published_at=moment.now(), entry=one, **ended
    )


def entry(item: Item, on: datetime.date) -> LedgerEntry:
    number = next(ENTRIES)
    return LedgerEntry.objects.create(
        county="x/", number=number, agency=item.agency, duty="", action="x", object_kind="x", object_id=1, occurred_on=on,
        recorded_at=moment.now(), previous=f"{number:064}", digest="",
    )  # fmt: skip


def counted_from(item: Item) -> datetime.date:
    """From which day a publication is one of what the item says: the later of its formation and the day its limit counts from."""
    said = item.current.content  # type: ignore[union-attr]
    open_to = {"penalty": ("decided_on", {"general"}), "licence": ("decided_on", {"general"}), "budget": ("approved_on", {"general"})}
    name, free = open_to.get(item.kind, ("", set()))
    if item.column == "a20_07":
        name, free = "approved_on", {"general"}
    elif item.column == "a21_t5" and item.kind == "notice":
        name, free = "approved_on", {"general"}
    own = said["details"].get(name) if said["matter"] not in free else None
    return max(item.formed_on, date.fromisoformat(own)) if own else item.formed_on


def scanned(on: datetime.date) -> tuple[set[int], int, set[int]]:
    """What is overdue or near, how many of them are overdue, and what was published late this year: every row looked at."""
    pressing, n_overdue, late = set(), 0, set()
    until = date(2026, 3, 27)  # five working days after Friday, 20 March
    for item in Item.objects.select_related("agency", "current"):
        publications = list(item.publications.all())
        in_force = [row for row in publications if row.withdrawn_on is None]
        since = counted_from(item)
        changed = any(row.published_on < since and row.revision_id != item.current_id for row in in_force)
        due = due_day(of_content(item.current.content, item.agency.kind))  # type: ignore[arg-type]
        if item.attribute == "proactive" and not item.is_discarded and (not publications or changed) and due and due.day <= until:
            pressing.add(item.pk)
            n_overdue += due.day < on
        for row in publications:
            due = due_day(of_content(row.revision.content, item.agency.kind))  # type: ignore[arg-type]
            if due and row.published_on.year == on.year and due.day < row.published_on <= on:
                late.add(item.pk)
    return pressing, n_overdue, late


@given(st.lists(described(), min_size=12, max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_search_loses_nothing_that_a_full_scan_finds(county: County, items: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            without_triggers("SELECT 1")
        for number, said in enumerate(items):
            put(county, number, said)
        pressing, n_overdue, late = scanned(ON)
        agencies = Agency.objects.all()
        with at(ON):
            found, published = lateness.late(agencies, ON), lateness.published_late(agencies, ON)
        transaction.set_rollback(True)
    assert {row.number for row in found.rows} == pressing
    assert (found.n_overdue, found.n_overdue + found.n_near) == (n_overdue, len(pressing))
    assert {row.number for row in published.rows} == late
    assert [row.due.day for row in found.rows] == sorted(row.due.day for row in found.rows)


def test_a_list_holds_few_rows_and_counts_all(county: County) -> None:
    for _ in range(4):
        county.draft(formed_on=date(2026, 1, 5))
    with at(DAY), CaptureQueriesContext(connection) as asked:
        found = lateness.late(Agency.objects.all(), DAY, 2)
    assert (len(found.rows), found.n_overdue, len(asked)) == (2, 4, 1)


def test_days_used_and_late_by_are_shown(county: County) -> None:
    county.published(formed_on=date(2026, 1, 5))
    # 5 January + 20 working days (4 January worked, no days off until 15 February) = 2 February.
    found = lateness.published_late(Agency.objects.all(), DAY)
    assert [(row.due.day, row.published_on, row.due.over) for row in found.rows] == [(date(2026, 2, 2), DAY, 28)]
    assert (found.n_late, found.n_all) == (1, 1)
    with at(DAY):
        page = client_of(county.person("qinghe", "drafter")).get(reverse("office:watch")).content.decode()
    assert "28 天" in page


# Columns.


def test_columns_warn_before_they_are_stale(county: County) -> None:
    county.published(kind="news", column="a20_11")
    organ = county.organs["qinghe"]

    def state(day: datetime.date) -> dict[str, str]:
        return {row.column: row.state for row in columns_of([organ], day)[0].fed}

    assert state(DAY) == {"home": "fresh", "news": "fresh", "notices": "empty", "policy_docs": "empty", "interpretation": "empty"}
    assert state(DAY + datetime.timedelta(days=9))["news"] == "fresh"
    assert state(DAY + datetime.timedelta(days=10))["news"] == "warn"
    assert state(DAY + datetime.timedelta(days=14))["news"] == "warn"
    assert state(DAY + datetime.timedelta(days=15))["news"] == "stale"


def test_a_channel_is_listed_once_it_was_used(county: County) -> None:
    publication = county.published(channels=("wechat",))
    organ = county.organs["qinghe"]
    assert "wechat" not in {row.column for row in columns_of([organ], DAY)[0].fed}
    drafter = county.person("qinghe", "drafter")
    actions.confirm_delivery(
        person=drafter, on=DAY, delivery=publication.deliveries.get(channel="wechat"), evidence="https://example.org/1"
    )
    assert {row.column: row.last_on for row in columns_of([organ], DAY)[0].fed}["wechat"] == DAY


def test_empty_statutory_columns_are_those_of_the_kind_of_organ(county: County) -> None:
    county.published()  # in a20_13
    township, bureau = columns_of([county.organs["qinghe"], county.organs["jiaotong"]], DAY)
    assert len(township.duties) == 15 + 8 and len(bureau.duties) == 15 + 7
    assert "a20_13" not in {row.duty.id for row in township.empty_duties}
    assert len(township.empty_duties) == 22 and len(bureau.empty_duties) == 22


def test_the_county_is_asked_in_as_many_questions_as_one_organ(county: County) -> None:
    county.published()
    organs = list(Agency.objects.all())
    with CaptureQueriesContext(connection) as asked:
        columns_of(organs, DAY)
    assert len(asked) == 3


# Penalties that were overturned.


def test_an_overturned_penalty_is_to_be_withdrawn_in_three_working_days(county: County) -> None:
    publication = penalty_publication(county)
    drafter, head = county.person("qinghe", "drafter"), county.person("qinghe", "office_head")
    friday = date(2026, 3, 6)
    said = {"publication": publication, "outcome": "revoked", "overturned_on": friday, "evidence": "云川复决〔2026〕2号"}
    watch.mark_overturned(person=drafter, on=friday, **said)
    organs = Agency.objects.filter(code="qinghe")
    for day, over in ((friday, 0), (date(2026, 3, 11), 0), (date(2026, 3, 12), 1), (date(2026, 3, 16), 3)):
        (row,) = watched_queries.overturned(organs, day, waiting=True)
        assert (row.due.day, row.over) == (date(2026, 3, 11), over)  # type: ignore[union-attr]
    with at(date(2026, 3, 12)):
        assert "处罚决定 2026-03-06 被撤销，要撤回" in client_of(drafter).get(reverse("office:home")).content.decode()
        page = client_of(drafter).get(reverse("office:item", args=[publication.item_id])).content.decode()
        assert "最晚 2026-03-11 撤回并说明理由。" in page and "已超 1 个工作日" in page
        assert reverse("office:overturned", args=[publication.item_id]) not in page
        actions.withdraw(person=head, on=date(2026, 3, 12), publication=publication, reason="处罚决定被撤销")
    assert watched_queries.overturned(organs, date(2026, 3, 20), waiting=True) == []
    (row,) = watched_queries.overturned(organs, date(2026, 3, 20))
    assert (row.withdrawn_on, row.over) == (date(2026, 3, 12), 1)
    assert list(verify()) == []


def test_only_a_published_penalty_is_overturned_and_once(county: County) -> None:
    drafter = county.person("qinghe", "drafter")
    said = {"outcome": "void", "overturned_on": DAY, "evidence": "判决书"}
    notice, penalty = county.published(), penalty_publication(county)
    words = refusal(watch.mark_overturned, person=drafter, publication=notice, **said)
    assert words == "这条信息不是行政处罚决定，不适用三个工作日内撤回的规定。"
    tomorrow = DAY + datetime.timedelta(days=1)
    words = refusal(watch.mark_overturned, person=drafter, publication=penalty, **{**said, "overturned_on": tomorrow})
    assert words == "变更、撤销或者确认之日不能晚于今天。"
    watch.mark_overturned(person=drafter, on=DAY, publication=penalty, **said)
    words = refusal(watch.mark_overturned, person=drafter, publication=penalty, **said)
    assert words == "这件处罚决定已经登记过，请尽快撤回。"


def test_what_was_decided_cannot_be_changed(county: County) -> None:
    said = {"outcome": "void", "overturned_on": DAY, "evidence": "判决书"}
    watch.mark_overturned(person=county.person("qinghe", "drafter"), on=DAY, publication=penalty_publication(county), **said)
    with pytest.raises(IntegrityError, match="监测的记录不能改动或者删除"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE disclosure_overturnedpenalty SET outcome = 'changed'")
    without_triggers("UPDATE disclosure_overturnedpenalty SET overturned_on = '2026-02-01'")
    words = [found.words for found in verify()]
    number = LedgerEntry.objects.get(action="watch.mark_overturned").number
    assert len(words) == 1 and words[0].startswith("“关于张某焚烧秸秆的行政处罚决定（被确认无效）”")
    assert words[0].endswith(f"的内容与台账第{number}条不符。")


# What is withheld.


def test_a_withheld_item_is_assessed_every_year(county: County) -> None:
    item = withheld_item(county, formed_on=date(2025, 3, 20))
    head, organs = county.person("qinghe", "office_head"), Agency.objects.filter(code="qinghe")
    assert watched_queries.to_reassess(organs, date(2026, 2, 17)) == []
    (row,) = watched_queries.to_reassess(organs, date(2026, 2, 18))
    assert (row.next_on, row.left, row.is_due) == (date(2026, 3, 20), 30, False)
    assert watched_queries.to_reassess(organs, date(2026, 3, 20))[0].is_due
    watch.reassess(person=head, on=date(2026, 3, 20), item=item, verdict="keep", reason="讨论仍在进行")
    assert watched_queries.to_reassess(organs, date(2026, 3, 21)) == []
    (row,) = watched_queries.to_reassess(organs, date(2027, 3, 1))
    assert row.next_on == date(2027, 3, 20)
    assert [entry.action for entry in queries.history_of(item)] == ["disclosure.draft", "watch.reassess"]


def test_what_may_be_published_waits_until_its_attribute_is_changed(county: County) -> None:
    item = withheld_item(county, formed_on=DAY)
    head, organs = county.person("qinghe", "office_head"), Agency.objects.filter(code="qinghe")
    watch.reassess(person=head, on=DAY, item=item, verdict="publish", reason="事项已经办结")
    assert [row.is_to_publish for row in watched_queries.to_reassess(organs, DAY)] == [True]
    actions.revise(person=county.person("qinghe", "drafter"), on=DAY, item=item, content=content())
    assert watched_queries.to_reassess(organs, DAY) == []
    assert list(verify()) == []


def test_the_end_of_a_month_stays_in_its_month() -> None:
    assert watched_queries.next_assessment(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert watched_queries.next_assessment(date(2025, 12, 31), 12) == date(2026, 12, 31)
    assert watched_queries.next_assessment(date(2025, 8, 31), 6) == date(2026, 2, 28)


def test_the_page_leads_from_a_verdict_to_the_revision(county: County) -> None:
    item = withheld_item(county)
    client = client_of(county.person("qinghe", "office_head"))
    wrong = client.post(reverse("office:reassess", args=[item.pk]), {"verdict": "publish", "reason": ""})
    assert wrong.status_code == 422
    answer = client.post(reverse("office:reassess", args=[item.pk]), {"verdict": "publish", "reason": "事项已经办结"})
    assert answer["Location"] == reverse("office:revise", args=[item.pk])
    assert "系统的建议" in client.get(reverse("office:withheld")).content.decode()


def test_only_the_head_of_the_organ_assesses(county: County) -> None:
    item = withheld_item(county)
    for organ, duty in (("qinghe", "drafter"), ("baishu", "office_head"), ("yunchuan", "authority")):
        words = refusal(watch.reassess, person=county.person(organ, duty), item=item, verdict="keep", reason="试")
        assert words.startswith("您在这个机关没有办理这件事的岗位")

"""Opinions of the public on drafts: from the published draft over the call and the opinions to what became of them."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure import actions as items
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.soliciting import actions, callers, queries, values
from gongkai.web.disclosure.soliciting.models import Aside, Opinion, Solicitation
from gongkai.web.disclosure.watch.sealed import sealed_rows_open
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import stages
from tests.web.conftest import DAY, REVIEWERS, County
from tests.web.solicited import DRAFT, LAST, at, called, sent, summarized
from tests.web.test_walk import client_of

SAID = {"text": "第二条不合适。\n村道也应当由镇里养护。", "name": "王建国", "contact": "13900001111", "website": ""}
ENDED = LAST + datetime.timedelta(days=1)


def page_of(row: Solicitation) -> str:
    return reverse("portal:solicitation", args=[row.item.slug])


def publish(county: County, item: Item, on: datetime.date) -> None:
    """Through all stages by different people, and out."""
    run = items.submit(person=county.person("qinghe", "drafter"), on=on, item=item)
    for name in run.stages:
        decide(run=run, person=county.person("qinghe", REVIEWERS[name]), on=on, is_passed=True, checked=stages()[name].checklist)
    items.publish(person=county.person("qinghe", "office_head"), on=on, item=item)


def test_the_head_asks_and_the_public_sees_it_everywhere(county: County) -> None:
    publication, head, stranger = county.published(**DRAFT), client_of(county.person("qinghe", "office_head")), Client()
    item = publication.item
    with at(DAY):
        assert "草案已公开，还没有征求意见" in head.get(reverse("office:solicitations")).content.decode()
        form = {"matter": "decision_comment", "from_on": "2026-03-02", "until_on": "", "shortened": "", "phone": "0790-6123456"}
        assert head.post(reverse("office:solicit", args=[item.pk]), form).status_code == 302
        row = Solicitation.objects.get()
        assert (row.from_on, row.until_on) == (DAY, LAST)
        home, article = stranger.get("/").content.decode(), stranger.get(reverse("portal:item", args=[item.slug])).content.decode()
        assert DRAFT["title"] in home and page_of(row) in home and page_of(row) in article
        page = stranger.get(page_of(row)).content.decode()
        assert "还有 30 天" in page and "0790-6123456" in page and "第十五条" in page and "意见 0 件" in page


def test_from_the_opinions_to_what_became_of_them(county: County) -> None:
    row, drafter, stranger = called(county), client_of(county.person("qinghe", "drafter")), Client()
    with at(DAY):
        made = stranger.post(page_of(row), SAID)
        assert made.status_code == 302
        opinion, place = Opinion.objects.get(), made["Location"]
        told = stranger.get(place).content.decode()
        assert "已收到您的意见" in told and "村道也应当由镇里养护。" in told and "2026-04-01" in told and "13900001111" not in told
        letter = {"channel": "post", "received_on": "2026-03-02", "text": "同意。", "name": "", "contact": ""}
        assert drafter.post(reverse("office:enter_opinion", args=[row.pk]), letter).status_code == 302
        # What somebody sent is never shown to the others.
        page = stranger.get(page_of(row)).content.decode()
        assert "意见 2 件" in page and "村道也应当" not in page and "王建国" not in page
        read = drafter.get(reverse("office:opinion", args=[opinion.pk])).content.decode()
        assert "王建国" in read and "13900001111" in read
    with at(LAST, 23):
        assert "今天截止" in stranger.get(page_of(row)).content.decode()
    with at(ENDED):
        summary = _drafted_on_the_screen(row, drafter)
        # Drafted is not published: the public sees nothing of it before its reviews.
        assert "改为给予补助" not in stranger.get(page_of(row)).content.decode()
        publish(county, summary, ENDED)
        page = stranger.get(page_of(row)).content.decode()
        assert "已公布采纳情况" in page and "共收到意见2件" in page and "改为给予补助。" in page and "部分采纳" in page
        assert "采纳情况已公布" in stranger.get(place).content.decode()
        assert "意见征集已截止" not in drafter.get(reverse("office:home")).content.decode()
        assert DRAFT["title"] in stranger.get(reverse("portal:solicitations"), {"state": "answered"}).content.decode()
        assert "现在没有正在征求意见的草案" in stranger.get("/").content.decode()
    entries = LedgerEntry.objects.filter(action__startswith="solicit.").order_by("number")
    assert [(entry.action, entry.person_id is None) for entry in entries] == [
        ("solicit.open", False), ("solicit.received", True), ("solicit.enter_opinion", False), ("solicit.summarize", False),
    ]  # fmt: skip
    assert list(verify()) == []


def _drafted_on_the_screen(row: Solicitation, drafter: Client) -> Item:
    """The summary, begun by the drafter who found on his home page that it is due."""
    assert Client().post(page_of(row), SAID).status_code == 404
    waits = drafter.get(reverse("office:home")).content.decode()
    assert "意见征集已截止，要公布采纳情况" in waits and "写采纳情况" in waits
    points = {
        "p-TOTAL_FORMS": "1", "p-INITIAL_FORMS": "0", "p-0-said": "村道由镇里养护", "p-0-n": "1", "p-0-fate": "partly", "p-0-why": "改为给予补助。",
    }  # fmt: skip
    made = drafter.post(reverse("office:solicit_summary", args=[row.pk]), {"column": "a20_01", "opening": "感谢大家。", **points})
    assert made.status_code == 302
    item = row.summaries.get().item
    assert item.title == f"{DRAFT['title']}意见采纳情况"
    return item


# --- the law ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matter", "days", "shortened", "told"),
    [
        ("decision_comment", 30, "", None),
        ("decision_comment", 45, "", None),
        ("decision_comment", 29, "", "《重大行政决策程序暂行条例》第十五条"),
        ("decision_comment", 29, "汛期将至，情况紧急。", None),
        ("land_plan", 30, "", None),
        ("land_plan", 29, "情况紧急", "《中华人民共和国土地管理法实施条例》第二十八条.*不能缩短"),
        ("housing_plan", 29, "情况紧急", "《国有土地上房屋征收与补偿条例》第十条.*不能缩短"),
        ("normative_comment", 29, "", "没有法定天数"),
        ("normative_comment", 10, "上级要求本月内施行。", None),
        ("other_comment", 30, "没有缩短却写了理由", "没有缩短"),
        ("decision_comment", 0, "情况紧急", "起始日期之后"),
        ("decision_comment", 400, "", "最长"),
        ("budget", 30, "", "哪一类事项"),
        ("nothing", 30, "", "哪一类事项"),
    ],
)
def test_how_long_the_public_is_asked(county: County, matter: str, days: int, shortened: str, told: str | None) -> None:
    publication = county.published(**DRAFT)
    terms = actions.Terms(matter=matter, from_on=DAY, until_on=DAY + datetime.timedelta(days=days), shortened=shortened)
    head = county.person("qinghe", "office_head")
    if told is None:
        row = actions.solicit(person=head, on=DAY, item=publication.item, terms=terms)
        assert (row.until_on - row.from_on).days == days and row.shortened == shortened
        return
    with pytest.raises(Refused) as caught:
        actions.solicit(person=head, on=DAY, item=publication.item, terms=terms)
    assert re.search(told, caught.value.message), caught.value.message
    assert not Solicitation.objects.exists() and not LedgerEntry.objects.filter(action="solicit.open").exists()


def test_a_shorter_time_cites_the_article_and_tells_the_public_why(county: County) -> None:
    with pytest.raises(Refused) as caught:
        called(county, until_on=LAST - datetime.timedelta(days=1))
    assert caught.value.basis == "decision:15"
    row = called(county, until_on=LAST - datetime.timedelta(days=1), shortened="汛期将至，需要在四月前定下来。")
    with at(DAY):
        assert "汛期将至，需要在四月前定下来。" in Client().get(page_of(row)).content.decode()


def test_before_the_law_there_is_no_such_matter(county: County) -> None:
    """The provisional regulation on major decisions is in force from 2019-09-01, the land rules of 2021 from 2021-09-01."""
    from gongkai.web.disclosure.soliciting.periods import matters

    def names(year: int, month: int, day: int) -> set[str]:
        return {limit.id for limit in matters(datetime.date(year, month, day))}

    assert "decision_comment" not in names(2019, 8, 31) and "decision_comment" in names(2019, 9, 1)
    assert "land_plan" not in names(2021, 8, 31) and "land_plan" in names(2021, 9, 1)


def test_only_a_published_draft_can_be_asked_about_and_once(county: County) -> None:
    head, terms = county.person("qinghe", "office_head"), actions.Terms(matter="decision_comment")
    for item in (county.draft(**DRAFT), county.published(title="通知").item):
        with pytest.raises(Refused, match="只能对已经在网站公开"):
            actions.solicit(person=head, on=DAY, item=item, terms=terms)
    row = called(county)
    with pytest.raises(Refused, match="已经征集过"):
        actions.solicit(person=head, on=DAY, item=row.item, terms=terms)
    with pytest.raises(Refused, match="不能早于今天"):
        called(county, from_on=DAY - datetime.timedelta(days=1))


def test_a_summary_is_due_twenty_working_days_after_the_end(county: County) -> None:
    """From 2026-04-01: 清明 (4–6 April) and 劳动节 (1–5 May, 9 May worked) lie behind it; the twentieth working day is 30 April."""
    row = called(county)
    late, near = datetime.date(2026, 5, 6), datetime.date(2026, 4, 30)
    drafter = county.person("qinghe", "drafter")
    assert [(one.due, one.is_late) for one in queries.home_of(drafter, ENDED)] == [(near, False)]
    assert [one.is_late for one in queries.home_of(drafter, late)] == [True]
    assert queries.home_of(drafter, LAST) == []
    assert queries.home_of(county.person("baishu", "drafter"), late) == []
    assert row.until_on == LAST


# --- time and place ---------------------------------------------------------------------------------------------------------


def test_opinions_come_in_from_the_first_day_to_the_last(county: County) -> None:
    row = called(county, from_on=DAY + datetime.timedelta(days=3))
    last = DAY + datetime.timedelta(days=33)
    assert row.until_on == last
    for day, is_open in ((-1, False), (0, True), (30, True), (31, False)):
        with at(row.from_on + datetime.timedelta(days=day), 23):
            assert Client().get(page_of(row)).status_code == 200
            assert (Client().post(page_of(row), SAID).status_code == 302) is is_open
            assert ("提交意见</button>" in Client().get(page_of(row)).content.decode()) is is_open
    assert Opinion.objects.count() == 2
    with at(last + datetime.timedelta(days=1)), pytest.raises(Refused, match="不在征集意见的期限内"):
        sent(row)


def test_the_database_takes_no_opinion_outside_the_days(county: County) -> None:
    row = called(county)
    with at(DAY):
        sent(row)
    with pytest.raises(IntegrityError, match="期限内"), transaction.atomic(), connection.cursor() as cursor:
        names = "solicitation_id, channel, text, name, contact, code_digest, address_mark, received_at"
        first = "(SELECT MIN(id) FROM ledger_entry)"
        cursor.execute(
            f"INSERT INTO disclosure_opinion (number, received_on, entry_id, {names}) "
            f"SELECT 'Y1', '2026-04-02', {first}, {names} FROM disclosure_opinion"
        )


def test_a_withdrawn_draft_is_asked_about_no_more(county: County) -> None:
    row = called(county)
    with at(DAY):
        assert Client().get(page_of(row)).status_code == 200
        publication = row.item.publications.get()
        items.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="草案有误")
        assert Client().get(page_of(row)).status_code == 404
        assert Client().post(page_of(row), SAID).status_code == 404
        assert DRAFT["title"] not in Client().get(reverse("portal:solicitations")).content.decode()
        with pytest.raises(Refused, match="不在征集意见的期限内"):
            sent(row)
        office = client_of(county.person("qinghe", "office_head")).get(reverse("office:solicitation", args=[row.pk]))
        assert "草案已撤回" in office.content.decode()


def test_a_newer_draft_does_not_show_before_it_is_published(county: County) -> None:
    row = called(county)
    content = items.Content.from_json({**row.item.current.content, "title": "新的一稿（征求意见稿）"})
    items.revise(person=county.person("qinghe", "drafter"), on=DAY, item=row.item, content=content)
    with at(DAY):
        for address in (page_of(row), reverse("portal:solicitations"), "/"):
            page = Client().get(address).content.decode()
            assert "新的一稿" not in page and DRAFT["title"] in page


# --- against abuse, and what is kept --------------------------------------------------------------------------------------


def test_without_the_token_nothing_is_received(county: County) -> None:
    row = called(county)
    with at(DAY):
        assert Client(enforce_csrf_checks=True).post(page_of(row), SAID).status_code == 403
    assert not Opinion.objects.exists()


def test_one_address_sends_so_often_and_no_more(county: County) -> None:
    row, client = called(county), Client()
    with at(DAY):
        assert [client.post(page_of(row), SAID, REMOTE_ADDR="192.0.2.1").status_code for _ in range(4)] == [302, 302, 302, 429]
        assert client.post(page_of(row), SAID, REMOTE_ADDR="192.0.2.2").status_code == 302
        # What a message says of itself is not believed.
        assert client.post(page_of(row), SAID, REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.9").status_code == 429
    with at(DAY + datetime.timedelta(days=1)):
        assert client.post(page_of(row), SAID, REMOTE_ADDR="192.0.2.1").status_code == 302
    assert Opinion.objects.count() == 5


@pytest.mark.parametrize("limit", ["of_address", "on_one"])
def test_all_drafts_together_and_one_draft_have_their_limits(county: County, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    most = {"of_address_on_one": 9, "of_address": 9, "on_one": 9, limit: 2}
    monkeypatch.setattr(actions, "most", most.__getitem__)
    one, other = called(county), called(county)
    with at(DAY):
        if limit == "of_address":
            sent(one), sent(other)
        else:
            sent(one, address="192.0.2.1"), sent(one, address="192.0.2.2")
        with pytest.raises(actions.TooMany):
            sent(one, address="192.0.2.7")


def test_who_fills_in_the_hidden_box_is_no_person(county: County) -> None:
    row = called(county)
    with at(DAY):
        assert Client().post(page_of(row), {**SAID, "website": "http://example.org"}).status_code == 404
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(("name", "length"), [("text", 2001), ("name", 61), ("contact", 101)])
def test_too_long_is_refused_and_kept_on_the_page(county: County, name: str, length: int) -> None:
    row = called(county)
    with at(DAY):
        answer = Client().post(page_of(row), {**SAID, name: "长" * length})
    assert answer.status_code == 422 and "长" * length in answer.content.decode()
    assert not Opinion.objects.exists()


def test_an_opinion_is_not_read_with_a_wrong_code(county: County) -> None:
    row = called(county)
    with at(DAY):
        (one, code), (other, other_code) = sent(row, "只给自己看的意见"), sent(row)
        letter = actions.enter_opinion(
            person=county.person("qinghe", "drafter"), on=DAY, solicitation=row, sent=actions.Sent(text="来信"), channel="post"
        )
    for number, tried in (
        (one.number, other_code),
        (one.number, ""),
        (one.number, code[:-1]),
        ("Y2026-1-99999", code),
        (other.number, code),
        (letter.number, ""),
    ):
        answer = Client().get(reverse("portal:opinion", args=[number]), {"code": tried})
        assert answer.status_code == 404 and "只给自己看的意见" not in answer.content.decode()
    right = Client().get(reverse("portal:opinion", args=[one.number]), {"code": code.lower()})
    assert "只给自己看的意见" in right.content.decode() and "no-store" in right["Cache-Control"]
    assert Client().get(reverse("portal:opinion_lookup"), {"number": one.number, "code": code}).status_code == 302
    assert Client().get(reverse("portal:opinion_lookup"), {"number": one.number, "code": other_code}).status_code == 404


def test_name_and_contact_are_sealed_and_bound_to_their_opinion(county: County, settings: Any) -> None:
    row = called(county)
    with at(DAY):
        opinion, _code = sent(row, name="王建国", contact="13900001111", address="192.0.2.77")
        other, _code = sent(row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM disclosure_opinion")
        kept = str(cursor.fetchall())
    assert not any(words in kept for words in ("王建国", "13900001111", "192.0.2.77"))
    facts = str(list(LedgerEntry.objects.filter(action="solicit.received").values_list("facts", "reason")))
    assert "王建国" not in facts and "村道" not in facts
    assert callers.opened(opinion.name, callers.NAME, opinion.number) == "王建国"
    assert callers.opened(opinion.contact, callers.CONTACT, opinion.number) == "13900001111"
    assert callers.opened(opinion.contact, callers.CONTACT, other.number) is None, "copied into another opinion it does not open"
    assert callers.opened(opinion.contact, callers.NAME, opinion.number) is None, "a contact is no name"
    authority = client_of(county.person("yunchuan", "authority")).get(reverse("office:opinion", args=[opinion.pk])).content.decode()
    assert "王建国" not in authority and "13900001111" not in authority and "已加密" in authority
    assert sealed_rows_open(None) == []
    settings.DATA_KEYS = {"other": b"k" * 32}
    assert callers.opened(opinion.contact, callers.CONTACT, opinion.number) is None
    assert [(error.id, what in error.msg) for error, what in zip(sealed_rows_open(None), ("姓名", "联系方式"), strict=True)] == [
        ("gongkai.E003", True), ("gongkai.E003", True),
    ]  # fmt: skip
    assert callers.mark_of("192.0.2.77", DAY) != callers.mark_of("192.0.2.77", DAY + datetime.timedelta(days=1))


# --- what counts --------------------------------------------------------------------------------------------------------------


def test_an_opinion_is_left_out_only_with_a_reason_and_stays(county: County) -> None:
    row, head = called(county), county.person("qinghe", "office_head")
    with at(DAY):
        opinion, code = sent(row)
        sent(row)
        for why, reason in (("", "理由"), ("annoying", "理由"), ("duplicate", " ")):
            with pytest.raises(Refused):
                actions.set_aside(person=head, on=DAY, opinion=opinion, why=why, reason=reason)
        with pytest.raises(NotPermitted):
            actions.set_aside(person=county.person("qinghe", "drafter"), on=DAY, opinion=opinion, why="duplicate", reason="重复")
        client = client_of(head)
        assert client.post(reverse("office:opinion", args=[opinion.pk]), {"why": "duplicate", "reason": "与另一件相同"}).status_code == 302
        assert queries.counted(row).count() == 1 and Opinion.objects.count() == 2
        place = reverse("portal:opinion", args=[opinion.number])
        assert "没有计入" in Client().get(place, {"code": code}).content.decode()
        assert "意见 1 件" in Client().get(page_of(row)).content.decode()
        with pytest.raises(Refused, match="已经不计入"):
            actions.set_aside(person=head, on=DAY, opinion=opinion, why="duplicate", reason="再来")
        assert client.post(reverse("office:opinion", args=[opinion.pk]), {"reason": "不是重复的"}).status_code == 302
        assert queries.counted(row).count() == 2
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"said": " "}, "没有写全"),
        ({"why": ""}, "没有写全"),
        ({"fate": "maybe"}, "没有写全"),
        ({"n": 0}, "件数不对"),
        ({"n": 2}, "不超过计入的1件"),
    ],
)
def test_a_point_says_what_how_many_what_became_and_why(county: County, changes: dict[str, Any], told: str) -> None:
    row = called(county)
    with at(DAY):
        sent(row)
    with at(ENDED), pytest.raises(Refused, match=told):
        summarized(county, row, ENDED, **changes)
    assert not row.summaries.exists()


def test_a_summary_waits_for_the_end_and_is_begun_once(county: County) -> None:
    row = called(county)
    with at(DAY):
        sent(row)
    with pytest.raises(Refused, match="截止以后"):
        summarized(county, row, LAST)
    made = summarized(county, row, ENDED)
    with pytest.raises(Refused, match="已经起草过"):
        summarized(county, row, ENDED)
    items.discard(person=county.person("qinghe", "drafter"), on=ENDED, item=made.item, reason="重写")
    again = summarized(county, row, ENDED)
    assert again.pk != made.pk and queries.draft_of(row) == again


def test_a_call_that_nobody_answered_says_so(county: County) -> None:
    row = called(county)
    made = actions.summarize(person=county.person("qinghe", "drafter"), on=ENDED, solicitation=row, column="a20_01")
    assert "没有收到意见" in made.item.current.content["body"]


def test_what_somebody_wrote_is_no_markup_in_the_summary(county: County) -> None:
    row = called(county)
    with at(DAY):
        sent(row)
    made = summarized(county, row, ENDED, said="<script>alert(1)</script>路")
    assert "<script>" not in made.item.current.content["body"] and "路" in made.item.current.content["body"]


# --- who sees it, and what is proven ----------------------------------------------------------------------------------------


def test_a_foreign_organ_sees_nothing(county: County) -> None:
    row = called(county)
    with at(DAY):
        opinion, _code = sent(row)
    for duty in ("office_head", "drafter"):
        client = client_of(county.person("baishu", duty))
        page = client.get(reverse("office:solicitations")).content.decode()
        assert DRAFT["title"] not in page
        for name, number in (
            ("solicitation", row.pk),
            ("enter_opinion", row.pk),
            ("solicit_summary", row.pk),
            ("opinion", opinion.pk),
            ("solicit", row.item_id),
        ):
            assert client.get(reverse(f"office:{name}", args=[number])).status_code == 404
            assert client.post(reverse(f"office:{name}", args=[number]), {"reason": "x"}).status_code in (404, 405)
    for duty in ("first_reviewer", "report_officer"):
        assert client_of(county.person("qinghe", duty)).get(reverse("office:opinion", args=[opinion.pk])).status_code == 404


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE disclosure_opinion SET text = '同意'", "内容与台账"),
        ("UPDATE disclosure_opinion SET name = contact", "内容与台账"),
        ("DELETE FROM disclosure_aside", "找不到它的内容"),
        ("UPDATE disclosure_aside SET why = 'unrelated'", "内容与台账"),
        ("UPDATE disclosure_solicitation SET until_on = '2026-03-20'", "内容与台账"),
        ("UPDATE disclosure_opinionsummary SET n_counted = 9", "内容与台账"),
    ],
)
def test_whoever_changes_a_row_past_the_platform_is_found_out(county: County, sql: str, told: str) -> None:
    from tests.web.test_ledger import without_triggers

    row = called(county)
    with at(DAY):
        opinion, _code = sent(row, contact="13900001111")
        sent(row, "另一件")
        actions.set_aside(person=county.person("qinghe", "office_head"), on=DAY, opinion=opinion, why="duplicate", reason="重复")
    summarized(county, row, ENDED)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert list(verify()) == []
    without_triggers(sql)
    assert any(told in broken.words for broken in verify())


def test_the_words_of_the_lists_are_those_stored() -> None:
    assert {len(name) <= 10 for name in (*values.choices("channels"), *values.choices("asides"))} == {True}
    assert set(values.choices("fates")) == {"taken", "partly", "rejected"}
    assert Aside._meta.get_field("why").choices == list(values.choices("asides").items())

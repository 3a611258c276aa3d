"""Suggestions to publish: sent without an account, what is public shown first, answered once, and a promise kept by naming the item."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure import actions as items
from gongkai.web.disclosure import following
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.suggesting import actions, callers, queries
from gongkai.web.disclosure.suggesting.models import Suggestion, SuggestionAnswer, SuggestionKept
from gongkai.web.disclosure.suggesting.witness import suggestions_hold
from gongkai.web.disclosure.watch.sealed import sealed_rows_open
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from tests.web.conftest import DAY, County
from tests.web.suggested import WANTED, answered, at, suggested
from tests.web.test_ledger import without_triggers
from tests.web.test_walk import client_of

FORM = "/o/qinghe/suggest/"
SAID = {"wanted": WANTED, "column": "a20_07", "reason": "补助是财政出的钱。", "contact": "13900001111", "website": ""}


@pytest.fixture(autouse=True)
def followed(settings: Any, tmp_path: Path) -> None:
    """An index folder of this test's own."""
    settings.INDEX_ROOT = tmp_path / "index"


def caught_up() -> None:
    while following.follow():
        pass


def read(address: str, **said: str) -> str:
    answer = Client().get(address, said)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


# --- from the suggestion to the item ----------------------------------------------------------------------------------------


def test_a_citizen_suggests_and_finds_that_it_is_public(county: County) -> None:
    publication = county.published(title="青禾镇2025年农村危房改造补助对象公示", body="<p>补助对象和金额。</p>")
    county.published(title="青禾镇2026年防汛值班安排", body="<p>值班表。</p>")
    county.published("baishu", title="柏树乡2025年农村危房改造补助对象公示", body="<p>补助对象和金额。</p>")
    caught_up()
    stranger = Client(enforce_csrf_checks=True)
    token = stranger.get(FORM).cookies["csrftoken"].value
    shown = stranger.post(FORM, {**SAID, "csrfmiddlewaretoken": token})
    page = shown.content.decode()
    assert shown.status_code == 200 and not Suggestion.objects.exists()
    assert reverse("portal:item", args=[publication.item.slug]) in page and "都不是，提交建议" in page
    # Neither what has nothing to do with it nor what another organ published; and what was typed stays in the form.
    assert "防汛值班安排" not in page and "柏树乡" not in page
    assert WANTED in page and "13900001111" in page and 'value="a20_07" selected' in page
    made = stranger.post(FORM, {**SAID, "none_of_these": "1", "csrfmiddlewaretoken": token})
    assert made.status_code == 302 and Suggestion.objects.count() == 1


def test_what_was_withdrawn_a_moment_ago_is_not_shown(county: County) -> None:
    publication = county.published(title="青禾镇2025年农村危房改造补助对象公示")
    caught_up()
    assert queries.already_public(county.organs["qinghe"], WANTED) == [publication]
    items.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
    # The index still has it.
    assert queries.already_public(county.organs["qinghe"], WANTED) == []
    assert Client().post(FORM, SAID).status_code == 302


@pytest.mark.parametrize("said", ["公开", "希望公开相关信息", "？！", "的"])
def test_words_that_tell_nothing_show_nothing(county: County, said: str) -> None:
    county.published(title="青禾镇政府信息公开工作安排", body="<p>公开相关信息的安排。</p>")
    caught_up()
    assert queries.already_public(county.organs["qinghe"], said) == []


def test_what_nothing_resembles_is_sent_at_once_and_lands_with_the_organ(county: County) -> None:
    county.published(title="青禾镇2026年防汛值班安排", body="<p>值班表。</p>")
    caught_up()
    made = Client().post(FORM, SAID)
    assert made.status_code == 302
    row, place = Suggestion.objects.get(), made["Location"]
    assert place.startswith(f"/suggestions/{row.number}/?code=")
    told = read(place)
    assert "已收到，等待答复" in told and "没有法定的答复期限" in told and "13900001111" not in told
    drafter = client_of(county.person("qinghe", "drafter"))
    home = drafter.get(reverse("office:home")).content.decode()
    assert WANTED in home and "公众建议" in home
    page = drafter.get(reverse("office:suggestion", args=[row.pk])).content.decode()
    assert "13900001111" in page and "补助是财政出的钱。" in page and "财政预算、决算信息" in page


def test_a_promise_is_kept_by_naming_the_item(county: County) -> None:
    made = Client().post(FORM, SAID)
    row, place, drafter = Suggestion.objects.get(), made["Location"], client_of(county.person("qinghe", "drafter"))
    detail = reverse("office:suggestion", args=[row.pk])
    said = {"outcome": "will", "words": "纳入主动公开，三月底前公布。", "item": "", "organ": "", "ground": ""}
    assert drafter.post(detail, said).status_code == 302
    told = read(place)
    assert "纳入主动公开，三月底前公布。" in told and "公开以后，这里会给出链接。" in told
    assert "还没有登记公开的信息" in drafter.get(reverse("office:home")).content.decode()
    draft = county.draft(title="青禾镇2025年危房改造补助对象")
    keeping = reverse("office:keep_suggestion", args=[row.pk])
    refused = drafter.post(keeping, {"item": draft.index_number}, follow=True).content.decode()
    assert "这条信息现在没有公开" in refused and not SuggestionKept.objects.exists()
    publication = items.publish(person=county.person("qinghe", "office_head"), on=DAY, item=county.reviewed(draft))
    slug = publication.item.slug
    assert drafter.post(keeping, {"item": f"https://gongkai.example/d/{slug}/?from=1"}).status_code == 302
    told = read(place)
    assert "<h1>已经公开</h1>" in told and f"/d/{slug}/" in told
    items.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
    told = read(place)
    assert f"/d/{slug}/" not in told and "这条信息后来已经撤回。" in told
    assert WANTED not in drafter.get(reverse("office:home")).content.decode()
    entries = LedgerEntry.objects.filter(action__startswith="suggest.").order_by("number")
    assert [(entry.action, entry.person_id is None) for entry in entries] == [
        ("suggest.received", True), ("suggest.answer", False), ("suggest.keep", False),
    ]  # fmt: skip
    assert list(verify()) == []


def test_each_way_of_answering_tells_the_public_what_it_needs(county: County) -> None:
    publication = county.published()
    (one, first), (two, second), (three, third) = (suggested(county, address=f"192.0.2.{n}") for n in range(3))
    answered(county, one, outcome="already", item=publication.item.index_number, words="")
    answered(county, two, outcome="not", ground="15", words="名单里有家庭困难情况。")
    answered(county, three, outcome="elsewhere", organ=county.organs["jiaotong"], words="")
    told = [read(f"/suggestions/{row.number}/", code=code) for row, code in ((one, first), (two, second), (three, third))]
    assert "青禾镇2026年春季植树安排" in told[0] and f"/d/{publication.item.slug}/" in told[0]
    assert "名单里有家庭困难情况。" in told[1] and "第十五条" in told[1] and "/o/qinghe/request/" in told[1]
    assert "/o/jiaotong/suggest/?wanted=2025" in told[2] and "云川县交通运输局" in told[2]
    assert list(verify()) == []


# --- where it is found ------------------------------------------------------------------------------------------------------


def test_the_form_is_linked_where_something_is_missing(county: County) -> None:
    publication = county.published()
    caught_up()
    for address in ("/o/qinghe/", "/o/qinghe/content/", "/o/qinghe/request/", f"/d/{publication.item.slug}/"):
        assert f'href="{FORM}"' in read(address), address
    assert f'href="{FORM}?column=a20_08"' in read("/o/qinghe/content/")
    assert f'href="{FORM}?column=a20_08"' in read("/o/qinghe/content/a20_08/")
    assert f'href="{FORM}?wanted=%E5%8D%B1%E6%88%BF"' in read("/search", q="危房", organ="qinghe")
    page = read("/search", q="危房")
    choose = re.search(r'href="(/suggest/\?wanted=[^"]+)"', page)
    assert choose and "电话" not in page.partition("还是找不到")[2].partition("</div>")[0]
    assert f'href="{FORM}?wanted=%E5%8D%B1%E6%88%BF"' in read(choose[1])
    form = read(FORM, wanted="危房", column="a20_08")
    assert ">\n危房</textarea>" in form and 'value="a20_08" selected' in form
    assert "这不是申请公开" in form and "/o/qinghe/request/" in form


def test_a_suggestion_is_not_read_with_a_wrong_code(county: County) -> None:
    (one, code), (other, other_code) = suggested(county, wanted="甲村的账"), suggested(county, wanted="乙村的账")
    for number, tried in (
        (one.number, other_code),
        (one.number, ""),
        (one.number, code[:-1]),
        ("J2026-1-9999", code),
        (other.number, code),
    ):
        answer = Client().get(reverse("portal:suggestion", args=[number]), {"code": tried})
        assert answer.status_code == 404 and "村的账" not in answer.content.decode()
    page = Client().get(reverse("portal:suggestion", args=[one.number]), {"code": code.lower()})
    assert "甲村的账" in page.content.decode() and "no-store" in page["Cache-Control"]
    assert Client().get("/suggestions/", {"number": one.number, "code": code}).status_code == 302
    assert Client().get("/suggestions/", {"number": one.number, "code": other_code}).status_code == 404


# --- limits and seals -------------------------------------------------------------------------------------------------------


def test_without_the_token_nothing_is_received(county: County) -> None:
    assert Client(enforce_csrf_checks=True).post(FORM, SAID).status_code == 403
    assert not Suggestion.objects.exists()


def test_who_fills_in_the_hidden_box_is_no_person(county: County) -> None:
    assert Client().post(FORM, {**SAID, "website": "http://example.org"}).status_code == 404
    assert not Suggestion.objects.exists()


def test_one_address_suggests_so_often_and_no_more(county: County) -> None:
    client, others = Client(), [f"/o/{code}/suggest/" for code in ("baishu", "jiaotong", "yunchuan")]

    def sent(address: str, path: str = FORM, **marks: str) -> int:
        said = {**SAID, "column": "", "none_of_these": "1"}
        return client.post(path, said, REMOTE_ADDR=address, **marks).status_code  # type: ignore[arg-type]

    with at(DAY):
        assert [sent("192.0.2.1") for _ in range(4)] == [302, 302, 302, 429]
        assert sent("192.0.2.2") == 302
        # What a message says of itself is not believed.
        assert sent("192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.9") == 429
        # Ten a day to all organs together: three are sent.
        assert [sent("192.0.2.1", path) for path in others for _ in range(3)] == [302] * 7 + [429] * 2
    with at(DAY + datetime.timedelta(days=1)):
        assert sent("192.0.2.1") == 302


@pytest.mark.parametrize(("name", "length"), [("wanted", 501), ("reason", 1001), ("contact", 101)])
def test_too_long_is_refused_and_kept_on_the_page(county: County, name: str, length: int) -> None:
    answer = Client().post(FORM, {**SAID, name: "长" * length})
    assert answer.status_code == 422 and "长" * length in answer.content.decode()
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("said", [{"wanted": " \n"}, {"wanted": "\x07"}, {"column": "a21_q1"}, {"column": "a99"}])
def test_nothing_and_what_is_no_column_of_the_organ_are_refused(county: County, said: dict[str, str]) -> None:
    assert Client().post(FORM, {**SAID, **said}).status_code == 422
    with pytest.raises(Refused):
        suggested(county, **said)
    assert not Suggestion.objects.exists()


def test_the_contact_is_sealed_at_rest(county: County, settings: Any) -> None:
    row, _ = suggested(county, contact="13900001111")
    assert row.contact.startswith("sm4:") and callers.contact_of(row.number, row.contact) == "13900001111"
    assert "13900001111" not in str(LedgerEntry.objects.get(action="suggest.received").facts) and sealed_rows_open(None) == []
    reviewer = client_of(county.person("qinghe", "first_reviewer")).get(reverse("office:suggestion", args=[row.pk])).content.decode()
    assert "13900001111" not in reviewer and "已加密" in reviewer
    assert callers.contact_of("J2026-1-9999", row.contact) is None, "copied into another suggestion it does not open"
    settings.DATA_KEYS = {"other": b"k" * 32}
    (error,) = sealed_rows_open(None)
    assert error.id == "gongkai.E003" and "建议人的联系方式" in error.msg


def test_the_address_is_never_kept(county: County) -> None:
    row, _ = suggested(county, address="192.0.2.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM disclosure_suggestion")
        assert "192.0.2.77" not in str(cursor.fetchall())
    assert row.address_mark == callers.mark_of("192.0.2.77", row.received_on)
    assert row.address_mark != callers.mark_of("192.0.2.77", row.received_on + datetime.timedelta(days=1))


# --- who answers, and what is refused ---------------------------------------------------------------------------------------


def test_a_stranger_organ_neither_sees_nor_answers(county: County) -> None:
    row, _ = suggested(county)
    detail, keeping = reverse("office:suggestion", args=[row.pk]), reverse("office:keep_suggestion", args=[row.pk])
    said = {"outcome": "not", "words": "不公开"}
    for organ, duty, sees in (
        ("baishu", "office_head", 404), ("baishu", "drafter", 404), ("yunchuan", "office_head", 404), ("yunchuan", "authority", 200),
        ("qinghe", "first_reviewer", 200),
    ):  # fmt: skip
        client = client_of(county.person(organ, duty))
        assert client.get(detail).status_code == sees
        assert (WANTED in client.get(reverse("office:suggestions")).content.decode()) == (sees == 200)
        assert WANTED not in client.get(reverse("office:home")).content.decode()
        assert client.post(detail, said).status_code == 404 and client.post(keeping, {"item": "x"}).status_code == 404
        with pytest.raises(NotPermitted):
            actions.answer(person=county.person(organ, duty), on=DAY, suggestion=row, reply=actions.Reply(**said))
    assert not SuggestionAnswer.objects.exists()


def test_the_county_answers_its_own_and_chooses_among_those_below(county: County) -> None:
    suggested(county, "yunchuan", wanted="县里的账")
    suggested(county, wanted="镇里的账")
    authority = client_of(county.person("yunchuan", "authority"))
    both = authority.get(reverse("office:suggestions")).content.decode()
    one = authority.get(reverse("office:suggestions"), {"agency": county.organs["qinghe"].path}).content.decode()
    assert ("县里的账" in both, "镇里的账" in both) == (True, True)
    assert ("县里的账" in one, "镇里的账" in one) == (False, True)
    row = Suggestion.objects.get(agency=county.root)
    answered(county, row, "yunchuan")
    assert row.answer.outcome == "will"


def test_a_suggestion_is_answered_once(county: County) -> None:
    row, _ = suggested(county)
    answered(county, row)
    with pytest.raises(Refused, match="已经答复"):
        answered(county, row, outcome="not", words="又想了想")
    again = client_of(county.person("qinghe", "drafter")).post(
        reverse("office:suggestion", args=[row.pk]), {"outcome": "not", "words": "又想了想"}
    )
    assert again.status_code == 422 and "已经答复" in again.content.decode()
    assert SuggestionAnswer.objects.get().outcome == "will"


def _withdrawn(county: County) -> str:
    publication = county.published()
    items.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
    return str(publication.item.index_number)


FOUND: dict[str, tuple[Callable[[County], str], str]] = {
    "withdrawn": (_withdrawn, "没有公开：还没有发布，或者已经撤回"),
    "a draft": (lambda county: str(county.draft().index_number), "没有公开：还没有发布，或者已经撤回"),
    "another organ's": (lambda county: str(county.published("baishu").item.index_number), "没有这个索引号"),
    "nowhere": (lambda _: "11361000/2026-99999", "没有这个索引号"),
    "nothing": (lambda _: "  ", "请填写公开的信息的索引号"),
}


@pytest.mark.parametrize("name", FOUND)
def test_only_what_the_organ_has_public_is_an_answer(county: County, name: str) -> None:
    made, told = FOUND[name]
    row, _ = suggested(county)
    item = made(county)
    with pytest.raises(Refused, match=told):
        answered(county, row, outcome="already", item=item)
    promise = answered(county, row)
    with pytest.raises(Refused, match=told):
        actions.keep(person=county.person("qinghe", "office_head"), on=DAY, answer=promise, item=item)
    assert not SuggestionKept.objects.exists()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ({"outcome": ""}, "请选择怎样答复"),
        ({"outcome": "maybe"}, "请选择怎样答复"),
        ({"outcome": "will", "words": " "}, "请写明答复"),
        ({"outcome": "not", "words": ""}, "请写明答复"),
        ({"outcome": "not", "ground": "99"}, "没有所选的不予公开情形"),
        ({"outcome": "elsewhere"}, "请选择属于哪个机关"),
    ],
)
def test_an_answer_without_what_it_needs_is_refused(county: County, reply: dict[str, str], told: str) -> None:
    row, _ = suggested(county)
    with pytest.raises(Refused, match=told):
        answered(county, row, **reply)
    assert not SuggestionAnswer.objects.exists()


def test_a_matter_is_passed_on_to_another_organ_of_the_county(county: County) -> None:
    far = Agency.objects.create(code="far", kind="county", name="远山县人民政府", short_name="远山县")
    row, _ = suggested(county)
    for organ in (county.organs["qinghe"], far):
        with pytest.raises(Refused, match="请选择属于哪个机关"):
            answered(county, row, outcome="elsewhere", organ=organ)


def test_only_a_promise_is_kept_and_only_once(county: County) -> None:
    head, publication = county.person("qinghe", "office_head"), county.published()
    (one, _), (two, _) = suggested(county), suggested(county)
    no = answered(county, one, outcome="not", words="属于过程稿。", ground="16-2b")
    with pytest.raises(Refused, match="只有答复为“纳入主动公开”"):
        actions.keep(person=head, on=DAY, answer=no, item=publication.item.index_number)
    promise = answered(county, two)
    actions.keep(person=head, on=DAY, answer=promise, item=publication.item.slug)
    with pytest.raises(Refused, match="已经登记"):
        actions.keep(person=head, on=DAY, answer=promise, item=publication.item.slug)


# --- lists ------------------------------------------------------------------------------------------------------------------


def test_the_longest_waiting_first_and_the_same_counted(county: County) -> None:
    said = ["公开2025年危房改造补助对象名单", "公开 2025年危房改造补助对象的名单！", "公开村级道路养护的花费"]
    for number, wanted in enumerate(said):
        with at(DAY + datetime.timedelta(days=number)):
            suggested(county, wanted=wanted)
    suggested(county, "baishu", wanted=said[0])
    agencies = Agency.objects.filter(code="qinghe")
    lines = queries.waiting(agencies, DAY + datetime.timedelta(days=9))
    assert [(line.row.wanted, line.age, line.n_alike) for line in lines] == [
        (said[0], 9, 2), (said[1], 8, 2), (said[2], 7, 1),
    ]  # fmt: skip
    page = client_of(county.person("qinghe", "office_head")).get(reverse("office:suggestions")).content.decode()
    assert page.count("相同建议 2 件") == 2
    detail = client_of(county.person("qinghe", "office_head")).get(reverse("office:suggestion", args=[lines[0].row.pk])).content.decode()
    assert "另有 1 件相同的建议待答复" in detail and lines[1].row.number in detail
    answered(county, lines[0].row)
    assert [line.n_alike for line in queries.waiting(agencies, DAY)] == [1, 1]
    assert queries.counts_of(agencies) == {"waiting": 2, "promised": 1, "answered": 0}


# --- proof ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["suggestion", "suggestionanswer", "suggestionkept"])
def test_rows_cannot_be_changed_or_removed(county: County, table: str) -> None:
    _whole_life(county)
    for sql in (f"UPDATE disclosure_{table} SET entry_id = entry_id", f"DELETE FROM disclosure_{table}"):
        with pytest.raises(IntegrityError, match="建议公开的记录不能改动或者删除"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_database_keeps_no_promise_that_was_not_made(county: County) -> None:
    publication, (row, _) = county.published(), suggested(county)
    no = answered(county, row, outcome="not", words="属于过程稿。")
    with pytest.raises(IntegrityError, match="只有答复为纳入主动公开"), transaction.atomic():
        SuggestionKept.objects.create(answer=no, publication=publication, kept_on=DAY, entry=no.entry)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE disclosure_suggestion SET wanted = '别的'",
        "UPDATE disclosure_suggestion SET contact = ''",
        "UPDATE disclosure_suggestionanswer SET words = '改过的答复'",
        "UPDATE disclosure_suggestionkept SET kept_on = '2026-01-05'",
        "DELETE FROM disclosure_suggestionkept",
    ],
)
def test_verify_names_what_was_changed(county: County, sql: str) -> None:
    _whole_life(county)
    assert list(verify()) == []
    without_triggers(sql)
    (broken,) = suggestions_hold()
    assert "内容" in broken.words


def _whole_life(county: County) -> Publication:
    row, _ = suggested(county, contact="13900001111")
    promise, publication = answered(county, row), county.published()
    actions.keep(person=county.person("qinghe", "office_head"), on=DAY, answer=promise, item=Item.objects.get().index_number)
    return publication

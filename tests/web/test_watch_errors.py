"""Reports of errors by the public: received without an account, answered, and read by nobody without the code."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.watch import actions as watch
from gongkai.web.disclosure.watch import callers, queries
from gongkai.web.disclosure.watch.models import ErrorReport
from gongkai.web.disclosure.watch.sealed import sealed_rows_open
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County, public_address
from tests.web.test_walk import client_of
from tests.web.watched import reported

SAID = {"quoted": "三月二十日", "wrong": "日期应当是三月十二日", "contact": "13900001111", "website": ""}


def at(day: datetime.date) -> object:
    return moment.at(datetime.datetime.combine(day, datetime.time(9), tzinfo=moment.ZONE))


def test_a_report_is_received_answered_and_read(county: County) -> None:
    publication = county.published()
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(public_address(publication.item_id)).content.decode()
    address = public_address(publication.item_id, "portal:report_error")
    assert address in page
    token = stranger.get(address).cookies["csrftoken"].value
    made = stranger.post(address, {**SAID, "csrfmiddlewaretoken": token})
    assert made.status_code == 302
    report = ErrorReport.objects.get()
    place = made["Location"]
    assert place.startswith(f"/errors/{report.number}/?code=")
    assert "已收到，等待答复" in stranger.get(place).content.decode()
    drafter = client_of(county.person("qinghe", "drafter"))
    assert "日期应当是三月十二日" in drafter.get(reverse("office:home")).content.decode()
    assert "13900001111" in drafter.get(reverse("office:error_report", args=[report.pk])).content.decode()
    answer = drafter.post(reverse("office:error_report", args=[report.pk]), {"is_taken": "yes", "words": "已改为三月十二日，谢谢指正。"})
    assert answer.status_code == 302
    told = stranger.get(place).content.decode()
    assert "采纳" in told and "已改为三月十二日，谢谢指正。" in told and "13900001111" not in told
    entries = LedgerEntry.objects.filter(action__startswith="watch.").order_by("number")
    assert [(entry.action, entry.person_id is None) for entry in entries] == [("watch.error_reported", True), ("watch.answer_error", False)]
    assert list(verify()) == []


def test_without_the_token_nothing_is_received(county: County) -> None:
    address = public_address(county.published().item_id, "portal:report_error")
    assert Client(enforce_csrf_checks=True).post(address, SAID).status_code == 403
    assert not ErrorReport.objects.exists()


def test_an_answer_is_not_read_with_a_wrong_code(county: County) -> None:
    publication = county.published()
    (one, code), (other, other_code) = reported(publication), reported(publication)
    watch.answer_error(person=county.person("qinghe", "office_head"), on=DAY, report=one, is_taken=True, words="答复只给提出的人看")
    for number, tried in (
        (one.number, other_code),
        (one.number, ""),
        (one.number, code[:-1]),
        ("E2026-1-9999", code),
        (other.number, code),
    ):
        answer = Client().get(reverse("portal:error", args=[number]), {"code": tried})
        assert answer.status_code == 404
        assert "答复只给提出的人看" not in answer.content.decode() and "三月二十日" not in answer.content.decode()
    assert "答复只给提出的人看" in Client().get(reverse("portal:error", args=[one.number]), {"code": code.lower()}).content.decode()
    found = Client().get(reverse("portal:error_lookup"), {"number": one.number, "code": code})
    assert found.status_code == 302
    assert Client().get(reverse("portal:error_lookup"), {"number": one.number, "code": other_code}).status_code == 404
    assert "no-store" in Client().get(reverse("portal:error", args=[one.number]), {"code": code})["Cache-Control"]


def test_one_address_reports_so_often_and_no_more(county: County) -> None:
    address = public_address(county.published().item_id, "portal:report_error")
    client = Client()
    assert [client.post(address, SAID, REMOTE_ADDR="192.0.2.1").status_code for _ in range(4)] == [302, 302, 302, 429]
    assert client.post(address, SAID, REMOTE_ADDR="192.0.2.2").status_code == 302
    assert ErrorReport.objects.count() == 4
    # What a message says of itself is not believed.
    assert client.post(address, SAID, REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.9").status_code == 429
    with at(moment.today() + datetime.timedelta(days=1)):
        assert client.post(address, SAID, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_one_address_reports_on_many_items_up_to_a_day(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MOST_OF_ADDRESS", 4)
    for number in range(4):
        reported(county.published(title=f"第{number}号"))
    with pytest.raises(watch.TooMany):
        reported(county.published(title="又一条"))


def test_who_fills_in_the_hidden_box_is_no_person(county: County) -> None:
    address = public_address(county.published().item_id, "portal:report_error")
    assert Client().post(address, {**SAID, "website": "http://example.org"}).status_code == 404
    assert not ErrorReport.objects.exists()


@pytest.mark.parametrize(("name", "length"), [("quoted", 501), ("wrong", 1001), ("contact", 101)])
def test_too_long_is_refused_and_kept_on_the_page(county: County, name: str, length: int) -> None:
    address = public_address(county.published().item_id, "portal:report_error")
    answer = Client().post(address, {**SAID, name: "长" * length})
    assert answer.status_code == 422
    assert "长" * length in answer.content.decode()
    assert not ErrorReport.objects.exists()


def test_what_is_not_public_cannot_be_reported_on(county: County) -> None:
    publication = county.published()
    draft = county.draft(title="草稿")
    actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
    for item in (publication.item_id, draft.pk, 999_999):
        assert Client().get(public_address(item, "portal:report_error")).status_code == 404


def test_the_contact_is_sealed_at_rest(county: County, settings: Any) -> None:
    report, _ = reported(county.published(), contact="13900001111")
    assert "13900001111" not in report.contact and callers.contact_of(report.number, report.contact) == "13900001111"
    assert "13900001111" not in str(LedgerEntry.objects.get(action="watch.error_reported").facts)
    reviewer = client_of(county.person("qinghe", "first_reviewer")).get(reverse("office:error_report", args=[report.pk])).content.decode()
    assert "13900001111" not in reviewer and "已加密" in reviewer
    assert report.contact.startswith("sm4:") and sealed_rows_open(None) == []
    changed = report.contact[:-5] + ("A" if report.contact[-5] != "A" else "B") + report.contact[-4:]
    assert callers.contact_of(report.number, changed) is None
    assert callers.contact_of("E2026-1-9999", report.contact) is None, "copied into another report it does not open"
    settings.DATA_KEYS = {"other": b"k" * 32}
    assert callers.contact_of(report.number, report.contact) is None
    (error,) = sealed_rows_open(None)
    assert error.id == "gongkai.E003" and "纠错人的联系方式" in error.msg


def test_the_address_is_never_kept(county: County) -> None:
    report, _ = reported(county.published(), address="192.0.2.77")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM disclosure_errorreport")
        assert "192.0.2.77" not in str(cursor.fetchall())
    assert callers.mark_of("192.0.2.77", DAY) != callers.mark_of("192.0.2.77", DAY + datetime.timedelta(days=1))
    assert report.address_mark == callers.mark_of("192.0.2.77", report.received_on)


def test_a_report_is_answered_once_by_who_may(county: County) -> None:
    report, _ = reported(county.published())
    for organ, duty in (("qinghe", "first_reviewer"), ("baishu", "office_head"), ("yunchuan", "authority")):
        client = client_of(county.person(organ, duty))
        assert client.post(reverse("office:error_report", args=[report.pk]), {"is_taken": "no", "words": "不是错"}).status_code == 404
        with pytest.raises(NotPermitted):
            watch.answer_error(person=county.person(organ, duty), on=DAY, report=report, is_taken=False, words="不是错")
    head = county.person("qinghe", "office_head")
    watch.answer_error(person=head, on=DAY, report=report, is_taken=False, words="不是错")
    with pytest.raises(Refused) as caught:
        watch.answer_error(person=head, on=DAY, report=report, is_taken=True, words="又想了想")
    assert caught.value.message == "这件纠错已经答复。"


def test_unanswered_reports_grow_old_by_the_inspections_limit(county: County) -> None:
    with at(DAY):
        report, _ = reported(county.published())
    told = {days: queries.report_urgency(report, DAY + datetime.timedelta(days=days)) for days in (0, 42, 43, 61, 62)}
    assert told == {0: "far", 42: "far", 43: "near", 61: "near", 62: "past"}


@pytest.mark.parametrize("sql", ["UPDATE disclosure_errorreport SET wrong = 'x'", "DELETE FROM disclosure_erroranswer"])
def test_reports_and_answers_cannot_be_changed(county: County, sql: str) -> None:
    report, _ = reported(county.published())
    watch.answer_error(person=county.person("qinghe", "office_head"), on=DAY, report=report, is_taken=False, words="不是错")
    with pytest.raises(IntegrityError, match="监测的记录不能改动或者删除"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

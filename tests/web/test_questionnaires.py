"""Questionnaires: put to the public, answered without an account, counted, and the figures shown after the end."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure.questionnaires import actions, queries
from gongkai.web.disclosure.questionnaires.models import AnswerSheet, Questionnaire
from gongkai.web.disclosure.questionnaires.questions import checked_answers, checked_questions, count
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from tests.web.conftest import DAY, County
from tests.web.solicited import LAST, QUESTIONS, at, surveyed
from tests.web.test_ledger import without_triggers
from tests.web.test_walk import client_of

ENDED = LAST + datetime.timedelta(days=1)


def page_of(row: Questionnaire) -> str:
    return reverse("portal:questionnaire", args=[row.pk])


def test_from_the_questions_to_the_public_figures(county: County) -> None:
    head, stranger = client_of(county.person("qinghe", "office_head")), Client()
    organ = county.organs["qinghe"].pk
    form = {
        "agency": organ,
        "about": organ,
        "title": "政务公开满意度调查",
        "introduction": "",
        "from_on": "2026-03-02",
        "until_on": "2026-04-01",
    }
    asked = {
        "q-TOTAL_FORMS": "3", "q-INITIAL_FORMS": "0", "q-0-words": "打几分", "q-0-kind": "scale", "q-0-is_required": "on",
        "q-1-words": "从哪里看", "q-1-kind": "single", "q-1-choices": "网站\n公开栏", "q-2-words": "建议", "q-2-kind": "text",
    }  # fmt: skip
    with at(DAY):
        assert head.post(reverse("office:questionnaire_new"), {**form, **asked}).status_code == 302
        row = Questionnaire.objects.get()
        assert page_of(row) in stranger.get(reverse("portal:questionnaires")).content.decode()
        for answers, address in (
            ({"q1": "5", "q2": "1"}, "1"),
            ({"q1": "4", "q2": "1", "q3": "公开栏太高，看不清。"}, "2"),
            ({"q1": "2", "q2": "2"}, "3"),
        ):
            made = stranger.post(page_of(row), answers, REMOTE_ADDR=f"192.0.2.{address}")
            assert made.status_code == 302 and "已提交，谢谢" in stranger.get(made["Location"]).content.decode()
        assert "平均" not in stranger.get(page_of(row)).content.decode()
        assert head.post(reverse("office:questionnaire_publish", args=[row.pk])).status_code == 302
        assert Questionnaire.objects.get().figures_by is None, "not before the end"
    with at(ENDED):
        assert stranger.post(page_of(row), {"q1": "5"}).status_code == 404
        assert "填写已截止" in stranger.get(page_of(row)).content.decode()
        office = head.get(reverse("office:questionnaire", args=[row.pk])).content.decode()
        # (5 + 4 + 2) / 3 and two of three, by hand.
        assert "平均 3.7 分" in office and "公开栏太高，看不清。" in office and ">67%</td>" in office
        head.post(reverse("office:questionnaire_publish", args=[row.pk]))
        page = stranger.get(page_of(row)).content.decode()
        assert "已公布结果" in page and "平均 3.7 分" in page and "3 份" in page
        assert "公开栏太高" not in page
    entries = LedgerEntry.objects.filter(action__startswith="survey.").order_by("number")
    assert [(entry.action, entry.person_id is None) for entry in entries] == [
        ("survey.open", False), *[("survey.received", True)] * 3, ("survey.publish_figures", False),
    ]  # fmt: skip
    assert list(verify()) == []


@pytest.mark.parametrize(
    "questions",
    [
        [],
        [{"kind": "scale", "words": " "}],
        [{"kind": "essay", "words": "题"}],
        [{"kind": "single", "words": "题", "choices": ["只有一个"]}],
        [{"kind": "single", "words": "题", "choices": ["同", "同"]}],
        [{"kind": "multiple", "words": "题", "choices": [str(n) for n in range(11)]}],
        [{"kind": "text", "words": "题"}] * 11,
    ],
)
def test_what_cannot_be_asked(questions: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused):
        checked_questions(questions)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"1": "5"}, {"1": 5}),
        ({"1": "1", "2": "3", "3": ["3", "1", "3"], "4": "好\n\n很好"}, {"1": 1, "2": 3, "3": [1, 3], "4": "好\n很好"}),
        ({"1": "5", "2": "", "3": [], "4": "  "}, {"1": 5}),
        ({}, None),
        ({"2": "1"}, None),
        ({"1": "0"}, None),
        ({"1": "6"}, None),
        ({"1": "５"}, None),
        ({"1": "5", "2": "4"}, None),
        ({"1": "5", "2": ["1", "2"]}, None),
        ({"1": "5", "3": ["4"]}, None),
        ({"1": "5", "4": "长" * 501}, None),
    ],
)
def test_answers_are_kept_only_as_they_were_offered(said: dict[str, Any], kept: dict[str, Any] | None) -> None:
    questions = checked_questions(QUESTIONS)
    if kept is None:
        with pytest.raises(Refused):
            checked_answers(questions, said)
    else:
        assert checked_answers(questions, said) == kept


def test_counting_by_hand() -> None:
    sheets = [{"1": 5, "3": [1, 2]}, {"1": 4, "2": 1, "3": [1]}, {"1": 4, "4": "建议"}]
    scale, single, multiple, text = count(checked_questions(QUESTIONS), sheets)
    assert (scale.n, scale.mean, [row[1] for row in scale.rows]) == (3, "4.3", [0, 0, 0, 2, 1])
    assert (single.n, single.rows) == (1, (("网站", 1, 100), ("公开栏", 0, 0), ("微信", 0, 0)))
    assert (multiple.n, multiple.rows) == (2, (("政策", 2, 100), ("资金", 1, 50), ("招聘", 0, 0)))
    assert (text.n, text.texts, text.mean) == (1, ("建议",), None)


def test_nobody_answered_is_no_zero_points() -> None:
    assert count(checked_questions(QUESTIONS), [])[0].mean is None


def test_limits_token_and_trap(county: County) -> None:
    row, client = surveyed(county), Client()
    with at(DAY):
        assert Client(enforce_csrf_checks=True).post(page_of(row), {"q1": "5"}).status_code == 403
        assert client.post(page_of(row), {"q1": "5", "website": "x"}).status_code == 404
        assert client.post(page_of(row), {}).status_code == 422
        assert [client.post(page_of(row), {"q1": "5"}, REMOTE_ADDR="192.0.2.1").status_code for _ in range(4)] == [302, 302, 302, 429]
        assert client.post(page_of(row), {"q1": "5"}, REMOTE_ADDR="192.0.2.2").status_code == 302
    assert AnswerSheet.objects.count() == 4
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM disclosure_answersheet")
        assert "192.0.2" not in str(cursor.fetchall())


def test_answers_come_in_from_the_first_day_to_the_last(county: County) -> None:
    row = surveyed(county, from_on=DAY + datetime.timedelta(days=2))
    for day, is_open in ((DAY, False), (row.from_on, True), (LAST, True), (ENDED, False)):
        with at(day, 23):
            assert (Client().post(page_of(row), {"q1": "5"}).status_code == 302) is is_open
            assert Client().get(page_of(row)).status_code == 200
    with at(ENDED), pytest.raises(Refused, match="期限内"):
        actions.send_sheet(questionnaire=row, answers={"1": "5"}, address="192.0.2.9")


@pytest.mark.parametrize("place", ["title", "introduction", "question", "choice"])
def test_what_goes_out_past_review_is_screened(county: County, place: str) -> None:
    secret = "机密★1年"
    changes: dict[str, Any] = {place: f"关于{secret}"}
    if place == "question":
        changes = {"questions": [{"kind": "text", "words": secret}]}
    if place == "choice":
        changes = {"questions": [{"kind": "single", "words": "题", "choices": ["是", secret]}]}
    with pytest.raises(Refused, match="公众会直接看到"):
        surveyed(county, **changes)
    assert not Questionnaire.objects.exists() and not LedgerEntry.objects.exists()


def test_an_organ_asks_about_itself_and_those_below(county: County) -> None:
    with pytest.raises(Refused, match="本机关和下级"):
        surveyed(county, about=county.organs["baishu"])
    asked = actions.Asked(about=county.organs["baishu"], title="社会评议", questions=QUESTIONS, until_on=LAST)
    row = actions.open_questionnaire(person=county.person("yunchuan", "authority"), on=DAY, agency=county.root, asked=asked)
    assert row.about == county.organs["baishu"]
    with pytest.raises(NotPermitted):
        actions.open_questionnaire(person=county.person("baishu", "office_head"), on=DAY, agency=county.root, asked=asked)


def test_a_foreign_organ_sees_nothing(county: County) -> None:
    row = surveyed(county)
    client = client_of(county.person("baishu", "office_head"))
    assert row.title not in client.get(reverse("office:questionnaires")).content.decode()
    assert client.get(reverse("office:questionnaire", args=[row.pk])).status_code == 404
    assert client.post(reverse("office:questionnaire_publish", args=[row.pk])).status_code == 404
    assert queries.seen_by(county.person("yunchuan", "authority")).get() == row


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE disclosure_questionnaire SET title = '改过'", "内容与台账"),
        ("UPDATE disclosure_answersheet SET answers = '{\"1\": 1}'", "内容与台账"),
        ("DELETE FROM disclosure_answersheet", "找不到它的内容"),
        ("UPDATE disclosure_questionnaire SET figures_by_id = entry_id", "公布结果的记录"),
    ],
)
def test_whoever_changes_a_row_past_the_platform_is_found_out(county: County, sql: str, told: str) -> None:
    row = surveyed(county)
    with at(DAY):
        actions.send_sheet(questionnaire=row, answers={"1": "5"}, address="192.0.2.1")
    if "figures_by" not in sql:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert list(verify()) == []
    without_triggers(sql)
    assert any(told in broken.words for broken in verify())

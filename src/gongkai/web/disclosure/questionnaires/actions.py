"""Every write about questionnaires: one is opened, sheets come in, the figures are made public."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.questionnaires.models import AnswerSheet, Questionnaire
from gongkai.web.disclosure.questionnaires.questions import Answers, Question, checked_answers, checked_questions
from gongkai.web.disclosure.screening import demand_presentable
from gongkai.web.disclosure.soliciting import callers
from gongkai.web.disclosure.soliciting.values import line, lines, most
from gongkai.web.ledger.acts import Act, action, append
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.seals import sealing
from gongkai.web.settings import moment


class TooMany(Refused):
    """An address sent more sheets than a person does, or a questionnaire got more in a day than anybody could."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a questionnaire says: the organ it is about, title and introduction, the questions, and from when until when."""

    about: Agency
    title: str
    questions: Sequence[Question]
    until_on: datetime.date
    from_on: datetime.date | None = None
    introduction: str = ""


def _of_row(questionnaire: Questionnaire, **_: Any) -> Agency:
    return questionnaire.agency


@action("survey.open", agency=lambda agency, **_: agency)
def open_questionnaire(act: Act, *, agency: Agency, asked: Asked) -> Questionnaire:
    """Put questions to the public. What they say goes past the reviews, so it is screened here."""
    title, introduction = line(asked.title, "title"), lines(asked.introduction, "introduction")
    begins, questions = asked.from_on or act.on, checked_questions(asked.questions)
    if not title:
        raise Refused("请填写标题。")
    if not asked.about.path.startswith(agency.path):
        raise Refused("只能评议本机关和下级机关。")
    if begins < act.on or asked.until_on <= begins or (asked.until_on - begins).days > most("days"):
        raise Refused(f"起始日期不能早于今天，截止日期应当在起始日期之后，最长{most('days')}天。")
    texts = {"标题": title, "说明": introduction}
    for number, question in enumerate(questions, start=1):
        texts[f"第{number}题"] = "\n".join([question["words"], *question.get("choices", ())])
    demand_presentable(agency, act.on, texts)
    row = Questionnaire(
        agency=agency, about=asked.about, title=title, introduction=introduction, questions=questions, from_on=begins, until_on=asked.until_on
    )  # fmt: skip
    facts = {"title": title, "about": asked.about.path, "from": begins.isoformat(), "until": asked.until_on.isoformat()}
    row.entry = act.record(agency, change=(None, row.content()), facts=facts)
    row.save(force_insert=True)
    return row


def send_sheet(*, questionnaire: Questionnaire, answers: Answers, address: str) -> AnswerSheet:
    """What somebody of the public answers, who has no account. The address is kept only as a mark that changes every day."""
    said, on = checked_answers(questionnaire.questions, answers), moment.today()
    mark = callers.mark_of(address, on)
    with transaction.atomic(), sealing():
        # The lock lets sheets of one organ come one after another, so that each counts those before.
        agency = Agency.objects.select_for_update(no_key=True).get(pk=questionnaire.agency_id)
        if not questionnaire.from_on <= on <= questionnaire.until_on:
            raise Refused("现在不在填写问卷的期限内，没有收下。")
        _demand_few(mark, questionnaire, on)
        row = AnswerSheet(questionnaire=questionnaire, answers=said, address_mark=mark, received_on=on)
        row.entry = append(
            agency=agency, person=None, thing=questionnaire, occurred_on=on,
            marks={"action": "survey.received", "duty": "", "after": digest_of(row.content()), "facts": {}},
        )  # fmt: skip
        row.save(force_insert=True)
    return row


def _demand_few(mark: str, questionnaire: Questionnaire, on: datetime.date) -> None:
    of_day = AnswerSheet.objects.filter(received_on=on)
    on_one, own = of_day.filter(questionnaire=questionnaire), of_day.filter(address_mark=mark)
    few = own.filter(questionnaire=questionnaire).count() < most("sheets_of_address_on_one") and own.count() < most("sheets_of_address")
    if not few or on_one.count() >= most("sheets_on_one"):
        raise TooMany("今天从您这里提交的问卷已经很多，或者这份问卷今天收到的已经很多，请明天再填。")


@action("survey.publish_figures", agency=_of_row)
def publish_figures(act: Act, *, questionnaire: Questionnaire) -> Questionnaire:
    """Let the public see how often each choice was chosen, after the end. Texts that somebody wrote stay in the office."""
    row = Questionnaire.objects.select_for_update(of=("self",)).select_related("agency").get(pk=questionnaire.pk)
    if act.on <= row.until_on:
        raise Refused(f"问卷填到{row.until_on}截止，截止以后再公布结果。")
    if row.figures_by_id is not None:
        raise Refused("结果已经公布，请刷新页面。")
    row.figures_by = act.record(row, facts={"sheets": row.sheets.count()})
    row.save(update_fields=["figures_by"])
    return row

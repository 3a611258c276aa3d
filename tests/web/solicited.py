"""Calls for opinions, made by driving the actions."""

from __future__ import annotations

import datetime
from typing import Any

from gongkai.web.disclosure.questionnaires import actions as questionnaire_actions
from gongkai.web.disclosure.questionnaires.models import Questionnaire
from gongkai.web.disclosure.soliciting import actions
from gongkai.web.disclosure.soliciting.models import Opinion, OpinionSummary, Solicitation
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County

# A second of March and thirty days: the day of publication is not counted.
LAST = datetime.date(2026, 4, 1)
DRAFT = {
    "title": "青禾镇农村公路养护办法（征求意见稿）", "kind": "solicitation", "column": "a20_01",
    "body": "<p>第一条 乡道每季度养护一次。</p><p>第二条 村道由村委会负责。</p>", "summary": "说明：规定养护由谁负责、多久一次。",
}  # fmt: skip


def at(day: datetime.date, hour: int = 9) -> Any:
    """That day in China."""
    return moment.at(datetime.datetime.combine(day, datetime.time(hour), tzinfo=moment.ZONE))


def called(county: County, organ: str = "qinghe", *, on: datetime.date = DAY, **terms: Any) -> Solicitation:
    """A published draft on which the public is asked."""
    publication = county.published(organ, **DRAFT)
    head = county.person(organ, "office_head")
    said = actions.Terms(**{"matter": "decision_comment", "from_on": on, **terms})
    row: Solicitation = actions.solicit(person=head, on=on, item=publication.item, terms=said, ways=actions.Ways(phone="0790-6123456"))
    return row


def sent(row: Solicitation, text: str = "村道也应当由镇里养护。", address: str = "192.0.2.7", **said: str) -> tuple[Opinion, str]:
    """An opinion that somebody sent by the site, and his code."""
    return actions.send_opinion(solicitation=row, sent=actions.Sent(text=text, **said), address=address)


def summarized(county: County, row: Solicitation, on: datetime.date, organ: str = "qinghe", **changes: Any) -> OpinionSummary:
    """The summary as it is drafted."""
    point = {"said": "村道由镇里养护", "n": 1, "fate": "partly", "why": "第二条改为镇里给予补助。", **changes}
    made: OpinionSummary = actions.summarize(
        person=county.person(organ, "drafter"), on=on, solicitation=row, column="a20_01", points=[actions.Point(**point)]
    )
    return made


QUESTIONS = [
    {"kind": "scale", "words": "您对公开的内容满意吗", "is_required": True},
    {"kind": "single", "words": "您从哪里看公开信息", "choices": ["网站", "公开栏", "微信"]},
    {"kind": "multiple", "words": "您还想看哪些信息", "choices": ["政策", "资金", "招聘"]},
    {"kind": "text", "words": "您还有什么建议"},
]


def surveyed(county: County, organ: str = "qinghe", on: datetime.date = DAY, **changes: Any) -> Questionnaire:
    """A questionnaire of an organ about itself, open from that day to the last of :data:`LAST`."""
    agency = county.organs[organ]
    said = {
        "about": agency,
        "title": "政务公开满意度调查",
        "introduction": "请就本镇政务公开打分。",
        "questions": QUESTIONS,
        "until_on": LAST,
    }
    asked = questionnaire_actions.Asked(**{**said, **changes})
    made: Questionnaire = questionnaire_actions.open_questionnaire(
        person=county.person(organ, "office_head"), on=on, agency=agency, asked=asked
    )
    return made

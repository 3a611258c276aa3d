"""What the demo's public was asked, told in opinions.yaml: calls for opinions on drafts, and questionnaires. Each does nothing the second time."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gongkai.web.demo.lives import Life, at, content_of, organ_of, published, who
from gongkai.web.demo.texts import Text, table
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.questionnaires.actions import Asked, open_questionnaire, publish_figures, send_sheet
from gongkai.web.disclosure.questionnaires.models import Questionnaire
from gongkai.web.disclosure.soliciting.actions import (
    Point,
    Sent,
    Terms,
    Ways,
    enter_opinion,
    send_opinion,
    set_aside,
    solicit,
    summarize,
)
from gongkai.web.disclosure.soliciting.models import Opinion, Solicitation
from gongkai.web.disclosure.soliciting.values import SITE
from gongkai.web.settings import moment


def opinions() -> Iterator[Life]:
    """Every call and every questionnaire."""
    today, told = moment.today(), table("opinions")
    yield from (_call(said, today) for said in told["calls"])
    yield from (_questionnaire(said, today) for said in told["questionnaires"])


def _day(said: datetime.date | int, today: datetime.date) -> datetime.date:
    return today + datetime.timedelta(days=said) if isinstance(said, int) else said


def _address(number: int) -> str:
    """One that documentation may use (RFC 5737), another for everybody."""
    return f"198.51.100.{number}"


def _call(said: Mapping[str, Any], today: datetime.date) -> Life:
    organ, title, kind, column, formed_on, published_on = said["text"]
    text = Text(organ, title, said["body"], kind, column, _day(formed_on, today), _day(published_on, today))
    # A draft that was put to the public in an earlier run is not put once more on another day.
    item = Item.objects.filter(agency=organ_of(organ), title=title).first()
    if item is None or not item.publications.exists():
        yield from published(text, content_of(text))
        item = Item.objects.get(agency=organ_of(organ), title=title)
    matter, *ends = said["terms"]
    from_on, until_on = (_day(day, today) for day in ends)
    call = Solicitation.objects.filter(item=item).first()
    if call is None:
        yield at(from_on, 17)
        agency = organ_of(organ)
        call = solicit(
            person=who(organ, "office_head"), on=from_on, item=item, terms=Terms(matter=matter, from_on=from_on, until_on=until_on),
            ways=Ways(postal=agency.address, phone=agency.phone),
        )  # fmt: skip
    known = set(Opinion.objects.filter(solicitation=call).values_list("text", flat=True))
    for number, (day, channel, words, aside) in enumerate(said["opinions"], start=1):
        if words not in known:
            yield at(_day(day, today), 20, number)
            opinion = _opinion(call, organ, channel, words, number)
            if aside:
                set_aside(person=who(organ, "office_head"), on=moment.today(), opinion=opinion, why=aside, reason=said["aside"])
    if "points" in said:
        yield from _summed_up(call, organ, said)


def _opinion(call: Solicitation, organ: str, channel: str, words: str, number: int) -> Opinion:
    sent = Sent(text=words)
    if channel == SITE:
        return send_opinion(solicitation=call, sent=sent, address=_address(number))[0]
    return enter_opinion(person=who(organ, "drafter"), on=moment.today(), solicitation=call, sent=sent, channel=channel)


def _summed_up(call: Solicitation, organ: str, said: Mapping[str, Any]) -> Life:
    """What became of the opinions, drafted, reviewed and published as any item is."""
    summary = call.summaries.filter(item__is_discarded=False).first()
    if summary is None:
        yield at(said["summary_on"], 9, 10)
        points = [Point(said=words, n=n, fate=fate, why=why) for words, n, fate, why in said["points"]]
        column = call.publication.column
        summary = summarize(person=who(organ, "drafter"), on=said["summary_on"], solicitation=call, column=column, points=points)
    content = summary.item.current.content
    text = Text(organ, content["title"], content["body"], content["kind"], content["column"], said["summary_on"], said["published_on"])
    yield from published(text, content_of(text))


def _questionnaire(said: Mapping[str, Any], today: datetime.date) -> Life:
    organ, (from_on, until_on) = said["organ"], (_day(day, today) for day in said["days"])
    row = Questionnaire.objects.filter(agency=organ_of(organ), title=said["title"]).first()
    if row is None:
        yield at(from_on, 9)
        asked = Asked(
            about=organ_of(said["about"]), title=said["title"], introduction=said["introduction"], questions=said["questions"],
            from_on=from_on, until_on=until_on,
        )  # fmt: skip
        row = open_questionnaire(person=who(organ, "authority"), on=from_on, agency=organ_of(organ), asked=asked)
    for number, answers in list(enumerate(said["sheets"], start=1))[row.sheets.count() :]:
        yield at(from_on, 19, number)
        send_sheet(questionnaire=row, answers=_answers(answers), address=_address(number))
    if "published_on" in said and row.figures_by_id is None:
        yield at(said["published_on"], 10)
        publish_figures(person=who(organ, "authority"), on=said["published_on"], questionnaire=row)


def _answers(said: Sequence[Any]) -> dict[str, Any]:
    """By the number of the question; a text that is empty is no answer."""
    return {str(number): answer for number, answer in enumerate(said, start=1) if answer != ""}

"""Suggestions to publish, made by driving the actions."""

from __future__ import annotations

import datetime
from typing import Any

from gongkai.web.disclosure.suggesting import actions
from gongkai.web.disclosure.suggesting.models import Suggestion, SuggestionAnswer
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County

WANTED = "2025年农村危房改造补助的对象和金额"


def at(day: datetime.date, hour: int = 9) -> Any:
    """That day in China."""
    return moment.at(datetime.datetime.combine(day, datetime.time(hour), tzinfo=moment.ZONE))


def suggested(county: County, organ: str = "qinghe", address: str = "192.0.2.7", **said: str) -> tuple[Suggestion, str]:
    """A suggestion that somebody sent, and his code."""
    agency = county.root if organ == "yunchuan" else county.organs[organ]
    return actions.suggest(agency=agency, wish=actions.Wish(**{"wanted": WANTED, **said}), address=address)


def answered(county: County, row: Suggestion, by: str = "qinghe", on: datetime.date = DAY, **reply: Any) -> SuggestionAnswer:
    """Its answer by the organ's head; a promise when nothing else is said."""
    said = actions.Reply(**{"outcome": "will", "words": "纳入主动公开，三月底前公布。", **reply})
    made: SuggestionAnswer = actions.answer(person=county.person(by, "office_head"), on=on, suggestion=row, reply=said)
    return made

"""Loads the demo county. Running it again adds nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password

from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.models import Item
from gongkai.web.review.actions import decide
from gongkai.web.review.models import Run
from gongkai.web.review.stages import stages
from gongkai.web.settings import moment

# The demo's people all sign in with this; it is printed, and only the demo knows it.
PASSWORD = "mingshan-2026-demo"  # noqa: S105 - shown to whoever loads the demo
FIRST_DAY = datetime.date(2019, 5, 15)
_FOLDER = Path(__file__).parent

Say = Callable[[str], None]


@cache
def _table(name: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


def load(*, say: Say = lambda _: None) -> list[tuple[str, str, str]]:
    """The county, its people and its items; gives user name, full name and post of every account."""
    county = _agency(None, _table("county")["county"])
    below = [_agency(county, row) for row in _table("county")["agencies"]]
    accounts = _people(county, below)
    say(f"机关{len(below) + 1}个，人员{len(accounts)}名。")
    for organ, title, kind, column, formed_on, published_on, channel, others in _table("items")["items"]:
        _publish(organ, _content(title, kind, column, formed_on, channel, others), published_on)
    say(f"已发布信息{len(_table('items')['items'])}条。")
    for organ, title, kind, column, until in _table("items")["waiting"]:
        _leave_waiting(organ, title, kind, column, until)
    return accounts


def _agency(parent: Agency | None, row: Mapping[str, Any]) -> Agency:
    path = f"{parent.path if parent else ''}{row['code']}/"
    return Agency.objects.filter(path=path).first() or Agency.objects.create(parent=parent, **row)


def _people(county: Agency, below: list[Agency]) -> list[tuple[str, str, str]]:
    staff = [(county, duty, name) for duty, name in _table("county")["county_staff"].items()]
    staff += [(agency, duty, names[at]) for at, agency in enumerate(below) for duty, names in _table("county")["staff"].items()]
    accounts = []
    password = make_password(PASSWORD)  # one for all: hashing is slow on purpose
    for agency, duty, name in staff:
        username = f"{agency.code}-{duty.replace('_', '-')}"
        person = Person.objects.filter(username=username).first()
        if person is None:
            person = Person.objects.create(username=username, password=password, full_name=name)
            Post.objects.create(person=person, agency=agency, duty=duty, from_on=FIRST_DAY)
        accounts.append((username, name, str(person.posts_on(moment.today())[0])))
    return accounts


def _content(title: str, kind: str, column: str, formed_on: datetime.date, channel: str = "site", others: Any = ()) -> actions.Content:
    body = f"<p>{title}。现按照《中华人民共和国政府信息公开条例》的规定予以公开。</p><p>联系方式见本机关政府信息公开指南。</p>"
    return actions.Content(
        title=title, body=body, kind=kind, column=column, formed_on=formed_on, primary_channel=channel, channels=tuple(others)
    )


def _who(organ: str, duty: str) -> Person:
    return Person.objects.get(username=f"{organ}-{duty.replace('_', '-')}")


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=moment.ZONE)


def _begun(organ: str, content: actions.Content, day: datetime.date) -> Item | None:
    """A draft of that day; ``None`` when the demo has it already."""
    agency = Agency.objects.get(code=organ)
    if Item.objects.filter(agency=agency, title=content.title).exists():
        return None
    with moment.at(_at(day, 9)):
        item: Item = actions.draft(person=_who(organ, "drafter"), on=day, agency=agency, content=content)
    return item


def _submit(organ: str, item: Item, day: datetime.date) -> Run:
    with moment.at(_at(day, 10)):
        run: Run = actions.submit(person=_who(organ, "drafter"), on=day, item=item)
    return run


def _pass(organ: str, run: Run, day: datetime.date, *, times: int = 99) -> None:
    reviewers = {stage.name: duty for stage in stages().values() for duty in (f"{stage.name}_reviewer",)}
    for hour, name in enumerate(run.stages[:times], start=11):
        with moment.at(_at(day, hour)):
            decide(run=run, person=_who(organ, reviewers[name]), on=day, is_passed=True, checked=stages()[name].checklist)


def _publish(organ: str, content: actions.Content, day: datetime.date) -> None:
    item = _begun(organ, content, content.formed_on)
    if item is None:
        return
    run = _submit(organ, item, content.formed_on)
    _pass(organ, run, day)
    with moment.at(_at(day, 16)):
        publication = actions.publish(person=_who(organ, "office_head"), on=day, item=item)
        for delivery in publication.deliveries.filter(confirmed_on__isnull=True):
            actions.confirm_delivery(person=_who(organ, "drafter"), on=day, delivery=delivery, evidence="已发布，截图存办公室")


def _leave_waiting(organ: str, title: str, kind: str, column: str, until: str) -> None:
    day = moment.today()
    item = _begun(organ, _content(title, kind, column, day), day)
    if item is None or until == "draft":
        return
    run = _submit(organ, item, day)
    if until == "reviewed_once":
        _pass(organ, run, day, times=1)
    elif until == "ready":
        _pass(organ, run, day)
    elif until == "returned":
        decide(run=run, person=_who(organ, "first_reviewer"), on=day, is_passed=False, comment="请补充检查的起止时间和检查单位数。")

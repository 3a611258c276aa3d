"""The demo's acts in the order in which they would have occurred: every item is a life that wakes up at given moments."""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterable, Iterator
from functools import cache

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.demo.evidence import proof_of
from gongkai.web.demo.texts import Text
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.channels.actions import confirm_delivery
from gongkai.web.disclosure.content import Content
from gongkai.web.disclosure.kinds import kept
from gongkai.web.disclosure.models import Delivery, Item
from gongkai.web.review.actions import decide
from gongkai.web.review.models import COMPLETED, OPEN, Run
from gongkai.web.review.stages import stages
from gongkai.web.settings import moment

Life = Iterator[datetime.datetime]


def at(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    """A moment of that day in China."""
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=moment.ZONE)


def live(lives: Iterable[Life]) -> int:
    """Let every life go on at the moments it names, all of them together in the order of time; gives how many steps that took."""
    awake: list[tuple[datetime.datetime, int, Life]] = []
    for number, life in enumerate(lives):
        _sleep(awake, number, life)
    steps = 0
    while awake:
        now, number, life = heapq.heappop(awake)
        with moment.at(now):
            _sleep(awake, number, life)
        steps += 1
    return steps


def _sleep(awake: list[tuple[datetime.datetime, int, Life]], number: int, life: Life) -> None:
    when = next(life, None)
    if when is not None:
        heapq.heappush(awake, (when, number, life))


@cache
def who(organ: str, duty: str) -> Person:
    """The demo's person in that post."""
    return Person.objects.get(username=f"{organ}-{duty.replace('_', '-')}")


@cache
def organ_of(code: str) -> Agency:
    """The demo's organ."""
    return Agency.objects.get(code=code)


def content_of(text: Text) -> Content:
    """What the drafter fills in."""
    return Content(
        title=text.title, body=text.body, kind=text.kind, column=text.column, formed_on=text.formed_on,
        primary_channel=text.channel, channels=text.others, details=_details(text),
        special_topics=(text.section,) if text.section else (), approved_on=text.formed_on if text.kind == "budget" else None,
    )  # fmt: skip


def _details(text: Text) -> dict[str, str]:
    """What the kind of an item asks beside its text."""
    notice = {"notice_kind": "award", "amount": text.awarded} if text.awarded else {"notice_kind": "demand"}
    said = {**notice, "subject": text.title[:60], "decided_on": text.formed_on.isoformat()}
    return kept(text.kind, said)


def published(text: Text, content: Content) -> Life:
    """An item from draft to channel. One that a stopped run left half-way goes on from there."""
    item = Item.objects.filter(agency=organ_of(text.organ), title=text.title).first()
    if item is not None and item.publications.exists() and not _undelivered(item):
        return
    if item is None:
        yield at(text.formed_on, 9, 10)
        item = actions.draft(person=who(text.organ, "drafter"), on=text.formed_on, agency=organ_of(text.organ), content=content)
    yield from _reviewed(text, item)
    if not item.publications.exists():
        yield at(text.published_on, 16)
        actions.publish(person=who(text.organ, "office_head"), on=text.published_on, item=item)
    for number, delivery in enumerate(_undelivered(item)):
        yield at(text.published_on, 16, 20 + number)
        confirm_delivery(person=who(text.organ, "drafter"), on=text.published_on, delivery=delivery, proof=proof_of(delivery))


def _reviewed(text: Text, item: Item) -> Life:
    run: Run | None = actions.runs_of(item).first()
    if run is None or run.state not in (OPEN, COMPLETED):
        yield at(text.formed_on, 10, 30)
        run = actions.submit(person=who(text.organ, "drafter"), on=text.formed_on, item=item)
    for hour, name in enumerate(run.stages, start=11):
        if name not in run.passed():
            yield at(text.published_on, hour)
            passing(text.organ, run, name, text.published_on)
            run = Run.objects.get(pk=run.pk)


def passing(organ: str, run: Run, name: str, day: datetime.date) -> None:
    """One stage passed by who holds its post."""
    decide(run=run, person=who(organ, f"{name}_reviewer"), on=day, is_passed=True, checked=stages()[name].checklist)


def _undelivered(item: Item) -> list[Delivery]:
    return [delivery for publication in item.publications.all() for delivery in publication.deliveries.filter(confirmed_on__isnull=True)]

"""A county with one township, and the people who work there."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings

from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.actions import Content
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.ledger import proof
from gongkai.web.office.accounts.witness import accounts_hold
from gongkai.web.portal.caching import MEMORY, SHELF
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import stages

DAY = datetime.date(2026, 3, 2)
REVIEWERS = {"first": "first_reviewer", "second": "second_reviewer", "final": "final_reviewer", "secrecy": "secrecy_reviewer"}


@dataclass
class County:
    """The county, its organs by code, and its people by ``<organ>-<post>``."""

    root: Agency
    organs: dict[str, Agency] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, organ: str, duty: str) -> Person:
        """Who holds that post; made when first asked for."""
        name = f"{organ}-{duty}"
        if name not in self.people:
            agency = self.root if organ == "yunchuan" else self.organs[organ]
            person = Person.objects.create(username=name, password="!", full_name=name)
            Post.objects.create(person=person, agency=agency, duty=duty, from_on=datetime.date(2020, 1, 1))
            self.people[name] = person
        return self.people[name]

    def draft(self, organ: str = "qinghe", **changes: object) -> Item:
        """A draft by the organ's drafter."""
        agency = self.organs[organ]
        return actions.draft(person=self.person(organ, "drafter"), on=DAY, agency=agency, content=content(**changes))

    def reviewed(self, item: Item, *, organ: str = "qinghe", stop_after: int = 99) -> Item:
        """The item submitted and passed through its stages by different people."""
        run = actions.submit(person=self.person(organ, "drafter"), on=DAY, item=item)
        for name in run.stages[:stop_after]:
            decide(run=run, person=self.person(organ, REVIEWERS[name]), on=DAY, is_passed=True, checked=stages()[name].checklist)
        return item

    def published(self, organ: str = "qinghe", **changes: object) -> Publication:
        """An item that went the whole way."""
        item = self.reviewed(self.draft(organ, **changes), organ=organ)
        return actions.publish(person=self.person(organ, "office_head"), on=DAY, item=item)


def lies_at(digest: str) -> Path:
    """Where a kept file lies on this machine, for tests that damage or remove it."""
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def content(**changes: object) -> Content:
    """What a drafter fills in, with plain defaults."""
    values: dict[str, object] = {
        "title": "青禾镇2026年春季植树安排",
        "body": "<p>现将本镇2026年春季植树安排予以公开。</p>",
        "kind": "notice",
        "column": "a20_13",
        "formed_on": DAY - datetime.timedelta(days=3),
    }
    return Content(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def county(db: None) -> County:
    """云川县 with 青禾镇, 柏树乡 and 交通运输局."""
    root = Agency.objects.create(code="yunchuan", kind="county", name="云川县人民政府", short_name="云川县")
    made = County(root)
    for code, kind, name in (
        ("qinghe", "township", "云川县青禾镇人民政府"), ("baishu", "township", "云川县柏树乡人民政府"), ("jiaotong", "department", "云川县交通运输局"),
    ):  # fmt: skip
        made.organs[code] = Agency.objects.create(parent=root, code=code, kind=kind, name=name, short_name=name.removeprefix("云川县"))
    return made


@pytest.fixture(autouse=True)
def people_without_acts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The county's organs and people are put in as rows, which `verify` would name: it does not ask for them.

    Tests about what makes and changes accounts bear the mark ``accounts_proven`` and have it ask.
    """
    if request.node.get_closest_marker("accounts_proven") is None:
        monkeypatch.setattr(proof, "WITNESSES", [witness for witness in proof.WITNESSES if witness is not accounts_hold])


@pytest.fixture(autouse=True)
def no_kept_pages() -> None:
    """Organs of a test are put in as rows, which the kept pages' version cannot know of: no test sees another's pages."""
    SHELF.clear()
    MEMORY.clear()


@pytest.fixture
def acted() -> Callable[[str], int]:
    """How many ledger entries an action has."""
    from gongkai.web.ledger.models import LedgerEntry

    return lambda name: LedgerEntry.objects.filter(action=name).count()


@pytest.fixture
def organ(county: County) -> Agency:
    """青禾镇."""
    return county.organs["qinghe"]


@pytest.fixture
def officer(county: County) -> Person:
    """Who compiles 青禾镇's annual report."""
    return county.person("qinghe", "report_officer")


def public_address(item: int, name: str = "portal:item", *more: str) -> str:
    """The address of an item's public page, or of what hangs on it."""
    from django.urls import reverse

    from gongkai.web.disclosure.models import Item

    return reverse(name, args=[Item.objects.filter(pk=item).values_list("slug", flat=True).first() or "nowhere", *more])

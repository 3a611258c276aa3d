"""The one permission table (post × action), and the one function that asks it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from gongkai.web.agencies.models import Agency, Person, Post

OWN, BELOW = "own", "below"


@dataclass(frozen=True, slots=True)
class PostKind:
    """A kind of post: its Chinese title, which power it belongs to (``work``, ``system``, ``security``, ``audit``), and the
    kinds of organ that have it (all when empty)."""

    name: str
    title: str
    power: str
    only_in: tuple[str, ...] = ()


@cache
def _table() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "permissions.yaml").read_text(encoding="utf-8"))
    return data


@cache
def post_kinds() -> Mapping[str, PostKind]:
    """Every kind of post by name."""
    return {
        name: PostKind(name, value["title"], value["power"], tuple(value.get("only_in", ()))) for name, value in _table()["posts"].items()
    }


@cache
def actions() -> Mapping[str, Mapping[str, str]]:
    """Action → kind of post → how far it reaches (``own`` or ``below``)."""
    return {name: dict(reach) for name, reach in _table()["actions"].items()}


def post_for(person: Person, action: str, agency: Agency, on: datetime.date) -> Post | None:
    """The post by which that person may do that action in that organ on that day; ``None`` when there is none.

    KeyError for an action that the table does not know: a forgotten line must not pass as a refusal.
    """
    reach = actions()[action]
    for post in person.posts_on(on):
        far = reach.get(post.duty)
        if (far and post.agency_id == agency.pk) or (far == BELOW and agency.path.startswith(post.agency.path)):
            return post
    return None


def may(person: Person, action: str, agency: Agency, on: datetime.date) -> bool:
    """Whether that person may do that action in that organ on that day."""
    return person.is_active and post_for(person, action, agency, on) is not None


def may_somewhere(person: Person, action: str, on: datetime.date) -> bool:
    """Whether that person may do that action in any organ at all on that day; asks nothing of the database but the posts."""
    reach = actions()[action]
    return person.is_active and any(post.duty in reach for post in person.posts_on(on))


class NotPermitted(PermissionDenied):
    """No post of the person lets him do that there: answered with 403, whatever the page would say of a refusal.

    No :class:`gongkai.errors.Refused`: those a page catches and shows beside what was typed, and this one must never be caught there.
    """

    def __init__(self) -> None:
        self.message = "您在这个机关没有办理这件事的岗位。如果工作需要，请联系安全管理员安排岗位。"
        super().__init__(self.message)


def demand(person: Person, action: str, agency: Agency, on: datetime.date) -> Post:
    """The post by which the action may be done; :class:`NotPermitted` when there is none."""
    post = post_for(person, action, agency, on) if person.is_active else None
    if post is None:
        raise NotPermitted
    return post

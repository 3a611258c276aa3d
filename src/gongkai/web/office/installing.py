"""Setting up a real county on an empty database: the county itself and its three administrators, nothing else.

Nobody is signed in yet, so these entries of the ledger name no person; everything after them is done by people, on screens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.errors import Refused
from gongkai.web.agencies.accounts.passwords import initial_password
from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.agencies.permissions import post_kinds
from gongkai.web.ledger.acts import append
from gongkai.web.ledger.digest import digest_of
from gongkai.web.settings import moment

# The three powers, each held by somebody else (三权分立).
POWERS = ("system_admin", "security_admin", "auditor")


@dataclass(frozen=True, slots=True)
class Installed:
    """An account that was made. ``password`` is shown once and kept nowhere but as its hash."""

    person: Person
    title: str
    password: str


@transaction.atomic
def install(*, name: str, code: str, holders: Mapping[str, tuple[str, str]]) -> list[Installed]:
    """Make the county and one account for each of :data:`POWERS`; ``holders`` gives the full name and user name of each."""
    if Agency.objects.exists():
        raise Refused("这里已经有机关，不能再安装。要增加机关和人员，请由系统管理员登录后办理。")
    _check(holders)
    county = _county(name.strip(), code.strip())
    founded(county, "安装", {"path": county.path, "name": county.name})
    return [_made(county, duty, *holders[duty]) for duty in POWERS]


def _check(holders: Mapping[str, tuple[str, str]]) -> None:
    if missing := [post_kinds()[duty].title for duty in POWERS if not all(part.strip() for part in holders.get(duty, ("", "")))]:
        raise Refused(f"请写明{'、'.join(missing)}的姓名和用户名。")
    for place, told in ((1, "用户名"), (0, "姓名")):
        said = [holders[duty][place].strip().lower() for duty in POWERS]
        if len(set(said)) < len(said):
            advice = "" if place else "如果确实是重名的两个人，请在姓名后加注部门。"
            raise Refused(f"三类管理员必须是三个不同的人（三权分立），现在有相同的{told}。{advice}")
    for duty in POWERS:
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,59}", holders[duty][1].strip().lower()):
            raise Refused(f"用户名“{holders[duty][1]}”不能用：请用小写字母、数字、点和短横，至少2个字符。")


def _county(name: str, code: str) -> Agency:
    short = name.removesuffix("人民政府") or name
    county = Agency(code=code, path=f"{code}/", kind="county", name=name, short_name=short)
    try:
        county.full_clean()
    except ValidationError as error:
        told = [f"{county._meta.get_field(column).verbose_name}：{''.join(words)}" for column, words in error.message_dict.items()]
        raise Refused("；".join(told)) from error
    county.save()
    return county


def _made(county: Agency, duty: str, full_name: str, username: str) -> Installed:
    password = initial_password()
    person = Person.objects.create_user(
        username.strip().lower(), password, full_name=full_name.strip(), home=county, must_change_password=True
    )
    founded(person, "安装", {"username": person.username})
    post = Post.objects.create(person=person, agency=county, duty=duty, from_on=moment.today())
    founded(post, "安装", {"appointee": person.pk, "duty": duty, "from": post.from_on.isoformat()})
    return Installed(person, post.title, password)


def founded(thing: Agency | Person | Post, reason: str, facts: Mapping[str, object]) -> None:
    """Append the entry of a row that was there before anybody could do an act: it names no person, and says why it is there."""
    place = thing if isinstance(thing, Agency) else thing.home if isinstance(thing, Person) else thing.agency
    if place is None:
        raise AssertionError("an account that was there from the beginning belongs to an organ")
    marks = {"action": "agencies.install", "duty": "", "reason": reason, "after": digest_of(thing.proven()), "facts": dict(facts)}
    with transaction.atomic():
        append(agency=place, person=None, thing=thing, occurred_on=moment.today(), marks=marks)

"""Writes about organs, people and posts.

They stand here and not beside their models because every act needs the ledger, which stands above the organs.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from gongkai.errors import Refused
from gongkai.web.agencies.accounts.models import SessionMark
from gongkai.web.agencies.accounts.passwords import initial_password
from gongkai.web.agencies.accounts.records import note
from gongkai.web.agencies.models import CONTACT, IDENTITY, KINDS, Agency, Person, Post
from gongkai.web.agencies.permissions import post_kinds
from gongkai.web.ledger.acts import Act, action


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account just made. ``password`` is shown once and kept nowhere but as its hash."""

    person: Person
    password: str


def _saved(agency: Agency) -> None:
    """Save after Django's own checks; what is wrong is said with the field's name."""
    agency.path = f"{agency.parent.path if agency.parent else ''}{agency.code}/"
    try:
        agency.full_clean()
    except ValidationError as error:
        told = [
            f"{agency._meta.get_field(name).verbose_name}：{''.join(words)}"
            for name, words in error.message_dict.items()
            if name != "__all__"
        ]
        raise Refused("；".join(told or error.messages)) from error
    agency.save()


@action("agencies.add", agency=lambda parent, **_: parent)
def add_agency(act: Act, *, parent: Agency, code: str, kind: str, values: Mapping[str, Any]) -> Agency:
    """A new organ below ``parent``. Organs are never deleted."""
    if kind not in KINDS or kind == "county":
        raise Refused("请选择机关类型；县级政府只在安装时建立。")
    made = Agency(parent=parent, code=code, kind=kind, **{name: value for name, value in values.items() if name in (*IDENTITY, *CONTACT)})
    _saved(made)
    act.record(made, change=(None, made.proven()), facts={"path": made.path})
    return made


@action("agencies.change", agency=lambda agency, **_: agency)
def change_agency(act: Act, *, agency: Agency, values: Mapping[str, Any]) -> Agency:
    """New contact data; the organ's names and marks only by the system administrator."""
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    before = agency.proven()
    allowed = (*IDENTITY, *CONTACT) if act.post.power == "system" else CONTACT
    if other := [name for name in values if name not in allowed]:
        raise Refused(f"{'、'.join(str(agency._meta.get_field(name).verbose_name) for name in other)}由系统管理员修改。")
    for name, value in values.items():
        setattr(agency, name, value)
    changed = [name for name in values if before[name] != getattr(agency, name)]
    if not changed:
        raise Refused("没有修改任何内容。")
    _saved(agency)
    act.record(agency, change=(before, agency.proven()), facts={"changed": changed})
    return agency


@action("people.add", agency=lambda agency, **_: agency)
def add_person(act: Act, *, agency: Agency, username: str, full_name: str) -> NewAccount:
    """An account without any post: it can do nothing until the security administrator gives it one."""
    username, full_name = username.strip().lower(), full_name.strip()
    if not username or not full_name:
        raise Refused("请填写用户名和姓名。")
    if Person.objects.filter(username__iexact=username).exists():
        raise Refused("这个用户名已经有人使用，请换一个。")
    password = initial_password()
    person = Person.objects.create_user(username, password, full_name=full_name, home=agency, must_change_password=True)
    act.record(person, change=(None, person.proven()), facts={"username": username})
    return NewAccount(person, password)


@action("people.appoint", agency=lambda agency, **_: agency)
def appoint(act: Act, *, agency: Agency, appointee: Person, duty: str, from_on: datetime.date) -> Post:
    """Give somebody a post. Nobody gives himself one, and the three powers stay apart."""
    if duty not in post_kinds():
        raise Refused("没有这种岗位。")
    if appointee.pk == act.person.pk:
        raise Refused("不能给自己安排岗位，请由另一名安全管理员办理。")
    only_in = post_kinds()[duty].only_in
    if only_in and agency.kind not in only_in:
        raise Refused(f"“{post_kinds()[duty].title}”只设在{'、'.join(KINDS[kind] for kind in only_in)}。")
    held = appointee.posts.filter(Q(until_on__isnull=True) | Q(until_on__gte=from_on))
    if held.filter(agency=agency, duty=duty).exists():
        raise Refused(f"{appointee.full_name}已经担任这个岗位。")
    if any(post.power != post_kinds()[duty].power for post in held):
        raise Refused("同一个人不能同时担任不同权限类别的岗位（三权分立），请先免去原来的岗位。")
    post = Post.objects.create(person=appointee, agency=agency, duty=duty, from_on=from_on)
    act.record(post, change=(None, post.proven()), facts={"appointee": appointee.pk, "duty": duty, "from": from_on.isoformat()})
    return post


@action("people.dismiss", agency=lambda post, **_: post.agency)
def dismiss(act: Act, *, post: Post, until_on: datetime.date, reason: str) -> Post:
    """End a post; what was done in it stays."""
    post = Post.objects.select_for_update(of=("self",)).select_related("agency", "person").get(pk=post.pk)
    if post.until_on is not None:
        raise Refused("这个岗位已经免去。")
    if until_on < post.from_on:
        raise Refused("免去的日期不能早于任职的日期。")
    if not reason.strip():
        raise Refused("请写明免去的理由。")
    before = post.proven()
    post.until_on = until_on
    post.save()
    act.record(
        post, change=(before, post.proven()), reason=reason.strip(), facts={"dismissed": post.person_id, "until": until_on.isoformat()}
    )
    return post


@action("people.unlock", agency=lambda agency, **_: agency)
def unlock(act: Act, *, agency: Agency, locked: Person) -> int:
    """Let somebody try his password again; gives how many failed attempts were forgotten.

    His sessions end: whoever guessed may have guessed right before.
    """
    from axes.utils import reset

    if not people_of(agency).filter(pk=locked.pk).exists():
        raise Refused("这个人不属于这个机关。")
    n_attempts: int = reset(username=locked.username.lower())
    n_sessions = SessionMark.objects.filter(person=locked).exclude(person=act.person).end("unlocked")
    act.record(locked, facts={"attempts": n_attempts, "sessions": n_sessions})
    note("unlocked", locked, None, detail=f"由{act.person.full_name}解除")
    return n_attempts


def people_of(agency: Agency) -> Any:
    """Who belongs to an organ: whose account was made there, and who holds a post there."""
    return Person.objects.filter(Q(home=agency) | Q(posts__agency=agency)).distinct()

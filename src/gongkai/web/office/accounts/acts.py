"""What administrators do to other people's accounts. Each ends that person's sessions where trust in them is gone."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator

from gongkai.errors import Refused
from gongkai.web.agencies.accounts.models import SessionMark
from gongkai.web.agencies.accounts.passwords import initial_password
from gongkai.web.agencies.accounts.records import note, seen_by
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.ledger.acts import Act, action
from gongkai.web.office.administration import NewAccount, people_of
from gongkai.web.settings import moment


def _locked(act: Act, agency: Agency, owner: Person) -> Person:
    """The account, locked; refused for a stranger to the organ and for one's own."""
    if not people_of(agency).filter(pk=owner.pk).exists():
        raise Refused("这个人不属于这个机关。")
    if owner.pk == act.person.pk:
        raise Refused("不能这样办理自己的账号。自己的密码、动态验证码和登录在“账号安全”里改；其余的请另一名管理员办理。")
    locked: Person = Person.objects.select_for_update().get(pk=owner.pk)
    return locked


def _why(reason: str) -> str:
    if not reason.strip():
        raise Refused("请写明理由。")
    return reason.strip()[:500]


def _end_all(owner: Person, why: str = "admin") -> int:
    """End every session of a person."""
    return SessionMark.objects.filter(person=owner).end(why)


@action("accounts.end_sessions", agency=lambda agency, **_: agency)
def end_sessions(act: Act, *, agency: Agency, owner: Person, reason: str) -> int:
    """End all sessions of somebody; gives how many."""
    owner = _locked(act, agency, owner)
    n_ended = _end_all(owner)
    act.record(owner, reason=_why(reason), facts={"username": owner.username, "sessions": n_ended})
    note("ended", owner, None, detail=f"由{act.person.full_name}结束")
    return n_ended


@action("accounts.reset_password", agency=lambda agency, **_: agency)
def reset_password(act: Act, *, agency: Agency, owner: Person, reason: str) -> NewAccount:
    """A new first password for somebody who forgot his own.

    Not for an administrator or auditor without a second factor: with the new password one could work in his place.
    """
    owner = _locked(act, agency, owner)
    guarded = any(post.power != "work" for post in owner.posts_on(moment.today()))
    if guarded and not Authenticator.objects.filter(user=owner, type=Authenticator.Type.TOTP).exists():
        raise Refused("这个人担任管理或者审计岗位而没有绑定动态验证码，重设密码等于能代他办事。请先由安全管理员免去岗位，重设后再安排。")
    before, password = owner.proven(), initial_password()
    owner.set_password(password)
    owner.must_change_password = True
    owner.save()
    _end_all(owner, "password")
    act.record(owner, change=(before, owner.proven()), reason=_why(reason), facts={"username": owner.username})
    note("password_reset", owner, None, detail=f"由{act.person.full_name}重设")
    return NewAccount(owner, password)


@action("accounts.reset_factor", agency=lambda agency, **_: agency)
def reset_factor(act: Act, *, agency: Agency, owner: Person, reason: str) -> None:
    """Take the second factor off the account of somebody who lost the telephone."""
    owner = _locked(act, agency, owner)
    if not Authenticator.objects.filter(user=owner).delete()[0]:
        raise Refused("这个账号没有绑定动态验证码。")
    _end_all(owner)
    act.record(owner, reason=_why(reason), facts={"username": owner.username})
    note("factor_off", owner, None, detail=f"由{act.person.full_name}解除")


@action("accounts.suspend", agency=lambda agency, **_: agency)
def suspend(act: Act, *, agency: Agency, owner: Person, reason: str) -> Person:
    """Nobody signs in to this account any more; what was done by it stays."""
    return _switched(act, agency, owner, reason, is_active=False)


@action("accounts.resume", agency=lambda agency, **_: agency)
def resume(act: Act, *, agency: Agency, owner: Person, reason: str) -> Person:
    """Let a suspended account in again."""
    return _switched(act, agency, owner, reason, is_active=True)


def _switched(act: Act, agency: Agency, owner: Person, reason: str, **wanted: bool) -> Person:
    owner = _locked(act, agency, owner)
    if owner.is_active == wanted["is_active"]:
        raise Refused("这个账号已经停用。" if not owner.is_active else "这个账号没有停用。")
    before = owner.proven()
    owner.is_active = wanted["is_active"]
    owner.save(update_fields=["is_active"])
    n_ended = 0 if owner.is_active else _end_all(owner)
    act.record(owner, change=(before, owner.proven()), reason=_why(reason), facts={"username": owner.username, "sessions": n_ended})
    note("resumed" if owner.is_active else "suspended", owner, None, detail=f"由{act.person.full_name}办理")
    return owner


@action("accounts.export_signins", agency=lambda agency, **_: agency)
def export_signins(act: Act, *, agency: Agency, asked: dict[str, Any], reason: str) -> int:
    """Note that records of sign-ins leave the house; gives the number of the last record that the file may hold."""
    last = seen_by(act.person, "accounts.export_signins").order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        raise Refused("没有登录记录，没有导出。")
    act.record(agency, reason=_why(reason), facts={"asked": {name: str(value) for name, value in asked.items() if value}, "upto": last})
    return int(last)

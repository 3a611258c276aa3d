"""`verify` proves organs, accounts and posts: what was changed past the acts is named, and what people do themselves has its entry."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection

from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.office import administration
from gongkai.web.office.accounts import acts
from gongkai.web.office.installing import install
from gongkai.web.settings import moment
from tests.web.conftest import DAY
from tests.web.test_accounts import OTHER, PASSWORD, signed_in, tried
from tests.web.test_install import CODE, HOLDERS, NAME, own
from tests.web.test_ledger import without_triggers

pytestmark = pytest.mark.accounts_proven
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [QUICK]
    cache.clear()


@pytest.fixture
def office(db: None) -> dict[str, Any]:
    """A county as an operator installs it, with one organ, one drafter and one who is not any more: everything by acts."""
    with moment.at(datetime.datetime.combine(DAY, datetime.time(9), tzinfo=moment.ZONE)):
        made = {account.person.username: account for account in install(name=NAME, code=CODE, holders=HOLDERS)}
    root, system, security = Agency.objects.get(), made["zhang"].person, made["li"].person
    names = {"name": "云川县青禾镇人民政府", "short_name": "青禾镇"}
    organ = administration.add_agency(person=system, on=DAY, parent=root, code="qinghe", kind="township", values=names)
    drafter = administration.add_person(person=system, on=DAY, agency=organ, username="zhao", full_name="赵敏")
    former = administration.add_person(person=system, on=DAY, agency=organ, username="qian", full_name="钱伟")
    post = administration.appoint(person=security, on=DAY, agency=organ, appointee=drafter.person, duty="drafter", from_on=DAY)
    acts.suspend(person=security, on=DAY, agency=organ, owner=former.person, reason="调离")
    return {
        **made,
        "root": root,
        "organ": organ,
        "drafter": drafter,
        "former": former.person,
        "post": post,
        "system": system,
        "security": security,
    }


def told() -> list[str]:
    return [found.words for found in verify()]


def changed(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def newest() -> int:
    return int(LedgerEntry.objects.order_by("-number").values_list("number", flat=True)[0])


def test_what_the_acts_made_holds(office: dict[str, Any]) -> None:
    assert told() == []
    administration.change_agency(
        person=office["system"], on=DAY, agency=office["organ"], values={"phone": "0990-5550123", "has_site": False}
    )
    administration.dismiss(person=office["security"], on=DAY, post=office["post"], until_on=DAY, reason="轮岗")
    acts.resume(person=office["security"], on=DAY, agency=office["organ"], owner=office["former"], reason="调回")
    assert told() == []


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE agencies_post SET duty = 'final_reviewer' WHERE duty = 'drafter'", "赵敏的岗位“青禾镇·三审（主要领导签发）”"),
        ("UPDATE agencies_post SET until_on = '2027-01-01' WHERE duty = 'drafter'", "赵敏的岗位“青禾镇·拟稿人”"),
        ("UPDATE agencies_post SET from_on = '2020-01-01' WHERE duty = 'drafter'", "赵敏的岗位“青禾镇·拟稿人”"),
        ("UPDATE agencies_person SET is_active = TRUE WHERE username = 'qian'", "账号“qian”（钱伟）"),
        ("UPDATE agencies_person SET full_name = '钱玮' WHERE username = 'qian'", "账号“qian”（钱玮）"),
        ("UPDATE agencies_person SET must_change_password = FALSE WHERE username = 'zhao'", "账号“zhao”（赵敏）"),
        ("UPDATE agencies_agency SET kind = 'department' WHERE code = 'qinghe'", "机关“云川县青禾镇人民政府”"),
        ("UPDATE agencies_agency SET phone = '1' WHERE code = 'qinghe'", "机关“云川县青禾镇人民政府”"),
    ],
)
def test_what_was_changed_past_the_acts_is_named(office: dict[str, Any], sql: str, words: str) -> None:
    changed(sql)
    (one,) = told()
    assert one.startswith(words) and one.endswith("不符，记录被改动。")


def test_a_password_set_past_the_acts_is_named_with_the_last_entry(office: dict[str, Any]) -> None:
    changed("UPDATE agencies_person SET password = %s WHERE username = 'zhao'", make_password(OTHER))
    entry = LedgerEntry.objects.get(action="people.add", object_id=office["drafter"].person.pk)
    assert told() == [f"账号“zhao”（赵敏）与最近一次办理（台账第{entry.number}条）不符，记录被改动。"]


def test_a_post_and_an_account_put_in_are_named(office: dict[str, Any]) -> None:
    changed(
        "INSERT INTO agencies_post (person_id, agency_id, duty, power, from_on) VALUES (%s, %s, 'final_reviewer', 'work', '2026-01-01')",
        office["drafter"].person.pk,
        office["organ"].pk,
    )
    Person.objects.create(username="ghost", full_name="幽灵", password="!", home=office["organ"])
    Agency.objects.create(parent=office["root"], code="ghost", kind="street", name="幽灵街道办事处", short_name="幽灵街道")
    number = Post.objects.get(duty="final_reviewer").pk
    assert told() == [
        "机关“幽灵街道办事处”没有台账记录，不是通过平台办理的。",
        "账号“ghost”（幽灵）没有台账记录，不是通过平台办理的。",
        f"赵敏的岗位“青禾镇·三审（主要领导签发）”（编号{number}）没有台账记录，不是通过平台办理的。",
    ]


def test_a_post_taken_out_is_named(office: dict[str, Any]) -> None:
    entry = LedgerEntry.objects.get(action="people.appoint")
    without_triggers("DELETE FROM agencies_post WHERE duty = 'drafter'")
    assert told() == [f"台账第{entry.number}条办理的岗位已经不在，记录被删除。"]


def test_a_persons_own_new_password_has_an_entry(office: dict[str, Any]) -> None:
    own("zhao", office["drafter"].password)
    entry = LedgerEntry.objects.get(action="accounts.change_password")
    person = Person.objects.get(username="zhao")
    assert (entry.person, entry.agency, entry.object_id, entry.duty) == (person, office["organ"], person.pk, "")
    assert entry.before == LedgerEntry.objects.get(action="people.add", object_id=person.pk).after
    assert entry.before != entry.after
    assert told() == []


def test_the_ledger_keeps_neither_password_nor_hash(office: dict[str, Any]) -> None:
    own("zhao", office["drafter"].password)
    acts.reset_password(
        person=office["system"], on=DAY, agency=office["organ"], owner=Person.objects.get(username="zhao"), reason="忘记密码"
    )
    assert told() == []
    kept = "".join(str(entry.content()) for entry in LedgerEntry.objects.all())
    for person in Person.objects.all():
        assert person.password not in kept and person.password.rpartition("$")[2] not in kept
    assert OTHER not in kept and office["drafter"].password not in kept


def test_a_stronger_hash_made_at_sign_in_has_an_entry_and_keeps_the_day(office: dict[str, Any], settings: Any) -> None:
    own("zhao", office["drafter"].password)
    Person.objects.filter(username="zhao").update(password_set_on="2026-01-05")
    with_entry = newest()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", QUICK]
    assert tried("zhao", OTHER)[1].status_code == 302
    person, entry = Person.objects.get(username="zhao"), LedgerEntry.objects.get(action="accounts.renew_hash")
    assert person.password.startswith("pbkdf2_sha256$") and str(person.password_set_on) == "2026-01-05"
    assert (entry.number, entry.person) == (with_entry + 1, person)
    assert tried("zhao", OTHER)[1].status_code == 302
    assert newest() == entry.number


def test_a_wrong_password_leaves_nothing(office: dict[str, Any], settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", QUICK]
    before = newest()
    tried("zhao", PASSWORD)
    assert newest() == before and told() == []


def test_a_password_whose_entry_cannot_be_written_is_not_changed(office: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.web.office.accounts import own as entries

    def broken(**_: object) -> None:
        raise RuntimeError("no ledger")

    client, _ = tried("zhao", office["drafter"].password)
    monkeypatch.setattr(entries, "append", broken)
    values = {"oldpassword": office["drafter"].password, "password1": OTHER, "password2": OTHER}
    with pytest.raises(RuntimeError, match="no ledger"):
        client.post("/account/password/change/", values)
    assert Person.objects.get(username="zhao").check_password(office["drafter"].password)
    monkeypatch.undo()
    assert signed_in(Person.objects.get(username="zhao"), office["drafter"].password)

"""Accounts: passwords, the second factor, open sessions, lock-out, and the record of every sign-in."""

from __future__ import annotations

import base64
import datetime
import hmac
import re
import struct
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client, TestCase
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.accounts.models import SessionMark, SignInRecord
from gongkai.web.agencies.accounts.passwords import initial_password
from gongkai.web.agencies.accounts.records import device_of, forget, note
from gongkai.web.agencies.models import Person
from gongkai.web.ledger.acts import ACTIONS
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.office import administration
from gongkai.web.office.accounts import acts
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County
from tests.web.test_ledger import without_triggers

PASSWORD, OTHER = "shu-mu-2026-chun", "he-tang-2026-xia"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    """Hashing is slow on purpose; here it only costs time. How often somebody came in a minute is forgotten between tests."""
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def with_password(person: Person, password: str = PASSWORD) -> Person:
    person.set_password(password)
    person.save()
    return person


def tried(username: str, password: str = PASSWORD, client: Client | None = None, **extra: str) -> Any:
    client = client or Client()
    answer = client.post("/account/login/", {"login": username, "password": password}, **extra)
    return client, answer


def signed_in(person: Person, password: str = PASSWORD) -> Client:
    client, answer = tried(person.username, password, HTTP_USER_AGENT=CHROME)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return client


def events(person: Person | None = None) -> list[str]:
    rows = SignInRecord.objects.order_by("pk")
    return list((rows.filter(person=person) if person else rows).values_list("event", flat=True))


def code_of(secret: str, counter: int | None = None) -> str:
    """The code of this moment, as RFC 6238 has it."""
    step = counter if counter is not None else int(time.time()) // 30
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def enrolled(client: Client) -> str:
    """Set up the second factor as a person does; gives its secret."""
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r'value="([A-Z2-7]{32})"', page).group(1)  # type: ignore[union-attr]
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302
    return secret


# --- passwords -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short1", "密码太短，至少10个字符。"),
        ("onlyletters", "密码里要既有字母又有数字。"),
        ("20260302031415", "密码里要既有字母又有数字。"),
        (PASSWORD, "新密码和现在的密码一样，请换一个。"),
        ("yunchuan-drafter1", "密码和用户名太像，请换一个。"),
        ("password123", "这个密码太常见，容易被猜到，请换一个。"),
    ],
)
def test_a_weak_password_is_refused_in_plain_words(county: County, password: str, told: str) -> None:
    from django.contrib.auth.password_validation import validate_password

    with pytest.raises(ValidationError) as caught:
        validate_password(password, with_password(county.person("yunchuan", "drafter")))
    assert told in caught.value.messages


def test_first_passwords_keep_the_demands() -> None:
    for _ in range(200):
        made = initial_password()
        assert re.fullmatch(r"[a-zA-Z2-9]{4}(-[a-zA-Z2-9]{4}){3}", made)
        assert any(sign.isdigit() for sign in made) and any(sign.isalpha() for sign in made)


def test_the_password_of_an_administrator_must_be_changed_first(county: County) -> None:
    organ = county.organs["qinghe"]
    made = administration.add_person(
        person=county.person("yunchuan", "system_admin"), on=DAY, agency=organ, username="zhao", full_name="赵敏"
    )
    client = signed_in(made.person, made.password)
    for address in ("/office/", "/office/items/", "/office/account/", "/account/2fa/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/account/password/change/")
    assert "现在的密码是管理员设的" in client.get("/account/password/change/").content.decode()
    same = {"oldpassword": made.password, "password1": made.password, "password2": made.password}
    assert "新密码和现在的密码一样" in client.post("/account/password/change/", same).content.decode()
    new = {"oldpassword": made.password, "password1": OTHER, "password2": OTHER}
    assert client.post("/account/password/change/", new).status_code == 302
    assert client.get("/office/").status_code == 200
    assert events(made.person) == ["in", "password"]


def test_a_password_expires_only_where_that_is_set(county: County, settings: Any) -> None:
    person = with_password(county.person("qinghe", "drafter"))
    Person.objects.filter(pk=person.pk).update(password_set_on=moment.today() - datetime.timedelta(days=91))
    client = signed_in(person)
    assert client.get("/office/").status_code == 200
    settings.PASSWORD_DAYS = 90
    assert client.get("/office/")["Location"] == "/account/password/change/"
    assert "密码已经用了90天以上" in client.get("/account/password/change/").content.decode()


def test_changing_the_password_ends_the_other_sessions(county: County) -> None:
    person = with_password(county.person("qinghe", "drafter"))
    here, there = signed_in(person), signed_in(person)
    new = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert here.post("/account/password/change/", new).status_code == 302
    assert here.get("/office/").status_code == 200
    assert there.get("/office/").status_code == 302
    assert SessionMark.objects.filter(person=person, ended_why="password").count() == 1


# --- sessions ------------------------------------------------------------------------------------------------------


def test_a_person_sees_and_ends_own_sessions(county: County) -> None:
    person = with_password(county.person("qinghe", "drafter"))
    here, there, third = signed_in(person), signed_in(person), signed_in(person)
    page = here.get("/office/account/").content.decode()
    assert page.count("Windows电脑，Chrome") >= 3
    assert "这里" in page and "127.0.0.1" in page
    other = SessionMark.objects.get(pk=there.session["mark"])
    assert here.post(f"/office/account/sessions/{other.pk}/end/").status_code == 302
    answer = there.get("/office/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/office/")
    assert "这次登录已经在别处结束" in there.get("/account/login/").content.decode()
    assert third.get("/office/").status_code == 200
    here.post("/office/account/sessions/0/end/")
    assert third.get("/office/").status_code == 302
    assert here.get("/office/").status_code == 200


def test_nobody_ends_a_strangers_session(county: County) -> None:
    drafter, head = with_password(county.person("qinghe", "drafter")), with_password(county.person("qinghe", "office_head"))
    client, other = signed_in(head), signed_in(drafter)
    assert client.post(f"/office/account/sessions/{other.session['mark']}/end/").status_code == 404
    assert other.get("/office/").status_code == 200


def test_the_own_session_is_not_ended_by_its_button(county: County) -> None:
    client = signed_in(with_password(county.person("qinghe", "drafter")))
    client.post(f"/office/account/sessions/{client.session['mark']}/end/")
    assert client.get("/office/").status_code == 200


def test_idle_sessions_are_not_listed(county: County) -> None:
    person = with_password(county.person("qinghe", "drafter"))
    client = signed_in(person)
    idle = SessionMark.objects.create(
        person=person, address="10.1.1.1", device="旧设备", begun_at=moment.now(), seen_at=moment.now() - datetime.timedelta(hours=2)
    )
    assert "旧设备" not in client.get("/office/account/").content.decode()
    assert SessionMark.objects.filter(pk=idle.pk).end("self") == 0


def test_the_last_use_is_noted_once_a_minute(county: County) -> None:
    person = with_password(county.person("qinghe", "drafter"))
    client = signed_in(person)
    mark = SessionMark.objects.get()
    begun = mark.seen_at
    client.get("/office/")
    assert SessionMark.objects.get().seen_at == begun
    SessionMark.objects.update(seen_at=begun - datetime.timedelta(minutes=2))
    client.get("/office/")
    assert SessionMark.objects.get().seen_at > begun


def test_signing_out_ends_the_mark(county: County) -> None:
    client = signed_in(with_password(county.person("qinghe", "drafter")))
    client.post("/account/logout/")
    assert list(SessionMark.objects.values_list("ended_why", flat=True)) == ["out"]
    assert events() == ["in", "out"]


def test_the_security_administrator_ends_sessions_below(county: County) -> None:
    person, admin = with_password(county.person("qinghe", "drafter")), with_password(county.person("yunchuan", "security_admin"))
    theirs, client = signed_in(person), signed_in(admin)
    address = reverse("office:account_act", args=[county.organs["qinghe"].pk, person.pk, "end-sessions"])
    client.post(address, {"reason": ""})
    assert theirs.get("/office/").status_code == 200
    client.post(address, {"reason": "电脑遗失"})
    assert theirs.get("/office/").status_code == 302
    entry = LedgerEntry.objects.get(action="accounts.end_sessions")
    assert (entry.reason, entry.facts) == ("电脑遗失", {"username": person.username, "sessions": 1})


def test_unlocking_ends_sessions(county: County) -> None:
    person = with_password(county.person("qinghe", "drafter"))
    theirs = signed_in(person)
    admin = county.person("yunchuan", "security_admin")
    administration.unlock(person=admin, on=DAY, agency=county.organs["qinghe"], locked=person)
    assert theirs.get("/office/").status_code == 302
    assert LedgerEntry.objects.get().facts == {"attempts": 0, "sessions": 1}


# --- lock-out ------------------------------------------------------------------------------------------------------


def test_five_wrong_passwords_lock_and_only_that_person_at_that_address(county: County) -> None:
    person, other = with_password(county.person("qinghe", "drafter")), with_password(county.person("qinghe", "office_head"))
    for spelling in (person.username, person.username.upper(), f" {person.username}", person.username):
        assert tried(spelling, "wrong-word-1")[1].status_code == 200
    assert tried(person.username, "wrong-word-1")[1].status_code == 429
    _, answer = tried(person.username)
    assert answer.status_code == 429
    assert "连续输错密码 5 次" in answer.content.decode()
    assert tried(other.username)[1].status_code == 302
    assert tried(person.username, REMOTE_ADDR="10.0.0.9")[1].status_code == 302
    assert events(person).count("failed") == 5 + 1  # the locked attempt with the right word counts as one, too
    assert "locked" in events(person)


def test_the_lock_ends_by_time_and_by_the_administrator(county: County) -> None:
    from axes.models import AccessAttempt

    person = with_password(county.person("qinghe", "drafter"))
    for _ in range(5):
        tried(person.username, "wrong-word-1")
    assert tried(person.username)[1].status_code == 429
    AccessAttempt.objects.update(attempt_time=moment.now() - datetime.timedelta(minutes=31))
    assert tried(person.username)[1].status_code == 302
    for _ in range(5):
        tried(person.username, "wrong-word-1")
    administration.unlock(person=county.person("yunchuan", "security_admin"), on=DAY, agency=county.organs["qinghe"], locked=person)
    assert tried(person.username)[1].status_code == 302


def test_a_name_that_nobody_has_is_recorded(county: County) -> None:
    tried("nobody-at-all", "wrong-word-1", HTTP_USER_AGENT=CHROME)
    row = SignInRecord.objects.get()
    assert (row.person, row.username, row.agency, row.event) == (None, "nobody-at-all", None, "failed")
    assert (row.address, row.device) == ("127.0.0.1", "Windows电脑，Chrome")


# --- the second factor -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("duty", ["final_reviewer", "system_admin", "security_admin", "auditor"])
def test_who_needs_a_second_factor_can_do_nothing_before_it(county: County, settings: Any, duty: str) -> None:
    settings.REQUIRE_TOTP = True
    person = with_password(county.person("yunchuan", duty))
    client = signed_in(person)
    for address in ("/office/", "/office/items/", "/office/organs/", "/office/account/", "/account/2fa/"):
        answer = client.get(address)
        assert (address, answer.status_code, answer["Location"]) == (address, 302, "/account/2fa/totp/activate/")
    assert "您的岗位要求第二道验证" in client.get("/account/2fa/totp/activate/").content.decode()
    enrolled(client)
    assert "factor_on" in events(person)
    assert client.get("/office/").status_code == 200
    assert client.get("/account/2fa/recovery-codes/").status_code == 200


@pytest.mark.parametrize("duty", ["drafter", "first_reviewer", "office_head", "authority"])
def test_others_work_without(county: County, settings: Any, duty: str) -> None:
    settings.REQUIRE_TOTP = True
    assert signed_in(with_password(county.person("yunchuan", duty))).get("/office/").status_code == 200


def test_outside_production_nobody_needs_it(county: County) -> None:
    assert signed_in(with_password(county.person("yunchuan", "auditor"))).get("/office/").status_code == 200


def test_the_code_is_asked_for_and_wrong_codes_lock(county: County, settings: Any) -> None:
    settings.REQUIRE_TOTP = True
    person = with_password(county.person("yunchuan", "auditor"))
    secret = enrolled(signed_in(person))
    client, answer = tried(person.username)
    assert answer["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/office/").status_code == 302
    for _ in range(5):
        assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    right = {"code": code_of(secret, int(time.time()) // 30 + 1)}
    assert "动态验证码连续输错" in client.post("/account/2fa/authenticate/", right).content.decode()
    again, _ = tried(person.username, REMOTE_ADDR="10.0.0.9")
    assert "动态验证码连续输错" in again.post("/account/2fa/authenticate/", right).content.decode()
    assert events(person)[-6:] == ["code_failed"] * 5 + ["code_locked"]
    administration.unlock(person=county.person("yunchuan", "security_admin"), on=DAY, agency=county.root, locked=person)
    assert client.post("/account/2fa/authenticate/", right).status_code == 302
    assert client.get("/office/").status_code == 200


def test_a_recovery_code_lets_in_once(county: County, settings: Any) -> None:
    settings.REQUIRE_TOTP = True
    person = with_password(county.person("yunchuan", "auditor"))
    first = signed_in(person)
    enrolled(first)
    code = re.search(r"\b[0-9a-f]{8}\b(?=</code>)", first.get("/account/2fa/recovery-codes/").content.decode()).group()  # type: ignore[union-attr]
    client, _ = tried(person.username)
    assert client.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/office/").status_code == 200
    assert "recovery_used" in events(person)
    again, _ = tried(person.username)
    assert again.post("/account/2fa/authenticate/", {"code": code}).status_code == 200


def test_who_needs_it_cannot_take_it_off(county: County, settings: Any) -> None:
    settings.REQUIRE_TOTP = True
    person = with_password(county.person("yunchuan", "auditor"))
    client = signed_in(person)
    enrolled(client)
    client.post("/account/2fa/totp/deactivate/")
    assert client.get("/office/").status_code == 200
    assert "factor_off" not in events(person)


def test_a_lost_telephone_is_taken_off_by_the_security_administrator(county: County, settings: Any) -> None:
    settings.REQUIRE_TOTP = True
    person = with_password(county.person("qinghe", "final_reviewer"))
    client = signed_in(person)
    enrolled(client)
    admin, organ = county.person("yunchuan", "security_admin"), county.organs["qinghe"]
    acts.reset_factor(person=admin, on=DAY, agency=organ, owner=person, reason="手机遗失，已当面核对")
    assert client.get("/office/").status_code == 302
    assert signed_in(person).get("/office/")["Location"] == "/account/2fa/totp/activate/"
    with pytest.raises(Refused, match="没有绑定动态验证码"):
        acts.reset_factor(person=admin, on=DAY, agency=organ, owner=person, reason="再来")


# --- other people's accounts ---------------------------------------------------------------------------------------


def test_a_forgotten_password_is_reset_and_must_be_changed(county: County) -> None:
    person = with_password(county.person("qinghe", "drafter"))
    old = signed_in(person)
    made = acts.reset_password(
        person=county.person("yunchuan", "system_admin"), on=DAY, agency=county.organs["qinghe"], owner=person, reason="忘记密码"
    )
    assert old.get("/office/").status_code == 302
    assert tried(person.username)[1].status_code == 200
    assert signed_in(person, made.password).get("/office/")["Location"] == "/account/password/change/"
    assert made.password not in "".join(str(entry.content()) for entry in LedgerEntry.objects.all())


def test_the_three_powers_stay_apart_in_passwords_too(county: County, settings: Any) -> None:
    """The system administrator cannot make himself an auditor's password: the second factor or a second person stands between."""
    system, auditor = county.person("yunchuan", "system_admin"), with_password(county.person("yunchuan", "auditor"))
    arguments = {"person": system, "on": DAY, "agency": county.root, "owner": auditor, "reason": "忘记密码"}
    with pytest.raises(Refused, match="等于能代他办事"):
        acts.reset_password(**arguments)
    enrolled(signed_in(auditor))
    assert acts.reset_password(**arguments).password


@pytest.mark.parametrize("name", ["end_sessions", "reset_factor", "suspend", "resume", "reset_password"])
def test_nobody_does_it_to_himself_or_to_strangers(county: County, name: str) -> None:
    duty = "system_admin" if name == "reset_password" else "security_admin"
    admin, stranger = county.person("yunchuan", duty), county.person("baishu", "drafter")
    with pytest.raises(Refused, match="不能这样办理自己的账号"):
        getattr(acts, name)(person=admin, on=DAY, agency=county.root, owner=admin, reason="试")
    with pytest.raises(Refused, match="不属于这个机关"):
        getattr(acts, name)(person=admin, on=DAY, agency=county.organs["qinghe"], owner=stranger, reason="试")


def test_a_suspended_account_is_out_at_once(county: County) -> None:
    person, admin = with_password(county.person("qinghe", "drafter")), county.person("yunchuan", "security_admin")
    client, organ = signed_in(person), county.organs["qinghe"]
    acts.suspend(person=admin, on=DAY, agency=organ, owner=person, reason="退休")
    assert client.get("/office/").status_code == 302
    out, answer = tried(person.username)
    assert answer["Location"] == "/account/login/"
    assert "这个账号已停用" in out.get("/account/login/").content.decode()
    with pytest.raises(Refused, match="已经停用"):
        acts.suspend(person=admin, on=DAY, agency=organ, owner=person, reason="退休")
    acts.resume(person=admin, on=DAY, agency=organ, owner=person, reason="返聘")
    assert signed_in(person).get("/office/").status_code == 200


def test_every_act_on_accounts_leaves_an_entry(county: County) -> None:
    person, organ = with_password(county.person("qinghe", "drafter")), county.organs["qinghe"]
    system, security = county.person("yunchuan", "system_admin"), county.person("yunchuan", "security_admin")
    enrolled(signed_in(person))
    place = {"on": DAY, "agency": organ, "owner": person, "reason": "示例"}
    for act in (acts.end_sessions, acts.reset_factor, acts.suspend, acts.resume):
        act(person=security, **place)
    acts.reset_password(person=system, **place)
    acts.export_signins(person=security, on=DAY, agency=county.root, asked={}, reason="检查")
    assert set(LedgerEntry.objects.values_list("action", flat=True)) == {name for name in ACTIONS if name.startswith("accounts.")}


# --- the record ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sql", ["UPDATE agencies_signinrecord SET address = 'x'", "DELETE FROM agencies_signinrecord"])
def test_the_database_keeps_the_record(county: County, sql: str) -> None:
    note("in", county.person("qinghe", "drafter"), None)
    with pytest.raises(IntegrityError, match="登录记录只能追加"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_only_what_is_older_than_the_law_asks_can_be_forgotten(county: County, settings: Any) -> None:
    person = county.person("qinghe", "drafter")
    for days in (500, 300, 10):
        with moment.at(moment.now() - datetime.timedelta(days=days)):
            note("in", person, None)
    assert forget() == 1
    assert events() == ["in", "in", "forgotten"]
    settings.SIGNIN_DAYS = 200
    assert forget() == 1
    settings.SIGNIN_DAYS = 5  # the settings refuse this; the database does, too
    with pytest.raises(IntegrityError, match="保存满184天"), transaction.atomic():
        forget()
    without_triggers("DELETE FROM agencies_signinrecord")


def test_the_record_is_seen_by_reach(county: County) -> None:
    note("in", county.person("qinghe", "drafter"), None)
    note("failed", None, None, username="nobody")
    auditor = signed_in(with_password(county.person("yunchuan", "auditor")))
    page = auditor.get("/office/signins/").content.decode()
    assert "qinghe-drafter" in page and "nobody" in page and "没有这个用户名" in page
    assert "nobody" not in auditor.get("/office/signins/", {"event": "in"}).content.decode()
    assert "nobody" not in auditor.get("/office/signins/", {"username": "qinghe-drafter"}).content.decode()
    assert "nobody" in auditor.get("/office/signins/", {"since": f"{moment.today()}", "until": f"{moment.today()}"}).content.decode()
    assert "没有符合条件的记录" in auditor.get("/office/signins/", {"until": "2020-01-01"}).content.decode()
    assert auditor.get("/office/signins/", {"since": "昨天"}).status_code == 422
    for duty in ("office_head", "authority", "system_admin"):
        assert signed_in(with_password(county.person("yunchuan", duty))).get("/office/signins/").status_code == 404


def test_the_record_is_exported_with_a_reason(county: County) -> None:
    note("failed", None, None, username="=1+1")
    client = signed_in(with_password(county.person("yunchuan", "auditor")))
    address = f"/office/signins/{county.root.pk}/export/"
    assert client.post(address, {"reason": " "}).status_code == 302
    answer = client.post(address, {"reason": "等保测评"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = text.splitlines()
    assert lines[0] == "时间,用户名,姓名,机关,事项,网络地址,设备,说明"
    assert lines[1].split(",")[1] == "'=1+1"
    assert len(lines) == 3
    entry = LedgerEntry.objects.get()
    assert (entry.action, entry.reason, entry.facts["upto"]) == ("accounts.export_signins", "等保测评", SignInRecord.objects.first().pk)  # type: ignore[union-attr]


def test_a_device_is_told_in_words_a_person_knows(rf: Any) -> None:
    said = {
        CHROME: "Windows电脑，Chrome",
        "Mozilla/5.0 (Linux; Android 13; HarmonyOS) AppleWebKit/537.36 Chrome/99 Mobile Safari/537.36 MicroMessenger/8.0": "鸿蒙，微信",
        "Mozilla/5.0 (X11; Linux x86_64; UOS) Gecko/20100101 Firefox/115.0": "统信电脑，火狐",
        "curl/8.0": "curl/8.0",
        "": "未知设备",
    }
    assert {agent: device_of(rf.get("/", HTTP_USER_AGENT=agent)) for agent in said} == said


def test_a_page_of_many_records_is_turned_by_key(county: County) -> None:
    for number in range(120):
        note("failed", None, None, username=f"u{number:03d}")
    client = signed_in(with_password(county.person("yunchuan", "auditor")))
    seen: list[str] = []
    address = "/office/signins/?event=failed"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"\bu\d{3}\b", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/office/signins/{following.group(1)}".replace("&amp;", "&") if following else ""
    assert seen == [f"u{number:03d}" for number in reversed(range(120))]

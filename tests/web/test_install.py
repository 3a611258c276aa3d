"""A real county from nothing: installed, organs and people made on screens, and the first draft by HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from gongkai.errors import Refused
from gongkai.web import commands
from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.office.installing import Installed, install
from tests.web.conftest import County
from tests.web.test_accounts import OTHER, enrolled, tried

pytestmark = pytest.mark.accounts_proven
HOLDERS = {"system_admin": ("张建国", "zhang"), "security_admin": ("李秀英", "li"), "auditor": ("王志强", "wang")}
NAME, CODE = "云川县人民政府", "yunchuan"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def put_in() -> dict[str, Installed]:
    made = install(name=NAME, code=CODE, holders=HOLDERS)
    return {account.person.username: account for account in made}


def own(username: str, password: str) -> Client:
    """Signed in, with a password of one's own, and the second factor where it is asked for."""
    client, answer = tried(username, password)
    assert answer.status_code == 302
    assert client.get("/office/")["Location"] == "/account/password/change/"
    client.post("/account/password/change/", {"oldpassword": password, "password1": OTHER, "password2": OTHER})
    if client.get("/office/").status_code == 302:
        enrolled(client)
    assert client.get("/office/").status_code == 200
    return client


def shown_password(client: Client, address: str) -> str:
    found = re.search(r"初始密码([A-Za-z0-9-]{19})", client.get(address).content.decode())
    assert found
    return found.group(1)


def test_it_makes_the_county_and_the_three_powers(db: None) -> None:
    made = put_in()
    county = Agency.objects.get()
    assert (county.name, county.short_name, county.path, county.kind) == (NAME, "云川县", "yunchuan/", "county")
    assert {post.duty: post.person.username for post in Post.objects.all()} == {duty: name for duty, (_, name) in HOLDERS.items()}
    assert all(Person.objects.get(username=name).check_password(account.password) for name, account in made.items())
    assert all(person.must_change_password and person.home == county for person in Person.objects.all())
    entries = LedgerEntry.objects.all()
    assert [(entry.action, entry.person, entry.reason) for entry in entries] == [("agencies.install", None, "安装")] * 7
    assert not any(account.password in str(entry.content()) for account in made.values() for entry in entries)
    assert list(verify()) == []


def test_it_refuses_where_a_county_stands(county: County) -> None:
    with pytest.raises(Refused, match="已经有机关，不能再安装"):
        put_in()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"auditor": ("王志强", "zhang")}, "现在有相同的用户名。"),
        ({"auditor": ("王志强", " ZHANG ")}, "现在有相同的用户名。"),
        ({"auditor": ("张建国", "wang")}, "现在有相同的姓名。如果确实是重名的两个人，请在姓名后加注部门。"),
        ({"auditor": ("", "wang")}, "请写明审计员的姓名和用户名。"),
        ({"auditor": ("王志强", "王")}, "用户名“王”不能用：请用小写字母、数字、点和短横，至少2个字符。"),
    ],
)
def test_three_different_people(db: None, changed: dict[str, tuple[str, str]], words: str) -> None:
    with pytest.raises(Refused) as caught:
        install(name=NAME, code=CODE, holders={**HOLDERS, **changed})
    assert caught.value.message.endswith(words)
    assert not Agency.objects.exists() and not Person.objects.exists() and not LedgerEntry.objects.exists()


@pytest.mark.parametrize(("name", "code"), [("", "yunchuan"), (NAME, ""), (NAME, "云川"), (NAME, "a/b"), ("县" * 101, "yunchuan")])
def test_the_county_needs_a_name_and_a_plain_code(db: None, name: str, code: str) -> None:
    with pytest.raises(Refused, match=r"全称|代码|简称"):
        install(name=name, code=code, holders=HOLDERS)
    assert not Agency.objects.exists()


@pytest.mark.parametrize("production", [False, True])
def test_from_nothing_to_the_first_draft(db: None, settings: Any, production: bool) -> None:
    """Everything after the installation by HTTP: the system administrator makes organ and account, the security administrator the post."""
    settings.REQUIRE_TOTP = production
    made = put_in()
    system, security = own("zhang", made["zhang"].password), own("li", made["li"].password)
    root = Agency.objects.get()
    values = {"kind": "township", "code": "qinghe", "name": "云川县青禾镇人民政府", "short_name": "青禾镇"}
    assert system.post(f"/office/organs/{root.pk}/add/", values).status_code == 302
    organ = Agency.objects.get(code="qinghe")
    assert system.post(f"/office/organs/{organ.pk}/people/", {"username": "zhao", "full_name": "赵敏"}).status_code == 302
    password = shown_password(system, f"/office/organs/{organ.pk}/")
    person = Person.objects.get(username="zhao")
    system.post(f"/office/organs/{organ.pk}/appoint/", {"appointee": person.pk, "duty": "drafter"})
    assert not person.posts.exists()  # the system administrator gives nobody a post
    security.post(f"/office/organs/{organ.pk}/appoint/", {"appointee": person.pk, "duty": "drafter", "from_on": ""})
    assert person.posts.get().duty == "drafter"

    drafter = own("zhao", password)
    content = {
        "agency": organ.pk, "title": "青禾镇2026年春季植树安排", "kind": "notice", "column": "a20_13", "formed_on": "2026-03-02",
        "body": "<p>现将本镇春季植树安排予以公开。</p>", "primary_channel": "site", "attribute": "proactive", "origin": "made",
    }  # fmt: skip
    answer = drafter.post("/office/items/new/", content)
    assert answer.status_code == 302, answer.content.decode()
    item = Item.objects.get()
    assert drafter.get(f"/office/items/{item.pk}/").status_code == 200

    auditor = own("wang", made["wang"].password)
    page = auditor.get("/office/ledger/").content.decode()
    assert page.count("安装") >= 7 and "青禾镇2026年春季植树安排" in page
    assert auditor.post("/office/items/new/", content).status_code == 404
    assert list(verify()) == []


def test_the_command_tells_the_passwords_once(db: None) -> None:
    told: list[str] = []
    commands.install(name=NAME, code=CODE, holders=HOLDERS, say=told.append)
    assert [re.fullmatch(r"(\S+)  (\S+)  用户名 (\w+)  初始密码 \S{19}", line).groups() for line in told if "初始密码 " in line] == [  # type: ignore[union-attr]
        ("系统管理员", "张建国", "zhang"), ("安全管理员", "李秀英", "li"), ("审计员", "王志强", "wang"),
    ]  # fmt: skip
    assert told[-1] == "初始密码只显示这一次，请分别当面交给本人；登录后必须先改密码。"


@pytest.mark.apart
def test_the_command_line(tmp_path: Path) -> None:
    """As an operator types it, in a process of its own, on an empty folder; a second time it is refused and nothing changes."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "GONGKAI_DATA")}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "gongkai.cli", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    options = ["--data", str(tmp_path), "--county-name", NAME, "--code", CODE]
    holders = ["--system-admin", "张建国=zhang", "--security-admin", "李秀英=li", "--auditor", "王志强=wang"]
    done = run("install", *options, *holders)
    assert (done.returncode, done.stdout.count("初始密码 ")) == (0, 3), done.stderr
    again = run("install", *options, *holders)
    assert again.returncode == 2
    assert "已经有机关" in again.stderr
    assert run("verify", "--data", str(tmp_path)).stdout.startswith("台账7条，前后相接，内容与摘要一致。\n没有锚点可以比对：")
    assert "不是“姓名=用户名”：王志强" in run("install", *options, *holders[:-1], "王志强").stderr

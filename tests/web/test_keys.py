"""The custody of keys: what is sealed cannot be read in the database, opens only in its row, and an old key opens what it closed."""

from __future__ import annotations

import base64
import datetime
import os
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client

from gongkai.web.agencies.accounts.checks import keys_are_here
from gongkai.web.agencies.accounts.factors import reseal
from gongkai.web.agencies.accounts.models import SessionMark
from gongkai.web.settings import moment
from gongkai.web.settings.keys import KeyLost, is_newest, kept, ring, seal, unseal
from tests.web.conftest import County
from tests.web.test_accounts import code_of, enrolled, signed_in, tried, with_password

OLD, NEW = "11" * 32, "22" * 32


@pytest.fixture(autouse=True)
def known_keys(settings: Any) -> None:
    """One key with a known name, quick hashes, and no codes used up by another test."""
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_KEYS, settings.DATA_CIPHER = ring(f"2026:{OLD}"), "sm4"


def raw(table: str) -> str:
    """Everything that stands in a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return repr(cursor.fetchall())


def proved(client: Client, secret: str, *, later: int = 0) -> Any:
    """Type the code of this moment, or of one of the next half minutes."""
    return client.post("/account/2fa/authenticate/", {"code": code_of(secret, int(time.time()) // 30 + later)})


# --- sealing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cipher", ["sm4", "aes"])
def test_sealed_text_opens_again_and_never_looks_the_same(settings: Any, cipher: str) -> None:
    settings.DATA_CIPHER = cipher
    first, second = (seal("张三 13800000000", purpose="contact", row="case:7") for _ in range(2))
    assert first.startswith(f"{cipher}:2026:") and first != second and "张三" not in first
    assert unseal(first, purpose="contact", row="case:7") == "张三 13800000000"


def test_it_is_sm4_gcm_as_the_standard_has_it() -> None:
    """Opened once more by hand, so that another program can open a backup with the key."""
    body = base64.b64decode(seal("密", purpose="p", row="r").rpartition(":")[2])
    key = HKDF(algorithm=hashes.SM3(), length=16, salt=None, info=b"gongkai sm4 p").derive(bytes.fromhex(OLD))
    box = Cipher(algorithms.SM4(key), modes.GCM(body[:12], body[12:28])).decryptor()
    box.authenticate_additional_data(b"sm4:2026:p:r")
    assert (box.update(body[28:]) + box.finalize()).decode() == "密"


@pytest.mark.parametrize(("purpose", "row"), [("other", "case:7"), ("contact", "case:8")])
def test_it_opens_for_its_purpose_and_row_alone(purpose: str, row: str) -> None:
    sealed = seal("张三", purpose="contact", row="case:7")
    with pytest.raises(KeyLost, match="密钥“2026”不是当时的那一个，或者内容被改动过"):
        unseal(sealed, purpose=purpose, row=row)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda sealed: sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:], "或者内容被改动过"),
        (lambda sealed: sealed[:20], "或者内容被改动过"),
        (lambda sealed: sealed.replace(":2026:", ":2025:"), "没有名为“2025”的密钥。请联系系统管理员把它放回环境变量 GONGKAI_DATA_KEYS"),
        (lambda sealed: "JBSWY3DPEHPK3PXP", "没有按规定加密保存，不能使用"),
    ],
)
def test_what_does_not_open_is_told_in_words(change: Any, words: str) -> None:
    with pytest.raises(KeyLost, match=words):
        unseal(change(seal("张三", purpose="contact", row="case:7")), purpose="contact", row="case:7")


def test_an_older_key_still_opens_and_the_newest_closes(settings: Any) -> None:
    old = seal("张三", purpose="contact", row="case:7")
    settings.DATA_KEYS = ring(f"2027:{NEW},2026:{OLD}")
    assert unseal(old, purpose="contact", row="case:7") == "张三"
    new = seal("张三", purpose="contact", row="case:7")
    assert new.startswith("sm4:2027:")
    assert (is_newest(old), is_newest(new)) == (False, True)


@pytest.mark.parametrize("said", ["2026", "2026:", f"2026:{OLD[:-1]}", f"密钥:{OLD}", f"2026:{OLD},2026:{NEW}", "2026:" + "g" * 64])
def test_keys_that_cannot_be_meant_are_refused(said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="GONGKAI_DATA_KEYS"):
        ring(said)


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "data"
    assert [kept(file, lambda: "first"), kept(file, lambda: "second")] == ["first", "first"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["data"]


# --- second factors ------------------------------------------------------------------------------------------------


def test_the_database_holds_no_secret_of_a_second_factor(county: County) -> None:
    person = with_password(county.person("yunchuan", "auditor"))
    client = signed_in(person)
    secret = enrolled(client)
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    codes = [part for part in page.split("</code>") if part[-8:].isalnum()]
    assert codes
    held = raw("mfa_authenticator")
    assert held.count("sm4:2026:") == 2
    for told in (secret, base64.b32decode(secret).hex(), base64.b64encode(base64.b32decode(secret)).decode(), *(c[-8:] for c in codes)):
        assert told not in held
    other, _ = tried(person.username)
    assert proved(other, secret, later=1).status_code == 302
    assert other.get("/office/").status_code == 200


def test_a_key_that_waits_for_its_first_code_is_not_in_the_session_in_clear(county: County) -> None:
    client = signed_in(with_password(county.person("yunchuan", "auditor")))
    client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    stored = Session.objects.get().session_data
    assert stored.startswith("sm4:2026:") and secret not in stored
    unsigned = base64.b64decode(stored.rpartition(":")[2])
    assert secret.encode() not in unsigned and b"mfa.totp" not in unsigned


def test_a_session_that_was_copied_or_whose_key_is_gone_means_signing_in_again(county: County, settings: Any) -> None:
    victim, other = (
        signed_in(with_password(county.person("qinghe", "drafter"))),
        signed_in(with_password(county.person("baishu", "drafter"))),
    )
    stored = Session.objects.get(pk=victim.session.session_key).session_data
    Session.objects.filter(pk=other.session.session_key).update(session_data=stored)
    assert other.get("/office/").status_code == 302
    assert victim.get("/office/").status_code == 200
    settings.DATA_KEYS = ring(f"2027:{NEW}")
    assert victim.get("/office/").status_code == 302


def test_somebody_elses_second_factor_copied_into_the_row_does_not_let_in(county: County) -> None:
    thief, auditor = with_password(county.person("qinghe", "drafter")), with_password(county.person("yunchuan", "auditor"))
    own = enrolled(signed_in(thief))
    enrolled(signed_in(auditor))
    stolen = Authenticator.objects.get(user=thief, type="totp").data
    Authenticator.objects.filter(user=auditor, type="totp").update(data=stolen)
    client, _ = tried(auditor.username)
    answer = proved(client, own, later=1)
    assert answer.status_code == 200 and "不是当时的那一个，或者内容被改动过" in answer.content.decode()
    assert client.get("/office/").status_code == 302


def test_a_secret_in_clear_put_into_the_row_does_not_let_in(county: County) -> None:
    auditor = with_password(county.person("yunchuan", "auditor"))
    enrolled(signed_in(auditor))
    Authenticator.objects.filter(user=auditor, type="totp").update(data={"secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"})
    client, _ = tried(auditor.username)
    answer = proved(client, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert answer.status_code == 200 and "没有按规定加密保存" in answer.content.decode()
    assert [error.id for error in keys_are_here(None)] == ["gongkai.E002"]


def test_a_lost_key_is_told_at_sign_in_and_by_the_check(county: County, settings: Any) -> None:
    person = with_password(county.person("yunchuan", "auditor"))
    first = signed_in(person)
    secret = enrolled(first)
    assert keys_are_here(None) == []
    settings.DATA_KEYS = ring(f"2027:{NEW}")
    client, _ = tried(person.username)
    answer = proved(client, secret, later=1)
    assert answer.status_code == 200
    assert "打不开加密保存的内容：平台没有名为“2026”的密钥。请联系系统管理员" in answer.content.decode()
    (error,) = keys_are_here(None)
    assert error.id == "gongkai.E001" and "缺少“2026”" in error.msg
    settings.DATA_KEYS = ring(f"2027:{NEW},2026:{OLD}")
    assert proved(client, secret, later=1).status_code == 302


def test_a_page_that_needs_a_lost_key_says_so(county: County, settings: Any) -> None:
    person = with_password(county.person("yunchuan", "auditor"))
    client = signed_in(person)
    enrolled(client)
    settings.DATA_KEYS = ring(f"2027:{NEW},2026:{OLD}")
    # A session is sealed anew when its end is put off, once a minute.
    SessionMark.objects.update(seen_at=moment.now() - datetime.timedelta(minutes=2))
    client.get("/office/")
    settings.DATA_KEYS = ring(f"2027:{NEW}")
    answer = client.get("/account/2fa/recovery-codes/", follow=True)
    assert answer.redirect_chain and "平台没有名为“2026”的密钥" in answer.content.decode()


def test_the_worker_seals_anew_under_the_newest_key(county: County, settings: Any) -> None:
    person = with_password(county.person("yunchuan", "auditor"))
    secret = enrolled(signed_in(person))
    assert reseal() == 0
    settings.DATA_KEYS = ring(f"2027:{NEW},2026:{OLD}")
    assert reseal() == 2
    settings.DATA_KEYS = ring(f"2027:{NEW}")
    client, _ = tried(person.username)
    assert proved(client, secret, later=1).status_code == 302


def test_what_no_key_opens_stays_as_it_is(county: County, settings: Any) -> None:
    enrolled(signed_in(with_password(county.person("yunchuan", "auditor"))))
    before = raw("mfa_authenticator")
    settings.DATA_KEYS = ring(f"2027:{NEW}")
    assert reseal() == 0
    assert raw("mfa_authenticator") == before


@pytest.mark.apart
def test_a_trial_makes_its_keys_and_the_backup_leaves_them_out(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "GONGKAI_DATA")}

    def run(*words: str) -> None:
        subprocess.run([sys.executable, "-m", "gongkai.cli", *words, "--data", str(tmp_path / "data")], env=environment, check=True)

    run("migrate")
    file = tmp_path / "data" / "keys" / "data"
    key = file.read_text().partition(":")[2]
    assert len(bytes.fromhex(key)) == 32 and stat.S_IMODE(file.stat().st_mode) == 0o600
    run("backup", str(tmp_path / "backup.zip"))
    with zipfile.ZipFile(tmp_path / "backup.zip") as opened:
        whole = b"".join(opened.read(name) for name in opened.namelist())
    assert key.encode() not in whole and bytes.fromhex(key) not in whole

"""Kept files in a bucket: the same promises as in a folder, over the real protocol, and plain words when the store is away.

The peer is moto's server on the loopback address; the client is the one that production uses.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import InMemoryStorage
from django.test import Client

from gongkai.errors import Refused
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.kept_files import attachments_hold, files_hold
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review import kept
from gongkai.web.review.stores import Bucket, Unreachable, store
from gongkai.web.settings.known import SETTINGS
from gongkai.web.settings.storage import bucket
from tests.web.conftest import DAY, County, public_address
from tests.web.test_kept import ABC, DAMAGED, GONE, lost
from tests.web.test_kill_server import SETUP

server = pytest.importorskip("moto.server", reason="moto is not installed: make setup brings it with the other development needs")
boto3 = pytest.importorskip("boto3", reason="boto3 is not installed: it belongs to the extra [s3]")

KEYS = {"GONGKAI_S3_KEY_ID": "gongkai", "GONGKAI_S3_SECRET": "not-a-real-secret"}
AWAY = "文件存储现在连不上，请稍后再试；一直这样的，请告诉系统管理员。"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the store listens."""
    peer = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    peer.start()
    host, port = peer.get_host_and_port()
    yield f"http://{host}:{port}"
    peer.stop()


@pytest.fixture
def asked(address: str) -> Any:
    """The store as its own administrator asks it."""
    return boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="root", aws_secret_access_key="root"
    )  # fmt: skip


def reader(**given: str) -> Any:
    """Reads settings as the environment would give them."""
    known = {setting.name: setting.default for setting in SETTINGS}
    return lambda name: given.get(name) or known[name]


@pytest.fixture
def place(address: str, asked: Any, settings: Any, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty bucket, which the platform is told to use; gives its name."""
    name = f"kept-{abs(hash(request.node.name)) % 10**9}"
    asked.create_bucket(Bucket=name)
    settings.MEDIA_ROOT = tmp_path / "files"
    options = {**KEYS, "GONGKAI_S3_BUCKET": name, "GONGKAI_S3_ENDPOINT": address, "GONGKAI_S3_ENCRYPTION": "AES256"}
    settings.STORAGES = {**settings.STORAGES, **bucket(reader(**options), is_production=True)}
    return name


def objects(asked: Any, name: str) -> dict[str, bytes]:
    rows = asked.list_objects_v2(Bucket=name).get("Contents", [])
    return {row["Key"]: asked.get_object(Bucket=name, Key=row["Key"])["Body"].read() for row in rows}


def test_a_file_lies_under_its_digest_encrypted_and_private(place: str, asked: Any, tmp_path: Path) -> None:
    assert kept.put(b"abc") == kept.put(b"abc") == ABC
    assert objects(asked, place) == {f"66/{ABC}": b"abc"}
    assert (kept.content(ABC), kept.size(ABC), kept.exists(ABC), list(kept.walk())) == (b"abc", 3, True, [ABC])
    assert asked.head_object(Bucket=place, Key=f"66/{ABC}")["ServerSideEncryption"] == "AES256"
    grants = asked.get_object_acl(Bucket=place, Key=f"66/{ABC}")["Grants"]
    assert [(grant["Grantee"]["Type"], grant["Permission"]) for grant in grants] == [("CanonicalUser", "FULL_CONTROL")]
    # On this machine nothing stays, not even in quarantine.
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_large_file_comes_back_as_it_was(place: str) -> None:
    data = os.urandom(1 << 20) * 20  # sent in several parts
    digest = kept.put(data)
    assert kept.content(digest) == data and kept.size(digest) == len(data)


def test_what_was_never_kept_is_not_there(place: str) -> None:
    assert (kept.exists(ABC), kept.size(ABC), list(kept.walk()), list(kept.faults())) == (False, None, [], [])
    assert lost(ABC) == GONE


@pytest.mark.parametrize("other", [b"", b"abd", b"abcd"], ids=["emptied", "changed", "grown"])
def test_other_bytes_are_never_handed_out_nor_written_over(place: str, asked: Any, other: bytes) -> None:
    kept.put(b"abc")
    asked.put_object(Bucket=place, Key=f"66/{ABC}", Body=other)
    assert lost(ABC) == DAMAGED
    with pytest.raises(kept.Lost, match="已被改动或者损坏"):
        kept.put(b"abc")
    assert objects(asked, place) == {f"66/{ABC}": other}
    assert list(kept.faults()) == [f"66/{ABC}"]


def test_more_files_than_one_answer_of_the_store_lists(place: str, asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store lists a thousand at a time; this one is told to list five."""
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "5")
    for number in range(12):
        asked.put_object(Bucket=place, Key=f"aa/{number:064x}", Body=b"")
    assert asked.list_objects_v2(Bucket=place)["KeyCount"] == 5
    assert len(list(store().names())) == 12 and len(list(kept.faults())) == 12


# --- the platform over it -------------------------------------------------------------------------------------------


def published(county: County) -> Item:
    item = county.draft()
    actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="名单.txt", data=b"abc")
    county.reviewed(item)
    actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
    return item


def test_the_public_is_served_by_our_view_alone(county: County, place: str, asked: Any, caplog: pytest.LogCaptureFixture) -> None:
    item = published(county)
    address = public_address(item.pk, "portal:attachment", ABC)
    answer = Client().get(address)
    assert b"".join(answer.streaming_content) == b"abc"
    assert (answer.status_code, answer["Content-Length"], answer["Content-Type"]) == (200, "3", "application/octet-stream")
    assert [*files_hold(), *attachments_hold()] == []
    asked.put_object(Bucket=place, Key=f"66/{ABC}", Body=b"abd")
    assert Client().get(address).status_code == 404
    assert [found.words for found in files_hold()] == [f"文件 files/66/{ABC} 的内容与它的摘要不符，文件被改动。"]
    asked.delete_object(Bucket=place, Key=f"66/{ABC}")
    item.refresh_from_db()
    assert [found.words for found in attachments_hold()] == [f"{item.current}（编号{item.current_id}）的附件“名单.txt”不见了。"]


class Away(InMemoryStorage):
    """A store that stops answering after so many questions; a bucket's names, no paths, and nothing is renamed."""

    left = 10**6

    def _asked(self) -> None:
        if self.left <= 0:
            raise ConnectionResetError("the store is away")
        self.left -= 1

    def exists(self, name: str) -> bool:
        self._asked()
        return super().exists(name)

    def size(self, name: str) -> int:
        self._asked()
        return super().size(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        self._asked()
        return super().listdir(path)

    def _open(self, name: str, mode: str = "rb") -> Any:
        self._asked()
        return super()._open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        self._asked()
        return super()._save(name, content)


def test_a_store_that_goes_away_at_any_question_leaves_no_act(county: County, settings: Any, tmp_path: Path) -> None:
    """It answers once, then twice, and so on, until an upload goes through: before that, nothing was entered."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = {**settings.STORAGES, "kept": {"BACKEND": f"{Away.__module__}.Away"}}
    item, drafter = county.draft(), county.person("qinghe", "drafter")
    n_entries, refused, storage = LedgerEntry.objects.count(), 0, store().storage  # type: ignore[union-attr]
    for left in range(20):
        storage.left = left
        try:
            actions.attach(person=drafter, on=DAY, item=item, name="名单.txt", data=b"abc")
        except Unreachable as error:
            refused += 1
            assert error.message == AWAY and LedgerEntry.objects.count() == n_entries
        else:
            break
    storage.left = 10**6
    assert refused >= 4 and LedgerEntry.objects.count() == n_entries + 1
    assert kept.content(ABC) == b"abc" and [*files_hold(), *attachments_hold()] == []


def test_nobody_listens_there(county: County, place: str, settings: Any) -> None:
    item = published(county)
    options = {**KEYS, "GONGKAI_S3_BUCKET": place, "GONGKAI_S3_ENDPOINT": "http://127.0.0.1:9"}
    settings.STORAGES = {**settings.STORAGES, **bucket(reader(**options), is_production=True)}
    answer = Client().get(public_address(item.pk, "portal:attachment", ABC))
    assert (answer.status_code, answer.content.decode(), answer["Retry-After"]) == (503, AWAY, "60")
    with pytest.raises(Unreachable, match="连不上"):
        list(files_hold())


@pytest.mark.parametrize("key", ["no-such-bucket"])
def test_a_bucket_that_is_not_there_is_told(settings: Any, address: str, tmp_path: Path, key: str) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    options = {**KEYS, "GONGKAI_S3_BUCKET": key, "GONGKAI_S3_ENDPOINT": address}
    settings.STORAGES = {**settings.STORAGES, **bucket(reader(**options), is_production=True)}
    with pytest.raises(Refused) as caught:
        kept.put(b"abc")
    assert caught.value.message == AWAY


# --- settings -------------------------------------------------------------------------------------------------------


def test_without_a_bucket_the_folder_stays(settings: Any) -> None:
    assert bucket(reader(), is_production=True) == {}
    assert not isinstance(store(), Bucket)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"GONGKAI_S3_KEY_ID": ""}, "设了 GONGKAI_S3_BUCKET，还要设 GONGKAI_S3_KEY_ID 和 GONGKAI_S3_SECRET。"),
        ({"GONGKAI_S3_SECRET": ""}, "设了 GONGKAI_S3_BUCKET，还要设 GONGKAI_S3_KEY_ID 和 GONGKAI_S3_SECRET。"),
        ({"GONGKAI_S3_ENDPOINT": "s3.example"}, "GONGKAI_S3_ENDPOINT 要写完整的地址，以 https:// 开头。"),
        ({"GONGKAI_S3_ENDPOINT": "http://s3.example"}, "GONGKAI_MODE=production 时 GONGKAI_S3_ENDPOINT 必须以 https:// 开头。"),
        ({"GONGKAI_S3_ADDRESSING": "auto"}, "GONGKAI_S3_ADDRESSING 只能是 path、virtual。"),
        ({"GONGKAI_S3_ACL": "public-read"}, "GONGKAI_S3_ACL 只能是 private、none。"),
        ({"GONGKAI_S3_ENCRYPTION": "rot13"}, "GONGKAI_S3_ENCRYPTION 只能是 AES256、aws:kms，或者不设。"),
    ],
)
def test_what_cannot_work_is_said_at_the_start(given: dict[str, str], words: str) -> None:
    whole = {**KEYS, "GONGKAI_S3_BUCKET": "kept", "GONGKAI_S3_ENDPOINT": "https://s3.example"}
    assert set(bucket(reader(**whole), is_production=True)) == {"kept"}
    with pytest.raises(ImproperlyConfigured) as caught:
        bucket(reader(**{**whole, **given}), is_production=True)
    assert str(caught.value) == words


def test_a_trial_may_go_without_tls() -> None:
    options = {**KEYS, "GONGKAI_S3_BUCKET": "kept", "GONGKAI_S3_ENDPOINT": "http://s3.example"}
    made = bucket(reader(**options), is_production=False)["kept"]["OPTIONS"]
    assert (made["endpoint_url"], made["default_acl"], made["object_parameters"]) == ("http://s3.example", "private", {})
    assert bucket(reader(**options, GONGKAI_S3_ACL="none"), is_production=False)["kept"]["OPTIONS"]["default_acl"] is None


# --- backup, restore and verify, as commands ------------------------------------------------------------------------

ATTACH = """
import datetime
from gongkai.web import commands
commands.prepare(None)
from gongkai.web.agencies.models import Person
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.models import Item
for number in range(3):
    actions.attach(
        person=Person.objects.get(username="drafter"), on=datetime.date(2026, 3, 2), item=Item.objects.get(),
        name=f"{number}.txt", data=f"file {number}".encode(),
    )
"""


def in_environment(data: Path, **settings: str) -> dict[str, str]:
    kept_names = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "GONGKAI_DATA")}
    return {**kept_names, **KEYS, "GONGKAI_DATA": str(data), **settings}


def gongkai(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gongkai.cli", *words, "--data", environment["GONGKAI_DATA"]]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.apart
@pytest.mark.timeout(300)
def test_a_county_in_a_bucket_goes_into_another_and_into_a_folder(address: str, asked: Any, tmp_path: Path) -> None:
    for name in ("first", "second"):
        asked.create_bucket(Bucket=name)
    there = {"GONGKAI_S3_ENDPOINT": address}
    old = in_environment(tmp_path / "old", GONGKAI_S3_BUCKET="first", **there)
    for code in (SETUP.replace("DRAFTS", "1"), ATTACH):
        subprocess.run([sys.executable, "-c", code], env=old, check=True, capture_output=True)
    files = objects(asked, "first")
    assert sorted(files.values()) == [b"file 0", b"file 1", b"file 2"]
    assert gongkai(old, "verify").returncode == 0
    file = tmp_path / "b.zip"
    done = gongkai(old, "backup", str(file))
    assert done.returncode == 0 and "、文件3个，文件取自对象存储。密钥不在备份里，请另行保管。" in done.stdout, done.stderr
    whole = b"".join(zipfile.ZipFile(file).read(name) for name in zipfile.ZipFile(file).namelist())
    assert KEYS["GONGKAI_S3_SECRET"].encode() not in whole

    # Into a bucket that holds something: refused, and nothing is touched.
    full = in_environment(tmp_path / "full", GONGKAI_S3_BUCKET="first", **there)
    assert gongkai(full, "restore", str(file)).returncode == 2 and objects(asked, "first") == files
    new = in_environment(tmp_path / "new", GONGKAI_S3_BUCKET="second", **there)
    done = gongkai(new, "restore", str(file))
    assert done.returncode == 0, done.stderr + done.stdout
    assert objects(asked, "second") == files
    local = in_environment(tmp_path / "local")
    done = gongkai(local, "restore", str(file))
    assert done.returncode == 0, done.stderr + done.stdout
    lying = {path.relative_to(tmp_path / "local" / "files").as_posix(): path for path in (tmp_path / "local" / "files").glob("??/*")}
    assert {name: path.read_bytes() for name, path in lying.items()} == files
    assert {stat.S_IMODE(path.stat().st_mode) for path in lying.values()} == {0o600}

    first = min(files)
    asked.put_object(Bucket="second", Key=first, Body=b"file X")
    told = gongkai(new, "verify")
    assert (told.returncode, told.stdout.splitlines()[0].partition("：")[2]) == (
        1,
        f"文件 files/{first} 的内容与它的摘要不符，文件被改动。",
    )
    # A damaged file does not keep the county from being backed up, and is told again after the restore.
    assert gongkai(new, "backup", str(tmp_path / "damaged.zip")).returncode == 0
    again = gongkai(in_environment(tmp_path / "again"), "restore", str(tmp_path / "damaged.zip"))
    assert again.returncode == 1 and f"文件 files/{first} 的内容与它的摘要不符" in again.stdout


RESTORE = """
import json, sys
from pathlib import Path
from gongkai.errors import GongkaiError
from gongkai.web import commands
commands.prepare(None)
from django.conf import settings
from gongkai.web import safekeeping
from gongkai.web.review import stores
n_sent, add = 0, stores.Bucket.add
def sent(self, name, part):
    global n_sent
    n_sent += 1
    if n_sent > 2:
        raise stores.Unreachable("没有了")
    add(self, name, part)
stores.Bucket.add = sent
try:
    safekeeping.restore(Path(sys.argv[1]))
except GongkaiError as error:
    print(json.dumps([error.message, n_sent, Path(settings.DATABASES["default"]["NAME"]).exists()]))
"""


@pytest.mark.apart
@pytest.mark.timeout(300)
def test_a_restore_that_the_store_interrupts_leaves_nothing(address: str, asked: Any, tmp_path: Path) -> None:
    asked.create_bucket(Bucket="interrupted")
    old = in_environment(tmp_path / "old")
    for code in (SETUP.replace("DRAFTS", "1"), ATTACH):
        subprocess.run([sys.executable, "-c", code], env=old, check=True, capture_output=True)
    assert gongkai(old, "backup", str(tmp_path / "b.zip")).returncode == 0
    new = in_environment(tmp_path / "new", GONGKAI_S3_BUCKET="interrupted", GONGKAI_S3_ENDPOINT=address)
    done = subprocess.run([sys.executable, "-c", RESTORE, str(tmp_path / "b.zip")], env=new, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == ["没有了", 3, False], done.stderr
    assert objects(asked, "interrupted") == {}
    assert gongkai(new, "restore", str(tmp_path / "b.zip")).returncode == 0
    assert len(objects(asked, "interrupted")) == 3

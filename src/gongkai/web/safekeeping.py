"""Back up and restore: one file that holds database and files, made while the platform serves, never the keys."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from gongkai.errors import Refused
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.settings import moment

DATABASE, DUMP, NOTE, FILES = "gongkai.sqlite3", "gongkai.dump", "backup.json", "files/"


def backup(file: Path) -> int:
    """Write the backup to ``file`` (a zip); gives the number of ledger entries in it. An existing file is never overwritten."""
    if file.exists():
        raise Refused(f"{file} 已经存在，请换一个文件名，旧的备份不会被覆盖。")
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        copy = _copy_sqlite(Path(folder)) if connection.vendor == "sqlite" else _dump_postgresql(Path(folder))
        n_entries = LedgerEntry.objects.count()
        part = file.with_name(file.name + ".part")
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            note = {"made_at": moment.now().isoformat(), "database": connection.vendor}
            archive.writestr(NOTE, json.dumps(note, ensure_ascii=False))
            archive.write(copy, copy.name)
            for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
                if path.is_file():
                    archive.write(path, FILES + path.relative_to(settings.MEDIA_ROOT).as_posix())
        part.rename(file)
    return n_entries


def restore(file: Path) -> None:
    """Put database and files of a backup in place; refused where a database stands already, so that nothing is lost."""
    if not zipfile.is_zipfile(file):
        raise Refused(f"{file} 不是备份文件。")
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        vendor = "sqlite" if DATABASE in names else "postgresql"
        if NOTE not in names or (vendor == "postgresql" and DUMP not in names):
            raise Refused(f"{file} 不是备份文件。")
        if vendor != connection.vendor:
            raise Refused(f"这份备份来自{vendor}，现在的数据库是{connection.vendor}，不能直接恢复。")
        _check_empty()
        if vendor == "sqlite":
            connections.close_all()
            _extract(archive, DATABASE, Path(settings.DATABASES["default"]["NAME"]))
        else:
            _restore_postgresql(archive)
        for name in names:
            target = (Path(settings.MEDIA_ROOT) / name.removeprefix(FILES)).resolve()
            if name.startswith(FILES) and not name.endswith("/") and target.is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
                _extract(archive, name, target)


def _check_empty() -> None:
    if connection.vendor == "sqlite":
        stands = Path(settings.DATABASES["default"]["NAME"]).exists()
    else:
        stands = bool(connection.introspection.table_names())
    if stands:
        raise Refused("目标数据库不是空的，为防止覆盖没有恢复。请指定一个新的数据目录或者空数据库。")


def _copy_sqlite(folder: Path) -> Path:
    """A copy of one moment, by SQLite's own online backup: writers go on meanwhile."""
    target = folder / DATABASE
    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy)
    finally:
        copy.close()
    return target


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with archive.open(name) as source, part.open("wb") as sink:
        shutil.copyfileobj(source, sink)
    part.rename(target)


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Refused(f"没有找到 {name}，请安装与服务器同版本的 PostgreSQL 客户端工具。")
    return found


def _arguments() -> tuple[list[str], dict[str, str]]:
    """Where the server is, for PostgreSQL's own tools; the password goes through the environment, never the command line."""
    place = connection.settings_dict
    pairs = (("--host", place["HOST"]), ("--port", place["PORT"]), ("--username", place["USER"]))
    return [part for name, value in pairs if value for part in (name, str(value))], {"PGPASSWORD": place["PASSWORD"] or ""}


def _dump_postgresql(folder: Path) -> Path:
    target = folder / DUMP
    where, secret = _arguments()
    command = [_tool("pg_dump"), "--format=custom", "--no-owner", f"--file={target}", *where, connection.settings_dict["NAME"]]
    _run(command, secret)
    return target


def _restore_postgresql(archive: zipfile.ZipFile) -> None:
    where, secret = _arguments()
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        dump = Path(folder) / DUMP
        _extract(archive, DUMP, dump)
        options = ["--no-owner", "--exit-on-error", "--single-transaction", "--dbname", connection.settings_dict["NAME"]]
        _run([_tool("pg_restore"), *options, *where, str(dump)], secret)


def _run(command: list[str], secret: dict[str, str]) -> None:
    import os

    done = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        raise Refused(f"{Path(command[0]).name} 没有成功：{done.stderr.strip()[:500]}")

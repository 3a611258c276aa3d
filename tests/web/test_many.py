"""More than a thousand publications: proven, listed, taken out, backed up and restored, on the database of the run.

A condition with a line for each of a thousand rows is deeper than SQLite takes; what is fetched for many rows must be fetched in parts.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, connections

from tests.web.test_safekeeping import environment, on_server, run, server_version, tools

ROOT = Path(__file__).parents[2]
N = 1101
# A data folder, and the address of its database (empty for SQLite).
Place = tuple[Path, str]


@pytest.fixture(scope="module")
def places(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Place]]:
    """Two data folders with their databases: one copied from the tests' own, whose tables are made already, and an empty one.

    For the whole module, because a database in which a test's transaction is open cannot be copied.
    """
    folder = tmp_path_factory.mktemp("many")
    full, empty = folder / "data", folder / "restored"
    full.mkdir()
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(full / "gongkai.sqlite3")) as copy:
                connection.connection.backup(copy)
            yield (full, ""), (empty, "")
            return
        like = connection.settings_dict["NAME"]
        connections.close_all()
    # A thread of another test may have left its connection open.
    on_server(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{like}'")
    names = [f"gongkai_{uuid.uuid4().hex[:12]}" for _ in range(2)]
    for name, template in zip(names, (like, "template0"), strict=True):
        on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    first, second = (urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")) for name in names)
    yield (full, first), (empty, second)
    for name in names:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def client_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL, tools in the path that are not older than the server."""
    if connection.vendor == "postgresql":
        folder = tools(server_version())
        if folder is None:
            pytest.skip(
                f"no pg_dump of PostgreSQL {server_version()} or newer: not in PATH, in the server's wheel or in /usr/lib/postgresql"
            )
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_more_than_a_thousand_publications_are_proven_listed_exported_and_restored(
    places: tuple[Place, Place], client_tools: None, tmp_path: Path
) -> None:
    (data, address), (restored, new) = places
    file = tmp_path / "b.zip"
    command = [sys.executable, "-m", "tests.web.many", str(N), str(file)]
    done = subprocess.run(command, cwd=ROOT, env=environment(data, address), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    # Two organs, six people and their six posts stood from the beginning; 1,101 items went through a review of seven acts each; 1,101
    # came from one file: handed in, cleared, approved, taken in by two batches.
    assert (told["broken"], told["said"][0]) == (0, "台账7726条，前后相接，内容与摘要一致。")
    assert told["public"] == 2202
    # The newest fifty with more behind them; the oldest fifty-one as a page of fifty and a last one of one.
    assert told["pages"] == [[50, False], [50, False], [1, True]]
    # A line each below the headings, every title once.
    assert (told["exported"], told["titles"]) == (2203, 2203)

    # The export is an act, too: one entry more.
    done = run(restored, "restore", str(file), address=new)
    assert (done.returncode, done.stdout.splitlines()[-2]) == (0, "台账7727条，前后相接，内容与摘要一致。"), done.stderr + done.stdout

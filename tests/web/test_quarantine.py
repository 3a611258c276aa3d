"""Uploads wait in quarantine until they are looked at: nobody reads them there, and a stop at any point leaves no half of an act."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.disclosure import actions
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review import kept, quarantine
from gongkai.web.review.models import Revision
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County
from tests.web.test_kill_server import SETUP
from tests.web.test_walk import client_of

FOUND = "文件没有通过安全检查：里面有病毒或者有害程序。文件没有保存，请先给这台电脑杀毒，再上传干净的文件。"
UNSCANNED = "文件的安全检查没有做成，文件留在隔离区，没有收下，谁也看不到。请稍后重新上传；一直这样的，请告诉系统管理员。"

Scanner = Callable[[str], Path]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def scanner(settings: Any, tmp_path: Path) -> Scanner:
    """Let the uploads be scanned by that Python text; ``file`` is the upload, ``tell`` writes down what the scanner saw."""

    def have(code: str) -> Path:
        script, seen = tmp_path / "scanner.py", tmp_path / "seen.json"
        tell = f"tell = lambda **seen: open({str(seen)!r}, 'w').write(json.dumps(seen))"
        script.write_text(f"import json, os, pathlib, sys, time\nfile = pathlib.Path(sys.argv[-1])\n{tell}\n{code}\n", encoding="utf-8")
        settings.SCAN_COMMAND = f"{sys.executable} '{script}' --of-the-house"
        return seen

    return have


def lying(folder: Path) -> list[str]:
    """What lies in the folder of files, an upload in quarantine told as such."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted("quarantine" if name.startswith("quarantine/upload-") else name for name in found)


def attach(county: County, data: bytes = b"abc") -> Any:
    item = county.draft()
    actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="名单.txt", data=data)
    item.refresh_from_db()
    return item


def test_a_clean_file_is_looked_at_before_it_is_kept(
    county: County, scanner: Scanner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_SECRET_KEY", "not for a scanner")
    monkeypatch.setenv("DATABASE_URL", "nor this")
    seen = scanner(
        "tell(data=file.read_text(), mode=oct(file.stat().st_mode)[-3:], kept=[p.name for p in file.parent.parent.glob('??/*')],"
        " words=sys.argv[1:-1], place=file.parent.name, secrets=[n for n in os.environ if n in ('GONGKAI_SECRET_KEY', 'DATABASE_URL')])"
    )
    item = attach(county)
    assert json.loads(seen.read_text()) == {
        "data": "abc", "mode": "600", "kept": [], "words": ["--of-the-house"], "place": "quarantine", "secrets": [],
    }  # fmt: skip
    digest = item.current.content["attachments"][0]["digest"]
    assert lying(folder) == [f"{digest[:2]}/{digest}"]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("print('Eicar FOUND'); sys.exit(1)", (FOUND, [])),
        ("sys.exit(2)", (UNSCANNED, ["quarantine"])),
        ("os.kill(os.getpid(), 9)", (UNSCANNED, ["quarantine"])),
        ("time.sleep(60)", (UNSCANNED, ["quarantine"])),
        ("sys.stdout.buffer.write(bytes(range(256))); sys.exit(1)", (FOUND, [])),
    ],
    ids=["found", "failed", "killed", "hangs", "found, told in no letters"],
)
def test_what_is_not_clean_is_not_let_in(
    county: County, scanner: Scanner, folder: Path, code: str, told: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "LONGEST_SCAN", 3)
    scanner(code)
    item, n_entries, n_revisions = county.draft(), LedgerEntry.objects.count(), Revision.objects.count()
    drafter = county.person("qinghe", "drafter")
    with pytest.raises(Refused) as caught:
        actions.attach(person=drafter, on=DAY, item=item, name="名单.txt", data=b"abc")
    assert (caught.value.message, lying(folder)) == told and list(kept.walk()) == []
    assert (LedgerEntry.objects.count(), Revision.objects.count()) == (n_entries, n_revisions)


def test_a_scanner_that_is_not_there_lets_nothing_in(county: County, settings: Any, folder: Path) -> None:
    settings.SCAN_COMMAND = "/no/such/scanner --fast"
    with pytest.raises(Refused) as caught:
        attach(county)
    assert (caught.value.message, lying(folder)) == (UNSCANNED, ["quarantine"])


def test_what_is_kept_already_is_looked_at_again(county: County, scanner: Scanner) -> None:
    """A scanner knows more today than yesterday."""
    attach(county)
    scanner("sys.exit(1)")
    with pytest.raises(Refused, match="没有通过安全检查"):
        attach(county)


def test_the_person_is_told_on_the_page(county: County, scanner: Scanner, folder: Path) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    scanner("sys.exit(1)")
    item, client = county.draft(), client_of(county.person("qinghe", "drafter"))
    answer = client.post(reverse("office:attach", args=[item.pk]), {"file": SimpleUploadedFile("名单.txt", b"abc")}, follow=True)
    assert FOUND in answer.content.decode() and lying(folder) == []


def test_quarantine_is_swept_after_a_day(scanner: Scanner, folder: Path) -> None:
    kept.put(b"abc")
    scanner("sys.exit(2)")
    with pytest.raises(quarantine.Unscanned):
        kept.put(b"abd")
    assert quarantine.sweep() == 0 and len(lying(folder)) == 2
    with moment.at(moment.now() + datetime.timedelta(hours=23)):
        assert quarantine.sweep() == 0
    with moment.at(moment.now() + datetime.timedelta(hours=25)):
        assert (quarantine.sweep(), quarantine.sweep()) == (1, 0)
    assert len(lying(folder)) == 1 and len(list(kept.walk())) == 1


def test_where_nothing_was_uploaded_nothing_is_swept(folder: Path) -> None:
    assert quarantine.sweep() == 0


# Attaches in a process of its own that is killed before its first step, then before its second, until one goes through: every
# look at the disk, every statement, every entry and the commit is a step.
KILLED = """
import datetime, json, os, sys
from pathlib import Path
from gongkai.web import commands
commands.prepare(None)
from django.conf import settings
from django.db import connection, connections
from gongkai.web.agencies.models import Person
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review import kept
day, root = datetime.date(2026, 3, 2), str(settings.MEDIA_ROOT)
drafter, item = Person.objects.get(username="drafter"), Item.objects.get()

def attach(number):
    actions.attach(person=drafter, on=day, item=item, name=f"{number}.txt", data=f"file {number}".encode())

attach(0)
actions.detach(person=drafter, on=day, item=item, digest=next(kept.walk()))

def child(last):
    seen = []
    def step(what):
        seen.append(what)
        if len(seen) == last:
            os.write(told, what.encode())
            os.kill(os.getpid(), 9)
    def hook(event, arguments):
        if event not in ("open", "os.mkdir", "os.link", "os.rename", "os.remove"):
            return
        place = str(arguments[0])
        if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR) and place.startswith(f"{root}/") and "/quarantine/" not in place:
            os.write(told, b"written in place ")
        if place.startswith(root):
            step(event)
    def asked(execute, sql, *rest):
        step("sql")
        return execute(sql, *rest)
    commit, fsync = connection.commit, os.fsync
    def synced(handle):
        step("fsync")
        fsync(handle)
    def commits():
        step("before the commit")
        commit()
        step("after the commit")
    connection.ensure_connection()
    sys.addaudithook(hook)
    connection.commit, os.fsync = commits, synced
    with connection.execute_wrapper(asked):
        attach(last)
    os._exit(0)

steps, halves, is_over = [], [], False
while not is_over:
    connections.close_all()
    reads, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        child(len(steps) + 1)
    os.close(told)
    status = os.waitpid(pid, 0)[1]
    is_over = not os.WIFSIGNALED(status)
    halves += [f"ended with {status}"] if is_over and status else []
    steps.append(os.read(reads, 100).decode() or "done")
    os.close(reads)
    item.refresh_from_db()
    named = {row["name"]: row["digest"] for row in item.current.content["attachments"]}
    wrong = [name for name, digest in named.items() if kept.content(digest) != f"file {name.partition('.')[0]}".encode()]
    n_entries = LedgerEntry.objects.filter(action="disclosure.attach").count() - 1
    halves += [*kept.faults(), *wrong, *([f"{n_entries} entries for {sorted(named)}"] if n_entries != len(named) else [])]
left = len(list(Path(root, "quarantine").iterdir()))
print(json.dumps({
    "steps": steps, "halves": halves, "named": len(named), "kept": len(list(kept.walk())), "left": left,
    "broken": [found.words for found in verify()],
}))
"""


@pytest.mark.apart
@pytest.mark.timeout(300)
def test_killed_at_any_step_no_half_of_an_upload_stands(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"GONGKAI_DATA": str(tmp_path / "data")}
    for code in (SETUP.replace("DRAFTS", "1"), KILLED):
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    steps = told["steps"]
    assert (told["halves"], told["broken"]) == ([], [])
    # Every kind of step was one at which it died.
    assert {"open", "fsync", "os.mkdir", "os.link", "os.remove", "sql", "before the commit", "after the commit"} <= set(steps)
    assert steps.count("done") == 1 and len(steps) > 20
    # It stands twice: once it was killed after the commit, once it went through.
    assert told["named"] == 2
    # Died with the upload in quarantine: garbage there. Died after it was let in: a file that nothing names, and no half of one.
    assert told["left"] >= 3 and told["kept"] > told["named"]

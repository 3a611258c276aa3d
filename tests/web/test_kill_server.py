"""The real server is killed while people review and publish over HTTP, again and again: act and entry stand together or not at all."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from gongkai.web.review.stages import stages

# One county, one township, six people with one password, and drafts enough for every kill.
SETUP = """
import datetime
from gongkai.web import commands
commands.prepare(None)
commands.migrate(say=lambda _: None)
from django.contrib.auth.hashers import make_password
from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.disclosure import actions
from gongkai.web.office.installing import founded
day = datetime.date(2026, 3, 2)
root = Agency.objects.create(code="yunchuan", kind="county", name="云川县人民政府", short_name="云川县")
organ = Agency.objects.create(parent=root, code="qinghe", kind="township", name="云川县青禾镇人民政府", short_name="青禾镇")
password = make_password("shu-mu-2026-chun")
for duty in ("drafter", "first_reviewer", "second_reviewer", "final_reviewer", "secrecy_reviewer", "office_head"):
    person = Person.objects.create(username=duty, password=password, full_name=duty, home=organ)
    Post.objects.create(person=person, agency=organ, duty=duty, from_on=day)
for thing in (*Agency.objects.all(), *Person.objects.all(), *Post.objects.all()):
    founded(thing, "试验", {})
drafter = Person.objects.get(username="drafter")
for number in range(DRAFTS):
    content = actions.Content(
        title=f"打断试验{number}", body="<p>正文</p>", kind="notice", column="a20_13", formed_on=day, channels=("wechat",)
    )
    print(actions.draft(person=drafter, on=day, agency=organ, content=content).pk)
"""
PROOF = """
from gongkai.web import commands
commands.prepare(None)
from gongkai.web.disclosure.models import Publication
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review.models import COMPLETED, Run, Step
print([broken.words for broken in verify()][:3])
print(Publication.objects.exclude(run__state=COMPLETED).count())
print(Publication.objects.count() - LedgerEntry.objects.filter(action="disclosure.publish").count())
print(Step.objects.count() - LedgerEntry.objects.filter(action__in=["review.first", "review.second", "review.final", "review.secrecy"]).count())
print(Run.objects.count() - LedgerEntry.objects.filter(action="disclosure.submit").count())
print(Publication.objects.count())
"""
IS_DEEP = os.environ.get("GONGKAI_TESTS") == "deep"
KILLS = 50
# So many of them kill everything and start it anew; the others kill the process that answers, and its master puts a new one in its place.
WHOLE = KILLS if IS_DEEP else 4
DRAFTS = 200
SEED = int(os.environ.get("GONGKAI_SEED", "20260302"))

pytestmark = pytest.mark.apart


class Server:
    """``gongkai serve`` in a process group of its own."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as place:
            place.bind(("127.0.0.1", 0))
            self.port: int = place.getsockname()[1]
        self.data = data
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "GONGKAI_DATA")}
        self.environment = {**kept, "GONGKAI_DATA": str(data)}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "gongkai.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self.wait()

    def wait(self) -> None:
        for _ in range(1200):
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as line:
                    line.request("GET", "/healthz")
                    assert line.getresponse().status == 200
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        raise AssertionError("the server did not answer within a minute")

    def answering(self) -> list[int]:
        """The processes that answer: children of the master that run the same command."""
        own = Path(f"/proc/{self.process.pid}/cmdline").read_bytes()
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if _cmdline(pid) == own]

    def kill_answering(self) -> bool:
        killed = False
        for pid in self.answering():
            os.kill(pid, signal.SIGKILL)
            killed = True
        return killed

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _cmdline(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


class Visitor:
    """One person at a browser: cookies, the token of every sheet, and patience while the server is away."""

    def __init__(self, port: int, username: str) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.n_broken = 0
        self.go("GET", "/account/login/")
        assert self.go("POST", "/account/login/", login=username, password="shu-mu-2026-chun") == 302
        assert self.go("GET", "/office/") == 200

    def go(self, method: str, address: str, **fields: object) -> int:
        """The status of the answer; a call that the kill broke is made again."""
        while True:
            try:
                return self._once(method, address, fields)
            except (OSError, http.client.HTTPException):
                self.n_broken += 1
                time.sleep(0.02)

    def act(self, address: str, **fields: object) -> None:
        """Do something. Made again after a kill it may be refused: the first call was done, only its answer was lost."""
        n_before = self.n_broken
        status = self.go("POST", address, **fields)
        assert status == 302 or (status == 422 and self.n_broken > n_before), (address, status)

    def _once(self, method: str, address: str, fields: dict[str, object]) -> int:
        body = (
            urlencode({**fields, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}, doseq=True)
            if fields or method == "POST"
            else None
        )
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
            line.request(method, address, body, head)
            answer = line.getresponse()
            answer.read()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                name, value = re.match(r"([^=]+)=([^;]*)", cookie).groups()  # type: ignore[union-attr]
                self.cookies[name] = value
            return answer.status


class Office(threading.Thread):
    """Six people who take one draft after the other to publication, until told to stop."""

    def __init__(self, server: Server, drafts: list[int]) -> None:
        super().__init__(daemon=True)
        self.server, self.drafts, self.stop = server, drafts, threading.Event()
        duties = ("drafter", *(f"{name}_reviewer" for name in ("first", "second", "final", "secrecy")), "office_head")
        self.people = {duty: Visitor(server.port, duty) for duty in duties}
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            for draft in self.drafts:
                if self.stop.is_set():
                    return
                self.publish(draft)
        except BaseException as error:
            self.error = error

    def publish(self, draft: int) -> None:
        where = f"/office/items/{draft}"
        self.people["drafter"].act(f"{where}/submit/")
        for name in ("first", "second", "final", "secrecy"):
            fields = {"run": self._run_of(draft), "verdict": "pass", "checked": stages()[name].checklist}
            self.people[f"{name}_reviewer"].act(f"{where}/review/", **fields)
        self.people["office_head"].act(f"{where}/publish/")

    def _run_of(self, draft: int) -> int:
        """Read past the server: the page would say it, and cost a second call."""
        with closing(sqlite3.connect(f"file:{self.server.data}/gongkai.sqlite3?mode=ro", uri=True, timeout=20)) as database:
            return int(database.execute("SELECT MAX(id) FROM review_run WHERE subject_id = ?", (draft,)).fetchone()[0])

    @property
    def n_broken(self) -> int:
        return sum(person.n_broken for person in self.people.values())


def _told(code: str, environment: dict[str, str]) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.timeout(1200 if IS_DEEP else 600)
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the processes are found in /proc")
def test_no_kill_leaves_half_an_act(tmp_path: Path) -> None:
    environment = {**{name: value for name, value in os.environ.items() if name != "DATABASE_URL"}, "GONGKAI_DATA": str(tmp_path)}
    drafts = [int(line) for line in _told(SETUP.replace("DRAFTS", str(DRAFTS)), environment)]
    server, moments = Server(tmp_path), random.Random(SEED)
    try:
        office = Office(server, drafts)
        office.start()
        whole = set(moments.sample(range(KILLS), WHOLE))
        for number in range(KILLS):
            time.sleep(0.05 + moments.random() * 0.3)
            if number in whole:
                server.kill()
                server.start()
            else:
                while not server.kill_answering():
                    time.sleep(0.01)
                server.wait()
        office.stop.set()
        office.join(timeout=60)
        assert office.error is None, repr(office.error)
        assert office.n_broken > 0, "no kill met anybody at work"
    finally:
        server.kill()
    *holds, published = _told(PROOF, environment)
    assert holds == ["[]", "0", "0", "0", "0"], f"seed {SEED}"
    assert int(published) > 0, "no publication was ever reached"
    done = subprocess.run([sys.executable, "-m", "gongkai.cli", "verify"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout

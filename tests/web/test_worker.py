"""The worker: its jobs apart from each other, its sign of life, and what a SIGKILL at any point leaves behind."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Container
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.test import Client

from gongkai.web import serving, worker
from gongkai.web.agencies.models import Agency
from gongkai.web.ledger.work import WORK, Job
from gongkai.web.settings import heartbeat, moment
from tests.web.conftest import County

TIMES = 100 if os.environ.get("GONGKAI_TESTS") == "deep" else 20


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    settings.DATA, settings.INDEX_ROOT = tmp_path, tmp_path / "index"
    return tmp_path


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the worker have just these jobs."""

    def have(*known: Job) -> None:
        monkeypatch.setattr(worker, "WORK", list(known))

    return have


def test_the_platform_has_its_jobs() -> None:
    known = {job.name: job for job in WORK}
    assert {"index", "index_proof", "schedule", "past", "push", "likeness", "tidy", "anchor"} <= set(known)
    # What is published is to be found within two seconds.
    assert known["index"].every <= 0.5


@pytest.mark.django_db
def test_a_job_that_fails_is_told_and_the_others_go_on(data: Path, jobs: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def fails() -> int:
        raise ZeroDivisionError("零")

    jobs(Job("first", "第一件", 1, fails), Job("second", "第二件", 1, lambda: done.append("x") or 4))
    assert worker.run(stop=Event(), is_once=True) == 1
    assert done == ["x"]
    told = heartbeat.read()
    assert told is not None and heartbeat.is_alive(told)
    assert (told["jobs"]["first"]["error"], told["jobs"]["first"]["n_failures"]) == ("ZeroDivisionError: 零", 1)
    assert told["jobs"]["second"]["n_done"] == 4
    assert "Traceback" in caplog.text


def test_the_pause_after_a_failure_grows_and_is_bounded() -> None:
    every_five, daily = Job("past", "导入", 5, int), Job("tidy", "清理", 86_400, int)
    assert [worker.pause_after(every_five, 0, n) for n in range(1, 9)] == [5, 10, 20, 40, 80, 160, 300, 300]
    assert worker.pause_after(Job("index", "索引", 0.5, int), 0, 1) == 1
    assert worker.pause_after(every_five, 0, 10_000) == 300
    # Nobody looks every five minutes after what comes once a day.
    assert worker.pause_after(daily, 0, 7) == 86_400
    # Without a failure: the job's own pause, none while there is much to do.
    assert [worker.pause_after(every_five, n_done, 0) for n_done in (0, 99, 100)] == [5, 5, 0]


@pytest.mark.django_db
def test_a_job_that_fails_again_and_again_waits_longer_each_time_and_then_goes_on(
    data: Path, jobs: Callable[..., None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "FIRST", 0.1)
    monkeypatch.setattr(worker, "BEAT", 0.02)
    tries, others, stop = [], [], Event()

    def fails_five_times() -> int:
        tries.append(time.monotonic())
        if len(tries) < 6:
            raise ValueError("文件第3行读不了")
        return 1

    jobs(Job("stuck", "卡住的", 0.02, fails_five_times), Job("other", "其他的", 0.02, lambda: others.append(1) or 1))
    thread = Thread(target=worker.run, kwargs={"stop": stop})
    thread.start()
    try:
        _until(lambda: len(tries) == 5)
        _until(lambda: (heartbeat.read() or {})["jobs"]["stuck"].get("n_failures") == 5)
        told = (heartbeat.read() or {})["jobs"]["stuck"]
        assert told["error"] == "ValueError: 文件第3行读不了" and told["again_at"] > told["failed_at"]
        _until(lambda: len(tries) >= 7)
        _until(lambda: "error" not in (heartbeat.read() or {})["jobs"]["stuck"])
    finally:
        stop.set()
        thread.join(10)
    pauses = [later - earlier for earlier, later in itertools.pairwise(tries)]
    # 0.1, 0.2, 0.4, 0.8, 1.6 seconds at the least; after a round that went well its own pause again.
    assert all(pause >= least for pause, least in zip(pauses, (0.1, 0.2, 0.4, 0.8, 1.6), strict=False)) and pauses[5] < 1
    assert len(others) > 20
    assert caplog.text.count("job stuck failed") == 5


@pytest.mark.django_db
def test_only_one_worker_works_and_the_next_takes_over(data: Path, jobs: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "STANDBY", 0.05)
    first, second = Event(), Event()
    rounds: list[str] = []
    waits = Event()

    def start(stop: Event, name: str) -> Thread:
        jobs(Job("count", "数", 0.05, lambda: rounds.append(name) or 1))
        thread = Thread(target=worker.run, kwargs={"stop": stop, "waits": waits.set})
        thread.start()
        return thread

    one = start(first, "first")
    _until(lambda: "first" in rounds)
    two = start(second, "second")
    assert waits.wait(5)
    assert "second" not in rounds
    first.set()
    one.join(5)
    _until(lambda: "second" in rounds)
    second.set()
    two.join(5)
    assert not one.is_alive() and not two.is_alive()


def _until(holds: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.mark.django_db
def test_healthz_tells_of_the_worker_and_stays_well_without_it(data: Path) -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "worker": {"alive": False, "age": None}})
    heartbeat.tell({"beat_at": "2020-01-01T00:00:00+08:00"})
    told = Client().get("/healthz").json()["worker"]
    assert not told["alive"] and told["age"] > 1e8
    (data / "worker.json").write_text("{", encoding="utf-8")
    assert Client().get("/healthz").json()["worker"] == {"alive": False, "age": None}


def test_the_page_about_the_platform_tells_what_is_wrong_and_has_the_index_rebuilt(county: County, data: Path, acted: Any) -> None:
    from gongkai.web.disclosure import following

    county.published()
    client = Client()
    client.force_login(county.person("yunchuan", "system_admin"), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/office/system/").content.decode()
    assert "后台任务没有运行" in page and "检索索引还没有建立" in page and "这里没有备份的记录" in page
    worker.run(stop=Event(), is_once=True)
    page = client.get("/office/system/").content.decode()
    assert "后台任务没有运行" not in page and "与台账一致" in page and "意外停止" not in page
    root = Agency.objects.get(parent=None)
    client.post(f"/office/system/{root.pk}/reindex/")
    assert acted("platform.reindex") == 1
    assert "已要求重新建立，等后台任务完成。" in client.get("/office/system/").content.decode()
    # Asked twice, built once.
    assert "已经要求重新建立" in client.post(f"/office/system/{root.pk}/reindex/", follow=True).content.decode()
    assert acted("platform.reindex") == 1
    following.follow()
    assert "已要求重新建立" not in client.get("/office/system/").content.decode()


def test_the_page_about_the_platform_keeps_failures_and_crashes_visible(county: County, data: Path) -> None:
    stuck = {"error": "Refused: 保存的文件与批准的不一致", "failed_at": "2026-03-02T09:00:00+08:00", "n_failures": 4}
    crash = {"how": "SIGKILL", "at": "2026-03-02T08:30:00+08:00", "n": 2}
    jobs = {"past": {**stuck, "again_at": "2026-03-02T09:05:00+08:00"}, "push": {**stuck, "n_failures": 1}}
    heartbeat.tell({"beat_at": moment.now().isoformat(), "jobs": jobs, "crash": crash})
    client = Client()
    client.force_login(county.person("yunchuan", "system_admin"), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/office/system/").content.decode()
    assert "<code>后台任务意外停止过2次（SIGKILL），已经重新启动</code>" in page and "2026-03-02 08:30:00 出错" in page
    assert "<code>Refused: 保存的文件与批准的不一致 (连续4次，09:05:00再试)</code>" in page
    assert page.count("<code>Refused: 保存的文件与批准的不一致</code>") == 1


# --- real processes ----------------------------------------------------------------------------------------------

FOUND = """
import datetime
from gongkai.web import commands
commands.prepare(None)
commands.migrate(say=lambda _: None)
from gongkai.web.agencies.models import Agency, Person, Post
root = Agency.objects.create(code="yunchuan", kind="county", name="云川县人民政府", short_name="云川县")
agency = Agency.objects.create(parent=root, code="qinghe", kind="township", name="云川县青禾镇人民政府", short_name="青禾镇")
for duty in ("drafter", "first_reviewer", "second_reviewer", "final_reviewer", "secrecy_reviewer", "office_head"):
    person = Person.objects.create(username="qinghe-" + duty, password="!", full_name=duty, home=agency)
    Post.objects.create(person=person, agency=agency, duty=duty, from_on=datetime.date(2020, 1, 1))
from gongkai.web.office.installing import founded
for thing in (*Agency.objects.all(), *Person.objects.all(), *Post.objects.all()):
    founded(thing, "试验", {})
"""
PLAYERS = """
import datetime, sys
from gongkai.web import commands
commands.prepare(None)
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.schedule.actions import schedule
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import stages
from gongkai.web.settings import moment
day = datetime.date(2026, 3, 2)
agency = Agency.objects.get(code="qinghe")
who = lambda duty: Person.objects.get(username="qinghe-" + duty)
drafter, head = who("drafter"), who("office_head")
reviewers = {name: who(name + "_reviewer") for name in ("first", "second", "final", "secrecy")}
def reviewed(title):
    content = actions.Content(title=title, body="<p>正文</p>", kind="notice", column="a20_13", formed_on=day)
    item = actions.draft(person=drafter, on=day, agency=agency, content=content)
    run = actions.submit(person=drafter, on=day, item=item)
    for name in run.stages:
        decide(run=run, person=reviewers[name], on=day, is_passed=True, checked=stages()[name].checklist)
    return item
"""
ACTS = (
    PLAYERS
    + """
for number in range(int(sys.argv[1])):
    item = reviewed(f"打断试验{number}")
    publication = actions.publish(person=head, on=day, item=item)
    if number % 3 == 0:
        actions.withdraw(person=head, on=day, publication=publication, reason="试验")
    print(item.pk, flush=True)
"""
)
COUNTED = """
from gongkai.web import commands
commands.prepare(None)
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.schedule.models import Scheduled
print(Scheduled.objects.count(), Scheduled.objects.filter(done__isnull=False).count(), Publication.objects.count())
"""
SETS = (
    PLAYERS
    + """
for number in range(int(sys.argv[1])):
    schedule(person=head, item=reviewed(f"定时试验{number}"), publish_at=moment.now() + datetime.timedelta(seconds=1))
"""
)
COMPARED = """
from gongkai.web import commands
commands.prepare(None)
from gongkai.web import search
from gongkai.web.disclosure import following
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.queries import public_items
numbers = lambda public: sorted(h.number for h in search.find(search.Ask(is_public=public), folder=following.folder(), limit=9999).hits)
print(numbers(True) == sorted(public_items().values_list("item_id", flat=True)))
print(numbers(False) == sorted(Item.objects.values_list("pk", flat=True)))
print(following.lag().n_entries, len(numbers(True)), search.standing(following.folder()).n_documents - len(numbers(False)))
"""


@pytest.fixture
def served(tmp_path: Path) -> dict[str, str]:
    """The environment of a data folder with a small county in it."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"GONGKAI_DATA": str(tmp_path)}
    _python(environment, FOUND)
    return environment


def _gongkai(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "gongkai.cli", *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *arguments], env=environment, text=True, stdout=subprocess.PIPE)


def _kill_after(environment: dict[str, str], seconds: float) -> None:
    """A worker that is killed so long after it began to work."""
    beat = Path(environment["GONGKAI_DATA"], "worker.json")
    beat.unlink(missing_ok=True)
    process = _start(environment, "-m", "gongkai.cli", "worker")
    _until(beat.exists, 60)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def _python(environment: dict[str, str], program: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.apart
@pytest.mark.timeout(300)
def test_one_round_publishes_what_is_due_and_indexes_it(served: dict[str, str], tmp_path: Path) -> None:
    _python(served, SETS, "3")
    time.sleep(1)
    _gongkai(served, "worker", "--once")
    told = json.loads((tmp_path / "worker.json").read_text(encoding="utf-8"))
    assert told["jobs"]["schedule"]["n_done"] == 3
    _gongkai(served, "worker", "--once")
    assert _python(served, COMPARED).splitlines() == ["True", "True", "0 3 0"]
    assert "已重新建立" in _gongkai(served, "reindex")
    assert _python(served, COMPARED).splitlines()[:2] == ["True", "True"]
    assert "前后相接" in _gongkai(served, "verify")


@pytest.mark.apart
@pytest.mark.timeout(600)
def test_a_follower_killed_at_any_point_loses_and_doubles_nothing(served: dict[str, str]) -> None:
    moments = random.Random(20260302)
    acts = _start(served, "-c", ACTS, str(TIMES * 4))
    for _ in range(TIMES):
        _kill_after(served, moments.random() * 0.7)
    told, _ = acts.communicate()
    assert acts.returncode == 0
    for _ in range(10):
        _gongkai(served, "worker", "--once")
        *holds, rest = _python(served, COMPARED).splitlines()
        if rest.startswith("0 "):
            break
    assert holds == ["True", "True"]
    n_behind, n_public, n_apart = map(int, rest.split())
    assert (n_behind, n_apart) == (0, 0)
    assert n_public > 2 * len(told.split()) / 3 - 1
    assert "前后相接" in _gongkai(served, "verify")


@pytest.mark.apart
@pytest.mark.timeout(600)
def test_a_worker_killed_while_it_publishes_on_time_publishes_each_once(served: dict[str, str]) -> None:
    moments = random.Random(20260303)
    for _ in range(max(3, TIMES // 4)):
        _python(served, SETS, "4")
        time.sleep(1)
        _kill_after(served, moments.random() * 0.3)
    _gongkai(served, "worker", "--once")
    n_set, n_done, n_published = _python(served, COUNTED).split()
    assert n_set == n_done == n_published
    assert "前后相接" in _gongkai(served, "verify")


@pytest.mark.apart
@pytest.mark.timeout(300)
def test_serving_starts_the_worker_and_ends_it(served: dict[str, str], tmp_path: Path) -> None:
    """What is published while the platform serves is found within two seconds; nothing is left when the server is gone, even by SIGKILL."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        (tmp_path / "worker.json").unlink(missing_ok=True)
        server = _start(served, "-m", "gongkai.cli", "serve", "--port", str(_free_port()))
        try:
            _until(lambda: (tmp_path / "worker.json").exists(), 30)
            number = json.loads((tmp_path / "worker.json").read_text(encoding="utf-8"))["pid"]
            _until(
                lambda: _python(served, COMPARED).splitlines()[2].startswith("0 ") if (tmp_path / "index/current").exists() else False, 30
            )
            _python(served, ACTS, "2")
            time.sleep(2)
            assert _python(served, COMPARED).splitlines()[:2] == ["True", "True"]
        finally:
            server.send_signal(how)
            server.communicate(timeout=30)
        _until(lambda number=number: not _lives(number), 15)  # type: ignore[misc]


def _worker_of(folder: Path, *, but: Container[int] = ()) -> int:
    """The number of the worker's process that beats there, as soon as it is another one."""

    def told() -> int | None:
        try:
            number = json.loads((folder / "worker.json").read_text(encoding="utf-8"))["pid"]
        except (OSError, ValueError):
            return None
        return number if number not in but else None

    _until(lambda: told() is not None, 30)
    number = told()
    assert number is not None
    return number


@pytest.mark.apart
@pytest.mark.timeout(300)
def test_a_worker_that_is_killed_while_serving_is_started_anew(served: dict[str, str], tmp_path: Path) -> None:
    """Twice killed, twice started, the second time later; it works, the crash is told, and nobody is left when the server ends."""
    told = tmp_path / "told"
    for how, n_kills in ((signal.SIGTERM, 2), (signal.SIGINT, 1)):
        (tmp_path / "worker.json").unlink(missing_ok=True)
        port, numbers = _free_port(), list[int]()
        with told.open("w") as sink:
            server = subprocess.Popen([sys.executable, "-m", "gongkai.cli", "serve", "--port", str(port)], env=served, stderr=sink)
            try:
                for _ in range(n_kills):
                    numbers.append(_worker_of(tmp_path, but=numbers))
                    os.kill(numbers[-1], signal.SIGKILL)
                numbers.append(_worker_of(tmp_path, but=numbers))
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
                    assert json.load(answer)["worker"]["alive"] is True
                heart = json.loads((tmp_path / "worker.json").read_text(encoding="utf-8"))
                assert (heart["crash"]["n"], heart["crash"]["how"]) == (n_kills, "SIGKILL")
            finally:
                server.send_signal(how)
                server.wait(timeout=30)
        _until(lambda: _processes_of(tmp_path) == [], 15)
        wanted = ["后台任务意外停止（SIGKILL），第1次，1秒后重新启动。", "后台任务意外停止（SIGKILL），第2次，2秒后重新启动。"]
        assert [line for line in told.read_text(encoding="utf-8").splitlines() if "后台任务" in line] == wanted[:n_kills]


def _processes_of(folder: Path) -> list[str]:
    """The processes that still stand in that data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"GONGKAI_DATA={folder}".encode() in (process / "environ").read_bytes().split(b"\0") and _lives(int(process.name)):
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


def test_a_worker_that_cannot_live_is_started_ever_more_slowly(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """No hot loop: 1, 2, 4, … 60 seconds; one that worked for long before it ended counts as a first one."""
    clock = [0.0]
    monkeypatch.setattr(serving, "_PROGRAM", "raise SystemExit(3)")
    monkeypatch.setattr(serving.time, "monotonic", lambda: clock[0])
    beside, pauses = serving.Beside(), []
    for _ in range(8):
        beside.start()
        assert beside.worker is not None
        beside.worker.wait()
        beside.look()
        assert beside.worker is None, "not at once"
        pauses.append(beside.due - clock[0])
        clock[0] = beside.due - 0.01
        beside.look()
        assert beside.worker is None, "not before its time"
        clock[0] = beside.due
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert beside.crash["n"] == 8
    beside.look()
    assert beside.worker is not None
    beside.worker.wait()
    clock[0] += 600
    beside.look()
    assert beside.due - clock[0] == 1
    assert "后台任务意外停止（exit 3），第8次，60秒后重新启动。" in capfd.readouterr().err


def _lives(number: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{number}/stat").read_text(encoding="ascii").split()[2]
    except OSError:
        return False


def _free_port() -> int:
    import socket

    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port: int = place.getsockname()[1]
    return port

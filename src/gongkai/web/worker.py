"""The worker: does the jobs of :data:`gongkai.web.ledger.work.WORK` round after round, each apart from the others.

A job that fails is logged with its trace, told in the heartbeat, and tried again after a pause that grows from failure to
failure; the others go on. The heartbeat is a file of the data folder, so that telling it never waits for the database.
"""

from __future__ import annotations

import datetime
import fcntl
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connections

from gongkai import __version__
from gongkai.web.ledger.work import WORK, Job
from gongkai.web.settings import heartbeat, moment

logger = logging.getLogger(__name__)
# Seconds between two heartbeats, and before a second worker asks again whether it is alone.
BEAT, STANDBY = 2.0, 2.0
# A round that did so much is followed by the next at once: there may be more.
MUCH = 100
# Seconds after a first failure (the job's own pause where that is longer), twice as many after each more, but never more than the
# longest: what fails because of something outside goes on by itself soon after that was mended.
FIRST, LONGEST = 1.0, 300.0


@dataclass(slots=True)
class Turn:
    """One job, and what is told of it (replaced, never changed: two threads read it)."""

    job: Job
    told: dict[str, Any] = field(default_factory=dict)


def run(*, stop: Event, is_once: bool = False, waits: Callable[[], None] = lambda: None, crash: Mapping[str, Any] | None = None) -> int:
    """Do the jobs until ``stop`` is set, or one round of each; gives how many jobs failed in their last round.

    Only one worker works at a time: a second stands by (``waits`` is called once) and takes over when the first is gone.
    ``crash`` says how the worker ended in whose place this one works; the heartbeat tells it on.
    """
    turns = [Turn(job) for job in WORK]
    with Path(settings.DATA, "worker.lock").open("a") as lock:
        if not _alone(lock, stop, waits):
            return 0
        with _beating(turns, {"crash": dict(crash)} if crash else {}):
            if is_once:
                for turn in turns:
                    _take(turn)
            else:
                _take_turns(turns, stop)
    return sum("error" in turn.told for turn in turns)


def _take_turns(turns: list[Turn], stop: Event) -> None:
    """Each job in a thread of its own: what is slow, or waits for the network, keeps no other waiting."""

    def again(turn: Turn) -> None:
        while not stop.is_set():
            # A connection that the server dropped meanwhile is made anew.
            close_old_connections()
            pause = pause_after(turn.job, _take(turn), turn.told.get("n_failures", 0))
            if "error" in turn.told:
                turn.told = {**turn.told, "again_at": (moment.now() + datetime.timedelta(seconds=pause)).isoformat()}
            stop.wait(pause)
        connections.close_all()

    threads = [Thread(target=again, args=(turn,), name=turn.job.name) for turn in turns]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join()


def pause_after(job: Job, n_done: int, n_failures: int) -> float:
    """How many seconds lie before the next round of a job that did so much, or failed so many times in a row."""
    if n_failures:
        # The exponent is bounded too: a number with thousands of digits is no pause.
        return min(max(job.every, FIRST) * 2.0 ** min(n_failures - 1, 30), max(job.every, LONGEST))
    return job.every if n_done < MUCH else 0


@contextmanager
def _beating(turns: list[Turn], known: Mapping[str, Any]) -> Iterator[None]:
    """Tell the heartbeat meanwhile, from a thread of its own: a long job does not silence it."""
    state, is_over = {**known, "started_at": moment.now().isoformat()}, Event()

    def beat() -> None:
        while not is_over.is_set():
            _beat(turns, state)
            is_over.wait(BEAT)

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        _beat(turns, state)


def _alone(lock: Any, stop: Event, waits: Callable[[], None]) -> bool:
    """Wait until no other worker works; ``False`` when told to stop before that."""
    has_told = False
    while not stop.is_set():
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not has_told:
                waits()
                has_told = True
            stop.wait(STANDBY)
        else:
            return True
    return False


def _take(turn: Turn) -> int:
    """One round of one job; gives how much it did. Whatever it raises stays with it."""
    begun, known, n_done = time.monotonic(), turn.told, 0
    turn.told = {**known, "running_since": moment.now().isoformat()}
    try:
        n_done = turn.job.run()
    except Exception as error:
        logger.exception("job %s failed", turn.job.name)
        failed = {"error": f"{type(error).__name__}: {error}"[:300], "failed_at": moment.now().isoformat()}
        told = {**known, **failed, "n_failures": known.get("n_failures", 0) + 1}
    else:
        told = {"n_done": known.get("n_done", 0) + n_done, "done_at": moment.now().isoformat()}
    turn.told = {**told, "took_ms": round((time.monotonic() - begun) * 1000, 1)}
    return n_done


def _beat(turns: list[Turn], known: Mapping[str, Any]) -> None:
    """Tell that the worker lives and what its jobs did."""
    jobs = {turn.job.name: {"title": turn.job.title, **turn.told} for turn in turns}
    state = {**known, "version": __version__, "host": socket.gethostname(), "pid": os.getpid(), "jobs": jobs}
    try:
        heartbeat.tell({**state, "beat_at": moment.now().isoformat()})
    except OSError:
        logger.exception("the heartbeat could not be told")

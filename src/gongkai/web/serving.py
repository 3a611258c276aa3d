"""The trial's server: gunicorn in this process, and the worker in a process beside it, started anew when it ends unasked.

Production runs ``gunicorn`` and ``gongkai worker`` as two units, and the system's own manager starts them anew.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any, ClassVar

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from gongkai.web.settings import moment
from gongkai.web.wsgi import application

# Seconds before a worker that ended unasked is started anew, twice as many after each more, at most the longest. One that worked so
# long before it ended is a first one again.
FIRST, LONGEST, STEADY = 1.0, 60.0, 120.0
# Seconds that the worker has to finish what it is at.
LAST = 10
_PROGRAM = "import json, sys\nfrom gongkai.web import commands\ncommands.prepare(None)\ncommands.work_beside(int(sys.argv[1]), json.loads(sys.argv[2]))"


@dataclass(slots=True)
class Beside:
    """The worker's process, and what became of those before it. Only the process that made it looks after it."""

    parent: int = field(default_factory=os.getpid)
    worker: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    n_short: int = 0
    crash: dict[str, Any] = field(default_factory=dict)

    def start(self) -> None:
        """Start it: what it computes never keeps a page waiting, and it ends when this process does."""
        self.worker = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(self.parent), json.dumps(self.crash)])  # noqa: S603 - our own program
        self.started = time.monotonic()

    def look(self) -> None:
        """Tell of a worker that ended, and start it anew when its pause is over."""
        if self.worker is not None and self.worker.poll() is not None:
            self._note(self.worker.returncode)
            self.worker = None
        if self.worker is None and time.monotonic() >= self.due:
            self.start()

    def _note(self, status: int) -> None:
        now = time.monotonic()
        self.n_short = 1 if now - self.started >= STEADY else self.n_short + 1
        pause = min(FIRST * 2.0 ** min(self.n_short - 1, 30), LONGEST)
        self.due = now + pause
        how = signal.Signals(-status).name if status < 0 else f"exit {status}"
        self.crash = {"how": how, "at": moment.now().isoformat(), "n": self.crash.get("n", 0) + 1}
        sys.stderr.write(f"后台任务意外停止（{how}），第{self.crash['n']}次，{pause:g}秒后重新启动。\n")
        sys.stderr.flush()

    def stop(self) -> None:
        """Let it finish the job it is at; what takes longer is begun anew at the next start."""
        if self.worker is None or os.getpid() != self.parent:
            return
        self.worker.terminate()
        try:
            self.worker.wait(timeout=LAST)
        except subprocess.TimeoutExpired:
            self.worker.kill()
            self.worker.wait()


class Keeper(Arbiter):
    """gunicorn's loop, which looks after our worker once a second as it does after its own.

    A thread of ours would do as well, but gunicorn forks, and a fork beside a thread may copy a lock that nobody opens again.
    """

    beside: Beside

    def reap_workers(self) -> None:
        """Ask for ours first: gunicorn collects every child and keeps for itself how it ended."""
        if self.beside.worker is not None:
            self.beside.worker.poll()
        super().reap_workers()

    def manage_workers(self) -> None:
        """Once a second, and never again after the order to end."""
        super().manage_workers()
        self.beside.look()


class Server(BaseApplication):
    """gunicorn with our settings instead of a file's. Threads rather than processes: SQLite has one writer, and a small county needs no more."""

    WANTED: ClassVar = {
        "worker_class": "gthread",
        "threads": 8,
        "workers": 1,
        "timeout": 60,
        "control_socket_disable": True,
        "loglevel": "warning",
    }

    def __init__(self, bind: str, beside: Beside) -> None:
        """What to listen at, and whom to look after."""
        self.bind, self.beside = bind, beside
        super().__init__()

    def load_config(self) -> None:
        """Our settings."""
        for name, value in {**self.WANTED, "bind": self.bind}.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The platform."""
        return application

    def run(self) -> None:
        """Serve until told to end."""
        keeper = Keeper(self)
        keeper.beside = self.beside
        keeper.run()


def serve(*, bind: str) -> None:
    """Serve until interrupted or told to end; nothing is left running."""
    # gunicorn reads the command line by itself, and ours is none of its own.
    argv, sys.argv = sys.argv, sys.argv[:1]
    beside = Beside()
    beside.start()
    try:
        Server(bind, beside).run()
    finally:
        sys.argv = argv
        beside.stop()

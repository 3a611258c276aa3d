"""What the command line does with the platform: migrate, load the demo, serve, verify, back up, restore."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from gongkai.errors import GongkaiError

Say = Callable[[str], None]


def prepare(data: Path | None) -> None:
    """Let Django know the data folder; must come before anything else here."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.web.settings")
    if data is not None:
        os.environ["GONGKAI_DATA"] = str(data)
    Path(os.environ.get("GONGKAI_DATA", "data")).mkdir(parents=True, exist_ok=True)
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise GongkaiError(f"设置有误：{error}") from error


def migrate(*, say: Say) -> None:
    """Bring the database to this version."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    say("数据库已是最新。")


def demo(*, say: Say) -> list[tuple[str, str, str]]:
    """Load the demo county; gives its accounts."""
    from gongkai.web.demo.load import load

    migrate(say=say)
    return load(say=say)


def verify(*, say: Say) -> int:
    """Prove ledger and rows; gives how many entries are broken, each told."""
    from gongkai.web.ledger.models import LedgerEntry
    from gongkai.web.ledger.proof import verify as proof

    broken = 0
    for found in proof():
        broken += 1
        say(f"{found.county}第{found.number}条：{found.words}" if found.number else found.words)
    if not broken:
        say(f"台账{LedgerEntry.objects.count()}条，前后相接，内容与摘要一致。")
    return broken


def backup(file: Path, *, say: Say) -> None:
    """Write a backup of database and files to ``file``."""
    from gongkai.web.safekeeping import backup as write

    say(f"已备份到 {file}，含台账{write(file)}条。密钥不在备份里，请另行保管。")


def restore(file: Path, *, say: Say) -> int:
    """Restore a backup into an empty place and prove it; gives how many entries are broken."""
    from gongkai.web.safekeeping import restore as put

    put(file)
    migrate(say=say)
    return verify(say=say)


def serve(*, port: int, host: str = "127.0.0.1", say: Say) -> None:
    """Serve until interrupted: gunicorn with threads, one process on SQLite."""
    from gunicorn.app.base import BaseApplication

    from gongkai.web.wsgi import application

    say(f"正在 http://{host}:{port} 提供服务，按 Ctrl+C 结束。")

    class Server(BaseApplication):
        """gunicorn with our settings instead of a file's."""

        WANTED: ClassVar = {
            "bind": f"{host}:{port}",
            "worker_class": "gthread",
            "threads": 8,
            "workers": 1,
            "timeout": 60,
            "control_socket_disable": True,
            "loglevel": "warning",
        }

        def load_config(self) -> None:
            """Threads rather than processes: SQLite has one writer, and a small county needs no more."""
            for name, value in self.WANTED.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            """The platform."""
            return application

    argv, sys.argv = sys.argv, sys.argv[:1]
    try:
        Server().run()
    finally:
        sys.argv = argv

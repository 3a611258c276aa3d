"""What the command line does with the platform: migrate, load the demo, serve, work, reindex, verify, back up, restore;

also what an installation needs: set up a county, write anchors, tidy up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from gongkai.errors import GongkaiError

Say = Callable[[str], None]


def prepare(data: Path | None) -> None:
    """Let Django know the data folder; must come before anything else here."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    from gongkai.web import begin

    begin(data)
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise GongkaiError(f"设置有误：{error}") from error


def migrate(*, say: Say) -> None:
    """Bring the database to this version, and in production the static files with it."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    say("数据库已是最新。")
    if settings.IS_PRODUCTION:
        call_command("collectstatic", verbosity=0, interactive=False)
        say("页面的样式和图标已整理压缩。")


def demo(*, small: bool = True, say: Say) -> list[tuple[str, str, str]]:
    """Load the demo county; gives its accounts."""
    from gongkai.web.demo.load import load

    migrate(say=say)
    return load(small=small, say=say)


def install(*, name: str, code: str, holders: Mapping[str, tuple[str, str]], say: Say) -> None:
    """Set up a county and its three administrators; their first passwords are told once."""
    from gongkai.web.office.installing import install as make

    migrate(say=say)
    accounts = make(name=name, code=code, holders=holders)
    say(f"{name}已建立。三类管理员的账号：")
    for account in accounts:
        say(f"{account.title}  {account.person.full_name}  用户名 {account.person.username}  初始密码 {account.password}")
    say("初始密码只显示这一次，请分别当面交给本人；登录后必须先改密码。")


def anchor(out: Path | None, *, say: Say) -> None:
    """Write down the last entry of each chain, into ``out`` or as it is told; an existing file is never overwritten."""
    from gongkai.web.ledger.anchor import anchors, note_taken_out, written
    from gongkai.web.settings import moment

    rows = anchors(moment.today())
    if not rows:
        raise GongkaiError("台账还没有记录，没有写锚点。")
    if out is None:
        say(written(rows).rstrip())
        note_taken_out()
        return
    try:
        with out.open("x", encoding="utf-8") as sink:
            sink.write(written(rows))
    except FileExistsError as error:
        raise GongkaiError(f"{out} 已经存在，旧的锚点不会被覆盖，请换一个文件名。") from error
    note_taken_out()
    say(f"锚点已写到 {out}，请保存到平台管理员改不到的地方。")


def tidy(*, say: Say) -> None:
    """Remove sessions that ended, sign-ins kept longer than they must be, and what was left in quarantine."""
    from gongkai.web.agencies.accounts.records import tidy as remove
    from gongkai.web.review.quarantine import sweep

    say(f"过期的会话已清理；超过保存期限的登录记录清理了{remove()}条；隔离区里没有收下的文件清理了{sweep()}个。")


def verify(*, anchors: Iterable[Path] = (), say: Say) -> int:
    """Prove ledger and rows, and that the chain still holds what the ``anchors`` say; gives how much does not hold, each told.

    The newest daily anchor of the data folder is asked without being named.
    """
    from gongkai.web.ledger.anchor import compare, newest_daily, read
    from gongkai.web.ledger.models import LedgerEntry
    from gongkai.web.ledger.proof import verify as proof

    broken = 0
    rows = [row for file in anchors for row in read(_text(file))]
    name, daily = newest_daily()
    if daily is None:
        broken += 1
        say(f"数据目录里的每日锚点 {name} 读不出来，被改动。")
    for found in chain(compare([*rows, *(daily or ())]), proof()):
        broken += 1
        say(f"{found.county}第{found.number}条：{found.words}" if found.number else found.words)
    if not broken:
        held = f"，与{len(rows)}个锚点相符" if rows else ""
        say(f"台账{LedgerEntry.objects.count()}条，前后相接，内容与摘要一致{held}。")
    if not rows:
        say(_without_anchor(name, daily or []))
    return broken


def _without_anchor(name: str, daily: list[dict[str, Any]]) -> str:
    """What a proof without an anchor from outside cannot see, and what there is to see it by."""
    from gongkai.web.ledger.anchor import last_taken_out

    taken_out = last_taken_out()
    told = f"最近一次另存锚点是{taken_out}" if taken_out else "没有另存过锚点的记载"
    if not daily:
        return f"没有锚点可以比对：台账末尾如果被删去几条，这次核对看不出来（{told}）。请用 --anchor 给出另外保存的锚点。"
    upto = "、".join(f"{row['county']}第{row['number']}条" for row in daily)
    return (
        f"只比对了数据目录里的每日锚点（{name.removesuffix('.json')}，到{upto}）：在它以后删去的末尾看不出来；"
        f"能改数据库的人往往也改得了它（{told}）。请用 --anchor 给出另外保存的锚点。"
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GongkaiError(f"读不了 {file}：{error}") from error


def backup(file: Path, *, say: Say) -> None:
    """Write a backup of database and files to ``file``."""
    from gongkai.web.safekeeping import backup as write

    made = write(file)
    where = "，文件取自对象存储" if made.is_from_bucket else ""
    say(f"已备份到 {file}，含台账{made.n_entries}条、文件{made.n_files}个{where}。密钥不在备份里，请另行保管。")


def restore(file: Path, *, say: Say) -> int:
    """Restore a backup into an empty place and prove it; gives how many entries are broken."""
    from gongkai.web.safekeeping import restore as put

    put(file)
    migrate(say=say)
    return verify(say=say)


def work(*, is_once: bool = False, say: Say, crash: Mapping[str, Any] | None = None) -> int:
    """Do the worker's jobs until interrupted or told to end, or one round of each; gives how many failed in the last round."""
    import signal
    from threading import Event

    from gongkai.web.worker import run

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return run(stop=stop, is_once=is_once, waits=lambda: say("另一个后台任务正在运行，等它结束后接替。"), crash=crash)


def work_beside(parent: int, crash: Mapping[str, Any] | None = None) -> None:
    """Work as long as the process ``parent`` lives that started this one; ``crash`` says how the one before it ended."""
    from threading import Event, Thread

    def watch() -> None:
        while os.getppid() == parent:
            Event().wait(1)
        os.kill(os.getpid(), 15)

    Thread(target=watch, daemon=True).start()
    work(say=lambda _: None, crash=crash)


def reindex(*, say: Say) -> int:
    """Build the search index anew while the old one is served; gives how many documents it holds."""
    import time

    from gongkai.web.disclosure import following

    begun = time.monotonic()
    n_documents = following.reindex()
    say(f"检索索引已重新建立，共{n_documents}条，用时{time.monotonic() - begun:.1f}秒。")
    return n_documents


def serve(*, port: int, host: str = "127.0.0.1", say: Say) -> None:
    """Serve until interrupted: gunicorn with threads, one process on SQLite, and the worker in a process beside it."""
    from gongkai.web.serving import serve as run

    say(f"正在 http://{host}:{port} 提供服务，按 Ctrl+C 结束。")
    run(bind=f"{host}:{port}")

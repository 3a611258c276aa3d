"""The commands that run the platform: each prepares the data folder and calls one function of ``gongkai.web.commands``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

BROKEN = 1


def run(options: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Run the command that ``options`` names; gives the exit status.

    It is 1 from ``verify`` and ``restore`` when an entry is broken, and from ``worker`` when a job of its last round failed.
    """
    from gongkai.web import commands

    commands.prepare(Path(options.data) if options.data else None)
    if options.command == "serve":
        if options.demo:
            _demo(commands.demo(small=True, say=say), say)
        commands.migrate(say=say)
        commands.serve(port=options.port, host=options.host, say=say)
    elif options.command == "demo":
        _demo(commands.demo(small=options.small, say=say), say)
    elif options.command == "migrate":
        commands.migrate(say=say)
    elif options.command == "worker":
        return BROKEN if commands.work(is_once=options.once, say=say) else 0
    elif options.command == "reindex":
        commands.reindex(say=say)
    elif options.command == "verify":
        return BROKEN if commands.verify(anchors=[Path(file) for file in options.anchor], say=say) else 0
    elif options.command in ("install", "anchor", "tidy"):
        _keep(options, say)
    elif options.command == "backup":
        commands.backup(Path(options.file), say=say)
    else:
        return BROKEN if commands.restore(Path(options.file), say=say) else 0
    return 0


def _keep(options: argparse.Namespace, say: Callable[[str], None]) -> None:
    """The commands of whoever looks after an installation."""
    from gongkai.web import commands

    if options.command == "install":
        holders = {"system_admin": options.system_admin, "security_admin": options.security_admin, "auditor": options.auditor}
        commands.install(name=options.county_name, code=options.code, holders=holders, say=say)
    elif options.command == "anchor":
        commands.anchor(Path(options.out) if options.out else None, say=say)
    else:
        commands.tidy(say=say)


def _demo(accounts: list[tuple[str, str, str]], say: Callable[[str], None]) -> None:
    from gongkai.web.demo.people import PASSWORD

    for username, name, post in accounts:
        say(f"{username:<28}{name}  {post}")
    say(f"以上账号的密码都是 {PASSWORD}，只供试用。")

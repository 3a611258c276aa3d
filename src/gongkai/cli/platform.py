"""The commands that run the platform: each prepares the data folder and calls one function of ``gongkai.web.commands``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

BROKEN = 1


def run(options: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Run the command that ``options`` names; gives the exit status (1 from ``verify`` and ``restore`` when an entry is broken)."""
    from gongkai.web import commands

    commands.prepare(Path(options.data) if options.data else None)
    if options.command == "serve":
        if options.demo:
            _demo(commands.demo(say=say), say)
        commands.migrate(say=say)
        commands.serve(port=options.port, host=options.host, say=say)
    elif options.command == "demo":
        _demo(commands.demo(say=say), say)
    elif options.command == "migrate":
        commands.migrate(say=say)
    elif options.command == "verify":
        return BROKEN if commands.verify(say=say) else 0
    elif options.command == "backup":
        commands.backup(Path(options.file), say=say)
    else:
        return BROKEN if commands.restore(Path(options.file), say=say) else 0
    return 0


def _demo(accounts: list[tuple[str, str, str]], say: Callable[[str], None]) -> None:
    from gongkai.web.demo.load import PASSWORD

    for username, name, post in accounts:
        say(f"{username:<28}{name}  {post}")
    say(f"以上账号的密码都是 {PASSWORD}，只供试用。")

"""docs/reference/cli.md, from the argument parser itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from gongkai.cli.arguments import parser

HEAD = r"""# 命令行 Command line

This page is made from the program's own arguments by `make docs`. 每条命令也可以用 `gongkai 命令 --help` 查看。

| 退出码 | 含义 |
| --- | --- |
| 0 | 没有严重程度为“错误”的问题 |
| 1 | `check`、`compare` 发现了“错误”；`screen` 有任何一处命中；`verify`、`restore` 有一条台账不符；其他命令不使用 |
| 2 | 有文件读不了，或者命令本身写错了；一个文件读不了，不影响其他文件 |
| 130 | 被人中断（Ctrl-C） |
| 141 | 接收输出的程序先退出了（如 `gongkai check … \| head`） |

每一行 JSON 的内容见 [json.md](json.md)。
"""


def commands() -> dict[str, argparse.ArgumentParser]:
    """Command word → its parser, in the order of ``--help``."""
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise AssertionError("the command line has no commands")


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_section(name, command) for name, command in commands().items())


def _section(name: str, command: argparse.ArgumentParser) -> str:
    actions = [action for action in command._actions if not isinstance(action, argparse._HelpAction)]
    usage = " ".join(["gongkai", name, *(_synopsis(action) for action in _options_first(actions))])
    lines = [f"\n## {name}\n\n{command.description or ''}\n\n```\n{usage}\n```\n\n| 参数 | 含义 |\n| --- | --- |\n"]
    lines += [f"| `{_flags(action)}` | {_meaning(action)} |\n" for action in _options_first(actions)]
    return "".join(lines)


def _options_first(actions: list[argparse.Action]) -> list[argparse.Action]:
    return [action for action in actions if action.option_strings] + [action for action in actions if not action.option_strings]


def _metavar(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        return action.metavar
    if action.choices is not None:
        return "{" + ",".join(str(choice) for choice in action.choices) + "}"
    return action.dest.upper()


def _flags(action: argparse.Action) -> str:
    """Every way to write the argument, with what follows it. A bar inside a table cell would end the cell."""
    value = "" if action.nargs == 0 else _metavar(action).replace("|", r"\|")
    return " ".join(part for part in (", ".join(action.option_strings), value) if part)


def _synopsis(action: argparse.Action) -> str:
    name = _metavar(action)
    if not action.option_strings:
        return {"+": f"{name} [{name} ...]", "*": f"[{name} ...]", "?": f"[{name}]"}.get(str(action.nargs), name)
    written = action.option_strings[0] + ("" if action.nargs == 0 else f" {name}")
    return written if action.required else f"[{written}]"


def _meaning(action: argparse.Action) -> str:
    return "；".join(_sayings(action)) or "—"


def _sayings(action: argparse.Action) -> Iterator[str]:
    if action.help:
        yield action.help
    if action.default not in (None, False, argparse.SUPPRESS):
        yield f"默认 `{action.default}`"

"""The commands and their arguments, told in Chinese: headings, help and what is wrong with a line that cannot be run."""

from __future__ import annotations

import argparse
import datetime
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from gongkai import __version__
from gongkai.cli.lines import printable, wrap

SCOPES = {"province": "省", "city": "市", "county": "县", "department": "部门", "township": "乡镇", "street": "街道"}
# Nobody waits for the last day of more working days, and each is told.
MOST_DAYS = 1000
LISTS = ("checks", "editions", "cells", "values", "instruments")

_SCREEN = "发布前筛查：密级标志、个人信息、不得公开的内容、写错或者过时的用语、隐藏内容，逐处指出。"
# The commands of the platform: what each does, and whether it takes a backup file.
PLATFORM = {
    "serve": ("启动平台，在浏览器里使用", False),
    "demo": ("装入示范县的数据，供试用；重复运行不会重复装入", False),
    "migrate": ("把数据库升级到这个版本", False),
    "worker": ("运行后台任务：更新检索索引、定时发布等，直到按Ctrl+C或者收到结束信号", False),
    "reindex": ("重新建立检索索引，平台可以照常运行", False),
    "install": ("在空的数据目录里建立一个县和它的三类管理员，打印只显示一次的初始密码", False),
    "anchor": ("写出台账的锚点：每个县最后一条的序号和摘要，供每天保存到别处", False),
    "tidy": ("清理过期的会话、超过保存期限的登录记录和隔离区里没有收下的文件", False),
    "verify": ("核对台账：前后相接，内容与摘要一致；有一条不符就以1结束", False),
    "backup": ("备份数据库和文件，平台可以照常运行", True),
    "restore": ("把备份恢复到一个空的数据目录，并核对台账", True),
}

_SCOPES = "、".join(f"{scope}（{words}）" for scope, words in SCOPES.items())

# What argparse says, in the wordings of Python 3.11 to 3.13 → what we say. Anything else is shown as it comes.
SAYINGS = (
    (r"the following arguments are required: (.+)", "还缺少：{0}。"),
    (r"unrecognized arguments: (-.+)", "不认识的选项：{0}。"),
    (r"unrecognized arguments: (.+)", "多出来的内容：{0}。文件要写在一起，选项写在它们前面或者后面。"),
    (r"argument (.+?): expected (?:one|at least one) argument", "{0}后面要写一个值。"),
    (r"argument (.+?): ignored explicit argument .+", "{0}后面不能带值。"),
    (r"argument (.+?): (不是.+)", "{0}{1}"),
    (r"argument (.+?): invalid choice: (.+) \(choose from (.+)\)", "{0}不能写{1}，可以写：{2}。"),
)


class Help(argparse.HelpFormatter):
    """argparse's help, with a Chinese heading and lines folded where Chinese may be folded."""

    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None) -> None:
        """The line that shows how the command is written."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def format_help(self) -> str:
        """The whole help; argparse itself puts the colon behind a heading."""
        return re.sub(r"^(参数|选项|命令):$", r"\1：", super().format_help(), flags=re.MULTILINE)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrap(text, width - len(indent)))


class Parser(argparse.ArgumentParser):
    """An argument parser whose groups and complaints are Chinese. Options are never shortened: what is written is what is meant."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "add_help": False, "allow_abbrev": False, "formatter_class": Help})
        self.places = self.add_argument_group("参数")
        self.choices = self.add_argument_group("选项")
        self.choices.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the line, and how it is written; end with status 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}：{in_chinese(message)}\n")


def in_chinese(message: str) -> str:
    """A complaint of argparse in Chinese; one that is not known stays as it is."""
    for pattern, words in SAYINGS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return printable(words.format(*(part.replace("'", "").replace(", ", "、") for part in found.groups())))
    return printable(message)


def parser() -> Parser:
    """The whole command line; ``command`` of what it parses is the word that was chosen."""
    top = Parser(prog="gongkai", description="政府信息公开工作年度报告：读取、检查、转换、比较；发布前筛查；算期限。")
    top.choices.add_argument("--version", action="version", version=f"gongkai {__version__}", help="显示版本")
    commands = top.add_subparsers(dest="command", required=True, metavar="命令", title="命令", prog=top.prog)
    for name, text in (("read", "读取年度报告，列出读到的内容"), ("check", "检查年度报告，指出哪一格、哪一句有问题")):
        _with_files(commands.add_parser(name, help=text, description=text + "。"))
    command = commands.add_parser("convert", help="把报告写成另一种格式", description="把报告写成另一种格式，格式由输出文件的后缀决定。")
    command.places.add_argument("file", metavar="IN", help="报告文件；“-”表示标准输入")
    command.choices.add_argument("-o", "--output", required=True, metavar="OUT", help="输出文件：.docx .pdf .html .xlsx .json")
    command = commands.add_parser("compare", help="比较两份报告", description="比较同一机关的两个年度，或者两个机关的同一年度。")
    command.places.add_argument("first", metavar="A", help="第一份报告")
    command.places.add_argument("second", metavar="B", help="第二份报告")
    command.choices.add_argument("--json", action="store_true", help="每个问题输出一行JSON")
    command = commands.add_parser(
        "law", help="列出程序所依据的规定", description="列出程序所依据的规定：检查项、报告格式版本、单元格、期限与数值、文件。"
    )
    command.places.add_argument("list", choices=LISTS, metavar="|".join(LISTS), help="要列出的内容")
    command.choices.add_argument("--edition", help="格式版本（只用于cells）")
    command.choices.add_argument("--json", action="store_true", help="每项输出一行JSON")
    command = commands.add_parser(
        "deadline", help="算工作日期限，逐日说明怎样算出来", description="从某日起算若干个工作日，逐日说明怎样算出来。"
    )
    command.places.add_argument("day", type=_day, metavar="DAY", help="起算日，如2024-01-22；当日不计")
    command.choices.add_argument("--days", type=_days, metavar="N", help="多少个工作日；不给时是当日法定的答复期限")
    command.choices.add_argument("--json", action="store_true", help="输出一行JSON")
    _screen(commands.add_parser("screen", help="发布前筛查不得公开的内容", description=_SCREEN))
    for name, (text, takes_file) in PLATFORM.items():
        _on_platform(commands.add_parser(name, help=text, description=text + "。"), name, takes_file=takes_file)
    return top


def _on_platform(command: Parser, name: str, *, takes_file: bool) -> None:
    if takes_file:
        command.places.add_argument("file", metavar="FILE", help="备份文件")
    command.choices.add_argument("--data", metavar="DIR", help="数据目录；不给时用环境变量GONGKAI_DATA，再没有就用./data")
    if name == "verify":
        command.choices.add_argument("--anchor", action="append", default=[], metavar="FILE", help="还要与这份锚点相符；可以写多次")
    if name == "anchor":
        command.choices.add_argument("--out", metavar="FILE", help="写到这个文件；不给时打印出来")
    if name == "install":
        _install(command)
    if name == "demo":
        command.choices.add_argument("--small", action="store_true", help="只装入约60条信息，几秒钟就好；不给时装入全部")
    if name == "serve":
        command.choices.add_argument("--port", type=int, default=8000, metavar="N", help="端口，默认8000")
        command.choices.add_argument("--host", default="127.0.0.1", metavar="HOST", help="监听的地址，默认只有本机能访问")
        command.choices.add_argument("--demo", action="store_true", help="先装入示范县的少量数据（已有的不重复）")
    if name == "worker":
        command.choices.add_argument("--once", action="store_true", help="每件任务只做一遍就结束；有一件没有做成就以1结束")


def _install(command: Parser) -> None:
    command.choices.add_argument("--county-name", required=True, metavar="NAME", help="县级政府的全称，如“示范县人民政府”")
    command.choices.add_argument("--code", required=True, metavar="CODE", help="县的代码，小写字母，如shifan；以后不能改")
    for option, title in (("system", "系统管理员"), ("security", "安全管理员"), ("auditor", "审计员")):
        name = option if option == "auditor" else f"{option}-admin"
        command.choices.add_argument(f"--{name}", required=True, type=_holder, metavar="NAME=USER", help=f"{title}的姓名和用户名")


def _holder(written: str) -> tuple[str, str]:
    name, sign, username = written.partition("=")
    if not sign or not name.strip() or not username.strip():
        raise argparse.ArgumentTypeError(f"不是“姓名=用户名”：{written}，应当像“张三=zhangsan”这样写。")
    return name.strip(), username.strip()


def _screen(command: Parser) -> None:
    command.places.add_argument("files", nargs="+", metavar="FILE", help="要发布的文件；“-”表示标准输入")
    command.choices.add_argument("--json", action="store_true", help="每个文件输出一行JSON")
    command.choices.add_argument(
        "--negative-list", metavar="FILE", help="本机关的不得公开清单：一行一项，*代表20字以内，?代表一个字，#开头的行是说明"
    )
    command.choices.add_argument("--on", metavar="DAY", type=_day, help="按哪一天筛查，如2024-03-01；不给时是今天")
    command.choices.add_argument("--organ", metavar="NAME", help="发布机关的名称；给了才检查“我县”“我镇”这样的自称")


def _day(written: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"不是日期：{written}，应当像2024-03-01这样写。") from None


def _days(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) <= len(str(MOST_DAYS)) and 0 < int(written) <= MOST_DAYS):
        raise argparse.ArgumentTypeError(f"不是工作日的天数：{written}，应当是1到{MOST_DAYS}的整数。")
    return int(written)


def _with_files(command: Parser) -> None:
    command.places.add_argument("files", nargs="+", metavar="FILE", help="文件；“-”表示标准输入")
    command.choices.add_argument("--json", action="store_true", help="每个文件输出一行JSON")
    command.choices.add_argument("--previous", metavar="FILE", help="同一机关上一年度的报告（只能与一个文件连用）")
    command.choices.add_argument("--scope", choices=tuple(SCOPES), metavar="S", help=f"机关层级：{_SCOPES}；不给时按机关名称推断")

"""The command line: it looks outside (arguments, files, the screen), calls one function a command, and decides nothing.

Exit status of ``check`` and ``compare``: 0 clean, 1 findings of severity error, 2 a file could not be read; of the
others 0 or 2. One bad file never stops the others.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai import __version__
from gongkai.errors import GongkaiError

if TYPE_CHECKING:
    from gongkai.checks import Finding
    from gongkai.report import AnnualReport

SCOPES = ("province", "city", "county", "department", "township", "street")
SUFFIXES = ("docx", "pdf", "html", "xlsx", "json")
LISTS = ("checks", "editions", "cells", "values", "instruments")

# A progress bar on the screen is worth its lines from this many files on.
MANY = 5


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status; ``argv`` without the program's name, the process's own when ``None``."""
    arguments = parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): no one is left to tell.
        sys.stderr.close()
        return 0
    except GongkaiError as error:
        print(f"gongkai: {error.message}", file=sys.stderr)
        return 2
    return status


def parser() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    top = argparse.ArgumentParser(prog="gongkai", description="政府信息公开工作年度报告：读取、检查、转换、比较。")
    top.add_argument("--version", action="version", version=f"gongkai {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="命令")
    for name, run, text in (("read", _read, "读取年度报告，列出读到的内容"), ("check", _check, "检查年度报告，指出哪一格、哪一句有问题")):
        command = commands.add_parser(name, help=text, description=text + "。")
        command.add_argument("files", nargs="+", metavar="FILE", help="文件；“-”表示标准输入")
        command.add_argument("--json", action="store_true", help="每个文件输出一行JSON")
        command.add_argument("--previous", metavar="FILE", help="同一机关上一年度的报告（只能与一个文件连用）")
        command.add_argument("--scope", choices=SCOPES, help="机关层级；不给时按机关名称推断")
        command.set_defaults(run=run)
    command = commands.add_parser("convert", help="把报告写成另一种格式", description="把报告写成另一种格式，格式由输出文件的后缀决定。")
    command.add_argument("file", metavar="IN", help="报告文件；“-”表示标准输入")
    command.add_argument("-o", "--output", required=True, metavar="OUT", help="输出文件：.docx .pdf .html .xlsx .json")
    command.set_defaults(run=_convert)
    command = commands.add_parser("compare", help="比较两份报告", description="比较同一机关的两个年度，或者两个机关的同一年度。")
    command.add_argument("first", metavar="A")
    command.add_argument("second", metavar="B")
    command.add_argument("--json", action="store_true", help="每个问题输出一行JSON")
    command.set_defaults(run=_compare)
    command = commands.add_parser(
        "law", help="列出程序所依据的规定", description="列出程序所依据的规定：检查项、报告格式版本、单元格、期限与数值、文件。"
    )
    command.add_argument("list", choices=LISTS, metavar="|".join(LISTS))
    command.add_argument("--edition", help="格式版本（只用于cells）")
    command.add_argument("--json", action="store_true", help="每项输出一行JSON")
    command.set_defaults(run=_law)
    return top


def _load(name: str) -> AnnualReport:
    """The report in a file, or on standard input for ``-``; GongkaiError when it cannot be read."""
    from gongkai.reading import Unreadable, read_report
    from gongkai.reading.document import MAX_BYTES

    try:
        if name == "-":
            return read_report(sys.stdin.buffer.read(MAX_BYTES + 1), "-", soffice=shutil.which("soffice"))
        path = Path(name)
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise Unreadable(f"文件有{path.stat().st_size // 1048576}MB，超过{MAX_BYTES // 1048576}MB的上限。")
        return read_report(path.read_bytes(), name, soffice=shutil.which("soffice"))
    except OSError as error:
        raise Unreadable(_reason(error)) from error


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "没有这个文件。"
    if isinstance(error, IsADirectoryError):
        return "这是一个文件夹，请给出文件。"
    if isinstance(error, PermissionError):
        return "没有读取这个文件的权限。"
    return f"文件打不开：{error.strerror or error}。"


def _object(name: str, report: AnnualReport, findings: Iterable[Finding]) -> dict[str, Any]:
    from gongkai.report.render import to_json

    return {**to_json(report), "file": name, "findings": [finding.to_json() for finding in findings]}


def _print_json(content: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def _progress(names: list[str]) -> Iterator[str]:
    """The names one by one; on a screen, with a bar on the error output when they are many."""
    if len(names) < MANY or not sys.stderr.isatty():
        yield from names
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(names, description="读取", console=Console(stderr=True), transient=True)


def _read(arguments: argparse.Namespace) -> int:
    return _each(arguments, findings=False)


def _check(arguments: argparse.Namespace) -> int:
    return _each(arguments, findings=True)


def _each(arguments: argparse.Namespace, *, findings: bool) -> int:
    if arguments.previous and len(arguments.files) > 1:
        print("gongkai: --previous 只能与一个文件连用。", file=sys.stderr)
        return 2
    previous = _load(arguments.previous) if arguments.previous else None
    unread = faulty = False
    for name in _progress(arguments.files):
        try:
            report = _load(name)
        except GongkaiError as error:
            unread = True
            _tell_unread(name, error, arguments.json)
            continue
        found = _findings(report, previous, arguments.scope) if findings else []
        faulty = faulty or any(finding.severity == "error" for finding in found)
        if arguments.json:
            _print_json(_object(name, report, found))
        else:
            _show(name, report, found, findings)
    return 2 if unread else int(faulty)


def _findings(report: AnnualReport, previous: AnnualReport | None, scope: str | None) -> list[Finding]:
    from gongkai.checks import check_report

    return check_report(report, previous=previous, scope=scope)


def _tell_unread(name: str, error: GongkaiError, as_json: bool) -> None:
    if as_json:
        _print_json({"file": name, "error": error.message})
    else:
        print(f"{name}：读不了。{error.message}", file=sys.stderr)


def _show(name: str, report: AnnualReport, found: list[Finding], checked: bool) -> None:
    from gongkai.cli.screen import show_findings, show_report

    if checked:
        show_findings(name, report, found)
    else:
        show_report(name, report)


def _convert(arguments: argparse.Namespace) -> int:
    from gongkai.report.render import Unwritable, write_report

    target = Path(arguments.output)
    kind = target.suffix.lower().lstrip(".")
    if kind not in SUFFIXES:
        raise Unwritable(f"不能写成“{target.suffix}”，可以写成：{'、'.join('.' + suffix for suffix in SUFFIXES)}。")
    content = write_report(_load(arguments.file), kind)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise Unwritable(f"写不了“{target}”：{error.strerror or error}。") from error
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    from gongkai.checks import compare_reports

    found = compare_reports(_load(arguments.first), _load(arguments.second))
    if arguments.json:
        for finding in found:
            _print_json(finding.to_json())
    else:
        from gongkai.cli.screen import show_comparison

        show_comparison(arguments.first, arguments.second, found)
    return int(any(finding.severity == "error" for finding in found))


def _law(arguments: argparse.Namespace) -> int:
    from gongkai.cli.screen import law_rows, show_rows

    title, rows = law_rows(arguments.list, arguments.edition)
    if arguments.json:
        for row in rows:
            _print_json(row)
    else:
        show_rows(title, rows)
    return 0

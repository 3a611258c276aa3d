"""The command line: it looks outside (arguments, files, the screen), calls one function a command, and decides nothing.

Exit status of ``check`` and ``compare``: 0 clean, 1 findings of severity error, 2 a file could not be read; of ``screen``
the same with any hit; of the others 0 or 2. One bad file never stops the others. An interrupted run ends with 130, one whose reader went away with 141.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from gongkai.cli.arguments import PLATFORM, parser
from gongkai.cli.lines import printable
from gongkai.errors import GongkaiError

if TYPE_CHECKING:
    import argparse

    from gongkai.checks import Finding
    from gongkai.report import AnnualReport

# A progress bar on the screen is worth its line from this many files on.
MANY = 5

# For these no one needs to look whether LibreOffice is there.
NO_OFFICE = (".txt", ".md", ".html", ".htm", ".json", ".pdf", ".docx", ".xlsx")

UNREAD, INTERRUPTED, READER_GONE = 2, 130, 141

# What the system says of a file that cannot be opened → what we say; anything else is shown in its own words.
REASONS: Mapping[type[OSError], str] = {
    FileNotFoundError: "没有这个文件。",
    NotADirectoryError: "没有这个文件。",
    IsADirectoryError: "这是一个文件夹，请给出文件。",
    PermissionError: "没有读取这个文件的权限。",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status; ``argv`` without the program's name, the process's own when ``None``."""
    for stream in (sys.stdout, sys.stderr):
        _speak_chinese(stream)
    try:
        status = _run(argv)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        _let_go(flush=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`| head`): no one is left to tell.
        _let_go()
        return READER_GONE
    except OSError as error:
        _let_go()
        _complain(f"输出写不下去：{error.strerror or error}。")
        return UNREAD
    return status


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = parser().parse_args(argv)
    except SystemExit as stop:  # how argparse ends after --help, --version and a line it cannot make sense of
        return stop.code if isinstance(stop.code, int) else 0
    if getattr(arguments, "json", False) and isinstance(sys.stdout, io.TextIOWrapper):
        # JSON is UTF-8 whatever the terminal speaks; half a surrogate pair of a file's name comes out as its JSON escape.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return COMMANDS[arguments.command](arguments)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except GongkaiError as error:
        _complain(error.message)
    except OSError:
        raise
    except Exception as error:
        _complain(_bug(error).message)
    return UNREAD


def _speak_chinese(stream: TextIO | None) -> None:
    """Let the stream write Chinese: as the terminal says where that has Chinese, else as UTF-8; never fail for a character."""
    if not isinstance(stream, io.TextIOWrapper):
        return
    try:
        "公开".encode(stream.encoding)
        stream.reconfigure(errors="replace")
    except (LookupError, UnicodeError):
        stream.reconfigure(encoding="utf-8", errors="replace")


def _let_go(*, flush: bool = False) -> None:
    """Point the output nowhere, so that nothing fails any more when the process ends."""
    try:
        if flush:
            sys.stdout.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, AttributeError, ValueError):
        return


def _complain(text: str) -> None:
    print(f"gongkai：{printable(text)}", file=sys.stderr)


def _bug(error: Exception) -> GongkaiError:
    """A mistake of the program's own, as a person is told of it; where it happened goes to the error output."""
    import traceback

    traceback.print_exception(error)
    return GongkaiError(f"程序内部错误（{type(error).__name__}）。这是程序的毛病，不是报告的问题，请把错误输出中的内容告诉维护者。")


def _load(name: str) -> AnnualReport:
    """The report in a file, or on standard input for ``-``; GongkaiError when it cannot be read."""
    from gongkai.reading import read_report

    data = _content(name)
    if name == "-":
        # Standard input has no suffix that tells our own object from a text.
        name = "-.json" if data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" else "-"
    return read_report(data, name, soffice=_office_for(name))


def _content(name: str) -> bytes:
    """What is in a file, or on standard input for ``-``; Unreadable when it cannot be opened."""
    from gongkai.reading import Unreadable
    from gongkai.reading.document import MAX_BYTES

    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin is not None else b""
        return _bytes(name, MAX_BYTES)
    except OSError as error:
        raise Unreadable(_reason(error)) from error


def _office_for(name: str) -> str | None:
    """Where LibreOffice is, for a file that may need it."""
    return None if name.lower().endswith(NO_OFFICE) else _office()


def _office() -> str | None:
    import shutil

    return shutil.which("soffice")


def _bytes(name: str, most: int) -> bytes:
    """What is in the file; one byte more than ``most`` at the most, also of a device that never ends."""
    with open(name, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            from gongkai.reading import Unreadable

            raise Unreadable(f"文件有{size // 1048576}MB，超过{most // 1048576}MB的上限。")
        # A pipe and a device have no size; a file has one, and may still grow.
        return file.read(size + 1 if size else most + 1)


def _reason(error: OSError) -> str:
    import errno

    if error.errno == errno.ENAMETOOLONG:
        return "文件名太长。"
    return REASONS.get(type(error), f"文件打不开：{error.strerror or error}。")


def _print_json(content: Mapping[str, Any]) -> None:
    print(json.dumps(content, ensure_ascii=False, separators=(",", ":")), flush=True)


def _tell_unread(name: str, error: GongkaiError, as_json: bool) -> None:
    if as_json:
        _print_json({"file": name, "error": error.message})
    else:
        print(f"{printable(name)}：读不了。{printable(error.message)}", file=sys.stderr)


def _each(arguments: argparse.Namespace) -> int:
    """``read`` and ``check``: every file by itself, in the order given."""
    if mistake := _misused(arguments):
        _complain(mistake)
        return UNREAD
    previous, unread = _previous(arguments)
    bar = _progress(len(arguments.files))
    counts = {"clean": 0, "faulty": 0, "unread": 0}
    for number, name in enumerate(arguments.files):
        with bar(number, name) if bar else nullcontext():
            outcome = _examined(name, arguments, previous)
        counts[_tell(name, outcome, arguments)] += 1
    if not arguments.json and len(arguments.files) > 1 and arguments.command == "check":
        from gongkai.cli.screen import show_total

        show_total(**counts)
    return UNREAD if unread or counts["unread"] else int(counts["faulty"] > 0)


def _misused(arguments: argparse.Namespace) -> str | None:
    """Why these arguments do not go together; nothing has been read yet."""
    if arguments.previous is not None and len(arguments.files) > 1:
        return "--previous 只能与一个文件连用。"
    if arguments.previous is not None and arguments.command == "read":
        print("gongkai：read 只读取，不与上一年度比较；要比较，请用 check --previous。", file=sys.stderr)
    return "标准输入“-”只能用一次。" if [*arguments.files, arguments.previous].count("-") > 1 else None


def _previous(arguments: argparse.Namespace) -> tuple[AnnualReport | None, bool]:
    """The report of the year before, and whether it was wanted and could not be read. The file itself is checked all the same."""
    if arguments.previous is None or arguments.command == "read":
        return None, False
    try:
        return _load(arguments.previous), False
    except GongkaiError as error:
        told = error
    except Exception as error:
        told = _bug(error)
    print(f"{printable(arguments.previous)}：读不了，没有与上一年度比较。{printable(told.message)}", file=sys.stderr)
    return None, True


def _progress(total: int) -> Callable[[int, str], AbstractContextManager[None]] | None:
    """How to show a bar while a file is read, where there are many and a person looks on; else ``None``."""
    if total < MANY or sys.stderr is None or not sys.stderr.isatty():
        return None
    from gongkai.cli.screen import progress_bar

    return partial(progress_bar, total)


def _examined(name: str, arguments: argparse.Namespace, previous: AnnualReport | None) -> GongkaiError | tuple[AnnualReport, list[Finding]]:
    """The report and, for ``check``, what is found; or why there is none. A mistake of the program's own stops no other file."""
    try:
        report = _load(name)
        if arguments.scope:
            report = replace(report, scope=arguments.scope)
        if arguments.command == "read":
            return report, []
        from gongkai.checks import check_report

        return report, check_report(report, previous=previous)
    except GongkaiError as error:
        return error
    except Exception as error:
        return _bug(error)


def _tell(name: str, outcome: GongkaiError | tuple[AnnualReport, list[Finding]], arguments: argparse.Namespace) -> str:
    """Print the outcome of one file, and say which it was: ``clean``, ``faulty`` or ``unread``."""
    if isinstance(outcome, GongkaiError):
        _tell_unread(name, outcome, arguments.json)
        return "unread"
    report, found = outcome
    if arguments.json:
        from gongkai.report.render import to_json

        _print_json({**to_json(report), "file": name, "findings": [finding.to_json() for finding in found]})
    else:
        from gongkai.cli import screen

        if arguments.command == "check":
            screen.show_findings(name, report, found)
        else:
            screen.show_report(name, report)
    return "faulty" if any(finding.severity == "error" for finding in found) else "clean"


def _convert(arguments: argparse.Namespace) -> int:
    from gongkai.report.render import KINDS, Unwritable, write_report

    target = Path(arguments.output)
    kind = target.suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise Unwritable(f"不能写成“{target.suffix or target.name}”，可以写成：{'、'.join('.' + suffix for suffix in KINDS)}。")
    try:
        report = _load(arguments.file)
    except GongkaiError as error:
        _tell_unread(arguments.file, error, False)
        return UNREAD
    if arguments.file != "-" and target.exists() and target.samefile(arguments.file):
        raise Unwritable("输出文件就是输入文件，请换一个文件名。")
    content = write_report(report, kind)
    try:
        target.write_bytes(content)
    except OSError as error:
        reasons = {**REASONS, FileNotFoundError: "没有这个文件夹。", PermissionError: "没有写入的权限。"}
        raise Unwritable(f"写不了“{target}”：{reasons.get(type(error), f'{error.strerror or error}。')}") from error
    if doubtful := sum(cell.kind == "unclear" for cell in report.cells.values()):
        _complain(f"有{doubtful}格读取存疑，没有写入数字，请对照原文补上（gongkai check 会列出是哪些格）。")
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    reports = []
    for name in (arguments.first, arguments.second):
        try:
            reports.append(_load(name))
        except GongkaiError as error:
            _tell_unread(name, error, arguments.json)
    if len(reports) < 2:
        return UNREAD
    from gongkai.checks import compare_reports

    found = compare_reports(*reports)
    if arguments.json:
        for finding in found:
            _print_json(finding.to_json())
    else:
        from gongkai.cli.screen import show_comparison

        show_comparison(arguments.first, arguments.second, found)
    return int(any(finding.severity == "error" for finding in found))


def _screen(arguments: argparse.Namespace) -> int:
    from gongkai.cli import screening

    if arguments.files.count("-") > 1:
        _complain("标准输入“-”只能用一次。")
        return UNREAD
    settings = screening.settings(arguments)
    statuses = []
    for name in arguments.files:
        try:
            hits = screening.screen_file(_content(name), name, settings, soffice=_office_for(name))
        except GongkaiError as error:
            _tell_unread(name, error, arguments.json)
            statuses.append(UNREAD)
            continue
        if arguments.json:
            _print_json({"file": name, "hits": [hit.to_json() for hit in hits]})
        else:
            screening.show_hits(name, hits)
        statuses.append(int(bool(hits)))
    return max(statuses)


def _law(arguments: argparse.Namespace) -> int:
    from gongkai.cli.screen import law_rows, show_rows

    if arguments.edition and arguments.list != "cells":
        _complain("--edition 只用于 cells。")
        return UNREAD
    title, rows = law_rows(arguments.list, arguments.edition)
    if arguments.json:
        for row in rows:
            _print_json(row)
    else:
        show_rows(title, rows)
    return 0


def _deadline(arguments: argparse.Namespace) -> int:
    from gongkai.cli.deadline import run

    told = run(arguments)
    if isinstance(told, dict):
        _print_json(told)
    else:
        print("\n".join(told))
    return 0


def _platform(arguments: argparse.Namespace) -> int:
    from gongkai.cli import platform

    return platform.run(arguments, print)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "read": _each,
    "check": _each,
    "convert": _convert,
    "compare": _compare,
    "law": _law,
    "deadline": _deadline,
    "screen": _screen,
    **dict.fromkeys(PLATFORM, _platform),
}

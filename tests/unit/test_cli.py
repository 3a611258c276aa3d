"""The command line: what it prints, in which order, and how it ends. Small files and real processes, no stand-ins."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from gongkai import cli
from gongkai.cli.arguments import in_chinese, parser
from gongkai.cli.lines import fitted, plain, printable, side_by_side, width, wrap
from gongkai.report import AnnualReport
from gongkai.report.render import write_report
from tests.factories import a_report, with_cells

KEYS = {"file", "organ", "year", "edition", "complete", "cells", "sections", "claims", "findings"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a clean report, a faulty one and some that cannot be read."""
    monkeypatch.chdir(tmp_path)
    put("clean.html", a_report())
    put("faulty.html", with_cells(a_report(), t4__reconsideration__upheld=2, t4__reconsideration__total=3))
    put("neighbour.html", a_report(organ="云川县白石镇人民政府", title="云川县白石镇人民政府2023年政府信息公开工作年度报告"))
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    return tmp_path


def put(name: str, report: AnnualReport) -> None:
    Path(name).write_bytes(write_report(report, name.rpartition(".")[2]))


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def run(*arguments: str | bytes, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    """A process of its own, as a person starts it."""
    environment = {**os.environ, **settings.pop("environment", {})}
    return subprocess.run(
        [sys.executable, "-m", "gongkai.cli", *arguments], capture_output=True, check=False, env=environment, timeout=60, **settings
    )


class TestExitStatus:
    @pytest.mark.parametrize(
        ("line", "status"),
        [
            ("check clean.html", 0),
            ("check faulty.html", 1),
            ("check faulty.html missing.html clean.html", 2),
            ("check --json faulty.html", 1),
            ("read faulty.html", 0),
            ("read missing.html", 2),
            ("compare clean.html neighbour.html", 0),
            ("compare clean.html clean.html", 2),
            ("compare clean.html missing.html", 2),
            ("convert faulty.html -o out.json", 0),
            ("convert missing.html -o out.json", 2),
            ("convert clean.html -o out.exe", 2),
            ("law editions", 0),
            ("law cells --edition 1999", 2),
            ("law checks --edition 2021", 2),
            ("check", 2),
            ("check --unknown clean.html", 2),
            ("--help", 0),
            ("--version", 0),
            ("nothing", 2),
        ],
    )
    def test_is_zero_one_or_two(self, folder: Path, line: str, status: int) -> None:
        assert cli.main(line.split()) == status

    def test_a_warning_alone_is_no_failure(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        put(
            "silent.html",
            a_report(published_on=None, contact=dataclasses.replace(a_report().contact, phone=None), preface="本报告按规定编制。"),
        )
        assert cli.main(["check", "--json", "silent.html"]) == 0
        severities = {finding["severity"] for finding in lines_of(capsys)[0]["findings"]}
        assert severities
        assert "error" not in severities

    def test_an_error_between_two_years_ends_with_one(self, folder: Path) -> None:
        put("next.html", with_cells(a_report(year=2024), t3__carried_in__natural_person=4, t3__carried_in__total=4))
        assert cli.main(["compare", "clean.html", "next.html"]) == 1


class TestJson:
    def test_one_line_a_file_in_the_order_given(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        names = ["faulty.html", "missing.html", "clean.html", "folder", "empty.txt", "clean.html"]
        assert cli.main(["check", "--json", *names]) == 2
        printed = lines_of(capsys)
        assert [item["file"] for item in printed] == names
        assert [item.get("error") for item in printed] == [
            None,
            "没有这个文件。",
            None,
            "这是一个文件夹，请给出文件。",
            "文件是空的。",
            None,
        ]
        assert all(set(item) >= KEYS for item in printed if "error" not in item)
        assert all(set(item) == {"file", "error"} for item in printed if "error" in item)

    def test_a_finding_has_its_six_keys(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cli.main(["check", "--json", "faulty.html"])
        (finding,) = (item for item in lines_of(capsys)[0]["findings"] if item["severity"] == "error")
        assert finding == {
            "code": "t4.total",
            "severity": "error",
            "cells": ["t4.reconsideration.total", *(f"t4.reconsideration.{name}" for name in ("upheld", "corrected", "other", "pending"))],
            "quote": None,
            "message": "表四“行政复议”：结果维持2＋结果纠正0＋其他结果0＋尚未审结0＝2，但“总计”填的是3，相差1。请核对原始台账后更正。",
            "basis": "format-2021:t4",
        }

    def test_read_has_the_same_keys_and_finds_nothing(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["read", "--json", "faulty.html"]) == 0
        (item,) = lines_of(capsys)
        assert set(item) >= KEYS
        assert item["findings"] == []
        assert item["cells"]["t4.reconsideration.total"]["value"] == 3

    def test_its_output_is_input(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cli.main(["check", "--json", "faulty.html"])
        first = capsys.readouterr().out
        Path("again.json").write_text(first, encoding="utf-8")
        assert cli.main(["check", "--json", "again.json"]) == 1
        assert lines_of(capsys) == [{**json.loads(first), "file": "again.json"}]

    def test_both_files_that_cannot_be_compared_are_named(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["compare", "--json", "missing.html", "folder"]) == 2
        assert [item["file"] for item in lines_of(capsys)] == ["missing.html", "folder"]

    @pytest.mark.parametrize("name", ["checks", "editions", "cells", "values", "instruments"])
    def test_every_list_of_law(self, capsys: pytest.CaptureFixture[str], name: str) -> None:
        assert cli.main(["law", name, "--json"]) == 0
        rows = lines_of(capsys)
        assert len({tuple(row) for row in rows}) == 1
        assert cli.main(["law", name]) == 0
        shown = capsys.readouterr().out.replace("\n", "")
        assert next(iter(rows[0].values())) in shown


class TestPreviousAndScope:
    def test_previous_with_two_files_is_refused_before_anything_is_read(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check", "--json", "--previous", "missing.html", "clean.html", "missing.html"]) == 2
        assert capsys.readouterr() == ("", "gongkai：--previous 只能与一个文件连用。\n")

    def test_previous_is_compared(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        put("next.html", with_cells(a_report(year=2024), t3__carried_in__natural_person=4, t3__carried_in__total=4))
        cli.main(["check", "--json", "--previous", "clean.html", "next.html"])
        assert "tie.carried_over" in {finding["code"] for finding in lines_of(capsys)[0]["findings"]}

    def test_a_previous_that_cannot_be_read_does_not_stop_the_file(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check", "--json", "--previous", "missing.html", "faulty.html"]) == 2
        printed = capsys.readouterr()
        assert "t4.total" in {finding["code"] for finding in json.loads(printed.out)["findings"]}
        assert printed.err == "missing.html：读不了，没有与上一年度比较。没有这个文件。\n"

    def test_read_says_that_it_compares_nothing(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["read", "--previous", "clean.html", "faulty.html"]) == 0
        assert capsys.readouterr().err == "gongkai：read 只读取，不与上一年度比较；要比较，请用 check --previous。\n"

    @pytest.mark.parametrize("command", ["read", "check"])
    def test_scope_overrules_what_the_name_says(self, folder: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
        cli.main([command, "--json", "clean.html"])
        cli.main([command, "--json", "--scope", "department", "clean.html"])
        assert [item["scope"] for item in lines_of(capsys)] == [None, "department"]

    def test_scope_reaches_the_checks(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        bare = a_report().sections["s1"].partition("（五）")[0]
        put("bare.html", a_report(sections={**a_report().sections, "s1": bare}))
        cli.main(["check", "bare.html"])
        cli.main(["check", "--scope", "township", "bare.html"])
        assert capsys.readouterr().out.count("推断") >= 1
        cli.main(["check", "--scope", "township", "bare.html"])
        assert "推断" not in capsys.readouterr().out


class TestStandardInput:
    def test_a_dash_is_standard_input(self, folder: Path) -> None:
        done = run("check", "--json", "-", "clean.html", input=Path("faulty.html").read_bytes())
        assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == ["-", "clean.html"]
        assert done.returncode == 1

    def test_our_own_object_may_be_piped(self, folder: Path) -> None:
        printed = run("read", "--json", "faulty.html").stdout
        again = run("check", "--json", "-", input=printed)
        assert again.returncode == 1
        assert json.loads(again.stdout)["cells"] == json.loads(printed)["cells"]

    def test_it_can_be_read_once(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check", "-", "-"]) == 2
        assert cli.main(["check", "--previous", "-", "-"]) == 2
        assert capsys.readouterr().err == "gongkai：标准输入“-”只能用一次。\n" * 2

    def test_empty_input_is_told(self, folder: Path) -> None:
        done = run("check", "--json", "-", input=b"")
        assert json.loads(done.stdout) == {"file": "-", "error": "文件是空的。"}


class TestFilesThatCannotBeOpened:
    def test_a_name_that_is_too_long(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check", "--json", "长" * 300]) == 2
        assert lines_of(capsys)[0]["error"] == "文件名太长。"

    def test_a_file_inside_a_file(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check", "--json", "clean.html/part.txt"]) == 2
        assert lines_of(capsys)[0]["error"] == "没有这个文件。"

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
    def test_no_permission(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        Path("clean.html").chmod(0)
        assert cli.main(["check", "--json", "clean.html"]) == 2
        assert lines_of(capsys)[0]["error"] == "没有读取这个文件的权限。"

    def test_a_device_that_never_ends(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["check", "--json", "/dev/zero"]) == 2
        assert "上限" in lines_of(capsys)[0]["error"]

    def test_a_file_that_is_too_large_is_not_read(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with open("large.txt", "wb") as file:
            file.truncate(200 << 20)
        assert cli.main(["check", "--json", "large.txt"]) == 2
        assert lines_of(capsys)[0]["error"] == "文件有200MB，超过64MB的上限。"


class TestAMistakeOfTheProgram:
    def test_it_stops_no_other_file_and_is_told(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A scope that is no text cannot come from the command line: the checks cannot work with it."""
        arguments = argparse.Namespace(
            command="check", files=["clean.html", "missing.html", "faulty.html"], json=True, previous=None, scope=["x"]
        )
        assert cli._each(arguments) == 2
        printed = capsys.readouterr()
        errors = [json.loads(line)["error"] for line in printed.out.splitlines()]
        assert [error.partition("。")[0] for error in errors] == ["程序内部错误（TypeError）", "没有这个文件", "程序内部错误（TypeError）"]
        assert printed.err.count("Traceback") == 2


class TestConvert:
    def test_the_input_is_never_overwritten(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = Path("clean.html").read_bytes()
        assert cli.main(["convert", "clean.html", "-o", "folder/../clean.html"]) == 2
        assert capsys.readouterr().err == "gongkai：输出文件就是输入文件，请换一个文件名。\n"
        assert Path("clean.html").read_bytes() == before

    @pytest.mark.parametrize(
        ("target", "words"),
        [
            ("out.exe", "不能写成“.exe”，可以写成：.docx、.pdf、.html、.xlsx、.json。"),
            ("out", "不能写成“out”，可以写成：.docx、.pdf、.html、.xlsx、.json。"),
            ("nowhere/out.html", "写不了“nowhere/out.html”：没有这个文件夹。"),
        ],
    )
    def test_what_cannot_be_written_is_told(self, folder: Path, capsys: pytest.CaptureFixture[str], target: str, words: str) -> None:
        assert cli.main(["convert", "clean.html", "-o", target]) == 2
        assert capsys.readouterr().err == f"gongkai：{words}\n"

    def test_doubtful_cells_are_told(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        doubtful = dataclasses.replace(a_report().cells["t4.reconsideration.total"], kind="unclear", value=None, reason="看不清")
        put("doubt.json", with_cells(a_report(), t4__reconsideration__total=doubtful))
        assert cli.main(["convert", "doubt.json", "-o", "out.html"]) == 0
        assert capsys.readouterr().err == "gongkai：有1格读取存疑，没有写入数字，请对照原文补上（gongkai check 会列出是哪些格）。\n"


class TestOutside:
    @pytest.mark.parametrize("line", [["check", "faulty.html"], ["check", "--json", "faulty.html"], ["--help"], ["check", "--nothing"]])
    def test_a_terminal_without_chinese_does_not_crash(self, folder: Path, line: list[str]) -> None:
        done = run(*line, environment={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""})
        assert done.returncode in (0, 1, 2)
        assert b"Traceback" not in done.stderr
        assert any(word in (done.stdout + done.stderr).decode("utf-8") for word in ("青禾镇", "用法"))

    def test_json_is_utf_8_whatever_the_terminal_speaks(self, folder: Path) -> None:
        done = run("check", "--json", "faulty.html", environment={"PYTHONIOENCODING": "gb18030"})
        assert json.loads(done.stdout.decode("utf-8"))["organ"] == "云川县青禾镇人民政府"
        assert "青禾镇" in run("check", "faulty.html", environment={"PYTHONIOENCODING": "gb18030"}).stdout.decode("gb18030")

    def test_names_that_are_no_text_come_back_as_they_were(self, folder: Path) -> None:
        name = b"\xff\x1b[31m.html"
        Path(os.fsdecode(name)).write_bytes(Path("clean.html").read_bytes())
        done = run("check", "--json", name)
        assert os.fsencode(json.loads(done.stdout)["file"]) == name
        assert b"\x1b" not in run("check", name, b"missing" + name).stdout
        assert b"\\udcff\\x1b[31m.html" in run("check", b"missing" + name).stderr

    def test_a_reader_that_goes_away(self, folder: Path) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "gongkai.cli", "check", *["faulty.html"] * 3], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        told = process.stderr.read()
        process.stderr.close()
        assert process.wait() == 141
        assert told == b""

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
    def test_a_full_disk_is_told(self, folder: Path) -> None:
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "gongkai.cli", "read", "clean.html"], stdout=full, stderr=subprocess.PIPE, check=False
            )
        assert done.returncode == 2
        assert done.stderr.decode().startswith("gongkai：输出写不下去")
        assert b"Exception ignored" not in done.stderr

    def test_an_interrupt_ends_quietly(self, folder: Path) -> None:
        os.mkfifo("pipe.txt")
        process = subprocess.Popen(
            [sys.executable, "-m", "gongkai.cli", "check", "--json", "clean.html", "pipe.txt"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout
        first = process.stdout.readline()
        time.sleep(0.2)  # it waits for someone to write into the pipe
        process.send_signal(signal.SIGINT)
        rest, told = process.communicate(timeout=30)
        assert (process.returncode, rest, told) == (130, b"", b"")
        assert json.loads(first)["file"] == "clean.html"


class TestOnATerminal:
    """The program in a terminal of its own."""

    def shown(self, columns: int, *arguments: str) -> str:
        leader, follower = pty.openpty()
        environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
        environment.pop("NO_COLOR", None)
        process = subprocess.Popen(
            [sys.executable, "-m", "gongkai.cli", *arguments], stdin=follower, stdout=follower, stderr=follower, env=environment
        )
        os.close(follower)
        parts = []
        while True:
            try:
                parts.append(os.read(leader, 65536))
            except OSError:  # the last one at the other end is gone
                break
            if not parts[-1]:
                break
        os.close(leader)
        process.wait()
        return b"".join(parts).decode("utf-8").replace("\r\n", "\n")

    def test_few_files_have_no_bar_and_many_have_one(self, folder: Path) -> None:
        assert "░" not in self.shown(80, "check", *["clean.html"] * (cli.MANY - 1))
        text = self.shown(80, "check", *["clean.html"] * cli.MANY)
        assert text.count("░") > 0
        assert "4/5" in text
        assert text.endswith("共5份：没有错误5份。\x1b[0m\n")

    def test_a_pipe_has_no_bar_and_no_colour(self, folder: Path) -> None:
        done = run("check", *["faulty.html"] * cli.MANY)
        assert done.stderr == b""
        assert b"\x1b" not in done.stdout

    def test_a_wide_screen_shows_a_table_and_a_narrow_one_a_list(self, folder: Path) -> None:
        wide, narrow = self.shown(100, "check", "faulty.html"), self.shown(60, "check", "faulty.html")
        assert "级别" in wide
        assert "\x1b[1;31m错误\x1b[0m  t4.total" in wide
        assert "级别" not in narrow
        assert "\x1b[1;31m错误\x1b[0m t4.total\n  表四“行政复议”" in narrow

    @pytest.mark.parametrize("columns", [48, 60, 80, 100])
    def test_no_line_is_wider_than_the_screen(self, folder: Path, columns: int) -> None:
        for command in (["check", "faulty.html"], ["read", "faulty.html"], ["law", "checks"], ["law", "values"]):
            text = self.shown(columns, *command)
            for style in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[1;31m", "\x1b[33m", "\x1b[36m"):
                text = text.replace(style, "")
            assert [line for line in text.splitlines() if width(line) > columns] == []


class TestWhatIsShown:
    def test_a_finding_as_a_clerk_reads_it(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cli.main(["check", "faulty.html"])
        shown = capsys.readouterr().out
        assert shown.startswith("faulty.html\n云川县青禾镇人民政府 · 2023年 · 2021版格式\n读到：数字200格\n\n级别  检查项")
        words = [line.split() for line in shown[shown.index("错误") :].partition("\n\n")[0].splitlines()]
        assert words[0][:2] == ["错误", "t4.total"]
        assert "".join(["".join(words[0][2:]), *("".join(line) for line in words[1:])]) == (
            "表四“行政复议”：结果维持2＋结果纠正0＋其他结果0＋尚未审结0＝2，但“总计”填的是3，相差1。请核对原始台账后更正。"
            "依据：《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）"
        )

    def test_nothing_found_is_said(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cli.main(["check", "clean.html"])
        assert capsys.readouterr().out == "clean.html\n云川县青禾镇人民政府 · 2023年 · 2021版格式\n读到：数字200格\n没有发现问题。\n\n"

    def test_many_files_end_with_a_sum(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cli.main(["check", "clean.html", "faulty.html", "missing.html"])
        printed = capsys.readouterr()
        assert printed.out.endswith("\n共3份：没有错误1份，有错误1份，读不了1份。\n")
        assert printed.err == "missing.html：读不了。没有这个文件。\n"

    def test_read_shows_the_tables(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cli.main(["read", "faulty.html"])
        shown = capsys.readouterr().out
        assert "标题：云川县青禾镇人民政府2023年政府信息公开工作年度报告\n统计期限：2023-01-01 至 2023-12-31\n" in shown
        assert "（五）不予处理·2.重复申请" in shown
        assert [line.split() for line in shown.splitlines() if line.startswith("行政复议  ")][-1] == ["行政复议", "2", "0", "0", "0", "3"]


class TestComplaints:
    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("check", "gongkai check：还缺少：FILE。"),
            (
                "check --scope nation a",
                "gongkai check：--scope不能写nation，可以写：province、city、county、department、township、street。",
            ),
            ("check a --previous", "gongkai check：--previous后面要写一个值。"),
            ("check a --jsn", "gongkai：不认识的选项：--jsn。"),
            ("check a --js", "gongkai：不认识的选项：--js。"),
            ("check a --json b", "gongkai：多出来的内容：b。文件要写在一起，选项写在它们前面或者后面。"),
            ("check --json=1 a", "gongkai check：--json后面不能带值。"),
            (
                "chek a",
                "gongkai：命令不能写chek，可以写：read、check、convert、compare、law、deadline、screen、serve、demo、migrate、worker、reindex、install、"
                "anchor、tidy、verify、backup、restore。",
            ),
            ("convert a", "gongkai convert：还缺少：-o/--output。"),
        ],
    )
    def test_are_chinese(self, capsys: pytest.CaptureFixture[str], line: str, words: str) -> None:
        assert cli.main(line.split()) == 2
        told = capsys.readouterr().err.splitlines()
        assert told[0].startswith("用法：gongkai")
        assert told[-1] == words

    def test_one_that_is_not_known_stays(self) -> None:
        assert in_chinese("conflicting\x1b options") == "conflicting\\x1b options"

    def test_help_has_chinese_headings(self) -> None:
        shown = parser().format_help()
        assert all(word in shown for word in ("用法：gongkai", "\n选项：\n", "\n命令：\n", "显示这份说明"))
        assert not any(word in shown for word in ("usage", "options", "positional", "show this"))


class TestLines:
    def test_a_figure_is_never_cut_and_no_line_begins_with_a_closing_mark(self) -> None:
        text = "各分项210＋1,150＋30＝390.5，超过“总数”（380条）。增长+12.5%，见t3.row_total；“全年”共计。"
        for columns in range(16, 90):
            lines = wrap(text, columns)
            assert "".join(lines) == text
            assert all(width(line) <= columns for line in lines)
            assert not any(line[0] in "，。；：！？、”」』）》" for line in lines)
            assert not any(line[-1] in "“‘（《" for line in lines)
            for whole in ("210", "1,150", "390.5", "380", "+12.5%", "t3.row_total"):
                assert any(whole in line for line in lines), (columns, whole)

    def test_what_has_no_place_to_fold_is_cut(self) -> None:
        assert wrap("A" * 10, 4) == ["AAAA", "AAAA", "AA"]
        assert wrap("。。。。。", 4) == ["。。", "。。", "。"]
        assert wrap("", 10) == [""]
        assert wrap("一", 1) == ["一"]

    def test_blanks_are_dropped_where_a_line_ends(self) -> None:
        assert wrap("甲乙 丙丁", 4) == ["甲乙", "丙丁"]

    @pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("公开", 4), ("（一）", 6), ("“·”", 3), ("ｅ", 2), ("e\u0301", 1), ("", 0)])
    def test_width(self, text: str, columns: int) -> None:
        assert width(text) == columns

    def test_names_are_shown_without_control_characters(self) -> None:
        assert printable("年报　2024.txt") == "年报　2024.txt"
        assert printable("a\x1b[2J\n\u202eb\udcff") == "a\\x1b[2J\\n\\u202eb\\udcff"

    def test_a_quote_is_one_line(self) -> None:
        assert plain(" “（一）主动公开\n\n　全年\t公开\x1b[1m\u200b” ") == "“（一）主动公开 全年 公开[1m”"

    def test_columns_stand_side_by_side(self) -> None:
        assert side_by_side(["甲乙丙", "x", "12"], [4, 3, 4]) == ["甲乙  x    12", "丙"]
        assert side_by_side(["甲", "1", "23"], [4, 3, 4], figures=True) == ["甲      1    23"]

    def test_the_widest_column_gives_way(self) -> None:
        assert fitted([["甲" * 20, "abc"], ["乙", "abcd"]], 30) == [24, 4]
        assert fitted([["甲", "abc"]], 30) == [2, 3]

"""``gongkai screen``: what it prints and how it ends, on real files; and the page and the benchmark that go with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter
from docx import Document

from bench import screening
from gongkai import cli
from gongkai.law.screening import screening_codes
from tests.house.source import ROOT
from tests.unit.reading.test_inside import document as embedding
from tests.unit.reading.test_inside import workbook as workbook_of

FAULTY = "秘密★1年\n\n关于公示的通知\n户主赵某，电话13812345678。\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a clean text, a faulty one, a list and an empty file."""
    monkeypatch.chdir(tmp_path)
    Path("clean.txt").write_text("青禾镇召开第13次会议。\n", encoding="utf-8")
    Path("faulty.txt").write_text(FAULTY, encoding="utf-8")
    Path("list.txt").write_text("# 说明\n\n第*次会议\n", encoding="utf-8")
    Path("bad.txt").write_text("*\n", encoding="utf-8")
    Path("empty.txt").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("clean.txt", 0),
        ("faulty.txt", 1),
        ("--json faulty.txt", 1),
        ("clean.txt faulty.txt missing.txt", 2),
        ("empty.txt", 2),
        ("--negative-list list.txt clean.txt", 1),
        ("--negative-list missing.txt clean.txt", 2),
        ("--negative-list bad.txt clean.txt", 2),
        ("--on 2024-13-01 clean.txt", 2),
        ("- -", 2),
    ],
)
def test_ends_with_zero_one_or_two(folder: Path, line: str, status: int) -> None:
    assert cli.main(["screen", *line.split()]) == status


def test_shows_what_forbids_publication_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["screen", "--on", "2026-11-22", "faulty.txt"])
    shown = capsys.readouterr().out
    assert shown.startswith("faulty.txt\n\n级别  项目")
    assert shown.index("禁止  secrecy.mark") < shown.index("处理  person.mobile")
    assert "手机号码：“13812345678”" in shown
    assert "第4行有手机号码（138****5678）。属于个人的，请遮盖；确需公开的，写明理由。" in shown
    assert "依据：《中华人民共和国政府信息公开条例》第十五条" in shown
    assert shown.endswith("共1处禁止公开，1处需要处理。\n\n")


def test_says_when_nothing_is_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["screen", "clean.txt"])
    assert capsys.readouterr().out == "clean.txt\n没有发现不得公开的内容。\n\n"


def test_json_is_one_line_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["screen", "--json", "clean.txt", "missing.txt", "faulty.txt"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[:2] == [{"file": "clean.txt", "hits": []}, {"file": "missing.txt", "error": "没有这个文件。"}]
    assert [(hit["code"], hit["quote"], hit["mask"]) for hit in lines[2]["hits"]] == [
        ("secrecy.mark", "秘密★1年", None),
        ("person.mobile", "13812345678", "138****5678"),
    ]


def test_an_organ_is_asked_for_its_self_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.txt").write_text("我县深化政务公开。", encoding="utf-8")
    assert cli.main(["screen", "own.txt"]) == 0
    assert cli.main(["screen", "--organ", "云川县青禾镇人民政府", "own.txt"]) == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--on 2024 a", "gongkai screen：--on不是日期：2024，应当像2024-03-01这样写。"),
        ("--negative-list bad.txt a", "gongkai：不得公开清单第1项“*”没有写明内容，会命中全部文字。请改写或者删去。"),
        ("- -", "gongkai：标准输入“-”只能用一次。"),
    ],
)
def test_complaints_are_chinese(folder: Path, capsys: pytest.CaptureFixture[str], line: str, words: str) -> None:
    assert cli.main(["screen", *line.split()]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == words


def test_word_files_are_searched_with_what_they_hide(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = Document()
    document.add_paragraph("公示名单")
    table = document.add_table(rows=2, cols=2)
    for place, text in enumerate(("姓名", "住址", "赵某", "王庄村三组")):
        table.cell(place // 2, place % 2).text = text
    document.add_paragraph().add_run("电话13812345678").font.hidden = True
    document.core_properties.author = "钱某"
    document.save("list.docx")
    assert cli.main(["screen", "--json", "list.docx"]) == 1
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert sorted((hit["code"], hit["quote"]) for hit in hits) == [
        ("hidden.author", "钱某"),
        ("hidden.text", "电话13812345678"),
        ("person.address", "三组"),
        ("person.mobile", "13812345678"),
    ]


def test_files_within_files_are_searched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.docx").write_bytes(embedding(表格__xlsx=workbook_of(("表2", {"B4": "13812345678"})), 图__png=b"\x89PNG\r\n"))
    assert cli.main(["screen", "--json", "a.docx"]) == 1
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert [(hit["code"], hit["place"]) for hit in hits if hit["code"] != "hidden.author"] == [
        ("hidden.embedded", "嵌入的文件"), ("person.mobile", "表格.xlsx › 表2!B4"), ("hidden.unseen", "图.png"),
    ]  # fmt: skip


def test_workbooks_are_searched_with_hidden_sheets(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with xlsxwriter.Workbook("list.xlsx") as workbook:
        workbook.add_worksheet("公示").write_row(0, 0, ["村", "户数"])
        hidden = workbook.add_worksheet("底稿")
        hidden.write_row(0, 0, ["赵某", "13812345678"])
        hidden.hide()
    assert cli.main(["screen", "--json", "list.xlsx"]) == 1
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert [(hit["code"], hit["place"]) for hit in hits] == [
        ("hidden.sheet", "隐藏的工作表“底稿”"),
        ("person.mobile", "隐藏的工作表“底稿”"),
    ]


def test_every_code_is_on_the_page() -> None:
    page = (ROOT / "docs" / "how-to" / "screen-before-publishing.md").read_text(encoding="utf-8")
    words = {"block": "禁止", "answer": "处理"}
    for code in screening_codes().values():
        assert f"| `{code.code}` | {words[code.severity]} | {code.title} |" in page


def test_the_benchmark_leaves_the_file_it_promises(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "results" / "screening.json"
    assert screening.main(["--on", "2026-11-22", "--planted", "1100", "--clean", "100000", "--output", str(file)]) == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found.keys() == {"on", "seed", "personal_data", "clean"}
    assert found["personal_data"]["share"] >= screening.FOUND_LEAST, found["personal_data"]["missed"]
    assert found["clean"]["false_per_100000"] <= 1, found["clean"]["examples"]
    assert "all planted data" in capsys.readouterr().out

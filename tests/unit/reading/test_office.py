"""Documents that LibreOffice converts. It also makes the .doc and .rtf that these tests read back."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import docx
import pytest

from gongkai.reading import office
from gongkai.reading.grid import Grid, Unreadable
from gongkai.reading.office import find_soffice, read_office

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(scope="module")
def soffice() -> str:
    found = find_soffice()
    if found is None:
        pytest.skip("LibreOffice is not installed")
    return found


def report() -> bytes:
    document = docx.Document()
    document.add_paragraph("一、总体情况")
    document.add_paragraph("全年公开政府信息12条。")
    table = document.add_table(2, 3)
    for y, row in enumerate((("信息内容", "制发", "废止"), ("规章", "0", "")), 0):
        for x, text in enumerate(row):
            table.cell(y, x).text = text
    table.cell(0, 1).merge(table.cell(0, 2)).text = "件数"
    document.add_paragraph("完")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def as_doc(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The report in Word's old format."""
    folder = tmp_path_factory.mktemp("doc")
    source = folder / "source.docx"
    source.write_bytes(report())
    command = [
        soffice,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "doc",
        "--outdir",
        str(folder),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "source.doc").read_bytes()


def content(grid: Grid) -> list[tuple[str, list[tuple[str, float | None, float | None]]]]:
    return [(row.kind, [(slot.text, slot.left, slot.right) for slot in row.slots]) for row in grid.rows]


EXPECTED = [
    ("text", [("一、总体情况", None, None)]),
    ("text", [("全年公开政府信息12条。", None, None)]),
    ("table", [("信息内容", 0, 1), ("件数", 1, 3)]),
    ("table", [("规章", 0, 1), ("0", 1, 2), ("", 2, 3)]),
    ("text", [("完", None, None)]),
]


@pytest.mark.parametrize("suffix", [".doc", ".WPS"])
def test_the_report_comes_back(soffice: str, as_doc: bytes, suffix: str) -> None:
    assert content(read_office(as_doc, suffix, soffice=soffice)) == EXPECTED


def test_rich_text_leaves_nothing_behind(soffice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    source = rb"{\rtf1\ansi\ansicpg936 \trowd\cellx2000\cellx4000 \intbl\u35268?\u31456?\cell 12\cell\row\pard\u23436?\par}"
    grid = read_office(source, ".rtf", soffice=soffice)
    assert content(grid) == [("table", [("规章", 0, 1), ("12", 1, 2)]), ("text", [("完", None, None)])]
    assert list(tmp_path.iterdir()) == []


def test_a_docx_under_another_name_needs_no_conversion() -> None:
    assert content(read_office(report(), ".doc", soffice=None)) == EXPECTED


def test_a_web_page_under_another_name_needs_no_conversion() -> None:
    page = "<html><table><tr><td>规章</td><td>0</td></tr></table>".encode()
    assert content(read_office(page, ".doc", soffice=None)) == [("table", [("规章", 0, 1), ("0", 1, 2)])]


def refusal(data: bytes, suffix: str, soffice: str | None) -> str:
    with pytest.raises(Unreadable) as caught:
        read_office(data, suffix, soffice=soffice)
    return caught.value.message


def test_without_libreoffice_it_says_what_to_do() -> None:
    assert (
        refusal(OLE + bytes(600), ".doc", None)
        == "读取.doc文件需要LibreOffice。请安装LibreOffice后重试，或者用WPS、Word另存为docx后再读取。"
    )


def test_other_refusals() -> None:
    assert refusal(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le"), ".doc", None) == "文件已加密，请先去掉密码再读取。"
    assert refusal(b"x", ".abc", None) == "不认识的文件类型“.abc”。"
    assert refusal(b"x" * 64_000_001, ".doc", None) == "文件过大（64MB），超过64MB的上限，未读取。"


def test_what_cannot_be_converted(soffice: str) -> None:
    assert refusal(b"", ".doc", soffice).startswith(("LibreOffice无法转换这个文件", "文档里没有任何文字"))
    assert refusal(OLE + bytes(4000), ".wps", soffice) == "LibreOffice无法转换这个文件：文件可能已损坏、已加密，或者内容与扩展名不符。"


def test_a_conversion_that_hangs_is_stopped_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow"
    slow.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {tmp_path}/child\nwait\n")
    slow.chmod(0o755)
    monkeypatch.setattr(office, "TIMEOUT_SECONDS", 1)
    assert refusal(b"{\\rtf1 a}", ".rtf", str(slow)) == "LibreOffice在1秒内没有完成转换，已停止。"
    child = int((tmp_path / "child").read_text())
    state = Path(f"/proc/{child}/stat")
    if state.exists():
        assert state.read_text().split(")")[1].split()[0] == "Z"
    else:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)

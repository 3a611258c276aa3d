"""Flow A, as a clerk lives it: document ─ reading ─▶ AnnualReport ─ checks ─▶ Findings.

李晓 of 栖云镇 has written this year's annual report. She checks it, sees what is wrong, corrects it, checks it again, writes
it in every format that is asked of her, and holds it against last year's. Nothing here is stood in for.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from gongkai.cli import main
from gongkai.report import AnnualReport
from gongkai.report.render import write_report
from tests.factories import a_report, with_addresses, with_section

LAST_YEAR_FIGURES = {
    "t3.received_new.natural_person": 5,
    "t3.received_new.total": 5,
    "t3.granted.natural_person": 4,
    "t3.granted.total": 4,
    "t3.handled_total.natural_person": 4,
    "t3.handled_total.total": 4,
    "t3.carried_out.natural_person": 1,
    "t3.carried_out.total": 1,
    "t2.normative_docs.issued": 2,
    "t2.normative_docs.in_force": 7,
}
THIS_YEAR_FIGURES = {
    "t3.received_new.natural_person": 3,
    "t3.received_new.total": 3,
    "t3.carried_in.natural_person": 1,
    "t3.carried_in.total": 1,
    "t3.granted.natural_person": 3,
    "t3.granted.total": 3,
    "t3.unable_not_held.natural_person": 1,
    "t3.unable_not_held.total": 1,
    "t3.handled_total.natural_person": 4,
    "t3.handled_total.total": 4,
    "t2.normative_docs.issued": 1,
    "t2.normative_docs.repealed": 2,
    "t2.normative_docs.in_force": 6,
}
LAST_YEAR_TEXT = (
    "（一）主动公开情况。2023年，我镇主动公开政府信息32条，其中网站20条、公开栏12条，内容以惠农补贴和农房建设为主。\n"
    "（二）依申请公开情况。全年新收政府信息公开申请5件，办结4件，结转下年度1件。\n"
    "（三）政府信息管理情况。全年制发规范性文件2件，现行有效7件，均已公开。\n"
    "（四）政府信息公开平台建设情况。便民服务大厅设查阅点一处，专人引导。\n"
    "（五）监督保障情况。县政府年度考核结果为良好，社会评议满意，全年没有责任追究的情形。"
)
THIS_YEAR_TEXT = (
    "（一）主动公开情况。2024年，我镇主动公开政府信息41条，其中网站26条、公开栏15条，重点公开了饮水工程和养老服务。\n"
    "（二）依申请公开情况。本年新收政府信息公开申请3件，上年结转1件，全部办结。\n"
    "（三）政府信息管理情况。对文件逐件清理，年内制发1件、废止2件，年末仍然有效的有6件。\n"
    "（四）政府信息公开平台建设情况。公众号开通文件检索，村务公开屏覆盖全部行政村。\n"
    "（五）监督保障情况。年度考核结果为优秀，社会评议满意，没有发生责任追究。"
)
REVIEW = (
    "存在的主要问题：一是个别村公开栏更新慢，二是解读形式单一。\n下一步改进措施：一是明确专人按月巡查公开栏，二是加强图解和方言音频解读。"
)


def last_year() -> AnnualReport:
    """The report for 2023, as it was published."""
    return with_section(with_addresses(a_report(year=2023), LAST_YEAR_FIGURES), "s1", LAST_YEAR_TEXT)


def this_year() -> AnnualReport:
    """The report for 2024, as it should be."""
    report = with_addresses(a_report(year=2024, published_on=datetime.date(2025, 1, 16)), THIS_YEAR_FIGURES)
    return with_section(with_section(report, "s1", THIS_YEAR_TEXT), "s5", REVIEW)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Her folder: last year's report, and this year's as she typed it, with one figure and one sentence wrong."""
    monkeypatch.chdir(tmp_path)
    Path("2023年报.docx").write_bytes(write_report(last_year(), "docx"))
    typed = with_addresses(this_year(), {"t3.granted.total": 5})
    typed = with_section(typed, "s1", THIS_YEAR_TEXT.replace("申请3件，上年", "申请8件，上年"))
    Path("2024年报.html").write_bytes(write_report(typed, "html"))
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What stands on the screen now, its folded lines put together again."""
    return "".join(line.strip() for line in capsys.readouterr().out.splitlines())


def correct(name: str, wrong: str, right: str) -> None:
    """Open the file, mend the one place, save."""
    text = Path(name).read_text(encoding="utf-8")
    assert text.count(wrong) == 1
    Path(name).write_text(text.replace(wrong, right), encoding="utf-8")


def test_a_report_is_checked_corrected_converted_and_compared(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # She checks what she typed, and is told what is wrong, where, and on what basis.
    assert main(["check", "2024年报.html"]) == 1
    shown = said(capsys)
    assert "云川县青禾镇人民政府 · 2024年 · 2021版格式读到：数字200格" in shown
    assert (
        "表三“（一）予以公开”行：自然人3＋商业企业0＋科研机构0＋社会公益组织0＋法律服务机构0＋其他0＝3，但“总计”填的是5，相差2。" in shown
    )
    assert (
        "叙述说收到的政府信息公开申请8件，而表三“一、本年新收政府信息公开申请数量”行“总计”列为3（按其他口径可为4），两者不一致。" in shown
    )
    assert "依据：《中华人民共和国政府信息公开条例》第五十条" in shown

    # She mends the figure first. The sentence is still wrong, and nothing else is.
    correct("2024年报.html", ">5<", ">3<")
    assert main(["check", "2024年报.html"]) == 1
    shown = said(capsys)
    assert "叙述说收到的政府信息公开申请8件" in shown
    assert "共错误1处。" in shown

    # Then the sentence. Now there is nothing to say, not even beside last year's report.
    correct("2024年报.html", "申请8件，上年", "申请3件，上年")
    assert main(["check", "2024年报.html"]) == 0
    assert "没有发现问题。" in said(capsys)
    assert main(["check", "--previous", "2023年报.docx", "2024年报.html"]) == 0
    assert "没有发现问题。" in said(capsys)

    # The office wants Word, the archive PDF, the statistics bureau Excel, the open-data page JSON: all say the same.
    for suffix in ("docx", "pdf", "xlsx", "json"):
        assert main(["convert", "2024年报.html", "-o", f"2024年报.{suffix}"]) == 0
    names = [f"2024年报.{suffix}" for suffix in ("html", "docx", "pdf", "xlsx", "json")]
    capsys.readouterr()
    assert main(["read", "--json", *names]) == 0
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [item["file"] for item in objects] == names
    wanted = {address: int(cell.value or 0) for address, cell in this_year().cells.items()}
    for item in objects:
        assert {address: cell["value"] for address, cell in item["cells"].items()} == wanted
        assert (item["organ"], item["year"], item["edition"], item["complete"]) == ("云川县青禾镇人民政府", 2024, "2021", True)
    assert main(["check", *names]) == 0
    assert "共5份：没有错误5份。" in said(capsys)

    # Last, the two years side by side.
    assert main(["compare", "2023年报.docx", "2024年报.pdf"]) == 0
    assert "没有发现问题。" in said(capsys)


def test_a_figure_that_does_not_carry_on_is_seen_beside_last_year(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Alone, this year's report is balanced; last year's says that one request was carried out, and this year carries in two."""
    forgetful = {
        "t3.received_new.natural_person": 2,
        "t3.received_new.total": 2,
        "t3.carried_in.natural_person": 2,
        "t3.carried_in.total": 2,
    }
    text = THIS_YEAR_TEXT.replace("申请3件，上年结转1件", "申请2件，上年结转2件")
    Path("2024年报.docx").write_bytes(write_report(with_section(with_addresses(this_year(), forgetful), "s1", text), "docx"))
    assert main(["check", "2024年报.docx"]) == 0
    assert "没有发现问题。" in said(capsys)

    assert main(["check", "--json", "--previous", "2023年报.docx", "2024年报.docx"]) == 1
    alone = json.loads(capsys.readouterr().out)["findings"]
    assert "tie.carried_over" in {finding["code"] for finding in alone if finding["severity"] == "error"}

    assert main(["compare", "--json", "2023年报.docx", "2024年报.docx"]) == 1
    beside = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [finding for finding in beside if finding["code"] == "tie.carried_over"] == [
        finding for finding in alone if finding["code"] == "tie.carried_over"
    ]


def test_one_file_that_cannot_be_read_keeps_no_other_from_being_checked(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The county office checks all townships at once; one of them sent an empty file."""
    Path("空.docx").write_bytes(b"")
    assert main(["check", "--json", "2023年报.docx", "空.docx", "2024年报.html"]) == 2
    first, empty, last = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["findings"] == []
    assert empty == {"file": "空.docx", "error": "文件是空的。"}
    assert {finding["code"] for finding in last["findings"] if finding["severity"] == "error"} >= {"t3.row_total", "claim.table"}

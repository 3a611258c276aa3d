"""What stands in files inside files is found, and each hit names the way to it."""

from __future__ import annotations

import datetime

import pytest

from gongkai.reading import look_inside
from gongkai.screening import screen_inside
from tests.compound import compound, packager
from tests.unit.reading.test_inside import document, workbook, zipped

ON = datetime.date(2026, 3, 2)
ID = "11010519491231002X"


def found(data: bytes, place: str = "附件1.docx") -> list[tuple[str, str, str]]:
    hits = screen_inside(files=look_inside(data, "附件1.docx"), on=ON, place=place, negative_list=["松涛工程"])
    return [(hit.code, hit.place, hit.quote) for hit in hits]


def test_a_number_in_a_workbook_in_a_document_is_told_with_its_cell() -> None:
    data = document(嵌入的表格__xlsx=workbook(("表1", {"A1": "村名"}), ("表2", {"A4": "王某", "B4": ID})))
    assert found(data) == [("person.id_number", "附件1.docx › 嵌入的表格.xlsx › 表2!B4", ID)]
    (hit,) = screen_inside(files=look_inside(data, "附件1.docx"), on=ON, place="附件1.docx")
    assert hit.message.startswith("附件1.docx › 嵌入的表格.xlsx › 表2!B4有") and ID not in hit.message


def test_a_text_in_a_workbook_in_a_document() -> None:
    data = document(表格__xlsx=workbook(("表1", {"A1": "村名"}), 名单__txt=f"名单\n王某 {ID}".encode()))
    assert found(data) == [("person.id_number", "附件1.docx › 表格.xlsx › 名单.txt", ID)]


def test_a_zip_in_a_package() -> None:
    bag = zipped(名单__txt=ID.encode(), 说明__txt="秘密★1年".encode())
    data = document(oleObject1__bin=compound({"\x01Ole10Native": packager("材料.zip", bag)}))
    assert found(data) == [
        ("person.id_number", "附件1.docx › 材料.zip › 名单.txt", ID),
        ("secrecy.mark", "附件1.docx › 材料.zip › 说明.txt", "秘密★1年"),
    ]


def test_a_hidden_sheet_of_what_is_inside_and_the_organs_own_list() -> None:
    data = document(表格__xlsx=workbook(("表1", {"A1": "松涛工程"}), ("底稿", {"C2": ID}), hidden="底稿"))
    assert ("list.negative", "附件1.docx › 表格.xlsx › 表1!A1", "松涛工程") in found(data)
    assert {code: place for code, place, _ in found(data)}["person.id_number"] == "附件1.docx › 表格.xlsx › 隐藏的工作表“底稿”"
    assert "hidden.sheet" in {code for code, _, _ in found(data)}


@pytest.mark.parametrize("place", ["附件1.docx", ""])
def test_what_cannot_be_looked_into_is_told_by_itself(place: str) -> None:
    data = document(a__pptx=zipped(**{"[Content_Types]__xml": b"<Types/>"}), 图__png=b"\x89PNG\r\n\x1a\n")
    hits = screen_inside(files=look_inside(data, "附件1.docx"), on=ON, place=place)
    way = f"{place} › " if place else ""
    assert [(hit.code, hit.severity, hit.message) for hit in hits] == [
        (
            "hidden.unseen",
            "answer",
            f"{way}{name}：看不到里面（{reason}）。请打开它看过，没有不得公开的内容时写明由谁看过；或者删除它后重新上传。",
        )
        for name, reason in (("a.pptx", "不是认识的文件，看不出里面有什么"), ("图.png", "是图片，读不出文字"))
    ]

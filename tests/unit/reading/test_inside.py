"""Files inside files, at any depth within the bounds; what is beyond is told and never left out."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.reading import Unreadable, inside, look_inside
from gongkai.reading.compound import CompoundFile, packaged
from tests.compound import compound, packager

PERSON = "王某\t11010519491231002X"


def zipped(**files: bytes) -> bytes:
    return archived({name.replace("__", "."): data for name, data in files.items()})


def archived(files: dict[str, bytes]) -> bytes:
    holder = io.BytesIO()
    with zipfile.ZipFile(holder, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return holder.getvalue()


def within(package: bytes, files: dict[str, bytes]) -> bytes:
    """The package with more parts."""
    holder = io.BytesIO(package)
    with zipfile.ZipFile(holder, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return holder.getvalue()


def document(text: str = "正文", **embedded: bytes) -> bytes:
    made, holder = docx.Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(holder)
    return within(holder.getvalue(), {f"word/embeddings/{name.replace('__', '.')}": data for name, data in embedded.items()})


def workbook(*sheets: tuple[str, dict[str, str]], hidden: str = "", **embedded: bytes) -> bytes:
    book, holder = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, cells in sheets:
        sheet = book.create_sheet(name)
        for where, text in cells.items():
            sheet[where] = text
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    book.save(holder)
    return within(holder.getvalue(), {f"xl/embeddings/{name.replace('__', '.')}": data for name, data in embedded.items()})


def told(data: bytes, name: str = "附件1.docx") -> list[tuple[tuple[str, ...], str]]:
    """Each file by its way, with the reason where it was not looked into."""
    return [(file.path, file.reason) for file in look_inside(data, name)]


class TestWhatIsFound:
    def test_a_workbook_in_a_document_with_a_text_in_it(self) -> None:
        inner = workbook(("表1", {"A1": "甲"}), ("表2", {"B4": "11010519491231002X"}), 名单__txt=PERSON.encode("gb18030"))
        book, text = look_inside(document(表格__xlsx=inner), "附件1.docx")
        assert (book.path, book.reason, book.text) == (("表格.xlsx",), "", "甲\n11010519491231002X")
        assert book.cells == (("表1!A1", "甲"), ("表2!B4", "11010519491231002X"))
        assert (text.path, text.text) == (("表格.xlsx", "名单.txt"), PERSON)

    def test_a_zip_in_the_packagers_wrapper(self) -> None:
        bag = zipped(名单__txt=PERSON.encode(), 说明__md=b"# x")
        (one, other) = look_inside(document(oleObject1__bin=compound({"\x01Ole10Native": packager("材料.zip", bag)})), "附件1.docx")
        assert [(file.path, file.reason) for file in (one, other)] == [(("材料.zip", "名单.txt"), ""), (("材料.zip", "说明.md"), "")]
        assert one.text == PERSON

    @pytest.mark.parametrize("size", [0, 50_000])
    def test_streams_short_and_long(self, size: int) -> None:
        inner = document("甲" * size + "13812345678")
        (file,) = look_inside(document(oleObject1__bin=compound({"\x01Ole": b"x", "Package": inner})), "附件1.docx")
        assert (file.path, file.text) == (("嵌入的对象",), "甲" * size + "13812345678")

    def test_hidden_parts_of_what_is_inside(self) -> None:
        inner = workbook(("表1", {"A1": "甲"}), ("底稿", {"C2": PERSON}), hidden="底稿")
        (file,) = look_inside(document(表格__xlsx=inner), "附件1.docx")
        assert [(part.kind, part.where) for part in file.hidden if part.kind == "hidden_sheet"] == [("hidden_sheet", "底稿")]
        assert ("底稿!C2", PERSON) in file.cells

    def test_names_that_an_archive_wrote_in_gbk(self) -> None:
        made = zipped(MARK__txt=b"x").replace(b"MARK", "名单".encode("gb18030"))
        assert told(document(a__zip=made)) == [(("a.zip", "名单.txt"), "")]

    def test_a_plain_document_has_nothing_inside(self) -> None:
        assert told(document()) == told(workbook(("表1", {"A1": "甲"})), "a.xlsx") == told(b"text", "a.txt") == told(b"", "a.txt") == []

    def test_letters_of_columns(self) -> None:
        (file,) = look_inside(document(a__xlsx=workbook(("表", {"Z1": "一", "AA2": "二", "BA10": "三"}))), "a.docx")
        assert [name for name, _ in file.cells] == ["表!Z1", "表!AA2", "表!BA10"]


class TestWhatIsNot:
    @pytest.mark.parametrize(
        ("name", "data", "reason"),
        [
            ("图.png", b"\x89PNG\r\n\x1a\n", "是图片，读不出文字"),
            ("a.bin", b"\0\x01\x02", "不是认识的文件，看不出里面有什么"),
            ("a.pptx", zipped(**{"[Content_Types]__xml": b"<Types/>"}), "不是认识的文件，看不出里面有什么"),
            ("a.docx", b"PK\x03\x04 damaged", "文件已损坏或不完整：压缩包无法打开"),
            ("a.pdf", b"%PDF-1.4 damaged", None),
            ("a.doc", compound({"WordDocument": b"x" * 5000}), "读取.doc文件需要LibreOffice。请安装LibreOffice后重试，或者用WPS、Word另存为docx后再读取"),
            ("a.bin", compound({"\x01Ole10Native": b"\x05\0\0\0\x02\0short"}), "嵌入的程序包已损坏，取不出里面的文件"),
            ("a.bin", compound({"x": b"y"}, {"ObjectPool": {"WordDocument": b"z"}}), "是旧版Office的嵌入对象，不能单独取出"),
            ("a.xlsx", compound({"EncryptedPackage": b"x" * 5000}), "文件已加密，请先去掉密码再读取"),
        ],
    )  # fmt: skip
    def test_is_told_with_the_reason(self, name: str, data: bytes, reason: str | None) -> None:
        found = told(document(**{name.replace(".", "__"): data}))
        assert len(found) == 1 and found[0][1] and reason in (None, found[0][1])

    def test_a_presentation_is_told_even_when_something_in_it_was_read(self) -> None:
        show = archived({"[Content_Types].xml": b"<Types/>", "ppt/embeddings/名单.txt": b"x"})
        assert told(document(a__pptx=show)) == [(("a.pptx",), "不是认识的文件，看不出里面有什么"), (("a.pptx", "名单.txt"), "")]

    def test_too_deep(self) -> None:
        data = PERSON.encode()
        for depth in range(6):
            data = zipped(**{f"第{depth}层__{'zip' if depth else 'txt'}": data})
        assert told(document(a__zip=data)) == [
            (("a.zip", "第5层.zip", "第4层.zip", "第3层.zip", "第2层.zip"), "文件里套文件超过4层，没有看"),
        ]

    def test_too_many(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(inside, "MAX_FILES", 3)
        found = told(document(a__zip=zipped(**{f"{n}__txt": b"x" for n in range(9)})))
        assert [reason for _, reason in found] == ["", "", "嵌入的文件超过3个，其余的没有看"]

    def test_too_large_together(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(inside, "MAX_BYTES", 1_000_000)
        found = told(document(a__txt=b"x" * 600_000, b__txt=b"y" * 600_000, c__txt=b"z"))
        assert found == [(("a.txt",), ""), (("b.txt",), "嵌入的文件合计超过1MB，其余的没有看")]

    def test_a_bomb_is_not_unpacked(self) -> None:
        bomb = zipped(a__txt=b"0" * 40_000_000)
        assert len(bomb) < 50_000
        ((path, reason),) = told(document(b__zip=bomb))
        assert path == ("b.zip",) and "可能是压缩炸弹" in reason

    def test_a_container_that_leads_in_a_circle(self) -> None:
        made = bytearray(compound({"Package": b"x" * 5000}))
        # The last sector is the table of sectors: the first one now follows on itself.
        struct.pack_into("<I", made, len(made) - 512, 0)
        with pytest.raises(Unreadable, match="容器无法打开"):
            CompoundFile(bytes(made)).read("Package")
        assert told(document(a__bin=bytes(made)))[0][1] != ""


class TestCompoundFiles:
    def test_streams_by_path(self) -> None:
        made = CompoundFile(compound({"a": b"1" * 10, "b": b"2" * 9000}, {"Pool": {"c": b"3" * 100, "d": b""}}))
        assert {name: made.read(name) for name in made.names} == {
            "a": b"1" * 10, "b": b"2" * 9000, "Pool/c": b"3" * 100, "Pool/d": b"",
        }  # fmt: skip

    @given(st.lists(st.tuples(st.integers(0, 14_000), st.integers(0, 255)), max_size=12))
    def test_a_spoilt_file_is_read_or_refused_and_nothing_else(self, spoilt: list[tuple[int, int]]) -> None:
        made = bytearray(compound({"a": b"1" * 100, "Package": b"2" * 5000}, {"Pool": {"c": b"3" * 70}}))
        for at, value in spoilt:
            made[at % len(made)] = value
        try:
            container = CompoundFile(bytes(made))
            assert all(len(container.read(name)) <= len(made) for name in container.names)
        except Unreadable as refused:
            assert refused.message

    @pytest.mark.parametrize("size", [0, 40, 511, 512, 700, 1500])
    def test_a_torn_file_is_refused(self, size: int) -> None:
        with pytest.raises(Unreadable):
            CompoundFile(compound({"Package": b"x" * 9000})[:size])

    def test_the_packagers_name_loses_its_folder(self) -> None:
        assert packaged(packager("C:\\桌面\\名单.txt", b"x")) == ("名单.txt", b"x")

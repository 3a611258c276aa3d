"""Bytes that are no report: refused with the reason, in bounded time and memory."""

from __future__ import annotations

import base64
import io
import resource
import time
import zlib
from collections.abc import Callable

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.reading.grid import Unreadable
from gongkai.reading.pdf import drawing, read_pdf, reader
from gongkai.reading.pdf.weight import MAX_PAGE, check_weight, parsed, unpack_chain, uses_of
from tests.unit.reading.pdf.pages import Pdf, assembled, form, grid, joined, locked, stream, text

GOOD = Pdf([text(90, 700, "云川县") + grid((90, 200, 300), (600, 560)) + text(95, 570, "1") + text(205, 570, "2")]).build()


def refusal(data: bytes, password: str | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        read_pdf(data, password=password)
    return caught.value.message


class TestNoPdf:
    @pytest.mark.parametrize("data", [b"", b"\0\0\0", b" \r\n"])
    def test_empty(self, data: bytes) -> None:
        assert refusal(data) == "文件是空的。"

    @pytest.mark.parametrize("data", [b"hello", "云川县年报".encode(), b"PK\x03\x04" + b"\0" * 50])
    def test_something_else(self, data: bytes) -> None:
        assert refusal(data) == "这不是 PDF 文件（开头没有 PDF 标记）。"

    def test_cut_off(self) -> None:
        assert refusal(GOOD[: len(GOOD) // 2]) == "PDF 文件不完整（可能下载或传输中断），请重新获取后再读取。"

    def test_cut_off_though_its_first_part_ends_well(self) -> None:
        linear = GOOD.replace(b"%PDF-1.5\n", b"%PDF-1.5\n9 0 obj<</Linearized 1/L 999999>>endobj\n")
        assert refusal(linear) == "PDF 文件不完整（可能下载或传输中断），请重新获取后再读取。"

    def test_only_a_header(self) -> None:
        assert refusal(b"%PDF-1.7\n%%EOF\n") == "PDF 文件已损坏，无法打开。"

    def test_no_pages(self) -> None:
        assert refusal(Pdf([]).build()) == "PDF 文件已损坏，无法打开。"

    def test_no_pages_after_a_locked_document(self) -> None:
        assert refusal(TestLocked.LOCKED) == "PDF 已加密，需要密码才能打开。"
        assert refusal(Pdf([]).build()) == "PDF 文件已损坏，无法打开。"


class TestLocked:
    LOCKED = locked(b"BT /F 12 Tf 90 700 Td (Report 36) Tj ET", b"secret")

    def test_without_password(self) -> None:
        assert refusal(self.LOCKED) == "PDF 已加密，需要密码才能打开。"

    def test_with_a_wrong_password(self) -> None:
        assert refusal(self.LOCKED, "wrong") == "PDF 已加密，给出的密码不对。"

    def test_with_the_password(self) -> None:
        assert [row.text for row in read_pdf(self.LOCKED, password="secret").rows] == ["Report 36"]

    def test_locked_against_copying_only(self) -> None:
        data = locked(b"BT /F 12 Tf 90 700 Td (Report 36) Tj ET", b"")
        assert [row.text for row in read_pdf(data).rows] == ["Report 36"]


def nested_forms(depth: int, uses: int) -> bytes:
    """A form that draws a form … that draws one letter: ``uses ** depth`` letters."""
    extra = {}
    for level in range(depth):
        below = b"/Resources<</XObject<</X %d 0 R>>/Font<</F 3 0 R>>>>" % (11 + level)
        extra[10 + level] = form(b"/X Do " * uses if level < depth - 1 else text(10, 10, "a"), entries=below)
    return Pdf([b"/X Do"], extra=extra, resources=b"/XObject<</X 10 0 R>>").build()


def packed_page(content: bytes, filters: bytes = b"/FlateDecode", packed: bytes | None = None) -> bytes:
    body = stream(zlib.compress(content, 9) if packed is None else packed, b"/Filter" + filters)
    return Pdf([b"x"]).build().replace(stream(b"x"), body)


def looped_tree() -> bytes:
    return assembled(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 3/Kids[2 0 R 100 0 R 5 0 R]>>",
            5: b"<</Type/Pages/Parent 2 0 R/Count 2/Kids[2 0 R 5 0 R]>>",
            100: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        }
    )


def deep_arrays() -> bytes:
    return Pdf([text(90, 700, "a")], page_entries=b"/X " + b"[" * 10_000 + b"]" * 10_000).build()


def self_drawing() -> bytes:
    own = b"/Resources<</XObject<</X 10 0 R>>>>"
    return Pdf([b"/X Do"], extra={10: form(b"/X Do " * 50, entries=own)}, resources=b"/XObject<</X 10 0 R>>").build()


BOMBS: dict[str, Callable[[], bytes]] = {
    "forms": lambda: nested_forms(9, 10),
    "forms in disguise": lambda: nested_forms(9, 10).replace(b"/X Do ", b"/#58 Do"[:4] + b" Do"),
    "forms behind comments": lambda: Pdf(
        [b"/X %\nDo"],
        extra={
            10 + n: form(b"/X %%\nDo " * 10 if n < 8 else text(1, 1, "a"), entries=b"/Resources<</XObject<</X %d 0 R>>>>" % (11 + n))
            for n in range(9)
        },
        resources=b"/XObject<</X 10 0 R>>",
    ).build(),
    "self": self_drawing,
    "inflation": lambda: packed_page(b"0 0 m 9 9 l S " * 3_000_000),
    "inflation with a fault at the end": lambda: packed_page(
        b"", packed=zlib.compress(b"0 0 m 9 9 l S " * 3_000_000, 9)[:-4] + b"\xff\xff\xff\xff"
    ),
    "inflation twice": lambda: packed_page(
        b"", b"[/FlateDecode/FlateDecode]", zlib.compress(zlib.compress(b"0 0 m 9 9 l S " * 9_000_000, 9), 9)
    ),
    "unknown packing": lambda: packed_page(b"", b"/LZWDecode", b"\x80\x0b\x60"),
    "lines": lambda: Pdf([b"0 0 m " + b"9 9 l " * (drawing.MAX_SEGMENTS + 10) + b"S"]).build(),
    "loop": looped_tree,
}


class TestBombs:
    @pytest.mark.parametrize("name", BOMBS)
    def test_are_refused_at_once(self, name: str) -> None:
        data = BOMBS[name]()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        assert refusal(data).startswith("PDF ")
        assert time.perf_counter() - started < 20
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000  # kilobytes

    def test_too_many_pages(self) -> None:
        assert refusal(Pdf([b""] * (reader.MAX_PAGES + 1)).build()) == "PDF 有601页，超过600页的上限，不像年度报告，未读取。"

    def test_too_many_characters(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reader, "MAX_CHARACTERS", 20_000)
        page = joined(text(10, 10 + 7 * n, f"{n}" + "公开" * 50) for n in range(110))
        assert refusal(Pdf([page, page]).build()) == "PDF 的文字超过2万字，不像年度报告，未读取。"

    def test_a_lie_about_the_number_of_pages_changes_nothing(self) -> None:
        assert read_pdf(GOOD.replace(b"/Count 1", b"/Count 99999999")) == read_pdf(GOOD)

    def test_forms_of_ordinary_documents_pass(self) -> None:
        assert [row.text for row in read_pdf(nested_forms(4, 2)).rows] == ["a"]

    def test_deep_nesting_of_values(self) -> None:
        with pytest.raises(Unreadable):
            read_pdf(deep_arrays())


class TestWeight:
    def test_every_use_of_a_form_is_found(self) -> None:
        assert list(uses_of(b"q /A Do Q /B#41 Do")) == [b"A", b"BA"]
        assert list(uses_of(b"(Do it) Tj /B Do(Do)")) == [b"B"]
        assert list(uses_of(b"/A % x\nDo")) == [b"A"]
        assert list(uses_of(b"(A) Do <41> Do")) == [None, None]

    def test_filters_in_a_chain(self) -> None:
        content = b"BT (x) Tj ET"
        assert unpack_chain(base64.a85encode(zlib.compress(content)) + b"~>", [b"/ASCII85Decode", b"/FlateDecode"]) == content
        assert unpack_chain(content.hex().encode() + b">", [b"/AHx"]) == content
        with pytest.raises(Unreadable):
            unpack_chain(b"", [b"/RunLengthDecode"])

    def test_content_up_to_a_fault_counts(self) -> None:
        packed = bytearray(zlib.compress(b"q " * 500 + bytes(range(256)) * 20))
        packed[-30] ^= 0xFF
        assert unpack_chain(bytes(packed), [b"/FlateDecode"]).startswith(b"q " * 500)

    def test_values(self) -> None:
        assert parsed(b"<</A[1 2 0 R(x)]/B<</C/D>>/E 7 0 R>>") == {b"A": [b"1", 2, b"(x)"], b"B": {b"C": b"/D"}, b"E": 7}

    def test_a_page_may_weigh_what_a_page_may_weigh(self) -> None:
        check_weight(saved(Pdf([b" " * (MAX_PAGE - 100)]).build()))
        with pytest.raises(Unreadable):
            check_weight(saved(Pdf([b" " * (MAX_PAGE + 100)]).build()))

    def test_content_shared_by_many_pages_counts_for_each(self) -> None:
        pages = {number: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 10 0 R>>" for number in range(100, 130)}
        tree = b"<</Type/Pages/Count 30/Kids[%s]>>" % b" ".join(b"%d 0 R" % number for number in pages)
        heavy = assembled({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: tree, 10: stream(b" " * 5_000_000), **pages})
        assert refusal(heavy).startswith("PDF 的页面内容展开后过大")


def saved(data: bytes) -> bytes:
    """A plain copy as PDFium writes it."""
    copy = io.BytesIO()
    document = pypdfium2.PdfDocument(data)
    document.save(copy)
    document.close()
    return copy.getvalue()


@given(st.data())
def test_mutated_documents_are_read_or_refused(data: st.DataObject) -> None:
    mutated = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(mutated) - 1))
        mutated[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))
    try:
        read_pdf(bytes(mutated))
    except Unreadable as refused:
        assert refused.message

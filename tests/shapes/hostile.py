"""Bytes that nobody means well with: mutations of good documents, bombs, loops, nesting, numbers beyond all sense."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from random import Random

from tests.shapes import SHAPES, Recipe, make

MEGABYTE = 1 << 20


@cache
def seeds_of_fuzz() -> Mapping[str, bytes]:
    """One good document a format: name → bytes."""
    chosen = ("cell_lines", "bar_rows", "markdown", "html_word", "html_script", "docx_merged", "xlsx_page", "pdf_bordered", "json_object")
    return {f"{name}{SHAPES[name].suffix}": make(Recipe(name, 7, size="county", furniture=True)).data for name in chosen}


# --- mutations -----------------------------------------------------------------------------------------------------


def flipped(data: bytes, random: Random) -> bytes:
    """Some bits the other way round."""
    out = bytearray(data)
    for _ in range(random.choice((1, 5, 50, 500))):
        out[random.randrange(len(out))] ^= 1 << random.randrange(8)
    return bytes(out)


def cut(data: bytes, random: Random) -> bytes:
    """Only the beginning, or only the end."""
    at = random.randrange(len(data))
    return data[:at] if random.random() < 0.7 else data[at:]


def doubled(data: bytes, random: Random) -> bytes:
    """A piece stands there several times."""
    start = random.randrange(len(data))
    end = min(len(data), start + random.randint(1, 2000))
    return data[:end] + data[start:end] * random.randint(1, 20) + data[end:]


def spliced(data: bytes, random: Random) -> bytes:
    """The beginning of one document and the end of another."""
    other = random.choice(list(seeds_of_fuzz().values()))
    return data[: random.randrange(len(data))] + other[random.randrange(len(other)) :]


def sprinkled(data: bytes, random: Random) -> bytes:
    """Odd characters in odd places: zero bytes, surrogates, marks of order, digits of other scripts."""
    odd = (
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        "\u202e٣۷".encode(),
        "²Ⅷ㊿".encode(),
        b"<![CDATA[",
        b"&#0;&#xD800;",
        b"]]>",
        "０".encode() * 50,
    )
    out = data
    for _ in range(random.randint(1, 10)):
        at = random.randrange(len(out))
        out = out[:at] + random.choice(odd) + out[at:]
    return out


def swollen(data: bytes, random: Random) -> bytes:
    """Figures become numbers of thousands of digits."""
    number = random.choice((b"9" * 5000, b"1e999999999", b"-" + b"1" * 40, b"0." + b"3" * 3000, b"1,234," * 400, "一亿".encode() * 900))
    places = [at for at in range(len(data)) if data[at : at + 1].isdigit()]
    for at in random.sample(places, min(3, len(places))):
        data = data[:at] + number + data[at + 1 :]
    return data


MUTATIONS: Mapping[str, Callable[[bytes, Random], bytes]] = {
    item.__name__: item for item in (flipped, cut, doubled, spliced, sprinkled, swollen)
}


def mutated_member(data: bytes, mutation: Callable[[bytes, Random], bytes], random: Random) -> bytes:
    """The mutation inside a zip package, so that the package itself stays whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = random.choice([name for name in old.namelist() if name.endswith(".xml")])
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, mutation(content, random) if name == chosen and content else content)
    return out.getvalue()


# --- hostile documents ---------------------------------------------------------------------------------------------


def hostile() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """(what it is, file name, maker of the bytes)."""
    yield from _plain_size()
    yield from _hostile_text()
    yield from _hostile_html()
    yield from _hostile_packages()
    yield from _hostile_pdf()
    yield from _hostile_json()


def _plain_size() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    for suffix in (".txt", ".html", ".docx", ".xlsx", ".pdf", ".json", ".md"):
        yield f"empty {suffix}", f"empty{suffix}", lambda: b""
        yield f"one byte {suffix}", f"byte{suffix}", lambda: b"\x80"
        yield f"30 MB of zeros {suffix}", f"zeros{suffix}", lambda: bytes(30 * MEGABYTE)
    yield "no suffix", "report", lambda: "规章 0 0 0".encode()
    yield "unknown suffix", "report.xyz", lambda: "规章 0 0 0".encode()
    yield "suffix only", ".html", lambda: b"<p>"
    yield "UTF-16", "utf16.txt", lambda: "规章\n0\n0\n0\n".encode("utf-16")
    yield "an image called text", "image.txt", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def _hostile_text() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    head = "二、主动公开政府信息情况\n规章\n"
    many = {
        "zeros": "0 " * 300_000,
        "glued zeros": "0" * 600_000,
        "zero lines": "0\n" * 200_000,
        "bars": "|" * 600_000,
        "bar lines": "|\n" * 200_000,
        "tabs": "\t" * 600_000,
        "blanks": " " * 600_000,
        "wide blanks": "\u3000" * 300_000,
        "brackets": "（" * 200_000,
        "open quotes": "“" * 200_000,
        "label again": "3.其他\n" * 60_000,
        "row again": "行政许可 0\n" * 40_000,
        "label without end": "行政" * 150_000,
        "sections again": "三、收到和处理政府信息公开申请情况\n" * 15_000,
        "heads again": "结果维持 结果纠正 其他结果 尚未审结 总计 " * 8_000,
        "claims": "其中1条、" * 60_000,
        "years": "2023年1月1日" * 40_000,
        "numerals": "共计" + "一千零" * 100_000 + "件。",
        "percent": "12.3%" * 60_000,
        "one word lines": "规\n章\n" * 60_000,
        "numbers": " ".join(str(n) for n in range(80_000)),
        "pinyin brackets": "規(guī)章(zhāng)" * 20_000,
        "no line end": "政府信息公开工作年度报告" * 40_000,
        "form feeds": "\f" * 200_000,
    }
    for name, text in many.items():
        yield f"text of {name}", "many.txt", lambda text=text: (head + text).encode()
    yield "a number of 20,000 digits", "digits.txt", lambda: (head + "9" * 20_000 + "\n0\n0\n").encode()
    yield "a number with an exponent", "exponent.txt", lambda: (head + "1e400000000\n0\n0\n行政许可 9E+99999999\n").encode()
    yield (
        "half a megabyte of prose",
        "prose.txt",
        lambda: ("2023年，共公开信息12条，其中网站3条、微信9条，同比增长12.5%。\n" * 6_000).encode(),
    )


def _hostile_html() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    for tag, n in (("div", 10_000), ("table><tr><td", 10_000), ("span", 100_000), ("font", 10_000), ("ul><li", 10_000), ("b><p", 10_000)):
        yield f"{tag} nested {n} deep", "deep.html", lambda tag=tag, n=n: f"<{tag}>".encode() * n + "规章0".encode()
    wide = '<table><tr><td colspan="1000000000" rowspan="1000000000">规章</td><td>0</td></tr></table>'
    yield "a cell over 10^18 places", "span.html", wide.encode
    many = "<table>" + "<tr>" + '<td colspan="1000" rowspan="65534">0</td>' * 200 + "</tr></table>"
    yield "many wide and tall cells", "spans.html", many.encode
    tall = "<table>" + '<tr><td rowspan="65534" colspan="1000">规章</td></tr>' * 3_000 + "</table>"
    yield "tall cells in every row", "tall.html", tall.encode
    yield (
        "negative and odd spans",
        "odd.html",
        lambda: "<table><tr><td colspan=-3 rowspan=0>规章<td colspan='x'>0<td colspan='²'>1</table>".encode(),
    )
    yield "attributes without end", "attributes.html", lambda: b"<td " + b"a=1 " * 200_000
    yield "a comment without end", "comment.html", lambda: b"<!--" + "规章 0".encode() * 50_000
    yield "a script without end", "script.html", lambda: b"<script>var a='" + b"<table><tr><td>\\u0030" * 20_000
    yield "a script of backslashes", "slashes.html", lambda: b"<script>var a='<table>" + b"\\" * 300_000 + b"</table>'</script>"
    yield "100,000 cells", "cells.html", lambda: b"<table>" + b"<tr>" + b"<td>0" * 100_000 + b"</table>"
    yield "50,000 rows", "rows.html", lambda: ("<table>" + "<tr><td>行政许可<td>0" * 50_000 + "</table>").encode()
    yield "20,000 tables", "tables.html", lambda: ("<table><tr><td>规章<td>0<td>0<td>0</table>" * 20_000).encode()
    yield "entities without number", "entities.html", lambda: b"&amp;" * 200_000 + b"&#99999999999;" * 1000


def _package(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _docx(body: str | bytes) -> bytes:
    text = body.encode() if isinstance(body, str) else body
    start = f'<?xml version="1.0" encoding="UTF-8"?><w:document {W}><w:body>'.encode()
    return _with_member("docx_merged", "word/document.xml", start + text + b"</w:body></w:document>")


def _with_member(shape: str, name: str, content: bytes) -> bytes:
    good = make(Recipe(shape, 1)).data
    with zipfile.ZipFile(io.BytesIO(good)) as file:
        return _package({member: content if member == name else file.read(member) for member in file.namelist()})


def _laughs() -> bytes:
    entities = '<!ENTITY a "0000000000">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    text = (
        f'<?xml version="1.0"?><!DOCTYPE d [{entities}]><w:document {W}><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'
    )
    return _with_member("docx_merged", "word/document.xml", text.encode())


def _outside() -> bytes:
    text = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><w:document {W}><w:body><w:p><w:r><w:t>&x;</w:t></w:r>'
        "</w:p></w:body></w:document>"
    )
    return _with_member("docx_merged", "word/document.xml", text.encode())


def _far_cells() -> bytes:
    sheet = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
    )
    return _with_member("xlsx_page", "xl/worksheets/sheet1.xml", sheet.encode())


def _hostile_packages() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    yield "DOCX that grows to 200 MB", "bomb.docx", lambda: _docx(b"<w:p/>" * (200 * MEGABYTE // 6))
    yield "DOCX of one text of 60 MB", "text.docx", lambda: _docx(b"<w:p><w:r><w:t>" + b"0 " * (30 * MEGABYTE) + b"</w:t></w:r></w:p>")
    yield "DOCX with entities that multiply", "laughs.docx", _laughs
    yield "DOCX with an outside entity", "outside.docx", _outside
    yield "DOCX nested 3,000 deep", "deep.docx", lambda: _docx("<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000)
    span = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>'
    yield "DOCX with a cell over 2·10^9 columns", "span.docx", lambda: _docx(span)
    odd = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="x"/><w:vMerge w:val="?"/></w:tcPr></w:tc></w:tr><w:tr/></w:tbl><w:tbl/>'
    yield "DOCX with odd merges", "odd.docx", lambda: _docx(odd)
    yield "DOCX without a document", "none.docx", lambda: _package({"[Content_Types].xml": b"<Types/>"})
    yield "DOCX in an old binary wrapper", "ole.docx", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)
    yield "XLSX in an old binary wrapper", "ole.xlsx", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)
    yield "XLSX with two cells far apart", "far.xlsx", _far_cells
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + b"<si><t>0</t></si>" * 8_000_000 + b"</sst>"
    yield "XLSX whose strings grow to 130 MB", "strings.xlsx", lambda: _with_member("xlsx_page", "xl/sharedStrings.xml", strings)
    yield "XLSX without sheets", "none.xlsx", lambda: _package({"xl/workbook.xml": b"<workbook/>"})
    yield "a package of 20,000 members", "members.docx", lambda: _package({f"word/{n}.xml": b"" for n in range(20_000)})
    yield "a package inside its own name", "up.docx", lambda: _package({"../../word/document.xml": b"<x/>", "/etc/passwd": b"x"})


def _pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    out, places = bytearray(b"%PDF-1.5\n"), {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, last = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % last
    for number in range(1, last):
        out += b"%010d 00000 n \n" % places.get(number, 0)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (last, trailer, start))


def _stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content)


def _hostile_pdf() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    loop = {1: catalog, 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"}
    yield "PDF whose page tree holds itself", "loop.pdf", lambda: _pdf(loop)
    parents = {1: catalog, 2: b"<< /Type /Pages /Kids [3 0 R] /Count 9 /Parent 3 0 R >>", 3: b"<< /Type /Pages /Kids [2 0 R] /Count 9 >>"}
    yield "PDF whose page trees hold each other", "parents.pdf", lambda: _pdf(parents)
    yield "PDF that claims 2·10^9 pages", "count.pdf", lambda: _pdf({1: catalog, 2: b"<< /Type /Pages /Kids [] /Count 2000000000 >>"})
    secret = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (b"ab" * 32, b"cd" * 32)
    yield "PDF behind a password", "secret.pdf", lambda: _pdf({1: catalog, 2: pages, 3: page, 4: _stream(b""), 5: b"<< >>"}, secret)
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
    drawn = {1: catalog, 2: pages, 3: page, 4: _stream(b"/X Do"), 5: _stream(b"/X Do /X Do", form)}
    yield "PDF whose drawing draws itself", "drawing.pdf", lambda: _pdf(drawn)
    packed = zlib.compress(b"0 0 m 1 1 l S " * 2_000_000)
    bomb = {1: catalog, 2: pages, 3: page, 4: _stream(packed, b"/Filter /FlateDecode"), 5: b"<< >>"}
    yield "PDF page that grows to 28 MB of lines", "bomb.pdf", lambda: _pdf(bomb)
    huge = page.replace(b"600 800", b"1e9 1e9")
    yield "PDF page of a thousand kilometres", "huge.pdf", lambda: _pdf({1: catalog, 2: pages, 3: huge, 4: _stream(b""), 5: b"<< >>"})
    empty = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>"
    kids = b"<< /Type /Pages /Kids [%s] /Count 3000 >>" % b" ".join(b"%d 0 R" % n for n in range(3, 3003))
    yield "PDF of 3,000 empty pages", "pages.pdf", lambda: _pdf({1: catalog, 2: kids} | {n: empty for n in range(3, 3003)})
    yield (
        "PDF with a torn table of places",
        "torn.pdf",
        lambda: _pdf({1: catalog, 2: pages, 3: page}).replace(b"startxref\n", b"startxref\n99"),
    )
    yield "only the head of a PDF", "head.pdf", lambda: b"%PDF-1.7\n"


def _hostile_json() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    cell = {"value": 1, "kind": "number", "raw": "1", "where": None}
    good = {"file": "a", "organ": "云川县青禾镇人民政府", "year": 2023, "edition": "2021", "complete": True, "cells": {}, "sections": {}}
    objects: dict[str, object] = {
        "a list": [good],
        "null": None,
        "a number": 5,
        "a string": "规章",
        "nothing": {},
        "cells as list": {**good, "cells": [1, 2]},
        "a cell as number": {**good, "cells": {"t2.rules.issued": 0}},
        "a cell of unknown kind": {**good, "cells": {"t2.rules.issued": {**cell, "kind": "magic"}}},
        "a figure in words": {**good, "cells": {"t2.rules.issued": {**cell, "value": "许多"}}},
        "a figure that is a list": {**good, "cells": {"t2.rules.issued": {**cell, "value": [1]}}},
        "a figure that is true": {**good, "cells": {"t2.rules.issued": {**cell, "value": True}}},
        "an unknown cell": {**good, "cells": {"t9.magic.total": cell}},
        "an unknown edition": {**good, "edition": "1999"},
        "an edition that is a path": {**good, "edition": "../../../etc/passwd"},
        "an edition that is a list": {**good, "edition": ["2021"]},
        "a year in words": {**good, "year": "二〇二三"},
        "a year that is a list": {**good, "year": [2023]},
        "sections as text": {**good, "sections": "s1"},
        "sections of numbers": {**good, "sections": {"s1": 5}},
        "a place in words": {**good, "cells": {"t2.rules.issued": {**cell, "where": "第3行"}}},
        "an unknown place": {**good, "cells": {"t2.rules.issued": {**cell, "where": {"magic": 1}}}},
        "an error of another run": {"file": "a.txt", "error": "无法读取"},
    }
    for name, content in objects.items():
        yield f"JSON: {name}", "odd.json", lambda content=content: json.dumps(content).encode()
    yield "JSON nested 100,000 deep", "deep.json", lambda: b"[" * 100_000
    yield "JSON with a number of 5,000 digits", "digits.json", lambda: b'{"year": ' + b"9" * 5000 + b"}"
    yield (
        "JSON with no number",
        "nan.json",
        lambda: json.dumps({**good, "cells": {"t2.rules.issued": {**cell, "value": float("nan")}}}).encode(),
    )
    yield "JSON without end", "end.json", lambda: b'{"cells": {'
    yield "JSON twice", "twice.json", lambda: (json.dumps(good) + "\n" + json.dumps(good)).encode()

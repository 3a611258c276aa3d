"""PDF pages written by hand, object by object, so that a test says exactly what stands where.

Chinese text uses a predefined font that needs no file; one character is as wide as the font size, figures too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

HORIZONTAL, VERTICAL = b"/UniGB-UCS2-H", b"/UniGB-UCS2-V"
FIRST_PAGE = 100
A4 = (0, 0, 595, 842)


def text(x: float, y: float, words: str, *, size: float = 12, before: str = "", turn: str = "1 0 0 1", font: str = "F") -> bytes:
    """``words`` from ``x`` on the baseline ``y``; ``before`` is content inside the text object, ``turn`` its matrix."""
    code = words.encode("utf-16-be").hex()
    return f"BT {before} /{font} {size} Tf {turn} {x} {y} Tm <{code}> Tj ET\n".encode()


def line(x0: float, y0: float, x1: float, y1: float) -> bytes:
    """A stroke of half a point."""
    return f"0.5 w {x0} {y0} m {x1} {y1} l S\n".encode()


def bar(left: float, bottom: float, right: float, top: float, *, paint: str = "f") -> bytes:
    """A rectangle, filled unless ``paint`` says otherwise."""
    return f"{left} {bottom} {right - left} {top - bottom} re {paint}\n".encode()


def grid(xs: Sequence[float], ys: Sequence[float]) -> bytes:
    """All lines of a table without merged cells."""
    across = [line(xs[0], y, xs[-1], y) for y in ys]
    return b"".join([*across, *(line(x, ys[0], x, ys[-1]) for x in xs)])


@dataclass
class Pdf:
    """A document in the making: ``pages`` are contents, ``extra`` objects by number (5 to 99)."""

    pages: Sequence[bytes]
    extra: Mapping[int, bytes] = field(default_factory=dict)
    box: tuple[float, float, float, float] = A4
    page_entries: bytes = b""
    resources: bytes = b""
    writing: bytes = HORIZONTAL
    info: bytes = b""

    def build(self) -> bytes:
        """The bytes of the file."""
        objects: dict[int, bytes] = {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self.pages), b" ".join(b"%d 0 R" % n for n in self._page_numbers())),
            3: b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding%s/DescendantFonts[4 0 R]>>" % self.writing,
            4: b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
            **self.extra,
        }
        for number, content in zip(self._page_numbers(), self.pages, strict=True):
            objects[number] = b"<</Type/Page/Parent 2 0 R/MediaBox[%g %g %g %g]/Contents %d 0 R" % (
                *self.box,
                number + 1,
            ) + b"/Resources<</Font<</F 3 0 R>>%s>>%s>>" % (self.resources, self.page_entries)
            objects[number + 1] = stream(content)
        return assembled(objects, info=self.info)

    def _page_numbers(self) -> range:
        return range(FIRST_PAGE, FIRST_PAGE + 2 * len(self.pages), 2)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def form(content: bytes, *, entries: bytes = b"") -> bytes:
    """A form XObject in a space of its own."""
    return stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 1000 1000]" + entries)


def assembled(objects: Mapping[int, bytes], *, info: bytes = b"", trailer: bytes = b"") -> bytes:
    """Objects with header, cross-reference table and trailer."""
    if info:
        objects = {**objects, 99: b"<<%s>>" % info}
        trailer += b"/Info 99 0 R"
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n" % size
    for number in range(size):
        out += b"%010d %05d %s \n" % ((places[number], 0, b"n") if number in places else (0, 65535, b"f"))
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def locked(content: bytes, password: bytes) -> bytes:
    """A one-page document under a user password: standard security handler, revision 2, RC4 with 40 bits."""
    pad = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    padded = (password + pad)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + b"\xfc\xff\xff\xff" + b"0123456789abcdef").digest()[:5]
    page_key = hashlib.md5(key + (101).to_bytes(3, "little") + b"\0\0").digest()[:10]
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[100 0 R]>>",
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        100: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 101 0 R/Resources<</Font<</F 3 0 R>>>>>>",
        101: stream(_rc4(page_key, content)),
    }
    guard = b"/ID[<%s><%s>]" % (b"0123456789abcdef".hex().encode(), b"0123456789abcdef".hex().encode())
    guard += b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (owner.hex().encode(), _rc4(key, pad).hex().encode())
    return assembled(objects, trailer=guard)


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def centred(left: float, right: float, y: float, words: str, *, size: float = 12) -> bytes:
    """``words`` in the middle between two edges."""
    return text((left + right) / 2 - len(words) * size / 2, y, words, size=size)


def joined(parts: Iterable[bytes]) -> bytes:
    """Pieces of content one after the other."""
    return b"".join(parts)

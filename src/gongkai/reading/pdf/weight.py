"""What a PDF costs to open, found out without opening it.

PDFium parses a page whole, in native code that nobody can stop: three kilobytes of forms that draw forms that draw
forms take gigabytes and minutes, and so does one well-packed content stream. This module weighs the content first: the
bytes PDFium would parse for each page, every use of a form counted. It reads the plain copy that PDFium saves of a
document (no encryption, no packed objects, names and strings spelled one way), so both see the same objects.

Rendering is not weighed: patterns and soft masks cost nothing until a page is drawn.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from gongkai.reading.grid import Unreadable

# Bytes of content. A page of dense text is some 100 KB even with one object a character, so 8 MB is generous;
# PDFium parses about 1 MB of characters a second and takes some 60 bytes of memory for each.
MAX_PAGE = 8 * 2**20
MAX_TOTAL = 96 * 2**20
# Nesting of arrays and dictionaries in one object, and of page tree nodes; office programs reach five.
MAX_NESTING = 60
# Nodes of the page tree; how many pages may be read is settled before, by PDFium's own count.
MAX_NODES = 5_000

TOO_HEAVY = "PDF 的页面内容展开后过大（可能是恶意构造的文件），为保护系统未读取。"
UNKNOWN_PACKING = "PDF 的页面内容使用了无法核实大小的压缩方式，为保护系统未读取。"
BROKEN = "PDF 的内部结构损坏，无法读取。"

# Blanks and delimiters as PDFium reads them.
_BLANK = rb"\s\x00\x80\xff"
_PLAIN = rb"[^" + _BLANK + rb"/<>\[\](){}%]"
_TOKEN = re.compile(
    rb"%[^\r\n]*|<<|>>|\[|\]|\((?:\\.|[^\\()])*\)|<[^<>]*>|/" + _PLAIN + rb"*|" + _PLAIN + rb"+|[(){}]",
    re.DOTALL,
)
_NUMBER = re.compile(rb"\d{1,10}")
_XREF_LINE = re.compile(rb"(\d{10}) \d{5} ([nf])")
_USE = re.compile(rb"/(" + _PLAIN + rb"*)[" + _BLANK + rb"]+Do(?!" + _PLAIN + rb")")
_DO = re.compile(rb"Do(?!" + _PLAIN + rb")")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


class Link(int):
    """A reference to an object by number."""


class _Copy:
    """The objects of a plain copy, parsed when asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.starts = _starts(data)
        ends = sorted([*self.starts.values(), len(data)])
        self.ends = dict(pairwise(ends))
        self.parsed: dict[int, Any] = {}

    def get(self, value: Any) -> Any:
        """The object behind a value; the value itself when it is no reference."""
        for _ in range(MAX_NESTING):
            if not isinstance(value, Link):
                return value
            if value not in self.parsed:
                self.parsed[value] = self._parse(value)
            value = self.parsed[value]
        return None

    def dictionary(self, value: Any) -> Mapping[bytes, Any]:
        """The dictionary behind a value, empty when there is none."""
        found = self.get(value)
        return found if isinstance(found, dict) else {}

    def packed(self, link: Link) -> bytes:
        """The stream of an object as it stands in the file; empty when it has none."""
        found = self._span(link)
        if not found:
            return b""
        start, end = found
        begin = self.data.find(b"stream\r\n", start, end)
        return b"" if begin < 0 else self.data[begin + 8 : max(self.data.rfind(b"endstream", begin, end), begin + 8)]

    def trailer(self) -> Mapping[bytes, Any]:
        """The trailer's dictionary."""
        found = parsed(self.data[self.data.rfind(b"trailer") + 7 :])
        return found if isinstance(found, dict) else {}

    def _span(self, link: int) -> tuple[int, int] | None:
        start = self.starts.get(link)
        return None if start is None else (start, self.ends[start])

    def _parse(self, link: int) -> Any:
        found = self._span(link)
        if not found:
            return None
        start, end = found
        stop = self.data.find(b"stream\r\n", start, end)
        head = self.data[start : end if stop < 0 else stop]
        return parsed(head.partition(b" obj")[2])


def _starts(data: bytes) -> dict[int, int]:
    """Where each object starts, by the cross-reference table that PDFium wrote."""
    try:
        position = int(data[data.rfind(b"startxref") + 9 :].split()[0])
        table = data[position : data.rindex(b"trailer")].split(b"\n")
        starts: dict[int, int] = {}
        number = 0
        for line in table[1:]:
            entry = _XREF_LINE.match(line)
            if entry:
                if entry[2] == b"n":
                    starts[number] = int(entry[1])
                number += 1
            elif line.strip():
                number = int(line.split()[0])
        return starts
    except (ValueError, IndexError) as error:
        raise Unreadable(BROKEN) from error


def parsed(text: bytes) -> Any:
    """The first value in ``text``: names as bytes with their stroke, references as :class:`Link`, dictionaries keyed
    by names without the stroke, everything else as the bytes that stand there."""
    stack: list[list[Any]] = [[]]
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in (b"<<", b"["):
            stack.append([token])
            if len(stack) > MAX_NESTING:
                raise Unreadable(BROKEN)
        elif token in (b">>", b"]"):
            if len(stack) > 1:
                items = stack.pop()
                stack[-1].append(_dictionary(items[1:]) if items[0] == b"<<" else items[1:])
        elif token == b"R" and len(stack[-1]) > 1 and isinstance(stack[-1][-2], bytes) and _NUMBER.fullmatch(stack[-1][-2]):
            stack[-1].pop()
            stack[-1].append(Link(stack[-1].pop()))
        elif token == b"endobj":
            break
        else:
            stack[-1].append(token)
    return stack[0][0] if stack[0] else None


def _dictionary(items: list[Any]) -> dict[bytes, Any]:
    keys = items[::2]
    return {key[1:]: value for key, value in zip(keys, items[1::2], strict=False) if isinstance(key, bytes)}


class _Scale:
    """Weighs the content of one document."""

    def __init__(self, copy: _Copy) -> None:
        self.copy = copy
        self.contents: dict[int, bytes] = {}
        self.held = 0
        self.drawn_fonts: set[int] = set()

    def page(self, page: Mapping[bytes, Any], inherited: Any) -> int:
        """Bytes that PDFium parses for one page, appearances of annotations and drawn letters (Type 3) included."""
        resources = self.copy.dictionary(page.get(b"Resources", inherited))
        contents = page.get(b"Contents")
        listed = self.copy.get(contents)
        links = [link for link in (listed if isinstance(listed, list) else [contents]) if isinstance(link, Link)]
        forms = _Forms(self, resources)
        return sum(forms.content(link, resources) for link in links) + sum(map(forms.one_use, self._unnamed(page, resources)))

    def _unnamed(self, page: Mapping[bytes, Any], resources: Mapping[bytes, Any]) -> Iterator[Link]:
        """Streams that are parsed with a page although its content does not name them."""
        annotations = self.copy.get(page.get(b"Annots"))
        for annotation in annotations if isinstance(annotations, list) else []:
            yield from self._streams(self.copy.dictionary(self.copy.dictionary(annotation).get(b"AP")).get(b"N"))
        for font in self.copy.dictionary(resources.get(b"Font")).values():
            if isinstance(font, Link) and font not in self.drawn_fonts:
                self.drawn_fonts.add(font)
                yield from self._streams(self.copy.dictionary(font).get(b"CharProcs"))

    def _streams(self, value: Any) -> Iterator[Link]:
        candidates = [value, *self.copy.dictionary(value).values()]
        return (link for link in candidates if isinstance(link, Link) and self.copy.packed(link))

    def content(self, link: Link) -> bytes:
        """A stream unpacked, once."""
        if link not in self.contents:
            self.contents[link] = unpack(self.copy.packed(link), self.copy.dictionary(link), self.copy)
            self.held += len(self.contents[link])
            if self.held > MAX_TOTAL:
                raise Unreadable(TOO_HEAVY)
        return self.contents[link]


class _Forms:
    """Weights of the forms of one page: a name that a form does not define is the page's."""

    def __init__(self, scale: _Scale, resources: Mapping[bytes, Any]) -> None:
        self.scale = scale
        self.copy = scale.copy
        self.named = self.copy.dictionary(resources.get(b"XObject"))
        self.weights: dict[int, int | None] = {}

    def one_use(self, link: Link) -> int:
        """Bytes for one use of a form; :class:`Unreadable` when it draws itself, which no program writes."""
        if link not in self.weights:
            self.weights[link] = None
            self.weights[link] = self.content(link, self.copy.dictionary(self.copy.dictionary(link).get(b"Resources")))
        weight = self.weights[link]
        if weight is None:
            raise Unreadable(BROKEN)
        return weight

    def content(self, link: Link, resources: Mapping[bytes, Any]) -> int:
        """Bytes for one use of a content stream and of all that it draws."""
        content = self.scale.content(link)
        weight = len(content)
        named: Mapping[bytes, Any] = {}
        for name in uses_of(content):
            named = named or {**self.named, **self.copy.dictionary(resources.get(b"XObject"))}
            for used in named.values() if name is None else [named.get(name)]:
                if isinstance(used, Link) and self.copy.dictionary(used).get(b"Subtype") == b"/Form":
                    weight += self.one_use(used)
            if weight > MAX_TOTAL:
                break
        return weight


def uses_of(content: bytes) -> Iterator[bytes | None]:
    """The names that a content stream draws, one for each use; ``None`` where a string stands for the name."""
    plain = _USE.findall(content)
    if len(plain) == sum(1 for _ in _DO.finditer(content)):
        yield from (_ESCAPED.sub(_unescaped, name) for name in plain)
        return
    last = b""  # comments or strings are in the way: read token by token
    for found in _TOKEN.finditer(content):
        token = found[0]
        if token.startswith(b"%"):
            continue
        if token == b"Do" and last.startswith(b"/"):
            yield _ESCAPED.sub(_unescaped, last[1:])
        elif token == b"Do" and last.startswith((b"(", b"<", b")", b">")):
            yield None
        last = token


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def check_weight(plain: bytes) -> None:
    """:class:`Unreadable` when the pages of a document, ``plain`` as PDFium saves it, are too much to parse."""
    copy = _Copy(plain)
    scale = _Scale(copy)
    total = 0
    root = copy.dictionary(copy.trailer().get(b"Root"))
    try:
        for page, resources in _pages(copy, root.get(b"Pages")):
            weight = scale.page(page, resources)
            total += weight
            if weight > MAX_PAGE or total > MAX_TOTAL:
                raise Unreadable(TOO_HEAVY)
    except RecursionError as error:
        raise Unreadable(TOO_HEAVY) from error


def _pages(copy: _Copy, top: Any) -> Iterator[tuple[Mapping[bytes, Any], Any]]:
    """Every page with the resources it inherits; a branch that holds itself is cut."""
    pending: list[tuple[Any, Any, frozenset[int]]] = [(top, None, frozenset())]
    visited = 0
    while pending:
        node, inherited, above = pending.pop()
        found = copy.dictionary(node)
        visited += 1
        if visited > MAX_NODES or len(above) > MAX_NESTING:
            raise Unreadable(BROKEN)
        if isinstance(node, Link):
            if node in above:
                continue
            above |= {node}
        inherited = found.get(b"Resources", inherited)
        kids = copy.get(found.get(b"Kids"))
        if isinstance(kids, list):
            pending.extend((kid, inherited, above) for kid in kids[:MAX_NODES])
        elif found:
            yield found, inherited


def unpack(packed: bytes, head: Mapping[bytes, Any], copy: _Copy) -> bytes:
    """The content of a stream; :class:`Unreadable` when it is larger than a page may be, or packed in a way that hides
    its size."""
    filters = copy.get(head.get(b"Filter", []))
    parameters = copy.get(head.get(b"DecodeParms"))
    if any(b"Predictor" in copy.dictionary(item) for item in (parameters if isinstance(parameters, list) else [parameters])):
        raise Unreadable(UNKNOWN_PACKING)
    return unpack_chain(packed, [copy.get(name) for name in (filters if isinstance(filters, list) else [filters])])


def unpack_chain(packed: bytes, filters: Sequence[Any]) -> bytes:
    """Bytes run through filters by name, the first first; each step is bounded."""
    content = packed
    for name in filters:
        unpacker = _UNPACKERS.get(name) if isinstance(name, bytes) else None
        if unpacker is None:
            raise Unreadable(UNKNOWN_PACKING)
        content = unpacker(content)
    return content


def _inflated(content: bytes) -> bytes:
    """As much as PDFium would get: up to the first fault, which is looked for ever more closely."""
    engine, parts, position, step = zlib.decompressobj(), [], 0, max(len(content), 1)
    size = 0
    while position < len(content) and not engine.eof:
        trial = engine.copy()
        try:
            part = trial.decompress(content[position : position + step], MAX_PAGE + 1)
        except zlib.error:
            if step == 1:
                break
            step = (step + 15) // 16
            continue
        size += len(part)
        if size > MAX_PAGE:
            raise Unreadable(TOO_HEAVY)
        parts.append(part)
        engine, position = trial, position + step
    return b"".join(parts)


def _from_ascii85(content: bytes) -> bytes:
    text = content.strip().removeprefix(b"<~")
    end = text.find(b"~")
    try:
        return base64.a85decode(text if end < 0 else text[:end])
    except ValueError as error:
        raise Unreadable(UNKNOWN_PACKING) from error


def _from_hex(content: bytes) -> bytes:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", content.split(b">")[0])
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


_UNPACKERS = {
    b"/FlateDecode": _inflated,
    b"/Fl": _inflated,
    b"/ASCII85Decode": _from_ascii85,
    b"/A85": _from_ascii85,
    b"/ASCIIHexDecode": _from_hex,
    b"/AHx": _from_hex,
}

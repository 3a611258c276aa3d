"""Files inside files: what stands in the documents, workbooks, archives and packages that a file carries within it.

A reader of the page does not see them, but who downloads the file has them. They are looked into within bounds of depth, number
and size; what is beyond these, encrypted, damaged or of a kind that nobody here reads is handed on with the reason, never left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from gongkai.reading.archive import OLE_MARK, Archive, is_encrypted_office
from gongkai.reading.compound import CompoundFile, packaged
from gongkai.reading.document import read_grid
from gongkai.reading.encoding import decode
from gongkai.reading.grid import HiddenPart, Unreadable

MAX_DEPTH, MAX_FILES, MAX_BYTES = 4, 60, 64_000_000
MAX_CELLS = 20_000
_EMBEDDED = re.compile(r"(?:^|/)(?:embeddings/|afchunk)", re.IGNORECASE)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\xd7\xcd\xc6\x9a", b"\x01\0\0\0")
_READ = frozenset((".txt", ".md", ".csv", ".tsv", ".html", ".htm", ".xls", ".et", ".doc", ".wps", ".rtf", ".odt", ".ods", ".xlsm", ".xlsb"))
_SHEETS = frozenset((".xlsx", ".xlsm", ".xls", ".et", ".ods"))
_PACKAGES = (("word/document.xml", ".docx"), ("xl/workbook.xml", ".xlsx"))
_STREAMS = (("WordDocument", ".doc"), ("Workbook", ".xls"), ("Book", ".xls"))
_OBJECT = "嵌入的对象"


@dataclass(frozen=True, slots=True)
class Inside:
    """One file inside another. ``path`` are the names that lead to it, ``text`` its words and ``hidden`` its own hidden parts.

    ``cells`` are the cells of a workbook by name (``表2!B4``). ``reason`` says in Chinese why it could not be looked into; then
    nothing else is known of it.
    """

    path: tuple[str, ...]
    text: str = ""
    hidden: tuple[HiddenPart, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    reason: str = ""


@dataclass(slots=True)
class _Bounds:
    """What was looked at so far, of all files together."""

    n_files: int = 0
    n_bytes: int = 0
    soffice: str | None = None
    found: list[Inside] = field(default_factory=list)

    def exceeded(self, n_bytes: int) -> str:
        """Why nothing more is looked into, empty while it is."""
        self.n_files, self.n_bytes = self.n_files + 1, self.n_bytes + n_bytes
        if self.n_files > MAX_FILES:
            return f"嵌入的文件超过{MAX_FILES}个，其余的没有看"
        return f"嵌入的文件合计超过{MAX_BYTES // 1_000_000}MB，其余的没有看" if self.n_bytes > MAX_BYTES else ""


def look_inside(data: bytes, name: str, *, soffice: str | None = None) -> tuple[Inside, ...]:
    """Every file inside that one, at any depth within the bounds; those that were not looked into with the reason."""
    bounds = _Bounds(soffice=soffice)
    _look(data, name, (), bounds)
    return tuple(bounds.found)


def _look(data: bytes, name: str, path: tuple[str, ...], bounds: _Bounds) -> None:
    children = _children(data)
    while True:
        try:
            child = next(children, None)
        except Unreadable as error:
            # Of the outermost file its own reader tells that it is damaged, and of one that could not be read the reason is noted already.
            if path and not any(file.path == path and file.reason for file in bounds.found):
                bounds.found.append(Inside(path, reason=error.message.rstrip("。")))
            return
        if child is None:
            return
        inner, content = child
        if not _take(inner, content, (*path, inner), bounds):
            return


def _take(name: str, content: bytes | Unreadable, path: tuple[str, ...], bounds: _Bounds) -> bool:
    """Note one file and what is in it; false when the bounds allow no more."""
    stop = bounds.exceeded(0 if isinstance(content, Unreadable) else len(content))
    if stop or len(path) > MAX_DEPTH:
        bounds.found.append(Inside(path, reason=stop or f"文件里套文件超过{MAX_DEPTH}层，没有看"))
        return not stop
    if isinstance(content, Unreadable):
        bounds.found.append(Inside(path, reason=content.message.rstrip("。")))
        return True
    before = len(bounds.found)
    bounds.found.append(_read(content, name, path, bounds.soffice))
    _look(content, name, path, bounds)
    if len(bounds.found) > before + 1 and bounds.found[before].reason == _BAG:
        # A bag that was unpacked is no file of its own.
        del bounds.found[before]
    return bounds.n_files <= MAX_FILES and bounds.n_bytes <= MAX_BYTES


_NOTHING, _BAG = "不是认识的文件，看不出里面有什么", "是压缩包，里面没有取出文件"


def _read(data: bytes, name: str, path: tuple[str, ...], soffice: str | None) -> Inside:
    """What stands in one file, or why it cannot be said."""
    suffix = _suffix_of(data, name)
    if suffix is None:
        return Inside(path, reason="是图片，读不出文字" if data.startswith(_PICTURES) else _BAG if _is_bag(data) else _NOTHING)
    try:
        grid = read_grid(data, f"inside{suffix}", soffice=soffice)
        cells = tuple(_cells(data)) if suffix in _SHEETS else ()
    except ModuleNotFoundError:
        return Inside(path, reason="是扫描件，读不出文字")
    except Unreadable as error:
        return Inside(path, reason=error.message.rstrip("。"))
    text = "\n".join("\t".join(slot.text for slot in row.slots) for row in grid.rows)
    return Inside(path, text, tuple(grid.hidden), cells)


def _is_bag(data: bytes) -> bool:
    """Whether that is an archive of files and no document of its own."""
    return data.startswith(b"PK") and not _is_office(Archive(data))


def _is_office(archive: Archive) -> bool:
    return "[Content_Types].xml" in archive or "mimetype" in archive


def _cells(data: bytes) -> Iterator[tuple[str, str]]:
    from gongkai.reading.xlsx.workbook import named_cells

    for number, cell in enumerate(named_cells(data)):
        if number >= MAX_CELLS:
            return
        yield cell


def _suffix_of(data: bytes, name: str) -> str | None:
    """The format, by content where it tells and by the name otherwise; ``None`` for what nobody here reads."""
    suffix = PurePath(name).suffix.lower()
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if is_encrypted_office(data):
        return ".docx"
    if data.startswith(b"PK"):
        return _suffix_of_package(data, suffix)
    if data.startswith(OLE_MARK):
        names = _streams(data)
        return next((kind for stream, kind in _STREAMS if stream in names), None)
    if data.startswith(_PICTURES):
        return None
    return suffix if suffix in _READ else ".txt" if _is_text(data) else None


def _suffix_of_package(data: bytes, suffix: str) -> str | None:
    try:
        names = Archive(data).names
    except Unreadable:
        # Its own reader says what is wrong with it.
        return ".docx"
    return next((kind for part, kind in _PACKAGES if part in names), suffix if suffix in (".odt", ".ods", ".xlsb") else None)


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        decode(data)
    except Unreadable:
        return False
    return True


def _streams(data: bytes) -> list[str]:
    try:
        return CompoundFile(data).names
    except Unreadable:
        return []


def _children(data: bytes) -> Iterator[tuple[str, bytes | Unreadable]]:
    """The files right inside that one, with their names; what cannot be taken out comes as the reason."""
    if is_encrypted_office(data):
        return
    if data.startswith(b"PK"):
        yield from _in_package(data)
    elif data.startswith(OLE_MARK):
        yield from _in_compound(data)
    elif data.startswith(b"%PDF-"):
        yield from _in_pdf(data)


def _in_package(data: bytes) -> Iterator[tuple[str, bytes | Unreadable]]:
    archive = Archive(data)
    for name in archive.names:
        if _is_office(archive) and not _EMBEDDED.search(name):
            continue
        try:
            content = archive.read(name) or b""
        except Unreadable as error:
            yield _named(name), error
            continue
        if content:
            yield from _unwrapped(_named(name), content)


def _named(name: str) -> str:
    """A part's own name; archives made on Chinese systems often write it in GBK and do not say so."""
    last = name.rpartition("/")[2]
    try:
        return last.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return last


def _unwrapped(name: str, content: bytes) -> Iterator[tuple[str, bytes | Unreadable]]:
    """The files that an office program's wrapper holds, or the file itself where it is none."""
    names = _streams(content) if content.startswith(OLE_MARK) and not is_encrypted_office(content) else []
    is_wrapper = bool(names) and not any(stream in names for stream, _ in _STREAMS)
    inner = list(_in_compound(content)) if is_wrapper else []
    yield from inner or [(name, content)]


def _in_compound(data: bytes) -> Iterator[tuple[str, bytes | Unreadable]]:
    """What the packager wrapped, what stands in a stream of its own, and objects whose parts lie apart and cannot be put together."""
    container = CompoundFile(data)
    for name in container.names:
        storage, _, own = name.rpartition("/")
        try:
            if own == "\x01Ole10Native":
                yield packaged(container.read(name))
            elif own in ("Package", "CONTENTS"):
                yield _OBJECT, container.read(name)
            elif storage and own in dict(_STREAMS):
                yield _OBJECT, Unreadable("是旧版Office的嵌入对象，不能单独取出")
        except Unreadable as error:
            yield _OBJECT, error


def _in_pdf(data: bytes) -> Iterator[tuple[str, bytes | Unreadable]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return  # its own reader says so
    try:
        for number in range(document.count_attachments()):
            attachment = document.get_attachment(number)
            yield attachment.get_name() or _OBJECT, bytes(attachment.get_data())
    except pypdfium2.PdfiumError:
        yield _OBJECT, Unreadable("PDF里的附件取不出来")
    finally:
        document.close()

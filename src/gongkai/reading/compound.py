"""Compound files (OLE: .doc, .xls, and what office programs wrap embedded files in): their streams, by path.

Only what is needed to take an embedded file out: no stream is interpreted here but the packager's. Chains are followed with
bounds, so that a damaged or wicked file ends in :class:`Unreadable` and never in a loop.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.reading.archive import OLE_MARK
from gongkai.reading.grid import Unreadable

_DAMAGED = "文件已损坏或不完整：旧版Office的容器无法打开。"
_LAST_SECTOR = 0xFFFFFFFA  # this and what lies above mark ends and special sectors
_ENTRY, _HEADER_LISTED = 128, 109
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the container's directory."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """The streams of one container. Raises :class:`Unreadable` when it is damaged."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(OLE_MARK) or len(data) < 512:
            raise Unreadable(_DAMAGED)
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError, ValueError) as error:
            raise Unreadable(_DAMAGED) from error

    def _open(self) -> None:
        head = self._data
        shift, mini_shift = struct.unpack_from("<HH", head, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        directory, _, self._cutoff, first_mini, _, more, n_more = struct.unpack_from("<7I", head, 48)
        self._fat = self._table(self._fat_sectors(more, n_more))
        self._mini_fat = self._table(self._chain(first_mini, self._fat))
        content = self._join(self._chain(directory, self._fat))
        if len(content) // _ENTRY > _MOST_ENTRIES:
            raise ValueError
        self._entries = [_entry(content, at) for at in range(0, len(content) - _ENTRY + 1, _ENTRY)]
        self._mini = self._join(self._chain(self._entries[0].start, self._fat))
        self._paths = dict(self._walk())

    def _fat_sectors(self, more: int, n_more: int) -> list[int]:
        listed = list(struct.unpack_from(f"<{_HEADER_LISTED}I", self._data, 76))
        for _ in range(min(n_more, 4096)):
            if more >= _LAST_SECTOR:
                break
            *sectors, more = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            listed += sectors
        return [sector for sector in listed if sector < _LAST_SECTOR]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        found = self._data[at : at + self._size]
        if not found:
            raise ValueError
        return found.ljust(self._size, b"\0")

    def _table(self, sectors: list[int]) -> list[int]:
        return [number for sector in sectors for number in struct.unpack(f"<{self._size // 4}I", self._sector(sector))]

    def _chain(self, start: int, table: list[int]) -> list[int]:
        found: list[int] = []
        while start < _LAST_SECTOR:
            found.append(start)
            if len(found) > len(table):
                raise ValueError
            start = table[start]
        return found

    def _join(self, sectors: list[int]) -> bytes:
        return b"".join(map(self._sector, sectors))

    def _walk(self) -> Iterator[tuple[str, _Entry]]:
        """Every stream below the root, by the names of its storages and its own, each entry once."""
        waiting, seen = [(self._entries[0].child, "")], set[int]()
        while waiting:
            number, above = waiting.pop()
            if number >= len(self._entries) or number in seen:
                continue
            seen.add(number)
            entry = self._entries[number]
            waiting += [(entry.left, above), (entry.right, above)]
            if entry.kind == _STORAGE:
                waiting.append((entry.child, f"{above}{entry.name}/"))
            elif entry.kind == _STREAM:
                yield above + entry.name, entry

    @property
    def names(self) -> list[str]:
        """The paths of all streams, storages before a slash."""
        return sorted(self._paths)

    def read(self, name: str) -> bytes:
        """One stream."""
        entry = self._paths[name]
        try:
            if entry.size >= self._cutoff:
                return self._join(self._chain(entry.start, self._fat))[: entry.size]
            parts = (self._mini[at * self._mini_size : (at + 1) * self._mini_size] for at in self._chain(entry.start, self._mini_fat))
            return b"".join(parts)[: entry.size]
        except (struct.error, IndexError, ValueError) as error:
            raise Unreadable(_DAMAGED) from error


def _entry(content: bytes, at: int) -> _Entry:
    length, kind = struct.unpack_from("<HB", content, at + 64)
    left, right, child = struct.unpack_from("<3I", content, at + 68)
    start, size = struct.unpack_from("<II", content, at + 116)
    name = content[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
    return _Entry(name, kind, left, right, child, start, size)


def packaged(stream: bytes) -> tuple[str, bytes]:
    """The name and the bytes of the file that the packager (程序包) wrapped; :class:`Unreadable` when they do not stand there."""
    try:
        label, at = _words(stream, 6)
        _, at = _words(stream, at)
        (length,) = struct.unpack_from("<I", stream, at + 4)
        at += 8 + length
        (size,) = struct.unpack_from("<I", stream, at)
    except (struct.error, ValueError) as error:
        raise Unreadable("嵌入的程序包已损坏，取不出里面的文件。") from error
    data = stream[at + 4 : at + 4 + size]
    if len(data) < size:
        raise Unreadable("嵌入的程序包已损坏，取不出里面的文件。")
    return label.replace("\\", "/").rpartition("/")[2], data


def _words(stream: bytes, at: int) -> tuple[str, int]:
    end = stream.index(b"\0", at)
    return stream[at:end].decode("gb18030", "replace"), end + 1

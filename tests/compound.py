"""Writes compound files (OLE) as old office programs do: built from the published description of the format, without the reader."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ROOT, STREAM, STORAGE = 5, 2, 1


@dataclass
class _Chains:
    """Pieces of one size, and the table that says which follows which."""

    size: int
    content: bytes = b""
    table: list[int] = field(default_factory=list)

    def put(self, data: bytes) -> int:
        """Add data; gives its first piece."""
        first, n = len(self.table), -(-len(data) // self.size)
        self.content += data.ljust(n * self.size, b"\0")
        self.table += [*range(first + 1, first + n), END]
        return first


@dataclass
class _Entry:
    """One line of the directory."""

    name: str
    kind: int
    start: int = END
    size: int = 0
    right: int = FREE
    child: int = FREE

    def packed(self) -> bytes:
        words = self.name.encode("utf-16-le") + b"\0\0"
        facts = (len(words), self.kind, 1, FREE, self.right, self.child, b"", 0, 0, 0, self.start, self.size, 0)
        return words.ljust(64, b"\0") + struct.pack("<HBBIII16sIQQIII", *facts)


def compound(streams: Mapping[str, bytes], storages: Mapping[str, Mapping[str, bytes]] | None = None) -> bytes:
    """A container with these streams at the root, and storages with streams of their own."""
    sectors, minis, entries = _Chains(SECTOR), _Chains(MINI), [_Entry("Root Entry", ROOT)]
    _hang(entries, 0, [_stream(name, data, sectors, minis) for name, data in streams.items()])
    for name, inner in (storages or {}).items():
        parent = len(entries)
        _hang(entries, 0, [_Entry(name, STORAGE, 0)])
        _hang(entries, parent, [_stream(*each, sectors, minis) for each in inner.items()])
    if minis.table:
        entries[0].start, entries[0].size = sectors.put(minis.content), len(minis.content)
    mini_table = struct.pack(f"<{len(minis.table)}I", *minis.table)
    first_mini = sectors.put(mini_table.ljust(-(-len(mini_table) // SECTOR) * SECTOR, b"\xff")) if minis.table else END
    directory = sectors.put(b"".join(entry.packed() for entry in entries))
    return _written(sectors, directory, first_mini)


def _stream(name: str, data: bytes, sectors: _Chains, minis: _Chains) -> _Entry:
    chains = minis if len(data) < CUTOFF else sectors
    return _Entry(name, STREAM, chains.put(data) if data else END, len(data))


def _hang(entries: list[_Entry], parent: int, children: list[_Entry]) -> None:
    """Put children below a parent, each at the right hand of the one before: a lopsided tree is one all the same."""
    last = entries[parent].child
    while last != FREE and entries[last].right != FREE:
        last = entries[last].right
    for child in children:
        entries.append(child)
        if last == FREE:
            entries[parent].child = len(entries) - 1
        else:
            entries[last].right = len(entries) - 1
        last = len(entries) - 1


def _written(sectors: _Chains, directory: int, first_mini: int) -> bytes:
    n_fat = 1
    while n_fat * SECTOR // 4 < len(sectors.table) + n_fat:
        n_fat += 1
    where = list(range(len(sectors.table), len(sectors.table) + n_fat))
    table = [*sectors.table, *([FAT_SECTOR] * n_fat)]
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, n_fat, directory, 0, CUTOFF,
        first_mini, int(first_mini != END), END, 0,
    )  # fmt: skip
    listed = struct.pack("<109I", *(where + [FREE] * 109)[:109])
    return head + listed + sectors.content + struct.pack(f"<{len(table)}I", *table).ljust(n_fat * SECTOR, b"\xff")


def packager(name: str, data: bytes) -> bytes:
    """A file as the packager (程序包) keeps it in a stream of its own."""
    label = name.encode("gb18030") + b"\0"
    inner = b"\x02\0" + label + b"C:\\" + label + struct.pack("<HHI", 0, 3, len(label)) + label + struct.pack("<I", len(data)) + data
    return struct.pack("<I", len(inner)) + inner

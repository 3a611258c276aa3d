"""Where the index lies: generations, the lock of the one writer, and the proof that a generation is whole.

::

    index/
      current           the name of the generation that is served, replaced in one step
      write.lock        held by whoever writes
      rebuild.lock      held by whoever builds a new generation
      wanted            stands here while somebody wants a rebuild
      00000007/         a generation: the engine's files, and stamp.json with the version of what was written
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from gongkai.errors import GongkaiError

# Grows whenever fields or words are written differently: an older index is then rebuilt, never read.
VERSION = 2
CURRENT, STAMP, WANTED = "current", "stamp.json", "wanted"
# The last four bytes of each of the engine's files, before them the length of a note that holds the file's checksum.
_MAGIC = 1337
_held = threading.local()


class IndexLost(GongkaiError):
    """There is no index to search: never built, of an older version, or broken. It has to be rebuilt."""


@contextmanager
def breaking() -> Iterator[None]:
    """Whatever the engine stumbles over inside the block means that the index is lost."""
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        raise IndexLost(f"检索索引打不开：{error}。") from error
    except BaseException as error:
        # A panic of the engine is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise IndexLost(f"检索索引已经损坏：{error}。") from error


@contextmanager
def locked(folder: Path, name: str = "write.lock") -> Iterator[None]:
    """One writer at a time, whichever process or thread; who holds the lock may take it again. It falls with its process."""
    held: set[str] = _held.__dict__.setdefault("names", set())
    place = str(folder / name)
    if place in held:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Path(place).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        held.add(place)
        try:
            yield
        finally:
            held.discard(place)


def served(folder: Path) -> Path:
    """The generation that is served; :class:`IndexLost` when there is none of this version."""
    try:
        place = folder / (folder / CURRENT).read_text(encoding="ascii").strip()
        stamp = json.loads((place / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexLost("检索索引还没有建立，或者已经丢失。") from error
    if stamp.get("version") != VERSION:
        raise IndexLost("检索索引是旧版本建立的，要重新建立。")
    return place


def begun(folder: Path) -> Path:
    """An empty folder for a new generation. What an interrupted rebuild left is swept away."""
    last = 0
    now = (folder / CURRENT).read_text(encoding="ascii").strip() if (folder / CURRENT).exists() else ""
    for place in folder.iterdir():
        if place.is_dir() and place.name.isdecimal():
            last = max(last, int(place.name))
            if place.name != now:
                shutil.rmtree(place, ignore_errors=True)
    made = folder / f"{last + 1:08d}"
    made.mkdir(mode=0o700)
    return made


def switch(folder: Path, place: Path) -> None:
    """Serve that generation from now on, and drop the others. Readers that have them open read on until they look again."""
    (place / STAMP).write_text(json.dumps({"version": VERSION}), encoding="utf-8")
    part = folder / f"{CURRENT}.part"
    with part.open("w", encoding="ascii") as file:
        file.write(place.name)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / CURRENT)
    (folder / WANTED).unlink(missing_ok=True)
    for other in folder.iterdir():
        if other.is_dir() and other.name.isdecimal() and other != place:
            shutil.rmtree(other, ignore_errors=True)


def drop(folder: Path) -> None:
    """Serve nothing from now on: an index known to be broken is asked by nobody any more."""
    (folder / CURRENT).unlink(missing_ok=True)


def want(folder: Path) -> None:
    """Let whoever follows the ledger rebuild the index."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / WANTED).touch()


def is_wanted(folder: Path) -> bool:
    """Whether somebody wants a rebuild."""
    return (folder / WANTED).exists()


def n_bytes(place: Path) -> int:
    """What a generation takes on the disk."""
    return sum(file.stat().st_size for file in place.iterdir() if file.is_file())


def prove(folder: Path) -> None:
    """Read every file of the served generation against its checksum; :class:`IndexLost` with the name of the first that is broken."""
    with locked(folder):
        place = served(folder)
        with breaking():
            tantivy.Index.open(str(place))
            known = json.loads((place / ".managed.json").read_text(encoding="utf-8"))
            for file in sorted(place / name for name in known if name != "meta.json"):
                if file.exists() and not _is_whole(file):
                    raise ValueError(f"{file.name}与校验码不符")


def _is_whole(file: Path) -> bool:
    data = file.read_bytes()
    if len(data) < 8:
        return False
    n_note, magic = struct.unpack("<II", data[-8:])
    if magic != _MAGIC or n_note > len(data) - 8:
        return False
    note = json.loads(data[-8 - n_note : -8])
    return zlib.crc32(data[: -8 - n_note]) == note.get("crc")

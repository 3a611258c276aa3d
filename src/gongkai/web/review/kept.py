"""Kept files by their SM3 digest: written once, never changed, and never handed out when the bytes do not fit the digest.

The name that a person gave a file is no part of where it lies. An upload comes in through quarantine; it stands before the act
that names it commits, so that a stop at any point leaves no entry without its file.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from typing import IO, Any

from cryptography.hazmat.primitives import hashes

from gongkai.web.ledger.digest import sm3
from gongkai.web.review import quarantine
from gongkai.web.review.stores import Lost, Unreachable, store

__all__ = ["Lost", "Unreachable", "content", "exists", "faults", "open_proven", "put", "size", "walk"]

logger = logging.getLogger(__name__)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 20
# Local files proven by this process: what identifies the file and its state (a change makes it another). Verify asks them all anew.
_PROVEN = set[tuple[Any, ...]]()
_MOST_PROVEN = 10_000


def put(data: bytes) -> str:
    """Keep the bytes and give their digest; the same bytes are kept once, and whole or not at all.

    They wait in quarantine until they are scanned, every time: a scanner may have learnt something since.
    """
    digest = sm3(data)
    name = _name(digest)
    with quarantine.held(data) as part:
        quarantine.scan(part)
        store().add(name, part)
    # Whatever stood there before is what these bytes are now proven by.
    open_proven(digest).close()
    return digest


def open_proven(digest: str) -> IO[bytes]:
    """The file, at its first byte, after all its bytes were compared with the digest; :class:`Lost` when they do not fit."""
    try:
        source = store().open(_name(digest))
    except FileNotFoundError as error:
        logger.error("the kept file %s is not there", digest)
        raise Lost("文件找不到，请告诉系统管理员核对备份。") from error
    mark = _mark(digest, source)
    if mark is None or mark not in _PROVEN:
        if _digest(source) != digest:
            source.close()
            logger.error("the kept file %s is not what its digest says", digest)
            raise Lost("保存的文件已被改动或者损坏，不能使用。请告诉系统管理员核对备份。")
        _remember(mark)
        source.seek(0)
    return source


def content(digest: str) -> bytes:
    """All bytes of a file, as :func:`open_proven` gives them."""
    with open_proven(digest) as source:
        return source.read()


def exists(digest: str) -> bool:
    """Whether something lies under that digest; that it fits is asked when it is opened."""
    return size(digest) is not None


def size(digest: str) -> int | None:
    """How many bytes lie under that digest; ``None`` where nothing does."""
    return store().size(_name(digest))


def walk() -> Iterator[str]:
    """The digests of all kept files, in order."""
    for name in store().names():
        if _is_name(name):
            yield name.partition("/")[2]


def faults() -> Iterator[str]:
    """The names of whatever lies among kept files and is not what its name says; every file is read to the end."""
    place = store()
    for name in place.names():
        with place.open(name) as source:
            if not _is_name(name) or _digest(source) != name.partition("/")[2]:
                yield name


def _name(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"no digest: {digest!r}")
    return f"{digest[:2]}/{digest}"


def _is_name(name: str) -> bool:
    folder, _, digest = name.partition("/")
    return _DIGEST.fullmatch(digest) is not None and digest.startswith(folder)


def _mark(digest: str, source: IO[bytes]) -> tuple[Any, ...] | None:
    """What tells a local file in its present state from any other; ``None`` for bytes that came over the network."""
    try:
        state = os.fstat(source.fileno())
    except OSError:
        return None
    return digest, state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def _remember(mark: tuple[Any, ...] | None) -> None:
    if mark is not None:
        if len(_PROVEN) >= _MOST_PROVEN:
            _PROVEN.clear()
        _PROVEN.add(mark)


def _digest(source: IO[bytes]) -> str:
    digest = hashes.Hash(hashes.SM3())
    while piece := source.read(_PIECE):
        digest.update(piece)
    return digest.finalize().hex()

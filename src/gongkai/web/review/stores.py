"""Where kept files lie: a folder of this machine, or a bucket of an S3-compatible store, which Django's storage API reaches.

Both know names (``ab/abcd…``, two digits and the digest), and neither ever writes over one that stands. What is in a file
is :mod:`gongkai.web.review.kept`'s concern: nothing else but backup and restore comes here.
"""

from __future__ import annotations

import errno
import io
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages

from gongkai.errors import Refused

logger = logging.getLogger(__name__)
# The folder of uploads that are not let in yet; it lies beside the kept files, so that one is let in by its name alone.
QUARANTINE = "quarantine"
# The storage of Django's settings that stands where a bucket is configured.
ALIAS = "kept"
# A file system that knows no second name for a file.
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


class Lost(Refused):
    """A kept file cannot be handed out: it is not there, or it is not what its digest says."""


class Unreachable(Lost):
    """The store does not answer: the same may succeed later."""


class Folder:
    """Files of this machine, in a folder that only the platform's own user reads."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> Iterator[str]:
        """Every name, in order."""
        for path in sorted(self.root.glob("??/*")):
            if path.is_file():
                yield f"{path.parent.name}/{path.name}"

    def size(self, name: str) -> int | None:
        """How many bytes lie under that name; ``None`` where nothing does."""
        path = self.root / name
        return path.stat().st_size if path.is_file() else None

    def open(self, name: str) -> IO[bytes]:
        """The bytes as they lie, unproven; ``FileNotFoundError`` where nothing does."""
        return (self.root / name).open("rb")

    def add(self, name: str, part: Path) -> None:
        """Let ``part``, a file of the same disk, stand under that name too; a name that stands already stays as it is."""
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.link(part, target)
        except FileExistsError:
            return
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            part.rename(target)
        for folder in (target.parent, self.root):
            _write_through(folder)

    def is_empty(self) -> bool:
        """Whether nothing lies here but perhaps uploads that are not let in."""
        return not self.root.is_dir() or all(path.name == QUARANTINE for path in self.root.iterdir())

    def fill(self, source: Path) -> None:
        """Take in a whole folder of files; only where nothing lies yet."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in source.iterdir():
            shutil.move(folder, self.root / folder.name)

    def unfill(self) -> None:
        """Take out again what :meth:`fill` took in."""
        for path in self.root.iterdir():
            if path.name != QUARANTINE:
                shutil.rmtree(path, ignore_errors=True)


class Bucket:
    """Files of a bucket. Whatever the store answers but “not there” is told as :class:`Unreachable`."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage
        self._filled: list[str] = []

    def names(self) -> Iterator[str]:
        """Every name, in order; the store is asked folder by folder."""
        with _answering():
            folders = sorted(self.storage.listdir("")[0])
        for folder in folders:
            with _answering():
                files = sorted(self.storage.listdir(folder)[1])
            yield from (f"{folder}/{file}" for file in files)

    def size(self, name: str) -> int | None:
        """How many bytes lie under that name; ``None`` where nothing does."""
        with _answering():
            return int(self.storage.size(name)) if self.storage.exists(name) else None

    def open(self, name: str) -> IO[bytes]:
        """The bytes as they lie, unproven, read to the end; ``FileNotFoundError`` where nothing does."""
        with _answering(), self.storage.open(name, "rb") as source:
            return io.BytesIO(source.read())

    def add(self, name: str, part: Path) -> None:
        """Send ``part`` to stand under that name; a name that stands already stays as it is.

        Two at once may both send: under one digest both send the same bytes, and the store shows a file whole or not at all.
        """
        if self.size(name) is not None:
            return
        with _answering(), part.open("rb") as source:
            given = self.storage.save(name, File(source))
        if given != name or self.size(name) != part.stat().st_size:
            raise Unreachable("文件存储没有收下完整的文件，这次没有保存，请稍后再试。")

    def is_empty(self) -> bool:
        """Whether nothing lies here."""
        with _answering():
            return self.storage.listdir("") == ([], [])

    def fill(self, source: Path) -> None:
        """Send a whole folder of files; only where nothing lies yet."""
        for path in sorted(source.glob("*/*")):
            name = path.relative_to(source).as_posix()
            self._filled.append(name)
            self.add(name, path)

    def unfill(self) -> None:
        """Remove again what :meth:`fill` sent, and nothing else."""
        for name in self._filled:
            with _answering():
                self.storage.delete(name)


def store() -> Folder | Bucket:
    """Where kept files lie, by the settings."""
    return Bucket(storages[ALIAS]) if ALIAS in settings.STORAGES else Folder(Path(settings.MEDIA_ROOT))


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except _failures() as error:
        logger.exception("the store of files did not answer")
        raise Unreachable("文件存储现在连不上，请稍后再试；一直这样的，请告诉系统管理员。") from error


def _failures() -> tuple[type[Exception], ...]:
    """What a store's client raises; botocore is there where a bucket is configured."""
    try:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError
    except ModuleNotFoundError:
        return (OSError,)
    return (OSError, Boto3Error, BotoCoreError, ClientError)


def _write_through(folder: Path) -> None:
    """Let the disk know the folder's names: a file that is not named is lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

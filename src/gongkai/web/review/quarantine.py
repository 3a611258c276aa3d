"""Where an upload lies until it is let in: under a name that no view serves, looked at by the house's own scanner.

Whatever stops in the middle leaves a file here and nothing else; :func:`sweep` removes it after a day.
"""

from __future__ import annotations

import datetime
import logging
import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from gongkai.errors import Refused
from gongkai.web.review.stores import QUARANTINE
from gongkai.web.settings import moment
from gongkai.web.settings.known import bare_environment

logger = logging.getLogger(__name__)
# Below the 20 seconds that SQLite's other writers wait: a scanner that hangs fails its own upload and nobody else's act.
LONGEST_SCAN = 15
HELD = datetime.timedelta(days=1)
CLEAN, FOUND = 0, 1


class Unscanned(Refused):
    """The scanner gave no answer. The upload stays in quarantine, where whoever mends the scanner finds it."""


@contextmanager
def held(data: bytes) -> Iterator[Path]:
    """The upload as a file in quarantine, written through to the disk; gone afterwards, unless it was not scanned."""
    place = Path(settings.MEDIA_ROOT) / QUARANTINE
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place, prefix="upload-")  # readable by its owner alone
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as sink:
            sink.write(data)
            sink.flush()
            os.fsync(sink.fileno())
        yield part
    except Unscanned:
        raise
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.unlink(missing_ok=True)


def scan(part: Path) -> None:
    """Ask the command of ``GONGKAI_SCAN_COMMAND``; :class:`Refused` unless it says that the file is clean."""
    if not settings.SCAN_COMMAND:
        return
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's command, and a path that is ours
            [*shlex.split(settings.SCAN_COMMAND), str(part)],
            env=bare_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=LONGEST_SCAN, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.exception("the scanner gave no answer about %s", part.name)
        raise _unscanned() from error
    if done.returncode == FOUND:
        logger.warning("the scanner found something in %s: %s", part.name, done.stdout.strip()[:300])
        raise Refused("文件没有通过安全检查：里面有病毒或者有害程序。文件没有保存，请先给这台电脑杀毒，再上传干净的文件。")
    if done.returncode != CLEAN:
        logger.error("the scanner ended with %s at %s: %s", done.returncode, part.name, done.stderr.strip()[:300])
        raise _unscanned()


def _unscanned() -> Unscanned:
    return Unscanned("文件的安全检查没有做成，文件留在隔离区，没有收下，谁也看不到。请稍后重新上传；一直这样的，请告诉系统管理员。")


def sweep() -> int:
    """Remove what has lain in quarantine for a day; gives how many files."""
    oldest, n_removed = (moment.now() - HELD).timestamp(), 0
    for part in (Path(settings.MEDIA_ROOT) / QUARANTINE).glob("*"):
        # Its upload may be ending just now.
        try:
            if part.stat().st_mtime < oldest:
                part.unlink()
                n_removed += 1
        except FileNotFoundError:
            continue
    return n_removed

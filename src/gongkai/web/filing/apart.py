"""Reading a report in a process of its own: whatever a file does to its reader, it does it within bounds of memory and time and to
nobody else, and it finds none of the platform's keys there.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from gongkai.reading import Unreadable, read_report
from gongkai.report import AnnualReport
from gongkai.report.render import from_json, to_json
from gongkai.report.render.layout import is_printed
from gongkai.web.settings.known import bare_environment

logger = logging.getLogger(__name__)
# Seconds of a processor, and by the clock (LibreOffice turns old formats into new ones beside it); bytes of memory; bytes of what it tells.
SECONDS, LONGEST, MEMORY, MOST_TOLD = 60, 150, 3 << 30, 8_000_000
FAILED = "读取时出错"
TOO_LONG = "读取用的时间太长，已经停止"
# By these the process is stopped with the worker and not for anything in the file.
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PROGRAM = "from gongkai.web.filing.apart import answer; answer()"


class Interrupted(Exception):
    """The platform is being stopped: nothing is known of the file, and it is read the next time."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says: the object of :func:`~gongkai.report.render.to_json`, or why there is none."""

    report: dict[str, Any] | None = None
    reason: str = ""

    @property
    def tables(self) -> tuple[int, int]:
        """How many tables of its edition it shows, and how many the edition has."""
        report = from_json(self.report) if self.report else AnnualReport()
        if report.edition is None:
            return 0, 0
        from gongkai.law import report_format

        edition = report_format(report.edition)
        return sum(is_printed(table, report, edition) for table in edition.tables), len(edition.tables)


def read(data: bytes, name: str) -> Said:
    """What a file of that name says; :class:`Interrupted` when somebody stopped the process that read it."""
    where = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", _PROGRAM, name]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=LONGEST, check=False, env={**bare_environment(), **where})  # noqa: S603 - our own program
    except subprocess.TimeoutExpired:
        return Said(reason=TOO_LONG)
    if -done.returncode in _STOPS:
        raise Interrupted(name)
    if done.returncode == -signal.SIGXCPU:
        return Said(reason=TOO_LONG)
    if done.returncode or len(done.stdout) > MOST_TOLD:
        logger.error("reading %s ended with %s: %s", name, done.returncode, done.stderr.decode(errors="replace").strip()[-2000:])
        return Said(reason=FAILED)
    return Said(**json.loads(done.stdout))


def answer() -> None:
    """What the process does: read the file that comes in, write what it says."""
    # What a library prints is no answer.
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # The kernel first says that the time is up, and ends what does not hear.
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with sink:
        sink.write(json.dumps(told(sys.stdin.buffer.read(), sys.argv[1]), allow_nan=False))


def told(data: bytes, name: str) -> dict[str, Any]:
    """What :func:`answer` writes. ``exact`` are the figures that a number in JSON would not keep to the last digit."""
    try:
        report = read_report(data, name, soffice=shutil.which("soffice"))
    except Unreadable as unread:
        return {"reason": unread.message}
    said = to_json(report)
    del said["findings"]
    exact = {
        address: str(cell.value)
        for address, cell in report.cells.items()
        if cell.value is not None and str(cell.value) != str(said["cells"][address]["value"])
    }
    return {"report": _storable({**said, "exact": exact})}


def _storable(value: Any) -> Any:
    """The same without what no database takes: NUL, and halves of surrogate pairs."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_storable(name): _storable(part) for name, part in value.items()}
    return [_storable(part) for part in value] if isinstance(value, list | tuple) else value

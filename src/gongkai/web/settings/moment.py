"""The one clock of the platform. Only the demo may set it, so that its acts are dated as they would have occurred."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

_SET: ContextVar[datetime.datetime | None] = ContextVar("moment", default=None)


def now() -> datetime.datetime:
    """This moment, with its time zone."""
    return _SET.get() or datetime.datetime.now(tz=ZONE)


def today() -> datetime.date:
    """This day in China."""
    return now().astimezone(ZONE).date()


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """Let it be that moment inside the block."""
    token = _SET.set(moment)
    try:
        yield
    finally:
        _SET.reset(token)

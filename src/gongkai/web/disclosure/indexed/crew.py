"""Every item as a document: by this process alone, or with others that read and cut texts beside it.

Cutting texts into words is most of the work of a rebuild, and one Python process does it on one processor only.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path

from django.conf import settings

from gongkai.web import search
from gongkai.web.disclosure.indexed.apart import begin, prepared
from gongkai.web.disclosure.models import Item

logger = logging.getLogger(__name__)
Work = Future[list[search.Prepared]]
# Items read at a time.
PART = 500
# Below so many items starting processes takes longer than they save; and never more processes than this.
FEW, MOST = 20_000, 4


def every_document() -> Iterator[search.Prepared]:
    """The documents of every item, a part at a time: none is held in memory for long."""
    beside = min(len(os.sched_getaffinity(0)), MOST) - 1
    parts = _parts()
    if beside and Item.objects.count() >= FEW:
        yield from _side_by_side(parts, beside)
    else:
        for part in parts:
            yield from prepared(part)


def _parts() -> Iterator[list[int]]:
    last = 0
    while part := list(Item.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PART]):
        yield part
        last = part[-1]


def _side_by_side(parts: Iterator[list[int]], beside: int) -> Iterator[search.Prepared]:
    """Each process beside this one has a part at hand and one more in reserve; while none has ended its part, this process does one itself."""
    # New processes, not copies of this one: it may have threads, and connections that cannot be shared.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(beside, fresh, begin, (Path(settings.DATA),)) as crew:
        waiting: deque[tuple[list[int], Work]] = deque((part, _given(crew, part)) for part in islice(parts, 2 * beside))
        try:
            while waiting:
                own = None if waiting[0][1].done() else next(parts, None)
                yield from prepared(own) if own is not None else _taken(*waiting.popleft())
                missing = 2 * beside - len(waiting)
                waiting.extend((part, _given(crew, part)) for part in islice(parts, missing))
        finally:
            crew.shutdown(cancel_futures=True)


class _Alone(BrokenProcessPool):
    """No process was left to give the work to."""


def _given(crew: ProcessPoolExecutor, part: list[int]) -> Work:
    """The work of another process on that part; where none is left, work that has failed."""
    try:
        return crew.submit(prepared, part)
    except BrokenProcessPool:
        failed: Work = Future()
        failed.set_exception(_Alone())
        return failed


def _taken(part: list[int], work: Work) -> list[search.Prepared]:
    """What another process made of the part. Where none can start, or it was ended for want of memory, it is made here."""
    try:
        return work.result()
    except _Alone:
        return prepared(part)
    except BrokenProcessPool:
        logger.warning("建立检索索引的辅助进程中断，由本进程继续。")
        return prepared(part)

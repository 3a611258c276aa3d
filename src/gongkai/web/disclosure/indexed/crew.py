"""Every item as a document: by this process alone, or with others that read and cut texts beside it.

Cutting texts into words is most of the work of a rebuild, and one Python process does it on one processor only.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

from django.conf import settings

from gongkai.web import search
from gongkai.web.disclosure.indexed.documents import documents_for
from gongkai.web.disclosure.models import Item

# Items read at a time.
PART = 500
# Below so many items starting processes takes longer than they save; and never more processes than this.
FEW, MOST = 20_000, 4


def every_document() -> Iterator[search.Prepared]:
    """The documents of every item, a part at a time: none is held in memory for long."""
    helpers = min(len(os.sched_getaffinity(0)), MOST) - 1
    parts = _parts()
    if helpers and Item.objects.count() >= FEW:
        yield from _side_by_side(parts, helpers)
    else:
        for part in parts:
            yield from _prepared(part)


def _parts() -> Iterator[list[int]]:
    last = 0
    while part := list(Item.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PART]):
        yield part
        last = part[-1]


def _side_by_side(parts: Iterator[list[int]], helpers: int) -> Iterator[search.Prepared]:
    """Each helper has a part at hand and one more in reserve; while none has ended its part, this process does one itself."""
    # New processes, not copies of this one: it may have threads, and connections that cannot be shared.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(helpers, fresh, _begin, (Path(settings.DATA),)) as crew:
        waiting = deque(crew.submit(_prepared, part) for part in islice(parts, 2 * helpers))
        try:
            while waiting:
                own = None if waiting[0].done() else next(parts, None)
                yield from waiting.popleft().result() if own is None else _prepared(own)
                missing = 2 * helpers - len(waiting)
                waiting.extend(crew.submit(_prepared, part) for part in islice(parts, missing))
        finally:
            crew.shutdown(cancel_futures=True)


def _begin(data: Path) -> None:
    """What a new process needs before it can ask the database."""
    from gongkai.web import begin

    begin(data)
    import django

    django.setup()


def _prepared(part: list[int]) -> list[search.Prepared]:
    return [search.prepared(document) for document in documents_for(part)[0]]

"""Every item as a document: by this process alone, or by several that read and cut texts beside it.

Cutting texts into words is most of the work of a rebuild, and one Python process does it on one processor only.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
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


def every_document() -> Iterator[search.Document | search.Prepared]:
    """The documents of every item, by key, a part at a time: none is held in memory for long."""
    n_processes = min(len(os.sched_getaffinity(0)), MOST)
    if n_processes < 2 or Item.objects.count() < FEW:
        for part in _parts():
            yield from documents_for(part)[0]
    else:
        yield from _side_by_side(n_processes)


def _parts() -> Iterator[list[int]]:
    last = 0
    while part := list(Item.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PART]):
        yield part
        last = part[-1]


def _side_by_side(n_processes: int) -> Iterator[search.Prepared]:
    """As many processes as there are processors; what they are ahead is bounded."""
    # New processes, not copies of this one: it may have threads, and connections that cannot be shared.
    fresh = multiprocessing.get_context("spawn")
    parts = _parts()
    with ProcessPoolExecutor(n_processes, fresh, _begin, (Path(settings.DATA),)) as crew:
        waiting: deque[Future[list[search.Prepared]]] = deque(crew.submit(_prepared, part) for part in islice(parts, 3 * n_processes))
        try:
            while waiting:
                yield from waiting.popleft().result()
                waiting.extend(crew.submit(_prepared, part) for part in islice(parts, 1))
        finally:
            crew.shutdown(cancel_futures=True)


def _begin(data: Path) -> None:
    """What a new process needs before it can ask the database. It gives way to whoever serves pages."""
    from gongkai.web import begin

    os.nice(5)
    begin(data)
    import django

    django.setup()


def _prepared(part: list[int]) -> list[search.Prepared]:
    return [search.prepared(document) for document in documents_for(part)[0]]

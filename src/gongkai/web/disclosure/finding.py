"""Items found by words: for the office within what the viewer may see, for the public within what is public now.

The index only proposes: every row shown comes from the database, through the same door as without it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from gongkai.web import search
from gongkai.web.disclosure.following import folder, lag
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.queries import public_items
from gongkai.web.search import Ask

# How many proposals are looked at for one page when other conditions leave most of them out.
PART, ROUNDS = 500, 20

__all__ = ["Ask", "is_ready", "public_found", "rows_found"]


def is_ready() -> bool:
    """Whether the index may be asked: it stands, belongs to this ledger and is not behind."""
    try:
        return not lag().is_stale
    except search.IndexLost:
        return False


def rows_found(items: QuerySet[Item], ask: Ask, *, n_rows: int) -> tuple[list[Any], int | None]:
    """The first rows of ``items`` that the index proposes, newest first, and the key behind which to go on (``None`` at the end)."""
    rows: list[Any] = []
    ask = replace(ask, is_public=False, is_newest_first=True)
    size = n_rows + 1
    for _ in range(ROUNDS):
        numbers = [hit.number for hit in search.find(ask, folder=folder(), limit=size).hits]
        rows += items.filter(pk__in=numbers).order_by("-pk")
        if len(rows) > n_rows:
            return rows[:n_rows], rows[n_rows - 1].pk
        if len(numbers) < size:
            return rows, None
        ask, size = replace(ask, before=numbers[-1]), PART
    return rows, ask.before


def public_found(ask: Ask, *, limit: int = 20, offset: int = 0) -> tuple[list[Publication], search.Page]:
    """What the public finds, best first. What was withdrawn a moment ago is left out even where the index still has it."""
    page = search.find(replace(ask, is_public=True), folder=folder(), limit=limit, offset=offset)
    numbers = [hit.number for hit in page.hits]
    public = {row.item_id: row for row in public_items().filter(item__in=numbers)}
    return [public[number] for number in numbers if number in public], page

"""Items found by words: for the office within what the viewer may see, for the public within what is public now.

The index only proposes: every row shown comes from the database, through the same door as without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from gongkai.web import search
from gongkai.web.disclosure.following import folder, lag
from gongkai.web.disclosure.indexed.documents import validities
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.public.lists import public
from gongkai.web.search import Ask

# How many proposals are looked at for one page when other conditions leave most of them out.
PART, ROUNDS = 500, 20
# So many other questions are offered.
SUGGESTED = 3

__all__ = ["Ask", "Suggestion", "is_ready", "public_found", "rows_found", "suggestions"]


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


def public_found(ask: Ask, *, limit: int = 20, offset: int = 0, facets: Collection[str] = ()) -> tuple[list[Publication], search.Page]:
    """What the public finds, best first. What was withdrawn a moment ago is left out even where the index still has it."""
    page = search.find(replace(ask, is_public=True), folder=folder(), limit=limit, offset=offset, facets=facets)
    numbers = [hit.number for hit in page.hits]
    found = {row.item_id: row for row in public().filter(item__in=numbers).select_related("item", "agency", "revision")}
    states = validities(found, {number: row.kind for number, row in found.items()})
    for number, row in found.items():
        row.validity = states.get(number, "")
    # A document lapses on its day, also in the moment before the index says so.
    kept = [found[number] for number in numbers if number in found and ask.validity in ("", found[number].validity)]
    return kept, page


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another question, and how much that is public it finds."""

    words: str
    total: int


def suggestions(ask: Ask, *, more_than: int = 0) -> tuple[list[Suggestion], list[Suggestion]]:
    """What may have been meant, and the question without one of its words: only what finds something public, and more than this."""
    meant = _finding(ask, search.guesses(ask.words, folder=folder()), more_than)
    return meant, [] if meant or more_than else _finding(ask, search.shorter(ask.words), more_than)


def _finding(ask: Ask, questions: Iterable[str], more_than: int) -> list[Suggestion]:
    made: list[Suggestion] = []
    for words in questions:
        rows, page = public_found(replace(ask, words=words), limit=5)
        # The rows come from the database: what only a withdrawn title says is suggested to nobody.
        if rows and page.total > more_than:
            made.append(Suggestion(words, page.total))
        if len(made) == SUGGESTED:
            break
    return made

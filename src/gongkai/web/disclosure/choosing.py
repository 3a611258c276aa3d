"""Finding the item that another one is tied to: by words or by the beginning of its index number, within what the viewer may see.

With words the search index proposes; while it cannot be asked, the beginning of an index number finds any item, and titles are
looked for among the newest items only. Nothing here looks through all items, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from gongkai.web.agencies.models import Person
from gongkai.web.disclosure import finding, lists, queries
from gongkai.web.disclosure.models import Item, Publication

# Rows on a page; how many items are asked for at a time, and how often, where many of them cannot be chosen.
SIZE = 10
AT_ONCE, ROUNDS = 50, 4
# Among so many of the newest items titles are looked for while the index cannot be asked.
NEWEST = 2_000
# So many numbers that begin with what was typed are looked at; who types more of the number has fewer.
NUMBERS = 1_000


@dataclass(frozen=True, slots=True)
class Choices:
    """One page of what may be chosen, the key behind which the next begins, and whether only index numbers and the newest titles were asked."""

    rows: list[Any]
    next_key: int | None
    is_partial: bool = False


def choosable(items: QuerySet[Item], *, but: Item) -> QuerySet[Item]:
    """Of these items those that ``but`` may be tied to: published at some time, not given up, not itself."""
    published = Publication.objects.filter(item=OuterRef("pk"))
    return items.filter(Exists(published), is_discarded=False).exclude(pk=but.pk)


def choices(person: Person, *, but: Item, words: str = "", after: int | None = None) -> Choices:
    """One page of the items that the person may see and ``but`` may be tied to, newest first."""
    words = words.replace("\0", "").strip()[:100]
    if words and not finding.is_ready():
        return _without_index(person, words, but, after)
    first = [] if after or not words else list(_numbered(person, words, but))
    return _from_lists(person, lists.Narrowing(words=words), but, after, first)


def _from_lists(person: Person, asked: lists.Narrowing, but: Item, after: int | None, first: list[Any]) -> Choices:
    """Page after page of the office's list, what cannot be chosen left out, until a page is full or enough was looked through."""
    rows, known = list(first), {row.pk for row in first}
    for _ in range(ROUNDS):
        page = lists.page(person, asked, after, AT_ONCE)
        for row in page.rows:
            if row.was_published and not row.is_discarded and row.pk != but.pk and row.pk not in known:
                if len(rows) >= SIZE:
                    return Choices(rows, row.pk + 1)
                rows.append(row)
        after = page.next_key
        if after is None:
            break
    return Choices(rows, after)


def _numbered(person: Person, words: str, but: Item) -> Iterator[Any]:
    """The first items whose index number begins with what was typed, in its order."""
    begins = Q(index_number__startswith=words)
    if connection.vendor == "sqlite":
        # Its LIKE asks no index; numbers are compared by their bytes, so what begins with the words stands between these two.
        begins = Q(index_number__gte=words, index_number__lt=words + chr(0x10FFFF))
    # The numbers first and who may see them then, or the database might look through all items of all the viewer's organs.
    keys = list(Item.objects.filter(begins).order_by("index_number").values_list("pk", flat=True)[:NUMBERS])
    found = choosable(queries.items_seen_by(person).filter(pk__in=keys), but=but).order_by("index_number")[:SIZE]
    yield from queries.with_state(Item.objects.filter(pk__in=list(found.values_list("pk", flat=True)))).order_by("index_number")


def _without_index(person: Person, words: str, but: Item, after: int | None) -> Choices:
    """By the beginning of the number, and by the titles of the newest items."""
    newest = Item.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    recent = queries.items_seen_by(person).filter(title__icontains=words, pk__gt=newest - NEWEST, pk__lt=after or newest + 1)
    rows = list(queries.with_state(choosable(recent, but=but)).order_by("-pk")[: SIZE + 1])
    found = Choices(rows[:SIZE], rows[SIZE - 1].pk if len(rows) > SIZE else None, is_partial=True)
    first = [] if after else list(_numbered(person, words, but))
    known = {row.pk for row in first}
    return replace(found, rows=[*first, *(row for row in found.rows if row.pk not in known)])

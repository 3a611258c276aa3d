"""Lists of items: narrowed by state, kind, column, organ, day of publication and lateness, paged by key.

States are derived, so no index knows them. A list of one organ is short and asked whole; a list of many organs is looked through
from the newest item downwards in windows that grow, and a page on which too much was looked through says so and goes on from
there. What is always rare (under review, returned, withdrawn) is looked up from the few rows that make it so.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from gongkai.errors import GongkaiError
from gongkai.law.duties import duties
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure import finding, queries
from gongkai.web.disclosure.choices import words as words_of
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.queries import KIND, STATES, Page, items_seen_by, state_of, with_state
from gongkai.web.disclosure.watch.lateness import not_public_as_they_are, unpublished_among
from gongkai.web.disclosure.watch.timing import due_of
from gongkai.web.review.models import COMPLETED, OPEN, RETURNED, Run
from gongkai.web.settings import moment

# The first window, by how much the next is wider, and how many items one page looks through at most where each must be asked for
# its publications: that is what a page may take.
WINDOW, WIDER, MOST = 1_000, 20, 15_000
ROUNDS = 8
# A viewer of so many organs or fewer has a short list.
FEW_ORGANS = 20
# So many publications of a span of days or fewer are looked up from the days.
FEW = 5_000
AT_ONCE = 500


def _published(**more: Any) -> Exists:
    return Exists(Publication.objects.filter(item=OuterRef("pk"), **more))


def _run(state: str) -> Exists:
    return Exists(Run.objects.filter(subject_kind=KIND, subject_id=OuterRef("pk"), state=state))


def _runs(state: str) -> QuerySet[Any, Any]:
    # Through the organs, because runs are indexed by organ and state.
    return Run.objects.filter(subject_kind=KIND, agency__in=Agency.objects.all(), state=state).values("subject_id")


_IN_FORCE = {"withdrawn_on__isnull": True}
# State → the items that alone may be in it, told cheaply: never fewer than are, ``state_of`` says which of them.
_MAYBE: Mapping[str, Callable[[], Q]] = {
    "draft": lambda: Q(~_published(), ~_run(OPEN), is_discarded=False),
    "reviewing": lambda: Q(pk__in=_runs(OPEN)),
    "returned": lambda: Q(~_published(**_IN_FORCE), pk__in=_runs(RETURNED)),
    "ready": lambda: Q(~_published(), _run(COMPLETED)),
    "published": lambda: Q(_published(revision=OuterRef("current"), **_IN_FORCE)),
    "changed": lambda: Q(Exists(Publication.objects.filter(~Q(revision=OuterRef("current")), item=OuterRef("pk"), **_IN_FORCE))),
    "withdrawn": lambda: Q(pk__in=Publication.objects.filter(withdrawn_on__isnull=False).values("item")),
    "discarded": lambda: Q(is_discarded=True),
}
# The states that so few items are in that they are looked up whole.
_RARE = frozenset(("reviewing", "returned", "withdrawn", "discarded"))


class WrongDay(GongkaiError):
    """A day was not written as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What a list is narrowed to; empty means everything. ``late`` is only what is past its last day and still not public."""

    words: str = ""
    kind: str = ""
    column: str = ""
    agency: str = ""
    state: str = ""
    published_from: datetime.date | None = None
    published_to: datetime.date | None = None
    late: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Narrowing:
        """From a query string; codes that nobody knows narrow to nothing at all. :class:`WrongDay` for what is no day."""
        text = {name: asked.get(name, "").replace("\0", "").strip()[:100] for name in ("words", "kind", "column", "agency", "state")}
        first, last = (_day(asked.get(name, "")) for name in ("published_from", "published_to"))
        return cls(**text, published_from=first, published_to=last, late=asked.get("late", "") == "1")

    def query(self) -> dict[str, str]:
        """As a query string has it: what is empty is left out."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: "1" if value is True else str(value) for name, value in found.items() if value}

    def __bool__(self) -> bool:
        return bool(self.query())

    def told(self) -> list[tuple[str, str]]:
        """The conditions in Chinese, each with its name."""
        columns = {duty.id: duty.title for duty in duties()}
        found = [
            ("标题或者索引号", self.words),
            ("类别", words_of("kinds").get(self.kind, self.kind)),
            ("栏目", columns.get(self.column, self.column)),
            ("机关", self.agency),
            ("状态", STATES.get(self.state, self.state)),
            ("发布日期从", str(self.published_from or "")),
            ("发布日期到", str(self.published_to or "")),
            ("只看", "超过期限还没有公开的" if self.late else ""),
        ]
        return [(name, value) for name, value in found if value]


def _day(text: str) -> datetime.date | None:
    text = text.strip()
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise WrongDay("日期要写成2026-03-02的样子，这一次没有按日期筛选。") from error


def page(person: Person, asked: Narrowing, after: int | None = None, size: int | None = None, action: str = "disclosure.view") -> Page:
    """One page of the items with which that person may do that, newest first, behind the key ``after``."""
    size, agencies = size or queries.PAGE, _agencies(person, asked, action)
    is_searched = bool(asked.words) and finding.is_ready()
    chosen = _chosen(person, asked, action, by_words=not is_searched)
    if is_searched:
        ask = finding.Ask(words=asked.words, kind=asked.kind, column=asked.column, at=_paths(agencies), before=after)
        found_late = unpublished_among(chosen, moment.today()) if asked.late else chosen
        rows, key = finding.rows_found(with_state(found_late), ask, n_rows=size)
        found = Page([row for row in rows if _fits(row, asked)], key)
    else:
        found = _through(chosen, asked, _begin(asked, after), _reach(size, asked, agencies))
    for row in found.rows:
        row.state_words = STATES[row.state]
    return replace(found, is_titles_only=bool(asked.words) and not is_searched)


def _chosen(person: Person, asked: Narrowing, action: str, *, by_words: bool) -> QuerySet[Item]:
    """The items that may fit as far as the database says it cheaply; :func:`_fits` says which do."""
    agencies = _agencies(person, asked, action)
    if asked.agency or action != "disclosure.view":
        items = items_seen_by(person).filter(agency__in=agencies)
    else:
        # Who sees every organ sees every item, and the database need not ask item by item.
        items = Item.objects.all() if agencies.count() == Agency.objects.count() else items_seen_by(person)
    if asked.words and by_words:
        items = items.filter(Q(title__icontains=asked.words) | Q(index_number__icontains=asked.words))
    items = items.filter(**{name: getattr(asked, name) for name in ("kind", "column") if getattr(asked, name)})
    if asked.published_from or asked.published_to:
        items = _published_within(items, asked)
    if not asked.state:
        return items
    return items.filter(_MAYBE[asked.state]()) if asked.state in _MAYBE else items.none()


def every(person: Person, asked: Narrowing, action: str) -> Iterator[Any]:
    """All of them, newest first, some hundred a query."""
    key: int | None = None
    while True:
        found = page(person, asked, key, AT_ONCE, action)
        yield from found.rows
        key = found.next_key
        if key is None:
            return


def _fits(row: Any, asked: Narrowing) -> bool:
    """Whether an item that came with its state is in the list; notes the state on it."""
    row.state = state_of(row)
    if asked.state and row.state != asked.state:
        return False
    due = due_of(row) if asked.late else None
    return not asked.late or (due is not None and due.done_on is None and due.left < 0)


def _agencies(person: Person, asked: Narrowing, action: str = "disclosure.view") -> QuerySet[Agency]:
    seen = Agency.objects.seen_by(person, action)
    return seen.filter(path=asked.agency) if asked.agency else seen


def _paths(agencies: QuerySet[Agency]) -> list[str]:
    return list(agencies.values_list("path", flat=True))


def _span(asked: Narrowing) -> QuerySet[Publication]:
    """The publications in force of those days."""
    found = Publication.objects.filter(withdrawn_on__isnull=True)
    if asked.published_from:
        found = found.filter(published_on__gte=asked.published_from)
    return found.filter(published_on__lte=asked.published_to) if asked.published_to else found


def _is_few(asked: Narrowing) -> bool:
    return bool(asked.published_from or asked.published_to) and _span(asked).order_by()[: FEW + 1].count() <= FEW


def _published_within(items: QuerySet[Item], asked: Narrowing) -> QuerySet[Item]:
    if _is_few(asked):
        return items.filter(pk__in=_span(asked).values("item"))
    return items.filter(Exists(_span(asked).filter(item=OuterRef("pk"))))


def _begin(asked: Narrowing, after: int | None) -> int:
    """Below which key to look: the newest item, or the newest that was published on those days."""
    if after is not None:
        return after
    newest = _span(asked).aggregate(last=Max("item"))["last"] if asked.published_from or asked.published_to else None
    if newest is None:
        newest = Item.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (newest or 0) + 1


@dataclass(frozen=True, slots=True)
class _Reach:
    """How many rows a page has, how wide the first window is (``None`` looks at once), and how many keys it looks through at most."""

    size: int
    window: int | None = None
    most: float = math.inf


def _reach(size: int, asked: Narrowing, agencies: QuerySet[Agency]) -> _Reach:
    """Few organs have few items, and their index finds them; of many organs most items must be looked at one by one."""
    n_organs = len(agencies.values_list("pk")[: FEW_ORGANS + 1])
    if n_organs < 2 or asked.state in _RARE or _is_few(asked):
        return _Reach(size)
    is_dear = bool(asked.state or asked.late or asked.published_from or asked.published_to)
    return _Reach(size, WINDOW, MOST) if is_dear and n_organs > FEW_ORGANS else _Reach(size, WINDOW)


def _late_in(within: QuerySet[Item], keys: range | None) -> QuerySet[Item]:
    """Of a window's items those that may be late. Nearly all are public as they are, and only of the others more is asked."""
    if keys is None:
        return unpublished_among(within, moment.today())
    left = list(not_public_as_they_are(within, keys).order_by().values_list("pk", flat=True))
    return unpublished_among(Item.objects.filter(pk__in=left), moment.today()) if left else within.none()


def _through(chosen: QuerySet[Item], asked: Narrowing, key: int, reach: _Reach) -> Page:
    """The first rows below ``key`` that fit, looked for in windows that grow."""
    size, window = reach.size, reach.window
    rows: list[Any] = []
    looked = n_rounds = 0
    while key > 1 and looked < reach.most and n_rounds < ROUNDS:
        low = max(key - int(min(window, reach.most - looked)), 1) if window else 1
        # Keys first and rows then: what a row tells beside its own columns is asked only for those that are shown.
        within = chosen.filter(pk__lt=key, pk__gte=low)
        if asked.late:
            within = _late_in(within, range(low, key) if window else None)
        keys = list(within.order_by("-pk").values_list("pk", flat=True)[: size + 1])
        rows += [row for row in with_state(Item.objects.filter(pk__in=keys)).order_by("-pk") if _fits(row, asked)]
        if len(rows) > size:
            return Page(rows[:size], rows[size - 1].pk)
        looked, n_rounds = looked + key - low, n_rounds + 1
        key = keys[-1] if len(keys) > size else low
        window = window and window * WIDER
    return Page(rows, key if key > 1 else None, is_partial=key > 1)

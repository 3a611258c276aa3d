"""Every read about suggestions to publish: the office's lists, what is alike, what its sender sees."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from rapidfuzz import fuzz

from gongkai.law import LawMissing, cite
from gongkai.law.attributes import exemptions
from gongkai.law.duties import duties
from gongkai.web import search
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import may_somewhere
from gongkai.web.disclosure.finding import Ask, public_found
from gongkai.web.disclosure.following import folder
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.lists import public
from gongkai.web.disclosure.suggesting.models import Suggestion, SuggestionAnswer
from gongkai.web.disclosure.suggesting.values import most, mute
from gongkai.web.disclosure.watch.callers import opens

SHOWN, FEW = 200, 5
# From how much of a hundred on two suggestions say the same; and how many that one word finds are weighed.
ALIKE, WEIGHED = 90, 100
WAITING, PROMISED, ANSWERED = "waiting", "promised", "answered"
_OF_STATE = {
    WAITING: Q(answer__isnull=True),
    PROMISED: Q(answer__outcome="will", answer__kept__isnull=True),
    ANSWERED: Q(answer__isnull=False) & ~Q(answer__outcome="will", answer__kept__isnull=True),
}


def columns_of(agency: Agency) -> list[tuple[str, str]]:
    """The columns that the law binds an organ to: id and title."""
    try:
        return [(row.id, row.title) for row in duties(kind=agency.kind)]
    except LawMissing:
        return []


# What the office sees.


def suggestions(agencies: QuerySet[Agency], state: str = "") -> QuerySet[Suggestion]:
    """The suggestions to those organs; with a state those that wait or were promised the oldest first, answered ones the newest first."""
    rows = Suggestion.objects.filter(agency__in=agencies).select_related("agency", "answer__kept")
    return rows.filter(_OF_STATE[state]).order_by("-pk" if state == ANSWERED else "pk") if state else rows


def counts_of(agencies: QuerySet[Agency]) -> dict[str, int]:
    """How many there are in each state."""
    rows = Suggestion.objects.filter(agency__in=agencies)
    counted: dict[str, int] = rows.aggregate(**{state: Count("pk", filter=condition) for state, condition in _OF_STATE.items()})
    return counted


def alike(rows: Iterable[Suggestion]) -> Mapping[int, list[Suggestion]]:
    """Suggestion → the others among them to the same organ that say nearly the same; none without such others."""
    of_organ, found = defaultdict[int, list[tuple[Suggestion, str]]](list), defaultdict[int, list[Suggestion]](list)
    for row in rows:
        said = "".join(sign for sign in row.wanted.lower() if sign.isalnum())
        for other, text in of_organ[row.agency_id]:
            if fuzz.ratio(said, text, score_cutoff=ALIKE):
                found[row.pk].append(other)
                found[other.pk].append(row)
        of_organ[row.agency_id].append((row, said))
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One suggestion that waits: its age in days, and how many say the same, itself among them (1 where none does)."""

    row: Suggestion
    age: int
    n_alike: int


def waiting(agencies: QuerySet[Agency], on: datetime.date, *, few: int = SHOWN) -> list[Line]:
    """What those organs have not answered, the oldest first."""
    rows = list(suggestions(agencies, WAITING)[:SHOWN])
    same = alike(rows)
    return [Line(row, row.age(on), len(same.get(row.pk, ())) + 1) for row in rows[:few]]


def alike_to(row: Suggestion) -> list[Suggestion]:
    """The other suggestions to the same organ that wait and say nearly the same."""
    open_rows = suggestions(Agency.objects.filter(pk=row.agency_id), WAITING)[:SHOWN]
    return list(alike([row, *(other for other in open_rows if other.pk != row.pk)]).get(row.pk, ()))


def home_of(person: Person, on: datetime.date) -> dict[str, Any]:
    """What that person is to answer, a few with their number, and how many promises are open; nothing for who may not answer."""
    if not may_somewhere(person, "suggest.answer", on):
        return {}
    agencies = Agency.objects.seen_by(person, "suggest.answer", on)
    counts = counts_of(agencies)
    if not counts[WAITING] and not counts[PROMISED]:
        return {}
    return {"lines": waiting(agencies, on, few=FEW), "counts": counts}


def grounds() -> list[tuple[str, str]]:
    """The exemptions as a list to choose from: id, and title with its article."""
    return [(row.id, f"{row.title}（{cite(row.basis)}）") for row in exemptions()]


def ground_of(answer: SuggestionAnswer) -> str:
    """The exemption that an answer names, with its article; empty where it names none."""
    return dict(grounds()).get(answer.ground, answer.ground)


# What the public sees.


def suggestion_of(number: str, code: str) -> Suggestion | None:
    """The suggestion with that number for whoever has its code; ``None`` for a wrong code as for a wrong number."""
    rows = Suggestion.objects.select_related("agency", "answer__organ", "answer__kept")
    row = rows.filter(number=number[:30]).first()
    # A number that nobody has costs the same comparison.
    fits = opens(number, code, row.code_digest if row is not None else "0" * 64)
    return row if row is not None and fits else None


def shown_with(answer: SuggestionAnswer) -> tuple[bool, Publication | None]:
    """Whether an answer points to an item, and what is public of that item now; ``None`` after it was withdrawn."""
    kept = getattr(answer, "kept", None)
    named = kept.publication_id if kept is not None else answer.publication_id
    if named is None:
        return False, None
    item = Publication.objects.filter(pk=named).values("item_id")
    return True, public().filter(item__in=item).select_related("item", "agency", "revision").first()


def already_public(agency: Agency, words: str) -> list[Publication]:
    """What the organ has public that may be what those words want, the likeliest first; nothing while the index is being built.

    What says all the words comes first. Behind it, what says at least half of them: nobody writes a suggestion as a search.
    """
    here = [agency.path]
    try:
        rows, page = public_found(Ask(words=words, at=here), limit=most("shown"))
        asked = {part.typed for part in page.parts if len(part.typed) > 1} - mute()
        votes = Counter(
            hit.number for word in asked for hit in search.find(Ask(words=word, at=here), folder=folder(), limit=WEIGHED).hits
        )  # fmt: skip
    except search.IndexLost:
        return []
    if not asked:
        return []
    likely = sorted((item for item, n in votes.items() if 2 * n >= len(asked)), key=lambda item: (-votes[item], -item))
    # The index only proposes: what is shown is public now.
    proposed = public().filter(item__in=likely[: 2 * most("shown")]).select_related("item", "agency", "revision")
    found = {row.item_id: row for row in (*proposed, *rows)}
    order = dict.fromkeys([*(row.item_id for row in rows), *likely])
    return [found[item] for item in order if item in found][: most("shown")]

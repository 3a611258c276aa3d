"""Who wrote what a review is about: nobody passes what he wrote himself, be it only an attachment or a masked line.

What a whole review has passed is nobody's draft any more: only what was written since then counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef

from gongkai.web.agencies.models import Person
from gongkai.web.review.models import COMPLETED, Revision, Run

# A subject: its kind and its key.
Subject = tuple[str, int]


def authors_of(runs: Iterable[Run]) -> dict[int, frozenset[int]]:
    """Key of the run → keys of the people who wrote what it reviews; two questions a kind of subject, however many runs."""
    about = {run.pk: run.revision for run in runs}
    written = _written({_subject(revision) for revision in about.values()})
    return {key: _since(written[_subject(revision)], revision.number) for key, revision in about.items()}


def authors_until(revision: Revision) -> frozenset[int]:
    """Keys of the people who wrote what a review of that revision would be about."""
    subject = _subject(revision)
    return _since(_written({subject})[subject], revision.number)


def wrote(person: Person, run: Run) -> bool:
    """Whether that person wrote any of what the run reviews."""
    return person.pk == run.drafter_id or person.pk in authors_of([run])[run.pk]


# Number of a revision → who made it, and whether a whole review passed it.
Written = dict[int, tuple[int, bool]]


def _since(written: Written, number: int) -> frozenset[int]:
    seen = max((one for one, (_, was_passed) in written.items() if was_passed and one < number), default=0)
    return frozenset(author for one, (author, _) in written.items() if seen < one <= number)


def _written(subjects: set[Subject]) -> dict[Subject, Written]:
    joined = Run.objects.filter(lead=OuterRef("pk")).exclude(state=COMPLETED)
    whole = Run.objects.filter(~Exists(joined), revision=OuterRef("pk"), state=COMPLETED, lead__isnull=True, makes_up__isnull=True)
    found: dict[Subject, Written] = defaultdict(dict)
    for kind, keys in _by_kind(subjects):
        rows = Revision.objects.filter(subject_kind=kind, subject_id__in=keys).annotate(was_passed=Exists(whole)).order_by()
        for key, number, author, was_passed in rows.values_list("subject_id", "number", "made_by_id", "was_passed"):
            found[(kind, key)][number] = (author, was_passed)
    return found


def _by_kind(subjects: set[Subject]) -> Iterator[tuple[str, list[int]]]:
    for kind in sorted({kind for kind, _ in subjects}):
        keys = sorted(key for one, key in subjects if one == kind)
        yield from ((kind, keys[first : first + 500]) for first in range(0, len(keys), 500))


def _subject(revision: Revision) -> Subject:
    return revision.subject_kind, revision.subject_id

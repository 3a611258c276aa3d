"""Every read of proactive disclosure that a screen needs, starting from the organs the viewer may see."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.joint.queries import shared_with
from gongkai.web.disclosure.models import Delivery, Item, Publication
from gongkai.web.disclosure.schedule.models import Scheduled
from gongkai.web.disclosure.watch.timing import asked
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review import kept
from gongkai.web.review.actions import has_passed_another, named_for
from gongkai.web.review.authors import authors_of
from gongkai.web.review.deadlines import StageDue, stage_due
from gongkai.web.review.models import COMPLETED, OPEN, RETURNED, Revision, Run
from gongkai.web.review.plans import holders
from gongkai.web.review.stages import Stage, stages
from gongkai.web.settings import moment

PAGE = 50
STATES = {
    "draft": "草稿",
    "reviewing": "审查中",
    "returned": "已退回",
    "ready": "待发布",
    "published": "已发布",
    "changed": "已发布，有新修改",
    "withdrawn": "已撤回",
    "discarded": "已作废",
}
KIND = Item._meta.label_lower


def items_seen_by(person: Person) -> QuerySet[Item]:
    """The items of the organs in which that person may look at disclosure, led by them or issued together with others."""
    agencies = Agency.objects.seen_by(person, "disclosure.view")
    shared = shared_with(agencies)
    if not shared.exists():
        # Without this nearly everybody's lists would pay for the few that share documents.
        return Item.objects.filter(agency__in=agencies)
    return Item.objects.filter(Q(agency__in=agencies) | Q(pk__in=shared.values("item_id")))


def item_seen_by(person: Person, number: int) -> Any:
    """One item with its state and its words, if that person may look at it; else ``None``."""
    agencies = Agency.objects.seen_by(person, "disclosure.view")
    items = Item.objects.filter(agency__in=agencies, pk=number)
    related = ("agency", "current")
    item: Any = items.select_related(*related).first()
    if item is None:
        item = Item.objects.filter(pk=number, pk__in=shared_with(agencies).values("item_id")).select_related(*related).first()
    if item is not None:
        vars(item).update(_facts_of(item.pk))
        item.state = state_of(item)
        item.state_words = STATES[item.state]
    return item


# No item has this key: it stands in the statement where the item's own goes.
_ANY = -1


def _facts_of(number: int) -> dict[str, Any]:
    """What :func:`with_state` adds to that item. For a list it is put together once; for one item that would cost more than the answer."""
    names, statement, values = _facts_statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, [number if value == _ANY else value for value in values])
        row = cursor.fetchone()
    # SQLite has no days of its own.
    facts = dict(zip(names, row, strict=True))
    day = facts["published_on"]
    return {**facts, "published_on": datetime.date.fromisoformat(day) if isinstance(day, str) else day}


@cache
def _facts_statement(vendor: str) -> tuple[tuple[str, ...], str, tuple[Any, ...]]:
    # Its limit follows from the words themselves, which come along: no need to have the database take them apart.
    found = with_state(Item.objects.filter(pk=_ANY).order_by(), asks_limit=False)
    names = tuple(found.query.annotations)
    statement, values = found.values_list(*names).query.sql_with_params()
    return names, statement, tuple(values)


def with_state(items: QuerySet[Item], *, asks_limit: bool = True) -> QuerySet[Item]:
    """The items with what their state follows from: the newest run, those of other organs beside it, and the publication in force.

    With ``asks_limit`` also what the limit to publish follows from, which is read out of the content.
    """
    runs = Run.objects.filter(subject_kind=KIND, subject_id=OuterRef("pk"), lead__isnull=True, makes_up__isnull=True).order_by("-pk")
    # Where several organs review, the one that has not passed says how far it is.
    joined = Run.objects.filter(lead=OuterRef("run_number")).exclude(state=COMPLETED).order_by("pk")
    published = Publication.objects.filter(item=OuterRef("pk"))
    in_force = published.filter(withdrawn_on__isnull=True)
    return items.select_related("agency").annotate(
        run_number=Subquery(runs.values("pk")[:1]),
        run_state=Coalesce(Subquery(joined.values("state")[:1]), Subquery(runs.values("state")[:1])),
        run_revision=Subquery(runs.values("revision_id")[:1]),
        published_on=Subquery(in_force.values("published_on")[:1]),
        published_revision=Subquery(in_force.values("revision_id")[:1]),
        was_published=Exists(published),
        **(asked("current__content") if asks_limit else {}),
    )


def state_of(item: Any) -> str:
    """The state of an item that came through :func:`with_state`, one of :data:`STATES`."""
    if item.is_discarded:
        return "discarded"
    if item.run_state == OPEN:
        return "reviewing"
    if item.published_revision is not None:
        return "published" if item.published_revision == item.current_id else "changed"
    if item.run_revision == item.current_id and item.run_state == RETURNED:
        return "returned"
    if item.run_revision == item.current_id and item.run_state == COMPLETED and not item.was_published:
        return "ready"
    return "withdrawn" if item.was_published else "draft"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, the key after which the next begins (``None`` at the end), and whether the words were looked for
    in titles and index numbers only, because the search index cannot be asked now. ``is_partial`` when so much was looked through that the page ends early."""

    rows: list[Any]
    next_key: int | None
    is_titles_only: bool = False
    is_partial: bool = False


def item_page(person: Person, *, words: str = "", kind: str = "", agency: str = "", after: int | None = None) -> Page:
    """One page of items, newest first, paged by key so that page 4,000 costs what page 1 does."""
    from gongkai.web.disclosure import lists

    return lists.page(person, lists.Narrowing(words=words, kind=kind, agency=agency), after)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A review that waits for the viewer, by which day, and whether somebody handed it over to him."""

    run: Run
    title: str
    stage: Stage
    due: StageDue | None
    is_handed_over: bool = False


def waiting_for(person: Person) -> list[Waiting]:
    """The open reviews of items whose next stage that person may pass: nothing that he wrote himself, no other stage of it passed by him,
    and not handed over to somebody else. Replies to requests are reviewed too, and are no items."""
    found: list[Waiting] = []
    today = moment.today()
    for stage in stages().values():
        agencies = Agency.objects.seen_by(person, stage.action)
        runs = (
            Run.objects.filter(state=OPEN, agency__in=agencies, subject_kind=KIND)
            .exclude(drafter=person)
            .select_related("revision", "agency", "drafter", "approver")
            .prefetch_related("steps__entry", "assignments__person", "makes_up__steps")
        )
        authors = authors_of(runs)
        for run in runs:
            is_own = person.pk in authors[run.pk]
            if not is_own and run.waits_for() == stage.name and not has_passed_another(run, person, stage.name):
                named = named_for(run, stage.name)
                if named in (None, person) or named not in holders(run.agency, stage.name, today):
                    due = stage_due(run, today)
                    found.append(Waiting(run, run.revision.content.get("title", ""), stage, due, named == person))
    return sorted(found, key=lambda waiting: (waiting.due.day if waiting.due else waiting.run.opened_on, waiting.run.pk))


def returned_to(person: Person) -> list[Any]:
    """The items that person drafted and reviewers sent back, unchanged since."""
    runs = Run.objects.filter(state=RETURNED, drafter=person, subject_kind=KIND)
    if not runs.exists():
        return []
    rows: list[Any] = list(with_state(items_seen_by(person).filter(pk__in=runs.values("subject_id"), is_discarded=False)))
    return [row for row in rows if row.run_state == RETURNED and row.run_revision == row.current_id]


def ready_for(person: Person) -> list[Any]:
    """The items whose review is complete and that person may publish."""
    agencies = Agency.objects.seen_by(person, "disclosure.publish")
    # From the few runs that wait, not from the many items.
    runs = Run.objects.filter(
        state=COMPLETED, agency__in=agencies, subject_kind=KIND, publication__isnull=True, lead__isnull=True, makes_up__isnull=True
    )
    if not runs.exists():
        return []
    # What has its time set waits for it and not for a person; what failed then is listed apart, with the reason.
    timed = Scheduled.objects.filter(item=OuterRef("pk"), revision=OuterRef("current"), cancelled__isnull=True, done__isnull=True)
    rows: list[Any] = list(
        with_state(Item.objects.filter(~Exists(timed), pk__in=runs.values("subject_id"), agency__in=agencies, is_discarded=False))
    )
    return [row for row in rows if row.run_state == COMPLETED and row.run_revision == row.current_id != row.published_revision]


def history_of(item: Item, publications: Sequence[Publication] | None = None, runs: Sequence[int] | None = None) -> list[LedgerEntry]:
    """Every ledger entry about an item and its review runs, oldest first; ``publications`` and the keys of ``runs`` where they are known."""
    if runs is None:
        runs = list(Run.objects.filter(subject_kind=KIND, subject_id=item.pk).values_list("pk", flat=True))
    about = Q(object_kind=KIND, object_id=item.pk)
    about |= Q(object_kind=Run._meta.label_lower, object_id__in=runs) if runs else Q()
    # What came in as a past publication shares its batch's entry.
    out = item.publications.all() if publications is None else publications
    batches = [publication.entry_id for publication in out if publication.batch_id is not None]
    about |= Q(pk__in=batches) if batches else Q()
    return list(LedgerEntry.objects.filter(about).select_related("person", "agency").order_by("number"))


def revisions_of(item: Item) -> QuerySet[Revision]:
    """The revisions of an item, newest first."""
    return Revision.objects.filter(subject_kind=KIND, subject_id=item.pk).select_related("made_by").order_by("-number")


def public_items() -> QuerySet[Publication]:
    """What the public may see on this site: publications in force that were sent there, newest first."""
    return sent_to_site().filter(withdrawn_on__isnull=True).order_by("-published_on", "-pk")


def sent_to_site() -> QuerySet[Publication]:
    """Every publication that this site carries or carried."""
    sent = Delivery.objects.filter(publication=OuterRef("pk"), channel="site", is_withdrawal=False)
    return Publication.objects.filter(Exists(sent)).select_related("item__agency", "revision", "withdrawal")


def as_download(attached: Mapping[str, Any]) -> HttpResponseBase:
    """A file as it goes out: proven, always to be saved, never shown inside our pages, under its own name."""
    try:
        source = kept.open_proven(attached["digest"])
    except kept.Unreachable as error:
        return HttpResponse(error.message, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "60"})
    except kept.Lost as error:
        raise Http404(error.message) from error
    answer = FileResponse(source, as_attachment=True, filename=attached["name"], content_type="application/octet-stream")
    answer["Content-Security-Policy"] = "sandbox"
    return answer

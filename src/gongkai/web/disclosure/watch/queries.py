"""Every read that the screens of the watch need, starting from the organs the viewer may see."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from gongkai.clock import workdays_between
from gongkai.law import LawMissing, LawValue, at
from gongkai.law.columns import column_limit
from gongkai.timeliness import DueDay, withdraw_by
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import may_somewhere
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.queries import PAGE, Page
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.disclosure.watch import callers
from gongkai.web.disclosure.watch.columns import columns_of
from gongkai.web.disclosure.watch.lateness import late
from gongkai.web.disclosure.watch.likeness import figures
from gongkai.web.disclosure.watch.models import ErrorReport, Lookalike, OverturnedPenalty, Reassessment, Settlement
from gongkai.web.disclosure.watch.timing import told, workdays
from gongkai.web.settings import moment

SHOWN = 200
FEW = 5
# Days before the day on which an item should be assessed again from which it is listed as due soon.
AHEAD = 30


# Penalties that were overturned.


@dataclass(frozen=True, slots=True)
class Overturned:
    """A penalty decision that was overturned, and by which day it was or is to be withdrawn (``None``: no law of that day)."""

    row: OverturnedPenalty
    due: DueDay | None
    over: int

    @property
    def withdrawn_on(self) -> datetime.date | None:
        """When it was withdrawn, ``None`` while it still stands."""
        day: datetime.date | None = self.row.publication.withdrawn_on
        return day


def overturned(agencies: QuerySet[Agency], on: datetime.date, *, waiting: bool | None = None) -> list[Overturned]:
    """Overturned penalties of those organs, those that still stand first; ``waiting`` chooses among them."""
    rows = OverturnedPenalty.objects.filter(publication__item__agency__in=agencies)
    if waiting is not None:
        rows = rows.filter(publication__withdrawn_on__isnull=waiting)
    rows = rows.select_related("publication__item__agency").order_by(F("publication__withdrawn_on").desc(nulls_first=True), "-pk")
    return [_overturned(row, on) for row in rows[:SHOWN]]


def _overturned(row: OverturnedPenalty, on: datetime.date) -> Overturned:
    try:
        due = withdraw_by(changed_on=row.overturned_on, table=workdays())
    except LawMissing:
        return Overturned(row, None, 0)
    seen = row.publication.withdrawn_on or on
    return Overturned(row, due, max(0, workdays_between(start=due.day, end=seen, table=workdays()).n_workdays))


def penalties_in_force(person: Person) -> QuerySet[Publication]:
    """The published penalty decisions that person may mark as overturned."""
    agencies = Agency.objects.seen_by(person, "watch.mark_overturned")
    return Publication.objects.filter(
        item__agency__in=agencies, withdrawn_on__isnull=True, revision__content__kind="penalty", overturned__isnull=True
    ).select_related("item__agency", "revision")


# What is withheld, to be assessed again.


@dataclass(frozen=True, slots=True)
class Withheld:
    """An item that is not published by the organ's own motion: when it was assessed last, with which verdict, and when next."""

    item: Any
    next_on: datetime.date
    left: int

    @property
    def is_due(self) -> bool:
        """Whether the day has come."""
        return self.left <= 0

    @property
    def is_to_publish(self) -> bool:
        """Whether it was found that it may be published, and nobody changed its attribute yet."""
        return self.item.last_verdict in ("publish", "partly")


def interval(on: datetime.date) -> LawValue:
    """How long an assessment holds: a suggestion of the platform's, the Regulation names no interval."""
    return at(on).value("reassessment_interval")


def next_assessment(last_on: datetime.date, months: int) -> datetime.date:
    """The same day so many months later; the month's last where it has no such day."""
    month = last_on.month - 1 + months
    year, month = last_on.year + month // 12, month % 12 + 1
    last = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return datetime.date(year, month, min(last_on.day, last))


def withheld(agencies: QuerySet[Agency]) -> QuerySet[Item]:
    """The items of those organs that are withheld or given on request only, with their last assessment."""
    last = Reassessment.objects.filter(item=OuterRef("pk")).order_by("-pk")
    return (
        Item.objects.filter(agency__in=agencies, is_discarded=False)
        .exclude(attribute="proactive")
        .select_related("agency")
        .annotate(
            last_on=Subquery(last.values("assessed_on")[:1]),
            last_verdict=Subquery(last.values("verdict")[:1]),
            based_on=Coalesce(Subquery(last.values("assessed_on")[:1], output_field=DateField()), F("formed_on")),
        )
    )


def to_reassess(agencies: QuerySet[Agency], on: datetime.date, *, most: int = SHOWN) -> list[Withheld]:
    """What is due or will be within :data:`AHEAD` days, the longest waiting first, after what was found fit to publish."""
    months = interval(on).n
    # So many months are never fewer days than this, so that nothing due is lost.
    by = on + datetime.timedelta(days=AHEAD) - datetime.timedelta(days=28 * months)
    rank = Case(When(last_verdict__in=("publish", "partly"), then=0), default=1)
    rows = withheld(agencies).filter(Q(based_on__lte=by) | Q(last_verdict__in=("publish", "partly"))).order_by(rank, "based_on", "pk")
    found = [_withheld(item, months, on) for item in rows[: 2 * most]]
    return [row for row in found if row.is_to_publish or row.left <= AHEAD][:most]


def _withheld(item: Any, months: int, on: datetime.date) -> Withheld:
    next_on = next_assessment(item.based_on, months)
    return Withheld(item, next_on, (next_on - on).days)


def count_withheld(agencies: QuerySet[Agency]) -> int:
    """How many items those organs withhold or give on request only."""
    return withheld(agencies).count()


def withheld_seen_by(person: Person, number: int) -> Withheld | None:
    """One withheld item that person may assess; ``None`` when it is not there for that person."""
    on = moment.today()
    item = withheld(Agency.objects.seen_by(person, "watch.reassess")).filter(pk=number).first()
    return _withheld(item, interval(on).n, on) if item is not None else None


# Near-duplicates and contradictions.


def _stands(side: str) -> Q:
    return Q(**{f"{side}__current": F(f"{side}_revision"), f"{side}__is_discarded": False})


def lookalikes(agencies: QuerySet[Agency]) -> QuerySet[Lookalike]:
    """The pairs those organs may see: one item theirs, and the other public or of the same organ, both as they are now."""
    public = {
        side: Exists(Publication.objects.filter(revision=OuterRef(f"{side}_revision"), withdrawn_on__isnull=True))
        for side in ("one", "other")
    }
    same = Q(one__agency=F("other__agency"))
    shown = {side: Q(public[side]) for side in public}
    ours = {side: Q(**{f"{side}__agency__in": agencies}) & (shown[side] | _stands(side)) for side in public}
    visible = (
        ours["one"] & (shown["other"] | same & _stands("other")) | ours["other"] & (shown["one"] | same & _stands("one"))
    )  # fmt: skip
    return Lookalike.objects.filter(visible).annotate(one_is_public=public["one"], other_is_public=public["other"])


def open_pairs(agencies: QuerySet[Agency]) -> QuerySet[Lookalike]:
    """The pairs about which at least one of those organs has not decided yet."""
    settled = Settlement.objects.filter(lookalike=OuterRef("pk"))
    one = Q(one__agency__in=agencies) & ~Exists(settled.filter(agency=OuterRef("one__agency")))
    other = Q(other__agency__in=agencies) & ~Exists(settled.filter(agency=OuterRef("other__agency")))
    return lookalikes(agencies).filter(one | other)


def burdened(agencies: QuerySet[Agency]) -> QuerySet[Settlement]:
    """Decisions by which an item of those organs is to be withdrawn or corrected and still stands as it was."""
    as_it_was = Publication.objects.filter(
        Q(revision=OuterRef("lookalike__one_revision")) | Q(revision=OuterRef("lookalike__other_revision")),
        item=OuterRef("burden"), withdrawn_on__isnull=True,
    )  # fmt: skip
    return (
        Settlement.objects.filter(Exists(as_it_was), burden__agency__in=agencies).select_related("burden__agency", "agency").order_by("-pk")
    )


def pair_page(agencies: QuerySet[Agency], *, state: str = "open", after: int | None = None) -> Page:
    """One page of pairs, newest first: ``open`` ones, or those ``settled``."""
    rows = open_pairs(agencies)
    if state == "settled":
        rows = lookalikes(agencies).exclude(pk__in=rows.values("pk"))
    if after is not None:
        rows = rows.filter(pk__lt=after)
    titles = {f"{side}_title": told(f"{side}_revision__content", "title") for side in ("one", "other")}
    found = list(
        rows.annotate(**titles)
        .select_related("one__agency", "other__agency")
        .prefetch_related("settlements__agency")
        .order_by("-pk")[: PAGE + 1]
    )
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


@dataclass(frozen=True, slots=True)
class Side:
    """One item of a pair as the other organ may read it: only what is public of it, or what is the viewer's own."""

    item: Item
    content: dict[str, Any]
    published_on: datetime.date | None
    is_own: bool
    only_here: list[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair with both sides, which organs of the viewer's have still to decide, and where the two texts part."""

    lookalike: Any
    sides: tuple[Side, Side]
    undecided: list[Agency]
    passages: list[tuple[str, str]]


def pair_seen_by(person: Person, number: int) -> Pair | None:
    """One pair in full, ``None`` when it is not there for that person."""
    seen = Agency.objects.seen_by(person, "watch.compare")
    row = (
        lookalikes(seen).select_related("one__agency", "other__agency", "one_revision", "other_revision").filter(pk=number).first()
    )  # fmt: skip
    if row is None:
        return None
    own = set(seen.filter(pk__in=(row.one.agency_id, row.other.agency_id)).values_list("pk", flat=True))
    deciding = Agency.objects.seen_by(person, "watch.settle").filter(pk__in=own)
    undecided = list(deciding.exclude(pk__in=row.settlements.values("agency")))
    one, other = row.one_revision.content, row.other_revision.content
    mine = {
        side: figures(f"{content.get('title', '')}\n{text_of(content.get('body', ''))}")
        for side, content in (("one", one), ("other", other))
    }
    sides = (
        Side(row.one, one, _published_on(row.one_revision_id), row.one.agency_id in own, sorted(mine["one"] - mine["other"])[:12]),
        Side(row.other, other, _published_on(row.other_revision_id), row.other.agency_id in own, sorted(mine["other"] - mine["one"])[:12]),
    )
    return Pair(row, sides, undecided, passages(text_of(one.get("body", "")), text_of(other.get("body", ""))))


def _published_on(revision: int) -> datetime.date | None:
    found = Publication.objects.filter(revision=revision, withdrawn_on__isnull=True).values_list("published_on", flat=True).first()
    day: datetime.date | None = found
    return day


def passages(one: str, other: str, *, most: int = 12, longest: int = 4000) -> list[tuple[str, str]]:
    """Where two texts part, the words of each with a few before and after them; nothing where they are the same."""
    one, other = one[:longest], other[:longest]
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    found = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            found.append((one[max(0, a - 8) : b + 8], other[max(0, c - 8) : d + 8]))
    return found[:most]


# What the public reports.


def reports(agencies: QuerySet[Agency], *, answered: bool | None = None) -> QuerySet[ErrorReport]:
    """The reports of errors in what those organs published; unanswered ones the oldest first, answered ones the newest first."""
    rows = ErrorReport.objects.filter(publication__item__agency__in=agencies).select_related("publication__item__agency", "answer")
    if answered is None:
        return rows
    return rows.filter(answer__isnull=not answered).order_by("-pk" if answered else "pk")


def report_of(number: str, code: str) -> ErrorReport | None:
    """The report with that number for whoever has its code; ``None`` for a wrong code as for a wrong number."""
    row = ErrorReport.objects.select_related("publication__item__agency", "answer").filter(number=number[:30]).first()
    # A number that nobody has costs the same comparison.
    fits = callers.opens(number, code, row.code_digest if row is not None else "0" * 64)
    return row if row is not None and fits else None


def aged(rows: Iterable[ErrorReport], on: datetime.date) -> list[tuple[ErrorReport, int, str]]:
    """Each report with its age in days and how urgent that makes it."""
    return [(row, row.age(on), report_urgency(row, on)) for row in rows]


def report_urgency(report: ErrorReport, on: datetime.date) -> str:
    """``past``, ``near`` or ``far`` by the time after which inspections fault answers that are not kept up."""
    limit = column_limit("messages_display")
    age = report.age(on)
    return "past" if age > limit.days else "near" if age >= limit.warn_days else "far"


# What waits on the home page.


def home_of(person: Person, on: datetime.date) -> dict[str, Any]:
    """What is due here for that person, a few of each with their number; nothing where the person may do nothing about it."""
    found: dict[str, Any] = {}
    if (seen := _acting(person, "disclosure.revise", on)) is not None:
        found["late"] = late(seen, on, FEW)
    if (seen := _acting(person, "watch.mark_overturned", on)) is not None:
        found["penalties"] = overturned(seen, on, waiting=True)[:FEW]
    if (seen := _acting(person, "watch.reassess", on)) is not None:
        found["reassess"] = to_reassess(seen, on, most=FEW)
        found["columns"] = [row for row in columns_of(list(seen), on) if any(row.rank)]
    if (seen := _acting(person, "watch.settle", on)) is not None:
        found["n_pairs"] = open_pairs(seen).count()
        found["burdened"] = list(burdened(seen)[:FEW])
    if (seen := _acting(person, "watch.answer_error", on)) is not None:
        found["reports"] = aged(reports(seen, answered=False)[:FEW], on)
    waits = any(found.get(name) for name in ("penalties", "reassess", "columns", "n_pairs", "burdened", "reports"))
    return {**found, "any": waits or bool("late" in found and found["late"].rows)}


def _acting(person: Person, action: str, on: datetime.date) -> QuerySet[Agency] | None:
    """The organs in which that person may do that; ``None``, without asking the database, for who may nowhere."""
    return Agency.objects.seen_by(person, action, on) if may_somewhere(person, action, on) else None


def counts_of_reports(agencies: QuerySet[Agency]) -> dict[str, int]:
    """How many reports are unanswered and how many were answered."""
    counted: dict[str, int] = reports(agencies).aggregate(
        unanswered=Count("pk", filter=Q(answer__isnull=True)), answered=Count("pk", filter=Q(answer__isnull=False))
    )
    return counted

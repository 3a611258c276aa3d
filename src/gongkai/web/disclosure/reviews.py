"""Every read about the reviews of an item: how far each organ is, what the viewer may decide, and what waits after the fact."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, prefetch_related_objects

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.actions import all_runs_of
from gongkai.web.disclosure.joint.queries import shared_with
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.queries import KIND, state_of, with_state
from gongkai.web.review.actions import has_passed_another, heads_office, named_for
from gongkai.web.review.authors import authors_of, wrote
from gongkai.web.review.deadlines import StageDue, stage_due, whole_due
from gongkai.web.review.models import COMPLETED, OPEN, RETURNED, Assignment, Comment, Run, Step
from gongkai.web.review.plans import holders
from gongkai.web.review.stages import Stage, approves, stages


@dataclass(frozen=True, slots=True)
class Progress:
    """One stage of a run: its pass in force, or the return at it that still stands, and the earlier decisions that count no longer."""

    stage: Stage
    step: Step | None
    waits: bool
    named: Person | None
    earlier: list[Step]


@dataclass(frozen=True, slots=True)
class OrganReview:
    """One organ's review of one revision, as a screen shows it."""

    run: Run
    progress: list[Progress]
    stage: Stage | None
    due: StageDue | None
    whole: StageDue | None

    @property
    def has_return(self) -> bool:
        """Whether it was this organ that returned the document to the drafter."""
        return any(not step.is_passed and not step.returned_to for step in self.run.steps.all())

    @property
    def last_return(self) -> Step | None:
        """The return to an earlier stage after which nothing was passed yet at that stage."""
        steps = sorted(self.run.steps.all(), key=lambda step: step.pk)
        return steps[-1] if steps and steps[-1].returned_to and self.run.state == OPEN else None


@dataclass(frozen=True, slots=True)
class Standing:
    """All reviews that matter for an item now: of the newest submission, organ by organ, and those after the fact.

    ``keys`` are those of every run that there ever was.
    """

    reviews: list[OrganReview]
    after: list[OrganReview]
    mine: OrganReview | None
    keys: list[int]

    @property
    def leading(self) -> OrganReview | None:
        """The leading organ's review."""
        return self.reviews[0] if self.reviews else None

    @property
    def is_joint(self) -> bool:
        """Whether several organs review."""
        return len(self.reviews) > 1

    @property
    def returns(self) -> list[Step]:
        """The returns to the drafter, of any organ."""
        steps = (step for review in self.reviews if review.run.state == RETURNED for step in review.run.steps.all())
        return [step for step in steps if not step.is_passed and not step.returned_to]


def standing(item: Item, person: Person, on: datetime.date) -> Standing:
    """The reviews of an item as that person sees them."""
    runs = list(
        all_runs_of(item)
        .select_related("revision", "drafter", "agency", "approver", "entry")
        .prefetch_related(
            Prefetch("steps", Step.objects.select_related("person", "entry")),
            Prefetch("assignments", Assignment.objects.select_related("person")),
        )
    )
    if any(run.makes_up_id for run in runs):
        prefetch_related_objects(runs, "makes_up__steps")
    leading = next((run for run in runs if run.lead_id is None and run.makes_up_id is None), None)
    joined = sorted((run for run in runs if leading is not None and run.lead_id == leading.pk), key=lambda run: run.pk)
    reviews = [as_review(run, on) for run in ([leading, *joined] if leading else [])]
    after = [as_review(run, on) for run in runs if run.makes_up_id is not None]
    mine = next((one for one in [*reviews, *after] if may_decide(one.run, person, on)), None)
    return Standing(reviews, after, mine, [run.pk for run in runs])


def as_review(run: Run, on: datetime.date) -> OrganReview:
    """A run as a screen shows it; its steps and assignments are best fetched before."""
    waits = run.waits_for()
    steps = sorted(run.steps.all(), key=lambda step: step.pk)
    progress = []
    for name in run.stages:
        own = [step for step in steps if step.stage == name]
        standing_step = next((step for step in own if step.is_passed and step.voided_by_id is None), None)
        if standing_step is None and run.state == RETURNED:
            standing_step = next((step for step in own if not step.is_passed and not step.returned_to), None)
        earlier = [step for step in own if step is not standing_step]
        progress.append(Progress(stages()[name], standing_step, name == waits, named_for(run, name), earlier))
    return OrganReview(run, progress, stages()[waits] if waits else None, stage_due(run, on), whole_due(run, on))


def may_decide(run: Run, person: Person, on: datetime.date) -> bool:
    """Whether that person may pass or return the stage that the run waits for."""
    stage = run.waits_for()
    if stage is None or wrote(person, run) or has_passed_another(run, person, stage):
        return False
    named = named_for(run, stage)
    if run.approver_id and stage == approves() and named is not None and named.pk != person.pk:
        return False
    return may(person, stages()[stage].action, run.agency, on)


def could_take_over(run: Run, person: Person, on: datetime.date) -> list[Person]:
    """To whom that person may hand over the stage that waits; empty when he may not."""
    stage = run.waits_for()
    if stage is None or not may(person, "review.hand_over", run.agency, on):
        return []
    if not heads_office(person, run.agency, on) and not may(person, stages()[stage].action, run.agency, on):
        return []
    named, authors = named_for(run, stage), authors_of([run])[run.pk]
    return [
        one
        for one in holders(run.agency, stage, on)
        if one.pk not in (*authors, run.drafter_id, named.pk if named else None) and (one.pk != person.pk or named)
        and not has_passed_another(run, one, stage)
    ]  # fmt: skip


def returnable_to(run: Run) -> list[Stage]:
    """The earlier stages that the waiting one may be returned to."""
    stage = run.waits_for()
    return [stages()[name] for name in run.stages[: run.stages.index(stage)]] if stage else []


def last_seen(item: Item, person: Person) -> int | None:
    """The number of the newest earlier revision that this person decided on; ``None`` when he has seen none."""
    steps = Step.objects.filter(run__subject_kind=KIND, run__subject_id=item.pk, person=person)
    row = steps.exclude(run__revision=item.current_id).order_by("-run__revision__number").values_list("run__revision__number", flat=True)
    number: int | None = row.first()
    return number


def comments_on(item: Item) -> Sequence[Comment]:
    """What was remarked on an item, oldest first."""
    rows = Comment.objects.filter(subject_kind=KIND, subject_id=item.pk)
    return list(rows.select_related("person", "agency", "revision", "entry").order_by("pk"))


@dataclass(frozen=True, slots=True)
class AfterTheFact:
    """A publication whose review after the fact was returned: somebody has to withdraw or correct it."""

    publication: Publication
    run: Run
    step: Step | None


def returned_after(person: Person) -> list[AfterTheFact]:
    """The publications still in force whose review after the fact was returned, for who may withdraw them.

    The publication is that of the leading organ's run, whichever organ returned.
    """
    agencies = Agency.objects.seen_by(person, "disclosure.withdraw")
    alone = Q(makes_up__lead__isnull=True, makes_up__publication__withdrawn_on__isnull=True, agency__in=agencies)
    jointly = Q(makes_up__lead__publication__withdrawn_on__isnull=True, makes_up__lead__agency__in=agencies)
    runs = Run.objects.filter(alone | jointly, makes_up__isnull=False, state=RETURNED)
    rows = runs.select_related("makes_up__lead").prefetch_related("steps__person", "steps__entry")
    found = [(run, run.makes_up.lead or run.makes_up) for run in rows.order_by("pk") if run.makes_up]
    published = Publication.objects.filter(run__in=[leading for _, leading in found]).select_related("item__agency")
    of = {row.run_id: row for row in published}
    return [AfterTheFact(of[leading.pk], run, _last(run)) for run, leading in found]


def _last(run: Run) -> Step | None:
    return max(run.steps.all(), key=lambda step: step.pk, default=None)


def waiting_after(person: Person) -> list[OrganReview]:
    """The reviews after the fact that are still open: for the office of the organ that reviews, and for that of the leading one."""
    from gongkai.web.settings import moment

    agencies = Agency.objects.seen_by(person, "disclosure.withdraw")
    mine = Q(agency__in=agencies) | Q(makes_up__lead__agency__in=agencies)
    runs = Run.objects.filter(mine, makes_up__isnull=False, state=OPEN).select_related("revision", "agency")
    return [as_review(run, moment.today()) for run in runs.prefetch_related("steps__entry", "assignments__person").order_by("pk")]


def waiting_jointly(person: Person) -> list[Any]:
    """The items led by other organs, under review or ready, in which the office of that person's organ takes part."""
    joined = shared_with(Agency.objects.seen_by(person, "disclosure.withdraw"))
    if not joined.exists():
        return []
    shared = joined.values("item_id")
    open_ones = Run.objects.filter(subject_kind=KIND, subject_id__in=shared, state__in=(OPEN, COMPLETED)).values("subject_id")
    rows: list[Any] = list(with_state(Item.objects.filter(pk__in=open_ones, is_discarded=False)).order_by("-pk")[:50])
    for row in rows:
        row.state = state_of(row)
    return [row for row in rows if row.state in ("reviewing", "ready")]

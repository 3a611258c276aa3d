"""Whether a review was what it should be, worked out anew from its steps and their entries."""

from __future__ import annotations

from collections.abc import Mapping

from gongkai.web.review.actions import named_for
from gongkai.web.review.authors import authors_of
from gongkai.web.review.models import COMPLETED, URGENT, Run, Step
from gongkai.web.review.stages import approves


def is_whole(run: Run, authors: Mapping[int, frozenset[int]] | None = None) -> bool:
    """Whether the run is completed: every stage has one pass in force, by different people, none by an author, in order, with its entry.

    ``authors`` are those of :func:`gongkai.web.review.authors.authors_of`, where they are known.

    For an urgent run the named approver passed his stage, and what it left out is being made up for once it is published.
    """
    if run.state != COMPLETED:
        return False
    steps = sorted(run.steps.all(), key=lambda step: step.pk)
    passes = in_force(run, steps)
    return (
        [step.stage for step in passes] == list(run.stages)
        and all(has_its_entry(run, step) for step in steps)
        and are_different_eyes(run, steps, authors)
        and (run.lane != URGENT or is_approved(run, passes))
    )


def in_force(run: Run, steps: list[Step]) -> list[Step]:
    """The passes that no later return reached, worked out from the order of the steps and not from what the rows say of themselves."""
    order = list(run.stages)
    left: list[Step] = []
    for step in steps:
        if step.is_passed:
            left.append(step)
        elif step.returned_to in order:
            left = [one for one in left if one.stage in order and order.index(one.stage) < order.index(step.returned_to)]
    return left


def has_its_entry(run: Run, step: Step) -> bool:
    """Whether the step's entry tells the same: who, which stage, which revision, pass or return."""
    facts = step.entry.facts
    return (
        step.entry.person_id == step.person_id
        and step.entry.revision == run.revision.digest
        and (facts.get("stage"), facts.get("passed"), facts.get("returned_to", "")) == (step.stage, step.is_passed, step.returned_to)
    )


def are_different_eyes(run: Run, steps: list[Step], authors: Mapping[int, frozenset[int]] | None = None) -> bool:
    """Whether nobody decided on what he wrote himself and nobody ever passed two stages."""
    stages_of: dict[int, set[str]] = {}
    for step in steps:
        if step.is_passed:
            stages_of.setdefault(step.person_id, set()).add(step.stage)
    own = {run.drafter_id, *(authors or authors_of([run]))[run.pk]}
    return own.isdisjoint(step.person_id for step in steps) and all(len(names) == 1 for names in stages_of.values())


def is_approved(run: Run, passes: list[Step]) -> bool:
    """Whether the named approver, or who was named in his place, passed the approving stage."""
    named = named_for(run, approves())
    return any(step.stage == approves() and named is not None and step.person_id == named.pk for step in passes)

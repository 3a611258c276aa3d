"""Whatever people do in whatever order: four eyes hold, and only a completed run publishes exactly its revision."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from gongkai.errors import Refused
from gongkai.web.agencies.models import Person
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.ledger.proof import verify
from gongkai.web.review.actions import decide, hand_over
from gongkai.web.review.models import Run, Step
from gongkai.web.review.stages import stages
from tests.web.conftest import DAY, County, content

DUTIES = ("drafter", "first_reviewer", "second_reviewer", "final_reviewer", "secrecy_reviewer", "office_head")
# Five people for six posts, several of them in more than one: as in a small township, and the worst case for four eyes.
POSTS = ((0, 1), (1, 2), (2, 3, 5), (3, 4), (4, 5, 0))
EXAMPLES = 400 if os.environ.get("GONGKAI_TESTS") == "deep" else 25

person = st.integers(0, len(POSTS) - 1)
act = st.one_of(
    st.tuples(st.just("decide"), person, st.sampled_from(["pass", "pass", "pass", "pass", "drafter", "first", "second", "final"])),
    # Somebody passes what waits: otherwise random people would hardly ever come to the end.
    st.tuples(st.just("advance"), person, st.none()),
    st.tuples(st.just("advance"), person, st.none()),
    st.tuples(st.just("finish"), person, st.none()),
    st.tuples(st.just("hand_over"), person, person),
    st.tuples(st.just("revise"), person, st.booleans()),
    st.tuples(st.just("submit"), person, st.one_of(st.none(), person)),
    st.tuples(st.just("recall"), person, st.none()),
    st.tuples(st.just("publish"), person, st.none()),
)


class Office:
    """One item, and people who do things with it."""

    def __init__(self, county: County) -> None:
        agency = county.organs["qinghe"]
        self.people = [Person.objects.create(username=f"p{at}", password="!", full_name=f"甲{at}") for at in range(len(POSTS))]
        for one, held in zip(self.people, POSTS, strict=True):
            for duty in held:
                one.posts.create(agency=agency, duty=DUTIES[duty], from_on=DAY)
        self.item: Item = actions.draft(person=self.people[0], on=DAY, agency=agency, content=content())
        self.n_titles = 0

    def do(self, name: str, who: int, more: Any) -> None:
        """One act; a refusal is an answer too, an error of the database is not."""
        try:
            getattr(self, name)(self.people[who], more)
        except Refused:
            pass
        self.item = Item.objects.select_related("agency", "current").get(pk=self.item.pk)

    def runs(self) -> list[Run]:
        return list(actions.all_runs_of(self.item).filter(state="open").order_by("pk"))

    def decide(self, who: Person, verdict: str) -> None:
        for run in self.runs()[:1]:
            stage = run.waits_for()
            told = {"is_passed": verdict == "pass", "return_to": "" if verdict in ("pass", "drafter") else verdict, "comment": "理由"}
            decide(run=run, person=who, on=DAY, checked=stages()[stage].checklist if stage else (), **told)

    def advance(self, who: Person, _: None) -> None:
        at = self.people.index(who)
        before = Step.objects.count()
        for one in self.people[at:] + self.people[:at]:
            if Step.objects.count() == before:
                try:
                    self.decide(one, "pass")
                except Refused:
                    continue

    def finish(self, who: Person, _: None) -> None:
        for _stage in range(4):
            self.advance(who, None)
        self.publish(self.people[4], None)

    def hand_over(self, who: Person, to: int) -> None:
        for run in self.runs()[:1]:
            hand_over(person=who, on=DAY, run=run, to=self.people[to], reason="外出")

    def revise(self, who: Person, void: bool) -> None:
        self.n_titles += 1
        actions.revise(person=who, on=DAY, item=self.item, content=content(title=f"第{self.n_titles}稿"), void_open_run=void)

    def submit(self, who: Person, approver: int | None) -> None:
        named = self.people[approver] if approver is not None else None
        actions.submit(person=who, on=DAY, item=self.item, approver=named, reason="洪水" if named else "")

    def recall(self, who: Person, _: None) -> None:
        actions.recall(person=who, on=DAY, item=self.item, reason="再看")

    def publish(self, who: Person, _: None) -> None:
        actions.publish(person=who, on=DAY, item=self.item)


def four_eyes_hold() -> None:
    for run in Run.objects.prefetch_related("steps"):
        passes = run.passes()
        assert len({step.person_id for step in passes}) == len(passes) == len({step.stage for step in passes})
        assert run.drafter_id == run.revision.made_by_id
        assert all(step.person_id != run.drafter_id for step in run.steps.all())
        family = [run.pk, run.makes_up_id or run.pk]
        for who in {step.person_id for step in run.steps.all()}:
            ever = Step.objects.filter(run__in=family, person=who, is_passed=True).values_list("stage", flat=True)
            assert len(set(ever)) <= 1
        assert (run.state == "completed") == (run.passed() == run.stages)


def only_the_reviewed_is_public() -> None:
    for row in Publication.objects.select_related("run", "revision"):
        assert row.run is not None
        assert (row.run.state, row.run.revision_id, row.run.makes_up_id) == ("completed", row.revision_id, None)
        assert row.run.lane == "normal" or Run.objects.filter(makes_up=row.run, stages=row.run.later).exists()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(act, min_size=8, max_size=30))
def test_any_sequence_of_acts(county: County, acts: list[tuple[str, int, Any]]) -> None:
    mark = transaction.savepoint()
    try:
        office = Office(county)
        office.do("submit", 0, None)
        for name, who, more in acts:
            office.do(name, who, more)
            four_eyes_hold()
        only_the_reviewed_is_public()
        assert list(verify()) == []
        event(f"published {Publication.objects.count()}")
    finally:
        transaction.savepoint_rollback(mark)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(person, st.sampled_from(["first", "second", "final", "secrecy"]), st.booleans()), max_size=14))
def test_rows_written_past_the_actions(county: County, rows: list[tuple[int, str, bool]]) -> None:
    """Steps inserted by hand, and a publication tried after each: the database lets through only what the rules allow."""
    mark = transaction.savepoint()
    try:
        office = Office(county)
        office.do("submit", 0, None)
        run = office.runs()[0]
        for who, stage, is_passed in [*rows, *((at + 1, name, True) for at, name in enumerate(run.stages))]:
            _insert(office, run, office.people[who], stage, is_passed)
            four = run.steps.filter(is_passed=True, voided_by__isnull=True)
            assert four.values("person").distinct().count() == four.values("stage").distinct().count() == four.count()
            _try_to_publish(office, run)
        published = Publication.objects.filter(item=office.item).exists()
        assert published == (Run.objects.get(pk=run.pk).passed() == run.stages)
    finally:
        transaction.savepoint_rollback(mark)


def _insert(office: Office, run: Run, who: Person, stage: str, is_passed: bool) -> None:
    to = "" if is_passed else "first"
    told = {"run": run, "stage": stage, "person": who, "drafter": run.drafter, "is_passed": is_passed, "returned_to": to}
    try:
        with transaction.atomic():
            Step.objects.create(entry=_entry(office), **told)
    except IntegrityError:
        pass


def _try_to_publish(office: Office, run: Run) -> None:
    try:
        with transaction.atomic():
            Run.objects.filter(pk=run.pk, state="open").update(state="completed")
            Publication.objects.create(
                item=office.item, revision=run.revision, run=run, primary_channel="site", published_on=DAY,
                published_at="2026-03-02T10:00+08:00", entry=_entry(office),
            )  # fmt: skip
    except IntegrityError:
        pass


def _entry(office: Office) -> Any:
    """An entry that nothing names yet."""
    from gongkai.web.ledger.acts import append

    marks = {"action": "review.first", "duty": "first_reviewer", "facts": {}}
    return append(agency=office.item.agency, person=None, thing=office.item, occurred_on=DAY, marks=marks)


def test_the_worst_case_is_reachable(county: County) -> None:
    """The five people of the test above can get an item through, so the sequences are not all refusals."""
    office = Office(county)
    office.do("submit", 0, None)
    for who in (1, 2, 3, 4):
        office.do("decide", who, "pass")
    office.do("publish", 4, None)
    assert Publication.objects.count() == 1


def test_a_step_needs_an_open_run(county: County) -> None:
    publication = county.published()
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(
            run=publication.run, stage="first", person=county.person("qinghe", "report_officer"), drafter=publication.run.drafter,
            is_passed=False, entry=publication.entry,
        )  # fmt: skip

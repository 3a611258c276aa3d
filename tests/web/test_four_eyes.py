"""Whatever people do in whatever order: four eyes hold, and only a completed run publishes exactly its revision."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from gongkai.errors import Refused
from gongkai.web.agencies.models import Person
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.reviews import could_take_over
from gongkai.web.ledger.acts import append
from gongkai.web.ledger.proof import verify
from gongkai.web.review.actions import decide, hand_over
from gongkai.web.review.authors import authors_of
from gongkai.web.review.models import Revision, Run, Step
from gongkai.web.review.stages import stages
from gongkai.web.review.witness import is_whole
from gongkai.web.settings import moment
from tests.web.conftest import DAY, REVIEWERS, County, content
from tests.web.test_ledger import without_triggers

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
        except (Refused, NotPermitted):
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
                except (Refused, NotPermitted):
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


def unseen_authors(run: Run) -> set[int]:
    """Who made a revision that no whole review had passed before, told revision by revision."""
    authors: set[int] = set()
    for revision in Revision.objects.filter(subject_id=run.subject_id, number__lte=run.revision.number).order_by("number"):
        authors.add(revision.made_by_id)
        whole = [
            one
            for one in revision.runs.filter(lead=None, makes_up=None, state="completed")
            if all(j.state == "completed" for j in one.joined.all())
        ]
        if whole and revision.number < run.revision.number:
            authors = set()
    return authors


def four_eyes_hold() -> None:
    for run in Run.objects.prefetch_related("steps"):
        passes = run.passes()
        assert len({step.person_id for step in passes}) == len(passes) == len({step.stage for step in passes})
        assert run.drafter_id == run.revision.made_by_id
        assert all(step.person_id not in unseen_authors(run) for step in run.steps.all())
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


class TestEveryAuthor:
    """Who wrote any of it since the last whole review passes none of its stages."""

    @pytest.fixture
    def shared(self, county: County, settings: Any, tmp_path: Path) -> Item:
        """A draft to which the head of the office added a file; its drafter is a first reviewer too."""
        settings.MEDIA_ROOT = tmp_path
        drafter = county.person("qinghe", "drafter")
        drafter.posts.create(agency=county.organs["qinghe"], duty="first_reviewer", from_on=DAY)
        item = county.draft()
        head = county.person("qinghe", "office_head")
        return actions.attach(person=head, on=DAY, item=item, name="名单.txt", data="植树点名单".encode())

    def test_the_drafter_before_the_last_one_is_refused(self, county: County, shared: Item) -> None:
        drafter = county.person("qinghe", "drafter")
        run = actions.submit(person=drafter, on=DAY, item=shared)
        assert run.drafter == county.person("qinghe", "office_head")
        told = {"run": run, "is_passed": True, "checked": stages()["first"].checklist}
        with pytest.raises(Refused) as caught:
            decide(person=drafter, on=DAY, **told)
        assert caught.value.message == "您写过或者修改过这份内容（包括附件），不能审查，请由其他人审查。"
        with moment.at(datetime.datetime(2026, 3, 2, 9, 0, tzinfo=moment.ZONE)):
            assert queries.waiting_for(drafter) == []
            assert [waiting.run for waiting in queries.waiting_for(county.person("qinghe", "first_reviewer"))] == [run]
            assert drafter not in could_take_over(run, county.person("qinghe", "office_head"), DAY)
        with pytest.raises(Refused) as caught:
            hand_over(person=county.person("qinghe", "office_head"), on=DAY, run=run, to=drafter, reason="外出")
        assert caught.value.message == "qinghe-drafter写过或者修改过这份内容（包括附件），不能审查。"

    def test_the_database_refuses_it_too(self, county: County, shared: Item) -> None:
        drafter = county.person("qinghe", "drafter")
        run = actions.submit(person=drafter, on=DAY, item=shared)
        entry = append(
            agency=shared.agency,
            person=None,
            thing=shared,
            occurred_on=DAY,
            marks={"action": "review.first", "duty": "first_reviewer", "facts": {}},
        )
        with pytest.raises(IntegrityError, match="写过这份内容的人不能审查它"), transaction.atomic():
            Step.objects.create(run=run, stage="first", person=drafter, drafter=run.drafter, is_passed=True, entry=entry)

    def test_verify_names_it_where_the_trigger_was_taken_away(self, county: County, shared: Item) -> None:
        drafter = county.person("qinghe", "drafter")
        run = actions.submit(person=drafter, on=DAY, item=shared)
        for name in run.stages:
            decide(run=run, person=county.person("qinghe", REVIEWERS[name]), on=DAY, is_passed=True, checked=stages()[name].checklist)
        actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=shared)
        assert list(verify()) == []
        assert is_whole(run.__class__.objects.get(pk=run.pk))
        forger = county.person("qinghe", "first_reviewer").pk
        without_triggers("UPDATE review_revision SET made_by_id = %s WHERE number = 1 AND subject_id = %s", [forger, shared.pk])
        assert not is_whole(run.__class__.objects.get(pk=run.pk))
        assert any("没有这一稿的完整审查记录" in broken.words for broken in verify())

    def test_what_a_whole_review_passed_is_nobodys_draft_any_more(self, county: County) -> None:
        """Somebody else corrects the published item: its first author may review the correction."""
        item = county.published().item
        author = county.person("qinghe", "drafter")
        author.posts.create(agency=item.agency, duty="first_reviewer", from_on=DAY)
        head = county.person("qinghe", "office_head")
        item = actions.revise(person=head, on=DAY, item=item, content=content(title="更正"))
        run = actions.submit(person=head, on=DAY, item=item)
        step = decide(run=run, person=Person.objects.get(pk=author.pk), on=DAY, is_passed=True, checked=stages()["first"].checklist)
        assert step.is_passed and authors_of([run]) == {run.pk: frozenset({head.pk})}


def test_a_step_needs_an_open_run(county: County) -> None:
    publication = county.published()
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(
            run=publication.run, stage="first", person=county.person("qinghe", "report_officer"), drafter=publication.run.drafter,
            is_passed=False, entry=publication.entry,
        )  # fmt: skip

"""The urgent lane: fewer stages before, the others after the publication, a named approver, a reason, never without secrecy."""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from gongkai.web.agencies.models import Person
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.reviews import returned_after
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review.actions import decide, hand_over
from gongkai.web.review.deadlines import whole_due
from gongkai.web.review.models import Run, Step
from gongkai.web.review.stages import approves
from tests.web.conftest import DAY, County, content
from tests.web.test_ledger import without_triggers
from tests.web.test_returns import passing
from tests.web.test_stages import also, planned, refusal

WHY = "青禾河水位超警，需立即发布转移通知"


@pytest.fixture
def item(county: County) -> Item:
    return county.draft(title="青禾镇防汛转移通知")


def urgent(county: County, item: Item, **more: Any) -> Run:
    told = {"approver": county.person("qinghe", "final_reviewer"), "reason": WHY, **more}
    run: Run = actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item, **told)
    return run


def published(county: County, item: Item) -> Publication:
    passing(county, urgent(county, item), "final", "secrecy")
    done: Publication = actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
    return done


def state(item: Item) -> str:
    return queries.state_of(queries.with_state(Item.objects.filter(pk=item.pk)).get())


class TestBeforeThePublication:
    def test_two_stages_a_reason_and_a_name(self, county: County, item: Item) -> None:
        run = urgent(county, item)
        assert (run.lane, run.stages, run.later, run.approver) == (
            "urgent", ["final", "secrecy"], ["first", "second"], county.person("qinghe", "final_reviewer"),
        )  # fmt: skip
        assert run.entry is not None
        assert (run.entry.action, run.entry.reason, run.entry.facts["lane"]) == ("disclosure.submit", WHY, "urgent")
        assert actions.publish  # nothing is published yet
        assert refusal(actions.publish, person=county.person("qinghe", "office_head"), item=item) == "审查还没有全部通过，不能发布。"

    def test_what_it_demands_is_said(self, county: County, item: Item) -> None:
        drafter, final = county.person("qinghe", "drafter"), county.person("qinghe", "final_reviewer")
        submit, told = actions.submit, {"person": drafter, "item": item}
        assert refusal(submit, **told, approver=final) == "走应急通道要写明是什么突发事件、为什么来不及按一般程序审查。"
        stranger = county.person("baishu", "final_reviewer")
        assert refusal(submit, **told, approver=stranger, reason=WHY) == "指定的审批人要担任“三审三校”的岗位。"
        drafter.posts.create(agency=item.agency, duty="final_reviewer", from_on=DAY)
        assert refusal(submit, **told, approver=drafter, reason=WHY) == "拟稿人不能审批自己的稿件，请指定没有写过这份内容的审批人。"
        assert not Run.objects.exists()

    def test_only_the_named_approver_or_who_is_named_in_his_place(self, county: County, item: Item) -> None:
        run, other = urgent(county, item), also(county, "final_reviewer")
        final = county.person("qinghe", "final_reviewer")
        words = refusal(decide, run=run, person=other, is_passed=False, comment="x")
        assert words == "应急通道指定由qinghe-final_reviewer审批，请由其办理，或者先转办。"
        assert queries.waiting_for(other) == []
        hand_over(person=county.person("qinghe", "office_head"), on=DAY, run=run, to=other, reason="正在一线")
        assert refusal(decide, run=run, person=final, is_passed=False, comment="x").startswith("应急通道指定由张代审批")
        passing(county, run, "final", by=other)
        passing(county, run, "secrecy")
        actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
        assert list(verify()) == []

    @pytest.mark.parametrize("is_passed", [True, False])
    def test_the_database_takes_no_step_but_of_who_is_named(self, county: County, item: Item, is_passed: bool) -> None:
        run, other, final = urgent(county, item), also(county, "final_reviewer"), county.person("qinghe", "final_reviewer")

        def written(person: Person) -> None:
            """A step past the code, with an entry that no other row has."""
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO review_step (run_id, stage, person_id, drafter_id, is_passed, returned_to, checked, comment, entry_id) "
                    "VALUES (%s, %s, %s, %s, %s, '', '[]', '', %s)",
                    [run.pk, "final", person.pk, run.drafter_id, is_passed, LedgerEntry.objects.order_by("-pk").values_list("pk")[0][0]],
                )

        with pytest.raises(IntegrityError, match="应急通道的审批只能由指定的审批人或者转办后的人作出"):
            written(other)
        hand_over(person=county.person("qinghe", "office_head"), on=DAY, run=run, to=other, reason="正在一线")
        county.draft()
        with pytest.raises(IntegrityError, match="应急通道的审批只能由指定的审批人或者转办后的人作出"):
            written(final)
        written(other)
        assert [step.person for step in run.steps.all()] == [other]

    def test_the_database_leaves_other_stages_and_other_reviews_alone(self, county: County, item: Item) -> None:
        passing(county, urgent(county, item), "final", "secrecy")
        ordinary = county.published()
        assert {step.stage for step in ordinary.run.steps.all()} == {"first", "second", "final", "secrecy"}

    def test_the_guard_names_the_stage_that_the_table_names(self) -> None:
        assert import_module("gongkai.web.review.migrations.0003_named_approver").APPROVES == approves()

    def test_an_organ_sets_its_urgent_stages_too(self, county: County, item: Item) -> None:
        planned(county, ["first", "final", "secrecy"], lane="urgent")
        run = urgent(county, item)
        assert (run.stages, run.later) == (["first", "final", "secrecy"], ["second"])

    @pytest.mark.parametrize("changes", [{"approver": None}, {"stages": ["final", "first"]}])
    def test_the_database_demands_approver_and_secrecy(self, county: County, item: Item, changes: dict[str, Any]) -> None:
        told = {"approver": county.person("qinghe", "final_reviewer"), "stages": ["final", "secrecy"], **changes}
        with pytest.raises(IntegrityError), transaction.atomic():
            Run.objects.create(
                agency=item.agency, subject_kind="disclosure.item", subject_id=item.pk, revision=item.current,
                drafter=item.created_by, opened_on=DAY, lane="urgent", **told,
            )  # fmt: skip


class TestAfterThePublication:
    def test_the_stages_left_out_are_made_up_for(self, county: County, item: Item) -> None:
        publication = published(county, item)
        after = Run.objects.get(makes_up=publication.run)
        assert (after.stages, after.revision, after.state, after.entry) == (
            ["first", "second"], publication.revision, "open", publication.entry,
        )  # fmt: skip
        assert state(item) == "published"
        assert [row.run for row in queries.waiting_for(county.person("qinghe", "first_reviewer"))] == [after]
        due = whole_due(after, datetime.date(2026, 3, 12))
        # Five working days after Monday the 2nd: Monday the 9th.
        assert due is not None and (due.day, due.over) == (datetime.date(2026, 3, 9), 3)
        passing(county, after, "first", "second")
        after.refresh_from_db()
        assert (after.state, state(item)) == ("completed", "published")
        assert queries.ready_for(county.person("qinghe", "office_head")) == []
        assert list(verify()) == []

    def test_nobody_reviews_before_and_after(self, county: County, item: Item) -> None:
        final = county.person("qinghe", "final_reviewer")
        final.posts.create(agency=item.agency, duty="first_reviewer", from_on=DAY)
        after = Run.objects.get(makes_up=published(county, item).run)
        final = Person.objects.get(pk=final.pk)
        assert refusal(decide, run=after, person=final, is_passed=False, comment="x") == "同一个人在一次审查中只能审一道，请由其他人审查。"
        county.draft()
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.create(
                run=after, stage="first", person=final, drafter=after.drafter, is_passed=True, entry=LedgerEntry.objects.last()
            )

    def test_a_return_tells_the_head_until_it_is_withdrawn_or_corrected(self, county: County, item: Item) -> None:
        publication = published(county, item)
        after, head = Run.objects.get(makes_up=publication.run), county.person("qinghe", "office_head")
        decide(run=after, person=county.person("qinghe", "first_reviewer"), on=DAY, is_passed=False, comment="转移路线写错")
        assert [row.run for row in returned_after(head)] == [after]
        assert returned_after(county.person("qinghe", "drafter")) == []
        assert returned_after(county.person("baishu", "office_head")) == []
        assert state(item) == "published"
        actions.withdraw(person=head, on=DAY, publication=publication, reason="转移路线有误")
        assert returned_after(head) == []

    def test_a_correction_goes_through_the_ordinary_review(self, county: County, item: Item) -> None:
        publication = published(county, item)
        after, head = Run.objects.get(makes_up=publication.run), county.person("qinghe", "office_head")
        actions.revise(person=county.person("qinghe", "drafter"), on=DAY, item=item, content=content(title="更正后的转移通知"))
        after.refresh_from_db()
        assert after.state == "open"  # a new revision does not let the review after the fact fall away
        county.reviewed(item)
        actions.publish(person=head, on=DAY, item=item)
        decide(run=after, person=county.person("qinghe", "first_reviewer"), on=DAY, is_passed=False, comment="原稿路线写错")
        assert returned_after(head) == []
        assert list(verify()) == []

    def test_it_cannot_be_recalled_nor_published(self, county: County, item: Item) -> None:
        publication = published(county, item)
        assert refusal(actions.recall, person=county.person("qinghe", "drafter"), item=item, reason="x") == "没有正在进行的审查。"
        after = Run.objects.get(makes_up=publication.run)
        passing(county, after, "first", "second")
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="试")
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.create(
                item=item, revision=after.revision, run=after, primary_channel="site", published_on=DAY,
                published_at="2026-03-02T10:00+08:00", entry=LedgerEntry.objects.last(),
            )  # fmt: skip

    def test_the_database_makes_up_only_for_a_completed_urgent_run(self, county: County, item: Item) -> None:
        ordinary = county.published()
        run = ordinary.run
        told = {"agency": run.agency, "subject_kind": run.subject_kind, "subject_id": run.subject_id, "revision": run.revision}
        with pytest.raises(IntegrityError), transaction.atomic():
            Run.objects.create(drafter=run.drafter, stages=["first"], opened_on=DAY, makes_up=run, **told)

    def test_verify_misses_a_review_that_is_gone(self, county: County, item: Item) -> None:
        publication = published(county, item)
        without_triggers("DELETE FROM review_run WHERE makes_up_id = %s", [publication.run_id])
        assert [found.words for found in verify()] == ["“青禾镇防汛转移通知”已发布，但是没有这一稿的完整审查记录。"]

"""Returns to an earlier stage, the lock while a review is open, and remarks: nothing is overwritten, and only passes in force count."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.models import Person
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.joint.actions import comment
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review.actions import decide
from gongkai.web.review.models import Comment, Run, Step
from gongkai.web.review.stages import stages
from tests.web.conftest import DAY, REVIEWERS, County, content
from tests.web.test_guards import past_guard
from tests.web.test_ledger import without_triggers
from tests.web.test_stages import also, refusal
from tests.web.test_walk import client_of


def passing(county: County, run: Run, *names: str, by: Person | None = None) -> None:
    for name in names:
        decide(run=run, person=by or county.person("qinghe", REVIEWERS[name]), on=DAY, is_passed=True, checked=stages()[name].checklist)


def returning(county: County, run: Run, name: str, to: str) -> Step:
    step: Step = decide(
        run=run, person=county.person("qinghe", REVIEWERS[name]), on=DAY, is_passed=False, comment="依据写错了", return_to=to
    )
    return step


@pytest.fixture
def item(county: County) -> Item:
    return county.draft()


@pytest.fixture
def run(county: County, item: Item) -> Run:
    made: Run = actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item)
    return made


class TestReturnsToAnEarlierStage:
    def test_the_later_passes_count_no_longer_and_nothing_is_lost(self, county: County, run: Run, item: Item) -> None:
        passing(county, run, "first", "second")
        back = returning(county, run, "final", "second")
        assert (run.state, run.waits_for(), run.passed()) == ("open", "second", ["first"])
        assert [(step.stage, step.is_passed, step.voided_by_id) for step in run.steps.all()] == [
            ("first", True, None), ("second", True, back.pk), ("final", False, None),
        ]  # fmt: skip
        assert back.entry.facts["returned_to"] == "second"
        passing(county, run, "second", "final", "secrecy")
        run.refresh_from_db()
        assert run.state == "completed"
        actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
        assert list(verify()) == []

    def test_only_to_what_was_passed_before(self, county: County, run: Run) -> None:
        passing(county, run, "first")
        reviewer = county.person("qinghe", "second_reviewer")
        for to in ("second", "final", "nowhere"):
            words = refusal(decide, run=run, person=reviewer, is_passed=False, comment="x", return_to=to)
            assert words == "只能退回到前面已经通过的环节，或者退回拟稿人。"
        assert refusal(decide, run=run, person=reviewer, is_passed=False, return_to="first").startswith("退回时请写明理由")

    def test_who_passed_the_voided_stage_may_repeat_it_but_pass_no_other(self, county: County, run: Run) -> None:
        first = county.person("qinghe", "first_reviewer")
        first.posts.create(agency=run.agency, duty="second_reviewer", from_on=DAY)
        passing(county, run, "first")
        returning(county, run, "second", "first")
        passing(county, run, "first", by=also(county, "first_reviewer"))
        words = refusal(decide, run=run, person=Person.objects.get(pk=first.pk), is_passed=True, checked=stages()["second"].checklist)
        assert words == "同一个人在一次审查中只能审一道，请由其他人审查。"
        returning(county, run, "second", "first")
        passing(county, run, "first")  # his own earlier stage once more
        assert run.passed() == ["first"]

    def test_a_return_to_the_drafter_still_ends_the_run(self, county: County, run: Run, item: Item) -> None:
        passing(county, run, "first")
        returning(county, run, "second", "")
        run.refresh_from_db()
        assert run.state == "returned"
        assert [row.pk for row in queries.returned_to(county.person("qinghe", "drafter"))] == [item.pk]


class TestTheDatabaseItself:
    """Rows written around the actions."""

    def step(self, run: Run, person: Person, stage: str, *, is_passed: bool = True, **more: Any) -> Step:
        entry = LedgerEntry.objects.exclude(pk__in=Step.objects.values("entry_id")).last()
        return Step.objects.create(run=run, stage=stage, person=person, drafter=run.drafter, is_passed=is_passed, entry=entry, **more)

    def publish(self, run: Run, item: Item) -> Publication:
        return Publication.objects.create(
            item=item, revision=run.revision, run=run, primary_channel="site", published_on=DAY,
            published_at="2026-03-02T10:00+08:00", entry=LedgerEntry.objects.last(),
        )  # fmt: skip

    def test_a_return_voids_by_itself(self, county: County, run: Run) -> None:
        passing(county, run, "first", "second")
        for _ in range(9):
            county.draft()  # entries to spare
        back = self.step(run, county.person("qinghe", "final_reviewer"), "final", is_passed=False, returned_to="first")
        assert list(run.steps.order_by("pk").values_list("stage", "voided_by")) == [
            ("first", back.pk),
            ("second", back.pk),
            ("final", None),
        ]
        assert run.waits_for() == "first"

    def test_a_voided_pass_publishes_nothing(self, county: County, run: Run, item: Item) -> None:
        passing(county, run, "first", "second", "final")
        returning(county, run, "secrecy", "second")
        past_guard("run_closed_by_act", "UPDATE review_run SET state = 'completed' WHERE id = %s", [run.pk])
        with pytest.raises(IntegrityError), transaction.atomic():
            self.publish(run, item)

    def test_a_voiding_is_neither_made_up_nor_taken_back(self, county: County, run: Run) -> None:
        passing(county, run, "first", "second")
        first = run.steps.get(stage="first")
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.filter(pk=first.pk).update(voided_by=run.steps.get(stage="second"))
        returning(county, run, "final", "first")
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.filter(pk=first.pk).update(voided_by=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.filter(pk=first.pk).update(comment="改写")

    def test_no_pass_of_a_second_stage_even_after_the_first_is_void(self, county: County, run: Run) -> None:
        for _ in range(9):
            county.draft()
        first = county.person("qinghe", "first_reviewer")
        passing(county, run, "first")
        with pytest.raises(IntegrityError), transaction.atomic():
            self.step(run, first, "second")
        returning(county, run, "second", "first")
        passing(county, run, "first", by=also(county, "first_reviewer"))
        with pytest.raises(IntegrityError), transaction.atomic():
            self.step(run, first, "second")

    def test_no_return_forwards_and_none_with_a_pass(self, county: County, run: Run) -> None:
        for _ in range(9):
            county.draft()
        passing(county, run, "first")
        second = county.person("qinghe", "second_reviewer")
        for more in ({"is_passed": False, "returned_to": "final"}, {"is_passed": False, "returned_to": "second"}, {"returned_to": "first"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                self.step(run, second, "second", **more)

    def test_verify_sees_a_pass_that_somebody_put_back(self, county: County, run: Run, item: Item) -> None:
        passing(county, run, "first")
        returning(county, run, "second", "first")
        passing(county, run, "first", "second", "final", "secrecy")
        actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
        without_triggers("UPDATE review_step SET voided_by_id = NULL, is_passed = %s WHERE stage = 'first'", [False])
        assert "已发布，但是没有这一稿的完整审查记录。" in "".join(found.words for found in verify())


class TestTheLock:
    def test_content_is_locked_while_a_review_is_open(self, county: County, run: Run, item: Item) -> None:
        drafter = county.person("qinghe", "drafter")
        locked = "正在审查，内容已锁定。请先撤回审查；或者确认保存后审查作废、要重新提交，再保存。"
        assert refusal(actions.revise, person=drafter, item=item, content=content(title="换了标题")) == locked
        assert refusal(actions.attach, person=drafter, item=item, name="a.txt", data=b"a") == locked
        run.refresh_from_db()
        assert run.state == "open"
        actions.revise(person=drafter, on=DAY, item=item, content=content(title="换了标题"), void_open_run=True)
        run.refresh_from_db()
        assert run.state == "void"

    def test_after_a_recall_it_is_open_again(self, county: County, run: Run, item: Item) -> None:
        drafter = county.person("qinghe", "drafter")
        actions.recall(person=drafter, on=DAY, item=item, reason="数字要改")
        actions.revise(person=drafter, on=DAY, item=item, content=content(title="换了标题"))
        run.refresh_from_db()
        assert run.state == "recalled"

    def test_detaching_and_masking_are_locked_too(self, county: County) -> None:
        drafter = county.person("qinghe", "drafter")
        item = county.draft(body="<p>电话13800138000。</p>")
        actions.attach(person=drafter, on=DAY, item=item, name="a.txt", data="名单".encode())
        item.refresh_from_db()
        found = queries.revisions_of(item).first()
        from gongkai.web.disclosure.screening import hits_of

        for hit in hits_of(item, item.current.content, DAY):
            if hit.is_open:
                actions.answer_hit(person=drafter, on=DAY, item=item, field=hit.field, code=hit.hit.code, mark=hit.mark, reason="公开电话")
        actions.submit(person=drafter, on=DAY, item=item)
        digest = found.content["attachments"][0]["digest"]
        assert refusal(actions.detach, person=drafter, item=item, digest=digest).startswith("正在审查，内容已锁定。")
        masked = next(hit for hit in hits_of(item, item.current.content, DAY) if hit.hit.mask)
        named = {"field": masked.field, "code": masked.hit.code, "mark": masked.mark}
        assert refusal(actions.mask_hit, person=drafter, item=item, **named).startswith("正在审查，内容已锁定。")
        actions.detach(person=drafter, on=DAY, item=item, digest=digest, void_open_run=True)

    def test_the_screen_asks_and_keeps_what_was_typed(self, county: County, run: Run, item: Item) -> None:
        client = client_of(county.person("qinghe", "drafter"))
        address = reverse("office:revise", args=[item.pk])
        assert "正在审查，保存后审查作废，要重新提交" in client.get(address).content.decode()
        values = {
            "agency": item.agency_id, "title": "换了标题", "kind": "notice", "column": "a20_13", "formed_on": "2026-02-27",
            "body": "<p>新的正文</p>", "primary_channel": "site", "attribute": "proactive", "origin": "made",
        }  # fmt: skip
        answer = client.post(address, values)
        assert answer.status_code == 422
        assert "换了标题" in answer.content.decode()
        assert client.post(address, {**values, "void_open_run": "on"}).status_code == 302
        run.refresh_from_db()
        assert run.state == "void"


class TestRemarks:
    def test_anyone_who_sees_the_item_remarks_and_it_is_kept(self, county: County, item: Item) -> None:
        organ = county.organs["qinghe"]
        for place, duty in (("qinghe", "report_officer"), ("yunchuan", "authority"), ("qinghe", "drafter")):
            comment(person=county.person(place, duty), on=DAY, item=item, agency=organ, words=f"{duty}看过")
        assert [row.words for row in Comment.objects.all()] == ["report_officer看过", "authority看过", "drafter看过"]
        assert next(entry.reason for entry in queries.history_of(item) if entry.action == "review.comment") == "report_officer看过"
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.all().update(words="改写")

    def test_nobody_else_and_nothing_empty(self, county: County, item: Item) -> None:
        organ, stranger = county.organs["qinghe"], county.person("baishu", "office_head")
        assert refusal(comment, person=stranger, item=item, agency=organ, words="x").startswith("您在这个机关没有")
        assert (
            refusal(comment, person=stranger, item=item, agency=county.organs["baishu"], words="x") == "这个机关与这条信息无关，不能留言。"
        )
        drafter = county.person("qinghe", "drafter")
        assert refusal(comment, person=drafter, item=item, agency=organ, words=" ") == "请写下要说的话。"
        assert refusal(comment, person=drafter, item=item, agency=organ, words="长" * 501) == "留言有501个字，请缩短到500个字以内。"


class TestTheReviewBox:
    def post(self, county: County, item: Item, **values: Any) -> Any:
        run = actions.runs_of(item).get()
        return client_of(county.person("qinghe", "first_reviewer")).post(
            reverse("office:review", args=[item.pk]), {"run": run.pk, **values}
        )

    def test_a_missing_check_comes_back_with_everything_typed(self, county: County, run: Run, item: Item) -> None:
        lines = stages()["first"].checklist
        answer = self.post(county, item, verdict="pass", checked=lines[:2], comment="第三段的数字待核")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f"还有1项没有核对：{lines[2]}。" in page
        assert "第三段的数字待核" in page
        assert page.count("checked") >= 2 and run.steps.count() == 0

    def test_a_missing_reason_comes_back_too(self, county: County, run: Run, item: Item) -> None:
        answer = self.post(county, item, verdict="return", comment=" ")
        assert (answer.status_code, "退回时请写明理由" in answer.content.decode()) == (422, True)

    def test_a_reason_too_long_is_not_cut(self, county: County, run: Run, item: Item) -> None:
        answer = self.post(county, item, verdict="return", comment="长" * 501)
        assert answer.status_code == 422
        assert "长" * 501 in answer.content.decode()

    def test_what_is_right_goes_through(self, county: County, run: Run, item: Item) -> None:
        assert self.post(county, item, verdict="pass", checked=stages()["first"].checklist).status_code == 302
        assert run.passed() == ["first"]
        second = client_of(county.person("qinghe", "second_reviewer"))
        values = {"run": run.pk, "verdict": "return", "comment": "请核对文号", "return_to": "first"}
        assert second.post(reverse("office:review", args=[item.pk]), values).status_code == 302
        assert Run.objects.get(pk=run.pk).waits_for() == "first"


def test_a_locked_item_refuses_without_a_word_about_others(county: County) -> None:
    with pytest.raises(Refused):
        actions.recall(person=county.person("qinghe", "drafter"), on=DAY, item=county.draft(), reason="x")

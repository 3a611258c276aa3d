"""Documents that several organs issue: each reviews with its own stages and people, and all of exactly that revision."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gongkai.web.agencies.models import Person
from gongkai.web.agencies.permissions import post_kinds
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.joint.actions import add_joint_organ, comment, remove_joint_organ
from gongkai.web.disclosure.joint.models import JointOrgan
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.reviews import returned_after, waiting_after, waiting_jointly
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review.actions import decide
from gongkai.web.review.models import Run
from gongkai.web.review.plans import set_stages
from gongkai.web.review.stages import stages
from tests.web.conftest import DAY, REVIEWERS, County, content
from tests.web.test_guards import past_guard
from tests.web.test_ledger import without_triggers
from tests.web.test_stages import refusal
from tests.web.test_walk import client_of


@pytest.fixture
def item(county: County) -> Item:
    made = county.draft(kind="joint", title="青禾镇和交通运输局关于整治马路市场的通告")
    add_joint_organ(person=county.person("qinghe", "drafter"), on=DAY, item=made, organ=county.organs["jiaotong"])
    return made


@pytest.fixture
def runs(county: County, item: Item) -> dict[str, Run]:
    """The township's run and the department's, which sets three stages of its own."""
    names = ["first", "final", "secrecy"]
    head, organ = county.person("jiaotong", "office_head"), county.organs["jiaotong"]
    set_stages(person=head, on=DAY, agency=organ, lane="normal", names=names, days={}, from_on=DAY)
    lead = actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item)
    return {"qinghe": lead, "jiaotong": Run.objects.get(lead=lead)}


def passing(county: County, run: Run, organ: str, *names: str) -> None:
    for name in names or run.stages:
        decide(run=run, person=county.person(organ, REVIEWERS[name]), on=DAY, is_passed=True, checked=stages()[name].checklist)


def state(item: Item) -> str:
    return queries.state_of(queries.with_state(Item.objects.filter(pk=item.pk)).get())


class TestWhoReviews:
    def test_each_organ_with_its_own_stages_and_posts(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        assert [(run.agency.code, run.stages) for run in runs.values()] == [
            ("qinghe", ["first", "second", "final", "secrecy"]), ("jiaotong", ["first", "final", "secrecy"]),
        ]  # fmt: skip
        assert runs["jiaotong"].revision == runs["qinghe"].revision
        foreign = county.person("jiaotong", "first_reviewer")
        assert refusal(decide, run=runs["qinghe"], person=foreign, is_passed=False, comment="x").startswith("您在这个机关没有")
        assert [row.run for row in queries.waiting_for(foreign)] == [runs["jiaotong"]]

    def test_published_only_when_all_have_passed(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        head = county.person("qinghe", "office_head")
        passing(county, runs["qinghe"], "qinghe")
        assert state(item) == "reviewing"
        assert queries.ready_for(head) == []
        assert refusal(actions.publish, person=head, item=item) == "交通运输局还没有审查通过，不能发布。"
        passing(county, runs["jiaotong"], "jiaotong")
        assert state(item) == "ready"
        assert [row.pk for row in queries.ready_for(head)] == [item.pk]
        actions.publish(person=head, on=DAY, item=item)
        assert state(item) == "published"
        assert list(verify()) == []

    def test_a_return_by_any_returns_the_whole(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        passing(county, runs["qinghe"], "qinghe", "first")
        decide(run=runs["jiaotong"], person=county.person("jiaotong", "first_reviewer"), on=DAY, is_passed=False, comment="依据有误")
        assert {run.state for run in Run.objects.all()} == {"returned"}
        assert state(item) == "returned"
        assert [row.pk for row in queries.returned_to(county.person("qinghe", "drafter"))] == [item.pk]

    def test_a_return_after_the_lead_has_passed_returns_it_too(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        passing(county, runs["qinghe"], "qinghe")
        decide(run=runs["jiaotong"], person=county.person("jiaotong", "first_reviewer"), on=DAY, is_passed=False, comment="依据有误")
        assert state(item) == "returned"
        assert [row.pk for row in queries.returned_to(county.person("qinghe", "drafter"))] == [item.pk]
        assert refusal(actions.publish, person=county.person("qinghe", "office_head"), item=item).startswith("交通运输局还没有审查通过")

    def test_a_return_to_an_earlier_stage_is_the_organs_own_affair(self, county: County, runs: dict[str, Run]) -> None:
        passing(county, runs["jiaotong"], "jiaotong", "first")
        final = county.person("jiaotong", "final_reviewer")
        decide(run=runs["jiaotong"], person=final, on=DAY, is_passed=False, comment="再核文号", return_to="first")
        assert [run.waits_for() for run in runs.values()] == ["first", "first"]

    def test_recall_and_revision_take_all(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        drafter = county.person("qinghe", "drafter")
        passing(county, runs["qinghe"], "qinghe")
        actions.recall(person=drafter, on=DAY, item=item, reason="日期要改")
        assert [run.state for run in Run.objects.order_by("pk")] == ["completed", "recalled"]
        assert state(item) == "draft"
        actions.submit(person=drafter, on=DAY, item=item)
        actions.revise(person=drafter, on=DAY, item=item, content=content(kind="joint", title="改了日期的通告"), void_open_run=True)
        assert [run.state for run in Run.objects.order_by("pk")] == ["completed", "recalled", "void", "void"]


class TestTheOrgans:
    def test_named_before_submission_by_the_leading_organ_only(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        told = {"item": item, "organ": county.organs["baishu"]}
        assert refusal(add_joint_organ, person=county.person("jiaotong", "drafter"), **told).startswith("您在这个机关没有")
        drafter = county.person("qinghe", "drafter")
        locked = "正在审查，不能增加或者移出联合发文机关，请先撤回审查。"
        assert refusal(add_joint_organ, person=drafter, **told) == locked
        actions.recall(person=drafter, on=DAY, item=item, reason="还有柏树乡")
        add_joint_organ(person=drafter, on=DAY, **told)
        assert refusal(add_joint_organ, person=drafter, **told) == "柏树乡人民政府已经在联合发文机关里。"
        row = remove_joint_organ(person=drafter, on=DAY, **told, reason="不参加了")
        assert row.ended_by is not None and row.ended_by.reason == "不参加了"

    def test_who_joins_late_must_review_too(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        passing(county, runs["qinghe"], "qinghe")
        passing(county, runs["jiaotong"], "jiaotong")
        add_joint_organ(person=county.person("qinghe", "drafter"), on=DAY, item=item, organ=county.organs["baishu"])
        words = refusal(actions.publish, person=county.person("qinghe", "office_head"), item=item)
        assert words == "提交审查以后联合发文机关有变化，请重新提交审查。"

    def test_kind_and_organs_fit(self, county: County, item: Item) -> None:
        drafter = county.person("qinghe", "drafter")
        alone = county.draft(kind="joint")
        assert refusal(actions.submit, person=drafter, item=alone) == "联合发文要先写明联合发文的其他机关，再提交审查。"
        plain = county.draft()
        words = refusal(add_joint_organ, person=drafter, item=plain, organ=county.organs["baishu"])
        assert words == "只有类别是“联合发文”的信息才有联合发文机关，请先修改类别。"
        actions.revise(person=drafter, on=DAY, item=item, content=content(kind="notice"))
        assert refusal(actions.submit, person=drafter, item=item).startswith("类别不是“联合发文”，但是还列着联合发文机关。")


class TestTheUrgentLane:
    """Each organ has its own approver, fewer stages before and the others after the publication."""

    @pytest.fixture
    def lanes(self, county: County, item: Item) -> dict[str, Run]:
        named = {organ: county.person(organ, "final_reviewer") for organ in ("qinghe", "jiaotong")}
        told = {"approver": named["qinghe"], "approvers": {county.organs["jiaotong"].pk: named["jiaotong"]}, "reason": "洪水冲断道路"}
        lead = actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item, **told)
        return {"qinghe": lead, "jiaotong": Run.objects.get(lead=lead)}

    def test_each_organ_has_fewer_stages_and_its_approver(self, county: County, lanes: dict[str, Run]) -> None:
        assert [(run.lane, run.stages, run.later, run.approver.username) for run in lanes.values() if run.approver] == [
            ("urgent", ["final", "secrecy"], ["first", "second"], "qinghe-final_reviewer"),
            ("urgent", ["final", "secrecy"], ["first", "second"], "jiaotong-final_reviewer"),
        ]
        entry = lanes["jiaotong"].entry
        assert entry is not None
        assert entry.facts["approvers"] == {"yunchuan/jiaotong/": county.person("jiaotong", "final_reviewer").pk}
        other = Person.objects.create(username="other", password="!", full_name="李代审")
        other.posts.create(agency=county.organs["jiaotong"], duty="final_reviewer", from_on=DAY)
        words = refusal(decide, run=lanes["jiaotong"], person=other, is_passed=False, comment="x")
        assert words == "应急通道指定由jiaotong-final_reviewer审批，请由其办理，或者先转办。"

    def test_what_it_demands_is_said(self, county: County, item: Item) -> None:
        drafter, final = county.person("qinghe", "drafter"), county.person("qinghe", "final_reviewer")
        organ, told = county.organs["jiaotong"].pk, {"person": drafter, "item": item, "approver": final, "reason": "洪水"}
        assert refusal(actions.submit, **told) == "交通运输局还没有指定审批人。走应急通道的，每个机关都要指定。"
        words = refusal(actions.submit, **told, approvers={organ: county.person("baishu", "final_reviewer")})
        assert words == "交通运输局指定的审批人要担任“三审三校”的岗位。"
        final.posts.create(agency=county.organs["jiaotong"], duty="final_reviewer", from_on=DAY)
        words = refusal(actions.submit, **told, approvers={organ: final})
        assert words == "一个人不能替两个机关审批，请每个机关指定不同的审批人。"
        drafter.posts.create(agency=county.organs["jiaotong"], duty="final_reviewer", from_on=DAY)
        assert refusal(actions.submit, **told, approvers={organ: drafter}) == "拟稿人不能审批自己的稿件，请指定没有写过这份内容的审批人。"
        assert not Run.objects.exists()

    def test_each_organ_makes_up_for_its_own_stages(self, county: County, item: Item, lanes: dict[str, Run]) -> None:
        head, other = county.person("qinghe", "office_head"), county.person("jiaotong", "office_head")
        passing(county, lanes["qinghe"], "qinghe")
        assert refusal(actions.publish, person=head, item=item) == "交通运输局还没有审查通过，不能发布。"
        passing(county, lanes["jiaotong"], "jiaotong")
        publication = actions.publish(person=head, on=DAY, item=item)
        after = {run.agency.code: run for run in Run.objects.filter(makes_up__isnull=False)}
        assert {code: (run.stages, run.makes_up, run.state) for code, run in after.items()} == {
            code: (["first", "second"], run, "open") for code, run in lanes.items()
        }
        assert {one.run.pk for one in waiting_after(head)} == {run.pk for run in after.values()}
        assert [one.run for one in waiting_after(other)] == [after["jiaotong"]]
        assert waiting_after(county.person("baishu", "office_head")) == []
        passing(county, after["qinghe"], "qinghe", "first", "second")
        decide(run=after["jiaotong"], person=county.person("jiaotong", "first_reviewer"), on=DAY, is_passed=False, comment="路段写错")
        assert [(row.publication, row.run) for row in returned_after(head)] == [(publication, after["jiaotong"])]
        # The leading organ withdraws; the other has nothing to do any more.
        assert returned_after(other) == []
        page = client_of(head).get(reverse("office:home")).content.decode()
        assert "补审退回，请撤回或者更正" in page and "路段写错" in page
        assert list(verify()) == []
        actions.withdraw(person=head, on=DAY, publication=publication, reason="路段有误")
        assert returned_after(head) == []

    def test_verify_misses_a_review_after_the_fact_of_any_organ(self, county: County, item: Item, lanes: dict[str, Run]) -> None:
        for code, run in lanes.items():
            passing(county, run, code)
        actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
        without_triggers("DELETE FROM review_run WHERE makes_up_id = %s", [lanes["jiaotong"].pk])
        assert [found.words for found in verify()] == [f"“{item.title}”已发布，但是没有这一稿的完整审查记录。"]

    def test_the_database_keeps_all_in_one_lane(self, county: County, item: Item) -> None:
        lead = actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item)
        told = {"subject_kind": lead.subject_kind, "subject_id": lead.subject_id, "revision": lead.revision, "drafter": lead.drafter}
        with pytest.raises(IntegrityError, match="联合发文的各机关要走同一种程序"), transaction.atomic():
            Run.objects.create(
                agency=county.organs["baishu"], lead=lead, lane="urgent", stages=["final", "secrecy"], opened_on=DAY,
                approver=county.person("baishu", "final_reviewer"), **told,
            )  # fmt: skip

    def test_the_page_asks_an_approver_of_every_organ(self, county: County, item: Item) -> None:
        client, organ = client_of(county.person("qinghe", "drafter")), county.organs["jiaotong"]
        address = reverse("office:urgent", args=[item.pk])
        assert address in client.get(reverse("office:item", args=[item.pk])).content.decode()
        finals = {code: county.person(code, "final_reviewer").pk for code in ("qinghe", "baishu")}
        assert "交通运输局除拟稿人外没有人担任三审岗位。" in client.get(address).content.decode()
        mine = county.person("jiaotong", "final_reviewer").pk
        page = client.get(address).content.decode()
        assert "交通运输局的审批人" in page and f'<option value="{mine}" selected>' in page
        said = {"approver": finals["qinghe"], "reason": "洪水冲断道路"}
        # Somebody of an organ that has no part in it cannot be chosen.
        assert client.post(address, {**said, f"approver_{organ.pk}": finals["baishu"]}).status_code == 422
        assert client.post(address, {**said, f"approver_{organ.pk}": mine}).status_code == 302
        assert sorted(Run.objects.values_list("approver", flat=True)) == sorted([finals["qinghe"], mine])


class TestWhatTheOthersMay:
    def test_they_see_it_and_nobody_else_does(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        address = reverse("office:item", args=[item.pk])
        for duty in ("first_reviewer", "final_reviewer", "office_head", "drafter"):
            assert client_of(county.person("jiaotong", duty)).get(address).status_code == 200
            assert client_of(county.person("baishu", duty)).get(address).status_code == 404
        assert item.title in client_of(county.person("jiaotong", "office_head")).get(reverse("office:items")).content.decode()

    def test_an_organ_taken_out_sees_it_no_longer(self, county: County, item: Item) -> None:
        address = reverse("office:item", args=[item.pk])
        client = client_of(county.person("jiaotong", "office_head"))
        assert client.get(address).status_code == 200
        told = {"item": item, "organ": county.organs["jiaotong"], "reason": "不参加了"}
        remove_joint_organ(person=county.person("qinghe", "drafter"), on=DAY, **told)
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("duty", sorted(name for name, post in post_kinds().items() if not post.only_in))
    def test_they_act_on_nothing_but_their_own_review(self, county: County, item: Item, runs: dict[str, Run], duty: str) -> None:
        client = client_of(county.person("jiaotong", duty))
        known = set(LedgerEntry.objects.values_list("pk", flat=True))
        for name in ("submit", "publish", "discard", "recall", "answer_hit", "mask_hit", "reject_hit", "attach", "detach", "rename"):
            client.post(reverse(f"office:{name}", args=[item.pk]), {"reason": "试", "void_open_run": "on"})
        assert client.get(reverse("office:revise", args=[item.pk])).status_code == 404
        assert client.post(reverse("office:revise", args=[item.pk]), {"title": "越权"}).status_code == 404
        for run in runs.values():
            client.post(reverse("office:review", args=[item.pk]), {"run": run.pk, "verdict": "return", "comment": "试"})
        done = LedgerEntry.objects.exclude(pk__in=known)
        assert [(entry.action, entry.agency.code) for entry in done] == ([("review.first", "jiaotong")] if duty == "first_reviewer" else [])

    def test_their_home_page_lists_it(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        assert [row.pk for row in waiting_jointly(county.person("jiaotong", "office_head"))] == [item.pk]
        assert waiting_jointly(county.person("qinghe", "office_head")) == []
        assert waiting_jointly(county.person("baishu", "office_head")) == []
        page = client_of(county.person("jiaotong", "office_head")).get(reverse("office:home")).content.decode()
        assert item.title in page

    def test_they_remark(self, county: County, item: Item) -> None:
        row = comment(
            person=county.person("jiaotong", "drafter"), on=DAY, item=item, agency=county.organs["jiaotong"], words="第二条由我局负责"
        )
        assert row.entry.agency == county.organs["jiaotong"]


class TestTheDatabaseItself:
    def publish(self, run: Run, item: Item) -> Publication:
        return Publication.objects.create(
            item=item, revision=run.revision, run=run, primary_channel="site", published_on=DAY,
            published_at="2026-03-02T10:00+08:00", entry=LedgerEntry.objects.last(),
        )  # fmt: skip

    def test_no_publication_while_one_organ_has_not_passed(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        passing(county, runs["qinghe"], "qinghe")
        lead = Run.objects.get(pk=runs["qinghe"].pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            self.publish(lead, item)
        passing(county, runs["jiaotong"], "jiaotong", "first", "final")
        past_guard("run_closed_by_act", "UPDATE review_run SET state = 'completed' WHERE id = %s", [runs["jiaotong"].pk])
        with pytest.raises(IntegrityError), transaction.atomic():
            self.publish(lead, item)

    def test_no_publication_without_the_run_of_an_organ(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        passing(county, runs["qinghe"], "qinghe")
        passing(county, runs["jiaotong"], "jiaotong")
        county.draft()
        JointOrgan.objects.create(item=item, agency=county.organs["baishu"], entry=LedgerEntry.objects.last())
        with pytest.raises(IntegrityError), transaction.atomic():
            self.publish(Run.objects.get(pk=runs["qinghe"].pk), item)

    def test_no_publication_by_the_run_of_another_organ(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        passing(county, runs["qinghe"], "qinghe")
        passing(county, runs["jiaotong"], "jiaotong")
        with pytest.raises(IntegrityError), transaction.atomic():
            self.publish(Run.objects.get(pk=runs["jiaotong"].pk), item)

    def test_an_organ_reviews_once_at_a_time(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        lead = runs["qinghe"]
        told = {"subject_kind": lead.subject_kind, "subject_id": lead.subject_id, "revision": lead.revision, "drafter": lead.drafter}
        for more in ({"agency": county.organs["jiaotong"], "lead": lead}, {"agency": lead.agency}, {"agency": lead.agency, "lead": lead}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Run.objects.create(stages=["first", "secrecy"], opened_on=DAY, **told, **more)

    def test_organs_are_kept(self, county: County, item: Item) -> None:
        row = JointOrgan.objects.get()
        for change in (lambda: JointOrgan.objects.filter(pk=row.pk).update(agency=county.organs["baishu"]), row.delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()
        remove_joint_organ(person=county.person("qinghe", "drafter"), on=DAY, item=item, organ=county.organs["jiaotong"], reason="x")
        with pytest.raises(IntegrityError), transaction.atomic():
            JointOrgan.objects.filter(pk=row.pk).update(ended_by=None)

    def test_verify_misses_the_review_of_an_organ(self, county: County, item: Item, runs: dict[str, Run]) -> None:
        passing(county, runs["qinghe"], "qinghe")
        passing(county, runs["jiaotong"], "jiaotong")
        actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
        without_triggers("DELETE FROM review_step WHERE run_id = %s", [runs["jiaotong"].pk])
        assert "已发布，但是没有这一稿的完整审查记录。" in "".join(found.words for found in verify())

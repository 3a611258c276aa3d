"""The stages an organ sets: what they may be, from when they count, by which day each should be passed, and who is named for one."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure import actions, queries
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.actions import decide, hand_over
from gongkai.web.review.deadlines import stage_due
from gongkai.web.review.models import Assignment, Run, StagePlan
from gongkai.web.review.plans import chairs, plan_on, set_stages, warnings
from gongkai.web.review.stages import stages
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County

SHORT = ["first", "final", "secrecy"]


def refusal(act: Any, **arguments: Any) -> str:
    with pytest.raises((Refused, NotPermitted)) as caught:
        act(on=DAY, **arguments)
    return caught.value.message


def also(county: County, duty: str, name: str = "张代", organ: str = "qinghe") -> Person:
    """Somebody else in the same post."""
    person = Person.objects.create(username=name, password="!", full_name=name)
    person.posts.create(agency=county.organs[organ], duty=duty, from_on=datetime.date(2020, 1, 1))
    return person


def planned(county: County, names: list[str], *, lane: str = "normal", from_on: datetime.date = DAY, **days: int) -> StagePlan:
    head, organ = county.person("qinghe", "office_head"), county.organs["qinghe"]
    plan: StagePlan = set_stages(person=head, on=DAY, agency=organ, lane=lane, names=names, days=days, from_on=from_on)
    return plan


def submitted(county: County, **changes: Any) -> Run:
    run: Run = actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=county.draft(**changes))
    return run


class TestThePlan:
    def test_an_organ_without_a_plan_has_the_general_one(self, organ: Agency) -> None:
        plan = plan_on(organ, "normal", DAY)
        assert (plan.stages, plan.from_on) == (("first", "second", "final", "secrecy"), None)
        assert plan.days == {"first": 2, "second": 2, "final": 2, "secrecy": 2}
        assert plan_on(organ, "urgent", DAY).stages == ("final", "secrecy")

    def test_it_counts_from_its_day_and_only_for_what_is_submitted_then(self, county: County, organ: Agency) -> None:
        before = submitted(county)
        planned(county, ["first", "legal", "final", "secrecy"], from_on=DAY + datetime.timedelta(days=7), legal=5)
        assert plan_on(organ, "normal", DAY + datetime.timedelta(days=6)).stages == ("first", "second", "final", "secrecy")
        assert plan_on(organ, "normal", DAY + datetime.timedelta(days=7)).stages == ("first", "legal", "final", "secrecy")
        assert plan_on(organ, "normal", DAY + datetime.timedelta(days=7)).days["legal"] == 5
        before.refresh_from_db()
        assert before.stages == ["first", "second", "final", "secrecy"]
        item = county.draft()
        later = actions.submit(person=county.person("qinghe", "drafter"), on=DAY + datetime.timedelta(days=8), item=item)
        assert later.stages == ["first", "legal", "final", "secrecy"]

    def test_a_later_setting_takes_the_place_of_the_earlier(self, county: County, organ: Agency) -> None:
        planned(county, SHORT)
        planned(county, ["first", "second", "secrecy"])
        assert plan_on(organ, "normal", DAY).stages == ("first", "second", "secrecy")
        assert plan_on(county.organs["baishu"], "normal", DAY).stages == ("first", "second", "final", "secrecy")

    def test_its_stages_are_reviewed_in_its_order(self, county: County) -> None:
        planned(county, ["legal", "secrecy", "final"])
        item = county.draft()
        run = actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item)
        for name, duty in (("legal", "office_head"), ("secrecy", "secrecy_reviewer"), ("final", "final_reviewer")):
            assert run.waits_for() == name
            decide(run=run, person=county.person("qinghe", duty), on=DAY, is_passed=True, checked=stages()[name].checklist)
            run = Run.objects.get(pk=run.pk)
        assert actions.publish(person=county.person("qinghe", "drafter"), on=DAY, item=item).run == run

    @pytest.mark.parametrize(
        ("names", "lane", "words"),
        [
            (["first", "second", "final"], "normal", "不能没有保密审查。"),
            (["secrecy"], "normal", "至少要有2道，由不同的人审查；应急通道的环节要比一般程序少。"),
            (["first", "first", "secrecy"], "normal", "同一道环节不能排两次。"),
            (["nothing", "first", "secrecy"], "normal", "有不认识的环节。"),
            (["first", "secrecy"], "urgent", "应急通道要有三审三校，由指定的审批人办理。"),
            (["first", "second", "final", "secrecy"], "urgent", "应急通道的环节要比一般程序少。"),
            (["first", "second", "final", "secrecy"], "normal", "审查环节没有变化，不用保存。"),
        ],
    )
    def test_what_cannot_be_set_is_said(self, county: County, names: list[str], lane: str, words: str) -> None:
        head = county.person("qinghe", "office_head")
        told = {"agency": county.organs["qinghe"], "lane": lane, "names": names, "days": {}, "from_on": DAY}
        assert refusal(set_stages, person=head, **told) == words
        assert not StagePlan.objects.exists() and not LedgerEntry.objects.exists()

    def test_neither_the_past_nor_endless_days(self, county: County) -> None:
        head, organ = county.person("qinghe", "office_head"), county.organs["qinghe"]
        told = {"agency": organ, "lane": "normal", "names": SHORT}
        yesterday = DAY - datetime.timedelta(days=1)
        assert refusal(set_stages, person=head, **told, days={}, from_on=yesterday) == "起用日期不能早于今天，已经开始的审查不改环节。"
        assert refusal(set_stages, person=head, **told, days={"first": 21}, from_on=DAY) == "每一道的期限在1到20个工作日之间。"

    def test_the_own_head_and_the_authority_set_it_and_nobody_else(self, county: County, organ: Agency) -> None:
        told = {"agency": organ, "lane": "normal", "days": {}, "from_on": DAY}
        set_stages(person=county.person("yunchuan", "authority"), on=DAY, names=SHORT, **told)
        for who in (("qinghe", "drafter"), ("baishu", "office_head"), ("yunchuan", "office_head")):
            assert refusal(set_stages, person=county.person(*who), names=["first", "secrecy"], **told).startswith("您在这个机关没有")

    def test_the_preview_tells_who_is_missing(self, county: County, organ: Agency) -> None:
        first = county.person("qinghe", "first_reviewer")
        county.person("qinghe", "secrecy_reviewer")
        filled = chairs(organ, plan_on(organ, "normal", DAY), DAY)
        assert [[person.username for person in chair.holders] for chair in filled] == [
            ["qinghe-first_reviewer"], [], [], ["qinghe-secrecy_reviewer"],
        ]  # fmt: skip
        assert warnings(filled) == ["二审二校没有人担任，审查到这一道会停住", "三审三校没有人担任，审查到这一道会停住"]
        for duty in ("second_reviewer", "final_reviewer"):
            first.posts.create(agency=organ, duty=duty, from_on=DAY)
        words = warnings(chairs(organ, plan_on(organ, "normal", DAY), DAY))
        assert words == ["4道环节一共只有2个人能审，一个人只能审一道，审查会停住"]
        county.person("qinghe", "second_reviewer"), county.person("qinghe", "final_reviewer")
        assert warnings(chairs(organ, plan_on(organ, "normal", DAY), DAY)) == []

    def test_the_database_keeps_it(self, county: County) -> None:
        plan = planned(county, SHORT)
        for change in (lambda: StagePlan.objects.filter(pk=plan.pk).update(stages=["secrecy"]), plan.delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    @pytest.mark.parametrize("names", [["first", "second", "final"], ["secrecy"], ["secrecy", "secrecy"], []])
    def test_the_database_opens_no_review_without_secrecy(self, county: County, names: list[str]) -> None:
        item = county.draft()
        told = {"agency": item.agency, "subject_kind": "disclosure.item", "subject_id": item.pk, "revision": item.current}
        with pytest.raises(IntegrityError), transaction.atomic():
            Run.objects.create(drafter=item.created_by, stages=names, opened_on=DAY, **told)

    def test_the_database_takes_the_stages_in_their_order(self, county: County) -> None:
        run = submitted(county)
        for stage, duty in (("secrecy", "secrecy_reviewer"), ("second", "second_reviewer"), ("made-up", "first_reviewer")):
            with pytest.raises(IntegrityError), transaction.atomic():
                run.steps.create(
                    stage=stage, person=county.person("qinghe", duty), drafter=run.drafter, is_passed=True, entry=LedgerEntry.objects.last()
                )


class TestDeadlines:
    def test_the_days_begin_when_the_stage_begins_to_wait(self, county: County) -> None:
        run = submitted(county)  # Monday, 2026-03-02
        due = stage_due(run, DAY)
        assert due is not None
        assert (due.since, due.day, due.left) == (DAY, datetime.date(2026, 3, 4), 2)
        friday = datetime.date(2026, 3, 6)
        decide(run=run, person=county.person("qinghe", "first_reviewer"), on=friday, is_passed=True, checked=stages()["first"].checklist)
        due = stage_due(Run.objects.get(pk=run.pk), datetime.date(2026, 3, 12))
        assert due is not None
        # Two working days after Friday: Tuesday the 10th; seen on the 12th it is two days over.
        assert (due.since, due.day, due.is_overdue, due.over) == (friday, datetime.date(2026, 3, 10), True, 2)

    def test_an_organ_sets_its_own_days(self, county: County) -> None:
        planned(county, SHORT, first=1)
        run = submitted(county)
        assert run.days["first"] == 1
        due = stage_due(run, DAY)
        assert due is not None and due.day == datetime.date(2026, 3, 3)

    def test_the_home_page_is_ordered_by_what_is_due(self, county: County) -> None:
        planned(county, SHORT, first=9)
        late = submitted(county, title="期限长的")
        planned(county, SHORT, first=1)
        soon = submitted(county, title="期限短的")
        with moment.at(datetime.datetime.combine(DAY, datetime.time(9), tzinfo=moment.ZONE)):
            waiting = queries.waiting_for(county.person("qinghe", "first_reviewer"))
        assert [row.run.pk for row in waiting] == [soon.pk, late.pk]
        assert [row.due.left for row in waiting if row.due] == [1, 11]


class TestHandingOver:
    def test_it_goes_to_another_holder_and_is_shown_to_him(self, county: County) -> None:
        run, first, other = submitted(county), county.person("qinghe", "first_reviewer"), also(county, "first_reviewer")
        assert [row.run for row in queries.waiting_for(other)] == [run]
        row = hand_over(person=first, on=DAY, run=run, to=other, reason="外出培训一周")
        assert (row.entry.action, row.entry.reason, row.entry.facts["name"]) == ("review.hand_over", "外出培训一周", "张代")
        assert [(row.run, row.is_handed_over) for row in queries.waiting_for(other)] == [(run, True)]
        assert queries.waiting_for(first) == []
        decide(run=run, person=other, on=DAY, is_passed=True, checked=stages()["first"].checklist)
        assert run.steps.get().person == other

    def test_the_head_replaces_somebody_who_is_away(self, county: County) -> None:
        run, other = submitted(county), also(county, "first_reviewer")
        county.person("qinghe", "first_reviewer")
        hand_over(person=county.person("qinghe", "office_head"), on=DAY, run=run, to=other, reason="请假")
        assert [row.run for row in queries.waiting_for(other)] == [run]

    def test_it_widens_nobodys_powers(self, county: County) -> None:
        run, first = submitted(county), county.person("qinghe", "first_reviewer")
        second, drafter = county.person("qinghe", "second_reviewer"), county.person("qinghe", "drafter")
        only = "只能转给本机关担任“一审一校”岗位的人。"
        assert refusal(hand_over, person=first, run=run, to=second, reason="x") == only
        assert refusal(hand_over, person=first, run=run, to=county.person("baishu", "first_reviewer"), reason="x") == only
        drafter.posts.create(agency=run.agency, duty="first_reviewer", from_on=DAY)
        assert refusal(hand_over, person=first, run=run, to=drafter, reason="x") == "不能转给拟稿人，拟稿人不能审查自己的稿件。"
        other = also(county, "first_reviewer")
        assert refusal(hand_over, person=first, run=run, to=other, reason=" ") == "请写明转办的理由。"
        assert refusal(hand_over, person=second, run=run, to=other, reason="x").startswith("您在这个机关没有办理这件事的岗位")
        # Who was named and has lost the post since passes nothing.
        hand_over(person=first, on=DAY, run=run, to=other, reason="出差")
        other.posts.update(until_on=DAY - datetime.timedelta(days=1))
        other = Person.objects.get(pk=other.pk)
        assert [row.run for row in queries.waiting_for(first)] == [run]  # and it waits for the others again
        with pytest.raises(NotPermitted):
            decide(run=run, person=other, on=DAY, is_passed=True, checked=stages()["first"].checklist)

    def test_not_to_somebody_who_passed_another_stage(self, county: County) -> None:
        run, first, second = submitted(county), county.person("qinghe", "first_reviewer"), county.person("qinghe", "second_reviewer")
        first.posts.create(agency=run.agency, duty="second_reviewer", from_on=DAY)
        decide(run=run, person=first, on=DAY, is_passed=True, checked=stages()["first"].checklist)
        words = refusal(hand_over, person=second, run=run, to=first, reason="x")
        assert words == "qinghe-first_reviewer在这次审查中已经审过一道，不能再审。"

    def test_the_database_keeps_it(self, county: County) -> None:
        run, first, other = submitted(county), county.person("qinghe", "first_reviewer"), also(county, "first_reviewer")
        row = hand_over(person=first, on=DAY, run=run, to=other, reason="出差")
        for change in (lambda: Assignment.objects.filter(pk=row.pk).update(person=first), row.delete):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

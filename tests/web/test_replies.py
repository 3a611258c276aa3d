"""Replies: what they must say before anybody reviews them, whose eyes they need, when they are given, and how they count."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gongkai.errors import Refused
from gongkai.report.tally import Inforequest as Counted
from gongkai.report.tally import tally_requests
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import NotPermitted
from gongkai.web.disclosure.queries import waiting_for
from gongkai.web.inforequest import actions, replies
from gongkai.web.inforequest.models import HandlingEvent, Inforequest, Reply
from gongkai.web.inforequest.replies import ReplyContent
from gongkai.web.inforequest.standing import case_of
from gongkai.web.ledger.proof import verify
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import stages
from tests.web.conftest import REVIEWERS, County
from tests.web.requested import MONDAY, entered, filed
from tests.web.test_ledger import without_triggers
from tests.web.test_requests import head, officer

D = datetime.date
ON = D(2026, 2, 10)
NOT_HELD = ReplyContent(outcome="not_exist", fields={"search_record": "2026年2月4日检索公文系统、财政所档案，词“公路养护”，没有找到。"})


@pytest.fixture(autouse=True)
def reached_by_phone(county: County) -> None:
    """A letter tells how to reach the organ."""
    Agency.objects.filter(code="qinghe").update(phone="0790-6123456")


def drafted(county: County, row: Inforequest, content: ReplyContent = NOT_HELD, on: datetime.date = ON) -> Reply:
    reply: Reply = replies.draft_reply(person=officer(county), on=on, inforequest=row, content=content)
    return reply


def reviewed(county: County, reply: Reply, on: datetime.date = ON) -> Any:
    run = replies.submit_reply(person=officer(county), on=on, reply=reply)
    for name in run.stages:
        decide(run=run, person=county.person("qinghe", REVIEWERS[name]), on=on, is_passed=True, checked=stages()[name].checklist)
    return run


def given(county: County, row: Inforequest, content: ReplyContent = NOT_HELD, on: datetime.date = ON) -> HandlingEvent:
    reply = drafted(county, row, content, on)
    reviewed(county, reply, on)
    event: HandlingEvent = replies.give_reply(person=officer(county), on=on, reply=reply, way="post")
    return event


def test_from_the_draft_to_the_archive(county: County) -> None:
    row, _ = filed(county)
    event = given(county, row)
    assert (event.kind, event.on, event.facts["outcome"]) == ("replied", ON, "not_exist")
    case = case_of(row, ON)
    assert case.clock is not None and (case.state, case.clock.is_late) == ("replied", False)
    replies.archive(person=officer(county), on=D(2026, 3, 2), inforequest=row)
    assert case_of(row, D(2026, 3, 2)).state == "archived"
    with pytest.raises(Refused, match="已归档") as refusal:
        actions.withdraw(person=officer(county), on=D(2026, 3, 3), inforequest=row, reason="")
    assert refusal.value.basis == "reg:45"
    assert list(verify()) == []


class TestWhatItSays:
    def test_everything_that_its_letter_lacks_is_told_at_once(self, county: County) -> None:
        row, _ = filed(county)
        partial = ReplyContent(outcome="partial", grounds=["15"], fields={"reason": "涉及施工单位的报价明细。"})
        reply = drafted(county, row, partial)
        with pytest.raises(Refused) as refusal:
            replies.submit_reply(person=officer(county), on=ON, reply=reply)
        assert refusal.value.basis == "reg:37"
        assert refusal.value.message.startswith("《政府信息部分公开告知书》还缺：")
        assert refusal.value.message.count("、") == 4  # what is given and withheld, the form, the way and the time of supply

    def test_an_organ_that_nobody_can_reach_cannot_reply(self, county: County) -> None:
        Agency.objects.filter(code="qinghe").update(phone="", address="")
        row, _ = filed(county)
        reply = drafted(county, row)
        with pytest.raises(Refused, match="还缺：本机关联系方式"):
            replies.submit_reply(person=officer(county), on=ON, reply=reply)

    def test_a_ground_is_chosen_before_it_is_submitted(self, county: County) -> None:
        row, _ = filed(county)
        with pytest.raises(Refused, match="不能选择理由"):
            drafted(county, row, ReplyContent(outcome="deny_process", grounds=["14a"]))
        reply = drafted(county, row, ReplyContent(outcome="deny_process", fields={"reason": "尚在会签的草稿。"}))
        with pytest.raises(Refused, match="至少选择一项"):
            replies.submit_reply(person=officer(county), on=ON, reply=reply)

    def test_a_field_of_another_letter_and_an_outcome_that_nobody_knows_are_refused(self, county: County) -> None:
        row, _ = filed(county)
        with pytest.raises(Refused, match="不写"):
            drafted(county, row, ReplyContent(outcome="not_exist", fields={"location": "网站首页"}))
        with pytest.raises(Refused, match="请选择办理结果"):
            drafted(county, row, ReplyContent(outcome="maybe"))
        assert Reply.objects.count() == 0

    def test_a_reply_that_names_an_abolished_rule_is_stopped(self, county: County) -> None:
        row, _ = filed(county)
        told = ReplyContent(outcome="petition", fields={"reason": "与您的生产、生活、科研等特殊需要无关，不予提供。"})
        reply = drafted(county, row, told)
        with pytest.raises(Refused, match="特殊需要"):
            replies.submit_reply(person=officer(county), on=ON, reply=reply)

    def test_still_unclear_needs_a_supplement(self, county: County) -> None:
        row, _ = filed(county)
        with pytest.raises(Refused) as refusal:
            drafted(county, row, ReplyContent(outcome="still_unclear"))
        assert refusal.value.basis == "reg:30"


class TestWhen:
    def test_nothing_that_touches_a_third_party_while_it_is_asked(self, county: County) -> None:
        row, _ = filed(county)
        asked = actions.consult(person=officer(county), on=D(2026, 2, 3), inforequest=row, kind="third_party", party="柳河公司")
        content = ReplyContent(
            outcome="deny_third_party", fields={"third_party_asked": "2026年2月3日书面征求", "reason": "报价明细是商业秘密。"}
        )
        with pytest.raises(Refused) as refusal:
            drafted(county, row, content, D(2026, 2, 4))
        assert refusal.value.basis == "reg:32"
        actions.record_opinion(person=officer(county), on=D(2026, 2, 6), inforequest=row, consultation=asked, opinion="refuses")
        assert given(county, row, content).facts["outcome"] == "deny_third_party"

    def test_while_the_requester_is_waited_for_only_an_end(self, county: County) -> None:
        row, _ = filed(county)
        actions.ask_supplement(person=officer(county), on=D(2026, 1, 28), inforequest=row, unclear="哪条路", until=D(2026, 2, 6))
        with pytest.raises(Refused) as refusal:
            drafted(county, row, on=D(2026, 2, 3))
        assert refusal.value.basis == "reg:30"
        fields = {"supplement_told_on": "2026年1月28日", "supplement_due_on": "2026年2月6日"}
        lapsed = ReplyContent(outcome="lapsed_no_supplement", fields=fields)
        with pytest.raises(Refused):
            drafted(county, row, lapsed, D(2026, 2, 6))  # the last day is still his
        assert given(county, row, lapsed, D(2026, 2, 9)).facts["outcome"] == "lapsed_no_supplement"

    def test_what_was_reviewed_may_not_fit_any_more_when_it_is_given(self, county: County) -> None:
        row, _ = filed(county)
        content = ReplyContent(
            outcome="grant", fields={"supply_form": "纸质", "supply_way": "邮寄", "supply_time": "随本告知书寄送"}
        )  # fmt: skip
        reply = drafted(county, row, content, D(2026, 2, 3))
        reviewed(county, reply, D(2026, 2, 3))
        actions.consult(person=officer(county), on=D(2026, 2, 4), inforequest=row, kind="third_party", party="柳河公司")
        with pytest.raises(Refused) as refusal:
            replies.give_reply(person=officer(county), on=D(2026, 2, 5), reply=reply, way="post")
        assert refusal.value.basis == "reg:32"

    def test_a_late_reply_is_given_and_told_as_late(self, county: County) -> None:
        row, _ = filed(county)
        given(county, row, on=D(2026, 3, 3))
        clock = case_of(row, D(2026, 3, 4)).clock
        assert clock is not None and clock.is_late
        assert [breach.code for breach in clock.breaches] == ["reply_late"]


class TestFourEyes:
    def test_nobody_passes_his_own_words_and_nothing_goes_out_unreviewed(self, county: County) -> None:
        row, _ = filed(county)
        reply = drafted(county, row)
        with pytest.raises(Refused, match="审查还没有全部通过"):
            replies.give_reply(person=officer(county), on=ON, reply=reply, way="post")
        run = replies.submit_reply(person=officer(county), on=ON, reply=reply)
        assert run.stages == ["first", "second", "final", "secrecy"]
        with pytest.raises(NotPermitted):
            decide(run=run, person=officer(county), on=ON, is_passed=True, checked=stages()["first"].checklist)
        with pytest.raises(Refused, match="正在审查"):
            replies.revise_reply(person=officer(county), on=ON, reply=reply, content=ReplyContent(outcome="not_this_organ"))
        for name in run.stages:
            decide(run=run, person=county.person("qinghe", REVIEWERS[name]), on=ON, is_passed=True, checked=stages()[name].checklist)
        changed = ReplyContent(outcome="not_exist", fields={"search_record": "另外检索了农业农村办公室的档案，没有找到。"})
        replies.revise_reply(person=officer(county), on=ON, reply=reply, content=changed)
        with pytest.raises(Refused, match="内容又有修改"):
            replies.give_reply(person=officer(county), on=ON, reply=reply, way="post")
        reviewed(county, reply)
        replies.give_reply(person=officer(county), on=ON, reply=reply, way="post")
        with pytest.raises(Refused, match="已答复"):
            replies.revise_reply(person=officer(county), on=ON, reply=reply, content=NOT_HELD)
        assert list(verify()) == []

    def test_a_review_is_taken_back_with_a_reason(self, county: County) -> None:
        row, _ = filed(county)
        reply = drafted(county, row)
        replies.submit_reply(person=officer(county), on=ON, reply=reply)
        with pytest.raises(Refused, match="理由"):
            replies.recall_reply(person=officer(county), on=ON, reply=reply, reason=" ")
        replies.recall_reply(person=officer(county), on=ON, reply=reply, reason="漏了一处检索")
        with pytest.raises(Refused, match="没有正在进行的审查"):
            replies.recall_reply(person=officer(county), on=ON, reply=reply, reason="漏了一处检索")

    def test_its_review_is_no_review_of_an_item(self, county: County) -> None:
        reply = drafted(county, filed(county)[0])
        replies.submit_reply(person=officer(county), on=ON, reply=reply)
        assert waiting_for(county.person("qinghe", "first_reviewer")) == []

    def test_a_stranger_may_do_nothing_with_it(self, county: County) -> None:
        row, _ = filed(county)
        reply = drafted(county, row)
        stranger = county.person("baishu", "request_officer")
        for act, said in (
            (replies.revise_reply, {"content": NOT_HELD}), (replies.submit_reply, {}), (replies.give_reply, {"way": "post"}),
        ):  # fmt: skip
            with pytest.raises(NotPermitted):
                act(person=stranger, on=ON, reply=reply, **said)

    def test_the_database_keeps_one_reply_a_round(self, county: County) -> None:
        row, _ = filed(county)
        reply = drafted(county, row)
        with pytest.raises(Refused, match="已经起草过"):
            drafted(county, row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.create(inforequest=row, round=1, entry=reply.entry)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.filter(pk=reply.pk).update(round=2)


def test_a_judgment_has_it_done_again_and_it_still_counts_once(county: County) -> None:
    row, _ = filed(county)
    given(county, row)
    replies.archive(person=officer(county), on=D(2026, 3, 2), inforequest=row)
    with pytest.raises(NotPermitted):
        replies.reopen(person=officer(county), on=D(2026, 6, 1), inforequest=row, document="（2026）赣0102行初9号")
    replies.reopen(person=head(county), on=D(2026, 6, 1), inforequest=row, document="（2026）赣0102行初9号", n=15)
    case = case_of(row, D(2026, 6, 2))
    # From 2 June: 2-5 four, 8-12 nine, 15-18 thirteen, 19 端午节, 22 and 23 fifteen.
    assert case.clock is not None and (case.state, case.round, case.clock.due) == ("running", 2, D(2026, 6, 23))
    again = ReplyContent(outcome="grant", fields={"supply_form": "纸质", "supply_way": "邮寄", "supply_time": "随本告知书寄送"})
    given(county, row, again, D(2026, 6, 10))
    assert list(verify()) == []
    first = next(event for event in case_of(row, D(2026, 12, 31)).events if event.kind == "replied")
    cells = tally_requests([Counted(row.kind, MONDAY, first.facts["outcome"], first.on)], year=2026)
    assert (cells["t3.unable_not_held.natural_person"], cells["t3.granted.total"], cells["t3.handled_total.total"]) == (1, 0, 1)


def test_a_letter_that_nobody_confirmed_cannot_be_answered_yet(county: County) -> None:
    row = entered(county, channel="ordinary_mail")
    with pytest.raises(Refused, match="待确认收到"):
        drafted(county, row, on=D(2026, 1, 27))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inforequest_inforequest SET wanted = '别的'",
        "UPDATE inforequest_inforequest SET requester_mark = 'x'",
        "UPDATE inforequest_handlingevent SET facts = '{}' WHERE kind = 'replied'",
        "UPDATE inforequest_handlingevent SET \"on\" = '2026-01-20' WHERE kind = 'replied'",
        "DELETE FROM inforequest_handlingevent WHERE kind = 'confirmed'",
        "UPDATE inforequest_reply SET round = 2",
        "UPDATE review_revision SET content = '{}' WHERE subject_kind = 'inforequest.reply'",
    ],
)
def test_what_is_changed_past_the_guards_is_named(county: County, sql: str) -> None:
    given(county, filed(county)[0])
    assert list(verify()) == []
    without_triggers(sql)
    assert list(verify()) != []

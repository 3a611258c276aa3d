"""Other organs asked before publication: who asks, who answers, what they see, and what their answers stop."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about import consultations as about
from gongkai.web.disclosure.about.models import Consultation
from gongkai.web.disclosure.about.witness import consultations_hold
from gongkai.web.disclosure.models import Item
from tests.web.conftest import DAY, County, content
from tests.web.test_publication import refusal, state
from tests.web.test_walk import client_of

STOPPED = "涉及其他机关，还不能发布："


def asked(county: County, item: Item, *, organ: str = "jiaotong", is_approval: bool = False) -> Consultation:
    row: Consultation = about.consult(
        person=county.person("qinghe", "drafter"), on=DAY, item=item, organ=county.organs[organ], question="养护资金数字是否一致", is_approval=is_approval
    )  # fmt: skip
    return row


def answered(county: County, row: Consultation, verdict: str, *, organ: str = "jiaotong", answer: str = "") -> None:
    about.answer_consultation(person=county.person(organ, "office_head"), on=DAY, consultation=row, verdict=verdict, answer=answer)


def publishing(county: County, item: Item) -> str:
    """What publishing is refused with; empty when it succeeds."""
    head = county.person("qinghe", "office_head")
    if list(about.hindrances(Item.objects.get(pk=item.pk))):
        words = refusal(actions.publish, person=head, item=item)
        assert words.startswith(STOPPED)
        return words.removeprefix(STOPPED)
    actions.publish(person=head, on=DAY, item=item)
    return ""


class TestTheGate:
    """What keeps an item from being published, and what lets it go."""

    def test_an_item_that_asks_for_nobody_goes_out(self, county: County) -> None:
        assert publishing(county, county.reviewed(county.draft())) == ""

    def test_coordination_needs_an_organ_that_agrees(self, county: County) -> None:
        item = county.reviewed(county.draft(coordination_required=True))
        assert publishing(county, item) == "需要与其他机关协商、确认，还没有机关答复同意。"
        row = asked(county, item)
        assert publishing(county, item) == "需要与其他机关协商、确认，还没有机关答复同意；云川县交通运输局还没有答复。"
        answered(county, row, "agrees")
        assert publishing(county, item) == ""
        assert state(item) == "published"

    def test_submitting_stays_possible(self, county: County) -> None:
        item = county.draft(coordination_required=True, approval_required=True)
        asked(county, item)
        actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item)
        assert state(item) == "reviewing"

    def test_an_unanswered_question_stops_even_what_needed_none(self, county: County) -> None:
        item = county.reviewed(county.draft())
        row = asked(county, item)
        assert publishing(county, item) == "云川县交通运输局还没有答复。"
        answered(county, row, "agrees")
        assert publishing(county, item) == ""

    def test_a_coordination_is_no_approval(self, county: County) -> None:
        item = county.reviewed(county.draft(approval_required=True))
        answered(county, asked(county, item), "agrees")
        assert publishing(county, item) == "需要批准，还没有机关批准。"
        answered(county, asked(county, item, is_approval=True), "agrees")
        assert publishing(county, item) == ""

    def test_an_objection_is_overcome_by_the_same_organ_only(self, county: County) -> None:
        item = county.reviewed(county.draft(coordination_required=True))
        answered(county, asked(county, item), "objects", answer="数字有出入")
        answered(county, asked(county, item, organ="baishu"), "agrees", organ="baishu")
        assert publishing(county, item) == "云川县交通运输局不同意公开。"
        answered(county, asked(county, item), "agrees")
        assert publishing(county, item) == ""

    def test_a_later_objection_counts(self, county: County) -> None:
        item = county.reviewed(county.draft(coordination_required=True))
        answered(county, asked(county, item), "agrees")
        answered(county, asked(county, item), "objects", answer="情况有变")
        assert publishing(county, item) == "云川县交通运输局不同意公开。"

    def test_the_head_goes_on_against_a_coordination_for_a_reason(self, county: County) -> None:
        item = county.reviewed(county.draft(coordination_required=True))
        row = asked(county, item)
        answered(county, row, "objects", answer="不宜公开")
        head = county.person("qinghe", "office_head")
        assert refusal(about.set_aside_consultation, person=head, consultation=row, reason="") == "请写明为什么不等答复或者不采纳意见。"
        assert refusal(about.set_aside_consultation, person=county.person("qinghe", "drafter"), consultation=row, reason="x").startswith(
            "您在这个机关没有"
        )
        about.set_aside_consultation(person=head, on=DAY, consultation=row, reason="县政府办明确应当公开")
        assert publishing(county, item) == ""

    def test_no_reason_stands_in_for_an_approval(self, county: County) -> None:
        item = county.reviewed(county.draft())
        head, row = county.person("qinghe", "office_head"), asked(county, item, is_approval=True)
        about.set_aside_consultation(person=head, on=DAY, consultation=row, reason="发错了机关")
        # An approval once asked for must come, from whom it may.
        assert publishing(county, item) == "需要批准，还没有机关批准。"
        second = asked(county, item, is_approval=True)
        answered(county, second, "objects", answer="不批准")
        assert refusal(about.set_aside_consultation, person=head, consultation=second, reason="等不及") == (
            "报请批准没有同意的，不能公开，也不能用理由代替批准。"
        )
        assert publishing(county, item) == "需要批准，还没有机关批准；云川县交通运输局不同意公开。"


def revised(county: County, item: Item, **changes: object) -> Item:
    """The item changed and reviewed once more."""
    item = Item.objects.get(pk=item.pk)
    actions.revise(person=county.person("qinghe", "drafter"), on=DAY, item=item, content=content(**changes))
    return county.reviewed(Item.objects.get(pk=item.pk))


class TestAnAnswerIsAboutWhatWasAsked:
    """Consent to other words than those that go out is no consent."""

    def test_a_rewritten_body_is_asked_about_anew(self, county: County) -> None:
        item = county.draft(coordination_required=True)
        answered(county, asked(county, item), "agrees")
        item = revised(county, item, coordination_required=True, body="<p>全部改写的另一件事。</p>")
        old = "云川县交通运输局同意的是第1稿，内容后来有改动，要重新征求意见"
        assert publishing(county, item) == f"需要与其他机关协商、确认，还没有机关答复同意；{old}。"
        row = asked(county, item)
        assert publishing(county, item) == "需要与其他机关协商、确认，还没有机关答复同意；云川县交通运输局还没有答复。"
        answered(county, row, "agrees")
        assert publishing(county, item) == ""
        assert list(consultations_hold()) == []

    @pytest.mark.parametrize(
        "changes", [{"title": "另一个标题"}, {"summary": "另一个摘要"}, {"body": "<p>现将本镇2026年春季植树安排予以公开！</p>"}]
    )
    def test_every_part_that_the_organ_read_counts(self, county: County, changes: dict[str, object]) -> None:
        item = county.draft()
        answered(county, asked(county, item), "agrees")
        words = "云川县交通运输局同意的是第1稿，内容后来有改动，要重新征求意见。"
        assert publishing(county, revised(county, item, **changes)) == words

    def test_an_attachment_counts(self, county: County) -> None:
        item = county.draft()
        answered(county, asked(county, item), "agrees")
        actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="名单.txt", data=b"names")
        item = county.reviewed(Item.objects.get(pk=item.pk))
        assert publishing(county, item) == "云川县交通运输局同意的是第1稿，内容后来有改动，要重新征求意见。"

    def test_what_the_organ_was_not_asked_about_may_change(self, county: County) -> None:
        item = county.draft(coordination_required=True)
        answered(county, asked(county, item), "agrees")
        assert publishing(county, revised(county, item, coordination_required=True, keywords="植树", channels=("wechat",))) == ""

    def test_the_former_words_come_back(self, county: County) -> None:
        item = county.draft()
        answered(county, asked(county, item), "agrees")
        item = revised(county, item, body="<p>改过。</p>")
        assert publishing(county, item) != ""
        assert publishing(county, revised(county, item)) == ""

    def test_an_open_question_about_former_words_is_replaced_by_a_new_one(self, county: County) -> None:
        item = county.draft()
        old = asked(county, item)
        item = revised(county, item, body="<p>改过。</p>")
        assert publishing(county, item) == "云川县交通运输局没有答复，征求的是第1稿，内容后来有改动，要重新征求意见。"
        new = asked(county, item)
        head = county.person("jiaotong", "office_head")
        assert refusal(about.answer_consultation, person=head, consultation=old, verdict="agrees") == (
            "征求意见以后内容有改动，已经重新征求。请答复新的一次。"
        )
        assert [row.pk for row in about.open_for(head)] == [new.pk]
        client = client_of(head)
        assert "请答复新的一次" in client.get(reverse("office:consultation", args=[old.pk])).content.decode()
        answered(county, new, "agrees")
        assert publishing(county, item) == ""

    def test_the_head_goes_on_for_a_reason_and_only_with_these_words(self, county: County) -> None:
        item, head = county.draft(coordination_required=True), county.person("qinghe", "office_head")
        row = asked(county, item)
        answered(county, row, "agrees")
        assert refusal(about.set_aside_consultation, person=head, consultation=row, reason="x") == "这次征求意见已经办完，不用再说明理由。"
        item = revised(county, item, coordination_required=True, body="<p>只改了错别字。</p>")
        about.set_aside_consultation(person=head, on=DAY, consultation=row, reason="只改错别字，电话确认过")
        assert list(about.hindrances(Item.objects.get(pk=item.pk))) == []
        item = revised(county, item, coordination_required=True, body="<p>又全部改写。</p>")
        assert publishing(county, item).endswith("云川县交通运输局同意的是第1稿，内容后来有改动，要重新征求意见。")
        assert refusal(about.set_aside_consultation, person=head, consultation=row, reason="x") == "内容后来有改动，请重新征求意见。"
        answered(county, asked(county, item), "agrees")
        assert publishing(county, item) == ""
        assert list(consultations_hold()) == []

    def test_no_reason_stands_in_for_an_approval_of_other_words(self, county: County) -> None:
        item, head = county.draft(), county.person("qinghe", "office_head")
        row = asked(county, item, is_approval=True)
        answered(county, row, "agrees")
        item = revised(county, item, body="<p>改过。</p>")
        assert refusal(about.set_aside_consultation, person=head, consultation=row, reason="急") == (
            "批准的是第1稿，内容后来有改动，请重新报请批准，不能用理由代替。"
        )
        assert publishing(county, item).startswith("需要批准，还没有机关批准；")

    def test_an_objection_to_former_words_is_asked_about_anew_too(self, county: County) -> None:
        item = county.draft()
        answered(county, asked(county, item), "objects", answer="数字有出入")
        item = revised(county, item, body="<p>数字改好了。</p>")
        assert publishing(county, item) == "云川县交通运输局不同意的是第1稿，内容后来有改动，要重新征求意见。"

    def test_the_item_page_says_so(self, county: County) -> None:
        item = county.draft(coordination_required=True)
        answered(county, asked(county, item), "agrees")
        client, page = client_of(county.person("qinghe", "office_head")), reverse("office:item", args=[item.pk])
        said = "说的是第 1 稿。内容后来有改动，这个意见不算数，要重新征求意见。"
        assert said not in client.get(page).content.decode()
        revised(county, item, coordination_required=True, body="<p>改过。</p>")
        text = client.get(page).content.decode()
        assert said in text and "不再征求，说明理由…" in text
        assert "云川县交通运输局同意的是第1稿，内容后来有改动，要重新征求意见" in text


class TestAskingAndAnswering:
    """Who asks whom, and how an organ outside the platform answers."""

    def test_an_organ_outside_answers_by_letter(self, county: County) -> None:
        item = county.reviewed(county.draft(coordination_required=True))
        head = county.person("qinghe", "office_head")
        row = about.consult(person=head, on=DAY, item=item, organ_name="云川县 供电公司", question="停电范围")
        letter = {"verdict": "agrees", "answered_on": DAY, "evidence": "云供函〔2026〕3号，存党政办"}
        assert refusal(about.answer_consultation, person=head, consultation=row, verdict="agrees").startswith("这个机关不在平台上")
        assert refusal(about.record_consultation, person=head, consultation=row, **{**letter, "evidence": " "}).startswith("请填写凭证")
        early = DAY - datetime.timedelta(days=1)
        assert refusal(about.record_consultation, person=head, consultation=row, **{**letter, "answered_on": early}) == (
            "答复日期应当在2026-03-02（发出）和今天之间。"
        )
        about.record_consultation(person=head, on=DAY, consultation=row, **letter)
        assert publishing(county, item) == ""
        assert refusal(about.record_consultation, person=head, consultation=row, **letter) == "已经答复过了。意见有变化的，请对方重新征求。"

    def test_an_organ_of_the_platform_answers_itself(self, county: County) -> None:
        row = asked(county, county.draft())
        head = county.person("qinghe", "office_head")
        assert refusal(about.record_consultation, person=head, consultation=row, verdict="agrees", answered_on=DAY, evidence="电话") == (
            "这个机关在平台上，请由它自己答复。"
        )
        for organ, duty in (("qinghe", "office_head"), ("baishu", "office_head"), ("jiaotong", "first_reviewer")):
            assert refusal(about.answer_consultation, person=county.person(organ, duty), consultation=row, verdict="agrees").startswith(
                "您在这个机关没有"
            )
        assert refusal(about.answer_consultation, person=county.person("jiaotong", "drafter"), consultation=row, verdict="objects") == (
            "不同意公开的，请写明理由和依据。"
        )

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"question": " "}, "请写明要对方确认什么，例如哪一段涉及对方职责。"),
            ({"organ": None}, "请选择机关，或者填写平台以外机关的全称。"),
            ({"organ": "qinghe"}, "请选择本县的另一个机关；平台以外的机关请填写全称。"),
        ],
    )
    def test_a_question_names_whom_and_what(self, county: County, changes: dict[str, str | None], words: str) -> None:
        values: dict[str, object] = {"organ": "jiaotong", "question": "甲", **changes}
        values["organ"] = county.organs.get(str(values["organ"]))
        assert refusal(about.consult, person=county.person("qinghe", "drafter"), item=county.draft(), **values) == words

    def test_nobody_is_asked_twice_at_once(self, county: County) -> None:
        item = county.draft()
        asked(county, item)
        assert refusal(
            about.consult, person=county.person("qinghe", "drafter"), item=item, organ=county.organs["jiaotong"], question="再问"
        ) == "已经征求云川县交通运输局的意见，还没有答复，不用重复征求。"  # fmt: skip


class TestWhatTheAskedOrganSees:
    """The question, the text that was asked about and its files; nothing else of the item."""

    def test_it_waits_on_its_home_page_and_is_answered_there(self, county: County) -> None:
        item = county.draft(title="青禾镇农村公路养护计划")
        actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="计划.txt", data="养护计划".encode())
        row = asked(county, Item.objects.get(pk=item.pk))
        digest = row.revision.content["attachments"][0]["digest"]
        actions.revise(
            person=county.person("qinghe", "drafter"), on=DAY, item=item, content=content(title="后来改的标题", body="后来改的正文")
        )
        client = client_of(county.person("jiaotong", "drafter"))
        page = reverse("office:consultation", args=[row.pk])
        assert page in client.get(reverse("office:home")).content.decode()
        told = client.get(page).content.decode()
        assert "青禾镇农村公路养护计划" in told and "养护资金数字是否一致" in told and "植树安排予以公开" in told
        assert "后来改的" not in told and item.index_number not in told
        file = client.get(reverse("office:consultation_file", args=[row.pk, digest]))
        assert b"".join(file.streaming_content) == "养护计划".encode()
        assert client.get(reverse("office:consultation_file", args=[row.pk, "0" * 64])).status_code == 404
        assert client.get(reverse("office:item", args=[item.pk])).status_code == 404
        assert client.get(reverse("office:attachment", args=[item.pk, digest])).status_code == 404
        refused = client.post(page, {"verdict": "objects", "answer": ""})
        assert refused.status_code == 422 and "请写明理由和依据" in refused.content.decode()
        assert client.post(page, {"verdict": "objects", "answer": "数字有出入"}).status_code == 302
        assert page not in client.get(reverse("office:home")).content.decode()
        own = client_of(county.person("qinghe", "drafter")).get(reverse("office:item", args=[item.pk])).content.decode()
        assert "数字有出入" in own and "针对第 2 稿" in own

    def test_other_organs_know_nothing_of_it(self, county: County) -> None:
        row = asked(county, county.draft())
        for organ, duty in (("baishu", "office_head"), ("qinghe", "office_head"), ("jiaotong", "first_reviewer")):
            client = client_of(county.person(organ, duty))
            assert client.get(reverse("office:consultation", args=[row.pk])).status_code == 404
            assert client.post(reverse("office:consultation", args=[row.pk]), {"verdict": "agrees"}).status_code == 404


class TestProof:
    """What the database refuses, and what ``gongkai verify`` compares."""

    def test_every_step_names_its_entry(self, county: County) -> None:
        item = county.draft()
        answered(county, asked(county, item), "objects", answer="不宜公开")
        about.set_aside_consultation(
            person=county.person("qinghe", "office_head"), on=DAY, consultation=Consultation.objects.get(), reason="应当公开"
        )
        assert list(consultations_hold()) == []

    def test_an_answer_is_given_once(self, county: County) -> None:
        answered(county, asked(county, county.draft()), "objects", answer="不宜公开")
        for statement, words in (
            ("UPDATE disclosure_consultation SET verdict = 'agrees'", "已经办完"),
            ("UPDATE disclosure_consultation SET question = '别的'", "不能改动或者删除"),
            ("DELETE FROM disclosure_consultation", "不能改动或者删除"),
        ):
            with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)

    def test_an_answer_that_nobody_gave_is_found(self, county: County) -> None:
        row = asked(county, county.draft())
        Consultation.objects.filter(pk=row.pk).update(verdict="agrees", answered_on=DAY, answered=row.sent)
        assert len(list(consultations_hold())) == 1

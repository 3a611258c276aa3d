"""Every address of the office, walked as every post of the own and of a foreign organ, and as a stranger.

The table below says who gets in, written from the law's division of work and not from the code. 404 hides what is not one's
business, 403 answers who sees a thing but has no post for the act, 302 after a POST means that the post is right (the act may
still be refused with words, since nothing but the address is sent). ``ACTS`` holds the same table against the permission table.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from gongkai.web.agencies.accounts.models import SessionMark
from gongkai.web.agencies.permissions import actions as permitted
from gongkai.web.agencies.permissions import post_kinds
from gongkai.web.demo.evidence import proof_of
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about import actions as about_actions
from gongkai.web.disclosure.about import consultations
from gongkai.web.disclosure.channels.actions import Target, set_endpoint
from gongkai.web.disclosure.channels.transfers import Terms, make_list
from gongkai.web.disclosure.joint import actions as joint_actions
from gongkai.web.disclosure.material import actions as material_actions
from gongkai.web.disclosure.material.values import Handing
from gongkai.web.disclosure.past import actions as past_actions
from gongkai.web.disclosure.registers import actions as register_actions
from gongkai.web.disclosure.standing import actions as standing_actions
from gongkai.web.disclosure.standing import catalogs
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.office.lists import saved
from gongkai.web.settings import moment
from tests.web import solicited, suggested, watched
from tests.web.conftest import DAY, County

WORKERS = {"drafter", "first_reviewer", "second_reviewer", "final_reviewer", "secrecy_reviewer", "office_head", "report_officer"}
ALL = set(post_kinds())
# A contributor hands in material and sees nothing else of an organ.
INSIDERS = ALL - {"contributor"}
# Who sees the registers of an organ.
SIGHTED = WORKERS | {"authority"}
# Who keeps the registers that the annual report counts.
KEEPERS = {"drafter", "report_officer", "office_head"}
# Who takes up what others hand in.
TAKERS = {"drafter", "office_head"}
# Who passes a stage of a review.
REVIEWERS = {"first_reviewer", "second_reviewer", "final_reviewer", "secrecy_reviewer", "office_head"}
# Who says that something found must not be published.
REJECTERS = REVIEWERS | {"drafter"}
# Who sees all organs of the county.
SEERS = {"authority", "system_admin", "security_admin", "auditor"}
# Address → (arguments, method, posts of the own organ that get in, posts of the county above that get in).
TABLE: dict[str, tuple[tuple[str, ...], str, set[str], set[str]]] = {
    "office:home": ((), "get", ALL, ALL),
    "office:items": ((), "get", ALL, ALL),
    "office:save_view": ((), "post", ALL, ALL),
    "office:change_view": (("view",), "post", {"drafter"}, set()),
    "office:items_export": ((), "post", {"drafter", "office_head", "authority"}, {"drafter", "office_head", "authority"}),
    "office:item_catalog": (("item",), "get", {"drafter", "office_head"}, set()),
    "office:standing": (("organ",), "get", WORKERS, {"authority"}),
    "office:standing_stand": (("organ",), "post", {"office_head"}, set()),
    "office:standing_down": (("organ", "standing"), "post", {"office_head"}, set()),
    "office:negative_list": (("organ",), "get", WORKERS, {"authority"}),
    "office:negative_import": (("organ",), "get", {"office_head", "secrecy_reviewer"}, set()),
    "office:negative_export": (("organ",), "get", WORKERS, {"authority"}),
    "office:negative_end": (("organ", "term"), "post", {"office_head", "secrecy_reviewer"}, set()),
    "office:catalog": (("organ",), "get", WORKERS, {"authority"}),
    "office:catalog_import": (("organ",), "get", {"drafter", "office_head"}, set()),
    "office:catalog_run": (("organ", "catalog"), "get", WORKERS, {"authority"}),
    "office:catalog_decide": (("organ", "catalog"), "post", {"office_head", "final_reviewer"}, set()),
    "office:catalog_export": (("organ",), "get", WORKERS, {"authority"}),
    "office:draft": ((), "get", {"drafter", "office_head"}, {"drafter", "office_head"}),
    "office:item": (("item",), "get", WORKERS, {"authority"}),
    "office:revise": (("item",), "get", {"drafter", "office_head"}, set()),
    "office:submit": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:recall": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:discard": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:review": (("item",), "post", REVIEWERS, set()),
    "office:hand_over": (("item",), "post", REVIEWERS | {"office_head"}, set()),
    "office:remark": (("item",), "post", WORKERS, {"authority"}),
    "office:urgent": (("item",), "get", {"drafter", "office_head"}, set()),
    "office:compare": (("item",), "get", WORKERS, {"authority"}),
    "office:add_joint": (("shared",), "post", {"drafter", "office_head"}, set()),
    "office:remove_joint": (("shared", "partner"), "post", {"drafter", "office_head"}, set()),
    "office:stages": (("organ",), "get", {"office_head"}, {"authority"}),
    "office:attach": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:detach": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:rename": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:attachment": (("item", "digest"), "get", WORKERS, {"authority"}),
    "office:answer_hit": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:reject_hit": (("item",), "post", REJECTERS, set()),
    "office:mask_hit": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:publish": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:schedule": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:unschedule": (("item",), "post", {"drafter", "office_head"}, set()),
    "office:withdraw": (("item", "publication"), "post", {"office_head"}, set()),
    "office:delivery": (("delivery",), "get", WORKERS, {"authority"}),
    "office:add_evidence": (("delivery",), "post", {"drafter", "office_head"}, set()),
    "office:never_carried": (("delivery",), "post", {"drafter", "office_head"}, set()),
    "office:push_retry": (("delivery",), "post", {"drafter", "office_head"}, set()),
    "office:evidence": (("evidence",), "get", WORKERS, {"authority"}),
    "office:channels": ((), "get", SIGHTED, SIGHTED),
    "office:channel_rows": ((), "get", SIGHTED, SIGHTED),
    "office:channels_export": ((), "get", SIGHTED, SIGHTED),
    "office:waiting": ((), "get", {"drafter", "office_head"}, {"drafter", "office_head"}),
    "office:parcel": (("organ", "channel"), "post", {"drafter", "office_head"}, set()),
    "office:confirm_together": (("organ", "channel"), "post", {"drafter", "office_head"}, set()),
    "office:transfers": ((), "get", SIGHTED, SIGHTED),
    "office:transfer": (("transfer",), "get", WORKERS, {"authority"}),
    "office:transfer_file": (("transfer", "transfer_kind"), "get", WORKERS, {"authority"}),
    "office:transfer_hand_over": (("transfer",), "post", {"drafter", "office_head"}, set()),
    "office:transfer_void": (("transfer",), "post", {"office_head"}, set()),
    "office:endpoints": ((), "get", {"system_admin"}, {"system_admin"}),
    "office:end_endpoint": (("endpoint",), "post", {"system_admin"}, {"system_admin"}),
    "office:registers": ((), "get", SIGHTED, SIGHTED),
    "office:register_add": ((), "get", KEEPERS, KEEPERS),
    "office:register_import": ((), "get", KEEPERS - {"drafter"}, KEEPERS - {"drafter"}),
    "office:register_export": ((), "get", SIGHTED, SIGHTED),
    "office:declared": ((), "get", SIGHTED, SIGHTED),
    "office:nil_returns": ((), "get", SIGHTED, SIGHTED),
    "office:table_two": ((), "get", SIGHTED, SIGHTED),
    "office:register_correct": (("register", "row"), "get", KEEPERS, set()),
    "office:register_strike": (("register", "row"), "post", KEEPERS - {"drafter"}, set()),
    "office:system": ((), "get", {"system_admin"}, {"system_admin"}),
    "office:reindex": (("organ",), "post", {"system_admin"}, {"system_admin"}),
    "office:materials": ((), "get", TAKERS, TAKERS),
    "office:hand_in": ((), "get", {"contributor"}, {"contributor"}),
    "office:my_material": ((), "get", {"contributor"}, {"contributor"}),
    "office:material_credits": ((), "get", TAKERS, TAKERS),
    "office:material_credits_export": ((), "get", {"office_head"}, {"office_head"}),
    "office:material_units": ((), "get", {"office_head"}, {"office_head"}),
    "office:material_close_unit": (("unit",), "post", {"office_head"}, set()),
    "office:material_join_unit": (("unit",), "post", {"office_head"}, set()),
    "office:material_leave_unit": (("unit", "member"), "post", {"office_head"}, set()),
    "office:material": (("material",), "get", TAKERS | {"contributor"}, set()),
    "office:material_file": (("material", "material_digest"), "get", TAKERS | {"contributor"}, set()),
    "office:material_take": (("material",), "post", TAKERS, set()),
    "office:material_assign": (("material",), "post", {"office_head"}, set()),
    "office:material_merge": (("material",), "post", TAKERS, set()),
    "office:material_decline": (("material",), "post", TAKERS, set()),
    "office:material_draft": (("material",), "get", TAKERS, set()),
    "office:material_add_to_draft": (("material",), "post", TAKERS, set()),
    "office:validity": (("item",), "get", {"office_head"}, set()),
    "office:links": (("item",), "get", {"drafter", "office_head"}, set()),
    "office:unlink": (("item", "link"), "post", {"drafter", "office_head"}, set()),
    "office:consult": (("item",), "get", {"drafter", "office_head"}, set()),
    "office:record": (("item", "outside"), "get", {"office_head"}, set()),
    "office:set_aside": (("item", "outside"), "post", {"office_head"}, set()),
    "office:consultations": ((), "get", {"drafter", "office_head"}, {"drafter", "office_head"}),
    "office:consultation": (("consultation",), "get", {"drafter", "office_head"}, set()),
    "office:consultation_file": (("consultation", "asked_digest"), "get", {"drafter", "office_head"}, set()),
    "office:topics": ((), "get", SIGHTED, SIGHTED),
    "office:numbering": (("organ",), "get", {"office_head"}, {"authority"}),
    "office:organs": ((), "get", INSIDERS, INSIDERS),
    "office:organ": (("organ",), "get", INSIDERS, SEERS),
    "office:change_organ": (("organ",), "get", {"office_head", "system_admin"}, {"system_admin"}),
    "office:add_organ": (("organ",), "post", {"system_admin"}, {"system_admin"}),
    "office:add_person": (("organ",), "post", {"system_admin"}, {"system_admin"}),
    "office:appoint": (("organ",), "post", {"security_admin"}, {"security_admin"}),
    "office:dismiss": (("organ", "post"), "post", {"security_admin"}, {"security_admin"}),
    "office:unlock": (("organ",), "post", {"security_admin"}, {"security_admin"}),
    "office:past": ((), "get", SIGHTED, SIGHTED),
    "office:past_run": (("past",), "get", SIGHTED, {"authority"}),
    "office:past_clear": (("past",), "post", {"secrecy_reviewer"}, set()),
    "office:beginning": (("organ",), "get", SIGHTED, {"authority"}),
    "office:past_decide": (("past",), "post", {"office_head", "final_reviewer"}, set()),
    "office:watch": ((), "get", SIGHTED, SIGHTED),
    "office:columns": ((), "get", SIGHTED, SIGHTED),
    "office:organ_columns": (("organ",), "get", WORKERS, {"authority"}),
    "office:penalties": ((), "get", SIGHTED, SIGHTED),
    "office:overturned": (("penalty",), "get", {"drafter", "office_head"}, set()),
    "office:withheld": ((), "get", SIGHTED, SIGHTED),
    "office:reassess": (("withheld",), "get", {"office_head"}, set()),
    "office:pairs": ((), "get", {"office_head", "authority"}, {"office_head", "authority"}),
    "office:pair": (("pair",), "get", {"office_head"}, {"authority"}),
    "office:error_reports": ((), "get", SIGHTED, SIGHTED),
    "office:error_report": (("report",), "get", WORKERS, {"authority"}),
    "office:suggestions": ((), "get", SIGHTED, SIGHTED),
    "office:suggestion": (("suggestion",), "get", WORKERS, {"authority"}),
    "office:keep_suggestion": (("promise",), "post", {"drafter", "office_head"}, set()),
    "office:solicitations": ((), "get", {"drafter", "office_head", "authority"}, {"drafter", "office_head", "authority"}),
    "office:solicit": (("for_comment",), "get", {"office_head"}, set()),
    "office:solicitation": (("call",), "get", {"drafter", "office_head"}, {"authority"}),
    "office:enter_opinion": (("call",), "get", {"drafter", "office_head"}, set()),
    "office:solicit_summary": (("call",), "get", {"drafter", "office_head"}, set()),
    "office:opinion": (("opinion",), "get", {"drafter", "office_head"}, {"authority"}),
    "office:questionnaires": ((), "get", {"drafter", "office_head", "authority"}, {"drafter", "office_head", "authority"}),
    "office:questionnaire_new": ((), "get", {"office_head", "authority"}, {"office_head", "authority"}),
    "office:questionnaire": (("questionnaire",), "get", {"drafter", "office_head"}, {"authority"}),
    # The county's authority asks in the county's name, and looks at what organs below asked.
    "office:questionnaire_publish": (("questionnaire",), "post", {"office_head", "authority"}, set()),
    "office:ledger": ((), "get", {"office_head", "authority", "auditor"}, {"office_head", "authority", "auditor"}),
    "office:ledger_entry": (("entry",), "get", {"office_head", "authority", "auditor"}, {"authority", "auditor"}),
    # The chain is the county's: its auditor alone takes entries or the anchor out.
    "office:ledger_export": ((), "post", set(), {"auditor"}),
    "office:ledger_anchor": ((), "get", set(), {"auditor"}),
    "office:account": ((), "get", ALL, ALL),
    "office:end_session": (("mark",), "post", {"drafter"}, set()),
    "office:signins": ((), "get", {"security_admin", "auditor"}, {"security_admin", "auditor"}),
    "office:signins_export": (("organ",), "post", {"security_admin", "auditor"}, {"security_admin", "auditor"}),
    "office:person": (("organ", "person"), "get", SEERS - {"authority"}, SEERS - {"authority"}),
    "office:account_act": (("organ", "person", "account_act"), "post", {"security_admin"}, {"security_admin"}),
}


# Address → the acts that it does, by their names in the permission table; the others concern one's own things or only show.
ACTS: dict[str, tuple[str, ...]] = {
    "office:items_export": ("disclosure.export",),
    "office:standing_stand": ("standing.stand",),
    "office:standing_down": ("standing.stand_down",),
    "office:negative_end": ("standing.allow_again",),
    "office:submit": ("disclosure.submit",),
    "office:recall": ("disclosure.recall",),
    "office:discard": ("disclosure.discard",),
    "office:review": ("review.first", "review.second", "review.final", "review.legal", "review.secrecy"),
    "office:hand_over": ("review.hand_over",),
    "office:remark": ("review.comment",),
    "office:add_joint": ("disclosure.add_joint_organ",),
    "office:remove_joint": ("disclosure.remove_joint_organ",),
    "office:attach": ("disclosure.attach",),
    "office:rename": ("disclosure.rename",),
    "office:reject_hit": ("disclosure.reject_hit",),
    "office:detach": ("disclosure.detach",),
    "office:answer_hit": ("disclosure.answer_hit", "disclosure.call_mistaken"),
    "office:mask_hit": ("disclosure.mask",),
    "office:publish": ("disclosure.publish",),
    "office:schedule": ("disclosure.schedule",),
    "office:unschedule": ("disclosure.unschedule",),
    "office:withdraw": ("disclosure.withdraw",),
    "office:add_evidence": ("channels.add_evidence",),
    "office:push_retry": ("channels.retry",),
    "office:parcel": ("disclosure.confirm_delivery",),
    "office:confirm_together": ("channels.confirm",),
    "office:transfer_hand_over": ("channels.hand_over",),
    "office:transfer_void": ("channels.void_list",),
    "office:end_endpoint": ("channels.end_endpoint",),
    "office:register_strike": ("disclosure.strike",),
    "office:reindex": ("platform.reindex",),
    "office:material_close_unit": ("material.close_unit",),
    "office:material_join_unit": ("material.join_unit",),
    "office:material_leave_unit": ("material.leave_unit",),
    "office:material_take": ("material.take",),
    "office:material_assign": ("material.assign",),
    "office:material_merge": ("material.merge",),
    "office:material_decline": ("material.decline",),
    "office:material_add_to_draft": ("material.add_to_draft",),
    "office:unlink": ("disclosure.unlink",),
    "office:set_aside": ("disclosure.set_aside_consultation",),
    "office:add_organ": ("agencies.add",),
    "office:add_person": ("people.add",),
    "office:appoint": ("people.appoint",),
    "office:dismiss": ("people.dismiss",),
    "office:unlock": ("people.unlock",),
    "office:past_decide": ("past.decide",),
    "office:catalog_decide": ("standing.decide_catalog",),
    "office:past_clear": ("past.clear",),
    "office:never_carried": ("channels.never_carried",),
    "office:ledger_export": ("ledger.export",),
    "office:signins_export": ("accounts.export_signins",),
    "office:account_act": ("accounts.suspend",),
    "office:questionnaire_publish": ("survey.publish_figures",),
    "office:keep_suggestion": ("suggest.keep",),
}
# What everybody does with his own things: views of lists, sessions.
OWN_THINGS = {"office:save_view", "office:change_view", "office:end_session"}


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def things(county: County) -> dict[str, Any]:
    return everything(county)


def everything(county: County) -> dict[str, Any]:
    """One of each thing that an address of the office names."""
    item = county.draft(channels=("wechat",))
    actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="名单.txt", data="植树点名单".encode())
    item = county.reviewed(item.__class__.objects.get(pk=item.pk))
    publication = actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
    delivery = publication.deliveries.get(channel="wechat")
    return {
        "item": publication.item_id,
        **_joint(county),
        "publication": publication.pk,
        "digest": publication.revision.content["attachments"][0]["digest"],
        "delivery": delivery.pk,
        "channel": "wechat",
        "transfer_kind": "xlsx",
        **channelled(county),
        "past": past_run(county).pk,
        "catalog": catalog_run(county).pk,
        **standing_in(county),
        "penalty": watched.penalty_publication(county).item_id,
        "withheld": watched.withheld_item(county).pk,
        "pair": watched.two_alike(county).pk,
        "report": watched.reported(publication)[0].pk,
        "suggestion": suggested.suggested(county)[0].pk,
        "promise": suggested.answered(county, suggested.suggested(county, wanted="村级账目", address="192.0.2.6")[0]).suggestion_id,
        **said_about(county, publication.item),
        **asked_of_the_public(county),
        "register": "penalty",
        "row": penalty(county).pk,
        **handed_in(county),
        "organ": county.organs["qinghe"].pk,
        "post": county.person("qinghe", "drafter").posts.get().pk,
        "person": county.person("qinghe", "drafter").pk,
        "account_act": "suspend",
        "entry": LedgerEntry.objects.get(action="disclosure.publish", object_id=publication.item_id).pk,
        "mark": SessionMark.objects.create(
            person=county.person("qinghe", "drafter"), address="10.0.0.1", device="别处", begun_at=moment.now(), seen_at=moment.now()
        ).pk,
    }


def said_about(county: County, item: Any) -> dict[str, Any]:
    """A tie of an item, a letter it waits for, and a question of the transport bureau to the township."""
    drafter, bureau = county.person("qinghe", "drafter"), county.person("jiaotong", "drafter")
    link = about_actions.link(person=drafter, on=DAY, document=item, url="https://example.gov.cn/", title="访谈", form_of="interview")
    outside = consultations.consult(person=drafter, on=DAY, item=item, organ_name="云川县供电公司", question="停电范围")
    theirs = actions.attach(person=bureau, on=DAY, item=county.draft("jiaotong"), name="路段.txt", data="路段".encode())
    asked = consultations.consult(person=bureau, on=DAY, item=theirs, organ=county.organs["qinghe"], question="路段是否一致")
    digest = theirs.current.content["attachments"][0]["digest"]
    return {"link": link.pk, "outside": outside.pk, "consultation": asked.pk, "asked_digest": digest}


def asked_of_the_public(county: County) -> dict[str, Any]:
    """A call for opinions that is open, an opinion, and a questionnaire."""
    today = moment.today()
    call = solicited.called(county, on=today)
    questionnaire = solicited.surveyed(county, on=today, until_on=today + datetime.timedelta(days=20))
    for_comment = county.published(**solicited.DRAFT).item_id
    return {
        "for_comment": for_comment,
        "call": call.pk,
        "opinion": solicited.sent(call, name="王建国")[0].pk,
        "questionnaire": questionnaire.pk,
    }


def standing_in(county: County) -> dict[str, Any]:
    """A guide, a term of the negative list, and the drafter's own view."""
    head, organ = county.person("qinghe", "office_head"), county.organs["qinghe"]
    guide = county.published(title="公开指南", kind="guide", column="a20_02").item
    [term] = standing_actions.forbid(person=head, on=DAY, agency=organ, terms=[{"term": "低保家庭", "reason": "隐私"}])
    return {
        "standing": standing_actions.stand(person=head, on=DAY, item=guide).pk,
        "term": term.pk,
        "view": saved.save(person=county.person("qinghe", "drafter"), name="草稿", query="state=draft").pk,
    }


def catalog_run(county: County) -> Any:
    """A file that is to be the organ's catalogue and waits for approval."""
    head = "序号,一级事项,二级事项,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体,公开对象,公开方式"
    row = "1,政策文件,,社会救助政策,《社会救助暂行办法》,20个工作日内,青禾镇,政府网站,全社会,主动"
    said = {"agency": county.organs["qinghe"], "field": "g15", "file_name": "目录.csv", "data": f"{head}\n{row}".encode()}
    return catalogs.hand_in_catalog(person=county.person("qinghe", "office_head"), on=DAY, **said)


def past_run(county: County) -> Any:
    """A file of past publications that waits for approval."""
    data = "标题,正文,发布日期\n旧通知,旧通知的正文。,2012-06-05\n".encode()
    said = {"agency": county.organs["qinghe"], "file_name": "旧网站.csv", "data": data, "source": "原网站"}
    return past_actions.hand_in(person=county.person("qinghe", "office_head"), on=DAY, **said)


def channelled(county: County) -> dict[str, Any]:
    """Evidence of a posting, a hand-over list and an endpoint of the township."""
    drafter, organ = county.person("qinghe", "drafter"), county.organs["qinghe"]
    posted = county.published(channels=("weibo", "notice_board")).deliveries.get(channel="notice_board")
    posted = actions.confirm_delivery(person=drafter, on=DAY, delivery=posted, proof=proof_of(posted))
    terms = Terms(since_on=DAY, until_on=DAY, receivers="县档案馆")
    transfer = make_list(person=drafter, on=DAY, agency=organ, terms=terms)
    target = Target(channel="radio", url="https://push.example/")
    endpoint, _ = set_endpoint(person=county.person("yunchuan", "system_admin"), on=DAY, agency=organ, target=target)
    return {"evidence": posted.pieces.get().pk, "transfer": transfer.pk, "endpoint": endpoint.pk}


def _joint(county: County) -> dict[str, Any]:
    """A joint document of the township and the department."""
    item, partner = county.draft(kind="joint"), county.organs["jiaotong"]
    joint_actions.add_joint_organ(person=county.person("qinghe", "drafter"), on=DAY, item=item, organ=partner)
    return {"shared": item.pk, "partner": partner.pk}


def penalty(county: County) -> Any:
    """A penalty decision in the township's register."""
    values = {"number": "青禾罚决〔2026〕1号", "decided_on": DAY, "matter": "焚烧秸秆", "is_published": True}
    keeper = county.person("qinghe", "report_officer")
    return register_actions.register_row(person=keeper, on=DAY, agency=county.organs["qinghe"], register="penalty", values=values)


def handed_in(county: County) -> dict[str, Any]:
    """A material of a village of the township."""
    head, villager, organ = county.person("qinghe", "office_head"), county.person("qinghe", "contributor"), county.organs["qinghe"]
    unit = material_actions.open_unit(person=head, on=DAY, agency=organ, name="清河村", kind="village")
    member = material_actions.join_unit(person=head, on=DAY, unit=unit, newcomer=villager)
    said = Handing(title="机耕道修好了", body="三公里。", happened_on=DAY)
    marks = {"sender": organ, "unit": unit, "agency": organ, "uploads": [("照片.txt", b"text")]}
    made = material_actions.hand_in(person=villager, on=DAY, handing=said, **marks)
    return {"unit": unit.pk, "member": member.pk, "material": made.pk, "material_digest": made.files[0]["digest"]}


def _answer(client: Client, name: str, things: dict[str, Any]) -> int:
    arguments, method, _, _ = TABLE[name]
    address = reverse(name, args=[things[argument] for argument in arguments])
    somebody = {"appointee": things["person"], "locked": things["person"], "item": things["item"]} if method == "post" else {}
    answer = getattr(client, method)(address, somebody)
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, a file closes itself
    status: int = answer.status_code
    return status


def test_the_table_names_every_address() -> None:
    patterns = get_resolver().url_patterns
    office = next(pattern for pattern in patterns if str(pattern.pattern) == "office/")
    assert {f"office:{pattern.name}" for pattern in office.url_patterns} == set(TABLE)


def test_every_act_is_named() -> None:
    assert {name for name, (_, method, _, _) in TABLE.items() if method == "post"} == set(ACTS) | OWN_THINGS


@pytest.mark.parametrize("name", sorted(ACTS))
def test_the_table_says_what_the_permission_table_says(name: str) -> None:
    """An officer of the organ acts in it, one of the county only where his post reaches below; lists are for who may anywhere."""
    arguments, _, own, above = TABLE[name]
    may = {duty: far for act in ACTS[name] for duty, far in permitted()[act].items()}
    only_county = {duty for duty, kind in post_kinds().items() if "county" in kind.only_in}
    assert own | (above if not arguments else above & only_county) == set(may)
    assert above == ({duty for duty, far in may.items() if far == "below"} if arguments else set(may))


def fits(status: int, method: str, *, lets_in: bool) -> bool:
    """Whether the answer is the one that is due: never anything but 403 or 404 to who has no business there."""
    if not lets_in:
        return status == 404 if method == "get" else status in (403, 404)
    return status == (302 if method == "post" else 200)


@pytest.mark.parametrize("duty", sorted(ALL))
def test_own_organ(county: County, things: dict[str, Any], duty: str) -> None:
    client = client_of(county.person("qinghe", duty))
    for name, (_, method, own, above) in TABLE.items():
        # A supervisor's reach begins in his own organ.
        lets_in = own | (above & {"authority"})
        status = _answer(client, name, things)
        assert fits(status, method, lets_in=duty in lets_in), (name, status)


@pytest.mark.parametrize("duty", sorted(ALL))
def test_foreign_organ(county: County, things: dict[str, Any], duty: str) -> None:
    before = LedgerEntry.objects.count()
    client = client_of(county.person("baishu", duty))
    for name, (arguments, method, own, _) in TABLE.items():
        expected = (302 if method == "post" else 200) if duty in own and not arguments else 404
        assert (name, _answer(client, name, things)) == (name, expected)
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("duty", sorted(ALL))
def test_the_county_above(county: County, things: dict[str, Any], duty: str) -> None:
    """The county's own officers are strangers in a township; only those that supervise see it, and none of them acts there."""
    # The security administrator may unlock an account, the system administrator has the index rebuilt; nothing else.
    acts = LedgerEntry.objects.exclude(action__in=("people.unlock", "platform.reindex"))
    before = acts.count()
    client = client_of(county.person("yunchuan", duty))
    for name, (_, method, _, above) in TABLE.items():
        status = _answer(client, name, things)
        assert fits(status, method, lets_in=duty in above), (name, status)
    assert acts.count() == before


def test_a_stranger_is_sent_to_sign_in(county: County, things: dict[str, Any]) -> None:
    for name, (arguments, method, _, _) in TABLE.items():
        address = reverse(name, args=[things[argument] for argument in arguments])
        answer = getattr(Client(), method)(address)
        assert (name, answer.status_code, answer["Location"].split("?")[0]) == (name, 302, "/account/login/")


@pytest.mark.parametrize("duty", sorted(ALL))
def test_only_who_may_act_acts(county: County, duty: str) -> None:
    """Posting every act on a draft under review: the ledger grows only by the act that the post allows."""
    item = county.draft()
    county.reviewed(item, stop_after=0)
    run = item.current.runs.get()
    client = client_of(county.person("qinghe", duty))
    known = set(LedgerEntry.objects.values_list("pk", flat=True))
    for name in ("submit", "publish", "discard", "answer_hit", "mask_hit", "reject_hit", "rename"):
        client.post(reverse(f"office:{name}", args=[item.pk]), {"reason": "试一试"})
    client.post(reverse("office:review", args=[item.pk]), {"run": run.pk, "verdict": "return", "comment": "试一试"})
    client.post(reverse("office:recall", args=[item.pk]), {"reason": "试一试"})
    done = list(LedgerEntry.objects.exclude(pk__in=known).values_list("action", flat=True))
    assert done == {"first_reviewer": ["review.first"], "drafter": ["disclosure.recall"], "office_head": ["disclosure.recall"]}.get(
        duty, []
    )


def test_lists_and_choosers_show_the_own_organ_only(county: County) -> None:
    county.published(title="青禾镇的信息")
    county.published("baishu", title="柏树乡的信息")
    client = client_of(county.person("qinghe", "drafter"))
    page = client.get(reverse("office:items")).content.decode()
    assert "青禾镇的信息" in page
    assert "柏树乡" not in page
    assert "柏树乡" not in client.get(reverse("office:draft")).content.decode()
    ledger = client_of(county.person("qinghe", "office_head")).get(reverse("office:ledger")).content.decode()
    assert "baishu" not in ledger and "柏树乡" not in ledger
    above = client_of(county.person("yunchuan", "authority")).get(reverse("office:items")).content.decode()
    assert "青禾镇的信息" in above and "柏树乡的信息" in above


def test_a_draft_cannot_be_slipped_into_a_foreign_organ(county: County) -> None:
    client = client_of(county.person("qinghe", "drafter"))
    county.person("baishu", "drafter")
    values = {
        "agency": county.organs["baishu"].pk, "title": "越权", "kind": "notice", "column": "a20_13", "formed_on": "2026-03-01",
        "body": "<p>x</p>", "primary_channel": "site", "attribute": "proactive",
    }  # fmt: skip
    assert client.post(reverse("office:draft"), values).status_code == 422
    assert not LedgerEntry.objects.exists()


def test_a_person_without_access_any_more_is_out(county: County) -> None:
    drafter = county.person("qinghe", "drafter")
    client = client_of(drafter)
    drafter.is_active = False
    drafter.save()
    assert client.get(reverse("office:home")).status_code == 302


@pytest.mark.parametrize("duty", sorted(ALL - {"system_admin", "security_admin"}))
def test_only_administrators_change_people_and_organs(county: County, duty: str) -> None:
    """Posting every act of the administrators leaves nothing behind, from the own organ and from the county above."""
    organ = county.organs["qinghe"]
    post = county.person("qinghe", "report_officer" if duty == "drafter" else "drafter").posts.get()
    for place in ("qinghe", "yunchuan"):
        client = client_of(county.person(place, duty))
        known = LedgerEntry.objects.count()
        values = {
            "code": "xin", "kind": "township", "name": "新镇", "short_name": "新镇", "username": "xin", "full_name": "新人",
            "appointee": post.person_id, "duty": "office_head", "from_on": "2026-03-02", "until_on": "2026-03-02", "reason": "试", "locked": post.person_id,
        }  # fmt: skip
        for name in ("add_organ", "add_person", "appoint", "unlock"):
            client.post(reverse(f"office:{name}", args=[organ.pk]), values)
        client.post(reverse("office:dismiss", args=[organ.pk, post.pk]), values)
        assert LedgerEntry.objects.count() == known


@pytest.mark.parametrize("address", ["signup/", "email/", "password/reset/", "password/reset/done/", "password/set/"])
def test_nobody_makes_or_recovers_an_account_himself(address: str) -> None:
    assert Client().get(f"/account/{address}").status_code == 404

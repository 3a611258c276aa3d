"""Every page of the platform with somebody who may see it: what the walks in the browser and in English go through."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from gongkai.report import Cell
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about.actions import open_topic
from gongkai.web.disclosure.about.models import SpecialTopic
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.questionnaires import actions as questionnaires
from gongkai.web.disclosure.soliciting.models import Solicitation
from gongkai.web.disclosure.suggesting import actions as suggesting
from gongkai.web.filing.reading import read_due
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import stages
from tests.factories import without_table
from tests.web import solicited, suggested, watched
from tests.web.conftest import DAY, REVIEWERS, County
from tests.web.test_published_reports import a_year, as_file, publish_files
from tests.web.test_standing import ONE, filed
from tests.web.test_walk import TABLE, everything

ENDED = solicited.LAST + datetime.timedelta(days=1)
# As long as a title may be, with a name in it that nothing breaks.
LONG = f"青禾镇人民政府关于{'进一步做好春季森林防火和秸秆禁烧工作' * 8}的通知（{'ABCDEFGH' * 4}）"

# Addresses that give a file to keep and no page.
FILES = {
    "office:attachment", "office:catalog_export", "office:channels_export", "office:consultation_file", "office:evidence", "office:ledger_anchor",
    "office:material_credits_export", "office:material_file", "office:negative_export", "office:register_export", "office:transfer_file",
}  # fmt: skip
# Who looks at a page, when several may: first those who have the most to do there.
IN_TOWNSHIP = ("office_head", "drafter", "contributor", "report_officer")
# The columns that every organ has.
FIXED = ("guide", "rules", "content", "reports", "request")
IN_COUNTY = ("system_admin", "security_admin", "auditor", "authority")


@dataclass(frozen=True)
class Page:
    """An address and who asks for it; nobody in particular for what the public sees."""

    name: str
    path: str
    organ: str = ""
    duty: str = ""
    status: int = 200


def office(things: dict[str, Any]) -> list[Page]:
    """Every page of the office, and the home page of every post."""
    pages = []
    for name, (arguments, method, own, above) in TABLE.items():
        if method == "get" and name not in FILES:
            organ, duty = _who(own, above)
            pages.append(Page(name, reverse(name, args=[things[argument] for argument in arguments]), organ, duty))
    home = reverse("office:home")
    pages += [Page(f"home of {duty}", home, "qinghe", duty) for duty in IN_TOWNSHIP[1:]]
    pages += [Page(f"home of {duty}", home, "yunchuan", duty) for duty in IN_COUNTY]
    return [*pages, *_states(things)]


def _states(things: dict[str, Any]) -> list[Page]:
    """What looks different according to how things stand."""
    seen_by = {
        "withdrawn": "office_head", "flawed": "drafter", "reviewing": "second_reviewer", "returned": "drafter", "long": "drafter",
    }  # fmt: skip
    pages = [Page(f"item, {name}", reverse("office:item", args=[things[name]]), "qinghe", duty) for name, duty in seen_by.items()]
    nothing, list_of_items = "words=没有这样的词", reverse("office:items")
    pages.append(Page("items, none found", f"{list_of_items}?{nothing}", "qinghe", "office_head"))
    pages.append(Page("items of the county", list_of_items, "yunchuan", "authority"))
    pages.append(Page("ledger, none found", f"{reverse('office:ledger')}?{nothing}", "yunchuan", "auditor"))
    pages.append(Page("registers, penalties", f"{reverse('office:registers')}?register=penalty", "qinghe", "office_head"))
    pages.append(Page("summary of a call that ended", reverse("office:solicit_summary", args=[things["waiting"]]), "qinghe", "drafter"))
    organ = reverse("office:organ", args=[things["organ"]])
    return [*pages, *(Page(f"organ, {duty}", organ, "yunchuan", duty) for duty in ("system_admin", "security_admin"))]


def _who(own: set[str], above: set[str]) -> tuple[str, str]:
    for organ, duties, lets_in in (("qinghe", IN_TOWNSHIP, own), ("yunchuan", IN_COUNTY, above)):
        for duty in duties:
            if duty in lets_in:
                return organ, duty
    raise AssertionError(f"nobody of {own | above} looks at pages in this walk")


def public(things: dict[str, Any]) -> list[Page]:
    """Every page of the public site, in the states that it has."""
    item, withdrawn, organ = ([things[name]] for name in ("item_slug", "withdrawn_slug", "organ_code"))
    return [
        Page("portal:home", reverse("portal:home")),
        Page("portal:organs", reverse("portal:organs")),
        *(Page(f"portal:{name}", reverse(f"portal:{name}", args=organ)) for name in ("organ", *FIXED)),
        Page("portal:column", reverse("portal:column", args=[*organ, things["column"]])),
        Page("portal:kind", reverse("portal:kind", args=["all"])),
        Page("portal:every", f"{reverse('portal:every')}?organ={organ[0]}"),
        Page("portal:every, nothing", f"{reverse('portal:every')}?kind=nothing"),
        Page("portal:statistics", reverse("portal:statistics")),
        Page("portal:item", reverse("portal:item", args=item)),
        Page("portal:item, tables of a file", reverse("portal:item", args=[things["report_slug"]])),
        Page("portal:statistics, of one organ", f"{reverse('portal:statistics')}?organ={organ[0]}"),
        Page("portal:item, withdrawn", reverse("portal:item", args=withdrawn), status=410),
        Page("portal:report_error", reverse("portal:report_error", args=item)),
        *_taking_part(things),
        Page("portal:api", reverse("portal:api")),
        Page("portal:data", reverse("portal:data")),
        Page("portal:error_lookup", reverse("portal:error_lookup")),
        *_suggesting(things),
        Page("portal:error", f"{reverse('portal:error', args=[things['report_number']])}?code={things['report_code']}"),
    ]


def _suggesting(things: dict[str, Any]) -> list[Page]:
    """Suggestions to publish: where, what, and what became of one."""
    form = reverse("portal:suggest", args=[things["organ_code"]])
    pages = [
        Page("portal:suggest_organ", reverse("portal:suggest_organ")),
        Page("portal:suggest", form),
        Page("portal:suggest, from a column", f"{form}?column={things['column']}"),
        Page("portal:suggestion_lookup", reverse("portal:suggestion_lookup")),
    ]
    states = (("portal:suggestion", "suggested"), ("portal:suggestion, kept", "kept"), ("portal:suggestion, refused", "denied"))
    return [
        *pages,
        *(Page(name, "{}?code={}".format(reverse("portal:suggestion", args=[things[of][0]]), things[of][1])) for name, of in states),
    ]


def _taking_part(things: dict[str, Any]) -> list[Page]:
    """Calls for opinions, questionnaires and special topics."""
    opinion = reverse("portal:opinion", args=[things["opinion_number"]])
    return [
        Page("portal:solicitations", reverse("portal:solicitations")),
        Page("portal:solicitation", reverse("portal:solicitation", args=[things["call_slug"]])),
        Page("portal:solicitation, answered", reverse("portal:solicitation", args=[things["answered_slug"]])),
        Page("portal:opinion_lookup", reverse("portal:opinion_lookup")),
        Page("portal:opinion", f"{opinion}?code={things['opinion_code']}"),
        Page("portal:questionnaires", reverse("portal:questionnaires")),
        Page("portal:questionnaire", reverse("portal:questionnaire", args=[things["questionnaire"]])),
        Page("portal:questionnaire, with figures", reverse("portal:questionnaire", args=[things["figures"]])),
        Page("portal:topics", reverse("portal:topics")),
        Page("portal:topic", reverse("portal:topic", args=[things["topic"]])),
    ]


ACCOUNT = (
    "account_logout", "account_change_password", "account_reauthenticate", "mfa_index", "mfa_activate_totp",
)  # fmt: skip


def account() -> list[Page]:
    """The pages about one's own account."""
    own = [Page(name, reverse(name), "qinghe", "drafter") for name in ACCOUNT]
    return [Page("account_login", reverse("account_login")), *own]


def furnished(county: County) -> dict[str, Any]:
    """One of each thing that an address names, and items in the states that look different."""
    drafter, head = county.person("qinghe", "drafter"), county.person("qinghe", "office_head")
    things = everything(county)
    withdrawn = county.published(title="青禾镇三月停电通知")
    actions.withdraw(person=head, on=DAY, publication=withdrawn, reason="停电改期，另行通知。")
    flawed = county.draft(title="低保对象公示", body="<p>王某，身份证号11010519491231002X，电话13800138000。</p>")
    reviewing = county.reviewed(county.draft(title="防汛值班安排"), stop_after=1)
    returned = county.draft(title="青禾镇低保评议结果")
    run = actions.submit(person=drafter, on=DAY, item=returned)
    decide(run=run, person=county.person("qinghe", "first_reviewer"), on=DAY, is_passed=False, comment="金额和会议记录不一致，请核对。")
    attached = actions.attach(person=drafter, on=DAY, item=county.draft(title=LONG), name=f"{'低保名单' * 12}.txt", data=b"text")
    watched.withheld_item(county, title="某项规划的讨论记录", formed_on=DAY.replace(year=2020))
    filed(county, ONE)
    report, code = watched.reported(county.published(title="青禾镇敬老院招工"), address="192.0.2.8")
    named = {"withdrawn": withdrawn.item, "flawed": flawed, "reviewing": reviewing, "returned": returned, "long": attached}
    slugs = {f"{name}_slug": Item.objects.get(pk=pk).slug for name, pk in (("item", things["item"]), ("withdrawn", withdrawn.item_id))}
    public = {**slugs, "organ_code": county.organs["qinghe"].code, "column": report.publication.column}
    public |= _asked_and_answered(county, things) | _suggested(county, report.publication)
    public["report_slug"] = _annual_report(county)
    return {**things, **{name: item.pk for name, item in named.items()}, **public, "report_number": report.number, "report_code": code}


def _suggested(county: County, publication: Any) -> dict[str, Any]:
    """Suggestions that wait, whose promise was kept, and that are not followed, each as its number and code."""
    (new, code), (kept, kept_code), (denied, denied_code) = (
        suggested.suggested(county, wanted=wanted, column="a20_07", reason="大家关心", address="192.0.2.11")
        for wanted in ("敬老院招工的条件", "敬老院的收费", "养老院入住老人的名单")
    )
    promise = suggested.answered(county, kept)
    head = county.person("qinghe", "office_head")
    suggesting.keep(person=head, on=DAY, answer=promise, item=publication.item.index_number)
    suggested.answered(county, denied, outcome="not", ground="15", words="涉及老人的个人隐私。")
    suggested.suggested(county, wanted="敬老院招工的条件。", address="192.0.2.12")
    return {"suggested": (new.number, code), "kept": (kept.number, kept_code), "denied": (denied.number, denied_code)}


def _annual_report(county: County) -> str:
    """A report whose tables stand in a file, read for the most part: one figure is a stroke, one table is not there; and one without tables."""
    report = without_table(a_year(t3__carried_in__total=Cell("slash", raw="/")), "t4")
    slug = publish_files(county, ("青禾镇2025年年报.xlsx", as_file(report, "xlsx"))).item.slug
    publish_files(county, ("说明.txt", "表格另行公布。".encode()), title="青禾镇2024年年度报告")
    read_due()
    return slug


def _asked_and_answered(county: County, things: dict[str, Any]) -> dict[str, Any]:
    """A call whose outcome is public beside the open one, a questionnaire with figures, and a topic with something under it."""
    call = Solicitation.objects.select_related("item").get(pk=things["call"])
    opinion, code = solicited.sent(call, address="192.0.2.9")
    answered = solicited.called(county)
    with solicited.at(DAY):
        solicited.sent(answered)
    summary = solicited.summarized(county, answered, ENDED).item
    run = actions.submit(person=county.person("qinghe", "drafter"), on=ENDED, item=summary)
    for name in run.stages:
        decide(run=run, person=county.person("qinghe", REVIEWERS[name]), on=ENDED, is_passed=True, checked=stages()[name].checklist)
    head = county.person("qinghe", "office_head")
    actions.publish(person=head, on=ENDED, item=summary)
    waiting = solicited.called(county)
    with solicited.at(DAY):
        solicited.sent(waiting)
    survey = solicited.surveyed(county)
    with solicited.at(DAY):
        questionnaires.send_sheet(questionnaire=survey, answers={"1": "5", "2": "1", "4": "字大一点"}, address="192.0.2.3")
    questionnaires.publish_figures(person=head, on=ENDED, questionnaire=survey)
    authority = county.person("yunchuan", "authority")
    topic = SpecialTopic.objects.filter(county=county.root).first() or open_topic(
        person=authority, on=DAY, agency=county.root, name="春耕备耕"
    )
    slugs = {"call_slug": call.item.slug, "answered_slug": Item.objects.get(pk=answered.item_id).slug}
    return {**slugs, "opinion_number": opinion.number, "opinion_code": code, "figures": survey.pk, "waiting": waiting.pk, "topic": topic.pk}

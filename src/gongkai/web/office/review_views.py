"""The screens of review: decide, hand over, remark, compare, the urgent lane, joint organs, an organ's stages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import NotPermitted, demand, may
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.comparison import compared
from gongkai.web.disclosure.joint import actions as joint_actions
from gongkai.web.disclosure.joint.queries import could_join, joint_organs, organ_for, organs_of
from gongkai.web.office.review_fields import StagesForm, UrgentForm
from gongkai.web.office.review_panel import urgent_titles
from gongkai.web.office.views import come_back, item_page, seen_item
from gongkai.web.review.actions import decide, hand_over
from gongkai.web.review.authors import authors_until
from gongkai.web.review.models import LANES, NORMAL, OPEN, Revision, Run
from gongkai.web.review.plans import chairs, holders, plan_on, set_stages, warnings
from gongkai.web.review.stages import approves, stages
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in

CHANGED = "页面打开后这条信息有了变化，请核对后再办理。"


def _run(request: HttpRequest, item: Any) -> Run | None:
    """The open review that a button belongs to; ``None`` when it is no longer open."""
    run: Run | None = actions.all_runs_of(item).filter(pk=number_in(request.POST.get("run", "")), state=OPEN).first()
    return run


def _demand_reviewer(request: HttpRequest, item: Any) -> None:
    """:class:`NotPermitted` for who passes no stage in any of the organs behind the item."""
    today, actions_of = moment.today(), [stage.action for stage in stages().values()]
    if not any(may(request.user, action, organ, today) for organ in organs_of(item) for action in actions_of):
        raise NotPermitted


@require_POST
def review_step(request: HttpRequest, number: int) -> HttpResponse:
    """Pass or return the stage a review waits for. What is refused comes back with everything typed."""
    found = seen_item(request, number)
    _demand_reviewer(request, found)
    run = _run(request, found)
    stage = run.waits_for() if run else None
    # Somebody else was quicker: the stage that waits now may be another reviewer's.
    if run is None or stage is None or not may(request.user, stages()[stage].action, run.agency, moment.today()):
        messages.error(request, CHANGED)
        return redirect("office:item", number)
    told = {name: request.POST.get(name, "") for name in ("verdict", "comment", "return_to")}
    checked = request.POST.getlist("checked")
    is_passed = told["verdict"] == "pass"
    back = "" if is_passed else told["return_to"]
    try:
        decide(person=request.user, run=run, is_passed=is_passed, checked=checked, comment=told["comment"], return_to=back)
    except Refused as refusal:
        return item_page(request, found, status=422, typed={**told, "checked": checked}, refused=refusal.message)
    messages.success(request, "已通过。" if is_passed else f"已退回{stages()[back].title if back else '拟稿人'}。")
    return redirect("office:item", number)


@require_POST
def hand(request: HttpRequest, number: int) -> HttpResponse:
    """Name who should pass the stage that waits."""
    found = seen_item(request, number)
    if organ_for(request.user, "review.hand_over", organs_of(found)) is None:
        raise NotPermitted
    run = _run(request, found)
    if run is None:
        messages.error(request, CHANGED)
        return redirect("office:item", number)
    to = Person.objects.filter(pk=number_in(request.POST.get("to", ""))).first()
    if to is None:
        messages.error(request, "请选择转给谁办理。")
        return redirect("office:item", number)
    return come_back(request, number, f"已转给{to.full_name}办理。", hand_over, run=run, to=to, reason=request.POST.get("reason", ""))


@require_POST
def remark(request: HttpRequest, number: int) -> HttpResponse:
    """Say something about an item, beside the decisions."""
    found = seen_item(request, number)
    words = request.POST.get("words", "")
    if not words.strip():
        messages.error(request, "请写下要说的话。")
        return redirect("office:item", number)
    organ = organ_for(request.user, "review.comment", organs_of(found)) or found.agency
    try:
        joint_actions.comment(person=request.user, item=found, agency=organ, words=words)
    except Refused as refusal:
        return item_page(request, found, status=422, remark=words, remark_refused=refusal.message)
    messages.success(request, "留言已保存。")
    return redirect("office:item", number)


@require_http_methods(["GET", "POST"])
def urgent(request: HttpRequest, number: int) -> HttpResponse:
    """Send the current revision through the urgent lane."""
    found = seen_item(request, number)
    today = moment.today()
    if not may(request.user, "disclosure.submit", found.agency, today):
        raise Http404
    own = authors_until(found.current) if found.current else frozenset()
    able = {
        organ: [one for one in holders(organ, approves(), today) if one.pk not in own] for organ in (found.agency, *joint_organs(found))
    }
    form = UrgentForm(request.POST or None, approvers=able)
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit(person=request.user, item=found, **form.named())
        except GongkaiError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已走应急通道提交。发布以后要补审其余各道。")
            return redirect("office:item", number)
    context = {
        "form": form, "item": found, "empty": [organ for organ, people in able.items() if not people],
        "lanes": [(organ, *urgent_titles(organ, today)) for organ in able],
    }  # fmt: skip
    return render(request, "office/review/urgent.html", context, status=422 if form.errors else 200)


def _revision(request: HttpRequest, name: str, revisions: list[Revision], otherwise: int) -> Revision:
    asked = number_in(request.GET.get(name, ""))
    return next((row for row in revisions if row.number == asked), revisions[otherwise])


@require_GET
def compare(request: HttpRequest, number: int) -> HttpResponse:
    """What differs between two revisions."""
    found = seen_item(request, number)
    revisions = list(queries.revisions_of(found))
    if not revisions:
        raise Http404
    newer = _revision(request, "to", revisions, 0)
    older = _revision(request, "from", revisions, min(revisions.index(newer) + 1, len(revisions) - 1))
    older, newer = sorted((older, newer), key=lambda row: row.number)
    context = {
        "item": found, "revisions": revisions, "older": older, "newer": newer,
        "found": compared(older.content, newer.content) if older.pk != newer.pk else None,
    }  # fmt: skip
    return render(request, "office/review/compare.html", context)


@require_POST
def add_joint(request: HttpRequest, number: int) -> HttpResponse:
    """Name an organ that issues the document too."""
    found = seen_item(request, number)
    demand(request.user, "disclosure.add_joint_organ", found.agency, moment.today())
    organ = could_join(found).filter(pk=number_in(request.POST.get("organ", ""))).first()
    if organ is None:
        messages.error(request, "请选择联合发文的机关。")
        return redirect("office:item", number)
    return come_back(request, number, f"已增加{organ.short_name}。", joint_actions.add_joint_organ, item=found, organ=organ)


@require_POST
def remove_joint(request: HttpRequest, number: int, organ: int) -> HttpResponse:
    """Take an organ out again."""
    found = seen_item(request, number)
    row = next((one for one in joint_organs(found) if one.pk == organ), None)
    if row is None:
        raise Http404
    told = {"item": found, "organ": row, "reason": request.POST.get("reason", "")}
    return come_back(request, number, f"已移出{row.short_name}。", joint_actions.remove_joint_organ, **told)


@require_http_methods(["GET", "POST"])
def organ_stages(request: HttpRequest, number: int) -> HttpResponse:
    """The stages of an organ, who would pass them, and a new plan."""
    agency = get_object_or_404(Agency.objects.seen_by(request.user, "review.set_stages"), pk=number)
    today = moment.today()
    lane = request.POST.get("lane", request.GET.get("lane", NORMAL))
    if lane not in LANES:
        raise Http404
    plans = {name: plan_on(agency, name, today) for name in LANES}
    form = StagesForm(request.POST or None, plan=plans[lane], today=today)
    if request.method == "POST" and form.is_valid():
        told = {"lane": lane, "names": form.names(), "days": form.days(), "from_on": form.cleaned_data["from_on"]}
        try:
            set_stages(person=request.user, agency=agency, **told)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已设置，{told['from_on']}起提交的按新的环节审查。")
            return redirect("office:stages", number)
    filled = {name: chairs(agency, plan, today) for name, plan in plans.items()}
    context = {
        "organ": agency, "form": form, "lane": lane, "lane_words": LANES[lane],
        "plans": [(name, LANES[name], plans[name], filled[name], warnings(filled[name])) for name in LANES],
        "coming": agency.stage_plans.filter(from_on__gt=today).order_by("from_on"),
        "holders": {name: holders(agency, name, today) for name in stages()},
    }  # fmt: skip
    return render(request, "office/review/stages.html", context, status=422 if form.errors else 200)

"""The office's screens. A view makes one call and decides nothing; a refusal is shown where the person stands."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.law.duties import duties
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import demand, may, may_somewhere
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.about.consultations import open_for
from gongkai.web.disclosure.about.queries import about, uninterpreted
from gongkai.web.disclosure.beside import Beside
from gongkai.web.disclosure.channels.queries import reminders
from gongkai.web.disclosure.material import queries as material_queries
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.reviews import returned_after, waiting_after, waiting_jointly
from gongkai.web.disclosure.schedule.queries import MOST, failed_for, schedule_of, scheduled_for
from gongkai.web.disclosure.screening import ItemHit, answers_of, hits_of, listed_of
from gongkai.web.disclosure.soliciting.queries import home_of as unanswered_calls
from gongkai.web.disclosure.suggesting.queries import home_of as suggested_to
from gongkai.web.disclosure.watch.queries import home_of
from gongkai.web.office.fields import ItemForm, ReasonForm
from gongkai.web.office.review_panel import panel
from gongkai.web.review.files import LARGEST
from gongkai.web.settings import moment

COLUMNS = [(duty.id, duty.title) for duty in duties()]


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me today."""
    person = request.user
    return render(
        request,
        "office/home.html",
        {
            "waiting": queries.waiting_for(person),
            "asked": open_for(person)[:50],
            "uninterpreted": uninterpreted(person, moment.today()),
            "returned": queries.returned_to(person),
            "after_returned": returned_after(person),
            "after_waiting": waiting_after(person),
            "jointly": waiting_jointly(person),
            "ready": queries.ready_for(person),
            "undelivered": reminders(person, most=20),
            "scheduled": scheduled_for(person)[:MOST],
            "unsent": failed_for(person)[:MOST],
            "watch": home_of(person, moment.today()),
            "suggested": suggested_to(person, moment.today()),
            "unanswered": unanswered_calls(person, moment.today()),
            "may_draft": may_somewhere(person, "disclosure.draft", moment.today()),
            "arrivals": material_queries.arrivals_for(person),
            "handed_in": material_queries.fates_for(person),
        },
    )


def seen_item(request: HttpRequest, number: int) -> Any:
    """The item, if the viewer may see it; for anybody else it is not there."""
    item = queries.item_seen_by(request.user, number)
    if item is None:
        raise Http404
    return item


@require_GET
def item(request: HttpRequest, number: int) -> HttpResponse:
    """One item with its whole history and the next step."""
    return item_page(request, seen_item(request, number))


def item_page(request: HttpRequest, found: Any, *, status: int = 200, **typed: Any) -> HttpResponse:
    """The page of an item; ``typed`` is what a refused act brings back."""
    today = moment.today()
    own = {
        name: may(request.user, f"disclosure.{name}", found.agency, today)
        for name in ("revise", "submit", "recall", "publish", "withdraw", "discard")
    }
    beside = Beside(found)
    publications = list(found.publications.select_related("revision", "withdrawal").prefetch_related("deliveries"))
    reviews = panel(found, request.user, today, beside)
    context = {
        **reviews,
        "about": about(found, today, beside),
        "beside": beside,
        "item": found,
        "content": found.current.content if found.current else {},
        "may": own,
        "publications": publications,
        "is_out": reviews["run"] is not None and any(row.run_id == reviews["run"].pk for row in publications),
        "revisions": queries.revisions_of(found),
        "history": queries.history_of(found, publications, reviews["reviews"].keys),
        "sources": beside.rows("sources", lambda: material_queries.sources_of(found)),
        "scheduled": schedule_of(found) if "scheduled" in beside.names else None,
        "reason": ReasonForm(),
        "hits": _hits(found, today, beside),
        "may_answer": may(request.user, "disclosure.answer_hit", found.agency, today),
        "column_title": dict(COLUMNS).get(found.column, found.column),
        **typed,
    }
    return render(request, "office/item.html", context, status=status)


def _hits(found: Any, today: datetime.date, beside: Beside) -> list[ItemHit]:
    given = beside.rows("hit_answers", lambda: answers_of(found))
    if found.current is None or (found.is_discarded and not given):
        return []
    listed = beside.rows("negative_terms", lambda: listed_of(found.agency, today))
    hits = hits_of(found, found.current.content, today, given, listed)
    # Of a draft given up, only why it was.
    return [hit for hit in hits if hit.is_rejected] if found.is_discarded else hits


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Begin an item."""
    agencies = Agency.objects.seen_by(request.user, "disclosure.draft")
    if not agencies.exists():
        raise Http404
    form = ItemForm(request.POST or None, agencies=agencies, columns=COLUMNS, initial={"agency": agencies.first()})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft(person=request.user, agency=form.cleaned_data["agency"], content=form.content())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"草稿已保存，索引号{made.index_number}。核对后可以提交审查。")
            return redirect("office:item", made.pk)
    return render(request, "office/draft.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def revise(request: HttpRequest, number: int) -> HttpResponse:
    """A new revision of an item."""
    found = seen_item(request, number)
    agencies = Agency.objects.seen_by(request.user, "disclosure.revise").filter(pk=found.agency_id)
    if not agencies.exists():
        raise Http404
    initial = {**(found.current.content if found.current else {}), "agency": found.agency}
    form = ItemForm(request.POST or None, agencies=agencies, columns=COLUMNS, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise(person=request.user, item=found, content=form.content(), void_open_run="void_open_run" in request.POST)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "新的一稿已保存。核对后可以提交审查。")
            return redirect("office:item", found.pk)
    return render(request, "office/draft.html", {"form": form, "item": found}, status=422 if form.errors else 200)


def come_back(request: HttpRequest, number: int, done: str, act: Any, **arguments: Any) -> HttpResponse:
    """Call one action and come back to the item, with what was done or why not."""
    try:
        act(person=request.user, **arguments)
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("office:item", number)


@require_POST
def submit(request: HttpRequest, number: int) -> HttpResponse:
    """Send the current revision into review."""
    return come_back(request, number, "已提交审查。", actions.submit, item=seen_item(request, number))


@require_POST
def recall(request: HttpRequest, number: int) -> HttpResponse:
    """Take the open review back."""
    return come_back(
        request, number, "审查已撤回。", actions.recall, item=seen_item(request, number), reason=request.POST.get("reason", "")
    )


@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Give up a draft."""
    return come_back(
        request, number, "草稿已作废。", actions.discard, item=seen_item(request, number), reason=request.POST.get("reason", "")
    )


@require_POST
def attach(request: HttpRequest, number: int) -> HttpResponse:
    """Add a file to an item."""
    found = seen_item(request, number)
    demand(request.user, "disclosure.attach", found.agency, moment.today())
    upload = request.FILES.get("file")
    if upload is None or upload.size > LARGEST:
        messages.error(request, "请选择文件。" if upload is None else f"文件超过{LARGEST // 1048576}MB的上限。")
        return redirect("office:item", number)
    told = {"name": upload.name, "data": upload.read(), "void_open_run": "void_open_run" in request.POST}
    return come_back(request, number, "附件已上传，保存为新的一稿。", actions.attach, item=found, **told)


@require_POST
def detach(request: HttpRequest, number: int) -> HttpResponse:
    """Leave a file out."""
    digest = request.POST.get("digest", "")[:64]
    told = {"digest": digest, "void_open_run": "void_open_run" in request.POST}
    return come_back(request, number, "附件已移除，保存为新的一稿。", actions.detach, item=seen_item(request, number), **told)


@require_POST
def rename(request: HttpRequest, number: int) -> HttpResponse:
    """Give a file another name."""
    told = {"digest": request.POST.get("digest", "")[:64], "name": request.POST.get("name", "")[:300]}
    told |= {"void_open_run": "void_open_run" in request.POST}
    return come_back(request, number, "附件已改名，保存为新的一稿。", actions.rename, item=seen_item(request, number), **told)


@require_GET
def attachment(request: HttpRequest, number: int, digest: str) -> HttpResponseBase:
    """A file of any revision of an item, for those who may see the item."""
    found = seen_item(request, number)
    rows = (row for revision in queries.revisions_of(found) for row in revision.content.get("attachments", []))
    row = next((row for row in rows if row["digest"] == digest), None)
    if row is None:
        raise Http404
    return queries.as_download(row)


def _named_hit(request: HttpRequest) -> dict[str, str]:
    """Which hit a button belongs to."""
    return {name: request.POST.get(name, "")[:100] for name in ("field", "code", "mark")}


@require_POST
def answer_hit(request: HttpRequest, number: int) -> HttpResponse:
    """Say why what screening found may be published, or that it is not what it seems."""
    said = {"reason": request.POST.get("reason", ""), **_named_hit(request)}
    act = actions.call_mistaken if request.POST.get("verdict") == "mistaken" else actions.answer_hit
    return come_back(request, number, "理由已记入台账。", act, item=seen_item(request, number), **said)


@require_POST
def reject_hit(request: HttpRequest, number: int) -> HttpResponse:
    """Say that what screening found must not be published."""
    said = {"reason": request.POST.get("reason", ""), **_named_hit(request)}
    return come_back(request, number, "已认定不得公开，记入台账。", actions.reject_hit, item=seen_item(request, number), **said)


@require_POST
def mask_hit(request: HttpRequest, number: int) -> HttpResponse:
    """Mask what screening found."""
    told = {**_named_hit(request), "void_open_run": "void_open_run" in request.POST}
    return come_back(request, number, "已遮盖，保存为新的一稿。", actions.mask_hit, item=seen_item(request, number), **told)


@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Publish the reviewed revision."""
    return come_back(request, number, "已发布。其他渠道发布后请登记凭证。", actions.publish, item=seen_item(request, number))


@require_POST
def withdraw(request: HttpRequest, number: int, publication: int) -> HttpResponse:
    """Take a publication back."""
    found = seen_item(request, number)
    row = get_object_or_404(Publication, pk=publication, item=found)
    return come_back(
        request, number, "已撤回。请通知其他渠道撤下并登记。", actions.withdraw, publication=row, reason=request.POST.get("reason", "")
    )

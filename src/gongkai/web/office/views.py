"""The office's screens. A view makes one call and decides nothing; a refusal is shown where the person stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.law.duties import duties
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.screening import hits_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.office.fields import EvidenceForm, ItemForm, ReasonForm
from gongkai.web.review.actions import decide
from gongkai.web.review.files import LARGEST
from gongkai.web.review.stages import stages
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
            "returned": queries.returned_to(person),
            "ready": queries.ready_for(person),
            "undelivered": queries.undelivered_for(person)[:20],
            "may_draft": Agency.objects.seen_by(person, "disclosure.draft").exists(),
        },
    )


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """The list of items, filtered, paged by key."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("words", "kind", "agency")}
    after = request.GET.get("after", "")
    page = queries.item_page(request.user, **asked, after=int(after) if after.isdecimal() and len(after) < 18 else None)
    context = {
        "page": page,
        "asked": asked,
        "kinds": words("kinds"),
        "agencies": Agency.objects.seen_by(request.user, "disclosure.view"),
        "may_draft": Agency.objects.seen_by(request.user, "disclosure.draft").exists(),
    }
    return render(request, "office/items.html", context)


def _seen(request: HttpRequest, number: int) -> Any:
    """The item, if the viewer may see it; for anybody else it is not there."""
    item: Any = get_object_or_404(queries.with_state(queries.items_seen_by(request.user)).select_related("agency", "current"), pk=number)
    item.state = queries.state_of(item)
    item.state_words = queries.STATES[item.state]
    return item


@require_GET
def item(request: HttpRequest, number: int) -> HttpResponse:
    """One item with its whole history and the next step."""
    found = _seen(request, number)
    run = actions.runs_of(found).prefetch_related("steps__person").select_related("revision", "drafter").first()
    waits = run.waits_for() if run else None
    today = moment.today()
    own = {
        name: may(request.user, f"disclosure.{name}", found.agency, today)
        for name in ("revise", "submit", "recall", "publish", "withdraw", "discard")
    }
    stage = stages()[waits] if waits else None
    passed = {step.stage: step for step in run.steps.all()} if run else {}
    context = {
        "item": found,
        "content": found.current.content if found.current else {},
        "run": run,
        "stage": stage,
        "progress": [(stages()[name], passed.get(name), name == waits) for name in run.stages] if run else [],
        "may": own,
        "may_review": bool(
            stage and may(request.user, stage.action, found.agency, today) and run.drafter_id != request.user.pk
            and not any(step.person_id == request.user.pk and step.is_passed for step in run.steps.all())
        ),
        "publications": found.publications.select_related("revision").prefetch_related("deliveries"),
        "revisions": queries.revisions_of(found),
        "history": queries.history_of(found),
        "reason": ReasonForm(),
        "hits": hits_of(found, found.current.content, today) if found.current and not found.is_discarded else [],
        "may_answer": may(request.user, "disclosure.answer_hit", found.agency, today),
        "column_title": dict(COLUMNS).get(found.column, found.column),
    }  # fmt: skip
    return render(request, "office/item.html", context)


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
    found = _seen(request, number)
    agencies = Agency.objects.seen_by(request.user, "disclosure.revise").filter(pk=found.agency_id)
    if not agencies.exists():
        raise Http404
    initial = {**(found.current.content if found.current else {}), "agency": found.agency}
    form = ItemForm(request.POST or None, agencies=agencies, columns=COLUMNS, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise(person=request.user, item=found, content=form.content())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "新的一稿已保存。原来的审查（如有）已作废，请重新提交。")
            return redirect("office:item", found.pk)
    return render(request, "office/draft.html", {"form": form, "item": found}, status=422 if form.errors else 200)


def _act(request: HttpRequest, number: int, done: str, act: Any, **arguments: Any) -> HttpResponse:
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
    return _act(request, number, "已提交审查。", actions.submit, item=_seen(request, number))


@require_POST
def recall(request: HttpRequest, number: int) -> HttpResponse:
    """Take the open review back."""
    return _act(request, number, "审查已撤回。", actions.recall, item=_seen(request, number), reason=request.POST.get("reason", ""))


@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Give up a draft."""
    return _act(request, number, "草稿已作废。", actions.discard, item=_seen(request, number), reason=request.POST.get("reason", ""))


@require_POST
def review_step(request: HttpRequest, number: int) -> HttpResponse:
    """Pass or return the stage the review waits for."""
    found = _seen(request, number)
    run = actions.runs_of(found).first()
    if run is None or run.pk != _number(request.POST.get("run", "")):
        messages.error(request, "页面打开后这条信息有了变化，请核对后再办理。")
        return redirect("office:item", number)
    is_passed = request.POST.get("verdict") == "pass"
    return _act(
        request, number, "已通过。" if is_passed else "已退回拟稿人。", decide, run=run, is_passed=is_passed,
        checked=request.POST.getlist("checked"), comment=request.POST.get("comment", "")[:1000],
    )  # fmt: skip


@require_POST
def attach(request: HttpRequest, number: int) -> HttpResponse:
    """Add a file to an item."""
    found = _seen(request, number)
    upload = request.FILES.get("file")
    if upload is None or upload.size > LARGEST:
        messages.error(request, "请选择文件。" if upload is None else f"文件超过{LARGEST // 1048576}MB的上限。")
        return redirect("office:item", number)
    return _act(request, number, "附件已上传，保存为新的一稿。", actions.attach, item=found, name=upload.name, data=upload.read())


@require_POST
def detach(request: HttpRequest, number: int) -> HttpResponse:
    """Leave a file out."""
    digest = request.POST.get("digest", "")[:64]
    return _act(request, number, "附件已移除，保存为新的一稿。", actions.detach, item=_seen(request, number), digest=digest)


@require_GET
def attachment(request: HttpRequest, number: int, digest: str) -> HttpResponseBase:
    """A file of any revision of an item, for those who may see the item."""
    found = _seen(request, number)
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
    """Say why what screening found may be published."""
    found = _seen(request, number)
    return _act(
        request, number, "理由已记入台账。", actions.answer_hit, item=found, reason=request.POST.get("reason", ""), **_named_hit(request)
    )


@require_POST
def mask_hit(request: HttpRequest, number: int) -> HttpResponse:
    """Mask what screening found."""
    return _act(request, number, "已遮盖，保存为新的一稿。", actions.mask_hit, item=_seen(request, number), **_named_hit(request))


@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Publish the reviewed revision."""
    return _act(request, number, "已发布。其他渠道发布后请登记凭证。", actions.publish, item=_seen(request, number))


@require_POST
def withdraw(request: HttpRequest, number: int, publication: int) -> HttpResponse:
    """Take a publication back."""
    found = _seen(request, number)
    row = get_object_or_404(Publication, pk=publication, item=found)
    return _act(
        request, number, "已撤回。请通知其他渠道撤下并登记。", actions.withdraw, publication=row, reason=request.POST.get("reason", "")
    )


@require_http_methods(["GET", "POST"])
def delivery(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm that a channel carried something."""
    row = get_object_or_404(queries.undelivered_for(request.user), pk=number)
    form = EvidenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _act(
            request, row.publication.item_id, "已登记。", actions.confirm_delivery, delivery=row, evidence=form.cleaned_data["evidence"]
        )
    return render(request, "office/delivery.html", {"form": form, "delivery": row}, status=422 if form.errors else 200)


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger, newest first, paged by key."""
    agencies = Agency.objects.seen_by(request.user, "ledger.view")
    if not agencies.exists():
        raise Http404
    after = request.GET.get("after", "")
    entries = LedgerEntry.objects.filter(agency__in=agencies).select_related("person", "agency").order_by("-pk")
    if after.isdecimal() and len(after) < 18:
        entries = entries.filter(pk__lt=int(after))
    rows = list(entries[: queries.PAGE + 1])
    context = {"rows": rows[: queries.PAGE], "next_key": rows[queries.PAGE - 1].pk if len(rows) > queries.PAGE else None}
    return render(request, "office/ledger.html", context)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0

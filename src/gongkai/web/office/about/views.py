"""The office's screens of what is said about an item outside its text. A view makes one call and decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.about import actions, consultations, queries
from gongkai.web.disclosure.about.models import Consultation, IndexPattern, Link
from gongkai.web.disclosure.about.numbering import Preview, examples, pattern_of, preview
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.queries import as_download, items_seen_by, with_state
from gongkai.web.office.about.fields import AnswerForm, ConsultForm, LetterForm, LinkForm, NumberingForm, TopicForm, ValidityForm
from gongkai.web.office.choosing import bound, typed
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in


def _item(request: HttpRequest, number: int, act: str = "") -> Any:
    """The item, if the viewer may see it and do that act on it; for anybody else it is not there."""
    found = get_object_or_404(with_state(items_seen_by(request.user)).select_related("agency", "current"), pk=number)
    if act and not Agency.objects.seen_by(request.user, act).filter(pk=found.agency_id).exists():
        raise Http404
    return found


def _done(request: HttpRequest, filled: Any, act: Callable[[], Any], words: str) -> bool:
    """Whether the act was done; a refusal is shown beside what was typed."""
    if request.method != "POST" or not filled.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        filled.add_error(None, refusal.message)
        return False
    messages.success(request, words)
    return True


def _page(request: HttpRequest, name: str, filled: Any, **context: Any) -> HttpResponse:
    return render(request, f"office/about/{name}.html", {"form": filled, **context}, status=422 if filled.errors else 200)


def _row(items: Any, pk: int | None) -> Any:
    return items.filter(pk=pk).first() if pk else None


@require_http_methods(["GET", "POST"])
def validity(request: HttpRequest, number: int) -> HttpResponse:
    """Say that an item is in force, lapsed or repealed."""
    found, today = _item(request, number, "disclosure.set_validity"), moment.today()
    form = ValidityForm(bound(request), initial={"since_on": today, **typed(request)})
    form.fields["successor"].offer(request, "successor", found)
    if _done(
        request,
        form,
        lambda: actions.set_validity(person=request.user, item=found, **form.cleaned_data),
        "有效性已标注，公开的页面会显示。",
    ):
        return redirect("office:item", number)
    return _page(request, "validity", form, item=found, about=queries.about(found, today))


@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, number: int) -> HttpResponse:
    """Tie a document to its interpretations."""
    found = _item(request, number, "disclosure.link")
    form = LinkForm(bound(request), initial=typed(request))
    form.fields["interpretation"].offer(request, "interpretation", found)
    if _done(
        request,
        form,
        lambda: actions.link(person=request.user, document=found, **form.cleaned_data),
        "解读已关联，两边的页面都会显示。",
    ):
        return redirect("office:links", number)
    return _page(request, "links", form, item=found, about=queries.about(found, moment.today()))


@require_POST
def unlink(request: HttpRequest, number: int, link: int) -> HttpResponse:
    """Undo a tie."""
    row = get_object_or_404(Link, pk=link, document=_item(request, number))
    reason = request.POST.get("reason", "")
    return _back(request, number, "关联已解除。", lambda: actions.unlink(person=request.user, link=row, reason=reason))


def _back(request: HttpRequest, number: int, words: str, act: Callable[[], Any]) -> HttpResponse:
    """Call one action and come back to the item, with what was done or why not."""
    try:
        act()
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, words)
    return redirect("office:item", number)


@require_http_methods(["GET", "POST"])
def consult(request: HttpRequest, number: int) -> HttpResponse:
    """Ask another organ."""
    found = _item(request, number, "disclosure.consult")
    organs = Agency.objects.filter(path__startswith=found.agency.county_path).exclude(pk=found.agency_id)
    form = ConsultForm(request.POST or None, organs=[(organ.pk, organ.name) for organ in organs])

    def act() -> None:
        values = form.cleaned_data
        consultations.consult(person=request.user, item=found, **{**values, "organ": _row(organs, values["organ"])})

    if _done(request, form, act, "已征求意见。对方在平台上的，会在首页看到；平台以外的，请发公函。"):
        return redirect("office:item", number)
    return _page(request, "consult", form, item=found, about=queries.about(found, moment.today()))


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, number: int, consultation: int) -> HttpResponse:
    """Record the letter of an organ outside the platform."""
    found = _item(request, number, "disclosure.record_consultation")
    row = get_object_or_404(Consultation, pk=consultation, item=found, organ__isnull=True, answered__isnull=True)
    form = LetterForm(request.POST or None)
    if _done(
        request, form, lambda: consultations.record_consultation(person=request.user, consultation=row, **form.cleaned_data), "复函已登记。"
    ):
        return redirect("office:item", number)
    return _page(request, "record", form, item=found, row=row)


@require_POST
def set_aside(request: HttpRequest, number: int, consultation: int) -> HttpResponse:
    """Go on without an organ's answer."""
    row = get_object_or_404(Consultation, pk=consultation, item=_item(request, number))
    reason = request.POST.get("reason", "")
    return _back(
        request, number, "理由已记入台账。",
        lambda: consultations.set_aside_consultation(person=request.user, consultation=row, reason=reason),
    )  # fmt: skip


@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    """What other organs asked mine."""
    if not Agency.objects.seen_by(request.user, "disclosure.answer_consultation").exists():
        raise Http404
    return render(request, "office/about/asked.html", {"rows": consultations.asked_of(request.user)[:200]})


@require_http_methods(["GET", "POST"])
def consultation(request: HttpRequest, number: int) -> HttpResponse:
    """One question to my organ: what it is about, and my answer. Nothing else of the item is shown."""
    row = get_object_or_404(consultations.asked_of(request.user), pk=number)
    form = AnswerForm(request.POST or None)
    if _done(
        request, form, lambda: consultations.answer_consultation(person=request.user, consultation=row, **form.cleaned_data), "已答复。"
    ):
        return redirect("office:consultation", number)
    return _page(request, "consultation", form, row=row, content=row.revision.content)


@require_GET
def consultation_file(request: HttpRequest, number: int, digest: str) -> HttpResponseBase:
    """A file of the revision that the question is about."""
    row = get_object_or_404(consultations.asked_of(request.user), pk=number)
    attached = next((file for file in row.revision.content.get("attachments", []) if file["digest"] == digest), None)
    if attached is None:
        raise Http404
    return as_download(attached)


@require_http_methods(["GET", "POST"])
def topics(request: HttpRequest) -> HttpResponse:
    """The county's special topics: for everybody to see, for the county's authority to open and close."""
    rows, county = queries.topics_seen_by(request.user), queries.county_of(request.user)
    if not Agency.objects.seen_by(request.user, "disclosure.view").exists() or (request.method == "POST" and county is None):
        raise Http404
    if request.POST.get("close"):
        return _close(request, get_object_or_404(rows, pk=number_in(request.POST["close"]), county=county))
    form = TopicForm(request.POST or None)
    if _done(
        request,
        form,
        lambda: actions.open_topic(person=request.user, agency=county, **form.cleaned_data),
        "专题已设立，各机关起草时可以选用。",
    ):
        return redirect("office:topics")
    return _page(request, "topics", form, rows=rows, county=county)


def _close(request: HttpRequest, topic: Any) -> HttpResponse:
    try:
        actions.close_topic(person=request.user, topic=topic)
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "专题已关闭，已经归入的信息不变。")
    return redirect("office:topics")


@require_http_methods(["GET", "POST"])
def numbering(request: HttpRequest, number: int) -> HttpResponse:
    """How an organ writes its index numbers."""
    organ = get_object_or_404(Agency.objects.seen_by(request.user, "disclosure.set_index_pattern"), pk=number)
    today = moment.today()
    now = pattern_of(organ, today)
    form = NumberingForm(
        request.POST or None, initial={"from_on": today, "code": now.code if now else "", "pattern": now.pattern if now else ""}
    )
    asks = "preview" in request.POST
    shown = _previewed(organ, form) if request.method == "POST" else None
    if not asks and _done(
        request, form, lambda: actions.set_index_pattern(person=request.user, agency=organ, **form.cleaned_data), "索引号格式已设定。"
    ):
        return redirect("office:numbering", number)
    rows = IndexPattern.objects.filter(agency=organ).select_related("entry__person")
    last = Item.objects.filter(agency=organ).order_by("-pk").values_list("index_number", flat=True).first()
    told = {"organ": organ, "now": now, "rows": rows, "last": last, "preview": shown, "examples": examples(organ, today)}
    return _page(request, "numbering", form, **told)


def _previewed(organ: Agency, filled: NumberingForm) -> Preview | None:
    """What the typed pattern would give; what is wrong with it is said at its field."""
    if not filled.is_valid():
        return None
    values = filled.cleaned_data
    try:
        return preview(organ, values["pattern"], values["code"], values["from_on"])
    except Refused as refusal:
        filled.add_error("pattern", refusal.message)
        return None

"""The list of items on screen: filtered, paged by key, under saved views, and as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.law.duties import duties
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may_somewhere
from gongkai.web.disclosure import exporting, lists
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.queries import STATES
from gongkai.web.office.lists import saved
from gongkai.web.office.models import SavedView
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in

COLUMNS = [(duty.id, duty.title) for duty in duties()]
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def _address(query: str = "") -> str:
    return reverse("office:items") + (f"?{query}" if query else "?all=1")


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """The list of items. Without any condition it opens with the viewer's own default, if there is one."""
    views = saved.views_of(request.user)
    default = next((view for view in views if view.is_default), None)
    if default is not None and not request.GET:
        return redirect(_address(default.query))
    try:
        asked = lists.Narrowing.read(request.GET)
    except lists.WrongDay as wrong:
        messages.error(request, wrong.message)
        asked = lists.Narrowing.read({name: text for name, text in request.GET.items() if not name.startswith("published_")})
    agencies = list(Agency.objects.seen_by(request.user, "disclosure.view"))
    context = {
        "page": lists.page(request.user, asked, number_in(request.GET.get("after", ""))),
        "asked": asked,
        "query": saved.spelled(asked),
        "views": [(view, view.query == saved.spelled(asked)) for view in views],
        "current": next((view for view in views if view.query == saved.spelled(asked)), None),
        "kinds": words("kinds"),
        "columns": COLUMNS,
        "states": STATES,
        "agencies": agencies,
        "may_draft": may_somewhere(request.user, "disclosure.draft", moment.today()),
        "may_export": exporting.place_of(request.user, asked) is not None,
    }
    return render(request, "office/items.html", context)


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Save the conditions of the list under a name."""
    query = request.POST.get("query", "")[:600]
    try:
        made = saved.save(person=request.user, name=request.POST.get("name", ""), query=query)
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
        return redirect(_address(_tidy(query)))
    messages.success(request, f"已存为常用筛选“{made}”，以后在列表上方一点就是。")
    return redirect(_address(made.query))


@require_POST
def change_view(request: HttpRequest, number: int) -> HttpResponse:
    """Rename or delete a saved view, or open the list with it by default."""
    view = saved.view_of(request.user, number)
    if view is None:
        raise Http404
    try:
        done = _changed(view, request.POST.get("what", ""), request.POST.get("name", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(_address("" if view.pk is None else view.query))


def _changed(view: SavedView, what: str, name: str) -> str:
    if what == "rename":
        return f"已改名为“{saved.rename(view=view, name=name)}”。"
    if what == "default":
        saved.open_by_default(view=view, is_default=not view.is_default)
        return "以后打开信息列表时先用这个筛选。" if view.is_default else "以后打开信息列表时不再自动筛选。"
    if what == "delete":
        saved.delete(view=view)
        return "已删去常用筛选。"
    raise Refused("请选择要怎样修改。")


def _tidy(query: str) -> str:
    try:
        return saved.spelled(saved.narrowing_of(query))
    except lists.WrongDay:
        return ""


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a file; the ledger keeps that it was taken out."""
    query = _tidy(request.POST.get("query", "")[:600])
    asked = saved.narrowing_of(query)
    place = exporting.place_of(request.user, asked)
    if place is None:
        raise Http404
    said: dict[str, Any] = {"agency": place, "asked": asked, "kind": request.POST.get("format", "")}
    try:
        made = exporting.export(person=request.user, **said)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(_address(query))
    content: Any = exporting.content_of(made)
    if made.kind == "xlsx":
        return FileResponse(content, as_attachment=True, filename=made.name, content_type=TYPES["xlsx"])
    answer = StreamingHttpResponse(content, content_type=TYPES["csv"])
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer

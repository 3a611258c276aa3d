"""The screens of the entrance for material: hand in and follow; the office's list, what to do with each, units and credit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import demand, may
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.material import actions, queries
from gongkai.web.disclosure.material.models import Member, Unit
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.queries import as_download
from gongkai.web.office.fields import ItemForm
from gongkai.web.office.material.fields import MaterialForm
from gongkai.web.office.views import COLUMNS
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in


def _number(text: str) -> int:
    return number_in(text) or 0


def _after(request: HttpRequest) -> int | None:
    return _number(request.GET.get("after", "")) or None


def _organs(request: HttpRequest, action: str) -> Any:
    """The organs in which the viewer may do that; the page is not there where there are none."""
    agencies = Agency.objects.seen_by(request.user, action)
    if not agencies.exists():
        raise Http404
    return agencies


def _organ(request: HttpRequest, action: str) -> Any:
    """The organ asked for by its path, the viewer's first one when none is."""
    agencies = _organs(request, action)
    path = str(request.POST.get("agency") or request.GET.get("agency") or "")[:200]
    return get_object_or_404(agencies, path=path) if path else agencies.first()


@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """The one form by which material comes in."""
    today = moment.today()
    senders = queries.senders(request.user, today)
    if not senders:
        raise Http404
    start = {"happened_on": today, "agency": senders[0][0].pk, **queries.last_words_of(request.user)}
    marks = {"senders": senders, "receivers": queries.receivers(senders[0][0], today), "columns": COLUMNS}
    if len(senders) == 1:
        start["credit"] = f"{senders[0][0].pk}-{senders[0][1].pk if senders[0][1] else 0}"
    form = MaterialForm(request.POST or None, request.FILES or None, initial=start, **marks)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.hand_in(person=request.user, **form.handed())
        except actions.AlreadyHandedIn as again:
            messages.info(request, again.message)
            return redirect("office:material", again.material.pk)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已交给{made.agency.short_name}。办到哪一步，在这里能看到。")
            return redirect("office:material", made.pk)
    context = {"form": form, "lost_files": bool(request.FILES)}
    return render(request, "office/material/hand_in.html", context, status=422 if form.errors else 200)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What the viewer handed in, and what became of it."""
    _organs(request, "material.hand_in")
    page = queries.page_of(queries.handed_in_by(request.user), after=_after(request))
    return render(request, "office/material/mine.html", {"page": page})


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """What was handed to the viewer's organ."""
    agencies = _organs(request, "material.view")
    state = request.GET.get("state", "open")
    asked = {"state": state if state in queries.STATES else "open", "words": request.GET.get("words", "").strip()[:100]}
    seen = queries.handed_to(request.user)
    context = {
        "page": queries.page_of(seen, after=_after(request), **asked),
        "asked": asked,
        "states": queries.STATES,
        "n_waiting": queries.in_state(seen, "waiting").count(),
        "agencies": agencies,
    }
    return render(request, "office/material/list.html", context)


def _seen(request: HttpRequest, number: int, *, by_office: bool = False) -> Any:
    """The material, if the viewer may see it; for anybody else it is not there."""
    found = queries.one(queries.handed_to(request.user), number)
    if found is None and not by_office:
        found = queries.one(queries.handed_in_by(request.user), number)
    if found is None:
        raise Http404
    return found


@require_GET
def material(request: HttpRequest, number: int) -> HttpResponse:
    """One material: what it says and what became of it; for the office also what to do next."""
    found, today = _seen(request, number), moment.today()
    context: dict[str, Any] = {"material": found, "column_title": dict(COLUMNS).get(found.column, "")}
    if not may(request.user, "material.view", found.agency, today):
        return render(request, "office/material/followed.html", context)
    is_open = found.state in ("waiting", "assigned")
    own = {name: may(request.user, f"material.{name}", found.agency, today) for name in ("take", "assign", "merge", "decline", "draft")}
    words = request.GET.get("find", "").replace("\0", "").strip()[:100]
    others = found.drafter_id not in (None, request.user.pk) and not own["assign"]
    context |= {
        "may": own,
        "acts": is_open and not others,
        "notes": queries.notes_on(found, today) if is_open else [],
        "history": queries.history_of(found),
        "merged": queries.merged_into(found),
        "alike": queries.alike(found, words) if is_open else [],
        "drafters": queries.drafters_of(found.agency, today).exclude(pk__in=[found.drafter_id or 0, request.user.pk]) if is_open else [],
        "drafts": queries.open_drafts(request.user, found.agency, words) if is_open else [],
        "find": words,
    }
    return render(request, "office/material/material.html", context)


@require_GET
def file(request: HttpRequest, number: int, digest: str) -> HttpResponseBase:
    """A file of a material, for who handed it in and for the office; for the public only once an item carries it."""
    row = next((row for row in _seen(request, number).files if row["digest"] == digest), None)
    if row is None:
        raise Http404
    return as_download(row)


def _act(request: HttpRequest, number: int, done: str, act: Any, **arguments: Any) -> HttpResponse:
    """Call one action and come back to the material, with what was done or why not."""
    try:
        act(person=request.user, **arguments)
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("office:material", number)


@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Take a material up."""
    return _act(request, number, "已由您办理。", actions.take, material=_seen(request, number, by_office=True))


@require_POST
def assign(request: HttpRequest, number: int) -> HttpResponse:
    """Give a material to a drafter."""
    found = _seen(request, number, by_office=True)
    demand(request.user, "material.assign", found.agency, moment.today())
    drafter = queries.drafters_of(found.agency, moment.today()).filter(pk=_number(request.POST.get("drafter", ""))).first()
    if drafter is None:
        messages.error(request, "请选择拟稿人。")
        return redirect("office:material", number)
    known = _number(request.POST.get("known", "")) or None
    return _act(request, number, f"已分派给{drafter.full_name}。", actions.assign, material=found, drafter=drafter, known=known)


@require_POST
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """Put other materials together with this one."""
    found = _seen(request, number, by_office=True)
    chosen = [_number(text) for text in request.POST.getlist("others")[:50]]
    others = list(queries.handed_to(request.user).filter(pk__in=chosen).exclude(pk=number))
    return _act(request, number, f"已并入{len(others)}份，一起办理。", actions.merge, material=found, others=others)


@require_POST
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """Do not use a material."""
    found = _seen(request, number, by_office=True)
    return _act(request, number, "已告知供稿人不采用和理由。", actions.decline, material=found, reason=request.POST.get("reason", ""))


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Begin an item from a material."""
    found = _seen(request, number, by_office=True)
    agencies = Agency.objects.seen_by(request.user, "material.draft").filter(pk=found.agency_id)
    initial = {**queries.as_draft(found), "agency": found.agency}
    form = ItemForm(request.POST or None, agencies=agencies, columns=COLUMNS, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_from(person=request.user, material=found, content=form.content())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"草稿已保存，索引号{made.index_number}，文件已附上，素材来源已记下。")
            return redirect("office:item", made.pk)
    context = {"form": form, "material": found}
    return render(request, "office/draft.html", context, status=422 if form.errors else 200)


@require_POST
def add_to_draft(request: HttpRequest, number: int) -> HttpResponse:
    """Add a material to a draft."""
    found = _seen(request, number, by_office=True)
    item = Item.objects.filter(pk=_number(request.POST.get("item", "")), agency=found.agency).first()
    if item is None:
        messages.error(request, "请选择草稿。")
        return redirect("office:material", number)
    try:
        actions.add_to_draft(person=request.user, material=found, item=item, with_text=request.POST.get("with_text") == "yes")
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
        return redirect("office:material", number)
    messages.success(request, "材料已并入草稿，素材来源已记下。")
    return redirect("office:item", item.pk)


def _year(request: HttpRequest) -> int | None:
    text = request.GET.get("year", "")
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() and text >= "1949" else None


@require_GET
def credits(request: HttpRequest) -> HttpResponse:
    """How much each unit handed in, and how much of it was used (采用情况)."""
    agencies, year = _organs(request, "material.view"), _year(request)
    may_export = Agency.objects.seen_by(request.user, "material.export").exists()
    context = {"rows": queries.credits_of(agencies, year), "year": year, "may_export": may_export}
    return render(request, "office/material/credits.html", context)


@require_GET
def credits_export(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    agencies, year = _organs(request, "material.export"), _year(request)
    answer = HttpResponse(queries.credits_csv(queries.credits_of(agencies, year)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="credits{f"-{year}" if year else ""}.csv"'
    return answer


@require_http_methods(["GET", "POST"])
def units(request: HttpRequest) -> HttpResponse:
    """The units of an organ and who belongs to them; a new unit."""
    agency = _organ(request, "material.units")
    if request.method == "POST":
        values = {name: request.POST.get(name, "")[:200] for name in ("name", "kind")}
        return _unit_act(request, agency, "已增加。", actions.open_unit, agency=agency, **values)
    rows, unplaced = queries.units_page(agency)
    context = {
        "organ": agency,
        "agencies": _organs(request, "material.units"),
        "units": rows,
        "unplaced": unplaced,
        "contributors": queries.contributors_of(agency),
        "kinds": words("unit_kinds"),
    }
    return render(request, "office/material/units.html", context)


def _unit_act(request: HttpRequest, place: Agency, done: str, act: Any, **arguments: Any) -> HttpResponse:
    """Call one action and come back to the units of that organ."""
    try:
        act(person=request.user, **arguments)
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(reverse("office:material_units", query={"agency": place.path}))


def _unit(request: HttpRequest, number: int) -> Any:
    agencies = Agency.objects.seen_by(request.user, "material.units")
    return get_object_or_404(Unit.objects.select_related("agency"), pk=number, agency__in=agencies)


@require_POST
def close_unit(request: HttpRequest, number: int) -> HttpResponse:
    """Close a unit."""
    unit = _unit(request, number)
    return _unit_act(request, unit.agency, "已撤销。以前交来的仍然记在它名下。", actions.close_unit, unit=unit)


@require_POST
def join_unit(request: HttpRequest, number: int) -> HttpResponse:
    """Put a contributor into a unit."""
    unit = _unit(request, number)
    chosen = _number(request.POST.get("newcomer", ""))
    newcomer = next((person for person in queries.contributors_of(unit.agency) if person.pk == chosen), None)
    if newcomer is None:
        messages.error(request, "请选择供稿人。")
        return redirect(reverse("office:material_units", query={"agency": unit.agency.path}))
    return _unit_act(request, unit.agency, f"{newcomer.full_name}已编入{unit}。", actions.join_unit, unit=unit, newcomer=newcomer)


@require_POST
def leave_unit(request: HttpRequest, number: int, member: int) -> HttpResponse:
    """Take a contributor out of a unit."""
    unit = _unit(request, number)
    row = get_object_or_404(Member.objects.select_related("unit__agency", "person"), pk=member, unit=unit)
    return _unit_act(request, unit.agency, f"{row.person.full_name}已移出{unit}。", actions.leave_unit, member=row)

"""Calls for opinions in the office: all of them, one with what came in, a new one on a published draft, and its summary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.queries import items_seen_by
from gongkai.web.disclosure.soliciting import actions, callers, queries
from gongkai.web.disclosure.soliciting.models import DRAFT, Solicitation
from gongkai.web.disclosure.soliciting.periods import matters, source_of
from gongkai.web.office.soliciting.fields import AgainForm, AsideForm, EnterForm, Points, SolicitForm, SummaryForm
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in

ACTS = ("open", "enter_opinion", "set_aside", "count_again", "summarize")


def _page(request: HttpRequest, name: str, filled: Any, **context: Any) -> HttpResponse:
    is_wrong = filled is not None and filled.errors
    return render(request, f"office/soliciting/{name}.html", {"form": filled, **context}, status=422 if is_wrong else 200)


def _done(request: HttpRequest, filled: Any, done: str, act: Callable[[dict[str, Any]], Any]) -> Any:
    """What the act gave after a form that was filled in well; ``None`` leaves the person where he is."""
    if request.method != "POST" or not filled.is_valid():
        return None
    try:
        made = act(filled.cleaned_data)
    except Refused as refusal:
        filled.add_error(None, refusal.message)
        return None
    messages.success(request, done)
    return made


def _call(request: HttpRequest, number: int, action: str = "view") -> Solicitation:
    """The call, if the viewer may do that about it; for anybody else it is not there."""
    row: Solicitation = get_object_or_404(queries.seen_by(request.user), pk=number)
    if not may(request.user, f"solicit.{action}", row.item.agency, moment.today()):
        raise Http404
    return row


def _may(request: HttpRequest, agency: Agency) -> dict[str, bool]:
    return {name: may(request.user, f"solicit.{name}", agency, moment.today()) for name in ACTS}


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The calls of the viewer's organs: what still owes a summary first, then all."""
    agencies = Agency.objects.seen_by(request.user, "solicit.view")
    if not agencies.exists():
        raise Http404
    rows, after = queries.seen_by(request.user).order_by("-pk"), number_in(request.GET.get("after", ""))
    rows = rows.filter(pk__lt=after) if after is not None else rows
    found = list(rows[: queries.SHOWN + 1])
    on = moment.today()
    more = found[queries.SHOWN - 1].pk if len(found) > queries.SHOWN else None
    drafts = queries.uncalled(Agency.objects.seen_by(request.user, "solicit.open"))
    told = {"waiting": queries.waiting(agencies, on, few=queries.SHOWN) if after is None else [], "drafts": drafts if after is None else []}
    return _page(request, "list", None, calls=queries.calls(found[: queries.SHOWN], on), after=more, agencies=agencies, **told)


@require_http_methods(["GET", "POST"])
def solicit(request: HttpRequest, number: int) -> HttpResponse:
    """Ask the public for opinions on a published draft."""
    item = get_object_or_404(items_seen_by(request.user).select_related("agency"), pk=number, kind=DRAFT)
    if not may(request.user, "solicit.open", item.agency, moment.today()):
        raise Http404
    on = moment.today()
    form = SolicitForm(request.POST or None, on=on, initial={"from_on": on, "phone": item.agency.phone})
    made = _done(request, form, "已公开征求意见，公众现在看得到。", lambda values: _solicit(request, item, values))
    if made is not None:
        return redirect("office:solicitation", made.pk)
    return _page(request, "open", form, item=item, lengths=[(limit, source_of(limit)) for limit in matters(on)])


def _solicit(request: HttpRequest, item: Any, values: dict[str, Any]) -> Solicitation:
    terms = actions.Terms(**{name: values[name] for name in ("matter", "from_on", "until_on", "shortened")})
    ways = actions.Ways(**{name: values[name] for name in ("postal", "phone", "email")})
    made: Solicitation = actions.solicit(person=request.user, item=item, terms=terms, ways=ways)
    return made


@require_GET
def solicitation(request: HttpRequest, number: int) -> HttpResponse:
    """One call with the opinions that came in, the last first."""
    row = _call(request, number)
    after = number_in(request.GET.get("after", ""))
    rows = queries.with_asides(row.opinions.filter(pk__lt=after) if after is not None else row.opinions.all())
    found = list(rows[: queries.SHOWN + 1])
    more = found[queries.SHOWN - 1].pk if len(found) > queries.SHOWN else None
    told = {"n_all": row.opinions.count(), "n_counted": queries.counted(row).count(), "summary": queries.draft_of(row)}
    call = queries.standing_of(row, moment.today())
    return _page(
        request, "solicitation", None, call=call, rows=found[: queries.SHOWN], after=more, may=_may(request, row.item.agency), **told
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, number: int) -> HttpResponse:
    """Enter an opinion that came another way than by the site."""
    row = _call(request, number, "enter_opinion")
    form = EnterForm(request.POST or None, initial={"received_on": moment.today()})

    def act(values: dict[str, Any]) -> Any:
        sent = actions.Sent(**{name: values[name] for name in ("text", "name", "contact")})
        own = {"channel": values["channel"], "received_on": values["received_on"]}
        return actions.enter_opinion(person=request.user, solicitation=row, sent=sent, **own)

    made = _done(request, form, "已登记。", act)
    return redirect("office:solicitation", number) if made is not None else _page(request, "enter", form, row=row)


@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, number: int) -> HttpResponse:
    """One opinion. Who works on it reads name and contact; the head says whether it counts."""
    row = get_object_or_404(queries.opinions_seen_by(request.user), pk=number)
    allowed, aside = _may(request, row.solicitation.item.agency), queries.aside_of(row)
    act, form, done = _verdict(request, row, aside)
    if request.method == "POST" and not allowed["count_again" if aside else "set_aside"]:
        raise Http404
    if _done(request, form, done, act) is not None:
        return redirect("office:opinion", number)
    sealed = {}
    if allowed["enter_opinion"]:
        sealed = {
            "name": callers.opened(row.name, callers.NAME, row.number),
            "contact": callers.opened(row.contact, callers.CONTACT, row.number),
        }
    return _page(
        request, "opinion", form, opinion=row, aside=aside, may=allowed, sealed=sealed, past=row.asides.filter(ended_by__isnull=False)
    )


def _verdict(request: HttpRequest, row: Any, aside: Any) -> tuple[Callable[[dict[str, Any]], Any], Any, str]:
    """What may be said of an opinion now: that it does not count, or that it counts again."""
    person = request.user
    if aside is None:
        form: Any = AsideForm(request.POST or None)
        return lambda values: actions.set_aside(person=person, opinion=row, **values), form, "已标为不计入，意见仍然保留。"
    return lambda values: actions.count_again(person=person, opinion=row, **values), AgainForm(request.POST or None), "已重新计入。"


@require_http_methods(["GET", "POST"])
def summarize(request: HttpRequest, number: int) -> HttpResponse:
    """Begin the item that tells what became of the opinions."""
    row = _call(request, number, "summarize")
    form, points = SummaryForm(request.POST or None, initial={"column": row.item.column}), Points(request.POST or None, prefix="p")

    def act(values: dict[str, Any]) -> Any:
        if not points.is_valid():
            raise Refused("各条里有没有填对的地方，请看下面标出的。")
        said = [_point(one.cleaned_data) for one in points if one.has_changed()]
        return actions.summarize(person=request.user, solicitation=row, points=said, **values)

    made = _done(request, form, "已起草采纳情况。请核对、补充后提交审查，通过后发布。", act)
    if made is not None:
        return redirect("office:item", made.item_id)
    summary = queries.draft_of(row)
    may_begin = summary is None and moment.today() > row.until_on
    told = {"row": row, "points": points, "n_counted": queries.counted(row).count(), "summary": summary, "may_begin": may_begin}
    return _page(request, "summary", form, **told)


def _point(values: dict[str, Any]) -> actions.Point:
    return actions.Point(said=values["said"], n=values["n"] or 0, fate=values["fate"], why=values["why"])

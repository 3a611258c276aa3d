"""The screens of the watch (监测): limits, columns, penalties overturned, withheld items, pairs, reports of errors, suggestions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.suggesting import actions as suggesting
from gongkai.web.disclosure.suggesting import callers as suggesters
from gongkai.web.disclosure.suggesting import queries as suggested
from gongkai.web.disclosure.watch import actions, callers, queries
from gongkai.web.disclosure.watch.columns import STATES, columns_of
from gongkai.web.disclosure.watch.lateness import RISK_DAYS, late, published_late
from gongkai.web.office.watch_fields import AnswerForm, OverturnedForm, ReassessForm, SettleForm, SuggestionForm
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in


def _seen(request: HttpRequest, action: str = "disclosure.view") -> Any:
    """The organs in which the viewer may do that; the page is not there for who may nowhere."""
    agencies = Agency.objects.seen_by(request.user, action)
    if not agencies.exists():
        raise Http404
    return agencies


def _chosen(request: HttpRequest, agencies: Any) -> tuple[Any, dict[str, Any]]:
    """The organs that the filter leaves, and what the filter shows: one organ, or all below the viewer's post."""
    path = request.GET.get("agency", "")[:200]
    asked = agencies.filter(path=path) if path.isprintable() and "/" in path else agencies.none()
    chosen = asked if asked.exists() else agencies
    return chosen, {"agencies": agencies, "asked": path if chosen is asked else ""}


def _after(request: HttpRequest) -> int | None:
    return number_in(request.GET.get("after", ""))


def _saved(request: HttpRequest, filled: Any, done: str, address: tuple[Any, ...], act: Any) -> HttpResponse | None:
    """Where to go after a form that was filled in well and an act that was done; ``None`` leaves the person where he is."""
    if request.method != "POST" or not filled.is_valid():
        return None
    try:
        act(filled.cleaned_data)
    except Refused as refusal:
        filled.add_error(None, refusal.message)
        return None
    messages.success(request, done)
    answer: HttpResponse = redirect(*address)
    return answer


def _page(request: HttpRequest, name: str, filled: Any, **context: Any) -> HttpResponse:
    is_wrong = filled is not None and filled.errors
    return render(request, f"office/watch/{name}.html", {"form": filled, **context}, status=422 if is_wrong else 200)


@require_GET
def limits(request: HttpRequest) -> HttpResponse:
    """What is overdue or soon will be, and what was published late this year."""
    agencies, place = _chosen(request, _seen(request))
    on = moment.today()
    context = {"late": late(agencies, on), "published": published_late(agencies, on), "risk_days": RISK_DAYS, "year": on.year, **place}
    return _page(request, "limits", None, **context)


@require_GET
def columns(request: HttpRequest) -> HttpResponse:
    """Every organ's columns against the inspections' limits, the worst first."""
    rows = columns_of(list(_seen(request)), moment.today())
    if len(rows) == 1:
        return _page(request, "organ_columns", None, one=rows[0], states=STATES, is_alone=True)
    return _page(request, "columns", None, rows=sorted(rows, key=lambda row: row.rank, reverse=True), states=STATES)


@require_GET
def organ_columns(request: HttpRequest, number: int) -> HttpResponse:
    """One organ's columns."""
    agency = get_object_or_404(_seen(request), pk=number)
    return _page(request, "organ_columns", None, one=columns_of([agency], moment.today())[0], states=STATES)


@require_GET
def penalties(request: HttpRequest) -> HttpResponse:
    """Penalty decisions that were overturned: what is still to be withdrawn, and what was withdrawn when."""
    agencies, place = _chosen(request, _seen(request))
    rows = queries.overturned(agencies, moment.today())
    return _page(request, "penalties", None, rows=rows, markable=queries.penalties_in_force(request.user)[:50], **place)


@require_http_methods(["GET", "POST"])
def overturned(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a published penalty decision was overturned."""
    publication = get_object_or_404(queries.penalties_in_force(request.user), item_id=number)
    form = OverturnedForm(request.POST or None)
    done = _saved(
        request, form, "已登记。请在期限内撤回这条信息。", ("office:item", number),
        lambda values: actions.mark_overturned(person=request.user, publication=publication, **values),
    )  # fmt: skip
    return done or _page(request, "overturned", form, publication=publication)


@require_GET
def withheld(request: HttpRequest) -> HttpResponse:
    """What is withheld and due to be assessed again."""
    agencies, place = _chosen(request, _seen(request))
    on = moment.today()
    context = {
        "rows": queries.to_reassess(agencies, on),
        "n_all": queries.count_withheld(agencies),
        "interval": queries.interval(on),
        "ahead": queries.AHEAD,
        "ours": set(Agency.objects.seen_by(request.user, "watch.reassess").values_list("pk", flat=True)),
    }
    return _page(request, "withheld", None, **context, **place)


@require_http_methods(["GET", "POST"])
def reassess(request: HttpRequest, number: int) -> HttpResponse:
    """Assess one withheld item again."""
    row = queries.withheld_seen_by(request.user, number)
    if row is None:
        raise Http404
    form = ReassessForm(request.POST or None)
    publishes = request.POST.get("verdict") in ("publish", "partly")
    done = _saved(
        request, form,
        "评估已记入台账。请修改公开属性和内容，再提交审查。" if publishes else "评估已记入台账。",
        ("office:revise", number) if publishes else ("office:withheld",),
        lambda values: actions.reassess(person=request.user, item=row.item, **values),
    )  # fmt: skip
    return done or _page(request, "reassess", form, row=row, interval=queries.interval(moment.today()))


@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """Near-duplicates and contradictions, to be decided on or decided."""
    agencies = _seen(request, "watch.compare")
    state = "settled" if request.GET.get("state") == "settled" else "open"
    page = queries.pair_page(agencies, state=state, after=_after(request))
    return _page(request, "pairs", None, page=page, state=state, burdened=queries.burdened(agencies)[:50])


@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, number: int) -> HttpResponse:
    """One pair side by side, and the decision about it."""
    found = queries.pair_seen_by(request.user, number)
    if found is None or (request.method == "POST" and not found.undecided):
        raise Http404
    sides = [(str(side.item.pk), f"{side.item.agency.short_name}：{side.content.get('title', '')}") for side in found.sides]
    items: dict[str, Item] = {str(side.item.pk): side.item for side in found.sides}
    form = SettleForm(request.POST or None, sides=sides)
    done = _saved(
        request, form, "决定已记入台账，另一个机关看得到。", ("office:pair", number),
        lambda values: actions.settle(
            person=request.user, agency=found.undecided[0], lookalike=found.lookalike, verdict=values["verdict"],
            burden=items.get(values["burden"]), reason=values["reason"],
        ),
    )  # fmt: skip
    settlements = found.lookalike.settlements.select_related("agency", "burden__agency", "entry__person")
    return done or _page(request, "pair", form, pair=found, settlements=settlements)


@require_GET
def error_reports(request: HttpRequest) -> HttpResponse:
    """What the public reported: unanswered first."""
    agencies, place = _chosen(request, _seen(request))
    on = moment.today()
    waiting = queries.aged(queries.reports(agencies, answered=False)[: queries.SHOWN], on)
    answered = queries.reports(agencies, answered=True)[: queries.SHOWN]
    return _page(
        request, "error_reports", None, waiting=waiting, answered=answered, counts=queries.counts_of_reports(agencies), **place
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def error_report(request: HttpRequest, number: int) -> HttpResponse:
    """One report, and its answer. Who may answer reads the contact."""
    report = get_object_or_404(queries.reports(_seen(request)), pk=number)
    may_answer = may(request.user, "watch.answer_error", report.publication.item.agency, moment.today())
    if request.method == "POST" and not may_answer:
        raise Http404
    form = AnswerForm(request.POST or None)
    done = _saved(
        request, form, "已答复，提出的人凭编号和查询码看得到。", ("office:error_report", number),
        lambda values: actions.answer_error(
            person=request.user, report=report, is_taken=values["is_taken"] == "yes", words=values["words"]
        ),
    )  # fmt: skip
    contact = callers.contact_of(report.number, report.contact) if report.contact and may_answer else None
    age = report.age(moment.today())
    answer = getattr(report, "answer", None)
    return done or _page(request, "error_report", form, report=report, answer=answer, may_answer=may_answer, contact=contact, age=age)


@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the public suggests to publish: what waits, what was promised and is not public yet, what was answered."""
    agencies, place = _chosen(request, _seen(request))
    told = {state: suggested.suggestions(agencies, state)[: suggested.SHOWN] for state in (suggested.PROMISED, suggested.ANSWERED)}
    waiting, counts = suggested.waiting(agencies, moment.today()), suggested.counts_of(agencies)
    return _page(request, "suggestions", None, waiting=waiting, counts=counts, **told, **place)


@require_http_methods(["GET", "POST"])
def suggestion(request: HttpRequest, number: int) -> HttpResponse:
    """One suggestion, and its answer. Who may answer reads the contact, and sees what the organ has public already."""
    row = get_object_or_404(suggested.suggestions(_seen(request)), pk=number)
    on, answer = moment.today(), getattr(row, "answer", None)
    may_answer = may(request.user, "suggest.answer", row.agency, on)
    if request.method == "POST" and not may_answer:
        raise Http404
    form = SuggestionForm(request.POST or None, agency=row.agency)
    done = _saved(
        request, form, "已答复，提出的人凭编号和查询码看得到。", ("office:suggestion", number),
        lambda values: suggesting.answer(person=request.user, suggestion=row, reply=suggesting.Reply(**values)),
    )  # fmt: skip
    told: dict[str, Any] = {"answer": answer, "may_answer": may_answer, "age": row.age(on), "suggestion": row}
    if may_answer:
        told["contact"] = suggesters.contact_of(row.number, row.contact) if row.contact else None
    if answer is not None:
        points, publication = suggested.shown_with(answer)
        told |= {"points": points, "publication": publication, "ground": suggested.ground_of(answer)}
        told["may_keep"] = answer.outcome == "will" and not points and may(request.user, "suggest.keep", row.agency, on)
    elif may_answer:
        told |= {"alike": suggested.alike_to(row), "likely": suggested.already_public(row.agency, row.wanted)}
    return done or _page(request, "suggestion", form, **told)


@require_POST
def keep_suggestion(request: HttpRequest, number: int) -> HttpResponse:
    """Name the item by which a promise was kept."""
    row = get_object_or_404(suggested.suggestions(_seen(request)), pk=number)
    if not may(request.user, "suggest.keep", row.agency, moment.today()):
        raise Http404
    answer = getattr(row, "answer", None)
    try:
        if answer is None:
            raise Refused("这件建议还没有答复，请先答复。")
        suggesting.keep(person=request.user, answer=answer, item=request.POST.get("item", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "已登记，提出的人凭编号和查询码看得到。")
    return redirect("office:suggestion", number)

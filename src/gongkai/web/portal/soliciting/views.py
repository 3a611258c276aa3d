"""Calls for opinions (意见征集) on the public site: the lists, the page of one with its form, and what became of an opinion."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from gongkai.errors import Refused
from gongkai.law.portal import column_type
from gongkai.web.disclosure.soliciting.actions import Sent, TooMany, send_opinion
from gongkai.web.disclosure.soliciting.models import DRAFT
from gongkai.web.disclosure.soliciting.queries import (
    Call,
    aside_of,
    call_of_slug,
    counted,
    opinion_of,
    public_calls,
    standing_of,
)
from gongkai.web.disclosure.soliciting.values import choices, longest
from gongkai.web.portal.caching import public_page
from gongkai.web.portal.site import Column, Head, Step, page_context
from gongkai.web.settings import moment

# How many of those that ended stand beside the open ones.
BESIDE = 10


class OpinionForm(forms.Form):
    """An opinion. ``website`` is never shown: whoever fills it in is no person."""

    text = forms.CharField(
        label="意见或者建议", max_length=longest("text"), widget=forms.Textarea(attrs={"rows": 7}),
        help_text="写明对哪一条、怎样修改、为什么。原文不公开，请不要写与草案无关的个人信息。",
    )  # fmt: skip
    name = forms.CharField(label="姓名或者单位", required=False, max_length=longest("name"), help_text="选填，加密保存，不公开。")
    contact = forms.CharField(
        label="联系方式", required=False, max_length=longest("contact"), help_text="选填，加密保存，只用来核实这件意见。"
    )
    website = forms.CharField(label="网站", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))


@require_safe
@public_page
def listed(request: HttpRequest) -> HttpResponse:
    """What the public is asked about now, and what became of earlier calls; with ``state`` one of these lists alone, paged."""
    on, state, title = moment.today(), request.GET.get("state", ""), gettext("意见征集")
    if state and state not in choices("states"):
        raise Http404
    column = Column(name=title, type=column_type(kind=DRAFT, column=""), description=gettext("公开征求意见的草案和采纳情况"))
    context = page_context(request, Head(column=column), Step(title))
    wanted = [state] if state else list(choices("states"))
    parts = [
        (name, public_calls(on, state=name, after=request.GET.get("after", "") if state else "", size=BESIDE)) for name in wanted
    ]  # fmt: skip
    context |= {"title": title, "parts": [part for part in parts if part[1].rows], "state": state, "is_later": "after" in request.GET}
    return render(request, "portal/solicitations.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def solicitation(request: HttpRequest, slug: str) -> HttpResponse:
    """One call: the draft, the time, how to take part, and afterwards what became of it."""
    call = call_of_slug(slug, moment.today())
    if call is None or (request.method == "POST" and call.state != "open"):
        raise Http404
    form, status = OpinionForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.pop("website"):
            raise Http404
        try:
            made, code = send_opinion(solicitation=call.row, sent=Sent(**form.cleaned_data), address=address_of(request))
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = 429 if isinstance(refusal, TooMany) else 422
        else:
            return redirect(reverse("portal:opinion", args=[made.number], query={"code": code}))
    context = {**_page(request, call), "form": form}
    return render(request, "portal/solicitation.html", context, status=422 if form.errors and status == 200 else status)


def _page(request: HttpRequest, call: Call) -> dict[str, Any]:
    assert call.draft is not None
    content, organ = call.draft.revision.content, call.draft.agency
    column = Column(
        name=gettext("意见征集"), type=column_type(kind=DRAFT, column=""), description=f"{organ.name}{gettext('公开征求意见')}"
    )  # fmt: skip
    way = (Step(gettext("意见征集"), reverse("portal:solicitations")), Step(content["title"]))
    context = page_context(request, Head(column=column), *way, organ=organ)
    told = {"call": call, "draft": call.draft, "content": content, "n_counted": counted(call.row).count(), "title": content["title"]}
    return {**context, **told, "result": call.summary.revision.content if call.summary else None}


@never_cache
@require_GET
def lookup(request: HttpRequest) -> HttpResponse:
    """Ask for an opinion by its number and code."""
    number, code = (request.GET.get(name, "").strip()[:30] for name in ("number", "code"))
    found = opinion_of(number, code) if number or code else None
    if found is not None:
        return redirect(reverse("portal:opinion", args=[found.number], query={"code": code}))
    is_wrong = bool(number or code)
    return render(request, "portal/opinion_lookup.html", _looked_up(request, number, is_wrong=is_wrong), status=404 if is_wrong else 200)


@never_cache
@require_GET
def opinion(request: HttpRequest, number: str) -> HttpResponse:
    """An opinion and what became of it, for whoever has its code; a wrong code finds nothing, as a wrong number does."""
    code = request.GET.get("code", "")[:30]
    found = opinion_of(number, code)
    if found is None:
        return render(request, "portal/opinion_lookup.html", _looked_up(request, number[:30], is_wrong=True), status=404)
    call, title = standing_of(found.solicitation, moment.today()), gettext("我的意见")
    way = (Step(gettext("意见征集"), reverse("portal:solicitations")), Step(title))
    context = page_context(request, Head(), *way, organ=found.solicitation.item.agency)
    context |= {"title": title, "opinion": found, "call": call, "aside": aside_of(found), "code": code.strip().upper()}
    return render(request, "portal/opinion_state.html", context)


def _looked_up(request: HttpRequest, number: str, *, is_wrong: bool) -> dict[str, Any]:
    title = gettext("查我的意见")
    way = (Step(gettext("意见征集"), reverse("portal:solicitations")), Step(title))
    return {**page_context(request, Head(), *way), "title": title, "number": number, "is_wrong": is_wrong}


def address_of(request: HttpRequest) -> str:
    """Where a message comes from, as the connection says it; what the message says of itself is not believed."""
    return str(request.META.get("REMOTE_ADDR", ""))[:60]

"""Suggesting that an organ publish something (建议公开), and reading the answer: pages that need no account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.suggesting.actions import TooMany, Wish, suggest
from gongkai.web.disclosure.suggesting.queries import already_public, columns_of, ground_of, shown_with, suggestion_of
from gongkai.web.disclosure.suggesting.values import longest
from gongkai.web.portal.organs import of_code, way_to
from gongkai.web.portal.site import Head, Step, page_context


class SuggestForm(forms.Form):
    """What should be public. ``website`` is never shown: whoever fills it in is no person."""

    wanted = forms.CharField(
        label="建议公开什么", max_length=longest("wanted"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清是哪件事、哪一年、哪个范围，例如某年某项补贴的发放名单。请不要写与此无关的个人信息。",
    )  # fmt: skip
    column = forms.ChoiceField(label="应当放在哪个栏目", required=False, help_text="选填，这些是本机关应当主动公开的内容。")
    reason = forms.CharField(
        label="为什么认为应当公开",
        required=False,
        max_length=longest("reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="选填。",
    )
    contact = forms.CharField(
        label="联系方式", required=False, max_length=longest("contact"), help_text="选填，加密保存，只用来核实。不填也能查答复。"
    )
    website = forms.CharField(label="网站", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, organ: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].choices = [("", "不清楚"), *columns_of(organ)]


@never_cache
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """To which organ: the same link for each, with what was looked for."""
    title = gettext("建议公开")
    context = {**page_context(request, Head(), Step(title)), "title": title, "organs": Agency.objects.order_by("path")}
    return render(request, "portal/suggest_organ.html", {**context, "asked_words": request.GET.get("wanted", "")[:100]})


@never_cache
@require_http_methods(["GET", "POST"])
def suggestion(request: HttpRequest, code: str) -> HttpResponse:
    """Suggest that an organ publish something. What it has public about that is shown first, and the suggestion sent only after."""
    organ, status, found = of_code(code), 200, list[Publication]()
    said = {name: request.GET.get(name, "")[: longest("wanted")] for name in ("wanted", "column")}
    filled = SuggestForm(request.POST if request.method == "POST" else None, initial=said, organ=organ)
    if request.method == "POST" and filled.is_valid():
        if filled.cleaned_data.pop("website"):
            raise Http404
        found = [] if "none_of_these" in request.POST else already_public(organ, filled.cleaned_data["wanted"])
        if not found:
            try:
                made, secret = suggest(agency=organ, wish=Wish(**filled.cleaned_data), address=_address(request))
            except Refused as refusal:
                filled.add_error(None, refusal.message)
                status = 429 if isinstance(refusal, TooMany) else 422
            else:
                return redirect(reverse("portal:suggestion", args=[made.number], query={"code": secret}))
    title = gettext("建议公开")
    context = page_context(request, Head(), *way_to(organ, Step(title)), organ=organ)
    status = 422 if filled.errors and status == 200 else status
    return render(request, "portal/suggest.html", {**context, "title": title, "form": filled, "found": found}, status=status)


@never_cache
@require_GET
def lookup(request: HttpRequest) -> HttpResponse:
    """Ask for a suggestion by its number and code."""
    number, code = (request.GET.get(name, "").strip()[:30] for name in ("number", "code"))
    found = suggestion_of(number, code) if number or code else None
    if found is not None:
        return redirect(reverse("portal:suggestion", args=[found.number], query={"code": code}))
    return _looked_up(request, number, is_wrong=bool(number or code))


@never_cache
@require_GET
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """A suggestion and its answer for whoever has its code; a wrong code finds nothing, as a wrong number does."""
    code = request.GET.get("code", "")[:30]
    found: Any = suggestion_of(number, code)
    if found is None:
        return _looked_up(request, number[:30], is_wrong=True)
    title, reply = gettext("我的建议"), getattr(found, "answer", None)
    context = page_context(request, Head(), *way_to(found.agency, Step(title)), organ=found.agency)
    context |= {"title": title, "suggestion": found, "reply": reply, "code": code.strip().upper()}
    if reply is not None:
        points, publication = shown_with(reply)
        context |= {"points": points, "publication": publication, "ground": ground_of(reply), "kept": getattr(reply, "kept", None)}
    return render(request, "portal/suggestion_state.html", context)


def _looked_up(request: HttpRequest, number: str, *, is_wrong: bool) -> HttpResponse:
    title = gettext("查建议的答复")
    context = page_context(request, Head(), Step(gettext("建议公开"), reverse("portal:suggest_organ")), Step(title))
    told = {"title": title, "number": number, "is_wrong": is_wrong}
    return render(request, "portal/suggestion_lookup.html", {**context, **told}, status=404 if is_wrong else 200)


def _address(request: HttpRequest) -> str:
    """Where a message comes from, as the connection says it; what the message says of itself is not believed."""
    return str(request.META.get("REMOTE_ADDR", ""))[:60]

"""Reporting an error in what is published (纠错), and reading the answer: two pages that need no account."""

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
from gongkai.web.disclosure.watch.actions import LONGEST_CONTACT, LONGEST_QUOTE, LONGEST_WRONG, TooMany, report_error
from gongkai.web.disclosure.watch.queries import report_of
from gongkai.web.portal.items import in_force
from gongkai.web.portal.site import Head, Step, page_context


class ErrorForm(forms.Form):
    """What is wrong. ``website`` is never shown: whoever fills it in is no person."""

    quoted = forms.CharField(
        label="原文", required=False, max_length=LONGEST_QUOTE, widget=forms.Textarea(attrs={"rows": 2}), help_text="有错的字句，照抄下来。"
    )
    wrong = forms.CharField(
        label="有什么错", max_length=LONGEST_WRONG, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明错在哪里、应当是什么。请不要写与这条信息无关的个人信息。",
    )  # fmt: skip
    contact = forms.CharField(
        label="联系方式", required=False, max_length=LONGEST_CONTACT, help_text="选填，加密保存，只用来核实。不填也能查答复。"
    )
    website = forms.CharField(label="网站", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Report an error in an item that is public now."""
    publication = in_force(slug)
    form = ErrorForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.pop("website"):
            raise Http404
        try:
            made, code = report_error(publication=publication, address=_address(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = 429 if isinstance(refusal, TooMany) else 422
        else:
            return redirect(reverse("portal:error", args=[made.number], query={"code": code}))
    address = reverse("portal:item", args=[publication.item.slug])
    context = page_context(
        request, Head(), Step(publication.revision.content["title"], address), Step(gettext("这里有错")), organ=publication.agency
    )
    context |= {"form": form, "publication": publication, "title": gettext("这里有错")}
    return render(request, "portal/error.html", context, status=422 if form.errors and status == 200 else status)


@never_cache
@require_GET
def lookup(request: HttpRequest) -> HttpResponse:
    """Ask for a report by its number and code."""
    number, code = (request.GET.get(name, "").strip()[:30] for name in ("number", "code"))
    found = report_of(number, code) if number or code else None
    if found is not None:
        return redirect(reverse("portal:error", args=[found.number], query={"code": code}))
    context = {**_looked_up(request), "number": number, "is_wrong": bool(number or code)}
    return render(request, "portal/error_lookup.html", context, status=404 if context["is_wrong"] else 200)


@never_cache
@require_GET
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """A report and its answer for whoever has its code; a wrong code finds nothing, as a wrong number does."""
    code = request.GET.get("code", "")[:30]
    found: Any = report_of(number, code)
    if found is None:
        return render(request, "portal/error_lookup.html", {**_looked_up(request), "number": number[:30], "is_wrong": True}, status=404)
    publication = found.publication
    way = (Step(publication.revision.content["title"], reverse("portal:item", args=[publication.item.slug])), Step(gettext("纠错的答复")))
    context = page_context(request, Head(), *way, organ=publication.item.agency)
    context |= {"title": gettext("纠错的答复"), "report": found, "answer": getattr(found, "answer", None), "code": code.strip().upper()}
    return render(request, "portal/error_state.html", context)


def _looked_up(request: HttpRequest) -> dict[str, Any]:
    title = gettext("查纠错的答复")
    return {**page_context(request, Head(), Step(title)), "title": title}


def _address(request: HttpRequest) -> str:
    """Where a message comes from, as the connection says it; what the message says of itself is not believed."""
    return str(request.META.get("REMOTE_ADDR", ""))[:60]

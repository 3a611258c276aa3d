"""Questionnaires (问卷) on the public site: which there are, one to fill in, and its figures when they are public."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.errors import Refused
from gongkai.law.portal import column_type
from gongkai.web.disclosure.questionnaires.actions import TooMany, send_sheet
from gongkai.web.disclosure.questionnaires.models import Questionnaire
from gongkai.web.disclosure.questionnaires.queries import figures, public_surveys, standing_of
from gongkai.web.disclosure.questionnaires.questions import MULTIPLE, POINTS, SCALE, SINGLE
from gongkai.web.disclosure.soliciting.values import longest
from gongkai.web.portal.caching import public_page
from gongkai.web.portal.site import Column, Head, Step, page_context
from gongkai.web.portal.soliciting.views import address_of
from gongkai.web.settings import moment


class SheetForm(forms.Form):
    """The questions of one questionnaire. ``website`` is never shown: whoever fills it in is no person."""

    website = forms.CharField(label="网站", required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, questions: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, question in enumerate(questions, start=1):
            self.fields[f"q{number}"] = _field(number, question)

    def answers(self) -> dict[str, Any]:
        """What was answered, by the number of the question."""
        return {name[1:]: value for name, value in self.cleaned_data.items() if name != "website"}


def _field(number: int, question: dict[str, Any]) -> forms.Field:
    named: dict[str, Any] = {"label": f"{number}. {question['words']}", "required": question["is_required"]}
    if question["kind"] == SCALE:
        points = [(str(point), _point(point)) for point in POINTS]
        return forms.ChoiceField(choices=points, widget=forms.RadioSelect, **named)
    offered = [(str(at), words) for at, words in enumerate(question.get("choices", ()), start=1)]
    if question["kind"] == SINGLE:
        return forms.ChoiceField(choices=offered, widget=forms.RadioSelect, **named)
    if question["kind"] == MULTIPLE:
        return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **named)
    return forms.CharField(max_length=longest("answer"), widget=forms.Textarea(attrs={"rows": 3}), **named)


def _point(point: int) -> str:
    told = {POINTS[0]: gettext("1分（最低）"), POINTS[-1]: gettext("5分（最高）")}
    return told.get(point, gettext("%(n)s分") % {"n": point})


@require_safe
@public_page
def listed(request: HttpRequest) -> HttpResponse:
    """Every questionnaire, those that may be filled in first."""
    title = gettext("问卷调查")
    column = Column(name=title, type=column_type(kind="", column=""), description=gettext("公众可以填写的问卷和已公布的结果"))
    context = page_context(request, Head(column=column), Step(title))
    return render(request, "portal/questionnaires.html", {**context, "title": title, "rows": public_surveys(moment.today())})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, number: int) -> HttpResponse:
    """One questionnaire: to fill in while it is open, with its figures when they are public."""
    row = get_object_or_404(Questionnaire.objects.select_related("agency", "about"), pk=number)
    survey = standing_of(row, moment.today())
    if request.method == "POST" and survey.state != "open":
        raise Http404
    form, status = SheetForm(request.POST if request.method == "POST" else None, questions=row.questions), 200
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            raise Http404
        try:
            send_sheet(questionnaire=row, answers=form.answers(), address=address_of(request))
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = 429 if isinstance(refusal, TooMany) else 422
        else:
            return redirect(reverse("portal:questionnaire", args=[row.pk], query={"done": "1"}))
    title = gettext("问卷调查")
    column = Column(name=title, type=column_type(kind="", column=""), description=f"{row.about.name}{title}")
    way = (Step(title, reverse("portal:questionnaires")), Step(row.title))
    context = page_context(request, Head(column=column), *way, organ=row.agency)
    told = {"survey": survey, "form": form, "is_done": "done" in request.GET and request.method != "POST"}
    context |= {"title": row.title, **told, "figures": figures(row) if survey.state == "answered" else [], "n_sheets": row.sheets.count()}
    return render(request, "portal/questionnaire.html", context, status=422 if form.errors and status == 200 else status)

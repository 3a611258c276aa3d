"""Questionnaires in the office: all of them, a new one, and what was answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.questionnaires import actions, queries
from gongkai.web.disclosure.soliciting.values import choices, longest
from gongkai.web.settings import moment

# Questions that the form asks for.
QUESTIONS = 8
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class QuestionnaireForm(forms.Form):
    """Whose questions, about whom, from when until when."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="以哪个机关的名义")
    about = forms.ModelChoiceField(Agency.objects.none(), label="评议的机关", help_text="本机关或者下级机关。")
    title = forms.CharField(label="标题", max_length=longest("title"))
    introduction = forms.CharField(
        label="说明", required=False, max_length=longest("introduction"), widget=forms.Textarea(attrs={"rows": 3}), help_text="公众会看到。"
    )
    from_on = forms.DateField(label="起始日期", widget=_DAY)
    until_on = forms.DateField(label="截止日期", widget=_DAY, help_text="当天仍可以填写。")

    def __init__(self, *args: Any, agencies: Any, about: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset, self.fields["about"].queryset = agencies, about


class QuestionForm(forms.Form):
    """One question; an empty one is left out."""

    words = forms.CharField(label="题目", required=False, max_length=longest("question"))
    kind = forms.ChoiceField(label="题型", required=False, choices=[("", "请选择"), *choices("question_kinds").items()])
    choices = forms.CharField(
        label="选项", required=False, max_length=700, widget=forms.Textarea(attrs={"rows": 4}), help_text="一行一个。单选、多选才填。"
    )
    is_required = forms.BooleanField(label="必须回答", required=False)


Questions = forms.formset_factory(QuestionForm, extra=QUESTIONS)


def _render(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"office/soliciting/{name}.html", context, status=status)


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The questionnaires of the viewer's organs, the newest first."""
    if not Agency.objects.seen_by(request.user, "survey.view").exists():
        raise Http404
    on = moment.today()
    rows = [(queries.standing_of(row, on), row.sheets.count()) for row in queries.seen_by(request.user)[: queries.SHOWN]]
    return _render(request, "questionnaires", rows=rows)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put a questionnaire to the public."""
    agencies = queries.opening_for(request.user)
    if not agencies.exists():
        raise Http404
    about = queries.asked_about(agencies)
    first = {"from_on": moment.today(), "agency": agencies.first(), "about": agencies.first()}
    form = QuestionnaireForm(request.POST or None, agencies=agencies, about=about, initial=first)
    asked = Questions(request.POST or None, prefix="q")
    if request.method == "POST" and form.is_valid() and asked.is_valid():
        try:
            made = _open(request, form.cleaned_data, [_question(one.cleaned_data) for one in asked if one.has_changed()])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "问卷已发布，公众现在看得到。")
            return redirect("office:questionnaire", made.pk)
    is_wrong = request.method == "POST"
    return _render(request, "questionnaire_new", 422 if is_wrong else 200, form=form, questions=asked)


def _question(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "choices": values["choices"].splitlines()}


def _open(request: HttpRequest, values: dict[str, Any], questions: list[dict[str, Any]]) -> Any:
    named = {name: values[name] for name in ("about", "title", "introduction", "from_on", "until_on")}
    asked = actions.Asked(questions=questions, **named)
    return actions.open_questionnaire(person=request.user, agency=values["agency"], asked=asked)


@require_GET
def questionnaire(request: HttpRequest, number: int) -> HttpResponse:
    """One questionnaire with everything that was answered, texts included."""
    row = get_object_or_404(queries.seen_by(request.user), pk=number)
    on = moment.today()
    may_publish = may(request.user, "survey.publish_figures", row.agency, on)
    told = {"figures": queries.figures(row), "n_sheets": row.sheets.count(), "may_publish": may_publish}
    return _render(request, "questionnaire", survey=queries.standing_of(row, on), **told)


@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Let the public see the figures."""
    row = get_object_or_404(queries.seen_by(request.user), pk=number)
    try:
        actions.publish_figures(person=request.user, questionnaire=row)
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "结果已公布，公众现在看得到各题的数字；文字回答不公布。")
    return redirect("office:questionnaire", number)

"""Screens on which past publications are handed in, approved and followed while they come in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.past import actions
from gongkai.web.disclosure.past.beginnings import beginning_of, set_beginning
from gongkai.web.disclosure.past.lines import LIMITS, columns
from gongkai.web.disclosure.past.models import PastRun
from gongkai.web.settings import moment

SHOWN = 50


class BeginningForm(forms.Form):
    """From which day an organ publishes on the platform, and by what that was said."""

    begins_on = forms.DateField(label="开始使用平台的日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label="依据", max_length=500, help_text="例如开通通知的文号。")


class PastForm(forms.Form):
    """The file of past publications, and where it comes from."""

    agency = forms.ModelChoiceField(label="发布机构", queryset=Agency.objects.none(), empty_label=None)
    file = forms.FileField(label="文件", help_text="CSV（UTF-8）或者XLSX，第一行写列名，每行一条。")
    source = forms.CharField(label="来源", max_length=300, help_text="例如：原网站名称和导出日期。批准的人和台账都会看到。")

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx"


def _seen(request: HttpRequest) -> Any:
    return PastRun.objects.filter(agency__in=Agency.objects.seen_by(request.user, "disclosure.view")).select_related(
        "agency", "handed_in_by", "cleared_by", "decided_by", "entry", "clearance", "decision"
    )


@require_http_methods(["GET", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """The files handed in so far, and a new one."""
    if not Agency.objects.seen_by(request.user, "disclosure.view").exists():
        raise Http404
    agencies = Agency.objects.seen_by(request.user, "past.hand_in")
    form = PastForm(request.POST or None, request.FILES or None, agencies=agencies) if agencies.exists() else None
    if form is None and request.method == "POST":
        raise Http404
    faults: tuple[Any, ...] = ()
    if form is not None and request.method == "POST" and form.is_valid():
        upload, said = form.cleaned_data["file"], form.cleaned_data
        try:
            told = {"file_name": upload.name, "data": upload.read(LIMITS.n_bytes + 1), "source": said["source"]}
            run = actions.hand_in(person=request.user, agency=said["agency"], **told)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            faults = getattr(refusal, "faults", ())[:SHOWN]
        else:
            messages.success(request, f"已交来{run.n_items}条，等待批准。")
            return redirect("office:past_run", run.pk)
    context = {
        "form": form,
        "faults": faults,
        "rows": _seen(request)[:SHOWN],
        "columns": columns().columns,
        "places": Agency.objects.seen_by(request.user, "disclosure.view"),
    }
    return render(request, "office/past/runs.html", context, status=422 if form is not None and form.errors else 200)


@require_GET
def run(request: HttpRequest, number: int) -> HttpResponse:
    """One file: what is in it, what screening found, who decided, and how far it has come in."""
    found = get_object_or_404(_seen(request), pk=number)
    taken = actions.taken_of(found)
    kinds, channels = words("kinds"), words("channels")
    context = {
        "run": found,
        "taken": taken,
        "left": found.n_items - taken,
        "kinds": [(kinds.get(name, name), n) for name, n in found.outline.get("kinds", {}).items()],
        "channels": [(channels.get(name, name), n) for name, n in found.outline.get("channels", {}).items()],
        "may_clear": found.is_cleared is None and _is_next(request, found, "past.clear", ()),
        "may_decide": _is_next(request, found, "past.decide", (found.cleared_by_id,)),
    }
    return render(request, "office/past/run.html", context)


def _is_next(request: HttpRequest, run: PastRun, act: str, but: tuple[int | None, ...]) -> bool:
    """Whether the viewer may do that on a file that still waits, being none of those who did something about it already."""
    if run.is_approved is not None or run.is_refused or request.user.pk in (run.handed_in_by_id, *but):
        return False
    return may(request.user, act, run.agency, moment.today())


@require_POST
def clear(request: HttpRequest, number: int) -> HttpResponse:
    """The secrecy review of a file."""
    return _judged(request, number, "保密审查已通过，等待批准。", actions.clear, "is_cleared")


def _judged(request: HttpRequest, number: int, done: str, act: Any, name: str) -> HttpResponse:
    """Let a file pass or send it back by that act, whose argument ``name`` says which, and come back to the file."""
    found = get_object_or_404(_seen(request), pk=number)
    passes = request.POST.get("verdict") == "approve"
    try:
        act(person=request.user, run=found, reason=request.POST.get("reason", ""), **{name: passes})
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done if passes else "已退回，一条也不导入。")
    return redirect("office:past_run", number)


@require_http_methods(["GET", "POST"])
def beginning(request: HttpRequest, number: int) -> HttpResponse:
    """From which day an organ publishes on the platform; the county says it once."""
    agency = get_object_or_404(Agency.objects.seen_by(request.user, "disclosure.view"), pk=number)
    today = moment.today()
    known = beginning_of(agency, today)
    may_set = known.row is None and may(request.user, "past.set_beginning", agency, today)
    if request.method == "POST" and not may_set:
        raise Http404
    form = BeginningForm(request.POST or None, initial={"begins_on": known.day}) if may_set else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            set_beginning(person=request.user, agency=agency, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "开始使用平台的日期已确定。")
            return redirect("office:beginning", number)
    context = {"organ": agency, "known": known, "form": form}
    return render(request, "office/past/beginning.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Approve a file or refuse it."""
    return _judged(request, number, "已批准，正在逐批导入。", actions.decide, "is_approved")

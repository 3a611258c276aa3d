"""My own account; other people's accounts for administrators; the record of sign-ins."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator, Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongkai.errors import Refused
from gongkai.web.agencies.accounts.listening import MARK
from gongkai.web.agencies.accounts.models import EVENTS, SessionMark, SignInRecord
from gongkai.web.agencies.accounts.records import as_told, note, seen_by
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.agencies.permissions import may
from gongkai.web.agencies.signin import needs_second_factor
from gongkai.web.disclosure.registers.importing import neutral
from gongkai.web.office import administration
from gongkai.web.office.accounts import acts
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in

PAGE = 50
LATEST = 10


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My open sessions, what protects my account, and my last sign-ins."""
    person = request.user
    context = {
        "sessions": SessionMark.objects.filter(person=person).open(),
        "this": request.session.get(MARK),
        "has_factor": _has_factor(person),
        "needs_factor": needs_second_factor(person),
        "records": SignInRecord.objects.filter(person=person)[:LATEST],
    }
    return render(request, "office/accounts/mine.html", context)


@require_POST
def end_mine(request: HttpRequest, number: int) -> HttpResponse:
    """End one of my other sessions, or with the number 0 all of them."""
    sessions = SessionMark.objects.filter(person=request.user)
    if number:
        get_object_or_404(sessions, pk=number)
        sessions = sessions.filter(pk=number)
    n_ended = sessions.exclude(pk=request.session.get(MARK)).end("self")
    if n_ended:
        note("ended", request.user, request, detail=f"本人结束{n_ended}处")
        messages.success(request, f"已结束{n_ended}处登录。")
    else:
        messages.info(request, "没有要结束的登录。")
    return redirect("office:account")


def _has_factor(person: Person) -> bool:
    found: bool = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    return found


def _person(request: HttpRequest, number: int, owner: int) -> tuple[Agency, Person]:
    """The organ and the person, if the viewer administers it; for anybody else they are not there."""
    agency = get_object_or_404(Agency.objects.seen_by(request.user, "people.view"), pk=number)
    return agency, get_object_or_404(administration.people_of(agency), pk=owner)


@require_GET
def person(request: HttpRequest, number: int, owner: int) -> HttpResponse:
    """One person's account for administrators and the auditor."""
    agency, found = _person(request, number, owner)
    names = ("end_sessions", "reset_password", "reset_factor", "suspend", "resume", "view_signins")
    own = {name: may(request.user, f"accounts.{name}", agency, moment.today()) for name in names}
    sees = own["view_signins"]
    context = {
        "organ": agency,
        "owner": found,
        "may": own,
        "held": found.posts.select_related("agency"),
        "has_factor": _has_factor(found),
        "needs_factor": needs_second_factor(found),
        "sessions": SessionMark.objects.filter(person=found).open() if sees else [],
        "records": SignInRecord.objects.filter(person=found)[:LATEST] if sees else [],
        "is_self": found.pk == request.user.pk,
    }
    return render(request, "office/accounts/person.html", context)


# Last part of the address → the act, and what is said when it is done.
_ACTS: Mapping[str, tuple[Any, Any]] = {
    "end-sessions": (acts.end_sessions, lambda made: f"已结束{made}处登录。"),
    "reset-password": (
        acts.reset_password,
        lambda made: f"{made.person.username}的初始密码{made.password}只显示这一次，请当面告知本人。本人登录后必须先改密码。",
    ),
    "reset-factor": (acts.reset_factor, lambda made: "已解除动态验证码，本人下次登录后要重新绑定。"),
    "suspend": (acts.suspend, lambda made: f"{made.full_name}的账号已停用。"),
    "resume": (acts.resume, lambda made: f"{made.full_name}的账号已恢复。"),
}


@require_POST
def act_on(request: HttpRequest, number: int, owner: int, what: str) -> HttpResponse:
    """Do one of the acts on somebody's account."""
    agency, found = _person(request, number, owner)
    if what not in _ACTS:
        raise Http404
    act, told = _ACTS[what]
    try:
        made = act(person=request.user, agency=agency, owner=found, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, told(made))
    return redirect("office:person", number, owner)


class SignInForm(forms.Form):
    """The filter of the record of sign-ins."""

    username = forms.CharField(label="用户名或者姓名", required=False, max_length=60)
    event = forms.ChoiceField(label="事项", required=False, choices=[("", "全部"), *EVENTS.items()])
    address = forms.CharField(label="网络地址", required=False, max_length=45)
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def narrowed(self, rows: Any) -> Any:
        """The records asked for."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if name := asked.get("username"):
            people = list(Person.objects.filter(full_name=name).values_list("pk", flat=True))
            rows = rows.filter(person__in=people) if people else rows.filter(username__iexact=name)
        for column in ("event", "address"):
            if column in asked:
                rows = rows.filter(**{column: asked[column]})
        if since := asked.get("since"):
            rows = rows.filter(at__gte=_begin(since))
        if until := asked.get("until"):
            rows = rows.filter(at__lt=_begin(until + datetime.timedelta(days=1)))
        return rows


def _begin(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=moment.ZONE)


def _narrowed(request: HttpRequest, action: str) -> tuple[SignInForm, Any]:
    if not Agency.objects.seen_by(request.user, action).exists():
        raise Http404
    form = SignInForm(request.GET)
    form.full_clean()
    return form, form.narrowed(seen_by(request.user, action)).select_related("person", "agency").order_by("-pk")


@require_GET
def signins(request: HttpRequest) -> HttpResponse:
    """The record of sign-ins, newest first."""
    form, found = _narrowed(request, "accounts.view_signins")
    after = number_in(request.GET.get("after", ""))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    context = {
        "form": form,
        "rows": rows[:PAGE],
        "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "narrowed": any(form.cleaned_data.values()),
        "export_as": Agency.objects.seen_by(request.user, "accounts.export_signins").first(),
    }
    return render(request, "office/accounts/signins.html", context, status=422 if form.errors else 200)


@require_POST
def export_signins(request: HttpRequest, number: int) -> HttpResponseBase:
    """The records asked for, as CSV; the act stands under the organ with that number."""
    organ = get_object_or_404(Agency.objects.seen_by(request.user, "accounts.export_signins"), pk=number)
    form, found = _narrowed(request, "accounts.export_signins")
    try:
        upto = acts.export_signins(person=request.user, agency=organ, asked=form.cleaned_data, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("office:signins")
    answer = StreamingHttpResponse(_csv(found, upto), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="signins-{upto}.csv"'
    return answer


def _csv(found: Any, upto: int) -> Iterator[bytes]:
    """Oldest first, read in pieces."""
    last, head = 0, True
    while rows := list(found.filter(pk__gt=last, pk__lte=upto).order_by("pk")[:2000]):
        text = io.StringIO()
        writer = csv.writer(text)
        for row in rows:
            told = as_told(row)
            if head:
                writer.writerow(told)
                head = False
            writer.writerow([neutral(value) for value in told.values()])
        yield (b"" if last else "\ufeff".encode()) + text.getvalue().encode()
        last = rows[-1].pk

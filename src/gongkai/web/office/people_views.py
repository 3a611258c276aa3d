"""The administrators' screens: organs, people and posts."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import Refused
from gongkai.web.agencies.models import CONTACT, IDENTITY, KINDS, Agency, Person, Post
from gongkai.web.agencies.permissions import may, post_kinds
from gongkai.web.office import administration
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in


def _agency(request: HttpRequest, number: int, action: str = "agencies.view") -> Agency:
    """The organ, if the viewer may see it; for anybody else it is not there."""
    agency: Agency = get_object_or_404(Agency.objects.seen_by(request.user, action), pk=number)
    return agency


def _own(request: HttpRequest, agency: Agency) -> dict[str, bool]:
    names = ("agencies.add", "agencies.change", "people.view", "people.add", "people.appoint", "people.dismiss", "people.unlock")
    return {name.replace(".", "_"): may(request.user, name, agency, moment.today()) for name in names}


@require_GET
def organs(request: HttpRequest) -> HttpResponse:
    """The tree of organs the viewer may see."""
    seen = Agency.objects.seen_by(request.user, "agencies.view")
    if not seen.exists():
        raise Http404
    return render(request, "office/people/organs.html", {"organs": seen})


@require_GET
def organ(request: HttpRequest, number: int) -> HttpResponse:
    """One organ: its data, and for administrators its people and their posts."""
    agency = _agency(request, number)
    own = _own(request, agency)
    today = moment.today()
    people: list[Any] = list(administration.people_of(agency).prefetch_related("posts__agency")) if own["people_view"] else []
    for person in people:
        person.here = [post for post in person.posts.all() if post.agency_id == agency.pk]
    context = {
        "organ": agency,
        "kind": KINDS[agency.kind],
        "may": own,
        "people": people,
        "today": today,
        "duties": [duty for duty in post_kinds().values() if not duty.only_in or agency.kind in duty.only_in],
        "kinds": [(name, title) for name, title in KINDS.items() if name != "county"],
    }
    return render(request, "office/people/organ.html", context)


class ContactForm(forms.ModelForm):
    """The contact data of Art 12."""

    class Meta:
        """Which columns."""

        model = Agency
        fields = CONTACT


class OrganForm(forms.ModelForm):
    """All that the system administrator sets."""

    class Meta:
        """Which columns."""

        model = Agency
        fields = (*IDENTITY, *CONTACT)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Change an organ's data."""
    agency = _agency(request, number, "agencies.change")
    system = may(request.user, "agencies.add", agency, moment.today())
    form = (OrganForm if system else ContactForm)(request.POST or None, instance=Agency.objects.get(pk=agency.pk))
    if request.method == "POST" and form.is_valid():
        try:
            administration.change_agency(person=request.user, agency=agency, values=form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已保存。")
            return redirect("office:organ", agency.pk)
    return render(request, "office/people/change.html", {"form": form, "organ": agency}, status=422 if form.errors else 200)


def _done(request: HttpRequest, number: int, act: Any, told: Any, **arguments: Any) -> HttpResponse:
    try:
        result = act(person=request.user, **arguments)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, told(result))
    return redirect("office:organ", number)


@require_POST
def add_organ(request: HttpRequest, number: int) -> HttpResponse:
    """Add an organ below this one."""
    values = {name: request.POST.get(name, "").strip() for name in ("name", "short_name", "document_mark", "credit_code")}
    return _done(
        request, number, administration.add_agency, lambda made: f"已建立{made.name}。",
        parent=_agency(request, number), code=request.POST.get("code", "").strip(), kind=request.POST.get("kind", ""), values=values,
    )  # fmt: skip


@require_POST
def add_person(request: HttpRequest, number: int) -> HttpResponse:
    """Make an account."""
    return _done(
        request, number, administration.add_person,
        lambda made: f"账号{made.person.username}已建立，初始密码{made.password}只显示这一次，请当面告知本人。本人登录后必须先改密码。",
        agency=_agency(request, number), username=request.POST.get("username", "")[:60], full_name=request.POST.get("full_name", "")[:60],
    )  # fmt: skip


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return moment.today()


def _person(agency: Agency, chosen: str) -> Person:
    person: Person = get_object_or_404(administration.people_of(agency), pk=number_in(chosen))
    return person


@require_POST
def appoint(request: HttpRequest, number: int) -> HttpResponse:
    """Give somebody a post."""
    agency = _agency(request, number)
    return _done(
        request, number, administration.appoint, lambda post: f"{post.person.full_name}已担任{post.title}。",
        agency=agency, appointee=_person(agency, request.POST.get("appointee", "")), duty=request.POST.get("duty", ""),
        from_on=_day(request.POST.get("from_on", "")),
    )  # fmt: skip


@require_POST
def dismiss(request: HttpRequest, number: int, post: int) -> HttpResponse:
    """End a post."""
    row = get_object_or_404(Post.objects.select_related("agency"), pk=post, agency=_agency(request, number))
    return _done(
        request, number, administration.dismiss, lambda ended: f"{ended.person.full_name}已免去{ended.title}。",
        post=row, until_on=_day(request.POST.get("until_on", "")), reason=request.POST.get("reason", "")[:500],
    )  # fmt: skip


@require_POST
def unlock(request: HttpRequest, number: int) -> HttpResponse:
    """Let somebody try his password again."""
    agency = _agency(request, number)
    return _done(
        request, number, administration.unlock, lambda forgotten: f"已解除锁定（清除{forgotten}次失败记录）。",
        agency=agency, locked=_person(agency, request.POST.get("locked", "")),
    )  # fmt: skip

"""Publication at a set time: the two acts on the item's page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from gongkai.errors import GongkaiError
from gongkai.web.agencies.permissions import demand
from gongkai.web.disclosure.schedule import actions
from gongkai.web.office.views import seen_item as seen
from gongkai.web.settings import moment


class TimeForm(forms.Form):
    """When something is to be published."""

    publish_at = forms.DateTimeField(
        label="发布时间", input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], error_messages={"invalid": "请填写完整的日期和时间。"}
    )


@require_POST
def schedule(request: HttpRequest, number: int) -> HttpResponse:
    """Let the reviewed revision go out at a set time."""
    item = seen(request, number)
    demand(request.user, "disclosure.schedule", item.agency, moment.today())
    form = TimeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请填写完整的发布日期和时间，例如2026-03-02 08:30。")
        return redirect("office:item", number)
    try:
        row = actions.schedule(person=request.user, item=item, publish_at=form.cleaned_data["publish_at"])
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"已定在{actions.said(row.publish_at)}发布。到时平台会再核对一遍，有问题会在首页告诉您。")
    return redirect("office:item", number)


@require_POST
def unschedule(request: HttpRequest, number: int) -> HttpResponse:
    """Take the set time back."""
    try:
        row = actions.unschedule(person=request.user, item=seen(request, number), reason=request.POST.get("reason", ""))
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"已取消原定{actions.said(row.publish_at.astimezone(moment.ZONE))}的发布。")
    return redirect("office:item", number)

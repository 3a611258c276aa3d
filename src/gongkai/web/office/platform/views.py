"""The system administrator's page about the platform itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.office.platform import state


@require_GET
def standing(request: HttpRequest) -> HttpResponse:
    """How the platform stands."""
    top = Agency.objects.seen_by(request.user, "platform.view").order_by("path").first()
    if top is None:
        raise Http404
    return render(request, "office/system.html", {"state": state.current(), "top": top})


@require_POST
def reindex(request: HttpRequest, number: int) -> HttpResponse:
    """Have the search index built anew, on behalf of that organ."""
    agency = get_object_or_404(Agency.objects.seen_by(request.user, "platform.reindex"), pk=number)
    try:
        state.want_reindex(person=request.user, agency=agency)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "已要求重新建立检索索引，后台任务会马上开始。")
    return redirect("office:system")

"""Special topics (专题) on the public site: which there are, and what is gathered under one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gongkai.law.portal import column_type
from gongkai.web.disclosure.about.models import SpecialTopic
from gongkai.web.disclosure.public.lists import Narrowing, page
from gongkai.web.disclosure.public.topics import topics
from gongkai.web.portal.caching import public_page
from gongkai.web.portal.site import Column, Head, Step, page_context
from gongkai.web.settings import moment


@require_safe
@public_page
def listed(request: HttpRequest) -> HttpResponse:
    """Every special topic: those that are open, and those that were closed, whose information stays."""
    on, title = moment.today(), gettext("专题")
    rows = topics()
    column = Column(name=title, type=column_type(kind="", column=""), description=gettext("按专题归集的政府信息"))
    context = page_context(request, Head(column=column), Step(title))
    parts = [
        (gettext("进行中"), [row for row in rows if row.is_open(on)]),
        (gettext("已结束"), [row for row in rows if not row.is_open(on)]),
    ]
    return render(request, "portal/topics.html", {**context, "title": title, "parts": [part for part in parts if part[1]]})


@require_safe
@public_page
def topic(request: HttpRequest, number: int) -> HttpResponse:
    """What is public under one topic, the newest first."""
    row = get_object_or_404(SpecialTopic, pk=number)
    column = Column(
        name=row.name, type=column_type(kind="", column=""), description=gettext("%(topic)s专题的政府信息") % {"topic": row.name}
    )
    way = (Step(gettext("专题"), reverse("portal:topics")), Step(row.name))
    found = page(Narrowing(topic=row.pk), request.GET.get("after", ""))
    context = {**page_context(request, Head(column=column), *way), "title": row.name, "topic": row}
    context |= {"rows": found.rows, "after": found.after, "is_later": "after" in request.GET}
    return render(request, "portal/topic.html", context)

"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gongkai.web.disclosure.finding import Ask, public_found
from gongkai.web.portal.site import Head, Step, page_context
from gongkai.web.search import IndexLost

PAGE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is public and says the words."""
    words = request.GET.get("q", "").strip()[:100]
    title = gettext("查找")
    context = {**page_context(request, Head(), Step(title)), "title": title, "asked_words": words}
    try:
        rows, found = public_found(Ask(words=words), limit=PAGE) if words else ([], None)
    except IndexLost:
        return render(request, "portal/search.html", {**context, "is_lost": True}, status=503)
    return render(request, "portal/search.html", {**context, "rows": rows, "total": found.total if found else 0})

"""The public pages: a plain home, one page an item, and the sign of life."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.queries import public_items


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The newest publications of the county."""
    return render(request, "portal/home.html", {"publications": public_items()[:30]})


@require_GET
def item(request: HttpRequest, number: int) -> HttpResponse:
    """What is published of an item now; a withdrawn one says that it was withdrawn and why, without its body."""
    rows = Publication.objects.filter(item_id=number).select_related("item__agency", "revision", "withdrawal").order_by("-pk")
    publication = rows.filter(withdrawn_on__isnull=True).first()
    if publication is None:
        publication = get_object_or_404(rows[:1])
    return render(request, "portal/item.html", {"publication": publication, "content": publication.revision.content})


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The server answers and its database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})

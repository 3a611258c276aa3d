"""The public pages: a plain home, one page an item, and the sign of life."""

from __future__ import annotations

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from gongkai.web.disclosure.queries import as_download, public_items, sent_to_site
from gongkai.web.settings import heartbeat


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The newest publications of the county."""
    return render(request, "portal/home.html", {"publications": public_items()[:30]})


@require_GET
def item(request: HttpRequest, number: int) -> HttpResponse:
    """What is published of an item now; a withdrawn one says that it was withdrawn and why, without its body."""
    rows = sent_to_site().filter(item_id=number).order_by("-pk")
    publication = rows.filter(withdrawn_on__isnull=True).first()
    if publication is None:
        publication = get_object_or_404(rows[:1])
    return render(request, "portal/item.html", {"publication": publication, "content": publication.revision.content})


@require_GET
def attachment(request: HttpRequest, number: int, digest: str) -> HttpResponseBase:
    """A file of the revision that is public now; of no other."""
    publication = get_object_or_404(public_items(), item_id=number)
    row = next((row for row in publication.revision.content.get("attachments", []) if row["digest"] == digest), None)
    if row is None:
        raise Http404
    return as_download(row)


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The server answers and its database does. The worker may be gone and the pages still served: it is told, not judged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    state = heartbeat.read()
    return JsonResponse({"status": "ok", "worker": {"alive": heartbeat.is_alive(state), "age": state["age"] if state else None}})

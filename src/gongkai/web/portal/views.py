"""What stands beside the pages: how they look, and the sign of life."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from gongkai.web.portal.looks import COOKIE, LOOKS, look_of, switched
from gongkai.web.settings import heartbeat

YEAR = 365 * 24 * 3600


# A page that is kept for everybody holds nobody's token, and what another site could do here is change how large the type is.
@csrf_exempt
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Switch large type or strong contrast on or off, or the language, and go back to the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    answer = HttpResponseRedirect(back)
    name, language = request.POST.get("look", ""), request.POST.get("language", "")
    if name in LOOKS:
        answer.set_cookie(COOKIE, switched(look_of(request), name), max_age=YEAR, samesite="Lax", httponly=True)
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The server answers and its database does. The worker may be gone and the pages still served: it is told, not judged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    state = heartbeat.read()
    return JsonResponse({"status": "ok", "worker": {"alive": heartbeat.is_alive(state), "age": state["age"] if state else None}})

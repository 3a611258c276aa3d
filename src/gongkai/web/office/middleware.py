"""Nobody gets into the office unsigned, and no text comes in that a database cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import resolve_url


class SignedInMiddleware:
    """Guards every address below ``/office/``, so that a view that forgets to ask is guarded all the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Send strangers to the sign-in page."""
        if request.path.startswith("/office/") and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        return self.get_response(request)


class NulMiddleware:
    """Turns away what holds the character NUL, which PostgreSQL keeps in no text and nobody types."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing yet: what was sent is read after its token was checked."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """An address with it does not exist; what was sent with it is told. Open data says so in its own words."""
        if getattr(view, "tells_nul", False):
            return None
        if any("\0" in text for text in (*_texts(request.GET), *kwargs.values()) if isinstance(text, str)):
            raise Http404
        if any("\0" in text for text in _texts(request.POST)):
            told = "提交的内容里有看不见的控制字符，没有办理。请返回，删去后重新提交。"
            return HttpResponseBadRequest(told, content_type="text/plain; charset=utf-8")
        return None


def _texts(sent: Any) -> list[str]:
    return [text for name, texts in sent.lists() for text in (name, *texts)]

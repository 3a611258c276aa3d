"""Nobody gets into the office unsigned, or without the second factor that his post demands."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url

from gongkai.web.agencies.signin import needs_second_factor


class SignedInMiddleware:
    """Guards every address below ``/office/``, so that a view that forgets to ask is guarded all the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Send strangers to the sign-in page."""
        if request.path.startswith("/office/"):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            from allauth.mfa.utils import is_mfa_enabled

            if needs_second_factor(request.user) and not is_mfa_enabled(request.user):
                return redirect("mfa_index")
        return self.get_response(request)

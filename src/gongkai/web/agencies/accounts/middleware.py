"""Before any page of a person who is signed in: the session still stands, the password is his own, the second factor is set up."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext

from gongkai.web.agencies.accounts.listening import MARK
from gongkai.web.agencies.accounts.models import SessionMark
from gongkai.web.agencies.accounts.passwords import why_to_change
from gongkai.web.agencies.signin import lacks_second_factor
from gongkai.web.settings import moment
from gongkai.web.settings.keys import KeyLost

# The last use of a session is written, and its end put off, at most this often.
SEEN_EVERY = datetime.timedelta(minutes=1)
# What one may always do: leave, prove once more who one is.
ALWAYS = ("account_logout", "account_reauthenticate", "mfa_reauthenticate")
TO_CHANGE = (*ALWAYS, "account_change_password")
TO_ENROL = (*TO_CHANGE, "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes")


class AccountMiddleware:
    """Guards the office and the pages about one's own account; the public pages are for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let through, or lead to what has to be done first."""
        guarded = request.path.startswith(("/office/", "/account/"))
        if guarded and request.user.is_authenticated:
            if not _stands(request):
                logout(request)
                messages.warning(request, gettext("这次登录已经在别处结束，请重新登录。"))
                return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
            if answer := _first(request):
                return answer
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Say in words that a second factor does not open, where a page cannot say it itself."""
        if not isinstance(exception, KeyLost) or not request.path.startswith("/account/"):
            return None
        messages.error(request, exception.message)
        return redirect("office:account" if request.user.is_authenticated else settings.LOGIN_URL)


def _stands(request: HttpRequest) -> bool:
    """Whether nobody ended this session; its last use is noted."""
    mark = SessionMark.objects.filter(pk=request.session.get(MARK, 0), person=request.user, ended_at__isnull=True).first()
    if mark is None:
        return False
    now = moment.now()
    if now - mark.seen_at > SEEN_EVERY:
        SessionMark.objects.filter(pk=mark.pk).update(seen_at=now)
        request.session.modified = True
    return True


def _first(request: HttpRequest) -> HttpResponseBase | None:
    """Where to go first; ``None`` when nothing stands in the way."""
    if told := why_to_change(request.user):
        return None if _is_one_of(request, TO_CHANGE) else _led(request, "account_change_password", told)
    if lacks_second_factor(request.user) and not _is_one_of(request, TO_ENROL):
        return _led(request, "mfa_activate_totp", gettext("您的岗位要求第二道验证。请先绑定手机上的动态验证码，绑定后才能办理。"))
    return None


def _is_one_of(request: HttpRequest, names: tuple[str, ...]) -> bool:
    return request.path in {reverse(name) for name in names}


def _led(request: HttpRequest, name: str, told: str) -> HttpResponseBase:
    messages.warning(request, told)
    return redirect(name)

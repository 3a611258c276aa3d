"""What the sign-in parts announce, written into the record of sign-ins; sessions begin and end here."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset, authenticator_used
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from gongkai.web.agencies.accounts.models import SessionMark
from gongkai.web.agencies.accounts.records import address_of, device_of, locked_by_codes, named, note
from gongkai.web.settings import moment

# Under which name a session keeps its mark.
MARK = "mark"
_FACTOR = {Authenticator.Type.TOTP: ("factor_on", "factor_off")}


@receiver(user_logged_in)
def signed_in(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """A session begins."""
    now = moment.now()
    mark = SessionMark.objects.create(person=user, address=address_of(request), device=device_of(request), begun_at=now, seen_at=now)
    request.session[MARK] = mark.pk
    note("in", user, request)


@receiver(user_logged_out)
def signed_out(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """A session ends by its owner."""
    if user is None:
        return
    if SessionMark.objects.filter(pk=request.session.get(MARK, 0), person=user).end("out"):
        note("out", user, request)


@receiver(user_login_failed)
def failed(sender: Any, credentials: Any, request: Any = None, **_: Any) -> None:
    """A password was wrong, or nobody has that name."""
    username = str(credentials.get("username") or credentials.get("login") or "")
    note("failed", named(username), request, username=username)


@receiver(user_locked_out)
def locked(sender: Any, request: Any, username: Any = None, **_: Any) -> None:
    """Too many wrong passwords."""
    note("locked", named(str(username or "")), request, username=str(username or ""))


@receiver(authentication_failed)
def code_failed(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """A code of the second factor was wrong."""
    note("code_failed", user, request)
    if locked_by_codes(user):
        note("code_locked", user, request)


@receiver(authenticator_used)
def code_used(sender: Any, request: Any, user: Any, authenticator: Any, **_: Any) -> None:
    """A recovery code is used up: worth knowing."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note("recovery_used", user, request)


@receiver(authenticator_added)
def factor_added(sender: Any, request: Any, user: Any, authenticator: Any, **_: Any) -> None:
    """A second factor was set up, or recovery codes were made."""
    note(_FACTOR.get(authenticator.type, ("codes_made", ""))[0], user, request)


@receiver(authenticator_reset)
def codes_made(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """New recovery codes took the place of the old ones."""
    note("codes_made", user, request)


@receiver(authenticator_removed)
def factor_removed(sender: Any, request: Any, user: Any, authenticator: Any, **_: Any) -> None:
    """A second factor was taken off."""
    if authenticator.type in _FACTOR:
        note(_FACTOR[authenticator.type][1], user, request)


@receiver(password_changed)
def password_is_new(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """Every other session of that person ends."""
    SessionMark.objects.filter(person=user).exclude(pk=request.session.get(MARK, 0)).end("password")
    note("password", user, request)

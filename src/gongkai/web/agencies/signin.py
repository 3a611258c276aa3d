"""How people sign in: nobody registers himself, and some posts need a second factor."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import get_pending_stage
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext

from gongkai.web.agencies.accounts.changing import own_change
from gongkai.web.agencies.accounts.factors import opened_for, sealed_for
from gongkai.web.agencies.models import Person
from gongkai.web.settings import moment

# Posts whose holder must use a second factor where one is required.
GUARDED = frozenset({"final_reviewer", "system_admin", "security_admin", "auditor"})


# Whoever typed the password so many seconds ago is not asked for it again before the account's protection is changed.
FRESH = 300


def tried_name(request: Any, credentials: Any = None) -> str:
    """The user name that was tried, as failed sign-ins are counted by it: capitals and blanks make no other name."""
    said = credentials or (request.POST if request is not None else {})
    return str(said.get("username") or said.get("login") or "").strip().lower()[:60]


class Adapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Accounts are made by the system administrator only."""
        return False

    def respond_user_inactive(self, request: Any, user: Any) -> Any:
        """Say that the account is suspended, where the person stands."""
        messages.error(request, gettext("这个账号已停用。如果还要用，请联系安全管理员恢复。"))
        return redirect("account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not right after signing in."""
        request = context.request
        known = get_authentication_records(request, request.user) if request is not None else []
        return not known or time.time() - known[-1]["at"] > FRESH

    def set_password(self, user: Any, password: str) -> None:
        """A new password of the person's own, and the entry that says when it was set."""
        with own_change(user, "accounts.change_password"):
            user.set_password(password)
            user.must_change_password = False
            user.save()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no mail here: what happened stands in the record of sign-ins."""


class FactorAdapter(DefaultMFAAdapter):
    """What allauth asks about the second factor."""

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Who needs a second factor cannot take it off himself."""
        return not needs_second_factor(authenticator.user)

    def encrypt(self, text: str) -> str:
        """A secret as it is stored, sealed for the person who sets it up."""
        return sealed_for(_owner(), text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again, if it is the one of the person who signs in."""
        return opened_for(_owner(), encrypted_text)


def _owner() -> int:
    """Whose second factor this call is about: who is signed in, or who has typed a right password and is asked for the code."""
    request = context.request
    if request.user.is_authenticated:
        return int(request.user.pk)
    return int(get_pending_stage(request).login.user.pk)


def needs_second_factor(person: Person) -> bool:
    """Whether that person must set up a second factor before working."""
    return settings.REQUIRE_TOTP and any(post.duty in GUARDED for post in person.posts_on(moment.today()))


def lacks_second_factor(person: Person) -> bool:
    """Whether that person must have a second factor and has none."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import is_mfa_enabled

    return needs_second_factor(person) and not is_mfa_enabled(person, [Authenticator.Type.TOTP])

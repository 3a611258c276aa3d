"""The sheets of sign-in: plain words, and wrong codes are counted and lock, like wrong passwords."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from gongkai.web.agencies.accounts.records import locked_by_codes
from gongkai.web.settings.keys import KeyLost


class _Counted:
    """Asks before a code is looked at, so that a right guess after too many wrong ones helps nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "动态验证码"  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """The code, if this person may still try one."""
        if locked_by_codes(self.user):  # type: ignore[attr-defined]
            told = gettext("动态验证码连续输错，为防止他人猜测，暂时不能登录。请%(minutes)s分钟后再试，急用请联系安全管理员解除锁定。")
            raise ValidationError(told % {"minutes": settings.LOCKOUT_MINUTES})
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except KeyLost as lost:
            raise ValidationError(lost.message) from lost
        return code


class CodeForm(_Counted, AuthenticateForm):
    """The code asked for at sign-in."""


class AgainForm(_Counted, ReauthenticateForm):
    """The code asked for again before what protects the account is changed."""


class FirstCodeForm(ActivateTOTPForm):
    """The first code, which proves that the telephone has the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "动态验证码"


class NewPasswordForm(ChangePasswordForm):
    """A new password. A forgotten one is reset by the administrator: there is no mail that could bring a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""

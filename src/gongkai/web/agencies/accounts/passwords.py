"""Passwords: what they must be, told in plain words, when they must be changed, and the first one that an administrator hands over."""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator, UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from gongkai.web.agencies.models import Person
from gongkai.web.settings import moment

# Without letters and figures that are taken for each other when read from paper: 0 O, 1 l I.
_LETTERS, _FIGURES = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"


def initial_password() -> str:
    """A password to be used once, in four groups that can be read out."""
    while True:
        groups = ["".join(secrets.choice(_LETTERS + _FIGURES) for _ in range(4)) for _ in range(4)]
        made = "-".join(groups)
        if any(sign in _FIGURES for sign in made) and any(sign in _LETTERS for sign in made):
            return made


def why_to_change(person: Person) -> str:
    """Why that person must change the password before anything else, in words; nothing when it may stay."""
    if person.must_change_password:
        return gettext("现在的密码是管理员设的，请先改成只有您自己知道的密码。")
    days = settings.PASSWORD_DAYS
    if days and person.password_set_on and moment.today() - person.password_set_on > datetime.timedelta(days=days):
        return gettext("密码已经用了%(days)s天以上，按规定需要更换。") % {"days": days}
    return ""


class LongEnough:
    """At least so many characters."""

    def __init__(self, least: int = 10) -> None:
        self.least = least

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a shorter one."""
        if len(password) < self.least:
            raise ValidationError(gettext("密码太短，至少%(least)s个字符。") % {"least": self.least})

    def get_help_text(self) -> str:
        """The demand in words."""
        return gettext("至少%(least)s个字符。") % {"least": self.least}


class LettersAndFigures:
    """Both letters and figures: GB/T 22239 asks for passwords that are not of one kind of sign."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse one without either."""
        if not (any(sign.isalpha() for sign in password) and any(sign.isdigit() for sign in password)):
            raise ValidationError(gettext("密码里要既有字母又有数字。"))

    def get_help_text(self) -> str:
        """The demand in words."""
        return gettext("既有字母又有数字。")


class NotTheName(UserAttributeSimilarityValidator):
    """Nothing that looks like the user name."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("username",))

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse one that does, in our words."""
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(gettext("密码和用户名太像，请换一个。")) from error

    def get_help_text(self) -> str:
        """The demand in words."""
        return gettext("不能和用户名太像。")


class NotCommon(CommonPasswordValidator):
    """Nothing that many others use."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse one that is on the list, in our words."""
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(gettext("这个密码太常见，容易被猜到，请换一个。")) from error

    def get_help_text(self) -> str:
        """The demand in words."""
        return gettext("不能是常见的密码。")


class NotTheOldOne:
    """A change must change something."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse the password that stands."""
        if user is not None and user.pk and check_password(password, user.password):
            raise ValidationError(gettext("新密码和现在的密码一样，请换一个。"))

    def get_help_text(self) -> str:
        """The demand in words."""
        return gettext("不能和现在的密码相同。")

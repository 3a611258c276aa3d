"""Where a page of a list ended, as the caller holds it: sealed, so that no key of the database leaves the house and none is made up.

The same place is always sealed alike, so that an answer that did not change reads the same. A cursor opens only for the list and the
filters that it came from.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.translation import gettext

from gongkai.web.portal.api.answering import Stopped

LONGEST = 200


def sealed(place: str, bound: str) -> str:
    """The cursor for that place of the list that ``bound`` describes."""
    return base64.urlsafe_b64encode(_box(settings.SECRET_KEY).encrypt(place.encode(), [bound.encode()])).decode().rstrip("=")


def opened(cursor: str, bound: str) -> str:
    """The place again; :class:`Stopped` for what is no cursor of this list."""
    try:
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return _box(settings.SECRET_KEY).decrypt(data, [bound.encode()]).decode()
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise Stopped(400, "cursor", gettext("翻页标记cursor不能用于这些条件，请从第一页重新开始。")) from error


@cache
def _box(secret: str) -> AESSIV:
    return AESSIV(hashlib.sha512(b"gongkai open data cursors\n" + secret.encode()).digest())

"""From where a call comes, when proxies stand before the platform: counted from the end that they wrote, never as the caller says.

Each proxy appends to ``X-Forwarded-For`` the address that called it. With one proxy the last address of the list is the caller's,
with two the last but one; what stands before that came from the caller himself and is not believed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

FORWARDED = "HTTP_X_FORWARDED_FOR"
# A longer chain is no chain, but a setting that counts backwards from the caller.
MOST = 9
_WITH_PORT = re.compile(r"^(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<four>[0-9.]+))(?::\d+)?$")


def trusted_proxies(text: str) -> int:
    """How many proxies are trusted, as an operator writes it; :class:`ImproperlyConfigured` for what is no such number."""
    if not text.strip().isdecimal() or int(text) > MOST:
        raise ImproperlyConfigured(f"GONGKAI_TRUSTED_PROXIES 应当是0到{MOST}的整数：平台前面有几层自己的代理。")
    return int(text)


def caller(remote: str, forwarded: str, n_proxies: int) -> str:
    """The caller's address, behind so many trusted proxies; ``remote``, who is connected, where the list does not reach so far."""
    chain = forwarded.split(",")
    if n_proxies < 1 or len(chain) < n_proxies:
        return remote
    return _address(chain[-n_proxies].strip()) or remote


def _address(text: str) -> str:
    """An address as it is usually written, without port; empty for what is none."""
    found = _WITH_PORT.match(text)
    try:
        address = ipaddress.ip_address((found["six"] or found["four"]) if found else text)
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


class CallerMiddleware:
    """The first of all: what comes after it finds the caller in ``REMOTE_ADDR``, and nothing else that claims to know him."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Put the caller's address where everybody looks for it."""
        forwarded = str(request.META.pop(FORWARDED, ""))
        request.META["REMOTE_ADDR"] = caller(str(request.META.get("REMOTE_ADDR", "")), forwarded, settings.TRUSTED_PROXIES)
        return self.get_response(request)

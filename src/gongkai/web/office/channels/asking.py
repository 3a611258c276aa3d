"""What the screens of the channels are asked for in their addresses."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.choices import words
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in


def asked(request: HttpRequest, name: str) -> str:
    """One value of the address or of what was sent, in its known spelling; not there when it cannot be shown."""
    text = str(request.POST.get(name) or request.GET.get(name) or "")[:200]
    if not text.isprintable():
        raise Http404
    return text


def agency_asked(request: HttpRequest, action: str) -> Agency:
    """The organ asked for by its path, the viewer's first one when none is; not there for anybody else."""
    seen, path = Agency.objects.seen_by(request.user, action), asked(request, "agency")
    agency: Agency | None = (seen.filter(path=path) if path else seen).first()
    if agency is None:
        raise Http404
    return agency


def channel_asked(request: HttpRequest) -> str:
    """The channel asked for, empty for all; not there when nobody knows it."""
    channel = asked(request, "channel")
    if channel and channel not in words("channels"):
        raise Http404
    return channel


def year_asked(request: HttpRequest) -> int:
    """The year asked for, this one when none is."""
    text = asked(request, "year")
    is_year = len(text) == 4 and text.isascii() and text.isdecimal() and text >= "1949"
    return int(text) if is_year else moment.today().year


def number_asked(request: HttpRequest, name: str) -> int | None:
    """A whole number of the address, ``None`` when there is none."""
    return number_in(asked(request, name))


def address_of(name: str, **values: Any) -> str:
    """An address of the office with those values behind it."""
    return reverse(f"office:{name}", query={key: value for key, value in values.items() if value not in (None, "")})


def public_address(request: HttpRequest) -> str:
    """Where the public meets the platform: as it was set, or where the viewer stands."""
    return settings.PUBLIC_ADDRESS or request.build_absolute_uri("/").rstrip("/")

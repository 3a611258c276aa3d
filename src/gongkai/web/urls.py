"""Every address of the platform."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path


def _closed(request: HttpRequest, **_: object) -> HttpResponse:
    """What allauth offers and this platform does not: accounts are made by an administrator, and there is no mail."""
    raise Http404


CLOSED = ("signup/", "email/", "confirm-email/", "password/reset/", "password/set/", "login/code/", "inactive/")

urlpatterns = [
    *(re_path(rf"^account/{address}", _closed) for address in CLOSED),
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("office/", include("gongkai.web.office.urls")),
    path("", include("gongkai.web.portal.urls")),
]

"""Every address of the platform."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("office/", include("gongkai.web.office.urls")),
    path("", include("gongkai.web.portal.urls")),
]

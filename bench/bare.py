"""The platform with one address more: a constant page, for ``bench/portal.py`` to hold the real ones against."""

from __future__ import annotations

from importlib import import_module

from django.http import HttpRequest, HttpResponse
from django.urls import path

# The addresses can only be loaded once the platform is.
application = import_module("gongkai.web.wsgi").application
_TEXT = "政府信息公开平台上的一段文字，用来和真的页面比较快慢。".encode()


def bare(request: HttpRequest, size: int) -> HttpResponse:
    """So many bytes."""
    return HttpResponse((_TEXT * (size // len(_TEXT) + 1))[:size])


import_module("gongkai.web.urls").urlpatterns.insert(0, path("bare/<int:size>/", bare))

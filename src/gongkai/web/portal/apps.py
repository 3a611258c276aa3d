"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public site."""

    name = "gongkai.web.portal"
    label = "portal"

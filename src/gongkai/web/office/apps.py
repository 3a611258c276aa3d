"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The staff's home, navigation and what waits for them."""

    name = "gongkai.web.office"
    label = "office"

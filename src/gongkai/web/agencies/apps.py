"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Organs, people, posts, and who may do what."""

    name = "gongkai.web.agencies"
    label = "agencies"

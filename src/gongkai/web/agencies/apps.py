"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Organs, people, posts, and who may do what."""

    name = "gongkai.web.agencies"
    label = "agencies"

    def ready(self) -> None:
        """Listen to sign-ins, and let ``check --deploy`` ask for the keys."""
        from gongkai.web.agencies.accounts import checks, listening  # noqa: F401 - they connect and register when loaded

"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class InforequestConfig(AppConfig):
    """Disclosure on request."""

    name = "gongkai.web.inforequest"
    label = "inforequest"

    def ready(self) -> None:
        """Let ``gongkai verify`` ask this app, and let the actions be known."""
        from gongkai.web.inforequest import actions, checks, replies  # noqa: F401 - they register when loaded
        from gongkai.web.inforequest.witness import requests_hold
        from gongkai.web.ledger import proof

        if requests_hold not in proof.WITNESSES:
            proof.WITNESSES.append(requests_hold)

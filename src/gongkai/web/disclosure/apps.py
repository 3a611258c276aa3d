"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """Proactive disclosure: items from draft to channel."""

    name = "gongkai.web.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Let ``gongkai verify`` ask this app, and let the actions be known."""
        from gongkai.web.disclosure import actions, witness  # noqa: F401 - importing the actions registers them
        from gongkai.web.ledger.proof import WITNESSES

        for one in (witness.revisions_hold, witness.publications_hold, witness.items_hold):
            if one not in WITNESSES:
                WITNESSES.append(one)

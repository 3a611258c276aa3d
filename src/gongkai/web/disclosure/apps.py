"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """Proactive disclosure: items from draft to channel."""

    name = "gongkai.web.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Let ``gongkai verify`` ask this app, and let the actions be known."""
        from gongkai.web.disclosure import actions, register_actions, register_witness, witness  # noqa: F401 - importing actions registers them
        from gongkai.web.ledger.proof import WITNESSES

        registers = (register_witness.registers_hold, register_witness.ends_hold, register_witness.batches_hold)
        for one in (witness.revisions_hold, witness.publications_hold, witness.items_hold, *registers):
            if one not in WITNESSES:
                WITNESSES.append(one)

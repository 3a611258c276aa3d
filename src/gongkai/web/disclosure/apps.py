"""The app as Django loads it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

# Modules that hold actions: loading them lets the actions be known.
ACTIONS = ("actions", "registers.actions")
# What ``gongkai verify`` asks of this app: module and function.
WITNESSES = (
    ("witness", "revisions_hold"),
    ("witness", "publications_hold"),
    ("witness", "items_hold"),
    ("registers.witness", "registers_hold"),
    ("registers.witness", "ends_hold"),
    ("registers.witness", "batches_hold"),
)


class DisclosureConfig(AppConfig):
    """Proactive disclosure: items from draft to channel."""

    name = "gongkai.web.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Let ``gongkai verify`` ask this app, and let the actions be known."""
        from gongkai.web.ledger import proof

        for module in ACTIONS:
            import_module(f"{self.name}.{module}")
        for module, function in WITNESSES:
            witness = getattr(import_module(f"{self.name}.{module}"), function)
            if witness not in proof.WITNESSES:
                proof.WITNESSES.append(witness)

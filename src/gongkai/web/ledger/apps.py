"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Append-only, hash-chained entries that prove every act."""

    name = "gongkai.web.ledger"
    label = "ledger"

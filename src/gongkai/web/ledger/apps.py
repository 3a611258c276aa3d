"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Append-only, hash-chained entries that prove every act."""

    name = "gongkai.web.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Let the actions be known, and the worker look after accounts."""
        from gongkai.web.agencies.accounts.factors import reseal
        from gongkai.web.agencies.accounts.records import tidy
        from gongkai.web.ledger import exporting, proof  # noqa: F401 - its action is known when it is loaded
        from gongkai.web.ledger.anchor import write_daily
        from gongkai.web.ledger.seal_proof import seals_hold
        from gongkai.web.ledger.work import Job, add_job

        if seals_hold not in proof.LAST:
            proof.LAST.append(seals_hold)

        add_job(Job("tidy", "清理过期的登录和记录", 86_400.0, tidy))
        add_job(Job("reseal", "用最新的密钥重新加密", 86_400.0, reseal))
        # Every hour, so that a worker that starts in the afternoon does it too; one a day is written.
        add_job(Job("anchor", "写每日锚点", 3_600.0, write_daily))

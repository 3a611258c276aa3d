"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Immutable revisions, review runs and gapless numbers."""

    name = "gongkai.web.review"
    label = "review"

    def ready(self) -> None:
        """Let the worker remove what was left in quarantine."""
        from gongkai.web.ledger.work import Job, add_job
        from gongkai.web.review.quarantine import sweep

        add_job(Job("quarantine", "清理隔离区里没有收下的文件", 3_600.0, sweep))

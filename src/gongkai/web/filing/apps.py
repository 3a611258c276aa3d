"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class FilingConfig(AppConfig):
    """Annual reports."""

    name = "gongkai.web.filing"
    label = "filing"

    def ready(self) -> None:
        """Let the worker read what is published."""
        from gongkai.web.filing.reading import read_due
        from gongkai.web.ledger.work import Job, add_job

        add_job(Job("reports", "读取公布的年度报告", 10.0, read_due))

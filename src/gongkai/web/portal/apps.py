"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public site."""

    name = "gongkai.web.portal"
    label = "portal"

    def ready(self) -> None:
        """Let the worker make the files of the open data, and `check --deploy` ask what the site says of itself."""
        from gongkai.web.ledger.work import Job, add_job
        from gongkai.web.portal import checks  # noqa: F401 - it registers when loaded
        from gongkai.web.portal.data.dumps import make_due

        add_job(Job("open_data", "制作开放数据文件", 20.0, make_due))

"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The staff's home, navigation and what waits for them."""

    name = "gongkai.web.office"
    label = "office"

    def ready(self) -> None:
        """Let the administrators' actions and what ``gongkai verify`` asks be known, and an empty field be told of in plain words."""
        from django.forms import Field
        from django.utils.translation import gettext_lazy

        from gongkai.web.ledger import proof
        from gongkai.web.office import administration  # noqa: F401 - importing the actions registers them
        from gongkai.web.office.accounts import own  # noqa: F401 - it listens when it is loaded
        from gongkai.web.office.accounts.witness import accounts_hold
        from gongkai.web.office.platform import state  # noqa: F401 - the same

        Field.default_error_messages["required"] = gettext_lazy("请填写这一项。")
        if accounts_hold not in proof.WITNESSES:
            proof.WITNESSES.append(accounts_hold)

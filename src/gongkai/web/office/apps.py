"""The app as Django loads it."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The staff's home, navigation and what waits for them."""

    name = "gongkai.web.office"
    label = "office"

    def ready(self) -> None:
        """Let the administrators' actions be known, and what Django says of an empty field be said in plain words."""
        from django.forms import Field
        from django.utils.translation import gettext_lazy

        from gongkai.web.office import administration  # noqa: F401 - importing the actions registers them
        from gongkai.web.office.platform import state  # noqa: F401 - the same

        Field.default_error_messages["required"] = gettext_lazy("请填写这一项。")

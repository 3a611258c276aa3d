"""What every page of the office shows around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gongkai.web.settings import moment


def shell(request: HttpRequest) -> dict[str, Any]:
    """The viewer's posts; nothing for a stranger."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {}
    return {"posts": person.posts_on(moment.today()), "today": moment.today()}

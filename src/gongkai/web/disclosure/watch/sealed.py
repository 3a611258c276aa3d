"""What ``django check --deploy`` asks about what this app keeps sealed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db.utils import DatabaseError

from gongkai.web.disclosure.channels.models import Endpoint
from gongkai.web.disclosure.soliciting.models import Opinion
from gongkai.web.disclosure.suggesting.models import Suggestion
from gongkai.web.disclosure.watch.models import ErrorReport
from gongkai.web.settings.keys import key_of


@register(Tags.security, deploy=True)
def sealed_rows_open(app_configs: Any, **_: Any) -> list[Error]:
    """Every key that closed the secret of an endpoint in force, the contact of an error report or a suggestion, or who sent an opinion, is here."""
    try:
        return [_error(what, rows) for what, rows in _sealed() if rows]
    except DatabaseError:  # before the first `migrate` nothing was sealed
        return []


def _sealed() -> Iterator[tuple[str, list[str]]]:
    """What is sealed, in words, and the names of the keys that are missing for it; empty text where a row is not sealed at all."""
    endpoints = Endpoint.objects.filter(ended_by__isnull=True).values_list("secret", flat=True)
    contacts = ErrorReport.objects.exclude(contact="").values_list("contact", flat=True)
    names = Opinion.objects.exclude(name="").values_list("name", flat=True)
    ways = Opinion.objects.exclude(contact="").values_list("contact", flat=True)
    suggested = Suggestion.objects.exclude(contact="").values_list("contact", flat=True)
    kept = (
        ("推送接口的密钥", endpoints), ("纠错人的联系方式", contacts), ("提意见的人的姓名", names), ("提意见的人的联系方式", ways),
        ("建议人的联系方式", suggested),
    )  # fmt: skip
    for what, sealed in kept:
        yield what, sorted({key_of(text) for text in sealed.iterator()} - set(settings.DATA_KEYS))


def _error(what: str, missing: list[str]) -> Error:
    told = "、".join(f"“{name}”" if name else "（没有加密）" for name in missing)
    return Error(
        f"GONGKAI_DATA_KEYS 里缺少{told}，用它加密保存的{what}打不开。",
        hint="把原来的密钥加回去，放在最新的后面；确实丢失的，推送接口由系统管理员重新设置，联系方式无法恢复。",
        id="gongkai.E003",
    )

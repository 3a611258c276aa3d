"""What ``django check --deploy`` asks about requests: whether who asked still opens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db.utils import DatabaseError

from gongkai.web.inforequest.models import Inforequest
from gongkai.web.settings.keys import key_of


@register(Tags.security, deploy=True)
def requesters_open(app_configs: Any, **_: Any) -> list[Error]:
    """Every key that closed a requester is in the environment."""
    try:
        closed = {key_of(text) for text in Inforequest.objects.values_list("requester", flat=True).iterator()}
    except DatabaseError:  # before the first `migrate` nothing was sealed
        return []
    missing = sorted(closed - set(settings.DATA_KEYS))
    if not missing:
        return []
    told = "、".join(f"“{name}”" if name else "（没有加密）" for name in missing)
    return [
        Error(
            f"GONGKAI_DATA_KEYS 里缺少{told}，用它加密保存的申请人打不开。",
            hint="把原来的密钥加回去，放在最新的后面；确实丢失的，申请人的信息无法恢复。",
            id="gongkai.E004",
        )
    ]

"""What ``django check --deploy`` asks about keys: whether everything that was sealed still opens."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, Tags, register
from django.db.utils import DatabaseError

from gongkai.web.agencies.accounts.factors import keys_missing


@register(Tags.security, deploy=True)
def keys_are_here(app_configs: Any, **_: Any) -> list[Error]:
    """Every key that closed a second factor is in the environment."""
    try:
        missing = keys_missing()
    except DatabaseError:  # before the first `migrate` nothing was sealed
        return []
    told = "、".join(f"“{name}”" for name in missing if name)
    found = []
    if told:
        found.append(
            Error(
                f"GONGKAI_DATA_KEYS 里缺少{told}，用它加密保存的动态验证码打不开。",
                hint="把原来的密钥加回去，放在最新的后面；确实丢失的，由安全管理员逐个解除动态验证码后重新绑定。",
                id="gongkai.E001",
            )
        )
    if "" in missing:
        found.append(Error("数据库里有没有加密的动态验证码密钥，不会被接受。", hint="由安全管理员解除后重新绑定。", id="gongkai.E002"))
    return found

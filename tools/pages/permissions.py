"""docs/reference/permissions.md: post × action, from the permission table that the platform asks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from gongkai.web.agencies.permissions import actions, post_kinds
from gongkai.web.review.stages import stages

WORDS = Path(__file__).parents[2] / "src" / "gongkai" / "web" / "office" / "words.yaml"

HEAD = """# 岗位和权限 Permissions

This page is made from `src/gongkai/web/agencies/permissions.yaml` by `make docs`. 谁能办什么，只看这一张表；表里没有的，谁都不能办，也没有不受限制的超级用户。

- **本机关**：只在任职的机关里能办。
- **含下级**：在任职的机关和它的所有下级机关里能办。
- 岗位有起止日期，过期自动失效。一个人可以有几个岗位；但系统、安全、审计三类和业务岗位不能同时由一个人担任（三权分立），由数据库自己保证。
- 看不到的信息，对这个人来说就是不存在：打开网址得到的是“没有这个页面”。
- 有权审查不等于能审自己的稿件：拟稿人不能审自己的稿，一个人在一次审查中只能通过一道，由数据库自己保证。
"""
REACH = {"own": "本机关", "below": "含下级"}
POWERS = {"work": "业务", "system": "系统", "security": "安全", "audit": "审计"}
KINDS = {"county": "县级政府"}
# The part of the page an action stands in, by what its name begins with.
PARTS = {
    "agencies": "机关",
    "people": "人员和岗位",
    "accounts": "账号安全",
    "standing": "指南、制度、清单和目录",
    "disclosure": "主动公开",
    "review": "审查",
    "ledger": "台账",
}


def titles() -> Mapping[str, str]:
    """Action → its Chinese title: the office's word, or the stage of review that the action passes."""
    told: Mapping[str, str] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["actions"] if WORDS.is_file() else {}
    return {stage.action: stage.title for stage in stages().values()} | dict(told)


def page() -> str:
    """The whole page."""
    return HEAD + _posts() + "".join(_part(name) for name in dict.fromkeys(action.partition(".")[0] for action in actions()))


def _posts() -> str:
    lines = ["\n## 岗位\n\n| 岗位 | 代码 | 类别 | 设在哪里 |\n| --- | --- | --- | --- |\n"]
    for duty in post_kinds().values():
        where = "、".join(KINDS.get(kind, kind) for kind in getattr(duty, "only_in", ())) or "各机关"
        lines.append(f"| {duty.title} | `{duty.name}` | {POWERS[duty.power]} | {where} |\n")
    return "".join(lines)


def _part(prefix: str) -> str:
    """One table: the posts that may do anything in this part across, its actions down."""
    rows = {name: reach for name, reach in actions().items() if name.partition(".")[0] == prefix}
    posts = [duty for duty in post_kinds().values() if any(duty.name in reach for reach in rows.values())]
    head = ["事项", "代码", *(duty.title for duty in posts)]
    lines = [f"\n## {PARTS.get(prefix, prefix)}\n\n", _line(head), _line(["---"] * len(head))]
    for name, reach in rows.items():
        cells = [REACH[reach[duty.name]] if duty.name in reach else "" for duty in posts]
        lines.append(_line([titles().get(name, name), f"`{name}`", *cells]))
    return "".join(lines)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"

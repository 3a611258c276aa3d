"""docs/checks/index.md: one section a check, from the registry."""

from __future__ import annotations

import inspect

from gongkai import law
from gongkai.checks import CHECKS
from gongkai.checks.registry import Check

HEAD = """# 检查项 Checks

This page is made from the registry by `make docs`: one section a check, in the order in which they run. 代码是固定的：停用的代码不再使用。

| 严重程度 | 屏幕上 | 含义 |
| --- | --- | --- |
| `error` | 错误 | 文件自己的数字或文字就能证明 |
| `warning` | 疑似 | 很可能不对，也可能另有原因；读取存疑时一律降为疑似 |
| `notice` | 提示 | 值得看一眼 |

"""
SEVERITY = {"error": "错误", "warning": "疑似", "notice": "提示"}
NEED = {
    "edition": "能认出格式版本",
    "year": "能读到年份",
    "scope": "知道机关层级",
    "previous": "给出上一年度的报告",
    "predecessor": "给出上一年度的报告",
    "siblings": "给出同类机关的报告",
    "units": "给出下级单位的报告",
}


def anchor(code: str) -> str:
    """The anchor of a check's section: ``t3.balance`` → ``t3balance``, as the heading's own words give it."""
    return code.replace(".", "").lower()


def bases(check: Check) -> list[str]:
    """The bases of a check; one for every edition it speaks of when its basis names the form."""
    if "{format}" not in check.basis:
        return [check.basis]
    return [check.basis.replace("{format}", law.report_format(name).basis) for name in check.editions or law.editions()]


def page() -> str:
    """The whole page."""
    lines = [HEAD, "| 代码 | 检查什么 | 严重程度 |\n| --- | --- | --- |\n"]
    lines += [f"| [`{check.code}`](#{anchor(check.code)}) | {check.title} | {SEVERITY[check.severity]} |\n" for check in CHECKS.values()]
    return "".join(lines) + "".join(_section(check) for check in CHECKS.values())


def _section(check: Check) -> str:
    facts = [
        f"- 严重程度：{SEVERITY[check.severity]}（`{check.severity}`）",
        "- 依据：" + "；".join(_cited(basis) for basis in bases(check)),
    ]
    if check.editions:
        facts.append("- 适用格式：" + "、".join(f"{name}版" for name in check.editions))
    if check.needs:
        facts.append("- 前提：" + "、".join(dict.fromkeys(NEED[need] for need in check.needs)))
    return f"\n## {check.code}\n\n{check.title}\n\n" + "\n".join(facts) + f"\n\n{inspect.cleandoc(check.description)}\n"


def _cited(basis: str) -> str:
    return f"{law.cite(basis)} `{basis}`"

"""docs/reference/settings.md: one row a setting, from the only reader of the environment."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

KNOWN = Path(__file__).parents[2] / "src" / "gongkai" / "web" / "settings" / "known.py"

HEAD = r"""# 设置 Settings

This page is made from `gongkai.web.settings.known` by `make docs`. 平台的设置只从环境变量读取，没有设置文件；改了以后重新启动才生效。变量设为空，等于没有设。

放到正式环境的做法和例子见[运行平台](../operations/platform.md)。

| 环境变量 | 默认值 | 作用 |
| --- | --- | --- |
"""


def known() -> list[tuple[str, str, str]]:
    """Name, default and sentence of every setting, in the order of the file.

    The file is run by itself: importing the package it lies in would set up Django and make a data folder.
    """
    settings: tuple[Any, ...] = runpy.run_path(str(KNOWN), run_name="known")["SETTINGS"]
    return [(setting.name, setting.default, setting.sentence) for setting in settings]


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_row(*setting) for setting in known())


def _row(name: str, default: str, sentence: str) -> str:
    shown = f"`{default}`" if default else "（空）"
    return f"| `{name}` | {shown} | {sentence.replace('|', chr(92) + '|')} |\n"

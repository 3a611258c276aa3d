"""Every setting: its name in the environment, its default and what it does. The only reader of the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. ``default`` is the text that stands where the variable is not set."""

    name: str
    default: str
    sentence: str


SETTINGS = (
    Setting("GONGKAI_MODE", "local", "`local` 供试用和开发；`production` 打开全部安全要求，缺少密钥时拒绝启动。"),
    Setting("GONGKAI_DATA", "data", "数据目录：数据库、文件、密钥（仅试用）和索引都放在这里。"),
    Setting("GONGKAI_SECRET_KEY", "", "签名密钥，至少50个字符；`production` 必须设置，`local` 不设时在数据目录里自动生成。"),
    Setting("GONGKAI_HOSTS", "", "允许访问的主机名，逗号分隔；`local` 默认只允许本机。"),
    Setting("DATABASE_URL", "", "数据库地址，如 `postgresql://user@host:5432/gongkai`；不设时使用数据目录里的SQLite。"),
    Setting("GONGKAI_SESSION_MINUTES", "30", "登录后多少分钟没有操作就自动退出。"),
    Setting("GONGKAI_LOCKOUT_ATTEMPTS", "5", "连续输错多少次密码后锁定。"),
    Setting("GONGKAI_LOCKOUT_MINUTES", "30", "锁定多少分钟。"),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def read(name: str) -> str:
    """The value of a known setting, its default where the environment does not name it; KeyError for an unknown name."""
    return os.environ.get(name) or _BY_NAME[name].default

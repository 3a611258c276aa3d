"""Every setting: its name in the environment, its default and what it does. The only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
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
    Setting(
        "GONGKAI_DATA_KEYS",
        "",
        "数据密钥，加密保存动态验证码和推送接口的密钥、纠错人的联系方式、登录状态：`名称:64位十六进制数`，几个用逗号隔开，最新的写在最前，旧的留着才打得开旧内容；"
        "`production` 必须设置，`local` 不设时在数据目录里自动生成。备份里没有，请另行保管。",
    ),
    Setting("GONGKAI_CIPHER", "sm4", "新内容用什么加密：`sm4`（SM4-GCM）或者 `aes`（AES-256-GCM）；已经加密的照旧打得开。"),
    Setting("GONGKAI_HOSTS", "", "允许访问的主机名，逗号分隔；`local` 默认只允许本机。"),
    Setting("DATABASE_URL", "", "数据库地址，如 `postgresql://user@host:5432/gongkai`；不设时使用数据目录里的SQLite。"),
    Setting("GONGKAI_SESSION_MINUTES", "30", "登录后多少分钟没有操作就自动退出。"),
    Setting("GONGKAI_LOCKOUT_ATTEMPTS", "5", "连续输错多少次密码或者动态验证码后锁定。"),
    Setting("GONGKAI_LOCKOUT_MINUTES", "30", "锁定多少分钟。"),
    Setting(
        "GONGKAI_ADDRESS", "", "公众访问平台的网址，如 `https://gongkai.example.gov.cn`；渠道稿件和推送里的链接用它，不设时推送里没有链接。"
    ),
    Setting("GONGKAI_SITE_NAME", "", "网站规范名称，写在每页的标题和标签里；不设时用县名加“政府信息公开平台”。"),
    Setting("GONGKAI_SITE_CODE", "", "政府网站标识码，10位数字，写在每页的标签和页脚里；正式使用必须设置。"),
    Setting("GONGKAI_SITE_ICP", "", "ICP备案号，写在页脚里。"),
    Setting("GONGKAI_SITE_POLICE", "", "公安备案号，写在页脚里。"),
    Setting("GONGKAI_PUSH_NETWORKS", "", "推送接口可以连接的内部网段，逗号分隔，如 `10.20.30.0/24`；不设时只能连接公网地址。"),
    Setting(
        "GONGKAI_TRUSTED_PROXIES",
        "0",
        "平台前面有几层自己的、往`X-Forwarded-For`末尾添加来访地址的代理；`0`表示不看这个请求头，以连接的地址为准。登录锁定、纠错次数、开放数据接口的次数按来访地址计算。",
    ),
    Setting(
        "GONGKAI_API_PER_MINUTE",
        "120",
        "开放数据（接口、数据文件、订阅）每个来访地址每分钟最多多少次，超过的答429并写明等几秒；`0`表示不限。每个服务进程各算各的。",
    ),
    Setting("GONGKAI_PASSWORD_DAYS", "0", "密码用多少天后必须更换；`0`表示不要求定期更换。"),
    Setting("GONGKAI_REQUIRE_TOTP", "", "设为`1`时，`local`也要求三类管理员和三审（主要领导签发）绑定动态验证码；`production`总是要求。"),
    Setting("GONGKAI_SIGNIN_DAYS", "400", "登录记录保存多少天，不能少于184天（网络安全法：不少于六个月）；超过的由`gongkai tidy`清理。"),
    Setting(
        "GONGKAI_SCAN_COMMAND",
        "",
        "上传的文件收下以前用什么命令查毒，如 `clamdscan --fdpass --no-summary`，文件的路径接在后面；命令以0结束才收下，1是有毒，其他是没有查成。",
    ),
    Setting("GONGKAI_S3_BUCKET", "", "附件存到对象存储（S3协议）的哪个桶；不设时存在数据目录的`files`里。"),
    Setting("GONGKAI_S3_ENDPOINT", "", "对象存储的地址，如 `https://s3.example.gov.cn`；`production`只接受`https://`和本机地址。"),
    Setting("GONGKAI_S3_REGION", "us-east-1", "对象存储的地域名，照服务商的说明填写；自建的一般不用改。"),
    Setting("GONGKAI_S3_KEY_ID", "", "对象存储的访问密钥编号。设了桶就必须设；不读取任何密钥文件。"),
    Setting("GONGKAI_S3_SECRET", "", "对象存储的访问密钥。设了桶就必须设。"),
    Setting("GONGKAI_S3_ADDRESSING", "path", "桶名写在哪里：`path`写在路径里（自建的多用这种），`virtual`写在域名里（公有云多用这种）。"),
    Setting("GONGKAI_S3_ACL", "private", "存文件时声明的权限：`private`只有自己能读；`none`不声明，用于已经关闭这一功能的桶。"),
    Setting("GONGKAI_S3_ENCRYPTION", "", "要求对象存储加密保存：`AES256`或者`aws:kms`；不设就不要求。"),
    Setting("GONGKAI_HSTS_SUBDOMAINS", "", "设为`1`时，HSTS也管下级域名；与其他单位共用上级域名的不要设。"),
    Setting("GONGKAI_HSTS_PRELOAD", "", "设为`1`时，声明可以列入浏览器的HSTS预置名单；要先设`GONGKAI_HSTS_SUBDOMAINS`。"),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def read(name: str) -> str:
    """The value of a known setting, its default where the environment does not name it; KeyError for an unknown name."""
    return os.environ.get(name) or _BY_NAME[name].default


def is_on(value: str) -> bool:
    """Whether a setting that is either on or off is on."""
    return value.strip().lower() in ("1", "true", "yes", "on")


def bare_environment() -> dict[str, str]:
    """The environment for a program of somebody else: what it needs to start, none of our keys and addresses."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}


def environment_with(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that is called, with a few more variables."""
    return {**os.environ, **extra}

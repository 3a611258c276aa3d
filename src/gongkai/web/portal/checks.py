"""What ``django check --deploy`` asks about the public site: whether it says who and where it is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Warning as Warned
from django.core.checks import register


@register(deploy=True)
def site_says_what_it_is(app_configs: Any, **_: Any) -> list[Warned]:
    """The code of the site is one of the tags that every public page must have, and its address stands in what leaves the platform."""
    found = []
    if not settings.SITE["CODE"]:
        found.append(
            Warned(
                "没有设置 GONGKAI_SITE_CODE（网站标识码），公开的页面缺少必备的标签SiteIDCode。",
                hint="填写网站主管单位编发的10位数字，重新启动。",
                id="gongkai.W001",
            )
        )
    if not settings.PUBLIC_ADDRESS:
        found.append(
            Warned(
                "没有设置 GONGKAI_ADDRESS（对外的网址），推送、数据文件和二维码里的链接以访问时的地址为准。",
                hint="填写公众访问用的网址，例如 https://gongkai.example.gov.cn，重新启动。",
                id="gongkai.W002",
            )
        )
    return found

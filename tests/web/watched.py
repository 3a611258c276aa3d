"""Things to watch, made by driving the actions."""

from __future__ import annotations

from typing import Any

from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.watch import actions, likeness
from gongkai.web.disclosure.watch.models import ErrorReport, Lookalike
from tests.web.conftest import County

NOTICE = (
    "<p>为做好今年森林防火工作，自2026年3月1日至5月31日为森林防火期。防火期内禁止在林区及林缘一百米范围内焚烧秸秆、上坟烧纸、野炊和燃放烟花爆竹。"
    "各村要落实护林员巡查责任，每天巡查不少于2次，发现火情立即上报值班电话12119。违反规定的依法处理。</p>"
)


def penalty_publication(county: County, organ: str = "qinghe", title: str = "关于张某焚烧秸秆的行政处罚决定") -> Publication:
    """A published penalty decision."""
    details = {"subject": "焚烧秸秆行政处罚", "decided_on": "2026-02-27"}
    return county.published(organ, title=title, kind="penalty", column="a20_06", details=details)


def withheld_item(county: County, organ: str = "qinghe", **changes: Any) -> Item:
    """An item that is not published."""
    values = {"title": "某项工作的讨论记录", "attribute": "withheld", "attribute_reason": "讨论记录，条例第十六条第二款"}
    return county.draft(organ, **{**values, **changes})


def two_alike(county: County, one: str = "qinghe", other: str = "qinghe") -> Lookalike:
    """Two published items that say the same, found."""
    county.published(one, title="关于做好森林防火工作的通知", body=NOTICE)
    county.published(other, title="关于做好森林防火工作的通知", body=NOTICE)
    likeness.refresh()
    return Lookalike.objects.latest("pk")


def reported(publication: Publication, address: str = "192.0.2.7", **said: str) -> tuple[ErrorReport, str]:
    """An error that somebody reported, and his code."""
    values = {"quoted": "三月二十日", "wrong": "日期应当是三月十二日", "contact": "", **said}
    return actions.report_error(publication=publication, address=address, **values)

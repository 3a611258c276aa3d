"""The demo county's villages and stations, and what they handed in."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure import actions as item_actions
from gongkai.web.disclosure.content import Content
from gongkai.web.disclosure.material import actions
from gongkai.web.disclosure.material.models import Material, Unit
from gongkai.web.disclosure.material.values import Handing
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import stages
from gongkai.web.settings import moment

Who = Callable[[str, str], Person]

# The columns of the table of what was handed in.
COLUMNS = ("organ", "unit", "to", "title", "body", "column", "urgency", "until")


@cache
def _table() -> Any:
    return yaml.safe_load((Path(__file__).parent / "material.yaml").read_text(encoding="utf-8"))


def load_material(who: Who) -> int:
    """Hand in what material.yaml says; ``who`` finds an account by organ and post. Gives how many there are; again adds nothing."""
    today = moment.today()
    for organ, name, kind in _table()["units"]:
        agency = Agency.objects.get(code=organ)
        if not Unit.objects.filter(agency=agency, name=name).exists():
            unit = actions.open_unit(person=who(organ, "office_head"), on=today, agency=agency, name=name, kind=kind)
            if not Unit.objects.filter(agency=agency, members__person=who(organ, "contributor")).exists():
                actions.join_unit(person=who(organ, "office_head"), on=today, unit=unit, newcomer=who(organ, "contributor"))
    for row in _table()["handed_in"]:
        _handed_in(who, today, dict(zip(COLUMNS, row, strict=True)))
    return Material.objects.count()


def _handed_in(who: Who, today: datetime.date, row: Mapping[str, str]) -> None:
    sender, agency = Agency.objects.get(code=row["organ"]), Agency.objects.get(code=row["to"])
    if Material.objects.filter(sender=sender, title=row["title"]).exists():
        return
    said = {name: row[name] for name in ("title", "body", "column", "urgency")}
    handing = Handing(happened_on=today, contact="0990-5550166", **said)
    marks = {"sender": sender, "agency": agency, "unit": Unit.objects.filter(agency=sender, name=row["unit"]).first()}
    material = actions.hand_in(person=who(row["organ"], "contributor"), on=today, handing=handing, **marks)
    _carried_on(who, material, row["to"], row["until"], today)


def _carried_on(who: Who, material: Material, organ: str, until: str, today: datetime.date) -> None:
    drafter = {"person": who(organ, "drafter"), "on": today, "material": material}
    if until == "assigned":
        actions.assign(person=who(organ, "office_head"), on=today, material=material, drafter=who(organ, "drafter"), known=None)
    elif until == "declined":
        actions.decline(reason="村里的文体活动请发村务公开栏，不属于政府信息公开的范围。", **drafter)
    elif until in ("drafted", "published"):
        content = Content(title=material.title, body=material.body, kind="news", column=material.column, formed_on=material.happened_on)
        item = actions.draft_from(content=content, **drafter)
        if until == "published":
            run = item_actions.submit(person=who(organ, "drafter"), on=today, item=item)
            for name in run.stages:
                decide(run=run, person=who(organ, f"{name}_reviewer"), on=today, is_passed=True, checked=stages()[name].checklist)
            item_actions.publish(person=who(organ, "office_head"), on=today, item=item)

"""Requests for disclosure, made by driving the actions."""

from __future__ import annotations

import datetime
from typing import Any

from gongkai.web.inforequest import actions
from gongkai.web.inforequest.models import Inforequest
from gongkai.web.inforequest.requester import Requester
from gongkai.web.settings import moment
from tests.web.conftest import County

# Twenty working days later, over 春节 and two worked Saturdays, it is the last of February, a worked Saturday.
MONDAY = datetime.date(2026, 1, 26)
PERSON: dict[str, str] = {
    "kind": "natural_person", "name": "王建国", "id_kind": "id_card", "id_number": "11010519491231002X", "phone": "13800138000",
    "address": "云川县青禾镇柳河村三组", "email": "",
}  # fmt: skip
WANTED = "青禾镇2025年农村公路养护资金使用情况"


def at(day: datetime.date, hour: int = 9) -> Any:
    """That day in China."""
    return moment.at(datetime.datetime.combine(day, datetime.time(hour), tzinfo=moment.ZONE))


def requester(**changes: str) -> Requester:
    """A person from a village."""
    return Requester(**{**PERSON, **changes})


def asked(**changes: Any) -> actions.Asked:
    """For the money of the village roads."""
    return actions.Asked(**{"wanted": WANTED, "supply": "paper", "way": "post", **changes})


def filed(
    county: County, organ: str = "qinghe", *, on: datetime.date = MONDAY, ip: str = "192.0.2.7", **changes: str
) -> tuple[Inforequest, str]:
    """Filed on the site that day."""
    with at(on):
        return actions.file_online(agency=county.organs[organ], requester=requester(**changes), asked=asked(), address=ip)


def entered(county: County, organ: str = "qinghe", *, on: datetime.date = MONDAY, **came_by: Any) -> Inforequest:
    """Entered by the officer; handed in that day where nothing else is said."""
    said = actions.CameBy(**{"channel": "in_person", "submitted_on": on, **came_by})
    officer = county.person(organ, "request_officer")
    row: Inforequest = actions.enter(person=officer, on=on, agency=county.organs[organ], came_by=said, requester=requester(), asked=asked())
    return row

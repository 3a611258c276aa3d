"""What the tests of letters share: an organ, an addressee, and something for every field."""

from __future__ import annotations

import datetime

from gongkai.law.requests.letters import field_words
from gongkai.letters import Addressee, Sender

ON = datetime.date(2026, 3, 9)
COUNTY = "云川县人民政府"
SENDER = Sender(
    "云川县青禾镇人民政府",
    kind="township",
    contact="党政办公室，0500-1234567",
    reconsiderers={"county_government": COUNTY},
    court="云川县人民法院",
)
TO = Addressee("李某")
GROUNDS = {"deny_internal": ("16-1a",), "deny_process": ("16-2b",), "deny_enforcement_file": ("16-3",), "partial": ("15", "not_exist")}


def filled(name: str) -> str | int | datetime.date:
    """A value of a field that no other has and no template holds."""
    number = list(field_words()).index(name)
    if name.endswith("_on") or name == "consulted_since":
        return datetime.date(2025, 1 + number // 28, 1 + number % 28)
    return 1000 + number if name == "n_inforequests" else f"甲{number}乙"


def told(name: str) -> str:
    """The same value as it stands in a letter."""
    value = filled(name)
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, datetime.date) else str(value)

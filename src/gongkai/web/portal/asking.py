"""What a reader asks the search for, as its address says it; and the address of every other question one step away."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from gongkai.law import LawMissing
from gongkai.law.duties import duty
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.finding import Ask

LONGEST, MOST_PAGES = 100, 50
# What a value is called where nobody knows it.
NAMES = {"organ": "机关", "kind": "类别", "column": "栏目", "validity": "有效性", "year": "年份", "since": "日期", "until": "日期", "sort": "排序",
         "page": "页码"}  # fmt: skip
_YEAR, _PAGE = re.compile(r"(?:19|20)\d\d"), re.compile(r"[1-9]\d{0,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question. ``organ`` is a code; empty means no limit, the first page, by relevance."""

    q: str = ""
    organ: str = ""
    kind: str = ""
    column: str = ""
    year: str = ""
    validity: str = ""
    since: str = ""
    until: str = ""
    sort: str = ""
    page: int = 1

    def address(self, **changes: Any) -> str:
        """Where the question with these changes is answered; it begins at its first page."""
        said = {name: changes.get(name, getattr(self, name)) for name in _NAMES} | {"page": changes.get("page", 1)}
        left = urlencode({name: value for name, value in said.items() if value and (name, value) != ("page", 1)})
        return reverse("portal:search") + (f"?{left}" if left else "")

    @property
    def limits(self) -> dict[str, str]:
        """The limits that are set."""
        return {name: value for name in ("organ", "kind", "column", "year", "validity", "since", "until") if (value := getattr(self, name))}

    def ask(self, organ: Agency | None) -> Ask:
        """The question as the index takes it."""
        first, last = (datetime.date.fromisoformat(day) if day else None for day in (self.since, self.until))
        return Ask(
            words=self.q, at=[organ.path] if organ else None, kind=self.kind, column=self.column, validity=self.validity,
            year=int(self.year) if self.year else None, since=first, until=last, is_newest_first=self.sort == "newest",
        )  # fmt: skip


_NAMES = tuple(field.name for field in fields(Asked))


@dataclass(frozen=True, slots=True)
class Read:
    """A question as it was read: the organ it is limited to, and what of it could not be used, in words."""

    asked: Asked
    organ: Agency | None
    faults: list[str]


def read(said: Mapping[str, str]) -> Read:
    """The question of an address. What nobody knows is left out, and told."""
    typed = said.get("q", "")
    plain = " ".join("".join(char if char.isprintable() else " " for char in typed).split())
    values: dict[str, Any] = {"q": plain[:LONGEST]}
    faults = [gettext("查找的话太长，只用了前%(n)d个字。") % {"n": LONGEST}] if len(plain) > LONGEST else []
    organ = None
    for name, title in NAMES.items():
        value = said.get(name, "").strip()
        if not value:
            continue
        if name == "organ":
            organ = _organ(value)
        if organ is not None if name == "organ" else _is_known(name, value):
            values[name] = int(value) if name == "page" else value
        else:
            faults.append(gettext("没有“%(value)s”这个%(what)s，没有按它筛选。") % {"value": value[:20], "what": gettext(title)})
    if values.get("since", "") > values.get("until", "9999"):
        values["since"], values["until"] = values["until"], values["since"]
    return Read(Asked(**values), organ, faults)


def _organ(code: str) -> Agency | None:
    return Agency.objects.filter(code=code[:50]).first() if code.isprintable() else None


def _is_known(name: str, value: str) -> bool:
    if name in ("kind", "validity"):
        return value in words("kinds" if name == "kind" else "validities")
    if name == "column":
        return column_title(value) != ""
    if name in ("since", "until"):
        return _is_day(value)
    if name == "sort":
        return value == "newest"
    return (_YEAR if name == "year" else _PAGE).fullmatch(value) is not None and value.isascii()


def _is_day(value: str) -> bool:
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def column_title(name: str) -> str:
    """The title of a column of the statute; empty for any other."""
    try:
        return duty(name).title
    except LawMissing:
        return ""

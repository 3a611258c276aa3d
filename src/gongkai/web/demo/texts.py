"""What the demo's organs published: titles, texts and days, from items.yaml and years.yaml, the same at every run."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from gongkai.clock import Workdays, is_workday

_FOLDER = Path(__file__).parent
_DAY = datetime.timedelta(days=1)
_CALENDAR = Workdays()


@dataclass(frozen=True, slots=True)
class Text:
    """One item as the demo tells it: organ's code, content by field, the day it was published, days being in order."""

    organ: str
    title: str
    body: str
    kind: str
    column: str
    formed_on: datetime.date
    published_on: datetime.date
    channel: str = "site"
    others: tuple[str, ...] = ()
    section: str = ""
    awarded: str = ""


@cache
def table(name: str) -> Mapping[str, Any]:
    """One of the demo's YAML files."""
    data: Mapping[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


def texts(*, small: bool) -> list[Text]:
    """Every published item; the small demo takes the listed ones and a few of the generated of each organ."""
    listed = [*_listed(), *_of_jiguan()]
    found = list(listed)
    for organ, year in table("years")["years"].items():
        have = Counter(text.channel for text in listed if text.organ == organ and text.published_on.year == year["year"])
        wanted = {channel: n - have[channel] for channel, n in year["channels"].items()}
        made = list(_generated(organ, year, wanted))
        found += made[:: max(1, len(made) // year["small"])][: year["small"]] if small else made
    return found


def _listed() -> Iterator[Text]:
    sections, awarded = table("years")["jiguan_listed"], table("years")["awarded"]
    for organ, title, kind, column, formed_on, published_on, channel, others in table("items")["items"]:
        body = plain_body(title)
        yield Text(
            organ,
            title,
            body,
            kind,
            column,
            formed_on,
            published_on,
            channel,
            tuple(others),
            sections.get(title, ""),
            awarded.get(title, ""),
        )


def _of_jiguan() -> Iterator[Text]:
    awarded = table("years")["awarded"]
    for title, kind, column, formed_on, published_on, section, others in table("years")["jiguan"]:
        yield Text(
            "jiguan",
            title,
            plain_body(title),
            kind,
            column,
            formed_on,
            published_on,
            "site",
            tuple(others),
            section,
            awarded.get(title, ""),
        )


def plain_body(title: str) -> str:
    """A short text for an item that is told by its title alone."""
    return f"<p>{title}。现按照《中华人民共和国政府信息公开条例》的规定予以公开。</p><p>联系方式见本机关政府信息公开指南。</p>"


def _generated(organ: str, year: Mapping[str, Any], wanted: Mapping[str, int]) -> Iterator[Text]:
    """As many items as each channel is to have, with titles that differ and days spread over the year."""
    dice = random.Random(f"{organ}{year['year']}")
    short = next(row["short_name"] for row in table("county")["agencies"] if row["code"] == organ)
    used: set[str] = set()
    for channel, n in wanted.items():
        fillings = _fillings(year["places"], channel, dice)
        for day in _days(year["year"], n):
            subject, words = _next(
                fillings, used, {"organ": short, "month": day.month, "n": dice.randint(12, 180), "small": dice.randint(2, 9)}
            )
            title = str(words["title"])
            body = "".join(f"<p>{line.format(**words)}</p>" for line in subject["text"])
            yield Text(organ, title, body, subject["kind"], subject["column"], day, _later(day, dice.randint(1, 12)), channel)


def _fillings(places: list[str], channel: str, dice: random.Random) -> list[tuple[Any, str, str]]:
    """Every subject with every topic and village that the channel carries, mixed by weight."""
    rows: list[tuple[float, int, tuple[Any, str, str]]] = []
    for subject in table("years")["subjects"]:
        if channel in subject["channels"]:
            pairs = list(product(subject["topics"], places))
            dice.shuffle(pairs)
            rows += [((at + 1) / subject["weight"], len(rows), (subject, *pair)) for at, pair in enumerate(pairs)]
    return [filling for _, _, filling in sorted(rows, key=lambda row: row[:2])]


def _next(fillings: list[tuple[Any, str, str]], used: set[str], words: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The next filling that fits the month and whose title is new; it goes to the end, so that subjects take turns."""
    for turn in range(1, 30):
        for at, (subject, topic, place) in enumerate(fillings):
            said = {**words, "topic": topic, "place": place}
            title = subject["title"].format(**said) + (f"（第{turn}次）" if turn > 1 else "")
            if title not in used and words["month"] in table("years")["seasons"].get(topic, (words["month"],)):
                used.add(title)
                fillings.append(fillings.pop(at))
                return subject, {**said, "title": title}
    raise AssertionError("the demo has too few texts")


def _days(year: int, n: int) -> list[datetime.date]:
    """``n`` working days of the year, evenly spread, early enough to be published in it."""
    days = [day for day in (datetime.date(year, 1, 2) + _DAY * at for at in range(345)) if is_workday(day=day, table=_CALENDAR)]
    return [days[at * len(days) // n] for at in range(n)] if n else []


def _later(day: datetime.date, n: int) -> datetime.date:
    """The n-th working day after ``day``, at most the year's last one."""
    last = datetime.date(day.year, 12, 31)
    found = day
    while n and found < last:
        found += _DAY
        n -= is_workday(day=found, table=_CALENDAR)
    return found if is_workday(day=found, table=_CALENDAR) else day

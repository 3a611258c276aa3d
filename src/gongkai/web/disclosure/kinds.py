"""What an item says beside its text, by its kind: :file:`kinds.yaml`, typed, and what is wrong with what somebody typed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_AMOUNT = re.compile(r"(?:0|[1-9]\d{0,7})(?:\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to say: ``type`` is ``text``, ``choice``, ``amount`` or ``day``."""

    name: str
    label: str
    type: str
    choices: Mapping[str, str]
    longest: int
    help: str

    def fault(self, value: str, on: datetime.date) -> str | None:
        """What is wrong with a value that is not empty, in Chinese; ``None`` when nothing is."""
        match self.type:
            case "choice" if value not in self.choices:
                return f"请选择{self.label}"
            case "amount" if not _AMOUNT.fullmatch(value):
                return f"{self.label}应当是数字，最多六位小数，例如102.97"
            case "day" if (day := _day(value)) is None or day > on:
                return f"{self.label}不是日期" if day is None else f"{self.label}不能晚于今天"
            case "text" if len(value) > self.longest:
                return f"{self.label}不能超过{self.longest}个字"
        return None

    def told(self, value: str) -> str:
        """A value as a page shows it."""
        return self.choices.get(value, value)


@cache
def parts() -> Mapping[str, Part]:
    """Every part by name."""
    return {
        name: Part(name, row["label"], row["type"], row.get("choices", {}), row.get("longest", 200), row.get("help", ""))
        for name, row in _table()["parts"].items()
    }


def parts_of(kind: str) -> tuple[Part, ...]:
    """The parts that belong to a kind, in order; none for most kinds."""
    return tuple(parts()[name] for name in _table()["kinds"].get(kind, {}))


def kinds_with(name: str) -> tuple[str, ...]:
    """The kinds that have that part."""
    return tuple(kind for kind, asked in _table()["kinds"].items() if name in asked)


def is_always(name: str) -> bool:
    """Whether every kind that has the part demands it."""
    return all(_table()["kinds"][kind][name] == "always" for kind in kinds_with(name))


def kept(kind: str, details: Mapping[str, str]) -> dict[str, str]:
    """Of what somebody typed, what belongs to the kind, without blanks around it; an amount without needless zeros."""
    found = {part.name: _plain(part, str(details.get(part.name) or "").strip()) for part in parts_of(kind)}
    return {name: value for name, value in found.items() if value}


def faults(kind: str, details: Mapping[str, str], on: datetime.date) -> Iterator[tuple[str, str]]:
    """What is missing or wrong in the parts of a kind: the part's name and a Chinese phrase."""
    known = kept(kind, details)
    for part in parts_of(kind):
        value = known.get(part.name, "")
        if value:
            words = part.fault(value, on)
        else:
            words = f"请{'选择' if part.type == 'choice' else '填写'}{part.label}" if _is_required(kind, part.name, known) else None
        if words:
            yield part.name, words


def told(kind: str, details: Mapping[str, str]) -> list[tuple[str, str]]:
    """(label, value) of what an item of that kind says beside its text, in order."""
    return [(part.label, part.told(details[part.name])) for part in parts_of(kind) if details.get(part.name)]


def _is_required(kind: str, name: str, details: Mapping[str, str]) -> bool:
    asked = _table()["kinds"][kind][name]
    if isinstance(asked, str):
        return asked == "always"
    return all(details.get(other) in values for other, values in asked.items())


def _plain(part: Part, value: str) -> str:
    if part.type == "amount" and _AMOUNT.fullmatch(value) and "." in value:
        return value.rstrip("0").rstrip(".")
    return value


def _day(value: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


@cache
def _table() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "kinds.yaml").read_text(encoding="utf-8"))
    return data

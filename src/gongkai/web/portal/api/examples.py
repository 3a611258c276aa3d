"""The examples of the open data: :file:`examples.yaml`, typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

import yaml


@dataclass(frozen=True, slots=True)
class Example:
    """One example: ``address`` with the parts that stand for something of a site, ``gives`` the names that its answer holds."""

    name: str
    title: str
    english: str
    address: str
    gives: tuple[str, ...]

    def at(self, places: dict[str, str]) -> str:
        """The address with the codes of a site."""
        return self.address.format(**{name: quote(value) for name, value in places.items()})


@cache
def examples() -> tuple[Example, ...]:
    """Every example, in the order of the page."""
    rows = yaml.safe_load((Path(__file__).parent / "examples.yaml").read_text(encoding="utf-8"))["examples"]
    return tuple(Example(row["name"], row["title"], row["english"], row["address"], tuple(row["gives"])) for row in rows)

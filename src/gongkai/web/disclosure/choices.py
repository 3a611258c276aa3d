"""The words of :file:`choices.yaml`, typed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml


@cache
def words(name: str) -> Mapping[str, str]:
    """Id → Chinese of the list ``name`` (``kinds``, ``channels``, ``attributes``, ``validities``)."""
    table: Mapping[str, Mapping[str, str]] = yaml.safe_load((Path(__file__).parent / "choices.yaml").read_text(encoding="utf-8"))
    return table[name]

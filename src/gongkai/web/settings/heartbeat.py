"""The worker's sign of life: a small file of the data folder, written whole or not at all."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.web.settings import moment

# Seconds after which a worker that told nothing is taken for gone.
LOST = 30.0


def _file() -> Path:
    return Path(settings.DATA, "worker.json")


def tell(state: Mapping[str, Any]) -> None:
    """Write the worker's state."""
    file = _file()
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.write_text(json.dumps(dict(state), ensure_ascii=False), encoding="utf-8")
    part.replace(file)


def read() -> dict[str, Any] | None:
    """The state last told, with ``age``, the seconds since then; ``None`` when no worker ever told anything."""
    try:
        state: dict[str, Any] = json.loads(_file().read_text(encoding="utf-8"))
        told = datetime.datetime.fromisoformat(state["beat_at"])
    except (OSError, ValueError, KeyError):
        return None
    return {**state, "age": round((moment.now() - told).total_seconds(), 1)}


def is_alive(state: Mapping[str, Any] | None) -> bool:
    """Whether a worker told something lately."""
    return state is not None and 0 <= state["age"] < LOST

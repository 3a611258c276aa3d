"""Where the law data lies and how a file of it is loaded."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from gongkai.errors import GongkaiError

DATA = Path(__file__).parent / "data"


class LawMissing(GongkaiError):
    """There is no data at all for that instrument, edition or day."""


@cache
def load(name: str) -> dict[str, Any]:
    """The content of ``data/<name>.yaml``; :class:`LawMissing` when there is no such file."""
    # YAML is imported late: a command that asks no law should not pay for it.
    import yaml

    path = DATA / f"{name}.yaml"
    if not path.is_file():
        raise LawMissing(f"没有“{name}”的法律数据（{path.name}）。")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open("rb") as file:
        content: dict[str, Any] = yaml.load(file, Loader=loader)
    return content


def names(folder: str) -> list[str]:
    """Names of the files in ``data/<folder>``, without suffix, sorted."""
    return sorted(path.stem for path in (DATA / folder).glob("*.yaml"))

"""The examples in docs/reference/api.md, from the file that the platform's own page shows and the tests run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

EXAMPLES = Path(__file__).parents[2] / "src" / "gongkai" / "web" / "portal" / "api" / "examples.yaml"
# Something of the small demo county.
PLACES = {"organ": "changnan", "year": "2024", "slug": "11990104MB0000044D-2024-00005", "number": "昌政规〔2022〕1号"}


def examples() -> str:
    """One paragraph an example."""
    rows: list[dict[str, Any]] = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))["examples"]
    return "".join(f"{row['english']}:\n\n```\nGET {row['address'].format(**PLACES)}\n```\n\n" for row in rows)

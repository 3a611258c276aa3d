"""SM3 over a canonical spelling: the same content always gives the same digest (GB/T 32905)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives import hashes


class Compact(json.JSONEncoder):
    """JSON as it is kept: Chinese as itself and no blanks, which on SQLite takes half the bytes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False, "separators": (",", ":")})


def sm3(data: bytes) -> str:
    """The SM3 digest of ``data`` in 64 small hexadecimal digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def canonical(content: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no blanks; days and moments in ISO form, amounts as they are written."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def digest_of(content: Mapping[str, Any]) -> str:
    """The digest of the canonical spelling."""
    return sm3(canonical(content))


def _plain(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    if isinstance(value, (datetime.date, Decimal)):
        return str(value)
    raise TypeError(f"no canonical spelling for {type(value).__name__}")

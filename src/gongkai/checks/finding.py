"""Finding: one thing that a check has to say about a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SEVERITIES = ("error", "warning", "notice")


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding (问题) is data, never an exception.

    ``code`` is permanent (``t3.balance``). ``severity`` is ``error`` (provable from the document), ``warning`` (likely) or
    ``notice`` (worth a look). ``cells`` are addresses, the total that does not hold first; ``quote`` is the passage that
    the finding is about; ``message`` is a Chinese sentence for the clerk; ``basis`` is the norm (``reg:49.1``).
    """

    code: str
    severity: str
    message: str
    basis: str
    cells: tuple[str, ...] = ()
    quote: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The six fields as JSON values."""
        return {
            "code": self.code,
            "severity": self.severity,
            "cells": list(self.cells),
            "quote": self.quote,
            "message": self.message,
            "basis": self.basis,
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check function yields: a finding without what the check itself already says.

    ``severity`` and ``basis`` are given only where this one case differs from the check's own, for instance because an
    innocent cause is possible and named in the message.
    """

    message: str
    cells: tuple[str, ...] = ()
    quote: str | None = None
    severity: str | None = None
    basis: str | None = None

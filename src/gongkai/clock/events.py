"""What happens to a request and bears on its time. Every event has a day, ``on``; a history is a list of them in any order."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementAsked:
    """The requester was told once and completely what to supplement (一次性告知补正), and until when."""

    on: datetime.date
    until: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplemented:
    """The supplemented request was received. ``is_excused`` where it came too late for a good reason."""

    on: datetime.date
    is_excused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """A letter went to a third party, a co-organ or another organ on the day ``on``.

    ``kind`` is an id of :func:`gongkai.law.requests.timing.consultations`. ``received`` is the day they got it (unknown: ``None``),
    ``answered`` the day their opinion arrived (not yet: ``None``).
    """

    on: datetime.date
    kind: str
    received: datetime.date | None = None
    answered: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """The head agreed on ``approved`` to ``n`` working days more, and the requester was told on the day ``on``."""

    on: datetime.date
    n: int
    approved: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationAsked:
    """The requester was asked for the reasons of so many requests (说明理由). The count goes on."""

    on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """The reasons hold: the requester was told on the day ``on`` that the reply will come by ``until``."""

    on: datetime.date
    until: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeAsked:
    """A fee notice went out on the day ``on`` and arrived on ``received`` (unknown: ``None``)."""

    on: datetime.date
    received: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePaid:
    """The fee was paid in full."""

    on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The reply was handed over, or posted: the day of posting is the day of the reply."""

    on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """A decision on reconsideration or a judgment, received on the day ``on``, has the request handled again.

    ``n`` are the working days that it sets, ``None`` where it sets none.
    """

    on: datetime.date
    n: int | None = None


Event = (
    SupplementAsked | Supplemented | Consulted | Extended | ExplanationAsked | Deferred | FeeAsked | FeePaid | Replied | Reopened
)  # fmt: skip

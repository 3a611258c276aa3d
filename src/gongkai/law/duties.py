"""What an organ must publish by itself (应当主动公开的内容), as the Regulation lists it: ``data/duties/statutory.yaml`` as values.

>>> from gongkai.law.duties import duties, duty
>>> duty("a20_07").title
'财政预算、决算信息'
>>> [entry.id for entry in duties(kind="township")][-1]
'a21_t8'
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gongkai.law.store import LawMissing, load


@dataclass(frozen=True, slots=True)
class Duty:
    """One item of the statutory list: ``title`` verbatim, ``basis`` its article and item, ``kinds`` the kinds of organ it binds.

    A kind is province, city, county, department, township or street.
    """

    id: str
    title: str
    basis: str
    kinds: tuple[str, ...]


def duties(*, kind: str | None = None) -> tuple[Duty, ...]:
    """Every duty, or those of one kind of organ, in the order of the statute; :class:`LawMissing` for a kind that nobody listed."""
    found = tuple(entry for entry in _all() if kind is None or kind in entry.kinds)
    if not found:
        raise LawMissing(f"没有“{kind}”类机关主动公开内容的数据。")
    return found


def duty(name: str) -> Duty:
    """The duty with that id, such as ``a20_07``; :class:`LawMissing` when there is none."""
    found = _by_id().get(name)
    if found is None:
        raise LawMissing(f"没有代号为“{name}”的主动公开内容。")
    return found


@cache
def _all() -> tuple[Duty, ...]:
    return tuple(
        Duty(entry["id"], entry["title"], entry["basis"], tuple(group["kinds"]))
        for group in load("duties/statutory")["groups"]
        for entry in group["duties"]
    )


@cache
def _by_id() -> dict[str, Duty]:
    return {entry.id: entry for entry in _all()}

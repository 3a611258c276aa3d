"""What may be done with a request in which state (依申请公开的办理): a table, and a refusal with its article for everything else.

>>> may_act("extend", state="running")
True
>>> may_act("extend", state="awaiting_fee")
False
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gongkai.errors import Refused
from gongkai.law.store import LawMissing, load


@dataclass(frozen=True, slots=True)
class State:
    """A state of a request, and what to do in it."""

    id: str
    words: str
    hint: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that an officer does with a request, the states in which he may, and what that rests on."""

    id: str
    words: str
    states: frozenset[str]
    basis: str


@cache
def states() -> Mapping[str, State]:
    """Every state by its id, in the order of a request's life."""
    return {row["id"]: State(**row) for row in load("requests/acts")["states"]}


@cache
def deeds() -> Mapping[str, Deed]:
    """Everything that may be done, by its id."""
    return {row["id"]: Deed(row["id"], row["words"], frozenset(row["in"]), row["basis"]) for row in load("requests/acts")["acts"]}


def may_act(name: str, *, state: str) -> bool:
    """Whether that may be done in that state; :class:`LawMissing` for a state or an act that nobody listed."""
    return _state(state).id in _deed(name).states


def demand_act(name: str, *, state: str) -> None:
    """:class:`Refused` with its article and what to do instead, where that may not be done in that state."""
    if not may_act(name, state=state):
        stands, deed = _state(state), _deed(name)
        raise Refused(f"这件申请{stands.words}，不能{deed.words}。{stands.hint}", basis=deed.basis)


def demand_outcome(outcome: str, *, state: str) -> None:
    """:class:`Refused` with its article for a reply with an outcome that the state does not let it have."""
    demand_act("reply", state=state)
    row = next(row for row in load("requests/acts")["reply"] if row["state"] == state)
    is_allowed = outcome in row["only"] if "only" in row else outcome not in row["all_but"]
    if not is_allowed:
        stands = _state(state)
        raise Refused(f"这件申请{stands.words}，答复不能是这种结果。{stands.hint}", basis=row["basis"])


def _state(name: str) -> State:
    if name not in states():
        raise LawMissing(f"没有代号为“{name}”的办理状态。")
    return states()[name]


def _deed(name: str) -> Deed:
    if name not in deeds():
        raise LawMissing(f"没有代号为“{name}”的办理事项。")
    return deeds()[name]

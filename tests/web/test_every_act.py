"""No act without an entry, for every action there is or will be: all of them go through the one door, and the door insists."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import actions as permitted
from gongkai.web.agencies.permissions import post_kinds
from gongkai.web.ledger.acts import ACTIONS, action
from gongkai.web.ledger.models import LedgerEntry
from tests.web.conftest import DAY, County


def forgetful(act: object, *, agency: Agency) -> None:
    """Changes something and records nothing."""
    Agency.objects.filter(pk=agency.pk).update(phone="0790-0000000")


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_action_stands_behind_the_one_door(name: str) -> None:
    """The very code that opens the transaction, asks the table and demands an entry; nothing is registered past it."""
    standing = ACTIONS[name]
    try:
        made = action(name, agency=lambda agency: agency)(forgetful)
    finally:
        ACTIONS[name] = standing
    assert standing.__code__ is made.__code__
    assert standing.__wrapped__ is not None  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(name for name in ACTIONS if permitted()[name]))
def test_the_door_takes_back_what_left_no_entry(county: County, name: str) -> None:
    duty = next(iter(permitted()[name]))
    organ = "yunchuan" if post_kinds()[duty].only_in else "qinghe"
    agency = county.root if organ == "yunchuan" else county.organs[organ]
    standing = ACTIONS[name]
    try:
        door: Any = action(name, agency=lambda agency: agency)(forgetful)
        with pytest.raises(AssertionError, match="left no ledger entry"):
            door(person=county.person(organ, duty), on=DAY, agency=agency)
    finally:
        ACTIONS[name] = standing
    agency.refresh_from_db()
    assert agency.phone == ""
    assert not LedgerEntry.objects.exists()

"""Runs ``request_acts.yaml``: every act in every state, every outcome in every state, against the table of the law data."""

import re
from itertools import product
from pathlib import Path

import pytest
import yaml

from gongkai import law
from gongkai.errors import Refused
from gongkai.law.requests.acts import deeds, demand_act, demand_outcome, may_act, states

TABLE = yaml.safe_load(Path(__file__).with_name("request_acts.yaml").read_text("utf-8"))
PAIRS = [
    (act, state, sign == "+") for act, signs in TABLE["acts"].items() for state, sign in zip(TABLE["states"], signs.split(), strict=True)
]  # fmt: skip
EVERY = sorted({outcome for listed in TABLE["outcomes"].values() for outcome in listed})


def test_the_table_has_every_act_and_state():
    assert list(states()) == TABLE["states"]
    assert set(deeds()) == set(TABLE["acts"])
    assert set(TABLE["outcomes"]) == set(TABLE["states"])
    assert len(EVERY) == 23


@pytest.mark.parametrize(("act", "state", "is_allowed"), PAIRS)
def test_every_act_in_every_state(act, state, is_allowed):
    assert may_act(act, state=state) == is_allowed
    if is_allowed:
        demand_act(act, state=state)
        return
    with pytest.raises(Refused) as refusal:
        demand_act(act, state=state)
    assert law.cite(refusal.value.basis)
    assert re.fullmatch(r"这件申请.+，不能.+。.+。", refusal.value.message)


@pytest.mark.parametrize(("outcome", "state"), list(product(EVERY, TABLE["states"])))
def test_every_outcome_in_every_state(outcome, state):
    if outcome in TABLE["outcomes"][state]:
        demand_outcome(outcome, state=state)
        return
    with pytest.raises(Refused) as refusal:
        demand_outcome(outcome, state=state)
    assert law.cite(refusal.value.basis)


def test_what_nobody_listed_is_no_law():
    with pytest.raises(law.LawMissing):
        may_act("dance", state="running")
    with pytest.raises(law.LawMissing):
        may_act("reply", state="asleep")

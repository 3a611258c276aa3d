"""Runs ``request_clock.yaml``: how a request's time stands, as people worked it out, against the clock."""

from pathlib import Path

import pytest
import yaml

from gongkai import law
from gongkai.clock import Workdays, events, follow

CASES = yaml.safe_load(Path(__file__).with_name("request_clock.yaml").read_text("utf-8"))["cases"]
KINDS = {
    "supplement_asked": events.SupplementAsked, "supplemented": events.Supplemented, "consulted": events.Consulted,
    "extended": events.Extended, "explanation_asked": events.ExplanationAsked, "deferred": events.Deferred, "fee_asked": events.FeeAsked,
    "fee_paid": events.FeePaid, "replied": events.Replied, "reopened": events.Reopened,
}  # fmt: skip


def event_of(said):
    ((name, facts),) = said.items()
    # YAML takes a bare "on" for true: the table says "day".
    kept = {{"day": "on", "notified": "on"}.get(field, field): value for field, value in facts.items()}
    return KINDS[name](**kept)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_standing(case):
    given, then = case["given"], case["then"]
    standing = follow(given["received"], [event_of(said) for said in given["events"]], as_of=given["as_of"], table=Workdays())
    assert (standing.state, standing.due, standing.waits_until) == (then["state"], then["due"], then.get("waits_until"))
    assert standing.is_late == then.get("is_late", False)
    assert standing.provisional == then.get("provisional", False)
    assert [breach.code for breach in standing.breaches] == then.get("breaches", [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_order_in_which_events_are_told_does_not_matter(case):
    given = case["given"]
    told = [event_of(said) for said in given["events"]]
    kept = {"as_of": given["as_of"], "table": Workdays()}
    assert follow(given["received"], told, **kept) == follow(given["received"], told[::-1], **kept)


def test_the_bases_can_be_cited_and_names_are_unique():
    assert all(law.cite(case["basis"]).startswith("《") for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)

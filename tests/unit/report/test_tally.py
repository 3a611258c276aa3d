"""Tables three and four from cases: they balance whatever the cases, they carry over, and each cell is what a slow count says."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.law import LawMissing, report_format
from gongkai.report.tally import Challenge, Inforequest, tally_challenges, tally_requests

REQUESTERS = ("natural_person", "commercial_enterprise", "research_institution", "public_welfare_org", "legal_service_org", "other_org")
# Code of an outcome → its row in the form of 2021, written by hand from the Regulation and the form.
ROWS = {
    "already_public": "granted", "grant": "granted", "partial": "partial", "deny_state_secret": "denied_state_secret",
    "deny_law_prohibited": "denied_law_prohibited", "deny_safety": "denied_safety_stability", "deny_third_party": "denied_third_party",
    "deny_internal": "denied_internal_affairs", "deny_process": "denied_process_info", "deny_enforcement_file": "denied_enforcement_file",
    "special_query": "denied_admin_query", "not_exist": "unable_not_held", "not_this_organ": "unable_not_held",
    "needs_creation": "unable_needs_creation", "still_unclear": "unable_unclear_after_supplement", "petition": "not_processed_petition",
    "repeat": "not_processed_repeat", "publication": "not_processed_publication", "excessive": "not_processed_excessive",
    "confirm_or_reissue": "not_processed_confirm_reissue", "lapsed_no_supplement": "other_no_supplement",
    "lapsed_fee": "other_fee_unpaid", "other": "other_misc",
}  # fmt: skip
YEARS = (2021, 2022, 2023, 2024, 2025)
DAY = datetime.timedelta(days=1)


def case(dice: random.Random) -> Inforequest:
    received = datetime.date(2021, 1, 1) + dice.randrange(5 * 365) * DAY
    if dice.random() < 0.1:
        return Inforequest(dice.choice(REQUESTERS), received)
    return Inforequest(dice.choice(REQUESTERS), received, dice.choice(list(ROWS)), received + dice.choice((0, 3, 28, 200, 700)) * DAY)


def balanced(cells: dict[str, int], edition: str) -> bool:
    """The equations of the form itself, as its law data prints them."""
    known = [row for row in report_format(edition).identities() if all(address in cells for address in (*row.left, *row.right))]
    assert len(known) in (39, 37, 3)  # tables three of 25 and 23 rows with seven columns each, table four of three groups
    return all(sum(cells[name] for name in row.left) == sum(cells[name] for name in row.right) for row in known)


def test_ten_thousand_cases_balance_in_every_year_and_carry_over() -> None:
    dice = random.Random(711)
    cases = [case(dice) for _ in range(10_000)]
    before: dict[str, int] = {}
    for year in YEARS:
        cells = tally_requests(cases, year=year)
        assert len(cells) == 175
        assert balanced(cells, "2021")
        for column in (*REQUESTERS, "total"):
            if before:
                assert cells[f"t3.carried_in.{column}"] == before[f"t3.carried_out.{column}"]
        before = cells
    assert before["t3.carried_out.total"] > 500


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 40), st.sampled_from(YEARS))
def test_every_cell_is_what_a_slow_count_says(seed: int, n: int, year: int) -> None:
    dice = random.Random(seed)
    cases = [case(dice) for _ in range(n)]
    cells = tally_requests(cases, year=year)
    assert balanced(cells, "2021")
    for column in REQUESTERS:
        own = [one for one in cases if one.requester == column]
        for code_row in set(ROWS.values()):
            wanted = sum(one.outcome is not None and ROWS[one.outcome] == code_row and one.decided_on.year == year for one in own)
            assert cells[f"t3.{code_row}.{column}"] == wanted
        assert cells[f"t3.received_new.{column}"] == sum(one.received_on.year == year for one in own)
        open_then = [one for one in own if one.decided_on is None or one.decided_on.year > year]
        assert cells[f"t3.carried_out.{column}"] == sum(one.received_on.year <= year for one in open_then)


def test_the_form_of_2019_has_one_row_for_what_else_became_of_a_request() -> None:
    day = datetime.date(2020, 6, 1)
    cells = tally_requests([Inforequest("natural_person", day, code, day) for code in ("lapsed_no_supplement", "other")], year=2020)
    assert len(cells) == 161
    assert (cells["t3.other_handling.natural_person"], cells["t3.handled_total.total"]) == (2, 2)
    assert balanced(cells, "2019")


def test_a_case_counts_in_the_year_of_its_decision_and_is_carried_until_then() -> None:
    request = Inforequest("legal_service_org", datetime.date(2022, 12, 20), "partial", datetime.date(2024, 1, 4))
    shown = {year: {name: n for name, n in tally_requests([request], year=year).items() if n} for year in YEARS}
    assert shown[2021] == shown[2025] == {}
    assert set(shown[2022]) == {
        f"t3.{row}.{column}" for row in ("received_new", "carried_out") for column in ("legal_service_org", "total")
    }
    assert set(shown[2023]) == {f"t3.{row}.{column}" for row in ("carried_in", "carried_out") for column in ("legal_service_org", "total")}
    assert set(shown[2024]) == {
        f"t3.{row}.{column}" for row in ("carried_in", "partial", "handled_total") for column in ("legal_service_org", "total")
    }


GROUPS, RESULTS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration"), ("upheld", "corrected", "other")


def challenges(dice: random.Random, n: int) -> Iterable[Challenge]:
    for _ in range(n):
        filed = datetime.date(2021, 1, 1) + dice.randrange(5 * 365) * DAY
        decided = None if dice.random() < 0.2 else filed + dice.choice((0, 60, 400)) * DAY
        yield Challenge(dice.choice(GROUPS), filed, dice.choice(RESULTS) if decided else None, decided)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 30), st.sampled_from(YEARS))
def test_table_four_balances_and_each_challenge_counts_once(seed: int, n: int, year: int) -> None:
    cases = list(challenges(random.Random(seed), n))
    cells = tally_challenges(cases, year=year)
    assert len(cells) == 15
    assert balanced(cells, "2021")
    for group in GROUPS:
        own = [one for one in cases if one.group == group]
        for result in RESULTS:
            assert cells[f"t4.{group}.{result}"] == sum(one.result == result and one.decided_on.year == year for one in own)
        pending = [one for one in own if one.filed_on.year <= year and (one.decided_on is None or one.decided_on.year > year)]
        assert cells[f"t4.{group}.pending"] == len(pending)


def test_what_cannot_be_counted_is_refused() -> None:
    day = datetime.date(2023, 5, 5)
    with pytest.raises(ValueError, match="no column"):
        tally_requests([Inforequest("total", day)], year=2023)
    with pytest.raises(ValueError, match="no cell"):
        tally_challenges([Challenge("appeal", day)], year=2023)
    with pytest.raises(ValueError, match="decided on"):
        Inforequest("natural_person", day, "grant", day - DAY)
    with pytest.raises(ValueError, match="an outcome and a day"):
        Inforequest("natural_person", day, "grant")
    with pytest.raises(LawMissing):
        tally_requests([Inforequest("natural_person", day, "unheard_of", day)], year=2023)

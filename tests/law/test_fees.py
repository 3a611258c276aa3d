"""Runs ``fees.yaml``: fees that people worked out, and amounts in capital figures."""

import datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongkai import law
from gongkai.law.requests import item_fee, page_fee
from gongkai.law.requests.fees import capital_amount, may_charge, standard

CASES = yaml.safe_load(Path(__file__).with_name("fees.yaml").read_text("utf-8"))
ON = datetime.date(2024, 3, 1)


@pytest.mark.parametrize("case", CASES["items"], ids=lambda case: str(case["n"]))
def test_fee_by_item(case):
    assert item_fee(n_before=case["n"] - 1, n_new=1, on=ON).total == case["fee"]
    assert item_fee(n_before=0, n_new=case["n"], on=ON).total == case["month"]


@pytest.mark.parametrize("case", CASES["pages"], ids=lambda case: str(case["n"]))
def test_fee_by_page(case):
    assert page_fee(n_pages=case["n"], on=ON).total == case["fee"]


@pytest.mark.parametrize("case", CASES["lines"], ids=lambda case: case["name"])
def test_calculation(case):
    fee = page_fee(n_pages=case["new"], on=ON) if case["method"] == "page" else item_fee(n_before=case["before"], n_new=case["new"], on=ON)
    assert [[line.first, line.last, line.count, line.price, line.amount] for line in fee.lines] == case["lines"]
    assert fee.total == case["total"]


@pytest.mark.parametrize(("method", "told"), CASES["standard"].items())
def test_standard_of_charges(method, told):
    assert list(standard(method=method, on=ON)) == told


@pytest.mark.parametrize(("yuan", "words"), CASES["capital"].items())
def test_capital_figures(yuan, words):
    assert capital_amount(yuan) == words


@pytest.mark.parametrize("yuan", [-1, 10**12])
def test_what_cannot_be_written_in_capital_figures(yuan):
    with pytest.raises(ValueError, match="capital figures"):
        capital_amount(yuan)


def test_before_the_measures_there_is_no_fee():
    eve = datetime.date(2020, 12, 31)
    for ask in (lambda: item_fee(n_before=0, n_new=1, on=eve), lambda: page_fee(n_pages=1, on=eve)):
        with pytest.raises(law.LawMissing) as missing:
            ask()
        assert missing.value.message.startswith("没有2020年12月31日有效的信息处理费计费方式")
    assert item_fee(n_before=10, n_new=1, on=datetime.date(2021, 1, 1)).total == 100


@pytest.mark.parametrize(("before", "new"), [(-1, 1), (0, -1)])
def test_a_count_is_not_below_nought(before, new):
    with pytest.raises(ValueError, match="below nought"):
        item_fee(n_before=before, n_new=new, on=ON)


def test_what_is_public_already_is_charged_by_item_only():
    assert may_charge(method="item", outcome="already_public", on=ON)
    assert not may_charge(method="page", outcome="already_public", on=ON)
    assert may_charge(method="page", outcome="grant", on=ON)


def _nth(n):
    """The fee of the n-th item, as the measures put it."""
    if n <= 10:
        return 0
    return 100 if n <= 30 else 200 + 100 * ((n - 31) // 10)


@given(st.integers(0, 300), st.integers(0, 120))
def test_bands_come_to_what_the_items_cost_one_by_one(before, new):
    fee = item_fee(n_before=before, n_new=new, on=ON)
    assert fee.total == sum(_nth(n) for n in range(before + 1, before + new + 1))
    assert sum(line.count for line in fee.lines) == new


@given(st.integers(0, 2000))
def test_pages_come_to_the_closed_sum_and_more_never_cost_less(n):
    closed = 10 * min(max(n - 30, 0), 70) + 20 * min(max(n - 100, 0), 100) + 40 * max(n - 200, 0)
    assert page_fee(n_pages=n, on=ON).total == closed <= page_fee(n_pages=n + 1, on=ON).total


@given(st.integers(0, 300), st.integers(0, 60))
def test_more_items_or_later_ones_never_cost_less(before, new):
    fee = item_fee(n_before=before, n_new=new, on=ON).total
    assert fee <= item_fee(n_before=before, n_new=new + 1, on=ON).total
    assert fee <= item_fee(n_before=before + 1, n_new=new, on=ON).total

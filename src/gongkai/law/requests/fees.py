"""What an information-processing fee (信息处理费) comes to, worked out band by band: ``data/requests/fees.yaml``.

>>> import datetime
>>> on = datetime.date(2024, 3, 1)
>>> fee = item_fee(n_before=28, n_new=4, on=on)
>>> [(line.words, line.count, line.price, line.amount) for line in fee.lines]
[('第29件至第30件', 2, 100, 200), ('第31件至第32件', 2, 200, 400)]
>>> fee.total, fee.capital, page_fee(n_pages=68, on=on).total
(600, '陆佰元整', 380)
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gongkai.law.citation import instrument
from gongkai.law.requests.periods import Entry, holding
from gongkai.law.store import load

Method = Literal["item", "page"]

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_MOST_YUAN = 10**12


@dataclass(frozen=True, slots=True)
class FeeBand:
    """Items or pages ``first`` to ``last`` (``None``: without end) at one price in yuan each."""

    first: int
    last: int | None
    price: int


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of the calculation: ``count`` items or pages, ``first`` to ``last``, at ``price`` yuan each."""

    first: int
    last: int
    price: int
    unit: str

    @property
    def count(self) -> int:
        """How many items or pages stand in the line."""
        return self.last - self.first + 1

    @property
    def amount(self) -> int:
        """What they come to, in yuan."""
        return self.count * self.price

    @property
    def words(self) -> str:
        """The line's head in Chinese: 第31页至第68页."""
        return _span(self.first, self.last, self.unit)


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee with its calculation. ``counted`` says in Chinese what is counted, ``basis`` what orders it."""

    method: Method
    words: str
    unit: str
    counted: str
    basis: str
    confidence: str
    lines: tuple[FeeLine, ...]

    @property
    def total(self) -> int:
        """The fee in yuan."""
        return sum(line.amount for line in self.lines)

    @property
    def capital(self) -> str:
        """The fee in capital figures (大写)."""
        return capital_amount(self.total)


def item_fee(*, n_before: int, n_new: int, on: datetime.date) -> Fee:
    """The fee by item (按件) for ``n_new`` items of a requester who has asked for ``n_before`` in the same month.

    :class:`gongkai.law.LawMissing` for a day without the law; :class:`ValueError` for a count below nought.
    """
    return _fee("item", n_before, n_new, on)


def page_fee(*, n_pages: int, on: datetime.date) -> Fee:
    """The fee by volume (按量) for the pages of one request. Errors as :func:`item_fee`."""
    return _fee("page", 0, n_pages, on)


def may_charge(*, method: Method, outcome: str, on: datetime.date) -> bool:
    """Whether that method may be used for a request that ends so."""
    return outcome not in _method(method, on)["not_for"]


def standard(*, method: Method, on: datetime.date) -> tuple[str, ...]:
    """The standard of charges (收费标准) in Chinese, one band each: 第31页至第100页：每页10元."""
    entry = _method(method, on)
    fixed = list(_fixed(entry))
    told = [f"{_span(band.first, band.last, entry['unit'])}：{_price(band.price, entry['unit'])}" for band in fixed]
    if "then" in entry:
        unit, more = entry["unit"], entry["then"]
        told.append(f"第{(fixed[-1].last or 0) + 1}{unit}起：每{more['each']}{unit}为一档，每{unit}的收费比上一档增加{more['add']}元")
    return tuple(told)


def capital_amount(yuan: int) -> str:
    """An amount of whole yuan as financial papers write it (大写).

    >>> capital_amount(3700), capital_amount(20050)
    ('叁仟柒佰元整', '贰万零伍拾元整')
    """
    if not 0 <= yuan < _MOST_YUAN:
        raise ValueError(f"{yuan} yuan cannot be written in capital figures")
    groups = [yuan // 10_000**place % 10_000 for place in range(len(_GROUPS))]
    written, skipped = "", False
    for place in reversed(range(len(groups))):
        if not groups[place]:
            skipped = bool(written)
            continue
        # A nought is written where the thousands of a later group are empty, or a whole group before it is.
        written += "零" if written and (skipped or groups[place] < 1_000) else ""
        written += _group(groups[place]) + _GROUPS[place]
        skipped = False
    return (written or "零") + "元整"


def _group(number: int) -> str:
    """Four digits: 3007 叁仟零柒, one nought for however many."""
    written = ""
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit:
            written += _DIGITS[digit] + _PLACES[place]
        elif written and number % 10**place and not written.endswith("零"):
            written += "零"
    return written


def _fee(method: Method, n_before: int, n_new: int, on: datetime.date) -> Fee:
    if n_before < 0 or n_new < 0:
        raise ValueError("a count is not below nought")
    entry = _method(method, on)
    lines = tuple(_lines(entry, n_before + 1, n_before + n_new))
    return Fee(method, entry["words"], entry["unit"], entry["counted"], entry["basis"], entry["confidence"], lines)


def _lines(entry: Entry, first: int, last: int) -> Iterator[FeeLine]:
    """The bands cut to the items from ``first`` to ``last``, as far as any stand in them."""
    for band in _bands(entry):
        if band.first > last:
            return
        begins, ends = max(first, band.first), last if band.last is None else min(last, band.last)
        if begins <= ends:
            yield FeeLine(begins, ends, band.price, entry["unit"])


def _bands(entry: Entry) -> Iterator[FeeBand]:
    """Every band: those written down, then steps without end where the price keeps rising."""
    band = FeeBand(0, 0, 0)
    for band in _fixed(entry):
        yield band
    while "then" in entry and band.last is not None:
        band = FeeBand(band.last + 1, band.last + entry["then"]["each"], band.price + entry["then"]["add"])
        yield band


def _fixed(entry: Entry) -> Iterator[FeeBand]:
    first = 1
    for band in entry["bands"]:
        yield FeeBand(first, band.get("to"), band["price"])
        first = band.get("to", 0) + 1


def _method(method: Method, on: datetime.date) -> Entry:
    entry = holding(load("requests/fees")["methods"], key="id", name=method, on=on, what="信息处理费计费方式")
    instrument(entry["basis"].partition(":")[0])
    return entry


def _span(first: int, last: int | None, unit: str) -> str:
    if last is None:
        return f"第{first}{unit}起"
    return f"第{first}{unit}" + (f"至第{last}{unit}" if last > first else "")


def _price(price: int, unit: str) -> str:
    return f"每{unit}{price}元" if price else "不收费"

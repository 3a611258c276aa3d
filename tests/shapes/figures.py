"""Random figures for an annual report, and how a clerk may print each of them.

Every number in here comes from a seeded generator: the same seed gives the same report for ever. Truth is kept beside
the print: the number a careful person takes from the cell, ``None`` where the cell shows none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from gongkai.law import ReportFormat, report_format

EDITIONS = ("2021", "2021-merged", "2019", "pre2019")
SIZES = ("zeros", "few", "county", "city")
LARGEST = {"zeros": 0, "few": 3, "county": 40, "city": 2500}
COLUMNS = ("natural_person", "commercial_enterprise", "research_institution", "public_welfare_org", "legal_service_org", "other_org")
GROUPS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
AMOUNTS = ("0", "7730.28", "96171.6", "1276.5534", "0.5", "12", "91.231061", "3.00")
NOTHING = ("/", "-", "—", "无", "")
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@dataclass(frozen=True)
class Figures:
    """``printed`` is what stands in each cell; ``truth`` the number it shows. Both cover every cell the report prints."""

    edition: str
    merged: bool
    year: int
    printed: Mapping[str, str]
    truth: Mapping[str, Decimal | None]
    doubtful: frozenset[str] = field(default=frozenset())

    @property
    def form(self) -> ReportFormat:
        """The statutory form of the edition."""
        return report_format(self.edition)

    def scope(self, address: str) -> frozenset[str]:
        """The cells that lose their place when one of them leaves no trace: its row, or all of table 4."""
        table, row, _ = (*address.split("."), "")[:3]
        if table == "t4":
            return frozenset(name for name in self.printed if name.startswith("t4."))
        if table == "p":
            return frozenset({address})
        return frozenset(name for name in self.printed if name.startswith(f"{table}.{row}."))

    def unplaced(self, addresses: set[str]) -> Figures:
        """The same figures after the place of those cells is lost: nobody can tell the row's numbers any more."""
        lost = {name for address in addresses for name in self.scope(address)}
        return replace(self, truth={name: None if name in lost else value for name, value in self.truth.items()})

    def doubted(self, addresses: set[str]) -> Figures:
        """The same figures, where the rows of those cells may be read or left unread alike."""
        lost = {name for address in addresses for name in self.scope(address)}
        return replace(self, doubtful=self.doubtful | lost)


def draw_figures(random: Random, *, edition: str, size: str, balanced: bool = True, holes: int = 0, manner: str = "plain") -> Figures:
    """A report's figures. ``edition`` is one of EDITIONS, ``size`` of SIZES; ``holes`` cells are left without a number.

    ``balanced`` keeps every identity of the form; otherwise some cells are changed at random. ``manner`` names the
    way of printing, one of MANNERS.
    """
    name, merged = edition.removesuffix("-merged"), edition.endswith("-merged")
    year = {"2021": random.randint(2021, 2025), "2019": random.randint(2019, 2020), "pre2019": random.randint(2014, 2018)}[name]
    numbers = _yearly_statistics(random, LARGEST[size]) if name == "pre2019" else _tables(random, name, merged, LARGEST[size])
    if not balanced:
        for address in random.sample(sorted(numbers), 4):
            numbers[address] = Decimal(random.randint(0, 30))
    form = report_format(name)
    addresses = [address for address in _order(form, merged) if address in numbers]
    printed: dict[str, str] = {}
    truth: dict[str, Decimal | None] = {}
    for address in addresses:
        _, row, column = form.place_of[address]
        shown = MANNERS[manner](random, numbers[address], row.unit or column.unit, column.signed)
        printed[address], truth[address] = shown, numbers[address]
    for address in random.sample(addresses, holes):
        printed[address], truth[address] = random.choice(NOTHING), None
    return Figures(name, merged, year, printed, truth)


def _order(form: ReportFormat, merged: bool) -> list[str]:
    if not merged:
        return list(form.cells)
    gone = ("t3.other_no_supplement.", "t3.other_fee_unpaid.", "t3.other_misc.")
    kept = [address for address in form.cells if not address.startswith(gone)]
    place = kept.index("t3.handled_total.natural_person")
    return kept[:place] + list(form.merged_cells) + kept[place:]


def _tables(random: Random, edition: str, merged: bool, largest: int) -> dict[str, Decimal]:
    cells = _proactive_2019(random, largest) if edition == "2019" else _proactive_2021(random, largest)
    cells |= _requests(random, _leaves(edition, merged), largest)
    for group in GROUPS:
        parts = {name: _small(random, max(1, largest // 10)) for name in ("upheld", "corrected", "other", "pending")}
        cells |= {f"t4.{group}.{name}": Decimal(value) for name, value in parts.items()}
        cells[f"t4.{group}.total"] = Decimal(sum(parts.values()))
    return cells


def _leaves(edition: str, merged: bool) -> list[str]:
    rows = [row for row in report_format(edition).table("t3").rows if row.leaf]
    names = [row.id for row in rows if not (merged and row.id.startswith("other_"))]
    return [*names, "other_handling"] if merged else names


def _small(random: Random, largest: int) -> int:
    """Mostly nothing, as in most reports."""
    return 0 if random.random() < 0.6 else random.randint(0, largest)


def _proactive_2021(random: Random, largest: int) -> dict[str, Decimal]:
    issued, repealed = _small(random, min(largest, 9)), _small(random, min(largest, 9))
    cells: dict[str, int | str] = {f"t2.rules.{name}": 0 for name in ("issued", "repealed", "in_force")}
    cells |= {"t2.normative_docs.issued": issued, "t2.normative_docs.repealed": repealed}
    cells["t2.normative_docs.in_force"] = issued + _small(random, 60)
    for row in ("licensing", "penalties", "coercion"):
        cells[f"t2.{row}.decisions"] = random.choice((0, random.randint(0, 20), random.randint(0, largest * 200)))
    cells["t2.admin_fees.amount_wan"] = random.choice(AMOUNTS)
    return {address: Decimal(value) for address, value in cells.items()}


def _proactive_2019(random: Random, largest: int) -> dict[str, Decimal]:
    cells: dict[str, int | str] = {}
    for row in ("rules", "normative_docs"):
        new = _small(random, min(largest, 9))
        cells |= {f"t2.{row}.made_new": new, f"t2.{row}.published_new": new, f"t2.{row}.public_total": new + _small(random, 30)}
    for row in ("licensing", "other_services", "penalties", "coercion", "admin_fees"):
        cells[f"t2.{row}.prev_items"] = _small(random, 200)
        cells[f"t2.{row}.delta"] = random.choice((0, 0, random.randint(-9, 200)))
        if row != "admin_fees":
            cells[f"t2.{row}.decisions"] = _small(random, largest * 100)
    cells |= {"t2.gov_procurement.items": _small(random, 60), "t2.gov_procurement.amount": random.choice(AMOUNTS)}
    return {address: Decimal(value) for address, value in cells.items()}


def _requests(random: Random, leaves: list[str], largest: int) -> dict[str, Decimal]:
    rows = ("received_new", "carried_in", *leaves, "handled_total", "carried_out")
    cells = {f"t3.{row}.{column}": 0 for row in rows for column in (*COLUMNS, "total")}
    for column in COLUMNS:
        new = random.randint(0, largest) if column == "natural_person" else _small(random, largest // 3)
        before = _small(random, largest // 5)
        after = random.randint(0, min(new + before, 5)) if random.random() < 0.3 else 0
        cells[f"t3.received_new.{column}"], cells[f"t3.carried_in.{column}"] = new, before
        cells[f"t3.carried_out.{column}"], cells[f"t3.handled_total.{column}"] = after, new + before - after
        left = new + before - after
        while left:
            part = random.randint(1, left)
            cells[f"t3.{random.choice(leaves)}.{column}"] += part
            left -= part
    for row in rows:
        cells[f"t3.{row}.total"] = sum(cells[f"t3.{row}.{column}"] for column in COLUMNS)
    return {address: Decimal(value) for address, value in cells.items()}


# whole ← parts, written down from the printed form of 2014
_WHOLES = {
    "req_received": ("in_person", "fax", "online", "letter"),
    "req_closed": ("closed_on_time", "closed_extended"),
    "r_denied": ("d_state_secret", "d_trade_secret", "d_privacy", "d_safety", "d_not_gov_info", "d_other_law"),
    "recon_total": ("recon_upheld", "recon_corrected", "recon_other"),
    "lit_total": ("lit_upheld", "lit_corrected", "lit_other"),
    "staff": ("staff_full_time", "staff_part_time"),
    "req_replied": (
        "r_already_public",
        "r_granted",
        "r_partial",
        "r_denied",
        "r_not_this_organ",
        "r_not_exist",
        "r_correction",
        "r_other_channel",
    ),
}


def _yearly_statistics(random: Random, largest: int) -> dict[str, Decimal]:
    cells = {address: Decimal(_small(random, largest)) for address in report_format("pre2019").cells}
    for whole, parts in _WHOLES.items():
        cells[f"p.{whole}"] = sum((cells[f"p.{part}"] for part in parts), Decimal(0))
    cells["p.proactive_total"] = Decimal(random.randint(0, 100 + largest * 10))
    cells["p.ch_website"] = cells["p.proactive_total"]
    cells["p.normative_published"] = min(cells["p.normative_published"], cells["p.normative_made"])
    cells["p.press_leader"] = min(cells["p.press_leader"], cells["p.press_total"])
    cells["p.interview_leader"] = min(cells["p.interview_leader"], cells["p.interview_total"])
    cells["p.funds_wan"] = Decimal(random.choice(AMOUNTS))
    return cells


# --- how a number is printed ---------------------------------------------------------------------------------------

Manner = Callable[[Random, Decimal, str | None, bool], str]


def _plain(_random: Random, value: Decimal, _unit: str | None, _signed: bool) -> str:
    return str(value)


def _signs(random: Random, value: Decimal, _unit: str | None, signed: bool) -> str:
    if not signed or value == 0:
        return str(value)
    size = abs(value)
    return random.choice((f"+{size}", f"增{size}", f"增加{size}") if value > 0 else (f"-{size}", f"减{size}", f"减少{size}"))


def _thousands(_random: Random, value: Decimal, _unit: str | None, _signed: bool) -> str:
    return f"{value:,}"


def _full_width(_random: Random, value: Decimal, _unit: str | None, _signed: bool) -> str:
    return str(value).translate(FULL_WIDTH)


def _with_unit(random: Random, value: Decimal, unit: str | None, _signed: bool) -> str:
    if unit is None:
        return str(value)
    if unit == "万元" and value and random.random() < 0.5:
        return f"{(value * 10000).normalize():f}元"
    return f"{value}{unit}"


def _point_zero(_random: Random, value: Decimal, _unit: str | None, _signed: bool) -> str:
    """As spreadsheets hand whole numbers on."""
    return f"{value}.0" if value == value.to_integral_value() and "." not in str(value) else str(value)


MANNERS: Mapping[str, Manner] = {
    "plain": _plain,
    "signs": _signs,
    "thousands": _thousands,
    "full_width": _full_width,
    "with_unit": _with_unit,
    "point_zero": _point_zero,
}

"""Which identities of the form (勾稽关系) a report's figures break, and which single cell would explain them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from gongkai.law import Identity, ReportFormat, report_format
from gongkai.report import AnnualReport


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A broken identity: what its two sides add up to. ``difference`` is left minus right."""

    identity: Identity
    left: Decimal
    right: Decimal

    @property
    def difference(self) -> Decimal:
        """How much the left side exceeds the right."""
        return self.left - self.right

    def delta(self, address: str) -> Decimal:
        """By how much that cell would have to change for the two sides to agree."""
        return -self.difference if address in self.identity.left else self.difference


@dataclass(frozen=True, slots=True)
class Culprit:
    """The only cell whose change would settle several broken identities at once, and the figure that would do it."""

    address: str
    shown: Decimal
    fitting: Decimal
    settles: int


@dataclass(frozen=True, slots=True)
class Crossfoot:
    """The outcome for one report: what is broken, and how many identities could not be tried for want of a figure."""

    broken: tuple[Imbalance, ...] = ()
    untried: int = 0
    culprit: Culprit | None = None


@cache
def _identities(edition: str, merged: frozenset[str]) -> tuple[Identity, ...]:
    return tuple(report_format(edition).identities(merged))


@cache
def printed_cells(edition: str, merged: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Table id → the cells that a report with those merged rows prints, in the form's order."""
    statutory = report_format(edition)
    return {table.id: _printed(statutory, table.id, merged) for table in statutory.tables}


def _printed(edition: ReportFormat, table_id: str, merged: frozenset[str]) -> tuple[str, ...]:
    table = edition.table(table_id)
    standing = [(block, row) for block in table.blocks for row in block.merged_rows if row.id in merged]
    gone = {part for _, row in standing for part in row.replaces}
    cells = [
        table.cell(row.id, column.id) for block in table.blocks for row in block.rows if row.id not in gone for column in block.columns
    ]
    return (*cells, *(table.cell(row.id, column.id) for block, row in standing for column in block.columns))


def crossfoot(report: AnnualReport, edition: ReportFormat, merged: frozenset[str]) -> Crossfoot:
    """Try every identity of the edition; one with a cell that shows no figure is not tried."""
    figures = {address: cell.value for address, cell in report.cells.items() if cell.kind == "number" and cell.value is not None}
    broken, untried = [], 0
    tried: list[Identity] = []
    for identity in _identities(edition.edition, merged):
        try:
            left = sum([figures[address] for address in identity.left], Decimal(0))
            right = sum([figures[address] for address in identity.right], Decimal(0))
        except KeyError:
            untried += 1
            continue
        tried.append(identity)
        if left != right:
            broken.append(Imbalance(identity, left, right))
    culprit = _culprit(broken, tried, figures) if len(broken) > 1 else None
    return Crossfoot(tuple(broken), untried, culprit)


def _culprit(broken: list[Imbalance], tried: list[Identity], figures: Mapping[str, Decimal]) -> Culprit | None:
    """The one cell that stands in several broken identities and in no holding one, if the same change settles them all."""
    where: dict[str, list[Imbalance]] = {}
    for imbalance in broken:
        for address in (*imbalance.identity.left, *imbalance.identity.right):
            where.setdefault(address, []).append(imbalance)
    faulty = {id(imbalance.identity) for imbalance in broken}
    candidates = []
    for address, imbalances in where.items():
        deltas = {imbalance.delta(address) for imbalance in imbalances}
        if len(imbalances) < 2 or len(deltas) > 1 or figures[address] + min(deltas) < 0:
            continue
        if not any(id(identity) not in faulty and address in (*identity.left, *identity.right) for identity in tried):
            candidates.append(Culprit(address, figures[address], figures[address] + min(deltas), len(imbalances)))
    return candidates[0] if len(candidates) == 1 else None

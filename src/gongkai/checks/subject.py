"""Subject: everything a check may look at, gathered once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR
from decimal import Decimal
from functools import cached_property

from gongkai.checks import organs
from gongkai.checks.arithmetic import Crossfoot, crossfoot, printed_cells
from gongkai.checks.passages import Numbered, numbered, paragraphs
from gongkai.law import Column, LawMissing, ReportFormat, Row, Table, editions, report_format, report_format_for
from gongkai.report import AnnualReport, Cell, Claim
from gongkai.report.annual import MISSING

# Sections that hold prose; two to four hold the tables.
PROSE = ("s1", "s5", "s6")

# A narrative section has some thousand characters; of a longer one only so many are checked, and a finding says so.
MAX_TEXT = 40_000

# No report says one thing, and no sentence states figures, more often than this.
_MOST_ALIKE = 50
_MOST_PLACES = 20

# A note with one of these words says that the reader was not sure of the document as a whole.
_DOUBTS = ("存疑", "没有把握", "不能确定")


@dataclass(frozen=True)
class Subject:
    """One report with what it is compared to.

    ``previous`` is last year's report of the organ, ``siblings`` are other organs' reports, ``units`` the reports that this
    one sums up. ``given_scope`` is the scope that the caller named; without it the organ's name decides.
    """

    report: AnnualReport
    previous: AnnualReport | None = None
    siblings: tuple[AnnualReport, ...] = ()
    units: tuple[AnnualReport, ...] = ()
    given_scope: str | None = None

    @cached_property
    def edition(self) -> ReportFormat | None:
        """The form that the report is printed on, ``None`` when no table was recognised."""
        return report_format(self.report.edition) if self.report.edition else None

    @cached_property
    def format_basis(self) -> str:
        """The form that binds the report: the one it is printed on, else that of its year, else the one in force."""
        if self.edition is not None:
            return self.edition.basis
        try:
            return report_format_for(self.year or MAXYEAR).basis
        except LawMissing:
            return report_format(editions()[0]).basis

    @cached_property
    def scope(self) -> str | None:
        """province, city, county, department, township, street, or ``None`` when nothing tells."""
        if self.given_scope or self.report.scope:
            return self.given_scope or self.report.scope
        return organs.infer_scope(self.report.organ) if self.report.organ else None

    @property
    def scope_source(self) -> str | None:
        """``given``, ``inferred`` from the name, or ``None``."""
        if self.given_scope or self.report.scope:
            return "given"
        return "inferred" if self.scope else None

    @property
    def scope_words(self) -> str:
        """The scope as a message names it, and that it was inferred if it was."""
        word = organs.scope_word(self.scope or "")
        return f"{word}（按名称“{self.report.organ}”推断）" if self.scope_source == "inferred" else word

    def has(self, need: str) -> bool:
        """Whether the subject has that: ``edition year scope previous predecessor siblings units``."""
        return bool(getattr(self, need))

    @property
    def year(self) -> int | None:
        """The year of the report; ``None`` also for one that no calendar has."""
        year = self.report.year
        return year if year is not None and MINYEAR <= year < MAXYEAR else None

    @cached_property
    def merged(self) -> frozenset[str]:
        """Ids of rows printed in place of several."""
        return self.report.merged_rows

    @cached_property
    def predecessor(self) -> AnnualReport | None:
        """``previous`` when it is the organ's report of the year before, as far as both say."""
        return self.previous if self.previous is not None and not self.mismatch(self.previous) else None

    def mismatch(self, previous: AnnualReport) -> str:
        """Why that report is not this organ's of the year before; empty when it is."""
        report = self.report
        if report.organ and previous.organ and not organs.is_same_organ(report.organ, previous.organ):
            return f"本报告的机关是“{report.organ}”，所给的上一年度报告是“{previous.organ}”的"
        if report.year and previous.year and previous.year != report.year - 1:
            return f"本报告是{report.year}年的，所给的上一年度报告是{previous.year}年的，不是相邻的两年"
        return ""

    # --- figures ---

    @cached_property
    def crossfoot(self) -> Crossfoot:
        """The report's identities, tried once."""
        return crossfoot(self.report, self.edition, self.merged) if self.edition else Crossfoot()

    @cached_property
    def printed(self) -> Mapping[str, tuple[str, ...]]:
        """Table id → cells that this report should show."""
        return printed_cells(self.edition.edition, self.merged) if self.edition else {}

    @cached_property
    def odd(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(table id, kind) → the cells of that kind that the report should show as figures, in the form's order."""
        found: dict[tuple[str, str], list[str]] = {}
        for table, addresses in self.printed.items():
            for address in addresses:
                kind = self.cell(address).kind
                if kind != "number":
                    found.setdefault((table, kind), []).append(address)
        return {key: tuple(addresses) for key, addresses in found.items()}

    def cell(self, address: str) -> Cell:
        """The cell, ``missing`` when the report has none there."""
        return self.report.cells.get(address, MISSING)

    def value(self, address: str) -> Decimal | None:
        """The figure in that cell, ``None`` when none was read."""
        return self.report.value(address)

    def amount(self, address: str) -> Decimal:
        """The figure in that cell, 0 when none was read: for checks that ask whether something is there."""
        return self.report.value(address) or Decimal(0)

    def doubt(self, addresses: Iterable[str]) -> str:
        """Why the reading of those cells may be wrong, in words; empty when there is no sign of it."""
        tables = set()
        for address in addresses:
            reason = self.cell(address).reason
            if reason:
                return f"{self.words(address)}：{reason}"
            tables.add(address.partition(".")[0])
        for table in sorted(tables & self._doubtful.keys()):
            return self._doubtful[table]
        return next((note for note in self.report.notes if any(word in note for word in _DOUBTS)), "")

    @cached_property
    def _doubtful(self) -> Mapping[str, str]:
        """Table id → how many of its cells were not read for certain, where any."""
        counts: dict[str, int] = {}
        for address, cell in self.report.cells.items():
            if cell.kind == "unclear":
                table = address.partition(".")[0]
                counts[table] = counts.get(table, 0) + 1
        return {table: f"同一张表里有{count}格没有读准" for table, count in counts.items()}

    # --- the form's words ---

    def words(self, address: str) -> str:
        """A cell in the form's own words; the address itself when the edition has no such cell."""
        place = self.place(address)
        return self.edition.words(address) if self.edition and place else address

    def place(self, address: str) -> tuple[Table, Row, Column] | None:
        """The table, row and column that print the cell."""
        return self.edition.place_of.get(address) if self.edition else None

    # --- what the narrative states ---

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the report, without figures that are said to be printed with more places than any figure has."""
        return tuple([claim for claim in self.report.claims if abs(claim.decimals) <= _MOST_PLACES])

    @cached_property
    def claims_on(self) -> Mapping[tuple[str | None, str], list[Claim]]:
        """(topic, period) → the first figures that the narrative gives for all of it."""
        found: dict[tuple[str | None, str], list[Claim]] = {}
        for claim in self._whole_counts:
            alike = found.setdefault((claim.topic, claim.period), [])
            if not claim.subject and len(alike) <= _MOST_ALIKE:
                alike.append(claim)
        return found

    @cached_property
    def claims_in(self) -> Mapping[str, list[Claim]]:
        """Quote → the first figures that this sentence gives."""
        found: dict[str, list[Claim]] = {}
        for claim in self._whole_counts:
            together = found.setdefault(claim.quote, [])
            if len(together) <= _MOST_ALIKE:
                together.append(claim)
        return found

    @cached_property
    def _whole_counts(self) -> list[Claim]:
        return [claim for claim in self.claims if claim.form == "count" and claim.exact and not claim.part]

    @cached_property
    def tells_of_carrying_over(self) -> bool:
        """Whether the narrative says that requests were carried over."""
        return any(claim.topic in ("carried_out", "carried") and claim.value for claim in self.claims)

    # --- prose ---

    def text(self, section: str) -> str:
        """The text of a narrative section, a paragraph a line; empty when the report has none."""
        return self._texts.get(section, "")

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        texts = {"preface": self.report.preface, **{section: self.report.sections.get(section, "") for section in PROSE}}
        return {section: "\n".join(paragraphs(text[:MAX_TEXT])) for section, text in texts.items()}

    @cached_property
    def is_too_long(self) -> bool:
        """Whether a text is so long that only its beginning is checked."""
        return any(len(text) > MAX_TEXT for text in (self.report.preface, *(self.report.sections.get(section, "") for section in PROSE)))

    @cached_property
    def prose(self) -> str:
        """Preface and narrative sections, a paragraph a line."""
        return "\n".join(filter(None, self._texts.values()))

    def items(self, section: str, kind: str) -> list[Numbered]:
        """The numbered items of a narrative section; kinds as in :func:`~gongkai.checks.passages.numbered`."""
        found = self._items.get((section, kind))
        if found is None:
            found = self._items[section, kind] = numbered(self.text(section), kind)
        return found

    @cached_property
    def _items(self) -> dict[tuple[str, str], list[Numbered]]:
        return {}

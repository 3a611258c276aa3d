"""Every read of the registers: lists, counts by year, and table two of a year with where each figure comes from."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear

from gongkai.law import ReportFormat, report_format_for
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.queries import PAGE, Page
from gongkai.web.disclosure.registers.importing import to_csv, told
from gongkai.web.disclosure.registers.models import MODELS, DeclaredFigure, NilReturn, RegisterRow, rows_of
from gongkai.web.disclosure.registers.values import Register, cells, registers

SILENT = "没有登记，也没有申报“本年无”"
UNDECLARED = "没有申报这个数字"
# Shape → the days by which a row belongs to a year.
DAYS: Mapping[str, tuple[str, ...]] = {
    "document": ("issued_on", "repealed_on", "lapsed_on"),
    "decision": ("decided_on",),
    "fee": ("collected_on",),
}


def _of_year(shape: str, year: int) -> Q:
    found = Q(pk__in=())
    for name in DAYS[shape]:
        found |= Q(**{f"{name}__year": year})
    return found


def rows_of_year(agency: Agency, register: str, year: int) -> Any:
    """The rows of an organ that belong to a year, ended ones too: for documents those issued, repealed or lapsed in it."""
    return rows_of(register).filter(_of_year(registers()[register].shape, year), agency=agency)


def has_rows(agency: Agency, register: str, year: int) -> bool:
    """Whether the register has a row for that year that counts."""
    return bool(rows_of_year(agency, register, year).filter(ended_by__isnull=True).exists())


@dataclass(frozen=True, slots=True)
class NilState:
    """A nil return in force. ``is_void`` when a row for its year came later: then it says nothing any more, and shows why."""

    row: NilReturn
    is_void: bool


def nil_return_of(agency: Agency, register: str, year: int) -> NilState | None:
    """The nil return of a register and year, ``None`` when nobody made one or it was taken back."""
    row = (
        NilReturn.objects.filter(agency=agency, register=register, year=year, ended_by__isnull=True).select_related("entry__person").first()
    )
    return NilState(row, _voided(row)) if row is not None else None


def _voided(row: NilReturn) -> bool:
    """A row that was registered after it, even one struck since: what was said once was not so, and must be said anew."""
    return bool(rows_of_year(row.agency, row.register, row.year).filter(entry_id__gt=row.entry_id).exists())


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of table two. ``value`` is ``None`` with the reason in ``why`` where nobody said anything.

    ``source`` is ``register``, ``nil_return``, ``declared`` or ``silent``; ``rows`` are the ids of the rows counted (or of the
    nil return or declared figure), ``entries`` the ids of their ledger entries, in order and each once.
    """

    address: str
    words: str
    value: Decimal | None
    source: str
    why: str
    register: str = ""
    rows: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()

    @property
    def told(self) -> str:
        """The value without needless zeros, empty where there is none."""
        return "" if self.value is None else f"{self.value.normalize():f}"


@dataclass(frozen=True, slots=True)
class TableTwo:
    """Table two of an organ's year: every address of the edition, in the form's order."""

    edition: str
    year: int
    figures: Mapping[str, Figure]

    @property
    def silent(self) -> list[Figure]:
        """The figures that nobody gave."""
        return [figure for figure in self.figures.values() if figure.value is None]


def table_two(agency: Agency, year: int) -> TableTwo:
    """Table two as registers, nil returns and declared figures give it; :class:`~gongkai.law.LawMissing` before every edition.

    A register that has a row for the year gives all its figures, zero among them. An empty one gives zero only with a nil
    return, and what was declared from another system only while neither stands. Documents of earlier years that still hold at
    the year's end are counted as holding also where nobody said anything about the year itself.
    """
    edition = report_format_for(year)
    fed = cells(edition.edition)
    states = {name: _state(agency, name, year) for name in {register for register, _ in fed.values()}}
    declared = {row.address: row for row in DeclaredFigure.objects.filter(agency=agency, year=year, ended_by__isnull=True)}
    figures = {
        address: _figure(edition, address, states[fed[address][0]], fed[address][1], declared.get(address))
        if address in fed
        else _declared(edition, address, declared.get(address), UNDECLARED)
        for address in edition.table("t2").cells
    }
    return TableTwo(edition.edition, year, figures)


@dataclass(frozen=True, slots=True)
class _State:
    """What a register says about a year: its rows of the year, those that count at its end, and a nil return."""

    register: Register
    year: int
    rows: list[Any]
    standing: list[Any]
    nil: NilState | None


def _state(agency: Agency, name: str, year: int) -> _State:
    register = registers()[name]
    rows = list(rows_of_year(agency, name, year).filter(ended_by__isnull=True).order_by("pk"))
    standing: list[Any] = []
    if register.shape == "document":
        last = datetime.date(year, 12, 31)
        over = Q(repealed_on__lte=last) | Q(lapsed_on__lte=last)
        standing = list(rows_of(name).filter(agency=agency, ended_by__isnull=True, in_force_from__lte=last).exclude(over).order_by("pk"))
    return _State(register, year, rows, standing, nil_return_of(agency, name, year))


def _issued(state: _State) -> list[Any]:
    return [row for row in state.rows if row.issued_on.year == state.year]


def _repealed(state: _State) -> list[Any]:
    """Repealed and lapsed alike: both no longer hold (废止 counts 失效 too in practice)."""
    return [row for row in state.rows if any(day is not None and day.year == state.year for day in (row.repealed_on, row.lapsed_on))]


MEASURES: Mapping[str, Callable[[_State], list[Any]]] = {
    "issued": _issued,
    "repealed": _repealed,
    "in_force": lambda state: state.standing,
    "decided": lambda state: state.rows,
    "amount": lambda state: state.rows,
}


def _figure(edition: ReportFormat, address: str, state: _State, measure: str, declared: DeclaredFigure | None) -> Figure:
    nil = state.nil if state.nil is not None and not state.nil.is_void else None
    counted = MEASURES[measure](state)
    if not state.rows and nil is None:
        return _of_silent_year(edition, address, state, counted, declared)
    value = sum((row.amount_wan for row in counted), Decimal(0)) if measure == "amount" else Decimal(len(counted))
    entries = tuple(dict.fromkeys(row.entry_id for row in counted))
    if state.rows or counted:
        said = f"{state.register.words}登记册，计入{len(counted)}条"
        why = said + _voided_words(state) + (f"；另有申报数{declared.value.normalize():f}，不采用" if declared else "")
        entries = entries if state.rows or nil is None else (*entries, nil.row.entry_id)
        return Figure(address, edition.words(address), value, "register", why, state.register.id, tuple(row.pk for row in counted), entries)
    assert nil is not None
    who = nil.row.entry.person
    why = f"{who or ''}于{nil.row.entry.occurred_on}申报“本年无”"
    return Figure(address, edition.words(address), value, "nil_return", why, state.register.id, (nil.row.pk,), (nil.row.entry_id,))


def _of_silent_year(
    edition: ReportFormat, address: str, state: _State, counted: Sequence[Any], declared: DeclaredFigure | None
) -> Figure:  # fmt: skip
    """A year of which the register says nothing: what stands from earlier years is known all the same, none of it is no zero."""
    found = _declared(edition, address, declared, SILENT + _voided_words(state))
    if not counted:
        return found
    if declared is not None:
        return replace(found, why=f"{found.why}；登记册里往年登记、到年底仍有效的有{len(counted)}条，不采用")
    why = (
        f"{state.register.words}登记册，计入{len(counted)}条，都是往年登记、到{state.year}年底仍有效的；本年{SILENT}{_voided_words(state)}"
    )
    entries = tuple(dict.fromkeys(row.entry_id for row in counted))
    rows = tuple(row.pk for row in counted)
    return Figure(address, found.words, Decimal(len(counted)), "register", why, state.register.id, rows, entries)


def _voided_words(state: _State) -> str:
    return "；原来申报的“本年无”已被后来的登记推翻" if state.nil is not None and state.nil.is_void else ""


def _declared(edition: ReportFormat, address: str, row: DeclaredFigure | None, otherwise: str) -> Figure:
    words = edition.words(address)
    if row is None:
        return Figure(address, words, None, "silent", otherwise)
    return Figure(address, words, row.value, "declared", f"申报，来源：{row.source}；依据：{row.evidence}", "", (row.pk,), (row.entry_id,))


# --- screens -----------------------------------------------------------------------------------------------------


def agencies_seen_by(person: Person) -> Any:
    """The organs whose registers that person may look at."""
    return Agency.objects.seen_by(person, "disclosure.view")


def row_seen_by(person: Person, kind: str, number: int) -> Any:
    """A row, nil return (``nil_return``) or declared figure (``declared``) that the person may see, ``None`` otherwise."""
    if kind in registers():
        rows = rows_of(kind)
    elif kind in ("nil_return", "declared"):
        rows = (NilReturn if kind == "nil_return" else DeclaredFigure).objects
    else:
        return None
    return rows.filter(agency__in=agencies_seen_by(person)).select_related("agency", "entry__person").filter(pk=number).first()


def register_page(agency: Agency, register: str, year: int | None, after: int | None = None) -> Page:
    """One page of a register, newest first, ended rows with them; of one year or of all."""
    rows = rows_of_year(agency, register, year) if year else rows_of(register).filter(agency=agency)
    if after:
        rows = rows.filter(pk__lt=after)
    names = ["entry__person", "batch", "ended_by", "corrected_by", *(["item"] if registers()[register].shape == "decision" else [])]
    found = list(rows.select_related(*names).order_by("-pk")[: PAGE + 1])
    for row in found:
        row.told_values = _shown(row)
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def _shown(row: RegisterRow) -> list[tuple[str, str, bool]]:
    """Title and text of each column, and whether it is a day."""
    values = _exported(row)
    return [(column.title, told(column, values), column.kind in ("day", "month")) for column in row.kind.columns]


def counts(agency: Agency, register: str) -> list[tuple[int, int]]:
    """The years of a register, newest first, with the number of rows that belong to each and count.

    A document counts in every year in which it was issued, repealed or lapsed, and once in each.
    """
    rows = rows_of(register).filter(agency=agency, ended_by__isnull=True).order_by()
    days = DAYS[registers()[register].shape]
    if len(days) == 1:
        grouped = rows.values_list(ExtractYear(days[0])).annotate(n=Count("pk"))
        return sorted(((year, n) for year, n in grouped), reverse=True)
    tally = Counter(year for found in rows.values_list(*days).iterator() for year in {day.year for day in found if day is not None})
    return sorted(tally.items(), reverse=True)


def declared_of(agency: Agency, year: int) -> QuerySet[DeclaredFigure]:
    """The declared figures of a year, ended ones too, newest first."""
    rows = DeclaredFigure.objects.filter(agency=agency, year=year)
    return rows.select_related("entry__person", "ended_by", "corrected_by").order_by("-pk")


def nil_states(agency: Agency, year: int) -> Iterator[tuple[Register, NilState | None, bool]]:
    """For every register its nil return of a year, and whether it has rows."""
    for register in registers().values():
        yield register, nil_return_of(agency, register.id, year), has_rows(agency, register.id, year)


def export(agency: Agency, register: str, year: int | None) -> bytes:
    """The rows of a register that count, as CSV, oldest first."""
    rows = (rows_of_year(agency, register, year) if year else rows_of(register).filter(agency=agency)).filter(ended_by__isnull=True)
    related = rows.select_related("item") if registers()[register].shape == "decision" else rows
    return to_csv(registers()[register], (_exported(row) for row in related.order_by("pk").iterator(chunk_size=2000)))


def _exported(row: RegisterRow) -> dict[str, Any]:
    return {**row.values(), "is_monthly": getattr(row, "is_monthly", False)}


def declarable(year: int) -> Sequence[tuple[str, str]]:
    """Every address of table two of that year with its words, those no register gives first."""
    edition = report_format_for(year)
    fed = cells(edition.edition)
    addresses = sorted(edition.table("t2").cells, key=lambda address: address in fed)
    return [(address, edition.words(address)) for address in addresses]


def all_models() -> list[Any]:
    """Every model whose rows an entry proves and ends."""
    return [*MODELS.values(), NilReturn, DeclaredFigure]

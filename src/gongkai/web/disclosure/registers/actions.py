"""Every write of the registers: register, correct, strike, import, declare a figure, make a nil return.

What a row says is proven by the digest in its entry. Each act first locks the organ, so that a nil return and a row of the
same year cannot both pass because neither saw the other.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gongkai.errors import Refused
from gongkai.law import LawMissing, report_format, report_format_for
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.registers.importing import MOST_FAULTS, Fault, Line, parse
from gongkai.web.disclosure.registers.models import MODELS, DeclaredFigure, ImportBatch, NilReturn, RegisterRow, rows_of
from gongkai.web.disclosure.registers.queries import has_rows, nil_return_of
from gongkai.web.disclosure.registers.values import Register, cells, problems, registers, tidy
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.digest import sm3
from gongkai.web.ledger.models import LedgerEntry


class NotImported(Refused):
    """A file of which nothing was taken in; ``faults`` tells line by line why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first, more = tuple(faults[:MOST_FAULTS]), len(faults) - MOST_FAULTS
        rest = f"，下面列出前{MOST_FAULTS}处" if more > 0 else ""
        super().__init__(f"文件有{len(faults)}处要改{rest}。一条都没有导入，改好后请重新导入整个文件。")
        self.faults = first


def _of_row(row: Any, **_: Any) -> Agency:
    agency: Agency = row.agency
    return agency


def _known(register: str) -> Register:
    if register not in registers():
        raise Refused("没有这个登记册。")
    return registers()[register]


def _locked(agency: Agency) -> Agency:
    locked: Agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    return locked


def _standing(row: Any) -> Any:
    """The row as it is now, its organ locked; refused when it no longer counts."""
    _locked(row.agency)
    row = type(row).objects.select_related("agency").get(pk=row.pk)
    if row.ended_by_id is not None:
        raise Refused("这一条已经更正或者删去，请刷新页面。")
    return row


def _checked(kind: Register, values: Mapping[str, Any], on: datetime.date) -> dict[str, Any]:
    tidied = tidy(kind, values)
    found = problems(kind, tidied, on)
    if found:
        raise Refused("".join(f"{problem.what}，{problem.advice}" for problem in found))
    return tidied


def _reason(reason: str) -> str:
    said = " ".join(reason.replace("\0", "").split())
    if not said:
        raise Refused("请写明理由，台账会记下来。")
    return said[:500]


def _row(agency: Agency, kind: Register, values: Mapping[str, Any], items: Mapping[str, Item]) -> RegisterRow:
    """A row with those values, not yet saved."""
    told = {name: value for name, value in values.items() if name != "index_number"}
    if kind.shape == "decision":
        told["item"] = items.get(values["index_number"])
    return MODELS[kind.shape](agency=agency, register=kind.id, **told)


def _items(agency: Agency, numbers: set[str]) -> dict[str, Item]:
    """The organ's information by 索引号."""
    found = Item.objects.filter(agency=agency, index_number__in=numbers - {""})
    return {item.index_number: item for item in found}


def _demand_new(agency: Agency, kind: Register, values: Mapping[str, Any], *, but: int | None = None) -> dict[str, Item]:
    """Refuse a 文号 that stands already and a 索引号 that nobody knows; the information named otherwise."""
    number, index_number = values["number"], values.get("index_number") or ""
    if number and rows_of(kind.id).filter(agency=agency, number=number, ended_by__isnull=True).exclude(pk=but).exists():
        raise Refused(f"{kind.words}“{number}”已经登记过，不能再登记一次。如果原来登记有误，请更正那一条。")
    items = _items(agency, {index_number})
    if index_number and index_number not in items:
        raise Refused(f"本机关没有索引号为“{index_number}”的信息，请核对索引号。")
    return items


@action("disclosure.register", agency=lambda agency, **_: agency)
def register_row(act: Act, *, agency: Agency, register: str, values: Mapping[str, Any]) -> RegisterRow:
    """Add one row; ``values`` are by column (:func:`gongkai.web.disclosure.registers.values.registers`)."""
    kind, agency = _known(register), _locked(agency)
    tidied = _checked(kind, values, act.on)
    row = _row(agency, kind, tidied, _demand_new(agency, kind, tidied))
    row.entry = act.record(agency, change=(None, row.content()), facts={"register": register, "row": row.told[:120]})
    row.save(force_insert=True)
    return row


@action("disclosure.correct_register", agency=_of_row)
def correct_row(act: Act, *, row: RegisterRow, values: Mapping[str, Any], reason: str) -> RegisterRow:
    """A new row takes the place of one that was wrong or has changed (repealed, lapsed, withdrawn); the old one stays."""
    old, reason = _standing(row), _reason(reason)
    tidied = _checked(old.kind, values, act.on)
    items = _demand_new(old.agency, old.kind, tidied, but=old.pk)
    new = _row(old.agency, old.kind, tidied, items)
    new.supersedes = old
    if {**new.content(), "supersedes": None} == {**old.content(), "supersedes": None}:
        raise Refused("内容没有变化，不用更正。")
    facts = {"register": old.register, "row": new.told[:120], "ends": _name(old)}
    new.entry = act.record(old, change=(old.content(), new.content()), reason=reason, facts=facts)
    _end(old, new.entry)
    new.save(force_insert=True)
    return new


@action("disclosure.strike", agency=_of_row)
def strike(act: Act, *, row: RegisterRow | NilReturn | DeclaredFigure, reason: str) -> LedgerEntry:
    """Let a row, a nil return or a declared figure count no longer, without another in its place. It stays, and says why."""
    old, reason = _standing(row), _reason(reason)
    entry = act.record(old, change=(old.content(), None), reason=reason, facts={"row": str(old)[:120], "ends": _name(old)})
    _end(old, entry)
    return entry


def _name(row: Any) -> str:
    return f"{row._meta.label_lower}:{row.pk}"


def _end(row: Any, entry: LedgerEntry) -> None:
    type(row).objects.filter(pk=row.pk).update(ended_by=entry)


@action("disclosure.import", agency=lambda agency, **_: agency)
def import_rows(act: Act, *, agency: Agency, register: str, file_name: str, data: bytes) -> ImportBatch:
    """Take a whole file into a register, or nothing of it (:class:`NotImported`). The same file is taken once."""
    kind, agency = _known(register), _locked(agency)
    digest = sm3(data)
    before = ImportBatch.objects.filter(agency=agency, register=register, file_digest=digest).select_related("entry").first()
    if before is not None:
        raise Refused(f"这个文件已经在{before.entry.occurred_on}导入过（{before.n_rows}条），不再导入。如果那次有误，请逐条更正或者删去。")
    parsed = parse(data, register=kind, on=act.on)
    items = _items(agency, {line.values.get("index_number") or "" for line in parsed.lines})
    faults = [*parsed.faults, *_clashes(agency, kind, parsed.lines, items)]
    if faults:
        raise NotImported(sorted(faults, key=lambda fault: fault.line))
    rows = [_row(agency, kind, line.values, items) for line in parsed.lines]
    content = {"register": register, "file": digest, "rows": [row.content() for row in rows]}
    facts = {"register": register, "file": file_name[:200], "sm3": digest, "rows": len(rows)}
    entry = act.record(agency, change=(None, content), facts=facts)
    batch = ImportBatch.objects.create(
        agency=agency, register=register, file_name=file_name[:200], file_digest=digest, n_rows=len(rows), entry=entry
    )
    for row in rows:
        row.entry, row.batch = entry, batch
    MODELS[kind.shape].objects.bulk_create(rows, batch_size=500)
    return batch


def _clashes(agency: Agency, kind: Register, lines: Sequence[Line], items: Mapping[str, Item]) -> list[Fault]:
    """The lines whose 文号 stands already, and those that name information that is not there."""
    known = set(rows_of(kind.id).filter(agency=agency, ended_by__isnull=True).exclude(number="").values_list("number", flat=True))
    found = []
    for line in lines:
        number, index_number = line.values["number"], line.values.get("index_number") or ""
        if number in known:
            found.append(
                Fault(line.number, "文号", f"文号“{number}”已经登记过", "同一件只登记一次，请删去这一行；要改内容请更正原来那一条。")
            )
        if index_number and index_number not in items:
            found.append(Fault(line.number, "公开信息索引号", f"本机关没有索引号为“{index_number[:60]}”的信息", "请核对索引号，或者留空。"))
    return found


@action("disclosure.nil_return", agency=lambda agency, **_: agency)
def nil_return(act: Act, *, agency: Agency, register: str, year: int) -> NilReturn:
    """“本年无”: say that a register has nothing for a year that is over. A row that comes later voids it."""
    kind, agency = _known(register), _locked(agency)
    if not 2000 <= year <= act.on.year or act.on < datetime.date(year, 12, 31):
        raise Refused(f"{year}年还没有过完，到12月31日才能申报“本年无”。" if year >= act.on.year else "请核对年度。")
    if has_rows(agency, register, year):
        raise Refused(f"{kind.words}{year}年已经有登记，不能申报“本年无”。")
    _demand_none_declared(agency, register, year)
    old = nil_return_of(agency, register, year)
    if old is not None and not old.is_void:
        raise Refused(f"{kind.words}{year}年已经申报过“本年无”。")
    nil = NilReturn(agency=agency, register=register, year=year)
    facts = {"register": register, "year": year, "row": str(nil)}
    nil.entry = act.record(agency, change=(None, nil.content()), facts={**facts, "ends": _name(old.row)} if old else facts)
    if old is not None:
        _end(old.row, nil.entry)
    nil.save(force_insert=True)
    return nil


def _demand_none_declared(agency: Agency, register: str, year: int) -> None:
    fed = [address for address, (name, _) in cells(_edition(year)).items() if name == register]
    declared = DeclaredFigure.objects.filter(agency=agency, year=year, address__in=fed, ended_by__isnull=True).exclude(value=0)
    if declared.exists():
        raise Refused(f"{year}年已经申报了这一项的数字，与“本年无”矛盾。请先删去申报的数字。")


def _edition(year: int) -> str:
    try:
        return report_format_for(year).edition
    except LawMissing as error:
        raise Refused(f"没有{year}年年度报告的格式，请核对年度。") from error


@action("disclosure.declare", agency=lambda agency, **_: agency)
def declare(act: Act, *, agency: Agency, year: int, address: str, value: Decimal, said: Mapping[str, str]) -> DeclaredFigure:
    """Declare a figure of table two that no register holds; ``said`` gives ``source`` and ``evidence``. A later one takes its place.

    A figure that a register gives may be declared too, from another system, while the register has nothing for that year.
    """
    agency, edition = _locked(agency), _edition(year)
    source, evidence = (" ".join(said.get(name, "").split()) for name in ("source", "evidence"))
    _demand_figure(edition, address, value)
    _demand_open(agency, year, edition, address, act.on)
    if not source or not evidence or len(source) > 200 or len(evidence) > 500:
        raise Refused("请写明数据来源（不超过200个字）和依据（不超过500个字）。")
    old = DeclaredFigure.objects.filter(agency=agency, year=year, address=address, ended_by__isnull=True).first()
    new = DeclaredFigure(
        agency=agency, edition=edition, year=year, address=address, value=value, source=source, evidence=evidence, supersedes=old
    )
    if old is not None and (old.value, old.source, old.evidence) == (value, source, evidence):
        raise Refused("与已经申报的完全相同，不用再申报。")
    facts = {"year": year, "address": address, "value": f"{value.normalize():f}"} | ({"ends": _name(old)} if old else {})
    new.entry = act.record(agency, change=(old.content() if old else None, new.content()), facts=facts)
    if old is not None:
        _end(old, new.entry)
    new.save(force_insert=True)
    return new


def _demand_figure(edition: str, address: str, value: Decimal) -> None:
    """Refuse an address that table two of the edition does not have, and a value it cannot hold."""
    printed = report_format(edition)
    if address not in printed.table("t2").cells:
        raise Refused("这一年的年度报告表二没有这一格，请重新选择。")
    column, words = printed.place_of[address][2], printed.words(address)
    if not value.is_finite() or abs(value) >= 1_000_000_000 or value != round(value, 6):
        raise Refused(f"{words}的数值过大，或者小数超过6位。")
    if not column.decimal and value != value.to_integral_value():
        raise Refused(f"{words}要填整数。")
    if not column.signed and value < 0:
        raise Refused(f"{words}不能是负数。")


def _demand_open(agency: Agency, year: int, edition: str, address: str, on: datetime.date) -> None:
    if year > on.year:
        raise Refused(f"{year}年还没有到，不能申报。")
    register = cells(edition).get(address, ("", ""))[0]
    if not register:
        return
    words = registers()[register].words
    if has_rows(agency, register, year):
        raise Refused(f"{words}{year}年已经有登记，这个数字由登记得出，不能另行申报。")
    nil = nil_return_of(agency, register, year)
    if nil is not None and not nil.is_void:
        raise Refused(f"{words}{year}年已经申报“本年无”，与申报的数字矛盾。请先删去“本年无”。")

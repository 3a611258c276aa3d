"""Writes of what stands per organ: forbid a term and allow it again, file an item under the catalogue, let a document stand.

Catalogues themselves come in through :mod:`.catalogs`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.errors import Refused
from gongkai.screening.negative import names_something
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.registers.importing import MOST_FAULTS, Fault
from gongkai.web.disclosure.standing.files import Taken, read_terms
from gongkai.web.disclosure.standing.models import CatalogRow, ItemCatalogRow, NegativeTerm, Standing
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.digest import sm3
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.settings import moment

# More would make screening slow, and nobody could keep the list in mind.
MOST_TERMS = 500


class NotTaken(Refused):
    """A file of which nothing was taken in; ``faults`` tells line by line why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        more = f"，下面列出前{MOST_FAULTS}处" if len(faults) > MOST_FAULTS else ""
        super().__init__(f"文件有{len(faults)}处要改{more}。一条都没有导入，改好后请重新导入整个文件。")
        self.faults = tuple(faults[:MOST_FAULTS])


def _locked(agency: Agency) -> Agency:
    locked: Agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    return locked


def _said(reason: str) -> str:
    told = " ".join(reason.replace("\0", "").split())
    if not told:
        raise Refused("请写明理由，台账会记下来。")
    return told[:500]


def _of_row(row: Any, **_: Any) -> Agency:
    agency: Agency = row.agency
    return agency


def _of_item(item: Item, **_: Any) -> Agency:
    return item.agency


@action("standing.forbid", agency=lambda agency, **_: agency)
def forbid(act: Act, *, agency: Agency, terms: Sequence[Mapping[str, Any]], file: Mapping[str, str] | None = None) -> list[NegativeTerm]:
    """Put terms on the organ's negative list, all of them or none. ``file`` names the file they came from and its SM3."""
    agency = _locked(agency)
    rows = [_term(agency, values, act.on) for values in terms]
    if not rows:
        raise Refused("没有要列入清单的词语。")
    standing = NegativeTerm.objects.filter(agency=agency, ended_by__isnull=True)
    twice = set(standing.filter(term__in=[row.term for row in rows]).values_list("term", flat=True))
    if twice:
        raise Refused(f"“{'”“'.join(sorted(twice)[:5])}”已经在清单上。要改理由或者依据，请先移出原来的一条。")
    if standing.count() + len(rows) > MOST_TERMS:
        raise Refused(f"清单最多{MOST_TERMS}条。请用“*”把相近的词语合成一条，或者移出不再需要的。")
    content = {"terms": [row.content() for row in rows]}
    entry = act.record(agency, change=(None, content), facts={"terms": len(rows), "first": rows[0].term, **(file or {})})
    for row in rows:
        row.entry = entry
    return NegativeTerm.objects.bulk_create(rows)


def _term(agency: Agency, values: Mapping[str, Any], on: datetime.date) -> NegativeTerm:
    row = NegativeTerm(
        agency=agency,
        **{name: " ".join(str(values.get(name) or "").split()) for name in ("term", "reason", "basis")},
        in_force_from=values.get("in_force_from") or on,
        lapsed_on=values.get("lapsed_on"),
    )
    if not names_something(row.term) or len(row.term) > 60:
        raise Refused(f"“{row.term[:60]}”太短或者太长：除通配符外至少两个字，连同通配符不超过60个字。")
    if not row.reason or len(row.reason) > 200 or len(row.basis) > 200:
        raise Refused(f"请写明“{row.term}”不得公开的理由。理由和依据都不超过200个字。")
    if row.lapsed_on is not None and row.lapsed_on <= row.in_force_from:
        raise Refused(f"“{row.term}”的失效日期不晚于起始日期，请核对。")
    return row


def forbid_file(*, person: Person, agency: Agency, file_name: str, data: bytes, on: datetime.date | None = None) -> list[NegativeTerm]:
    """Put every line of a file on the list; :class:`NotTaken` with every fault, and then nothing of it."""
    day = on or moment.today()
    taken = read_terms(data, on=day)
    known = NegativeTerm.objects.filter(agency=agency, ended_by__isnull=True)
    _demand_sound(taken, set(known.values_list("term", flat=True)))
    told = {"file": file_name[:200], "sm3": sm3(data)}
    made: list[NegativeTerm] = forbid(person=person, on=day, agency=agency, terms=taken.rows, file=told)
    return made


def _demand_sound(taken: Taken, known: set[str]) -> None:
    twice = [
        Fault(line, "词语", f"“{values['term']}”已经在清单上", "请删去这一行；要改内容，请先移出原来的一条。")
        for line, values in zip(taken.lines, taken.rows, strict=True)
        if values["term"] in known
    ]
    faults = sorted([*taken.faults, *twice], key=lambda fault: fault.line)
    if faults:
        raise NotTaken(faults)


@action("standing.allow_again", agency=_of_row)
def allow_again(act: Act, *, row: NegativeTerm, reason: str) -> NegativeTerm:
    """Take a term off the negative list; it stays to be seen, and why it went."""
    _locked(row.agency)
    row = NegativeTerm.objects.select_related("agency").get(pk=row.pk)
    if row.ended_by_id is not None:
        raise Refused("这一条已经移出清单，请刷新页面。")
    told = _said(reason)
    row.ended_by = act.record(row, change=(row.content(), None), reason=told, facts={"term": row.term})
    row.save(update_fields=["ended_by"])
    return row


@action("standing.file_under", agency=_of_item)
def file_under(act: Act, *, item: Item, row: CatalogRow | None) -> ItemCatalogRow | None:
    """Say under which row of the organ's catalogue an item stands; ``None`` takes it out."""
    item = Item.objects.select_for_update(of=("self",)).select_related("agency").get(pk=item.pk)
    if item.is_discarded:
        raise Refused("这条信息已经作废。")
    if row is not None and (row.agency_id != item.agency_id or row.ended_by_id is not None):
        raise Refused("现行目录里没有这一项，请刷新页面后重新选择。")
    old = ItemCatalogRow.objects.filter(item=item, ended_by__isnull=True).select_related("row").first()
    if (old.row_id if old else None) == (row.pk if row else None):
        raise Refused("没有变化。")
    facts = {"catalog_row": row.pk if row else None, "told": str(row)[:120] if row else "", "before": old.row_id if old else None}
    entry = act.record(item, facts=facts)
    if old is not None:
        old.ended_by = entry
        old.save(update_fields=["ended_by"])
    return ItemCatalogRow.objects.create(item=item, row=row, entry=entry) if row is not None else None


@action("standing.stand", agency=_of_item)
def stand(act: Act, *, item: Item) -> Standing:
    """Let a published item be the organ's guide, in the place of the one before, or one of its institutional rules."""
    agency = _locked(item.agency)
    item = Item.objects.get(pk=item.pk)
    if item.kind not in words("standing"):
        raise Refused("只有类别是“公开指南”或者“公开制度”的信息才能这样设置，请先修改类别。")
    publication = item.publications.filter(withdrawn_on__isnull=True).select_related("revision").first()
    if publication is None:
        raise Refused("这条信息现在没有公开，请先发布。")
    standing = Standing.objects.filter(agency=agency, ended_by__isnull=True)
    if standing.filter(item=item).exists():
        raise Refused("它已经是现行的，不用再设。")
    before = standing.filter(what="guide").first() if item.kind == "guide" else None
    facts = {"what": item.kind, "ends": before.pk if before else None}
    entry = act.record(item, revision=publication.revision.digest, facts=facts)
    _end(before, entry)
    return Standing.objects.create(agency=agency, what=item.kind, item=item, entry=entry)


def _end(row: Standing | None, entry: LedgerEntry) -> None:
    if row is not None:
        row.ended_by = entry
        row.save(update_fields=["ended_by"])


@action("standing.stand_down", agency=_of_row)
def stand_down(act: Act, *, row: Standing, reason: str) -> Standing:
    """Say that a guide or an institutional rule is not the organ's any more; the published item itself stays as it is."""
    _locked(row.agency)
    row = Standing.objects.select_related("agency", "item").get(pk=row.pk)
    if row.ended_by_id is not None:
        raise Refused("它已经不是现行的，请刷新页面。")
    _end(row, act.record(row.item, reason=_said(reason), facts={"what": row.what, "ends": row.pk}))
    return row

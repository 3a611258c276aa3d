"""How a standard catalogue comes in: one person hands a file in, another approves it, and only then do its rows hold."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.errors import Refused
from gongkai.law.catalog import catalog_field
from gongkai.law.store import LawMissing
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.standing.actions import NotTaken
from gongkai.web.disclosure.standing.files import Taken, read_catalog_file
from gongkai.web.disclosure.standing.models import CatalogRow, CatalogRun
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.digest import sm3
from gongkai.web.review import kept
from gongkai.web.review.files import checked_name


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file would make of the catalogue that holds now."""

    n_kept: int
    begun: tuple[CatalogRow, ...]
    ended: tuple[CatalogRow, ...]

    @property
    def n_rows(self) -> int:
        """How many rows the catalogue would have."""
        return self.n_kept + len(self.begun)

    def counts(self) -> dict[str, int]:
        """How many rows there would be, and how many stay, begin and end."""
        return {"rows": self.n_rows, "kept": self.n_kept, "begun": len(self.begun), "ended": len(self.ended)}


def difference(agency: Agency, field: str, taken: Taken) -> Difference:
    """The file against the catalogue of the field; refused when they are the same."""
    new = {row.mark: row for row in (CatalogRow.of(agency, field, read) for read in taken.rows)}
    old = {row.mark: row for row in CatalogRow.objects.filter(agency=agency, field=field, ended_by__isnull=True)}
    same = {mark for mark, row in new.items() if mark in old and old[mark].said() == row.said()}
    begun = tuple(row for mark, row in new.items() if mark not in same)
    ended = tuple(row for mark, row in old.items() if mark not in same)
    if not begun and not ended:
        raise Refused("文件与现行目录完全相同，没有什么要导入。")
    return Difference(len(same), begun, ended)


def kept_file(run: CatalogRun) -> Taken:
    """The rows of a file that was handed in, read once more from where it is kept."""
    try:
        return read_catalog_file(kept.content(run.file_digest))
    except kept.Lost as lost:
        raise Refused("保存的文件与交来的不一致，不能导入。请联系系统管理员核对。") from lost


@action("standing.hand_in_catalog", agency=lambda agency, **_: agency)
def hand_in_catalog(act: Act, *, agency: Agency, field: str, file_name: str, data: bytes) -> CatalogRun:
    """Hand in a file that is to become the organ's catalogue of one field. Nothing changes before somebody else approves it."""
    _demand_field(field)
    taken = read_catalog_file(data)
    if taken.faults:
        raise NotTaken(taken.faults)
    name, digest = checked_name(file_name, data), sm3(data)
    if CatalogRun.objects.filter(agency=agency, field=field, file_digest=digest, is_approved__isnull=True).exists():
        raise Refused("这个文件已经交过，正在等待批准。")
    counts = difference(agency, field, taken).counts()
    run = CatalogRun(
        agency=agency, field=field, file_name=name, file_digest=kept.put(data), n_rows=counts["rows"], handed_in_by=act.person,
    )  # fmt: skip
    run.entry = act.record(agency, facts={"catalog_field": field, "file": name, "sm3": digest, "rows": run.n_rows})
    run.save()
    return run


def _demand_field(field: str) -> None:
    try:
        catalog_field(field)
    except LawMissing as missing:
        raise Refused("请选择目录所属的领域。") from missing


@action("standing.decide_catalog", agency=lambda run, **_: run.agency)
def decide_catalog(act: Act, *, run: CatalogRun, is_approved: bool, reason: str) -> CatalogRun:
    """Approve a file, which makes it the catalogue of its field at once, or refuse it; never who handed it in."""
    run = CatalogRun.objects.select_for_update(of=("self",)).select_related("agency").get(pk=run.pk)
    if run.is_approved is not None:
        raise Refused("这个文件已经有了决定。")
    if act.person.pk == run.handed_in_by_id:
        raise Refused("交文件的人不能自己批准，请由其他人核对后批准。")
    if not reason.strip():
        raise Refused("请写明核对了什么，或者为什么不同意导入。")
    _locked(run.agency)
    found = difference(run.agency, run.field, kept_file(run)) if is_approved else None
    facts = {"catalog_field": run.field, "file": run.file_name, "sm3": run.file_digest, "run": run.pk, "approved": is_approved}
    content = {"field": run.field, "rows": [row.said() for row in found.begun]} if found else None
    counts = found.counts() if found else {}
    run.decision = act.record(run.agency, change=(None, content), reason=reason.strip()[:500], facts={**facts, **counts})
    run.decided_by, run.is_approved = act.person, is_approved
    run.save(update_fields=["decided_by", "is_approved", "decision"])
    if found:
        _written(run, found)
    return run


def _locked(agency: Agency) -> None:
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _written(run: CatalogRun, found: Difference) -> None:
    """The rows as they begin and end, all by the decision's entry."""
    CatalogRow.objects.filter(pk__in=[row.pk for row in found.ended]).update(ended_by=run.decision)
    for row in found.begun:
        row.entry = run.decision
    CatalogRow.objects.bulk_create(found.begun, batch_size=500)

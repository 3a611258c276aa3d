"""Taking entries of the ledger out of the house: an act like any other, with a reason and an entry of its own."""

from __future__ import annotations

from typing import Any

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.queries import Asked, entries, organs_of

# Kind of file → its words.
KINDS = {"csv": "CSV表格", "jsonl": "JSON，一行一条"}


@action("ledger.export", agency=lambda agency, **_: agency)
def export(act: Act, *, agency: Agency, asked: Asked, kind: str, reason: str) -> int:
    """Note that the entries asked for leave the house; gives the number of the last entry that the file may hold."""
    if kind not in KINDS:
        raise Refused("请选择文件格式。")
    if not reason.strip():
        raise Refused("请写明导出的理由。")
    last = LedgerEntry.objects.filter(county=asked.county).order_by("-number").values_list("number", flat=True).first()
    found = entries(organs_of(act.person, "ledger.export"), asked).filter(number__lte=last or 0)
    n_entries = found.order_by().count()
    if not n_entries:
        raise Refused("没有符合条件的记录，没有导出。")
    facts = {"asked": asked.plain(), "kind": kind, "entries": n_entries, "upto": last}
    act.record(agency, reason=reason.strip()[:500], facts=facts)
    return int(last or 0)


COLUMNS = (
    "序号", "发生日期", "记录时间", "办理人", "用户名", "岗位", "机关", "事项", "事项代码", "对象", "对象代码", "理由和意见",
    "修订摘要", "办理前摘要", "办理后摘要", "上一条摘要", "本条摘要",
)  # fmt: skip


def told(entry: LedgerEntry) -> dict[str, Any]:
    """One entry as a line of JSON: all that its digest covers, and the digest."""
    return {**entry.content(), "digest": entry.digest}

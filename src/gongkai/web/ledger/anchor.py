"""The anchor: the last entry of each chain, written down outside the platform, so that a chain written anew is found out.

Whoever owns the database could write a whole chain anew, and it would hold in itself. It would not hold against an anchor that was
kept where he cannot reach. The worker also writes one a day into the data folder: weaker, because who can change the database can
often change what lies beside it, but it is there without anybody's care.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.errors import GongkaiError
from gongkai.web.agencies.models import Agency
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken
from gongkai.web.settings import moment

KIND = "gongkai-ledger-anchor"
_TAKEN_OUT = "taken-out"
_PARTS = ("county", "day", "number", "digest", "count")


def anchors(day: datetime.date, county: str = "") -> list[dict[str, Any]]:
    """The anchor of every county (or of the one named) as its chain stands now; ``seal`` is the SM3 over all the rest."""
    roots = Agency.objects.filter(parent__isnull=True, **({"path": county} if county else {}))
    made = []
    for path in sorted(roots.values_list("path", flat=True)):
        chain = LedgerEntry.objects.filter(county=path)
        last = chain.order_by("-number").values_list("number", "digest").first()
        if last is not None:
            # Others go on working: an entry that came after the last one asked for does not count.
            count = chain.filter(number__lte=last[0]).count()
            row = {"county": path, "day": day.isoformat(), "number": last[0], "digest": last[1], "count": count}
            made.append({**row, "seal": digest_of(row)})
    return made


def written(rows: list[dict[str, Any]]) -> str:
    """The anchor file: the same chain on the same day always gives the same text."""
    return json.dumps({"kind": KIND, "version": 1, "anchors": rows}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read(text: str) -> list[dict[str, Any]]:
    """The anchors of a file; a GongkaiError when it is none."""
    try:
        known = json.loads(text)
        rows = known["anchors"]
        whole = known["kind"] == KIND and all(set(row) == {*_PARTS, "seal"} and isinstance(row["number"], int) for row in rows)
    except (ValueError, TypeError, KeyError) as error:
        raise GongkaiError("这不是锚点文件。") from error
    if not whole:
        raise GongkaiError("这不是锚点文件。")
    return list(rows)


def compare(rows: Iterable[Mapping[str, Any]]) -> Iterator[Broken]:
    """What of the present chains differs from what the anchors say, the oldest anchor first.

    An anchor that still holds narrows the place: the first difference lies after it.
    """
    held: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: (row["county"], row["number"], row["day"])):
        county, number = row["county"], row["number"]
        if digest_of({name: row[name] for name in _PARTS}) != row["seal"]:
            yield Broken(county, number, f"{row['day']}的锚点文件被改动：封签与内容不符。")
            continue
        digest = LedgerEntry.objects.filter(county=county, number=number).values_list("digest", flat=True).first()
        if digest is None:
            yield Broken(county, number, f"{row['day']}的锚点记有第{number}条，现在没有这一条：末尾的记录被删除。")
        elif digest != row["digest"]:
            yield Broken(county, number, _rewritten(row, digest, held.get(county, 0)))
        elif (count := LedgerEntry.objects.filter(county=county, number__lte=number).count()) != row["count"]:
            yield Broken(county, number, f"{row['day']}的锚点记有{row['count']}条，现在只有{count}条。")
        else:
            held[county] = number


def _rewritten(row: Mapping[str, Any], digest: str, held: int) -> str:
    where = f"第{held + 1}条到第{row['number']}条之间" if held + 1 < row["number"] else f"第{row['number']}条"
    return f"第{row['number']}条与{row['day']}的锚点不符（锚点{row['digest'][:12]}，现在{digest[:12]}）：{where}的记录被重写。"


def folder() -> Path:
    """Where the daily anchors lie, and the day on which one was last taken out."""
    return Path(settings.DATA) / "anchors"


def write_daily() -> int:
    """Write today's anchor into the data folder unless it is there; gives how many were written."""
    file, rows = folder() / f"{moment.today().isoformat()}.json", anchors(moment.today())
    if file.exists() or not rows:
        return 0
    folder().mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(written(rows), encoding="utf-8")
    part.replace(file)
    return 1


def newest_daily() -> tuple[str, list[dict[str, Any]] | None]:
    """The newest daily anchor: its file's name and what it says, ``None`` when it cannot be read; an empty name when there is none."""
    files = sorted(folder().glob("????-??-??.json"))
    if not files:
        return "", []
    try:
        return files[-1].name, read(files[-1].read_text(encoding="utf-8"))
    except (GongkaiError, OSError, UnicodeDecodeError):
        return files[-1].name, None


def note_taken_out() -> None:
    """Remember that an anchor left the house today, so that ``verify`` can say how old the last one is."""
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / _TAKEN_OUT).write_text(moment.today().isoformat() + "\n", encoding="utf-8")


def last_taken_out() -> str:
    """The day on which an anchor was last taken out; empty when nobody knows of one."""
    try:
        return datetime.date.fromisoformat((folder() / _TAKEN_OUT).read_text(encoding="utf-8").strip()).isoformat()
    except (OSError, ValueError):
        return ""

"""What the seals add to ``gongkai verify``: every sealed row is as the last act left it, none is missing, and none came past the acts."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from gongkai.web.ledger.models import LedgerEntry, Seal
from gongkai.web.ledger.proof import Broken
from gongkai.web.ledger.seals import BYTES, CHUNK, GONE, digests, sealed_models


def seals_hold() -> Iterator[Broken]:
    """Every sealed row is what the newest seal that tells of it says, and every row told of is there."""
    newest, broken = _newest()
    yield from broken
    for table, model in sealed_models().items():
        yield from _rows_hold(table, model, newest.pop(table, {}))
    for table, rows in newest.items():
        if rows:
            yield Broken("", 0, f"台账的封存里有不认识的数据表{table}。")


# Row → its digest and the entry beside whose seal it stands, as bytes: there may be millions.
_Newest = dict[str, dict[int, bytes]]


def _newest() -> tuple[_Newest, list[Broken]]:
    """The newest digest of every row ever sealed, and the seals that cannot be read."""
    newest: _Newest = defaultdict(dict)
    broken = []
    for number, rows in Seal.objects.order_by("pk").values_list("pk", "rows").iterator(chunk_size=2000):
        try:
            _take_in(newest, number.to_bytes(8), rows)
        except (ValueError, AttributeError):
            broken.append(_broken(number, "台账第{n}条的封存读不出来，被改动。"))
    alone = Seal.objects.filter(~Exists(LedgerEntry.objects.filter(pk=OuterRef("pk"))))
    broken += [
        Broken("", 0, f"有一份封存（编号{number}）找不到它的台账记录，记录被删除。") for number in alone.values_list("pk", flat=True)
    ]
    return newest, broken


def _take_in(newest: _Newest, entry: bytes, rows: str) -> None:
    for line in rows.split("\n"):
        table, *told = line.split(" ")
        known = newest[table]
        for one in told:
            pk, _, digest = one.partition(":")
            if digest == GONE:
                known.pop(int(pk), None)
            else:
                known[int(pk)] = urlsafe_b64decode(digest + "==") + entry


def _rows_hold(table: str, model: Any, known: dict[int, bytes]) -> Iterator[Broken]:
    part: list[int] = []
    for pk in model.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000):
        part.append(pk)
        if len(part) == CHUNK:
            yield from _part_holds(table, model, part, known)
            part = []
    yield from _part_holds(table, model, part, known)
    for pk, told in known.items():
        yield _broken(_entry(told), f"台账第{{n}}条办理过的一行（{table}，编号{pk}）找不到了，被删除。")


def _part_holds(table: str, model: Any, part: list[int], known: dict[int, bytes]) -> Iterator[Broken]:
    for pk, digest in digests(model, part):
        told = known.pop(pk, None)
        if told is None:
            yield Broken("", 0, f"有一行（{table}，编号{pk}）没有台账记录，不是由平台的办理写入的。")
        elif digest != told[:BYTES]:
            yield _broken(_entry(told), f"一行（{table}，编号{pk}）与台账第{{n}}条办理后的不符，被改动。")


def _entry(told: bytes) -> int:
    return int.from_bytes(told[BYTES:])


def _broken(entry: int, words: str) -> Broken:
    """What does not hold, with the place of the entry in its chain, which ``words`` name as ``{n}``."""
    county, number = LedgerEntry.objects.filter(pk=entry).values_list("county", "number").first() or ("", 0)
    return Broken(county, number, words.format(n=number))

"""What accounts add to ``gongkai verify``: every organ, account and post is as the last act about it left it.

The entry's ``after`` covers the whole row (see :meth:`Person.proven`), so a password set, an account let in again, a post given or
ended past the acts is named, and so is a row that is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken

# The acts that leave one of these rows in another state.
ACTS = (
    "agencies.install", "agencies.add", "agencies.change", "people.add", "people.appoint", "people.dismiss", "accounts.reset_password",
    "accounts.suspend", "accounts.resume", "accounts.change_password", "accounts.renew_hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Last:
    """The last act about a row: where it stands, and the digest of the state it left."""

    county: str
    number: int
    after: str


def accounts_hold() -> Iterator[Broken]:
    """Every row against the last act about it."""
    acts = _last_acts()
    yield from _rows_hold(Agency.objects.order_by("pk"), acts, "机关", lambda row: f"机关“{row.name}”")
    yield from _rows_hold(Person.objects.order_by("pk"), acts, "账号", lambda row: f"账号“{row.username}”（{row.full_name}）")
    posts = Post.objects.select_related("person", "agency").order_by("pk")
    yield from _rows_hold(posts, acts, "岗位", lambda row: f"{row.person.full_name}的岗位“{row}”（编号{row.pk}）")


def _last_acts() -> dict[tuple[str, int], _Last]:
    columns = ("object_kind", "object_id", "county", "number", "after")
    rows = LedgerEntry.objects.filter(action__in=ACTS).order_by("county", "number").values_list(*columns)
    return {(kind, number): _Last(*rest) for kind, number, *rest in rows.iterator(chunk_size=5000)}


def _rows_hold(rows: Any, acts: Mapping[tuple[str, int], _Last], what: str, called: Callable[[Any], str]) -> Iterator[Broken]:
    kind = rows.model._meta.label_lower
    gone = {number: last for (of, number), last in acts.items() if of == kind}
    for row in rows.iterator(chunk_size=2000):
        last = gone.pop(row.pk, None)
        if last is None:
            yield Broken("", 0, f"{called(row)}没有台账记录，不是通过平台办理的。")
        elif digest_of(row.proven()) != last.after:
            yield Broken(last.county, last.number, f"{called(row)}与最近一次办理（台账第{last.number}条）不符，记录被改动。")
    for last in sorted(gone.values(), key=lambda last: (last.county, last.number)):
        yield Broken(last.county, last.number, f"台账第{last.number}条办理的{what}已经不在，记录被删除。")

"""The documents of items: the office finds an item by its newest revision, the public by the one that is public."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.web import search
from gongkai.web.disclosure.about.models import Validity
from gongkai.web.disclosure.about.queries import POLICY
from gongkai.web.disclosure.joint.models import JointOrgan
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.public.lists import public
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.review.models import Revision
from gongkai.web.settings import moment

IN_FORCE = "in_force"


@dataclass(frozen=True, slots=True)
class _Shown:
    """The publication of an item that the public sees."""

    revision: int
    path: str
    kind: str
    column: str
    published_on: datetime.date


@dataclass(frozen=True, slots=True)
class _Row:
    """An item as its office has it."""

    key: int
    path: str
    index_number: str
    title: str
    kind: str
    column: str
    formed_on: datetime.date
    current: int | None
    content: Mapping[str, Any] | None


def documents_for(items: Collection[int]) -> tuple[list[search.Document], list[str]]:
    """The documents of those items, and the keys that no longer stand for anything.

    One document where office and public see the same, two where a newer draft, or another organ, stands beside what is public.
    """
    shown, rows, others = _shown(items), _rows(items), _others(items)
    states = validities(shown, {item: row.kind for item, row in shown.items()})
    apart = {row.key for row in rows if row.key in shown and (shown[row.key].revision, shown[row.key].path) != (row.current, row.path)}
    contents = dict(Revision.objects.filter(pk__in=[shown[key].revision for key in apart]).values_list("pk", "content")) if apart else {}
    documents: list[search.Document] = []
    gone: list[str] = []
    for row in rows:
        public_row = shown.get(row.key)
        is_one = public_row is not None and row.key not in apart
        more = others.get(row.key, ())
        documents.append(
            _document(row, row.content or {}, public_row if is_one else None, more=more, validity=states.get(row.key, "") if is_one else "")
        )
        if public_row is None or is_one:
            gone.append(_apart(row.key))
        else:
            content = contents[public_row.revision]
            documents.append(_document(row, content, public_row, more=more, validity=states.get(row.key, ""), is_office=False))
    return documents, gone


def validities(items: Collection[int], kinds: Mapping[int, str]) -> dict[int, str]:
    """Item → whether it is in force today, of those of which something was said or that have a validity from their first day."""
    states = {item: IN_FORCE for item in items if kinds.get(item) == POLICY}
    rows = Validity.objects.filter(item__in=list(items), since_on__lte=moment.today()).order_by("since_on", "pk")
    return states | dict(rows.values_list("item_id", "state"))


def turned(after: datetime.date, until: datetime.date) -> set[int]:
    """The items whose validity became another by the day alone; also when the clock was put back."""
    first, last = sorted((after, until))
    days = (first + datetime.timedelta(days=1), last) if first < last else None
    return set(Validity.objects.filter(since_on__range=days).values_list("item_id", flat=True)) if days else set()


def _shown(items: Collection[int]) -> dict[int, _Shown]:
    names = ("item_id", "revision_id", "agency__path", "kind", "column", "published_on")
    return {item: _Shown(*rest) for item, *rest in public().filter(item__in=items).values_list(*names)}


def _rows(items: Collection[int]) -> list[_Row]:
    names = ("pk", "agency__path", "index_number", "title", "kind", "column", "formed_on", "current_id", "current__content")
    return [_Row(*row) for row in Item.objects.filter(pk__in=items).order_by("pk").values_list(*names)]


def _others(items: Collection[int]) -> dict[int, list[str]]:
    """The paths of the organs that issue an item together with the one that leads."""
    found: dict[int, list[str]] = {}
    rows = JointOrgan.objects.filter(item__in=items, ended_by__isnull=True).values_list("item_id", "agency__path").order_by("pk")
    for item, path in rows:
        found.setdefault(item, []).append(path)
    return found


def _apart(number: int) -> str:
    """The key under which the public finds an item whose newest revision is not the public one."""
    return f"{number}/public"


def _document(
    row: _Row, content: Mapping[str, Any], shown: _Shown | None, *, more: Collection[str], validity: str, is_office: bool = True
) -> search.Document:
    """What the public finds goes by what was published: its organ, its kind, its column."""
    text = [text_of(content.get("body", "")), content.get("summary", ""), content.get("keywords", "")]
    text += [attached["name"] for attached in content.get("attachments", [])]
    return search.Document(
        key=str(row.key) if is_office else _apart(row.key),
        number=row.key,
        agencies=(shown.path if shown else row.path, *more),
        title=content.get("title") or row.title,
        body="\n".join(part for part in text if part),
        index_number=row.index_number,
        document_number=content.get("document_number", ""),
        kind=shown.kind if shown else content.get("kind") or row.kind,
        column=shown.column if shown else content.get("column") or row.column,
        formed_on=row.formed_on,
        published_on=shown.published_on if shown else None,
        validity=validity,
        is_public=shown is not None,
        is_office=is_office,
    )

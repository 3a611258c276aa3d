"""What an entry of the ledger is about, in words, and where the viewer may look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext

from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.models import Run
from gongkai.web.settings.numbers import number_in

Key = tuple[str, int]
ITEM, RUN, ORGAN = Item._meta.label_lower, Run._meta.label_lower, Agency._meta.label_lower


@dataclass(frozen=True, slots=True)
class Subject:
    """``words`` name the thing, ``kind`` says what sort it is, ``href`` leads there or is empty, ``note`` is what tells it apart."""

    words: str
    kind: str
    href: str = ""
    note: str = ""


@cache
def _kinds() -> Mapping[str, str]:
    table: Mapping[str, Mapping[str, str]] = yaml.safe_load((Path(__file__).parents[1] / "words.yaml").read_text(encoding="utf-8"))
    return table["objects"]


def key_of(entry: LedgerEntry) -> Key:
    """The thing an entry is about: an item for an entry of its review, else the entry's own object."""
    kind, _, number = str(entry.facts.get("subject", "")).partition(":")
    return (kind, int(number)) if kind and number.isdecimal() else (entry.object_kind, entry.object_id)


def family(about: str) -> tuple[str, ...]:
    """The objects whose entries belong together: an item with its review runs, anything else alone."""
    kind, _, number = about.partition(":")
    item = number_in(number)
    if kind != ITEM or item is None:
        return (about,) if about else ()
    runs = Run.objects.filter(subject_kind=ITEM, subject_id=item).values_list("pk", flat=True)
    return (about, *(f"{RUN}:{run}" for run in runs))


def indexed(number: str) -> str:
    """The object with that index number (索引号), as the ledger names it; nothing when there is none."""
    found = Item.objects.filter(index_number=number).values_list("pk", flat=True).first()
    return f"{ITEM}:{found}" if found else ""


def subjects(entries: Iterable[LedgerEntry], viewer: Person) -> dict[Key, Subject]:
    """What those entries are about, asked for together: one query a kind."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        kind, number = key_of(entry)
        wanted.setdefault(kind, set()).add(number)
    found: dict[Key, Subject] = {}
    for kind, numbers in wanted.items():
        known = _LOOKS[kind](numbers, viewer) if kind in _LOOKS else _titled(kind, numbers)
        found |= {(kind, number): subject for number, subject in known.items()}
    return found


def subject_of(entry: LedgerEntry, found: Mapping[Key, Subject]) -> Subject:
    """The subject of one entry; where nothing more is known, what the entry itself says of it."""
    kind, number = key_of(entry)
    known = found.get((kind, number))
    said = next((str(entry.facts[name]) for name in ("row", "title", "file", "index") if entry.facts.get(name)), "")
    sort = gettext(_kinds().get(kind, kind))
    if known is None or (said and kind == ORGAN):
        return Subject(said or f"{sort}{number}", sort)
    return Subject(known.words, sort, known.href, known.note)


def _items(numbers: set[int], viewer: Person) -> dict[int, Subject]:
    open_in = set(Agency.objects.seen_by(viewer, "disclosure.view").values_list("pk", flat=True))
    rows = Item.objects.filter(pk__in=numbers).values_list("pk", "title", "index_number", "agency_id")
    return {
        pk: Subject(title, "", reverse("office:item", args=[pk]) if agency in open_in else "", index) for pk, title, index, agency in rows
    }


def _organs(numbers: set[int], viewer: Person) -> dict[int, Subject]:
    open_in = set(Agency.objects.seen_by(viewer, "agencies.view").values_list("pk", flat=True))
    rows = Agency.objects.filter(pk__in=numbers)
    return {row.pk: Subject(row.name, "", reverse("office:organ", args=[row.pk]) if row.pk in open_in else "") for row in rows}


def _people(numbers: set[int], viewer: Person) -> dict[int, Subject]:
    return {row.pk: Subject(row.full_name, "", "", row.username) for row in Person.objects.filter(pk__in=numbers)}


def _titled(kind: str, numbers: set[int]) -> dict[int, Subject]:
    """Things of any other kind by their title or name, where they have one."""
    try:
        rows = apps.get_model(kind)
    except (LookupError, ValueError):
        return {}
    columns = {field.name for field in rows._meta.concrete_fields}
    column = next((name for name in ("title", "name", "file_name") if name in columns), None)
    if column is None:
        return {}
    return {pk: Subject(words, "") for pk, words in rows._default_manager.filter(pk__in=numbers).values_list("pk", column) if words}


def _posts(numbers: set[int], viewer: Person) -> dict[int, Subject]:
    rows = Post.objects.filter(pk__in=numbers).select_related("person", "agency")
    return {row.pk: Subject(f"{row.person.full_name}：{row.title}", "", "", row.agency.short_name) for row in rows}


_LOOKS: Mapping[str, Callable[[set[int], Any], dict[int, Subject]]] = {
    ITEM: _items,
    ORGAN: _organs,
    Person._meta.label_lower: _people,
    Post._meta.label_lower: _posts,
}

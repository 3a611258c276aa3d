"""Every read of what stands per organ: the list in force, the catalogue with what was filed, the guide and what it lacks."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from gongkai.law.catalog import CatalogField, fields
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.disclosure.standing.guide import Point, points
from gongkai.web.disclosure.standing.models import CatalogRow, CatalogRun, ItemCatalogRow, NegativeTerm, Standing
from gongkai.web.ledger.models import LedgerEntry

# The organ's contact data of Art 12: required field of a guide → column of the organ.
CONTACT = {
    "office_name": "office_name", "address": "address", "hours": "hours", "phone": "phone", "fax": "fax", "internet": "internet_contact",
}  # fmt: skip
PAGE = 100


def agency_seen_by(person: Person, number: int) -> Agency | None:
    """The organ, when that person may look at its disclosure."""
    return Agency.objects.seen_by(person, "disclosure.view").filter(pk=number).first()


def terms_of(agency: Agency, on: datetime.date) -> list[NegativeTerm]:
    """The negative list in force that day, in the order in which hits number it."""
    held = Q(in_force_from__lte=on) & (Q(lapsed_on__isnull=True) | Q(lapsed_on__gt=on))
    return list(NegativeTerm.objects.filter(held, agency=agency, ended_by__isnull=True).order_by("pk"))


def all_terms_of(agency: Agency) -> QuerySet[NegativeTerm]:
    """Every term the organ ever listed, with the entries that put it there and took it away."""
    related = ("entry__person", "ended_by__person")
    return NegativeTerm.objects.filter(agency=agency).select_related(*related).order_by("-pk")


@dataclass(frozen=True, slots=True)
class FieldCount:
    """One field of the catalogue in an organ: how many rows, and how many of them have nothing published."""

    field: CatalogField
    n_rows: int
    n_empty: int


def catalog_fields(agency: Agency) -> list[FieldCount]:
    """The 26 fields with what the organ has of each."""
    rows = dict(CatalogRow.objects.filter(agency=agency, ended_by__isnull=True).order_by().values_list("field").annotate(n=Count("pk")))
    used = _published(agency)
    marks = CatalogRow.objects.filter(agency=agency, ended_by__isnull=True).order_by().values_list("field", "mark")
    empty: dict[str, int] = {}
    for field, mark in marks:
        empty[field] = empty.get(field, 0) + ((field, mark) not in used)
    return [FieldCount(field, rows.get(field.id, 0), empty.get(field.id, 0)) for field in fields()]


def _published(agency: Agency) -> dict[tuple[str, str], tuple[int, datetime.date]]:
    """Field and mark → how many items filed there are public now, and when the last one became so."""
    public = Q(item__publications__isnull=False, item__publications__withdrawn_on__isnull=True)
    found = (
        ItemCatalogRow.objects.filter(public, row__agency=agency, ended_by__isnull=True)
        .order_by()
        .values_list("row__field", "row__mark")
        .annotate(n=Count("item", distinct=True), last=Max("item__publications__published_on"))
    )
    return {(field, mark): (n, last) for field, mark, n, last in found}


def catalog_rows(agency: Agency, field: str = "", *, words: str = "", empty_only: bool = False) -> list[CatalogRow]:
    """The rows of the catalogue, each with ``n_published`` and ``last_on``."""
    rows = CatalogRow.objects.filter(agency=agency, ended_by__isnull=True).select_related("entry")
    if field:
        rows = rows.filter(field=field)
    if words:
        rows = rows.filter(Q(matter__icontains=words) | Q(sub_matter__icontains=words) | Q(content__icontains=words))
    used = _published(agency)
    found = []
    for row in rows:
        row.n_published, row.last_on = used.get((row.field, row.mark), (0, None))
        if not (empty_only and row.n_published):
            found.append(row)
    return found


def row_of(item: Item) -> CatalogRow | None:
    """The row of the catalogue under which an item stands."""
    filed = ItemCatalogRow.objects.filter(item=item, ended_by__isnull=True).select_related("row").first()
    return filed.row if filed else None


def catalog_row(agency: Agency, number: int) -> CatalogRow | None:
    """One row of the organ's catalogue in force."""
    return CatalogRow.objects.filter(agency=agency, pk=number, ended_by__isnull=True).first()


@dataclass(frozen=True, slots=True)
class Document:
    """A document that stands: its row, its publication in force (``None`` when it was withdrawn), and since when it stands."""

    row: Standing
    publication: Publication | None


@dataclass(frozen=True, slots=True)
class Guide:
    """The organ's guide: ``points`` are Art 12's nine fields held against the organ's data.

    ``contact_changed`` is the newest change of the organ's contact data after the guide was published, ``None`` without one.
    """

    document: Document
    points: tuple[Point, ...]
    contact_changed: LedgerEntry | None

    @property
    def n_wrong(self) -> int:
        """How many of the nine fields it does not tell, or tells otherwise."""
        return sum(point.verdict in ("missing", "differs") for point in self.points)


def catalog_runs(agency: Agency) -> QuerySet[CatalogRun]:
    """The files handed in as catalogues of an organ, the newest first."""
    related = ("agency", "handed_in_by", "decided_by", "entry", "decision")
    return CatalogRun.objects.filter(agency=agency).select_related(*related)


def documents_of(agency: Agency, what: str) -> list[Document]:
    """What stands in an organ as guide or institutional rule."""
    rows = Standing.objects.filter(agency=agency, what=what, ended_by__isnull=True).select_related(
        "item__agency", "entry__person", "agency"
    )
    public = {
        row.item_id: row
        for row in Publication.objects.filter(item__in=[row.item_id for row in rows], withdrawn_on__isnull=True).select_related(
            "revision", "entry"
        )
    }
    return [Document(row, public.get(row.item_id)) for row in rows]


def guide_of(agency: Agency) -> Guide | None:
    """The organ's guide now, and what it lacks; ``None`` while there is none."""
    found = documents_of(agency, "guide")
    if not found:
        return None
    publication = found[0].publication
    text = text_of(publication.revision.content.get("body", "")) if publication else ""
    changed = contact_changed(agency)
    is_stale = bool(changed and publication and changed.number > publication.entry.number)
    return Guide(found[0], points(text, contact_of(agency)) if publication else (), changed if is_stale else None)


def contact_of(agency: Agency) -> dict[str, str]:
    """Required field of a guide → what the organ says of itself."""
    return {field: getattr(agency, column) for field, column in CONTACT.items()}


def contact_missing(agency: Agency) -> list[str]:
    """The columns of Art 12 that the organ has not filled in."""
    return [column for column in CONTACT.values() if not getattr(agency, column).strip()]


def contact_changed(agency: Agency) -> LedgerEntry | None:
    """The newest entry that changed contact data of the organ."""
    entries = LedgerEntry.objects.filter(object_kind=agency._meta.label_lower, object_id=agency.pk, action="agencies.change")
    asked = set(CONTACT.values())
    return next((entry for entry in entries.order_by("-number")[:200] if asked & set(entry.facts.get("changed", ()))), None)


def candidates(agency: Agency) -> list[Item]:
    """Published items of the organ that could stand as guide or institutional rule and do not."""
    public = Q(publications__isnull=False, publications__withdrawn_on__isnull=True)
    items = Item.objects.filter(public, agency=agency, kind__in=list(words("standing")), is_discarded=False)
    return list(items.exclude(standings__in=Standing.objects.filter(ended_by__isnull=True)).order_by("-pk")[:PAGE])

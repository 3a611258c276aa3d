"""What screens need to know of an item beside its text."""

from __future__ import annotations

import datetime
import typing
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongkai.law import LawMissing
from gongkai.timeliness import DueDay, interpret_by
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.about.models import Consultation, Link, SpecialTopic, Validity
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.watch.timing import workdays

if typing.TYPE_CHECKING:
    from gongkai.web.disclosure.beside import Beside

# The kind of item whose interpretation the norms ask for, and that has a validity from its first day.
POLICY = "policy"
RECENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class About:
    """What is said about an item: its validity on the day, and every row that tells of others."""

    validity: Validity | None
    validities: list[Validity]
    coming: list[Validity]
    interpretations: list[Link]
    documents: list[Link]
    consultations: list[Consultation]
    due: DueDay | None = None
    left: int = 0
    hindrances: list[str] = field(default_factory=list)
    wanting: list[str] = field(default_factory=list)
    outdated: set[int] = field(default_factory=set)


def about(item: Item, on: datetime.date, beside: Beside | None = None) -> About:
    """Everything said about an item, for the office; ``beside`` where it was asked for already."""
    from gongkai.web.disclosure.about.consultations import hindrances, is_outdated, wanting
    from gongkai.web.disclosure.beside import Beside

    known = beside or Beside(item)
    rows = known.rows("validities", lambda: item.validities.select_related("successor", "entry__person"))
    links = known.rows("interpretations", lambda: links_of(item))
    due = interpretation_due(item, links, on)
    entries = ("revision", "sent__person", "answered__person", "set_aside__person")
    consultations = known.rows("consultations", lambda: item.consultations.select_related(*entries).order_by("pk"))
    return About(
        validity=_in_force(rows, on), validities=rows, coming=[row for row in rows if row.since_on > on], interpretations=links,
        documents=known.rows("documents", lambda: documents_of(item)),
        consultations=consultations, due=due, left=(due.day - on).days if due else 0, hindrances=list(hindrances(item, consultations)),
        wanting=list(wanting(item, consultations)), outdated={row.pk for row in consultations if is_outdated(row, item)},
    )  # fmt: skip


def links_of(item: Item) -> QuerySet[Link]:
    """The interpretations of a document that are tied to it now."""
    return item.interpretations.filter(ended_on__isnull=True).select_related("interpretation__agency").order_by("pk")


def documents_of(item: Item) -> QuerySet[Link]:
    """The documents that an item interprets now."""
    return Link.objects.filter(interpretation=item, ended_on__isnull=True).select_related("document__agency")


def validity_of(item: Item, on: datetime.date) -> Validity | None:
    """What was said last of the item's validity that holds on that day; ``None`` when nothing was."""
    return _in_force(item.validities.select_related("successor"), on)


def _in_force(rows: Iterable[Validity], on: datetime.date) -> Validity | None:
    return max((row for row in rows if row.since_on <= on), key=lambda row: (row.since_on, row.pk), default=None)


def interpretation_due(item: Item, links: list[Link], on: datetime.date) -> DueDay | None:
    """By which day a published policy document is to be interpreted; ``None`` when it is, or when nothing asks for it."""
    if item.kind != POLICY or links:
        return None
    published_on = (
        item.publications.filter(withdrawn_on__isnull=True).order_by("published_on").values_list("published_on", flat=True).first()
    )
    if published_on is None:
        return None
    try:
        return interpret_by(published_on=published_on, table=workdays())
    except LawMissing:
        return None


@dataclass(frozen=True, slots=True)
class PublicAbout:
    """What the public reads about an item: nothing that is not public itself."""

    validity: Validity | None
    successor: Publication | None
    interpretations: list[PublicTie]
    documents: list[PublicTie]


@dataclass(frozen=True, slots=True)
class PublicTie:
    """One tie as the public reads it: ``slug`` is the item's, empty for a page elsewhere. An item is called what its published
    revision calls it, whatever a newer draft says."""

    title: str
    form_of: str
    slug: str
    url: str = ""


def public_about(publication: Publication, on: datetime.date) -> PublicAbout:
    """Validity and ties of a published item, as the public site shows them."""
    from gongkai.web.disclosure.beside import Beside
    from gongkai.web.disclosure.queries import public_items

    item = publication.item
    public, beside = public_items(), Beside(item)
    seen = public.filter(item=OuterRef("interpretation"))
    links = beside.rows("interpretations", lambda: links_of(item).filter(Q(interpretation__isnull=True) | Exists(seen)))
    shown = Exists(public.filter(item=OuterRef("document")))
    documents = beside.rows("documents", lambda: Link.objects.filter(shown, interpretation=item, ended_on__isnull=True))
    validity = _in_force(beside.rows("validities", lambda: item.validities.select_related("successor")), on)
    successor = public.filter(item=validity.successor_id).first() if validity and validity.successor_id else None
    named = {link.interpretation_id for link in links} | {link.document_id for link in documents}
    rows = public.filter(item__in=named - {None}) if named - {None} else ()
    slugs, titles = {row.item_id: row.item.slug for row in rows}, {row.item_id: row.revision.content["title"] for row in rows}
    return PublicAbout(
        validity,
        successor,
        [
            PublicTie(titles.get(link.interpretation_id, link.title), link.form_of, slugs.get(link.interpretation_id, ""), link.url)
            for link in links
        ],
        [PublicTie(titles[link.document_id], link.form_of, slugs[link.document_id]) for link in documents],
    )


def open_topics(agencies: Iterable[Agency], on: datetime.date) -> list[str]:
    """The names of the special topics that these organs may gather items under on a day."""
    counties = {agency.county_path for agency in agencies}
    rows = SpecialTopic.objects.filter(county__path__in=counties, from_on__lte=on).filter(Q(until_on__isnull=True) | Q(until_on__gt=on))
    return list(dict.fromkeys(rows.values_list("name", flat=True)))


def topics_seen_by(person: Person) -> QuerySet[SpecialTopic]:
    """The special topics of the counties in whose organs that person may look at disclosure."""
    counties = {agency.county_path for agency in Agency.objects.seen_by(person, "disclosure.view")}
    return SpecialTopic.objects.filter(county__path__in=counties).select_related("county")


def county_of(person: Person) -> Agency | None:
    """The county in which that person may open special topics."""
    return Agency.objects.seen_by(person, "disclosure.open_topic").filter(parent__isnull=True).first()


def uninterpreted(person: Person, on: datetime.date) -> list[tuple[Publication, DueDay, int]]:
    """The policy documents that that person's organs published in the last weeks and nobody interpreted: due day, days left."""
    agencies = Agency.objects.seen_by(person, "disclosure.link")
    ties = Link.objects.filter(document=OuterRef("item"), ended_on__isnull=True)
    since = on - datetime.timedelta(days=RECENT_DAYS)
    rows = Publication.objects.filter(
        ~Exists(ties), item__kind=POLICY, item__agency__in=agencies, withdrawn_on__isnull=True, published_on__range=(since, on)
    ).select_related("item__agency")
    found, table = [], workdays()
    for row in rows.order_by("published_on")[:20]:
        due = interpret_by(published_on=row.published_on, table=table)
        found.append((row, due, (due.day - on).days))
    return found

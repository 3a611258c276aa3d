"""Every read about material: what the viewer handed in, what was handed to his organ, what became of it, and the credit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractYear
from rapidfuzz import fuzz

from gongkai.screening import Hit
from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.agencies.permissions import actions, may_somewhere
from gongkai.web.disclosure import lists
from gongkai.web.disclosure import queries as item_queries
from gongkai.web.disclosure.material.models import Assignment, Decline, ItemSource, Material, Member, Merge, Unit
from gongkai.web.disclosure.models import Delivery, Item, Publication
from gongkai.web.disclosure.queries import PAGE, Page
from gongkai.web.disclosure.screening import found_in
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.settings import moment

# How the office filters its list.
STATES = {
    "open": "待办",
    "waiting": "待分派",
    "assigned": "已分派",
    "used": "已采用",
    "merged": "已合并",
    "declined": "未采用",
    "all": "全部",
}
# What became of a material, as the contributor reads it.
FATES = {
    "received": "已收到",
    "assigned": "已分派",
    "drafting": "已采用，起草中",
    "reviewing": "已采用，审查中",
    "ready": "已采用，待发布",
    "published": "已发布",
    "withdrawn": "发布后撤回",
    "declined": "未采用",
}
# An item's state → the fate of what it was made from; an item in any other state is being worked on.
_OF_ITEM = {
    "reviewing": "reviewing", "ready": "ready", "published": "published", "changed": "published", "withdrawn": "withdrawn",
}  # fmt: skip
STEPS = ("收到", "分派", "起草和审查", "发布")
# Fate → the step that is being taken, and what is said of it.
_NOW = {
    "received": (1, "等待分派"), "assigned": (2, "等待起草"), "drafting": (2, "起草中"), "reviewing": (2, "审查中"), "ready": (3, "等待发布"),
    "published": (4, ""), "withdrawn": (3, "已撤回"),
}  # fmt: skip
# How many titles are compared when others that tell the same are looked for.
COMPARED = 200
# How many drafts a search shows of each state; more words narrow it.
FOUND = 20


def receivers(sender: Agency, on: datetime.date) -> QuerySet[Agency]:
    """The organs of the same county where somebody is there to take material up."""
    takers = Post.objects.filter(Post.held_on(on), agency=OuterRef("pk"), duty__in=list(actions()["material.take"]), person__is_active=True)
    return Agency.objects.filter(Exists(takers), path__startswith=sender.county_path)


def senders(person: Person, on: datetime.date) -> list[tuple[Agency, Unit | None]]:
    """As whom that person hands in: the units he belongs to; the organ itself where he belongs to none."""
    agencies = list(Agency.objects.seen_by(person, "material.hand_in", on))
    found: list[tuple[Agency, Unit | None]] = []
    for agency in agencies:
        units = list(units_of(person, agency, on))
        found += [(agency, unit) for unit in units] if units else [(agency, None)]
    return found


def units_of(person: Person, agency: Agency, on: datetime.date) -> QuerySet[Unit]:
    """The units of an organ to which that person belongs on that day."""
    belongs = Member.objects.filter(_lasting(on), unit=OuterRef("pk"), person=person)
    return Unit.objects.filter(_lasting(on), Exists(belongs), agency=agency).select_related("agency")


def _lasting(on: datetime.date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))


def last_words_of(person: Person) -> dict[str, str]:
    """What a person need not fill in again: the telephone of his last hand-in."""
    last = handed_in_by(person).order_by("-pk").values("contact").first()
    return last or {}


def handed_in_by(person: Person) -> QuerySet[Material]:
    """What that person handed in by the posts he holds today, to whichever organ."""
    return Material.objects.filter(contributor=person, sender__in=Agency.objects.seen_by(person, "material.hand_in"))


def handed_to(person: Person, action: str = "material.view") -> QuerySet[Material]:
    """What was handed to the organs in which that person may do that."""
    return Material.objects.filter(agency__in=Agency.objects.seen_by(person, action))


def _live() -> QuerySet[ItemSource]:
    """The credits that hold: of items that were not given up."""
    return ItemSource.objects.filter(material=OuterRef("pk"), item__is_discarded=False)


def _undone() -> Q:
    about = {"material": OuterRef("pk")}
    return ~Exists(Decline.objects.filter(**about)) & ~Exists(Merge.objects.filter(**about)) & ~Exists(_live())


def in_state(materials: QuerySet[Material], state: str) -> QuerySet[Material]:
    """The materials in one of :data:`STATES`."""
    given = Exists(Assignment.objects.filter(material=OuterRef("pk")))
    merged = Exists(Merge.objects.filter(material=OuterRef("pk")))
    conditions: Mapping[str, Any] = {
        "open": _undone(),
        "waiting": _undone() & ~given,
        "assigned": _undone() & given,
        "used": Exists(_live()) & ~merged,
        "merged": merged,
        "declined": Exists(Decline.objects.filter(material=OuterRef("pk"))),
    }
    return materials.filter(conditions[state]) if state in conditions else materials


def with_state(materials: QuerySet[Material]) -> QuerySet[Material]:
    """The materials with what their state follows from."""
    given = Assignment.objects.filter(material=OuterRef("pk")).order_by("-pk")
    return materials.select_related("agency", "sender", "unit", "contributor").annotate(
        assignment_id=Subquery(given.values("pk")[:1]),
        drafter_id=Subquery(given.values("drafter_id")[:1]),
        drafter_name=Subquery(given.values("drafter__full_name")[:1]),
        into_id=Subquery(Merge.objects.filter(material=OuterRef("pk")).values("into_id")[:1]),
        declined=Subquery(Decline.objects.filter(material=OuterRef("pk")).values("reason")[:1]),
        item_id=Subquery(_live().order_by("-pk").values("item_id")[:1]),
    )


def state_of(material: Any) -> str:
    """The state of a material that came through :func:`with_state`, one of :data:`STATES`."""
    if material.declined is not None:
        return "declined"
    if material.into_id is not None:
        return "merged"
    if material.item_id is not None:
        return "used"
    return "waiting" if material.drafter_id is None else "assigned"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a material: one of :data:`FATES`, who has it, why it was declined, and the published item."""

    name: str
    drafter: str | None = None
    reason: str | None = None
    item: Any = None

    @property
    def words(self) -> str:
        """The fate in Chinese."""
        return FATES[self.name]

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        """The way of a material: each step's title, whether it is ``done``, ``now``, ``later`` or ``back``, and who or what it waits for."""
        if self.name == "declined":
            return [("收到", "done", ""), ("未采用", "back", self.reason or "")]
        now, words = _NOW[self.name]
        last = "back" if self.name == "withdrawn" else "now"
        marks = ["done" if step < now else last if step == now else "later" for step in range(len(STEPS))]
        said = [words if step == now else self.drafter or "" if step == 1 and now > 1 else "" for step in range(len(STEPS))]
        return list(zip(STEPS, marks, said, strict=True))


def tell(materials: Iterable[Any]) -> list[Any]:
    """The materials of :func:`with_state`, each with ``state``, ``state_words`` and ``fate``; merged ones share the fate of the other."""
    rows = list(materials)
    targets = {row.pk: row for row in with_state(Material.objects.filter(pk__in={row.into_id for row in rows if row.into_id}))}
    items = _items({row.item_id for row in (*rows, *targets.values()) if row.item_id})
    for row in rows:
        row.state = state_of(row)
        row.state_words = STATES[row.state]
        row.fate = _fate(targets[row.into_id] if row.into_id else row, items)
    return rows


def _items(numbers: set[int]) -> dict[int, Any]:
    on_site = Delivery.objects.filter(
        publication__item=OuterRef("pk"), publication__withdrawn_on__isnull=True, channel="site", is_withdrawal=False
    )
    found: list[Any] = list(item_queries.with_state(Item.objects.filter(pk__in=numbers)).annotate(on_site=Exists(on_site)))
    for item in found:
        item.state = item_queries.state_of(item)
    return {item.pk: item for item in found}


def _fate(row: Any, items: Mapping[int, Any]) -> Fate:
    if row.declined is not None:
        return Fate("declined", reason=row.declined)
    if row.item_id is not None:
        return Fate(_OF_ITEM.get(items[row.item_id].state, "drafting"), drafter=row.drafter_name, item=items[row.item_id])
    return Fate("assigned", drafter=row.drafter_name) if row.drafter_name else Fate("received")


def page_of(materials: QuerySet[Material], *, state: str = "all", words: str = "", after: int | None = None) -> Page:
    """One page of materials, newest first, paged by key, with what became of each."""
    found = in_state(materials, state)
    if words:
        found = found.filter(Q(title__icontains=words) | Q(unit__name__icontains=words) | Q(contributor__full_name__icontains=words))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(with_state(found).defer("body").order_by("-pk")[: PAGE + 1])
    return Page(tell(rows[:PAGE]), rows[PAGE - 1].pk if len(rows) > PAGE else None)


def one(materials: QuerySet[Material], number: int) -> Any | None:
    """One of those materials with what became of it; ``None`` when it is not among them."""
    return next(iter(tell(with_state(materials.filter(pk=number)))), None)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What waits for a drafter: how many nobody has taken, how many he has taken, and the oldest of both."""

    n_waiting: int
    n_mine: int
    rows: list[Any]


def arrivals_for(person: Person) -> Arrivals | None:
    """What waits for that person; ``None`` for who takes up no material."""
    if not may_somewhere(person, "material.take", moment.today()):
        return None
    seen = handed_to(person, "material.take")
    if not seen.exists():
        return Arrivals(0, 0, [])
    waiting = in_state(seen, "waiting")
    mine = with_state(in_state(seen, "assigned")).filter(drafter_id=person.pk)
    rows = [*mine.defer("body").order_by("pk")[:5], *with_state(waiting).defer("body").order_by("pk")[:5]]
    return Arrivals(waiting.count(), mine.count(), tell(rows)[:5])


def fates_for(person: Person) -> Page | None:
    """The newest of what that person handed in; ``None`` for who hands in nothing."""
    return page_of(handed_in_by(person)) if may_somewhere(person, "material.hand_in", moment.today()) else None


def drafters_of(agency: Agency, on: datetime.date) -> QuerySet[Person]:
    """Who may make something of material in an organ."""
    posts = Post.objects.filter(Post.held_on(on), agency=agency, duty__in=list(actions()["material.draft"]), person=OuterRef("pk"))
    return Person.objects.filter(Exists(posts), is_active=True)


def merged_into(material: Material) -> list[Material]:
    """The materials that were put together with that one, oldest first."""
    return list(Material.objects.filter(merge__into=material).select_related("sender", "unit", "contributor").order_by("pk"))


def alike(material: Material, words: str = "") -> list[Any]:
    """The organ's other materials that still wait, those with the most similar titles first; with ``words`` those that have them."""
    others = with_state(in_state(Material.objects.filter(agency=material.agency).exclude(pk=material.pk), "open"))
    bare = others.exclude(Exists(Merge.objects.filter(into=OuterRef("pk"))))
    if words:
        bare = bare.filter(title__icontains=words)
    rows = list(bare.defer("body").order_by("-pk")[:COMPARED])
    return sorted(rows, key=lambda row: -fuzz.ratio(row.title, material.title))[:20]


def open_drafts(person: Person, agency: Agency, words: str = "") -> list[Any]:
    """The organ's drafts that are in nobody's review, newest first; with ``words`` those that the office's list finds by them."""
    if words:
        asked = [lists.Narrowing(words=words, agency=agency.path, state=state) for state in ("draft", "returned")]
        return [row for one in asked for row in lists.page(person, one, size=FOUND).rows]
    rows = item_queries.with_state(Item.objects.filter(agency=agency, is_discarded=False)).order_by("-pk")[:COMPARED]
    return [row for row in rows if item_queries.state_of(row) in ("draft", "returned")][:50]


def as_draft(material: Material) -> dict[str, Any]:
    """What a draft from that material, and from those merged into it, begins with."""
    together = [material, *merged_into(material)]
    titled = (f"<h3>{row.title}</h3>{row.body}" for row in together if row.body)
    body = material.body if len(together) == 1 else "".join(titled)
    return {"title": material.title, "body": body, "kind": "news", "column": material.column, "formed_on": material.happened_on}


def notes_on(material: Material, on: datetime.date) -> list[Hit]:
    """What screening finds in it, for the drafter to mind: personal data and the like."""
    content = {"title": material.title, "body": material.body, "attachments": material.files}
    return [hit for _, hit, _ in found_in(content, material.agency, on)]


def history_of(material: Material) -> list[LedgerEntry]:
    """Every ledger entry about a material, oldest first."""
    about = Q(pk=material.entry_id) | Q(object_kind=Material._meta.label_lower, object_id=material.pk)
    return list(LedgerEntry.objects.filter(about).select_related("person", "agency").order_by("number"))


def sources_of(item: Item) -> list[ItemSource]:
    """The credits of an item, in the order they were given."""
    related = ("material__sender", "material__unit", "material__contributor", "entry")
    return list(ItemSource.objects.filter(item=item).select_related(*related))


def units_page(agency: Agency) -> tuple[list[Any], list[Person]]:
    """The units of an organ in force, each with ``here`` (its members), and the organ's contributors who belong to none."""
    today = moment.today()
    units: list[Any] = list(Unit.objects.filter(_lasting(today), agency=agency).order_by("kind", "name"))
    members = list(Member.objects.filter(_lasting(today), unit__in=units).select_related("person").order_by("person__full_name"))
    for unit in units:
        unit.here = [member for member in members if member.unit_id == unit.pk]
    placed = {member.person_id for member in members}
    return units, [person for person in contributors_of(agency) if person.pk not in placed]


def contributors_of(agency: Agency) -> list[Person]:
    """Who hands in for an organ today."""
    posts = Post.objects.filter(
        Post.held_on(moment.today()), agency=agency, duty__in=list(actions()["material.hand_in"]), person=OuterRef("pk")
    )
    return list(Person.objects.filter(Exists(posts), is_active=True))


@dataclass(frozen=True, slots=True)
class Credit:
    """How many materials a unit handed in in a year, and how many of them were used and published."""

    year: int
    sender: str
    unit: str
    n_handed_in: int
    n_used: int
    n_published: int


def credits_of(agencies: QuerySet[Agency], year: int | None = None) -> list[Credit]:
    """The credit of every unit that handed in to those organs, newest year first, most used first."""
    published = Publication.objects.filter(item__sources__material=OuterRef("pk"))
    found = Material.objects.filter(agency__in=agencies)
    if year is not None:
        found = found.filter(handed_in_on__gte=datetime.date(year, 1, 1), handed_in_on__lt=datetime.date(year + 1, 1, 1))
    rows = (
        found.annotate(year=ExtractYear("handed_in_on"), is_used=Exists(_live()), is_published=Exists(published))
        .values("year", from_organ=F("sender__short_name"), from_unit=F("unit__name"))
        .annotate(n=Count("pk"), used=Count("pk", filter=Q(is_used=True)), public=Count("pk", filter=Q(is_published=True)))
        .order_by("-year", "-used", "-n", "from_organ", "from_unit")
    )
    return [Credit(row["year"], row["from_organ"], row["from_unit"] or "", row["n"], row["used"], row["public"]) for row in rows]


def credits_csv(credits: Sequence[Credit]) -> bytes:
    """The credit as CSV that Excel opens as it is."""
    import csv
    import io

    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(["年度", "机关", "单位", "交来", "采用", "发布"])
    for row in credits:
        writer.writerow([row.year, _plain(row.sender), _plain(row.unit), row.n_handed_in, row.n_used, row.n_published])
    return b"\xef\xbb\xbf" + sink.getvalue().encode()


def _plain(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t" and text else text

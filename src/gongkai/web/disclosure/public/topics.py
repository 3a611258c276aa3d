"""Special topics (专题) as the public reads them: what is gathered under one, and which there are."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max

from gongkai.web.disclosure.about.models import SpecialTopic
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.lists import public
from gongkai.web.disclosure.public.models import TopicPlace
from gongkai.web.ledger.proof import Broken


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with how much is public under it, and since when the last of it."""

    row: SpecialTopic
    n_items: int
    last_on: datetime.date | None

    def is_open(self, on: datetime.date) -> bool:
        """Whether items may be gathered under it that day."""
        return self.row.from_on <= on and (self.row.until_on is None or on < self.row.until_on)


def gather(publications: Iterable[Publication]) -> None:
    """Let publications that were just made stand under the topics that their revisions name."""
    rows = list(publications)
    known = _known() if any(_named(row) for row in rows) else {}
    TopicPlace.objects.bulk_create(TopicPlace(topic_id=topic, publication=row) for row in rows for topic in sorted(_topics_of(row, known)))


def _known() -> dict[tuple[str, str], int]:
    return {(path, name): pk for path, name, pk in SpecialTopic.objects.values_list("county__path", "name", "pk")}


def _named(publication: Publication) -> list[str]:
    names: list[str] = publication.revision.content.get("special_topics") or []
    return names


def _topics_of(publication: Publication, known: Mapping[tuple[str, str], int]) -> set[int]:
    names = _named(publication)
    county = publication.agency.county_path if names else ""
    return {known[county, name] for name in names if (county, name) in known}


def topics() -> list[Topic]:
    """Every topic, the newest first, with what is public under it."""
    counted = public().filter(topic_places__isnull=False).values("topic_places__topic")
    found = {row["topic_places__topic"]: row for row in counted.annotate(n=Count("pk"), last=Max("published_on"))}
    rows = SpecialTopic.objects.order_by("-from_on", "name")
    return [Topic(row, found[row.pk]["n"], found[row.pk]["last"]) if row.pk in found else Topic(row, 0, None) for row in rows]


def places_hold() -> Iterator[Broken]:
    """For ``gongkai verify``: what stands under a topic is what published revisions say, no more and no less."""
    standing: dict[int, set[int]] = {}
    for topic, publication in TopicPlace.objects.values_list("topic_id", "publication_id").iterator(chunk_size=5000):
        standing.setdefault(publication, set()).add(topic)
    known = _known()
    for row in Publication.objects.select_related("agency", "revision", "entry").iterator(chunk_size=1000):
        if _topics_of(row, known) != standing.pop(row.pk, set()):
            yield Broken(row.entry.county, row.entry.number, f"公开的“{row.revision.content.get('title', '')}”归入的专题与这一稿写的不符。")
    for publication in standing:
        yield Broken("", 0, f"专题下列有编号{publication}的发布，但是没有这次发布。")

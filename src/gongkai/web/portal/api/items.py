"""Items of proactive disclosure as the API gives them: a page of a list, and one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure import kinds
from gongkai.web.disclosure.about.models import Validity
from gongkai.web.disclosure.about.queries import PublicTie, public_about
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.lists import Narrowing, by_slug, public, with_words
from gongkai.web.disclosure.public.validity import state_of, validities, with_state
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.portal.api.answering import Stopped
from gongkai.web.portal.api.cursors import opened, sealed
from gongkai.web.portal.site import address_of_item
from gongkai.web.portal.templatetags.portal_words import file_kind
from gongkai.web.settings import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which items somebody asks for. Empty means all."""

    organ: Agency | None = None
    column: str = ""
    kind: str = ""
    year: int | None = None
    published_from: datetime.date | None = None
    published_to: datetime.date | None = None
    validity: str = ""

    def bound(self) -> str:
        """What a cursor is bound to: the list and its filters."""
        organ = self.organ.path if self.organ else ""
        parts = (organ, self.column, self.kind, self.year, self.published_from, self.published_to, self.validity)
        return "items|" + "|".join("" if part is None else str(part) for part in parts)

    def rows(self) -> QuerySet[Publication]:
        """The publications asked for, not ordered."""
        agencies = [self.organ.pk] if self.organ else None
        rows = public(Narrowing(agencies=agencies, column=self.column, kind=self.kind, year=self.year))
        if self.published_from:
            rows = rows.filter(published_on__gte=self.published_from)
        if self.published_to:
            rows = rows.filter(published_on__lte=self.published_to)
        return with_state(rows, self.validity, moment.today()) if self.validity else rows


def page(asked: Asked, cursor: str, size: int, site: str) -> tuple[list[dict[str, Any]], str]:
    """One page, the newest first, and the cursor of the next one (empty at the end).

    A page begins behind a place and not after a number of rows: what is published meanwhile stands before the first page, and
    moves nothing that was not read yet.
    """
    rows = asked.rows()
    if cursor:
        day, _, key = opened(cursor, asked.bound()).partition("|")
        on = datetime.date.fromisoformat(day)
        rows = rows.filter(published_on__lte=on).filter(Q(published_on__lt=on) | Q(pk__lt=int(key)))
    keys = list(rows.order_by("-published_on", "-pk").values_list("pk", flat=True)[: size + 1])
    found = with_words(keys[:size])
    more = len(keys) > size and found
    return list(listed(found, site)), sealed(f"{found[-1].published_on}|{found[-1].pk}", asked.bound()) if more else ""


def listed(publications: Iterable[Publication], site: str) -> Iterator[dict[str, Any]]:
    """What a list says of each."""
    rows = list(publications)
    said = validities([row.item_id for row in rows], moment.today())
    return (row_of(row, said.get(row.item_id), site) for row in rows)


def row_of(publication: Publication, said: Validity | None, site: str) -> dict[str, Any]:
    """What a list says of a publication; the same names as in the files of a year."""
    content, organ = publication.revision.content, publication.agency
    return {
        "id": publication.item.slug,
        "index_number": publication.item.index_number,
        "title": content["title"],
        "organ": organ.code,
        "organ_name": organ.name,
        "kind": publication.kind,
        "kind_title": words("kinds").get(publication.kind, publication.kind),
        "column": publication.column,
        "document_number": content.get("document_number") or None,
        "formed_on": content.get("formed_on"),
        "written_on": content.get("written_on"),
        "published_on": publication.published_on,
        "validity": state_of(publication, said),
        "validity_since_on": said.since_on if said else None,
        "summary": content.get("summary") or None,
        "keywords": content.get("keywords") or None,
        "topics": list(content.get("topics") or ()),
        "n_attachments": len(content.get("attachments") or ()),
        "address": site + address_of_item(publication.item.slug),
    }


def one(slug: str, site: str) -> dict[str, Any]:
    """All of one item; :class:`Stopped` where nothing stands there, or no more."""
    publication = by_slug(slug)
    if publication is None:
        raise Stopped(404, "not_found", gettext("没有这条信息。"))
    if publication.withdrawn_on is not None:
        reason = publication.withdrawal.reason
        raise Stopped(410, "withdrawn", gettext("这条信息已经撤回。"), reason=reason, withdrawn_on=str(publication.withdrawn_on))
    content, about = publication.revision.content, public_about(publication, moment.today())
    return row_of(publication, about.validity, site) | {
        "html": content["body"],
        "text": text_of(content["body"]),
        "details": details_of(publication),
        "special_topics": list(content.get("special_topics") or ()),
        "attachments": attachments_of(publication, site),
        "interpreted_by": [_tie(row, site) for row in about.interpretations],
        "interprets": [_tie(row, site) for row in about.documents],
        "replaced_by": about.successor.item.slug if about.successor else None,
    }


def details_of(publication: Publication) -> list[dict[str, str]]:
    """What its page says beside the text."""
    said: Mapping[str, str] = publication.revision.content.get("details") or {}
    known = [part for part in kinds.parts_of(publication.kind) if said.get(part.name)]
    return [{"name": part.name, "label": part.label, "value": part.told(said[part.name])} for part in known]


def attachments_of(publication: Publication, site: str) -> list[dict[str, Any]]:
    """Its files."""
    slug = publication.item.slug
    return [
        {
            "name": row["name"], "type": file_kind(row["name"]), "size": row["size"], "sm3": row["digest"],
            "address": site + reverse("portal:attachment", args=[slug, row["digest"]]),
        }
        for row in publication.revision.content.get("attachments") or ()
    ]  # fmt: skip


def _tie(row: PublicTie, site: str) -> dict[str, Any]:
    address = site + address_of_item(row.slug) if row.slug else row.url
    return {
        "id": row.slug or None,
        "title": row.title,
        "form_of": words("interpretation_forms").get(row.form_of, row.form_of),
        "address": address,
    }

"""The page of one piece of information, and its files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.law import LawMissing
from gongkai.law.duties import duty
from gongkai.law.portal import column_type
from gongkai.web.disclosure.about.queries import public_about
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.lists import by_slug
from gongkai.web.disclosure.queries import as_download
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.portal.caching import public_page
from gongkai.web.portal.site import Article, Column, Head, Step, page_context
from gongkai.web.settings import moment

SUMMARY = 120


def found(slug: str) -> Publication:
    """What stands or stood last under that address; nothing is there for what never went to the site."""
    publication = by_slug(slug)
    if publication is None:
        raise Http404
    return publication


def in_force(slug: str) -> Publication:
    """What stands under that address now."""
    publication = found(slug)
    if publication.withdrawn_on is not None:
        raise Http404
    return publication


@require_safe
@public_page
def item(request: HttpRequest, slug: str) -> HttpResponse:
    """What is published of an item now; a withdrawn one is gone, and says why."""
    publication = found(slug)
    if publication.withdrawn_on is not None:
        context = page_context(request, Head(), *_way(publication, ""), organ=publication.agency)
        return render(request, "portal/withdrawn.html", {**context, "publication": publication}, status=410)
    content = publication.revision.content
    context = page_context(request, _head(request, publication), *_way(publication, content["title"]), organ=publication.agency)
    context |= {"publication": publication, "content": content, "about": public_about(publication, moment.today())}
    return render(request, "portal/item.html", context)


@require_safe
def attachment(request: HttpRequest, slug: str, digest: str) -> HttpResponseBase:
    """A file of the revision that is public now; of no other."""
    row = next((row for row in in_force(slug).revision.content.get("attachments", []) if row["digest"] == digest), None)
    if row is None:
        raise Http404
    return as_download(row)


def column_title(publication: Publication) -> str:
    """The column's title, its kind's where the column is none of the statute's."""
    try:
        return duty(publication.column).title
    except LawMissing:
        return words("kinds").get(publication.kind, publication.kind)


def _way(publication: Publication, title: str) -> tuple[Step, ...]:
    organ = publication.agency
    steps = [Step(organ.short_name, reverse("portal:organ", args=[organ.code]))]
    if publication.withdrawn_on is None:
        steps.append(Step(column_title(publication), reverse("portal:column", args=[organ.code, publication.column])))
    return (*steps, *([Step(title)] if title else []))


def _head(request: HttpRequest, publication: Publication) -> Head:
    content, organ = publication.revision.content, publication.agency
    name = column_title(publication)
    source = content.get("source") or organ.name
    text = content.get("summary") or " ".join(text_of(content["body"]).split())[:SUMMARY]
    article = Article(
        title=content["title"], published=f"{publication.published_at.astimezone(moment.ZONE):%Y-%m-%d %H:%M}", source=source,
        keywords=tuple(word for word in _words(content.get("keywords", "")) if word), description=text,
    )  # fmt: skip
    kind = column_type(kind=publication.kind, column=publication.column)
    column = Column(name=name, type=kind, description=f"{organ.name}{name}", keywords=(name, organ.short_name))
    return Head(column=column, article=article, about=_about(request, publication, text))


def _words(said: str) -> list[str]:
    for mark in "，、；,;":
        said = said.replace(mark, " ")
    return said.split()


def _about(request: HttpRequest, publication: Publication, text: str) -> dict[str, Any]:
    """The item in the words of schema.org."""
    content, organ = publication.revision.content, publication.agency
    return {
        "@context": "https://schema.org",
        "@type": "Report" if publication.kind == "annual_report" else "Article",
        "headline": content["title"],
        "identifier": publication.item.index_number,
        "datePublished": publication.published_on.isoformat(),
        "dateCreated": content.get("written_on") or content.get("formed_on"),
        "description": text,
        "inLanguage": "zh-Hans",
        "publisher": {"@type": "GovernmentOrganization", "name": organ.name},
        "isAccessibleForFree": True,
    }

"""The page of one piece of information, and its files."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import quote

import qrcode
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from qrcode.image.svg import SvgPathImage

from gongkai.law import LawMissing
from gongkai.law.duties import duty
from gongkai.law.portal import column_type
from gongkai.report.render import write_tables
from gongkai.web.disclosure import kinds
from gongkai.web.disclosure.about.queries import POLICY, PublicAbout, public_about
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.lists import Narrowing, by_slug, page
from gongkai.web.disclosure.public.paper import TYPES, write
from gongkai.web.disclosure.queries import as_download
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.filing.queries import from_file, report_of
from gongkai.web.filing.reading import KIND
from gongkai.web.portal.caching import MEMORY, public_page
from gongkai.web.portal.site import Article, Column, Head, Step, page_context, site_of
from gongkai.web.portal.templatetags.portal_words import kind_words, topic_words, validity_words
from gongkai.web.settings import moment

SUMMARY, RELATED = 120, 4
# One document is set at a time; a reader waits so many seconds for his turn.
WAIT = 8.0
_SETTING = threading.Semaphore(1)


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
    content, about = publication.revision.content, public_about(publication, moment.today())
    context = page_context(request, _head(publication), *_way(publication, content["title"]), organ=publication.agency)
    context |= {
        "publication": publication, "content": content, "about": about, "facts": facts_of(publication, about),
        "tables": tables_of(publication),
        "related": [row for row in _newest_beside(publication) if row.pk != publication.pk][:RELATED],
    }  # fmt: skip
    return render(request, "portal/item.html", context)


@require_safe
@public_page
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The page as a document: DOCX or PDF."""
    publication = in_force(slug)
    about = public_about(publication, moment.today())
    # One at a time: setting a page takes a processor for a while, and the others must go on.
    if not _SETTING.acquire(timeout=WAIT):
        return HttpResponse(
            gettext("现在下载的人多，请过一会儿再试。"), status=503, headers={"Retry-After": "10"}, content_type="text/plain; charset=utf-8"
        )
    try:
        data = write(publication, kind, facts_of(publication, about), notes_of(about))
    finally:
        _SETTING.release()
    name = quote(f"{publication.revision.content['title'][:80]}.{kind}")
    return HttpResponse(data, content_type=TYPES[kind], headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


@require_safe
@public_page
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The address of the page as a picture that a telephone reads."""
    address = site_of(request).address + reverse("portal:item", args=[in_force(slug).item.slug])
    picture = qrcode.make(address, image_factory=SvgPathImage, box_size=10, border=2)
    return HttpResponse(picture.to_string(), content_type="image/svg+xml")


@require_safe
def attachment(request: HttpRequest, slug: str, digest: str) -> HttpResponseBase:
    """A file of the revision that is public now; of no other."""
    row = next((row for row in in_force(slug).revision.content.get("attachments", []) if row["digest"] == digest), None)
    if row is None:
        raise Http404
    return as_download(row)


def tables_of(publication: Publication) -> SafeString:
    """The statutory tables of an annual report that shows them in a file alone, as HTML; empty for everything else."""
    reading = from_file(publication) if publication.kind == KIND else None
    # The writer escapes whatever the file says.
    return mark_safe(write_tables(report_of(reading.pk)) if reading else "")  # noqa: S308 - as said


def facts_of(publication: Publication, about: PublicAbout) -> list[tuple[str, str]]:
    """What is told of an item beside its text: label and value, without those that say nothing."""
    content = publication.revision.content
    validity = about.validity.state if about.validity else "in_force" if publication.kind == POLICY else ""
    said = [
        (gettext("索引号"), publication.item.index_number),
        (gettext("发布机构"), publication.agency.name),
        (gettext("文号"), content.get("document_number", "")),
        (gettext("类别"), kind_words(publication.kind)),
        (gettext("主题"), topic_words(content.get("topics", ()))),
        (gettext("成文日期"), content.get("written_on") or ""),
        *((gettext(label), gettext(value)) for label, value in kinds.told(str(content.get("kind", "")), content.get("details") or {})),
        (gettext("专题"), "、".join(content.get("special_topics", ()))),
        (gettext("有效性"), validity_words(validity) if validity else ""),
        (gettext("形成日期"), content["formed_on"]),
        (gettext("发布日期"), publication.published_on.isoformat()),
        (gettext("关键词"), content.get("keywords", "")),
    ]
    return [(label, value) for label, value in said if value]


def notes_of(about: PublicAbout) -> list[str]:
    """What a document says first when it is no longer in force."""
    row = about.validity
    if row is None or row.state == "in_force":
        return []
    words = gettext("本文件自%(day)s起%(what)s。") % {"day": row.since_on, "what": validity_words(row.state)}
    return [words + (gettext("依据：%(reason)s") % {"reason": row.reason} if row.reason else "")]


def _newest_beside(publication: Publication) -> list[Publication]:
    """The newest in the same column of the same organ."""
    place = (publication.agency_id, publication.column)
    asked = Narrowing(agencies=[publication.agency_id], column=publication.column)
    return MEMORY(place, lambda: page(asked, size=RELATED + 1).rows)


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


def _head(publication: Publication) -> Head:
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
    return Head(column=column, article=article, about=_about(publication, text))


def _words(said: str) -> list[str]:
    for mark in "，、；,;":
        said = said.replace(mark, " ")
    return said.split()


def _about(publication: Publication, text: str) -> dict[str, Any]:
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

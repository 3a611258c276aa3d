"""What is new as Atom: of everybody, of one organ, of one column of an organ; what their pages show first."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext

from gongkai.law import LawMissing
from gongkai.law.duties import duty
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.lists import Narrowing, page, shown_through
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.portal.api.answering import Stopped
from gongkai.web.portal.organs import of_code
from gongkai.web.portal.site import site_of

NEWEST, SUMMARY = 50, 200
TYPE = "application/atom+xml; charset=utf-8"


def everything(request: HttpRequest) -> HttpResponse:
    """What is new of everybody."""
    return _feed(request, Narrowing(), gettext("最新公开"), reverse("portal:home"))


def organ(request: HttpRequest, code: str) -> HttpResponse:
    """What is new of an organ."""
    found = _organ(code)
    return _feed(request, Narrowing(agencies=shown_through(found)), found.name, reverse("portal:organ", args=[code]))


def column(request: HttpRequest, code: str, column: str) -> HttpResponse:
    """What is new in a column of an organ."""
    found = _organ(code)
    try:
        title = duty(column).title
    except LawMissing as missing:
        raise Stopped(404, "not_found", gettext("没有这个栏目。")) from missing
    asked = Narrowing(agencies=shown_through(found), column=column)
    return _feed(request, asked, f"{found.short_name}：{title}", reverse("portal:column", args=[code, column]))


def _organ(code: str) -> Agency:
    try:
        return of_code(code)
    except Http404 as error:
        raise Stopped(404, "not_found", gettext("没有这个机关。")) from error


def _feed(request: HttpRequest, asked: Narrowing, title: str, at: str) -> HttpResponse:
    site = site_of(request)
    here = site.address + request.path
    feed = Atom1Feed(f"{title} - {site.name}", site.address + at, "", language="zh-Hans", feed_url=here, feed_guid=here)
    for row in page(asked, size=NEWEST).rows:
        address = site.address + reverse("portal:item", args=[row.item.slug])
        feed.add_item(
            title=row.revision.content["title"], link=address, unique_id=address, description=_summary(row), author_name=row.agency.name,
            pubdate=row.published_at, updateddate=row.published_at, categories=(row.kind, row.column),
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type=TYPE)


def _summary(row: Publication) -> str:
    content = row.revision.content
    return content.get("summary") or " ".join(text_of(content["body"]).split())[:SUMMARY]

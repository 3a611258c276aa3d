"""Where everything stands, for search engines: an index, its parts, and what they may look at."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from xml.sax.saxutils import escape

from django.db.models import Count, Max
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from gongkai.law import LawMissing
from gongkai.law.duties import duty
from gongkai.law.portal import fixed_columns
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.public.lists import Narrowing, by_column, public, shown_through
from gongkai.web.portal.api.answering import Stopped
from gongkai.web.portal.organs import columns_of
from gongkai.web.portal.site import FIXED_ADDRESSES, address_of_item, site_of
from gongkai.web.settings import moment

# Addresses in one part. The protocol takes 50,000; a fifth of that is read at once without weighing on anybody.
PART = 10_000
# No year has more parts, and none before this one has any.
MOST_PARTS, FIRST_YEAR = 10_000, 1949
SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
Place = tuple[str, datetime.datetime | datetime.date | None]


def robots(request: HttpRequest) -> HttpResponse:
    """What programs that gather pages may look at: all but the office and the accounts."""
    lines = ("User-agent: *", "Disallow: /office/", "Disallow: /account/", "", f"Sitemap: {site_of(request).address}/sitemap.xml", "")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def index(request: HttpRequest) -> HttpResponse:
    """The parts: the pages of organs and columns, and the items of each year."""
    years = public().values_list(ExtractYear("published_on")).annotate(n=Count("pk"), last=Max("published_at"))
    parts: list[Place] = [(reverse("portal:sitemap_pages"), None)]
    for year, n_items, last in sorted(years, reverse=True):
        parts += [(reverse("portal:sitemap_items", args=[year, number]), last) for number in range(1, -(-n_items // PART) + 1)]
    return _written("sitemapindex", "sitemap", site_of(request).address, parts)


def pages(request: HttpRequest) -> HttpResponse:
    """The home page, the pages of each organ, its columns with content, and the kinds."""
    places: list[Place] = [(reverse(name), None) for name in ("portal:home", "portal:organs", "portal:api", "portal:data")]
    places += [(reverse("portal:kind", args=[kind]), None) for kind in ("all", *words("kinds"))]
    for organ in Agency.objects.order_by("path"):
        stock = by_column(shown_through(organ))
        places.append(
            (reverse("portal:organ", args=[organ.code]), max((row.last_on for row in stock.values() if row.last_on), default=None))
        )
        places += [(reverse(FIXED_ADDRESSES[fixed.id], args=[organ.code]), None) for fixed in fixed_columns()]
        known = {name for name, *_ in columns_of(organ)} & stock.keys()
        places += [(reverse("portal:column", args=[organ.code, name]), stock[name].last_on) for name in sorted(known) if _is_duty(name)]
    return _written("urlset", "url", site_of(request).address, places)


def items(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """One part of a year's items."""
    places: list[Place] = []
    if FIRST_YEAR <= year <= datetime.MAXYEAR and number <= MOST_PARTS:
        rows = public(Narrowing(year=year)).order_by("published_on", "pk").values_list("item__slug", "published_at")
        places = [(address_of_item(slug), last) for slug, last in rows[(number - 1) * PART : number * PART]]
    if not places:
        raise Stopped(404, "not_found", gettext("没有这一部分。"))
    return _written("urlset", "url", site_of(request).address, places)


def _is_duty(name: str) -> bool:
    try:
        return bool(duty(name))
    except LawMissing:
        return False


def _written(root: str, each: str, site: str, places: Iterable[Place]) -> HttpResponse:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<{root} {SCHEMA}>"]
    for address, last in places:
        said = f"<lastmod>{_told(last)}</lastmod>" if last else ""
        lines.append(f"<{each}><loc>{escape(site + address)}</loc>{said}</{each}>")
    return HttpResponse("\n".join([*lines, f"</{root}>", ""]), content_type="application/xml; charset=utf-8")


def _told(last: datetime.datetime | datetime.date) -> str:
    return last.astimezone(moment.ZONE).isoformat(timespec="seconds") if isinstance(last, datetime.datetime) else last.isoformat()

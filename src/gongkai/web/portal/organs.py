"""The pages of an organ: its home, its guide, its rules, its statutory content, its annual reports, the entry for requests."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gongkai.law import LawMissing
from gongkai.law.duties import duties, duty
from gongkai.law.portal import fixed_column
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.public.lists import Narrowing, Stock, by_column, page, public, shown_through
from gongkai.web.disclosure.standing.models import Standing
from gongkai.web.filing.queries import published, readings
from gongkai.web.portal.caching import public_page
from gongkai.web.portal.site import Column, Head, Step, page_context

NEWEST = 10


def of_code(code: str) -> Agency:
    """The organ with that code; nothing is there for another."""
    organ = Agency.objects.filter(code=code).select_related("parent").order_by("path").first()
    if organ is None:
        raise Http404
    return organ


def way_to(organ: Agency, *last: Step) -> tuple[Step, ...]:
    """The way to a page of an organ."""
    return (Step(organ.short_name, reverse("portal:organ", args=[organ.code]) if last else ""), *last)


def _column_of(organ: Agency, name: str) -> Column:
    fixed = fixed_column(name)
    told = gettext("%(organ)s的%(what)s") % {"organ": organ.name, "what": fixed.title}
    return Column(name=fixed.title, type=fixed.type, description=told, keywords=(fixed.title, organ.short_name))


def _fixed(request: HttpRequest, organ: Agency, name: str, **more: Any) -> HttpResponse:
    fixed = fixed_column(name)
    context = page_context(request, Head(column=_column_of(organ, name)), *way_to(organ, Step(fixed.title)), organ=organ)
    return render(request, f"portal/{name}.html", {**context, "title": fixed.title, **more})


@require_safe
@public_page
def every(request: HttpRequest) -> HttpResponse:
    """All organs, the county first."""
    title = gettext("公开机关")
    context = page_context(request, Head(column=Column(name=title, type="机构职能", description=title)), Step(title))
    return render(request, "portal/organs.html", {**context, "title": title, "organs": Agency.objects.order_by("path")})


@require_safe
@public_page
def home(request: HttpRequest, code: str) -> HttpResponse:
    """The home of one organ."""
    organ = of_code(code)
    said = Column(name=organ.name, type="信息公开目录", description=gettext("%(organ)s的政府信息公开") % {"organ": organ.name})
    context = page_context(request, Head(column=said), *way_to(organ), organ=organ)
    newest = page(Narrowing(agencies=shown_through(organ)), size=NEWEST).rows
    context |= {"feed": reverse("portal:organ_feed", args=[organ.code]), "feed_title": organ.name}
    return render(request, "portal/organ.html", {**context, "newest": newest, "has_more": len(newest) == NEWEST})


@require_safe
@public_page
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The organ's guide, as a page; what the organ says of its office stands there even while no guide is published."""
    organ = of_code(code)
    found = standing_of(organ, "guide")
    return _fixed(request, organ, "guide", publication=found[0] if found else None)


@require_safe
@public_page
def rules(request: HttpRequest, code: str) -> HttpResponse:
    """The organ's institutional rules."""
    organ = of_code(code)
    return _fixed(request, organ, "rules", rows=standing_of(organ, "institution"))


@require_safe
@public_page
def content(request: HttpRequest, code: str) -> HttpResponse:
    """The statutory content by columns: those in which something stands or must stand."""
    organ = of_code(code)
    return _fixed(request, organ, "content", columns=columns_of(organ))


@require_safe
@public_page
def reports(request: HttpRequest, code: str) -> HttpResponse:
    """The annual reports of all years."""
    organ = of_code(code)
    rows = public(Narrowing(agencies=shown_through(organ), kind="annual_report")).select_related("item", "agency", "revision")
    said, counting = {row.publication: row for row in published()}, {row.publication for row in readings()}
    organs = Agency.objects.in_bulk()
    listed = [(row, said[row.pk], organs[said[row.pk].organ], row.pk in counting) for row in rows if row.pk in said]
    # By the year that they report on, the newest first; those of which no year is known stand last.
    listed.sort(key=lambda line: (line[1].year or 0, line[0].published_on, line[0].pk), reverse=True)
    return _fixed(request, organ, "reports", reports=listed)


@require_safe
@public_page
def request_entry(request: HttpRequest, code: str) -> HttpResponse:
    """How to ask an organ for what is not public."""
    return _fixed(request, of_code(code), "request")


def standing_of(organ: Agency, what: str) -> list[Publication]:
    """What stands in an organ as guide or as rule and is public here."""
    items = Standing.objects.filter(agency=organ, what=what, ended_by__isnull=True).values("item_id")
    return list(public().filter(item__in=items).select_related("item", "agency", "revision").order_by("-published_on", "-pk"))


def columns_of(organ: Agency) -> list[tuple[str, str, Stock | None, bool]]:
    """Id, title, stock and whether the law binds the organ to it, of every column with content or a duty, in the statute's order."""
    stock = by_column(shown_through(organ))
    try:
        bound = {row.id for row in duties(kind=organ.kind)}
    except LawMissing:
        bound = set()
    return [
        (row.id, row.title, stock.get(row.id), row.id in bound)
        for row in duties() if row.id in bound or row.id in stock
    ] + [(name, column_name(name), found, False) for name, found in stock.items() if name not in {row.id for row in duties()}]  # fmt: skip


def column_name(name: str) -> str:
    """The title of a column, its id where the law has none."""
    try:
        return duty(name).title
    except LawMissing:
        return name

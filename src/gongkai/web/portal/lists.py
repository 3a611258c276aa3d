"""The home page and the lists: what is new, a column of an organ, one kind of information of everybody."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gongkai.law import LawMissing
from gongkai.law.duties import duties, duty
from gongkai.law.portal import column_type, fixed_column
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.public.lists import Narrowing, by_column, page, shown_through
from gongkai.web.portal.caching import MEMORY, public_page
from gongkai.web.portal.organs import column_name, of_code
from gongkai.web.portal.site import Column, Head, Step, page_context
from gongkai.web.portal.templatetags.portal_words import kind_words

# What the home page shows apart, and how many rows of each.
HOME_KINDS, HOME_ROWS, NEWEST = ("policy", "interpretation", "notice"), 6, 10


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The way in: what is new, by kind, and the organs."""
    organs = MEMORY("organs", _organs)
    parts = [(name, words("kinds")[name], page(Narrowing(kind=name), size=HOME_ROWS).rows) for name in HOME_KINDS]
    context = page_context(request, Head())
    context |= {
        "newest": page(Narrowing(), size=NEWEST).rows,
        "parts": [part for part in parts if part[2]],
        "organs": organs,
        "is_home": True,
        "feed": reverse("portal:feed"),
    }
    return render(request, "portal/home.html", context)


def _organs() -> list[tuple[str, str]]:
    """Every organ's short name and address."""
    return [(organ.short_name, reverse("portal:organ", args=[organ.code])) for organ in Agency.objects.order_by("path")]


@require_safe
@public_page
def every(request: HttpRequest) -> HttpResponse:
    """Everything public, narrowed by organ, column, kind, year and month as the address says. What nobody knows narrows to nothing."""
    told, narrowing = _narrowed(request)
    title = gettext("公开的信息")
    context = page_context(request, Head(column=Column(name=title, type=column_type(kind="", column=""), description=title)), Step(title))
    kept = urlencode({name: request.GET[name] for name in ("organ", "column", "kind", "year", "month") if request.GET.get(name)})
    return _listed(request, {**context, "told": told, "kept": kept}, narrowing, title=title)


def _narrowed(request: HttpRequest) -> tuple[list[tuple[str, str]], Narrowing]:
    """What the list is narrowed to, in words and for the database."""
    asked = {name: request.GET.get(name, "")[:60] for name in ("organ", "column", "kind", "year", "month")}
    told, agencies = [], None
    if asked["organ"]:
        organ = of_code(asked["organ"])
        agencies = [organ.pk]
        told.append((gettext("机关"), organ.name))
    if asked["column"]:
        told.append((gettext("栏目"), column_name(asked["column"])))
    if asked["kind"]:
        told.append((gettext("类别"), kind_words(asked["kind"])))
    year = int(asked["year"]) if re.fullmatch(r"[12]\d{3}", asked["year"]) else None
    month = int(asked["month"]) if year and re.fullmatch(r"[1-9]|1[0-2]", asked["month"]) else None
    if year:
        told.append((gettext("发布年份"), f"{year}年{month}月" if month else f"{year}年"))
    return told, Narrowing(agencies=agencies, column=asked["column"], kind=asked["kind"], year=year, month=month)


@require_safe
@public_page
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Everything public of one kind, of all organs."""
    if kind != "all" and kind not in words("kinds"):
        raise Http404
    title = gettext("最新公开") if kind == "all" else kind_words(kind)
    column = Column(name=title, type=column_type(kind=kind, column=""), description=gettext("各机关公开的%(what)s") % {"what": title})
    context = page_context(request, Head(column=column), Step(title))
    return _listed(request, context, Narrowing(kind="" if kind == "all" else kind), title=title)


@require_safe
@public_page
def column(request: HttpRequest, code: str, column: str) -> HttpResponse:
    """One column of an organ's statutory content."""
    organ = of_code(code)
    try:
        title = duty(column).title
    except LawMissing as missing:
        raise Http404 from missing
    stock = by_column(shown_through(organ))
    if column not in stock and column not in {row.id for row in _duties(organ)}:
        raise Http404
    content = fixed_column("content")
    said = Column(
        name=title, type=column_type(kind="", column=column),
        description=gettext("%(organ)s依法主动公开的%(what)s") % {"organ": organ.name, "what": title},
    )  # fmt: skip
    way = (
        Step(organ.short_name, reverse("portal:organ", args=[organ.code])),
        Step(content.title, reverse("portal:content", args=[organ.code])),
        Step(title),
    )
    context = page_context(request, Head(column=said), *way, organ=organ)
    context |= {
        "feed": reverse("portal:column_feed", args=[organ.code, column]),
        "feed_title": f"{organ.short_name}：{title}",
        "in_column": column,
    }
    return _listed(request, context, Narrowing(agencies=shown_through(organ), column=column), title=title)


def _duties(organ: Agency) -> Any:
    try:
        return duties(kind=organ.kind)
    except LawMissing:
        return ()


def _listed(request: HttpRequest, context: dict[str, Any], narrowing: Narrowing, *, title: str) -> HttpResponse:
    found = page(narrowing, request.GET.get("after", ""))
    context |= {"title": title, "rows": found.rows, "after": found.after, "is_later": "after" in request.GET}
    return render(request, "portal/list.html", context)

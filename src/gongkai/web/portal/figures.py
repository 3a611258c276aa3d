"""What was published, in figures: a chart and its table, and behind every figure the list that it counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gongkai.law.publication import publication_limit
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.public.statistics import of_year, years
from gongkai.web.portal.caching import public_page
from gongkai.web.portal.flows import flows_of
from gongkai.web.portal.organs import column_name, of_code
from gongkai.web.portal.site import Column, Head, Step, page_context
from gongkai.web.portal.templatetags.portal_words import kind_words
from gongkai.web.settings import moment

# The chart of months: width and height of its drawing, the room below for the months, the room above for the figures.
WIDE, HIGH, BELOW, ABOVE = 720, 220, 28, 22
_STEP = WIDE / 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart: where it stands, how high it is, what it counts."""

    x: float
    y: float
    height: float
    middle: float
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its words, its figure, its share of the greatest in hundredths, and the list behind it."""

    words: str
    n: int
    share: int
    address: str


@require_safe
@public_page
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of a year, of all organs or of one."""
    organ = of_code(request.GET["organ"][:60]) if request.GET.get("organ") else None
    agencies = [organ.pk] if organ else None
    known = years(agencies)
    asked = request.GET.get("year", "")
    year = int(asked) if re.fullmatch(r"[12]\d{3}", asked) else known[0] if known else moment.today().year
    if asked and year not in known:
        raise Http404
    title = gettext("公开情况统计")
    said = Column(name=title, type="统计信息", description=title)
    way = (Step(organ.short_name, reverse("portal:organ", args=[organ.code])), Step(title)) if organ else (Step(title),)
    context = page_context(request, Head(column=said), *way, organ=organ)
    context |= {"title": title, "years": known, "year": year, **_figures(year, organ, agencies), **flows_of(organ)}
    return render(request, "portal/statistics.html", context)


def _figures(year: int, organ: Agency | None, agencies: list[int] | None) -> dict[str, Any]:
    limit = publication_limit(matter=None, on=moment.today())
    found = of_year(year, days=limit.days, agencies=agencies)
    organs = Agency.objects.in_bulk([pk for pk, _ in found.by_organ])
    fixed = {"year": year, **({"organ": organ.code} if organ else {})}

    def rows(pairs: Sequence[tuple[str, dict[str, str], int]]) -> list[Row]:
        most = max((n for _, _, n in pairs), default=1) or 1
        listed = reverse("portal:every")
        return [Row(words, n, round(100 * n / most), f"{listed}?{urlencode({**fixed, **more})}") for words, more, n in pairs]

    months = rows([(_month(number), {"month": str(number)}, n) for number, n in enumerate(found.by_month, start=1)])
    return {
        "found": found,
        "bars": _bars(found.by_month),
        "chart": {"wide": WIDE, "high": HIGH, "base": HIGH - BELOW},
        "by_month": months,
        "by_organ": rows([(organs[pk].name, {"organ": organs[pk].code}, n) for pk, n in found.by_organ]),
        "by_column": rows([(column_name(name), {"column": name}, n) for name, n in found.by_column]),
        "by_kind": rows([(kind_words(name), {"kind": name}, n) for name, n in found.by_kind]),
        "limit": limit,
    }


def _bars(counts: Sequence[int]) -> list[Bar]:
    most = max(counts) or 1
    room = HIGH - BELOW - ABOVE
    bars = []
    for number, n in enumerate(counts):
        height = round(room * n / most, 1)
        x = number * _STEP + _STEP * 0.18
        bars.append(Bar(round(x, 1), HIGH - BELOW - height, height, round(number * _STEP + _STEP / 2, 1), _month(number + 1), n))
    return bars


def _month(number: int) -> str:
    return gettext("%(number)s月") % {"number": number}

"""The search page: what is found, by what it can be narrowed, and what helps when nothing is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.finding import Suggestion, public_found, suggestions
from gongkai.web.disclosure.following import lag
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.portal.asking import MOST_PAGES, Asked, Read, column_title, read
from gongkai.web.portal.caching import fresh_page
from gongkai.web.portal.site import Head, Step, page_context
from gongkai.web.search import IndexLost, Page, excerpt, quoted

PAGE = 20
# From so few on other questions are offered; so many values of a filter are shown at once, and at all.
FEW, SHOWN, MOST = 2, 6, 40
# So much of a text is looked through for the passage that is shown.
LONGEST_TEXT = 20_000
FACETS = {"agency": "发布机构", "kind": "类别", "column": "栏目", "year": "年份", "validity": "有效性"}

# What stands in the filters in Chinese also where the page is English.
CHINESE = ("organ", "column")

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the result: what was looked for is marked in title and passage."""

    row: Publication
    title: Pieces
    passage: Pieces


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a filter: how much it leaves, and where it is switched on, or off when it is on."""

    title: str
    n: int
    address: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter with its values: those shown at once, and the others."""

    name: str
    title: str
    first: list[Value]
    rest: list[Value]

    @property
    def is_chinese(self) -> bool:
        """Whether its values are Chinese in any language of the page."""
        return self.name in CHINESE


@require_safe
@fresh_page
def search(request: HttpRequest) -> HttpResponse:
    """What is public and says the words. Not kept: what is found rests on the index, which follows the ledger a moment later."""
    found = read(request.GET)
    title = gettext("查找")
    context = page_context(request, Head(), Step(title), organ=found.organ)
    context |= {"title": title, "asked_words": found.asked.q, "asked": found.asked, "faults": found.faults, "chips": _chips(found)}
    try:
        is_stale = lag().is_stale
        context |= _answer(found) | {"is_stale": is_stale}
    except IndexLost:
        answer = render(request, "portal/search.html", {**context, "is_lost": True}, status=503)
        answer["Retry-After"] = "10"  # it is built anew meanwhile
        return answer
    return render(request, "portal/search.html", context, status=404 if context.get("is_past") else 200)


def _answer(found: Read) -> dict[str, Any]:
    asked = found.asked
    if not asked.q and not asked.limits:
        return {"is_blank": True}
    if asked.page > MOST_PAGES:
        return {"is_past": True}
    ask = found.asked.ask(found.organ)
    rows, page = public_found(ask, limit=PAGE, offset=PAGE * (asked.page - 1), facets=FACETS)
    last = min(max(1, math.ceil(page.total / PAGE)), MOST_PAGES)
    if asked.page > last:
        return {"is_past": True}
    meant, shorter = suggestions(ask, more_than=page.total) if asked.q and page.total <= FEW else ([], [])
    return {
        "lines": [_line(row, page.terms) for row in rows],
        "total": page.total,
        "also": _also(asked, page),
        "filters": _filters(asked, page) if page.total or asked.limits else [],
        "sorts": [
            (gettext("相关度"), asked.address(sort=""), asked.sort == ""),
            (gettext("最新"), asked.address(sort="newest"), asked.sort != ""),
        ],
        "pages": _pages(asked, last),
        "is_cut": page.total > PAGE * MOST_PAGES and asked.page == last,
        "meant": _offered(asked, meant),
        "shorter": _offered(asked, shorter),
        "wider": _wider(found) if not rows else None,
    }


def _line(row: Publication, terms: Sequence[str]) -> Found:
    content = row.revision.content
    text = " ".join(f"{content.get('summary', '')} {text_of(content['body'][:LONGEST_TEXT])}".split())
    return Found(row, excerpt(content["title"], terms, length=len(content["title"])), excerpt(text, terms))


def _also(asked: Asked, page: Page) -> list[tuple[str, str, str]]:
    """What was looked for too because it means the same: the words typed, the others, and the question without them."""
    rows = [(part.typed, "、".join(part.others), quoted(asked.q, part.typed)) for part in page.parts if part.others]
    return [(typed, others, asked.address(q=exact)) for typed, others, exact in rows]


def _chips(found: Read) -> list[tuple[str, str, bool]]:
    """The limits that are set in words, each with the question that is left without it, and whether the words are Chinese in any case."""
    asked = found.asked
    said = {
        "organ": found.organ.short_name if found.organ else "", "kind": _kind(asked.kind), "column": column_title(asked.column),
        "year": _year(asked.year), "validity": _validity(asked.validity),
        "since": gettext("%(day)s以后") % {"day": asked.since}, "until": gettext("%(day)s以前") % {"day": asked.until},
    }  # fmt: skip
    return [(said[name], asked.address(**{name: ""}), name in CHINESE) for name in asked.limits]


def _filters(asked: Asked, page: Page) -> list[Filter]:
    made = []
    for facet, title in FACETS.items():
        values = _organs(asked, page.facets[facet]) if facet == "agency" else _values(facet, page.facets[facet])
        if facet == "year":
            values.sort(key=lambda row: row[0], reverse=True)
        if len(values) > 1 or (values and facet in ("kind", "validity")):
            made.append(_filter(asked, "organ" if facet == "agency" else facet, gettext(title), values))
    return made


def _values(facet: str, rows: Sequence[tuple[str, int]]) -> list[tuple[str, str, int]]:
    say = {"kind": _kind, "column": column_title, "year": _year, "validity": _validity}[facet]
    return [(value, said, n) for value, n in rows if (said := say(value))]


def _organs(asked: Asked, rows: Sequence[tuple[str, int]]) -> list[tuple[str, str, int]]:
    """The organs with most, and the one that is chosen: a province has too many to show them all."""
    counts = dict(rows[:MOST])
    known = Agency.objects.filter(Q(path__in=counts) | Q(code=asked.organ)).values_list("path", "code", "short_name")
    counts |= {path: n for path, n in rows[MOST:] if any(path == one for one, code, _ in known if code == asked.organ)}
    names = {path: (code, name) for path, code, name in known}
    return [(*names[path], n) for path, n in counts.items() if path in names]


def _filter(asked: Asked, name: str, title: str, values: Sequence[tuple[str, str, int]]) -> Filter:
    now = getattr(asked, name)
    chosen = sorted(values, key=lambda row: row[0] != now)[:MOST]
    made = [Value(said, n, asked.address(**{name: "" if value == now else value}), value == now) for value, said, n in chosen]
    return Filter(name, title, made[:SHOWN], made[SHOWN:])


def _kind(name: str) -> str:
    return gettext(words("kinds")[name]) if name in words("kinds") else ""


def _validity(name: str) -> str:
    return gettext(words("validities")[name]) if name in words("validities") else ""


def _year(name: str) -> str:
    return gettext("%(year)s年") % {"year": name} if name else ""


def _pages(asked: Asked, last: int) -> list[tuple[int, str, bool]]:
    """The pages to go to: the first, the last, and those around this one. 0 stands for those left out."""
    near = {1, last, *range(max(1, asked.page - 2), min(last, asked.page + 2) + 1)}
    made: list[tuple[int, str, bool]] = []
    for number in sorted(near):
        if made and number - made[-1][0] > 1:
            made.append((0, "", False))
        made.append((number, asked.address(page=number), number == asked.page))
    return made if last > 1 else []


def _offered(asked: Asked, rows: Sequence[Suggestion]) -> list[tuple[str, int, str]]:
    return [(row.words, row.total, asked.address(q=row.words)) for row in rows]


def _wider(found: Read) -> tuple[int, str] | None:
    """How much there would be without any limit, and where; ``None`` where no limit is set or nothing would be."""
    if not found.asked.limits or not found.asked.q:
        return None
    free = Asked(q=found.asked.q)
    rows, page = public_found(free.ask(None), limit=5)
    return (page.total, free.address()) if rows else None

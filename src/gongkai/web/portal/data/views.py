"""The page of the files, the files, and their catalogue."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.http import http_date
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongkai.web.portal.api.answering import Stopped
from gongkai.web.portal.data.catalogue import TITLES, catalogue
from gongkai.web.portal.data.dumps import TYPES, Dump, found, standing
from gongkai.web.portal.site import Column, Head, Step, page_context, site_of

AGAIN = 60


@never_cache
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Every file by year."""
    title = gettext("开放数据")
    said = Column(name=title, type="数据开放", description=gettext("本平台公开的信息按年度打包的数据文件"))
    context = page_context(request, Head(column=said), Step(title))
    return render(request, "portal/data.html", context | {"title": title, "years": by_year(standing())})


def by_year(dumps: list[Dump]) -> list[tuple[int, list[tuple[str, list[Dump]]]]]:
    """Year → (what it is, its files), the newest year first."""
    order = list(TITLES)
    rows = sorted(dumps, key=lambda dump: (-dump.year, order.index(dump.kind)))
    return [
        (year, [(TITLES[kind], list(files)) for kind, files in groupby(of_year, key=lambda dump: dump.kind)])
        for year, of_year in groupby(rows, key=lambda dump: dump.year)
    ]


def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file, while it says nothing that is not public any more."""
    dump = found(name)
    if dump is None:
        raise Stopped(404, "not_found", gettext("没有这个数据文件，有哪些见/data/。"))
    if dump.says_too_much():
        raise Stopped(503, "renewing", gettext("有信息刚刚撤回或者更新，数据文件正在重新制作，请一分钟后再试。"), retry_after=AGAIN)
    try:
        source = dump.path.open("rb")
    except FileNotFoundError as error:
        raise Stopped(503, "renewing", gettext("数据文件正在重新制作，请一分钟后再试。"), retry_after=AGAIN) from error
    answer = FileResponse(source, as_attachment=True, filename=dump.name, content_type=TYPES[dump.format])
    answer["ETag"], answer["Last-Modified"] = f'W/"{dump.sha256[:32]}"', http_date(dump.made.timestamp())
    return answer


def catalogued(request: HttpRequest) -> HttpResponse:
    """The catalogue for programs that gather catalogues."""
    said: dict[str, Any] = catalogue(site_of(request), standing())
    return JsonResponse(said, content_type="application/ld+json; charset=utf-8", json_dumps_params={"ensure_ascii": False})

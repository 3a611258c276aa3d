"""The addresses of the API, with their types: OpenAPI is made from here."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from gongkai.law import LawMissing, editions, report_format
from gongkai.law.duties import duties
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.public.lists import by_column
from gongkai.web.disclosure.public.registers import fees, one_row, rows_page
from gongkai.web.disclosure.registers.values import registers
from gongkai.web.portal.api import figures, items, reports, schemas
from gongkai.web.portal.api.answering import Stopped, told
from gongkai.web.portal.api.cursors import LONGEST, opened, sealed
from gongkai.web.portal.api.tables import Kind, as_csv
from gongkai.web.portal.site import site_of

VERSION = "1"


class _Readable(JSONRenderer):
    """JSON in which Chinese stands as it is."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="政府信息公开开放数据",
    version=VERSION,
    description="本平台向社会公开的内容，供程序读取。只读，不需要账号。现在不公开的，这里也没有。",
    openapi_url=None,
    docs_url=None,
    urls_namespace="open-data",
    renderer=_Readable(),
)
REFUSALS = {400: schemas.Refusal, 404: schemas.Refusal, 405: schemas.Refusal, 422: schemas.Refusal, 429: schemas.Refusal}
# Beside JSON the same rows as CSV.
WITH_CSV: dict[str, Any] = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, 304: {"description": "没有变化"}}}
PLAIN: dict[str, Any] = {"responses": {304: {"description": "没有变化"}}}

Code = Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9_-]*$")]
Year = Annotated[int, Field(ge=1949, le=2999)]
Limit = Annotated[int, Field(ge=1, le=100, description="每页多少条，最多100")]
Cursor = Annotated[str, Field(max_length=LONGEST, pattern=r"^[A-Za-z0-9_-]*$", description="上一页的next里给的翻页标记")]


class Formatted(Schema):
    """What every list takes."""

    format: Kind = Field("json", description="json或者csv")


class ItemsAsked(Formatted):
    """Which items."""

    organ: Code = Field("", description="机关代码；联合发布的，各机关都算")
    column: Code = Field("", description="栏目代码")
    kind: Code = Field("", description="类别代码")
    year: Year | SkipJsonSchema[None] = Field(None, description="发布年份")
    published_from: datetime.date | SkipJsonSchema[None] = Field(None, description="从这一天起发布的")
    published_to: datetime.date | SkipJsonSchema[None] = Field(None, description="到这一天为止发布的")
    validity: Literal["", "in_force", "lapsed", "repealed"] = Field("", description="in_force有效、lapsed失效、repealed废止")
    limit: Limit = 50
    cursor: Cursor = ""


class RowsAsked(Formatted):
    """Which rows of a register."""

    year: Year = Field(description="年度")
    organ: Code = Field("", description="机关代码")
    limit: Limit = 50
    cursor: Cursor = ""


class CountsAsked(Formatted):
    """Which counts."""

    year: Year = Field(description="年度")
    organ: Code = Field("", description="机关代码")


class ReportsAsked(Formatted):
    """Which annual reports."""

    organ: Code = Field("", description="机关代码")
    year: Year | SkipJsonSchema[None] = Field(None, description="年度")
    limit: Annotated[int, Field(ge=1, le=1000, description="每页多少格，最多1000；一份报告不超过250格")] = 250
    cursor: Cursor = ""


def _organ(code: str) -> Agency:
    found = Agency.objects.filter(code=code).order_by("path").first()
    if found is None:
        raise Stopped(404, "not_found", gettext("没有代码为“%(code)s”的机关。") % {"code": code})
    return found


def _next(request: HttpRequest, cursor: str) -> str | None:
    """The address of the next page: this one with another cursor."""
    if not cursor:
        return None
    asked = request.GET.copy()
    asked["cursor"] = cursor
    return f"{site_of(request).address}{request.path}?{asked.urlencode()}"


def _rows(request: HttpRequest, asked: Formatted, rows: list[dict[str, Any]], row: type[Schema], *, cursor: str | None = None) -> Any:
    """Rows as the caller wants them; a page also tells where the next one is."""
    name = request.path.removeprefix("/api/").strip("/").replace("/", "-")
    following = _next(request, cursor) if cursor else None
    if asked.format == "csv":
        answer = as_csv(rows, list(row.model_fields), name)
        if following:
            answer["Link"] = f'<{following}>; rel="next"'
        return answer
    return {"rows": rows} if cursor is None else {"rows": rows, "next": following}


@api.get(
    "items", response={200: schemas.Items, **REFUSALS}, openapi_extra=WITH_CSV, url_name="api_items",
    summary="公开的信息，最新的在前",
    description="按机关、栏目、类别、年份、发布日期和有效性筛选。翻页用next给的地址。",
)  # fmt: skip
def list_items(request: HttpRequest, asked: Query[ItemsAsked]) -> Any:
    """A page of items."""
    if asked.kind and asked.kind not in words("kinds"):
        raise Stopped(404, "not_found", gettext("没有代码为“%(code)s”的类别。") % {"code": asked.kind})
    wanted = items.Asked(
        organ=_organ(asked.organ) if asked.organ else None, column=asked.column, kind=asked.kind, year=asked.year,
        published_from=asked.published_from, published_to=asked.published_to, validity=asked.validity,
    )  # fmt: skip
    rows, cursor = items.page(wanted, asked.cursor, asked.limit, site_of(request).address)
    return _rows(request, asked, rows, schemas.ItemRow, cursor=cursor)


@api.get(
    "items/{slug}", response={200: schemas.Item, 410: schemas.Refusal, **REFUSALS}, openapi_extra=PLAIN, url_name="api_item",
    summary="一条信息",
    description="现在公开的这一稿。撤回的答410，写明理由。",
)  # fmt: skip
def one_item(request: HttpRequest, slug: str) -> Any:
    """One item."""
    return items.one(slug, site_of(request).address)


@api.get(
    "organs", response={200: schemas.Organs, **REFUSALS}, openapi_extra=WITH_CSV, url_name="api_organs",
    summary="公开机关",
    description="所有机关，县级在前。",
)  # fmt: skip
def list_organs(request: HttpRequest, asked: Query[Formatted]) -> Any:
    """Every organ."""
    site = site_of(request).address
    organs = Agency.objects.select_related("parent").order_by("path")
    return _rows(request, asked, [_told_organ(organ, site) for organ in organs], schemas.Organ)


def _told_organ(organ: Agency, site: str) -> dict[str, Any]:
    said = {
        "code": organ.code, "name": organ.name, "short_name": organ.short_name, "kind": organ.kind,
        "parent": organ.parent.code if organ.parent else None, "address": site + reverse("portal:organ", args=[organ.code]),
    }  # fmt: skip
    more = {
        "credit_code": organ.credit_code, "office_name": organ.office_name, "office_address": organ.address, "office_hours": organ.hours,
        "phone": organ.phone, "fax": organ.fax, "internet_contact": organ.internet_contact,
    }  # fmt: skip
    return said | {name: value or None for name, value in more.items()}


@api.get(
    "columns", response={200: schemas.ContentColumns, **REFUSALS}, openapi_extra=WITH_CSV, url_name="api_columns",
    summary="法定主动公开内容",
    description="条例列明的每项内容，和现在公开了多少。",
)  # fmt: skip
def list_columns(request: HttpRequest, asked: Query[Formatted]) -> Any:
    """The statutory content."""
    stock = by_column(Agency.objects.values_list("pk", flat=True))
    rows = [
        {
            "id": duty.id, "title": duty.title, "basis": duty.basis, "organ_kinds": list(duty.kinds),
            "n_items": stock[duty.id].n_items if duty.id in stock else 0, "last_on": stock[duty.id].last_on if duty.id in stock else None,
        }
        for duty in duties()
    ]  # fmt: skip
    return _rows(request, asked, rows, schemas.ContentColumn)


@api.get(
    "registers", response={200: schemas.Registers, **REFUSALS}, openapi_extra=WITH_CSV, url_name="api_registers",
    summary="登记册",
    description="年度报告第二部分由这些登记册计数。",
)  # fmt: skip
def list_registers(request: HttpRequest, asked: Query[Formatted]) -> Any:
    """Every register."""
    return _rows(request, asked, figures.told_registers(), schemas.Register)


@api.get(
    "registers/{kind}", response={200: schemas.RegisterRows, **REFUSALS}, openapi_extra=WITH_CSV, url_name="api_register",
    summary="登记册里一年的记录",
    description="计入这一年的记录，只有现在有效的。没有公开的决定只计数，行政事业性收费按月合计，一次给完。",
)  # fmt: skip
def list_register(request: HttpRequest, kind: str, asked: Query[RowsAsked]) -> Any:
    """A page of a register."""
    known = _register(kind)
    organ = _organ(asked.organ) if asked.organ else None
    bound = f"{kind}|{asked.year}|{asked.organ}"
    if known.shape == "fee":
        rows, cursor = list(fees(asked.year, organ)), ""
    else:
        after = int(opened(asked.cursor, bound)) if asked.cursor else 0
        rows, key = rows_page(kind, asked.year, organ, after, asked.limit)
        cursor = sealed(str(key), bound) if key else ""
    return _rows(request, asked, [figures.told_row(row) for row in rows], schemas.RegisterRow, cursor=cursor)


def _register(name: str) -> Any:
    found = registers().get(name)
    if found is None:
        raise Stopped(404, "not_found", gettext("没有这个登记册。"))
    return found


@api.get(
    "registers/{kind}/{organ}/{path:number}", response={200: schemas.RegisterRow, **REFUSALS}, openapi_extra=PLAIN, url_name="api_register_row",
    summary="登记册里的一条",
    description="按文号找规章、规范性文件或者公开的决定。",
)  # fmt: skip
def one_register_row(request: HttpRequest, kind: str, organ: str, number: str) -> Any:
    """One row by its number."""
    shape = _register(kind).shape
    row = one_row(kind, _organ(organ), number[:60]) if shape != "fee" else None
    if row is None:
        raise Stopped(404, "not_found", gettext("没有这条记录，或者它没有公开。"))
    return figures.told_row(row)


@api.get(
    "statistics", response={200: schemas.Counts, **REFUSALS}, openapi_extra=WITH_CSV, url_name="api_statistics",
    summary="公开数量",
    description="这一年发布、现在仍然公开的，按机关、月份、栏目和类别计数。",
)  # fmt: skip
def list_counts(request: HttpRequest, asked: Query[CountsAsked]) -> Any:
    """How much stands."""
    rows = figures.counts(asked.year, _organ(asked.organ) if asked.organ else None)
    return _rows(request, asked, rows, schemas.Count)


@api.get(
    "statistics/{organ}/{year}", response={200: schemas.OrganYear, **REFUSALS}, openapi_extra=PLAIN, url_name="api_organ_year",
    summary="一个机关一年的主渠道和时效",
    description="每条信息按第一次发布计一次。时效只统计写明了起算日的。",
)  # fmt: skip
def one_organ_year(request: HttpRequest, organ: str, year: Year) -> Any:
    """An organ's year."""
    return figures.organ_year(_organ(organ), year)


@api.get(
    "statistics/{organ}/{year}/table-two", response={200: schemas.Figures, **REFUSALS}, openapi_extra=WITH_CSV, url_name="api_table_two",
    summary="年度报告第二部分的数字",
    description="由登记册、“本年无”申报和申报的数字得出，每天可能变化，以公布的年度报告为准。没有人说过的是null，不是0。",
)  # fmt: skip
def list_table_two(request: HttpRequest, organ: str, year: Year, asked: Query[Formatted]) -> Any:
    """Table two of a year."""
    try:
        rows = list(figures.table_two(_organ(organ), year))
    except LawMissing as missing:
        raise Stopped(404, "not_found", str(missing)) from missing
    return _rows(request, asked, rows, schemas.FigureRow)


@api.get(
    "annual-reports", response={200: schemas.AnnualReports, **REFUSALS}, openapi_extra=WITH_CSV, url_name="api_reports",
    summary="年度报告的单元格",
    description="现在公布的年度报告，由程序从正文或者附件读出，一行一个单元格，以报告原文为准。空白、斜杠、文字、没有的格和读不准的格分开写，没有数值。"
    "一个机关一年只有最后公布的一份；没有读出表格或者年份的不在内。",
)  # fmt: skip
def list_reports(request: HttpRequest, asked: Query[ReportsAsked]) -> Any:
    """Annual reports by cells."""
    rows, cursor = reports.page(_organ(asked.organ) if asked.organ else None, asked.year, asked.cursor, asked.limit)
    return _rows(request, asked, rows, schemas.ReportCell, cursor=cursor)


@api.get(
    "annual-reports/formats/{edition}", response={200: schemas.Format, **REFUSALS}, openapi_extra=WITH_CSV, url_name="api_format",
    summary="年度报告格式的单元格地址",
    description="一版格式里的每个单元格：地址、所在的表、名称和单位。",
)  # fmt: skip
def one_format(request: HttpRequest, edition: str, asked: Query[Formatted]) -> Any:
    """The cells of an edition."""
    if edition not in editions():
        raise Stopped(404, "not_found", gettext("没有这一版格式，有%(editions)s。") % {"editions": "、".join(editions())})
    known = report_format(edition)
    made = _rows(request, asked, figures.format_cells(known), schemas.FormatCell)
    if asked.format == "csv":
        return made
    about = {name: getattr(known, name) for name in ("edition", "name", "document", "first_year", "last_year")}
    return about | made


@api.exception_handler(ValidationError)
def _wrong(request: HttpRequest, error: ValidationError) -> Any:
    # Each says where it stands: in the path with its name, in the query with the argument, its name, and for some which type was tried.
    names = sorted({str((*fault["loc"], "")[2] or fault["loc"][-1]) for fault in error.errors})
    return told(Stopped(422, "parameter", gettext("参数不对：%(names)s") % {"names": "、".join(names)}))


@api.exception_handler(Stopped)
def _stopped(request: HttpRequest, stopped: Stopped) -> Any:
    return told(stopped)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> Any:
    return told(Stopped(404, "not_found", gettext("没有找到。")))

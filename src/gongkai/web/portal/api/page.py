"""The page that tells how to use the API: every address with its parameters and fields, and examples of this very site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, override
from django.views.decorators.http import require_safe

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.public.lists import Narrowing
from gongkai.web.disclosure.public.lists import page as newest
from gongkai.web.disclosure.registers.models import Document
from gongkai.web.portal.api.examples import examples
from gongkai.web.portal.caching import public_page
from gongkai.web.portal.site import Column, Head, Step, page_context
from gongkai.web.settings import moment


@require_safe
@public_page
def page(request: HttpRequest) -> HttpResponse:
    """How to use the API."""
    title = gettext("开放数据接口")
    said = Column(name=title, type="数据开放", description=gettext("本平台公开的信息供程序读取的接口和用法"))
    context = page_context(request, Head(column=said), Step(gettext("开放数据"), "/data/"), Step(title))
    places = places_here()
    shown = [
        (example, example.at(places), unquote(example.at(places))) for example in examples() if "" not in _used(example.address, places)
    ]
    context |= {"title": title, "examples": shown, "operations": list(operations()), "per_minute": settings.API_PER_MINUTE}
    return render(request, "portal/api.html", context)


def places_here() -> dict[str, str]:
    """Something of this site that the examples can ask for; empty where there is none."""
    documents = Document.objects.filter(register="normative_document", ended_by__isnull=True).select_related("agency")
    document = documents.order_by("-issued_on", "-pk").first()
    found = newest(Narrowing(), size=1).rows
    organ = document.agency if document else Agency.objects.order_by("path").first()
    year = document.issued_on.year if document else found[0].published_on.year if found else moment.today().year
    slug = found[0].item.slug if found else ""
    return {"organ": organ.code if organ else "", "year": str(year), "slug": slug, "number": document.number if document else ""}


def _used(address: str, places: Mapping[str, str]) -> set[str]:
    return {value for name, value in places.items() if f"{{{name}}}" in address}


def operations() -> Iterator[dict[str, Any]]:
    """Every address with its parameters and the fields of its answer, out of the description in OpenAPI."""
    from gongkai.web.portal.api.urls import described

    with override("zh-hans"):
        said = described()
    known = said["components"]["schemas"]
    for address, methods in said["paths"].items():
        told = methods["get"]
        answer = told["responses"][200]["content"]
        schema = _resolved(answer["application/json"]["schema"], known)
        rows = schema.get("properties", {}).get("rows")
        fields = _resolved(rows["items"], known) if rows else schema
        yield {
            "address": address, "summary": told["summary"], "description": told.get("description", ""), "has_csv": "text/csv" in answer,
            "parameters": [(row["name"], row.get("description", ""), row["required"]) for row in told["parameters"]],
            "fields": [(name, field.get("description", "")) for name, field in fields.get("properties", {}).items()], "is_list": bool(rows),
        }  # fmt: skip


def _resolved(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    return known[reference.rpartition("/")[2]] if reference else schema

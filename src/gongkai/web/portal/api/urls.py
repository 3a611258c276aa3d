"""Addresses of the API, each answering as open data does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext

from gongkai.web.portal.api.answering import Stopped, open_data, told
from gongkai.web.portal.api.endpoints import api
from gongkai.web.portal.api.page import page
from gongkai.web.portal.site import site_of

PREFIX = "/api/"


@cache
def described() -> Mapping[str, Any]:
    """The description in OpenAPI, without where the site stands."""
    return dict(api.get_openapi_schema(path_prefix=PREFIX))


def openapi(request: HttpRequest) -> HttpResponse:
    """The description in OpenAPI."""
    said = {**described(), "servers": [{"url": site_of(request).address}]}
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


@cache
def asked_of(name: str) -> frozenset[str]:
    """The names that the query of that address may hold."""
    operations = [view.operations[0] for _, view in api.default_router.path_operations.items()]
    found = next(operation for operation in operations if operation.url_name == name)
    paths = described()["paths"].values()
    told_of = next(row["get"] for row in paths if row["get"]["operationId"] == api.get_openapi_operation_id(found))
    return frozenset(row["name"] for row in told_of["parameters"] if row["in"] == "query")


def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address below: refused as the API refuses, not with a page."""
    return told(Stopped(404, "not_found", gettext("接口没有这个地址，用法见/api/。")))


def _wrapped(pattern: URLPattern) -> URLPattern:
    names: Callable[[], frozenset[str]] = partial(asked_of, pattern.name)
    return path(pattern.pattern._route, open_data(pattern.callback, names), name=pattern.name)


urlpatterns = [
    path("", page, name="api"),
    path("openapi.json", open_data(openapi), name="openapi"),
    *(_wrapped(pattern) for pattern in api.urls[0] if pattern.name != "api-root"),
    # Of any signs, a line break among them, which no other pattern takes.
    re_path(r"^(?P<rest>(?s:.+))\Z", open_data(nowhere), name="api_nowhere"),
]

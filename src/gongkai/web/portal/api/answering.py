"""How every address of the open data answers: counted, kept, compared with what the caller has, and refused in plain words.

A view made by :func:`open_data` depends on nothing but its address and what is public. Its answers are in Chinese whatever the
caller's language, because what they carry is.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from django.utils.translation import gettext, override

from gongkai.web.agencies.models import Agency
from gongkai.web.filing.queries import last_read_at
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.portal.api.rates import RATES
from gongkai.web.portal.caching import LONGEST_QUERY, VERSION, Kept, Shelf, kept_of, unseen, whole
from gongkai.web.settings import moment

# Bytes of answers that one process keeps beside the pages, and the largest that is kept.
MOST_BYTES, LARGEST = 16_000_000, 1_000_000
# A day of change is told only when it is over for so long: within it, two states could bear the same second.
SETTLED = datetime.timedelta(minutes=1)
LANGUAGE = "zh-hans"
SHELF = Shelf(MOST_BYTES)
Under = tuple[int, datetime.date]
View = Callable[..., HttpResponseBase]


class Stopped(Exception):
    """An answer that is a refusal: its status, a name for programs, a sentence for people, and what else is to be said."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.more = status, code, message, more


def told(stopped: Stopped) -> HttpResponse:
    """A refusal as it goes out."""
    error = {"code": stopped.code, "message": stopped.message, **stopped.more}
    answer = JsonResponse({"error": error}, status=stopped.status, json_dumps_params={"ensure_ascii": False})
    if stopped.status == 405:
        answer["Allow"] = "GET, HEAD"
    if "retry_after" in stopped.more:
        answer["Retry-After"] = str(stopped.more["retry_after"])
    return answer


def open_data(view: View, asked: Callable[[], Collection[str]] = tuple, *, is_kept: bool = True) -> View:
    """A view of open data. ``asked`` gives the names that its query may hold; any other is refused, not passed over in silence.

    An answer is kept in memory for the next caller, unless ``is_kept`` says that it follows from more than what is public.
    """

    @functools.wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        with override(LANGUAGE):
            stopped = _stopped(request, asked, named)
            answer = told(stopped) if stopped else _found(request, lambda asking: view(asking, *arguments, **named), is_kept)
        answer["Access-Control-Allow-Origin"] = "*"
        answer.headers.setdefault("Cache-Control", "no-cache")
        return _emptied(answer) if request.method == "HEAD" else answer

    # What looks for the character NUL for everybody else leaves it to this answer.
    answered.tells_nul = True  # type: ignore[attr-defined]  # a mark for the middleware, on a function
    return answered


def _stopped(request: HttpRequest, asked: Callable[[], Collection[str]], named: Mapping[str, Any]) -> Stopped | None:
    if request.method not in ("GET", "HEAD"):
        return Stopped(405, "method", gettext("开放数据只能读取，请用GET。"))
    if seconds := RATES.wait(str(request.META.get("REMOTE_ADDR", "")), settings.API_PER_MINUTE):
        words = gettext("访问太频繁，请%(seconds)s秒后再试。需要大量数据的，请下载/data/里的年度数据文件。") % {"seconds": seconds}
        return Stopped(429, "too_many", words, retry_after=seconds)
    if any("\0" in text for text in (*request.GET.values(), *named.values()) if isinstance(text, str)):
        return Stopped(404, "not_found", gettext("没有找到。"))
    if strange := sorted(set(request.GET) - set(asked())):
        return Stopped(422, "unknown_parameter", gettext("不认识参数：%(names)s") % {"names": "、".join(strange)[:200]})
    return None


def _found(request: HttpRequest, view: Callable[[HttpRequest], Any], is_kept: bool) -> HttpResponseBase:
    under = (VERSION.now(), moment.today())
    since = changed_at(under)
    query = request.META.get("QUERY_STRING", "")
    key = (request.path, query, request.get_host(), request.is_secure())
    kept = SHELF.get(under, key)
    if kept is None:
        made = _made(request, view)
        if made.streaming:
            return _unless_known(request, made)
        kept = kept_of(made)
        if is_kept and kept.status in (200, 410) and kept.size <= LARGEST and len(query) <= LONGEST_QUERY:
            SHELF.put(under, key, kept)
    return _answer(request, kept, since if is_kept else moment.now())


def _made(request: HttpRequest, view: Callable[[HttpRequest], Any]) -> Any:
    method, request.method = request.method, "GET"
    try:
        return view(request)
    except Stopped as stopped:
        return told(stopped)
    finally:
        request.method = method


def _answer(request: HttpRequest, kept: Kept, since: datetime.datetime) -> HttpResponse:
    is_settled = kept.status == 200 and moment.now() - since >= SETTLED
    if kept.status == 200 and _is_known(request, kept.etag, since if is_settled else None):
        answer = HttpResponse(status=304)
        del answer["Content-Type"]
    else:
        answer = whole(request, kept)
    if kept.status == 200:
        answer["ETag"] = kept.etag
        if is_settled:
            answer["Last-Modified"] = http_date(since.timestamp())
    patch_vary_headers(answer, ("Accept-Encoding",))
    return answer


def _is_known(request: HttpRequest, etag: str, since: datetime.datetime | None) -> bool:
    """Whether the caller has it already. The mark of what he has counts before the day on which he got it."""
    if marks := request.headers.get("If-None-Match"):
        known = parse_etags(marks)
        return etag in known or "*" in known
    day = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and day is not None and int(since.timestamp()) <= day


def _unless_known(request: HttpRequest, made: Any) -> HttpResponseBase:
    """A file, or that the caller has it. What was opened is closed by the server, with the answer."""
    if made.status_code == 200 and _is_known(request, made.headers.get("ETag", ""), None):
        made.status_code, made.streaming_content = 304, ()
        for name in ("Content-Type", "Content-Length", "Content-Disposition"):
            del made[name]
    return made


def _emptied(answer: Any) -> HttpResponseBase:
    """What HEAD answers: the same head, nothing behind it."""
    if answer.streaming:
        answer.streaming_content = ()
    else:
        length, answer.content = len(answer.content), b""
        answer["Content-Length"] = str(length)
    return answer


_CHANGED: dict[Under, datetime.datetime] = {}


def changed_at(under: Under) -> datetime.datetime:
    """When what is public changed last: the last act that the public could see, or reading of a report; at the earliest the day's beginning.

    Asked once for each version, before anything is answered under it: an answer is never older than the moment told with it.
    """
    if under not in _CHANGED:
        begun = datetime.datetime.combine(under[1], datetime.time(), tzinfo=moment.ZONE)
        seen = LedgerEntry.objects.exclude(action__in=unseen()).order_by("-number")
        counties = Agency.objects.filter(parent__isnull=True).values_list("path", flat=True)
        days = [seen.filter(county=county).values_list("recorded_at", flat=True).first() for county in counties]
        found = max([begun, *(day for day in (*days, last_read_at()) if day is not None)])
        _CHANGED.clear()
        _CHANGED[under] = found
    return _CHANGED.get(under) or moment.now()

"""Pages kept in memory, and what a browser may keep of them.

What the public reads changes only by acts, and every act is in the ledger; and by what the worker reads of published reports. So a page
is good as long as no entry was appended that the public could see, nothing was read, and the day is the same (a document lapses on its
day). Every answer carries a validator and is asked for again each time: a withdrawal shows at once.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from gongkai.web.agencies.models import Agency
from gongkai.web.filing.queries import newest_reading
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.portal.looks import look_of
from gongkai.web.settings import moment

# Bytes of compressed pages that one process keeps, and from which size on an answer is worth compressing.
MOST_BYTES, LEAST = 48_000_000, 300
LONGEST_QUERY = 200
Made = TypeVar("Made")

# County → number and digest of the last entry of its chain; under READINGS the key of the last reading of a report.
Ends = Mapping[str, tuple[int, str]]
READINGS = "#readings"


@cache
def unseen() -> frozenset[str]:
    """The actions that change nothing for the public."""
    return frozenset(yaml.safe_load((Path(__file__).parent / "unseen.yaml").read_text(encoding="utf-8")))


class Version:
    """Which state the public's pages show: it grows when an act was entered that they could show, or a report was read."""

    def __init__(self) -> None:
        self._seen: Ends = {}
        self._number = 0
        self._lock = threading.Lock()

    def now(self) -> int:
        """The number of the state; two answers under one number read the same. Another process counts otherwise."""
        ends = _ends()
        with self._lock:
            if ends != self._seen:
                if ends.keys() != self._seen.keys() or any(self._shows(county, end) for county, end in ends.items()):
                    self._number += 1
                self._seen = ends
            return self._number

    def _shows(self, county: str, end: tuple[int, str]) -> bool:
        """Whether something was entered since that the public could see, or the chain is not the one that was seen."""
        known, digest = self._seen[county]
        if end == (known, digest) or county == READINGS:
            return end != (known, digest)
        entries = LedgerEntry.objects.filter(county=county, number__gte=known).order_by("number")
        first = entries.values_list("number", "digest").first()
        if known and first != (known, digest):
            return True
        return entries.filter(number__gt=known).exclude(action__in=unseen()).exists()


def _ends() -> Ends:
    statement, values = _ends_statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    ends = {path: (number or 0, digest or "") for path, number, digest, _ in rows}
    return {**ends, READINGS: (max((last or 0 for *_, last in rows), default=0), "")}


@cache
def _ends_statement(vendor: str) -> tuple[str, tuple[Any, ...]]:
    last = LedgerEntry.objects.filter(county=OuterRef("path")).order_by("-number")
    roots = Agency.objects.filter(parent__isnull=True).order_by()
    ends = (Subquery(last.values(name)[:1]) for name in ("number", "digest"))
    return roots.values_list("path", *ends, Subquery(newest_reading().values("pk")[:1])).query.sql_with_params()


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: its bytes, compressed where that pays (hardly any reader asks for them otherwise), and the headers that are its own."""

    status: int
    data: bytes
    is_packed: bool
    etag: str
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.data) + 500

    @property
    def body(self) -> bytes:
        """The bytes as they are."""
        return gzip.decompress(self.data) if self.is_packed else self.data


class Shelf:
    """The answers that are kept, the longest unused leaving first. All of them leave when the version or the day is another one."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._size = most, 0
        self._under: object = None
        self._rows: OrderedDict[tuple[Any, ...], Kept] = OrderedDict()
        self._lock = threading.Lock()

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._rows.clear()
            self._under, self._size = None, 0

    def get(self, under: object, key: tuple[Any, ...]) -> Kept | None:
        """The answer of that key, made under that version."""
        with self._lock:
            if under != self._under:
                self._rows.clear()
                self._under, self._size = under, 0
            row = self._rows.get(key)
            if row is not None:
                self._rows.move_to_end(key)
            return row

    def put(self, under: object, key: tuple[Any, ...], row: Kept) -> None:
        """Keep an answer, unless the version went on while it was made."""
        with self._lock:
            if under != self._under or key in self._rows:
                return
            self._rows[key] = row
            self._size += row.size
            while self._size > self._most:
                _, gone = self._rows.popitem(last=False)
                self._size -= gone.size


class Memory:
    """What several pages need and is the same under one version of the ledger and on one day: worked out once."""

    def __init__(self, most: int = 5000) -> None:
        self._most = most
        self._under: object = None
        self._known: dict[Any, Any] = {}

    def clear(self) -> None:
        """Forget everything."""
        self._under, self._known = None, {}

    def __call__(self, key: Any, make: Callable[[], Made]) -> Made:
        """What is known under ``key``, made now when it is not. Nothing that a reader could change is put here."""
        under = _UNDER.get() or _under()
        if under != self._under or len(self._known) >= self._most:
            self._under, self._known = under, {}
        known = self._known
        if key not in known:
            known[key] = make()
        made: Made = known[key]
        return made


VERSION, SHELF, MEMORY = Version(), Shelf(), Memory()
View = Callable[..., HttpResponseBase]


def public_page(view: Callable[..., HttpResponse]) -> View:
    """A view whose answer depends on nothing but its address, the reader's language and look, and what is public."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return view(request, *arguments, **named)
        query = request.META.get("QUERY_STRING", "")
        under = _under()
        key = (request.path, query, get_language(), look_of(request), request.get_host(), request.is_secure())
        kept = SHELF.get(under, key)
        if kept is None:
            kept = _made(under, functools.partial(view, request, *arguments, **named))
            if kept.status in (200, 410) and len(query) <= LONGEST_QUERY:
                SHELF.put(under, key, kept)
        return _answer(request, kept)

    return answered


def fresh_page(view: Callable[..., HttpResponse]) -> View:
    """A public view that is asked each time: its answer rests on more than the ledger. It goes out as the kept ones do."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        return _answer(request, _made(_under(), functools.partial(view, request, *arguments, **named)))

    return answered


# Under which version the page is made that this thread is at.
_UNDER: ContextVar[object] = ContextVar("under", default=None)


def _under() -> object:
    return VERSION.now(), moment.today()


def _made(under: object, make: Callable[[], HttpResponse]) -> Kept:
    mark = _UNDER.set(under)
    try:
        return kept_of(make())
    finally:
        _UNDER.reset(mark)


def whole(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The answer with all its bytes, compressed for who takes it so."""
    if kept.is_packed and "gzip" in request.headers.get("Accept-Encoding", ""):
        headers = {**dict(kept.headers), "Content-Encoding": "gzip"}
        return HttpResponse(kept.data, status=kept.status, headers=headers)
    return HttpResponse(kept.body, status=kept.status, headers=dict(kept.headers))


def kept_of(made: HttpResponse) -> Kept:
    """An answer as it is kept."""
    if hasattr(made, "render"):
        made.render()
    body = made.content
    # A document for Word or a picture of type is compressed already.
    is_packed = len(body) >= LEAST and made.get("Content-Type", "").startswith(
        (
            "text/",
            "image/svg",
            "application/json",
            "application/ld+json",
            "application/xml",
            "application/atom+xml",
            "application/problem+json",
        )
    )
    data = gzip.compress(body, 6, mtime=0) if is_packed else body
    headers = tuple((name, value) for name, value in made.items() if name not in ("Content-Length", "ETag"))
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Kept(made.status_code, data, is_packed, etag, headers)


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    if kept.status == 200 and (kept.etag in asked or "*" in asked):
        answer = HttpResponse(status=304)
        del answer["Content-Type"]
    else:
        answer = whole(request, kept)
    answer["ETag"], answer["Cache-Control"] = kept.etag, "no-cache"
    patch_vary_headers(answer, ("Accept-Encoding", "Accept-Language", "Cookie"))
    return answer

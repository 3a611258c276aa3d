"""What a file of a year was made from, as a few figures: whether it is still what is public, and whether it says more than that."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any

from django.db.models import Count, Max, QuerySet

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.about.models import Validity
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.registers.models import MODELS, Decision, DeclaredFigure, NilReturn
from gongkai.web.filing.queries import readings
from gongkai.web.filing.reading import KIND
from gongkai.web.settings import moment

# Another number when the same rows are written in another way.
WRITTEN = 1


def mark_of(kind: str, year: int, site: str) -> str:
    """The same as long as a file of that kind and year would be made alike."""
    made = {"items": _items, "registers": _registers, "figures": _figures, "annual-reports": _reports}[kind](year)
    organs = list(Agency.objects.order_by("path").values_list("code", "name"))
    return _digest([WRITTEN, kind, year, site, made, losses_of(kind, year), organs])


def losses_of(kind: str, year: int) -> str:
    """Another when something of that year is not public any more: then a file made before says too much."""
    if kind == "items":
        gone = Publication.objects.filter(withdrawn_on__isnull=False, published_on__range=_year(year))
        return _digest(_extent(gone, "withdrawal_id"))
    if kind == "registers":
        ended = _extent(Decision.objects.filter(ended_by__isnull=False, decided_on__range=_year(year)), "ended_by_id")
        gone = Publication.objects.filter(withdrawn_on__isnull=False, item__decisions__decided_on__range=_year(year))
        return _digest([ended, _extent(gone, "withdrawal_id")])
    if kind == "annual-reports":
        gone = Publication.objects.filter(withdrawn_on__isnull=False, kind=KIND, revision__report_reading__year=year)
        return _digest(_extent(gone, "withdrawal_id"))
    return ""


def years_of_items() -> list[int]:
    """The years in which something that may be public was published, newest first."""
    days = Publication.objects.filter(withdrawn_on__isnull=True).order_by().dates("published_on", "year")
    return sorted((day.year for day in days), reverse=True)


def _items(year: int) -> Any:
    rows = Publication.objects.filter(published_on__range=_year(year), withdrawn_on__isnull=True)
    said = Validity.objects.filter(since_on__lte=moment.today(), item__publications__in=rows)
    sent = rows.filter(deliveries__channel="site", deliveries__is_withdrawal=False)
    return [_extent(rows), _extent(sent), _extent(said)]


def _registers(year: int) -> Any:
    rows: list[Any] = []
    for model in MODELS.values():
        rows += [_extent(model.objects.all()), _extent(model.objects.filter(ended_by__isnull=False), "ended_by_id")]
    carried = Publication.objects.filter(item__decisions__decided_on__range=_year(year))
    return [*rows, _extent(carried), _extent(carried.filter(withdrawn_on__isnull=False), "withdrawal_id")]


def _figures(year: int) -> Any:
    found = _registers(year)
    for model in (NilReturn, DeclaredFigure):
        rows = model.objects.filter(year=year)
        found += [_extent(rows), _extent(rows.filter(ended_by__isnull=False), "ended_by_id")]
    return found


def _reports(year: int) -> Any:
    return [(row.organ, row.slug, row.reading) for row in readings(years=[year])]


def _extent(rows: QuerySet[Any], last: str = "pk") -> list[Any]:
    """How many rows there are, and the last of them: append-only rows change in no other way."""
    return list(rows.order_by().aggregate(n=Count("pk"), last=Max(last)).values())


def _year(year: int) -> tuple[datetime.date, datetime.date]:
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).hexdigest()[:16]

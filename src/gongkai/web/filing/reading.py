"""The worker reads the annual reports that are public, the newest first: the body, then the files in their order."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from gongkai.web.disclosure.public.lists import Narrowing, public
from gongkai.web.filing import apart
from gongkai.web.filing.apart import Said
from gongkai.web.filing.models import ReportReading
from gongkai.web.review import kept
from gongkai.web.review.models import Revision
from gongkai.web.settings import moment

logger = logging.getLogger(__name__)
KIND, BODY = "annual_report", "body"
# Another number when the same report would be read otherwise: then every report is read again.
READER = 1
# Reports read in one round.
PIECE = 20
NO_TABLES = "没有统一格式的表格"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
_REASON = 500


@dataclass(frozen=True, slots=True)
class Found:
    """Where the tables of a report stand and what it says there; without a source the reasons why nowhere."""

    source: str
    said: Said


def read_due(limit: int = PIECE) -> int:
    """Read what is public and was not read by this reader; gives how many. One that cannot be read keeps none of the others waiting."""
    n_read = 0
    for key in unread()[:limit]:
        revision = Revision.objects.get(pk=key)
        try:
            found = find(revision.content)
        except (kept.Unreachable, apart.Interrupted) as error:
            # The next time the store may answer, and nobody may be stopping the worker.
            logger.warning("%s was not read now: %s", revision, error)
            continue
        except Exception:
            logger.exception("%s could not be read", revision)
            found = Found("", Said(reason=apart.FAILED))
        _keep(revision, found)
        n_read += 1
    return n_read


def unread() -> QuerySet[Any]:
    """The keys of the revisions that are public as annual reports and wait to be read, the newest first."""
    done = ReportReading.objects.filter(revision=OuterRef("revision"), reader=READER)
    rows = public(Narrowing(kind=KIND)).filter(~Exists(done)).order_by("-published_on", "-pk")
    return rows.values_list("revision_id", flat=True)


def find(content: Mapping[str, Any]) -> Found:
    """The first part of a publication that shows all tables of its form; else the first that shows any."""
    partial: Found | None = None
    reasons: list[str] = []
    for source, words, name, data in _parts(content):
        said = data if isinstance(data, Said) else apart.read(data, name)
        n_shown, n_all = said.tables
        if n_shown and n_shown == n_all:
            return Found(source, said)
        if n_shown:
            partial = partial or Found(source, said)
        else:
            reasons.append(f"{words}{said.reason.rstrip('。') or NO_TABLES}")
    return partial or Found("", Said(reason="；".join(reasons)[:_REASON]))


def _parts(content: Mapping[str, Any]) -> Iterator[tuple[str, str, str, bytes | Said]]:
    """The source, how a reason begins that is about it, the file's name, and the bytes; a file that is lost says so."""
    title = html.escape(content["title"])
    # The title stands above the text on the page too, and mostly names organ and year.
    page = f'<!DOCTYPE html><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{content["body"]}'
    yield BODY, "正文里", f"{KIND}.html", page.encode()
    for row in content.get("attachments") or ():
        words = f"附件“{row['name']}”："
        try:
            yield row["digest"], words, row["name"], kept.content(row["digest"])
        except kept.Unreachable:
            raise
        except kept.Lost as lost:
            yield row["digest"], words, row["name"], Said(reason=lost.message)


def _keep(revision: Revision, found: Found) -> None:
    """The new reading in the place of the old one, as a new row."""
    report = found.said.report or {}
    year, named = report.get("year"), year_of_title(revision.content["title"])
    is_told = bool(year and 1949 <= year <= 2999)
    with transaction.atomic():
        ReportReading.objects.filter(revision=revision).delete()
        ReportReading.objects.create(
            revision=revision, source=found.source, organ=(report.get("organ") or "")[:200], edition=report.get("edition") or "",
            year=year if is_told else named, is_year_of_title=not is_told and named is not None, report=found.said.report,
            reason=found.said.reason, read_at=moment.now(), reader=READER,
        )  # fmt: skip


def year_of_title(title: str) -> int | None:
    """The year that a title names (2024年…), ``None`` where it names none, or several."""
    named = set(_YEAR.findall(title))
    return int(named.pop()) if len(named) == 1 else None

"""The auditor's screens: the ledger with its filters, one entry, the anchor, and exports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.registers.importing import neutral
from gongkai.web.ledger import queries
from gongkai.web.ledger.anchor import anchors, note_taken_out, written
from gongkai.web.ledger.digest import canonical
from gongkai.web.ledger.exporting import COLUMNS, export, told
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import stretch
from gongkai.web.office.ledger.asking import AskForm, TakeOutForm
from gongkai.web.office.ledger.subjects import subject_of, subjects
from gongkai.web.office.templatetags.office_words import act, word
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in

# An entry's page proves so many entries before and after it.
NEAR = 25


def _organs(request: HttpRequest, action: str = "ledger.view") -> Any:
    organs = queries.organs_of(request.user, action)
    if not organs.exists():
        raise Http404
    return organs


def _county(request: HttpRequest, organs: Any) -> str:
    """Whose chain is looked at: the one asked for, if the viewer sees any organ of it, else the first."""
    counties = queries.counties_of(organs)
    asked = request.GET.get("county", "") or request.POST.get("county", "")
    return asked if asked in counties else counties[0]


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The ledger, newest first, filtered, paged by key."""
    organs = _organs(request)
    county = _county(request, organs)
    form = AskForm(request.GET, organs=organs)
    form.full_clean()
    asked = form.asked(county)
    page = queries.page(organs, asked, after=number_in(request.GET.get("after", "")))
    found = subjects(page.rows, request.user)
    context = {
        "form": form,
        "county": county,
        "rows": [(entry, subject_of(entry, found)) for entry in page.rows],
        "next_key": page.next_key,
        "narrowed": len(asked.plain()) > 1,
        "more": any(request.GET.get(name) for name in ("index", "number", "recorded_since", "recorded_until")),
        "take_out": TakeOutForm() if queries.organs_of(request.user, "ledger.export").filter(path=county).exists() else None,
    }
    return render(request, "office/ledger/list.html", context, status=422 if form.errors else 200)


@require_GET
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: what it says, its place in the chain, and whether the chain holds around it."""
    organs = _organs(request)
    found: LedgerEntry = get_object_or_404(LedgerEntry.objects.select_related("person", "agency"), pk=number, agency__in=organs)
    before, after = queries.neighbours(found)
    seen = set(organs.values_list("pk", flat=True))
    first, last = max(1, found.number - NEAR), found.number + NEAR
    context = {
        "entry": found,
        "subject": subject_of(found, subjects([found], request.user)),
        "facts": [(name, _plain(value)) for name, value in found.facts.items() if value not in ("", None, [], {})],
        "neighbours": [(row, row.agency_id in seen) for row in (before, after) if row],
        "broken": list(stretch(found.county, first, last)),
        "stretch": (first, min(last, found.number + NEAR)),
        "computed": found.computed_digest(),
    }
    return render(request, "office/ledger/entry.html", context)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list) and all(isinstance(part, (str, int)) for part in value):
        return "、".join(str(part) for part in value)
    if isinstance(value, dict):
        return "；".join(f"{name}：{part}" for name, part in value.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@require_GET
def anchor(request: HttpRequest) -> HttpResponse:
    """The anchor of today, to be kept where nobody who runs the database can reach it."""
    organs = _organs(request, "ledger.export")
    county = get_object_or_404(organs, path=_county(request, organs), parent__isnull=True)
    answer = HttpResponse(written(anchors(moment.today(), county.path)), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="anchor-{county.code}-{moment.today():%Y-%m-%d}.json"'
    note_taken_out()
    return answer


@require_POST
def take_out(request: HttpRequest) -> HttpResponseBase:
    """The entries asked for, as a file. The reason goes into the ledger first."""
    organs = _organs(request, "ledger.export")
    county: Agency = get_object_or_404(organs, path=_county(request, organs))
    form, wanted = AskForm(request.GET, organs=organs), TakeOutForm(request.POST)
    if not form.is_valid() or not wanted.is_valid():
        messages.error(request, "请写明导出的理由，并核对筛选条件。")
        return redirect("office:ledger")
    asked, kind = form.asked(county.path), wanted.cleaned_data["kind"]
    try:
        upto = export(person=request.user, agency=county, asked=asked, kind=kind, reason=wanted.cleaned_data["reason"])
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("office:ledger")
    rows = queries.all_of(organs, asked, upto=upto)
    lines = _csv_lines(rows, request.user) if kind == "csv" else _json_lines(rows)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8" if kind == "csv" else "application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="ledger-{county.code}-{upto}.{kind}"'
    return answer


def _json_lines(rows: Iterator[LedgerEntry]) -> Iterator[bytes]:
    for row in rows:
        yield canonical(told(row)) + b"\n"


def _csv_lines(rows: Iterator[LedgerEntry], viewer: Any) -> Iterator[bytes]:
    """For a spreadsheet: with the mark that tells it the encoding, and no cell that it would take for a formula."""
    yield "\ufeff".encode() + _line(COLUMNS)
    for piece in _pieces(rows):
        found = subjects(piece, viewer)
        for row in piece:
            yield _line(_cells(row, subject_of(row, found).words))


def _pieces(rows: Iterator[LedgerEntry]) -> Iterator[list[LedgerEntry]]:
    piece: list[LedgerEntry] = []
    for row in rows:
        piece.append(row)
        if len(piece) == 500:
            yield piece
            piece = []
    if piece:
        yield piece


def _cells(row: LedgerEntry, subject: str) -> tuple[str, ...]:
    person = row.person
    return (
        str(row.number), f"{row.occurred_on:%Y-%m-%d}", row.recorded_at.astimezone(moment.ZONE).isoformat(timespec="seconds"),
        person.full_name if person else "", person.username if person else "", word(row.duty, "duties"), row.agency.name,
        act(row), row.action, subject, f"{row.object_kind}:{row.object_id}", row.reason,
        row.revision, row.before, row.after, row.previous, row.digest,
    )  # fmt: skip


def _line(cells: tuple[str, ...]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow([neutral(cell) for cell in cells])
    return line.getvalue().encode()

"""The registers' screens: lists, adding and correcting rows, imported files, declared figures, nil returns and table two of a year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.law import LawMissing
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.registers import actions, queries
from gongkai.web.disclosure.registers.importing import MOST_BYTES
from gongkai.web.disclosure.registers.values import Register, registers
from gongkai.web.office.register_fields import FigureForm, FileForm, RowForm, initial_of
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in

NAMES = ("register", "correct_register", "strike", "import", "nil_return", "declare")


def _asked(request: HttpRequest, name: str) -> str:
    text = str(request.POST.get(name) or request.GET.get(name) or "")[:200]
    if not text.isprintable():
        raise Http404
    return text


def _agency(request: HttpRequest, action: str = "disclosure.view") -> Agency:
    """The organ asked for by its path, the viewer's first one when none is; not there for anybody else."""
    seen = Agency.objects.seen_by(request.user, action)
    path = _asked(request, "agency")
    agency: Agency | None = (seen.filter(path=path) if "/" in path else seen).first()
    if agency is None:
        raise Http404
    return agency


def _register(request: HttpRequest) -> Register:
    name = _asked(request, "register") or "normative_document"
    if name not in registers():
        raise Http404
    return registers()[name]


def _year(request: HttpRequest) -> int | None:
    text = _asked(request, "year")
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() and text >= "1949" else None


def _shared(request: HttpRequest, agency: Agency) -> dict[str, Any]:
    """What every screen of the registers shows around its content."""
    today = moment.today()
    return {
        "agency": agency,
        "agencies": queries.agencies_seen_by(request.user),
        "registers": registers(),
        "may": {name: may(request.user, f"disclosure.{name}", agency, today) for name in NAMES},
    }


def _address(name: str, **asked: Any) -> str:
    return reverse(f"office:{name}", query={key: value for key, value in asked.items() if value})


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """One register of an organ, by year, with counts of all."""
    agency, register, year = _agency(request), _register(request), _year(request)
    page = queries.register_page(agency, register.id, year, number_in(_asked(request, "after")))
    context = {"register": register, "year": year, "page": page, "counts": queries.counts(agency, register.id), **_shared(request, agency)}
    return render(request, "office/registers/list.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add one row."""
    agency, register = _agency(request, "disclosure.register"), _register(request)
    agencies = Agency.objects.seen_by(request.user, "disclosure.register")
    form = RowForm(request.POST or None, register=register, agencies=agencies, initial={"agency": agency})
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["agency"]
        try:
            row = actions.register_row(person=request.user, agency=place, register=register.id, values=form.values())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{row}已登记。")
            return redirect(_address("registers", agency=place.path, register=register.id))
    context = {"form": form, "register": register, **_shared(request, agency)}
    return render(request, "office/registers/row.html", context, status=422 if form.errors else 200)


def _row(request: HttpRequest, register: str, number: int) -> Any:
    row = queries.row_seen_by(request.user, register, number)
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, register: str, number: int) -> HttpResponse:
    """A new row in the place of one that was wrong or has changed."""
    row = _row(request, register, number)
    if register not in registers() or not may(request.user, "disclosure.correct_register", row.agency, moment.today()):
        raise Http404
    form = RowForm(request.POST or None, register=row.kind, initial=initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_row(person=request.user, row=row, values=form.values(), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已更正。原来的一条仍然保留，不再计数。")
            return redirect(_address("registers", agency=row.agency.path, register=register))
    context = {"form": form, "register": row.kind, "row": row, **_shared(request, row.agency)}
    return render(request, "office/registers/row.html", context, status=422 if form.errors else 200)


@require_POST
def strike(request: HttpRequest, register: str, number: int) -> HttpResponse:
    """Let a row, a nil return or a declared figure count no longer."""
    row = _row(request, register, number)
    _act(request, "已删去，不再计数。", actions.strike, row=row, reason=request.POST.get("reason", ""))
    if register in registers():
        return redirect(_address("registers", agency=row.agency.path, register=register))
    return redirect(_address("nil_returns" if register == "nil_return" else "declared", agency=row.agency.path, year=row.year))


def _act(request: HttpRequest, done: str, act: Any, **arguments: Any) -> None:
    """Call one action, and say what was done or why not."""
    try:
        act(person=request.user, **arguments)
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)


@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """Take a file into a register; every fault is shown by line."""
    agency, register = _agency(request, "disclosure.import"), _register(request)
    agencies = Agency.objects.seen_by(request.user, "disclosure.import")
    form = FileForm(request.POST or None, request.FILES or None, agencies=agencies, initial={"agency": agency})
    faults: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        place, upload = form.cleaned_data["agency"], form.cleaned_data["file"]
        told = {"register": register.id, "file_name": upload.name, "data": upload.read(MOST_BYTES + 1)}
        try:
            batch = actions.import_rows(person=request.user, agency=place, **told)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            faults = getattr(refusal, "faults", ())
        else:
            messages.success(request, f"已导入{batch.n_rows}条。")
            return redirect(_address("registers", agency=place.path, register=register.id))
    context = {"form": form, "register": register, "faults": faults, **_shared(request, agency)}
    return render(request, "office/registers/import.html", context, status=422 if form.errors else 200)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The rows of a register that count, as CSV."""
    agency, register, year = _agency(request), _register(request), _year(request)
    answer = HttpResponse(queries.export(agency, register.id, year), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{agency.code}-{register.id}{f"-{year}" if year else ""}.csv"'
    return answer


@require_http_methods(["GET", "POST"])
def declared(request: HttpRequest) -> HttpResponse:
    """The declared figures of a year, and a new one."""
    agency, year = _agency(request), _year(request) or moment.today().year
    try:
        addresses = queries.declarable(year)
    except LawMissing as missing:
        raise Http404 from missing
    form = FigureForm(request.POST or None, addresses=addresses)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("source", "evidence")}
        figure = {"year": year, "address": form.cleaned_data["address"], "value": form.cleaned_data["value"]}
        try:
            actions.declare(person=request.user, agency=agency, said=said, **figure)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已申报。")
            return redirect(_address("declared", agency=agency.path, year=year))
    words = dict(addresses)
    rows = [(row, words.get(row.address, row.address)) for row in queries.declared_of(agency, year)]
    context = {"form": form, "year": year, "rows": rows, **_shared(request, agency)}
    return render(request, "office/registers/declared.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def nil_returns(request: HttpRequest) -> HttpResponse:
    """The nil returns of a year, one line a register, and a new one."""
    agency, year = _agency(request), _year(request) or moment.today().year - 1
    if request.method == "POST":
        told = {"agency": agency, "register": _register(request).id, "year": year}
        _act(request, "已申报“本年无”。", actions.nil_return, **told)
        return redirect(_address("nil_returns", agency=agency.path, year=year))
    context = {"year": year, "states": list(queries.nil_states(agency, year)), **_shared(request, agency)}
    return render(request, "office/registers/nil.html", context)


@require_GET
def table_two(request: HttpRequest) -> HttpResponse:
    """Table two of a year with where each figure comes from."""
    agency, year = _agency(request), _year(request) or moment.today().year - 1
    try:
        table = queries.table_two(agency, year)
    except LawMissing as missing:
        raise Http404 from missing
    return render(request, "office/registers/table_two.html", {"year": year, "table": table, **_shared(request, agency)})

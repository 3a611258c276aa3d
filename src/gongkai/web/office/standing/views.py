"""What stands per organ, on screens. A view makes one call and decides nothing; a refusal is shown where the person stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.law.catalog import catalog_columns, fields
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.queries import items_seen_by
from gongkai.web.disclosure.registers.importing import MOST_BYTES
from gongkai.web.disclosure.standing import actions, catalogs, files, queries
from gongkai.web.disclosure.standing.models import CatalogRow, CatalogRun, NegativeTerm, Standing
from gongkai.web.office.standing.fields import CatalogFileForm, TermFileForm, TermForm
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in

LATEST = 20
NAMES = ("forbid", "allow_again", "hand_in_catalog", "decide_catalog", "file_under", "stand", "stand_down")


def _agency(request: HttpRequest, number: int, action: str = "disclosure.view") -> Agency:
    """The organ, if the viewer may do that in it; for anybody else it is not there."""
    agency: Agency = get_object_or_404(Agency.objects.seen_by(request.user, "disclosure.view"), pk=number)
    if not may(request.user, action, agency, moment.today()):
        raise Http404
    return agency


def _shared(request: HttpRequest, agency: Agency) -> dict[str, Any]:
    """What every screen here shows around its content."""
    today = moment.today()
    return {"organ": agency, "today": today, "may": {name: may(request.user, f"standing.{name}", agency, today) for name in NAMES}}


def _act(request: HttpRequest, done: str, act: Any, **arguments: Any) -> bool:
    """Call one action; says what was done or why not, and whether it was."""
    try:
        act(person=request.user, **arguments)
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, done)
    return True


def _file(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
def standing(request: HttpRequest, number: int) -> HttpResponse:
    """The organ's guide, its institutional rules, and what could stand beside them."""
    agency = _agency(request, number)
    context = {
        "guide": queries.guide_of(agency),
        "institutions": queries.documents_of(agency, "institution"),
        "candidates": queries.candidates(agency),
        "n_terms": len(queries.terms_of(agency, moment.today())),
        "catalog": [count for count in queries.catalog_fields(agency) if count.n_rows],
        **_shared(request, agency),
    }
    return render(request, "office/standing/standing.html", context)


@require_POST
def stand(request: HttpRequest, number: int) -> HttpResponse:
    """Let a published item stand as guide or institutional rule."""
    agency = _agency(request, number)
    item = get_object_or_404(items_seen_by(request.user).filter(agency=agency), pk=number_in(request.POST.get("item", "")))
    _act(request, "已设为现行。", actions.stand, item=item)
    return redirect("office:standing", agency.pk)


@require_POST
def stand_down(request: HttpRequest, number: int, row: int) -> HttpResponse:
    """Say that a document does not stand any more."""
    agency = _agency(request, number)
    found = get_object_or_404(Standing.objects.select_related("agency", "item"), pk=row, agency=agency)
    _act(
        request, "已停用。公开的页面不变，需要撤回的请在信息页撤回。", actions.stand_down, row=found, reason=request.POST.get("reason", "")
    )
    return redirect("office:standing", agency.pk)


@require_http_methods(["GET", "POST"])
def negative_list(request: HttpRequest, number: int) -> HttpResponse:
    """The negative list, and one more term for it."""
    agency = _agency(request, number)
    form = TermForm(request.POST or None, initial={"in_force_from": moment.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.forbid(person=request.user, agency=agency, terms=[form.cleaned_data])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已列入清单，从现在起发布前都会查这个词语。")
            return redirect("office:negative_list", agency.pk)
    held = {row.pk: place for place, row in enumerate(queries.terms_of(agency, moment.today()), start=1)}
    rows = sorted(
        ((held.get(row.pk), row) for row in queries.all_terms_of(agency)), key=lambda pair: (pair[0] is None, pair[0] or -pair[1].pk)
    )
    context = {"form": form, "rows": rows, "n_held": len(held), **_shared(request, agency)}
    return render(request, "office/standing/negative.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def negative_import(request: HttpRequest, number: int) -> HttpResponse:
    """Take a file of terms in; every fault is shown by line."""
    agency = _agency(request, number, "standing.forbid")
    form = TermFileForm(request.POST or None, request.FILES or None)
    faults: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            made = actions.forbid_file(person=request.user, agency=agency, file_name=upload.name, data=upload.read(MOST_BYTES + 1))
        except Refused as refusal:
            form.add_error(None, refusal.message)
            faults = getattr(refusal, "faults", ())
        else:
            messages.success(request, f"已导入{len(made)}条。")
            return redirect("office:negative_list", agency.pk)
    context = {"form": form, "faults": faults, "columns": files.NEGATIVE_LIST.columns, **_shared(request, agency)}
    return render(request, "office/standing/negative_import.html", context, status=422 if form.errors else 200)


@require_GET
def negative_export(request: HttpRequest, number: int) -> HttpResponse:
    """The negative list in force as CSV."""
    agency = _agency(request, number)
    return _file(files.terms_as_csv(queries.terms_of(agency, moment.today())), f"{agency.code}-negative-list.csv")


@require_POST
def negative_end(request: HttpRequest, number: int, row: int) -> HttpResponse:
    """Take a term off the negative list."""
    agency = _agency(request, number)
    found = get_object_or_404(NegativeTerm.objects.select_related("agency"), pk=row, agency=agency)
    _act(request, "已移出清单。", actions.allow_again, row=found, reason=request.POST.get("reason", ""))
    return redirect("office:negative_list", agency.pk)


def _asked(request: HttpRequest) -> dict[str, str]:
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("field", "words", "empty")}
    if not all(text.isprintable() for text in asked.values()):
        raise Http404
    return asked


@require_GET
def catalog(request: HttpRequest, number: int) -> HttpResponse:
    """The standard catalogue: the fields of work, or the rows of one of them with what was published."""
    agency, asked = _agency(request, number), _asked(request)
    is_one = any(asked.values())
    rows = queries.catalog_rows(agency, asked["field"], words=asked["words"], empty_only=bool(asked["empty"])) if is_one else []
    context = {
        "asked": asked,
        "is_one": is_one,
        "fields": queries.catalog_fields(agency),
        "titles": {field.id: field.title for field in fields()},
        "rows": rows[: queries.PAGE],
        "n_rows": len(rows),
        "runs": [] if is_one else queries.catalog_runs(agency)[:LATEST],
        **_shared(request, agency),
    }
    return render(request, "office/standing/catalog.html", context)


@require_http_methods(["GET", "POST"])
def catalog_import(request: HttpRequest, number: int) -> HttpResponse:
    """Hand in a file that is to be the catalogue of one field; every fault is shown by line."""
    agency = _agency(request, number, "standing.hand_in_catalog")
    form = CatalogFileForm(request.POST or None, request.FILES or None, initial={"field": request.GET.get("field", "")})
    faults: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        upload, field = form.cleaned_data["file"], form.cleaned_data["field"]
        said = {"agency": agency, "field": field, "file_name": upload.name, "data": upload.read(MOST_BYTES + 1)}
        try:
            run = catalogs.hand_in_catalog(person=request.user, **said)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            faults = getattr(refusal, "faults", ())
        else:
            messages.success(request, "已交来，等其他人批准后生效。")
            return redirect("office:catalog_run", agency.pk, run.pk)
    context = {"form": form, "faults": faults, "columns": catalog_columns(), **_shared(request, agency)}
    return render(request, "office/standing/catalog_import.html", context, status=422 if form.errors else 200)


def _run(request: HttpRequest, number: int, run: int) -> tuple[Agency, CatalogRun]:
    agency = _agency(request, number)
    return agency, get_object_or_404(queries.catalog_runs(agency), pk=run)


@require_GET
def catalog_run(request: HttpRequest, number: int, run: int) -> HttpResponse:
    """One file that was handed in: what it would change, and who decides."""
    agency, found = _run(request, number, run)
    change, trouble = None, ""
    left_out: tuple[str, ...] = ()
    if found.is_approved is None:
        try:
            taken = catalogs.kept_file(found)
            left_out, change = taken.left_out, catalogs.difference(agency, found.field, taken)
        except GongkaiError as error:
            trouble = error.message
    context = {
        "run": found, "change": change, "left_out": left_out, "trouble": trouble, "shown": queries.PAGE,
        "is_own": found.handed_in_by_id == request.user.pk, **_shared(request, agency),
    }  # fmt: skip
    return render(request, "office/standing/catalog_run.html", context)


@require_POST
def catalog_decide(request: HttpRequest, number: int, run: int) -> HttpResponse:
    """Approve a file or refuse it."""
    agency, found = _run(request, number, run)
    is_approved = request.POST.get("verdict") == "approve"
    done = "已批准，目录从现在起有效。" if is_approved else "已退回，目录没有变化。"
    _act(request, done, catalogs.decide_catalog, run=found, is_approved=is_approved, reason=request.POST.get("reason", ""))
    return redirect("office:catalog_run", agency.pk, found.pk)


@require_GET
def catalog_export(request: HttpRequest, number: int) -> HttpResponse:
    """The catalogue of one field, or of all, as CSV."""
    agency, asked = _agency(request, number), _asked(request)
    rows = queries.catalog_rows(agency, asked["field"])
    return _file(files.catalog_as_csv(rows), f"{agency.code}-catalog{'-' if asked['field'] else ''}{asked['field'][:3]}.csv")


@require_http_methods(["GET", "POST"])
def item_catalog(request: HttpRequest, number: int) -> HttpResponse:
    """Under which row of the catalogue an item stands."""
    item = get_object_or_404(items_seen_by(request.user).select_related("agency"), pk=number)
    agency = item.agency
    if not may(request.user, "standing.file_under", agency, moment.today()):
        raise Http404
    if request.method == "POST":
        chosen: CatalogRow | None = None
        if request.POST.get("row"):
            chosen = get_object_or_404(CatalogRow, pk=number_in(request.POST["row"]), agency=agency)
        _act(request, "已归入目录事项。" if chosen else "已移出目录事项。", actions.file_under, item=item, row=chosen)
        return redirect("office:item", item.pk)
    asked = _asked(request)
    rows = queries.catalog_rows(agency, asked["field"], words=asked["words"])
    context = {
        "item": item, "asked": asked, "filed": queries.row_of(item), "fields": [each for each in queries.catalog_fields(agency) if each.n_rows],
        "titles": {field.id: field.title for field in fields()}, "rows": rows[: queries.PAGE], "n_rows": len(rows), **_shared(request, agency),
    }  # fmt: skip
    return render(request, "office/standing/item_catalog.html", context)

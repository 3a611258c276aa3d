"""Hand-over lists for archives and library: made, printed, handed over, voided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.channels import sheets, transfers
from gongkai.web.office.channels.asking import agency_asked
from gongkai.web.office.channels.fields import ReceiptForm, TermsForm
from gongkai.web.settings import moment

SHOWN = 100
KINDS = {
    "docx": (sheets.as_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (sheets.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def _transfer(request: HttpRequest, number: int) -> Any:
    return get_object_or_404(transfers.lists_seen_by(request.user), pk=number)


@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """The lists of an organ, what waits for the next, and a new one."""
    agency, today = agency_asked(request, "disclosure.view"), moment.today()
    form = TermsForm(request.POST or None, initial=TermsForm.first_values(today))
    if request.method == "POST" and form.is_valid():
        try:
            made = transfers.make_list(person=request.user, agency=agency, terms=form.terms())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{made.label}已编制。请打印后与信息一起移交，签收以后在这里登记。")
            return redirect("office:transfer", made.pk)
    context = {
        "agency": agency,
        "agencies": Agency.objects.seen_by(request.user, "disclosure.view"),
        "form": form,
        "lists": transfers.lists_seen_by(request.user).filter(agency=agency)[:SHOWN],
        "n_new": transfers.to_hand_over(agency).count(),
        "n_gone": transfers.to_take_back(agency).count(),
        "may_make": may(request.user, "channels.make_list", agency, today),
    }
    return render(request, "office/channels/transfers.html", context, status=422 if form.errors else 200)


@require_GET
def transfer(request: HttpRequest, number: int) -> HttpResponse:
    """One list as it is printed, and how it ended."""
    found, today = _transfer(request, number), moment.today()
    sheet = transfers.sheet_of(found)
    context = {
        "transfer": found,
        "heads": sheets.heads(sheet),
        "new_head": sheets.NEW_HEAD,
        "new_rows": _titled(sheet.new, sheets.NEW_HEAD, sheets.new_rows(sheet)),
        "gone_head": sheets.GONE_HEAD,
        "gone_rows": _titled(sheet.withdrawn, sheets.GONE_HEAD, sheets.gone_rows(sheet)),
        "signatures": sheets.SIGNATURES,
        "form": ReceiptForm(),
        "pieces": found.pieces.all(),
        "may_hand_over": may(request.user, "channels.hand_over", found.agency, today),
        "may_void": may(request.user, "channels.void_list", found.agency, today),
    }
    return render(request, "office/channels/transfer.html", context)


def _titled(lines: list[Any], head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Each line with its cells, and each cell with its column's title."""
    return [(line, list(zip(head, row, strict=True))) for line, row in zip(lines, rows, strict=True)]


@require_GET
def file(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """The list as a Word document or a workbook."""
    found = _transfer(request, number)
    if kind not in KINDS:
        raise Http404
    write, content_type = KINDS[kind]
    answer = HttpResponse(write(transfers.sheet_of(found)), content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(True, f"{found.label}移送明细表.{kind}")
    return answer


@require_POST
def hand_over(request: HttpRequest, number: int) -> HttpResponse:
    """It was signed for."""
    found = _transfer(request, number)
    form = ReceiptForm(request.POST, request.FILES)
    if form.is_valid():
        _say(
            request, "已登记移交，清单里的信息在“移送档案馆、图书馆”渠道都已完成。", transfers.hand_over, transfer=found, proof=form.proof()
        )
    else:
        messages.error(request, "填写的内容太长，没有登记。")
    return redirect("office:transfer", number)


@require_POST
def void(request: HttpRequest, number: int) -> HttpResponse:
    """A list that was not handed over counts no longer."""
    found = _transfer(request, number)
    _say(request, "已作废，编号不再使用。", transfers.void_list, transfer=found, reason=request.POST.get("reason", ""))
    return redirect("office:transfer", number)


def _say(request: HttpRequest, done: str, act: Any, **arguments: Any) -> None:
    """Call one action, and say what was done or why not."""
    try:
        act(person=request.user, **arguments)
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)

"""What waits for a channel, one delivery with what it is to carry, its evidence and its pushes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.channels import actions, queries
from gongkai.web.disclosure.channels.parcels import MOST, parcel
from gongkai.web.disclosure.channels.rendering import parts_of
from gongkai.web.disclosure.channels.values import channel_kinds
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.queries import as_download
from gongkai.web.office.channels.asking import address_of, agency_asked, channel_asked, public_address
from gongkai.web.office.channels.fields import ProofForm
from gongkai.web.settings import moment
from gongkai.web.settings.numbers import number_in

CONFIRM = "disclosure.confirm_delivery"


def _delivery(request: HttpRequest, number: int) -> Any:
    """The delivery, if the viewer may see it; for anybody else it is not there."""
    return get_object_or_404(queries.deliveries_seen_by(request.user), pk=number)


def _proof_form(request: HttpRequest, channel: str, *, is_withdrawal: bool) -> ProofForm:
    kinds = () if is_withdrawal else channel_kinds()[channel].evidence
    return ProofForm(request.POST or None, request.FILES or None, kinds=kinds)


@require_http_methods(["GET", "POST"])
def delivery(request: HttpRequest, number: int) -> HttpResponse:
    """One delivery: the texts to copy, and its evidence; whoever may confirms it here."""
    row = _delivery(request, number)
    form = _proof_form(request, row.channel, is_withdrawal=row.is_withdrawal)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_delivery(person=request.user, delivery=row, proof=form.proof())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已登记。")
            return redirect("office:item", row.publication.item_id)
    today, agency = moment.today(), row.publication.item.agency
    context = {
        "delivery": row,
        "form": form,
        "reminder": queries.reminder_of(row),
        "parts": parts_of(row, public_address(request)),
        "attachments": [] if row.is_withdrawal else row.publication.revision.content.get("attachments", []),
        "wanted": channel_kinds()[row.channel].wanted,
        "pieces": row.pieces.all(),
        "attempts": queries.attempts_of(row),
        "may_confirm": may(request.user, CONFIRM, agency, today),
    }
    return render(request, "office/channels/delivery.html", context, status=422 if form.errors else 200)


@require_POST
def add_evidence(request: HttpRequest, number: int) -> HttpResponse:
    """More evidence for what is confirmed."""
    row = _delivery(request, number)
    form = ProofForm(request.POST, request.FILES, kinds=channel_kinds()[row.channel].evidence)
    if form.is_valid():
        _say(request, "凭证已补充。", actions.add_evidence, delivery=row, proof=form.proof())
    else:
        messages.error(request, "填写的内容太长，没有保存。")
    return redirect("office:delivery", number)


@require_POST
def never_carried(request: HttpRequest, number: int) -> HttpResponse:
    """The channel never carried what it was asked to take down."""
    row = _delivery(request, number)
    if _say(request, "已登记：没有发过。", actions.never_carried, delivery=row, reason=request.POST.get("reason", "")):
        return redirect("office:item", row.publication.item_id)
    return redirect("office:delivery", number)


@require_POST
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """Let a push begin anew."""
    _say(request, "已重新开始推送，几分钟后可以看到结果。", actions.retry, delivery=_delivery(request, number))
    return redirect("office:delivery", number)


def _say(request: HttpRequest, done: str, act: Any, **arguments: Any) -> bool:
    """Call one action, and say what was done or why not."""
    try:
        act(person=request.user, **arguments)
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, done)
    return True


@require_GET
def evidence(request: HttpRequest, number: int) -> HttpResponseBase:
    """A photograph, for those who may see what it proves."""
    piece = get_object_or_404(queries.evidence_seen_by(request.user), pk=number)
    if not piece.digest:
        raise Http404
    return as_download({"digest": piece.digest, "name": piece.text})


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits in an organ, channel by channel, oldest first: to export together and to confirm together."""
    agency, channel = agency_asked(request, CONFIRM), channel_asked(request)
    found = queries.reminders(request.user, agency=agency, channel=channel, most=MOST)
    by_channel: dict[str, int] = {}
    for row in queries.reminders(request.user, agency=agency, most=2000):
        by_channel[row.delivery.channel] = by_channel.get(row.delivery.channel, 0) + 1
    form = ProofForm(kinds=channel_kinds()[channel].evidence) if channel else None
    context = {
        "agency": agency,
        "agencies": Agency.objects.seen_by(request.user, CONFIRM),
        "channel": channel,
        "reminders": found,
        "by_channel": by_channel,
        "form": form,
        "wanted": channel_kinds()[channel].wanted if channel else "",
        "most": MOST,
        "n_all": sum(by_channel.values()),
    }
    return render(request, "office/channels/waiting.html", context)


def _chosen(request: HttpRequest, number: int, channel: str) -> tuple[Agency, list[int]]:
    """The organ, and the numbers that were ticked."""
    agency = get_object_or_404(Agency.objects.seen_by(request.user, CONFIRM), pk=number)
    if channel not in words("channels"):
        raise Http404
    ticked = [number_in(text) for text in request.POST.getlist("delivery")[: MOST + 1]]
    return agency, [number for number in ticked if number is not None]


@require_POST
def take_parcel(request: HttpRequest, number: int, channel: str) -> HttpResponseBase:
    """The ticked ones as one ZIP for the station."""
    agency, ticked = _chosen(request, number, channel)
    rows = queries.reminders(request.user, agency=agency, channel=channel, most=2000)
    try:
        packed = parcel([row.delivery for row in rows if row.delivery.pk in set(ticked)], public_address(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(address_of("waiting", agency=agency.path, channel=channel))
    name = f"{agency.short_name}-{words('channels')[channel]}-{moment.today():%Y%m%d}.zip"
    return FileResponse(packed, as_attachment=True, filename=name, content_type="application/zip")


@require_POST
def confirm_together(request: HttpRequest, number: int, channel: str) -> HttpResponse:
    """The ticked ones confirmed with the same evidence."""
    agency, ticked = _chosen(request, number, channel)
    form = ProofForm(request.POST, request.FILES, kinds=channel_kinds()[channel].evidence)
    if form.is_valid():
        told = {"agency": agency, "channel": channel, "deliveries": ticked, "proof": form.proof()}
        _say(request, f"已登记{len(ticked)}条。", actions.confirm_together, **told)
    else:
        messages.error(request, "填写的内容太长，没有登记。")
    return redirect(address_of("waiting", agency=agency.path, channel=channel))

"""Figures by channel of a year, the rows behind each, and where channels are pushed."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.errors import GongkaiError, Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import may
from gongkai.web.disclosure.channels import actions, queries
from gongkai.web.disclosure.channels.models import Endpoint
from gongkai.web.disclosure.channels.values import retry
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.registers.importing import neutral
from gongkai.web.office.channels.asking import agency_asked, asked, channel_asked, number_asked, year_asked
from gongkai.web.office.channels.chart import chart_of
from gongkai.web.office.channels.fields import EndpointForm
from gongkai.web.settings import moment

VIEW = "disclosure.view"
TITLES = {"primary": "主渠道", "also": "同时发布", "waiting": "待登记", "withdrawn": "其中已撤回"}


def _shared(request: HttpRequest, agency: Agency) -> dict[str, Any]:
    """What the screens of one organ's channels show around their content."""
    return {
        "agency": agency,
        "agencies": Agency.objects.seen_by(request.user, VIEW),
        "confirms": may(request.user, "disclosure.confirm_delivery", agency, moment.today()),
    }


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """How many items an organ published in a year, channel by channel."""
    agency, year = agency_asked(request, VIEW), year_asked(request)
    counts = queries.counts_by_channel(agency, year)
    years = sorted({*queries.years_of(agency), year, moment.today().year}, reverse=True)
    chart = chart_of([(words("channels")[row.channel], row.primary) for row in counts.rows if row.primary])
    context = {"year": year, "years": years, "counts": counts, "chart": chart, "titles": TITLES, **_shared(request, agency)}
    return render(request, "office/channels/figures.html", context)


@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The rows behind one figure."""
    agency, year, channel = agency_asked(request, VIEW), year_asked(request), channel_asked(request)
    name = asked(request, "figure") or "primary"
    if name not in queries.COUNTED:
        raise Http404
    page = queries.counted_page(queries.counted(agency, year, name, channel), number_asked(request, "after"))
    told = {"figure": name, "figure_words": TITLES[name], "channel": channel, "year": year, "page": page}
    return render(request, "office/channels/rows.html", {**told, **_shared(request, agency)})


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The figures of a year as CSV."""
    agency, year = agency_asked(request, VIEW), year_asked(request)
    counts, out = queries.counts_by_channel(agency, year), io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["机关", "年度", "渠道", *TITLES.values()])
    for row in (*counts.rows, counts.total):
        title = words("channels")[row.channel] if row.channel else "合计"
        writer.writerow([neutral(agency.name), year, title, *(getattr(row, name) for name in TITLES)])
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{agency.code}-channels-{year}.csv"'
    return answer


@require_http_methods(["GET", "POST"])
def endpoints(request: HttpRequest) -> HttpResponse:
    """Where channels are pushed, and a new endpoint."""
    agencies = Agency.objects.seen_by(request.user, "channels.set_endpoint")
    if not agencies.exists():
        raise Http404
    form = EndpointForm(request.POST or None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = actions.set_endpoint(person=request.user, agency=form.cleaned_data["agency"], target=form.target())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            shown = "" if form.cleaned_data["secret"] else f"密钥是 {secret} ，请现在抄给对方，以后不再显示。"
            messages.success(request, f"接口已设置，从今天起推送。{shown}")
            return redirect("office:endpoints")
    context = {"form": form, "endpoints": queries.endpoints_of(agencies), "most": retry().most}
    return render(request, "office/channels/endpoints.html", context, status=422 if form.errors else 200)


@require_POST
def end_endpoint(request: HttpRequest, number: int) -> HttpResponse:
    """Push there no longer."""
    agencies = Agency.objects.seen_by(request.user, "channels.end_endpoint")
    endpoint = get_object_or_404(Endpoint, pk=number, agency__in=agencies)
    try:
        actions.end_endpoint(person=request.user, endpoint=endpoint, reason=request.POST.get("reason", ""))
    except GongkaiError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "接口已停用，没有推送的由人登记。")
    return redirect("office:endpoints")

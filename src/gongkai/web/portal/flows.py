"""The flow of requests by year, out of published annual reports: a chart, its table, and what is missing in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from gongkai.web.agencies.models import Agency
from gongkai.web.filing.queries import FLOW, Flow, Published, request_flows
from gongkai.web.portal.site import address_of_item

# The drawing: its width and height, the room below for the years, above for the figures; the widest place of a year; how many years.
WIDE, HIGH, BELOW, ABOVE, WIDEST, CHARTED = 720, 230, 28, 34, 140, 5
# What is drawn: one bar each, side by side.
DRAWN = ("received", "handled")


@dataclass(frozen=True, slots=True)
class FlowCell:
    """One figure of the table; without a figure ``said`` is empty, without a page of its own ``address`` is."""

    said: str
    address: str


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One year: its figures in the form's order, how many reports they are from, how many organs have none that could be read."""

    year: int
    cells: Sequence[FlowCell]
    n_reports: int
    n_unread: int
    n_none: int


@dataclass(frozen=True, slots=True)
class FlowNote:
    """What is missing in the figures, in the reader's language, and why, in the words of the reading."""

    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Place:
    """One year of the chart: where its name stands, and its bars (``None`` where there is no figure)."""

    label: str
    middle: float
    bars: Sequence[Mapping[str, Any] | None]


def flows_of(organ: Agency | None) -> dict[str, Any]:
    """What the page of figures shows of the flow: of one organ, or of all together."""
    flows = request_flows([organ.pk] if organ else None)
    n_organs = 1 if organ else Agency.objects.count()
    names = dict(Agency.objects.values_list("pk", "short_name"))
    every = reverse("portal:kind", args=["annual_report"])
    return {
        "flows": [_row(flow, n_organs, "" if organ else every) for flow in flows],
        "flow_places": _places([flow for flow in reversed(flows[:CHARTED]) if flow.reports]),
        "flow_notes": [note for flow in flows for note in _notes(flow, names)],
        "flow_chart": {"wide": WIDE, "high": HIGH, "base": HIGH - BELOW},
        "reports_address": reverse("portal:reports", args=[organ.code]) if organ else every,
    }


def _row(flow: Flow, n_organs: int, every: str) -> FlowRow:
    """A year: its figures lead to the report that they stand in, or to ``every``, the list of those that they are added from."""
    address = every or address_of_item(flow.reports[0].slug) if flow.reports else ""
    values = (flow.figures[name].value for name in FLOW)
    cells = [FlowCell("" if value is None else f"{value:f}", address) for value in values]
    n_known = len(flow.reports) + len(flow.unread)
    return FlowRow(flow.year, cells, len(flow.reports), len(flow.unread), max(0, n_organs - n_known))


def _notes(flow: Flow, names: Mapping[int, str]) -> list[FlowNote]:
    """What a reader has to know of a year's figures: who is left out and why, which year is the title's, what was not read."""
    columns = {
        "received": gettext("本年新收"),
        "carried_in": gettext("上年结转"),
        "handled": gettext("本年办理"),
        "carried_out": gettext("结转下年"),
    }
    cell, report = gettext("%(year)s年“%(column)s”没有计入%(organ)s"), gettext("%(year)s年没有计入%(organ)s的年度报告")
    of_title = gettext("%(organ)s的报告里没有读出年份，%(year)s年取自标题")
    notes = [
        FlowNote(cell % {"year": flow.year, "column": columns[name], "organ": names[organ]}, why)
        for name in FLOW
        for organ, why in flow.figures[name].left_out.items()
    ]
    notes += [FlowNote(report % {"year": flow.year, "organ": names[row.organ]}, _why(row)) for row in flow.unread]
    told = [row for row in flow.reports if row.is_year_of_title]
    return notes + [FlowNote(of_title % {"organ": names[row.organ], "year": flow.year}, "") for row in told]


def _why(row: Published) -> str:
    return "公布不久，还没有读" if row.reading is None else row.reason.rstrip("。") or "用的是另一种格式"


def _places(flows: Sequence[Flow]) -> list[Place]:
    """The years from left to right; every bar is measured against the highest."""
    values = [[flow.figures[name].value for name in DRAWN] for flow in flows]
    most = max((value for pair in values for value in pair if value), default=1)
    step = min(WIDEST, WIDE / max(1, len(flows)))
    left, width, room = (WIDE - step * len(flows)) / 2, step * 0.32, HIGH - BELOW - ABOVE
    places = []
    for number, (flow, pair) in enumerate(zip(flows, values, strict=True)):
        middle = left + step * (number + 0.5)
        bars: list[Mapping[str, Any] | None] = []
        for at, value in enumerate(pair):
            height = round(room * float(value / most), 1) if value is not None else 0
            x = middle + (at - 1) * width + (at - 0.5) * 4
            bars.append(None if value is None else {"x": round(x, 1), "y": HIGH - BELOW - height, "width": round(width, 1), "height": height,
                                                    "middle": round(x + width / 2, 1), "n": f"{value:f}"})  # fmt: skip
        places.append(Place(str(flow.year), round(middle, 1), bars))
    return places

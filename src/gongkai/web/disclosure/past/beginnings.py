"""The day from which an organ publishes on the platform: what is from that day on comes in by review and by no file."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Min, Q

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.past.models import Beginning, PastRun
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.models import LedgerEntry

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Begun:
    """The day, and the row by which the county said it; without one the day follows from the ledger."""

    day: datetime.date
    row: Beginning | None = None


def beginning_of(agency: Agency, on: datetime.date) -> Begun:
    """The organ's day of beginning: the one that the county said; else that of the first act in it, or of its making, whichever came first.

    An organ in which nothing was done yet begins on the day of asking: handing in a file is an act too and lets it stand.
    """
    row = Beginning.objects.filter(agency=agency).select_related("entry__person").first()
    if row is not None:
        return Begun(row.begins_on, row)
    acts = LedgerEntry.objects.filter(Q(agency=agency) | Q(object_kind=Agency._meta.label_lower, object_id=agency.pk))
    first: datetime.date | None = acts.aggregate(first=Min("occurred_on"))["first"]
    return Begun(min(first, on) if first else on)


@action("past.set_beginning", agency=lambda agency, **_: agency)
def set_beginning(act: Act, *, agency: Agency, begins_on: datetime.date, reason: str) -> Beginning:
    """The county says, once for each organ, from which day it publishes on the platform."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    known = Beginning.objects.filter(agency=agency).first()
    if known is not None:
        raise Refused(f"{agency.short_name}开始使用平台的日期已经定为{known.begins_on}，只能定一次。")
    if begins_on > act.on:
        raise Refused("开始使用平台的日期不能晚于今天。")
    if not reason.strip():
        raise Refused("请写明依据，例如开通通知的文号。")
    _demand_consistent(agency, begins_on)
    facts = {"organ": agency.path, "begins_on": begins_on.isoformat()}
    entry = act.record(agency, reason=reason.strip()[:LONGEST], facts=facts)
    return Beginning.objects.create(agency=agency, begins_on=begins_on, entry=entry)


def _demand_consistent(agency: Agency, begins_on: datetime.date) -> None:
    """Nothing of its own stands before that day, and nothing was handed in from it on."""
    first = Publication.objects.filter(item__agency=agency, batch__isnull=True).aggregate(first=Min("published_on"))["first"]
    if first is not None and first < begins_on:
        raise Refused(f"{agency.short_name}{first}已经在平台上发布信息，开始使用平台的日期不能晚于这一天。")
    for run in PastRun.objects.filter(agency=agency).standing():
        if run.outline["last"] >= begins_on.isoformat():
            raise Refused(f"交来的文件“{run.file_name}”里有{run.outline['last']}发布的信息，不早于{begins_on}。")

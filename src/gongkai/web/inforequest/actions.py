"""Every write about requests until they are replied to: one comes in, and what happens to its time. Deadlines are asked of the clock, never stored."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from gongkai.clock import demand
from gongkai.errors import Refused
from gongkai.law.requests import item_fee, page_fee
from gongkai.law.requests.acts import demand_act
from gongkai.law.requests.timing import channel
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.watch.callers import new_code
from gongkai.web.disclosure.watch.timing import workdays
from gongkai.web.inforequest import requester as who
from gongkai.web.inforequest.models import HandlingEvent, Inforequest
from gongkai.web.inforequest.requester import Requester
from gongkai.web.inforequest.standing import Case, case_of, clock_event, clock_events, n_of_month
from gongkai.web.inforequest.values import PORTAL, choices, most, tidy, tidy_lines
from gongkai.web.ledger.acts import Act, action, append
from gongkai.web.ledger.digest import digest_of, sm3
from gongkai.web.ledger.seals import sealing
from gongkai.web.review.actions import next_number
from gongkai.web.settings import moment

SERIES = "inforequest"
# What goes out and arrives → the event of its arrival.
ARRIVALS = {"consulted": "arrived", "fee_asked": "fee_arrived"}
# Nobody copies more for one request; it keeps a slip of the finger from becoming a notice.
MOST_PAGES = 100_000


class TooMany(Refused):
    """An address sent more requests in a day than a person does; counter and post stay open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: name, number or other features of the information, in which shape and by which way it should be given."""

    wanted: str
    supply: str = "electronic"
    way: str = "email"
    is_assisted: bool = False

    def checked(self) -> Asked:
        """The same tidied; :class:`Refused` (reg:29) for what is missing or unknown."""
        wanted = tidy_lines(self.wanted, "wanted")
        if not wanted:
            raise Refused("请写明申请公开的信息的名称、文号或者便于查询的其他特征。", basis="reg:29")
        if self.supply not in choices("forms") or self.way not in choices("ways"):
            raise Refused("请选择要什么形式、怎样获取。", basis="reg:29")
        return replace(self, wanted=wanted)


def _of_row(inforequest: Inforequest, **_: Any) -> Agency:
    return inforequest.agency


# It comes in.


def file_online(*, agency: Agency, requester: Requester, asked: Asked, address: str) -> tuple[Inforequest, str]:
    """What somebody files on the site without an account; gives the request and the code with which he follows it.

    The receipt that he sees at once confirms it for both sides, so that the day of filing is the day of receipt. The address is kept
    only as a mark that changes every day, to count by.
    """
    requester, asked, on, code = requester.checked(), asked.checked(), moment.today(), new_code()
    mark = who.mark_of(address, on)
    with transaction.atomic(), sealing():
        # The lock lets requests to one organ come one after another, so that each counts those before and numbers have no gap.
        agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        _demand_few(mark, agency, on)
        row = _row(agency, requester, asked, PORTAL, on)
        row.code_digest, row.address_mark = sm3(f"{row.number}:{code}".encode()), mark
        row.entry = _public_entry(agency, agency, "inforequest.file_online", row.content(), {"inforequest": row.number})
        row.save(force_insert=True)
        event = HandlingEvent(inforequest=row, kind="confirmed", on=on)
        event.entry = _public_entry(agency, row, "inforequest.receipt_shown", event.content(), {"inforequest": row.number})
        event.save(force_insert=True)
    return row, code


def _public_entry(agency: Agency, thing: Any, name: str, content: Mapping[str, Any], facts: Mapping[str, Any]) -> Any:
    marks = {"action": name, "duty": "", "after": digest_of(content), "facts": dict(facts)}
    return append(agency=agency, person=None, thing=thing, occurred_on=moment.today(), marks=marks)


def _demand_few(mark: str, agency: Agency, on: datetime.date) -> None:
    of_day = Inforequest.objects.filter(submitted_on=on, channel=PORTAL)
    to_organ, own = of_day.filter(agency=agency), of_day.filter(address_mark=mark)
    few = own.filter(agency=agency).count() < most("of_address_to_organ") and own.count() < most("of_address")
    if not few or to_organ.count() >= most("to_organ"):
        raise TooMany("今天从您这里网上提交的申请已经很多，请明天再提交；也可以当面或者邮寄提交，不受限制。")


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBy:
    """How a request came: the channel, the day it was handed in or sent, and the day it was signed for."""

    channel: str
    submitted_on: datetime.date
    signed_on: datetime.date | None = None


@action("inforequest.enter", agency=lambda agency, **_: agency)
def enter(act: Act, *, agency: Agency, came_by: CameBy, requester: Requester, asked: Asked) -> Inforequest:
    """Enter a request that came at the counter, by post, mail or fax, or was told and filled in for its requester."""
    requester, asked = requester.checked(), asked.checked()
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    way = channel(came_by.channel, on=came_by.submitted_on)
    if way.is_silent:
        raise Refused("网上提交的申请由系统登记，不能代为填写。", basis=way.basis)
    days = [day for day in (came_by.submitted_on, came_by.signed_on) if day is not None]
    if max(days) > act.on or days != sorted(days):
        raise Refused("提交、签收的日期不能晚于今天，签收不能早于提交。", basis=way.basis)
    if (way.counts == "signed") != (came_by.signed_on is not None):
        raise Refused("需要签收的邮寄要填写签收日期，其他渠道不填。", basis=way.basis)
    row = _row(agency, requester, asked, came_by.channel, came_by.submitted_on, came_by.signed_on)
    row.entry = act.record(agency, change=(None, row.content()), facts={"inforequest": row.number, "channel": row.channel})
    row.save(force_insert=True)
    return row


def _row(
    agency: Agency, requester: Requester, asked: Asked, by: str, submitted_on: datetime.date, signed_on: datetime.date | None = None
) -> Inforequest:  # fmt: skip
    serial = next_number(agency=agency, series=SERIES, year=submitted_on.year)
    number = f"{agency.code}-{submitted_on:%Y%m%d}-{serial:03d}"
    return Inforequest(
        agency=agency, number=number, channel=by, submitted_on=submitted_on, signed_on=signed_on, kind=requester.kind,
        requester=requester.sealed(number), requester_mark=requester.mark, wanted=asked.wanted, supply=asked.supply, way=asked.way,
        is_assisted=asked.is_assisted, taken_at=moment.now(),
    )  # fmt: skip


# What happens to it.


def locked(inforequest: Inforequest, act: Act, deed: str) -> Case:
    """The case as it stands, its row locked; :class:`Refused` with its article where the law's table does not let that be done now."""
    row = Inforequest.objects.select_for_update(of=("self",)).select_related("agency").get(pk=inforequest.pk)
    case = case_of(row, act.on)
    last = max([row.submitted_on, row.signed_on or row.submitted_on, *(event.on for event in case.events)])
    if act.on < last:
        raise Refused(f"办理的日期不能早于上一件事的日期（{last}）。", basis="reg:45")
    demand_act(deed, state=case.state)
    return case


def note(
    act: Act, case: Case, kind: str, facts: Mapping[str, Any] | None = None, *, about: HandlingEvent | None = None, reason: str = ""
) -> HandlingEvent:  # fmt: skip
    """Keep what happened, once the clock has let it pass; :class:`Refused` with its article otherwise."""
    row = HandlingEvent(inforequest=case.row, kind=kind, on=act.on, facts=dict(facts or {}), about=about)
    if case.receipt.day is not None and (event := clock_event(row)) is not None:
        demand(case.receipt.day, clock_events(case.events), event, table=workdays())
    told = {"inforequest": case.row.number, "kind": kind}
    row.entry = act.record(case.row, change=(None, row.content()), reason=reason, facts=told)
    row.save(force_insert=True)
    return row


@action("inforequest.confirm", agency=_of_row)
def confirm(act: Act, *, inforequest: Inforequest) -> HandlingEvent:
    """Confirm with the requester that it was received; that day is the day of receipt."""
    return note(act, locked(inforequest, act, "confirm"), "confirmed")


@action("inforequest.ask_supplement", agency=_of_row)
def ask_supplement(act: Act, *, inforequest: Inforequest, unclear: str, until: datetime.date) -> HandlingEvent:
    """Tell the requester once and completely what to supplement, and until when."""
    said = tidy_lines(unclear, "wanted")
    if not said:
        raise Refused("请一次性写明需要补正的全部事项。", basis="reg:30")
    case = locked(inforequest, act, "ask_supplement")
    return note(act, case, "supplement_asked", {"until": until.isoformat(), "unclear": said})


@action("inforequest.record_supplement", agency=_of_row)
def record_supplement(act: Act, *, inforequest: Inforequest, wanted: str, excuse: str = "") -> HandlingEvent:
    """The supplemented request was received today: the time begins anew. ``excuse`` is the good reason of one that came too late."""
    said, reason = tidy_lines(wanted, "wanted"), tidy(excuse, "reason")
    if not said:
        raise Refused("请填写补正以后申请的信息。", basis="reg:30")
    case = locked(inforequest, act, "record_supplement")
    return note(act, case, "supplemented", {"wanted": said, "is_excused": bool(reason)}, reason=reason)


@action("inforequest.consult", agency=_of_row)
def consult(act: Act, *, inforequest: Inforequest, kind: str, party: str) -> HandlingEvent:
    """A letter asks a third party, a co-organ or another organ for its opinion; from tomorrow until it arrives no day is counted."""
    name = tidy(party, "party")
    if not name:
        raise Refused("请填写征求谁的意见。", basis="reg:32")
    case = locked(inforequest, act, "consult")
    return note(act, case, "consulted", {"kind": kind, "party": who.sealed_party(name, case.row.number)})


@action("inforequest.record_arrival", agency=_of_row)
def record_arrival(act: Act, *, inforequest: Inforequest, letter: HandlingEvent, arrived_on: datetime.date) -> HandlingEvent:
    """The proof of delivery came: on which day a letter of consultation or a fee notice arrived, from which its reader's time is counted."""
    case = locked(inforequest, act, "record_arrival")
    sent = next((event for event in case.events if event.pk == letter.pk and event.kind in ARRIVALS), None)
    if sent is None:
        raise Refused("这件申请没有发出过这份文书，请刷新页面。", basis="reg:45")
    if not sent.on <= arrived_on <= act.on:
        raise Refused(f"送达日期应当在{sent.on}至今天之间。", basis="reg:32")
    kind = ARRIVALS[sent.kind]
    if any(event.about_id == sent.pk and event.kind == kind for event in case.events):
        raise Refused("这份文书的送达已经登记，请刷新页面。", basis="reg:45")
    return note(act, case, kind, {"arrived": arrived_on.isoformat()}, about=sent)


@action("inforequest.record_opinion", agency=_of_row)
def record_opinion(act: Act, *, inforequest: Inforequest, consultation: HandlingEvent, opinion: str, reason: str = "") -> HandlingEvent:
    """Whoever was asked answered today."""
    case = locked(inforequest, act, "record_opinion")
    asked = _earlier(case, consultation, "consulted")
    if opinion not in choices("opinions"):
        raise Refused("请选择对方的意见：同意、部分同意或者不同意公开。", basis="reg:32")
    if any(event.about_id == asked.pk and event.kind == "opinion" for event in case.events):
        raise Refused("这次征求的意见已经登记，请刷新页面。", basis="reg:32")
    return note(act, case, "opinion", {"opinion": opinion}, about=asked, reason=tidy(reason, "reason"))


def _earlier(case: Case, event: HandlingEvent, kind: str) -> HandlingEvent:
    found = next((row for row in case.events if row.pk == event.pk and row.kind == kind), None)
    if found is None:
        raise Refused("这件申请没有这件事，请刷新页面。", basis="reg:45")
    return found


@action("inforequest.extend", agency=_of_row)
def extend(act: Act, *, inforequest: Inforequest, n: int, reason: str) -> HandlingEvent:
    """The head agrees today to some working days more, and the requester is told today."""
    said = tidy(reason, "reason")
    if not said:
        raise Refused("请写明延长的理由，告知书上要写。", basis="reg:33.2")
    case = locked(inforequest, act, "extend")
    return note(act, case, "extended", {"n": n, "approved": act.on.isoformat()}, reason=said)


@action("inforequest.ask_explanation", agency=_of_row)
def ask_explanation(act: Act, *, inforequest: Inforequest, reason: str) -> HandlingEvent:
    """Ask the requester for the reasons of so many requests. The count goes on."""
    said = tidy(reason, "reason")
    if not said:
        raise Refused("请写明为什么认为申请的数量、频次明显超过合理范围。", basis="reg:35")
    return note(act, locked(inforequest, act, "ask_explanation"), "explanation_asked", reason=said)


@action("inforequest.defer", agency=_of_row)
def defer(act: Act, *, inforequest: Inforequest, until: datetime.date, reason: str) -> HandlingEvent:
    """The reasons hold, and the reply will come by a later day that the requester is told today."""
    said = tidy(reason, "reason")
    if not said:
        raise Refused("请写明为什么难以按期答复。", basis="reg:35")
    return note(act, locked(inforequest, act, "defer"), "deferred", {"until": until.isoformat()}, reason=said)


@action("inforequest.charge", agency=_of_row)
def charge(act: Act, *, inforequest: Inforequest, n_pages: int | None = None) -> HandlingEvent:
    """A fee notice goes out today, counted by the pages of this request, or without them by the requester's items of the month."""
    case = locked(inforequest, act, "charge")
    if n_pages is not None and not 0 < n_pages <= MOST_PAGES:
        raise Refused(f"页数应当是1至{MOST_PAGES}。", basis="fee:5")
    fee = page_fee(n_pages=n_pages, on=act.on) if n_pages else item_fee(n_before=n_of_month(case), n_new=1, on=act.on)
    if not fee.total:
        raise Refused(f"没有超过免费的范围（{fee.counted}），不能收费。", basis=fee.basis)
    lines = [[line.first, line.last, line.price, line.amount] for line in fee.lines]
    return note(act, case, "fee_asked", {"method": fee.method, "lines": lines, "amount": fee.total})


@action("inforequest.record_payment", agency=_of_row)
def record_payment(act: Act, *, inforequest: Inforequest) -> HandlingEvent:
    """The fee was paid in full today: the time begins anew."""
    case = locked(inforequest, act, "record_payment")
    notice = next(event for event in case.events if event.kind == "fee_asked")
    return note(act, case, "fee_paid", about=notice)


@action("inforequest.withdraw", agency=_of_row)
def withdraw(act: Act, *, inforequest: Inforequest, reason: str) -> HandlingEvent:
    """The requester withdrew; what remains is to tell him that it is ended."""
    case = locked(inforequest, act, "withdraw")
    if any(event.kind == "withdrawn" for event in case.events):
        raise Refused("已经登记申请人撤回，请刷新页面。", basis="reg:45")
    return note(act, case, "withdrawn", reason=tidy(reason, "reason"))


@action("inforequest.unmask", agency=_of_row)
def unmask(act: Act, *, inforequest: Inforequest, reason: str) -> Requester:
    """Who asked, unmasked for a reason that the ledger keeps; :class:`Refused` without one, or where it does not open."""
    said = tidy(reason, "reason")
    if not said:
        raise Refused("请写明为什么要看申请人的完整信息，例如“寄送答复”。台账会记下来。")
    found = who.opened(inforequest.requester, inforequest.number)
    if found is None:
        raise Refused("申请人的信息打不开：数据密钥不在，或者内容被改动过。请联系系统管理员核对。")
    act.record(inforequest, reason=said, facts={"inforequest": inforequest.number})
    return found

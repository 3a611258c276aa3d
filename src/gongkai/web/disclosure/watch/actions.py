"""Every write about what is watched: penalties overturned, reassessments, pairs settled, reports of errors and their answers."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.disclosure.screening import demand_presentable
from gongkai.web.disclosure.watch import callers
from gongkai.web.disclosure.watch.models import (
    OUTCOMES,
    SETTLED,
    VERDICTS,
    ErrorAnswer,
    ErrorReport,
    Lookalike,
    OverturnedPenalty,
    Reassessment,
    Settlement,
)
from gongkai.web.ledger.acts import Act, action, append
from gongkai.web.ledger.digest import digest_of, sm3
from gongkai.web.ledger.seals import sealing
from gongkai.web.review.actions import next_number
from gongkai.web.settings import moment

# Reports that one address may make of one item in a day, of all items in a day, and that one item may get in a day.
MOST_OF_ITEM, MOST_OF_ADDRESS, MOST_ON_ITEM = 3, 20, 40
LONGEST_QUOTE, LONGEST_WRONG, LONGEST_CONTACT = 500, 1000, 100
SERIES = "error_report"


class TooMany(Refused):
    """An address made more reports than a person makes."""


def _of_publication(publication: Publication, **_: Any) -> Agency:
    return publication.item.agency


def _of_item(item: Item, **_: Any) -> Agency:
    return item.agency


def _of_report(report: ErrorReport, **_: Any) -> Agency:
    return report.publication.item.agency


def _said(text: str, most: int = 500) -> str:
    """Text on one line without control characters, cut to its length."""
    return " ".join("".join(sign if sign.isprintable() or sign.isspace() else "" for sign in text).split())[:most]


@action("watch.mark_overturned", agency=_of_publication)
def mark_overturned(act: Act, *, publication: Publication, outcome: str, overturned_on: datetime.date, evidence: str) -> OverturnedPenalty:
    """Say that a published penalty decision was altered, revoked or found illegal or void, on which day and by which document."""
    publication = Publication.objects.select_for_update(of=("self",)).select_related("item", "revision").get(pk=publication.pk)
    if publication.revision.content.get("kind") != "penalty":
        raise Refused("这条信息不是行政处罚决定，不适用三个工作日内撤回的规定。")
    if publication.withdrawn_on is not None:
        raise Refused("这条信息已经撤回，不用再登记。")
    if OverturnedPenalty.objects.filter(publication=publication).exists():
        raise Refused("这件处罚决定已经登记过，请尽快撤回。")
    if outcome not in OUTCOMES:
        raise Refused("请选择处罚决定的结果：被变更、被撤销、被确认违法或者被确认无效。")
    if overturned_on > act.on:
        raise Refused("变更、撤销或者确认之日不能晚于今天。")
    if not _said(evidence):
        raise Refused("请填写凭什么文书，例如行政复议决定书或者判决书的文号。")
    row = OverturnedPenalty(publication=publication, outcome=outcome, overturned_on=overturned_on, evidence=_said(evidence, 300))
    row.entry = act.record(publication.item, revision=publication.revision.digest, change=(None, row.content()), reason=row.evidence)
    row.save(force_insert=True)
    return row


@action("watch.reassess", agency=_of_item)
def reassess(act: Act, *, item: Item, verdict: str, reason: str) -> Reassessment:
    """Assess again whether what is withheld or given on request only may be published. The attribute is changed by revising the item."""
    item = Item.objects.select_for_update(of=("self",)).select_related("agency", "current").get(pk=item.pk)
    if item.attribute == "proactive" or item.is_discarded or item.current is None:
        raise Refused("只有公开属性是“依申请公开”或者“不予公开”的信息才需要定期评估。")
    if verdict not in VERDICTS:
        raise Refused("请选择评估结论。")
    if not _said(reason):
        raise Refused("请写明理由：原来不公开的情形是否还存在，依据是哪一条。")
    row = Reassessment(item=item, revision=item.current, verdict=verdict, reason=_said(reason), assessed_on=act.on)
    row.entry = act.record(
        item, revision=item.current.digest, change=(None, row.content()), reason=row.reason, facts={"verdict": verdict}
    )  # fmt: skip
    row.save(force_insert=True)
    return row


@action("watch.settle", agency=lambda agency, **_: agency)
def settle(
    act: Act, *, agency: Agency, lookalike: Lookalike, verdict: str, burden: Item | None = None, reason: str = ""
) -> Settlement:  # fmt: skip
    """One organ's decision about a pair in which it has a part; ``burden`` is the item to be withdrawn or corrected, its own or the other."""
    lookalike = Lookalike.objects.select_for_update(of=("self",)).select_related("one", "other").get(pk=lookalike.pk)
    own = [item for item in (lookalike.one, lookalike.other) if item.agency_id == agency.pk]
    if not own:
        raise Refused("这两条信息都不是这个机关的。")
    if lookalike.settlements.filter(agency=agency).exists():
        raise Refused("本机关已经作出决定。内容修改后如果仍然相同或者矛盾，会重新列出。")
    if verdict not in SETTLED:
        raise Refused("请选择处理结论。")
    if verdict == "both":
        burden = None
    elif burden is None or burden.pk not in (lookalike.one_id, lookalike.other_id):
        raise Refused("请选择由哪一条撤回。" if verdict == "same" else "请选择由哪一条更正。")
    if not _said(reason):
        raise Refused("请写明理由。另一个机关看得到您的结论和理由。")
    row = Settlement(lookalike=lookalike, agency=agency, verdict=verdict, burden=burden, reason=_said(reason))
    row.entry = act.record(own[0], change=(None, row.content()), reason=row.reason, facts={"pair": lookalike.pk, "verdict": verdict})
    row.save(force_insert=True)
    return row


@action("watch.answer_error", agency=_of_report)
def answer_error(act: Act, *, report: ErrorReport, is_taken: bool, words: str) -> ErrorAnswer:
    """Tell the public whether a report of an error is taken, and what was or will be done."""
    report = ErrorReport.objects.select_for_update(of=("self",)).select_related("publication__item").get(pk=report.pk)
    if ErrorAnswer.objects.filter(report=report).exists():
        raise Refused("这件纠错已经答复。")
    said = _said(words, LONGEST_WRONG)
    if not said:
        raise Refused("请写明答复：采纳的写怎样更正，不采纳的写理由。提出的人看得到。")
    demand_presentable(report.publication.item.agency, act.on, {"答复": said})
    row = ErrorAnswer(report=report, is_taken=is_taken, words=said, answered_on=act.on)
    row.entry = act.record(
        report.publication.item, change=(None, row.content()), reason=said[:500], facts={"report": report.number, "taken": is_taken}
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def report_error(*, publication: Publication, quoted: str, wrong: str, contact: str, address: str) -> tuple[ErrorReport, str]:
    """What somebody of the public reports, who has no account; gives the report and the code with which the answer can be read.

    The contact is sealed; the address is kept only as a mark that changes every day, to count by.
    """
    quoted, wrong, contact = _said(quoted, LONGEST_QUOTE), _said(wrong, LONGEST_WRONG), _said(contact, LONGEST_CONTACT)
    if not wrong:
        raise Refused("请写明有什么错、应当是什么。")
    on, code = moment.today(), callers.new_code()
    mark = callers.mark_of(address, on)
    with transaction.atomic(), sealing():
        # The lock lets reports of one organ come one after another, so that each counts those before.
        agency = Agency.objects.select_for_update(no_key=True).get(pk=publication.item.agency_id)
        _demand_few(mark, publication, on)
        number = f"E{on.year}-{agency.pk}-{next_number(agency=agency, series=SERIES, year=on.year):04d}"
        report = ErrorReport(
            publication=publication, number=number, code_digest=sm3(f"{number}:{code}".encode()), quoted=quoted, wrong=wrong,
            contact=callers.sealed_contact(number, contact) if contact else "", address_mark=mark, received_on=on, received_at=moment.now(),
        )  # fmt: skip
        report.entry = append(
            agency=agency, person=None, thing=publication.item, occurred_on=on,
            marks={
                "action": "watch.error_reported", "duty": "", "revision": publication.revision.digest, "after": digest_of(report.content()),
                "facts": {"report": number, "publication": publication.pk},
            },
        )  # fmt: skip
        report.save(force_insert=True)
    return report, code


def _demand_few(mark: str, publication: Publication, on: datetime.date) -> None:
    of_day = ErrorReport.objects.filter(received_on=on)
    on_item = of_day.filter(publication__item=publication.item_id)
    if on_item.filter(address_mark=mark).count() >= MOST_OF_ITEM or of_day.filter(address_mark=mark).count() >= MOST_OF_ADDRESS:
        raise TooMany("今天从您这里提交的纠错已经很多，请明天再提交，或者打电话告诉发布机构。")
    if on_item.count() >= MOST_ON_ITEM:
        raise TooMany("这条信息今天收到的纠错已经很多，工作人员正在核对，请明天再看。")

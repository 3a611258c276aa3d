"""主动公开政府信息移送明细表: what an organ hands to the State archives and the public library, list by list.

A list is fixed when it is made and takes the next number. It is handed over with a signature, or voided: then what stood on it waits
for the next one. What was withdrawn after it had stood on a list is told on the next.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.channels import proof as proofs
from gongkai.web.disclosure.channels.actions import settle
from gongkai.web.disclosure.channels.models import TransferLine, TransferList
from gongkai.web.disclosure.channels.proof import Proof
from gongkai.web.disclosure.channels.values import carriers
from gongkai.web.disclosure.models import Delivery, Item, Publication
from gongkai.web.ledger.acts import Act, action
from gongkai.web.review.actions import next_number

SERIES = "transfer"
CHANNEL = "archive"
MOST_LINES = 2_000
MOST_COPIES = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """For which period a list is made, for whom, in what form and how often."""

    since_on: datetime.date
    until_on: datetime.date
    receivers: str
    carrier: str = "electronic"
    copies: int = 1

    def demand_sound(self, on: datetime.date) -> None:
        """:class:`Refused` with what is missing or cannot be."""
        if self.since_on > self.until_on or self.until_on > on:
            raise Refused("请核对起止日期：起不能晚于止，止不能晚于今天。")
        if not self.receivers.strip() or len(self.receivers) > 200:
            raise Refused("请填写接收单位，例如“县档案馆、县图书馆”，不超过200个字。")
        if self.carrier not in carriers() or not 1 <= self.copies <= MOST_COPIES:
            raise Refused(f"请选择形式，并填写份数（1到{MOST_COPIES}）。")


def _standing_lines(*, is_withdrawal: bool) -> QuerySet[TransferLine]:
    """The lines of lists that were not voided."""
    return TransferLine.objects.filter(publication=OuterRef("pk"), is_withdrawal=is_withdrawal, transfer__voided_by__isnull=True)


def to_hand_over(agency: Agency, since_on: datetime.date | None = None, until_on: datetime.date | None = None) -> QuerySet[Publication]:
    """What is public, stands on no list yet and was not handed over by itself, oldest first; of a period by its day of publication."""
    by_itself = Delivery.objects.filter(publication=OuterRef("pk"), channel=CHANNEL, is_withdrawal=False, confirmed_on__isnull=False)
    found = Publication.objects.filter(
        ~Exists(_standing_lines(is_withdrawal=False)), ~Exists(by_itself), item__agency=agency, withdrawn_on__isnull=True
    )
    if since_on is not None and until_on is not None:
        found = found.filter(published_on__range=(since_on, until_on))
    return found.select_related("item", "revision").order_by("published_on", "pk")


def to_take_back(agency: Agency) -> QuerySet[Publication]:
    """What stood on a list, was withdrawn or replaced since, and was not told to be provided no longer."""
    found = Publication.objects.filter(
        Exists(_standing_lines(is_withdrawal=False)), ~Exists(_standing_lines(is_withdrawal=True)),
        item__agency=agency, withdrawn_on__isnull=False,
    )  # fmt: skip
    return found.select_related("item", "revision", "withdrawal").order_by("withdrawn_on", "pk")


@action("channels.make_list", agency=lambda agency, **_: agency)
def make_list(act: Act, *, agency: Agency, terms: Terms) -> TransferList:
    """A list of what was published in a period and not yet handed over, and of what is to be provided no longer."""
    terms.demand_sound(act.on)
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    new = list(to_hand_over(agency, terms.since_on, terms.until_on)[: MOST_LINES + 1])
    gone = list(to_take_back(agency)[: MOST_LINES + 1])
    if len(new) + len(gone) > MOST_LINES:
        raise Refused(f"这段时间的信息超过{MOST_LINES}条，请把时间分成几段，分别编制。")
    if not new and not gone:
        raise Refused("这段时间没有还没移送的信息，也没有要停止提供的信息，不用编制。")
    number = next_number(agency=agency, series=SERIES, year=act.on.year)
    made = TransferList(
        agency=agency, year=act.on.year, number=number, label=f"{agency.document_mark or agency.short_name}移〔{act.on.year}〕{number}号",
        since_on=terms.since_on, until_on=terms.until_on, receivers=" ".join(terms.receivers.split()),
        carrier=terms.carrier, copies=terms.copies,
    )  # fmt: skip
    lines = [
        TransferLine(position=at, publication=row, is_withdrawal=row.withdrawn_on is not None)
        for at, row in enumerate([*new, *gone], start=1)
    ]
    facts = {"list": made.label, "lines": len(new), "withdrawn": len(gone)}
    made.entry = act.record(agency, change=(None, content_of(made, lines)), facts=facts)
    made.save(force_insert=True)
    for line in lines:
        line.transfer = made
    TransferLine.objects.bulk_create(lines, batch_size=500)
    return made


def content_of(made: TransferList, lines: list[TransferLine]) -> dict[str, Any]:
    """Everything that the ledger's digest covers."""
    names = ("year", "number", "label", "since_on", "until_on", "receivers", "carrier", "copies")
    told = [[line.position, line.publication.revision.digest, line.is_withdrawal] for line in lines]
    return {"agency": made.agency_id, **{name: getattr(made, name) for name in names}, "lines": told}


def _of_list(transfer: TransferList, **_: Any) -> Agency:
    return transfer.agency


def _open(transfer: TransferList) -> TransferList:
    """The list as it is now, its organ locked; refused when it was handed over or voided."""
    Agency.objects.select_for_update(no_key=True).get(pk=transfer.agency_id)
    found = TransferList.objects.select_related("agency").get(pk=transfer.pk)
    if found.voided_by_id is not None:
        raise Refused("这份明细表已经作废。")
    if found.handed_on is not None:
        raise Refused(f"这份明细表已经在{found.handed_on}移交。")
    return found


@action("channels.hand_over", agency=_of_list)
def hand_over(act: Act, *, transfer: TransferList, proof: Proof) -> TransferList:
    """It was handed over and signed for; the archive deliveries of what stands on it are confirmed by that."""
    transfer = _open(transfer)
    given = proofs.sound(proof)
    if not given.photos and not given.number:
        raise Refused("请上传签收单的照片，或者填写签收单编号。")
    kept = proofs.pieces(given)
    items = Item.objects.filter(publications__transfer_lines__transfer=transfer).order_by("pk")
    list(items.select_for_update(of=("self",)))  # locked before their deliveries, as every act on publications does
    waiting = _waiting_of(transfer)
    facts = {
        "list": transfer.label, "evidence": given.told, "pieces": [row.told() for row in kept], "deliveries": [row.pk for row in waiting],
    }  # fmt: skip
    entry = act.record(transfer, facts=facts)
    transfer.handed_on, transfer.handover = act.on, entry
    transfer.save(update_fields=["handed_on", "handover"])
    proofs.save(kept, entry, transfer=transfer)
    for delivery in waiting:
        settle(delivery, entry, f"{transfer.label}移送明细表")
    return transfer


def _waiting_of(transfer: TransferList) -> list[Delivery]:
    lines = TransferLine.objects.filter(transfer=transfer, publication=OuterRef("publication"), is_withdrawal=OuterRef("is_withdrawal"))
    rows = Delivery.objects.filter(Exists(lines), channel=CHANNEL, confirmed_on__isnull=True)
    return list(rows.select_for_update(of=("self",)).select_related("publication__item").order_by("pk"))


@action("channels.void_list", agency=_of_list)
def void_list(act: Act, *, transfer: TransferList, reason: str) -> TransferList:
    """Let a list that was not handed over count no longer; its number stays used, and what stood on it waits for the next."""
    transfer = _open(transfer)
    said = " ".join(reason.split())[:500]
    if not said:
        raise Refused("请写明作废的理由。")
    transfer.voided_by = act.record(transfer, reason=said, facts={"list": transfer.label})
    transfer.save(update_fields=["voided_by"])
    return transfer


def lists_seen_by(person: Person) -> QuerySet[TransferList]:
    """The lists of the organs in which that person may look at disclosure."""
    agencies = Agency.objects.seen_by(person, "disclosure.view")
    return TransferList.objects.filter(agency__in=agencies).select_related(
        "agency", "entry__person", "handover__person", "voided_by__person"
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as it is printed: what is handed over and what is to be provided no longer."""

    transfer: TransferList
    new: list[TransferLine]
    withdrawn: list[TransferLine]


def sheet_of(transfer: TransferList) -> Sheet:
    """The list with its lines."""
    related = ("publication__item", "publication__revision", "publication__withdrawal")
    lines = list(transfer.lines.select_related(*related).order_by("position"))
    return Sheet(transfer, [line for line in lines if not line.is_withdrawal], [line for line in lines if line.is_withdrawal])

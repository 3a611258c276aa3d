"""Every write of the channels: confirm with evidence, add evidence, let a push begin anew, set and end endpoints."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.channels import proof as proofs
from gongkai.web.disclosure.channels.models import AGAIN, SIGNINGS, Attempt, Endpoint, Evidence
from gongkai.web.disclosure.channels.posting import checked_url
from gongkai.web.disclosure.channels.proof import Proof
from gongkai.web.disclosure.channels.reminders import OWN, remind
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Delivery, Item
from gongkai.web.ledger.acts import Act, action
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.settings import moment

MOST_AT_ONCE = 100
MOST_PIECES = 30
LONGEST_REASON = 280
# The act by which a channel says that it never carried something.
NEVER = "channels.never_carried"
SHORTEST_SECRET = 16
# What is never pushed: our own site has it already, and a list goes to the archives with a signature.
NOT_PUSHED = (OWN, "archive")


def _of_delivery(delivery: Delivery, **_: Any) -> Agency:
    return delivery.publication.item.agency


def _locked(delivery: Delivery) -> Delivery:
    """The delivery as it is now; its item is locked first, as every act on publications does."""
    Item.objects.select_for_update(of=("self",)).get(pk=delivery.publication.item_id)
    locked: Delivery = (
        Delivery.objects.select_for_update(of=("self",)).select_related("publication__item", "publication__revision").get(pk=delivery.pk)
    )
    return locked


def _demand_waiting(delivery: Delivery) -> None:
    if delivery.confirmed_on is not None:
        raise Refused("这个渠道已经登记过了。")


def _demand_not_denied(delivery: Delivery) -> None:
    """Nobody confirms that something was posted of which it is registered that it never was."""
    said = delivery.publication.deliveries.filter(channel=delivery.channel, is_withdrawal=True, confirmation__action=NEVER)
    if not delivery.is_withdrawal and said.exists():
        raise Refused("这个渠道已经登记为没有发过。其实发过的，请撤下，再到撤下的那条登记里补充凭证。")


@action("disclosure.confirm_delivery", agency=_of_delivery)
def confirm_delivery(act: Act, *, delivery: Delivery, evidence: str = "", proof: Proof | None = None) -> Delivery:
    """Somebody posted it on a channel, or took it down there, and shows by what one can see that.

    ``evidence`` are the words alone, for who has no more; what a channel wants is in :file:`channels.yaml`.
    """
    delivery = _locked(delivery)
    _demand_waiting(delivery)
    _demand_not_denied(delivery)
    given = proofs.checked(proof or Proof(words=evidence), channel=delivery.channel, is_withdrawal=delivery.is_withdrawal)
    _confirm(act, delivery, given, proofs.pieces(given))
    return delivery


@action("channels.confirm", agency=lambda agency, **_: agency)
def confirm_together(act: Act, *, agency: Agency, channel: str, deliveries: Sequence[int], proof: Proof) -> list[Delivery]:
    """Several postings of one channel with the same evidence: one photograph of a notice board, one sheet of a broadcast."""
    if not deliveries or len(deliveries) > MOST_AT_ONCE:
        raise Refused(f"请勾选要一起登记的信息，一次最多{MOST_AT_ONCE}条。")
    wanted = Delivery.objects.filter(pk__in=deliveries, channel=channel, publication__item__agency=agency)
    list(Item.objects.select_for_update(of=("self",)).filter(publications__deliveries__in=wanted).order_by("pk"))
    rows = list(wanted.select_for_update(of=("self",)).select_related("publication__item", "publication__revision").order_by("pk"))
    if len(rows) != len(set(deliveries)) or any(row.confirmed_on is not None for row in rows):
        raise Refused("勾选的信息里有的已经登记过，或者不是这个渠道的。请刷新页面后重新勾选。")
    for row in rows:
        _demand_not_denied(row)
    given = proofs.checked(proof, channel=channel, is_withdrawal=all(row.is_withdrawal for row in rows))
    kept = proofs.pieces(given)
    for row in rows:
        _confirm(act, row, given, kept)
    return rows


def _confirm(act: Act, delivery: Delivery, given: Proof, kept: Sequence[Evidence]) -> None:
    facts = {"delivery": delivery.pk, "channel": delivery.channel, "evidence": given.told, "pieces": [row.told() for row in kept]}
    if delivery.is_withdrawal:
        facts["withdrawal"] = True
    item, revision = delivery.publication.item, delivery.publication.revision
    entry = act.record(item, revision=revision.digest, facts=facts)
    proofs.save(kept, entry, delivery=delivery)
    settle(delivery, entry, given.told)


def settle(delivery: Delivery, entry: LedgerEntry, evidence: str) -> None:
    """Let the delivery be confirmed by that entry; what it carries may meanwhile be out of force, then the channel is told so."""
    delivery.confirmed_on, delivery.confirmation, delivery.evidence = entry.occurred_on, entry, evidence
    delivery.save(update_fields=["confirmed_on", "confirmation", "evidence"])
    if delivery.publication.withdrawn_on is not None and not delivery.is_withdrawal:
        remind(delivery.publication.item, entry)


@action("channels.never_carried", agency=_of_delivery)
def never_carried(act: Act, *, delivery: Delivery, reason: str) -> Delivery:
    """Somebody who was asked to take something down says that the channel never carried it, and by what he knows that."""
    delivery = _locked(delivery)
    _demand_waiting(delivery)
    said = " ".join(reason.split())[:LONGEST_REASON]
    if not delivery.is_withdrawal:
        raise Refused("只有要撤下的才能登记为没有发过。")
    sent = delivery.publication.deliveries.filter(channel=delivery.channel, is_withdrawal=False)
    if sent.filter(confirmed_on__isnull=False).exists():
        raise Refused("这个渠道登记过已经发布，不能再登记为没有发过。请撤下后登记。")
    if not said:
        raise Refused("请写明怎么知道没有发过，例如“当天没有张贴，公开栏上没有”。")
    told = f"没有发过：{said}"
    facts = {"delivery": delivery.pk, "channel": delivery.channel, "evidence": told, "withdrawal": True}
    entry = act.record(delivery.publication.item, revision=delivery.publication.revision.digest, facts=facts)
    settle(delivery, entry, told)
    return delivery


@action("channels.add_evidence", agency=_of_delivery)
def add_evidence(act: Act, *, delivery: Delivery, proof: Proof) -> Delivery:
    """More evidence for a delivery that is confirmed already; what was given before stays."""
    delivery = _locked(delivery)
    if delivery.confirmed_on is None:
        raise Refused("这个渠道还没有登记，请先登记。")
    given = proofs.sound(proof)
    if not given.kinds:
        raise Refused("请选择照片，或者填写链接、编号。")
    if delivery.pieces.count() + len(given.photos) + 2 > MOST_PIECES:
        raise Refused(f"一个渠道最多留{MOST_PIECES}份凭证。")
    kept = proofs.pieces(given)
    facts = {"delivery": delivery.pk, "channel": delivery.channel, "evidence": given.told, "pieces": [row.told() for row in kept]}
    entry = act.record(delivery.publication.item, revision=delivery.publication.revision.digest, facts=facts)
    proofs.save(kept, entry, delivery=delivery)
    return delivery


@action("channels.retry", agency=_of_delivery)
def retry(act: Act, *, delivery: Delivery) -> Delivery:
    """Let the push of a delivery begin anew, after what kept it from arriving was mended."""
    delivery = _locked(delivery)
    _demand_waiting(delivery)
    if not delivery.attempts.exclude(outcome=AGAIN).exists():
        raise Refused("这条信息还没有推送过，不用重新开始。")
    entry = act.record(delivery.publication.item, facts={"delivery": delivery.pk, "channel": delivery.channel})
    Attempt.objects.create(delivery=delivery, number=0, outcome=AGAIN, at=moment.now(), entry=entry)
    return delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a channel's deliveries are pushed, as the administrator fills it in. An empty ``secret`` is made by the platform."""

    channel: str
    url: str
    secret: str = ""
    signing: str = "sm3"
    covers_below: bool = False

    def demand_sound(self) -> None:
        """:class:`Refused` with what cannot be."""
        if self.channel not in words("channels") or self.channel in NOT_PUSHED:
            raise Refused("请选择要推送的渠道。政府网站由平台直接发布，移送档案馆、图书馆用移送明细表，都不用接口。")
        if self.signing not in SIGNINGS:
            raise Refused("请选择签名算法。")
        if self.secret and (
            len(self.secret) < SHORTEST_SECRET or len(self.secret) > 128 or not (self.secret.isascii() and self.secret.isprintable())
        ):
            raise Refused(f"密钥要有{SHORTEST_SECRET}到128个字符，用英文字母、数字和符号；留空时由平台生成。")


@action("channels.set_endpoint", agency=lambda agency, **_: agency)
def set_endpoint(act: Act, *, agency: Agency, target: Target) -> tuple[Endpoint, str]:
    """Push a channel's deliveries there from today on, in place of where they went before; gives the endpoint and its secret.

    The secret is given once, to be told to the other side. The platform keeps it sealed and shows it to nobody again.
    """
    target.demand_sound()
    url = checked_url(target.url)
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    secret = target.secret or secrets.token_urlsafe(32)
    endpoint = Endpoint(
        agency=agency, channel=target.channel, url=url, signing=target.signing,
        covers_below=target.covers_below, from_on=act.on,
    )  # fmt: skip
    endpoint.close_with(secret)
    old = Endpoint.objects.filter(agency=agency, channel=target.channel, ended_by__isnull=True).first()
    facts = {"channel": target.channel, "url": url, "covers_below": target.covers_below, **({"ends": old.pk} if old else {})}
    endpoint.entry = act.record(agency, change=(old.content() if old else None, endpoint.content()), facts=facts)
    _end(act, [old] if old else [], endpoint.entry)
    endpoint.save(force_insert=True)
    return endpoint, secret


@action("channels.end_endpoint", agency=lambda endpoint, **_: endpoint.agency)
def end_endpoint(act: Act, *, endpoint: Endpoint, reason: str) -> Endpoint:
    """Push there no longer; what waits is for a person to post."""
    Agency.objects.select_for_update(no_key=True).get(pk=endpoint.agency_id)
    endpoint = Endpoint.objects.select_related("agency").get(pk=endpoint.pk)
    if endpoint.ended_by_id is not None:
        raise Refused("这个接口已经停用。")
    said = " ".join(reason.split())[:500]
    if not said:
        raise Refused("请写明停用的理由。")
    entry = act.record(endpoint, change=(endpoint.content(), None), reason=said, facts={"channel": endpoint.channel, "ends": endpoint.pk})
    _end(act, [endpoint], entry)
    return endpoint


def _end(act: Act, endpoints: Iterable[Endpoint], entry: LedgerEntry) -> None:
    for endpoint in endpoints:
        Endpoint.objects.filter(pk=endpoint.pk).update(until_on=act.on, ended_by=entry)
        endpoint.until_on, endpoint.ended_by = act.on, entry

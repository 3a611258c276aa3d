"""Pushes: what waits for a channel that has an endpoint is posted there, signed, until it arrives or the platform gives up.

A push leaves a trace before it leaves the house, so that a process killed in between is known to have perhaps reached the other
side; it is then repeated under the same key, by which the other side knows it again.
"""

from __future__ import annotations

import datetime
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from gongkai.errors import GongkaiError
from gongkai.web.disclosure.channels.actions import settle
from gongkai.web.disclosure.channels.models import AGAIN, BEGUN, DELIVERED, FAILED, Attempt, Endpoint
from gongkai.web.disclosure.channels.posting import NotPosted, post
from gongkai.web.disclosure.channels.queries import with_push
from gongkai.web.disclosure.channels.rendering import record_of
from gongkai.web.disclosure.channels.values import retry
from gongkai.web.disclosure.models import Delivery, Item
from gongkai.web.ledger.acts import append
from gongkai.web.ledger.digest import sm3
from gongkai.web.ledger.seals import sealing
from gongkai.web.settings import moment

ACTION, DUTY = "channels.delivered", "system"


def deliver_due(now: datetime.datetime) -> int:
    """Push everything that is due at that moment; gives how many arrived. Called by the worker, again and again.

    An endpoint that cannot be reached is not asked again in the same call: one dead station must not hold up the others.
    """
    arrived, dead, begun = 0, set[int](), 0
    for pk, endpoint in _due(now):
        if endpoint.pk in dead or begun >= retry().at_once:
            continue
        attempt = _begin(pk, endpoint, now)
        if attempt is None:
            continue
        begun += 1
        try:
            status = _push(attempt.delivery, endpoint, now)
        except GongkaiError as error:
            refused = error.status if isinstance(error, NotPosted) else None
            _fail(attempt, error.message, refused)
            if refused is None:
                dead.add(endpoint.pk)
            continue
        arrived += _arrive(attempt, status)
    return arrived


def push_due() -> int:
    """:func:`deliver_due` now, as the worker calls it."""
    return deliver_due(moment.now())


def _due(now: datetime.datetime) -> list[tuple[int, Endpoint]]:
    """What waits, has an endpoint and may be pushed now, oldest first."""
    if not Endpoint.objects.filter(ended_by__isnull=True).exists():
        return []  # most counties have none, and the worker asks every few seconds
    waiting = with_push(Delivery.objects.filter(confirmed_on__isnull=True)).filter(endpoint_id__isnull=False)
    rows = list(waiting.filter(Q(is_withdrawal=True) | Q(publication__withdrawn_on__isnull=True)).order_by("pk").iterator(chunk_size=1000))
    endpoints = Endpoint.objects.in_bulk({row.endpoint_id for row in rows})
    return [(row.pk, endpoints[row.endpoint_id]) for row in rows if _may_begin(row, row.endpoint_id, now)]


def _may_begin(row: Delivery, endpoint: int, now: datetime.datetime) -> bool:
    """Whether the next attempt is due, from the newest event (see :func:`with_push`)."""
    number = attempts_made(row, endpoint)
    if number == 0:
        return True
    if number >= retry().most:
        return False
    last: Attempt = Attempt.objects.get(pk=row.last_attempt)
    wait = retry().lease if last.outcome == BEGUN else retry().minutes[number - 1]
    return last.at + datetime.timedelta(minutes=wait) <= now


def attempts_made(row: Delivery, endpoint: int) -> int:
    """How many attempts count for that endpoint: none after a person let it begin anew, or another endpoint was set."""
    counts = row.last_outcome not in (None, AGAIN) and row.last_endpoint == endpoint
    return row.last_number if counts else 0


def _begin(pk: int, endpoint: Endpoint, now: datetime.datetime) -> Attempt | None:
    """The trace of a push that begins; ``None`` when somebody else took it or nothing waits any more."""
    with transaction.atomic():
        locked = Delivery.objects.select_for_update(of=("self",)).filter(pk=pk, confirmed_on__isnull=True)
        row = with_push(locked).select_related("publication__item__agency", "publication__revision", "publication__withdrawal").first()
        is_past = row is not None and row.publication.withdrawn_on is not None and not row.is_withdrawal
        if row is None or is_past or row.endpoint_id != endpoint.pk or not _may_begin(row, endpoint.pk, now):
            return None
        number = attempts_made(row, endpoint.pk) + 1
        return Attempt.objects.create(delivery=row, endpoint=endpoint, number=number, outcome=BEGUN, at=now)


def key_of(delivery: Delivery) -> str:
    """By what the other side knows a delivery again: always the same for the same one."""
    return sm3(f"{delivery.publication.revision.digest}:{delivery.channel}:{delivery.pk}:{delivery.is_withdrawal}".encode())[:32]


def _push(delivery: Delivery, endpoint: Endpoint, now: datetime.datetime) -> int:
    body = json.dumps(record_of(delivery, settings.PUBLIC_ADDRESS), ensure_ascii=False, sort_keys=True).encode()
    key, stamp = key_of(delivery), str(int(now.timestamp()))
    return post(endpoint.url, body, {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Gongkai",
        "Connection": "close",
        "Idempotency-Key": key,
        "Gongkai-Timestamp": stamp,
        "Gongkai-Signature": f"{endpoint.signing}={signature(endpoint.opened_secret(), endpoint.signing, stamp, key, body)}",
    })  # fmt: skip


def signature(secret: str, signing: str, stamp: str, key: str, body: bytes) -> str:
    """The HMAC over timestamp, key and body, joined by points, in hexadecimal digits."""
    code = HMAC(secret.encode(), hashes.SM3() if signing == "sm3" else hashes.SHA256())
    code.update(f"{stamp}.{key}.".encode() + body)
    return code.finalize().hex()


def _fail(attempt: Attempt, error: str, status: int | None) -> None:
    Attempt.objects.create(
        delivery=attempt.delivery, endpoint=attempt.endpoint, number=attempt.number, outcome=FAILED,
        at=attempt.at, status=status, error=error[:300],
    )  # fmt: skip


def _arrive(attempt: Attempt, status: int) -> int:
    """It arrived: the delivery is confirmed once, whoever else confirmed it meanwhile."""
    with transaction.atomic(), sealing():
        Item.objects.select_for_update(of=("self",)).get(pk=attempt.delivery.publication.item_id)
        delivery = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("publication__item__agency", "publication__revision")
            .get(pk=attempt.delivery_id)
        )
        if delivery.confirmed_on is not None:
            return 0
        publication = delivery.publication
        told = f"推送送达，对方答复{status}"
        facts = {"delivery": delivery.pk, "channel": delivery.channel, "evidence": told, "endpoint": attempt.endpoint_id}
        marks = {"action": ACTION, "duty": DUTY, "revision": publication.revision.digest, "before": "", "after": "", "reason": ""}
        entry = append(
            agency=publication.item.agency, person=None, thing=publication.item, occurred_on=attempt.at.astimezone(moment.ZONE).date(),
            marks={**marks, "facts": {**facts, **({"withdrawal": True} if delivery.is_withdrawal else {})}},
        )  # fmt: skip
        Attempt.objects.create(
            delivery=delivery, endpoint=attempt.endpoint, number=attempt.number, outcome=DELIVERED, at=attempt.at,
            status=status, entry=entry,
        )  # fmt: skip
        settle(delivery, entry, told)
    return 1

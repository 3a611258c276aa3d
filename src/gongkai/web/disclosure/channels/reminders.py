"""Who must be told what: each channel that carries an old or withdrawn text is reminded until it confirms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q

from gongkai.web.disclosure.channels.models import Attempt
from gongkai.web.disclosure.models import Delivery, Item, Publication
from gongkai.web.ledger.models import LedgerEntry

# The platform's own site has everything the moment it is published, and nothing any more the moment it is withdrawn.
OWN = "site"


def send(publication: Publication, channels: Iterable[str], entry: LedgerEntry, *, is_withdrawal: bool = False) -> None:
    """One delivery a channel that has none yet; called inside the act that ``entry`` proves."""
    there = set(publication.deliveries.filter(is_withdrawal=is_withdrawal).values_list("channel", flat=True))
    for name in dict.fromkeys(channels):
        if name not in there:
            own = {"confirmed_on": entry.occurred_on, "confirmation": entry} if name == OWN else {}
            Delivery.objects.create(publication=publication, channel=name, is_withdrawal=is_withdrawal, asked_by=entry, **own)


def carried(item: Item) -> Mapping[str, Publication]:
    """Channel → the newest publication of the item that it carries, as far as anybody knows.

    It does when somebody confirmed it or a push of it was begun (it may have arrived), and nobody confirmed its withdrawal.
    """
    pushed = Attempt.objects.filter(delivery=OuterRef("pk"))
    posted = Delivery.objects.filter(publication__item=item, is_withdrawal=False).filter(Q(confirmed_on__isnull=False) | Exists(pushed))
    newest = {delivery.channel: delivery.publication for delivery in posted.select_related("publication").order_by("publication_id")}
    down = Delivery.objects.filter(publication__item=item, is_withdrawal=True, confirmed_on__isnull=False)
    gone = set(down.values_list("channel", "publication_id"))
    return {channel: publication for channel, publication in newest.items() if (channel, publication.pk) not in gone}


def remind(item: Item, entry: LedgerEntry) -> None:
    """Tell every channel that carries what is no longer in force to take it down, unless it was already told to carry the new text."""
    if not item.publications.filter(withdrawn_on__isnull=False).exists():
        return  # published for the first time: nobody carries anything old
    in_force = item.publications.filter(withdrawn_on__isnull=True).first()
    told = set(in_force.deliveries.filter(is_withdrawal=False).values_list("channel", flat=True)) if in_force else set[str]()
    for channel, publication in carried(item).items():
        if publication.withdrawn_on is not None and channel not in told:
            send(publication, [channel], entry, is_withdrawal=True)

"""Who must be told what: each channel that was sent an old or withdrawn text is reminded until it confirms.

Whether it was posted nobody knows before somebody says so: a paper may hang on the board that was never registered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
    """Channel → the publication of the item that it carries or may carry, as far as anybody knows.

    Everything that was sent there may hang there, until somebody confirmed that it was taken down or never posted; that answer
    is about what was sent until then. What was confirmed goes before what only may be.
    """
    standing: dict[str, list[Delivery]] = {}
    rows = Delivery.objects.filter(publication__item=item).select_related("publication").order_by("publication_id", "is_withdrawal")
    for row in rows:
        if not row.is_withdrawal:
            standing.setdefault(row.channel, []).append(row)
        elif row.confirmed_on is not None:
            standing.pop(row.channel, None)
    return {channel: _surest(sent).publication for channel, sent in standing.items()}


def _surest(sent: Sequence[Delivery]) -> Delivery:
    """The newest that was confirmed, else the newest."""
    return next((row for row in reversed(sent) if row.confirmed_on is not None), sent[-1])


def remind(item: Item, entry: LedgerEntry) -> None:
    """Tell every channel that may carry what is no longer in force to take it down, unless it was already told to carry the new text."""
    if not item.publications.filter(withdrawn_on__isnull=False).exists():
        return  # published for the first time: nobody carries anything old
    in_force = item.publications.filter(withdrawn_on__isnull=True).first()
    told = set(in_force.deliveries.filter(is_withdrawal=False).values_list("channel", flat=True)) if in_force else set[str]()
    for channel, publication in carried(item).items():
        if publication.withdrawn_on is not None and channel not in told:
            send(publication, [channel], entry, is_withdrawal=True)

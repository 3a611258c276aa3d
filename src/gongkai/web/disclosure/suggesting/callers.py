"""What a suggestion keeps to itself about who made it: the contact, sealed, and the address as a mark."""

from __future__ import annotations

import datetime

from django.utils.crypto import salted_hmac

from gongkai.web.settings.keys import KeyLost, seal, unseal

CONTACT = "contact of a suggestion"
_ADDRESS = "gongkai suggestions: address, 1"


def sealed_contact(number: str, contact: str) -> str:
    """The contact as it is stored, bound to the suggestion of that number; empty when there is none."""
    return seal(contact, purpose=CONTACT, row=number) if contact else ""


def contact_of(number: str, sealed: str) -> str | None:
    """The contact again; ``None`` when its key is not here or it is not what was sealed for this suggestion."""
    try:
        return unseal(sealed, purpose=CONTACT, row=number)
    except KeyLost:
        return None


def mark_of(address: str, on: datetime.date) -> str:
    """By what the suggestions of one address are counted on one day; it tells neither the address nor the next day's mark."""
    return salted_hmac(_ADDRESS, f"{on}:{address}", algorithm="sha256").hexdigest()

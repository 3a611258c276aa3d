"""What an opinion keeps to itself about who sent it: name and contact, sealed, and the address as a mark."""

from __future__ import annotations

import datetime

from django.utils.crypto import salted_hmac

from gongkai.web.settings.keys import KeyLost, seal, unseal

NAME, CONTACT = "name of an opinion", "contact of an opinion"
_ADDRESS = "gongkai opinions: address, 1"


def sealed(text: str, purpose: str, number: str) -> str:
    """The text as it is stored, bound to the opinion of that number; empty when there is none."""
    return seal(text, purpose=purpose, row=number) if text else ""


def opened(text: str, purpose: str, number: str) -> str | None:
    """The text again; ``None`` when its key is not here or it is not what was sealed for this opinion, empty when there is none."""
    try:
        return unseal(text, purpose=purpose, row=number) if text else ""
    except KeyLost:
        return None


def mark_of(address: str, on: datetime.date) -> str:
    """By what the opinions of one address are counted on one day; it tells neither the address nor the next day's mark."""
    return salted_hmac(_ADDRESS, f"{on}:{address}", algorithm="sha256").hexdigest()

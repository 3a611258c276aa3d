"""What a report of an error keeps to itself about who made it: the contact, the code of the answer, the address as a mark."""

from __future__ import annotations

import datetime
import hmac
import secrets

from django.utils.crypto import salted_hmac

from gongkai.web.ledger.digest import sm3
from gongkai.web.settings.keys import KeyLost, seal, unseal

CONTACT = "contact of an error report"
_ADDRESS = "gongkai error reports: address, 2"
# No 0, 1, I, L, O: a code is read from paper and typed.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LONG = 10


def sealed_contact(number: str, contact: str) -> str:
    """The contact as it is stored, bound to the report of that number."""
    return seal(contact, purpose=CONTACT, row=number)


def contact_of(number: str, sealed: str) -> str | None:
    """The contact again; ``None`` when its key is not here or it is not what was sealed for this report."""
    try:
        return unseal(sealed, purpose=CONTACT, row=number)
    except KeyLost:
        return None


def new_code() -> str:
    """A code of ten signs, about 49 bits."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LONG))


def opens(number: str, code: str, digest: str) -> bool:
    """Whether that code belongs to that report, in the same time whatever the code is."""
    return hmac.compare_digest(sm3(f"{number}:{code.strip().upper()}".encode()), digest)


def mark_of(address: str, on: datetime.date) -> str:
    """By what the reports of one address are counted on one day; it tells neither the address nor the next day's mark."""
    return salted_hmac(_ADDRESS, f"{on}:{address}", algorithm="sha256").hexdigest()

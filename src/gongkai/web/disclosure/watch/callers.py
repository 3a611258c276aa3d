"""What a report of an error keeps to itself about who made it: the contact, the code of the answer, the address as a mark."""

from __future__ import annotations

import datetime
import hmac
import secrets

from gongkai.web.ledger.digest import sm3
from gongkai.web.settings.sealing import Purpose, Unsealable, derived, unseal

CONTACT = Purpose("gongkai error reports: contact, 2", "联系方式解不开：平台密钥换过，或者记录被改动。")
_ADDRESS = "gongkai error reports: address, 2"
# No 0, 1, I, L, O: a code is read from paper and typed.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LONG = 10


def contact_of(sealed: str) -> str | None:
    """The contact again; ``None`` when the platform's key is another one than then."""
    try:
        return unseal(sealed, CONTACT)
    except Unsealable:
        return None


def new_code() -> str:
    """A code of ten signs, about 49 bits."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LONG))


def opens(number: str, code: str, digest: str) -> bool:
    """Whether that code belongs to that report, in the same time whatever the code is."""
    return hmac.compare_digest(sm3(f"{number}:{code.strip().upper()}".encode()), digest)


def mark_of(address: str, on: datetime.date) -> str:
    """By what the reports of one address are counted on one day; it tells neither the address nor the next day's mark."""
    return hmac.new(derived(_ADDRESS, 32), f"{on}:{address}".encode(), "sha256").hexdigest()

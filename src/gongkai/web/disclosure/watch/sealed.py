"""What a report of an error keeps to itself: the contact sealed at rest, codes that cannot be guessed, addresses as marks."""

from __future__ import annotations

import base64
import datetime
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from gongkai.web.ledger.digest import sm3

_NONCE = 12
# No 0, 1, I, L, O: a code is read from paper and typed.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LONG = 10


def _key(purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"gongkai error reports: {purpose}, 1".encode()).derive(
        settings.SECRET_KEY.encode()
    )


def seal(text: str) -> str:
    """The text under a key made for this one purpose from the platform's own."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + AESGCM(_key("contact")).encrypt(nonce, text.encode(), None)).decode("ascii")


def unseal(text: str) -> str | None:
    """The text again; ``None`` when the platform's key is another one than then."""
    try:
        data = base64.b64decode(text, validate=True)
        return AESGCM(_key("contact")).decrypt(data[:_NONCE], data[_NONCE:], None).decode()
    except (InvalidTag, ValueError):
        return None


def new_code() -> str:
    """A code of ten signs, about 49 bits."""
    return "".join(secrets.choice(_SIGNS) for _ in range(_LONG))


def opens(number: str, code: str, digest: str) -> bool:
    """Whether that code belongs to that report, in the same time whatever the code is."""
    return hmac.compare_digest(sm3(f"{number}:{code.strip().upper()}".encode()), digest)


def mark_of(address: str, on: datetime.date) -> str:
    """By what the reports of one address are counted on one day; it tells neither the address nor the next day's mark."""
    return hmac.new(_key("address"), f"{on}:{address}".encode(), "sha256").hexdigest()

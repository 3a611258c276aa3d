"""Secrets at rest: SM4-GCM, under a key for each purpose that is derived from the platform's own.

What was sealed for one purpose cannot be opened for another, and nothing can when the platform's key is another one than then.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from gongkai.errors import GongkaiError

_MARK = "sm4gcm1:"
_KEY, _NONCE, _TAG = 16, 12, 16


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a key is for. The name is permanent: another name is another key. ``lost`` is said when something cannot be opened."""

    name: str
    lost: str


class Unsealable(GongkaiError):
    """What was sealed cannot be opened: the platform's key is another one than then, or somebody changed it."""


def derived(purpose: str, length: int) -> bytes:
    """A key for that purpose alone, from the platform's own."""
    return HKDF(algorithm=hashes.SM3(), length=length, salt=None, info=purpose.encode()).derive(settings.SECRET_KEY.encode())


def seal(secret: str, purpose: Purpose) -> str:
    """The secret so that it can be stored; never twice the same."""
    nonce = secrets.token_bytes(_NONCE)
    box = Cipher(algorithms.SM4(derived(purpose.name, _KEY)), modes.GCM(nonce)).encryptor()
    closed = box.update(secret.encode()) + box.finalize()
    return _MARK + base64.b64encode(nonce + box.tag + closed).decode("ascii")


def unseal(sealed: str, purpose: Purpose) -> str:
    """The secret again; :class:`Unsealable` when it is not what was sealed for this purpose under this key."""
    try:
        data = base64.b64decode(sealed.removeprefix(_MARK), validate=True)
        nonce, tag, closed = data[:_NONCE], data[_NONCE : _NONCE + _TAG], data[_NONCE + _TAG :]
        box = Cipher(algorithms.SM4(derived(purpose.name, _KEY)), modes.GCM(nonce, tag)).decryptor()
        return (box.update(closed) + box.finalize()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unsealable(purpose.lost) from error

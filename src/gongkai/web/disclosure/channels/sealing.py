"""Secrets at rest: SM4-GCM under a key that is derived for this one purpose from the platform's own."""

from __future__ import annotations

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from gongkai.errors import GongkaiError

_PURPOSE = b"gongkai channels: secrets of endpoints, 1"
_MARK = "sm4gcm1:"
_NONCE, _TAG = 12, 16


class Unsealable(GongkaiError):
    """What was sealed cannot be opened: the platform's key is another one than then, or somebody changed it."""


def _key() -> bytes:
    return HKDF(algorithm=hashes.SM3(), length=16, salt=None, info=_PURPOSE).derive(settings.SECRET_KEY.encode())


def seal(secret: str) -> str:
    """The secret so that it can be stored."""
    nonce = secrets.token_bytes(_NONCE)
    box = Cipher(algorithms.SM4(_key()), modes.GCM(nonce)).encryptor()
    closed = box.update(secret.encode()) + box.finalize()
    return _MARK + base64.b64encode(nonce + box.tag + closed).decode("ascii")


def unseal(sealed: str) -> str:
    """The secret again; :class:`Unsealable` when it is not what was sealed under this key."""
    try:
        data = base64.b64decode(sealed.removeprefix(_MARK), validate=True)
        nonce, tag, closed = data[:_NONCE], data[_NONCE : _NONCE + _TAG], data[_NONCE + _TAG :]
        box = Cipher(algorithms.SM4(_key()), modes.GCM(nonce, tag)).decryptor()
        return (box.update(closed) + box.finalize()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unsealable("接口密钥解不开（平台密钥换过，或者记录被改动），请系统管理员重新设置接口。") from error

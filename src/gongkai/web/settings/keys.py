"""The custody of keys: what must not be read in the database, in a backup or on a stolen disk is sealed with a key that lies elsewhere.

Keys come from the environment, each under a name, the newest first. Sealed text names its cipher and its key, so that what an older
key sealed still opens, and :func:`is_newest` tells what to seal anew. From each key another one is derived for every purpose, and
purpose and row are bound in: sealed text that was copied into another row does not open there.

Only a local trial keeps its keys in files of the data folder, which no backup contains.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from gongkai.errors import GongkaiError

# Name of the cipher as sealed text bears it → how it begins with a key, and how many bytes that key has. Both in GCM.
CIPHERS: Mapping[str, tuple[Callable[[bytes], algorithms.SM4 | algorithms.AES], int]] = {
    "sm4": (algorithms.SM4, 16),
    "aes": (algorithms.AES, 32),
}
_NONCE, _TAG = 12, 16
_NAME, _KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,19}"), re.compile(r"[0-9a-f]{64}")


class KeyLost(GongkaiError):
    """Sealed text does not open: its key is not here, or the text is not what was sealed for this row."""


def kept(file: Path, make: Callable[[], str]) -> str:
    """What the file holds, which only its owner may read; made once, even when several processes begin at the same moment."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_name(f"{file.name}.{os.getpid()}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as sink:
            sink.write(make())
        try:
            file.hardlink_to(part)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return file.read_text(encoding="ascii")


def made() -> str:
    """A new key as the environment writes it."""
    return f"trial:{secrets.token_hex(32)}"


def ring(said: str) -> dict[str, bytes]:
    """The keys that a setting names (``name:64 hexadecimal digits``, separated by commas), the newest first."""
    keys: dict[str, bytes] = {}
    for part in (piece.strip() for piece in said.split(",")):
        name, _, key = part.partition(":")
        if not part:
            continue
        if not _NAME.fullmatch(name) or not _KEY.fullmatch(key.lower()):
            raise ImproperlyConfigured(
                "GONGKAI_DATA_KEYS 应当写成“名称:密钥”，名称用小写字母、数字和短横，密钥是64位十六进制数；几个密钥用逗号隔开，最新的写在最前。"
            )
        if name in keys:
            raise ImproperlyConfigured(f"GONGKAI_DATA_KEYS 里有两个密钥都叫“{name}”。名称不能重复使用，否则旧内容打不开。")
        keys[name] = bytes.fromhex(key)
    return keys


def seal(text: str, *, purpose: str, row: str) -> str:
    """The text so that it can be stored in that row, closed with the newest key."""
    cipher, name = settings.DATA_CIPHER, next(iter(settings.DATA_KEYS))
    nonce, head = secrets.token_bytes(_NONCE), f"{cipher}:{name}"
    box = Cipher(CIPHERS[cipher][0](_derived(settings.DATA_KEYS[name], cipher, purpose)), modes.GCM(nonce)).encryptor()
    box.authenticate_additional_data(_bound(head, purpose, row))
    closed = box.update(text.encode()) + box.finalize()
    return f"{head}:{base64.b64encode(nonce + box.tag + closed).decode('ascii')}"


def unseal(sealed: str, *, purpose: str, row: str) -> str:
    """The text again; :class:`KeyLost` when its key is not here or it is not what was sealed for this row."""
    cipher, name, body = _parts(sealed)
    if cipher not in CIPHERS:
        raise KeyLost("这项内容没有按规定加密保存，不能使用。请联系系统管理员核对。")
    if name not in settings.DATA_KEYS:
        raise KeyLost(f"打不开加密保存的内容：平台没有名为“{name}”的密钥。请联系系统管理员把它放回环境变量 GONGKAI_DATA_KEYS。")
    try:
        data = base64.b64decode(body, validate=True)
        key = _derived(settings.DATA_KEYS[name], cipher, purpose)
        box = Cipher(CIPHERS[cipher][0](key), modes.GCM(data[:_NONCE], data[_NONCE : _NONCE + _TAG])).decryptor()
        box.authenticate_additional_data(_bound(f"{cipher}:{name}", purpose, row))
        return (box.update(data[_NONCE + _TAG :]) + box.finalize()).decode()
    except (InvalidTag, ValueError) as error:
        raise KeyLost(f"打不开加密保存的内容：密钥“{name}”不是当时的那一个，或者内容被改动过。请联系系统管理员核对。") from error


def is_newest(sealed: str) -> bool:
    """Whether the text is closed as it would be today."""
    return _parts(sealed)[:2] == (settings.DATA_CIPHER, next(iter(settings.DATA_KEYS)))


def key_of(sealed: str) -> str:
    """The name of the key that closed the text; empty when it is not sealed."""
    cipher, name, _ = _parts(sealed)
    return name if cipher in CIPHERS else ""


def _parts(sealed: str) -> tuple[str, str, str]:
    cipher, _, rest = sealed.partition(":")
    name, _, body = rest.partition(":")
    return cipher, name, body


def _bound(head: str, purpose: str, row: str) -> bytes:
    return f"{head}:{purpose}:{row}".encode()


@cache
def _derived(key: bytes, cipher: str, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SM3(), length=CIPHERS[cipher][1], salt=None, info=f"gongkai {cipher} {purpose}".encode()).derive(key)

"""What the demo's officers show as evidence of a posting: an address, a number, or a picture that says it is made up."""

from __future__ import annotations

import struct
import zlib
from functools import cache

from gongkai.web.disclosure.channels.proof import Proof
from gongkai.web.disclosure.channels.values import LINK, NUMBER, channel_kinds
from gongkai.web.disclosure.models import Delivery


def proof_of(delivery: Delivery) -> Proof:
    """Evidence of the kind that the delivery's channel wants first. The addresses are of a domain that nobody can own."""
    kind, day = channel_kinds()[delivery.channel].evidence[0], delivery.publication.published_on
    if kind == LINK:
        return Proof(link=f"https://{delivery.channel}.shifan.example/s/{day:%Y%m%d}-{delivery.publication.item_id}")
    if kind == NUMBER:
        return Proof(number=f"{day:%Y}年第{day.month}期")
    return Proof(photos=(("张贴照片.png", picture()),))


@cache
def picture() -> bytes:
    """A small grey board with a white sheet on it, in the place of a photograph."""
    wide, high = 96, 72
    rows = (bytes(245 if 24 <= x < 72 and 12 <= y < 60 else 120 for x in range(wide)) for y in range(high))
    lines = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", lines) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

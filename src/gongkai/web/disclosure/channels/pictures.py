"""Photographs without what they tell about the camera, the place and the person: only the picture is kept.

Nothing is decoded: the file is taken apart into its segments (JPEG) or chunks (PNG), each is checked, and what does not belong to
the picture is left out, with whatever stands behind its end. A JPEG keeps its orientation, so that it still stands upright.
"""

from __future__ import annotations

import struct
import zlib

from gongkai.errors import Refused

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
# What a PNG needs to be shown as it was.
_CHUNKS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"))
_FRAMES = frozenset((0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF))
# Tables, frames, scans and restart intervals: the picture itself.
_PICTURE = _FRAMES | {0xC4, 0xCC, 0xDA, 0xDB, 0xDD}
_APP0, _APP1, _APP14, _COMMENT, _SCAN, _END = 0xE0, 0xE1, 0xEE, 0xFE, 0xDA, 0xD9
_ORIENTATION = 0x0112


def stripped(name: str, data: bytes) -> bytes:
    """The picture alone; :class:`Refused` for what is no whole JPEG or PNG."""
    try:
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(_JPEG):
            return _jpeg(data)
    except (struct.error, IndexError, ValueError) as error:
        raise Refused(f"“{name}”的内容不完整或者不是图片，请重新拍照后再上传。") from error
    raise Refused(f"“{name}”不是jpg或者png图片，请上传照片。")


def _png(data: bytes) -> bytes:
    kept, at, kinds = [_PNG], len(_PNG), list[bytes]()
    while not kinds or kinds[-1] != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + 12 + length]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise ValueError("a chunk that is not whole")
        kinds.append(kind)
        if kind in _CHUNKS:
            kept.append(chunk)
        at += len(chunk)
    if kinds[0] != b"IHDR" or b"IDAT" not in kinds:
        raise ValueError("no picture inside")
    return b"".join(kept)


def _jpeg(data: bytes) -> bytes:
    kept, at, frames, scans = [_JPEG], 2, 0, 0
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:  # padding before a marker
            at += 1
        if data[at] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = data[at + 1]
        if marker == _END:
            break
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if end > len(data) or end < at + 4:
            raise ValueError("a segment that is not whole")
        if marker == _SCAN:
            end = _after_scan(data, end)
        kept.append(_kept_segment(marker, data[at:end]))
        frames, scans, at = frames + (marker in _FRAMES), scans + (marker == _SCAN), end
    if not frames or not scans:
        raise ValueError("no picture inside")
    return b"".join([*kept, b"\xff\xd9"])


def _kept_segment(marker: int, segment: bytes) -> bytes:
    """What stays of a segment; ValueError for one that no JPEG has."""
    if marker in _PICTURE or (marker == _APP14 and segment[4:9] == b"Adobe"):
        return segment
    if marker == _APP0 and segment[4:9] == b"JFIF\0" and len(segment) >= 18:
        return segment[:2] + b"\x00\x10" + segment[4:16] + b"\0\0"  # without its thumbnail
    if marker == _APP1 and segment[4:10] == b"Exif\0\0":
        return _orientation(segment[10:])
    if _APP0 <= marker <= 0xEF or marker == _COMMENT:
        return b""
    raise ValueError("a marker that does not belong here")


def _after_scan(data: bytes, at: int) -> int:
    """Where the first marker after a scan's data stands."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7 and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2


def _orientation(tiff: bytes) -> bytes:
    """An Exif segment that says only how the picture is turned; nothing when it stands upright or nobody can tell."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        start = struct.unpack_from(f"{order}I", tiff, 4)[0]
        for number in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
            tag, kind, count, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if (tag, kind, count) == (_ORIENTATION, 3, 1) and 2 <= value <= 8:
                body = b"Exif\0\0MM\0\x2a\0\0\0\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, value, 0, 0)
                return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    except (struct.error, KeyError):
        pass
    return b""

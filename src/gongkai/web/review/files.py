"""Files that people hand in: what they may be, told by their content. Where they lie is :mod:`gongkai.web.review.kept`'s."""

from __future__ import annotations

from pathlib import Path

from gongkai.errors import Refused

LARGEST = 20 * 1024 * 1024
MOST = 20

# Suffix → what the file's first bytes must be; a text must be readable as one.
_HEADS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".doc": (b"\xd0\xcf\x11\xe0",),
    ".xls": (b"\xd0\xcf\x11\xe0",),
    ".wps": (b"\xd0\xcf\x11\xe0", b"PK\x03\x04"),
    ".et": (b"\xd0\xcf\x11\xe0", b"PK\x03\x04"),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
}
_TEXTS = frozenset({".txt", ".csv"})
_PARTS = {".docx": b"word/", ".xlsx": b"xl/"}
KINDS = (*_HEADS, *sorted(_TEXTS))


def checked_name(name: str, data: bytes) -> str:
    """The file's own name without any folder; :class:`Refused` when it is empty, too large, or not what its name says."""
    name = Path(name.replace("\\", "/")).name.strip().lstrip(".")[-120:]
    suffix = Path(name).suffix.lower()
    if not name or not data:
        raise Refused("文件是空的。")
    if len(data) > LARGEST:
        raise Refused(f"“{name}”有{len(data) / 1048576:.1f}MB，超过{LARGEST // 1048576}MB的上限。")
    if suffix not in KINDS:
        raise Refused(f"不能上传“{suffix or '没有后缀'}”文件。可以上传：{'、'.join(kind.removeprefix('.') for kind in KINDS)}。")
    if not _is_what_it_says(suffix, data):
        raise Refused(f"“{name}”的内容不是{suffix.removeprefix('.')}文件，请用原来的程序另存后再上传。")
    return name


def _is_what_it_says(suffix: str, data: bytes) -> bool:
    if suffix in _TEXTS:
        return b"\0" not in data and _is_text(data)
    return data.startswith(_HEADS[suffix]) and _PARTS.get(suffix, b"") in data


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False

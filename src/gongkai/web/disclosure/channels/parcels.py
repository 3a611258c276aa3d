"""What a station is handed on a stick: one ZIP with the texts, pages, attachments and a record of each waiting delivery."""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from django.utils.html import escape

from gongkai.errors import Refused
from gongkai.web.disclosure.channels.rendering import parts_of, record_of
from gongkai.web.disclosure.models import Delivery
from gongkai.web.review import kept

MOST = 100
LARGEST = 200 * 1024 * 1024
_IN_MEMORY = 8 * 1024 * 1024
# Signs that some system or other takes for more than a part of a name.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST = 80


def parcel(deliveries: Sequence[Delivery], address: str) -> IO[bytes]:
    """The ZIP, open at its beginning; :class:`Refused` when it would be too large."""
    if not deliveries or len(deliveries) > MOST:
        raise Refused(f"请勾选要导出的信息，一次最多{MOST}条。")
    size = sum(row["size"] for delivery in deliveries if not delivery.is_withdrawal for row in _attached(delivery))
    if size > LARGEST:
        raise Refused(f"勾选的信息附件共{size / 1048576:.0f}MB，超过{LARGEST // 1048576}MB，请分几次导出。")
    packed = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)
    try:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, delivery in enumerate(deliveries, start=1):
                _pack(archive, f"{number:03d}-{_folder(delivery)}", delivery, address)
    except Refused:
        packed.close()
        raise
    packed.seek(0)
    return packed


def _folder(delivery: Delivery) -> str:
    title = safe_name(delivery.publication.revision.content["title"], "信息")
    return safe_name(f"撤下-{title}"[:40] if delivery.is_withdrawal else title[:40], "信息")


def safe_name(name: str, instead: str) -> str:
    """The name as every system can write it: no folders, no signs with a meaning, no reserved words, not too long."""
    stem = _UNSAFE.sub("_", name).strip(" .")
    if len(stem) > _LONGEST:
        suffix = Path(stem).suffix[:10]
        stem = stem[: _LONGEST - len(suffix)].rstrip(" .") + suffix
    return f"_{stem}" if _RESERVED.match(stem) else stem or instead


def _pack(archive: zipfile.ZipFile, folder: str, delivery: Delivery, address: str) -> None:
    parts = parts_of(delivery, address)
    text = "\n\n".join(f"【{part.words}】\n{part.text}" for part in parts) if len(parts) > 1 else parts[0].text
    archive.writestr(f"{folder}/稿件.txt", "\ufeff" + text.replace("\n", "\r\n"))  # read by what stations still use
    archive.writestr(f"{folder}/信息.json", json.dumps(record_of(delivery, address), ensure_ascii=False, indent=2, sort_keys=True))
    if delivery.is_withdrawal:
        return
    content = delivery.publication.revision.content
    head = f'<!DOCTYPE html>\n<html lang="zh-Hans"><head><meta charset="utf-8"><title>{escape(content["title"])}</title></head><body>\n'
    archive.writestr(f"{folder}/网页.html", f"{head}<h1>{escape(content['title'])}</h1>\n{content['body']}\n</body></html>\n")
    taken = set[str]()
    for at, row in enumerate(_attached(delivery), start=1):
        name = safe_name(row["name"], f"附件{at}")
        name = f"{at}-{name}" if name.casefold() in taken else name
        taken.add(name.casefold())
        try:
            data = kept.content(row["digest"])
        except kept.Lost as lost:
            raise Refused(f"附件“{row['name']}”没有导出：{lost.message}") from lost
        archive.writestr(f"{folder}/附件/{name}", data)


def _attached(delivery: Delivery) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = delivery.publication.revision.content.get("attachments", [])
    return rows

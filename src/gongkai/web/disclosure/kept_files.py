"""What files add to ``gongkai verify``: every kept file is what its name says, and every attachment of a revision is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.db.models import Q

from gongkai.web.disclosure.channels.models import Evidence
from gongkai.web.disclosure.witness import entry_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken
from gongkai.web.review.files import place_of
from gongkai.web.review.models import Revision

_PIECE = 1 << 20


def files_hold() -> Iterator[Broken]:
    """A file lies under the SM3 digest of its content; anything else was changed or put there."""
    for path in sorted(Path(settings.MEDIA_ROOT).glob("??/*")):
        if path.suffix != ".part" and path.is_file() and _digest(path) != path.name:
            yield Broken(*_entry_of(path.name), f"文件 files/{path.parent.name}/{path.name} 的内容与它的摘要不符，文件被改动。")


def attachments_hold() -> Iterator[Broken]:
    """Every attachment that a revision names is there."""
    rows = Revision.objects.filter(content__has_key="attachments")
    for revision in rows.iterator(chunk_size=1000):
        for attached in revision.content["attachments"]:
            if not place_of(attached["digest"]).is_file():
                yield Broken(*entry_of(revision), f"{revision}（编号{revision.pk}）的附件“{attached['name']}”不见了。")


def _entry_of(digest: str) -> tuple[str, int]:
    """County and number of the entry by which a file was kept; nothing for a file that nobody's act put there."""
    entry = LedgerEntry.objects.filter(Q(facts__attached=digest) | Q(facts__sm3=digest)).order_by("pk").first()
    piece = Evidence.objects.filter(digest=digest).select_related("entry").first() if entry is None else None
    found = entry or (piece.entry if piece else None)
    return (found.county, found.number) if found else ("", 0)


def _digest(path: Path) -> str:
    digest = hashes.Hash(hashes.SM3())
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            digest.update(piece)
    return digest.finalize().hex()

"""What files add to ``gongkai verify``: every kept file is what its name says, and every file that a row names is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.db.models import Q

from gongkai.web.disclosure.channels.models import Evidence
from gongkai.web.disclosure.material.models import Material
from gongkai.web.disclosure.past.models import PastRun
from gongkai.web.disclosure.witness import entry_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import Broken
from gongkai.web.review import kept
from gongkai.web.review.models import Revision


def files_hold() -> Iterator[Broken]:
    """A file lies under the SM3 digest of its content; anything else was changed or put there. Each is read to its end."""
    for name in kept.faults():
        yield Broken(*_entry_of(name.rpartition("/")[2]), f"文件 files/{name} 的内容与它的摘要不符，文件被改动。")


def attachments_hold() -> Iterator[Broken]:
    """Every attachment that a revision names is there, and every file handed in as material or to be imported."""
    lying = frozenset(kept.walk())  # asked once: a store elsewhere answers a list sooner than a question for each file
    for place, words, name, digest in _named():
        if digest not in lying:
            yield Broken(*place(), f"{words}“{name}”不见了。")


def _entry_of(digest: str) -> tuple[str, int]:
    """County and number of the entry by which a file was kept; nothing for a file that nobody's act put there."""
    entry = LedgerEntry.objects.filter(Q(facts__attached=digest) | Q(facts__sm3=digest)).order_by("pk").first()
    piece = Evidence.objects.filter(digest=digest).select_related("entry").first() if entry is None else None
    found = entry or (piece.entry if piece else None)
    return (found.county, found.number) if found else ("", 0)


def _named() -> Iterator[tuple[Callable[[], tuple[str, int]], str, str, str]]:
    """What names a file: how to find county and number of its entry, what it is, the name the file goes by there, and its digest."""
    for revision in Revision.objects.filter(content__has_key="attachments").iterator(chunk_size=1000):
        for row in revision.content["attachments"]:
            yield partial(entry_of, revision), f"{revision}（编号{revision.pk}）的附件", row["name"], row["digest"]
    for material in Material.objects.exclude(files=[]).select_related("entry").iterator(chunk_size=1000):
        for row in material.files:
            yield partial(_place, material.entry), f"材料《{material.title}》（编号{material.pk}）的文件", row["name"], row["digest"]
    for run in PastRun.objects.select_related("entry").iterator(chunk_size=1000):
        yield partial(_place, run.entry), f"以前发布的信息（编号{run.pk}）的文件", run.file_name, run.file_digest


def _place(entry: LedgerEntry) -> tuple[str, int]:
    return entry.county, entry.number

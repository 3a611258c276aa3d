"""What files add to ``gongkai verify``: every kept file is what its name says, and every file that a row names is kept."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.web.disclosure.material.models import Material
from gongkai.web.disclosure.past.models import PastRun
from gongkai.web.ledger.proof import Broken
from gongkai.web.review import kept
from gongkai.web.review.models import Revision


def files_hold() -> Iterator[Broken]:
    """A file lies under the SM3 digest of its content; anything else was changed or put there. Each is read to its end."""
    for name in kept.faults():
        yield Broken("", 0, f"文件 files/{name} 的内容与它的摘要不符，文件被改动。")


def attachments_hold() -> Iterator[Broken]:
    """Every attachment that a revision names is there, and every file handed in as material or to be imported."""
    lying = frozenset(kept.walk())  # asked once: a store elsewhere answers a list sooner than a question for each file
    for words, name, digest in _named():
        if digest not in lying:
            yield Broken("", 0, f"{words}“{name}”不见了。")


def _named() -> Iterator[tuple[str, str, str]]:
    """What names a file, the name it goes by there, and its digest."""
    for revision in Revision.objects.filter(content__has_key="attachments").iterator(chunk_size=1000):
        for row in revision.content["attachments"]:
            yield f"{revision}（编号{revision.pk}）的附件", row["name"], row["digest"]
    for material in Material.objects.exclude(files=[]).iterator(chunk_size=1000):
        for row in material.files:
            yield f"材料《{material.title}》（编号{material.pk}）的文件", row["name"], row["digest"]
    for run in PastRun.objects.iterator(chunk_size=1000):
        yield f"以前发布的信息（编号{run.pk}）的文件", run.file_name, run.file_digest

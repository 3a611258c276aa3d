"""Writing: documents go in under their key, all of a change at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

from gongkai.web.search.engine import MARK, position_of
from gongkai.web.search.fields import Document, Prepared, as_stored, prepared, schema, with_words
from gongkai.web.search.folder import begun, breaking, locked, served, switch

_SMALL, _LARGE = 15_000_000, 120_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """Documents to write, keys to take out, and the position of the ledger that this reaches."""

    documents: Iterable[Document | Prepared]
    gone: Iterable[str]
    position: Mapping[str, Any]


def write(
    documents: Iterable[Document | Prepared], *, folder: Path, gone: Iterable[str] = (), position: Mapping[str, Any] | None = None
) -> None:
    """Write documents, each in place of what had its key, and take ``gone`` out, all at once or not at all."""
    with locked(folder):
        place = served(folder)
        with breaking():
            writer = with_words(tantivy.Index.open(str(place))).writer(_SMALL, 1)
        _fill(writer, Change(documents, gone, position if position is not None else position_of(folder)))


def remove(keys: Iterable[str], *, folder: Path) -> None:
    """Take documents out by key; keys that are not there do no harm."""
    write((), folder=folder, gone=keys)


def rebuild(
    documents: Iterable[Document | Prepared],
    *,
    folder: Path,
    position: Mapping[str, Any] | None = None,
    rest: Callable[[], Change] | None = None,
) -> int:
    """Build a new index beside the one that is served, then switch; gives how many documents were written.

    ``documents`` hold each key once. ``rest`` is asked at the end, while nobody else writes, for what changed meanwhile, so that
    the switch never goes back in time.
    """
    with locked(folder, "rebuild.lock"):
        place = begun(folder)
        index = with_words(tantivy.Index(schema(), str(place)))
        n_documents = _fill(index.writer(_LARGE, 1), Change(documents, (), position or {}), is_new=True)
        with locked(folder):
            if rest is not None:
                _fill(index.writer(_SMALL, 1), rest())
            switch(folder, place)
    return n_documents


def _fill(writer: tantivy.IndexWriter, change: Change, *, is_new: bool = False) -> int:
    n_documents = 0
    try:
        for key in change.gone:
            writer.delete_documents_by_term("key", key)
        for document in change.documents:
            found = document if isinstance(document, Prepared) else prepared(document)
            if not is_new:
                writer.delete_documents_by_term("key", found.key)
            writer.add_document(as_stored(found))
            n_documents += 1
        writer.delete_documents_by_term("key", MARK)
        writer.add_document(tantivy.Document(key=MARK, mark=json.dumps(dict(change.position))))
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()
    return n_documents

"""The engine: documents go in under their key, keys come out in order."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from gongkai.web.search.folder import IndexLost, begun, breaking, locked, n_bytes, served, switch
from gongkai.web.search.words import asked, grams, neighbours, number, numbers, words

# The document that holds how far the ledger was followed. It is replaced in the commit that holds the changes themselves.
_MARK = "#position"
_SMALL, _LARGE = 15_000_000, 120_000_000
# What a match is worth beside a word of the text: the number itself, the typed words as they stand in the title, a word of it.
_NUMBER, _WHOLE, _TITLE = 80.0, 12.0, 12.0
# A document counts half as much as one ten years younger.
_HALF_LIFE, _EPOCH = 3650, datetime.date(2000, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One thing to be found. ``agencies`` are the paths of its organs, ``number`` orders lists (the newest has the greatest)."""

    key: str
    number: int
    agencies: tuple[str, ...]
    title: str
    body: str
    index_number: str
    kind: str
    column: str
    formed_on: datetime.date
    document_number: str = ""
    published_on: datetime.date | None = None
    is_public: bool = False
    is_office: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is looked for.

    ``within`` are paths: those organs and all below them; ``at`` are paths of just those organs. ``None`` means everywhere, an
    empty collection nowhere. Days are those of publication, both included. ``before`` leaves out numbers from there on.
    Without ``is_public`` the office's documents are searched, and who asks must limit them to what the viewer may see.
    """

    words: str = ""
    within: Collection[str] | None = None
    at: Collection[str] | None = None
    kind: str = ""
    column: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None
    before: int | None = None
    is_public: bool = True
    is_newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found."""

    key: str
    number: int


@dataclass(frozen=True, slots=True)
class Page:
    """What was found: one page of hits, how many there are in all, and the terms to mark in them."""

    hits: list[Hit]
    total: int
    terms: list[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the served index stands: how far the ledger was followed, how much it holds."""

    position: Mapping[str, Any]
    n_documents: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Change:
    """Documents to write, keys to take out, and the position of the ledger that this reaches."""

    documents: Iterable[Document]
    gone: Iterable[str]
    position: Mapping[str, Any]


@cache
def _schema() -> tantivy.Schema:
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    fields.add_text_field("mark", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        fields.add_text_field(name, tokenizer_name="blank", index_option="position")
    for name in ("numbers", "agency", "places", "kind", "column", "side"):
        fields.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("number", "published_on"):
        fields.add_unsigned_field(name, indexed=True, fast=True)
    fields.add_float_field("fresh", fast=True)
    return fields.build()


def _prepared(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer("blank", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def write(documents: Iterable[Document], *, folder: Path, gone: Iterable[str] = (), position: Mapping[str, Any] | None = None) -> None:
    """Write documents, each in place of what had its key, and take ``gone`` out, all at once or not at all."""
    with locked(folder):
        place = served(folder)
        with breaking():
            writer = _prepared(tantivy.Index.open(str(place))).writer(_SMALL, 1)
        _fill(writer, Change(documents, gone, position if position is not None else position_of(folder)))


def remove(keys: Iterable[str], *, folder: Path) -> None:
    """Take documents out by key; keys that are not there do no harm."""
    write((), folder=folder, gone=keys)


def rebuild(
    documents: Iterable[Document], *, folder: Path, position: Mapping[str, Any] | None = None, rest: Callable[[], Change] | None = None
) -> int:
    """Build a new index beside the one that is served, then switch; gives how many documents were written.

    ``documents`` hold each key once. ``rest`` is asked at the end, while nobody else writes, for what changed meanwhile, so that
    the switch never goes back in time.
    """
    with locked(folder, "rebuild.lock"):
        place = begun(folder)
        index = _prepared(tantivy.Index(_schema(), str(place)))
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
            if not is_new:
                writer.delete_documents_by_term("key", document.key)
            writer.add_document(_as_stored(document))
            n_documents += 1
        writer.delete_documents_by_term("key", _MARK)
        writer.add_document(tantivy.Document(key=_MARK, mark=json.dumps(dict(change.position))))
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()
    return n_documents


def _as_stored(document: Document) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("key", document.key)
    made.add_text("title", " ".join(grams(document.title)))
    made.add_text("body", " ".join(words(document.body)))
    for found in numbers(index_number=document.index_number, document_number=document.document_number):
        made.add_text("numbers", found)
    for path in document.agencies:
        made.add_text("agency", path)
    for place in {place for path in document.agencies for place in _places(path)}:
        made.add_text("places", place)
    made.add_text("kind", document.kind)
    made.add_text("column", document.column)
    for side, is_there in (("public", document.is_public), ("office", document.is_office)):
        if is_there:
            made.add_text("side", side)
    made.add_unsigned("number", document.number)
    day = document.published_on or document.formed_on
    if document.published_on:
        made.add_unsigned("published_on", day.toordinal())
    # The engine multiplies by log2(2 + fresh): 1 for the year 2000, twice as much for each half-life after it.
    made.add_float("fresh", 2.0 ** (2.0 ** max(0.0, (day.toordinal() - _EPOCH) / _HALF_LIFE)) - 2.0)
    return made


def _places(path: str) -> list[str]:
    """An organ's path and those of all organs above it."""
    codes = path.split("/")[:-1]
    return ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]


# --- reading -----------------------------------------------------------------------------------------------------

_known: dict[str, tuple[Path, tuple[int, int], tantivy.Index]] = {}
_knowing = threading.Lock()


def _searcher(folder: Path) -> tantivy.Searcher:
    """What is served now. An open index is kept and looks again when its files have changed."""
    place = served(folder)
    with breaking(), _knowing:
        seen = (place / "meta.json").stat()
        state = (seen.st_mtime_ns, seen.st_ino)
        known = _known.get(str(folder))
        if known is None or known[0] != place:
            index = _prepared(tantivy.Index.open(str(place)))
        else:
            index = known[2]
            if known[1] != state:
                index.reload()
        _known[str(folder)] = (place, state, index)
        return index.searcher()


def _looked_up(folder: Path) -> tantivy.Searcher:
    """As :func:`_searcher`; once more when the generation was switched in between."""
    try:
        return _searcher(folder)
    except IndexLost:
        return _searcher(folder)


def find(ask: Ask, *, folder: Path, limit: int = 20, offset: int = 0) -> Page:
    """One page of what was asked for; :class:`~gongkai.web.search.IndexLost` when there is no index that could be trusted."""
    searcher = _looked_up(folder)
    wanted, terms = _wanted(ask)
    parts = [(Occur.Must, Query.const_score_query(part, 0.0)) for part in _limits(ask)]
    query = Query.boolean_query([(Occur.Must, wanted), *parts])
    by_number = ask.is_newest_first or not terms
    order = {"order_by_field": "number"} if by_number else {"weight_by_field": "fresh"}
    with breaking():
        found = searcher.search(query, limit, count=True, offset=offset, **order)  # type: ignore[arg-type]
        places = [place for _, place in found.hits]
        keys = [str(searcher.doc(place).get_first("key")) for place in places]
        ranks = searcher.fast_field_values("number", places) if places else []
    total = getattr(found, "count", None)
    return Page([Hit(key, int(rank or 0)) for key, rank in zip(keys, ranks, strict=True)], int(total or 0), terms)


def _wanted(ask: Ask) -> tuple[Query, list[str]]:
    """What the words mean, and the terms to mark. All words must be there, in title or text, or the title holds them as typed."""
    schema = _schema()
    phrases, found = asked(ask.words)
    if not phrases and not found:
        return Query.all_query() if not ask.words.strip() else Query.empty_query(), []
    every = [_phrase(phrase) for phrase in phrases] + [_word(word) for word in found]
    best = [Query.boolean_query([(Occur.Must, part) for part in every])]
    best.append(Query.boost_query(Query.const_score_query(Query.term_query(schema, "numbers", number(ask.words)), 1.0), _NUMBER))
    if len(found) > 1 and not phrases:
        best.append(Query.boost_query(_in_row("title", neighbours(ask.words)), _WHOLE))
    return Query.boolean_query([(Occur.Should, part) for part in best]), [*phrases, *found]


def _word(word: str) -> Query:
    """One word: anywhere in the title, as a word of the text, or as a number."""
    parts = [Query.boost_query(_in_row("title", neighbours(word)), _TITLE), Query.term_query(_schema(), "body", word)]
    if any(char.isdigit() for char in word):
        parts.append(Query.boost_query(Query.const_score_query(Query.term_query(_schema(), "numbers", word), 1.0), _NUMBER))
    return Query.boolean_query([(Occur.Should, part) for part in parts])


def _phrase(phrase: str) -> Query:
    """The words exactly as they follow each other, in the title or the text."""
    parts = [Query.boost_query(_in_row("title", neighbours(phrase)), _TITLE), _in_row("body", words(phrase))]
    return Query.boolean_query([(Occur.Should, part) for part in parts])


def _in_row(name: str, found: list[str]) -> Query:
    schema = _schema()
    if not found:
        return Query.empty_query()
    return Query.term_query(schema, name, found[0]) if len(found) == 1 else Query.phrase_query(schema, name, list(found))


def _limits(ask: Ask) -> list[Query]:
    schema = _schema()
    limits = [Query.term_query(schema, "side", "public" if ask.is_public else "office")]
    limits += [Query.term_query(schema, name, value) for name, value in (("kind", ask.kind), ("column", ask.column)) if value]
    for name, paths in (("places", ask.within), ("agency", ask.at)):
        if paths is not None:
            limits.append(Query.term_set_query(schema, name, list(paths)) if paths else Query.empty_query())
    if ask.since or ask.until:
        first, last = (day.toordinal() if day else None for day in (ask.since, ask.until))
        limits.append(_between("published_on", first, last))
    if ask.before is not None:
        limits.append(_between("number", None, ask.before - 1) if ask.before > 0 else Query.empty_query())
    return limits


def _between(name: str, first: int | None, last: int | None) -> Query:
    bounds: dict[str, Any] = {"lower_bound": first, "upper_bound": last}
    return Query.range_query(_schema(), name, tantivy.FieldType.Unsigned, **bounds)


def position_of(folder: Path) -> dict[str, Any]:
    """What its writer keeps with the index: how far the ledger was followed."""
    searcher = _looked_up(folder)
    with breaking():
        found = searcher.search(Query.term_query(_schema(), "key", _MARK), 1)
        if not found.hits:
            raise ValueError("没有记下台账的位置")
        position: dict[str, Any] = json.loads(str(searcher.doc(found.hits[0][1]).get_first("mark")))
    return position


def standing(folder: Path) -> Standing:
    """How the served index stands."""
    searcher = _looked_up(folder)
    place = served(folder)
    with breaking():
        return Standing(position_of(folder), searcher.num_docs - 1, n_bytes(place))

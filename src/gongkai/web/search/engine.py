"""The engine: a question goes in, keys come out in order."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from gongkai.web.search.fields import FACETS, as_written, schema, with_words
from gongkai.web.search.folder import IndexLost, breaking, n_bytes, served
from gongkai.web.search.synonyms import Part, parts
from gongkai.web.search.words import LONGEST, MOST_WORDS, neighbours, number, typed_words, words

# The document that holds how far the ledger was followed. It is replaced in the commit that holds the changes themselves.
MARK = "#position"
# What a match is worth beside a word of the text: the number itself, the typed words as they stand in the title, a word of it; and
# what means the same as a word beside the word itself.
_NUMBER, _WHOLE, _TITLE, _OTHER = 80.0, 12.0, 12.0, 0.5
# So many values of one kind are counted.
_MOST_VALUES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is looked for.

    ``within`` are paths: those organs and all below them; ``at`` are paths of just those organs. ``None`` means everywhere, an
    empty collection nowhere. Days are those of publication, both included. ``before`` leaves out numbers from there on.
    Without ``is_public`` the office's documents are searched, and who asks must limit them to what the viewer may see. The newest
    first means by day of publication for the public, by number for the office.
    """

    words: str = ""
    within: Collection[str] | None = None
    at: Collection[str] | None = None
    kind: str = ""
    column: str = ""
    validity: str = ""
    year: int | None = None
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
    """What was found: one page of hits, how many there are in all, the terms to mark in them, and the parts of the question.

    ``facets`` tells of each name of :data:`~gongkai.web.search.fields.FACETS` that was asked for how many there are by value, the
    most frequent first, as if this one limit were not set.
    """

    hits: list[Hit]
    total: int
    terms: list[str]
    parts: Sequence[Part] = ()
    facets: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the served index stands: how far the ledger was followed, how much it holds."""

    position: Mapping[str, Any]
    n_documents: int
    n_bytes: int


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
            index = with_words(tantivy.Index.open(str(place)))
        else:
            index = known[2]
            if known[1] != state:
                index.reload()
        _known[str(folder)] = (place, state, index)
        return index.searcher()


def looked_up(folder: Path) -> tantivy.Searcher:
    """As :func:`_searcher`; once more when the generation was switched in between."""
    try:
        return _searcher(folder)
    except IndexLost:
        return _searcher(folder)


def find(ask: Ask, *, folder: Path, limit: int = 20, offset: int = 0, facets: Collection[str] = ()) -> Page:
    """One page of what was asked for; :class:`~gongkai.web.search.IndexLost` when there is no index that could be trusted."""
    searcher = looked_up(folder)
    phrases, found = typed_words(ask.words)
    made = parts(found)[:MOST_WORDS]
    wanted, limits = _wanted(ask.words[:LONGEST], phrases, made), _limits(ask)
    terms = [*phrases, *(word for part in made for word in (*part.words, *part.others))]
    with breaking():
        result = searcher.search(_limited(wanted, limits), limit, count=True, offset=offset, **_order(ask, is_ranked=bool(terms)))
        places = [place for _, place in result.hits]
        keys = [str(searcher.doc(place).get_first("key")) for place in places]
        ranks = searcher.fast_field_values("number", places) if places else []
        counts = _counted(searcher, wanted, limits, facets)
    hits = [Hit(key, int(rank or 0)) for key, rank in zip(keys, ranks, strict=True)]
    return Page(hits, int(getattr(result, "count", None) or 0), terms, made, counts)


def _order(ask: Ask, *, is_ranked: bool) -> dict[str, Any]:
    if ask.is_newest_first or not is_ranked:
        return {"order_by_field": "place" if ask.is_public else "number"}
    return {"weight_by_field": "fresh"}


def _limited(wanted: Query, limits: Mapping[str, Query], without: str = "") -> Query:
    """What is wanted, within every limit but one."""
    kept = [(Occur.Must, Query.const_score_query(part, 0.0)) for name, part in limits.items() if name != without]
    return Query.boolean_query([(Occur.Must, wanted), *kept])


def _counted(
    searcher: tantivy.Searcher, wanted: Query, limits: Mapping[str, Query], facets: Collection[str]
) -> dict[str, list[tuple[str, int]]]:
    """How many there are by value. What is not limited is counted in one go."""
    counts: dict[str, list[tuple[str, int]]] = {}
    free = [name for name in facets if FACETS[name] not in limits]
    for names, without in [(free, ""), *(([name], FACETS[name]) for name in facets if name not in free)]:
        if names:
            asked = {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in names}
            told = searcher.aggregate(_limited(wanted, limits, without), asked)
            counts |= {name: [(as_written(row["key"]), int(row["doc_count"])) for row in told[name]["buckets"]] for name in names}
    return counts


def _wanted(typed: str, phrases: Sequence[str], found: Sequence[Part]) -> Query:
    """What the words mean. All words must be there, in title or text, or the title holds them as typed."""
    if not phrases and not found:
        return Query.all_query() if not typed.strip() else Query.empty_query()
    every = [_phrase(phrase) for phrase in phrases] + [_part(part) for part in found]
    best = [Query.boolean_query([(Occur.Must, part) for part in every])]
    best.append(Query.boost_query(Query.const_score_query(Query.term_query(schema(), "numbers", number(typed)), 1.0), _NUMBER))
    if sum(len(part.words) for part in found) > 1 and not phrases:
        best.append(Query.boost_query(_in_row("title", neighbours(typed)), _WHOLE))
    return Query.boolean_query([(Occur.Should, part) for part in best])


def _part(part: Part) -> Query:
    """The words of one part, all of them, or what means the same: that as whole words, and behind the words as typed."""
    own = Query.boolean_query([(Occur.Must, _word(word)) for word in part.words])
    if not part.others:
        return own
    rows = [("title", neighbours(part.typed), _TITLE)]
    rows += [(name, words(other), weight) for other in part.others for name, weight in (("said", _TITLE * _OTHER), ("body", _OTHER))]
    same = [Query.boost_query(Query.const_score_query(_in_row(name, found), 1.0), weight) for name, found, weight in rows]
    return Query.boolean_query([(Occur.Should, one) for one in (own, *same)])


def _word(word: str) -> Query:
    """One word: anywhere in the title, as a word of the text, or as a number."""
    found = [Query.boost_query(_in_row("title", neighbours(word)), _TITLE), Query.term_query(schema(), "body", word)]
    if any(char.isdigit() for char in word):
        found.append(Query.boost_query(Query.const_score_query(Query.term_query(schema(), "numbers", word), 1.0), _NUMBER))
    return Query.boolean_query([(Occur.Should, one) for one in found])


def _phrase(phrase: str) -> Query:
    """The words exactly as they follow each other, in the title or the text."""
    parts = [Query.boost_query(_in_row("title", neighbours(phrase)), _TITLE), _in_row("body", words(phrase))]
    return Query.boolean_query([(Occur.Should, part) for part in parts])


def _in_row(name: str, found: list[str]) -> Query:
    if not found:
        return Query.empty_query()
    return Query.term_query(schema(), name, found[0]) if len(found) == 1 else Query.phrase_query(schema(), name, list(found))


def _limits(ask: Ask) -> dict[str, Query]:
    """Each limit by its name."""
    limits = {"side": Query.term_query(schema(), "side", "public" if ask.is_public else "office")}
    limits |= {name: Query.term_query(schema(), name, value) for name in ("kind", "column", "validity") if (value := getattr(ask, name))}
    for name, field_name, paths in (("within", "places", ask.within), ("at", "agency", ask.at)):
        if paths is not None:
            limits[name] = Query.term_set_query(schema(), field_name, list(paths)) if paths else Query.empty_query()
    if ask.year is not None:
        limits["year"] = _between("year", ask.year, ask.year)
    if ask.since or ask.until:
        first, last = (day.toordinal() if day else None for day in (ask.since, ask.until))
        limits["days"] = _between("published_on", first, last)
    if ask.before is not None:
        limits["before"] = _between("number", None, ask.before - 1) if ask.before > 0 else Query.empty_query()
    return limits


def _between(name: str, first: int | None, last: int | None) -> Query:
    bounds: dict[str, Any] = {"lower_bound": first, "upper_bound": last}
    return Query.range_query(schema(), name, tantivy.FieldType.Unsigned, **bounds)


def position_of(folder: Path) -> dict[str, Any]:
    """What its writer keeps with the index: how far the ledger was followed."""
    searcher = looked_up(folder)
    with breaking():
        found = searcher.search(Query.term_query(schema(), "key", MARK), 1)
        if not found.hits:
            raise ValueError("没有记下台账的位置")
        position: dict[str, Any] = json.loads(str(searcher.doc(found.hits[0][1]).get_first("mark")))
    return position


def standing(folder: Path) -> Standing:
    """How the served index stands."""
    searcher = looked_up(folder)
    place = served(folder)
    with breaking():
        return Standing(position_of(folder), searcher.num_docs - 1, n_bytes(place))

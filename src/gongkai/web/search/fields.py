"""What stands in the index of a document: its fields, and how a document becomes them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import tantivy

from gongkai.web.search.sounds import heard
from gongkai.web.search.words import grams, numbers, words

# A document counts half as much as one ten years younger.
_HALF_LIFE, _EPOCH = 3650, datetime.date(2000, 1, 1).toordinal()
# Numbers of documents stay below this, so that day and number together order a list.
_MOST = 1 << 40
# Field of what is counted → the limit of a question that it answers to.
FACETS: Mapping[str, str] = {"agency": "at", "kind": "kind", "column": "column", "year": "year", "validity": "validity"}


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
    validity: str = ""
    is_public: bool = False
    is_office: bool = True


class Prepared(NamedTuple):
    """A document as its fields: plain values, so that another process can make them."""

    key: str
    texts: list[tuple[str, str]]
    numbers: list[tuple[str, int]]
    fresh: float


@cache
def schema() -> tantivy.Schema:
    """The fields of the index."""
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    fields.add_text_field("mark", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "said", "body"):
        fields.add_text_field(name, tokenizer_name="blank", index_option="position")
    for name in ("numbers", "places", "side", "heard"):
        fields.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("agency", "kind", "column", "validity"):
        fields.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("number", "published_on", "year", "place"):
        fields.add_unsigned_field(name, indexed=name != "place", fast=True)
    fields.add_float_field("fresh", fast=True)
    return fields.build()


def with_words(index: tantivy.Index) -> tantivy.Index:
    """The index, knowing that its texts come cut into words."""
    index.register_tokenizer("blank", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def prepared(document: Document) -> Prepared:
    """The fields of a document: cutting its text into words is most of the work of writing it."""
    said = words(document.title)
    texts = [("title", " ".join(grams(document.title))), ("said", " ".join(said)), ("body", " ".join(words(document.body)))]
    texts += [("numbers", found) for found in numbers(index_number=document.index_number, document_number=document.document_number)]
    texts += [("agency", path) for path in dict.fromkeys(document.agencies)]
    texts += [("places", place) for place in {place for path in document.agencies for place in _places(path)}]
    texts += [(name, value) for name in ("kind", "column", "validity") if (value := getattr(document, name))]
    texts += [("side", side) for side, is_there in (("public", document.is_public), ("office", document.is_office)) if is_there]
    if document.is_public:
        # What is suggested comes from titles that everybody may read, and from no others.
        texts += [("heard", term) for term in heard(said)]
    day = document.published_on or document.formed_on
    values = [("number", document.number), ("place", day.toordinal() * _MOST + document.number)]
    if document.published_on:
        values += [("published_on", day.toordinal()), ("year", day.year)]
    # The engine multiplies by log2(2 + fresh): 1 for the year 2000, twice as much for each half-life after it.
    return Prepared(document.key, texts, values, 2.0 ** (2.0 ** max(0.0, (day.toordinal() - _EPOCH) / _HALF_LIFE)) - 2.0)


def _places(path: str) -> list[str]:
    """An organ's path and those of all organs above it."""
    codes = path.split("/")[:-1]
    return ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]


def as_stored(found: Prepared) -> tantivy.Document:
    """The document as the engine takes it."""
    made = tantivy.Document()
    made.add_text("key", found.key)
    for name, text in found.texts:
        made.add_text(name, text)
    for name, number in found.numbers:
        made.add_unsigned(name, number)
    made.add_float("fresh", found.fresh)
    return made


def as_written(value: Any) -> str:
    """What was counted under, as it was written."""
    return str(int(value)) if isinstance(value, float) else str(value)

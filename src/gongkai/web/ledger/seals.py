"""What the rows say after each act, proven by the chain: a changed, added or removed cell of any sealed table is found out.

The database notes by triggers which rows are written (``ledger_touched``). When an act ends, the digest of each of them goes into one
:class:`Seal` beside the act's last entry, and the next entry of the chain covers that seal. So nobody has to remember to prove a
column, and what was written past the acts has no seal. The newest digest of a row is what the row must be now.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

from gongkai.web.ledger.digest import digest_of, sm3
from gongkai.web.ledger.models import LedgerEntry, Seal, Touched

# Apps whose tables are written by acts alone.
APPS = ("review", "disclosure", "inforequest")
# Tables of theirs that are not sealed, and why: what is proven of them in another way, or follows from sealed rows.
LEFT_OUT: Mapping[str, str] = {
    "disclosure_signature": "worked out from revisions; `Follower` makes it anew",
    "disclosure_band": "worked out from revisions; `Follower` makes it anew",
    "disclosure_lookalike": "worked out from revisions; `Follower` makes it anew",
    "disclosure_follower": "how far the worker has compared revisions",
    "disclosure_topicplace": "repeats what published revisions say; `places_hold` compares",
    "disclosure_attempt": "pushes that failed are no acts; those that count are proven by the entry they name",
}
# Columns that are proven by another column of the same row, and are too long to be read twice.
BY_DIGEST: Mapping[str, tuple[str, ...]] = {"review_revision": ("content",)}
GONE = "-"
# Half of an SM3 digest: who wants another row with the same needs 2^128 attempts.
BYTES = 16
CHUNK = 500


@cache
def sealed_models() -> Mapping[str, Any]:
    """Table → model of everything that is sealed."""
    found = [model for label in APPS for model in apps.get_app_config(label).get_models()]
    return {model._meta.db_table: model for model in found if model._meta.db_table not in LEFT_OUT}


@dataclass(slots=True)
class _Open:
    """What is being sealed: from where on the notes of the triggers count, in which transaction, and the last entry so far."""

    mark: int
    transaction: int
    last: LedgerEntry | None = None


_OPEN: ContextVar[_Open | None] = ContextVar("sealing", default=None)


@contextmanager
def sealing() -> Iterator[None]:
    """Seal what is written inside, at its end; inside another one that does it. To be entered in a transaction."""
    if _OPEN.get() is not None:
        yield
        return
    opened = _Open(*_begin())
    token = _OPEN.set(opened)
    try:
        yield
        if opened.last is not None:
            _seal(opened, opened.last)
    finally:
        _OPEN.reset(token)


def note(entry: LedgerEntry) -> None:
    """Let the seal of what is being done stand beside that entry, the last so far."""
    opened = _OPEN.get()
    if opened is not None:
        opened.last = entry


def digest_of_seal(rows: str | None) -> str:
    """What the next entry says of a seal; empty where there is none."""
    return sm3(rows.encode()) if rows else ""


def _begin() -> tuple[int, int]:
    own = "pg_current_xact_id()::text::bigint" if connection.vendor == "postgresql" else "0"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(id), 0), {own} FROM {Touched._meta.db_table}")  # noqa: S608 - our own words
        mark, transaction = cursor.fetchone()
    return mark, transaction


def _seal(opened: _Open, entry: LedgerEntry) -> None:
    rows: dict[str, set[int]] = defaultdict(set)
    noted, own = Touched._meta.db_table, [opened.mark, opened.transaction]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT kind, "row" FROM {noted} WHERE id > %s AND "transaction" = %s', own)  # noqa: S608 - our own words
        for table, row in cursor.fetchall():
            rows[table].add(row)
        if rows:
            cursor.execute(f'DELETE FROM {noted} WHERE id > %s AND "transaction" = %s', own)  # noqa: S608 - as above
            Seal.objects.create(entry=entry, rows="\n".join(_line(table, rows[table]) for table in sorted(rows)))


def _line(table: str, rows: Iterable[int]) -> str:
    told = {pk: _told(digest) for pk, digest in digests(sealed_models()[table], sorted(rows))}
    return " ".join([table, *(f"{pk}:{told.get(pk, GONE)}" for pk in sorted(rows))])


def _told(digest: bytes | None) -> str:
    return urlsafe_b64encode(digest).decode().rstrip("=") if digest else GONE


def digests(model: Any, numbers: list[int]) -> Iterator[tuple[int, bytes | None]]:
    """The rows of those numbers that are there, each with its digest, or with none where what is in it cannot be read."""
    for at in range(0, len(numbers), CHUNK):
        part = numbers[at : at + CHUNK]
        try:
            found: list[tuple[int, bytes | None]] = [(row[0], _digest(model, row)) for row in _rows(model, part)]
        except Exception:
            found = [one for number in part for one in _one(model, number)]
        yield from found


def _one(model: Any, number: int) -> list[tuple[int, bytes | None]]:
    try:
        return [(number, _digest(model, row)) for row in _rows(model, [number])]
    except Exception:
        return [(number, None)]


def _rows(model: Any, numbers: list[int]) -> Iterator[tuple[Any, ...]]:
    """The rows as Python values, their number first: what the ORM does, without building its query anew for every act."""
    select, converters = _reading(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(select + f"({', '.join(['%s'] * len(numbers))})", numbers)
        for row in cursor.fetchall():
            yield tuple(_converted(value, *converters[at]) for at, value in enumerate(row))


def _converted(value: Any, expression: Any, steps: list[Any]) -> Any:
    read = value
    for step in steps:
        read = step(read, expression, connection)
    if read is None and value is not None:
        raise ValueError("a cell that reads as empty although something stands in it")
    return read


@cache
def _reading(model: Any, vendor: str) -> tuple[str, list[tuple[Any, list[Any]]]]:
    """How the rows of a table are read on that kind of database: the query, and for each column what makes its value."""
    fields, quote = _fields(model), connection.ops.quote_name
    columns = [field.get_col(model._meta.db_table) for field in fields]
    converters = [(column, connection.ops.get_db_converters(column) + column.get_db_converters(connection)) for column in columns]
    # On SQLite the driver turns what a column is declared as into nothing when it cannot read it: an expression has no declaration.
    raw = "+" if vendor == "sqlite" else ""
    names = ", ".join(raw + quote(field.column) for field in fields)
    return f"SELECT {names} FROM {quote(model._meta.db_table)} WHERE {quote('id')} IN ", converters  # noqa: S608 - our own names


@cache
def _fields(model: Any) -> list[Any]:
    left = BY_DIGEST.get(model._meta.db_table, ())
    fields = [field for field in model._meta.concrete_fields if field.attname not in left]
    return sorted(fields, key=lambda field: not field.primary_key)


def _digest(model: Any, row: tuple[Any, ...]) -> bytes:
    said = {field.attname: value for field, value in zip(_fields(model), row, strict=True)}
    return bytes.fromhex(digest_of(said))[:BYTES]

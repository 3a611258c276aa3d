"""The files of a year: made by the worker piece by piece, kept in the data folder under a name with their mark, replaced when it changes.

A file is given out only while it says nothing that was taken back since: a withdrawal shuts the file of its year at once, and the worker
makes it anew within the minute. What is merely newer waits until the file is :data:`OLD` enough.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.web.disclosure.public import registers
from gongkai.web.filing.queries import years_read
from gongkai.web.portal.api.tables import cell
from gongkai.web.portal.caching import VERSION
from gongkai.web.portal.data.marks import losses_of, mark_of, years_of_items
from gongkai.web.portal.data.rows import COLUMNS, NOT_IN_CSV, PIECE, ROWS
from gongkai.web.settings import moment

FORMATS = ("parquet", "csv")
TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
# A file is not made anew before it is so old, unless it says too much.
OLD = datetime.timedelta(minutes=10)
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Dump:
    """One file: what it holds, of which year, what it was made from and when, how large it is."""

    kind: str
    year: int
    format: str
    file: str
    mark: str
    losses: str
    made_at: str
    n_rows: int
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """Under what it is given out."""
        return f"{self.kind}-{self.year}.{self.format}"

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(settings.DUMP_ROOT, self.file)

    @property
    def made(self) -> datetime.datetime:
        """When it was made."""
        return datetime.datetime.fromisoformat(self.made_at)

    def says_too_much(self) -> bool:
        """Whether something in it is not public any more."""
        return self.losses != losses_of(self.kind, self.year)


def standing() -> list[Dump]:
    """The files that lie there, by kind, the newest year first."""
    try:
        rows = json.loads(Path(settings.DUMP_ROOT, MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [Dump(**row) for row in rows]


def found(name: str) -> Dump | None:
    """The file given out under that name."""
    return next((dump for dump in standing() if dump.name == name), None)


def wanted() -> list[tuple[str, int]]:
    """Kind and year of every file that there should be."""
    of_items, of_registers = years_of_items(), registers.years()
    pairs = [("items", year) for year in of_items]
    pairs += [(kind, year) for kind in ("registers", "figures") for year in of_registers]
    return [*pairs, *(("annual-reports", year) for year in years_read())]


class Maker:
    """Makes what is missing or out of date; remembers only for which state there was nothing to do."""

    def __init__(self) -> None:
        self._done: Any = None

    def run(self) -> int:
        """One round of the worker's job; gives how many files were made."""
        state = (VERSION.now(), moment.today(), str(settings.DUMP_ROOT))
        if state == self._done and all(dump.path.exists() for dump in standing()):
            return 0
        n_made, is_done = refresh()
        self._done = state if is_done else None
        return n_made


def refresh() -> tuple[int, bool]:
    """Make what is due; gives how many files were made, and whether nothing is left that only waits to be old enough."""
    Path(settings.DUMP_ROOT).mkdir(parents=True, exist_ok=True)
    known = standing()
    keeps: list[Dump] = []
    n_made, is_done = 0, True
    for kind, year in wanted():
        old = [dump for dump in known if (dump.kind, dump.year) == (kind, year)]
        mark = mark_of(kind, year, settings.PUBLIC_ADDRESS)
        if _is_good(old, mark):
            keeps += old
        elif old and not _is_due(old):
            keeps, is_done = keeps + old, False
        else:
            made = make(kind, year, mark)
            keeps, n_made = keeps + made, n_made + len(made)
            _tell([*keeps, *(dump for dump in known if (dump.kind, dump.year) not in {(row.kind, row.year) for row in keeps})])
    if keeps != known:
        _tell(keeps)
    _tidy(keeps)
    return n_made, is_done


def _is_good(old: list[Dump], mark: str) -> bool:
    return len(old) == len(FORMATS) and all(dump.mark == mark and dump.path.exists() for dump in old)


def _is_due(old: list[Dump]) -> bool:
    age = moment.now() - old[0].made
    return old[0].says_too_much() or not datetime.timedelta(0) <= age < OLD or not all(dump.path.exists() for dump in old)


def make(kind: str, year: int, mark: str) -> list[Dump]:
    """Both files of a kind and year, in one passage over the rows: no more than a piece of them is held at a time."""
    losses, made_at = losses_of(kind, year), moment.now().isoformat()
    names = {form: f"{kind}-{year}.{mark}.{form}" for form in FORMATS}
    parts = {form: Path(settings.DUMP_ROOT, f"{name}.part") for form, name in names.items()}
    n_rows = _write(kind, ROWS[kind](year, settings.PUBLIC_ADDRESS, moment.today()), parts)
    found = []
    for form, part in parts.items():
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        size = part.stat().st_size
        part.replace(Path(settings.DUMP_ROOT, names[form]))
        found.append(Dump(kind, year, form, names[form], mark, losses, made_at, n_rows, size, digest))
    return found


def _write(kind: str, rows: Iterator[Mapping[str, Any]], parts: Mapping[str, Path]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, n_rows = _schema(kind), 0
    names = [name for name in COLUMNS[kind] if name not in NOT_IN_CSV]
    with ExitStack() as stack:
        table = stack.enter_context(pq.ParquetWriter(parts["parquet"], schema, compression="zstd"))
        sheet = csv.writer(stack.enter_context(parts["csv"].open("w", encoding="utf-8-sig", newline="")))
        sheet.writerow(names)
        while piece := list(islice(rows, PIECE)):
            table.write_batch(pa.RecordBatch.from_pylist(piece, schema=schema))
            sheet.writerows([cell(row[name]) for name in names] for row in piece)
            n_rows += len(piece)
    return n_rows


def _schema(kind: str) -> Any:
    import pyarrow as pa

    types = {
        "text": pa.string(), "day": pa.date32(), "number": pa.int64(), "flag": pa.bool_(), "list": pa.list_(pa.string()),
        "amount": pa.decimal128(24, 6), "exact": pa.decimal128(38, 12),
    }  # fmt: skip
    return pa.schema([(name, types[type_]) for name, type_ in COLUMNS[kind].items()])


def _tell(dumps: list[Dump]) -> None:
    """The new list in one stroke: who reads it finds the old one or the new one whole."""
    target = Path(settings.DUMP_ROOT, MANIFEST)
    part = target.with_suffix(".part")
    part.write_text(json.dumps([asdict(dump) for dump in dumps], ensure_ascii=False), encoding="utf-8")
    part.replace(target)


def _tidy(keeps: list[Dump]) -> None:
    """What no list names goes; who is reading it keeps what he opened."""
    known = {MANIFEST, *(dump.file for dump in keeps)}
    for path in Path(settings.DUMP_ROOT).iterdir():
        if path.name not in known and path.is_file():
            path.unlink()


MAKER = Maker()


def make_due() -> int:
    """The worker's job."""
    return MAKER.run()

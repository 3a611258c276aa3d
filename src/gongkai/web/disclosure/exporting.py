"""The list of items as a file (CSV, XLSX), and the ledger's word that somebody took it out."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from gongkai.errors import Refused
from gongkai.law.duties import duties
from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.lists import Narrowing, every
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.queries import STATES, state_of, with_state
from gongkai.web.disclosure.registers.importing import neutral
from gongkai.web.ledger.acts import Act, action

KINDS = ("csv", "xlsx")
# One file holds so many items; more are taken out in parts, so that nobody waits for a file that no sheet opens.
MOST = 50_000
PART = 500
HEADINGS = ("索引号", "标题", "机关", "类别", "栏目", "公开属性", "形成日期", "状态", "发布日期", "主渠道")


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be sent: its name and the items it holds, newest first."""

    name: str
    kind: str
    numbers: Sequence[int]


def place_of(person: Person, asked: Narrowing) -> Agency | None:
    """The organ in which that person takes the list out: the one asked for, else the highest in which that is allowed."""
    seen = Agency.objects.seen_by(person, "disclosure.export")
    return (seen.filter(path=asked.agency) if asked.agency else seen).first()


@action("disclosure.export", agency=lambda agency, **_: agency)
def export(act: Act, *, agency: Agency, asked: Narrowing, kind: str) -> Export:
    """Take a list out. The ledger keeps by which conditions, and how many items the file held."""
    if kind not in KINDS:
        raise Refused("请选择导出CSV或者XLSX。")
    numbers: list[int] = []
    for row in every(act.person, asked, "disclosure.export"):
        numbers.append(row.pk)
        if len(numbers) > MOST:
            raise Refused(f"符合条件的信息超过{MOST}条，一次导不完。请按机关或者发布日期加条件，分几次导出。")
    act.record(agency, facts={"filter": asked.query(), "rows": len(numbers), "format": kind})
    return Export(f"{agency.code}-items-{act.on:%Y%m%d}.{kind}", kind, numbers)


def content_of(made: Export) -> Iterator[bytes] | IO[bytes]:
    """What is sent: CSV piece by piece, XLSX as a file that is gone when it is closed."""
    return _csv(made) if made.kind == "csv" else _xlsx(made)


def _rows(made: Export) -> Iterator[tuple[Any, ...]]:
    columns = {duty.id: duty.title for duty in duties()}
    for first in range(0, len(made.numbers), PART):
        numbers = made.numbers[first : first + PART]
        for item in with_state(Item.objects.filter(pk__in=numbers)).order_by("-pk"):
            yield _told(item, columns)


def _told(item: Any, columns: dict[str, str]) -> tuple[Any, ...]:
    return (
        item.index_number, item.title, item.agency.name, words("kinds").get(item.kind, item.kind), columns.get(item.column, item.column),
        words("attributes")[item.attribute], item.formed_on, STATES[state_of(item)], item.published_on,
        words("channels").get(item.primary_channel, item.primary_channel),
    )  # fmt: skip


def _csv(made: Export) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    yield "\ufeff".encode()
    for number, row in enumerate(_rows(made), start=1):
        writer.writerow([neutral("" if value is None else str(value)) for value in row])
        if number % PART == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _xlsx(made: Export) -> IO[bytes]:
    """Every cell is written as text or as a day, never as a formula."""
    import xlsxwriter

    file = tempfile.TemporaryFile()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("信息")
    for place, (heading, width) in enumerate(zip(HEADINGS, (26, 50, 24, 12, 30, 12, 12, 14, 12, 14), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading)
    for number, row in enumerate(_rows(made), start=1):
        for place, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(number, place, value, day)
            elif value is not None:
                sheet.write_string(number, place, str(value))
    sheet.freeze_panes(1, 0)
    book.close()
    file.seek(0)
    return file

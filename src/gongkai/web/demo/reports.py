"""The annual reports that the demo's organs published, told in reports.yaml and written by the platform's own writer."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from gongkai.law import report_format_for
from gongkai.report import AnnualReport, Cell
from gongkai.report.render import write_report
from gongkai.web.agencies.models import Agency
from gongkai.web.demo.lives import Life, at, content_of, organ_of, published, who
from gongkai.web.demo.texts import Text, table
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.models import Item

_MAIN = re.compile(r"</header>(.*)</main>", re.DOTALL)
_COLUMNS = ("natural_person", "commercial_enterprise")
# What is no outcome in table three.
_NO_OUTCOMES = ("received_new", "carried_in", "carried_out")
_AT_THE_FILE = "<p>《{title}》已经编制完成，现予公布。报告全文和三张统计表见附件。</p>"


def annual_reports() -> Iterator[Life]:
    """A life for each report."""
    return (_filed(said) for said in table("reports")["reports"])


def _filed(said: Mapping[str, Any]) -> Life:
    organ = organ_of(said["organ"])
    report, name = report_of(organ, said), said.get("in_file", "")
    title = report.title or ""
    body = _AT_THE_FILE.format(title=title) if name else body_of(report)
    text = Text(said["organ"], title, body, "annual_report", "a20_02", said["formed_on"], said["published_on"])
    content = content_of(text)
    if name and not Item.objects.filter(agency=organ, title=title).exists():
        yield at(text.formed_on, 9)
        person = who(text.organ, "drafter")
        item = actions.draft(person=person, on=text.formed_on, agency=organ, content=content)
        # Without an organ the file names no author: screening would ask whether that may be public.
        data = write_report(replace(report, organ=None), "docx")
        actions.attach(person=person, on=text.formed_on, item=item, name=name, data=data)
    yield from published(text, content)


def body_of(report: AnnualReport) -> str:
    """The report as the body of an item."""
    found = _MAIN.search(write_report(report, "html").decode())
    assert found is not None
    return found[1]


def report_of(organ: Agency, said: Mapping[str, Any]) -> AnnualReport:
    """A report as the table tells it; what is not told there is 0."""
    told, year = table("reports"), said["year"]
    form = report_format_for(year)
    figures = {**dict.fromkeys(form.cells, 0), **said["t2"], **_requests(said["t3"])}
    parts = (first + part.format(organ=organ.short_name) for first, part in zip(told["parts"], said["parts"], strict=True))
    sections = {"s1": "\n".join(parts), **dict.fromkeys(("s2", "s3", "s4"), ""), "s5": said["problems"], "s6": said["other"]}
    return AnnualReport(
        organ=organ.name, year=year, edition=form.edition, title=f"{organ.name}{year}年政府信息公开工作年度报告", complete=True,
        period=(datetime.date(year, 1, 1), datetime.date(year, 12, 31)), published_on=said["published_on"],
        cells={address: Cell("number", Decimal(value), str(value)) for address, value in figures.items()},
        preface=told["preface"].format(year=year, office=organ.office_name, address=organ.address, phone=organ.phone), sections=sections,
        headings=tuple(section.title for section in form.sections),
    )  # fmt: skip


def _requests(rows: Mapping[str, list[int]]) -> dict[str, int]:
    """The cells of table three: by column, and the totals that the form asks for."""
    handled = [sum(parts) for parts in zip(*(row for name, row in rows.items() if name not in _NO_OUTCOMES), strict=True)]
    found: dict[str, int] = {}
    for name, row in {**rows, "handled_total": handled}.items():
        found |= {f"t3.{name}.{column}": n for column, n in zip(_COLUMNS, row, strict=True)} | {f"t3.{name}.total": sum(row)}
    return found

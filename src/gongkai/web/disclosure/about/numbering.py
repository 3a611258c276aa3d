"""Index numbers (索引号): written as the organ, or the nearest organ above it, set it; gapless."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from gongkai.errors import Refused
from gongkai.law.numbering import explained, number_kind, pattern_faults, render_number
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.about.models import IndexPattern
from gongkai.web.review.actions import next_number

INDEX_SERIES = "index"
# Beside the usual patterns of the law's data: by the organ's mark, and one that never begins anew.
_MORE_EXAMPLES = ("{代字}〔{YYYY}〕{n}", "{code}-{YYYYMMDD}-{n:03}", "{code}-{n:06}")
_ANEW = {"{YYYYMMDD}": "顺序号每天从1重新开始。", "{YYYYMM}": "顺序号每月从1重新开始。", "{YYYY}": "顺序号每年从1重新开始。"}
# What a pattern names of the day → the format of the series' own name; a series begins anew whenever that changes.
_PERIODS = {"{YYYYMMDD}": "%Y%m%d", "{YYYYMM}": "%Y%m", "{YYYY}": ""}


def next_index(agency: Agency, on: datetime.date) -> str:
    """The organ's next index number, taken inside the caller's transaction."""
    row = pattern_of(agency, on)
    if row is None:
        return index_number(agency, on.year, next_number(agency=agency, series=INDEX_SERIES, year=on.year))
    values = _values(agency, row)
    return render_number(row.pattern, values=values, serial=_serial(agency, row.pattern, on), on=on)


def index_number(agency: Agency, year: int, serial: int) -> str:
    """The index number that an organ without a pattern gives with that serial number of that year."""
    return f"{agency.credit_code or agency.code}/{year}-{serial:05d}"


def pattern_of(agency: Agency, on: datetime.date) -> IndexPattern | None:
    """The pattern in force for an organ on a day: its own, else that of the nearest organ above."""
    codes = agency.path.rstrip("/").split("/")
    paths = ["/".join(codes[:n]) + "/" for n in range(1, len(codes) + 1)]
    rows = IndexPattern.objects.filter(agency__path__in=paths, from_on__lte=on).select_related("agency")
    return max(rows, key=lambda row: (len(row.agency.path), row.from_on, row.pk), default=None)


def demand_usable(agency: Agency, pattern: str, code: str, on: datetime.date) -> str:
    """The number that the pattern would give first; :class:`Refused` where it gives none."""
    faults = pattern_faults(pattern, kind="index")
    if faults:
        raise Refused("".join(faults))
    if not any(f"{{{name}}}" in pattern for name in ("code", "代字")):
        raise Refused("索引号格式里要有机构代码“{code}”或者机关代字“{代字}”，否则各机关的索引号会相同。")
    return render_number(pattern, values=_values(agency, IndexPattern(agency=agency, pattern=pattern, code=code)), serial=1, on=on)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a pattern would give an organ: its parts in words, the first two numbers, and when the serial begins anew."""

    pattern: str
    parts: tuple[tuple[str, str], ...]
    numbers: tuple[str, str]
    begins_anew: str


def preview(agency: Agency, pattern: str, code: str, on: datetime.date) -> Preview:
    """The pattern explained by what it gives; :class:`Refused` with what is wrong with it."""
    pattern, code = pattern.strip(), code.strip().upper()
    first = demand_usable(agency, pattern, code, on)
    values = _values(agency, IndexPattern(agency=agency, pattern=pattern, code=code))
    second = render_number(pattern, values=values, serial=2, on=on)
    anew = next((words for name, words in _ANEW.items() if name in pattern), "顺序号一直编下去，不重新开始。")
    return Preview(pattern, explained(pattern), (first, second), anew)


def examples(agency: Agency, on: datetime.date) -> list[tuple[str, str, str]]:
    """Patterns to begin with: each with the number that it gives the organ, or why it gives none."""
    found = []
    for pattern in (*number_kind("index").patterns, *_MORE_EXAMPLES):
        try:
            found.append((pattern, demand_usable(agency, pattern, "", on), ""))
        except Refused as refusal:
            found.append((pattern, "", refusal.message))
    return found


def _values(agency: Agency, row: IndexPattern) -> dict[str, str]:
    own = row.code if row.agency.pk == agency.pk else ""
    given = {"code": own or agency.credit_code, "代字": agency.document_mark}
    values = {name: value for name, value in given.items() if f"{{{name}}}" in row.pattern}
    if not all(values.values()):
        missing = "机关代字" if values.get("代字") == "" else "机构代码或者统一社会信用代码"
        raise Refused(f"索引号要用{agency.short_name}的{missing}，现在没有填写。请公开工作机构负责人补填后再办理。")
    return values


def _serial(agency: Agency, pattern: str, on: datetime.date) -> int:
    period = next((shape for name, shape in _PERIODS.items() if name in pattern), None)
    if period is None:
        return next_number(agency=agency, series=f"{INDEX_SERIES}-all", year=0)
    named = on.strftime(period) if period else ""
    return next_number(agency=agency, series=f"{INDEX_SERIES}-{named}" if named else INDEX_SERIES, year=on.year)

"""What stands before section one: period, basis, where the report is found, whom to ask."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import cache

from gongkai.checks import organs
from gongkai.checks.finding import Fault
from gongkai.checks.passages import sentence_at
from gongkai.checks.registry import check
from gongkai.checks.subject import Subject
from gongkai.law.store import load

_BASIS = "{format}:preface"


@cache
def _patterns(part: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple((entry["id"], entry["name"], re.compile(entry["pattern"])) for entry in load("checks/preface")[part])


@cache
def _period() -> re.Pattern[str]:
    return re.compile(load("checks/preface")["period_pattern"])


@check("preface.period", severity="error", basis="reg:49", title="统计期限应当是报告年度的1月1日至12月31日", needs=("year",))
def period(subject: Subject) -> Iterator[Fault]:
    """The period that the text states is not the year of the report. A warning when the text also states the right one."""
    stated = list(_period().finditer(subject.prose))
    wrong = [match for match in stated if {match[1], match[2] or match[1]} != {str(subject.year)}]
    if wrong:
        quote = sentence_at(subject.prose, wrong[0].start(), wrong[0].end())
        severity = "warning" if len(wrong) < len(stated) else None
        yield Fault(f"{_told(subject, wrong[0][0])}请核对标题年度和统计期限，改为同一年。", quote=quote, severity=severity)
    if stated:
        return
    read, year = subject.report.period, subject.year or 0
    if read and read != (datetime.date(year, 1, 1), datetime.date(year, 12, 31)):
        words = "至".join(f"{day.year}年{day.month}月{day.day}日" for day in read)
        yield Fault(f"{_told(subject, words)}年度报告统计全年数据，请改为{year}年1月1日至12月31日。")


def _told(subject: Subject, words: str) -> str:
    return f"本报告是{subject.year}年的，统计期限写的却是“{''.join(words.split())}”。"


@check("preface.elements", severity="notice", basis=_BASIS, title="前言应当写明依据、统计期限和查阅网址")
def elements(subject: Subject) -> Iterator[Fault]:
    """Customary elements that the report says nowhere: legal basis, period, where its electronic copy is."""
    if not subject.prose:
        return
    known = {"period": subject.report.period, "website": subject.report.contact.website}
    missing = [name for key, name, pattern in _patterns("elements") if not known.get(key) and not pattern.search(subject.prose)]
    if missing:
        yield Fault(f"报告没有写{'、'.join(missing)}。按惯例应当在“一、总体情况”之前写明，请补上。")


@check("preface.organ", severity="warning", basis=_BASIS, title="前言写的机关应当就是本机关", needs=("scope",))
def organ(subject: Subject) -> Iterator[Fault]:
    """The organ that the text says drew the report up or answers questions is another one of the same kind.

    A superior organ, a department of one's own government, or an office without a name of its own (县政务公开办) is
    innocent; townships named in the text are told by text.other_organ.
    """
    own = subject.report.organ
    if own is None or subject.scope in ("township", "street"):
        return
    for match in _named().finditer(subject.prose):
        named = next(filter(None, match.groups()))
        if named[0] in organs.organ_data()["nameless"]:
            continue
        related = organs.core_name(own) in named or own.startswith(organs.core_name(named)) or organs.is_same_organ(own, named)
        if not related and organs.infer_scope(named) == subject.scope:
            yield Fault(
                f"报告标题的机关是“{own}”，文中写的却是“{named}”。请核对是否从别的单位的报告照搬。",
                quote=sentence_at(subject.prose, match.start(), match.end()),
            )
            return


@cache
def _named() -> re.Pattern[str]:
    return re.compile(load("checks/preface")["organ_pattern"])


@check("preface.contact", severity="warning", basis=_BASIS, title="前言应当写明联系方式")
def contact(subject: Subject) -> Iterator[Fault]:
    """Address, telephone or postcode stands nowhere in the report; with one of them at hand it is a notice."""
    if not subject.prose:
        return
    given = subject.report.contact
    known = {"address": given.address, "phone": given.phone, "postcode": given.postcode}
    missing = [name for key, name, pattern in _patterns("contact") if not known[key] and not pattern.search(subject.prose)]
    if not missing:
        return
    reachable = len(missing) < len(known) or given.email
    yield Fault(
        f"报告没有写联系{'、'.join(missing)}。公众对报告有疑问时需要知道找谁，请在前言写明地址、电话和邮编。",
        severity="notice" if reachable else None,
    )

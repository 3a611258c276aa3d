"""What the narrative says in figures, against its own sums, the tables and itself.

A figure that the reader could not understand has no topic and is not judged; neither is one whose cell shows no figure.
A difference that wording explains innocently sinks to a warning or a notice, and the message names the explanation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from gongkai.checks.crossfoot import CORRECT, figure
from gongkai.checks.finding import SEVERITIES, Fault
from gongkai.checks.registry import check
from gongkai.checks.subject import Subject
from gongkai.law import report_format
from gongkai.law.claims import Agreement, Sum, Topic, claim_causes, claim_topics, claim_words
from gongkai.report import AnnualReport, Claim

_LONGEST_QUOTE = 100
_WAN = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10000)}
# Scopes whose tables sum up a whole region.
_REGIONAL = ("province", "city", "county")


def quoted(claim: Claim) -> str:
    """The passage of the sentence that holds the figure, at most about a hundred characters."""
    if len(claim.quote) <= _LONGEST_QUOTE:
        return claim.quote
    place = max(claim.quote.find(figure(claim.value)), 0)
    start = max((claim.quote.rfind(mark, 0, place) for mark in "，,；;。："), default=-1) + 1
    start = max(start, place - _LONGEST_QUOTE // 2)
    return f"…{claim.quote[start : start + _LONGEST_QUOTE]}…"


def _said(claim: Claim, message: str, *, severity: str | None = None, cells: tuple[str, ...] = (), basis: str | None = None) -> Fault:
    return Fault(f"“{quoted(claim)}”：{message}", cells, claim.quote, severity, basis)


def _step(claim: Claim) -> Decimal:
    """One unit in the last printed place; 0 for a plain integer, which is exact."""
    return Decimal(0) if claim.decimals == 0 else Decimal(1).scaleb(-claim.decimals)


# --- claim.sum ---


@check("claim.sum", severity="error", basis="reg:50", title="叙述中的总数与分项相符")
def sums(subject: Subject) -> Iterator[Fault]:
    """A sentence gives a whole and its parts, and they do not fit.

    Parts after 其中 may be only some of the whole: only more than the whole is wrong. Where the sentence says that the
    parts are all there is (合计, 分别为, 其余, the four results of a case) less is wrong too. Parts by channel, of a whole
    that is not called a sum (共, 共计), may count one thing twice, so their excess is a warning that says so. Parts that
    overlap (同时, 同步, 转载), other units and figures that are not exact are let pass; 万 and decimals are allowed one
    unit in the last printed place, percentages one unit for each rounded part.
    """
    for claim in subject.claims:
        if not claim.exact:
            continue
        if claim.form in ("count", "split") and claim.parts:
            yield from _sum_faults(claim)
        elif claim.form == "shares":
            yield from _shares_fault(claim)
        elif claim.form == "share" and len(claim.parts) == 2 and claim.parts[1]:
            yield from _share_fault(claim)


def _sum_faults(claim: Claim) -> Iterator[Fault]:
    total, step = sum(claim.parts, Decimal(0)), _step(claim)
    formula = "＋".join(figure(part) for part in claim.parts)
    told = f"各分项{formula}＝{figure(total)}" if len(claim.parts) > 1 else f"其中一项{formula}"
    unit = claim.unit or ""
    if claim.relation in ("whole", "sum") and abs(total - claim.value) > step:
        loose = "warning" if claim.relation == "sum" else None
        yield _said(claim, f"{told}，与总数{figure(claim.value)}{unit}相差{figure(abs(total - claim.value))}。请核对。", severity=loose)
    elif claim.relation in ("among", "list") and total > claim.value + step:
        sure = claim.relation == "among" and len(claim.parts) > 1
        yield _said(claim, f"{told}，超过总数{figure(claim.value)}{unit}。请核对。", severity=None if sure else "warning")
    elif claim.relation == "channels" and total > claim.value + step:
        cause = claim_causes()["channels"]
        message = f"{told}，超过总数{figure(claim.value)}{unit}。{cause.words}，请核对或在文中写明。"
        yield _said(claim, message, severity=cause.severity)
    elif claim.relation == "overlap" and max(claim.parts) > claim.value + step:
        most = figure(max(claim.parts))
        yield _said(claim, f"其中一项{most}{unit}超过总数{figure(claim.value)}{unit}。请核对。", severity="warning")


def _shares_fault(claim: Claim) -> Iterator[Fault]:
    """Truncating can lose up to a unit a part, rounding can add half a unit a part."""
    total, unit = sum(claim.parts, Decimal(0)), Decimal(1).scaleb(-claim.decimals)
    below, above = max(len(claim.parts) - 1, 1) * unit, max(Decimal(len(claim.parts)) / 2, Decimal(1)) * unit
    if total < 100 - below or total > 100 + above:
        formula = "＋".join(f"{figure(part)}%" for part in claim.parts)
        yield _said(claim, f"各项占比{formula}＝{figure(total)}%，不等于100%（已允许四舍五入的误差）。请核对。")


def _share_fault(claim: Claim) -> Iterator[Fault]:
    part, whole = claim.parts
    share = part / whole * 100
    if abs(share - claim.value) > Decimal(1).scaleb(-claim.decimals):
        shown = figure(round(share, max(claim.decimals, 0) + 1))
        message = f"{figure(part)}占{figure(whole)}的{shown}%，叙述写的是{figure(claim.value)}%。请核对占比和它所依据的总数。"
        yield _said(claim, message, severity="warning")


# --- claim.table ---


@dataclass(frozen=True, slots=True)
class _Measured:
    """What the tables say to a claim: sums as printed, all sums it may equal (a total also as the sum of its columns), sums
    that would explain a difference, and the cells of the first sum."""

    printed: tuple[Decimal, ...]
    equal: tuple[Decimal, ...]
    lenient: tuple[tuple[Decimal, str], ...]
    cells: tuple[str, ...]


@check("claim.table", severity="error", basis="reg:50", title="叙述中的数字与表格相符", needs=("edition",))
def tables(subject: Subject) -> Iterator[Fault]:
    """A sentence counts what a cell of the form counts, and the two figures differ.

    Received requests may be new ones or new and carried over, handled ones may leave out what was carried over, a broken
    total may be replaced by the sum of its columns: such figures agree. Named innocent causes: the organ alone against the
    region, cases 尚未审结 left out, part of the year, several years, the figure of the year before.
    """
    for claim in subject.claims:
        if claim.topic is None or not claim.exact:
            continue
        if claim.form in ("count", "zero"):
            yield from _table_faults(subject, claim)
        elif claim.form == "all":
            yield from _all_handled_fault(subject, claim)
        elif claim.form in ("growth", "difference") and subject.predecessor is not None:
            yield from _change_faults(subject, subject.predecessor, claim)


def _table_faults(subject: Subject, claim: Claim) -> Iterator[Fault]:
    topics = [claim_topics()[name] for name in (claim.topic or "").split("+") if name in claim_topics()]
    report = subject.report
    if claim.period == "previous":
        earlier = subject.predecessor
        if earlier is not None and earlier.edition == report.edition:
            yield from _previous_fault(subject, earlier, claim, topics)
        return
    measured = _measure(report, topics)
    if claim.period == "other" or measured is None or _agrees(subject, claim, measured, topics):
        return
    severity, explanation = _explain(subject, claim, measured, topics)
    if severity is None:
        return
    message = _mismatch(subject, claim, measured, topics)
    doubt = subject.doubt(measured.cells)
    if doubt:
        severity = "notice" if severity == "notice" else "warning"
        explanation += f"读取存疑：{doubt}。请先对照原文，确认不是识别错误。"
    yield _said(claim, message + (explanation or CORRECT), severity=severity, cells=measured.cells, basis=topics[0].basis)


def _measure(report: AnnualReport, topics: Iterable[Topic]) -> _Measured | None:
    """``None`` when a needed cell shows no figure: then nothing can be judged."""
    edition = report.edition or ""
    agreements = [topic.cells[edition] for topic in topics if edition in topic.cells]
    if not agreements or any(_total(report, terms) is None for agreement in agreements for terms in agreement.equal):
        return None
    equal = [value for agreement in agreements for terms in agreement.equal for value in _values(report, terms)]
    lenient = [(value, cause) for agreement in agreements for terms, cause in agreement.lenient for value in _values(report, terms)]
    printed = [_total(report, terms) or Decimal(0) for agreement in agreements for terms in agreement.equal]
    return _Measured(tuple(dict.fromkeys(printed)), tuple(dict.fromkeys(equal)), tuple(lenient), _cells(agreements[0]))


def _cells(agreement: Agreement) -> tuple[str, ...]:
    return tuple(term.address for term in agreement.equal[0])


def _values(report: AnnualReport, terms: Sum) -> list[Decimal]:
    """The sum as printed, and with each total replaced by the sum of its columns where those are all shown."""
    return [value for value in (_total(report, terms), _total(report, terms, resum=True)) if value is not None]


def _total(report: AnnualReport, terms: Sum, *, resum: bool = False) -> Decimal | None:
    total = Decimal(0)
    for term in terms:
        cell = report.cells.get(term.address)
        value = cell.value if cell is not None and cell.kind == "number" else None
        value = _resummed(report, term.address, value) if resum else value
        if value is None:
            return None
        total += term.sign * value
    return total


def _resummed(report: AnnualReport, address: str, shown: Decimal | None) -> Decimal | None:
    stem, _, column = address.rpartition(".")
    if column != "total":
        return shown
    parts = [report.cells.get(part) for part in _columns(report.edition or "", stem)]
    values = [cell.value for cell in parts if cell is not None and cell.kind == "number" and cell.value is not None]
    return sum(values, Decimal(0)) if parts and len(values) == len(parts) else shown


@cache
def _columns(edition: str, stem: str) -> tuple[str, ...]:
    """The cells that the total of that row adds up."""
    places = report_format(edition).place_of
    return tuple(address for address in places if address.startswith(f"{stem}.") and not address.endswith(".total"))


def _amount(claim: Claim, topics: list[Topic]) -> tuple[Decimal, Decimal]:
    """The claimed figure in the unit of the form, and how far it may be off by rounding."""
    factor = _WAN.get(claim.unit or "", Decimal(1)) if topics[0].money else Decimal(1)
    step = Decimal(1).scaleb(-claim.decimals) if topics[0].money else _step(claim)
    return claim.value * factor, step * factor


def _matches(value: Decimal, other: Decimal, step: Decimal, *, money: bool) -> bool:
    exponent = other.as_tuple().exponent
    printed = Decimal(1).scaleb(exponent) if money and isinstance(exponent, int) else Decimal(0)
    return abs(value - other) <= max(step, printed) if step or money else value == other


def _agrees(subject: Subject, claim: Claim, measured: _Measured, topics: list[Topic]) -> bool:
    value, step = _amount(claim, topics)
    if any(_matches(value, other, step, money=topics[0].money) for other in measured.equal):
        return True
    if claim.form == "zero":
        return False
    if claim.subject:
        return value <= max(measured.equal) + step
    return any(total in measured.equal for total in _together(subject, claim, topics))


def _together(subject: Subject, claim: Claim, topics: list[Topic]) -> Iterator[Decimal]:
    """Sums with other claims that may belong to this one: the organ's own and its units', 废止 and 失效 of one sentence."""
    alike = [other for other in subject.claims_on.get((claim.topic, claim.period), ()) if other is not claim]
    added = [
        other
        for other in subject.claims_in.get(claim.quote, ())
        if other is not claim
        and other.topic in topics[0].adds
        and (other.topic != claim.topic or other.period != claim.period or other.subject)
    ]
    if claim.reach or any(other.reach for other in alike):
        yield from (claim.value + other.value for other in alike)
        yield sum((other.value for other in alike), claim.value)
    yield from (claim.value + other.value for other in added)


def _explain(subject: Subject, claim: Claim, measured: _Measured, topics: list[Topic]) -> tuple[str | None, str]:
    """How severe the difference is, ``None`` for not at all, and the innocent cause as a sentence."""
    value, _ = _amount(claim, topics)
    causes = claim_causes()
    if claim.form != "zero":
        for other, words in measured.lenient:
            if value == other:
                return "notice", f"{words}，请核对口径。"
    cause = _cause(subject, claim)
    if cause in ("cumulative", "partial"):
        innocent = value >= min(measured.equal) if cause == "cumulative" else value <= max(measured.equal)
        return None if innocent else causes[cause].severity, f"{causes[cause].words}，请核对口径。"
    if cause:
        beyond = cause in ("own", "units") and value > max(measured.equal)
        return "warning" if beyond else causes[cause].severity, f"{causes[cause].words}，请核对口径或在文中写明。"
    if claim.subject:
        return causes["limited"].severity, f"{causes['limited'].words}（{claim.subject}），但已超过表中的数字。"
    return _severity(claim, topics), _copied(subject, claim, topics)


def _severity(claim: Claim, topics: list[Topic]) -> str:
    """The mildest of the topics; an unusual unit is never provable."""
    if claim.form == "zero":
        return "error"
    severity = max((topic.severity for topic in topics), key=SEVERITIES.index)
    unsure = not topics[0].money and claim.unit not in claim_words()["sure_units"]
    return "warning" if unsure and severity == "error" else severity


def _cause(subject: Subject, claim: Claim) -> str:
    if claim.period in ("cumulative", "partial"):
        return claim.period
    if claim.reach == "whole":
        return "" if subject.scope in _REGIONAL else "whole"
    return claim.reach


def _copied(subject: Subject, claim: Claim, topics: list[Topic]) -> str:
    earlier = subject.predecessor
    measured = _measure(earlier, topics) if earlier is not None and claim.form == "count" and claim.value else None
    return f"{claim_causes()['copied'].words}。{CORRECT}" if measured is not None and claim.value in measured.equal else ""


def _mismatch(subject: Subject, claim: Claim, measured: _Measured, topics: list[Topic]) -> str:
    names = "、".join(dict.fromkeys(topic.name for topic in topics))
    told = f"没有{names}" if claim.form == "zero" else f"{names}{figure(claim.value)}{claim.unit or ''}"
    shown = "，".join(f"{subject.words(address)}为{figure(subject.value(address))}" for address in measured.cells[:3])
    if len(measured.cells) > 1:
        shown += f"{'等' if len(measured.cells) > 3 else ''}，合计{figure(measured.printed[0])}"
    others = [figure(value) for value in measured.printed[1:]]
    also = f"（按其他口径可为{'、'.join(others)}）" if others and len(measured.cells) == 1 else ""
    return f"叙述说{told}，而{shown}{also}，两者不一致。"


def _previous_fault(subject: Subject, earlier: AnnualReport, claim: Claim, topics: list[Topic]) -> Iterator[Fault]:
    measured = _measure(earlier, topics)
    if measured is None or claim.subject or claim.reach or any(claim.value == value for value in measured.equal):
        return
    cause = claim_causes()["previous"]
    message = f"{cause.words}，而上一年度报告中{subject.words(measured.cells[0])}为{figure(measured.printed[0])}。请核对。"
    yield _said(claim, message, severity=cause.severity, cells=measured.cells, basis=topics[0].basis)


def _all_handled_fault(subject: Subject, claim: Claim) -> Iterator[Fault]:
    """均已答复 while requests are carried over, and no sentence says so."""
    carried = claim_topics()["carried_out"].cells.get(subject.report.edition or "")
    value = _total(subject.report, carried.equal[0]) if carried else None
    if not value or subject.tells_of_carrying_over or claim.reach or claim.period != "year" or carried is None:
        return
    cells = _cells(carried)
    message = (
        f"叙述说申请均已办结或者答复，而{subject.words(cells[0])}为{figure(value)}。如果是年底前收到、尚在期限内的申请，请在文中写明。"
    )
    yield _said(claim, message, severity="notice", cells=cells, basis=claim_topics()["carried_out"].basis)


def _change_faults(subject: Subject, earlier: AnnualReport, claim: Claim) -> Iterator[Fault]:
    """同比增长N% and 较上年增加N件 against the two years' tables."""
    topics = [claim_topics()[name] for name in (claim.topic or "").split("+") if name in claim_topics()]
    now, before = _measure(subject.report, topics), _measure(earlier, topics)
    if now is None or before is None or claim.period != "year" or claim.reach or claim.subject:
        return
    pairs = [(new, old) for new in now.equal for old in before.equal if old or claim.form == "difference"]
    if pairs and not any(_fits_change(claim, new, old) for new, old in pairs):
        what = f"{subject.words(now.cells[0])}本年为{figure(now.printed[0])}，上一年度报告中为{figure(before.printed[0])}"
        message = f"{what}，与所说的{_change_words(claim)}不符。请核对。"
        yield _said(claim, message, severity="warning", cells=now.cells, basis=topics[0].basis)


# --- claim.self ---


@check("claim.self", severity="error", basis="reg:50", title="叙述前后的数字不互相矛盾")
def contradictions(subject: Subject) -> Iterator[Fault]:
    """The narrative gives one thing two figures, or a change that its own two figures do not show.

    Only figures of the same topic, unit, period, reach and limiting words are compared, parts of a whole never. Two
    figures that both agree with the table (new requests, and new with carried over) do not contradict each other.
    """
    yield from _false_changes(subject)
    groups: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in subject.claims:
        if claim.topic and claim.exact and not claim.part and claim.form in ("count", "zero") and claim.period in ("year", "previous"):
            groups[claim.topic, claim.subject or "", claim.period, claim.reach].append(claim)
    for claims in groups.values():
        yield from _contradiction(subject, claims)


def _contradiction(subject: Subject, claims: list[Claim]) -> Iterator[Fault]:
    first = claims[0]
    topics = [claim_topics()[name] for name in (first.topic or "").split("+") if name in claim_topics()]
    measured = _measure(subject.report, topics) if topics else None
    known = set(measured.equal) | {value for value, _ in measured.lenient} if measured else set()
    other = next((claim for claim in claims[1:] if _differ(first, claim) and not {first.value, claim.value} <= known), None)
    if other is None or not topics:
        return
    names = "、".join(topic.name for topic in topics)
    severity = None if "zero" in (first.form, other.form) else "warning"
    message = f"前文说{names}{_value_words(first)}，后文“{quoted(other)}”又说{_value_words(other)}，前后矛盾。请核对。"
    yield _said(first, message, severity=severity, basis=topics[0].basis)


def _differ(one: Claim, other: Claim) -> bool:
    units = (one.quote != other.quote and one.unit == other.unit) or "zero" in (one.form, other.form)
    return units and abs(one.value - other.value) > max(_step(one), _step(other))


def _value_words(claim: Claim) -> str:
    return "没有" if claim.form == "zero" else f"为{figure(claim.value)}{claim.unit or ''}"


def _false_changes(subject: Subject) -> Iterator[Fault]:
    for claim in subject.claims:
        if claim.form not in ("growth", "difference") or len(claim.parts) != 2 or not claim.exact:
            continue
        now, before = claim.parts
        if (before or claim.form == "difference") and not _fits_change(claim, now, before):
            yield _said(claim, f"本年{figure(now)}、上年{figure(before)}，与所说的{_change_words(claim)}不符。请核对。")


def _fits_change(claim: Claim, now: Decimal, before: Decimal) -> bool:
    if claim.form == "difference":
        return abs(now - before - claim.value) <= _step(claim)
    return abs((now - before) / before * 100 - claim.value) <= Decimal(1).scaleb(-claim.decimals)


def _change_words(claim: Claim) -> str:
    return f"{'下降' if claim.value < 0 else '增长'}{figure(abs(claim.value))}{claim.unit or ''}"

"""Information-processing fees (信息处理费): section six against tables two and three."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from gongkai.checks.crossfoot import figure
from gongkai.checks.finding import Fault
from gongkai.checks.passages import sentence_at
from gongkai.checks.registry import check
from gongkai.checks.subject import Subject
from gongkai.law.store import load

_UNPAID = "t3.other_fee_unpaid.total"
_CHARGED = "t2.admin_fees.amount_wan"
_EDITIONS = ("2021",)
# No count of notices has so many digits; left in, each digit would be tried as the beginning of one.
_LONG_NUMBER = re.compile(r"\d{16,}")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("checks/fees")[name])


def _first(text: str) -> str:
    """The first paragraph: below it the organ's signature and date may stand."""
    return "".join(text.strip().partition("\n")[0].split())


def _is_under_fee_measures(subject: Subject) -> bool:
    from_year: int = load("checks/thresholds")["fees"]["from_year"]
    return (subject.year or 0) >= from_year


@check("s6.fee_status", severity="warning", basis="fee:9", title="第六部分应当写明信息处理费收取情况", editions=_EDITIONS, needs=("year",))
def fee_status(subject: Subject) -> Iterator[Fault]:
    """Section six does not say whether fees were charged. Said elsewhere in the narrative it counts as said."""
    text = subject.text("s6")
    if "s6" not in subject.report.sections or not _is_under_fee_measures(subject):
        return
    if not _pattern("stated").search(text) and "信息处理费" not in subject.prose:
        shown = _first(text)[:30] or "空白"
        yield Fault(
            f"“六、其他需要报告的事项”没有写明政府信息公开信息处理费的收取情况（现在写的是“{shown}”）。请补写：没有收取的写“本年度没有收取信息处理费”；"
            "收取的写明发出收费通知的件数、总金额和实际收取的金额。",
            quote=shown if text.strip() else None,
        )


@check(
    "s6.fee_notices", severity="error", basis="fee:9", title="收费通知件数不少于因不缴费不再处理的件数", editions=_EDITIONS, needs=("year",)
)
def fee_notices(subject: Subject) -> Iterator[Fault]:
    """Requests closed because a fee was not paid need as many fee notices.

    Provable when section six states fewer; when it states no number, a warning that asks for it.
    """
    unpaid = subject.amount(_UNPAID)
    text = _LONG_NUMBER.sub("", subject.text("s6"))
    if not unpaid or "s6" not in subject.report.sections:
        return
    told = f"{subject.words(_UNPAID)}填了{figure(unpaid)}件，说明至少发出过{figure(unpaid)}件收费通知"
    none = _pattern("none_notified").search(text)
    stated = _pattern("notices").search(text)
    if none is None and stated is None:
        yield Fault(f"{told}，但第六部分没有写发出收费通知的件数和金额。请补写。", (_UNPAID,), severity="warning")
        return
    number = Decimal(0) if none or stated is None else Decimal(stated[1] or stated[2])
    if number < unpaid:
        mark = none or stated
        quote = sentence_at(text, mark.start(), mark.end()) if mark else None
        shown = "没有发出收费通知" if none else f"只发出{figure(number)}件"
        yield Fault(f"{told}，但第六部分写的是{shown}。请核对后更正。", (_UNPAID,), quote=quote)


@check(
    "t2.fee_collected",
    severity="warning",
    basis="fee:8",
    title="收取的信息处理费应当计入行政事业性收费",
    editions=_EDITIONS,
    needs=("year",),
)
def fee_collected(subject: Subject) -> Iterator[Fault]:
    """Fees collected by section six exceed the administrative charges of table two.

    Whether the fee is counted there is for the county authority to say, so it is never an error.
    """
    charged = subject.value(_CHARGED)
    text = subject.text("s6")
    match = _pattern("collected").search(text)
    if match is None or charged is None:
        return
    per_wan = Decimal(load("checks/thresholds")["fees"]["yuan_in_wan"])
    collected = Decimal(match[1].replace(",", ""))
    in_wan = collected if match[2] == "万元" else collected / per_wan
    if in_wan > charged:
        yield Fault(
            f"第六部分写收取信息处理费{figure(collected)}{match[2]}（{figure(in_wan)}万元），而{subject.words(_CHARGED)}只有{figure(charged)}万元。"
            "信息处理费属于行政事业性收费，请核对是否漏计；当地规定不计入的，请在第六部分说明。",
            (_CHARGED,),
            quote=sentence_at(text, match.start(), match.end()),
        )


@check("s6.charges_silent", severity="notice", basis="{format}:s6", title="有行政事业性收费的，第六部分不宜只写“无”", editions=_EDITIONS)
def charges_silent(subject: Subject) -> Iterator[Fault]:
    """Table two shows charges and section six says only 无: worth a look, for the charges may be of another kind."""
    charged, text = subject.amount(_CHARGED), _first(subject.text("s6")).rstrip("。.")
    if charged > 0 and "s6" in subject.report.sections and text in ("", "无", "没有", "暂无"):
        yield Fault(
            f"{subject.words(_CHARGED)}填了{figure(charged)}万元，第六部分却只写“{text or '空白'}”。"
            "请核对其中有没有信息处理费；没有的，也请写明本年度没有收取信息处理费。",
            (_CHARGED,),
        )

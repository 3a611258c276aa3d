"""How a broken identity or bound is told: the figures, the formula, what to do. The checks themselves stand by table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from gongkai.checks.arithmetic import Culprit, Imbalance
from gongkai.checks.finding import Fault
from gongkai.checks.subject import Subject

Telling = Callable[[Subject, Imbalance], str]

CORRECT = "请核对原始台账后更正。"


def figure(value: Decimal | None) -> str:
    """A figure as a person writes it: ``3``, ``91.231061``; 未读到 for ``None``."""
    if value is None:
        return "未读到"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def broken(subject: Subject, code: str, tell: Telling) -> Iterator[Fault]:
    """A fault for each broken identity of that code; ``tell`` says what does not agree.

    Where the reading itself is in doubt the finding is a warning that says so; where one cell would explain several broken
    identities at once, the message names it.
    """
    for imbalance in subject.crossfoot.broken:
        if imbalance.identity.code != code:
            continue
        cells = (*imbalance.identity.left, *imbalance.identity.right)
        hint = _hint(subject, imbalance, subject.crossfoot.culprit)
        yield judged(subject, tell(subject, imbalance) + hint, cells)


def judged(subject: Subject, message: str, cells: tuple[str, ...], severity: str | None = None) -> Fault:
    """A fault about figures: with what to do, or, when their reading is in doubt, a warning that says so."""
    doubt = subject.doubt(cells)
    if doubt:
        lowered = "notice" if severity == "notice" else "warning"
        return Fault(f"{message}读取存疑：{doubt}。请先对照原文，确认不是识别错误。", cells, severity=lowered)
    return Fault(f"{message}{CORRECT}", cells, severity=severity)


def _hint(subject: Subject, imbalance: Imbalance, culprit: Culprit | None) -> str:
    if culprit is None or culprit.address not in (*imbalance.identity.left, *imbalance.identity.right):
        return ""
    return (
        f"如果把{subject.words(culprit.address)}的{figure(culprit.shown)}改为{figure(culprit.fitting)}，"
        f"这{culprit.settles}处不平就同时消除，请先核对这一格。"
    )


def gap(imbalance: Imbalance) -> str:
    """相差N。"""
    return f"相差{figure(abs(imbalance.difference))}。"


def sum_of(subject: Subject, addresses: tuple[str, ...], *, by: str) -> str:
    """``自然人1＋商业企业0``: the cells of a sum with their figures, named by ``column`` or ``row``."""
    return "＋".join(f"{_name(subject, address, by)}{figure(subject.value(address))}" for address in addresses)


def _name(subject: Subject, address: str, by: str) -> str:
    place = subject.place(address)
    if place is None:
        return address
    return place[2].words if by == "column" else f"“{place[1].words}”"


def exceeded(subject: Subject, code: str, *, why: str) -> Iterator[Fault]:
    """A fault for each bound of that code that the report exceeds; its severity is the law data's."""
    if subject.edition is None:
        return
    for bound in subject.edition.bounds:
        if bound.code != code:
            continue
        figures = [[subject.value(address) for address in side] for side in (bound.left, bound.right)]
        if any(value is None for side in figures for value in side):
            continue
        left, right = (sum((value for value in side if value is not None), Decimal(0)) for side in figures)
        if left > right:
            limits = "、".join(subject.words(address) for address in bound.right)
            total = "各项之和" if len(bound.right) > 1 else "的"
            message = f"{subject.words(bound.left[0])}填的是{figure(left)}，大于{limits}{total}{figure(right)}。{why}"
            yield judged(subject, message, (*bound.left, *bound.right), bound.severity)

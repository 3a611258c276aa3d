"""Table two: information disclosed proactively (主动公开政府信息情况)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gongkai.checks import cells
from gongkai.checks.crossfoot import exceeded, figure, judged
from gongkai.checks.finding import Fault
from gongkai.checks.registry import STATUTORY, check
from gongkai.checks.subject import Subject
from gongkai.law.store import load

_BASIS = "{format}:t2"


@check("t2.missing", severity="warning", basis=_BASIS, title="表二应当齐全", editions=STATUTORY)
def table_missing(subject: Subject) -> Iterator[Fault]:
    """The table, or cells of it, do not stand in the document. A table given as a picture cannot be seen, so it is a warning."""
    yield from cells.not_found(subject, "t2")


@check("t2.blank", severity="error", basis=_BASIS, title="表二各格都要填数字，没有的填0", editions=STATUTORY)
def blank(subject: Subject) -> Iterator[Fault]:
    """A cell is there and shows no figure: empty, a stroke, or a word such as 无."""
    yield from cells.unfilled(subject, "t2")


@check("t2.count", severity="error", basis=_BASIS, title="表二件数应当是0或者正整数，金额不能是负数", editions=STATUTORY)
def count(subject: Subject) -> Iterator[Fault]:
    """Counts are whole and not negative; an amount may have decimals; 本年增/减 may be negative."""
    yield from cells.impossible(subject, "t2")


@check("t2.labels", severity="warning", basis=_BASIS, title="表二的行和列名称应当与统一格式一致", editions=STATUTORY)
def labels(subject: Subject) -> Iterator[Fault]:
    """A row or column is named otherwise than in the form; a known other name is a notice."""
    yield from cells.relabelled(subject, "t2")


@check(
    "t2.rules", severity="error", basis=_BASIS, title="县级、乡镇和部门没有规章制定权，规章应当填0", editions=STATUTORY, needs=("scope",)
)
def rules(subject: Subject) -> Iterator[Fault]:
    """Only State Council departments, provinces and cities with districts make rules (规章), so others show 0.

    A department may belong to the State Council, so there it is a warning. The message says when the scope was inferred.
    """
    if subject.scope not in load("checks/thresholds")["scopes_without_rules"]:
        return
    wrong = tuple(address for address in subject.printed.get("t2", ()) if address.startswith("t2.rules.") and subject.amount(address))
    if not wrong:
        return
    shown = "、".join(f"“{place[2].words}”{figure(subject.value(address))}" for address in wrong if (place := subject.place(address)))
    message = (
        f"表二“规章”行填了{shown}，但本机关是{subject.scope_words}，没有规章制定权，这一行应当全部填0。"
        "如果填的是行政规范性文件，请移到“行政规范性文件”行。"
    )
    yield judged(subject, message, wrong, "warning" if subject.scope == "department" else None)


@check("t2.in_force_floor", severity="error", basis=_BASIS, title="现行有效件数不少于本年制发减本年废止", editions=("2021",))
def in_force_floor(subject: Subject) -> Iterator[Fault]:
    """What was issued this year and not repealed this year is in force: in_force ≥ issued − repealed."""
    for row in ("rules", "normative_docs"):
        issued, repealed, standing, addresses = _documents(subject, row)
        if issued is None or repealed is None or standing is None or standing >= issued - repealed:
            continue
        message = (
            f"表二“{_row_words(subject, row)}”行：本年制发{figure(issued)}件，本年废止{figure(repealed)}件，"
            f"“现行有效件数”至少应是{figure(issued)}－{figure(repealed)}＝{figure(issued - repealed)}，填的是{figure(standing)}。"
        )
        yield judged(subject, message, addresses)


@check("t2.in_force", severity="warning", basis=_BASIS, title="现行有效件数一般不少于本年制发件数", editions=("2021",))
def in_force(subject: Subject) -> Iterator[Fault]:
    """in_force < issued: possible only if documents of this year were repealed within the year."""
    for row in ("rules", "normative_docs"):
        issued, repealed, standing, addresses = _documents(subject, row)
        if issued is None or repealed is None or standing is None or not issued - repealed <= standing < issued:
            continue
        message = (
            f"表二“{_row_words(subject, row)}”行：本年制发{figure(issued)}件，“现行有效件数”却只有{figure(standing)}件。"
            "除非本年制发的文件当年就废止了，否则现行有效件数不会少于本年制发件数（现行有效包括以前年度制发、仍然有效的）。"
        )
        yield judged(subject, message, addresses, "warning")


def _documents(subject: Subject, row: str) -> tuple[Decimal | None, Decimal | None, Decimal | None, tuple[str, ...]]:
    addresses = (f"t2.{row}.in_force", f"t2.{row}.issued", f"t2.{row}.repealed")
    standing, issued, repealed = (subject.value(address) for address in addresses)
    return issued, repealed, standing, addresses


def _row_words(subject: Subject, row: str) -> str:
    place = subject.place(f"t2.{row}.in_force")
    return place[1].words if place else row


@check("t2.published_made", severity="warning", basis=_BASIS, title="本年新公开数量一般不多于本年新制作数量", editions=("2019",))
def published_made(subject: Subject) -> Iterator[Fault]:
    """Edition 2019: documents newly published against documents newly made; older ones may be published late, so a warning."""
    yield from exceeded(subject, "t2.published_made", why="除非公开了以前年度制作的文件，否则新公开数量不会多于新制作数量。")


@check("t2.published_total", severity="error", basis=_BASIS, title="对外公开总数量不少于本年新公开数量", editions=("2019",))
def published_total(subject: Subject) -> Iterator[Fault]:
    """Edition 2019: the total that is public holds what was published this year."""
    yield from exceeded(subject, "t2.published_total", why="对外公开总数量包括本年新公开的，不会比它少。")


@check("t2.delta", severity="warning", basis=_BASIS, title="本年增/减填事项数，不填处理决定数", editions=("2019",))
def delta(subject: Subject) -> Iterator[Fault]:
    """Edition 2019: items (事项) appear where there were none and no decision was made.

    The usual cause is that decisions were counted as items. A fall below zero items is impossible as well.
    """
    suspects = []
    for address in subject.printed.get("t2", ()):
        if not address.endswith(".delta"):
            continue
        stem = address.removesuffix("delta")
        before, change, decisions = (subject.value(stem + column) for column in ("prev_items", "delta", "decisions"))
        if before is None or change is None:
            continue
        if before + change < 0 or (before == 0 and change > 0 and decisions == 0):
            suspects.append(address)
    if suspects:
        rows = "、".join(f"“{place[1].words}”{figure(subject.value(address))}" for address in suspects if (place := subject.place(address)))
        message = (
            f"表二“本年增/减”：{rows}，而上一年项目数量与处理决定数量对不上。这一列填的是事项（项目）比上一年增加或减少了几项，"
            "不是办理的件数；办理的件数填“处理决定数量”。"
        )
        yield judged(subject, message, tuple(suspects), "warning")

"""What the single cells of a table show: blanks, cells not found, cells not read, impossible counts, label slips.

The four tables share this; the checks themselves stand by table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gongkai.checks.crossfoot import figure, judged
from gongkai.checks.finding import Fault
from gongkai.checks.subject import Subject

_SHOWN_ROWS = 4
_UNFILLED = ("blank", "slash", "text")


def unfilled(subject: Subject, table: str) -> Iterator[Fault]:
    """Cells of the table that the organ left without a figure: empty, a stroke, or a word."""
    wrong = {address for kind in _UNFILLED for address in subject.odd.get((table, kind), ())}
    cells = [address for address in subject.printed.get(table, ()) if address in wrong] if wrong else []
    if not cells:
        return
    kinds = {subject.cell(address).kind for address in cells}
    printed = {subject.cell(address).raw.strip() for address in cells if subject.cell(address).kind != "blank"}
    shown = (["空白"] if "blank" in kinds else []) + [f"“{raw}”" for raw in sorted(printed) if raw]
    message = (
        f"{_table_words(subject, table)}有{len(cells)}格没有填数字（填的是{'、'.join(shown) or '空白'}）：{places(subject, cells)}。"
        "没有发生的也要填0，不能空着、画线或者写字。请补填。"
    )
    doubt = subject.doubt(cells)
    if doubt:
        yield Fault(f"{message}读取存疑：{doubt}。请先对照原文。", tuple(cells), severity="warning")
    else:
        yield Fault(message, tuple(cells))


def not_found(subject: Subject, table: str) -> Iterator[Fault]:
    """Cells that the document does not print, or the whole table."""
    expected, cells = subject.printed.get(table, ()), subject.odd.get((table, "missing"), ())
    if not cells:
        return
    name = _table_words(subject, table)
    if len(cells) == len(expected):
        message = (
            f"没有找到{subject.edition.table(table).name if subject.edition else name}。如果报告里有这张表（例如是图片或者附件），"
            "请换用带表格文字的版本再读；如果确实没有，请按统一格式补上。"
        )
    else:
        message = f"{name}少了{len(cells)}格：{places(subject, cells)}。请对照统一格式，确认表格的行和列没有删改。"
    yield Fault(message, cells)


def unread(subject: Subject, table: str) -> Iterator[Fault]:
    """Cells where something may stand that could not be told for certain."""
    cells = subject.odd.get((table, "unclear"), ())
    if not cells:
        return
    reasons = list(dict.fromkeys(reason for address in cells if (reason := subject.cell(address).reason)))
    why = f"原因：{'；'.join(reasons[:3])}。" if reasons else ""
    message = (
        f"读取存疑：{_table_words(subject, table)}有{len(cells)}格没有读准：{places(subject, cells)}。{why}"
        "涉及这些格的勾稽关系没有核对。请对照原文；如果原文这些格是空的，请补填数字（没有发生的填0），"
        "也可以换用Word或者网页版再读一次。"
    )
    yield Fault(message, cells)


def impossible(subject: Subject, table: str) -> Iterator[Fault]:
    """Counts that are negative or not whole, amounts that are negative; a signed column may be negative."""
    for address in subject.printed.get(table, ()):
        value = subject.value(address)
        if not value or (place := subject.place(address)) is None:
            continue
        _, row, column = place
        is_decimal, is_signed = row.decimal or column.decimal, column.signed
        if value < 0 and not is_signed:
            wanted = "金额不能是负数" if is_decimal else "件数应当是0或者正整数"
            yield judged(subject, f"{subject.words(address)}填的是{figure(value)}，{wanted}。", (address,))
        elif value != value.to_integral_value() and not is_decimal:
            yield judged(subject, f"{subject.words(address)}填的是{figure(value)}，件数应当是0或者正整数。", (address,))


_SIGNS = re.compile(r"[\s\d（）()、.．，,：:；;“”\"'‘’/·一二三四五六七八九十]+")


def relabelled(subject: Subject, table: str) -> Iterator[Fault]:
    """Labels that differ from the form's in their words.

    Blanks, punctuation and numbering do not count, nor does a label that merely stops early or starts late: a page that is
    turned into text loses line breaks, and the table says the same.
    """
    wanted = _labels(subject, table)
    for key, printed in subject.report.labels.items():
        label, aliases = wanted.get(key, ("", ()))
        found, right = _SIGNS.sub("", printed), _SIGNS.sub("", label)
        if not right or not found or found in right:
            continue
        is_alias = any(_SIGNS.sub("", alias) == found for alias in aliases)
        yield Fault(
            f"{_table_words(subject, table)}的“{label}”印成了“{printed.strip()}”。请对照统一格式改正；如果原文没有错，就是识别有误，可以不理。",
            quote=printed.strip(),
            severity="notice" if is_alias else None,
        )


def _labels(subject: Subject, table: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Key of :attr:`AnnualReport.labels` → the form's label and its known aliases."""
    if not subject.report.labels or subject.edition is None or table not in subject.printed:
        return {}
    blocks = subject.edition.table(table).blocks
    rows = {f"{table}.{row.id}": (row.label, row.aliases) for block in blocks for row in (*block.rows, *block.merged_rows)}
    columns: dict[str, tuple[str, tuple[str, ...]]] = {
        f"{table}.column.{column.id}": (column.label, ()) for block in blocks for column in block.columns
    }
    return rows | columns


def places(subject: Subject, cells: Iterable[str]) -> str:
    """Cells told row by row: “（一）予以公开”行的“自然人”“总计”; after four rows 等N格."""
    rows: dict[str, list[str]] = {}
    count = 0
    for address in cells:
        count += 1
        place = subject.place(address)
        if place is None:
            rows.setdefault(address, [])
        elif place[0].layout == "one_value":
            rows.setdefault(f"“{place[1].words}”", [])
        else:
            rows.setdefault(f"“{place[1].words}”的", []).append(f"“{place[2].words}”")
    told = [f"{row}{_columns(columns)}" for row, columns in list(rows.items())[:_SHOWN_ROWS]]
    return "；".join(told) + (f"；等共{count}格" if len(rows) > _SHOWN_ROWS else "")


def _columns(names: list[str]) -> str:
    """The columns of one row; from five on only how many, for a row that is empty as a whole is told at a glance."""
    return "".join(names) if len(names) < 5 else f"{len(names)}格"


def _table_words(subject: Subject, table: str) -> str:
    return subject.edition.table(table).words if subject.edition else table

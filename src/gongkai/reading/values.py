"""What stands in a cell: figure, blank, stroke or words."""

from __future__ import annotations

import re
from decimal import Decimal

from gongkai.law import Column, Row
from gongkai.report import Cell, Place

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,8})?"
_UNIT = r"(?:万元|元|人次|件|条|项|个|次|人|篇|宗|份)"
_FIGURE = re.compile(rf"(?P<sign>[+\-−]|增加?|减少?)?\s*(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?")
_DIGITS = {str(number): Decimal(number) for number in range(10)}
_SEVERAL = re.compile(r"\d[\d.,]*")
_STROKE = re.compile(r"[-/\\—–−－_]{1,4}")

_WHOLE = rf"(?:[+\-−]|(?:增加?|减少?)\s{{0,9}})?{_NUMBER}\s{{0,9}}{_UNIT}?|[-/\\—–−_]{{1,4}}|[无零〇Oo]"

# A page number with its dress: - 3 -, 第3页 共8页, 3/8.
PAGE_MARK = re.compile(
    r"^[-—–－─·\s]*(?:第\s*)?[-—–－]+\s*\d{1,3}\s*[-—–－]+\s*$|^第\s*\d{1,3}\s*页(?:[\s,，/]*共\s*\d{1,3}\s*页)?$|^\d{1,3}\s*/\s*\d{1,3}\s*页?$|^Page\s+\d+(\s+of\s+\d+)?$",
    re.IGNORECASE,
)

# A value among other text, and a cell's whole text: there a stroke may be set wide (— —).
STANDING = re.compile(rf"(?<!\S)(?:{_WHOLE})(?!\S|\s{{1,9}}[.、．])")
VALUE = re.compile(rf"{_WHOLE}|[-—](?:\s[-—]){{1,2}}")


_UNIT_ALONE = re.compile(rf"[(（]?(?:单位[:：]?)?{_UNIT}[)）]?").fullmatch


def is_unit(text: str) -> bool:
    """Whether a text is a unit and nothing else: ``件``, ``(万元)``, ``单位:人次``."""
    return _UNIT_ALONE("".join(text.split())) is not None


def parse_value(raw: str, plain: str, row: Row, column: Column, where: Place | None) -> Cell:
    """The cell that shows ``raw`` (``plain`` is its comparable spelling).

    Amounts come back in the cell's own unit; when the document states another unit, ``unit`` names it. A figure that
    cannot be told for certain is ``unclear`` with the reason.
    """
    text = plain.strip()
    if not text:
        return Cell("blank", raw=raw, where=where)
    if text in _DIGITS:
        return Cell("number", _DIGITS[text], raw, where)
    match = _FIGURE.fullmatch(text)
    if match is None and len(_SEVERAL.findall(text)) > 1:
        return Cell("unclear", raw=raw, where=where, reason="一格里有几组数字，无法确定是一个数还是几个数")
    if match is None and text in "Oo":
        return Cell("unclear", raw=raw, where=where, reason="写的像是字母O，不是数字0")
    if match is None:
        kind = "slash" if _STROKE.fullmatch(text) else "text"
        return Cell(kind, raw=raw, where=where)
    value = Decimal(match["number"].replace(",", ""))
    sign = match["sign"] or ""
    if sign in ("-", "−") or sign.startswith("减"):
        value = -value
    elif sign and not column.signed:
        return Cell("unclear", raw=raw, where=where, reason="数字前有增减号，本格不填增减")
    return _with_unit(Cell("number", value, raw, where), match["unit"], row.unit or column.unit)


def _with_unit(cell: Cell, stated: str | None, wanted: str | None) -> Cell:
    if stated is None or stated == wanted or cell.value is None:
        return cell
    money = {"元": Decimal(1), "万元": Decimal(10000)}
    if stated in money and wanted in money:
        value = cell.value * money[stated] / money[wanted]
        return Cell("number", value.normalize() if value else Decimal(0), cell.raw, cell.where, unit=stated)
    if stated in money and wanted is None:
        return Cell("number", cell.value, cell.raw, cell.where, unit=stated)
    if (stated in money) != (wanted in money):
        return Cell("unclear", raw=cell.raw, where=cell.where, reason=f"写的单位是“{stated}”，本格应为“{wanted}”")
    return cell

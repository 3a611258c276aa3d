"""Automatic numbers of a Word document (``一、``, ``（一）``, ``1.``), which its text does not contain.

Word keeps only the list (``numId``) and level of a paragraph; the number is counted while reading, as ECMA-376 part 1,
17.9 lays down: a level counts on until a higher level counts, several lists over one definition count together, and a
list may set its own start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
_LEVELS = 9
_MAX_ANCESTORS = 20
_STYLE = re.compile(rb'<w:style\s[^>]*w:styleId="([^"]*)"[^>]*>((?:[^<]++|<(?!/w:style>))*+)</w:style>')
_BASED_ON = re.compile(rb'<w:basedOn\s+w:val="([^"]*)"')
_NUM_PR = re.compile(rb"<w:numPr>(.*?)</w:numPr>", re.DOTALL)
_NUM_ID = re.compile(rb'<w:numId\s+w:val="([^"]*)"')
_ILVL = re.compile(rb'<w:ilvl\s+w:val="([^"]*)"')
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
)


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False


@dataclass(slots=True)
class _List:
    definition: str
    starts: dict[int, int]


class Numbering:
    """Counts the automatic numbers of one document; paragraphs must be given in reading order."""

    def __init__(self, numbering: _Element | None, styles: bytes | None) -> None:
        self._definitions: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, _List] = {}
        self._styled_level: dict[tuple[str, str], int] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        if numbering is not None:
            self._learn_lists(numbering)
        self._styles = _style_numbers(styles) if styles and self._lists else {}

    def label(self, style: str | None, number: str | None, level: str | None) -> str:
        """The number that stands before this paragraph, ``""`` when none; a blank is kept where Word sets one.

        ``style`` is the paragraph's style id, ``number`` and ``level`` its own ``numId`` and ``ilvl``.
        """
        if number is None and style is not None:
            number, level = self._styles.get(style, (None, None))
        chosen = self._lists.get(number) if number is not None else None
        if number is None or chosen is None:
            return ""
        if level is None:
            depth = self._styled_level.get((chosen.definition, style or ""), 0)
        else:
            depth = int(level) if level.isdigit() else 0
        if depth >= _LEVELS:
            return ""
        return self._label(number, chosen, depth)

    def _label(self, number: str, chosen: _List, depth: int) -> str:
        levels = self._definitions.get(chosen.definition, {})
        counters = self._counters.setdefault(chosen.definition, [None] * _LEVELS)
        if depth in chosen.starts and (number, depth) not in self._begun:
            counters[depth] = chosen.starts[depth] - 1
        self._begun.add((number, depth))
        for upper in range(depth + 1):
            if counters[upper] is None:
                counters[upper] = levels.get(upper, _Level()).start - (upper == depth)
        counters[depth] = (counters[depth] or 0) + 1
        counters[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        own = levels.get(depth, _Level())
        if own.kind in ("bullet", "none") and "%" not in own.text:
            return ""
        text = own.text
        for upper in range(depth + 1):
            kind = "decimal" if own.legal else levels.get(upper, _Level()).kind
            text = text.replace(f"%{upper + 1}", number_text(counters[upper] or 0, kind))
        return text + (" " if own.suffix == "space" else "")

    def _learn_lists(self, numbering: _Element) -> None:
        linked: dict[str, str] = {}
        links: dict[str, str] = {}
        for definition in numbering.iterfind(W + "abstractNum"):
            name = definition.get(W + "abstractNumId", "")
            self._definitions[name] = {}
            for level in definition.iterfind(W + "lvl"):
                depth = _integer(level.get(W + "ilvl"), 0)
                self._definitions[name][depth] = _level(level)
                if style := _value(level, "pStyle"):
                    self._styled_level[name, style] = depth
            if style := _value(definition, "styleLink"):
                linked[style] = name
            if style := _value(definition, "numStyleLink"):
                links[name] = style
        for chosen in numbering.iterfind(W + "num"):
            name = _value(chosen, "abstractNumId") or ""
            name = linked.get(links.get(name, ""), name)
            starts = {
                _integer(override.get(W + "ilvl"), 0): _integer(_value(override, "startOverride"), 1)
                for override in chosen.iterfind(W + "lvlOverride")
                if _value(override, "startOverride") is not None
            }
            self._lists[chosen.get(W + "numId", "")] = _List(name, starts)


def number_text(value: int, kind: str) -> str:
    """``value`` in one of the number formats of Word (``ST_NumberFormat``); unknown ones as Arabic digits."""
    if kind in ("none", "bullet"):
        return ""
    if kind in _COUNTING:
        return _counted(value, "零一二三四五六七八九", ("", "十", "百", "千"), bare_ten=True)
    if kind in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return _counted(value, _LEGAL, ("", "拾", "佰", "仟"), bare_ten=False)
    if kind in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(digit)] for digit in str(value))
    return _western(value, kind)


_COUNTING = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting")
)
_SIGNS = {
    "decimalEnclosedCircle": (0x2460, 20),
    "decimalEnclosedCircleChinese": (0x2460, 20),
    "decimalEnclosedParen": (0x2474, 20),
    "decimalEnclosedFullstop": (0x2488, 20),
    "upperLetter": (ord("A"), 26),
    "lowerLetter": (ord("a"), 26),
}
_CYCLES = {"ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥"}


def _western(value: int, kind: str) -> str:
    if kind in _SIGNS and 0 < value <= _SIGNS[kind][1]:
        return chr(_SIGNS[kind][0] + value - 1)
    if kind in _CYCLES and 0 < value <= len(_CYCLES[kind]):
        return _CYCLES[kind][value - 1]
    if kind in ("upperRoman", "lowerRoman") and 0 < value < 4000:
        return _roman(value).upper() if kind == "upperRoman" else _roman(value)
    if kind == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))
    return f"{value:02}" if kind == "decimalZero" else str(value)


def _counted(value: int, digits: str, units: tuple[str, ...], *, bare_ten: bool) -> str:
    """Chinese counting up to 9,999: 105 is 一百零五, 12 is 十二 when ``bare_ten``."""
    if not 0 < value < 10_000:
        return str(value)
    text = ""
    places = str(value)
    for index, digit in enumerate(places):
        if digit != "0":
            text += digits[int(digit)] + units[len(places) - index - 1]
        elif any(later != "0" for later in places[index:]) and not text.endswith(digits[0]):
            text += digits[0]
    return text.removeprefix(digits[1]) if bare_ten and 10 <= value < 20 else text


def _roman(value: int) -> str:
    text = ""
    for size, sign in (*_ROMAN, (1, "i")):
        text += sign * (value // size)
        value %= size
    return text


def _level(level: _Element) -> _Level:
    legal = level.find(W + "isLgl")
    return _Level(
        start=_integer(_value(level, "start"), 0),
        kind=_value(level, "numFmt") or "decimal",
        text=_value(level, "lvlText") or "",
        suffix=_value(level, "suff") or "tab",
        legal=legal is not None and legal.get(_VAL, "1") not in ("0", "false", "off"),
    )


def _style_numbers(styles: bytes) -> dict[str, tuple[str | None, str | None]]:
    """Style id → (numId, ilvl), own or inherited.

    The part is searched, not parsed: it is often ten times as large as the document, and three values are wanted.
    """
    own: dict[str, tuple[str | None, str | None]] = {}
    parents: dict[str, str | None] = {}
    for style in _STYLE.finditer(styles):
        name, body = style.group(1).decode("utf-8", "replace"), style.group(2)
        parents[name] = _attribute(_BASED_ON, body)
        if numbers := _NUM_PR.search(body):
            own[name] = (_attribute(_NUM_ID, numbers.group(1)), _attribute(_ILVL, numbers.group(1)))
    found = dict(own)
    for name, parent in parents.items():
        ancestor, steps = parent, 0
        while name not in found and ancestor is not None and steps < _MAX_ANCESTORS:
            if ancestor in own:
                found[name] = own[ancestor]
            ancestor, steps = parents.get(ancestor), steps + 1
    return found


def _attribute(pattern: re.Pattern[bytes], body: bytes) -> str | None:
    found = pattern.search(body)
    return found.group(1).decode("utf-8", "replace") if found else None


def _value(parent: _Element, tag: str) -> str | None:
    child = parent.find(W + tag)
    return None if child is None else child.get(_VAL)


def _integer(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else default

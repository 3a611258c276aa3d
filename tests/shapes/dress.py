"""What happens to the words of a report on its way to the screen: wrapping, blanks, slips, scripts, brackets.

Every dress leaves the figures alone; a careful person still recognises every label.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from tests.shapes.layout import Box, Draft, Words

HALF_WIDTH = str.maketrans("（）：，“”", '():,""')
PINYIN = {
    "規": "guī", "章": "zhāng", "政": "zhèng", "許": "xǔ", "處": "chǔ", "罰": "fá", "強": "qiáng", "費": "fèi", "開": "kāi",
    "請": "qǐng", "結": "jié", "轉": "zhuǎn", "總": "zǒng", "計": "jì", "複": "fù", "議": "yì", "訴": "sù", "訟": "sòng", "維": "wéi",
    "機": "jī", "關": "guān", "數": "shù", "量": "liàng", "業": "yè", "構": "gòu", "屬": "shǔ", "國": "guó", "製": "zhì",
}  # fmt: skip
SLIPS = {
    "本年废止件数": "本年度止件数",
    "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
    "4.无正当理由大量反复申请": "4.无正当理由大量反夏申请",
    "2.没有现成信息需要另行制作": "2.没有现成信息需另行制作",
    "本年处理决定数量": "本年处理决定数",
    "二、上年结转政府信息公开申请数量": "二、上年结转政府信息公开申请数",
}
CUT = {"结果纠正": "结果", "其他结果": "其他", "尚未审结": "尚未"}


def _labels(draft: Draft, change: Callable[[str], str]) -> Draft:
    return draft.with_boxes(lambda box: box if box.kind == "value" else replace(box, text=change(box.text)))


def _everything(draft: Draft, change: Callable[[str], str]) -> Draft:
    """Labels and running text alike, numbers not."""
    dressed = _labels(draft, change)
    return replace(
        dressed, parts=tuple(replace(part, text=change(part.text)) if isinstance(part, Words) else part for part in dressed.parts)
    )


def plain(draft: Draft, _random: Random) -> Draft:
    """As the form prints it."""
    return draft


def half_width(draft: Draft, _random: Random) -> Draft:
    """Brackets, colons and quotes typed on a Latin keyboard."""
    return _everything(draft, lambda text: text.translate(HALF_WIDTH))


def spaced(draft: Draft, random: Random) -> Draft:
    """行 政 许 可: blanks of several kinds inside labels."""
    gap = random.choice((" ", "\u3000", "\xa0"))
    return _labels(draft, lambda text: gap.join(text) if len(text) < 6 else text[:2] + gap + text[2:])


def wrapped(draft: Draft, random: Random) -> Draft:
    """Labels broken over lines: short head words in the middle, long labels anywhere."""

    def change(text: str) -> str:
        if len(text) < 4 or random.random() < 0.3:
            return text
        middle = len(text) // 2 if len(text) < 8 else random.randint(4, len(text) - 3)
        return text[:middle] + "\n" + text[middle:]

    return _labels(draft, change)


def cut_heads(draft: Draft, _random: Random) -> Draft:
    """结果 | 其他 | 尚未: the second line of the head words of table 4 is lost."""

    def change(box: Box) -> Box:
        return replace(box, text=CUT.get(box.text, box.text)) if box.kind == "head" else box

    return draft.with_boxes(change)


def slips(draft: Draft, _random: Random) -> Draft:
    """Typing slips as printed reports have them."""
    return _labels(draft, lambda text: SLIPS.get(text, text))


def vertical(draft: Draft, _random: Random) -> Draft:
    """The labels of tall merged cells, one character a line."""

    def change(box: Box) -> Box:
        return replace(box, text="\n".join(box.text)) if box.kind == "group" and box.rows > 1 else box

    return draft.with_boxes(change)


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("s2t")


def traditional(draft: Draft, _random: Random) -> Draft:
    """Traditional characters throughout."""
    return _everything(draft, _converter().convert)


def pinyin(draft: Draft, random: Random) -> Draft:
    """規(guī)章(zhāng): a reading aid in brackets after some traditional characters."""
    bracket = random.choice(("({})", "（{}）"))
    chosen = {char for char in PINYIN if random.random() < 0.6}
    return _labels(
        traditional(draft, random),
        lambda text: "".join(char + bracket.format(PINYIN[char]) if char in chosen else char for char in text),
    )


def ungrouped(draft: Draft, _random: Random) -> Draft:
    """The groups （三）不予公开 … keep their cell and lose their words."""
    return draft.with_boxes(lambda box: replace(box, text="") if box.kind == "group" and box.cols == 1 and box.rows > 1 else box)


def unnumbered(draft: Draft, _random: Random) -> Draft:
    """Labels without their ordinals: 属于国家秘密 instead of 1.属于国家秘密."""

    def change(text: str) -> str:
        return text.lstrip("0123456789.") if text[:1].isdigit() else text

    return _labels(draft, change)


DRESSES: Mapping[str, Callable[[Draft, Random], Draft]] = {
    "plain": plain,
    "half_width": half_width,
    "spaced": spaced,
    "wrapped": wrapped,
    "cut_heads": cut_heads,
    "slips": slips,
    "vertical": vertical,
    "traditional": traditional,
    "pinyin": pinyin,
    "ungrouped": ungrouped,
    "unnumbered": unnumbered,
}

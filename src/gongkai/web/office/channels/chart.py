"""A bar chart drawn on the server: the table beside it says the same in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STEP, THICK, TOP = 26, 16, 4
LABELS, BARS, WIDTH = 132, 190, 380


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, its value, and where its text and its rectangle stand."""

    label: str
    value: int
    y: int
    base: int
    width: int
    end: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars and the size of the drawing."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    left: int = LABELS
    thick: int = THICK


def chart_of(values: Sequence[tuple[str, int]]) -> Chart:
    """A horizontal bar for each value, the longest as wide as there is room; a value above zero is never invisible."""
    most = max((value for _, value in values), default=0)
    bars = []
    for at, (label, value) in enumerate(values):
        y = TOP + at * STEP
        width = max(2, value * BARS // most) if value else 0
        bars.append(Bar(label, value, y, y + 13, width, LABELS + width + 6))
    return Chart(tuple(bars), TOP * 2 + len(bars) * STEP)

"""Random reports in every shape, whole and damaged, read back: right or marked unread, never wrong.

The documents come from ``tests/shapes``, which knows nothing about the reader. The profile ``ci`` is small and always
the same; ``GONGKAI_TESTS=deep`` runs many more and other ones each time.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from gongkai.reading import read_report
from tests.shapes import DAMAGES, SHAPES, draw_recipe, may_damage
from tests.shapes.trial import Tally, brief, read_one, recipes, simplified

DEEP = os.environ.get("GONGKAI_TESTS") == "deep"
SEEDS = st.integers(min_value=0, max_value=2**32 - 1)
# A PDF takes a hundred times as long to make as a text.
SLOW = frozenset(name for name, shape in SHAPES.items() if shape.suffix == ".pdf")
# Shapes that tear labels from figures: what a reader should still get out of them, measured, with some air.
FLOORS = {
    "one_paragraph": 0.6,
    "glued_table": 0.6,
    "torn_markdown": 0.8,
    "labels_then_numbers": 0.0,
    "wrapped_rows": 0.6,
    "html_loose": 0.8,
    "docx_loose": 0.6,
}
DAMAGED_FLOOR = 0.5
DAMAGED_FLOORS = {"lost_column": 0.1, "letter_o": 0.4, "two_tables": 0.3, "two_reports": 0.3, "serial_numbers": 0.4}


def _volume(n: int) -> settings:
    return settings(
        max_examples=n * 40 if DEEP else n,
        derandomize=not DEEP,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


def _check(shape: str, seed: int, damage: str | None = None) -> None:
    recipe = draw_recipe(shape, seed, damage=damage)
    sample, verdict = read_one(read_report, recipe)
    if verdict.is_honest and not (sample.strict and verdict.missed):
        return
    note(f"plainest that fails: {brief(simplified(read_report, recipe))}")
    assert not verdict.facts
    assert not verdict.wrong
    assert not verdict.invented
    assert not verdict.missed


@pytest.mark.parametrize("shape", [name for name in SHAPES if name not in SLOW])
@settings(_volume(10))
@given(seed=SEEDS)
def test_a_whole_document_is_read_right(shape: str, seed: int) -> None:
    _check(shape, seed)


@pytest.mark.parametrize("shape", sorted(SLOW))
@settings(_volume(4))
@given(seed=SEEDS)
def test_a_whole_pdf_is_read_right(shape: str, seed: int) -> None:
    _check(shape, seed)


@pytest.mark.parametrize("damage", DAMAGES)
@settings(_volume(16))
@given(seed=SEEDS, data=st.data())
def test_a_damaged_document_gives_no_wrong_figure(damage: str, seed: int, data: st.DataObject) -> None:
    shapes = [name for name in SHAPES if name not in SLOW and may_damage(name, damage)]
    _check(data.draw(st.sampled_from(shapes)), seed, damage)


@pytest.mark.parametrize("shape", sorted(SLOW))
@settings(_volume(6))
@given(seed=SEEDS, damage=st.sampled_from(sorted(set(DAMAGES) - {"glue_cells"})))
def test_a_damaged_pdf_gives_no_wrong_figure(shape: str, seed: int, damage: str) -> None:
    _check(shape, seed, damage)


@pytest.mark.parametrize("shape", FLOORS)
def test_most_of_a_torn_document_is_read(shape: str) -> None:
    tally = _tally(shape, range(8))
    assert tally.share >= FLOORS[shape]


@pytest.mark.parametrize("damage", DAMAGES)
def test_most_of_a_damaged_document_is_read(damage: str) -> None:
    tally = Tally()
    for shape in ("cell_lines", "bar_rows", "tabs", "label_numbers", "html_spans", "docx_merged"):
        if may_damage(shape, damage):
            _tally(shape, range(2), damage, tally)
    assert tally.share >= DAMAGED_FLOORS.get(damage, DAMAGED_FLOOR)


def _tally(shape: str, seeds: range, damage: str | None = None, tally: Tally | None = None) -> Tally:
    tally = tally or Tally()
    for recipe in recipes(shape, seeds, damage):
        tally.add(*read_one(read_report, recipe))
    return tally

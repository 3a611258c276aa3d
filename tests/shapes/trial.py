"""Trying a reader on many samples: counts by shape, and the plainest recipe that still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace

from gongkai.report import AnnualReport
from tests.shapes import DAMAGES, SHAPES, Recipe, Sample, Verdict, draw_recipe, judge, make, may_damage

Reader = Callable[[bytes, str], AnnualReport]


@dataclass
class Tally:
    """Counts of cells over samples, and the samples that failed with what was found."""

    n_samples: int = 0
    n_right: int = 0
    n_missed: int = 0
    n_wrong: int = 0
    n_invented: int = 0
    broken: list[tuple[Recipe, str]] = field(default_factory=list)
    short: list[tuple[Recipe, str]] = field(default_factory=list)

    def add(self, sample: Sample, verdict: Verdict) -> None:
        """Count one reading; ``broken`` are dishonest readings, ``short`` the strict samples that were not read whole."""
        self.n_samples += 1
        self.n_right += verdict.n_right
        self.n_missed += verdict.n_missed
        self.n_wrong += len(verdict.wrong)
        self.n_invented += len(verdict.invented)
        if not verdict.is_honest:
            self.broken.append((sample.recipe, "; ".join((*verdict.facts, *verdict.wrong, *verdict.invented)[:4])))
        elif sample.strict and verdict.missed:
            self.short.append((sample.recipe, f"{len(verdict.missed)} missed: {', '.join(verdict.missed[:3])}"))

    @property
    def share(self) -> float:
        """Right among the cells that should be read."""
        return self.n_right / max(1, self.n_right + self.n_missed + self.n_wrong)


def recipes(shape: str, seeds: Iterable[int], damage: str | None = None) -> Iterator[Recipe]:
    """Recipes of the shape, one a seed; ``damage`` may be ``all``: the damages in turn."""
    names = [name for name in DAMAGES if may_damage(shape, name)]
    for seed in seeds:
        if damage == "all" and names:
            yield draw_recipe(shape, seed, damage=names[seed % len(names)])
        elif damage is None or may_damage(shape, damage):
            yield draw_recipe(shape, seed, damage=None if damage == "all" else damage)


def read_one(reader: Reader, recipe: Recipe) -> tuple[Sample, Verdict]:
    """Make the sample, read it, judge it."""
    sample = make(recipe)
    return sample, judge(sample, reader(sample.data, sample.name))


def simplified(reader: Reader, recipe: Recipe) -> Recipe:
    """The recipe with every choice set back to its default that the failure does not need."""

    def fails(candidate: Recipe) -> bool:
        sample, verdict = read_one(reader, candidate)
        if recipe_is_short:
            return sample.strict and bool(verdict.missed)
        return not verdict.is_honest

    sample, verdict = read_one(reader, recipe)
    recipe_is_short = verdict.is_honest and sample.strict
    for item in fields(Recipe):
        if item.name in ("shape", "seed"):
            continue
        candidate = replace(recipe, **{item.name: item.default})
        if candidate != recipe and fails(candidate):
            recipe = candidate
    return recipe


def brief(recipe: Recipe) -> str:
    """The recipe in the fewest words: only what differs from the defaults."""
    told = [f"{item.name}={getattr(recipe, item.name)!r}" for item in fields(Recipe) if getattr(recipe, item.name) != item.default]
    return f"Recipe({', '.join(told)})"


def shapes_named(word: str) -> list[str]:
    """Shapes whose name contains the word; all for an empty one."""
    return [name for name in SHAPES if word in name]

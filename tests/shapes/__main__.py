"""``python -m tests.shapes --n 200``: how the reader fares on every shape.

--n N            samples a shape
--shape WORD     only shapes whose name contains WORD
--damage NAME    damage every sample; ``all`` takes the damages in turn and prints a table by damage too
--write FOLDER   write the samples that failed there, with their truth
--start SEED     first seed
"""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
from collections import defaultdict

from tests.shapes import make
from tests.shapes.trial import Tally, brief, read_one, recipes, shapes_named, simplified


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.shapes", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--n", type=int, default=50)
    parser.add_argument("--shape", default="")
    parser.add_argument("--damage", default=None)
    parser.add_argument("--write", type=pathlib.Path, default=None)
    parser.add_argument("--tell", type=int, default=2)
    parser.add_argument("--start", type=int, default=0)
    options = parser.parse_args()
    from gongkai.reading import read_report

    by_shape: dict[str, Tally] = defaultdict(Tally)
    by_damage: dict[str, Tally] = defaultdict(Tally)
    for shape in shapes_named(options.shape):
        for recipe in recipes(shape, range(options.start, options.start + options.n), options.damage):
            try:
                sample, verdict = read_one(read_report, recipe)
            except Exception as error:  # a developer's tool goes on to the next sample
                by_shape[shape].broken.append((recipe, f"{type(error).__name__}: {error}"))
                continue
            by_shape[shape].add(sample, verdict)
            if recipe.damage:
                by_damage[recipe.damage].add(sample, verdict)
    _print("shape", by_shape)
    if by_damage:
        _print("damage", by_damage)
    failures = [
        (name, *failure) for name, tally in by_shape.items() for failure in (tally.broken[: options.tell] + tally.short[: options.tell])
    ]
    for name, recipe, what in failures:
        plain = recipe if "Error" in what else simplified(read_report, recipe)
        print(f"\n{name}: {brief(plain)}\n    {what}")
        if options.write:
            _write(options.write, make(plain))
    return 1 if failures else 0


def _print(head: str, tallies: dict[str, Tally]) -> None:
    print(f"\n{head:22}{'samples':>8}{'right':>8}{'missed':>8}{'wrong':>7}{'invented':>9}{'share':>8}  dishonest  short")
    for name, tally in tallies.items():
        print(
            f"{name:22}{tally.n_samples:8}{tally.n_right:8}{tally.n_missed:8}{tally.n_wrong:7}{tally.n_invented:9}"
            f"{tally.share:8.1%}  {len(tally.broken):9}  {len(tally.short):5}"
        )


def _write(folder: pathlib.Path, sample: object) -> None:
    from tests.shapes import Sample

    assert isinstance(sample, Sample)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / sample.name
    path.write_bytes(sample.data)
    truth = {name: None if value is None else str(value) for name, value in sample.figures.truth.items()}
    path.with_suffix(path.suffix + ".truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(main())

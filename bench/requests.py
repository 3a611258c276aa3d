"""How fast requests are followed and counted: a million histories through the clock, a million cases into table three, balanced every year.

``python bench/requests.py`` prints figures a second and writes a file for machines. What does not balance stops it: then nothing is fast.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gongkai.clock import Workdays, events, follow
from gongkai.law import report_format
from gongkai.law.requests import outcomes
from gongkai.report.tally import Inforequest, tally_requests

DAY = datetime.timedelta(days=1)
YEARS = (2021, 2022, 2023, 2024, 2025)
REQUESTERS = (
    "natural_person", "commercial_enterprise", "research_institution", "public_welfare_org", "legal_service_org", "other_org",
)  # fmt: skip


def main() -> int:
    """Make, follow, count, print and write."""
    parser = argparse.ArgumentParser(prog="python bench/requests.py", description=__doc__)
    parser.add_argument("--histories", type=int, default=1_000_000)
    parser.add_argument("--output", type=Path, default=Path("bench/results/requests.json"))
    options = parser.parse_args()
    n, dice = options.histories, random.Random(711)
    codes = [found.code for found in outcomes(on=datetime.date(2024, 1, 2))]
    cases, figures = list[Inforequest](), dict[str, Any]()
    table, taken = Workdays(), 0.0
    for received, told, as_of in _histories(n, dice):
        begun = time.perf_counter()
        standing = follow(received, told, as_of=as_of, table=table)
        taken += time.perf_counter() - begun
        replied = next((event.on for event in told if isinstance(event, events.Replied) and event.on <= as_of), None)
        if (standing.state == "replied") != (replied is not None):
            raise SystemExit(f"{received}, {told}: {standing}")
        code = dice.choice(codes) if replied else None
        cases.append(Inforequest(dice.choice(REQUESTERS), received, code, replied))
    figures["clock_histories_per_s"] = round(n / taken)
    begun, before = time.perf_counter(), dict[str, int]()
    for year in YEARS:
        cells = tally_requests(cases, year=year)
        _demand_balance(cells, before)
        before = cells
    figures["tally_cases_per_s"] = round(n * len(YEARS) / (time.perf_counter() - begun))
    for name, value in figures.items():
        print(f"{name:44}{value}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps({"histories": n, **figures}, indent=1) + "\n")
    return 0


def _histories(n: int, dice: random.Random) -> Iterator[tuple[datetime.date, list[Any], datetime.date]]:
    """A day of receipt, what happened, and the day on which somebody asks."""
    for _ in range(n):
        received = datetime.date(2021, 1, 1) + dice.randrange(5 * 365) * DAY
        told: list[Any] = []
        if dice.random() < 0.2:
            told.append(events.SupplementAsked(on=received + 4 * DAY, until=received + 20 * DAY))
            told.append(events.Supplemented(on=received + dice.randrange(5, 19) * DAY))
        if dice.random() < 0.3:
            sent = received + dice.randrange(1, 30) * DAY
            told.append(events.Consulted(on=sent, kind="third_party", received=sent + 2 * DAY, answered=sent + dice.randrange(2, 30) * DAY))
        if dice.random() < 0.2:
            told.append(events.Extended(on=received + 24 * DAY, n=dice.randrange(1, 21), approved=received + 23 * DAY))
        if dice.random() < 0.95:
            told.append(events.Replied(on=received + dice.randrange(31, 90) * DAY))
        yield received, told, received + 100 * DAY


def _demand_balance(cells: dict[str, int], before: dict[str, int]) -> None:
    """The equations of the form, and what one year carries out the next one carries in."""
    for row in report_format("2021").identities():
        if row.left[0].startswith("t3.") and sum(cells[name] for name in row.left) != sum(cells[name] for name in row.right):
            raise SystemExit(f"{row} does not hold")
    for name, value in before.items():
        if ".carried_out." in name and cells[name.replace("carried_out", "carried_in")] != value:
            raise SystemExit(f"{name} is {value} and is not carried in")


if __name__ == "__main__":
    raise SystemExit(main())

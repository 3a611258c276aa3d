"""How fast the open data is at 20,000 items: a page of 100 in the API, the files of a year, and the memory that making them takes.

``python bench/open_data.py`` measures on SQLite in a folder of its own; ``--items 200000`` takes the whole load. The files are made in
a process that does nothing else, so that its memory is theirs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from office import _fill, _organs, _people

YEAR = 2019
ROUNDS = 20


def main() -> int:
    """Fill, measure, print and write."""
    parser = argparse.ArgumentParser(prog="python bench/open_data.py", description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--output", type=Path, default=Path("bench/results/open_data.json"))
    parser.add_argument("--make-in", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make_in:
        print(json.dumps(_made(options.make_in)))
        return 0
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        from gongkai.web import commands

        commands.prepare(Path(folder))
        commands.migrate(say=lambda _: None)
        _fill(options.items, _people(_organs()))
        figures = {"items": options.items, **_asked(), **_files(Path(folder))}
    for name, value in figures.items():
        print(f"{name:44}{value}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    return 0


def _asked() -> dict[str, Any]:
    """Milliseconds of an answer that nobody asked for before, and of one that is kept."""
    from django.conf import settings
    from django.test import Client

    from gongkai.web.portal.api import answering
    from gongkai.web.portal.caching import Shelf

    settings.API_PER_MINUTE = 0
    found: dict[str, Any] = {}
    client = Client()
    client.get("/api/items")  # the first answer of a process loads what all others need
    asked = {
        "page_of_100": "/api/items?limit=100", "page_of_100_in_force": "/api/items?limit=100&validity=in_force",
        "one_year_counted": f"/api/statistics?year={YEAR}", "organ_year": f"/api/statistics/organ1/{YEAR}", "feed": "/feed.xml",
        "sitemap_part": f"/sitemap-{YEAR}-1.xml",
    }  # fmt: skip
    for name, address in asked.items():
        spent = []
        for _ in range(ROUNDS):
            answering.SHELF = Shelf(answering.MOST_BYTES)
            begun = time.perf_counter()
            answer = client.get(address)
            spent.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        found[f"{name}_ms_median"] = round(statistics.median(spent) * 1000, 1)
    client.get(asked["page_of_100"])
    begun = time.perf_counter()
    client.get(asked["page_of_100"])
    found["kept_answer_ms"] = round((time.perf_counter() - begun) * 1000, 1)
    return found


def _files(folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--make-in", str(folder)]
    done = subprocess.run(command, env={**os.environ, "GONGKAI_DATA": str(folder)}, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _made(folder: Path) -> dict[str, Any]:
    """The files of the items, with the memory of the process before and at most."""
    from gongkai.web import commands

    commands.prepare(folder)
    import pyarrow.parquet  # noqa: F401 - its own memory is no part of what the rows take
    from django.conf import settings

    from gongkai.web.portal.data import dumps

    Path(settings.DUMP_ROOT).mkdir(parents=True, exist_ok=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    table, sheet = dumps.make("items", YEAR, "bench")
    spent = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "dump_items_a_second": round(table.n_rows / spent), "dump_seconds": round(spent, 1), "dump_rows": table.n_rows,
        "dump_megabytes_of_memory_before": round(before / 1000), "dump_megabytes_of_memory_at_most": round(after / 1000),
        "parquet_megabytes": round(table.size / 1e6, 1), "csv_megabytes": round(sheet.size / 1e6, 1),
    }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())

"""``make bench``: how fast reports are read and checked, and in how much memory.

It judges nothing and always ends with 0: rows over their limit are marked, and every figure goes into a file for
machines. Times that are compared are taken in turns in one process, so that a machine that slows down slows both.

--on DAY        the day that the results carry, by default today
--rounds N      how often everything is measured; fewer is quicker and less certain
--documents N   how many documents one process reads for the row on memory
--output FILE   where the figures go, by default bench/results/latest.json
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
# Run as a file, Python looks for modules beside it only; the documents are made by modules of the whole repository.
sys.path[:0] = [path for path in (str(ROOT),) if path not in sys.path]

# Documents that take turns, so that no figure hangs on one of them.
SEEDS = (1, 2, 3, 4, 5)
# Calls of one job on end in a round: the middle one counts.
BLOCK = 5
ROUNDS = 40
BARE_START = "import argparse, json, re, decimal, dataclasses"
PARTS = ("gongkai", "selectolax", "lxml", "pypdfium2", "pdfplumber")


@dataclass(frozen=True)
class Limit:
    """A row of the table: what is measured, the unit (``ms``, ``×`` or ``MB``) and how much it may be."""

    what: str
    unit: str
    most: float


LIMITS: Mapping[str, Limit] = {
    "html.time": Limit("HTML page of 40-60 KB, read + check", "ms", 10),
    "html.ratio": Limit("HTML page, read + check : selectolax parsing the same bytes", "×", 16),
    "text.time": Limit("text, one cell a line, read + check", "ms", 10),
    "text_rows.time": Limit("text, bars between cells, read + check", "ms", 10),
    "docx.time": Limit("DOCX, read + check", "ms", 30),
    "pdf.time": Limit("PDF of 5 pages with bordered tables, read + check", "ms", 250),
    "pdf.ratio": Limit("PDF, read + check : pdfplumber extracting its tables", "×", 0.7),
    "start.ratio": Limit("`gongkai check FILE.txt` from a cold start : bare Python with five standard modules", "×", 8),
    "start_uncompiled.ratio": Limit("the same, our modules not compiled yet, as right after a checkout", "×", 8),
    "memory.peak": Limit("peak of one process over all documents", "MB", 300),
}


@dataclass(frozen=True)
class Figure:
    """One measured row: the median, and between which figures the middle half of its ``n`` measurements lies."""

    id: str
    what: str
    unit: str
    figure: float
    limit: float
    within: bool
    n: int
    quartiles: tuple[float, float]
    extra: Mapping[str, float]


def figure(name: str, measured: Sequence[float], **extra: float) -> Figure:
    """The row of that id; ``extra`` are figures that explain it."""
    limit, median = LIMITS[name], statistics.median(measured)
    low, _, high = statistics.quantiles(measured, n=4) if len(measured) > 1 else (median,) * 3
    rounded = {key: round(value, 3) for key, value in extra.items()}
    middle = (round(low, 3), round(high, 3))
    return Figure(name, limit.what, limit.unit, round(median, 3), limit.most, median <= limit.most, len(measured), middle, rounded)


# --- taking time ---------------------------------------------------------------------------------------------------


def milliseconds(job: Callable[[int], object], seed: int) -> float:
    """How long one call takes, the release of what it gives included."""
    start = time.perf_counter()
    job(seed)
    return (time.perf_counter() - start) * 1000


def in_turns(jobs: Mapping[str, Callable[[int], object]], rounds: int, block: int) -> dict[str, list[float]]:
    """Milliseconds of each job, a figure a round, all jobs in every round; a job is called with the number of the document."""
    for job in jobs.values():
        for seed in SEEDS[:2]:
            job(seed)
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds):
        seed = SEEDS[number % len(SEEDS)]
        for name, job in jobs.items():
            times[name].append(statistics.median(milliseconds(job, seed) for _ in range(block)))
    return times


def ratios(times: Sequence[float], others: Sequence[float]) -> list[float]:
    """Round by round, how many times as long the first took."""
    return [time / other for time, other in zip(times, others, strict=True)]


def reader(name: str, make: Callable[[int], bytes]) -> Callable[[int], object]:
    """A job: read and check the document with that seed. The documents are made here, outside the measured time."""
    from gongkai.checks import check_report
    from gongkai.reading import read_report

    documents = {seed: make(seed) for seed in SEEDS}
    return lambda seed: check_report(read_report(documents[seed], name))


# --- the rows ------------------------------------------------------------------------------------------------------


def measure_html(rounds: int) -> Iterator[Figure]:
    """A page of a government site against the bare parser: one call of each in turn."""
    from selectolax.lexbor import LexborHTMLParser

    from bench import documents

    pages = {seed: documents.site_page(seed) for seed in SEEDS}

    def parse(seed: int) -> object:
        return LexborHTMLParser(pages[seed])

    times = in_turns({"parse": parse, "html": reader("report.html", pages.__getitem__)}, rounds * BLOCK, 1)
    # Parsing again what was just parsed, in memory that is still at hand, is two to three times as fast.
    on_end = in_turns({"parse": parse}, rounds, BLOCK)["parse"]
    parsed = {"parse_ms": statistics.median(times["parse"]), "parse_on_end_ms": statistics.median(on_end)}
    yield figure("html.time", times["html"], bytes=statistics.median(map(len, pages.values())))
    yield figure("html.ratio", ratios(times["html"], times["parse"]), **parsed)


def measure_texts(rounds: int) -> Iterator[Figure]:
    """Text in two shapes, and DOCX."""
    from bench import documents
    from tests.shapes import textual

    jobs = {
        "text.time": reader("report.txt", documents.text),
        "text_rows.time": reader("report.txt", lambda seed: documents.text(seed, textual.bar_rows)),
        "docx.time": reader("report.docx", documents.docx),
    }
    for name, times in in_turns(jobs, rounds, BLOCK).items():
        yield figure(name, times)


def measure_pdf(rounds: int) -> Iterator[Figure]:
    """A text PDF, against pdfplumber on the same bytes."""
    from io import BytesIO

    import pdfplumber
    import pypdfium2

    from bench import documents

    files = {seed: documents.pdf(seed) for seed in SEEDS}

    def extract(seed: int) -> object:
        with pdfplumber.open(BytesIO(files[seed])) as pdf:
            return [page.extract_tables() for page in pdf.pages]

    times = in_turns({"pdf": reader("report.pdf", files.__getitem__), "pdfplumber": extract}, max(rounds // 4, 1), 1)
    with pypdfium2.PdfDocument(files[SEEDS[0]]) as document:
        pages = len(document)
    yield figure("pdf.time", times["pdf"], pages=pages)
    yield figure("pdf.ratio", ratios(times["pdf"], times["pdfplumber"]), pdfplumber_ms=statistics.median(times["pdfplumber"]))


def measure_start(rounds: int) -> Iterator[Figure]:
    """Processes in turns: ours on one text file, and the bare interpreter with five modules.

    Compiled modules go into a folder of our own, so that it does not matter what was compiled before or whether the
    environment forbids to keep it: installed, everything is compiled; after a checkout, our own modules are not.
    """
    from bench import documents

    with tempfile.TemporaryDirectory() as folder:
        file, cache = Path(folder) / "report.txt", Path(folder) / "compiled"
        file.write_bytes(documents.text(SEEDS[0]))
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        kept["PYTHONPYCACHEPREFIX"] = str(cache)
        yield _start_figure("start.ratio", rounds, file, kept)
        shutil.rmtree(cache / (ROOT / "src").relative_to(ROOT.anchor), ignore_errors=True)
        yield _start_figure("start_uncompiled.ratio", rounds, file, kept | {"PYTHONDONTWRITEBYTECODE": "1"})


def _start_figure(name: str, rounds: int, file: Path, environment: dict[str, str]) -> Figure:
    script = Path(sys.executable).with_name("gongkai")
    ours = [str(script)] if script.is_file() else [sys.executable, "-m", "gongkai.cli"]
    jobs: dict[str, Callable[[int], object]] = {
        "check": lambda _: _start([*ours, "check", str(file)], (0, 1), environment),
        "bare": lambda _: _start([sys.executable, "-c", BARE_START], (0,), environment),
    }
    times = in_turns(jobs, max(rounds // 2, 1), 1)
    medians = {f"{job}_ms": statistics.median(found) for job, found in times.items()}
    return figure(name, ratios(times["check"], times["bare"]), **medians)


def _start(command: list[str], expected: tuple[int, ...], environment: dict[str, str]) -> None:
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, check=False)
    if done.returncode not in expected:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')}")


def measure_memory(n: int) -> Iterator[Figure]:
    """One process over ``n`` documents; another makes them, so that its memory does not count.

    Run it first: a process is born with the peak of the one that starts it, and only a small one may start it.
    """
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "bench.documents", folder, str(n)], cwd=ROOT, check=True)
        done = subprocess.run([sys.executable, __file__, "--peak", folder], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    peak = found.pop("peak")
    yield figure("memory.peak", [peak], **found)


def read_all(folder: Path) -> dict[str, float]:
    """Read and check every file of a folder: the peak in MB at the end and after a tenth of them, and the seconds taken."""
    from gongkai.checks import check_report
    from gongkai.reading import read_report

    files, early, start = sorted(folder.iterdir()), 0.0, time.perf_counter()
    for number, path in enumerate(files, 1):
        check_report(read_report(path.read_bytes(), path.name))
        if number == max(len(files) // 10, 1):
            early = peak_memory()
    return {"peak": peak_memory(), "peak_after_a_tenth": early, "documents": len(files), "seconds": time.perf_counter() - start}


def peak_memory() -> float:
    """The most memory that this process has held, in MB of a million bytes."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kibibytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


# --- what comes out ------------------------------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "versions": {name: importlib.metadata.version(name) for name in PARTS},
    }


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    head = ("measured", "figure", "limit", "")
    rows = [head, *((row.what, shown(row.figure, row.unit), shown(row.limit, row.unit), "ok" if row.within else "OVER") for row in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    lines = [
        f"| {what:{widths[0]}} | {found:>{widths[1]}} | {limit:>{widths[2]}} | {mark:{max(widths[3], 4)}} |"
        for what, found, limit, mark in rows
    ]
    rule = f"| {'-' * widths[0]} | {'-' * (widths[1] - 1)}: | {'-' * (widths[2] - 1)}: | {'-' * max(widths[3], 4)} |"
    return "\n".join([lines[0], rule, *lines[1:]])


def shown(value: float, unit: str) -> str:
    """A figure with its unit, to three digits where it is small."""
    return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the file; 0 whatever the figures."""
    arguments = parser().parse_args(argv)
    if arguments.peak:
        print(json.dumps(read_all(arguments.peak)))
        return 0
    figures = [
        *measure_memory(arguments.documents),
        *measure_start(arguments.rounds),
        *measure_html(arguments.rounds),
        *measure_texts(arguments.rounds),
        *measure_pdf(arguments.rounds),
    ]
    figures.sort(key=lambda row: list(LIMITS).index(row.id))
    content = {"on": arguments.on.isoformat(), **machine(), "rounds": arguments.rounds, "figures": [asdict(row) for row in figures]}
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{content['on']}, Python {content['python']}, {content['platform']}, {content['processors']} processors\n\n{table(figures)}")
    return 0


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="%(prog)s [options]")
    for name, kind, default in (
        ("--on", datetime.date.fromisoformat, datetime.date.today()),
        ("--rounds", int, ROUNDS),
        ("--documents", int, 1000),
        ("--output", Path, ROOT / "bench" / "results" / "latest.json"),
        ("--peak", Path, None),  # a process of its own starts with this: the folder to read
    ):
        top.add_argument(name, type=kind, default=default, help=argparse.SUPPRESS)
    return top


if __name__ == "__main__":
    sys.exit(main())

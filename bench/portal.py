"""How fast the public site is: requests a second of its pages against a bare page of the same size, and the slowest answers.

``python bench/portal.py`` fills a platform as ``bench/office.py`` does, serves it with gunicorn in two processes and asks for pages
over fifty connections that stay open. The bare page is a constant that goes through the same middleware. Items are asked for in two
ways: as readers do, the same five hundred most of the time, once they were read before; and evenly over all of them, so that
hardly any page is asked for twice and each has to be made.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import office

CLIENTS, PORT = 50, 8123
# How many pages are read again and again, and the seconds before anything is timed.
READ, WARM = 500, 6.0
LIMITS = {"item": 0.5, "item_evenly": None, "list": 0.3, "column": 0.3, "home": None, "search": None}


def main() -> int:
    """Fill, serve, ask, print and write."""
    parser = argparse.ArgumentParser(prog="python bench/portal.py", description=__doc__)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, help="a folder that is filled already, or is to be kept")
    parser.add_argument("--output", type=Path, default=Path("bench/results/portal.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        data = options.data or Path(folder)
        places = _filled(data, options.items)
        with _Server(data):
            figures = _measured(places, options.seconds, options.rounds)
    for name, value in figures.items():
        print(f"{name:44}{value}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps({"items": options.items, **figures}, ensure_ascii=False, indent=1) + "\n")
    return 0


def _filled(data: Path, n_items: int) -> dict[str, list[str]]:
    """The addresses of what there is."""
    from gongkai.web import commands

    commands.prepare(data)
    commands.migrate(say=lambda _: None)
    from gongkai.web.disclosure.models import Item

    if not Item.objects.exists():
        office._fill(n_items, office._people(office._organs()))
    slugs = list(Item.objects.order_by("pk").values_list("slug", flat=True))
    return {
        "items": [f"/d/{slug}/" for slug in slugs],
        "lists": ["/kinds/all/", "/kinds/notice/", "/all/?year=2019"],
        "columns": [f"/o/organ{number}/content/a20_13/" for number in range(office.ORGANS)],
    }


class _Server:
    """gunicorn with two processes, and the bare page among the addresses."""

    def __init__(self, data: Path) -> None:
        self._environment = {
            **os.environ,
            "GONGKAI_DATA": str(data),
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
        }

    def __enter__(self) -> None:
        command = [
            sys.executable, "-m", "gunicorn", "bare:application", "--workers", "2", "--threads", "4", "--worker-class", "gthread",
            "--bind", f"127.0.0.1:{PORT}", "--log-level", "warning", "--keep-alive", "30",
        ]  # fmt: skip
        self._process = subprocess.Popen(command, env=self._environment)
        for _ in range(200):
            try:
                asyncio.run(_once("/healthz"))
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server did not come up")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


async def _once(address: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    body = await _ask(reader, writer, address)
    writer.close()
    return body


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> bytes:
    writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nAccept-Language: zh-CN\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), (address, head[:200])
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    return await reader.readexactly(length)


@dataclass
class _Asked:
    seconds: list[float] = field(default_factory=list)
    span: float = 0.0

    @property
    def a_second(self) -> float:
        return len(self.seconds) / self.span


def _load(choose: Callable[[], str], seconds: float) -> _Asked:
    """Fifty clients, each asking again as soon as it was answered."""

    async def client(until: float, asked: _Asked) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        while (begun := time.perf_counter()) < until:
            await _ask(reader, writer, choose())
            asked.seconds.append(time.perf_counter() - begun)
        writer.close()

    async def all_of_them() -> _Asked:
        asked, begun = _Asked(), time.perf_counter()
        await asyncio.gather(*(client(begun + seconds, asked) for _ in range(CLIENTS)))
        asked.span = time.perf_counter() - begun
        return asked

    return asyncio.run(all_of_them())


def _measured(places: dict[str, list[str]], seconds: float, rounds: int) -> dict[str, Any]:
    items, chance = places["items"], random.Random(7)
    # As readers ask: the share of a page falls with its rank.
    read, weights = items[-READ:], [1 / (rank + 1) for rank in range(min(READ, len(items)))]
    choices: dict[str, Callable[[], str]] = {
        "item": lambda: chance.choices(read, weights)[0],
        "item_evenly": lambda: chance.choice(items),
        "list": lambda: chance.choice(places["lists"]),
        "column": lambda: chance.choice(places["columns"]),
        "home": lambda: "/",
    }
    figures: dict[str, Any] = {}
    for name, choose in choices.items():
        size = len(gzip.decompress(asyncio.run(_once(choose()))))
        bare = f"/bare/{size}/"
        _load(choose, WARM)
        pairs = [(_load(choose, seconds), _load(lambda bare=bare: bare, seconds / 2)) for _ in range(rounds)]
        ratios = [mine.a_second / other.a_second for mine, other in pairs]
        waits = sorted(wait for mine, _ in pairs for wait in mine.seconds)
        figures |= {
            f"{name}_bytes": size,
            f"{name}_a_second": round(statistics.median(mine.a_second for mine, _ in pairs)),
            f"{name}_bare_a_second": round(statistics.median(other.a_second for _, other in pairs)),
            f"{name}_ratio": round(statistics.median(ratios), 2),
            f"{name}_limit": LIMITS[name],
            f"{name}_p50_ms": round(waits[len(waits) // 2] * 1000, 1),
            f"{name}_p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
        }
    return figures


if __name__ == "__main__":
    raise SystemExit(main())

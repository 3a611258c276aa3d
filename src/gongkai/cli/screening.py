"""``gongkai screen``: a document's visible text and hidden parts before it is published, and what a person sees of the hits."""

from __future__ import annotations

import argparse
import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from gongkai import law
from gongkai.cli.lines import plain, printable, side_by_side
from gongkai.cli.screen import BOLD, DIM, NARROW, columns, say, styled
from gongkai.errors import GongkaiError
from gongkai.law.screening import screening_codes
from gongkai.reading import Grid, HiddenPart, Unreadable, look_inside, read_grid
from gongkai.screening import Hit, Publisher, screen, screen_inside, screen_parts

SEVERITY = {"block": ("禁止", "1;31"), "answer": ("处理", "33")}
MOST_LIST_BYTES = 1_000_000
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Settings:
    """What every file is screened with."""

    on: datetime.date
    publisher: Publisher | None
    negative_list: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A hit with the line of the file it stands in, ``None`` where the format has no lines that a person could count."""

    hit: Hit
    line: int | None


def settings(arguments: argparse.Namespace) -> Settings:
    """The settings that the arguments give; :class:`GongkaiError` when the negative list cannot be read or used."""
    publisher = Publisher(name=arguments.organ) if arguments.organ else None
    listed = _negative_list(arguments.negative_list) if arguments.negative_list else ()
    chosen = Settings(arguments.on or datetime.date.today(), publisher, listed)
    screen(text="", on=chosen.on, negative_list=listed)  # an entry without content is told once, before any file is read
    return chosen


def _negative_list(name: str) -> tuple[str, ...]:
    from gongkai.reading.encoding import decode

    try:
        with open(name, "rb") as file:
            data = file.read(MOST_LIST_BYTES + 1)
    except OSError as error:
        raise GongkaiError(f"不得公开清单“{name}”打不开：{error.strerror or error}。") from error
    if len(data) > MOST_LIST_BYTES:
        raise GongkaiError(f"不得公开清单“{name}”太大，最多{MOST_LIST_BYTES // 1000}KB。")
    lines = (line.strip() for line in decode(data).splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def screen_file(data: bytes, name: str, chosen: Settings, *, soffice: str | None = None) -> list[Hit]:
    """The hits in the document's text, then those in its hidden parts; raises :class:`Unreadable`."""
    if not data.strip(b"\x00 \r\n\t"):
        raise Unreadable("文件是空的。")
    grid = read_grid(data, name, soffice=soffice)
    text, numbers = visible_text(grid)
    found = screen(text=text, on=chosen.on, publisher=chosen.publisher, negative_list=chosen.negative_list)
    inside = look_inside(data, name, soffice=soffice)
    told = (HiddenPart("embedded_file", " › ".join(file.path)) for file in inside)
    parts = [*(HiddenPart("property", value, key) for key, value in grid.meta.items()), *grid.hidden, *told]
    hidden = screen_parts(parts=parts, on=chosen.on, publisher=chosen.publisher, negative_list=chosen.negative_list)
    within = screen_inside(files=inside, on=chosen.on, publisher=chosen.publisher, negative_list=chosen.negative_list)
    return [*_renumbered(found, text, numbers), *hidden, *within]


def visible_text(grid: Grid) -> tuple[str, list[int]]:
    """A document's rows as lines, cells between tabs, and the line of the file for each; where there is none, the row's number."""
    lines, numbers = [], []
    for number, row in enumerate(grid.rows, start=1):
        place = row.slots[0].place if row.slots else None
        lines.append("\t".join(" ".join(slot.text.split("\n")) for slot in row.slots))
        numbers.append(place.line if place and place.line else number)
    return "\n".join(lines), numbers


def _renumbered(found: Sequence[Hit], text: str, numbers: Sequence[int]) -> Iterator[Hit]:
    """The hits with the line of the file in their messages, where blank lines were left out of the text."""
    ends = list(accumulate(len(line) + 1 for line in text.split("\n")))
    at = 0
    for hit in found:
        while ends[at] <= hit.start:
            at += 1
        yield replace(hit, message=hit.message.replace(f"第{at + 1}行", f"第{numbers[at]}行", 1))


def show_hits(name: str, hits: Sequence[Hit]) -> None:
    """The hits on one file: those that forbid publication first, each with what to do."""
    say(printable(name), BOLD)
    if not hits:
        print("没有发现不得公开的内容。\n")
        return
    ordered = [hit for severity in SEVERITY for hit in hits if hit.severity == severity]
    print("\n".join(["", *(_list_of(ordered) if columns() < NARROW else _table_of(ordered))]))
    counts = Counter(hit.severity for hit in hits)
    words = {"block": "处禁止公开", "answer": "处需要处理"}
    say("共" + "，".join(f"{counts[key]}{words[key]}" for key in SEVERITY if counts[key]) + "。", BOLD)
    print()


def _table_of(hits: Sequence[Hit]) -> Iterator[str]:
    code = max(6, *(len(hit.code) for hit in hits))
    widths = [4, code, columns() - code - 8]
    yield from side_by_side(["级别", "项目", "原文、问题和办法"], widths)
    yield from side_by_side(["─" * part for part in widths], widths)
    for hit in hits:
        words, style = SEVERITY[hit.severity]
        first, *rest = side_by_side([words, hit.code, _quote(hit)], widths)
        yield styled(words, style) + first.removeprefix(words)
        yield from rest
        yield from side_by_side(["", "", plain(hit.message)], widths)
        for line in side_by_side(["", "", f"依据：{law.cite(hit.basis)}"], widths):
            yield styled(line, DIM)
        yield ""


def _list_of(hits: Sequence[Hit]) -> Iterator[str]:
    for hit in hits:
        words, style = SEVERITY[hit.severity]
        yield f"{styled(words, style)} {hit.code}"
        for text in (_quote(hit), plain(hit.message), f"依据：{law.cite(hit.basis)}"):
            yield from ("  " + line for line in side_by_side([text], [columns() - 2]))
        yield ""


def _quote(hit: Hit) -> str:
    quote = plain(hit.quote)
    shown = quote if len(quote) <= _SHOWN else quote[:_SHOWN] + "…"
    return f"{screening_codes()[hit.code].title}：“{shown}”"

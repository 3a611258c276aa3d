"""The English catalogue of the interface: merge translations into ``django.po`` and compile ``django.mo``, without other programs.

Run as ``python -m tools.build_catalog [FILE.po ...]``. Each file holds pairs of msgid and msgstr; what is new is added, what says
otherwise than the catalogue is told and left as it is. Without files only ``django.mo`` is made anew; ``--check`` writes nothing
and fails when it is not in step.
"""

from __future__ import annotations

import argparse
import ast
import struct
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src/gongkai/web/locale/en/LC_MESSAGES"
MAGIC = 0x950412DE


@dataclass(slots=True)
class Entry:
    """One message: its source, its plural source (empty without one), its translations, and the comments before it."""

    source: str = ""
    plural: str = ""
    texts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        """Whether it says something in English."""
        return bool(self.texts) and all(self.texts)


class Malformed(Exception):
    """A file is no catalogue: which line."""


def read(text: str) -> list[Entry]:
    """The entries of a catalogue in their order, its heading (of empty source) too."""
    entries: list[Entry] = []
    entry, where = Entry(), ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        starts = line.startswith(("#", "msgid "))
        if starts and where in ("msgstr", "msgid_plural"):
            entries.append(entry)
            entry, where = Entry(), ""
        if line.startswith("#"):
            entry.comments.append(line)
        elif line:
            where = _take(entry, where, line, number)
    if where:
        entries.append(entry)
    return entries


def _take(entry: Entry, where: str, line: str, number: int) -> str:
    """Read one line that says something; gives which part of the entry goes on."""
    word, _, rest = line.partition(" ")
    if line.startswith('"'):
        word, rest = where, line
    elif word.startswith("msgstr"):
        word = "msgstr"
        entry.texts.append("")
    try:
        told = str(ast.literal_eval(rest))
    except (SyntaxError, ValueError) as error:
        raise Malformed(f"line {number}: {line}") from error
    if word == "msgid":
        entry.source += told
    elif word == "msgid_plural":
        entry.plural += told
    elif word == "msgstr" and entry.texts:
        entry.texts[-1] += told
    else:
        raise Malformed(f"line {number}: {line}")
    return word


def merge(known: list[Entry], more: Iterable[Entry]) -> Iterator[str]:
    """Add what is new to ``known``, and tell what contradicts it."""
    places = {entry.source: entry for entry in known}
    for entry in more:
        if not entry.source or not entry.is_told:
            continue
        old = places.get(entry.source)
        if old is None:
            places[entry.source] = entry
            known.append(entry)
        elif not old.is_told:
            old.plural, old.texts = entry.plural, entry.texts
        elif not old.plural and entry.plural:
            # A message that is counted somewhere needs its plural everywhere.
            old.plural, old.texts = entry.plural, entry.texts
        elif old.texts[0] != entry.texts[0]:
            yield f"{entry.source}: kept {old.texts[0]!r}, not {entry.texts[0]!r}"


def write(entries: Iterable[Entry]) -> str:
    """The catalogue as text."""
    return "\n".join("".join(f"{line}\n" for line in _lines(entry)) for entry in entries)


def _lines(entry: Entry) -> Iterator[str]:
    yield from entry.comments
    yield from _told("msgid", entry.source)
    if entry.plural:
        yield from _told("msgid_plural", entry.plural)
        for number, text in enumerate(entry.texts):
            yield from _told(f"msgstr[{number}]", text)
    else:
        yield from _told("msgstr", entry.texts[0] if entry.texts else "")


def _told(word: str, text: str) -> Iterator[str]:
    parts = text.splitlines(keepends=True)
    if len(parts) > 1:
        yield f'{word} ""'
        yield from (_quoted(part) for part in parts)
    else:
        yield f"{word} {_quoted(text)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def compiled(entries: Iterable[Entry]) -> bytes:
    """The catalogue in GNU's binary form, sources in order of their bytes."""
    pairs = sorted(
        ("\0".join(filter(None, (entry.source, entry.plural))).encode(), "\0".join(entry.texts).encode())
        for entry in entries
        if entry.is_told
    )
    table, words = [], b""
    start = 28 + 16 * len(pairs)
    for column in (0, 1):
        for pair in pairs:
            table.append((len(pair[column]), start + len(words)))
            words += pair[column] + b"\0"
    head = struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + b"".join(struct.pack("<2I", *place) for place in table) + words


def main(arguments: Sequence[str] | None = None) -> int:
    """Merge, write and compile; 1 when ``--check`` finds the compiled catalogue out of step."""
    parser = argparse.ArgumentParser(prog="python -m tools.build_catalog", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="catalogues to take in")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when django.mo is not in step")
    options = parser.parse_args(arguments)
    entries = read((FOLDER / "django.po").read_text(encoding="utf-8"))
    for file in options.files:
        for words in merge(entries, read(file.read_text(encoding="utf-8"))):
            print(f"{file.name}: {words}", file=sys.stderr)
    binary = compiled(entries)
    if options.check:
        return int((FOLDER / "django.mo").read_bytes() != binary)
    if options.files:
        (FOLDER / "django.po").write_text(write(entries), encoding="utf-8")
    (FOLDER / "django.mo").write_bytes(binary)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Write the generated pages (``make docs``), or say which of them are out of date (``--check``).

A page is either made as a whole, or has blocks between ``<!-- begin: NAME -->`` and ``<!-- end: NAME -->`` that are.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from tools.pages import api, checks, cli, example, flows, glossary, matrix, permissions, requests, settings

ROOT = Path(__file__).parents[1]

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/glossary.md": glossary.page,
    "docs/checks/index.md": checks.page,
    "docs/law/matrix.md": matrix.page,
    "docs/law/requests.md": requests.page,
    "docs/reference/cli.md": cli.page,
    "docs/reference/settings.md": settings.page,
    "docs/reference/permissions.md": permissions.page,
}
BLOCKS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "docs/reference/api.md": {"examples": api.examples},
    "README.md": {"flows": flows.figure, "example": partial(example.shown, "township-2024-faulty.txt")},
    "README.zh-CN.md": {"flows": flows.figure, "example": partial(example.shown, "township-2024-faulty.txt")},
}


def fresh() -> dict[str, str]:
    """Every generated page as it should stand: path → text."""
    whole = {path: make() for path, make in PAGES.items()}
    parts = {path: _with_blocks(path, blocks) for path, blocks in BLOCKS.items()}
    return whole | parts


def _with_blocks(path: str, blocks: Mapping[str, Callable[[], str]]) -> str:
    text = (ROOT / path).read_text(encoding="utf-8")
    for name, make in blocks.items():
        begin, end = f"<!-- begin: {name} -->\n", f"<!-- end: {name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise RuntimeError(f"{path} should have one block named {name}")
        before, _, rest = text.partition(begin)
        text = before + begin + make() + end + rest.partition(end)[2]
    return text


def outdated() -> dict[str, str]:
    """Pages that do not stand as they should: path → how they differ."""
    differences = {}
    for path, text in fresh().items():
        file = ROOT / path
        standing = file.read_text(encoding="utf-8") if file.is_file() else ""
        if standing != text:
            lines = difflib.unified_diff(standing.splitlines(), text.splitlines(), path, f"{path} (made anew)", lineterm="", n=1)
            differences[path] = "\n".join(list(lines)[:40])
    return differences


def main(argv: list[str] | None = None) -> int:
    """Write the pages; with ``--check`` write nothing and end with 1 when one is out of date."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is out of date")
    changed = outdated()
    if arguments.parse_args(argv).check:
        for difference in changed.values():
            print(difference)
        print(f"generated pages: {len(changed)} out of date, run `make docs`" if changed else "generated pages: up to date")
        return 1 if changed else 0
    texts = fresh()
    for path in changed:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(texts[path], encoding="utf-8")
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

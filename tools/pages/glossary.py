"""docs/glossary.md, from docs/glossary.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SOURCE = Path(__file__).parents[2] / "docs" / "glossary.yaml"

HEAD = """# Glossary 术语表

One Chinese term, one English word, one identifier. This page is made from [glossary.yaml](glossary.yaml) by `make docs`; a
house test holds the code to it. Sources: `reg` is the Regulation (国务院令第711号), `format-2021` the form of the annual report
(国办公开办函〔2021〕30号). Identifiers in *italics* belong to rooms that are still to be built; the others stand in the code or the law
data today.
"""


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the glossary. ``ids`` may end in ``*`` for a family; ``room`` is ``None`` until the identifier is used."""

    zh: str
    en: str
    ids: tuple[str, ...]
    source: str
    means: str
    room: str | None = None


def groups() -> list[tuple[str, list[Term]]]:
    """The glossary's groups in order: title and terms."""
    content: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return [(group["title"], [_term(entry) for entry in group["terms"]]) for group in content["groups"]]


def _term(entry: dict[str, Any]) -> Term:
    return Term(entry["zh"], entry["en"], tuple(entry["id"]), entry["source"], entry["means"], entry.get("room"))


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, terms in groups():
        parts.append(f"\n## {title}\n\n| 中文 | English | identifier | source | meaning |\n| --- | --- | --- | --- | --- |\n")
        parts += [f"| {term.zh} | {term.en} | {_ids(term)} | {term.source} | {term.means} |\n" for term in terms]
    return "".join(parts)


def _ids(term: Term) -> str:
    marks = [f"`{name}`" for name in term.ids]
    return " ".join(marks if term.room else [f"*{mark}*" for mark in marks])

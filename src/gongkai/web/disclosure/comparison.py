"""Two revisions of an item compared, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gongkai.web.disclosure.richtext import text_of
from gongkai.web.review.differences import MOST_CHARACTERS, Comparison, Piece, compare, compare_line

# What is compared word by word; everything else has one value or another.
LINES = ("title", "summary", "keywords", "attribute_reason")
BODY, ATTACHMENTS = "body", "attachments"


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs: lines by word, the body by paragraph, other fields by value (old, new), attachments removed and added."""

    lines: Mapping[str, tuple[Piece, ...]]
    values: Mapping[str, tuple[Any, Any]]
    body: Comparison
    is_layout_only: bool
    removed: list[Mapping[str, Any]] = field(default_factory=list)
    added: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return bool(self.lines or self.values or self.removed or self.added or self.body.is_changed or self.is_layout_only)


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> Compared:
    """What became of the content of an older revision in a newer one."""
    names = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    body = compare(_text(before), _text(after))
    old, new = ({row["digest"]: row for row in content.get(ATTACHMENTS, [])} for content in (before, after))
    return Compared(
        lines={name: compare_line(str(before.get(name, "")), str(after.get(name, ""))) for name in names if name in LINES},
        values={name: (before.get(name), after.get(name)) for name in names if name not in (*LINES, BODY, ATTACHMENTS)},
        body=body,
        is_layout_only=BODY in names and not body.is_changed and not body.is_cut,
        removed=[row for digest, row in old.items() if digest not in new],
        added=[row for digest, row in new.items() if digest not in old],
    )


def _text(content: Mapping[str, Any]) -> str:
    """The words of the body; of one that is far longer than what is compared, those of its beginning."""
    return text_of(str(content.get(BODY, ""))[: MOST_CHARACTERS * 5])

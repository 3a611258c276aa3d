"""What a process beside the one that rebuilds does. Nothing here may ask for a model before :func:`begin` has made Django ready in that process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.web import search


def begin(data: Path) -> None:
    """What a new process needs before it can ask the database."""
    from gongkai.web import begin as know

    know(data)
    import django

    django.setup()


def prepared(part: list[int]) -> list[search.Prepared]:
    """The documents of those items as their fields."""
    from gongkai.web import search
    from gongkai.web.disclosure.indexed.documents import documents_for

    return [search.prepared(document) for document in documents_for(part)[0]]

"""What an Office document says of itself (``docProps``): title and fields; its people are a hidden part."""

from __future__ import annotations

from gongkai.reading.archive import Archive
from gongkai.reading.grid import Grid, HiddenPart

_PARTS = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml")
_FIELDS = frozenset(("title", "subject", "description", "keywords", "category", "created", "modified", "creation-date", "date"))
_PEOPLE = {
    "creator": "author",
    "initial-creator": "author",
    "lastModifiedBy": "last_modified_by",
    "Company": "company",
    "Manager": "manager",
}


def read_properties(archive: Archive, grid: Grid) -> str | None:
    """Add the properties to ``grid.meta`` and the people among them to ``grid.hidden``; returns the title, if any."""
    for name in _PARTS:
        root = archive.xml(name)
        if root is None:
            continue
        for element in root.iter():
            text = " ".join((element.text or "").split())
            if not text or not isinstance(element.tag, str):
                continue
            key = element.get("name") or element.tag.rpartition("}")[2]
            if key in _FIELDS:
                grid.meta.setdefault(key, text)
            elif key in _PEOPLE:
                grid.hidden.append(HiddenPart("metadata", text, _PEOPLE[key]))
            elif name == "docProps/custom.xml" and (holder := element.getparent()) is not None:
                grid.hidden.append(HiddenPart("metadata", text, holder.get("name", key)))
    return grid.meta.get("title")

"""One search engine behind four functions: write, remove, find, rebuild.

It knows documents and nothing of what they stand for. The index is derived: whoever writes it keeps in it how far the ledger
was followed, and can rebuild it from the database at any time. An index that is missing, old or broken raises
:class:`IndexLost`, and is never searched.
"""

from __future__ import annotations

from gongkai.web.search.engine import Ask, Change, Document, Page, find, position_of, rebuild, remove, standing, write
from gongkai.web.search.folder import IndexLost, locked
from gongkai.web.search.words import excerpt

__all__ = [
    "Ask", "Change", "Document", "IndexLost", "Page", "excerpt", "find", "locked", "position_of", "rebuild", "remove", "standing", "write",
]  # fmt: skip

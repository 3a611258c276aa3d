"""One search engine behind four functions: write, remove, find, rebuild.

It knows documents and nothing of what they stand for. The index is derived: whoever writes it keeps in it how far the ledger
was followed, and can rebuild it from the database at any time. An index that is missing, old or broken raises
:class:`IndexLost`, and is never searched.
"""

from __future__ import annotations

from gongkai.web.search.engine import Ask, Page, find, position_of, standing
from gongkai.web.search.fields import Document, Prepared, prepared
from gongkai.web.search.folder import IndexLost, locked
from gongkai.web.search.near import guesses, shorter
from gongkai.web.search.words import excerpt, quoted
from gongkai.web.search.writing import Change, rebuild, remove, write

__all__ = [
    "Ask", "Change", "Document", "IndexLost", "Page", "Prepared", "excerpt", "find", "guesses", "locked", "position_of", "prepared", "quoted",
    "rebuild", "remove", "shorter", "standing", "write",
]  # fmt: skip

"""The only room that knows Django: the county platform that runs the year.

Floors, only downwards::

    office | portal > filing > disclosure > review > ledger > agencies > settings

Every app has the same modules where it needs them: ``models`` (rows and constraints), ``actions`` (every write: check
permission, lock, ask the core, save, append to the ledger, all in one transaction), ``queries`` (every read that a screen
needs, starting from the viewer's posts), ``views`` and ``urls``. A view makes one call and decides nothing.
"""

from __future__ import annotations

import os
from pathlib import Path


def begin(data: Path | None = None) -> None:
    """Say where the settings and, when given, the data are: before Django is asked for anything, because it reads them once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.web.settings")
    if data is not None:
        os.environ["GONGKAI_DATA"] = str(data)

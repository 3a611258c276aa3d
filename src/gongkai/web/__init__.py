"""The only room that knows Django: the county platform that runs the year.

Floors, only downwards::

    office | portal > disclosure > review > ledger > agencies > settings

Every app has the same modules where it needs them: ``models`` (rows and constraints), ``actions`` (every write: check
permission, lock, ask the core, save, append to the ledger, all in one transaction), ``queries`` (every read that a screen
needs, starting from the viewer's posts), ``views`` and ``urls``. A view makes one call and decides nothing.
"""

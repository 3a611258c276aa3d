"""Web pages to grid: ``page`` walks the tree, ``markup`` makes the source safe to parse, ``script`` finds buried tables."""

from gongkai.reading.html.page import read_html

__all__ = ["read_html"]

"""Word documents to grid: ``reader`` walks the text, ``numbering`` counts the automatic numbers."""

from gongkai.reading.docx.reader import read_docx

__all__ = ["read_docx"]

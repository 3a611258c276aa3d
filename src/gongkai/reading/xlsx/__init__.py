"""Workbooks to grid: ``workbook`` lays the sheets out, ``worksheet`` and ``opendocument`` know the files' own XML."""

from gongkai.reading.xlsx.workbook import read_xlsx

__all__ = ["read_xlsx"]

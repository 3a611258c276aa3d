"""A report as a document: DOCX, PDF, HTML, XLSX and JSON.

The tables are laid out once (:mod:`.layout`), the order of print once (:mod:`.outline`); each writer only draws them.

>>> from gongkai.report import AnnualReport
>>> from gongkai.report.render import from_json, to_json
>>> from_json(to_json(AnnualReport(organ="云川县青禾镇人民政府", year=2024))).organ
'云川县青禾镇人民政府'
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.report.annual import AnnualReport
from gongkai.report.render.json import Malformed, from_json, to_json
from gongkai.report.render.layout import Unwritable

if TYPE_CHECKING:
    from gongkai.report.render.outline import Outline

__all__ = ["KINDS", "Malformed", "Unwritable", "from_json", "to_json", "write_page", "write_report", "write_tables"]

KINDS = ("docx", "pdf", "html", "xlsx", "json")


def write_report(report: AnnualReport, kind: str, *, fonts: Path | None = None) -> bytes:
    """The bytes of a document of that ``kind``: ``docx pdf html xlsx json``. The same report gives the same bytes.

    ``fonts`` is a folder with fonts for the PDF, looked at before those of the system. :class:`Unwritable` when the
    kind is not known, the report's edition is not known (all but JSON), or no font can show Chinese (PDF).
    """
    if kind not in KINDS:
        raise Unwritable(f"不能写成“{kind}”格式，可以写成：{'、'.join(KINDS)}。")
    # Each writer brings a library of its own; only the one that is used is loaded.
    if kind == "json":
        from gongkai.report.render.json import write

        return write(report)
    from gongkai.report.render.outline import outline

    page = outline(report)
    if kind in ("docx", "pdf"):
        return write_page(page, kind, fonts=fonts)
    if kind == "xlsx":
        from gongkai.report.render import xlsx

        return xlsx.write(page)
    from gongkai.report.render import html

    return html.write(page)


def write_tables(report: AnnualReport) -> str:
    """The statutory tables alone as HTML, for a page with a frame and styles of its own; what was not read for certain is marked there.

    :class:`Unwritable` when the report's edition is not known.
    """
    from gongkai.report.render import html
    from gongkai.report.render.outline import outline

    return html.tables(outline(report))


def write_page(page: Outline, kind: str, *, fonts: Path | None = None) -> bytes:
    """Any page as a document, ``docx`` or ``pdf``: a report's, or that of a notice, whose parts have no headings.

    :class:`Unwritable` for another ``kind``, and as :func:`write_report`.
    """
    if kind == "docx":
        from gongkai.report.render import docx

        return docx.write(page)
    if kind == "pdf":
        from gongkai.report.render import pdf

        return pdf.write(page, fonts)
    raise Unwritable(f"不能写成“{kind}”格式，可以写成：docx、pdf。")

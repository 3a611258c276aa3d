"""What every Word document of ours shares: its styles in place of the library's, and a package that tells neither machine nor moment."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LATIN = "Times New Roman"


def dress(document: Document, styles: Mapping[str, tuple[str, int, str]]) -> None:
    """Replace what the library's template says about fonts and paragraphs, theme fonts above all.

    ``styles`` gives for a style its Chinese font, its size in half points and the markup of its paragraphs.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    defaults = document.styles.element.find(qn("w:docDefaults"))
    if defaults is not None:
        document.styles.element.remove(defaults)
    for name, (font, size, paragraph) in styles.items():
        element = document.styles[name].element
        for old in (*element.findall(qn("w:pPr")), *element.findall(qn("w:rPr"))):
            element.remove(old)
        element.append(parse_xml(f"<w:pPr {W}>{paragraph}</w:pPr>"))
        element.append(
            parse_xml(
                f'<w:rPr {W}><w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:cs="{_LATIN}" w:eastAsia="{font}"/><w:kern w:val="2"/>'
                f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
            )
        )


def packed(document: Document, *, title: str, author: str, day: datetime.date) -> bytes:
    """The document as bytes with title, author and language; the same document of the same day always gives the same bytes."""
    _describe(document, title, author, day)
    written, plain = io.BytesIO(), io.BytesIO()
    document.save(written)
    # The same archive without the time of packing.
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    return plain.getvalue()


def _describe(document: Document, title: str, author: str, day: datetime.date) -> None:
    about = document.core_properties
    about.title, about.author, about.language = title[:255], author[:255], "zh-CN"
    about.comments = about.keywords = about.last_modified_by = about.subject = ""
    about.created = about.modified = datetime.datetime(day.year, day.month, day.day)
    package = document.part.package
    for key, relation in list(package.rels.items()):
        # A picture of an empty page comes with the library's template.
        if relation.reltype.endswith("/thumbnail"):
            package.rels.pop(key)

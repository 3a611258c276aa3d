"""The letter as a tagged PDF/A in the letter form of GB/T 9704, set by typst from ``letter.typ``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from gongkai.letters.composing import LetterText, attachment_lines
from gongkai.report.render.typesetting import day_parts, typeset

_TEMPLATE = Path(__file__).with_name("letter.typ")


def write(text: LetterText, folder: Path | None) -> bytes:
    """The PDF; errors as :func:`gongkai.report.render.typesetting.typeset`."""
    content = asdict(text) | {
        "dated_on": day_parts(text.dated_on),
        "date": text.date,
        "remarks": text.remarks,
        "name_size": text.name_size,
        "attached": attachment_lines(text.attachments),
    }
    return typeset(_TEMPLATE, content, day=text.dated_on, folder=folder)

"""The letters and forms of disclosure on request (文书): their text from one engine, and the text on paper.

:func:`compose` puts a letter together from the officer's fields, the outcome and the law, and refuses what may not be signed;
:func:`write_letter` sets it in the letter form of GB/T 9704-2012.

>>> import datetime
>>> sender = Sender("云川县青禾镇人民政府", kind="township", contact="党政办公室，0500-1234567",
...     reconsiderers={"county_government": "云川县人民政府"}, court="云川县人民法院")
>>> text = compose("not_exist", on=datetime.date(2026, 3, 9), sender=sender, to=Addressee("李某"), decision=Decision("not_exist"),
...     fields={"applicant": "李某", "received_on": datetime.date(2026, 3, 2), "content": "水塘承包合同", "search_record": "档案室逐卷查找。"})
>>> text.title, text.date, text.paragraphs[3]
('政府信息不存在告知书', '2026年3月9日', '检索情况：档案室逐卷查找。')
"""

from __future__ import annotations

from pathlib import Path

from gongkai.letters.composing import Addressee, Decision, LetterText, Sender, compose, lacking

__all__ = ["KINDS", "Addressee", "Decision", "LetterText", "Sender", "compose", "lacking", "write_letter"]

KINDS = ("docx", "pdf")


def write_letter(text: LetterText, kind: str, *, fonts: Path | None = None) -> bytes:
    """The letter as a document of that ``kind``, ``docx`` or ``pdf``; the same text always gives the same bytes.

    ``fonts`` is a folder with fonts for the PDF, looked at before those of the system. :class:`gongkai.report.render.Unwritable` when the
    kind is not known or no font can show Chinese (PDF).
    """
    # Each writer brings a library of its own; only the one that is used is loaded.
    if kind == "docx":
        from gongkai.letters import docx

        return docx.write(text)
    if kind == "pdf":
        from gongkai.letters import pdf

        return pdf.write(text, fonts)
    from gongkai.report.render import Unwritable

    raise Unwritable(f"不能写成“{kind}”格式，可以写成：{'、'.join(KINDS)}。")

"""Texts → what must not be published: secrecy marks, personal data, forbidden, wrong or outdated wording, hidden parts.

>>> import datetime
>>> text = "户主赵某某，身份证号11010519491231002X。"
>>> hits = screen(text=text, on=datetime.date(2024, 3, 1))
>>> [hit.code for hit in hits]
['person.id_number']
>>> apply_masks(text, hits)
'户主赵某某，身份证号1101**********002X。'
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from gongkai.screening.dates import find_wrong_days
from gongkai.screening.hidden import Part, find_hidden, is_screened, place_of
from gongkai.screening.hit import Hit, apply_masks
from gongkai.screening.identity import find_identity_numbers
from gongkai.screening.inside import Inside, found_inside, unseen
from gongkai.screening.marks import find_marks
from gongkai.screening.negative import find_listed
from gongkai.screening.numbers import find_numbers
from gongkai.screening.passage import Passage, Publisher
from gongkai.screening.persons import find_persons
from gongkai.screening.wording import find_wording

__all__ = ["Hit", "Inside", "Part", "Publisher", "apply_masks", "screen", "screen_inside", "screen_parts"]


def screen(
    *,
    text: str,
    on: datetime.date,
    publisher: Publisher | None = None,
    place: str = "",
    negative_list: Sequence[str] = (),
    published_on: datetime.date | None = None,
) -> list[Hit]:
    """Everything in the text that keeps it from being published as it stands, in the order of the text.

    ``on`` is the day of the screening; ``published_on`` the day of a text that was published before and is judged by the law of
    then. ``publisher`` is the organ in whose name it appears; without it self-names are not judged and no number is its own.
    ``place`` names the part of the document in messages (附件1). Cells of tables are separated by tabs, rows by line breaks.
    ``negative_list`` are terms that the organ never publishes, with ``*`` and ``?``; :class:`GongkaiError` for one without content.
    """
    passage = Passage(text, on=on, publisher=publisher, place=place, published_on=published_on)
    identities = list(find_identity_numbers(passage))
    found = [
        *find_marks(passage),
        *identities,
        *find_numbers(passage, identities),
        *find_persons(passage),
        *find_listed(passage, negative_list),
        *find_wording(passage),
        *find_wrong_days(passage),
    ]
    return sorted(dict.fromkeys(found), key=lambda hit: (hit.start, -hit.end, hit.code))


def screen_parts(
    *, parts: Sequence[Part], on: datetime.date, publisher: Publisher | None = None, negative_list: Sequence[str] = ()
) -> list[Hit]:
    """What the hidden parts of a document hold: a hit for every kind of them, then what stands in their texts.

    Offsets are those of the part's own text, ``Hit.place`` says which part. Headers, footers and footnotes, which a reader of the
    page sees, are no hits by themselves.
    """
    inside = (
        hit
        for part in parts
        if is_screened(part)
        for hit in screen(text=part.text, on=on, publisher=publisher, place=place_of(part), negative_list=negative_list)
    )
    return [*find_hidden(parts), *inside]


def screen_inside(
    *, files: Sequence[Inside], on: datetime.date, publisher: Publisher | None = None, place: str = "", negative_list: Sequence[str] = ()
) -> list[Hit]:
    """What the files inside a file hold, text and hidden parts, and each that could not be looked into.

    ``place`` names the outermost file. Every hit names the way to it: 附件1.docx › 表格.xlsx › 表2!B4.
    """
    found: list[Hit] = []
    for file in files:
        if file.reason:
            found.append(unseen(place, file))
            continue
        own: dict[str, Any] = {"on": on, "publisher": publisher, "negative_list": negative_list}
        in_text, in_parts = partial(_of_text, file.text, own), partial(screen_parts, parts=file.hidden, **own)
        found += found_inside(file, place, in_text, in_parts)
    return found


def _of_text(text: str, own: Mapping[str, Any], place: str) -> list[Hit]:
    return screen(text=text, place=place, **own)

"""Screening before stage one and again before publication: every hit is masked or answered with a reason that is kept."""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from gongkai.errors import Refused
from gongkai.screening import Hit, Publisher, screen, screen_inside, screen_parts
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.kinds import parts
from gongkai.web.disclosure.models import HitAnswer, Item
from gongkai.web.disclosure.richtext import text_of
from gongkai.web.disclosure.standing.queries import terms_of
from gongkai.web.ledger.digest import sm3
from gongkai.web.review import kept

# What of a revision the public reads, with its name on screens; the body is HTML, the others are plain.
FIELDS = {"title": "标题", "summary": "内容概述", "body": "正文", "document_number": "文号", "keywords": "关键词", "details": "类别信息"}
TOLD = 3


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a file: its words (``None`` for a picture or what cannot be read), its hidden parts, and the files inside it."""

    text: str | None
    hidden: tuple[Any, ...] = ()
    inside: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemHit:
    """One hit in one field of a revision, the digest of its words, and the reason it was answered with, if it was."""

    field: str
    hit: Hit
    mark: str
    reason: str | None

    @property
    def is_open(self) -> bool:
        """Whether it still keeps the revision from being published. A blocking hit cannot be answered away."""
        return self.hit.severity == "block" or self.reason is None


def publisher_of(agency: Agency) -> Publisher:
    """The organ as screening knows it: its own phone and code are no personal data."""
    return Publisher(
        name=agency.name,
        short_names=(agency.short_name,),
        scope=agency.kind if agency.kind in ("county", "department", "township", "street") else None,
        phones=tuple(number for number in (agency.phone, agency.fax) if number),
        credit_code=agency.credit_code,
    )


def listed_of(agency: Agency, on: datetime.date) -> tuple[str, ...]:
    """The organ's negative list (不得公开清单) in force that day."""
    return tuple(row.term for row in terms_of(agency, on))


def answers_of(item: Item) -> QuerySet[HitAnswer]:
    """The answers given to what screening found in an item, oldest first."""
    return HitAnswer.objects.filter(item=item).order_by("pk")


def hits_of(item: Item, content: Mapping[str, Any], on: datetime.date, given: Iterable[HitAnswer] | None = None) -> list[ItemHit]:
    """Everything found in what the public would read, with the answers given so far; ``given`` where they are known."""
    rows = answers_of(item) if given is None else given
    answers = {(row.field, row.code, row.mark): row.reason for row in rows}
    found = found_in(content, item.agency, on)
    return [ItemHit(field, hit, mark, answers.get((field, hit.code, mark))) for field, hit, mark in found]


def found_in(content: Mapping[str, Any], agency: Agency, on: datetime.date) -> Iterator[tuple[str, Hit, str]]:
    """Everything found in a content: the field (an attachment's is its digest), the hit, and the digest of its words."""
    publisher, listed = publisher_of(agency), listed_of(agency, on)
    for name, words in FIELDS.items():
        text = _words_of(content.get(name) or "", name)
        for hit in screen(text=text, on=on, publisher=publisher, place=words, negative_list=listed) if text else ():
            yield name, hit, sm3(hit.quote.encode())
    for attached in content.get("attachments", []):
        try:
            hits = hits_in_file(attached["name"], _read(attached["digest"], attached["name"]), publisher, on, listed)
        except kept.Lost as lost:
            # What cannot be read now cannot go out, and no reason answers that away.
            words = f"附件“{attached['name']}”没有筛查：{lost.message}"
            hits = [Hit("attachment.lost", "block", 0, 0, "", words, None, "reg:17", f"附件“{attached['name']}”")]
        for hit in hits:
            yield attached["digest"], hit, sm3(hit.quote.encode() or hit.message.encode())


def _words_of(value: Any, name: str) -> str:
    """What the public reads of a field: of the body its words, of what a kind asks the texts, a line each."""
    if name == "details":
        return "\n".join(said for part, said in dict(value or {}).items() if part in parts() and parts()[part].type == "text")
    return text_of(value) if name == "body" else str(value)


@lru_cache(maxsize=256)
def _read(digest: str, name: str) -> Read:
    return words_in(kept.content(digest), name)


def words_in(data: bytes, name: str) -> Read:
    """The words of a file, its hidden parts, and the same of every file inside it."""
    from gongkai.reading import HiddenPart, Unreadable, look_inside, read_grid

    if Path(name).suffix.lower() in (".png", ".jpg", ".jpeg"):
        return Read(None)
    inside = look_inside(data, name)
    told = tuple(HiddenPart("embedded_file", " › ".join(file.path)) for file in inside)
    try:
        grid = read_grid(data, name)
    except (Unreadable, ModuleNotFoundError):
        return Read(None, told, inside)
    return Read("\n".join("\t".join(slot.text for slot in row.slots) for row in grid.rows), (*grid.hidden, *told), inside)


def hits_in_file(name: str, read: Read, publisher: Publisher, on: datetime.date, listed: Sequence[str] = ()) -> list[Hit]:
    """Everything found in a file that :func:`words_in` has read, and in the files inside it."""
    place = f"附件“{name}”"
    own: dict[str, Any] = {"on": on, "publisher": publisher, "negative_list": listed}
    inside = [*screen_parts(parts=read.hidden, **own), *screen_inside(files=read.inside, place=place, **own)]
    if read.text is None:
        # What was not screened is never taken for clean: somebody has to look and say so.
        words = f"附件“{name}”是图片或者读不出文字，没有自动筛查。请逐页看过，没有不得公开的内容时写明由谁看过。"
        return [Hit("attachment.unread", "answer", 0, 0, "", words, None, "reg:17", place), *inside]
    return [*screen(text=read.text, place=place, **own), *inside]


def demand_screened(item: Item, content: Mapping[str, Any], on: datetime.date) -> None:
    """:class:`Refused` while a hit is open, with the first of them."""
    still = [found for found in hits_of(item, content, on) if found.is_open]
    if still:
        words = "；".join(found.hit.message.rstrip("。") for found in still[:TOLD])
        more = f"等{len(still)}处" if len(still) > TOLD else f"{len(still)}处"
        raise Refused(f"发布前筛查还有{more}没有处理：{words}。请在信息页逐处遮盖、修改或者说明理由。")


def masked(content: Mapping[str, Any], field: str, hit: Hit) -> dict[str, Any]:
    """The content with that hit masked wherever its words stand in the field; :class:`Refused` where markup cuts them."""
    if field not in FIELDS:
        raise Refused("附件里的内容不能在这里遮盖，请修改文件后重新上传。")
    if hit.mask is None:
        raise Refused("这一处遮盖后意思不清楚，请直接修改内容。")
    quote, mask = (html.escape(hit.quote, quote=False), html.escape(hit.mask, quote=False)) if field == "body" else (hit.quote, hit.mask)
    if field == "details":
        return {**content, field: {name: value.replace(quote, mask) for name, value in content[field].items()}}
    if quote not in content[field]:
        raise Refused("这一处的文字被格式隔开，不能自动遮盖，请打开修改页面手工遮盖。")
    return {**content, field: content[field].replace(quote, mask)}

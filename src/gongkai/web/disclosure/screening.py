"""Screening before stage one and again before publication: every hit is masked or answered with a reason that is kept."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

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
# Fields that hits name beside these: the names of the files, and where the links of the body lead.
NAMES, LINKS = "names", "links"
LONGEST_NAME = 120
JUSTIFIED, MISTAKEN, REJECTED = "justified", "mistaken", "rejected"
TOLD = 3
_LINK = re.compile(r'<a [^>]{0,2000}?href="([^"]{0,2000})"')
# Blanks, hyphens and the like between the words of a file's name; a mark stands alone between them as it does in a cell.
_APART = re.compile(r"[_＿\-－—+＋&~～.,，、 \u3000]")
# No file may be called by the star that masks a text.
_NAME_STAR = "＊"
# What nobody may put before the public by a short text: marks, what belongs to persons, what the organ's own list holds.
_BARRED = ("secrecy.", "person.", "list.")
_OF_LINKS = ("secrecy.", "person.id_number", "person.minor", "list.")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a file: its words (``None`` for a picture or what cannot be read), its hidden parts, and the files inside it."""

    text: str | None
    hidden: tuple[Any, ...] = ()
    inside: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemHit:
    """One hit in one field of a revision, the digest of its words, and the reason and verdict it was answered with, if it was."""

    field: str
    hit: Hit
    mark: str
    reason: str | None
    verdict: str | None = None

    @property
    def is_rejected(self) -> bool:
        """Whether somebody found that these words must not be published."""
        return self.verdict == REJECTED

    @property
    def is_open(self) -> bool:
        """Whether it still keeps the revision from being published. A blocking hit cannot be answered away, a rejection not taken back."""
        return self.hit.severity == "block" or self.reason is None or self.is_rejected


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


def hits_of(
    item: Item, content: Mapping[str, Any], on: datetime.date, given: Iterable[HitAnswer] | None = None, listed: Sequence[str] | None = None
) -> list[ItemHit]:
    """Everything found in what the public would read, with the answers given so far; ``given`` and ``listed`` where they are known."""
    rows = answers_of(item) if given is None else given
    answers: dict[tuple[str, str, str], HitAnswer] = {}
    for row in rows:
        known = answers.get((row.field, row.code, row.mark))
        if known is None or known.verdict != REJECTED:
            answers[row.field, row.code, row.mark] = row
    return [_answered(*found, answers) for found in found_in(content, item.agency, on, listed)]


def _answered(field: str, hit: Hit, mark: str, answers: Mapping[tuple[str, str, str], HitAnswer]) -> ItemHit:
    row = answers.get((field, hit.code, mark))
    return ItemHit(field, hit, mark, row.reason if row else None, row.verdict if row else None)


def found_in(
    content: Mapping[str, Any], agency: Agency, on: datetime.date, listed: Sequence[str] | None = None
) -> Iterator[tuple[str, Hit, str]]:
    """Everything found in a content: the field (an attachment's is its digest), the hit, and the digest of its words."""
    publisher, listed = publisher_of(agency), listed_of(agency, on) if listed is None else listed
    for name, words in FIELDS.items():
        text = words_of(content.get(name) or "", name)
        for hit in screen(text=text, on=on, publisher=publisher, place=words, negative_list=listed) if text else ():
            yield name, hit, sm3(hit.quote.encode())
    for number, address in enumerate(_LINK.findall(content.get("body") or ""), start=1):
        for hit in hits_in_address(html.unescape(address), publisher, on, listed, place=f"正文第{number}个链接的网址"):
            yield LINKS, hit, sm3(hit.quote.encode())
    for number, attached in enumerate(content.get("attachments", []), start=1):
        for hit in hits_in_name(attached["name"], publisher, on, listed, place=f"附件{number}的名称"):
            yield NAMES, hit, sm3(hit.quote.encode())
        try:
            hits = hits_in_file(attached["name"], _read(attached["digest"], attached["name"]), publisher, on, listed)
        except kept.Lost as lost:
            # What cannot be read now cannot go out, and no reason answers that away.
            words = f"附件“{attached['name']}”没有筛查：{lost.message}"
            hits = [Hit("attachment.lost", "block", 0, 0, "", words, None, "reg:17", f"附件“{attached['name']}”")]
        for hit in hits:
            yield attached["digest"], hit, sm3(hit.quote.encode() or hit.message.encode())


def hits_in_name(name: str, publisher: Publisher, on: datetime.date, listed: Sequence[str] = (), *, place: str) -> list[Hit]:
    """What the name of a file tells. A mark between blanks or hyphens stands alone; the place repeats nothing of the name."""
    stem = Path(name).stem
    own: dict[str, Any] = {"on": on, "publisher": publisher, "negative_list": listed, "place": place}
    found = screen(text=stem, **own)
    seen = {place for hit in found for place in range(hit.start, hit.end)}
    for hit in screen(text=_APART.sub("\t", stem), **own):
        if hit.code.startswith("secrecy.") and seen.isdisjoint(range(hit.start, hit.end)):
            found.append(replace(hit, quote=stem[hit.start : hit.end]))
    return [_of_one_line(replace(hit, mask=hit.mask and hit.mask.replace("*", _NAME_STAR))) for hit in found]


def hits_in_address(address: str, publisher: Publisher, on: datetime.date, listed: Sequence[str] = (), *, place: str) -> list[Hit]:
    """What an address tells: its path is full of numbers that are nobody's, so telephones count only where something is asked or mailed."""
    told = unquote(address)
    asked = 0 if told.startswith("mailto:") else (told.find("?") if "?" in told else len(told))
    found = screen(text=told, on=on, publisher=publisher, negative_list=listed, place=place)
    kept = (hit for hit in found if hit.code.startswith(_OF_LINKS) or (hit.code == "person.mobile" and hit.start >= asked))
    return [_of_one_line(hit) for hit in kept]


def _of_one_line(hit: Hit) -> Hit:
    """The hit without the number of its line: there is only one."""
    return replace(hit, message=hit.message.replace(f"{hit.place}第1行", hit.place, 1))


def demand_presentable(agency: Agency, on: datetime.date, texts: Mapping[str, str]) -> None:
    """The gate for what an act shows the public past any review: :class:`Refused` for marks, personal data and listed terms.

    ``texts`` are the texts by what screens call them. There is nobody to answer a hit to, so the words have to be changed.
    """
    publisher, listed = publisher_of(agency), listed_of(agency, on)
    barred: list[Hit] = []
    for place, text in texts.items():
        if text.startswith(("http://", "https://")):
            barred += hits_in_address(text, publisher, on, listed, place=place)
        else:
            found = screen(text=text, on=on, publisher=publisher, negative_list=listed, place=place)
            barred += [_of_one_line(hit) for hit in found if hit.code.startswith(_BARRED)]
    if barred:
        told = "；".join(_barred_words(hit) for hit in barred[:TOLD])
        more = f"等{len(barred)}处" if len(barred) > TOLD else ""
        raise Refused(f"公众会直接看到这段文字，不能这样写：{told}{more}。请改写后再提交，这次什么都没有保存。", basis=barred[0].basis)


def _barred_words(hit: Hit) -> str:
    """What stands where, and what may stand instead; the words themselves only where they are no numbers."""
    told = hit.message.partition("。")[0]
    return told if hit.mask is None or hit.mask in told else f"{told}，可以改成“{hit.mask}”"


def words_of(value: Any, name: str) -> str:
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
        raise Refused(f"发布前筛查还有{more}没有处理：{words}。请在信息页逐处遮盖、修改、说明理由或者认定不得公开。")


def masked(content: Mapping[str, Any], field: str, hit: Hit) -> dict[str, Any]:
    """The content with that hit masked wherever its words stand in the field; :class:`Refused` where markup cuts them."""
    if field not in (*FIELDS, NAMES, LINKS):
        raise Refused("附件里的内容不能在这里遮盖，请修改文件后重新上传。")
    if hit.mask is None:
        raise Refused("这一处遮盖后意思不清楚，请直接修改内容。")
    if field == NAMES:
        return {**content, "attachments": _masked_names(content.get("attachments", []), hit.quote, hit.mask)}
    field = "body" if field == LINKS else field
    quote, mask = (html.escape(hit.quote, quote=False), html.escape(hit.mask, quote=False)) if field == "body" else (hit.quote, hit.mask)
    if field == "details":
        return {**content, field: {name: value.replace(quote, mask) for name, value in content[field].items()}}
    if quote not in content[field]:
        raise Refused("这一处的文字被格式隔开，不能自动遮盖，请打开修改页面手工遮盖。")
    return {**content, field: content[field].replace(quote, mask)}


def _masked_names(attached: Sequence[Mapping[str, Any]], quote: str, mask: str) -> list[dict[str, Any]]:
    rows = [{**row, "name": row["name"].replace(quote, mask)} for row in attached]
    if len({row["name"] for row in rows}) < len(rows):
        raise Refused("遮盖后两个附件同名，请用“改名”分别改成不同的名称。")
    return rows


def renamed(attached: Sequence[Mapping[str, Any]], digest: str, name: str) -> list[dict[str, Any]]:
    """The files with a new name for one of them, of the same kind; :class:`Refused` for a name that cannot be."""
    row = next((row for row in attached if row["digest"] == digest), None)
    if row is None:
        raise Refused("没有这个附件，页面可能已经过期，请刷新。")
    suffix = Path(row["name"]).suffix
    stem = " ".join(Path(name.replace("\\", "/")).name.split()).lstrip(".")
    stem = "".join(sign for sign in stem.removesuffix(suffix) if sign.isprintable()).strip()
    if not stem or len(stem) + len(suffix) > LONGEST_NAME:
        raise Refused(f"请填写新的名称，连同后缀不超过{LONGEST_NAME}个字。")
    if stem + suffix == row["name"]:
        raise Refused("名称没有变化，不用保存。")
    if any(one["name"] == stem + suffix for one in attached):
        raise Refused(f"已经有名为“{stem}{suffix}”的附件，请换一个名称。")
    return [{**one, "name": stem + suffix} if one is row else dict(one) for one in attached]

"""Index patterns, special topics, validity, and the links between a document and its interpretations."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure.about.models import IndexPattern, Link, SpecialTopic, Validity
from gongkai.web.disclosure.about.numbering import demand_usable, pattern_of
from gongkai.web.disclosure.about.queries import validity_of
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.screening import demand_presentable
from gongkai.web.ledger.acts import Act, action

IN_FORCE = "in_force"
LONGEST = 500


def of_item(item: Item, **_: Any) -> Agency:
    """The organ of the item that an act is about."""
    return item.agency


def locked(item: Item) -> Item:
    """The item as it is now, kept from others until the act is done."""
    return Item.objects.select_for_update(of=("self",)).select_related("agency", "current").get(pk=item.pk)


@action("disclosure.set_index_pattern", agency=lambda agency, **_: agency)
def set_index_pattern(act: Act, *, agency: Agency, pattern: str, code: str = "", from_on: datetime.date) -> IndexPattern:
    """How an organ writes index numbers from a day on, and every organ below that set none of its own. Numbers given stay."""
    pattern, code = pattern.strip(), code.strip().upper()
    demand_usable(agency, pattern, code, from_on)
    if from_on < act.on:
        raise Refused("起用日期不能早于今天：已经给出的索引号不变。")
    before = pattern_of(agency, from_on)
    if before is not None and (before.agency_id, before.pattern, before.code) == (agency.pk, pattern, code):
        raise Refused("格式没有变化，不用保存。")
    demand_presentable(agency, act.on, {"索引号格式": pattern, "机构代码": code})
    told = {"pattern": pattern, "organ_code": code, "from_on": from_on.isoformat()}
    entry = act.record(agency, change=(_told(before), told), facts=told)
    return IndexPattern.objects.create(agency=agency, pattern=pattern, code=code, from_on=from_on, entry=entry)


def _told(row: IndexPattern | None) -> dict[str, str] | None:
    return {"pattern": row.pattern, "organ_code": row.code, "from_on": row.from_on.isoformat()} if row else None


@action("disclosure.open_topic", agency=lambda agency, **_: agency)
def open_topic(act: Act, *, agency: Agency, name: str) -> SpecialTopic:
    """Open a special topic, under which every organ of the county may gather items."""
    name = " ".join(name.split())
    if not 2 <= len(name) <= 40:
        raise Refused("专题名称请写2到40个字。")
    if agency.parent_id is not None:
        raise Refused("专题由县级设立，各机关选用。")
    if SpecialTopic.objects.filter(county=agency, name=name).exists():
        raise Refused(f"已经有过名为“{name}”的专题，请换一个名称，例如加上年份。")
    demand_presentable(agency, act.on, {"专题名称": name})
    entry = act.record(agency, facts={"topic": name})
    return SpecialTopic.objects.create(county=agency, name=name, from_on=act.on, entry=entry)


def _of_topic(topic: SpecialTopic, **_: Any) -> Agency:
    return topic.county


@action("disclosure.close_topic", agency=_of_topic)
def close_topic(act: Act, *, topic: SpecialTopic) -> SpecialTopic:
    """Close a special topic: what is gathered under it stays, nothing new comes in."""
    topic = SpecialTopic.objects.select_for_update(of=("self",)).select_related("county").get(pk=topic.pk)
    if topic.until_on is not None:
        raise Refused("这个专题已经关闭。")
    topic.ended_by = act.record(topic.county, facts={"topic": topic.name, "ends": topic.pk})
    topic.until_on = act.on
    topic.save(update_fields=["ended_by", "until_on"])
    return topic


@action("disclosure.set_validity", agency=of_item)
def set_validity(
    act: Act, *, item: Item, state: str, since_on: datetime.date, successor: Item | None = None, reason: str = ""
) -> Validity:  # fmt: skip
    """Say that an item is in force, lapsed or repealed from a day on. It stays published; its page says so."""
    item, reason = locked(item), reason.strip()[:LONGEST]
    _demand_validity(item, state, since_on, successor, reason)
    before = validity_of(item, since_on)
    if before is not None and (before.state, before.since_on, before.successor_id) == (
        state,
        since_on,
        successor.pk if successor else None,
    ):
        raise Refused("有效性没有变化，不用保存。")
    demand_presentable(item.agency, act.on, {"依据": reason})
    facts = {"state": state, "since_on": since_on.isoformat(), "successor": successor.pk if successor else None}
    entry = act.record(item, reason=reason, facts=facts)
    return Validity.objects.create(item=item, state=state, since_on=since_on, successor=successor, reason=reason, entry=entry)


def _demand_validity(item: Item, state: str, since_on: datetime.date, successor: Item | None, reason: str) -> None:
    if state not in words("validities"):
        raise Refused("请选择有效、失效或者废止。")
    if not item.publications.exists():
        raise Refused("还没有发布过的信息不用标注有效性。")
    if since_on < item.formed_on:
        raise Refused(f"起算日期不能早于这份文件形成的日期（{item.formed_on}）。")
    if state == IN_FORCE and successor is not None:
        raise Refused("有效的文件没有代替它的新文件，请去掉新文件或者改选失效、废止。")
    if state != IN_FORCE and not reason:
        raise Refused("请写明失效或者废止的依据，例如清理结果的文号，公众会看到。")
    if successor is not None and (successor.pk == item.pk or not successor.publications.exists()):
        raise Refused("代替它的新文件应当是另一条已经发布的信息。")


def _of_document(document: Item, **_: Any) -> Agency:
    return document.agency


@action("disclosure.link", agency=_of_document)
def link(
    act: Act, *, document: Item, form_of: str, interpretation: Item | None = None, url: str = "", title: str = ""
) -> Link:  # fmt: skip
    """Tie a document to an interpretation of it: an item of this platform, or a page elsewhere with its title."""
    document, url, title = locked(document), url.strip(), " ".join(title.split())
    if form_of not in words("interpretation_forms"):
        raise Refused("请选择解读的形式。")
    if (interpretation is None) == (not url):
        raise Refused("请选择平台上的一条解读，或者填写其他网站上的网址，二者选一。")
    if interpretation is not None:
        _demand_linkable(document, interpretation)
        title = interpretation.title
    elif not title or len(title) > 200:
        raise Refused("请填写解读的名称，不超过200个字。")
    elif not _is_address(url):
        raise Refused("网址应当以http://或者https://开头，例如https://www.gov.cn/。")
    elif Link.objects.filter(document=document, url=url, ended_on__isnull=True).exists():
        raise Refused("这个网址已经关联过了。")
    if interpretation is None:
        demand_presentable(document.agency, act.on, {"解读名称": title, "解读网址": url})
    facts = {"form_of": form_of, "interpretation": interpretation.pk if interpretation else None, "url": url, "title": title}
    entry = act.record(document, facts=facts)
    return Link.objects.create(document=document, interpretation=interpretation, url=url, title=title, form_of=form_of, entry=entry)


def _demand_linkable(document: Item, interpretation: Item) -> None:
    if interpretation.pk == document.pk:
        raise Refused("文件不能解读自己，请选择另一条信息。")
    if interpretation.agency.county_path != document.agency.county_path or interpretation.is_discarded:
        raise Refused("只能关联本县没有作废的信息。")
    if Link.objects.filter(document=document, interpretation=interpretation, ended_on__isnull=True).exists():
        raise Refused("这条解读已经关联过了。")


def _is_address(url: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        return False
    return len(url) <= LONGEST


def _of_link(link: Link, **_: Any) -> Agency:
    return link.document.agency


@action("disclosure.unlink", agency=_of_link)
def unlink(act: Act, *, link: Link, reason: str) -> Link:
    """Undo a tie that was made by mistake; both are still told in the history."""
    link = Link.objects.select_for_update(of=("self",)).select_related("document").get(pk=link.pk)
    if link.ended_on is not None:
        raise Refused("这个关联已经解除。")
    if not reason.strip():
        raise Refused("请写明解除关联的理由。")
    link.ended_by = act.record(link.document, reason=reason.strip()[:LONGEST], facts={"ends": link.pk, "title": link.title})
    link.ended_on = act.on
    link.save(update_fields=["ended_by", "ended_on"])
    return link

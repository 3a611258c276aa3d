"""What a channel is given of a published revision: texts to copy, and everything as one record for other systems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from gongkai.web.disclosure.channels.reminders import OWN
from gongkai.web.disclosure.channels.values import channel_kinds
from gongkai.web.disclosure.choices import words
from gongkai.web.disclosure.models import Delivery, Publication
from gongkai.web.disclosure.richtext import text_of

_ENDS = "。！？；\n"
_DOTS = "……"
PARTS = {"title": "标题", "summary": "摘要", "body": "正文", "whole": "全文", "notice": "撤下通知"}


@dataclass(frozen=True, slots=True)
class Part:
    """One text to copy. ``limit`` is the most that the channel takes, ``is_cut`` whether it was shortened for that."""

    id: str
    text: str
    limit: int | None = None
    is_cut: bool = False

    @property
    def words(self) -> str:
        """What the part is called."""
        return PARTS[self.id]

    @property
    def is_long(self) -> bool:
        """Whether a person has to shorten it: a title is never cut by itself."""
        return self.limit is not None and len(self.text) > self.limit


def parts_of(delivery: Delivery, address: str) -> list[Part]:
    """The texts that a channel is given; ``address`` is where the public meets the platform, empty when nobody set it."""
    publication, kind = delivery.publication, channel_kinds()[delivery.channel]
    if delivery.is_withdrawal:
        return [Part("notice", notice_of(publication))]
    content, limits = publication.revision.content, kind.limits
    link = public_link(publication, address) if kind.has_link else ""
    if "title" in limits:
        return list(_apart(publication, link))
    return [_whole(content["title"], publication, link, limits.get("whole"))]


def _apart(publication: Publication, link: str) -> Iterator[Part]:
    """Title, summary and body apart, as editors of articles want them."""
    content, limits = publication.revision.content, channel_kinds()["wechat"].limits
    yield Part("title", content["title"], limits["title"])
    body = text_of(content["body"])
    summary = content.get("summary") or "".join(body.split("\n")[:1])
    yield Part("summary", cut(summary, limits["summary"]), limits["summary"], len(summary) > limits["summary"])
    end = _signed(publication, link)
    yield Part("body", cut(body, limits["body"] - len(end)) + end, limits["body"], len(body) > limits["body"] - len(end))


def _whole(title: str, publication: Publication, link: str, limit: int | None) -> Part:
    content = publication.revision.content
    summary = f"{content['summary']}\n\n" if content.get("summary") and limit is None else ""
    head, end = f"{title}\n\n{summary}", _signed(publication, link)
    body = text_of(content["body"])
    room = None if limit is None else max(0, limit - len(head) - len(end))
    return Part("whole", head + (body if room is None else cut(body, room)) + end, limit, room is not None and len(body) > room)


def _signed(publication: Publication, link: str) -> str:
    """Who published it and when, with the link where there is one."""
    more = f"\n全文：{link}" if link else ""
    return f"\n\n{publication.item.agency.name}\n{publication.published_on:%Y年%-m月%-d日}{more}"


def cut(text: str, limit: int) -> str:
    """The text, shortened to ``limit`` characters where it is longer: after a sentence if one ends in its second half."""
    if len(text) <= limit:
        return text
    kept = text[: max(0, limit - len(_DOTS))]
    end = max(kept.rfind(sign) for sign in _ENDS) + 1
    return (kept[:end] if end > len(kept) // 2 else kept).rstrip() + (_DOTS if limit >= len(_DOTS) else "")


def notice_of(publication: Publication) -> str:
    """What a channel is told that carries something withdrawn. What was withdrawn is not told once more."""
    item, reason = publication.item, publication.withdrawal.reason if publication.withdrawal else ""
    return (
        f"请撤下《{publication.revision.content['title']}》（索引号{item.index_number}），不再提供。\n"
        f"{item.agency.name}{publication.published_on:%Y年%-m月%-d日}发布，{publication.withdrawn_on:%Y年%-m月%-d日}撤回。\n理由：{reason}"
    )


def public_link(publication: Publication, address: str) -> str:
    """The address of the public page; empty when the site does not carry it or nobody set where the site is."""
    if not address or not publication.deliveries.filter(channel=OWN, is_withdrawal=False).exists():
        return ""
    return address + reverse("portal:item", args=[publication.item.slug])


def record_of(delivery: Delivery, address: str) -> dict[str, Any]:
    """Everything about a delivery for another system. A withdrawal names what to take down and why, without its text."""
    publication, item = delivery.publication, delivery.publication.item
    content, link = publication.revision.content, public_link(publication, address)
    told: dict[str, Any] = {
        "version": 1,
        "event": "withdraw" if delivery.is_withdrawal else "publish",
        "delivery": delivery.pk,
        "channel": delivery.channel,
        "channel_title": words("channels")[delivery.channel],
        "index_number": item.index_number,
        "title": content["title"],
        "agency": item.agency.name,
        "agency_code": item.agency.path,
        "revision": publication.revision.digest,
        "published_on": publication.published_on.isoformat(),
        "url": link or None,
    }
    if delivery.is_withdrawal:
        reason = publication.withdrawal.reason if publication.withdrawal else ""
        return told | {"withdrawn_on": publication.withdrawn_on.isoformat(), "reason": reason}
    names = ("kind", "column", "formed_on", "document_number", "summary", "keywords")
    return told | {
        **{name: content.get(name, "") for name in names},
        "text": text_of(content["body"]),
        "html": content["body"],
        "attachments": [_attached(row, publication, address if link else "") for row in content.get("attachments", [])],
    }


def _attached(row: dict[str, Any], publication: Publication, address: str) -> dict[str, Any]:
    url = address + reverse("portal:attachment", args=[publication.item.slug, row["digest"]]) if address else None
    return {"name": row["name"], "size": row["size"], "sm3": row["digest"], "url": url}

"""What every public page says of the site: its name, who runs it, where it stands, the tags in its head, the way back to the top."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from gongkai.law.portal import FixedColumn, fixed_columns, tags
from gongkai.web.agencies.models import Agency
from gongkai.web.portal.caching import MEMORY
from gongkai.web.portal.looks import LOOKS, look_of

_HAN = re.compile("[\u3400-\u9fff]")
FIXED_ADDRESSES = {"guide": "portal:guide", "rules": "portal:rules", "content": "portal:content", "reports": "portal:reports",
                   "request": "portal:request"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """The site: ``root`` is the county that runs it, ``None`` before the platform was installed."""

    name: str
    address: str
    code: str
    icp: str
    police: str
    root: Agency | None

    @property
    def domain(self) -> str:
        """The domain alone."""
        return urlsplit(self.address).netloc


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from the home page to where the reader is. The last one has no address."""

    title: str
    address: str = ""

    @property
    def is_chinese(self) -> bool:
        """Whether it is written in Chinese, which a page in English says of it."""
        return _HAN.search(self.title) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The column a page stands in, as its head says it."""

    name: str
    type: str
    description: str
    keywords: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The article that a page shows, as its head says it. ``published`` is day and time."""

    title: str
    published: str
    source: str
    keywords: Sequence[str] = ()
    description: str = ""


@dataclass(slots=True, kw_only=True)
class Head:
    """What a page tells programs."""

    column: Column | None = None
    article: Article | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


def site_of(request: HttpRequest) -> Site:
    """The site as this request reached it; where the public address is set, that is where it stands."""
    said = settings.SITE
    root = MEMORY("root", lambda: Agency.objects.filter(parent__isnull=True).order_by("pk").first())
    name = said["NAME"] or f"{root.short_name if root else ''}政府信息公开平台"
    address = settings.PUBLIC_ADDRESS or f"{request.scheme}://{request.get_host()}"
    return Site(name, address, said["CODE"], said["ICP"], said["POLICE"], root)


def meta_of(site: Site, head: Head, address: str) -> list[tuple[str, str]]:
    """The tags of a page (国办发〔2017〕47号) that have something to say, in the norm's order."""
    values: dict[str, Sequence[str]] = {
        "SiteName": [site.name], "SiteDomain": [site.domain], "SiteIDCode": [site.code] if site.code else [], "Url": [address],
    }  # fmt: skip
    if column := head.column:
        values |= {
            "ColumnName": [column.name], "ColumnType": [column.type], "ColumnDescription": [column.description],
            "ColumnKeywords": column.keywords or [column.name],
        }  # fmt: skip
    if article := head.article:
        values |= {
            "ArticleTitle": [article.title], "PubDate": [article.published], "ContentSource": [article.source],
            "Keywords": article.keywords, "Author": [article.source], "Description": [article.description] if article.description else [],
        }  # fmt: skip
    return [(tag.name, value) for tag in tags() for value in values.get(tag.name, ())]


def fixed_of(organ: Agency) -> list[tuple[FixedColumn, str]]:
    """The fixed columns of an organ with their addresses."""
    return [(column, reverse(FIXED_ADDRESSES[column.id], args=[organ.code])) for column in fixed_columns()]


def page_context(request: HttpRequest, head: Head, *way: Step, organ: Agency | None = None) -> dict[str, Any]:
    """What the frame of a page needs: the site, the head, the way here, and the columns of the organ whose page it is."""
    site = site_of(request)
    address = site.address + request.path
    shown = organ or site.root
    look = look_of(request)
    return {
        "site": site,
        "canonical": address,
        "meta": meta_of(site, head, address),
        "about_page": head.about,
        "head": head,
        "way": [Step(site.name, reverse("portal:home")), *way],
        "organ": organ,
        "fixed": fixed_of(shown) if shown else [],
        "languages": settings.LANGUAGES,
        "look": look,
        "looks": [(name, words, name in look) for name, words in LOOKS.items()],
    }

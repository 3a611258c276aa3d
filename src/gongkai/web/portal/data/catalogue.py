"""The catalogue of the open data in DCAT (JSON-LD): one dataset for each kind and year, its files, and the API."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.urls import reverse

from gongkai.web.portal.data.dumps import TYPES, Dump
from gongkai.web.portal.site import Site

TITLES = {"items": "公开的信息", "registers": "登记册", "figures": "年度报告第二部分的数字", "annual-reports": "年度报告的单元格"}
SAID = {
    "items": "这一年发布、现在仍然公开的信息：要素、有效性、正文和附件的地址。",
    "registers": "计入这一年年度报告第二部分的规章、规范性文件、许可、处罚、强制和收费，不含任何人的姓名。",
    "figures": "由登记册和申报得出的第二部分各单元格，没有人说过的没有数字。以公布的年度报告为准。",
    "annual-reports": "现在公布的这一年年度报告，由程序读出，一行一个单元格：原文、数值，没有数值的写明原因。以报告原文为准。",
}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
PUBLIC = {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"}
MEDIA = "https://www.iana.org/assignments/media-types/"


def catalogue(site: Site, dumps: Iterable[Dump]) -> dict[str, Any]:
    """The whole catalogue."""
    home = site.address + reverse("portal:data")
    rows = sorted(dumps, key=lambda dump: (dump.kind, -dump.year))
    sets = [_dataset(home, kind, year, list(files)) for (kind, year), files in groupby(rows, key=lambda dump: (dump.kind, dump.year))]
    newest = max((dump.made_at for dump in rows), default=None)
    return {
        "@context": CONTEXT, "@id": home + "catalog.jsonld", "@type": "dcat:Catalog", "dct:title": _chinese(f"{site.name}开放数据"),
        "dct:description": _chinese("本平台主动公开的政府信息。现在不公开的，这里也没有。"), "dct:language": "zh-Hans",
        "foaf:homepage": {"@id": home}, **({"dct:publisher": _publisher(site)} if site.root else {}),
        **({"dct:modified": _typed(newest, "dateTime")} if newest else {}), "dcat:dataset": sets, "dcat:service": [_access(site)],
    }  # fmt: skip


def _publisher(site: Site) -> dict[str, Any]:
    return {"@type": "foaf:Agent", "foaf:name": _chinese(site.root.name if site.root else ""), "foaf:homepage": {"@id": site.address}}


def _access(site: Site) -> dict[str, Any]:
    home = site.address + reverse("portal:api")
    return {
        "@id": home, "@type": "dcat:DataService", "dct:title": _chinese("开放数据接口"), "dcat:endpointURL": {"@id": home},
        "dcat:endpointDescription": {"@id": site.address + reverse("portal:openapi")}, "dct:accessRights": PUBLIC,
    }  # fmt: skip


def _dataset(home: str, kind: str, year: int, files: list[Dump]) -> dict[str, Any]:
    name = f"{home}#{kind}-{year}"
    return {
        "@id": name, "@type": "dcat:Dataset", "dct:identifier": f"{kind}-{year}", "dct:title": _chinese(f"{year}年{TITLES[kind]}"),
        "dct:description": _chinese(SAID[kind]), "dct:language": "zh-Hans", "dct:accessRights": PUBLIC,
        "dct:modified": _typed(files[0].made_at, "dateTime"),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime", "dcat:startDate": _typed(f"{year}-01-01", "date"), "dcat:endDate": _typed(f"{year}-12-31", "date"),
        },
        "dcat:distribution": [_distribution(home, dump) for dump in files],
    }  # fmt: skip


def _distribution(home: str, dump: Dump) -> dict[str, Any]:
    address = reverse("portal:data_file", args=[dump.name]).removeprefix(reverse("portal:data"))
    return {
        "@id": f"{home}{address}", "@type": "dcat:Distribution", "dct:title": dump.name, "dcat:accessURL": {"@id": home},
        "dcat:downloadURL": {"@id": f"{home}{address}"}, "dcat:mediaType": {"@id": MEDIA + TYPES[dump.format].partition(";")[0]},
        "dcat:byteSize": _typed(str(dump.size), "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum", "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(dump.sha256, "hexBinary"),
        },
    }  # fmt: skip


def _chinese(said: str) -> dict[str, str]:
    return {"@value": said, "@language": "zh-Hans"}


def _typed(said: str | None, type_: str) -> dict[str, str | None]:
    return {"@value": said, "@type": f"xsd:{type_}"}

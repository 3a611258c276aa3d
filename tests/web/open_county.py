"""What the tests of the open data begin with: a county in which something is public, something was, and something is not."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from gongkai.web.agencies.models import Person
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.registers import actions as register_actions
from gongkai.web.portal import caching
from gongkai.web.portal.api import answering
from gongkai.web.portal.api.rates import Rates
from gongkai.web.portal.data import dumps
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County
from tests.web.register_rows import D, add

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=moment.ZONE)
# What stands in the office and must never leave it.
SECRETS = (
    "占用田间道路堆放砂石",
    "青禾罚决〔2026〕8号",
    "青禾罚决〔2026〕9号",
    "票据20260001",
    "还在起草的安排",
    "已经撤回的正文",
    "依据的统计表",
)
WITHDRAWN_BODY = "<p>已经撤回的正文。</p>"


@dataclass
class Open:
    """The county, what it published, and who asks."""

    county: County
    policy: Publication
    notice: Publication
    licence: Publication
    withdrawn: Publication
    officer: Person

    @property
    def places(self) -> dict[str, str]:
        """What the examples ask for."""
        return {"organ": "qinghe", "year": "2026", "slug": self.policy.item.slug, "number": "青政规〔2026〕1号"}

    def draft_again(self) -> None:
        """A newer draft of the policy, which is not public."""
        person = self.county.person("qinghe", "drafter")
        changed = actions.Content(title="还在起草的安排", body="<p>未定。</p>", kind="policy", column="a20_01", formed_on=DAY)
        actions.revise(person=person, on=DAY, item=self.policy.item, content=changed)


def opened(county: County) -> Open:
    """Four items, one of them withdrawn; a draft; and registers of the year 2026."""
    policy = county.published(
        title="青禾镇河道保洁办法", kind="policy", column="a20_01", document_number="青政规〔2026〕1号", body="<p>河道<strong>保洁</strong>办法。</p>",
        summary="河道怎样保洁", keywords="河道，保洁", written_on=D(2026, 2, 26),
    )  # fmt: skip
    notice = county.published("baishu", title="=HYPERLINK(A1) 柏树乡春季植树安排")
    details = {"subject": "林木采伐许可", "decided_on": "2026-02-24"}
    licence = county.published(title="青禾镇林木采伐许可办理结果", kind="licence", column="a20_05", details=details)
    withdrawn = county.published(title="青禾镇二月公示", body=WITHDRAWN_BODY)
    head = county.person("qinghe", "office_head")
    actions.withdraw(person=head, on=DAY, publication=withdrawn, reason="表格数字有误")
    withdrawn.refresh_from_db()
    county.draft(title="还在起草的安排")
    officer = county.person("qinghe", "report_officer")
    _registered(county, officer, licence)
    return Open(county, policy, notice, licence, withdrawn, officer)


def _registered(county: County, officer: Person, licence: Publication) -> None:
    """Two documents, three penalties, one licence, three fees; one penalty was struck."""
    organ = county.organs["qinghe"]
    add(officer, organ, "normative_document")
    add(
        officer,
        organ,
        "normative_document",
        number="青政规〔2024〕2号",
        title="青禾镇集市办法",
        issued_on=D(2024, 5, 6),
        in_force_from=D(2024, 6, 1),
    )
    add(officer, organ, "penalty")
    add(officer, organ, "penalty", number="青禾罚决〔2026〕8号", is_published=False)
    add(officer, organ, "penalty", number="青禾罚决〔2026〕9号", withdrawn_on=D(2026, 3, 1))
    struck = add(officer, organ, "penalty", number="青禾罚决〔2026〕10号")
    register_actions.strike(person=officer, on=DAY, row=struck, reason="录错了机关")
    number = licence.item.index_number
    add(officer, organ, "licence", number="青禾许〔2026〕1号", decided_on=D(2026, 2, 24), matter="林木采伐", index_number=number)
    add(officer, organ, "fee", number="票据20260001")
    add(officer, organ, "fee", number="票据20260002", amount_wan=Decimal("0.3"), collected_on=D(2026, 1, 31))
    add(officer, organ, "fee", number="票据20260003", amount_wan=Decimal("0.1"), collected_on=D(2026, 2, 3))


@pytest.fixture
def opened_county(county: County) -> Iterator[Open]:
    """The county, on its day, with nothing kept from another test."""
    with moment.at(NOON):
        yield opened(county)


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is kept from another test: no answers, no callers, no files."""
    version, shelf = caching.Version(), caching.Shelf()
    for module in (answering, caching, dumps):
        monkeypatch.setattr(module, "VERSION", version)
    for module in (answering, caching):
        monkeypatch.setattr(module, "SHELF", shelf)
    monkeypatch.setattr(answering, "_CHANGED", {})
    monkeypatch.setattr(answering, "RATES", Rates())
    monkeypatch.setattr(settings, "DUMP_ROOT", tmp_path / "open-data")


def asked(address: str, status: int = 200, **headers: str) -> Any:
    """The answer in JSON."""
    answer = Client().get(address, headers=headers)
    assert answer.status_code == status, answer.content[:500]
    return answer.json()


def as_rows(answer: Any) -> list[dict[str, str]]:
    """The rows of an answer in CSV."""
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def body_of(answer: Any) -> bytes:
    """All that an answer holds."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content

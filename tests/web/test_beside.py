"""What stands beside an item is found by one question, and the item's page asks no more than it needs."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.about import actions as about
from gongkai.web.disclosure.beside import NAMES, Beside
from gongkai.web.disclosure.joint import actions as joint
from gongkai.web.disclosure.material.actions import take
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.past import actions as past
from gongkai.web.disclosure.screening import hits_of
from gongkai.web.disclosure.standing import actions as standing
from gongkai.web.disclosure.standing.models import CatalogRow
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County
from tests.web.test_consultations import asked
from tests.web.test_material import Entrance
from tests.web.test_past import approve, hand_in, row, table
from tests.web.test_schedule import timed
from tests.web.test_standing import ONE, filed, forbid
from tests.web.test_walk import client_of


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def _valid(county: County) -> Item:
    item: Item = county.published(kind="policy").item
    head = county.person("qinghe", "office_head")
    about.set_validity(person=head, on=DAY, item=item, state="lapsed", since_on=DAY, reason="规定的任务已经完成")
    return item


def _linked(county: County, *, is_document: bool) -> Item:
    document, interpretation = county.published(kind="policy").item, county.published(kind="interpretation").item
    head = county.person("qinghe", "office_head")
    about.link(person=head, on=DAY, document=document, form_of="text", interpretation=interpretation)
    return document if is_document else interpretation


def _consulted(county: County) -> Item:
    item = county.draft()
    asked(county, item)
    return item


def _joined(county: County) -> Item:
    item = county.draft(kind="joint")
    joint.add_joint_organ(person=county.person("qinghe", "drafter"), on=DAY, item=item, organ=county.organs["baishu"])
    return item


def _remarked(county: County) -> Item:
    item = county.draft()
    joint.comment(person=county.person("qinghe", "drafter"), on=DAY, item=item, agency=item.agency, words="数字已经核对")
    return item


def _credited(county: County) -> Item:
    entrance = Entrance(county)
    material = entrance.handed()
    take(person=entrance.drafter, on=DAY, material=material)
    return entrance.drafted(material)


def _timed(county: County) -> Item:
    item = county.reviewed(county.draft())
    timed(county, item)
    return item


def _answered(county: County) -> Item:
    item = county.draft(body="<p>联系人王小明，手机13800138000。</p>")
    hit = hits_of(item, item.current.content, DAY)[0]
    told = {"field": hit.field, "code": hit.hit.code, "mark": hit.mark, "reason": "公布的值班电话"}
    actions.answer_hit(person=county.person("qinghe", "drafter"), on=DAY, item=item, **told)
    return item


def _catalogued(county: County) -> Item:
    filed(county, ONE)
    return county.draft()


def _filed(county: County) -> Item:
    item = _catalogued(county)
    standing.file_under(person=county.person("qinghe", "drafter"), on=DAY, item=item, row=CatalogRow.objects.get())
    return item


def _forbidden(county: County) -> Item:
    forbid(county, "内部讨论稿")
    return county.draft()


def _past(county: County) -> Item:
    run = approve(county, hand_in(county, table(row(1))))
    past.take_all(run)
    return Item.objects.get(agency=county.organs["qinghe"])


MADE: dict[str, tuple[Callable[[County], Item], set[str]]] = {
    "validities": (_valid, set()),
    "interpretations": (lambda county: _linked(county, is_document=True), set()),
    "documents": (lambda county: _linked(county, is_document=False), set()),
    "consultations": (_consulted, set()),
    "joint_organs": (_joined, set()),
    "comments": (_remarked, set()),
    "sources": (_credited, set()),
    "scheduled": (_timed, set()),
    "hit_answers": (_answered, set()),
    "catalog": (_catalogued, set()),
    "catalog_rows": (_filed, {"catalog"}),
    "negative_terms": (_forbidden, set()),
    "past_batches": (_past, set()),
}


def test_every_table_is_tried() -> None:
    assert set(MADE) == set(NAMES)


@pytest.mark.parametrize("name", sorted(MADE))
def test_it_is_found_for_the_item_that_has_it_and_for_no_other(county: County, name: str) -> None:
    with moment.at(datetime.datetime(2026, 3, 2, 9, 0, tzinfo=moment.ZONE)):
        other = county.draft("baishu")
        make, along = MADE[name]
        item = make(county)
        assert Beside(item).names == {name, *along}
        assert Beside(other).names == frozenset()


def test_a_name_that_is_not_looked_for_is_a_mistake(county: County) -> None:
    beside = Beside(county.draft())
    assert beside.rows("comments", lambda: ["never asked"]) == []
    with pytest.raises(KeyError):
        beside.rows("remarks", list)


def test_the_page_of_a_plain_item_asks_few_questions(county: County) -> None:
    item = county.published().item
    with moment.at(datetime.datetime(2026, 3, 3, 9, 0, tzinfo=moment.ZONE)):
        client = client_of(county.person("qinghe", "office_head"))
        client.get(f"/office/items/{item.pk}/")
        with CaptureQueriesContext(connection) as questions:
            assert client.get(f"/office/items/{item.pk}/").status_code == 200
    assert len(questions) <= 16
    assert not [asked for asked in questions if asked["sql"].startswith("UPDATE")]


def test_an_item_of_a_foreign_organ_is_not_there(county: County) -> None:
    item = county.draft("baishu")
    assert queries.item_seen_by(county.person("qinghe", "office_head"), item.pk) is None
    assert queries.item_seen_by(county.person("yunchuan", "authority"), item.pk).state == "draft"

"""Finding the item to tie another one to: without a script, within what the viewer may see, and never by looking through everything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.web.disclosure import actions, choosing, finding, following
from gongkai.web.disclosure.about.models import Link, Validity
from gongkai.web.disclosure.joint.actions import add_joint_organ
from gongkai.web.disclosure.models import Item
from gongkai.web.review.models import Run
from tests.web.conftest import DAY, County
from tests.web.test_joint import passing
from tests.web.test_walk import client_of


@pytest.fixture
def policy(county: County) -> Item:
    item: Item = county.published(kind="policy", title="青禾镇秸秆禁烧办法").item
    return item


@pytest.fixture(params=["index", "no index"])
def index(request: Any, settings: Any, tmp_path: Path) -> Any:
    """With an index that follows, and with none."""
    settings.INDEX_ROOT = tmp_path / "index"
    return following.follow if request.param == "index" else lambda: None


def found(county: County, but: Item, words: str = "", after: int | None = None, who: str = "office_head") -> list[str]:
    return [row.title for row in choosing.choices(county.person("qinghe", who), but=but, words=words, after=after).rows]


class TestWhatIsOffered:
    def test_published_items_of_ones_own_newest_first(self, county: County, policy: Item) -> None:
        county.published(title="解读一")
        county.draft(title="草稿")
        county.published("baishu", title="柏树乡的解读")
        county.published(title="解读二")
        assert found(county, policy) == ["解读二", "解读一"]

    def test_words_find_it_among_the_organs_own(self, county: County, policy: Item, index: Any) -> None:
        county.published(title="秸秆禁烧办法的问答")
        county.published("baishu", title="柏树乡秸秆禁烧问答")
        county.draft(title="还没发布的秸秆问答")
        for number in range(12):
            county.published(title=f"第{number}件")
        index()
        assert found(county, policy, "秸秆") == ["秸秆禁烧办法的问答"]
        assert found(county, policy, "没有这个词") == []

    def test_the_beginning_of_an_index_number_finds_it(self, county: County, policy: Item, index: Any) -> None:
        other = county.published(title="另一件").item
        foreign = county.published("baishu", title="柏树乡的").item
        index()
        assert found(county, policy, other.index_number) == ["另一件"]
        assert found(county, policy, other.index_number[:-1]) == ["另一件"]
        assert found(county, policy, foreign.index_number) == []
        # What has a meaning in a pattern has none here.
        assert found(county, policy, "%") == found(county, policy, "qinghe_2026") == []

    def test_a_document_issued_together_is_offered_to_both(self, county: County, policy: Item) -> None:
        joint = county.draft("jiaotong", kind="joint", title="两家联合的通告")
        add_joint_organ(person=county.person("jiaotong", "drafter"), on=DAY, item=joint, organ=county.organs["qinghe"])
        assert found(county, policy) == []  # not published yet
        lead = actions.submit(person=county.person("jiaotong", "drafter"), on=DAY, item=joint)
        passing(county, lead, "jiaotong")
        passing(county, Run.objects.get(lead=lead), "qinghe")
        actions.publish(person=county.person("jiaotong", "office_head"), on=DAY, item=joint)
        assert found(county, policy) == ["两家联合的通告"]

    @pytest.mark.parametrize("words", ["", "件"])
    def test_pages_together_are_everything_once(self, county: County, policy: Item, words: str, index: Any) -> None:
        for number in range(23):
            county.published(title=f"第{number}件")
        index()
        titles, key = [], None
        while True:
            page = choosing.choices(county.person("qinghe", "office_head"), but=policy, words=words, after=key)
            assert len(page.rows) <= choosing.SIZE
            titles, key = [*titles, *(row.title for row in page.rows)], page.next_key
            if key is None:
                break
        assert titles == [f"第{number}件" for number in reversed(range(23))]
        assert page.is_partial == (bool(words) and not finding.is_ready())

    def test_a_number_is_looked_up_in_the_index_of_the_table(self, county: County, policy: Item) -> None:
        with CaptureQueriesContext(connection) as asked:
            list(choosing._numbered(county.person("qinghe", "office_head"), "qinghe/2026-0", policy))
        sql = next(one["sql"] for one in asked if "LIMIT 1000" in one["sql"])
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + sql)
                plan = "; ".join(str(row[3]) for row in cursor.fetchall())
            assert re.search(r"SEARCH disclosure_item USING (COVERING )?INDEX \S+ \(index_number>\? AND index_number<\?\)", plan), plan
        else:
            assert "LIKE 'qinghe/2026-0%'" in sql

    def test_titles_of_the_newest_only_without_an_index(self, county: County, policy: Item, monkeypatch: Any) -> None:
        monkeypatch.setattr(choosing, "NEWEST", 3)
        for number in range(5):
            county.published(title=f"第{number}件")
        assert found(county, policy, "件") == ["第4件", "第3件", "第2件"]


class TestTheForms:
    def test_looking_does_nothing_and_keeps_what_was_typed(self, county: County, policy: Item) -> None:
        new = county.published(kind="policy", title="新的禁烧办法").item
        for number in range(12):
            county.published(title=f"第{number}件")
        client, address = client_of(county.person("qinghe", "office_head")), reverse("office:validity", args=[policy.pk])
        assert "新的禁烧办法" not in client.get(address).content.decode()
        said = {"state": "repealed", "since_on": "2026-03-02", "reason": "清理结果"}
        page = client.post(address, {**said, "find": "first", "find_words": new.index_number}).content.decode()
        assert "新的禁烧办法" in page and "清理结果</textarea>" in page and not Validity.objects.exists()
        assert re.search(r'value="repealed"[^>]*checked', page)
        # What is chosen stays while one looks for something else.
        page = client.post(address, {**said, "find": "first", "find_words": "", "successor": new.pk}).content.decode()
        assert f'value="{new.pk}" checked' in page and "再往后找" in page and not Validity.objects.exists()
        assert client.post(address, {**said, "successor": new.pk}).status_code == 302
        assert Validity.objects.get().successor == new

    def test_what_may_not_be_chosen_is_refused_even_when_named(self, county: County, policy: Item) -> None:
        foreign, draft = county.published("baishu", title="柏树乡的解读").item, county.draft(title="草稿")
        client, address = client_of(county.person("qinghe", "office_head")), reverse("office:links", args=[policy.pk])
        for number in (foreign.pk, draft.pk, policy.pk, 999_999, "x"):
            for said in ({}, {"find": "first"}):
                answer = client.post(address, {"form_of": "text", "interpretation": number, **said})
                page = answer.content.decode()
                assert "柏树乡的解读" not in page and "草稿" not in page
                assert answer.status_code == (200 if said else 422)
                assert ("没有这条信息，或者不能选择它，请重新查找。" in page) is not bool(said)
        assert not Link.objects.exists()

    def test_an_interpretation_is_found_and_tied(self, county: County, policy: Item) -> None:
        text = county.published(kind="interpretation", title="一图读懂").item
        client, address = client_of(county.person("qinghe", "office_head")), reverse("office:links", args=[policy.pk])
        page = client.post(address, {"form_of": "picture", "find": "first", "find_words": "读懂"}).content.decode()
        assert f'name="interpretation" value="{text.pk}"' in page
        assert client.post(address, {"form_of": "picture", "interpretation": text.pk}).status_code == 302
        assert Link.objects.get().interpretation == text

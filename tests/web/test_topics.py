"""Special topics on the public site: what stands under one follows publication and withdrawal."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about import actions as about
from gongkai.web.disclosure.about.models import SpecialTopic
from gongkai.web.disclosure.public.models import TopicPlace
from gongkai.web.disclosure.public.topics import topics
from gongkai.web.ledger.proof import verify
from tests.web.conftest import DAY, County, content, public_address
from tests.web.solicited import at
from tests.web.test_ledger import without_triggers

NAME = "春耕备耕"


@pytest.fixture
def topic(county: County) -> SpecialTopic:
    made: SpecialTopic = about.open_topic(person=county.person("yunchuan", "authority"), on=DAY, agency=county.root, name=NAME)
    return made


def shown(topic: SpecialTopic, **asked: str) -> str:
    answer = Client().get(reverse("portal:topic", args=[topic.pk]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_topic_holds_what_is_published_under_it(county: County, topic: SpecialTopic) -> None:
    county.draft(title="还没有发布的", special_topics=(NAME,))
    one = county.published(title="种子补贴", special_topics=(NAME,))
    county.published("baishu", title="农机检修", special_topics=(NAME,))
    county.published(title="不在专题里的")
    page = shown(topic)
    assert "种子补贴" in page and "农机检修" in page and "还没有发布" not in page and "不在专题里" not in page
    assert page.index("农机检修") < page.index("种子补贴"), "the newest first"
    assert reverse("portal:topic", args=[topic.pk]) in Client().get(public_address(one.item_id)).content.decode()
    assert [(row.row, row.n_items, row.last_on) for row in topics()] == [(topic, 2, DAY)]
    actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=one, reason="有误")
    assert "种子补贴" not in shown(topic) and topics()[0].n_items == 1
    assert list(verify()) == []


def test_a_new_revision_leaves_or_joins_a_topic_when_it_is_published(county: County, topic: SpecialTopic) -> None:
    publication = county.published(title="种子补贴", special_topics=(NAME,))
    drafter = county.person("qinghe", "drafter")
    item = actions.revise(person=drafter, on=DAY, item=publication.item, content=content(title="种子补贴（更正）"))
    assert "种子补贴" in shown(topic) and "更正" not in shown(topic), "a newer draft changes nothing"
    county.reviewed(item)
    actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=item)
    assert "种子补贴" not in shown(topic)
    assert list(verify()) == []


def test_closed_topics_stay_to_be_read(county: County, topic: SpecialTopic) -> None:
    county.published(title="种子补贴", special_topics=(NAME,))
    with at(DAY):
        assert "已结束" not in Client().get(reverse("portal:topics")).content.decode()
        about.close_topic(person=county.person("yunchuan", "authority"), on=DAY, topic=topic)
        listed = Client().get(reverse("portal:topics")).content.decode()
        assert "已结束" in listed and NAME in listed and "1 条" in listed
    assert "种子补贴" in shown(topic) and "结束，以前归入的信息仍然公开" in shown(topic)


def test_pages_of_a_topic_follow_each_other(county: County, topic: SpecialTopic, monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.web.portal.soliciting import topics as views

    page = views.page
    monkeypatch.setattr(views, "page", lambda narrowing, after: page(narrowing, after, 2))
    for n in range(3):
        county.published(title=f"第{n}条", special_topics=(NAME,))
    first = shown(topic)
    assert "第2条" in first and "第1条" in first and "第0条" not in first
    after = first.split("?after=")[1].split('"')[0]
    second = shown(topic, after=after)
    assert "第0条" in second and "第1条" not in second
    assert Client().get(reverse("portal:topic", args=[topic.pk + 999])).status_code == 404


def test_a_topic_of_the_same_name_in_another_county_is_another_one(county: County, topic: SpecialTopic) -> None:
    elsewhere = Agency.objects.create(code="linxian", kind="county", name="临县人民政府", short_name="临县")
    other = SpecialTopic.objects.create(county=elsewhere, name=NAME, from_on=DAY, entry=county.draft() and _an_entry())
    county.published(title="种子补贴", special_topics=(NAME,))
    assert list(TopicPlace.objects.values_list("topic", flat=True)) == [topic.pk]
    assert "种子补贴" not in shown(other)


def _an_entry() -> object:
    from gongkai.web.ledger.models import LedgerEntry

    return LedgerEntry.objects.latest("pk")


@pytest.mark.parametrize(
    "sql", ["DELETE FROM disclosure_topicplace", "INSERT INTO disclosure_topicplace (topic_id, publication_id) SELECT {topic}, {bare}"]
)
def test_a_place_that_the_revision_does_not_say_is_found_out(county: County, topic: SpecialTopic, sql: str) -> None:
    county.published(title="种子补贴", special_topics=(NAME,))
    bare = county.published(title="不在专题里的")
    if sql.startswith("DELETE"):
        with pytest.raises(IntegrityError, match="归入哪些专题"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert list(verify()) == []
    without_triggers(sql.format(topic=topic.pk, bare=bare.pk))
    assert any("归入的专题" in broken.words for broken in verify())


def test_the_migration_puts_what_is_published_where_it_belongs(county: County, topic: SpecialTopic) -> None:
    """What stood published before the table was made."""
    publication = county.published(title="种子补贴", special_topics=(NAME,))
    county.published(title="不在专题里的")
    without_triggers("DELETE FROM disclosure_topicplace")
    migration = importlib.import_module("gongkai.web.disclosure.migrations.0017_soliciting")
    migration.Migration.operations[-1].code(apps, connection.schema_editor())
    assert list(TopicPlace.objects.values_list("topic", "publication")) == [(topic.pk, publication.pk)]

"""Validity and the ties between documents and interpretations: said, undone, shown, and proven."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from gongkai.web.disclosure.about import actions, queries
from gongkai.web.disclosure.about.models import Link, Validity
from gongkai.web.disclosure.about.witness import links_hold, topics_hold, validities_hold
from gongkai.web.disclosure.models import Item
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County, public_address
from tests.web.test_publication import refusal
from tests.web.test_walk import client_of

DAYS = datetime.timedelta(days=1)


@pytest.fixture
def policy(county: County) -> Item:
    item: Item = county.published(kind="policy", title="青禾镇秸秆禁烧办法").item
    return item


def on(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(9), tzinfo=moment.ZONE)


class TestValidity:
    """In force, lapsed, repealed."""

    def test_what_holds_is_the_latest_that_has_begun(self, county: County, policy: Item) -> None:
        head, successor = county.person("qinghe", "office_head"), county.published(kind="policy", title="新办法").item
        assert queries.validity_of(policy, DAY) is None
        actions.set_validity(person=head, on=DAY, item=policy, state="lapsed", since_on=DAY + 10 * DAYS, reason="试行期满")
        actions.set_validity(
            person=head, on=DAY, item=policy, state="repealed", since_on=DAY + 20 * DAYS, successor=successor, reason="清理"
        )
        told = [queries.validity_of(policy, DAY + n * DAYS) for n in (9, 10, 19, 20)]
        assert [row and row.state for row in told] == [None, "lapsed", "lapsed", "repealed"]
        # A correction with the same day: what was said last holds.
        actions.set_validity(person=head, on=DAY, item=policy, state="in_force", since_on=DAY + 20 * DAYS)
        assert queries.validity_of(policy, DAY + 30 * DAYS).state == "in_force"

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"state": "gone"}, "请选择有效、失效或者废止。"),
            ({"state": "repealed", "reason": " "}, "请写明失效或者废止的依据，例如清理结果的文号，公众会看到。"),
            ({"since_on": DAY - 4 * DAYS}, "起算日期不能早于这份文件形成的日期（2026-02-27）。"),
        ],
    )
    def test_what_cannot_be_is_refused(self, county: County, policy: Item, changes: dict[str, object], words: str) -> None:
        values: dict[str, object] = {"state": "lapsed", "since_on": DAY, "reason": "期满", **changes}
        assert refusal(actions.set_validity, person=county.person("qinghe", "office_head"), item=policy, **values) == words

    def test_the_successor_is_another_published_item(self, county: County, policy: Item) -> None:
        head, draft = county.person("qinghe", "office_head"), county.draft()
        for other in (policy, draft):
            assert refusal(
                actions.set_validity, person=head, item=policy, state="repealed", since_on=DAY, successor=other, reason="清理"
            ) == "代替它的新文件应当是另一条已经发布的信息。"  # fmt: skip
        assert (
            refusal(actions.set_validity, person=head, item=draft, state="lapsed", since_on=DAY, reason="x")
            == "还没有发布过的信息不用标注有效性。"
        )
        assert refusal(
            actions.set_validity, person=head, item=policy, state="in_force", since_on=DAY, successor=county.published().item
        ).startswith("有效的文件没有代替它的新文件")  # fmt: skip

    def test_only_the_head_says_it(self, county: County, policy: Item) -> None:
        for duty in ("drafter", "final_reviewer"):
            assert refusal(
                actions.set_validity, person=county.person("qinghe", duty), item=policy, state="lapsed", since_on=DAY, reason="x"
            ).startswith("您在这个机关没有办理这件事的岗位")  # fmt: skip

    def test_the_public_page_stays_and_says_so(self, county: County, policy: Item) -> None:
        address = public_address(policy.pk)
        with moment.at(on(DAY)):
            page = Client().get(address).content.decode()
        assert "<dd>有效</dd>" in page and "废止" not in page
        successor = county.published(kind="policy", title="青禾镇秸秆综合利用办法").item
        client = client_of(county.person("qinghe", "office_head"))
        with moment.at(on(DAY)):
            values = {"state": "repealed", "since_on": "2026-03-05", "successor": successor.pk, "reason": "青政发〔2026〕9号"}
            assert client.post(reverse("office:validity", args=[policy.pk]), values).status_code == 302
            assert "本文件自" not in Client().get(address).content.decode()
            assert "2026-03-05 起废止" in client.get(reverse("office:item", args=[policy.pk])).content.decode()
        with moment.at(on(DAY + 3 * DAYS)):
            page = Client().get(address).content.decode()
        assert "本文件自 2026-03-05 起废止" in page and "青政发〔2026〕9号" in page
        assert "现将本镇2026年春季植树安排予以公开" in page
        assert f'<a href="{public_address(successor.pk)}">《青禾镇秸秆综合利用办法》</a>' in page

    def test_a_refusal_keeps_what_was_typed(self, county: County, policy: Item) -> None:
        client = client_of(county.person("qinghe", "office_head"))
        answer = client.post(
            reverse("office:validity", args=[policy.pk]), {"state": "repealed", "since_on": "2026-02-01", "reason": "依据甲"}
        )
        assert answer.status_code == 422
        assert "起算日期不能早于" in answer.content.decode() and "依据甲" in answer.content.decode()


class TestLinks:
    """A document and its interpretations know of each other."""

    def test_both_pages_name_the_other(self, county: County, policy: Item) -> None:
        drafter, reading = county.person("qinghe", "drafter"), county.published(kind="interpretation", title="一图读懂").item
        actions.link(person=drafter, on=DAY, document=policy, interpretation=reading, form_of="picture")
        actions.link(person=drafter, on=DAY, document=policy, url="https://example.gov.cn/v", title="镇长访谈", form_of="interview")
        document = Client().get(public_address(policy.pk)).content.decode()
        interpretation = Client().get(public_address(reading.pk)).content.decode()
        assert "一图读懂" in document and "镇长访谈" in document and 'href="https://example.gov.cn/v"' in document
        assert "解读的文件" in interpretation and "青禾镇秸秆禁烧办法" in interpretation
        office = client_of(drafter).get(reverse("office:item", args=[reading.pk])).content.decode()
        assert "青禾镇秸秆禁烧办法" in office

    def test_the_public_sees_no_interpretation_that_is_not_public(self, county: County, policy: Item) -> None:
        drafter, draft = county.person("qinghe", "drafter"), county.draft(title="还没有发布的解读")
        actions.link(person=drafter, on=DAY, document=policy, interpretation=draft, form_of="text")
        assert "还没有发布的解读" not in Client().get(public_address(policy.pk)).content.decode()
        assert "还没有发布的解读" in client_of(drafter).get(reverse("office:item", args=[policy.pk])).content.decode()

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({}, "请选择平台上的一条解读，或者填写其他网站上的网址，二者选一。"),
            ({"url": "javascript:alert(1)", "title": "点我"}, "网址应当以http://或者https://开头，例如https://www.gov.cn/。"),
            ({"url": "https://example.gov.cn/", "title": " "}, "请填写解读的名称，不超过200个字。"),
            ({"url": "https://example.gov.cn/", "title": "甲", "form_of": "song"}, "请选择解读的形式。"),
        ],
    )
    def test_what_cannot_be_is_refused(self, county: County, policy: Item, changes: dict[str, str], words: str) -> None:
        values = {"form_of": "text", **changes}
        assert refusal(actions.link, person=county.person("qinghe", "drafter"), document=policy, **values) == words

    def test_a_tie_is_made_once_and_can_be_undone(self, county: County, policy: Item) -> None:
        drafter, reading = county.person("qinghe", "drafter"), county.published(kind="interpretation").item
        row = actions.link(person=drafter, on=DAY, document=policy, interpretation=reading, form_of="text")
        assert refusal(actions.link, person=drafter, document=policy, interpretation=reading, form_of="text") == "这条解读已经关联过了。"
        assert (
            refusal(actions.link, person=drafter, document=policy, interpretation=policy, form_of="text")
            == "文件不能解读自己，请选择另一条信息。"
        )
        assert refusal(actions.unlink, person=drafter, link=row, reason="") == "请写明解除关联的理由。"
        actions.unlink(person=drafter, on=DAY, link=row, reason="关联错了")
        assert refusal(actions.unlink, person=drafter, link=row, reason="再来") == "这个关联已经解除。"
        assert list(queries.links_of(policy)) == []
        actions.link(person=drafter, on=DAY, document=policy, interpretation=reading, form_of="text")
        assert Link.objects.count() == 2

    def test_a_policy_without_an_interpretation_is_reminded_of(self, county: County, policy: Item) -> None:
        # Published on Monday 2 March 2026: three working days end on Thursday 5 March.
        drafter = county.person("qinghe", "drafter")
        due = queries.about(policy, DAY).due
        assert due is not None and due.day == datetime.date(2026, 3, 5)
        with moment.at(on(DAY)):
            assert "2026-03-05" in client_of(drafter).get(reverse("office:home")).content.decode()
        assert [(row.item_id, left) for row, _, left in queries.uninterpreted(drafter, DAY + 4 * DAYS)] == [(policy.pk, -1)]
        assert queries.uninterpreted(county.person("baishu", "drafter"), DAY) == []
        actions.link(person=drafter, on=DAY, document=policy, url="https://example.gov.cn/v", title="访谈", form_of="interview")
        assert queries.about(policy, DAY).due is None
        assert queries.uninterpreted(drafter, DAY) == []


class TestProof:
    """What the database refuses, and what ``gongkai verify`` finds when somebody went around it."""

    @pytest.fixture
    def rows(self, county: County, policy: Item) -> tuple[Validity, Link]:
        head = county.person("qinghe", "office_head")
        validity = actions.set_validity(person=head, on=DAY, item=policy, state="lapsed", since_on=DAY, reason="期满")
        tie = actions.link(person=head, on=DAY, document=policy, url="https://example.gov.cn/", title="甲", form_of="text")
        actions.set_index_pattern(
            person=head, on=DAY, agency=county.organs["qinghe"], pattern="{code}/{YYYY}-{n:05}", code="A1", from_on=DAY
        )
        return validity, tie

    def test_all_holds(self, rows: tuple[Validity, Link]) -> None:
        assert [*validities_hold(), *links_hold(), *topics_hold()] == []

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE disclosure_validity SET state = 'in_force'", "DELETE FROM disclosure_validity", "DELETE FROM disclosure_link",
            "UPDATE disclosure_link SET url = 'https://example.com/'", "UPDATE disclosure_indexpattern SET code = 'B2'",
        ],
    )  # fmt: skip
    def test_the_database_refuses_changes(self, rows: tuple[Validity, Link], statement: str) -> None:
        with pytest.raises(DatabaseError, match="不能改动或者删除"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_an_end_is_said_once(self, county: County, rows: tuple[Validity, Link]) -> None:
        actions.unlink(person=county.person("qinghe", "drafter"), on=DAY, link=rows[1], reason="错")
        with pytest.raises(DatabaseError, match="已经办完"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE disclosure_link SET ended_on = '2026-04-01'")

    def test_a_row_that_says_something_else_is_found(self, rows: tuple[Validity, Link]) -> None:
        validity = rows[0]
        forged = Validity(item=validity.item, state="repealed", since_on=DAY, reason="", entry=rows[1].entry)
        forged.save()
        assert [broken.number for broken in validities_hold()] == [rows[1].entry.number]

"""What screening finds in names of files and in links, and the three answers: mask, may be published or mistaken, must not be published."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.models import Person
from gongkai.web.disclosure import actions, queries
from gongkai.web.disclosure.models import HitAnswer, Item
from gongkai.web.disclosure.screening import ItemHit, hits_of
from gongkai.web.ledger.digest import sm3
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.proof import verify
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import stages
from tests.web.conftest import DAY, County, content
from tests.web.test_walk import client_of

ID = "11010519491231002X"


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def drafter(county: County) -> Person:
    return county.person("qinghe", "drafter")


def fresh(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def state(item: Item) -> str:
    return queries.state_of(queries.with_state(Item.objects.filter(pk=item.pk)).get())


def attached(county: County, *names: str) -> Item:
    item = county.draft()
    for number, name in enumerate(names):
        actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name=name, data=f"植树{number}".encode())
    return fresh(item)


def found(item: Item) -> list[ItemHit]:
    item = fresh(item)
    return hits_of(item, item.current.content, DAY)


def named(hit: ItemHit) -> dict[str, str]:
    return {"field": hit.field, "code": hit.hit.code, "mark": hit.mark}


class TestNamesOfFiles:
    def test_are_screened_like_words(self, county: County, drafter: Person) -> None:
        item = attached(county, f"机密★1年 李四{ID} 13812345678.txt")
        assert [(hit.field, hit.hit.code, hit.hit.quote, hit.hit.mask) for hit in found(item)] == [
            ("names", "secrecy.mark", "机密★1年", None),
            ("names", "person.id_number", ID, "1101＊＊＊＊＊＊＊＊＊＊002X"),
            ("names", "person.mobile", "13812345678", "138＊＊＊＊5678"),
        ]
        with pytest.raises(Refused) as caught:
            actions.submit(person=drafter, on=DAY, item=item)
        assert caught.value.message.startswith("发布前筛查还有3处没有处理：附件1的名称有国家秘密标志“机密★1年”。")
        assert ID not in caught.value.message and "13812345678" not in caught.value.message

    @pytest.mark.parametrize(
        "name", ["机密_名单.txt", "名单-秘密-2026.txt", "绝密 关于植树的通知.txt", "内部资料.txt", "工作秘密＋植树.txt"]
    )
    def test_a_mark_between_signs_stands_alone(self, county: County, name: str) -> None:
        (hit,) = found(attached(county, name))
        assert (hit.field, hit.hit.severity) == ("names", "block")
        assert hit.hit.quote in name

    @pytest.mark.parametrize(
        "name", ["植树安排.txt", "青政发〔2026〕3号-植树_2026-03-01.txt", "保守国家秘密法 宣传.txt", "0515-86201234.csv"]
    )
    def test_other_names_are_clean(self, county: County, name: str) -> None:
        assert found(attached(county, name)) == []

    def test_are_masked_in_a_new_revision(self, county: County, drafter: Person) -> None:
        item = attached(county, f"李四{ID}.txt")
        digest = item.current.content["attachments"][0]["digest"]
        actions.mask_hit(person=drafter, on=DAY, item=item, **named(found(item)[0]))
        (row,) = fresh(item).current.content["attachments"]
        assert (row["name"], row["digest"]) == ("李四1101＊＊＊＊＊＊＊＊＊＊002X.txt", digest)
        assert found(item) == []
        actions.submit(person=drafter, on=DAY, item=fresh(item))

    def test_two_files_do_not_become_one_by_masking(self, county: County, drafter: Person) -> None:
        item = attached(county, "13812345678.txt", "13811115678.txt")
        actions.mask_hit(person=drafter, on=DAY, item=item, **named(found(item)[0]))
        with pytest.raises(Refused, match="遮盖后两个附件同名，请用“改名”分别改成不同的名称。"):
            actions.mask_hit(person=drafter, on=DAY, item=fresh(item), **named(found(item)[0]))

    def test_a_file_is_renamed_on_the_item_page(self, county: County, drafter: Person) -> None:
        item = attached(county, "机密★1年.txt")
        client, digest = client_of(drafter), item.current.content["attachments"][0]["digest"]
        page = client.get(reverse("office:item", args=[item.pk])).content.decode()
        assert "改附件的名称" in page and reverse("office:rename", args=[item.pk]) in page
        client.post(reverse("office:rename", args=[item.pk]), {"digest": digest, "name": "植树 名单"})
        assert fresh(item).current.content["attachments"][0]["name"] == "植树 名单.txt"
        assert LedgerEntry.objects.get(action="disclosure.rename").facts == {"renamed": digest}
        assert list(verify()) == []

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            (" ", "请填写新的名称，连同后缀不超过120个字。"),
            ("长" * 117, "请填写新的名称，连同后缀不超过120个字。"),
            ("甲.txt", "名称没有变化，不用保存。"),
            ("乙", "已经有名为“乙.txt”的附件，请换一个名称。"),
        ],
    )
    def test_a_name_that_cannot_be_is_refused(self, county: County, drafter: Person, name: str, words: str) -> None:
        item = attached(county, "甲.txt", "乙.txt")
        with pytest.raises(Refused) as caught:
            actions.rename(person=drafter, on=DAY, item=item, digest=sm3("植树0".encode()), name=name)
        assert caught.value.message == words

    def test_a_name_keeps_its_kind_and_leads_nowhere(self, county: County, drafter: Person) -> None:
        item = attached(county, "甲.txt")
        actions.rename(person=drafter, on=DAY, item=item, digest=sm3("植树0".encode()), name="../../丙.exe")
        assert fresh(item).current.content["attachments"][0]["name"] == "丙.exe.txt"


class TestLinks:
    BODY = '<p><a href="https://example.gov.cn/{}">附表</a></p>'

    @pytest.mark.parametrize(
        ("address", "code"),
        [
            (f"list/{ID}.html", "person.id_number"),
            ("?phone=13812345678", "person.mobile"),
            ("%E6%9C%BA%E5%AF%86%E2%98%851%E5%B9%B4.html", "secrecy.mark"),
        ],
    )
    def test_lead_nowhere_that_tells_what_may_not_be_told(self, county: County, address: str, code: str) -> None:
        (hit,) = found(county.draft(body=self.BODY.format(address)))
        assert (hit.field, hit.hit.code) == ("links", code)
        assert hit.hit.message.startswith("正文第1个链接的网址有")

    @pytest.mark.parametrize("address", ["t20260301_13812345678.html", "col/12345/content/post_123456789.html", "?id=12345"])
    def test_may_have_numbers_of_pages(self, county: County, address: str) -> None:
        assert found(county.draft(body=self.BODY.format(address))) == []

    def test_are_masked_where_they_stand(self, county: County, drafter: Person) -> None:
        item = county.draft(body=self.BODY.format("?phone=13812345678"))
        actions.mask_hit(person=drafter, on=DAY, item=item, **named(found(item)[0]))
        assert "?phone=138****5678" in fresh(item).current.content["body"]

    def test_that_are_written_in_percents_are_changed_by_hand(self, county: County, drafter: Person) -> None:
        item = county.draft(body=self.BODY.format("?t=1%338123456%378"))
        with pytest.raises(Refused, match="请打开修改页面手工遮盖"):
            actions.mask_hit(person=drafter, on=DAY, item=item, **named(found(item)[0]))


class TestMistaken:
    def test_lets_the_item_go_on_and_is_told_as_such(self, county: County, drafter: Person) -> None:
        item = county.draft(body="<p>联系电话13812345678。</p>")
        client, (hit,) = client_of(drafter), found(item)
        client.post(reverse("office:answer_hit", args=[item.pk]), {**named(hit), "verdict": "mistaken", "reason": "是设备编号"})
        row = HitAnswer.objects.get()
        assert (row.verdict, row.reason, row.entry.action) == ("mistaken", "是设备编号", "disclosure.call_mistaken")
        assert row.entry.facts["verdict"] == "mistaken"
        assert "已认定是误报：是设备编号" in client.get(reverse("office:item", args=[item.pk])).content.decode()
        actions.submit(person=drafter, on=DAY, item=item)

    def test_needs_its_reason_and_no_mark_is_mistaken(self, county: County, drafter: Person) -> None:
        item = county.draft(body="<p>机密★1年</p><p>电话13812345678。</p>")
        mark, mobile = found(item)
        with pytest.raises(Refused, match="请写明为什么是误报。"):
            actions.call_mistaken(person=drafter, on=DAY, item=item, reason=" ", **named(mobile))
        with pytest.raises(Refused, match="不能说明理由后发布"):
            actions.call_mistaken(person=drafter, on=DAY, item=item, reason="不是密级", **named(mark))


class TestRejected:
    BODY = "<p>联系电话13812345678。</p>"

    def test_a_new_draft_is_discarded_and_its_page_says_why(self, county: County, drafter: Person) -> None:
        item = county.draft(body="<p>机密★1年</p>")
        client, (hit,) = client_of(drafter), found(item)
        assert "认定后，这条信息作废，不再公开。" in client.get(reverse("office:item", args=[item.pk])).content.decode()
        client.post(reverse("office:reject_hit", args=[item.pk]), {**named(hit), "reason": "县里定的密件"})
        row = HitAnswer.objects.get()
        assert (row.verdict, row.entry.reason, row.entry.facts["fate"]) == ("rejected", "县里定的密件", "discarded")
        assert state(item) == "discarded"
        page = client.get(reverse("office:item", args=[item.pk])).content.decode()
        assert "已认定不得公开：县里定的密件" in page
        assert reverse("office:answer_hit", args=[item.pk]) not in page
        assert list(verify()) == []

    def test_a_reviewer_ends_the_review_and_the_drafter_gets_it_back(self, county: County, drafter: Person) -> None:
        item = county.draft(body=self.BODY)
        (hit,) = found(item)
        actions.answer_hit(person=drafter, on=DAY, item=item, reason="值班电话", **named(hit))
        county.reviewed(item, stop_after=3)
        secrecy = county.person("qinghe", "secrecy_reviewer")
        row = actions.reject_hit(person=secrecy, on=DAY, item=item, reason="是村民的私人电话", **named(hit))
        assert row.entry.facts["fate"] == "returned"
        assert state(item) == "returned"
        assert [one.pk for one in queries.returned_to(drafter)] == [item.pk]
        run = actions.runs_of(item).get()
        with pytest.raises(Refused):
            decide(run=run, person=secrecy, on=DAY, is_passed=True, checked=stages()["secrecy"].checklist)

    def test_the_words_cannot_come_back_by_a_reason(self, county: County, drafter: Person) -> None:
        item = county.draft(body=self.BODY)
        (hit,) = found(item)
        actions.submit(person=drafter, on=DAY, item=self.justified(county, item, hit))
        actions.reject_hit(person=drafter, on=DAY, item=item, reason="私人电话", **named(hit))
        for act in (actions.answer_hit, actions.call_mistaken):
            with pytest.raises(Refused, match="这一处已经认定不得公开，不能再说明理由。"):
                act(person=drafter, on=DAY, item=fresh(item), reason="其实可以", **named(hit))
        with pytest.raises(Refused, match="发布前筛查还有1处没有处理"):
            actions.submit(person=drafter, on=DAY, item=fresh(item))
        with pytest.raises(Refused, match="这一处已经认定不得公开。"):
            actions.reject_hit(person=drafter, on=DAY, item=fresh(item), reason="再来", **named(hit))
        actions.mask_hit(person=drafter, on=DAY, item=fresh(item), **named(hit))
        actions.submit(person=drafter, on=DAY, item=fresh(item))

    def test_what_passed_review_is_not_published(self, county: County, drafter: Person) -> None:
        item = county.draft(body=self.BODY)
        (hit,) = found(item)
        county.reviewed(self.justified(county, item, hit))
        head = county.person("qinghe", "office_head")
        row = actions.reject_hit(person=head, on=DAY, item=item, reason="村民不同意", **named(hit))
        assert row.entry.facts["fate"] == "kept"
        with pytest.raises(Refused, match="发布前筛查还有1处没有处理"):
            actions.publish(person=head, on=DAY, item=fresh(item))

    def test_a_change_of_what_is_published_stays_a_change(self, county: County, drafter: Person) -> None:
        item = county.published().item
        actions.revise(person=drafter, on=DAY, item=item, content=content(body=self.BODY))
        actions.reject_hit(person=drafter, on=DAY, item=fresh(item), reason="私人电话", **named(found(item)[0]))
        assert state(item) == "changed"

    def test_needs_its_reason(self, county: County, drafter: Person) -> None:
        item = county.draft(body=self.BODY)
        with pytest.raises(Refused, match="请写明为什么不得公开。"):
            actions.reject_hit(person=drafter, on=DAY, item=item, reason=" ", **named(found(item)[0]))
        assert (HitAnswer.objects.count(), state(item)) == (0, "draft")

    def test_answers_stay_in_the_database_as_they_are(self, county: County, drafter: Person) -> None:
        """Also after the migration that gave them their verdict, which on SQLite makes the table anew."""
        item = county.draft(body=self.BODY)
        row = actions.reject_hit(person=drafter, on=DAY, item=item, reason="私人电话", **named(found(item)[0]))
        for change in (
            lambda: HitAnswer.objects.filter(pk=row.pk).update(verdict="justified"),
            lambda: HitAnswer.objects.filter(pk=row.pk).delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def justified(self, county: County, item: Item, hit: ItemHit) -> Item:
        actions.answer_hit(person=county.person("qinghe", "drafter"), on=DAY, item=item, reason="值班电话", **named(hit))
        return fresh(item)

"""What an item says: checks, kind-specific parts, topics, index numbers, and the draft's screen."""

from __future__ import annotations

import datetime
import html

import pytest
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about import actions as about
from gongkai.web.disclosure.about.models import IndexPattern, SpecialTopic
from gongkai.web.disclosure.about.numbering import next_index
from gongkai.web.disclosure.content import Content
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.screening import hits_of
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County, content
from tests.web.test_publication import refusal
from tests.web.test_walk import client_of

PENALTY = {"subject": "焚烧秸秆行政处罚", "decided_on": "2026-02-20"}


def drafted(county: County, **changes: object) -> dict[str, object]:
    """What the revision keeps of a draft."""
    kept: dict[str, object] = county.draft(**changes).current.content
    return kept


def refused(county: County, **changes: object) -> str:
    return refusal(actions.draft, person=county.person("qinghe", "drafter"), agency=county.organs["qinghe"], content=content(**changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "penalty"}, "请填写决定事项；请填写决定日期。"),
        ({"kind": "penalty", "details": {**PENALTY, "decided_on": "2026-03-03"}}, "决定日期不能晚于今天。"),
        ({"kind": "fee", "details": {"subject": "多" * 121, "decided_on": "昨天"}}, "决定事项不能超过120个字；决定日期不是日期。"),
        ({"kind": "procurement"}, "请选择公告种类。"),
        ({"kind": "procurement", "details": {"notice_kind": "award"}}, "请填写金额（万元）。"),
        ({"kind": "procurement", "details": {"notice_kind": "award", "amount": "约100"}}, "金额（万元）应当是数字，最多六位小数，例如102.97。"),
        ({"kind": "concern"}, "请选择关切来自；请填写工单号、留言编号或者报道。"),
        ({"kind": "concern", "details": {"concern_source": "rumour", "concern_reference": "1"}}, "请选择关切来自。"),
        ({"written_on": DAY + datetime.timedelta(days=1)}, "成文日期不能晚于今天。"),
        ({"origin": "found"}, "请选择信息来源。"),
        ({"topics": ("finance", "gossip")}, "主题有误。"),
        ({"topics": ("finance", "land", "trade", "other", "health", "labour")}, "主题最多选5个。"),
        ({"body": "<p>甲</p><img src='a.png'>"}, "正文里不能放图片，请把图片从正文删去，需要公开的作为附件上传。"),
    ],
)  # fmt: skip
def test_what_is_missing_for_a_kind_is_said(county: County, changes: dict[str, object], words: str) -> None:
    assert refused(county, **changes) == words
    assert not Item.objects.exists()


BUDGET = {"kind": "budget", "column": "a20_07"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (BUDGET, "请填写批准之日，“政府预算、预算调整、决算”的公开期限从这一天起算。"),
        ({**BUDGET, "matter": "department_budget"}, "请填写财政部门批复之日，“部门预算、决算”的公开期限从这一天起算。"),
        ({"column": "a21_t5"}, "请填写收到批准文件之日，“征收土地公告”的公开期限从这一天起算。"),
        ({**BUDGET, "approved_on": DAY + datetime.timedelta(days=1)}, "批准、批复或者收到批准文件之日不能晚于今天。"),
        ({"matter": "budget"}, "所选的公开期限不适用于这个类别和栏目，请重新选择。"),
    ],
)
def test_the_day_that_a_limit_counts_from_is_asked_where_one_does(county: County, changes: dict[str, object], words: str) -> None:
    assert refused(county, **changes) == words


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({**BUDGET, "approved_on": DAY}, {"approved_on": "2026-03-02"}),
        ({**BUDGET, "matter": "budget", "approved_on": DAY}, {"approved_on": "2026-03-02"}),
        ({**BUDGET, "matter": "general"}, {"matter": "general"}),
        ({"column": "a21_t5", "kind": "news"}, {}),
        # What no limit asks is not kept, so that it cannot be taken for a day that counts.
        ({"approved_on": DAY}, {}),
    ],
)
def test_a_revision_keeps_the_day_where_a_limit_counts_from_it(county: County, changes: dict[str, object], kept: dict[str, str]) -> None:
    content = drafted(county, **changes)
    assert {name: content[name] for name in ("matter", "approved_on") if name in content} == kept


@pytest.mark.parametrize(
    ("kind", "details", "kept"),
    [
        ("penalty", {**PENALTY, "amount": "3"}, PENALTY),
        ("procurement", {"notice_kind": "demand"}, {"notice_kind": "demand"}),
        ("procurement", {"notice_kind": "award", "amount": " 102.970 "}, {"notice_kind": "award", "amount": "102.97"}),
        ("procurement", {"notice_kind": "award", "amount": "100"}, {"notice_kind": "award", "amount": "100"}),
        ("notice", PENALTY, {}),
    ],
)
def test_a_revision_keeps_what_its_kind_asks(county: County, kind: str, details: dict[str, str], kept: dict[str, str]) -> None:
    assert drafted(county, kind=kind, details=details)["details"] == kept


def test_a_revision_of_before_loads_with_defaults() -> None:
    old = {
        "title": "旧",
        "body": "<p>旧</p>",
        "kind": "notice",
        "column": "a20_13",
        "formed_on": "2020-01-02",
        "channels": ["wechat"],
        "attachments": [],
    }
    loaded = Content.from_json(old)
    assert (loaded.formed_on, loaded.channels, loaded.origin, loaded.details, loaded.approval_required) == (
        datetime.date(2020, 1, 2), ("wechat",), "made", {}, False,
    )  # fmt: skip


def test_a_content_comes_back_as_it_was(county: County) -> None:
    given = content(written_on=DAY, topics=("finance",), coordination_required=True, kind="penalty", details=PENALTY).checked(
        on=DAY, organ="township"
    )
    assert Content.from_json(given.to_json()) == given


def test_special_topics_are_the_countys(county: County) -> None:
    authority = county.person("yunchuan", "authority")
    assert refused(county, special_topics=("防汛",)) == "专题“防汛”没有设立或者已经关闭，请重新选择。"
    topic = about.open_topic(person=authority, on=DAY, agency=county.root, name=" 防汛 ")
    item = county.draft(special_topics=("防汛",))
    assert refusal(about.open_topic, person=authority, agency=county.root, name="防汛").startswith("已经有过名为“防汛”的专题")
    assert refusal(about.open_topic, person=authority, agency=county.root, name="防") == "专题名称请写2到40个字。"
    about.close_topic(person=authority, on=DAY, topic=topic)
    assert refusal(about.close_topic, person=authority, topic=topic) == "这个专题已经关闭。"
    assert refused(county, special_topics=("防汛",)).startswith("专题“防汛”")
    # What is gathered under it already may be mended.
    revised = actions.revise(
        person=county.person("qinghe", "drafter"), on=DAY, item=item, content=content(title="改", special_topics=("防汛",))
    )
    assert revised.current.content["special_topics"] == ["防汛"]


class TestIndexNumbers:
    """Patterns of index numbers, gapless through every change."""

    def test_an_organ_sets_its_own(self, county: County) -> None:
        organ, head = county.organs["qinghe"], county.person("qinghe", "office_head")
        assert county.draft().index_number == "qinghe/2026-00001"
        about.set_index_pattern(person=head, on=DAY, agency=organ, pattern="{code}/{YYYY}-{n:05}", code="035210000", from_on=DAY)
        assert [county.draft().index_number, county.draft().index_number] == ["035210000/2026-00002", "035210000/2026-00003"]
        with pytest.raises(Refused):
            county.draft(title="")
        assert county.draft().index_number == "035210000/2026-00004"

    def test_a_monthly_series_begins_anew(self, county: County) -> None:
        organ, head = county.organs["qinghe"], county.person("qinghe", "office_head")
        about.set_index_pattern(person=head, on=DAY, agency=organ, pattern="{code}/{YYYYMM}-{n:05}", code="A1", from_on=DAY)
        april = datetime.date(2026, 4, 1)
        later = actions.draft(person=county.person("qinghe", "drafter"), on=april, agency=organ, content=content())
        assert [county.draft().index_number, county.draft().index_number, later.index_number] == [
            "A1/202603-00001", "A1/202603-00002", "A1/202604-00001",
        ]  # fmt: skip

    def test_the_countys_pattern_holds_below_with_the_organs_own_code(self, county: County) -> None:
        Agency.objects.filter(pk=county.root.pk).update(credit_code="11000000000000000A")
        county.root.refresh_from_db()
        authority = county.person("yunchuan", "authority")
        about.set_index_pattern(person=authority, on=DAY, agency=county.root, pattern="{code}/{YYYY}-{n:05}", from_on=DAY)
        assert refused(county) == (
            "索引号要用青禾镇人民政府的机构代码或者统一社会信用代码，现在没有填写。请公开工作机构负责人补填后再办理。"
        )
        Agency.objects.filter(pk=county.organs["qinghe"].pk).update(credit_code="11000000000000001B")
        county.organs["qinghe"].refresh_from_db()
        assert county.draft().index_number == "11000000000000001B/2026-00001"

    @pytest.mark.parametrize(
        ("pattern", "code", "from_on", "words"),
        [
            ("{code}/{YYYY}", "A1", DAY, "编号格式应当有且只有一个顺序号“{n}”。"),
            ("{YYYY}-{n:05}", "A1", DAY, "索引号格式里要有机构代码“{code}”或者机关代字“{代字}”，否则各机关的索引号会相同。"),
            ("{code}/{YYYY}-{n:05}", "甲", DAY, "“甲”不能用作编号中的“code”（机构代码）。"),
            ("{code}/{YYYY}-{n:05}", "A1", DAY - datetime.timedelta(days=1), "起用日期不能早于今天：已经给出的索引号不变。"),
        ],
    )
    def test_a_pattern_that_does_not_work_is_refused(
        self, county: County, pattern: str, code: str, from_on: datetime.date, words: str
    ) -> None:
        head, organ = county.person("qinghe", "office_head"), county.organs["qinghe"]
        assert refusal(about.set_index_pattern, person=head, agency=organ, pattern=pattern, code=code, from_on=from_on) == words


VALUES = {
    "title": "焚烧秸秆处罚决定", "kind": "penalty", "column": "a20_06", "formed_on": "2026-03-01", "body": "第一段\n第二段",
    "primary_channel": "site", "attribute": "proactive", "origin": "made", "part_subject": "焚烧秸秆行政处罚", "part_decided_on": "2026-02-20",
}  # fmt: skip


class TestTheScreen:
    """The page on which an item is drafted."""

    def test_plain_text_is_kept_as_paragraphs(self, county: County) -> None:
        client = client_of(county.person("qinghe", "drafter"))
        answer = client.post(reverse("office:draft"), {**VALUES, "agency": county.organs["qinghe"].pk})
        item = Item.objects.get()
        assert answer.status_code == 302
        assert item.current.content["body"] == "<p>第一段</p><p>第二段</p>"
        assert item.current.content["details"] == PENALTY
        page = client.get(reverse("office:item", args=[item.pk])).content.decode()
        assert "焚烧秸秆行政处罚" in page and "决定日期" in page
        revising = client.get(reverse("office:revise", args=[item.pk])).content.decode()
        assert 'value="焚烧秸秆行政处罚"' in revising and 'value="2026-02-20"' in revising

    def test_what_is_missing_for_the_kind_is_said_beside_it_and_the_rest_stays(self, county: County) -> None:
        client = client_of(county.person("qinghe", "drafter"))
        values = {
            **VALUES,
            "agency": county.organs["qinghe"].pk,
            "part_subject": "",
            "summary": "概述一句",
            "document_number": "青罚1号",
        }
        answer = client.post(reverse("office:draft"), values)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#id_part_subject"' in page and "请填写决定事项。" in page
        assert "第一段\n第二段" in page and "概述一句" in page and 'value="青罚1号"' in page
        assert not Item.objects.exists()

    @pytest.mark.parametrize(
        ("organ", "offered", "left_out"), [("qinghe", "a21_t8", "a21_c7"), ("jiaotong", "a21_c7", "a21_t8")]
    )  # fmt: skip
    def test_the_columns_are_those_of_the_organ(self, county: County, organ: str, offered: str, left_out: str) -> None:
        page = client_of(county.person(organ, "drafter")).get(reverse("office:draft")).content.decode()
        assert f'value="{offered}"' in page and f'value="{left_out}"' not in page
        values = {**VALUES, "agency": county.organs[organ].pk, "column": left_out}
        assert client_of(county.person(organ, "drafter")).post(reverse("office:draft"), values).status_code == 422

    def test_the_day_of_approval_is_asked_beside_the_field(self, county: County) -> None:
        client = client_of(county.person("qinghe", "drafter"))
        values = {**VALUES, "agency": county.organs["qinghe"].pk, "kind": "budget", "column": "a20_07"}
        answer = client.post(reverse("office:draft"), values)
        page = answer.content.decode()
        assert answer.status_code == 422 and 'href="#id_approved_on"' in page
        assert "请填写批准之日，“政府预算、预算调整、决算”的公开期限从这一天起算。" in page and "data-limit-parts open" in page
        assert client.post(reverse("office:draft"), {**values, "approved_on": "2026-02-27"}).status_code == 302
        item = Item.objects.get()
        revising = client.get(reverse("office:revise", args=[item.pk])).content.decode()
        assert 'value="2026-02-27"' in revising and "data-limit-parts open" in revising
        assert "data-limit-parts open" not in client.get(reverse("office:draft")).content.decode()

    def test_without_scripts_every_part_is_there(self, county: County) -> None:
        page = client_of(county.person("qinghe", "drafter")).get(reverse("office:draft")).content.decode()
        for name in ("notice_kind", "amount", "concern_source", "concern_reference", "subject", "decided_on"):
            assert f'name="part_{name}"' in page
        assert 'name="matter"' in page and 'name="approved_on"' in page
        assert '<textarea name="body"' in page
        # Nothing within the page runs or styles: our pages do not allow it.
        assert "<script>" not in page and " style=" not in page and "importmap" not in page


class TestTopicsPage:
    """The county opens and closes special topics; everybody who works with disclosure sees them."""

    def test_the_authority_opens_and_closes_one(self, county: County) -> None:
        client = client_of(county.person("yunchuan", "authority"))
        assert client.post(reverse("office:topics"), {"name": "防"}).status_code == 422
        assert client.post(reverse("office:topics"), {"name": "2026年防汛"}).status_code == 302
        below = client_of(county.person("qinghe", "drafter"))
        assert "2026年防汛" in below.get(reverse("office:draft")).content.decode()
        page = below.get(reverse("office:topics")).content.decode()
        assert "2026年防汛" in page and "设立专题" not in page
        assert below.post(reverse("office:topics"), {"name": "另一个"}).status_code == 404
        client.post(reverse("office:topics"), {"close": SpecialTopic.objects.get().pk})
        assert SpecialTopic.objects.get().until_on is not None
        assert "2026年防汛" not in below.get(reverse("office:draft")).content.decode()

    def test_the_head_sets_how_index_numbers_are_written(self, county: County) -> None:
        client = client_of(county.person("qinghe", "office_head"))
        address = reverse("office:numbering", args=[county.organs["qinghe"].pk])
        values = {"pattern": "{code}/{YYYY}-{n:05}", "code": "甲", "from_on": moment.today()}
        assert client.post(address, values).status_code == 422
        assert client.post(address, {**values, "code": "a1"}).status_code == 302
        assert "{code}/{YYYY}-{n:05}" in client.get(address).content.decode()

    def test_any_pattern_is_looked_at_before_it_is_set(self, county: County) -> None:
        organ = county.organs["qinghe"]
        Agency.objects.filter(pk=organ.pk).update(document_mark="青政")
        client, address = client_of(county.person("qinghe", "office_head")), reverse("office:numbering", args=[organ.pk])
        year = moment.today().year
        values = {"pattern": "公开{代字}-{YYYY}-{n:04}", "code": "", "from_on": moment.today()}
        answer = client.post(address, {**values, "preview": "1"})
        text = answer.content.decode()
        assert answer.status_code == 200 and not IndexPattern.objects.exists()
        assert f"<strong>公开青政-{year}-0001</strong>" in text and f"公开青政-{year}-0002" in text
        assert "机关代字" in text and "顺序号，不足4位的前面补0" in text and "顺序号每年从1重新开始。" in text
        assert client.post(address, values).status_code == 302
        assert next_index(Agency.objects.get(pk=organ.pk), moment.today()) == f"公开青政-{year}-0001"

    @pytest.mark.parametrize(
        ("pattern", "words"),
        [
            ("{code}/{YYYY}", "编号格式应当有且只有一个顺序号“{n}”。"),
            ("{YYYY}-{n:05}", "索引号格式里要有机构代码“{code}”或者机关代字“{代字}”，否则各机关的索引号会相同。"),
            ("{code}/{year}-{n}", "编号格式中的字段“{year}”不认识"),
            ("{code}{n}", "编号格式中“code”和“n”之间应当有分隔的字符。"),
            ("{code/{n}", "花括号不成对"),
            ("{代字}-{n}", "现在没有填写。请公开工作机构负责人补填后再办理。"),
            ("", "必填"),
        ],
    )
    def test_what_is_wrong_with_a_pattern_is_said_in_words(self, county: County, pattern: str, words: str) -> None:
        client = client_of(county.person("qinghe", "office_head"))
        address = reverse("office:numbering", args=[county.organs["qinghe"].pk])
        for more in ({"preview": "1"}, {}):
            answer = client.post(address, {"pattern": pattern, "code": "A1", "from_on": moment.today(), **more})
            text = html.unescape(answer.content.decode())
            assert answer.status_code == 422 and words in text
        assert not IndexPattern.objects.exists()

    def test_the_screen_shows_examples_with_what_they_give(self, county: County) -> None:
        organ = county.organs["qinghe"]
        Agency.objects.filter(pk=organ.pk).update(credit_code="11330000MB1234567X")
        text = client_of(county.person("qinghe", "office_head")).get(reverse("office:numbering", args=[organ.pk])).content.decode()
        year = moment.today().year
        for pattern in ("{code}/{YYYY}-{n:05}", "{code}-{n:06}", "{代字}〔{YYYY}〕{n}"):
            assert f'<code lang="zh-Hans">{pattern}</code>' in text
        assert f"11330000MB1234567X/{year}-00001" in text and "11330000MB1234567X-000001" in text
        assert "索引号要用青禾镇人民政府的机关代字，现在没有填写。" in text


def test_what_a_kind_asks_is_screened_and_masked_too(county: County) -> None:
    reference = {"concern_source": "hotline", "concern_reference": "工单20260301，来电人电话13912345678"}
    item = county.draft(kind="concern", details=reference)
    drafter = county.person("qinghe", "drafter")
    assert "手机" in refusal(actions.submit, person=drafter, item=item)
    hit = next(hit for hit in hits_of(item, item.current.content, DAY) if hit.field == "details" and hit.hit.mask)
    masked = actions.mask_hit(person=drafter, on=DAY, item=item, field="details", code=hit.hit.code, mark=hit.mark)
    assert masked.current.content["details"]["concern_source"] == "hotline"
    assert "13912345678" not in masked.current.content["details"]["concern_reference"]
    actions.submit(person=drafter, on=DAY, item=masked)

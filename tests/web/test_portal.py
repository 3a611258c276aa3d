"""The public site: the columns that the norm fixes, the page of an item, what is kept in memory, how a reader switches the look."""

from __future__ import annotations

import datetime
import io
import json
import re
import zipfile
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from gongkai.law.duties import duties
from gongkai.law.portal import tags
from gongkai.web.agencies.models import Agency
from gongkai.web.agencies.permissions import actions as permitted
from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about import actions as about
from gongkai.web.disclosure.models import Publication
from gongkai.web.disclosure.standing import actions as standing
from gongkai.web.portal import caching
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import stages
from tests.house.source import PACKAGE
from tests.web.conftest import DAY, REVIEWERS, County, public_address

FIXED = ["政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"]


def read(address: str, status: int = 200, **headers: str) -> str:
    answer = Client(headers=headers).get(address)
    assert answer.status_code == status, address
    return str(answer.content.decode())


def meta(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<meta name="([A-Z]\w+)" content="([^"]*)">', page):
        found.setdefault(name, []).append(value)
    return found


class TestColumns:
    """国办公开办函〔2019〕61号: the same five columns, in this order, on every page of every organ."""

    @pytest.mark.parametrize("name", ["portal:organ", "portal:guide", "portal:rules", "portal:content", "portal:reports", "portal:request"])
    @pytest.mark.parametrize("code", ["qinghe", "jiaotong", "yunchuan"])
    def test_every_page_of_an_organ_leads_to_the_five(self, county: County, name: str, code: str) -> None:
        page = read(reverse(name, args=[code]))
        nav = page[page.index('<nav class="columns"') : page.index("</nav>")]
        assert re.findall(r">([^<>]+)</a></li>", nav) == FIXED
        assert all(f"/o/{code}/" in address for address in re.findall(r'<li><a href="([^"]+)"', nav))

    def test_an_unknown_organ_is_nowhere(self, county: County) -> None:
        page = read("/o/nobody/", 404)
        assert "没有这个页面" in page

    def test_duty_columns_without_content_say_so_and_others_are_not_there(self, county: County) -> None:
        county.published(column="a20_05")
        page = read(reverse("portal:content", args=["qinghe"]))
        titles = {row.id: row.title for row in duties()}
        bound = [row.id for row in duties(kind="township")]
        assert page.count("暂无") == len(bound) - 1
        assert f'<a href="/o/qinghe/content/a20_05/">{titles["a20_05"]}</a>' in page
        assert titles["a21_c6"] not in page, "it binds no township and holds nothing here"

    def test_an_organ_without_a_site_is_shown_through_the_county(self, county: County) -> None:
        Agency.objects.filter(code="jiaotong").update(has_site=False)
        county.published("jiaotong", title="道路养护安排", column="a21_c1")
        county.published("qinghe", title="植树安排")
        page = read(reverse("portal:column", args=["yunchuan", "a21_c1"]))
        assert "道路养护安排" in page and "植树安排" not in page
        assert "植树安排" not in read(reverse("portal:organ", args=["yunchuan"]))
        assert "本机关没有自己的网站栏目" in read(reverse("portal:organ", args=["jiaotong"]))

    def test_the_guide_is_a_page_and_not_only_an_attachment(self, county: County) -> None:
        assert "还没有发布公开指南" in read(reverse("portal:guide", args=["qinghe"]))
        guide = county.published(title="青禾镇政府信息公开指南", kind="guide", column="a20_02", body="<p>办公地址：青禾大街1号。</p>")
        standing.stand(person=county.person("qinghe", "office_head"), on=DAY, item=guide.item)
        assert "办公地址：青禾大街1号。" in read(reverse("portal:guide", args=["qinghe"]))


class TestItem:
    """One piece of information."""

    def test_its_address_is_its_index_number(self, county: County) -> None:
        publication = county.published()
        assert public_address(publication.item_id) == f"/d/{publication.item.index_number.replace('/', '-')}/"
        assert publication.revision.content["title"] in read(public_address(publication.item_id))

    def test_the_tags_of_the_norm(self, county: County, settings: Any) -> None:
        settings.SITE = {**settings.SITE, "CODE": "3607350001", "NAME": "云川县政府信息公开平台"}
        settings.PUBLIC_ADDRESS = "https://gongkai.example.gov.cn"
        page = read(public_address(county.published(keywords="植树，春季").item_id))
        found = meta(page)
        assert {tag.name for tag in tags() if tag.required} <= found.keys()
        assert found["SiteName"] == ["云川县政府信息公开平台"] and found["SiteDomain"] == ["gongkai.example.gov.cn"]
        assert found["SiteIDCode"] == ["3607350001"] and found["ContentSource"] == ["云川县青禾镇人民政府"]
        assert found["ArticleTitle"] == ["青禾镇2026年春季植树安排"] and found["ColumnType"] == ["通知公告"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", found["PubDate"][0]) and found["Keywords"] == ["植树", "春季"]
        assert '<link rel="canonical" href="https://gongkai.example.gov.cn/d/' in page

    def test_schema_org_cannot_be_broken_out_of(self, county: County) -> None:
        page = read(public_address(county.published(title="关于</script><b>1</b>的通知").item_id))
        block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
        assert block and json.loads(block[1])["headline"] == "关于</script><b>1</b>的通知"
        assert "<b>1</b>" not in page

    def test_no_label_stands_without_a_value(self, county: County) -> None:
        page = read(public_address(county.published().item_id))
        assert not re.search(r"<dd>\s*</dd>", page) and "文号" not in page[page.index("<article") :]

    def test_what_was_withdrawn_is_gone_and_says_why(self, county: County) -> None:
        publication = county.published(title="误发的名单")
        address = public_address(publication.item_id)
        assert "误发的名单" in read(address)
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="数据有误，正在核实")
        page = read(address, 410)
        assert "数据有误，正在核实" in page and "误发的名单" not in page
        for name in ("portal:download", "portal:qr", "portal:report_error"):
            more = ("pdf",) if name == "portal:download" else ()
            read(public_address(publication.item_id, name, *more), 404)

    def test_what_never_went_to_the_site_is_nowhere(self, county: County) -> None:
        told_elsewhere = county.published(title="只发微信", primary_channel="wechat")
        for item in (county.draft(title="还是草稿").pk, told_elsewhere.item_id):
            read(public_address(item), 404)
        assert "只发微信" not in read(reverse("portal:home"))

    @pytest.mark.parametrize("kind", ["docx", "pdf"])
    def test_it_can_be_taken_home(self, county: County, kind: str) -> None:
        body = (
            "<p>第一段。</p><table><tr><th>村</th><th>株数</th></tr><tr><td>柳河村</td><td>120</td></tr></table><ol><li>按时完成</li></ol>"
        )
        item = county.published(title="植树安排<一>", body=body).item_id
        answer = Client().get(public_address(item, "portal:download", kind))
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
        if kind == "pdf":
            assert answer.content.startswith(b"%PDF")
            return
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            text = packed.read("word/document.xml").decode()
        for words in ("植树安排&lt;一&gt;", "第一段。", "柳河村", "120", "1. 按时完成", "索引号"):
            assert words in text, words

    @pytest.mark.parametrize(
        "body", ["<h2>一、时间</h2><p>三月。</p><h3>（一）地点</h3><p>河边。</p>", "<p>先说明。</p><h3>一、时间</h3><p>三月。</p>"]
    )
    def test_a_text_with_headings_of_its_own_is_set_too(self, county: County, body: str) -> None:
        item = county.published(title="植树安排", body=body).item_id
        assert Client().get(public_address(item, "portal:download", "pdf")).content.startswith(b"%PDF")

    def test_a_lapsed_document_says_so_on_paper_too(self, county: County) -> None:
        policy = county.published(title="秸秆综合利用办法", kind="policy", column="a20_01")
        head = county.person("qinghe", "office_head")
        about.set_validity(person=head, on=DAY, item=policy.item, state="repealed", since_on=DAY, reason="已被新办法代替")
        assert f"本文件自 {DAY} 起废止" in read(public_address(policy.item_id))
        answer = Client().get(public_address(policy.item_id, "portal:download", "docx"))
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            assert f"本文件自{DAY}起废止。依据：已被新办法代替" in packed.read("word/document.xml").decode()


class TestNewerDraft:
    """A newer draft shows nowhere before it is published."""

    def test_neither_its_column_nor_its_words(self, county: County) -> None:
        publication = county.published(title="第一稿", column="a20_13")
        drafter = county.person("qinghe", "drafter")
        content = actions.Content(title="第二稿", body="<p>改过。</p>", kind="news", column="a20_12", formed_on=DAY)
        actions.revise(person=drafter, on=DAY, item=publication.item, content=content)
        assert "第一稿" in read(reverse("portal:column", args=["qinghe", "a20_13"]))
        assert "第二稿" not in read(reverse("portal:column", args=["qinghe", "a20_12"]))
        assert "第二稿" not in read(reverse("portal:home")) + read(public_address(publication.item_id))


class TestKept:
    """Pages kept in memory: never older than the ledger."""

    def test_every_action_named_is_one(self) -> None:
        named = yaml.safe_load((PACKAGE / "web/portal/unseen.yaml").read_text(encoding="utf-8"))
        assert len(named) == len(set(named))
        assert set(named) - permitted().keys() == {
            "watch.error_reported", "channels.delivered", "solicit.received", "survey.received", "suggest.received", "inforequest.file_online",
            "inforequest.receipt_shown",
        }  # fmt: skip
        assert not {"disclosure.publish", "disclosure.withdraw", "disclosure.set_validity", "agencies.change"} & set(named)

    def test_a_publication_and_a_withdrawal_show_at_once(self, county: County) -> None:
        home = reverse("portal:home")
        assert "植树安排" not in read(home)
        publication = county.published()
        assert "植树安排" in read(home)
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
        assert "植树安排" not in read(home)

    def test_work_that_nobody_sees_keeps_the_pages(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        county.published()
        read(reverse("portal:home"))
        before = caching.VERSION.now()
        item = county.draft(title="草稿")
        run = actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item)
        decide(run=run, person=county.person("qinghe", REVIEWERS["first"]), on=DAY, is_passed=True, checked=stages()["first"].checklist)
        assert caching.VERSION.now() == before
        with monkeypatch.context() as patched:
            patched.setattr("gongkai.web.portal.lists.page", None)
            assert "植树安排" in read(reverse("portal:home")), "the page came from memory: its list cannot be asked any more"

    def test_a_page_asked_again_is_not_sent_again(self, county: County) -> None:
        county.published()
        first = Client().get(reverse("portal:home"))
        again = Client().get(reverse("portal:home"), headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"") and again["ETag"] == first["ETag"]
        assert first["Cache-Control"] == "no-cache" and "Accept-Encoding" in first["Vary"]
        county.published(title="又一条")
        assert Client().get(reverse("portal:home"), headers={"If-None-Match": first["ETag"]}).status_code == 200

    def test_a_document_lapses_on_its_day_without_any_act(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        policy = county.published(title="办法", kind="policy", column="a20_01")
        tomorrow = datetime.date.today() + datetime.timedelta(days=1)
        head = county.person("qinghe", "office_head")
        about.set_validity(person=head, on=DAY, item=policy.item, state="lapsed", since_on=tomorrow, reason="到期")
        address = public_address(policy.item_id)
        assert "起失效" not in read(address)
        for module in ("caching", "items"):
            monkeypatch.setattr(f"gongkai.web.portal.{module}.moment.today", lambda: tomorrow)
        assert "起失效" in read(address)

    def test_another_ledger_is_noticed(self, county: County) -> None:
        version = caching.Version()
        county.published()
        before = version.now()
        version._seen = {path: (number, "0" * 64) for path, (number, _) in version._seen.items()}
        assert version.now() == before + 1

    def test_the_shelf_lets_the_longest_unused_go(self) -> None:
        shelf = caching.Shelf(most=3000)
        row = caching.Kept(200, b"x" * 600, False, "e", ())
        shelf.get("v", ("a",))
        for name in ("a", "b"):
            shelf.put("v", (name,), row)
        assert shelf.get("v", ("a",)) is row
        shelf.put("v", ("c",), row)
        assert shelf.get("v", ("b",)) is None and shelf.get("v", ("a",)) is row
        assert shelf.get("w", ("a",)) is None
        shelf.put("v", ("late",), row)
        assert shelf.get("w", ("late",)) is None


class TestLook:
    """Large type and contrast, without an account and without JavaScript."""

    def test_switched_on_and_off(self, county: County) -> None:
        client = Client(enforce_csrf_checks=True)
        home = reverse("portal:home")
        for look, expected in (("elder", "is-elder"), ("contrast", "is-elder is-contrast"), ("elder", "is-contrast")):
            answer = client.post(reverse("portal:look"), {"look": look, "next": "/o/"})
            assert (answer.status_code, answer["Location"]) == (302, "/o/")
            assert f'class="{expected}"' in client.get(home).content.decode()
        assert "is-contrast" not in read(home), "somebody else's pages look as before"

    @pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"])
    def test_it_never_leads_away(self, county: County, back: str) -> None:
        assert Client().post(reverse("portal:look"), {"look": "elder", "next": back})["Location"] == "/"

    def test_an_unknown_look_changes_nothing(self, county: County) -> None:
        assert not Client().post(reverse("portal:look"), {"look": "x;y", "language": "xx", "next": "/"}).cookies


class TestLists:
    """Lists in order of the day, paged so that nothing is shown twice or left out."""

    def test_page_by_page_everything_comes_once(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        titles = {county.published(title=f"通知{number}").revision.content["title"] for number in range(5)}
        monkeypatch.setattr("gongkai.web.disclosure.public.lists.PAGE", 2)
        address, seen = reverse("portal:kind", args=["notice"]), list[str]()
        while address:
            page = read(address)
            seen += re.findall(r'class="row-title"[^>]*>([^<]+)<', page)
            after = re.search(r'href="(\?after=[^"]+)"', page)
            address = reverse("portal:kind", args=["notice"]) + after[1] if after else ""
        assert sorted(seen) == sorted(titles) and seen == sorted(seen, reverse=True)

    @pytest.mark.parametrize("after", ["x", "2026-99-99.1", "2026-03-02.", "9999-12-31.999999999999999999"])
    def test_a_place_that_is_none_begins_at_the_newest(self, county: County, after: str) -> None:
        county.published()
        assert "植树安排" in read(f"{reverse('portal:kind', args=['all'])}?after={after}")

    def test_behind_the_last_there_is_a_way_back(self, county: County) -> None:
        county.published()
        page = read(f"{reverse('portal:kind', args=['all'])}?after=0001-01-01.1")
        assert "植树安排" not in page and "没有更早的了" in page and "回到最新" in page

    def test_what_nobody_knows_narrows_to_nothing(self, county: County) -> None:
        county.published()
        page = read(f"{reverse('portal:every')}?column=x&kind=y&year=20&month=13")
        assert "植树安排" not in page and "还没有公开的信息" in page


class TestStatistics:
    """Every figure is that of the list behind it."""

    def test_figures_are_those_of_the_lists(self, county: County) -> None:
        for number in range(3):
            county.published(title=f"通知{number}")
        county.published("baishu", title="预算", kind="news", column="a20_05")
        page = read(f"{reverse('portal:statistics')}?year=2026")
        # Formed on Friday 27 February and published on Monday 2 March; Saturday between them is a working day made up for.
        assert "2026年公开 4 条" in page and "从形成到公开的工作日数，中位数是 2 天；4 条在 20 个工作日以内" in page.replace(".0", "")
        rows = re.findall(r'<a href="(/all/[^"]+)">(\d+)</a>', page)
        assert rows
        for address, n in rows:
            listed = read(address.replace("&amp;", "&"))
            assert listed.count('class="row-title"') == int(n), address

    def test_a_year_without_anything_is_not_there(self, county: County) -> None:
        assert "还没有公开的信息" in read(reverse("portal:statistics"))
        county.published()
        read(f"{reverse('portal:statistics')}?year=1999", 404)


def test_no_public_page_depends_on_who_asks(county: County) -> None:
    """What is kept in memory for everybody was made for nobody."""
    published: Publication = county.published()
    signed_in = Client()
    signed_in.force_login(county.person("qinghe", "drafter"), backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in (reverse("portal:home"), public_address(published.item_id), reverse("portal:organ", args=["qinghe"])):
        assert signed_in.get(address).content == Client().get(address).content
        assert "qinghe-drafter" not in signed_in.get(address).content.decode()

"""The public's search page: what it shows, by what it narrows, what it never shows, and what it says to bad questions."""

from __future__ import annotations

import datetime
import html
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.web import search
from gongkai.web.disclosure import actions, finding, following
from gongkai.web.disclosure.about import actions as about
from gongkai.web.disclosure.models import Item, Publication
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.search import Ask
from gongkai.web.settings import moment
from tests.web import conftest
from tests.web.conftest import DAY, County, content


@pytest.fixture(autouse=True)
def followed(settings: Any, tmp_path: Path) -> Path:
    """An index folder of this test's own."""
    settings.INDEX_ROOT = tmp_path / "index"
    return tmp_path / "index"


def caught_up() -> None:
    while following.follow():
        pass


def on(day: datetime.date, hour: int = 9) -> Any:
    return moment.at(datetime.datetime.combine(day, datetime.time(hour), tzinfo=moment.ZONE))


@contextmanager
def acts_on(day: datetime.date) -> Iterator[None]:
    """What the county does inside the block it does on that day."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(conftest, "DAY", day)
        yield


def read(status: int = 200, **said: str) -> str:
    answer = Client().get("/search", said)
    assert answer.status_code == status, said
    return str(answer.content.decode())


def titles(page: str) -> list[str]:
    found = re.findall(r'<a class="row-title" href="[^"]+">(.*?)</a>', page)
    return [html.unescape(re.sub(r"</?mark>", "", title)) for title in found]


def n_found(page: str) -> int:
    match = re.search(r'class="results-n"[^>]*>找到 (\d+) 条', page)
    return int(match[1]) if match else 0


def filters(page: str, *, is_on: bool = False) -> list[tuple[str, str, int]]:
    """Every value of every filter that is off, or on: where it leads, its words, its count."""
    part = page[page.index('<aside class="filters"') :] if '<aside class="filters"' in page else ""
    rows = re.findall(r'<li><a href="([^"]+)" rel="nofollow"([^>]*)><span>([^<]+)(?:<span[^>]*>[^<]*</span>)?</span> <small>(\d+)<', part)
    return [(html.unescape(address), words, int(n)) for address, mark, words, n in rows if ("aria-current" in mark) == is_on]


@pytest.fixture
def town(county: County) -> County:
    """Six publications of two organs, of three kinds, in two years, one of them withdrawn, and a draft."""
    with acts_on(datetime.date(2025, 3, 3)):
        county.published(title="青禾镇防汛预案", kind="policy", column="a20_01", document_number="青禾府发〔2025〕3号")
    county.published(title="青禾镇防汛值班安排", body="<p>汛期每天两人值班。</p>")
    county.published("baishu", title="柏树乡防汛物资采购", kind="news")
    county.published("baishu", title="柏树乡最低生活保障对象公示", body="<p>本次公示十二户。</p>", kind="news")
    gone = county.published(title="青禾镇防汛责任人撤下名单", body="<p>铁观音保密电话。</p>")
    actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=gone, reason="有误")
    county.draft(title="青禾镇防汛草稿鹦鹉螺")
    caught_up()
    return county


class TestResults:
    """What is found, and how it is told."""

    def test_a_line_says_what_when_who_and_marks_the_words(self, town: County) -> None:
        page = read(q="防汛 值班")
        assert titles(page) == ["青禾镇防汛值班安排"]
        assert n_found(page) == 1
        assert "青禾镇<mark>防汛</mark><mark>值班</mark>安排" in page
        assert "汛期每天两人<mark>值班</mark>" in page
        assert "<span>青禾镇人民政府</span><span>通知公告</span>" in page
        row = Publication.objects.get(item__title="青禾镇防汛值班安排")
        assert f'<time datetime="{row.published_on}">' in page and f"/d/{row.item.slug}/" in page

    def test_a_document_number_finds_its_document(self, town: County) -> None:
        for typed in ("青禾府发〔2025〕3号", "青禾府发[2025]第03号", "（2025）3号", "青禾府發【2025】3號"):
            assert titles(read(q=typed)) == ["青禾镇防汛预案"]

    def test_an_index_number_finds_its_item(self, town: County) -> None:
        for row in Publication.objects.filter(withdrawn_on=None).select_related("item"):
            assert titles(read(q=row.item.index_number))[0] == row.item.title

    def test_traditional_characters_and_what_means_the_same(self, town: County) -> None:
        assert titles(read(q="值班安排")) == titles(read(q="值班 安排")) == ["青禾镇防汛值班安排"]
        assert titles(read(q="柏樹鄉 採購")) == titles(read(q="柏树乡 采购")) == ["柏树乡防汛物资采购"]
        page = read(q="低保")
        assert titles(page) == ["柏树乡最低生活保障对象公示"]
        assert "“低保”也查了 最低生活保障" in page and quote("“低保”") in page
        assert titles(read(q="“低保”")) == []

    def test_a_text_cannot_be_more_than_text(self, county: County) -> None:
        county.published(title="<b>植树</b>安排", body="<p>a&lt;script&gt;植树&lt;/script&gt;</p>")
        caught_up()
        page = read(q="植树")
        assert "&lt;b&gt;<mark>植树</mark>&lt;/b&gt;安排" in page and "<script>" not in page
        assert "<script" not in read(q='"><script>alert(1)</script>')

    def test_sorted_by_day_on_wish(self, county: County) -> None:
        for day, title in ((2, "植树安排"), (4, "第三天"), (3, "植树植树")):
            with acts_on(DAY.replace(day=day)):
                county.published(title=title, body="<p>植树的事。</p>")
        caught_up()
        assert titles(read(q="植树", sort="newest")) == ["第三天", "植树植树", "植树安排"]
        # Titles first, whatever the day.
        assert titles(read(q="植树"))[-1] == "第三天"

    def test_pages_hold_everything_once(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        from gongkai.web.portal import searching

        wanted = {county.published(title=f"第{n}次植树").item.title for n in range(7)}
        caught_up()
        monkeypatch.setattr(searching, "PAGE", 3)
        seen = [title for n in (1, 2, 3) for title in titles(read(q="植树", page=str(n)))]
        assert len(seen) == 7 and set(seen) == wanted
        assert "没有这一页" in read(404, q="植树", page="4")
        assert re.findall(r'aria-label="第 (\d) 页" aria-current="page"', read(q="植树", page="2")) == ["2"]


class TestFilters:
    """What is found, narrowed: each a link with its count."""

    def test_every_count_is_what_its_link_finds(self, town: County) -> None:
        page = read(q="防汛")
        # Two organs, three kinds, two columns, two years, one validity.
        assert (n_found(page), len(filters(page))) == (3, 2 + 3 + 2 + 2 + 1)
        for address, words, n in filters(page):
            narrowed = Client().get(address).content.decode()
            assert n_found(narrowed) == n == len(titles(narrowed)), words
            assert [(said, m, n_found(Client().get(back).content.decode())) for back, said, m in filters(narrowed, is_on=True)] == [
                (words, n, 3)
            ]
            # And once more: every filter of the narrowed page.
            for further, _, m in filters(narrowed):
                assert n_found(Client().get(further).content.decode()) == m

    def test_counts_by_hand(self, town: County) -> None:
        counts = {words: n for _, words, n in filters(read(q="防汛"))}
        assert (counts["青禾镇人民政府"], counts["柏树乡人民政府"]) == (2, 1)
        assert (counts["政策文件"], counts["通知公告"], counts["工作动态"]) == (1, 1, 1)
        assert (counts["2025年"], counts["2026年"], counts["有效"]) == (1, 2, 1)

    def test_a_filter_that_is_on_can_be_taken_off(self, town: County) -> None:
        page = read(q="防汛", organ="baishu", kind="news")
        assert titles(page) == ["柏树乡防汛物资采购"]
        chips = dict(re.findall(r'<li[^>]*><a href="([^"]+)">([^<]+) <span aria-hidden', page[page.index('class="chips"') :]))
        assert set(chips.values()) == {"柏树乡人民政府", "工作动态"}
        for address, words in chips.items():
            assert ("organ=baishu" in address) == (words == "工作动态")

    def test_days_and_years(self, town: County) -> None:
        for row in Publication.objects.filter(withdrawn_on=None).select_related("item"):
            day = row.published_on
            assert row.item.title in titles(read(since=str(day), until=str(day)))
            assert row.item.title not in titles(read(since=str(day + datetime.timedelta(days=1))))
            assert row.item.title in titles(read(year=str(day.year)))
            # Days the wrong way round are turned.
            assert row.item.title in titles(read(since=str(day + datetime.timedelta(days=1)), until=str(day)))

    def test_within_one_organ_from_its_pages(self, town: County) -> None:
        home = Client().get("/o/baishu/").content.decode()
        assert '<input type="checkbox" name="organ" value="baishu">' in home
        assert set(titles(read(q="防汛", organ="baishu"))) == {"柏树乡防汛物资采购"}

    def test_it_is_what_was_published_that_is_filtered_not_a_newer_draft(self, town: County) -> None:
        item = Item.objects.get(title="青禾镇防汛值班安排")
        changed = content(title="青禾镇防汛值班新稿", kind="news", column="a20_01")
        actions.revise(person=town.person("qinghe", "drafter"), on=DAY, item=item, content=changed)
        caught_up()
        assert titles(read(q="值班", kind="notice")) == ["青禾镇防汛值班安排"]
        assert titles(read(q="值班", column="a20_13")) == ["青禾镇防汛值班安排"]
        assert titles(read(q="值班", kind="news")) == [] == titles(read(q="新稿"))

    def test_a_document_lapses_on_its_day(self, town: County) -> None:
        item = Item.objects.get(title="青禾镇防汛预案")
        head = town.person("qinghe", "office_head")
        today = moment.today()
        about.set_validity(person=head, on=today, item=item, state="repealed", since_on=today + datetime.timedelta(days=1), reason="清理")
        caught_up()
        assert titles(read(validity="in_force")) == ["青禾镇防汛预案"]
        assert titles(read(validity="repealed")) == []
        assert 'class="state is-ended"' not in read(q="防汛预案")
        with on(today + datetime.timedelta(days=1), hour=0):
            # The index does not say so yet: nothing wrong is shown, and the mark is right.
            assert titles(read(validity="in_force")) == [] == titles(read(validity="repealed"))
            assert '<span class="state is-ended">废止</span>' in read(q="防汛预案")
            following.follow()
            assert titles(read(validity="repealed")) == ["青禾镇防汛预案"]
            assert n_found(read(validity="in_force")) == 0
            assert {words: n for _, words, n in filters(read(q="防汛"))}["废止"] == 1
            assert following.follow() == 0


class TestNothingFound:
    """An empty page helps."""

    def test_other_questions_are_offered_with_what_they_find(self, town: County) -> None:
        known = {"dibao": [], "zuidishenghuobaozhang": ["最低生活保障"], "防训": ["防汛"], "fangxun": ["防汛"], "防汛预桉": ["防汛预案"]}
        for typed, meant in known.items():
            offered = re.findall(r'<a href="([^"]+)">([^<]+)</a> <small>(\d+) 条', read(q=typed))
            assert [words for _, words, _ in offered] == meant
            for address, _, n in offered:
                assert n_found(Client().get(html.unescape(address)).content.decode()) == int(n) > 0

    def test_one_word_less_fewer_filters_and_the_ways_on(self, town: County) -> None:
        page = read(q="防汛 完全不相干", organ="baishu")
        assert "少写一个词能找到" in page and ">防汛</a> <small>1 条" in page
        page = read(q="值班", organ="baishu")
        assert "去掉全部筛选能找到 1 条" in page
        assert 'href="/o/baishu/request/"' in page and 'href="/o/baishu/content/"' in page

    def test_what_is_not_public_is_never_offered(self, town: County) -> None:
        """铁观音 and 鹦鹉螺 stand in what was withdrawn, or is a draft; 责任人 in a withdrawn title alone."""
        for typed in ("tieguanyin", "yingwuluo", "zerenren", "责认人", "zeren", "caogao", "草搞"):
            page = read(q=typed)
            assert 'class="meant"' not in page, typed
        # Also in the moment before the index follows.
        gone = Publication.objects.get(item__title="柏树乡防汛物资采购", withdrawn_on=None)
        assert "物资" in read(q="wuzi")
        actions.withdraw(person=town.person("baishu", "office_head"), on=moment.today(), publication=gone, reason="有误")
        assert "物资" not in read(q="wuzi")

    def test_the_empty_question_explains(self, county: County) -> None:
        caught_up()
        assert "可以这样查" in read()


class TestBadQuestions:
    """Whatever stands in the address, the answer is a page."""

    def test_they_are_answered_by_a_page(self, town: County) -> None:
        for query in (
            "q=" + "a" * 1000, "q=" + quote("安" * 1000), "q=%00%01%1f", "q=%ff%fe", "q=%20%20", "q=" + quote("“”‘’\"'"), "q=*:*", "q=AND+OR+NOT",
            "q=" + quote("((((["), "q=x&page=999999", "q=x&page=0", "q=x&page=-1", "q=x&page=1e9", "q=x&page=" + "9" * 400, "q=x&kind=%00",
            "q=x&kind[]=1", "q=x&organ=../../etc", "q=x&organ=%00", "q=x&organ=" + "o" * 500, "q=x&year=0000", "q=x&year=99999", "q=x&year=%EF%BC%92",
            "q=x&since=2026-13-45", "q=x&since=20260101", "q=x&until=0000-00-00", "q=x&until=9999-12-31", "since=0001-01-01", "q=x&sort=worst",
            "q=x&validity=void", "q=x&column=a20_99", "q=a&q=b&q=c", "kind=notice&kind=news", "&&&===", "page=2",
        ):  # fmt: skip
            answer = Client().get(f"/search?{query}")
            assert answer.status_code in (200, 404), query
            assert "</html>" in answer.content.decode()

    def test_what_nobody_knows_is_left_out_and_told(self, town: County) -> None:
        for said, told in (
            ({"kind": "xyz"}, "没有“xyz”这个类别，没有按它筛选。"),
            ({"organ": "nobody"}, "没有“nobody”这个机关，没有按它筛选。"),
            ({"since": "2026-02-30"}, "没有“2026-02-30”这个日期，没有按它筛选。"),
            ({"year": "1026"}, "没有“1026”这个年份，没有按它筛选。"),
        ):
            page = read(q="防汛", **said)
            assert told in page and n_found(page) == 3

    def test_a_long_question_is_cut_and_told(self, town: County) -> None:
        assert "只用了前100个字" in read(q="防汛" * 80)

    def test_only_reading(self, county: County) -> None:
        assert Client().post("/search", {"q": "x"}).status_code == 405
        caught_up()
        assert Client().head("/search", {"q": "x"}).status_code == 200


class TestIndex:
    """The page never rests on an index that could be wrong, and is kept nowhere."""

    def test_a_lost_index_is_told(self, county: County) -> None:
        county.published()
        page = read(503, q="植树")
        assert "检索正在恢复" in page and "/kinds/all/" in page

    def test_an_index_of_another_ledger_is_not_asked(self, county: County, followed: Path) -> None:
        county.published(title="植树")
        caught_up()
        last = LedgerEntry.objects.latest("number")
        search.write([], folder=followed, position={last.county: [last.number, "0" * 64]})
        read(503, q="植树")
        following.follow()
        assert titles(read(q="植树")) == ["植树"]

    def test_an_index_that_is_behind_is_told(self, county: County) -> None:
        county.published(title="植树")
        caught_up()
        county.draft()
        assert "检索正在更新" not in read(q="植树")
        with moment.at(moment.now() + datetime.timedelta(seconds=11)):
            assert "检索正在更新" in read(q="植树")

    def test_what_is_published_shows_as_soon_as_the_index_has_it_and_what_is_withdrawn_is_gone_before(self, county: County) -> None:
        caught_up()
        assert titles(read(q="植树")) == []
        publication = county.published(title="植树")
        caught_up()
        assert titles(read(q="植树")) == ["植树"]
        actions.withdraw(person=county.person("qinghe", "office_head"), on=DAY, publication=publication, reason="有误")
        assert titles(read(q="植树")) == []

    def test_a_browser_asks_each_time(self, town: County) -> None:
        answer = Client(headers={"accept-encoding": "gzip"}).get("/search", {"q": "防汛"})
        assert (answer["Cache-Control"], answer["Content-Encoding"]) == ("no-cache", "gzip")
        again = Client(headers={"if-none-match": answer["ETag"]}).get("/search", {"q": "防汛"})
        assert again.status_code == 304


class TestNothingHidden:
    """Whatever is typed and whatever is limited, only what is public shows."""

    def test_by_chance(self, town: County) -> None:
        """Questions made of the very words of what was withdrawn and of what is a draft, and of everything else."""
        chance = random.Random(20260302)
        hidden = "青禾镇防汛责任人撤下名单铁观音保密电话青禾镇防汛草稿鹦鹉螺"
        pieces = [hidden[at : at + size] for at in range(len(hidden)) for size in (1, 2, 3, 5)]
        pieces += (
            [item.index_number for item in Item.objects.all()]
            + ["防汛"] * 9
            + ["低保"] * 9
            + ["tieguanyin", "yingwuluo", "“", "”", "〔2025〕3号", "鸚鵡螺"]
        )
        known = {"organ": ["", "qinghe", "baishu"], "kind": ["", "notice", "news"], "validity": ["", "in_force"], "sort": ["", "newest"]}
        public = {row.item.title for row in Publication.objects.filter(withdrawn_on=None).select_related("item")}
        seen: set[str] = set()
        for _ in range(150):
            typed = chance.choice(("", " ")).join(chance.choices(pieces, k=chance.randrange(1, 4)))
            page = read(q=typed, **{name: chance.choice(values) for name, values in known.items()})
            self._holds_nothing_hidden(page, typed, public)
            seen |= set(titles(page))
        assert seen == public

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
    @given(typed=st.text(max_size=60))
    def test_by_whatever_can_be_typed(self, town: County, typed: str) -> None:
        answer = Client().get("/search", {"q": typed})
        # What no database can hold is nowhere.
        assert answer.status_code == (404 if "\x00" in typed else 200)
        public = {row.item.title for row in Publication.objects.filter(withdrawn_on=None).select_related("item")}
        self._holds_nothing_hidden(answer.content.decode(), typed, public)

    def _holds_nothing_hidden(self, page: str, typed: str, public: set[str]) -> None:
        assert set(titles(page)) <= public
        said = unquote(page).replace("<mark>", "").replace("</mark>", "")
        for words in ("责任人", "撤下名单", "铁观音", "鹦鹉螺", "草稿"):
            if words not in typed:
                assert words not in said, (words, typed)


def test_the_two_ways_to_what_is_public_agree(town: County) -> None:
    rows, page = finding.public_found(Ask(), limit=100)
    assert {row.pk for row in rows} == set(finding.public().values_list("pk", flat=True))
    assert page.total == len(rows) == 4

"""Lists of items: each condition, paging under each, files, and how heavy pages are."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.errors import Refused
from gongkai.web.agencies.models import Agency, Person, Post
from gongkai.web.disclosure import actions, exporting, lists, queries
from gongkai.web.disclosure.lists import Narrowing
from gongkai.web.disclosure.models import Item
from gongkai.web.disclosure.registers import actions as register_actions
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.review.actions import decide
from gongkai.web.review.models import Revision
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County, content
from tests.web.test_walk import client_of

MOST_BYTES = 40_000


def titles(person: Person, **asked: Any) -> list[str]:
    return [row.title for row in lists.page(person, Narrowing(**asked)).rows]


@pytest.fixture
def each(county: County) -> dict[str, Item]:
    """One item in every state, titled by it."""
    drafter, head = county.person("qinghe", "drafter"), county.person("qinghe", "office_head")
    made = {name: county.draft(title=name) for name in ("draft", "reviewing", "returned", "ready", "discarded")}
    county.reviewed(made["reviewing"], stop_after=1)
    run = actions.submit(person=drafter, on=DAY, item=made["returned"])
    decide(run=run, person=county.person("qinghe", "first_reviewer"), on=DAY, is_passed=False, checked=(), comment="请补充")
    county.reviewed(made["ready"])
    actions.discard(person=drafter, on=DAY, item=made["discarded"], reason="不用了")
    for name in ("published", "changed", "withdrawn", "withdrawn and returned"):
        publication = county.published(title=name)
        made[name] = publication.item
        if name == "changed":
            actions.revise(person=drafter, on=DAY, item=publication.item, content=content(title=name, body="<p>改过。</p>"))
        if name.startswith("withdrawn"):
            actions.withdraw(person=head, on=DAY, publication=publication, reason="有误")
    item = Item.objects.get(pk=made["withdrawn and returned"].pk)
    actions.revise(person=drafter, on=DAY, item=item, content=content(title="withdrawn and returned", body="<p>再改。</p>"))
    run = actions.submit(person=drafter, on=DAY, item=Item.objects.get(pk=item.pk))
    decide(run=run, person=county.person("qinghe", "first_reviewer"), on=DAY, is_passed=False, checked=(), comment="请补充")
    county.draft("baishu", title="foreign")
    return made


class TestStates:
    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            ("draft", ["draft"]), ("reviewing", ["reviewing"]), ("returned", ["withdrawn and returned", "returned"]), ("ready", ["ready"]),
            ("published", ["published"]), ("changed", ["changed"]), ("withdrawn", ["withdrawn"]), ("discarded", ["discarded"]),
            ("nonsense", []),
        ],
    )  # fmt: skip
    def test_each_state_is_found(self, county: County, each: dict[str, Item], state: str, expected: list[str]) -> None:
        assert titles(county.person("qinghe", "drafter"), state=state) == expected
        assert titles(county.person("yunchuan", "authority"), state=state) == (["foreign"] if state == "draft" else []) + expected

    def test_every_item_is_listed_under_the_state_it_shows_and_no_other(self, county: County, each: dict[str, Item]) -> None:
        person = county.person("yunchuan", "authority")
        listed = {state: {row.pk for row in lists.page(person, Narrowing(state=state)).rows} for state in queries.STATES}
        for row in queries.with_state(Item.objects.all()):
            assert (row.title, [state for state, found in listed.items() if row.pk in found]) == (row.title, [queries.state_of(row)])


class TestConditions:
    def test_kind_column_and_organ(self, county: County, each: dict[str, Item]) -> None:
        county.draft(title="预算", kind="budget", column="a20_07", approved_on=DAY)
        drafter, authority = county.person("qinghe", "drafter"), county.person("yunchuan", "authority")
        assert titles(drafter, kind="budget") == titles(drafter, column="a20_07") == ["预算"]
        assert titles(authority, agency="yunchuan/baishu/") == ["foreign"]
        assert titles(drafter, agency="yunchuan/baishu/") == []
        assert titles(drafter, kind="budget", state="published") == []
        assert titles(drafter, words="预") == ["预算"]

    def test_days_of_publication_include_both_ends(self, county: County) -> None:
        for day in (1, 2, 3):
            on = datetime.date(2026, 4, day)
            item = county.reviewed(county.draft(title=f"四月{day}日"))
            actions.publish(person=county.person("qinghe", "office_head"), on=on, item=item)
        drafter = county.person("qinghe", "drafter")
        second, third = datetime.date(2026, 4, 2), datetime.date(2026, 4, 3)
        assert titles(drafter, published_from=second) == ["四月3日", "四月2日"]
        assert titles(drafter, published_to=second) == ["四月2日", "四月1日"]
        assert titles(drafter, published_from=second, published_to=second) == ["四月2日"]
        assert titles(drafter, published_from=third, published_to=second) == []

    def test_many_publications_of_a_span_are_found_the_other_way(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lists, "FEW", 1)
        for title in ("一", "二", "三"):
            county.published(title=f"第{title}件")
        county.draft(title="草稿")
        for person in (county.person("qinghe", "drafter"), county.person("yunchuan", "authority")):
            assert titles(person, published_from=DAY) == ["第三件", "第二件", "第一件"]

    def test_late_is_what_is_past_its_last_day_and_not_public(self, county: County) -> None:
        # Formed on Monday 2026-03-02: the twentieth working day after is Monday 2026-03-30.
        formed = datetime.date(2026, 3, 2)
        county.draft(title="未公开", formed_on=formed)
        county.draft(title="留存", formed_on=formed, attribute="withheld", attribute_reason="《条例》第十四条")
        county.published(title="已公开", formed_on=formed)
        drafter = county.person("qinghe", "drafter")
        with moment.at(datetime.datetime(2026, 3, 30, 9, tzinfo=moment.ZONE)):
            assert titles(drafter, late=True) == []
        with moment.at(datetime.datetime(2026, 3, 31, 9, tzinfo=moment.ZONE)):
            assert titles(drafter, late=True) == ["未公开"]
            assert titles(drafter, late=True, state="published") == []
            assert titles(county.person("yunchuan", "authority"), late=True) == ["未公开"]
            assert titles(county.person("baishu", "drafter"), late=True) == []

    def test_a_day_that_is_none_is_said_and_the_rest_still_holds(self, county: County, each: dict[str, Item]) -> None:
        client = client_of(county.person("qinghe", "drafter"))
        page = client.get(reverse("office:items"), {"published_from": "去年", "state": "draft"}).content.decode()
        assert "日期要写成2026-03-02的样子，这一次没有按日期筛选。" in page
        assert page.count('class="state') == 1


class TestPaging:
    @pytest.fixture
    def many(self, county: County) -> list[Item]:
        return [county.draft(title=f"第{number}件", kind="news" if number % 3 == 0 else "notice") for number in range(25)]

    @pytest.mark.parametrize("asked", [{}, {"kind": "news"}, {"state": "draft"}, {"words": "件"}, {"late": True}])
    @pytest.mark.parametrize("who", ["drafter", "authority"])
    def test_pages_follow_each_other_without_gap_or_repeat(self, county: County, many: list[Item], who: str, asked: dict[str, Any]) -> None:
        person = county.person("yunchuan" if who == "authority" else "qinghe", who)
        whole = [row.pk for row in lists.page(person, Narrowing(**asked), size=100).rows]
        assert len(whole) == (9 if asked.get("kind") else 25)
        found: list[int] = []
        key: int | None = None
        while True:
            page = lists.page(person, Narrowing(**asked), key, size=4)
            found += [row.pk for row in page.rows]
            key = page.next_key
            if key is None:
                break
        assert found == whole

    def test_a_page_that_looked_through_too_much_says_so_and_goes_on(
        self, county: County, many: list[Item], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lists, "FEW_ORGANS", 1)
        monkeypatch.setattr(lists, "WINDOW", 2)
        monkeypatch.setattr(lists, "MOST", 10)
        person = county.person("yunchuan", "authority")
        page = lists.page(person, Narrowing(state="published"))
        assert (page.rows, page.is_partial, page.next_key is not None) == ([], True, True)
        answer = client_of(person).get(reverse("office:items"), {"state": "published"}).content.decode()
        assert "较新的信息里没有符合条件的" in answer and "往更早的继续查" in answer
        while page.next_key:
            page = lists.page(person, Narrowing(state="published"), page.next_key)
        assert not page.is_partial


class TestExport:
    def rows(self, answer: Any) -> list[list[str]]:
        return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    def test_the_filtered_list_comes_as_csv_and_the_ledger_keeps_it(self, county: County, each: dict[str, Item]) -> None:
        client = client_of(county.person("qinghe", "drafter"))
        answer = client.post(reverse("office:items_export"), {"query": "state=published", "format": "csv"})
        assert self.rows(answer) == [
            list(exporting.HEADINGS),
            [
                each["published"].index_number, "published", "云川县青禾镇人民政府", "通知公告",
                "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况", "主动公开", "2026-02-27", "已发布", "2026-03-02", "政府网站",
            ],
        ]  # fmt: skip
        entry = LedgerEntry.objects.get(action="disclosure.export")
        assert (entry.facts, entry.agency) == ({"filter": {"state": "published"}, "rows": 1, "format": "csv"}, county.organs["qinghe"])

    def test_it_comes_as_a_workbook_too(self, county: County) -> None:
        county.draft(title="=SUM(A1:A9)的说明")
        answer = client_of(county.person("qinghe", "drafter")).post(reverse("office:items_export"), {"query": "", "format": "xlsx"})
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["信息"]
        assert [cell.value for cell in sheet[1]] == list(exporting.HEADINGS)
        assert (sheet["B2"].value, sheet["B2"].data_type, sheet["G2"].value) == ("=SUM(A1:A9)的说明", "s", datetime.datetime(2026, 2, 27))

    def test_no_cell_is_a_formula(self, county: County) -> None:
        county.draft(title="=cmd|' /C calc'!A0")
        answer = client_of(county.person("qinghe", "drafter")).post(reverse("office:items_export"), {"query": "", "format": "csv"})
        assert self.rows(answer)[1][1] == "'=cmd|' /C calc'!A0"

    def test_more_than_a_file_holds_is_refused_with_words(
        self, county: County, each: dict[str, Item], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(exporting, "MOST", 3)
        person = county.person("qinghe", "drafter")
        with pytest.raises(Refused, match="符合条件的信息超过3条，一次导不完。请按机关或者发布日期加条件，分几次导出。"):
            exporting.export(person=person, on=DAY, agency=county.organs["qinghe"], asked=Narrowing(), kind="csv")
        assert not LedgerEntry.objects.filter(action="disclosure.export").exists()

    def test_pieces_make_the_whole(self, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exporting, "PART", 2)
        monkeypatch.setattr(lists, "AT_ONCE", 2)
        for number in range(5):
            county.draft(title=f"第{number}件")
        answer = client_of(county.person("qinghe", "drafter")).post(reverse("office:items_export"), {"query": "", "format": "csv"})
        assert [row[1] for row in self.rows(answer)[1:]] == [f"第{number}件" for number in (4, 3, 2, 1, 0)]

    @pytest.mark.parametrize(("organ", "duty", "expected"), [
        ("qinghe", "office_head", 1), ("qinghe", "first_reviewer", 404), ("qinghe", "auditor", 404), ("baishu", "drafter", 0),
        ("yunchuan", "authority", 1), ("yunchuan", "drafter", 0), ("yunchuan", "auditor", 404),
    ])  # fmt: skip
    def test_only_what_one_may_see_goes_out(self, county: County, organ: str, duty: str, expected: int) -> None:
        county.draft()
        answer = client_of(county.person(organ, duty)).post(reverse("office:items_export"), {"query": "", "format": "csv"})
        if expected == 404:
            assert answer.status_code == 404
        else:
            assert len(self.rows(answer)) - 1 == expected

    def test_another_organ_in_the_query_is_not_there(self, county: County) -> None:
        county.draft("baishu")
        answer = client_of(county.person("qinghe", "drafter")).post(
            reverse("office:items_export"), {"query": "agency=yunchuan/baishu/", "format": "csv"}
        )
        assert answer.status_code == 404


class TestWeight:
    """No page of the office is heavier than 40 KB compressed at 200 rows."""

    @pytest.fixture(autouse=True)
    def two_hundred_a_page(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "PAGE", 200)

    def weight(self, person: Person, name: str, *arguments: Any, **asked: Any) -> int:
        answer = client_of(person).get(reverse(name, args=arguments), asked)
        assert answer.status_code == 200
        return len(gzip.compress(answer.content, 6))

    def test_the_list_of_items(self, county: County) -> None:
        _fill(county, 200)
        person = county.person("yunchuan", "authority")
        answer = client_of(person).get(reverse("office:items"))
        assert answer.content.decode().count("<tr>") == 201
        assert self.weight(person, "office:items") < MOST_BYTES

    def test_the_ledger(self, county: County) -> None:
        for number in range(200):
            county.draft(title=f"第{number}件")
        assert self.weight(county.person("yunchuan", "auditor"), "office:ledger") < MOST_BYTES

    def test_a_register(self, county: County) -> None:
        keeper = county.person("qinghe", "report_officer")
        for number in range(200):
            values = {"number": f"青禾许〔2026〕{number}号", "decided_on": DAY, "matter": f"第{number}户建房许可", "is_published": True}
            register_actions.register_row(person=keeper, on=DAY, agency=county.organs["qinghe"], register="licence", values=values)
        assert self.weight(keeper, "office:registers", register="licence") < MOST_BYTES

    def test_the_people_of_an_organ(self, county: County) -> None:
        organ = county.organs["qinghe"]
        for number in range(200):
            person = Person.objects.create(username=f"clerk{number}", password="!", full_name=f"第{number}名办事员", home=organ)
            Post.objects.create(person=person, agency=organ, duty="drafter", from_on=DAY)
        assert self.weight(county.person("yunchuan", "security_admin"), "office:organ", organ.pk) < MOST_BYTES

    def test_the_list_of_organs(self, county: County) -> None:
        for number in range(200):
            Agency.objects.create(
                parent=county.root, code=f"town{number}", kind="township", name=f"云川县第{number}镇人民政府", short_name=f"第{number}镇",
                office_name="党政综合办公室", phone=f"0871-6600{number:04d}",
            )  # fmt: skip
        person = county.person("yunchuan", "authority")
        assert self.weight(person, "office:organs") < MOST_BYTES
        assert self.weight(person, "office:items") < MOST_BYTES


def _fill(county: County, n: int) -> None:
    """Drafts below the actions: only their number matters."""
    drafter, organ = county.person("qinghe", "drafter"), county.organs["qinghe"]
    for number in range(n):
        revision = Revision.objects.create(
            agency=organ, subject_kind="disclosure.item", subject_id=10_000 + number, number=1, content={"title": f"第{number}号通知"},
            digest=f"{number:064d}", made_by=drafter, made_at=moment.now(),
        )  # fmt: skip
        Item.objects.create(
            pk=10_000 + number, agency=organ, index_number=f"11530000015123456X/2026-{number:05d}", title=f"关于开展第{number}号专项检查工作的通知",
            kind="notice", column="a20_13", attribute="proactive", formed_on=DAY, primary_channel="site", created_by=drafter, current=revision,
        )  # fmt: skip


class TestSpeed:
    @pytest.mark.parametrize(
        "asked", [{}, {"state": "draft"}, {"state": "ready"}, {"published_from": "2026-01-01"}, {"late": "1"}, {"words": "检查"}]
    )
    def test_a_page_asks_few_questions(self, county: County, asked: dict[str, str]) -> None:
        _fill(county, 120)
        client = client_of(county.person("yunchuan", "authority"))
        client.get(reverse("office:items"), asked)
        with CaptureQueriesContext(connection) as questions:
            client.get(reverse("office:items"), asked)
        assert len(questions) <= 25, [question["sql"][:90] for question in questions]

"""The API: each documented example runs, what is not public stays inside, and pages hold still while others publish."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongkai.web.disclosure import actions
from gongkai.web.disclosure.about import actions as about
from gongkai.web.disclosure.joint import actions as joint
from gongkai.web.portal.api import answering
from gongkai.web.portal.api.examples import Example, examples
from gongkai.web.portal.api.rates import Rates, group_of
from gongkai.web.review.actions import decide
from gongkai.web.review.stages import stages
from gongkai.web.settings import moment
from tests.web.conftest import DAY, REVIEWERS, County
from tests.web.open_county import NOON, SECRETS, Open, as_rows, asked, body_of, fresh_process, opened_county
from tests.web.register_rows import D, add

__all__ = ["fresh_process", "opened_county"]  # the fixtures

LATER = NOON.replace(hour=13)


def ids(address: str, **headers: str) -> list[str]:
    return [row["id"] for row in asked(address, **headers)["rows"]]


def titles(address: str) -> list[str]:
    return [row["title"] for row in asked(address)["rows"]]


class TestExamples:
    """What is documented works."""

    @pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
    def test_each_runs_and_gives_what_it_promises(self, opened_county: Open, example: Example) -> None:
        answer = Client().get(example.at(opened_county.places))
        assert answer.status_code == 200
        if "format=csv" in example.address:
            rows: list[Any] = as_rows(answer)
        else:
            found = answer.json()
            rows = found.get("rows", [found])
        assert rows or example.name == "reports"
        assert all(set(example.gives) <= set(row) for row in rows)

    def test_the_page_shows_each_with_codes_of_this_site(self, opened_county: Open) -> None:
        page = Client().get("/api/").content.decode()
        assert [example.name for example in examples() if example.title not in page] == []
        assert ">/api/registers/normative_document/qinghe/青政规〔2026〕1号</code>" in page
        assert "https://" not in page.replace("https://schema.org", "")

    def test_the_page_of_an_empty_site_shows_those_that_need_nothing(self, county: County) -> None:
        page = Client().get("/api/").content.decode()
        assert "/api/organs" in page
        assert "/api/items//" not in page

    def test_the_reference_shows_a_row_as_it_is(self, opened_county: Open, root: Path) -> None:
        page = (root / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
        shown = json.loads(page.partition("```json\n")[2].partition("```")[0])
        assert list(shown) == list(asked("/api/items")["rows"][0])

    def test_the_description_names_every_address_and_its_refusals(self, opened_county: Open) -> None:
        said = asked("/api/openapi.json")
        assert said["servers"] == [{"url": "http://testserver"}]
        assert len(said["paths"]) == 12
        assert all({"200", "404", "422", "429"} <= set(row["get"]["responses"]) for row in said["paths"].values())
        assert "410" in said["paths"]["/api/items/{slug}"]["get"]["responses"]


class TestItems:
    """The list and one item."""

    def test_one_item_whole(self, opened_county: Open) -> None:
        policy = opened_county.policy
        found = asked(f"/api/items/{policy.item.slug}")
        assert policy.item.slug == policy.item.index_number.replace("/", "-") == found["id"]
        expected = {
            "index_number": policy.item.index_number, "title": "青禾镇河道保洁办法", "organ": "qinghe", "organ_name": "云川县青禾镇人民政府",
            "kind": "policy", "kind_title": "政策文件", "column": "a20_01", "document_number": "青政规〔2026〕1号", "formed_on": "2026-02-27",
            "written_on": "2026-02-26", "published_on": "2026-03-02", "validity": "in_force", "validity_since_on": None,
            "summary": "河道怎样保洁", "keywords": "河道，保洁", "topics": [], "n_attachments": 0, "special_topics": [], "details": [],
            "address": f"http://testserver/d/{policy.item.slug}/", "html": "<p>河道<strong>保洁</strong>办法。</p>", "text": "河道保洁办法。",
            "attachments": [], "interpreted_by": [], "interprets": [], "replaced_by": None,
        }  # fmt: skip
        assert {name: found[name] for name in expected} == expected
        assert set(found) == {*expected, "id"}

    def test_what_its_kind_says_beside_the_text(self, opened_county: Open) -> None:
        found = asked(f"/api/items/{opened_county.licence.item.slug}")
        assert found["details"] == [
            {"name": "subject", "label": "决定事项", "value": "林木采伐许可"},
            {"name": "decided_on", "label": "决定日期", "value": "2026-02-24"},
        ]

    def test_files_and_interpretations(self, opened_county: Open) -> None:
        county, policy = opened_county.county, opened_county.policy
        item = county.draft(title="《青禾镇河道保洁办法》解读", kind="interpretation", column="a20_01")
        item = actions.attach(person=county.person("qinghe", "drafter"), on=DAY, item=item, name="一图读懂.txt", data=b"abc")
        made = actions.publish(person=county.person("qinghe", "office_head"), on=DAY, item=county.reviewed(item))
        about.link(person=county.person("qinghe", "office_head"), on=DAY, document=policy.item, interpretation=item, form_of="text")
        found = asked(f"/api/items/{made.item.slug}")
        # The example of the standard GB/T 32905.
        digest = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        address = f"http://testserver/d/{made.item.slug}/files/{digest}/"
        assert found["attachments"] == [{"name": "一图读懂.txt", "type": "TXT", "size": 3, "sm3": digest, "address": address}]
        assert body_of(Client().get(address)) == b"abc"
        assert [tie["id"] for tie in found["interprets"]] == [policy.item.slug]
        tie = {
            "id": made.item.slug,
            "title": "《青禾镇河道保洁办法》解读",
            "form_of": "文字",
            "address": f"http://testserver/d/{made.item.slug}/",
        }
        assert asked(f"/api/items/{policy.item.slug}")["interpreted_by"] == [tie]

    def test_filters(self, opened_county: Open) -> None:
        policy, notice, licence = "青禾镇河道保洁办法", "=HYPERLINK(A1) 柏树乡春季植树安排", "青禾镇林木采伐许可办理结果"
        assert titles("/api/items") == [licence, notice, policy]
        assert titles("/api/items?organ=qinghe") == [licence, policy]
        assert titles("/api/items?column=a20_05") == [licence]
        assert titles("/api/items?kind=notice&organ=baishu") == [notice]
        assert titles("/api/items?year=2025") == []
        assert titles("/api/items?year=2026&published_from=2026-03-02&published_to=2026-03-02") == [licence, notice, policy]
        assert titles("/api/items?published_from=2026-03-03") == titles("/api/items?published_to=2026-03-01") == []
        assert titles("/api/items?validity=in_force") == [policy]
        assert titles("/api/items?validity=repealed") == []
        asked("/api/items?organ=nowhere", 404)
        asked("/api/items?kind=nothing", 404)

    def test_validity_by_its_day(self, opened_county: Open) -> None:
        head = opened_county.county.person("qinghe", "office_head")
        about.set_validity(person=head, on=DAY, item=opened_county.policy.item, state="repealed", since_on=D(2026, 4, 1), reason="机构改革")
        assert titles("/api/items?validity=repealed") == []
        with moment.at(NOON.replace(month=4, day=1)):
            found = asked("/api/items?validity=repealed")["rows"]
            assert [(row["title"], row["validity_since_on"]) for row in found] == [("青禾镇河道保洁办法", "2026-04-01")]
            assert titles("/api/items?validity=in_force") == []

    def test_what_several_organs_issue_belongs_to_each(self, opened_county: Open) -> None:
        county, head = opened_county.county, opened_county.county.person("qinghe", "office_head")
        item = county.draft(kind="joint", title="青禾镇和交通运输局关于整治马路市场的通告")
        joint.add_joint_organ(person=county.person("qinghe", "drafter"), on=DAY, item=item, organ=county.organs["jiaotong"])
        lead = actions.submit(person=county.person("qinghe", "drafter"), on=DAY, item=item)
        for run in (lead, *lead.joined.all()):
            for name in run.stages:
                person = county.person(run.agency.code, REVIEWERS[name])
                decide(run=run, person=person, on=DAY, is_passed=True, checked=stages()[name].checklist)
        assert titles("/api/items?organ=jiaotong") == []
        actions.publish(person=head, on=DAY, item=item)
        assert titles("/api/items?organ=jiaotong") == ["青禾镇和交通运输局关于整治马路市场的通告"]
        assert titles("/api/items?organ=qinghe")[0] == "青禾镇和交通运输局关于整治马路市场的通告"
        assert asked("/api/statistics?year=2026&organ=jiaotong")["rows"] == []

    def test_what_is_withdrawn_is_gone_and_says_why(self, opened_county: Open) -> None:
        error = asked(f"/api/items/{opened_county.withdrawn.item.slug}", 410)["error"]
        assert error == {"code": "withdrawn", "message": "这条信息已经撤回。", "reason": "表格数字有误", "withdrawn_on": "2026-03-02"}

    def test_a_newer_draft_is_not_public(self, opened_county: Open) -> None:
        before = asked(f"/api/items/{opened_county.policy.item.slug}")
        opened_county.draft_again()
        assert asked(f"/api/items/{opened_county.policy.item.slug}") == before

    def test_nothing_of_the_office_leaves_by_any_address(self, opened_county: Open) -> None:
        opened_county.draft_again()
        addresses = [example.at(opened_county.places) for example in examples()]
        addresses += [f"/api/registers/{kind}?year=2026" for kind in ("rule", "licence", "penalty", "coercion", "fee")]
        addresses += ["/feed.xml", "/o/qinghe/feed.xml", "/sitemap.xml", "/sitemap-2026-1.xml", "/data/", "/data/catalog.jsonld", "/api/"]
        said = "".join(Client().get(address).content.decode() for address in addresses)
        said += json.dumps([asked(address) for address in addresses if address.startswith("/api/registers")], ensure_ascii=False)
        assert "青禾许〔2026〕1号" in said
        people = list(opened_county.county.people)
        assert [secret for secret in (*SECRETS, *people) if secret in said] == []
        assert opened_county.withdrawn.item.slug not in said


class TestPaging:
    """A cursor holds still while others publish, and opens nowhere else."""

    def test_new_items_move_nothing_that_was_not_read(self, opened_county: Open) -> None:
        first = asked("/api/items?limit=2")
        opened_county.county.published(title="刚刚发布的通知")
        opened_county.county.published("baishu", title="又一条通知")
        second = asked(first["next"].removeprefix("http://testserver"))
        assert [row["title"] for row in first["rows"] + second["rows"]] == [
            "青禾镇林木采伐许可办理结果", "=HYPERLINK(A1) 柏树乡春季植树安排", "青禾镇河道保洁办法",
        ]  # fmt: skip
        assert second["next"] is None
        assert titles("/api/items?limit=2") == ["又一条通知", "刚刚发布的通知"]

    def test_what_is_withdrawn_meanwhile_hides_nothing(self, opened_county: Open) -> None:
        first = asked("/api/items?limit=1")
        head = opened_county.county.person("qinghe", "office_head")
        actions.withdraw(person=head, on=DAY, publication=opened_county.licence, reason="有误")
        second = asked(first["next"].removeprefix("http://testserver"))
        assert [row["title"] for row in second["rows"]] == ["=HYPERLINK(A1) 柏树乡春季植树安排"]

    def test_pages_of_any_length_are_the_whole_list(self, opened_county: Open) -> None:
        whole = ids("/api/items")
        for limit in (1, 2, 3):
            address, found = f"/api/items?limit={limit}", []
            while address:
                page = asked(address)
                found += [row["id"] for row in page["rows"]]
                address = (page["next"] or "").removeprefix("http://testserver")
            assert found == whole

    def test_a_cursor_tells_nothing_and_is_always_the_same(self, opened_county: Open) -> None:
        cursor = asked("/api/items?limit=1")["next"].partition("cursor=")[2]
        assert cursor == asked("/api/items?limit=1&organ=")["next"].partition("cursor=")[2]
        data = base64.urlsafe_b64decode(cursor + "==")
        assert b"2026" not in data
        assert str(opened_county.licence.pk).encode() not in data or len(str(opened_county.licence.pk)) < 4

    @pytest.mark.parametrize("more", ["organ=qinghe", "year=2026", "kind=notice", "validity=in_force"])
    def test_it_opens_only_its_own_list(self, opened_county: Open, more: str) -> None:
        cursor = asked("/api/items?limit=1")["next"].partition("cursor=")[2]
        assert asked(f"/api/items?cursor={cursor}&{more}", 400)["error"]["code"] == "cursor"
        asked(f"/api/registers/penalty?year=2026&cursor={cursor}", 400)

    @pytest.mark.parametrize("cursor", ["A", "AAAA", "2026-03-02", "x" * 60])
    def test_what_somebody_made_up_is_none(self, opened_county: Open, cursor: str) -> None:
        assert "从第一页重新开始" in asked(f"/api/items?cursor={cursor}", 400)["error"]["message"]

    def test_registers_are_paged_too(self, opened_county: Open) -> None:
        first = asked("/api/registers/penalty?year=2026&limit=2")
        second = asked(first["next"].removeprefix("http://testserver"))
        assert (len(first["rows"]), len(second["rows"]), second["next"]) == (2, 1, None)

    def test_csv_names_the_next_page_in_its_head(self, opened_county: Open) -> None:
        answer = Client().get("/api/items?limit=2&format=csv")
        assert answer["Link"].endswith('>; rel="next"')
        following = Client().get(answer["Link"][1:].partition(">")[0])
        assert [row["title"] for row in as_rows(following)] == ["青禾镇河道保洁办法"]


class TestRefusals:
    """What is wrong is told, never passed over."""

    @pytest.mark.parametrize(
        ("address", "status", "words"),
        [
            ("/api/items?organs=qinghe", 422, "不认识参数：organs"), ("/api/items?limit=101", 422, "参数不对：limit"),
            ("/api/items?limit=0", 422, "参数不对：limit"), ("/api/items?year=abc", 422, "参数不对：year"),
            ("/api/items?published_from=2026-13-01", 422, "参数不对：published_from"), ("/api/items?format=xml", 422, "参数不对：format"),
            ("/api/items/nothing", 404, "没有这条信息"), ("/api/nowhere", 404, "接口没有这个地址"),
            ("/api/registers/penalty/qinghe/a%0Ab", 404, "接口没有这个地址"),
            ("/api/registers/penalty", 422, "参数不对：year"),
            ("/api/registers/nothing?year=2026", 404, "没有这个登记册"), ("/api/statistics/qinghe/1990/table-two", 404, ""),
            ("/api/annual-reports/formats/1", 404, "2021"), ("/feed.xml?x=1", 422, "不认识参数"), ("/o/nowhere/feed.xml", 404, "没有这个机关"),
            ("/sitemap-2026-9.xml", 404, "没有这一部分"), ("/sitemap-0-1.xml", 404, ""), ("/sitemap-99999-1.xml", 404, "没有这一部分"),
        ],
    )  # fmt: skip
    def test_each_says_what(self, opened_county: Open, address: str, status: int, words: str) -> None:
        assert words in asked(address, status)["error"]["message"]

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_is_written(self, opened_county: Open, method: str) -> None:
        answer = getattr(Client(), method)("/api/items")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


class TestConditional:
    """Who has it already gets nothing again, until something that the public can see happened."""

    ADDRESSES = ("/api/items", "/api/items?format=csv", "/api/openapi.json", "/feed.xml", "/sitemap.xml")

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_by_mark(self, opened_county: Open, address: str) -> None:
        first = Client().get(address)
        again = Client().get(address, headers={"if-none-match": first["ETag"]})
        assert (first.status_code, again.status_code, again.content, again["ETag"]) == (200, 304, b"", first["ETag"])

    def test_a_publication_changes_it_and_a_draft_does_not(self, opened_county: Open) -> None:
        mark = Client().get("/api/items")["ETag"]
        opened_county.draft_again()
        assert Client().get("/api/items", headers={"if-none-match": mark}).status_code == 304
        opened_county.county.published(title="新的通知")
        answer = Client().get("/api/items", headers={"if-none-match": mark})
        assert answer.status_code == 200
        assert answer["ETag"] != mark

    def test_by_day(self, opened_county: Open) -> None:
        with moment.at(LATER):
            since = Client().get("/api/items")["Last-Modified"]
            assert since == "Mon, 02 Mar 2026 04:00:00 GMT"
            assert Client().get("/api/items", headers={"if-modified-since": since}).status_code == 304
            assert Client().get("/api/items", headers={"if-modified-since": "Mon, 02 Mar 2026 03:59:59 GMT"}).status_code == 200
            assert Client().get("/api/items", headers={"if-modified-since": "yesterday"}).status_code == 200
            opened_county.county.published(title="新的通知")
            assert Client().get("/api/items", headers={"if-modified-since": since}).status_code == 200

    def test_the_mark_counts_before_the_day(self, opened_county: Open) -> None:
        with moment.at(LATER):
            since = Client().get("/api/items")["Last-Modified"]
            headers = {"if-modified-since": since, "if-none-match": '"another"'}
            assert Client().get("/api/items", headers=headers).status_code == 200

    def test_within_a_minute_of_a_change_no_day_is_told(self, opened_county: Open) -> None:
        """Two states within a second would bear the same one."""
        answer = Client().get("/api/items")
        assert "Last-Modified" not in answer
        since = "Mon, 02 Mar 2026 04:00:00 GMT"
        assert Client().get("/api/items", headers={"if-modified-since": since}).status_code == 200

    def test_what_lapses_by_its_day_is_another_answer(self, opened_county: Open) -> None:
        with moment.at(LATER):
            since = Client().get("/api/items")["Last-Modified"]
        with moment.at(LATER.replace(day=3)):
            assert Client().get("/api/items", headers={"if-modified-since": since}).status_code == 200

    def test_a_withdrawal_shows_at_once(self, opened_county: Open) -> None:
        address = f"/api/items/{opened_county.licence.item.slug}"
        mark = Client().get(address)["ETag"]
        head = opened_county.county.person("qinghe", "office_head")
        actions.withdraw(person=head, on=DAY, publication=opened_county.licence, reason="有误")
        assert Client().get(address, headers={"if-none-match": mark}).status_code == 410

    def test_head_is_the_same_without_a_body(self, opened_county: Open) -> None:
        whole, bare = Client().get("/api/items"), Client().head("/api/items")
        assert (bare.status_code, bare.content, bare["ETag"]) == (200, b"", whole["ETag"])
        assert bare["Content-Length"] == str(len(whole.content))

    def test_it_is_packed_for_who_can_unpack(self, opened_county: Open) -> None:
        answer = Client().get("/api/items", headers={"accept-encoding": "gzip"})
        assert answer["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer["Vary"]
        assert len(answer.content) < len(Client().get("/api/items").content)

    def test_any_site_may_read_it(self, opened_county: Open) -> None:
        assert Client().get("/api/items")["Access-Control-Allow-Origin"] == "*"

    def test_it_is_chinese_for_everybody(self, opened_county: Open) -> None:
        found = asked("/api/items/nothing", 404, **{"accept-language": "en"})
        assert found["error"]["message"] == "没有这条信息。"


class TestCsv:
    """A file that Chinese spreadsheets open, and that runs nothing."""

    def test_it_begins_with_the_mark_that_tells_the_encoding(self, opened_county: Open) -> None:
        answer = Client().get("/api/organs?format=csv")
        assert answer.content.startswith(b"\xef\xbb\xbfcode,name")
        assert (answer["Content-Type"], answer["Content-Disposition"]) == ("text/csv; charset=utf-8", 'attachment; filename="organs.csv"')
        assert as_rows(answer)[1]["name"] == "云川县柏树乡人民政府"

    def test_a_title_is_no_formula(self, opened_county: Open) -> None:
        found = {row["title"] for row in as_rows(Client().get("/api/items?format=csv"))}
        assert "'=HYPERLINK(A1) 柏树乡春季植树安排" in found
        assert "=HYPERLINK(A1) 柏树乡春季植树安排" in titles("/api/items")

    def test_lists_are_joined_and_nothing_is_empty(self, opened_county: Open) -> None:
        row = as_rows(Client().get("/api/columns?format=csv"))[0]
        assert row["organ_kinds"].split("、")[-1] == "street"
        assert as_rows(Client().get("/api/items?format=csv&kind=notice"))[0]["validity"] == ""


class TestRates:
    """Each address has its allowance."""

    def test_too_many_are_told_to_wait(self, opened_county: Open, settings: Any) -> None:
        settings.API_PER_MINUTE = 3
        assert [Client().get("/api/organs").status_code for _ in range(3)] == [200, 200, 200]
        answer = Client().get("/api/organs")
        assert (answer.status_code, answer["Retry-After"]) == (429, "20")
        assert "请20秒后再试" in answer.json()["error"]["message"]
        assert Client().get("/api/organs", REMOTE_ADDR="192.0.2.9").status_code == 200
        assert Client().get("/feed.xml").status_code == 429
        assert Client().get("/").status_code == 200

    def test_what_the_caller_says_of_himself_does_not_count(self, opened_county: Open, settings: Any) -> None:
        settings.API_PER_MINUTE = 1
        tried = [Client().get("/api/organs", headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code for n in (1, 2)]
        assert tried == [200, 429]

    def test_nought_is_no_limit(self, opened_county: Open, settings: Any) -> None:
        settings.API_PER_MINUTE = 0
        assert {Client().get("/api/organs").status_code for _ in range(130)} == {200}

    def test_the_allowance_grows_again(self) -> None:
        now = [0.0]
        rates = Rates(clock=lambda: now[0])
        assert [rates.wait("192.0.2.1", 60) for _ in range(61)] == [0] * 60 + [1]
        now[0] = 2.0
        assert [rates.wait("192.0.2.1", 60) for _ in range(3)] == [0, 0, 1]
        now[0] = 3600.0
        assert [rates.wait("192.0.2.1", 60) for _ in range(61)] == [0] * 60 + [1]

    def test_what_is_remembered_does_not_grow(self) -> None:
        rates = Rates(most=100)
        for n in range(1000):
            rates.wait(f"10.0.{n // 250}.{n % 250}", 60)
        assert len(rates) == 100

    def test_one_connection_is_one_caller(self) -> None:
        assert group_of("192.0.2.1") != group_of("192.0.2.2")
        assert group_of("2001:db8::1") == group_of("2001:db8::ffff") != group_of("2001:db8:0:1::1")
        assert group_of("") == group_of("unix:") == ""


def test_large_answers_are_not_kept(opened_county: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "LARGEST", 10)
    mark = Client().get("/api/items")["ETag"]
    assert Client().get("/api/items", headers={"if-none-match": mark}).status_code == 304
    assert len(answering.SHELF._rows) == 0


def test_the_head_of_an_organ_names_its_feed(opened_county: Open) -> None:
    add(opened_county.officer, opened_county.county.organs["qinghe"], "coercion", number="青禾强决〔2026〕1号")
    for page, feed in (
        ("/", "/feed.xml"),
        ("/o/qinghe/", "/o/qinghe/feed.xml"),
        ("/o/qinghe/content/a20_01/", "/o/qinghe/content/a20_01/feed.xml"),
    ):
        html = Client().get(page).content.decode()
        assert '<link rel="alternate" type="application/atom+xml"' in html
        assert f'href="{feed}"' in html
        assert Client().get(feed).status_code == 200

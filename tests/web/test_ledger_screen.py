"""The auditor's screens: filters, pages by key, one entry, the anchor, exports; each shows its viewer's organs only."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.web.disclosure import actions
from gongkai.web.ledger.digest import digest_of
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.ledger.queries import PAGE, Asked, entries, organs_of, page
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County
from tests.web.test_ledger import without_triggers
from tests.web.test_walk import client_of

LEDGER = "/office/ledger/"


@pytest.fixture
def auditor(county: County) -> Client:
    return client_of(county.person("yunchuan", "auditor"))


def numbers(text: str) -> list[int]:
    """The entries a page lists, in its order."""
    return [int(found) for found in re.findall(r'data-label="序号"><a href="[^"]+">(\d+)</a>', text)]


def shown(client: Client, **asked: Any) -> list[int]:
    answer = client.get(LEDGER, asked)
    assert answer.status_code == 200
    return numbers(answer.content.decode())


def test_titles_and_names_stand_there_instead_of_numbers(county: County, auditor: Client) -> None:
    publication = county.published(title="青禾镇防汛值班安排")
    text = auditor.get(LEDGER).content.decode()
    assert text.count("青禾镇防汛值班安排") == LedgerEntry.objects.count()
    assert f'href="/office/items/{publication.item_id}/"' not in text  # an auditor does not work with items
    head = client_of(county.person("qinghe", "office_head")).get(LEDGER).content.decode()
    assert f'href="/office/items/{publication.item_id}/"' in head


def test_each_filter_narrows(county: County, auditor: Client) -> None:
    county.published()  # 1 to 7
    item = county.draft("baishu", title="柏树乡的草稿")  # 8
    actions.discard(
        person=county.person("baishu", "drafter"), on=DAY + datetime.timedelta(days=3), item=item, reason="重复起草，不用了"
    )  # 9
    assert shown(auditor) == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert shown(auditor, agency="yunchuan/baishu/") == [9, 8]
    assert shown(auditor, person="baishu-drafter") == [9, 8]
    assert shown(auditor, person="BAISHU-DRAFTER") == [9, 8]
    assert shown(auditor, action="disclosure.draft") == [8, 1]
    assert shown(auditor, action="review.final") == [5]
    assert shown(auditor, words="不用了") == [9]
    assert shown(auditor, words="%") == []
    assert shown(auditor, since="2026-03-05") == [9]
    assert shown(auditor, since="2026-03-02", until="2026-03-02") == [8, 7, 6, 5, 4, 3, 2, 1]
    assert shown(auditor, number="4") == [4]
    assert shown(auditor, index=item.index_number) == [9, 8]
    assert shown(auditor, index="没有这个号") == []
    assert shown(auditor, agency="yunchuan/baishu/", action="disclosure.draft") == [8]
    today = f"{moment.today()}"
    assert shown(auditor, recorded_since=today, recorded_until=today) == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert shown(auditor, recorded_until="2020-01-01") == []


def test_an_items_entries_are_found_with_its_reviews(county: County, auditor: Client) -> None:
    publication = county.published()
    county.draft(title="别的")
    assert shown(auditor, about=f"disclosure.item:{publication.item_id}") == [7, 6, 5, 4, 3, 2, 1]


def test_what_cannot_be_read_is_said_and_narrows_nothing(county: County, auditor: Client) -> None:
    county.draft()
    answer = auditor.get(LEDGER, {"since": "昨天", "number": "x", "about": "; DROP TABLE"})
    assert answer.status_code == 422
    assert numbers(answer.content.decode()) == [1]
    assert "筛选条件有误" in answer.content.decode()
    assert auditor.get(LEDGER, {"after": "99999999999999999999", "county": "x/"}).status_code == 200


def test_nobody_sees_another_organs_entries(county: County) -> None:
    county.draft()  # 1, 青禾镇
    county.draft("baishu", title="柏树乡的草稿")  # 2
    head = client_of(county.person("baishu", "office_head"))
    assert shown(head) == [2]
    for asked in (
        {"number": "1"}, {"person": "qinghe-drafter"}, {"agency": "yunchuan/"}, {"agency": "yunchuan/qinghe/"}, {"about": "disclosure.item:1"},
    ):  # fmt: skip
        assert 1 not in shown_loosely(head, asked)
    foreign = LedgerEntry.objects.get(number=1)
    assert head.get(reverse("office:ledger_entry", args=[foreign.pk])).status_code == 404
    assert "青禾镇" not in head.get(LEDGER).content.decode()


def shown_loosely(client: Client, asked: dict[str, str]) -> list[int]:
    return numbers(client.get(LEDGER, asked).content.decode())


@pytest.mark.parametrize("asked", [{}, {"since": "2026-01-01"}, {"recorded_since": "2020-01-01"}, {"action": "disclosure.draft"}])
def test_pages_by_key_show_every_entry_once(county: County, auditor: Client, asked: dict[str, str]) -> None:
    for number in range(PAGE + 20):
        with moment.at(datetime.datetime(2026, 3, 2, 8, 0, tzinfo=moment.ZONE) + datetime.timedelta(minutes=number // 3)):
            county.draft(title=f"第{number}条")
    seen: list[int] = []
    address = f"{LEDGER}?{'&'.join(f'{name}={value}' for name, value in asked.items())}"
    while address:
        text = auditor.get(address).content.decode()
        seen += numbers(text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = f"{LEDGER}{following.group(1)}".replace("&amp;", "&") if following else ""
    assert seen == list(range(PAGE + 20, 0, -1))


def test_pages_are_ordered_by_the_day_that_is_asked_for(county: County) -> None:
    for days in (5, 1, 3, 1, 9):
        actions.draft(
            person=county.person("qinghe", "drafter"), on=DAY + datetime.timedelta(days=days), agency=county.organs["qinghe"],
            content=_content(days),
        )  # fmt: skip
    organs = organs_of(county.person("yunchuan", "auditor"))
    found = page(organs, Asked(county="yunchuan/", since=DAY, until=DAY + datetime.timedelta(days=5)))
    assert [entry.number for entry in found.rows] == [1, 3, 4, 2]
    assert entries(organs, Asked(county="yunchuan/")).count() == 5


def _content(number: int) -> actions.Content:
    from tests.web.conftest import content

    return content(title=f"第{number}天")


def test_one_entry_tells_all(county: County, auditor: Client) -> None:
    county.published(title="青禾镇防汛值班安排")
    entry = LedgerEntry.objects.get(number=3)
    text = auditor.get(reverse("office:ledger_entry", args=[entry.pk])).content.decode()
    neighbours = LedgerEntry.objects.filter(number__in=(2, 4)).values_list("digest", flat=True)
    for words in (
        "台账第 3 条",
        "青禾镇防汛值班安排",
        entry.digest,
        entry.revision,
        *neighbours,
        "第1条到第28条",
        "前后相接，内容与摘要一致",
    ):
        assert words in text, words
    assert "first" in text and "环节" in text  # a fact with its name


def test_a_broken_stretch_is_shown_on_the_page(county: County, auditor: Client) -> None:
    county.published()
    without_triggers("UPDATE ledger_entry SET reason = '补写' WHERE number = 5")
    entry = LedgerEntry.objects.get(number=3)
    text = auditor.get(reverse("office:ledger_entry", args=[entry.pk])).content.decode()
    assert "这一段核对不上" in text and "第5条" in text
    broken = LedgerEntry.objects.get(number=5)
    assert "与内容不符" in auditor.get(reverse("office:ledger_entry", args=[broken.pk])).content.decode()


def test_a_neighbour_of_another_organ_is_a_digest_only(county: County) -> None:
    county.draft()
    county.draft("baishu", title="柏树乡的草稿")
    entry, other = LedgerEntry.objects.get(number=2), LedgerEntry.objects.get(number=1)
    text = client_of(county.person("baishu", "office_head")).get(reverse("office:ledger_entry", args=[entry.pk])).content.decode()
    assert other.digest in text
    assert f"/office/ledger/{other.pk}/" not in text and "青禾镇" not in text


def test_the_anchor_of_today_can_be_downloaded(county: County, auditor: Client) -> None:
    county.published()
    answer = auditor.get("/office/ledger/anchor/")
    told = json.loads(answer.content)
    assert told["anchors"][0]["number"] == 7
    assert answer["Content-Disposition"] == f'attachment; filename="anchor-yunchuan-{moment.today():%Y-%m-%d}.json"'
    for duty in ("authority", "office_head", "system_admin", "security_admin"):
        assert client_of(county.person("yunchuan", duty)).get("/office/ledger/anchor/").status_code == 404


def exported(client: Client, kind: str, asked: str = "", reason: str = "年度检查") -> bytes:
    answer = client.post(f"/office/ledger/export/{asked}", {"kind": kind, "reason": reason})
    assert answer.status_code == 200, answer.get("Location")
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_an_export_is_an_act_with_a_reason(county: County, auditor: Client) -> None:
    county.published()
    for body in ({"kind": "csv", "reason": " "}, {"kind": "exe", "reason": "看看"}, {"kind": "csv", "reason": "x", "_": ""}):
        asked = "?number=999" if body["reason"] == "x" else ""
        assert auditor.post(f"/office/ledger/export/{asked}", body).status_code == 302
    assert not LedgerEntry.objects.filter(action="ledger.export").exists()
    rows = list(csv.reader(io.StringIO(exported(auditor, "csv", "?action=disclosure.draft").decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["序号", "1"]
    entry = LedgerEntry.objects.get(action="ledger.export")
    assert entry.reason == "年度检查"
    assert entry.facts == {"asked": {"county": "yunchuan/", "action": "disclosure.draft"}, "kind": "csv", "entries": 1, "upto": 7}
    for duty in ("authority", "office_head"):
        client = client_of(county.person("yunchuan", duty))
        assert client.post("/office/ledger/export/", {"kind": "csv", "reason": "x"}).status_code == 404


def test_lines_of_json_can_be_proved_without_the_platform(county: County, auditor: Client) -> None:
    county.published()
    lines = [json.loads(line) for line in exported(auditor, "jsonl").splitlines()]
    assert [line["number"] for line in lines] == list(range(1, 8))
    previous = "0" * 64
    for line in lines:
        digest = line.pop("digest")
        assert line["previous"] == previous
        assert digest_of(line) == digest
        previous = digest


def test_no_cell_of_the_table_is_a_formula(county: County, auditor: Client) -> None:
    item = county.draft(title="=HYPERLINK(1)")
    actions.discard(person=county.person("qinghe", "drafter"), on=DAY, item=item, reason='+cmd|"/c calc"!A0')
    rows = list(csv.DictReader(io.StringIO(exported(auditor, "csv").decode("utf-8-sig"))))
    assert rows[1]["对象"] == "'=HYPERLINK(1)"
    assert rows[1]["理由和意见"] == '\'+cmd|"/c calc"!A0'
    assert all(not re.match(r"[=+\-@\t]", cell) for row in rows for cell in row.values())


def test_an_export_reads_in_pieces_and_stops_at_its_own_entry(county: County, auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.web.ledger import queries

    monkeypatch.setattr(queries, "CHUNK", 7)
    for number in range(40):
        county.draft(title=f"第{number}条")
    assert len(exported(auditor, "jsonl").splitlines()) == 40
    assert len(exported(auditor, "jsonl").splitlines()) == 41


def test_a_page_asks_few_questions(county: County, auditor: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(PAGE):
        county.draft(title=f"第{number}条")
    county.published()
    with django_assert_max_num_queries(25):
        auditor.get(LEDGER)
    with django_assert_max_num_queries(25):
        auditor.get(reverse("office:ledger_entry", args=[LedgerEntry.objects.get(number=3).pk]))

"""The screens of the entrance for material: used by who hands in and by the office, and walked by who may see nothing."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.web.agencies.models import Agency, Person
from gongkai.web.disclosure.material import actions, queries
from gongkai.web.disclosure.material.models import Assignment, Decline, Material, Member, Unit
from gongkai.web.disclosure.models import Item
from gongkai.web.ledger.acts import append
from gongkai.web.ledger.models import LedgerEntry
from gongkai.web.settings import moment
from tests.web.conftest import DAY, County, public_address
from tests.web.test_material import ID_NUMBER, PHOTO, Entrance, handing
from tests.web.test_walk import client_of

MOST_QUERIES = 25


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def entrance(county: County) -> Entrance:
    return Entrance(county)


def typed(entrance: Entrance, **changes: Any) -> dict[str, Any]:
    """What a villager fills in."""
    values = {
        "credit": f"{entrance.organ.pk}-{entrance.village.pk}", "title": "机耕道修好了", "body": "村里修好机耕道三公里。",
        "happened_on": "2026-03-01", "agency": entrance.organ.pk, "column": "", "urgency": "soon", "contact": "0990-5550111",
    }  # fmt: skip
    return {**values, **changes}


def photo(name: str = "修路.png", data: bytes = PHOTO) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def text(client: Client, name: str, *arguments: Any, **asked: Any) -> str:
    answer = client.get(reverse(f"office:{name}", args=arguments, query=asked))
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestContributor:
    """Who hands in, sees what he handed in and nothing else."""

    def test_the_home_page_is_the_door_and_what_was_handed_in(self, entrance: Entrance) -> None:
        client = client_of(entrance.villager)
        assert "还没有。交上去以后" in text(client, "home")
        entrance.handed()
        page = text(client, "home")
        assert "清河村修好三公里机耕道" in page and "已收到" in page
        assert set(re.findall(r'href="(/office/[^"]*)"', page)) == {
            "/office/", "/office/materials/new/", "/office/materials/mine/", f"/office/materials/{Material.objects.get().pk}/",
        } | {link for link in re.findall(r'href="(/office/account/[^"]*)"', page)}  # fmt: skip

    def test_hand_in_with_files(self, entrance: Entrance) -> None:
        client = client_of(entrance.villager)
        values = typed(entrance, files=[photo(), SimpleUploadedFile("名单.txt", "名单".encode())])
        answer = client.post(reverse("office:hand_in"), values)
        made = Material.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, reverse("office:material", args=[made.pk]))
        assert [row["name"] for row in made.files] == ["修路.png", "名单.txt"]
        assert (made.unit, made.urgency, made.handed_in_on) == (entrance.village, "soon", moment.today())
        # The telephone need not be typed a second time.
        assert 'value="0990-5550111"' in text(client, "hand_in")

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, entrance: Entrance) -> None:
        client = client_of(entrance.villager)
        answer = client.post(reverse("office:hand_in"), typed(entrance, title="", files=[photo()]))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "村里修好机耕道三公里。" in page and "照片和文件要重新选一次" in page
        wrong = client.post(reverse("office:hand_in"), typed(entrance, files=[photo("照片.png", b"<html>")]))
        assert wrong.status_code == 422 and "“照片.png”的内容不是png文件" in wrong.content.decode()
        many = client.post(reverse("office:hand_in"), typed(entrance, files=[photo(f"{n}.png") for n in range(10)]))
        assert many.status_code == 422 and "一次最多交9个文件，请分几次交。" in many.content.decode()
        assert not Material.objects.exists()

    def test_a_secrecy_mark_is_told_at_the_door(self, entrance: Entrance, folder: Path) -> None:
        known = LedgerEntry.objects.count()
        answer = client_of(entrance.villager).post(reverse("office:hand_in"), typed(entrance, body="秘密★5年\n正文", files=[photo()]))
        assert answer.status_code == 422 and "没有收下：" in answer.content.decode()
        assert (Material.objects.count(), LedgerEntry.objects.count(), list(folder.rglob("*"))) == (0, known, [])

    def test_the_same_twice_shows_the_first(self, entrance: Entrance) -> None:
        client = client_of(entrance.villager)
        client.post(reverse("office:hand_in"), typed(entrance))
        answer = client.post(reverse("office:hand_in"), typed(entrance), follow=True)
        assert "这份材料今天已经交过，没有重复登记。" in answer.content.decode()
        assert answer.redirect_chain == [(reverse("office:material", args=[Material.objects.get().pk]), 302)]

    def test_the_chooser_has_organs_of_the_county_that_take_material_up(self, entrance: Entrance) -> None:
        client = client_of(entrance.villager)
        assert "柏树乡" not in text(client, "hand_in")
        entrance.county.person("baishu", "drafter")
        assert "柏树乡" in text(client, "hand_in")
        elsewhere = Agency.objects.create(code="other", kind="county", name="他县人民政府", short_name="他县")
        head = Person.objects.create(username="elsewhere", password="!", full_name="他县")
        head.posts.create(agency=elsewhere, duty="office_head", from_on="2020-01-01")
        assert "他县" not in text(client, "hand_in")
        assert client.post(reverse("office:hand_in"), typed(entrance, agency=elsewhere.pk)).status_code == 422

    def test_another_contributor_of_the_same_village_sees_nothing_of_it(self, entrance: Entrance) -> None:
        material = entrance.handed([("a.txt", b"x")])
        neighbour = Person.objects.create(username="neighbour", password="!", full_name="邻居")
        neighbour.posts.create(agency=entrance.organ, duty="contributor", from_on="2020-01-01")
        actions.join_unit(person=entrance.head, unit=entrance.village, newcomer=neighbour)
        client = client_of(neighbour)
        assert "清河村修好三公里机耕道" not in text(client, "my_material") + text(client, "home")
        for name, more in (("material", ()), ("material_file", (material.files[0]["digest"],))):
            assert client.get(reverse(f"office:{name}", args=[material.pk, *more])).status_code == 404

    def test_who_has_no_post_any_more_sees_it_no_more(self, entrance: Entrance) -> None:
        material = entrance.handed()
        entrance.villager.posts.update(until_on="2026-03-03")
        client = client_of(Person.objects.get(pk=entrance.villager.pk))
        assert client.get(reverse("office:material", args=[material.pk])).status_code == 404
        assert client.get(reverse("office:my_material")).status_code == 404

    def test_the_contributor_reads_his_fate_and_none_of_the_office(self, entrance: Entrance) -> None:
        material, other = entrance.handed(body=f"王某{ID_NUMBER}"), entrance.handed(title="另一件事")
        actions.decline(person=entrance.drafter, material=other, reason="不属于公开范围")
        item = entrance.published(entrance.drafted(material))
        client = client_of(entrance.villager)
        page = text(client, "material", material.pk)
        assert "已发布" in page and public_address(item.pk) in page
        assert "办理记录" not in page and "起草时要处理" not in page
        assert "不属于公开范围" in text(client, "my_material")
        assert client.post(reverse("office:material_decline", args=[material.pk]), {"reason": "x"}).status_code == 404


class TestOffice:
    """The office's list, and what it does with each."""

    def test_a_material_becomes_a_draft_in_two_steps(self, entrance: Entrance) -> None:
        material = entrance.handed([("修路.png", PHOTO)], column="a21_t2")
        client = client_of(entrance.drafter)
        assert "清河村修好三公里机耕道" in text(client, "home") and "1份待分派" in text(client, "home")
        page = text(client, "material", material.pk)
        assert "用它起草信息" in page and "读不出文字" in page
        form = text(client, "material_draft", material.pk)
        assert "清河村修好三公里机耕道" in form and "村里修好机耕道三公里。" in form
        values = {
            "agency": entrance.organ.pk, "title": "清河村机耕道完工", "kind": "news", "column": "a21_t2", "formed_on": "2026-03-02",
            "body": "<p>完工。</p>", "primary_channel": "site", "attribute": "proactive", "origin": "made",
        }  # fmt: skip
        answer = client.post(reverse("office:material_draft", args=[material.pk]), values)
        item = Item.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, reverse("office:item", args=[item.pk]))
        assert [row["name"] for row in item.current.content["attachments"]] == ["修路.png"]
        page = text(client, "item", item.pk)
        assert "素材来源" in page and reverse("office:material", args=[material.pk]) in page
        # A reviewer reads the credit, and gets no link to what he may not open.
        page = text(client_of(entrance.county.person("qinghe", "first_reviewer")), "item", item.pk)
        assert "青禾镇人民政府清河村" in page and reverse("office:material", args=[material.pk]) not in page

    def test_take_assign_merge_decline_and_add(self, entrance: Entrance) -> None:
        one, two, three, four = (entrance.handed(title=f"第{n}份") for n in range(4))
        drafter, head = client_of(entrance.drafter), client_of(entrance.head)
        assert drafter.post(reverse("office:material_take", args=[one.pk])).status_code == 302
        drafter.post(reverse("office:material_assign", args=[two.pk]), {"drafter": entrance.drafter.pk})
        assert Assignment.objects.filter(material=two).count() == 0  # only the head assigns
        head.post(reverse("office:material_assign", args=[two.pk]), {"drafter": entrance.drafter.pk, "known": ""})
        drafter.post(reverse("office:material_merge", args=[one.pk]), {"others": [three.pk]})
        drafter.post(reverse("office:material_decline", args=[four.pk]), {"reason": "重复"})
        item = entrance.county.draft()
        answer = drafter.post(reverse("office:material_add_to_draft", args=[two.pk]), {"item": item.pk, "with_text": "yes"})
        assert answer["Location"] == reverse("office:item", args=[item.pk])
        states = {row.title: row.state for row in queries.tell(queries.with_state(Material.objects.all()))}
        assert states == {"第0份": "assigned", "第1份": "used", "第2份": "merged", "第3份": "declined"}
        for state, title in (("assigned", "第0份"), ("used", "第1份"), ("merged", "第2份"), ("declined", "第3份"), ("open", "第0份")):
            assert re.findall("第[0-3]份", text(drafter, "materials", state=state)) == [title]
        assert len(re.findall("第[0-3]份", text(drafter, "materials", state="all"))) == 4
        assert re.findall("第[0-3]份", text(drafter, "materials", state="all", words="第2")) == ["第2份"]
        assert "并入的：" in text(drafter, "material", one.pk) and "打开那一份" in text(drafter, "material", three.pk)

    def test_a_refusal_is_told_where_one_stands(self, entrance: Entrance) -> None:
        material = entrance.handed()
        client = client_of(entrance.drafter)
        answer = client.post(reverse("office:material_decline", args=[material.pk]), {"reason": " "}, follow=True)
        assert "请写明不采用的理由，供稿人会看到。" in answer.content.decode() and not Decline.objects.exists()
        answer = client.post(reverse("office:material_merge", args=[material.pk]), {"others": ["x", "99999"]}, follow=True)
        assert "请勾选要并入的材料。" in answer.content.decode()

    def test_no_foreign_material_is_merged_in(self, entrance: Entrance) -> None:
        entrance.county.person("baishu", "drafter")
        mine, foreign = entrance.handed(), None
        marks = {"sender": entrance.organ, "unit": entrance.village, "agency": entrance.county.organs["baishu"]}
        foreign = actions.hand_in(person=entrance.villager, handing=handing(title="交给柏树乡"), **marks)
        client = client_of(entrance.drafter)
        assert "交给柏树乡" not in text(client, "materials", state="all") + text(client, "material", mine.pk)
        client.post(reverse("office:material_merge", args=[mine.pk]), {"others": [foreign.pk]})
        assert queries.one(Material.objects.all(), foreign.pk).state == "waiting"
        assert client.get(reverse("office:material", args=[foreign.pk])).status_code == 404

    def test_files_go_only_to_who_may_see_them_and_are_never_shown_in_our_pages(self, entrance: Entrance) -> None:
        material = entrance.handed([("修路.png", PHOTO)])
        address = reverse("office:material_file", args=[material.pk, material.files[0]["digest"]])
        for person in (entrance.villager, entrance.drafter, entrance.head):
            answer = client_of(person).get(address)
            assert b"".join(answer.streaming_content) == PHOTO
            assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Security-Policy"] == "sandbox"
        for organ, duty in (("qinghe", "first_reviewer"), ("baishu", "drafter"), ("yunchuan", "authority"), ("baishu", "contributor")):
            assert client_of(entrance.county.person(organ, duty)).get(address).status_code == 404
        assert Client().get(reverse("portal:attachment", args=[1, material.files[0]["digest"]])).status_code == 404

    def test_units_are_kept_on_one_page(self, entrance: Entrance) -> None:
        client = client_of(entrance.head)
        client.post(reverse("office:material_units"), {"agency": entrance.organ.path, "name": "水利站", "kind": "station"})
        station = Unit.objects.get(name="水利站")
        client.post(reverse("office:material_join_unit", args=[station.pk]), {"newcomer": entrance.villager.pk})
        assert Member.objects.filter(unit=station, until_on=None).count() == 1
        page = text(client, "material_units")
        assert "水利站" in page and page.count("qinghe-contributor") >= 2
        # Who belongs to two units says as which he hands in.
        assert "以哪个单位的名义" in text(client_of(entrance.villager), "hand_in")
        member = Member.objects.get(unit=entrance.village)
        client.post(reverse("office:material_leave_unit", args=[entrance.village.pk, member.pk]))
        client.post(reverse("office:material_close_unit", args=[entrance.village.pk]))
        text(client, "material_units")  # says that both were done
        assert "清河村" not in text(client, "material_units")
        assert client.post(reverse("office:material_join_unit", args=[station.pk]), {"newcomer": "1e9"}).status_code == 302

    def test_the_credit_is_counted_by_unit_and_year_and_exported(self, entrance: Entrance) -> None:
        one, _ = entrance.handed(), entrance.handed(title="第二份")
        entrance.published(entrance.drafted(one))
        odd = actions.open_unit(person=entrance.head, agency=entrance.organ, name="=1+1", kind="section")
        actions.join_unit(person=entrance.head, unit=odd, newcomer=entrance.villager)
        marks = {"sender": entrance.organ, "unit": odd, "agency": entrance.organ}
        actions.hand_in(person=entrance.villager, on=moment.today(), handing=handing(title="第三份"), **marks)
        client = client_of(entrance.head)
        assert "清河村" in text(client, "material_credits", year=2026)
        answer = client.get(reverse("office:material_credits_export", query={"year": 2026}))
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[:2] == ["年度,机关,单位,交来,采用,发布", "2026,青禾镇人民政府,清河村,2,1,1"]
        assert "2026,青禾镇人民政府,'=1+1,1,0,0" in lines
        assert "还没有交来的材料" in text(client, "material_credits", year=2019)
        assert client_of(entrance.drafter).get(reverse("office:material_credits_export")).status_code == 404
        foreign = client_of(entrance.county.person("baishu", "office_head"))
        assert "清河村" not in text(foreign, "material_credits")


def asked_by(client: Client, name: str, *arguments: Any, **asked: Any) -> int:
    """How often a page asks the database."""
    with CaptureQueriesContext(connection) as questions:
        text(client, name, *arguments, **asked)
    return len(questions)


def many(entrance: Entrance, first: Material, count: int) -> list[Material]:
    """Copies of a material, each with an entry of its own: what handing in costs is not what is asked here."""
    told = {"action": "material.hand_in", "duty": "contributor"}
    rows = []
    for number in range(count):
        entry = append(agency=entrance.organ, person=entrance.villager, thing=entrance.organ, occurred_on=DAY, marks=told)
        row = copy.copy(first)
        row.pk, row.entry, row.title, row.digest = None, entry, f"第{number}份", f"{number:064d}"
        rows.append(row)
    return list(Material.objects.bulk_create(rows))


def test_a_thousand_materials_cost_what_one_does(entrance: Entrance) -> None:
    """No query a row: the list, one material, the credit and what the home page adds ask few times, however many there are."""
    client = client_of(entrance.drafter)
    made = [entrance.handed(title="第一份")]
    home = asked_by(client, "home")
    made += many(entrance, made[0], 1000)
    for number, material in enumerate(made[-60:]):
        if number % 4 == 1:
            actions.take(person=entrance.drafter, material=material)
        elif number % 4 == 2:
            actions.decline(person=entrance.drafter, material=material, reason="重复")
        elif number % 4 == 3:
            actions.merge(person=entrance.drafter, material=material, others=[made[number]])
    entrance.drafted(made[-1])
    # What nobody has taken and what the drafter has stand on the home page; the merged ones ask once for the others.
    assert asked_by(client, "home") <= home + 2
    assert asked_by(client, "materials") <= MOST_QUERIES
    assert asked_by(client, "materials", state="all") <= MOST_QUERIES
    assert asked_by(client, "materials", state="waiting", after=made[500].pk) <= MOST_QUERIES
    assert asked_by(client, "material", made[500].pk) <= MOST_QUERIES
    assert asked_by(client, "material_credits") <= MOST_QUERIES
    villager = client_of(entrance.villager)
    assert max(asked_by(villager, "home"), asked_by(villager, "my_material")) <= MOST_QUERIES


def test_drafts_and_materials_are_found_by_words(entrance: Entrance, county: County) -> None:
    main, other = entrance.handed(title="机耕道修好了"), entrance.handed(title="水渠清淤")
    for number in range(3):
        county.draft(title=f"第{number}件")
    wanted, foreign = county.draft(title="道路硬化的草稿"), county.draft("baishu", title="柏树乡的道路草稿")
    client = client_of(county.person("qinghe", "drafter"))
    page = text(client, "material", main.pk, find="道路")
    assert f'<option value="{wanted.pk}" lang="zh-Hans">' in page and "第0件" not in page and foreign.title not in page
    assert "没有找到还在等待的材料，请换一个词。" in page
    page = text(client, "material", main.pk, find="清淤")
    assert f'name="others" value="{other.pk}"' in page and "没有找到草稿，请换一个词。" in page
